"""What lesson 3.3 draws and says: two losses and their gap, accuracy over rates, outcomes in words."""

import numpy as np
import pytest

from classroom.explore import views

ALIKE = np.array([[2.0, 2.0], [1.5, 1.5], [1.0, 1.0 + 1e-7]])


def test_two_losses_draws_both_losses_and_a_gap_for_each_run():
    _, (left, right) = views.subplots(1, 2)
    views.two_losses(left, right, {"apart": ALIKE + np.array([0, 0.25]), "alike": ALIKE})
    assert [line.get_ydata().tolist() for line in left.lines] == ALIKE.T.tolist()
    apart, alike = (line.get_ydata() for line in right.lines)
    np.testing.assert_allclose(apart, 0.25, rtol=1e-6)
    np.testing.assert_allclose(alike, [1e-8, 1e-8, 1e-7], rtol=1e-6)  # no gap has a place, too


def test_over_rates_draws_means_and_marks_one_rate():
    _, ax = views.subplots(1, 1)
    views.over_rates(ax, (0.1, 1.0), {"digits": [[0.8, 0.9], [0.2, 0.4]]}, recommended=0.1)
    *pale, mean, mark = ax.lines
    assert [line.get_ydata().tolist() for line in pale] == [[0.8, 0.2], [0.9, 0.4]]
    np.testing.assert_allclose(mean.get_ydata(), [0.85, 0.3])
    assert mark.get_xdata()[0] == 0.1 and ax.get_xscale() == "log"


@pytest.mark.parametrize(("number", "words"), [(0, "0.000001"), (0.02, "0.1"), (0.1, "1"), (3, "10")])
def test_decade_is_the_power_of_ten_above(number, words):
    assert views.decade(number) == words


def test_decade_speaks_of_numbers_below_ten():
    with pytest.raises(ValueError, match="below 10"):
        views.decade(float("nan"))


@pytest.mark.parametrize(
    ("gaps", "words"), [([0, 0, 0], "agree to five"), ([0.1, 0, 0], "first step on"), ([0, 0, 0.1], "drift apart")]
)
def test_agreement_in_the_words_of_the_lesson(gaps, words):
    assert words in views.agreement(ALIKE + np.array([[0, gap] for gap in gaps]))


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([0.8, 0.82, 0.9, 0.9], "Lower, and another"),
        ([0.8, 0.8, 0.9, 0.9], "Lower, and the same"),
        ([0.95, 0.96, 0.9, 0.9], "Higher, and another"),
        ([0.9, 0.9, 0.9, 0.9], "The same as"),
        ([0.8, 0.96, 0.9, 0.9], "Now lower"),
    ],
)
def test_judged_twice_in_the_words_of_the_lesson(scores, words):
    assert words in views.judged_twice([scores])


def test_evaluation_mode_gives_one_number():
    with pytest.raises(ValueError, match="two accuracies"):
        views.judged_twice([[0.8, 0.8, 0.9, 0.91]])


def test_what_came_back_in_the_words_of_the_lesson():
    assert "moment" in views.what_came_back(True) and "last epoch" in views.what_came_back(False)
