"""What lesson 3.2 draws and says: the images that a network is most wrong about, and outcomes in words."""

import numpy as np
import pytest

from classroom.explore import views


def test_most_wrong_puts_the_largest_cross_entropy_first():
    logits = np.array([[5.0, 0, 0], [5, 0, 0], [0, 0, 1], [0, 900, 0]])
    rows, names = views.most_wrong(logits, np.array([0, 1, 2, 0]), count=3)
    assert rows.tolist() == [3, 1, 2] and names == ["0→1", "1→0", "2→2"]


@pytest.mark.parametrize(
    "end, words", [(0.1, "ends at about 10 %"), (0.97, "is the same"), (0.99, "rises faster"), (0.8, "more slowly")]
)
def test_without_zero_grad_is_put_in_the_words_of_the_lesson(end, words):
    assert words in views.without_zero_grad([[0.5, end]] * 2, [[0.5, 0.97]] * 2)


@pytest.mark.parametrize(
    "change, words", [([-0.05, -0.03], "falls"), ([0.02, 0.03], "rises"), ([-0.005, 0.0], "level")]
)
def test_late_change_is_the_mean_over_the_seeds(change, words):
    curves = np.full((2, 100), 0.9)
    curves[:, 99] += change
    assert words in views.late_change(curves)
