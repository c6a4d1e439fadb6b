"""Points on axes: what the browser learns of them, what `update` receives, their ring, and wrong ones."""

import numpy as np
import pytest

from classroom.explore import live


@pytest.fixture
def panel():
    fig, ax = live.subplots()
    ax.set(xlim=(-3, 3), ylim=(0, 10), xlabel="w₁", ylabel="$w_2$")
    return fig, ax


@pytest.fixture
def descent(panel):
    """An explorer with a point, and a list of all that `update` received."""
    fig, ax = panel
    got = []

    def update(start):
        got.append(start)
        return f"It starts at {start}."

    return live.Live(fig, update, start=live.point(ax, (1, 2))), got


def test_python_and_the_browser_move_the_point_and_its_ring(descent, browser):
    explorer, got = descent
    mark = explorer.controls["start"].mark
    assert got == [(1.0, 2.0)] and mark.get_xydata().tolist() == [[1, 2]]
    explorer.set(start=(-2.345, 7))
    assert got[-1] == (-2.345, 7.0) and mark.get_xydata().tolist() == [[-2.345, 7]]
    answer, _ = browser(explorer).ask("move", values={"start": [0.5, 9]})
    assert got[-1] == (0.5, 9.0) and mark.get_xydata().tolist() == [[0.5, 9]]
    assert answer["raw"] == {"start": [0.5, 9.0]} and answer["texts"] == {"start": "(0.50; 9.0)"}
    assert explorer.reset().values == {"start": (1.0, 2.0)} and mark.get_xydata().tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("weight $w_1$", "weight w₁"),
        ("bias b", "bias b"),
        ("", "x"),
        (r"$\theta$", "x"),
        ("$x^2$", "x"),
        ("$w_i$", "x"),
    ],
)
def test_a_field_has_the_name_of_its_axis_if_that_can_be_written(label, name):
    ax = live.subplots()[1]
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel=label)
    assert live.point(ax, (0.5, 0.5)).front()["ways"][0]["name"] == name


def test_the_browser_learns_where_the_axes_are_and_how_far_a_step_goes(descent):
    explorer, _ = descent
    (control,) = explorer.face["controls"]
    x, y = control["ways"]
    assert x == {"name": "w₁", "low": -3.0, "high": 3.0, "step": 0.05, "decimals": 2, "log": False}
    assert (y["name"], y["low"], y["high"], y["step"]) == ("w₂", 0.0, 10.0, 0.1)
    (ax,) = explorer.fig.axes
    explorer.fig.canvas.draw()
    left, bottom, width, height = control["box"]
    middle = explorer.fig.transFigure.transform((left + width / 2, bottom + height / 2))
    assert ax.transData.inverted().transform(middle) == pytest.approx((0, 5), abs=0.01)


def test_axes_may_be_turned_round_or_logarithmic(panel):
    _, ax = panel
    ax.set(xlim=(0.001, 100), xscale="log", ylim=(5, -5))
    made = live.point(ax)
    x, y = made.front()["ways"]
    assert (x["log"], x["decimals"], y["low"], y["high"]) == (True, None, 5, -5)
    assert made.start == (0.316, 0) and made.text(made.start) == "(0.316; 0.0)"
    assert made.accept("p", (100, -5)) == (100.0, -5.0)


def test_the_axes_keep_their_limits_and_their_first_colour(panel):
    _, ax = panel
    live.point(ax, (1, 2))
    (curve,) = ax.plot([0, 99], [0, 99])
    assert ax.get_xlim() == (-3, 3) and curve.get_color() == live.style.COLORS[0]


def test_a_point_may_be_tuned(panel):
    fig, ax = panel

    def update(aim):
        while True:
            aim = (yield f"Aim at {aim}.")["aim"]

    explorer = live.Live(fig, update, aim=live.tune(live.point(ax, (1, 2))))
    explorer.set(aim=(0, 5))
    assert explorer.controls["aim"].mark.get_xydata().tolist() == [[0, 5]]
    assert explorer.step().caption == "Aim at (0.0, 5.0)."


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda ax: live.point("axes"), "give the axes on which it moves"),
        (lambda ax: live.point(ax, (4, 2)), "its w₁ must lie on the axes, from -3.0 to 3.0"),
        (lambda ax: live.point(ax, (1, 2, 3)), "it must be a pair of numbers"),
        (lambda ax: live.point(ax, (np.nan, 2)), "it must be a pair of numbers"),
        (lambda ax: live.point(ax).accept("p", 3), "p is 3; it must be a pair of numbers"),
        (lambda ax: (ax.set_xscale("symlog"), live.point(ax)), "The x axis is symlog"),
    ],
)
def test_a_wrong_point_gets_a_sentence(panel, wrong, says):
    with pytest.raises((TypeError, ValueError)) as caught:
        wrong(panel[1])
    assert says in str(caught.value)


def test_a_point_off_the_axes_is_answered_with_a_sentence(descent, browser):
    explorer, _ = descent
    answer, _ = browser(explorer).ask("move", values={"start": [99, 0]})
    assert "must lie on the axes" in answer["error"] and explorer.values == {"start": (1.0, 2.0)}
