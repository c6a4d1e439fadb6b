"""Reliability diagrams show the bins of what they are given, and the words of lesson 5.3 follow from its numbers."""

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.draw import Painter
from classroom.explore.views.reliability import binned, wilson


@pytest.fixture
def made():
    fig, ax = views.subplots(1, 1, size=(5, 4))
    return fig, views.reliability(ax, "network")


def test_a_bin_holds_its_upper_edge_and_one_belongs_to_the_last():
    count, sure, share = binned([0.25, 0.26, 0.5, 1.0, 0.0], [1, 0, 1, 1, 0], bins=4)
    assert list(count) == [2, 2, 1]
    assert np.allclose(sure, [0.125, 0.38, 1]) and np.allclose(share, [0.5, 0.5, 1])


def test_dots_stand_at_share_over_mean_confidence_with_their_intervals(made):
    _, view = made
    rng = np.random.default_rng(0)
    confidence = rng.beta(3, 1, 400)
    right = rng.random(400) < confidence**2
    view.set(confidence, right, bins=10)
    count, sure, share = view.table
    assert count.sum() == 400 and np.isclose((count * share).sum(), right.sum())
    assert np.allclose(view.dots.get_offsets(), np.stack([sure, share], axis=1))
    for (x, low), (_, high) in view.spans.get_segments():
        assert low <= share[np.argmin(abs(sure - x))] <= high
    assert np.argmax(view.dots.get_sizes()) == np.argmax(count)


def test_the_interval_is_wilsons():
    """Its ends are the p from which the share is 1.96 standard deviations away; none falls outside 0 to 1."""
    for share, n in ((0.3, 20), (0.95, 200)):
        for p in wilson(share, n):
            assert np.isclose(abs(share - p), 1.96 * np.sqrt(p * (1 - p) / n))
    low, high = wilson(np.array([0.0, 1.0]), np.array([5, 5]))
    assert np.all(low > -1e-12) and np.all(high < 1 + 1e-12) and high[0] > 0.3 and low[1] < 0.7


def test_a_move_draws_nothing_anew(made, monkeypatch):
    fig, view = made
    painter, confidence = Painter(fig), np.linspace(0.1, 1, 60)
    for bins in (5, 15):
        view.set(confidence, confidence > 0.5, bins)
        painter.paint()
    monkeypatch.setattr(fig.canvas, "draw", lambda: pytest.fail("a full draw"))
    view.set(confidence, confidence > 0.7, 30)
    painter.paint()


@pytest.mark.parametrize("confidence, right", [([0.5], []), ([1.2], [1]), ([[0.5]], [[1]]), ([], [])])
def test_what_is_no_probability_is_refused(made, confidence, right):
    with pytest.raises(ValueError, match="confidence"):
        made[1].set(confidence, right)


def test_the_words_of_the_shift():
    assert views.sure_and_right((0.66, 0.43), (0.66, 0.86)) == "moved: surer than right; pale: less sure than right"
    assert views.sure_and_right((0.45, 0.43), (0.9, 0.8)) == "moved: about as sure as right; pale: surer than right"
