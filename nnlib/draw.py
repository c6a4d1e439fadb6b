"""The graph behind a Tensor as a picture: a box for each tensor, its inputs to the left, with numbers and gradients.
It is SVG text, written here without any package; layout.py finds where the boxes go."""

import re
from unicodedata import east_asian_width
from zlib import crc32

import numpy as np

from nnlib.layout import MARGIN, Place, arrange
from nnlib.nn import Module, Parameter
from nnlib.tensor import Tensor

MOST = 100  # boxes in a picture: beyond that nobody reads it
LETTER, LINE = 7.25, 16  # the size of a letter of the typewriter font (12 px) and of a line, in pixels
PADDING = 8


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
    boxes = {id(t): _Box(t, called.get(id(t), ""), graded) for t in tensors}
    for t in tensors:
        boxes[id(t)].inputs = [boxes[id(x)] for x in t.inputs]
    last = boxes[id(tensor)]
    title = f"How {last.name or tensor.op or 'a tensor'} was computed: a graph of {len(boxes)} tensors"
    return Drawing(title, _svg(title, arrange(list(boxes.values()))))


class Drawing:
    """A picture as SVG text: `str(drawing)`, `drawing.save(path)`, or the last line of a notebook's cell."""

    def __init__(self, title, text):
        self.title, self.text = title, text

    def __str__(self):
        return self.text

    def __repr__(self):
        return f"Drawing: {self.title}"

    def save(self, path):
        """Write it to a file, which every browser shows."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.text)

    def _repr_svg_(self):
        return self.text, {"unconfined": True}  # a wide one is scrolled, not shrunk until nobody can read it


class _Box(Place):
    """A tensor, and the lines of text that tell of it: pairs of what stands at the left and at the right."""

    def __init__(self, tensor, name, graded):
        self.tensor, self.name = tensor, name
        self.lines = [self._head(), ("value", _numbers(tensor.data))]
        if graded and tensor.requires_grad:
            self.lines.append(("grad", "none yet" if tensor.grad is None else _numbers(tensor.grad)))
        widest = max(_letters(left) + 1 + _letters(right) for left, right in self.lines)
        height = 2 * PADDING + LINE * len(self.lines) - 4
        super().__init__(2 * PADDING + LETTER * widest, height, idle=not tensor.requires_grad)

    def _head(self):
        t, name = self.tensor, self.name
        if t.vjp is not None:
            left = f"{name} = {t.op}" if name else t.op
        else:
            left = name or ("Parameter" if isinstance(t, Parameter) else "leaf" if t.requires_grad else "constant")
        return left, str(t.shape) if t.ndim else ""


# What is drawn, and what it says


def _ancestors(tensor):
    """The tensor and all that it was computed from, each once."""
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
            called |= {id(p): _short(f"{name}.{inner}") for inner, p in value.named_parameters()}
    return called | {id(value): _short(name) for name, value in names.items() if isinstance(value, Tensor)}


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


# SVG


def _escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


STYLE = """
.nnlib-graph rect { fill: #fff; stroke: #6b6b6b; stroke-width: 1.2 }
.nnlib-graph .page { stroke: none }
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
  .nnlib-graph rect, .nnlib-graph path { stroke: #a5a5a5 }
  .nnlib-graph .computed rect { fill: #14324a; stroke: #56b4e9 }
  .nnlib-graph .given rect { fill: #46300f; stroke: #e69f00 }
  .nnlib-graph .still rect { fill: #24272b; stroke: #a5a5a5 }
  .nnlib-graph text { fill: #f2f2f2 }
  .nnlib-graph .small { fill: #c4c4c4 }
}
"""


def _svg(title, columns):
    everything = [box for column in columns for box in column]
    boxes = [place for place in everything if place.is_box]  # inputs before results
    width = max(box.x + box.width for box in everything) + MARGIN
    height = max(box.y + box.height / 2 for box in everything) + MARGIN
    called = {id(box.tensor): box.name or f"tensor {i}" for i, box in enumerate(boxes, start=1)}
    story = " ".join(_said(box, called) for box in boxes)
    key = f"nnlib-graph-{crc32(story.encode()):08x}"  # two pictures on a page need names of their own
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nnlib-graph" role="img" aria-labelledby="{key}-t {key}-d" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f'<title id="{key}-t">{_escape(title)}</title><desc id="{key}-d">{_escape(story)}</desc><style>{STYLE}</style>',
        '<rect class="page" width="100%" height="100%"/>',
    ]
    parts += [_line(box, target, port) for box in everything for target, port in box.targets]
    return "\n".join([*parts, *map(_picture, boxes), "</svg>"])


def _said(box, called):
    """A box in words, for those who hear the picture."""
    t = box.tensor
    how = f" = {t.op}({', '.join(called[id(x)] for x in t.inputs)})" if t.inputs else ""
    shape = f", shape {t.shape}" if t.ndim else ""
    return f"{called[id(t)]}{how}{shape}, {', '.join(' '.join(line) for line in box.lines[1:])}."


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
        f'textLength="{LETTER * _letters(text):.1f}" lengthAdjust="spacingAndGlyphs">{_escape(text)}</text>'
    )


def _line(box, target, port):
    """From the right side of a box, or from where it enters a column that it only crosses, to an entry of the next.

    It bends between the columns alone, so that it touches no other box.
    """
    begin, bend, middle = box.x + box.width if box.is_box else box.x, box.column[1], target.column[0]
    end, half = target.entry(port), (bend + middle) / 2
    head = " m -6 -3.5 l 6 3.5 l -6 3.5" if target.is_box else ""
    idle = ' class="idle"' if box.idle else ""
    return (
        f'<path{idle} d="M {begin:.1f} {box.y:.1f} H {bend:.1f} '
        f'C {half:.1f} {box.y:.1f} {half:.1f} {end:.1f} {middle:.1f} {end:.1f} H {target.x:.1f}{head}"/>'
    )
