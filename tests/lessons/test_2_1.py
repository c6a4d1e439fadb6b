"""Sentences of lesson 2.1 that no cell of it computes."""

from itertools import combinations, product

import numpy as np
import pytest

from classroom import data
from nnlib import SGD, Linear, ReLU, Sequential, Tensor, fit
from nnlib import functional as F
from nnlib.nn import Parameter

CORNERS, DIFFERENT = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]]), np.array([0, 1, 1, 0])


@pytest.mark.parametrize("seed", range(3))
def test_in_64_dimensions_eight_creases_give_all_256_patterns(seed):
    rng = np.random.default_rng(seed)
    V, c = rng.normal(size=(8, 64)), rng.normal(size=8)
    for signs in product((-1, 1), repeat=8):  # a point with this pattern, found by solving for it
        x = np.linalg.lstsq(V, np.array(signs) - c, rcond=None)[0]
        assert np.array_equal(np.sign(V @ x + c), signs)


@pytest.mark.parametrize("seed", range(5))
def test_no_two_of_the_eight_creases_are_parallel_and_no_three_meet(seed):
    rng = np.random.default_rng(seed)
    V, c = rng.normal(size=(8, 2)), rng.normal(size=8)
    for i, j in combinations(range(8), 2):
        assert abs(np.linalg.det(V[[i, j]])) > 1e-6
        corner = np.linalg.solve(V[[i, j]], -c[[i, j]])
        assert abs(np.delete(V @ corner + c, [i, j])).min() > 1e-6


def test_a_unit_doubled_inside_and_halved_behind_leaves_the_network_as_it_is():
    rng = np.random.default_rng(0)
    x, V, c, w = (rng.normal(size=shape) for shape in ((50, 2), (3, 2), 3, 3))
    by = np.array([1, 2, 1])
    assert np.allclose(np.maximum(0, x @ (by[:, None] * V).T + by * c) @ (w / by), np.maximum(0, x @ V.T + c) @ w)


def networks(units, seed, starts=200):
    """Weights and biases of the lesson's networks at their random starts."""
    rng = np.random.default_rng(seed)
    V, c = (Parameter(rng.uniform(-1, 1, (starts, n, units)) / 2**0.5) for n in (2, 1))
    w, b = (Parameter(rng.uniform(-1, 1, (starts, n, 1)) / units**0.5) for n in (units, 1))
    return V, c, w, b


def backward(V, c, w, b):
    """Fill in the gradients; outputs and hidden activations."""
    hidden = F.relu(Tensor(CORNERS) @ V + c)
    output = hidden @ w + b
    F.binary_cross_entropy_with_logits(output, np.broadcast_to(DIFFERENT[:, None], (len(V.data), 4, 1))).backward()
    return output, hidden


def solved(units, steps, seed, starts=200):
    """Which of the lesson's networks solve XOR after so many steps; at which corners each unit is off."""
    parameters = networks(units, seed, starts)
    optimizer = SGD(parameters, lr=0.5 * starts)
    for _ in range(steps):
        optimizer.zero_grad()
        output, hidden = backward(*parameters)
        optimizer.step()
    return ((output.data[:, :, 0] > 0) == (DIFFERENT == 1)).all(axis=1), (hidden.data == 0).all(axis=2)


@pytest.mark.parametrize("seed", range(3))
def test_a_third_of_the_starts_solve_xor_and_more_steps_do_not_help(seed):
    (early, _), (late, off) = solved(2, 500, seed), solved(2, 1500, seed)
    assert abs(int(late.sum()) - int(early.sum())) <= 2 and 0.25 < late.mean() < 0.45
    together = off[:, DIFFERENT == 1].any(axis=1) & off[:, DIFFERENT == 0].any(axis=1)
    assert together[~late].mean() > 0.8 and not together[late].any()


@pytest.mark.parametrize("seed", range(3))
def test_about_a_quarter_of_the_starts_have_both_units_off_at_two_unlike_corners_and_none_of_them_recovers(seed):
    (_, first), (right, _) = solved(2, 1, seed), solved(2, 500, seed)
    together = first[:, DIFFERENT == 1].any(axis=1) & first[:, DIFFERENT == 0].any(axis=1)
    assert 0.15 < together.mean() < 0.35 and not right[together].any()


@pytest.mark.parametrize("seed", range(3))
def test_where_both_units_are_off_the_other_two_corners_move_them_the_wrong_way(seed):
    """Where the outgoing weight is positive, the no corner comes up against the yes corner; else it goes down."""
    V, c, w, b = networks(2, seed)
    _, hidden = backward(V, c, w, b)
    change = -(CORNERS @ V.grad + c.grad)  # of the sums, at one step
    for no, yes in ((0, 1), (0, 2), (3, 1), (3, 2)):
        off = (hidden.data[:, [no, yes]] == 0).all(axis=(1, 2))
        wrong_way = (change[:, no] - change[:, yes]) * w.data[:, :, 0]
        assert wrong_way[off].min() > -1e-9 and (wrong_way[off] > 1e-6).any()


def test_with_bias_0_a_unit_is_off_at_two_neighbouring_corners():
    angles = np.random.default_rng(0).uniform(0, 2 * np.pi, 1000)
    off = CORNERS @ [np.cos(angles), np.sin(angles)] < 0
    assert (off.sum(axis=0) == 2).all() and (off[DIFFERENT == 1].sum(axis=0) == 1).all()


@pytest.mark.parametrize("seed", range(3))
def test_with_eight_units_nearly_every_start_solves_xor(seed):
    assert solved(8, 500, seed)[0].mean() > 0.97


def test_one_line_gets_three_of_the_corners_right_and_no_more():
    rng = np.random.default_rng(0)
    says = (rng.normal(size=(20_000, 2)) @ CORNERS.T + rng.normal(size=(20_000, 1))) > 0
    right = (says == (DIFFERENT == 1)).sum(axis=1)
    assert right.max() == 3


def test_each_reason_of_the_exercise_holds_for_its_networks():
    """A and E solve XOR, D has a yes and a no corner on one place, C parts them but cuts elsewhere, B is affine."""
    x1, x2 = CORNERS.T
    networks = {
        "A": (np.maximum(0, [x1 - x2, x2 - x1]), [1, 1], -1),
        "B": (np.array([x1 - x2, x2 - x1]), [1, 1], -1),
        "C": (np.maximum(0, [x1 - x2, x2 - x1]), [1, 1], -3),
        "D": (np.maximum(0, [x1 + x2, x1 + x2 - 1]), [1, -2], -1),
        "E": (np.maximum(0, [x1 + x2 + 2, x1 + x2]), [1, -2], -1),
    }
    solves = {name: bool(((w @ a + b > 0) == (DIFFERENT == 1)).all()) for name, (a, w, b) in networks.items()}
    assert solves == {"A": True, "B": False, "C": False, "D": False, "E": True}
    places = {name: [tuple(column) for column in a.T.tolist()] for name, (a, _, _) in networks.items()}
    share = {name: bool({p[0], p[3]} & {p[1], p[2]}) for name, p in places.items()}
    assert share == {"A": False, "B": False, "C": False, "D": True, "E": False}


def test_no_formula_in_the_explorers_window_is_good_alone():
    moons, rng = data.moons(seed=0).train, np.random.default_rng(0)
    model = Sequential(Linear(2, 8, rng=rng), ReLU(), Linear(8, 1, rng=rng))
    loss, optimizer = F.binary_cross_entropy_with_logits, SGD(model.parameters(), lr=1)
    fit(model, loss, optimizer, moons.x, moons.y[:, None], 300, batch_size=len(moons.x), rng=0)
    V, c, w, b = (np.round(p.data.astype(float), 1) for p in model.parameters())
    low, high = moons.x.min(axis=0) - 0.3, moons.x.max(axis=0) + 0.3  # the explorer's window
    window = np.stack(np.meshgrid(*np.linspace(low, high, 601).T), axis=-1).reshape(-1, 2)
    patterns = np.unique(window @ V.T + c > 0, axis=0)
    formulas = moons.x @ ((w[0] * patterns) @ V).T + (w[0] * patterns) @ c + b  # (points, facets)
    assert len(patterns) >= 29
    across, up = ((w[0] * patterns) @ V).T
    assert ((abs(up) < 0.1) & (across > 1)).sum() == 1  # the goal: one facet, a small one
    share = np.mean(((window @ V.T + c > 0) == patterns[(abs(up) < 0.1) & (across > 1)]).all(axis=1))
    assert 0.001 < share < 0.01
    assert ((formulas > 0) != (moons.y == 1)[:, None]).sum(axis=0).min() > 50
