"""What lesson 2.1 draws: creases, facets with the affine map of each, and a plane that two units fold."""

import numpy as np
import pytest

from classroom.explore import views

V, C = np.array([[1.0, -1.0], [-1.0, 1.0]]), np.zeros(2)
CORNERS, DIFFERENT = np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]]), np.array([0, 1, 1, 0])


def facets(rng):
    units = (rng.normal(size=(5, 2)), rng.normal(size=5), rng.normal(size=5), 0.3)
    x = rng.uniform(-2, 2, size=(40, 2))
    return views.facets(views.subplots()[1], *units, x, (x[:, 0] > 0).astype(int), ["first", "second"])


@pytest.mark.parametrize("seed", range(3))
def test_the_map_of_a_facet_is_the_network_on_all_of_it_and_not_beyond(seed):
    rng = np.random.default_rng(seed)
    view = facets(rng)
    places = rng.uniform(view.window.min(axis=0), view.window.max(axis=0), size=(400, 2))
    for point in places[:20]:
        view.set(point)
        held = np.isclose(places @ view.slopes + view.constant, view.output(places))
        same = ((places @ view.V.T + view.c > 0) == view.on).all(axis=1)
        assert held[same].all() and not held[~same].all()
        inside = view.facet.get_path().contains_points(places)  # the shaded polygon is that facet
        assert (inside == same).mean() > 0.99


def test_the_formula_is_written_with_true_minus_signs():
    view = facets(np.random.default_rng(0))
    view.slopes, view.constant = np.array([-1.25, 0.5]), -3.0
    assert view.formula() == "output = −1.2·x1 + 0.5·x2 − 3.0"


def test_where_no_unit_is_on_there_is_no_line_of_its_own():
    x = np.random.default_rng(0).uniform(-2, 2, size=(9, 2))
    view = views.facets(views.subplots()[1], np.eye(2), C, np.array([1.0, -2]), -1.0, x, np.arange(9) % 2, ["a", "b"])
    assert len(view.set((1, 1)).own.get_xdata()) and not len(view.set((-1, -1)).own.get_xdata())


def test_two_folds_solve_xor_and_without_relu_none_does():
    plane = views.folded(views.subplots(1, 3, size=(8.4, 3.4))[1], CORNERS, DIFFERENT, ["alike", "different"])
    assert plane.set(V, C, cut=1).wrong == 0
    assert len(plane.back.get_segments()) == 2  # one straight cut, carried back, is two lines
    assert plane.set(V, C, cut=1, bend=False).wrong == 2
    assert len(plane.ring.get_xdata()) == 2


def test_the_sheet_passes_through_the_layers():
    ax = views.subplots()[1]
    views.sheet(ax, lambda p: 2 * p + [10, 0], CORNERS, DIFFERENT, ["alike", "different"])
    points = np.concatenate([group.get_offsets() for group in ax.collections[1:]])
    assert sorted(points[:, 0]) == [8, 8, 12, 12] and ax.get_xlim()[0] > 4


def test_a_crease_is_drawn_where_the_sum_is_0():
    ax = views.subplots()[1]
    views.cut_by(ax, [[1, 2]], [0.5])
    assert np.allclose(ax.lines[0].get_xydata() @ [1, 2] + 0.5, 0)
