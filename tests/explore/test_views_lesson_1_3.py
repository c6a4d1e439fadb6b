"""What lesson 1.3 draws: two dials among the weights of a neuron, and the training loop."""

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.draw import Painter

X = np.random.default_rng(0).normal(size=(40, 64))
Y = X[:, 10] - X[:, 20] > 0


def loss(w):
    z = X @ w
    return np.mean(np.logaddexp(0, z) - Y * z)


def gradient(w):
    return (1 / (1 + np.exp(-(X @ w))) - Y) @ X / len(X)


@pytest.fixture
def drawn():
    fig, (plan, curves) = views.subplots(1, 2, size=(8.4, 3.9))
    return fig, curves, views.dials(plan, curves, loss, gradient)


def test_a_triangle_points_against_the_gradient_and_grows_with_it(drawn):
    view, w = drawn[2].set([3, 4], [1.0, -2.0]), np.zeros(64)
    w[[3, 4]] = 1, -2
    up, down = (way.get_sizes() for way in view.ways)
    slopes = gradient(w)
    assert np.array_equal(up > 0, slopes < 0) and np.array_equal(down > 0, slopes > 0)
    assert np.allclose((up + down) / np.abs(slopes), (up + down)[0] / abs(slopes[0]))


def test_a_curve_shows_one_dial_while_the_other_stays(drawn):
    view = drawn[2].set([10, 20], [3.0, -1.5])
    across, heights = view.lines[0].get_data()
    for place, height in zip(across, heights, strict=True):
        w = np.zeros(64)
        w[[10, 20]] = place, -1.5
        assert height == pytest.approx(loss(w))
    assert view.dots[0].get_data()[1][0] == pytest.approx(view.dots[1].get_data()[1][0])


def test_two_dials_on_one_pixel_add_up(drawn):
    both, w = drawn[2].set([10, 10], [3.0, -1.0]), np.zeros(64)
    w[10] = 2
    assert both.dots[0].get_data()[1][0] == pytest.approx(loss(w))
    heights = dict(zip(*both.lines[1].get_data(), strict=True))
    w[10] = 3 + 6
    assert heights[6.0] == pytest.approx(loss(w))


def test_the_sentence_says_loss_and_both_slopes(drawn):
    w = np.zeros(64)
    w[10] = 2
    said = drawn[2].set([10, 20], [2.0, 0.0]).sentence
    slopes = [f"{slope:.3f}".replace("-", "−") for slope in gradient(w)[[10, 20]]]
    assert said == f"Loss {loss(w):.3f}; gradient of dial A {slopes[0]}, B {slopes[1]}."


def test_a_second_move_draws_nothing_anew(drawn, monkeypatch):
    fig, _, view = drawn
    painter = Painter(fig)
    for weight in (1.0, 2.0):
        view.set([10, 20], [weight, 0.0])
        painter.paint()
    monkeypatch.setattr(fig.canvas, "draw", lambda: pytest.fail("a full draw"))
    view.set([11, 20], [3.0, 1.0])
    painted = painter.paint().copy()
    monkeypatch.undo()
    assert np.array_equal(painted, painter.paint_all())


def test_the_loop_goes_in_order_and_its_texts_do_not_touch():
    fig, ax = views.subplots(1, 1, size=(8.4, 3))
    views.loop(ax)
    fig.canvas.draw()
    places = {text.get_text(): text.get_position()[0] for text in ax.texts}
    stages = ["forward", "loss", "backward", "update"]
    assert sorted(stages, key=places.get) == stages
    boxes = [text.get_window_extent() for text in ax.texts]
    for i, box in enumerate(boxes):
        assert fig.bbox.x0 <= box.x0 and box.x1 <= fig.bbox.x1 and fig.bbox.y0 <= box.y0 and box.y1 <= fig.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:i])
