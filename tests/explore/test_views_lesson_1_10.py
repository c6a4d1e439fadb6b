"""The drawings of the closing page of level 1: its shapes are nnlib's, its texts stand apart and on the page."""

import pytest
from matplotlib.text import Text

from classroom.explore import views
from nnlib import Linear


def drawn(draw, *more):
    fig, ax = views.subplots(1, 1, size=(8.4, 4))
    draw(ax, *more)
    fig.canvas.draw()
    return fig, ax


@pytest.mark.parametrize("draw, more", [(views.named_network, ()), (views.three_sets, ([106, 36, 36],))])
def test_texts_do_not_touch_and_stay_on_the_page(draw, more):
    fig, ax = drawn(draw, *more)
    boxes = [Text.get_window_extent(text) for text in ax.texts if text.get_text()]  # without a call's line
    for i, box in enumerate(boxes):
        assert fig.bbox.x0 <= box.x0 and box.x1 <= fig.bbox.x1 and fig.bbox.y0 <= box.y0 and box.y1 <= fig.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_the_shapes_are_those_of_nnlib():
    _, ax = drawn(views.named_network)
    said = " ".join(text.get_text() for text in ax.texts)
    for layer in (Linear(3, 4), Linear(4, 2)):
        assert f"weight {layer.weight.shape}" in said and f"bias {layer.bias.shape}" in said
    columns = {len(line.get_xdata()) for line in ax.lines}
    assert columns == {3, 4, 2}


def test_the_bar_is_cut_in_proportion():
    _, ax = drawn(views.three_sets, [106, 36, 36])
    assert [patch.get_width() for patch in ax.patches] == [106, 36, 36]
    assert [text.get_text().split("\n")[1] for text in ax.texts[::2]] == ["106 examples", "36 examples", "36 examples"]
