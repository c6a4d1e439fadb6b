"""A drawn computation graph: the numbers stand where they belong, and what is left out of `set` is not shown."""

import pytest
from matplotlib.colors import to_hex

from classroom.explore import views
from classroom.explore.draw import Painter
from classroom.explore.views.graphs import MARKED, MOVED

NODES = {"w": (0, 0), "u": (1, 1), "p = 2·w": (1, 0), "r = u·p": (2, 0.5)}
LINES = ["w p", "p r", "u r"]


@pytest.fixture
def drawn():
    fig, ax = views.subplots(1, 1, size=(8, 2.6))
    return fig, ax, views.computation(ax, NODES, LINES, decimals=1)


def texts(of):
    return {name: text.get_text() for name, text in of.items() if text.get_text() and text.get_visible()}


def test_numbers_stand_at_their_nodes_and_lines(drawn):
    _, _, graph = drawn
    graph.set({"w": -1.5, "p": -3}, {"r": 1, "p": -2.04}, {"p r": 2, "w p": 2.25})
    assert texts(graph.values) == {"w": "−1.5", "p": "−3.0"}
    assert texts(graph.gradients) == {"r": "1.0", "p": "−2.0"}
    assert texts(graph.words) == {"r": "gradient", "p": "gradient"}
    assert texts(graph.locals) == {"p r": "× 2.0", "w p": "× 2.2"}


def test_what_is_left_out_is_gone(drawn):
    _, _, graph = drawn
    graph.set({"w": 1}, {"w": 2}, {"w p": 2}, marked="w", moved={"w", "p"}).set({"u": 3})
    assert (texts(graph.values), texts(graph.gradients), texts(graph.locals)) == ({"u": "3.0"}, {}, {})
    assert not texts(graph.words)
    assert {box.get_linewidth() for box in graph.boxes.values()} == {0}


def test_the_marked_node_and_the_moved_ones_can_be_told_apart(drawn):
    _, _, graph = drawn
    graph.set(marked="p", moved={"p", "r"})
    frames = {name: to_hex(box.get_edgecolor()) for name, box in graph.boxes.items() if box.get_linewidth() > 2}
    assert frames == {"p": MARKED.lower(), "r": MOVED.lower()}


def test_given_and_computed_nodes_have_other_corners_and_lines_lead_to_the_right(drawn):
    _, _, graph = drawn
    kinds = {name: type(box.get_boxstyle()).__name__ for name, box in graph.boxes.items()}
    assert kinds == {"w": "Square", "u": "Square", "p": "Round", "r": "Round"}
    assert all(line.xyann[0] < line.xy[0] for line in graph.lines.values())


def test_text_stays_inside_its_box_and_labels_stay_between(drawn):
    fig, _, graph = drawn
    graph.set({name: -88.8 for name in graph.boxes}, {n: -88.8 for n in graph.boxes}, {n: -88.8 for n in LINES})
    fig.canvas.draw()
    boxes = {name: box.get_window_extent() for name, box in graph.boxes.items()}
    for name, box in boxes.items():
        for text in (graph.values[name], graph.gradients[name], graph.words[name]):
            inner = text.get_window_extent()
            assert box.x0 <= inner.x0 and inner.x1 <= box.x1 and box.y0 <= inner.y0 and inner.y1 <= box.y1
    for text in graph.locals.values():
        assert not any(box.overlaps(text.get_window_extent()) for box in boxes.values())
        assert text.get_fontsize() >= 10


def test_a_second_move_draws_nothing_anew(drawn, monkeypatch):
    fig, _, graph = drawn
    painter = Painter(fig)
    for k in (2.0, 3.0):
        graph.set({"w": k}, {"r": k}, {"p r": k}, marked="p", moved={"r"})
        painter.paint()
    monkeypatch.setattr(fig.canvas, "draw", lambda: pytest.fail("a full draw"))
    graph.set({"w": 5}, {"r": 5}, {"p r": 5}, marked="p", moved={"r"})
    painted = painter.paint().copy()
    monkeypatch.undo()
    assert (painted == painter.paint_all()).all()
