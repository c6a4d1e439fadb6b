"""The drawings of lesson 1.2: the counts are nnlib's, the graph has the layers that were asked for."""

from itertools import pairwise

import numpy as np
import pytest

from classroom.explore import views
from nnlib import Linear


@pytest.fixture
def view():
    _, axes = views.subplots(2, 1, height_ratios=(3, 1))
    return views.depth_and_width(axes, target=10_000)


@pytest.mark.parametrize("widths", [[64, 133, 10], [64, 54, 54, 54, 10], [64, 100, 20, 20, 20, 20, 10], [2, 1, 1]])
def test_parameters_are_those_of_nnlib_layer_by_layer(view, widths):
    view.set([64, 7, 7, 7, 7, 7, 10]).set(widths)
    layers = [sum(p.data.size for p in Linear(a, b).parameters()) for a, b in pairwise(widths)]
    assert view.parameters == sum(layers) and view.neurons == sum(widths[1:-1])
    assert [part.get_width() for part in view.parts] == layers + [0] * (6 - len(layers))
    assert np.allclose([part.get_x() for part in view.parts][: len(layers)], np.cumsum([0, *layers[:-1]]))


def test_the_graph_has_one_column_for_each_layer_and_forgets_the_old_ones(view):
    view.set([64, 20, 20, 20, 10]).set([64, 4, 10])
    assert [text.get_text() for text in view.names] == ["inputs", "hidden 1", "outputs", "", "", "", ""]
    assert [text.get_text() for text in view.counts][:4] == ["64", "4", "10", ""]
    assert [text.get_text() for text in view.dots][:4] == ["⋮", "", "⋮", ""]
    assert len(view.edges.get_segments()) == 4 * 4 + 4 * 4
    assert set(view.circles["hidden"].get_xdata()) == {1} and set(view.circles["outputs"].get_xdata()) == {2}
    assert view.sentence == "64-4-10: 310 parameters, 4 hidden neurons"


def test_widths_that_find_no_room_are_explained(view):
    for widths in ([64, 10], [64, 1, 1, 1, 1, 1, 1, 10], [64, 0, 10]):
        with pytest.raises(ValueError, match="give inputs, 1 to 5 hidden layers and outputs"):
            view.set(widths)


def test_stages_mark_the_largest_score():
    _, axes = views.subplots(1, 3)
    scores = np.array([[0.0, -2, 3, 1, 0, 0, 0, 0, 0, 0]])
    views.stages(axes, np.zeros((1, 64)), np.full((1, 32), 0.5), scores)
    assert [bar.get_hatch() for bar in axes[2].patches] == [None, None, "///"] + [None] * 7
    assert [ax.get_title(loc="left") for ax in axes] == ["64 inputs", "32 hidden neurons", "10 outputs"]


def test_the_letters_stand_where_the_exercise_says():
    _, ax = views.subplots()
    views.network_with_letters(ax)
    place = {text.get_text(): text.get_position() for text in ax.texts if len(text.get_text()) == 1}
    assert sorted(place) == list("ABCDE")
    assert place["D"][1] < place["A"][1] < place["B"][1] == place["E"][1] < place["C"][1]
