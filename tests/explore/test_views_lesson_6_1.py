"""The drawing of lesson 6.1 shows the stages that it is given, and counts what they cost."""

import pytest

from classroom.explore import views


@pytest.fixture
def view():
    return views.skeleton(views.subplots(1, 1)[1], most=6)


def test_stages_stand_in_their_order_with_their_widths(view):
    view.set(64, [32, 16], 3, 10)
    names = ["input", "normalise", "block 1", "block 2", "bottleneck", "head"]
    assert [text.get_text() for text in view.names] == names
    assert [text.get_text() for text in view.shapes] == ["64", "64", "32", "16", "3", "10"]
    heights = [bar.get_height() for bar in view.bars]
    assert heights[2] == pytest.approx(heights[3] * 2**0.5) and heights[0] == 1
    assert [bool(bar.get_hatch()) for bar in view.bars] == [False] * 4 + [True, False]


def test_what_it_costs_and_says(view):
    view.set(64, [32], 3, 10)
    assert view.widths == [64, 32, 3, 10]
    assert view.parameters == 65 * 32 + 33 * 3 + 4 * 10 == 2219
    assert view.multiplications == 64 * 32 + 32 * 3 + 3 * 10
    assert view.sentence == "64-32-3-10: 2 219 parameters, 2 174 multiplications an image"


def test_stages_that_go_leave_nothing_behind(view):
    view.set(64, [32, 16], 3, 10).set(64, [8], 0, 10)
    assert [text.get_text() for text in view.names] == ["input", "normalise", "block 1", "head", "", ""]
    assert [bar.get_visible() for bar in view.bars] == [True] * 4 + [False] * 2
    assert [text.get_text() for text in view.arrows] == ["→"] * 3 + [""] * 2
    assert not any(bar.get_hatch() for bar in view.bars)


def test_more_stages_than_there_is_room_for_are_refused(view):
    with pytest.raises(ValueError, match="7 stages; there is room for 6"):
        view.set(64, [8, 8, 8], 3, 10)
