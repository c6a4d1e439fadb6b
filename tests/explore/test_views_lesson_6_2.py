"""What lesson 6.2 draws and says: a gap after a stop, a curve with its stops, outcomes in words."""

import numpy as np
import pytest

from classroom.explore import views

CURVE = [1.0, 0.5, 0.6, 0.7, 0.4, 0.4, 0.45, 0.5]


def test_gap_after_counts_steps_from_the_stop_and_gives_no_gap_a_place():
    _, ax = views.subplots(1, 1)
    whole, other = np.ones(50), np.ones(50)
    other[12:] += 0.25
    views.gap_after(ax, list(other), list(whole), 10, "order")
    line = ax.lines[0]
    assert line.get_label() == "without order"
    assert line.get_xdata().tolist() == list(range(-4, 26))
    np.testing.assert_allclose(line.get_ydata(), [1e-8] * 7 + [0.25] * 23)


def test_each_gap_has_a_look_of_its_own_and_the_stop_is_marked_once():
    _, ax = views.subplots(1, 1)
    for name in ("order", "drop"):
        views.gap_after(ax, [1.0] * 40, [1.0] * 40, 10, name)
    named = [line for line in ax.lines if line.get_label().startswith("without")]
    assert len(named) == 2 and len(ax.lines) == 3
    assert named[0].get_color() != named[1].get_color()


def test_stops_on_draws_what_is_kept_and_where_it_ends():
    _, ax = views.subplots(1, 1)
    views.stops_on(ax, CURVE, {2: CURVE[:4], 3: CURVE})
    curve, *marks = ax.lines
    assert curve.get_ydata().tolist() == CURVE
    assert [mark.get_xdata()[0] for mark in marks] == [2, 4, 5, 8]


@pytest.mark.parametrize(
    ("first", "words"),
    [(1, "first step after"), (5, "within the epoch"), (8, "of the next epoch"), (9, "later"), (None, "in no step")],
)
def test_where_it_parts_in_the_words_of_the_lesson(first, words):
    assert words in views.where_it_parts(first, left=7)


@pytest.mark.parametrize(
    ("chosen", "words"), [([0.2, 0.2, 0.2], "lower than"), ([0.4, 0.4, 0.4], "higher"), ([0.3, 0.2, 0.4], "about")]
)
def test_chosen_and_new_in_the_words_of_the_lesson(chosen, words):
    assert words in views.chosen_and_new(chosen, [0.3, 0.3, 0.3])
