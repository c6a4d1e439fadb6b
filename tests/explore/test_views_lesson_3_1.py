"""The graph of lesson 3.1 lays itself out, shows the numbers of a sweep, and its words follow from what was found."""

from itertools import pairwise

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.draw import Painter
from classroom.explore.views.graphs import HEIGHT, WIDTH


class Node:
    """As the lesson's Value, with its own `add` and `mul`."""

    made = 0

    def __init__(self, data, inputs=(), rule=lambda g: ()):
        self.data, self.inputs, self.rule, self.grad = data, inputs, rule, 0.0
        self.serial, Node.made = Node.made, Node.made + 1


def add(a, b):
    return Node(a.data + b.data, (a, b), lambda g: (g, g))


def mul(a, b):
    return Node(a.data * b.data, (a, b), lambda g: (g * b.data, g * a.data))


def shown(graph):
    figure, ax = views.subplots(1, 1, size=(8.4, 3.4))
    a, b = Node(2.0), Node(-3.0)
    last = graph(a, b)
    return figure, ax, last, views.recorded(ax, last, {"a": a, "b": b})


def diamond(a, b):
    p = mul(a, b)
    return add(p, mul(p, p))


def texts(of):
    return {name: text.get_text() for name, text in of.items() if text.get_text() and text.get_visible()}


def test_given_values_bear_their_names_and_computed_ones_their_number_and_operation():
    _, ax, last, graph = shown(diamond)
    headings = {text.get_text() for text in ax.texts if text.get_weight() == "bold"}
    assert headings == {"a", "b", "n2 = mul", "n3 = mul", "n4 = add"}
    assert graph.name(last, last) == "n4" and graph.name(last, last.inputs[0]) == "n2"


def test_values_gradients_and_local_derivatives_stand_where_they_belong():
    _, _, last, graph = shown(diamond)
    p, square = last.inputs
    last.grad = 1.0
    graph.set(last, {p: 1.0, square: 1.0}, last)
    assert texts(graph.picture.values) == {"a": "2.00", "b": "−3.00", "n2": "−6.00", "n3": "36.00", "n4": "30.00"}
    assert texts(graph.picture.gradients) == {"n2": "1.00", "n3": "1.00", "n4": "1.00"}
    lines = texts(graph.picture.locals)
    assert lines["a n2"] == "× −3.00" and lines["n2 n4"] == "× 1.00"
    assert lines["n2 n3"] == "× −12.00"  # used twice: the sum of both
    frames = {name: box.get_linewidth() for name, box in graph.picture.boxes.items()}
    assert {name for name, width in frames.items() if width} == {"n2", "n3", "n4"}


def test_a_line_that_skips_a_column_meets_no_box_and_lies_in_the_picture():
    _, ax, last, graph = shown(diamond)
    graph.set(last)
    bends = [line.get_xydata() for line in ax.lines]
    assert bends
    for name, box in graph.picture.boxes.items():
        x, y = box.get_x(), box.get_y()
        for bend in bends:
            between = np.concatenate([np.linspace(p, q, 50)[1:-1] for p, q in pairwise(bend)])
            inside = (abs(between - (x + WIDTH / 2, y + HEIGHT / 2)) < (WIDTH / 2, HEIGHT / 2)).all(axis=1)
            assert not inside.any(), name
    low, high = ax.get_ylim()
    assert all(low < y < high for bend in bends for _, y in bend)


def test_too_long_an_expression_is_refused_in_words():
    def long(a, b):
        for _ in range(7):
            a = add(a, b)
        return a

    with pytest.raises(ValueError, match="8 columns, and 6 can be read"):
        shown(long)


def test_another_graph_of_this_form_draws_nothing_anew(monkeypatch):
    figure, _, last, graph = shown(diamond)
    painter = Painter(figure)
    for a, b in ((1.0, 0.5), (1.5, 0.7), (0.7, 1.5)):
        last = diamond(Node(a), Node(b))
        graph.set(last, {last: 1.0})
        painter.paint()
    monkeypatch.setattr(figure.canvas, "draw", lambda: pytest.fail("a full draw"))
    last = diamond(Node(0.3), Node(2.0))
    graph.set(last, {last: 1.0})
    painter.paint()


@pytest.mark.parametrize(
    "found, senders, words",
    [
        (2.0, "ypqp", "right gradient, in more"),
        (2.0, "yqp", "right gradient, in as many"),
        (3.0, "ypqp", "too large"),
        (1.0, "ypq", "too small"),
    ],
)
def test_what_early_sending_did(found, senders, words):
    assert words in views.early_sending(found, 2.0, list(senders))


@pytest.mark.parametrize("passed, words", [(0, "is caught, whatever"), (2, "some h only"), (3, "passes, whatever")])
def test_what_the_check_said(passed, words):
    assert words in views.checked(passed, of=3)
