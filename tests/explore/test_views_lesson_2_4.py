"""The pictures of lesson 2.4 show the numbers that they are given, and its words for a run follow from the run."""

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.draw import Painter


def test_the_line_of_factors_passes_0_at_one_over_the_curvature_and_minus_1_at_twice_that():
    _, ax = views.subplots(1, 1)
    views.regimes(ax, 4.0)
    line = next(line for line in ax.lines if len(set(line.get_ydata())) == 2)
    rates, factors = line.get_data()
    slope = np.diff(factors) / np.diff(rates)
    assert factors[0] == 1 and np.isclose(slope, -4)
    edges = sorted(patch.get_x() for patch in ax.patches)
    assert np.allclose(edges, [0, 0.25, 0.5])
    assert [text.get_text() for text in ax.texts] == ["from one side", "swings, settles", "diverges"]


@pytest.fixture
def panels():
    return views.subplots(1, 2, size=(8.4, 3.4))


def test_the_bowl_shows_the_path_and_each_weights_errors(panels):
    _, (left, right) = panels
    path = np.array([[3.0, 1.0], [2.7, 0.2], [2.43, 0.04]])
    view = views.bowl(left, right, (1, 8), steps=2).set(path)
    assert np.allclose(view.hills.path.get_xydata(), path)
    for part, errors in zip(view.parts, path.T, strict=True):
        assert np.allclose(part.get_xydata(), np.stack([range(3), errors], axis=1))
    assert np.isclose(view.hills.loss(np.array([[2.0, 1.0]]))[0], 6)


def test_a_move_draws_nothing_anew(panels, monkeypatch):
    fig, (left, right) = panels
    view = views.bowl(left, right, (1, 8), steps=3)
    painter = Painter(fig)
    for rate in (0.1, 0.2):
        view.set(np.array([[3.0, 1.0]]) * (1 - rate) ** np.arange(4)[:, None])
        painter.paint()
    monkeypatch.setattr(fig.canvas, "draw", lambda: pytest.fail("a full draw"))
    view.set(np.ones((4, 2)))
    painter.paint()


@pytest.mark.parametrize("factor, word", [(0.5, "slides"), (-0.5, "shorter"), (-1, "same two"), (-1.3, "longer")])
def test_the_fate_follows_from_the_factor(factor, word):
    assert word in views.fate(-0.5 * float(factor) ** np.arange(6))


def test_there_is_no_fate_without_one_factor():
    with pytest.raises(ValueError, match="same factor"):
        views.fate([1.0, 0.5, 0.4])


def test_the_ending_is_read_from_the_last_quarter():
    steps = np.arange(100)
    falling = 1 + np.exp(-steps / 3)
    assert "stays there" in views.ending(falling, 1)
    assert "a little above" in views.ending(falling + 0.02 * (steps > 50), 1)
    assert "too large" in views.ending(np.where(steps > 80, np.inf, falling), 1)
    assert "too large" in views.ending(1.1**steps, 1)
    assert "gets nowhere" in views.ending(falling + 0.5 * (-1.0) ** steps + 0.5, 1)
