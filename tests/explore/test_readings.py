"""A drawing on its way to the digit reader of lesson 0: strokes on a pad, fitted to the frame, shown."""

import numpy as np
import pytest

from classroom.explore import live, views

SEVEN = [(4, 6), (14, 6), (8, 20)]


def test_strokes_pass_through_their_points_and_nowhere_else():
    pad = views.strokes(SEVEN, pen=3)
    assert pad.shape == (32, 32) and pad.dtype == np.uint8 and set(np.unique(pad)) == {0, 1}
    assert all(pad[y, x] for x, y in SEVEN)
    assert not pad[:5].any() and not pad[22:].any() and not pad[:, :3].any() and not pad[:, 16:].any()


def test_a_stroke_over_the_edge_is_cut_off():
    assert views.strokes([(-5, 2), (40, 2)], pen=3).sum() == 3 * 32


@pytest.mark.parametrize("shift", [(0, 0), (10, 0), (0, 9), (11, 10)])
def test_fitted_fills_the_height_in_the_middle_wherever_the_ink_was(shift):
    pad = views.strokes(np.add(SEVEN, shift))
    fitted = views.fitted(pad)
    assert np.array_equal(fitted, views.fitted(views.strokes(SEVEN)))
    assert fitted[0].any() and fitted[-1].any()
    left, right = np.flatnonzero(fitted.any(axis=0))[[0, -1]]
    assert abs(left - (31 - right)) <= 1


def test_fitted_keeps_the_proportions_up_to_the_widest():
    tall = np.zeros((32, 32), np.uint8)
    tall[3:19, 5:9] = 1  # 16 × 4 dots
    assert views.fitted(tall).any(axis=0).sum() == 8
    flat = tall.T.copy()
    assert views.fitted(flat).any(axis=0).sum() == 24


def test_fitted_leaves_an_empty_pad_empty():
    empty = np.zeros((32, 32), np.uint8)
    assert not views.fitted(empty).any()


def test_readings_say_both_answers_and_move_the_bars():
    _, axes = live.subplots(1, 3)
    view = views.readings(axes)
    drawn, fitted = np.full(10, 0.02), np.full(10, 0.01)
    drawn[3], fitted[8] = 0.82, 0.91
    counts = np.full((2, 64), 7)
    view.set(counts, (drawn, fitted))
    assert view.sentence == "As drawn, the network says 3 (82 %); fitted, it says 8 (91 %)."
    assert [bar.get_height() for bar in view.bars[1]] == pytest.approx(fitted)
    assert (view.pictures[0].get_array() == 7).all()
    assert view.set(0 * counts, (drawn, drawn)).sentence.startswith("The pad is empty")


def test_lists_show_each_picture_beside_its_numbers():
    _, axes = live.subplots(2, 2)
    ink = np.arange(64) % 17
    views.lists(axes, {"before": ink, "moved": ink[::-1]})
    assert [bar.get_height() for bar in axes[1][1].patches] == list(ink[::-1])
    assert np.array_equal(axes[0][0].images[0].get_array().ravel(), ink)
    assert [row[0].get_title(loc="left") for row in axes] == ["before", "moved"]
