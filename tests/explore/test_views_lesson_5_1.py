"""The pictures of lesson 5.1 show the numbers that they are given, and its words follow from shares."""

import numpy as np
import pytest

from classroom.explore import style, views


@pytest.fixture
def ax():
    return views.subplots(1, 1)[1]


def test_intervals_that_miss_the_truth_are_counted_and_marked(ax):
    assert views.intervals(ax, [(0.8, 0.9), (0.86, 0.95), (0.7, 0.84)], 0.85) == 2
    marked = next(line for line in ax.lines if line.get_marker() == "X")
    assert np.allclose(marked.get_xydata(), [(2, 0.905), (3, 0.77)])


def test_the_first_interval_stands_on_top_and_zero_is_drawn_if_asked(ax):
    views.rows_of_intervals(ax, {"apart": (-0.1, 0.3), "paired": (0.05, 0.15)}, "lead", zero=True)
    low, high = ax.get_ylim()
    assert low > high and [label.get_text() for label in ax.get_yticklabels()] == ["apart", "paired"]
    middles = [line.get_xydata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    assert np.allclose(middles, [(0.1, 0), (0.1, 1)])
    assert any(np.allclose(line.get_xdata(), 0) for line in ax.lines)


def test_the_data_curve_has_a_dot_for_each_seed_and_a_line_of_means(ax):
    errors = np.array([[0.3, 0.2, 0.1], [0.4, 0.2, 0.2]])
    views.data_curve(ax, [60, 120, 240], errors, "validation", 1)
    mean = ax.lines[-1]
    assert len(ax.lines) == 3 and mean.get_label() == "validation" and mean.get_color() == style.COLORS[1]
    assert np.allclose(mean.get_ydata(), [0.35, 0.2, 0.15])
    assert [text.get_text() for text in ax.get_xticklabels()] == ["60", "120", "240"]


def test_the_forecast_keeps_apart_what_it_was_fitted_to_and_what_judges_it(ax):
    fine = np.array([60.0, 960.0])
    views.forecast(ax, fine, fine**-0.4, (0.9 * fine**-0.4, 1.1 * fine**-0.4), ([60], [0.2]), ([960], [0.06]))
    found = {line.get_label(): line.get_xydata() for line in ax.lines}
    assert np.allclose(found["fitted to these"], [(60, 0.2)]) and np.allclose(
        found["not shown to the fit"], [(960, 0.06)]
    )
    assert ax.get_yscale() == ax.get_xscale() == "log"


@pytest.mark.parametrize("share, words", [(0.0, "none"), (0.05, "5 of 100"), (0.3, "some"), (0.6, "more than half")])
def test_told_apart(share, words):
    assert words in views.told_apart(share)


@pytest.mark.parametrize(
    "fitted, true, words", [(0.2, 0.7, "true digit"), (0.9, 0.1, "wrong label"), (0.2, 0.2, "any")]
)
def test_said_to_wrong_labels(fitted, true, words):
    assert words in views.said_to_wrong_labels(fitted, true)
