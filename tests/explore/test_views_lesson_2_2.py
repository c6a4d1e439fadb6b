"""What lesson 2.2 draws and says: a push by layer, its forecasts, and sizes in words."""

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.views.lesson_2_2 import amount


def test_the_forecasts_are_products_up_to_each_layer():
    _, ax = views.subplots()
    steps = views.ladder(ax, layers=4).set([1, 0.9, 0.8, 0.7], [0.5, 0.2, 0.1], factor=2)
    assert np.allclose(steps.slopes.get_ydata(), [1, 0.5, 0.1, 0.01])
    assert np.allclose(steps.both.get_ydata(), [1, 1, 0.4, 0.08])
    assert list(steps.sizes.get_ydata()) == [1, 0.9, 0.8, 0.7]
    assert "0.32 × weights' factor 2.00 = 0.63 a layer" in steps.sentence and "0.7 is left" in steps.sentence


def test_a_layer_too_few_is_refused():
    _, ax = views.subplots()
    with pytest.raises(ValueError, match="3 sizes and 3 slopes; 4 layers need 4 and 3"):
        views.ladder(ax, layers=4).set([1, 1, 1], [1, 1, 1], 1)


@pytest.mark.parametrize(
    "size, text", [(0.45, "0.45"), (23.4, "23"), (2.1e-6, "2 × 10⁻⁶"), (3.8e7, "4 × 10⁷"), (1.0, "1"), (0.014, "0.014")]
)
def test_sizes_are_easy_to_read(size, text):
    assert amount(size) == text


@pytest.mark.parametrize(
    "size, words", [(1e-6, "next to nothing"), (0.015, "as little"), (0.9, "as much as at first"), (1e7, "a million")]
)
def test_what_is_left_is_put_in_the_words_of_the_lesson(size, words):
    assert words in views.share_left(size)
