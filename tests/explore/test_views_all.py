"""What holds for every shared view: legible, labelled, never by colour alone, made once and cheap to move."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.text import Text

from classroom.explore import style, views
from classroom.explore.draw import Painter

X = np.random.default_rng(0).normal(size=(60, 2))
Y = (X[:, 0] > X[:, 1]).astype(int)
PALETTE = {color.lower() for color in (*style.COLORS, style.BLACK, style.GREY, "#ffffff")}


def boundary(ax):
    field = views.boundary(ax, lambda p: np.full(len(p), 0.4), X, Y, ["Adelie", "Gentoo"])
    ax.set(xlabel="length (mm)", ylabel="depth (mm)")
    return lambda k: field.set(lambda p: 1 / (1 + np.exp(-p @ np.array([k, -2.0]))))


def three_classes(ax):
    def softmax(p, k):
        scores = np.exp(p @ np.array([[k, -1, 0.5], [1.0, k, -2]]))
        return scores / scores.sum(axis=1, keepdims=True)

    field = views.boundary(ax, lambda p: softmax(p, 1), X, Y, ["Adelie", "Gentoo", "Chinstrap"])
    ax.set(xlabel="length (mm)", ylabel="depth (mm)")
    return lambda k: field.set(lambda p: softmax(p, k))


def activation(ax):
    view = views.activation(ax, np.tanh, z=0.5, data=X[:, 0])
    return lambda k: view.set(lambda z: np.tanh(z / k), z=k / 3, data=X[:, 0] * k / 3)


def surface(ax):
    ax.set(xlim=(-3, 3), ylim=(-2, 2))
    hills = views.surface(ax, lambda w: w[:, 0] ** 2 + 4 * w[:, 1] ** 2)
    return lambda k: hills.set(np.outer(0.8 ** np.arange(12), [k / 2, 1.5]))


def valley(ax):
    curve = views.valley(ax, np.square, tangent=True)
    return lambda k: curve.set(2 * (-k / 6) ** np.arange(5.0))


def network(ax):
    graph = views.network(ax, [2, 3, 2], inputs=["length", "depth"], outputs=["Adelie", "Gentoo"])
    rng = np.random.default_rng(1)
    weights, values = [rng.normal(size=(3, 2)), rng.normal(size=(2, 3))], [rng.normal(size=n) for n in (2, 3, 2)]
    return lambda k: graph.set([k * w for w in weights], [np.full(3, k), np.full(2, -k)], [k * v for v in values])


def wide_network(ax):
    graph = views.network(ax, [784, 12, 5, 10])
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=(b, a)) for a, b in ((784, 12), (12, 5), (5, 10))]
    return lambda k: graph.set([k * w for w in weights], values=[rng.normal(size=n) for n in (784, 12, 5, 10)])


def curves(ax):
    plot = views.curves(ax, ["training", "validation"], length=9, levels={"linear baseline": 0.31})
    steps = np.arange(8)
    return lambda k: plot.set(training=np.exp(-steps / k), validation=[np.exp(-steps / k), np.exp(-steps / k / 2)])


MAKERS = (boundary, three_classes, activation, surface, valley, network, wide_network, curves)


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def view(request):
    """The figure, its axes, and what moves the view to a number."""
    fig, ax = views.subplots(size=(5.6, 4))
    return fig, ax, request.param(ax)


def test_each_move_gives_one_new_sentence(view):
    _, _, move = view
    said = [move(k).sentence for k in (2.0, 5.0)]
    for sentence in said:
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".") and "nan" not in sentence and "-" not in sentence.replace("0-", "")
    assert said[0] != said[1]
    assert move(2.0).sentence == said[0]


def test_artists_are_made_once_and_a_second_move_draws_nothing_anew(view, monkeypatch):
    fig, ax, move = view
    painter = Painter(fig)
    for k in (2.0, 3.0):
        move(k)
        painter.paint()
    before = ax.get_children()
    monkeypatch.setattr(fig.canvas, "draw", lambda: pytest.fail("a full draw"))
    move(2.5)
    painted = painter.paint().copy()
    assert ax.get_children() == before
    monkeypatch.undo()
    assert np.array_equal(painted, painter.paint_all())


def test_text_is_large_enough_stays_inside_and_does_not_run_into_other_text(view, monkeypatch):
    fig, _, move = view
    move(2.0)
    fig.canvas.draw()  # lays it out
    drawn, draw = [], Text.draw
    monkeypatch.setattr(Text, "draw", lambda text, renderer: (drawn.append(text), draw(text, renderer))[1])
    fig.canvas.draw()
    texts = [text for text in dict.fromkeys(drawn) if text.get_text().strip() and text.get_visible()]
    assert len(texts) > 5 and min(text.get_fontsize() for text in texts) >= 10
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    edge = fig.bbox.padded(1)
    for i, (words, box) in enumerate(boxes):
        assert edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0 and box.y1 <= edge.y1, words
        for others, other in boxes[:i]:
            assert not box.padded(-1.5).overlaps(other.padded(-1.5)), f"{words} runs into {others}"


def test_axes_are_labelled(view):
    _, ax, _ = view
    assert not ax.axison or (ax.get_xlabel() and ax.get_ylabel())


def test_lines_have_colours_of_the_palette_and_differ_by_more_than_colour(view):
    _, ax, move = view
    move(2.0)
    lines = [line for line in ax.findobj(Line2D) if line.axes is ax and len(line.get_xdata()) and line.get_visible()]
    lines = [line for line in lines if line in ax.lines]
    looks = {}
    for line in lines:
        assert to_hex(line.get_color()) in PALETTE
        if line.get_color() not in (style.BLACK, style.GREY) and ax.axison:
            looks.setdefault(to_hex(line.get_color()), set()).add(f"{line.get_linestyle()} {line.get_marker()}")
    for color, kinds in looks.items():
        for other, others in looks.items():
            assert color == other or not kinds & others, f"{color} and {other} differ by their colour alone"


@pytest.mark.parametrize("make", [make for make in MAKERS if make is not curves], ids=lambda make: make.__name__)
def test_a_legend_beside_the_panel_is_not_drawn_again_in_each_frame(make):
    fig, ax = views.subplots(size=(5.6, 4))
    move = make(ax)
    move(1.0)  # as an explorer does before its first picture
    painter = Painter(fig)
    for k in (2.0, 3.0):
        move(k)
        painter.paint()
    assert ax.get_legend().get_visible() and ax.get_legend() not in painter._above
