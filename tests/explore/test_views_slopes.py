"""Value and slope of an activation: the numbers of the curves are those of calculus, corners and jumps included."""

import numpy as np
import pytest

from classroom.explore import views
from nnlib import functional as F


@pytest.fixture
def ax():
    return views.subplots()[1]


def relu(z):
    return np.maximum(z, 0)


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
        (lambda z: np.where(z > 0, z, np.expm1(z)), lambda z: np.where(z > 0, 1, np.exp(z))),
        (F.tanh, lambda z: 1 - np.tanh(z) ** 2),
    ],
    ids=["tanh", "sigmoid", "ELU", "tanh of a Tensor"],
)
def test_the_curves_are_value_and_derivative(ax, function, slope):
    view = views.activation(ax, function)
    z = view.grid
    assert np.allclose(view.slope.get_ydata(), slope(z), atol=1e-6)
    assert view.value.get_linestyle() != view.slope.get_linestyle()


def test_at_a_place_both_values_and_the_tangent(ax):
    view = views.activation(ax, np.tanh, z=1.5)
    assert view.sentence == "At z = 1.50, tanh is 0.91 and its slope 0.18."
    assert view.value_at.get_xydata().tolist() == [[1.5, np.tanh(1.5)]]
    assert np.allclose(view.slope_at.get_xydata(), [[1.5, 1 - np.tanh(1.5) ** 2]])
    (x0, y0), (x1, y1) = view.tangent.get_xydata()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(1 - np.tanh(1.5) ** 2, abs=1e-6)
    assert view.set(z=-4.0).sentence == "At z = −4.00, tanh is −1.00 and its slope 0.00."


def test_a_corner_has_two_slopes_and_breaks_the_line(ax):
    view = views.activation(ax, relu, z=0)
    assert (
        view.sentence
        == "At z = 0.00, relu is 0.00 and has a corner: its slope is 0.00 on the left and 1.00 on the right."
    )
    assert np.isnan(view.slope.get_ydata()[view.grid == 0]).all()
    assert np.isnan(view.slope.get_ydata()).sum() == 1
    assert np.allclose(view.slope_at.get_ydata(), [0, 1]) and len(view.tangent.get_xdata()) == 0


def test_a_jump_has_no_slope(ax):
    view = views.activation(ax, lambda z: (z >= 0).astype(float), z=0, name="step")
    assert view.sentence == "At z = 0.00, step is 1.00 and jumps there: it has no slope."
    assert np.nanmax(view.slope.get_ydata()) == 0


def test_data_stand_at_the_foot_and_meet_a_mean_slope(ax):
    data = np.array([-2.0, -1, 1, 2, 3, 4])
    view = views.activation(ax, relu, data=data)
    assert view.sentence == "Over the 6 values of z (grey) the mean slope is 0.67."
    heights, _, base = view.bars.get_data()
    assert (heights > base).sum() == 6 and base == ax.get_ylim()[0]
    assert view.set(lambda z: np.maximum(0.1 * z, z), z=2.0).sentence == (
        "At z = 2.00, the function is 2.00 and its slope 1.00; over the 6 values of z (grey) the mean slope is 0.70."
    )


def test_without_a_place_the_extremes(ax):
    assert views.activation(ax, np.tanh, range=(-9, 9)).sentence == (
        "Here tanh lies between −1.00 and 1.00; its largest slope is 1.00."
    )


def test_the_axis_grows_only_when_a_curve_leaves_it(ax):
    view = views.activation(ax, relu)
    before = ax.get_ylim()
    view.set(np.tanh)
    assert ax.get_ylim()[1] == before[1] and ax.get_ylim()[0] < -1
    grown = ax.get_ylim()
    view.set(relu)
    assert ax.get_ylim() == grown


def test_a_function_of_the_whole_array_is_refused(ax):
    with pytest.raises(ValueError, match="must work on each number alone"):
        views.activation(ax, np.sum)
