"""Painting only what changed gives the very pixels of a full draw, whatever is changed."""

import numpy as np
import pytest

from classroom.explore import style, views
from classroom.explore.draw import Painter, changed, encode


@pytest.fixture
def scene():
    """Two panels with a bit of everything, some of it above and some of it below what will move."""
    rng = np.random.default_rng(0)
    fig, (left, right) = style.subplots(1, 2)
    field = left.imshow(rng.random((20, 20)), extent=(0, 1, 0, 1), zorder=0.6)
    points = views.scatter(left, rng.random((40, 2)), rng.integers(0, 2, 40), ["a", "b"])
    left.set(xlabel="x", ylabel="y", title="Field", xlim=(0, 1), ylim=(0, 1))
    (curve,) = right.plot([0, 1, 2], [1, 3, 2], label="curve")
    right.axhline(2, color="black", zorder=3)
    text = right.text(0.5, 2.5, "before")
    right.grid(True)
    right.legend()
    return fig, {"field": field, "points": points[0], "curve": curve, "text": text, "axes": right}


CHANGES = {
    "data of a field": lambda s: s["field"].set_data(np.eye(20)),
    "points": lambda s: s["points"].set_offsets([[0.2, 0.3], [0.7, 0.9]]),
    "a curve": lambda s: s["curve"].set_ydata([3, 1, 2]),
    "a text": lambda s: s["text"].set_text("after"),
    "visibility": lambda s: s["curve"].set_visible(False),
    "a colour": lambda s: s["curve"].set_color("red"),
    "limits": lambda s: s["axes"].set_ylim(0, 9),
    "scale": lambda s: s["axes"].set_yscale("log"),
    "title": lambda s: s["axes"].set_title("New"),
    "label of an axis": lambda s: s["axes"].set_xlabel("new"),
    "ticks": lambda s: s["axes"].set_xticks([0, 2]),
    "text of the legend": lambda s: s["axes"].get_legend().get_texts()[0].set_text("new"),
    "a new artist": lambda s: s["axes"].plot([0, 2], [3, 1]),
    "a removed artist": lambda s: s["text"].remove(),
    "a hidden frame": lambda s: s["axes"].set_axis_off(),
    "size": lambda s: s["axes"].figure.set_dpi(150),
}


@pytest.mark.parametrize("what", CHANGES)
def test_same_pixels_as_a_full_draw(scene, what):
    fig, parts = scene
    painter = Painter(fig)
    painter.paint()
    parts["curve"].set_ydata([2, 2, 1])
    before = painter.paint().copy()
    CHANGES[what](parts)
    painted = painter.paint().copy()
    assert np.array_equal(painted, painter.paint_all())
    assert painted.shape != before.shape or not np.array_equal(painted, before), "the change is to be seen"


def test_what_matplotlib_does_not_mark_shows_when_the_picture_is_exact():
    """An annotation's point, the figure's own colour, the colours of the numbers on an axis."""
    fig, ax = style.subplots()
    note = ax.annotate("here", xy=(0.2, 0.2), xytext=(0.5, 0.8), arrowprops={"arrowstyle": "->"})
    (curve,) = ax.plot([0, 1], [0, 1])
    painter = Painter(fig)
    painter.paint()

    def point():
        note.xy = (0.8, 0.1)

    changes = [point, lambda: fig.set_facecolor("yellow"), lambda: ax.get_xticklabels()[2].set_color("red")]
    for end, change in enumerate(changes, 2):
        before = painter.paint_exactly().copy()
        change()
        exact = painter.paint_exactly().copy()
        assert changed(before, exact) and np.array_equal(exact, painter.paint_all())
        curve.set_ydata([0, end])
        assert np.array_equal(painter.paint().copy(), painter.paint_all()), "the next fast picture has it, too"


def test_an_exact_picture_makes_no_later_one_slow(scene, monkeypatch):
    fig, parts = scene
    painter = Painter(fig)
    parts["curve"].set_ydata([1, 2, 3])
    painter.paint()
    painter.paint_exactly()
    draws = []
    monkeypatch.setattr(fig.canvas, "draw", lambda: draws.append(1))
    parts["curve"].set_ydata([3, 2, 1])
    painter.paint()
    assert not draws, "the background still serves"


def test_what_cannot_be_drawn_is_drawn_once_it_can(scene):
    fig, parts = scene
    painter = Painter(fig)
    parts["curve"].set_ydata([1, 2])
    for paint in (painter.paint, painter.paint_exactly):
        with pytest.raises(ValueError, match="shape"):
            paint()
    parts["curve"].set_ydata([2, 1, 3])
    assert parts["curve"].get_visible() and np.array_equal(painter.paint().copy(), painter.paint_all())


def test_overlapping_axes_come_out_right():
    fig, ax = style.subplots()
    (curve,) = ax.plot([0, 1], [0, 1], linewidth=8)
    inset = fig.add_axes((0.4, 0.4, 0.3, 0.3))
    inset.plot([0, 1], [1, 0])
    painter = Painter(fig)
    painter.paint()
    curve.set_ydata([0, 0.9])
    painted = painter.paint().copy()
    assert np.array_equal(painted, painter.paint_all())


def test_only_what_changed_moves():
    fig, ax = style.subplots()  # its labels are empty
    (curve,) = ax.plot([0, 1], [0, 1])
    painter = Painter(fig)
    curve.set_ydata([1, 0])
    painter.paint()
    assert painter._moving == [curve]


def test_a_field_moves_without_its_axis():
    """An axis above a field would be drawn anew in each frame, with all its numbers: more than half of the time."""
    fig, ax = style.subplots()
    field = ax.imshow(np.eye(9))
    painter = Painter(fig)
    field.set_data(np.eye(9)[::-1])
    painter.paint()
    assert painter._above == [field, *ax.spines.values()]


def test_a_second_change_leaves_the_background_alone(scene, monkeypatch):
    fig, parts = scene
    painter = Painter(fig)
    parts["axes"].text(1, 1, "", zorder=9)  # an empty text above what moves
    parts["curve"].set_ydata([3, 1, 2])
    painter.paint()
    monkeypatch.setattr(fig.canvas, "draw", lambda: pytest.fail("a full draw"))
    parts["curve"].set_ydata([1, 1, 2])
    painter.paint()


def test_the_changed_rectangle():
    before = np.zeros((10, 20, 4), np.uint8)
    after = before.copy()
    after[3:5, 7:11, 2] = 9
    assert changed(before, after) == (7, 3, 11, 5)
    assert changed(before, before) is None
    assert changed(None, after) == changed(before[:5], after) == (0, 0, 20, 10)


def test_encoding_exactly_and_in_motion():
    import io

    from PIL import Image

    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    exact, moving = (Image.open(io.BytesIO(encode(pixels, exact))) for exact in (True, False))
    assert (exact.format, moving.format) == ("PNG", "JPEG")
    assert np.array_equal(np.asarray(exact), pixels[..., :3]) and moving.size == (60, 40)
