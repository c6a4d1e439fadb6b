"""The graph behind a Tensor as a picture: a box for each tensor, its inputs to the left, with numbers and gradients.
Layers, then order, then places, then SVG text (Sugiyama, Tagawa & Toda, 1981): no package is needed for it."""

import re
from html import escape
from itertools import pairwise
from unicodedata import east_asian_width
from zlib import crc32

import numpy as np

from nnlib.nn import Module, Parameter
from nnlib.tensor import Tensor

MOST = 100  # boxes in a picture: beyond that nobody reads it
LETTER, LINE = 7.25, 16  # the size of a letter of the typewriter font (12 px) and of a line, in pixels
PADDING, BETWEEN_COLUMNS, BETWEEN_ROWS, MARGIN = 8, 34, 14, 12


def draw(tensor, names=None):
    """A Drawing of everything that this tensor was computed from: shown by a notebook, or `.save("graph.svg")`.

    Round boxes were computed, and say by which operation; square ones were given; where box and line are dashed, no
    gradient flows. A box shows a number, up to four numbers, or else the smallest and the largest, and the shape;
    below, the gradient, once there is one. The lines into a box are in the order of the operation's inputs.

    `names` is a dict with tensors, and modules whose parameters are called by their names: dict(w=w, model=model), or
    all that you have, globals(). Raises RuntimeError after backward(), which took the graph apart, and ValueError where
    more than a hundred tensors would have to be drawn.
    """
    if not isinstance(tensor, Tensor):
        raise TypeError(f"draw() shows how a Tensor was computed, but got {type(tensor).__name__}.")
    if tensor.op == "released":
        raise RuntimeError(
            "draw() found no graph: backward() went through this tensor and released it. Draw before backward(), or "
            "keep the graph with backward(retain_graph=True): then the picture shows the gradients too."
        )
    tensors = _ancestors(tensor)
    called, graded = _called(names or {}), any(t.grad is not None for t in tensors)
    boxes = {id(t): _Box(t, called.get(id(t), ""), graded, not t.requires_grad) for t in tensors}
    columns = _in_columns(tensors, boxes)
    _order(columns)
    _place(columns)
    return Drawing(_svg([boxes[id(t)] for t in tensors], columns))


class Drawing:
    """A picture as SVG text: `str(drawing)`, `drawing.save(path)`, or the last line of a notebook's cell."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text

    def save(self, path):
        """Write it to a file, which every browser shows."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.text)

    def _repr_svg_(self):
        return self.text, {"unconfined": True}  # a wide one is scrolled, not shrunk until nobody can read it


class _Box:
    """A tensor with its lines of text, or (tensor=None) the place where a long line crosses a column."""

    def __init__(self, tensor=None, name="", graded=False, idle=False):
        self.tensor, self.name, self.idle = tensor, name, idle  # idle: no gradient flows
        self.sources, self.targets = [], []  # targets: pairs of a box and the number of its input
        self.x = self.y = self.width = 0.0
        self.column = (0.0, 0.0)  # from where to where its column reaches
        self.height, self.lines = 4.0, []
        if tensor is not None:
            self.lines = [self._head(), ("value", _numbers(tensor.data))]
            if graded and tensor.requires_grad:
                self.lines.append(("grad", "none yet" if tensor.grad is None else _numbers(tensor.grad)))
            self.width = 2 * PADDING + LETTER * max(_letters(left) + 1 + _letters(right) for left, right in self.lines)
            self.height = 2 * PADDING + LINE * len(self.lines) - 4

    def _head(self):
        """What stands in the first line at the left and at the right."""
        t, name = self.tensor, _short(self.name)
        if t.vjp is not None:
            left = f"{name} = {_short(t.op)}" if name else _short(t.op)
        else:
            left = name or ("Parameter" if isinstance(t, Parameter) else "leaf" if t.requires_grad else "constant")
        return left, str(t.shape) if t.ndim else ""

    def entry(self, i):
        """The height at which input number i comes in."""
        return self.y + self.height * ((i + 1) / (len(self.sources) + 1) - 0.5) if self.tensor is not None else self.y


# What is drawn, and what it says


def _ancestors(tensor):
    """The tensor and all that it was computed from, each once, inputs in their order."""
    found, waiting = {}, [tensor]
    while waiting:
        t = waiting.pop()
        if id(t) not in found:
            found[id(t)] = t
            waiting += reversed(t.inputs)
            if len(found) > MOST:
                raise ValueError(
                    f"draw() found more than {MOST} tensors, too many to read: draw a piece, a smaller network, or "
                    "fewer steps."
                )
    return list(found.values())


def _called(names):
    """A name for each tensor that has one, by id; those with a _ in front are a notebook's own."""
    called, names = {}, {str(name): value for name, value in names.items() if not str(name).startswith("_")}
    for name, value in names.items():
        if isinstance(value, Module):
            called |= {id(p): f"{name}.{inner}" for inner, p in value.named_parameters()}
    return called | {id(value): name for name, value in names.items() if isinstance(value, Tensor)}


def _numbers(array):
    array = np.asarray(array)
    if array.size == 0:
        return "no numbers"
    if array.size == 1 or (array.ndim == 1 and array.size <= 4):
        text = ", ".join(f"{number:.4g}" for number in array.ravel())
        text = text if array.ndim == 0 else f"[{text}]"
    else:
        text = f"{array.min():.3g} … {array.max():.3g}"
    return text.replace("-", "−")


def _short(text, most=26):
    text = re.sub(r"[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)  # what XML cannot hold
    return text if len(text) <= most else text[: most // 2] + "…" + text[1 - most // 2 :]


def _letters(text):
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


# Layout


def _in_columns(tensors, boxes):
    """Columns from left to right: each tensor stands as far right as it can, left of all that was computed from it.

    A line that skips columns gets a place in each, so that it runs between the boxes.
    """
    depth = {id(tensors[0]): 0}
    for t in sorted(tensors, key=lambda t: -t.serial):  # results before what they were computed from
        for x in t.inputs:
            depth[id(x)] = max(depth.get(id(x), 0), depth[id(t)] + 1)
    last = max(depth.values())
    columns = [[] for _ in range(last + 1)]
    for t in tensors:
        columns[last - depth[id(t)]].append(boxes[id(t)])
    for t in tensors:
        for i, x in enumerate(t.inputs):
            target, port = boxes[id(t)], i
            for column in range(last - depth[id(t)] - 1, last - depth[id(x)], -1):
                crossing = _Box(idle=not x.requires_grad)
                crossing.targets.append((target, port))
                target.sources.append(crossing)
                columns[column].append(crossing)
                target, port = crossing, 0
            boxes[id(x)].targets.append((target, port))
            target.sources.append(boxes[id(x)])
    return columns


def _order(columns, sweeps=16):
    """Sort each column by the middle of its neighbours' places, to and fro; keep what crosses least."""
    rank = {box: i for column in columns for i, box in enumerate(column)}

    def arrival(target, port):
        return rank[target] + (port + 1) / (len(target.sources) + 1) - 0.5

    def middle_of_targets(box):
        return np.mean([arrival(*end) for end in box.targets] or rank[box])

    def middle_of_sources(box):
        return np.mean([rank[source] for source in box.sources] or rank[box])

    def crossings():
        total = 0
        for column in columns:
            lines = [(rank[box], arrival(*end)) for box in column for end in box.targets]
            total += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(lines) for c, d in lines[:i])
        return total

    fewest, best = crossings(), [list(column) for column in columns]
    for sweep in range(sweeps):
        leftwards = sweep % 2 == 0
        for column in reversed(columns) if leftwards else columns:
            column.sort(key=middle_of_targets if leftwards else middle_of_sources)
            rank.update((box, i) for i, box in enumerate(column))
        if (now := crossings()) < fewest:
            fewest, best = now, [list(column) for column in columns]
    columns[:] = best


def _place(columns, sweeps=24):
    """Coordinates: each box as close to the height of its neighbours as order and distance allow."""
    x = MARGIN
    for column in columns:
        width = max(box.width for box in column)
        for box in column:
            box.width = box.width or width
            box.x, box.column = x + (width - box.width) / 2, (x, x + width)
        x += width + BETWEEN_COLUMNS
        _spread(column, [0.0] * len(column))
    for sweep in range(sweeps):
        for column in columns if sweep % 2 else reversed(columns):
            _spread(column, [_wanted(box) for box in column])
    top = min(box.y - box.height / 2 for column in columns for box in column) - MARGIN
    for column in columns:
        for box in column:
            box.y -= top


def _wanted(box):
    """The height that makes the lines to and from a box as level as they can be, long lines above all."""
    ends = [(target.entry(port), target) for target, port in box.targets]
    ends += [(source.y - (box.entry(i) - box.y), source) for i, source in enumerate(box.sources)]
    weights = [8 if box.tensor is None and other.tensor is None else 1 for _, other in ends]
    return float(np.average([y for y, _ in ends], weights=weights)) if ends else box.y


def _spread(column, wanted):
    """Heights nearest to those wanted (least squares) in which boxes keep their order and their distance.

    Less the room that the boxes above take, heights must not fall: where they would, neighbours share their mean
    (the pool-adjacent-violators algorithm; Ayer et al., 1955).
    """
    room = [0.0]
    for above, below in pairwise(column):
        room.append(room[-1] + (above.height + below.height) / 2 + BETWEEN_ROWS)
    pools = []  # pairs of a sum and a count
    for height, taken in zip(wanted, room, strict=True):
        pools.append((height - taken, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            (a, m), (b, n) = pools.pop(), pools.pop()
            pools.append((a + b, m + n))
    shared = [total / count for total, count in pools for _ in range(count)]
    for box, height, taken in zip(column, shared, room, strict=True):
        box.y = height + taken


# SVG

STYLE = """
.nnlib-graph rect { fill: #fff; stroke: #6b6b6b; stroke-width: 1.2 }
.nnlib-graph .page { fill: #fff; stroke: none }
.nnlib-graph .computed rect { fill: #e7f1f8; stroke: #0072b2 }
.nnlib-graph .given rect { fill: #fdf0e3; stroke: #b85000 }
.nnlib-graph .still rect { fill: #f6f6f6; stroke: #6b6b6b; stroke-dasharray: 4 3 }
.nnlib-graph text { font: 12px "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace; fill: #1a1a1a }
.nnlib-graph .head { font-weight: bold }
.nnlib-graph .small { fill: #555 }
.nnlib-graph path { fill: none; stroke: #6b6b6b; stroke-width: 1.3 }
.nnlib-graph .idle { stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) {
  .nnlib-graph .page { fill: #16191d }
  .nnlib-graph rect { stroke: #a5a5a5 }
  .nnlib-graph .computed rect { fill: #14324a; stroke: #56b4e9 }
  .nnlib-graph .given rect { fill: #46300f; stroke: #e69f00 }
  .nnlib-graph .still rect { fill: #24272b; stroke: #a5a5a5 }
  .nnlib-graph text { fill: #f2f2f2 }
  .nnlib-graph .small { fill: #c4c4c4 }
  .nnlib-graph path { stroke: #a5a5a5 }
}
"""


def _svg(boxes, columns):
    everything = [box for column in columns for box in column]
    width = max(box.x + box.width for box in everything) + MARGIN
    height = max(box.y + box.height / 2 for box in everything) + MARGIN
    title = f"How {boxes[0].name or boxes[0].tensor.op or 'a tensor'} was computed: a graph of {len(boxes)} tensors"
    called = {id(box.tensor): box.name or f"tensor {i}" for i, box in enumerate(reversed(boxes), start=1)}
    story = " ".join(_said(box, called) for box in reversed(boxes))
    key = f"nnlib-graph-{crc32(story.encode()):08x}"  # two pictures on a page need names of their own
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nnlib-graph" role="img" aria-labelledby="{key}-t {key}-d" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(story)}</desc><style>{STYLE}</style>',
        '<rect class="page" width="100%" height="100%"/>',
    ]
    parts += [_line(box, target, port) for box in everything for target, port in box.targets]
    return "\n".join([*parts, *[_picture(box) for box in boxes], "</svg>"])


def _said(box, called):
    """A box in words, for those who hear the picture."""
    t = box.tensor
    inputs = ", ".join(_short(called[id(x)]) for x in t.inputs)
    how = f" = {t.op}({inputs})" if t.inputs else ""
    shape = f", shape {t.shape}" if t.ndim else ""
    return f"{_short(called[id(t)])}{how}{shape}, {', '.join(' '.join(line) for line in box.lines[1:])}."


def _picture(box):
    t, left, top = box.tensor, box.x, box.y - box.height / 2
    kind = ("computed" if t.vjp is not None else "given") + ("" if t.requires_grad else " still")
    parts = [
        f'<g class="{kind}"><rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="{9 if t.vjp is not None else 0}"/>'
    ]
    for i, (label, text) in enumerate(box.lines):
        height = top + PADDING + LINE * i + 10
        parts.append(_text(label, left + PADDING, height, "start", "small" if i else "head"))
        parts.append(_text(text, left + box.width - PADDING, height, "end", "plain" if i else "small"))
    return "".join([*parts, "</g>"])


def _text(text, x, y, anchor, kind):
    # textLength holds the text to the room that was reckoned for it, whatever font the reader has.
    if not text:
        return ""
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'textLength="{LETTER * _letters(text):.1f}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def _line(box, target, port):
    """From the right side of a box, or from where it enters a column that it only crosses, to an entry of the next.

    It bends between the columns alone, so that it touches no other box.
    """
    begin, bend, middle = box.x + box.width if box.tensor is not None else box.x, box.column[1], target.column[0]
    end, half = target.entry(port), (bend + middle) / 2
    head = " m -6 -3.5 l 6 3.5 l -6 3.5" if target.tensor is not None else ""
    idle = ' class="idle"' if box.idle else ""
    return (
        f'<path{idle} d="M {begin:.1f} {box.y:.1f} H {bend:.1f} '
        f'C {half:.1f} {box.y:.1f} {half:.1f} {end:.1f} {middle:.1f} {end:.1f} H {target.x:.1f}{head}"/>'
    )
