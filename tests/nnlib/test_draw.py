"""Pictures of graphs: every tensor and every input is there, nothing overlaps, no line runs through a box, and the
numbers are the graph's."""

import re
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib import Linear, Parameter, ReLU, Sequential, Tensor
from nnlib import functional as F
from nnlib.draw import Drawing, draw

SVG = "{http://www.w3.org/2000/svg}"


def read(drawing):
    """The picture's boxes, as (left, top, right, bottom, texts, kind), and its lines, as lists of points."""
    root = ElementTree.fromstring(str(drawing))
    boxes, lines = [], []
    for group in root.iter(SVG + "g"):
        x, y, w, h = (float(group.find(SVG + "rect").get(name)) for name in ("x", "y", "width", "height"))
        boxes.append((x, y, x + w, y + h, [t.text for t in group.iter(SVG + "text")], group.get("class")))
    for path in root.iter(SVG + "path"):
        shape = re.fullmatch(r"M (\S+) (\S+) H (\S+) C (\S+) (\S+) (\S+) (\S+) (\S+) (\S+) H (\S+)(.*)", path.get("d"))
        numbers = [float(number) for number in shape.groups()[:10]]
        lines.append((numbers, bool(shape.group(11)), path.get("class")))
    return root, boxes, lines


def points(line):
    """Places along a line: straight, a Bézier curve, straight."""
    x0, y0, x1, cx1, cy1, cx2, cy2, x2, y2, x3 = line
    t = np.linspace(0, 1, 30)
    curve = [
        (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
        for a, b, c, d in [(x1, cx1, cx2, x2), (y0, cy1, cy2, y2)]
    ]
    xs = np.concatenate([np.linspace(x0, x1, 10), curve[0], np.linspace(x2, x3, 10)])
    ys = np.concatenate([np.full(10, y0), curve[1], np.full(10, y2)])
    return xs, ys


def text_of(boxes):
    return {" ".join(texts) for *_, texts, _ in boxes}


def micrograd():
    """The expression that opens Karpathy's micrograd, whose README gives value and slopes."""
    a, b = Tensor(-4.0, requires_grad=True), Tensor(2.0, requires_grad=True)
    c, d = a + b, a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + F.relu(b + a)
    d = d + 3 * d + F.relu(b - a)
    e = c - d
    f = e**2
    g = f / 2.0
    return a, b, g + 10.0 / f


def test_an_expression_with_values_and_gradients():
    a, b = Tensor(2.0, requires_grad=True), Tensor(-3.0, requires_grad=True)
    c = a * b
    d = c + 10.0
    names = {"a": a, "b": b, "d": d}
    numbers = {"a value 2", "b value −3", "mul value −6", "constant value 10", "d = add value 4"}
    assert text_of(read(draw(d, names))[1]) == numbers
    d.backward(retain_graph=True)
    _, boxes, lines = read(draw(d, names))
    assert text_of(boxes) == {
        "a value 2 grad −3",
        "b value −3 grad 2",
        "mul value −6 grad 1",
        "constant value 10",
        "d = add value 4 grad 1",
    }
    kinds = {texts[0]: kind for *_, texts, kind in boxes}
    assert kinds == {"a": "given", "b": "given", "mul": "computed", "constant": "given still", "d = add": "computed"}
    assert [idle for *_, idle in lines].count("idle") == 1 and len(lines) == 4


def test_thirty_tensors():
    a, b, g = micrograd()
    g.backward(retain_graph=True)
    _, boxes, _ = read(draw(g, {"a": a, "b": b, "g": g}))
    assert {"a value −4 grad 138.8", "b value 2 grad 645.6", "g = add value 24.7 grad 1"} <= text_of(boxes)
    assert len(boxes) == 33


@st.composite
def graphs(draw_one):
    """Some numbers, then operations on any two of what is there, with every result used in the end."""
    tensors = [Tensor(float(i), requires_grad=draw_one(st.booleans())) for i in range(draw_one(st.integers(1, 4)))]
    tensors.append(Tensor(np.ones((2, 3)), requires_grad=True))
    for _ in range(draw_one(st.integers(1, 14))):
        i, j = draw_one(st.tuples(*2 * [st.integers(0, len(tensors) - 1)]))
        tensors.append(tensors[i] + tensors[j])
    total = tensors[-1]
    for t in tensors[:-1]:
        total = total * t if total is not t else total
    return total


def ancestors(tensor):
    found, waiting = {}, [tensor]
    while waiting:
        t = waiting.pop()
        found[id(t)] = t
        waiting += [x for x in t.inputs if id(x) not in found]
    return list(found.values())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(graphs())
def test_all_is_drawn_and_nothing_overlaps(tensor):
    tensors = ancestors(tensor)
    root, boxes, lines = read(draw(tensor))
    assert len(boxes) == len(tensors)
    # Each input of each tensor ends in an arrow of its own, at that tensor's left side.
    heads = [(line[9], line[8]) for line, head, _ in lines if head]
    assert len(set(heads)) == len(heads) == sum(len(t.inputs) for t in tensors)
    for left, top, right, bottom, texts, kind in boxes:
        assert 0 <= left < right <= float(root.get("width")) and 0 <= top < bottom <= float(root.get("height"))
        arrows = sum(x == left and top < y < bottom for x, y in heads)
        assert arrows == (2 if "computed" in kind or texts[0] in ("add", "mul") else 0)
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for line, _, _ in lines:
        xs, ys = points(line)
        assert (np.diff(xs) >= -1e-9).all()  # from left to right
        for left, top, right, bottom, *_ in boxes:
            assert not ((xs > left + 0.2) & (xs < right - 0.2) & (ys > top + 0.2) & (ys < bottom - 0.2)).any()


def test_text_fits_into_its_box():
    x = Tensor(np.full(4, -1.234e-10), requires_grad=True)
    w = Tensor(np.ones((100, 4)), requires_grad=True)
    names = {"a name that goes on and on and would fill half the page": x, "活性化関数の入力": w}
    picture = str(draw((x * w).sum(), names))
    root = ElementTree.fromstring(picture)
    for group in root.iter(SVG + "g"):
        rect, rows = group.find(SVG + "rect"), {}
        for text in group.iter(SVG + "text"):
            rows.setdefault(text.get("y"), []).append(float(text.get("textLength")))
            assert text.get("lengthAdjust") == "spacingAndGlyphs"
        for y, lengths in rows.items():
            assert sum(lengths) + 16 <= float(rect.get("width"))  # and the padding of both sides
            assert float(rect.get("y")) + 10 < float(y) < float(rect.get("y")) + float(rect.get("height")) - 3
    assert ">a name that g…alf the page<" in picture  # the middle of a long name is left out


def crossings(drawing):
    """How many pairs of lines meet between columns, seen at their two ends."""
    ends = [(line[2], line[1], line[7], line[8]) for line, *_ in read(drawing)[2]]
    return sum(a[0] == b[0] and a[2] == b[2] and (a[1] - b[1]) * (a[3] - b[3]) < 0 for a, b in combinations(ends, 2))


def test_lines_cross_only_where_they_must():
    model, x = Sequential(Linear(4, 8, rng=0), ReLU(), Linear(8, 3, rng=0)), Tensor(np.ones((5, 4)))
    assert crossings(draw(F.cross_entropy(model(x), [0, 1, 2, 0, 1]))) == 0
    leaves = [Tensor(float(i), requires_grad=True) for i in range(8)]
    while len(leaves) > 1:  # a tree, its halves mixed: first with last, and so on
        leaves = [leaves[i] + leaves[-1 - i] for i in range(len(leaves) // 2)]
    assert crossings(draw(leaves[0])) == 0
    assert crossings(draw(micrograd()[2])) <= 16  # a and b are both used in many places


def test_a_weight_that_is_shared_is_drawn_once():
    w, h = Parameter(np.eye(2)), Tensor(np.ones((3, 2)))
    for _ in range(3):
        h = F.tanh(h @ w)
    _, boxes, lines = read(draw(h, {"w": w}))
    assert [texts[0] for *_, texts, _ in boxes].count("w") == 1 and len(boxes) == 8
    assert sum(head for _, head, _ in lines) == 9
    square = w * w
    assert sum(head for _, head, _ in read(draw(square))[2]) == 2  # one line for each time it is used


def test_arrays_modules_and_names():
    model, x = Sequential(Linear(4, 2, rng=0), ReLU()), Tensor(np.arange(12).reshape(3, 4) - 5.0)
    loss = F.cross_entropy(model(x), [0, 1, 0])
    loss.backward(retain_graph=True)
    _, boxes, _ = read(draw(loss, {"net": model, "x": x, "other": 3, "_": x, "loss": loss}))
    heads = {tuple(texts[:2]) for *_, texts, _ in boxes}
    assert {("x", "(3, 4)"), ("net.0.weight", "(2, 4)"), ("linear", "(3, 2)")} <= heads
    rows = {texts[0]: texts for *_, texts, _ in boxes}
    assert "−5 … 6" in rows["x"] and "grad" not in rows["x"] and "grad" in rows["relu"]
    numbers = ", ".join(f"{b:.4g}" for b in model[0].bias.data).replace("-", "−")
    assert rows["net.0.bias"][1:4] == ["(2,)", "value", f"[{numbers}]"]
    assert rows["loss = cross_entropy"][1] == "value"  # a single number has no shape to tell
    assert "no numbers" in read(draw(Tensor(np.zeros((0, 3)))))[1][0][4]
    assert "nan … nan" in read(draw(Tensor([[1.0, np.nan]] * 3)))[1][0][4]
    unnamed = text_of(read(draw(Parameter(1.0) + Tensor(2.0, requires_grad=True)))[1])
    assert unnamed == {"Parameter value 1", "leaf value 2", "add value 3"}


def test_a_gradient_that_has_not_come_yet_is_said():
    a, b = Tensor(1.0, requires_grad=True), Tensor(2.0, requires_grad=True)
    (a * 3).backward()
    texts = {"leaf value 1 grad 3", "leaf value 2 grad none yet", "mul value 2 grad none yet"}
    assert text_of(read(draw(a * b))[1]) == texts


def test_names_are_escaped():
    x = Tensor(1.0, requires_grad=True)
    y = F.mul(x, x)
    y.vjp.__qualname__ = "<script>.vjp"
    drawing = draw(y, {'<b id="1">&\x00\ud800': x, "\x1b&": y})
    root, boxes, _ = read(drawing)
    assert {texts[0] for *_, texts, _ in boxes} == {'<b id="1">&\ufffd\ufffd', "\ufffd& = <script>"}
    assert root.find(f".//{SVG}script") is None and root.find(f".//{SVG}b") is None
    str(drawing).encode("utf-8")


def test_who_hears_the_picture_hears_all_of_it():
    a = Tensor(2.0, requires_grad=True)
    b = a * a
    b.backward(retain_graph=True)
    root, _, _ = read(draw(b, {"a": a, "b": b}))
    title, description = root.find(SVG + "title"), root.find(SVG + "desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert title.text == "How b was computed: a graph of 2 tensors"
    assert description.text == "a, value 2, grad 4. b = mul(a, a), value 4, grad 1."
    other = read(draw(a * 3))[0]
    assert other.find(SVG + "title").get("id") != title.get("id")
    assert "prefers-color-scheme: dark" in root.find(SVG + "style").text


def test_a_drawing_is_the_same_each_time_and_shows_itself(tmp_path):
    drawing = draw(micrograd()[2])
    assert str(drawing) == str(draw(micrograd()[2]))
    assert drawing._repr_svg_() == (str(drawing), {"unconfined": True}) and isinstance(drawing, Drawing)
    x = Tensor(2.0, requires_grad=True)
    assert repr(draw(x * x, {"a < b": x})) == "Drawing: How mul was computed: a graph of 2 tensors"
    drawing.save(tmp_path / "graph.svg")
    assert (tmp_path / "graph.svg").read_text(encoding="utf-8") == str(drawing)


def test_drawing_changes_nothing():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum()
    draw(y)
    y.backward()
    np.testing.assert_array_equal(x.grad, [2, 4])


def test_a_weight_changed_since_is_still_drawn_left_of_what_it_gave():
    w = Tensor(1.0, requires_grad=True)
    y = w * 2.0
    w.serial = y.serial + 100  # as after an optimiser's step
    _, boxes, _ = read(draw(y, {"w": w}))
    left = {texts[0]: box[0] for *box, texts, _ in boxes}
    assert left["w"] < left["mul"]


def released():
    x = Tensor(1.0, requires_grad=True)
    y = x * 2
    y.backward()
    draw(y)


def long_sum():
    x = Tensor(1.0, requires_grad=True)
    for _ in range(100):
        x = x + 1.0
    draw(x)


@pytest.mark.parametrize(
    "mistake, kind, sentence",
    [
        (released, RuntimeError, r"released it. Draw before backward\(\), or .*retain_graph=True"),
        (long_sum, ValueError, "more than 100 tensors, too many to read"),
        (lambda: draw(np.ones(3)), TypeError, "but got ndarray"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(mistake, kind, sentence):
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    assert len(str(caught.value).split()) <= 60
