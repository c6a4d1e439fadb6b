"""Points of classes, and which class is seen where: the field, its boundary, and what the sentence counts."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from classroom.explore import style, views


@pytest.fixture
def plane():
    _, ax = views.subplots()
    ax.set(xlim=(-1, 1), ylim=(0, 4))
    return ax


def vertical(at, steepness=9):
    """A classifier whose boundary is the vertical line at `at`."""
    return lambda p: 1 / (1 + np.exp(-steepness * (p[:, 0] - at)))


def test_scatter_tells_classes_by_marker_too(plane):
    groups = views.scatter(plane, np.arange(8.0).reshape(4, 2), np.array([0, 1, 1, 0]), ["Adelie", "Gentoo"])
    assert [len(group.get_offsets()) for group in groups] == [2, 2]
    assert groups[1].get_offsets().tolist() == [[2, 3], [4, 5]]
    shapes = [len(group.get_paths()[0].vertices) for group in groups]
    assert shapes[0] != shapes[1]


def test_the_boundary_lies_at_one_half_and_the_field_on_its_places(plane):
    field = views.boundary(plane, vertical(0.25), fineness=41)
    (line,) = field.line.get_segments()
    assert np.allclose(line[:, 0], 0.25, atol=0.01) and line[:, 1].min() == 0 and line[:, 1].max() == 4
    assert field.field.get_array().shape == (41, 41)
    field.set(lambda p: p[:, 1] / 4)
    (line,) = field.line.get_segments()
    assert np.allclose(line[:, 1], 2) and plane.get_xlim() == (-1, 1)
    field.set(lambda p: np.zeros(len(p)))
    assert len(field.line.get_segments()) == 0


def test_the_dashed_lines_lie_at_nine_tenths_of_either_class(plane):
    field = views.boundary(plane, vertical(0, steepness=10), fineness=201)
    places = sorted(line[:, 0].mean() for line in field.unsure.get_segments())
    assert np.allclose(places, [-np.log(9) / 10, np.log(9) / 10], atol=0.005)


def test_shares_of_the_plane_without_points(plane):
    field = views.boundary(plane, vertical(0.5), names=["Adelie", "Gentoo"])
    assert field.sentence == "Of the plane, 75 % is seen as Adelie, 25 % is seen as Gentoo."


def test_points_on_a_wrong_side_are_ringed_and_counted():
    _, ax = views.subplots()
    x, y = np.array([[-2.0, 0], [2, 0], [3, 1], [-3, 1]]), np.array([0, 0, 1, 0])
    field = views.boundary(ax, vertical(0), x, y)
    assert field.sentence == "1 of 4 points (25 %) lies on a wrong side."
    assert np.transpose(field.ring.get_data()).tolist() == [[2, 0]]
    assert ax.get_xlim()[0] < -3 and ax.get_xlim()[1] > 3
    assert field.set(vertical(2.5)).sentence == "All 4 points lie on the side of their class."
    assert len(field.ring.get_xdata()) == 0
    assert field.set(vertical(-9)).sentence == "3 of 4 points (75 %) lie on a wrong side."


def test_three_classes_meet_in_one_place(plane):
    centres = np.array([[-0.5, 1], [0.5, 1], [0, 3]])

    def nearest(p):
        scores = np.exp(-8 * ((p[:, None] - centres) ** 2).sum(axis=-1))
        return scores / scores.sum(axis=1, keepdims=True)

    field = views.boundary(plane, nearest, centres, np.arange(3), ["a", "b", "c"], fineness=120)
    assert field.sentence.startswith("All 3 points")
    colours = field.field.get_array()
    at_first = colours[np.abs(field.up - 1).argmin(), np.abs(field.across + 0.5).argmin()]
    assert at_first[2] > at_first[0] and colours.min() < 0.8 and colours.max() > 0.98  # blue; white at the boundary
    for line in field.line.get_segments():
        two_best = np.sort(nearest(line), axis=1)[:, -2:]
        assert np.abs(two_best[:, 1] - two_best[:, 0]).max() < 0.1


def test_the_pale_colours_are_those_of_the_points():
    from classroom.explore.views.classes import PALE

    for pale, color in zip(PALE, style.COLORS, strict=True):
        strong = np.array(to_rgb(color))
        assert pale.min() > 0.6 and np.corrcoef(pale, strong)[0, 1] > 0.9, color


@pytest.mark.parametrize("given", [np.zeros(3), np.zeros((1600, 2, 2))], ids=str)
def test_a_predict_of_another_shape_is_explained(plane, given):
    with pytest.raises(ValueError, match="it must give one probability"):
        views.boundary(plane, lambda p: given, fineness=40)


def test_more_classes_than_names_are_refused(plane):
    with pytest.raises(ValueError, match="predict gave 3 classes, but names has 2"):
        views.boundary(plane, lambda p: np.full((len(p), 3), 1 / 3))
