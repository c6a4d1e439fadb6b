"""The map of a loss, its contour lines and paths: they lie where the loss says, and the sentence gives its numbers."""

import numpy as np
import pytest

from classroom.explore import views


def bowl(w):
    return w[:, 0] ** 2 + 4 * w[:, 1] ** 2


def descend(w, rate, steps):
    """Gradient descent on the bowl."""
    path = [np.array(w, dtype=float)]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            path.append(path[-1] - rate * path[-1] * [2, 8])
    return np.array(path)


@pytest.fixture
def hills():
    _, ax = views.subplots()
    ax.set(xlim=(-3, 3), ylim=(-2, 2))
    return views.surface(ax, bowl)


def test_contour_lines_lie_at_equal_steps_of_the_loss(hills):
    heights = [bowl(line) for line in hills.lines.get_segments()]
    assert all(np.ptp(values) < 0.05 for values in heights)
    levels = np.unique(np.round([values.mean() for values in heights], 1))
    assert len(levels) >= 5 and np.allclose(np.diff(levels), levels[1] - levels[0])


def test_numbers_stand_on_their_lines(hills):
    shown = [text for text in hills.numbers if text.get_visible()]
    assert len(shown) >= 3
    for text in shown:
        assert bowl(np.array([text.get_position()]))[0] == pytest.approx(float(text.get_text()), rel=0.02)


def test_with_log_the_lines_stand_at_equal_factors():
    _, ax = views.subplots()
    ax.set(xlim=(-2, 2), ylim=(-1, 3))
    hills = views.surface(ax, lambda w: 0.1 + 100 * (w[:, 1] - w[:, 0] ** 2) ** 2 + (1 - w[:, 0]) ** 2, log=True)
    levels = hills.field.norm.boundaries[1:-1]
    assert levels.min() < 1 and levels.max() >= 300
    factors = levels[1:] / levels[:-1]
    assert factors.min() > 2.9 and factors.max() < 3.5
    with pytest.raises(ValueError, match="must be positive for log=True"):
        hills.set(loss=lambda w: bowl(w) - 1)


def test_a_path_is_drawn_from_start_to_end_and_told(hills):
    path = descend([2, 1], 0.1, 3)
    hills.set(path)
    assert np.allclose(hills.path.get_xydata(), path)
    assert hills.start.get_xydata().tolist() == [[2, 1]] and np.allclose(hills.end.get_xydata(), [path[-1]])
    assert bowl(path[-1:])[0] == pytest.approx(1.05, abs=0.005)
    assert hills.sentence == "After 3 steps the loss is 1.05; it began at 8."
    assert hills.set(path[:1]).sentence == "The loss at the start is 8." and len(hills.end.get_xdata()) == 0
    assert hills.set(path[:2]).sentence.startswith("After 1 step the loss is 2.")


def test_a_path_that_leaves_is_followed_in_its_direction_and_told(hills):
    hills.set(descend([2, 1], 0.3, 30))
    drawn = hills.path.get_xydata()
    assert np.abs(drawn).max() < 200 and drawn[-1, 1] / drawn[-2, 1] < 0
    assert len(hills.end.get_xdata()) == 0
    assert ", outside the picture; it began at 8." in hills.sentence


def test_a_loss_beyond_all_numbers_is_told(hills):
    hills.set(descend([2, 1], 5.0, 300))
    lost = int(hills.sentence.split("step ")[1].split()[0])
    with np.errstate(all="ignore"):
        losses = bowl(descend([2, 1], 5.0, 300))
    assert hills.sentence.startswith("The loss began at 8 and is too large for a number")
    assert np.isfinite(losses[lost - 1]) and not np.isfinite(losses[lost])
    assert np.isfinite(hills.path.get_xydata()).all()


def test_another_loss_moves_the_lines(hills):
    before = [line.copy() for line in hills.lines.get_segments()]
    hills.set(loss=lambda w: bowl(w - 1))
    after = hills.lines.get_segments()
    assert len(before) != len(after) or not np.allclose(before[0], after[0])
    assert all(np.ptp(bowl(line - 1)) < 0.1 for line in after)


@pytest.mark.parametrize("path", [[1.0, 2.0], np.zeros((3, 3)), np.zeros((0, 2))], ids=str)
def test_a_path_of_another_shape_is_explained(hills, path):
    with pytest.raises(ValueError, match="must have one place a row"):
        hills.set(path)


@pytest.fixture
def curve():
    return views.valley(views.subplots()[1], np.square, range=(-3, 3), tangent=True)


def test_steps_lie_on_the_curve_with_their_numbers_and_the_next_slope(curve):
    curve.set([-2.0, 1.0, -0.5])
    assert curve.path.get_xydata().tolist() == [[-2, 4], [1, 1], [-0.5, 0.25]]
    assert [text.get_text() for text in curve.numbers if text.get_visible()] == ["0", "1", "2"]
    assert [text.xy[0] for text in curve.numbers[:3]] == [-2, 1, -0.5]
    (x0, y0), (x1, y1) = curve.tangent.get_xydata()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(-1)
    assert curve.sentence == "After 2 steps the weight is −0.5 and the loss is 0.25; it began at 4."


def test_steps_that_stand_on_each_other_share_a_number(curve):
    curve.set([1.0, 1.001, 1.002, -1.0])
    assert [text.get_text() for text in curve.numbers if text.get_visible()] == ["0", "3"]


def test_an_exploding_weight_is_told(curve):
    curve.set(2 * (-1.5) ** np.arange(8.0))
    assert curve.sentence.startswith("After 7 steps the weight is −34.2 and the loss is")
    assert "outside the picture" in curve.sentence and len(curve.end.get_xdata()) == 0
    curve.set(2 * (-10.0) ** np.arange(200.0))
    assert "too large for a number" in curve.sentence


def test_a_path_of_two_weights_is_refused(curve):
    with pytest.raises(ValueError, match="must be a list of weights"):
        curve.set(np.zeros((4, 2)))
