"""The pictures of lesson 2.5 show the runs that they are given, and its words follow from the losses."""

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.draw import Painter


def bowl(w):
    return 0.5 + w[:, 0] ** 2 + 2 * w[:, 1] ** 2


@pytest.fixture
def made():
    fig, (left, right) = views.subplots(1, 2, size=(8.4, 3.4))
    left.set(xlim=(-2, 2), ylim=(-2, 2))
    return fig, views.wandering(left, right, bowl, 0.5, aim=(200, 0.01))


PATHS = np.random.default_rng(0).normal(size=(5, 4, 2))


def test_the_view_shows_one_path_all_ends_and_the_mean_loss_as_they_read(made):
    _, view = made
    view.set(PATHS, size=7)
    assert np.allclose(view.hills.path.get_xydata(), PATHS[0])
    assert np.allclose(view.ends.get_xydata(), PATHS[:, -1])
    read, heights = view.curve.get_data()
    assert list(read) == [7, 14, 21] and view.read == 21
    means = [np.mean(bowl(PATHS[:, k])) - 0.5 for k in (1, 2, 3)]
    assert np.allclose(heights, means) and np.isclose(view.above, means[-1])


def test_a_move_draws_nothing_anew(made, monkeypatch):
    fig, view = made
    painter = Painter(fig)
    for size in (1, 2):
        view.set(PATHS / size, size)
        painter.paint()
    monkeypatch.setattr(fig.canvas, "draw", lambda: pytest.fail("a full draw"))
    view.set(PATHS, 30)
    painter.paint()


def test_runs_that_explode_are_drawn_as_far_as_they_can_be(made):
    _, view = made
    view.set(np.stack([PATHS[0], PATHS[1] * [[1], [1e50], [1e200], [np.inf]]]), 3)
    assert np.all(np.isfinite(view.curve.get_ydata()))


def test_other_shapes_are_refused(made):
    with pytest.raises(ValueError, match="runs, updates"):
        made[1].set(PATHS[0], 3)


@pytest.mark.parametrize(
    "heights, word",
    [
        (np.zeros(40), "stays"),
        (np.r_[0, np.full(39, 0.02)], "hovers"),
        (np.r_[0, 0.1 * 0.5 ** np.arange(39)], "comes back"),
        (1.2 ** np.arange(40) - 1, "on and on"),
    ],
)
def test_the_words_follow_from_the_losses(heights, word):
    assert word in views.from_the_minimum(heights)


def test_runs_that_begin_elsewhere_are_refused():
    with pytest.raises(ValueError, match="at the minimum"):
        views.from_the_minimum(np.ones(20))
