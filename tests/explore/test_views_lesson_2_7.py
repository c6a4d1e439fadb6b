"""The views of lesson 2.7: weights in two colours, a unit's verdicts counted, a drawing's effect."""

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.draw import Painter
from classroom.explore.views.lesson_2_7 import SIGNED


def lightness(color):
    return np.dot(color[:3], (0.299, 0.587, 0.114))


def test_weights_of_either_sign_differ_in_lightness_and_zero_is_white():
    ax = views.subplots(1, 1)[1]
    weights = np.zeros((2, 64))
    weights[0, 0], weights[1, 5] = 2, -1
    views.weight_pictures(ax, weights, ["a", "b"])
    (sheet,) = ax.images
    assert sheet.get_clim() == (-2, 2) and sheet.get_array()[0, 0] == 2
    below, zero, above = (SIGNED(at) for at in (0.0, 0.5, 1.0))
    assert lightness(above) < lightness(below) - 0.3 and lightness(zero) > 0.98


@pytest.fixture
def seen():
    x, y = np.random.default_rng(0).uniform(size=(40, 64)), np.repeat([3, 7], 20)
    return views.responses(views.subplots(1, 2)[1], x, y, highest=5), x, y


def test_a_threshold_is_named_after_the_digit_with_the_fewest_wrong_verdicts(seen):
    view, _, y = seen
    activations = np.where(y == 7, 3.0, 0.0)
    activations[:2], activations[20:25] = 4, 1  # two 3s above, five 7s below
    view.set(activations, 2)
    assert (view.digit, view.wrong) == (7, 7) and "5 of 20 missed, 2 others named 7" in view.sentence
    assert view.set(activations, 4.5).wrong == 0  # nothing lies above, and of the digit 0 there is nothing to miss


def test_the_nine_strongest_come_in_order(seen):
    view, x, _ = seen
    activations = np.arange(40.0)
    view.set(activations, 1)
    assert list(view.digits) == [7] * 9
    assert np.allclose(view.nine.sheet.get_array()[:8, :8], x[39].reshape(8, 8))


def test_a_probe_shows_slopes_level_and_answer():
    axes = views.subplots(1, 3)[1]
    view = views.probe(axes, best=4.0, steepest=2.0)
    view.set(np.arange(64) / 64, 3.0, np.eye(10)[4])
    assert view.level.get_height() == 3 and [bar.get_height() for bar in view.bars] == list(np.eye(10)[4])
    assert view.slopes.get_array()[0, 1] == pytest.approx(1 / 64)


def test_a_move_draws_nothing_anew(seen, monkeypatch):
    view, _, _ = seen
    painter, rng = Painter(view.right.figure), np.random.default_rng(1)
    for threshold in (1.0, 2.0):
        view.set(rng.uniform(size=40), threshold)
        painter.paint()
    monkeypatch.setattr(view.right.figure.canvas, "draw", lambda: pytest.fail("a full draw"))
    view.set(rng.uniform(size=40), 0.5)
    painter.paint()
