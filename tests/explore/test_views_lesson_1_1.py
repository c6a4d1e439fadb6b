"""The drawings and sentences of lesson 1.1: each shows what its numbers say, and gives no answer away by itself."""

import numpy as np
import pytest
from scipy.spatial import Delaunay

from classroom import data
from classroom.explore import views


@pytest.fixture
def plane():
    return views.subplots()[1]


def test_the_bias_has_a_line_of_its_own_and_z_lies_on_the_way_out(plane):
    cell = views.neuron(plane, ["length", "depth"])
    ways = [list(zip(*line.get_data(), strict=True)) for line in plane.lines]
    (across, up), (z, level) = cell.bias.get_position(), cell.z.get_position()
    assert [(cell.SUM, -0.9), (cell.SUM, 0)] in ways and across == cell.SUM and up < -0.9
    assert cell.SUM < z < cell.OUT and level == 0


def test_a_decision_line_lies_where_z_is_0(plane):
    w, b = np.array([3.0, 4.0]), -10.0
    drawn = views.decision_line(plane).set(w, b)
    assert np.allclose(np.transpose(drawn.line.get_data()) @ w + b, 0)
    cross, foot = np.transpose(drawn.way.get_data())
    assert np.allclose(cross, 0) and np.allclose(foot, [1.2, 1.6])  # 2 mm along the arrow: the offset 10 / 5
    assert np.allclose((drawn.arrow.U, drawn.arrow.V), [[1.8], [2.4]])  # its length is always 3
    for edge, z in zip(drawn.edges, (-np.log(9), np.log(9)), strict=True):
        assert np.allclose(np.transpose(edge.get_data()) @ w + b, z)


@pytest.mark.parametrize("angle", range(0, 360, 30))
@pytest.mark.parametrize("offset", [-8, -3, 0, 3, 8])
def test_the_arrow_is_seen_wherever_the_line_is_seen(plane, angle, offset):
    across = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    drawn = views.decision_line(plane).set(across, -offset)
    (left, right), (low, high) = views.decision_line.PLANE
    corners = np.array([[x, y] for x in (left, right) for y in (low, high)]) @ across - offset
    x, y = drawn.arrow.get_offsets()[0]
    if corners.min() < 0 < corners.max():
        assert left - 1e-6 <= x <= right + 1e-6 and low - 1e-6 <= y <= high + 1e-6
        assert np.isclose(across @ [x, y], offset)


def test_mistaken_points_are_ringed_and_the_stripe_lies_behind_the_points(plane):
    x, y = np.array([[-2.0, 0], [2.0, 0], [3.0, 1]]), np.array([0, 0, 1])
    drawn = views.decision_line(plane, x, y).set([1, 0], 0)
    assert np.transpose(drawn.ring.get_data()).tolist() == [[2, 0]]
    assert drawn.stripe.get_zorder() < min(points.get_zorder() for points in plane.collections)


def test_no_bill_lies_under_the_words_in_the_corner(plane):
    everyone = data.penguins()
    bills = everyone.x - everyone.x.mean(axis=0)
    drawn = views.decision_line(plane, bills, (everyone.y > 0) * 1)
    plane.figure.draw_without_rendering()
    box = drawn.side.get_window_extent().transformed(plane.transData.inverted())
    assert not np.any(np.all((bills > box.min) & (bills < box.max), axis=1))


def test_surrounded_finds_the_nearest_triangle_around_a_point(plane):
    others = np.array([[0.0, 3], [-3, -3], [3, -3], [0, 1], [-1, -1], [1, -1], [0.0, -0.5], [50, 50]])
    assert views.surrounded(plane, np.array([[0.0, 0], [-9, 9]]), others) == pytest.approx([2**0.5])
    (triangle,) = plane.patches
    assert {tuple(corner) for corner in triangle.get_xy()} == {(0, 1), (-1, -1), (1, -1)}


def test_points_in_a_row_make_no_triangle(plane):
    assert views.surrounded(plane, np.array([[0.5, 0]]), np.array([[0.0, 0], [1, 0], [2, 0]])) == []


def test_three_adelies_of_the_lesson_lie_among_chinstraps(plane):
    """So no line parts the two species: the reason that the lesson gives. Nobody else lies among them."""
    birds = data.penguins(species=("Adelie", "Chinstrap"))
    adelie, chinstrap = (birds.x[birds.y == i].astype(float) for i in (0, 1))
    among = adelie[Delaunay(chinstrap).find_simplex(adelie) >= 0]
    assert len(among) == 3 and len(views.surrounded(plane, among, chinstrap)) == 3


def test_the_steepness_given_to_the_best_line_suits_it():
    everyone, birds = data.penguins(), data.penguins(species=("Adelie", "Chinstrap"))
    x = birds.x - everyone.x.mean(axis=0)
    direction = np.array([np.cos(np.radians(-56)), np.sin(np.radians(-56))])
    along = np.where(birds.y == 1, -1, 1) * (x @ direction + 1.4)
    assert np.sum(along > 0) == 3
    steepness = np.arange(0.5, 8, 0.5)
    assert steepness[np.argmin([np.logaddexp(0, s * along).mean() for s in steepness])] == 3.5


@pytest.mark.parametrize(
    ("before", "after", "words"), [(-1, -3, "against the arrow"), (1, 2.5, "along the arrow"), (2, 2, "stays")]
)
def test_a_movement_in_words(before, after, words):
    assert words in views.movement(before, after)


def test_an_effect_in_words():
    before = np.array([0.2, 0.7])
    assert "more outputs come near" in views.effect(before, np.array([0.1, 0.9]))
    assert "no output gets surer" in views.effect(before, before)
    assert views.effect(before, 1 - before) == "Some penguins change sides."


def test_a_trend_in_words():
    assert views.trend(loss=(2, 1.5), errors=(3, 3), time=(1, 2)) == "loss down, errors as before, time up"


def test_letters_do_not_follow_the_order_of_the_words(plane):
    drawing = views.neuron_with_letters(plane)
    parts = (drawing.inputs[0], drawing.weights[1], drawing.bias, drawing.z, drawing.a)
    assert [part.get_text() for part in parts] == ["C", "E", "A", "D", "B"]
    assert [part.get_text() for part in (drawing.inputs[1], drawing.weights[0])] == ["", ""]


def test_two_neurons_share_their_line_and_hide_their_arrows():
    _, panels = views.subplots(1, 2)
    views.two_neurons(panels)
    widths = []
    for ax in panels:
        (first, second), line = ax.lines[:2], ax.lines[2]
        (x0, y0), (x1, y1) = np.transpose(line.get_data())
        assert (y1 - y0) / (x1 - x0) == pytest.approx(0.75) and y0 - 0.75 * x0 == pytest.approx(2.9)
        side = next(text for text in ax.texts if text.get_text() == "says Gentoo").get_position()
        assert 0.75 * side[0] + 2.9 < side[1] < 6 and -10 < side[0] < 14  # in view, on its side
        assert not any(arrow.get_visible() for arrow in ax.collections)
        widths.append(np.linalg.norm(np.subtract(first.get_xydata()[0], second.get_xydata()[0])))
    assert np.round(widths, 1).tolist() == [2.4, 7.3]  # as the figure's description in words says
