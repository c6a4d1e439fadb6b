"""The shared drawings and the style: what they show, and that a picture is small, sharp and the same every time."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from classroom.explore import style, views
from classroom.explore.views import shown as shown_module


@pytest.fixture
def shown(monkeypatch):
    """What `views.show` has displayed: a list of (data, metadata)."""
    displayed = []
    monkeypatch.setattr(shown_module, "display", lambda data, raw, metadata=None: displayed.append((data, metadata)))
    return displayed


def test_show_gives_picture_alt_text_and_sentence(shown):
    fig, ax = views.subplots()
    ax.plot([1, 2])
    views.show(fig, "A line rises.")
    (data, metadata), (caption, _) = shown
    assert metadata["image/png"]["alt"] == "A line rises."
    assert caption["text/plain"] == "A line rises." and ">A line rises.</p>" in caption["text/html"]
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.size == (2 * metadata["image/png"]["width"], 2 * metadata["image/png"]["height"])


def test_show_wants_a_sentence(shown):
    with pytest.raises(TypeError, match="must be one sentence"):
        views.show(views.subplots()[0], "")


def test_pictures_have_the_same_bytes_and_no_version():
    def draw():
        fig, ax = views.subplots()
        ax.scatter(*np.random.default_rng(0).random((2, 100)))
        return style.png(fig)

    assert draw() == draw() and b"matplotlib" not in draw().lower()


def test_a_busy_picture_is_made_smaller():
    fig, ax = views.subplots(size=(5, 4))
    ax.imshow(np.random.default_rng(0).random((90, 90, 3)))
    assert len(style.png(fig)) <= style.LARGEST


def test_a_hopeless_picture_is_refused(monkeypatch):
    monkeypatch.setattr(style, "LARGEST", 1000)
    fig, ax = views.subplots(size=(2, 2))
    ax.imshow(np.random.default_rng(0).random((90, 90, 3)))
    with pytest.raises(ValueError, match="draw fewer points"):
        style.png(fig)


def test_style_is_readable_and_tells_lines_apart_without_colour():
    sizes = [value for name, value in style.STYLE.items() if name.endswith(("labelsize", "fontsize", "titlesize"))]
    assert min(*sizes, style.STYLE["font.size"]) >= 10
    assert len({str(look["linestyle"]) for look in style.STYLE["axes.prop_cycle"]}) == len(style.COLORS)


def test_images_stand_in_a_grid_with_their_labels():
    _, ax = views.subplots()
    stack = np.stack([np.full((4, 4), value) for value in (1.0, 2.0, 3.0)])
    sheet = views.images(ax, stack, labels=[7, 8, 9], columns=2)
    shown = sheet.sheet.get_array()
    assert [text.get_text() for text in sheet.labels] == ["7", "8", "9"]
    assert (shown[0, 0], shown[0, -1], shown[-1, 0]) == (1, 2, 3) and shown.mask[-1, -1]
    sheet.set(stack[::-1])
    assert sheet.sheet.get_array()[0, 0] == 3
