"""Sentences of lesson 2.1 that no cell of it computes."""

from itertools import product

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


def solved(units, steps, seed, starts=200):
    """Which of the lesson's networks solve XOR after so many steps; their outputs and hidden activations."""
    rng = np.random.default_rng(seed)
    V, c = (Parameter(rng.uniform(-1, 1, (starts, n, units)) / 2**0.5) for n in (2, 1))
    w, b = (Parameter(rng.uniform(-1, 1, (starts, n, 1)) / units**0.5) for n in (units, 1))
    answers = np.broadcast_to(DIFFERENT[:, None], (starts, 4, 1))
    optimizer = SGD([V, c, w, b], lr=0.5 * starts)
    for _ in range(steps):
        hidden = F.relu(Tensor(CORNERS) @ V + c)
        output = hidden @ w + b
        loss = F.binary_cross_entropy_with_logits(output, answers)
        optimizer.zero_grad()
        loss.backward()
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
