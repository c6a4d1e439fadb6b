"""The shared drawings and the style: what they show, and that a picture is small, sharp and the same every time."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from classroom.explore import style, views


@pytest.fixture
def shown(monkeypatch):
    """What `views.show` has displayed: a list of (data, metadata)."""
    displayed = []
    monkeypatch.setattr(views, "display", lambda data, raw, metadata=None: displayed.append((data, metadata)))
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


def test_scatter_tells_classes_by_marker_too():
    _, ax = views.subplots()
    groups = views.scatter(ax, np.arange(8.0).reshape(4, 2), np.array([0, 1, 1, 0]), ["Adelie", "Gentoo"])
    assert [len(group.get_offsets()) for group in groups] == [2, 2]
    assert groups[1].get_offsets().tolist() == [[2, 3], [4, 5]]
    shapes = [len(group.get_paths()[0].vertices) for group in groups]
    assert shapes[0] != shapes[1]


def test_boundary_puts_the_line_at_one_half_and_the_field_on_its_points():
    _, ax = views.subplots()
    ax.set(xlim=(-1, 1), ylim=(0, 4))
    field = views.boundary(ax, lambda p: 1 / (1 + np.exp(-9 * (p[:, 0] - 0.25))), fineness=41)
    (line,) = field.line.get_segments()
    assert np.allclose(line[:, 0], 0.25, atol=0.01) and line[:, 1].min() == 0 and line[:, 1].max() == 4
    assert field.field.get_array().shape == (41, 41)
    field.set(lambda p: p[:, 1] / 4)
    (line,) = field.line.get_segments()
    assert np.allclose(line[:, 1], 2) and ax.get_xlim() == (-1, 1)
    field.set(lambda p: np.zeros(len(p)))
    assert len(field.line.get_segments()) == 0


def test_curves_grow_and_make_room():
    _, ax = views.subplots()
    plot = views.curves(ax, ["training", "validation"], length=4)
    plot.set(training=[0.9, 0.5]).set({"validation": [3.0] * 7})
    assert plot.lines["training"].get_xydata().tolist() == [[0, 0.9], [1, 0.5]]
    assert ax.get_xlim()[1] >= 6 and ax.get_ylim()[1] > 3 and ax.get_xlabel() == "epoch"
    plot.set(training=[np.inf, np.nan, 0.1])
    assert np.isfinite(ax.get_ylim()).all()


def test_images_stand_in_a_grid_with_their_labels():
    _, ax = views.subplots()
    stack = np.stack([np.full((4, 4), value) for value in (1.0, 2.0, 3.0)])
    sheet = views.images(ax, stack, labels=[7, 8, 9], columns=2)
    shown = sheet.sheet.get_array()
    assert [text.get_text() for text in sheet.labels] == ["7", "8", "9"]
    assert (shown[0, 0], shown[0, -1], shown[-1, 0]) == (1, 2, 3) and shown.mask[-1, -1]
    sheet.set(stack[::-1])
    assert sheet.sheet.get_array()[0, 0] == 3


def test_a_neuron_shows_symbols_then_numbers():
    _, ax = views.subplots()
    cell = views.neuron(ax, ["length", "depth"])
    assert [text.get_text() for text in cell.weights] == ["$w_1$", "$w_2$"]
    cell.set(weights=[2.0, -0.5], bias=0.25, inputs=[1.0, 3.0], a=0.68)
    assert [text.get_text() for text in cell.weights] == ["2.00", "−0.50"]
    assert cell.z.get_text() == "$z$ = 0.75" and cell.a.get_text() == "$a$ = 0.68"
    assert cell.edges[1].get_linestyle() == "--" and cell.edges[0].get_linewidth() > cell.edges[1].get_linewidth()
