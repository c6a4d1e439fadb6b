"""A neuron and a network as drawings: what stands where, signs that do not need colour, and the count in words."""

from itertools import pairwise

import numpy as np
import pytest

from classroom.explore import views
from nnlib.nn import Linear

W = [np.array([[1.0, -2.0], [0.5, 0.25], [-4.0, 3.0]]), np.array([[1.0, -1.0, 0.1]])]  # 2 inputs, 3 hidden, 1 output


@pytest.fixture
def graph():
    return views.network(views.subplots(size=(5.6, 4))[1], [2, 3, 1], inputs=["length", "depth"], outputs=["Gentoo"])


def edge(graph, start, end):
    """Place of the edge between two circles, given as (column, row), in the collection."""
    places = [tuple(circles.get_xydata()[row]) for circles, row in ((graph.circles[c], r) for c, r in (start, end))]
    (found,) = [i for i, line in enumerate(graph.edges.get_segments()) if [tuple(p) for p in line] == places]
    return found


def test_a_neuron_shows_symbols_then_numbers():
    _, ax = views.subplots()
    cell = views.neuron(ax, ["length", "depth"])
    assert [text.get_text() for text in cell.weights] == ["$w_1$", "$w_2$"]
    cell.set(weights=[2.0, -0.5], bias=0.25, inputs=[1.0, 3.0], a=0.68)
    assert [text.get_text() for text in cell.weights] == ["2.00", "−0.50"]
    assert cell.z.get_text() == "$z$ = 0.75" and cell.a.get_text() == "$a$ = 0.68"
    assert cell.edges[1].get_linestyle() == "--" and cell.edges[0].get_linewidth() > cell.edges[1].get_linewidth()


def test_sign_shows_in_dashes_and_colour_and_size_in_width(graph):
    graph.set(W)
    styles, widths, colors = (getattr(graph.edges, f"get_{what}")() for what in ("linestyle", "linewidth", "color"))
    for (j, i), weight in np.ndenumerate(W[0]):
        place = edge(graph, (0, i), (1, j))
        assert (styles[place][1] is not None) == (weight < 0)
        assert (colors[place][2] > colors[place][0]) == (weight > 0)  # blue, or vermillion
    order = [edge(graph, (0, i), (1, j)) for j, i in ((1, 1), (1, 0), (0, 0), (0, 1), (2, 1), (2, 0))]
    assert np.all(np.diff(np.array(widths)[order]) > 0)
    assert graph.legend.get_visible()


def test_numbers_stand_on_the_edges_of_a_small_network_and_in_its_circles(graph):
    graph.set(W, biases=[[0.5, 0, -1], [2]], values=[[1.5, -0.25], [1, 0, 0], [0.75]])
    shown = {text.get_text() for text in graph.numbers if text.get_visible()}
    assert shown == {"1.00", "−2.00", "0.50", "0.25", "−4.00", "3.00", "−1.00", "0.10"}
    assert [text.get_text() for text in graph.inside[0]][:2] == ["1.50", "−0.25"]
    assert [text.get_text() for text in graph.below[1]] == ["$b$ = 0.50", "$b$ = 0.00", "$b$ = −1.00"]


@pytest.mark.parametrize("widths", [[2, 2, 1], [3, 3, 3], [2, 3, 2]], ids=str)
def test_numbers_on_edges_stand_clear_of_circles_and_of_each_other(widths):
    fig, ax = views.subplots(size=(6.4, 4))
    graph = views.network(ax, widths)
    graph.set([np.full((b, a), -0.88) for a, b in pairwise(widths)])
    fig.canvas.draw()
    boxes = [text.get_window_extent() for text in graph.numbers if text.get_visible()]
    assert len(boxes) == sum(a * b for a, b in pairwise(widths))
    radius = graph.size / 2 * fig.dpi / 72
    centres = np.concatenate([ax.transData.transform(circles.get_xydata()) for circles in graph.circles])
    for i, box in enumerate(boxes):
        nearest = np.clip(centres, box.min, box.max)
        assert np.linalg.norm(nearest - centres, axis=1).min() > radius
        assert not any(box.padded(-1).overlaps(other.padded(-1)) for other in boxes[:i])


def test_the_sentence_counts_parameters_and_names_the_strongest_weight(graph):
    assert graph.sentence == "2 inputs, 3 hidden neurons, 1 output: 13 parameters."
    graph.set(W)
    assert graph.sentence == (
        "2 inputs, 3 hidden neurons, 1 output: 13 parameters; the strongest weight is −4.00, "
        "from length to hidden neuron 3."
    )
    graph.set([0 * W[0] + 0.1, [[0, 9.0, 0]]])
    assert graph.sentence.endswith("the strongest weight is 9.00, from hidden neuron 2 to Gentoo.")


def test_parameters_are_those_of_nnlib():
    widths = [784, 256, 128, 10]
    graph = views.network(views.subplots()[1], widths)
    layers = [Linear(a, b) for a, b in pairwise(widths)]
    assert graph.parameters == sum(p.data.size for layer in layers for p in layer.parameters()) == 235_146
    assert graph.sentence == "784 inputs, 256 and 128 hidden neurons, 10 outputs: 235 146 parameters."
    graph.set([layer.weight for layer in layers], [layer.bias for layer in layers])
    assert "the strongest weight is" in graph.sentence


def test_a_wide_layer_shows_its_first_neurons_dots_and_its_last():
    graph = views.network(views.subplots()[1], [9, 2])
    weights = np.arange(18.0).reshape(2, 9)
    graph.set([weights], values=[np.arange(9.0), [0, 0]])
    assert graph.shown[0] == [0, 1, 2, 8] and graph.dots[0].get_text() == "⋮" and graph.dots[1].get_text() == ""
    assert [float(text.get_text()) for text in graph.inside[0] if text.get_text()] == [0, 1, 2, 8]
    widths = graph.edges.get_linewidth()
    assert widths[edge(graph, (0, 3), (1, 1))] == max(widths)  # 17, from the ninth input


def test_widths_can_change_and_forget_the_old_numbers(graph):
    graph.set(W, values=[[1, 2], [1, 2, 3], [4]])
    graph.set(widths=[2, 7, 1])
    assert graph.sentence == "2 inputs, 7 hidden neurons, 1 output: 29 parameters."
    assert not graph.legend.get_visible() and len(graph.edges.get_segments()) == 2 * 4 + 4
    assert not any(text.get_text() for texts in graph.inside for text in texts)
    graph.set(widths=[2, 1, 1])
    assert len(graph.edges.get_segments()) == 3


def test_weights_of_another_shape_are_explained(graph):
    with pytest.raises(ValueError, match=r"they must be \[\(3, 2\), \(1, 3\)\]"):
        graph.set([W[0].T, W[1]])
    with pytest.raises(ValueError, match="must hold 3 widths of 1 or more"):
        graph.set(widths=[2, 1])
