"""The pictures of lesson 4.2 show the sizes that they are given, and its words for an outcome follow from numbers."""

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.draw import Painter


def test_sizes_by_layer_are_drawn_and_stay_on_the_axis():
    _, ax = views.subplots(1, 1)
    line = views.by_layer(ax, layers=5, of="gradient", band=True).set([1e-20, 0.1, 1.0, np.inf, np.nan]).line
    assert np.allclose(line.get_xdata(), [1, 2, 3, 4, 5])
    low, high = ax.get_ylim()
    seen = line.get_ydata()
    assert np.allclose(seen[1:3], [0.1, 1]) and np.all((low < seen) & (seen < high))
    assert len(ax.patches) == 1 and not views.by_layer(views.subplots(1, 1)[1], 5, "sent").line.axes.patches


def test_a_move_draws_nothing_anew(monkeypatch):
    fig, ax = views.subplots(1, 1)
    line, painter = views.by_layer(ax, layers=9, of="sent"), Painter(fig)
    for depth in (3, 5):
        line.set(np.ones(depth))
        painter.paint()
    monkeypatch.setattr(fig.canvas, "draw", lambda: pytest.fail("a full draw"))
    line.set(np.full(9, 0.5))
    painter.paint()


def test_alive_is_from_a_twentieth_to_twenty_times():
    assert [views.alive(share) for share in (0.04, 0.06, 1, 19, 21, np.nan)] == [False, True, True, True, False, False]


@pytest.mark.parametrize(
    "sizes, words", [([1, 3, 5], "of all layers"), ([1, 5, 30], "the first layers"), ([30, 5, 1], "the last layers")]
)
def test_the_weakest_weights(sizes, words):
    assert words in views.weakest(sizes)


@pytest.mark.parametrize("share, word", [(1e-5, "nothing"), (0.8, "about as much"), (250, "hundreds"), (1e6, "many")])
def test_what_arrives_at_layer_1(share, word):
    assert word in views.at_layer_1(share)


@pytest.mark.parametrize(
    "clipped, word", [([0.7, 0.8], "about as well"), ([0.2, 0.3], "hardly"), ([0.7, np.nan], "without a number")]
)
def test_how_clipped_runs_end(clipped, word):
    assert word in views.after_clipping(clipped, [0.7, 0.75])
