"""Sentences of lesson 2.4 that no cell of it computes, what its explorer promises, and the endings of its exercise."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from classroom import data, live, views
from classroom.paths import ROOT
from classroom.tasks.source import load

SEEDS = range(5)


def images(seed):
    part = data.digits(seed).train
    return np.column_stack([part.x / 16, np.ones(len(part.x))]).astype(float), part.y


@pytest.mark.parametrize("seed", SEEDS)
def test_the_curvature_at_the_untrained_start_by_another_way(seed):
    """With all probabilities 1/10 it is a tenth of the largest eigenvalue of the inputs' second moments, plus 0.01."""
    x, _ = images(seed)
    largest = np.linalg.eigvalsh(x.T @ x / len(x))[-1] / 10 + 0.01
    assert round(2 / largest, 1) in (1.7, 1.8)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_the_penalty_there_is_no_minimum(seed):
    """A linear classifier gets every training digit right; twice its weights have a lower loss, and so for ever."""
    x, y = images(seed)
    found = LogisticRegression(C=1e4, max_iter=1000, fit_intercept=False).fit(x, y)
    assert found.score(x, y) == 1


def descend(seed, rate, steps, penalty=0.005):
    """Losses, last weights and gradient of softmax regression from zero weights."""
    x, y = images(seed)
    right = np.eye(10)[y]
    w, losses = np.zeros((10, 65)), []

    def gradient(w):
        powers = np.exp(x @ w.T)
        shares = powers / powers.sum(axis=1, keepdims=True)
        losses.append(-np.log(shares[right == 1]).mean() + penalty * (w * w).sum())
        return (shares - right).T @ x / len(x) + 2 * penalty * w

    for _ in range(steps):
        w = w - rate * gradient(w)
    return np.array(losses), w, gradient


def largest_curvature(w, gradient):
    way = np.random.default_rng(0).normal(size=w.shape)
    for _ in range(60):
        way /= np.linalg.norm(way)
        change = (gradient(w + 1e-4 * way) - gradient(w - 1e-4 * way)) / 2e-4
        largest, way = np.sum(way * change), change
    return largest


@pytest.mark.parametrize("seed", SEEDS)
def test_the_swing_above_the_limit_goes_round_a_place_of_curvature_two_over_the_rate(seed):
    """So on all five splits, not at the size where cross-entropy's slope stops growing; and it swings for ever."""
    _, lowest, gradient = descend(seed, 2.0, 300)
    largest = largest_curvature(lowest, gradient)
    rate = 1.05 * 2 / largest
    _, here, _ = descend(seed, rate, 400)
    there = here - rate * gradient(here)
    middle = largest_curvature((here + there) / 2, gradient)
    assert abs(middle - 2 / rate) < 0.01 < largest - middle
    assert np.linalg.norm(there - rate * gradient(there) - here) < 1e-4 < 0.1 < np.linalg.norm(here - there)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_the_penalty_the_same_rate_does_not_run_away(seed):
    losses, _, _ = descend(seed, 2.25, 600, penalty=0)
    assert losses.max() == losses[0] and losses[-1] < 0.1


def test_flippers_in_millimetres_have_a_limit_a_hundred_times_smaller():
    flippers = data.penguins(columns=("flipper_length_mm", "body_mass_g")).x[:, 0]
    mm = flippers - flippers.mean()
    in_mm, in_cm = (2 / (2 * np.mean(x * x)) for x in (mm, mm / 10))
    assert round(in_cm / in_mm, 6) == 100


def product_descent(w1, w2, rate, steps):
    for _ in range(steps):
        pull = 2 * rate * (1 - w1 * w2)
        w1, w2 = w1 + pull * w2, w2 + pull * w1
    return w1, w2


def test_the_endings_of_the_exercise():
    def named(w1, w2):
        if abs(w1) + abs(w2) < 1e-3:
            return "saddle"
        assert abs(w1 * w2 - 1) < 1e-3
        return "upper right" if w1 > 0 else "lower left"

    runs = {"A": (0.5, 1, 0.01), "B": (0.5, -1, 0.01), "C": (1, -1, 0.01), "D": (0, 0, 0.5)}
    found = {name: named(*product_descent(*run, 5000)) for name, run in runs.items()}
    for name, rate in (("E", 0.05), ("F", 0.15)):
        w1, w2 = product_descent(3, 1 / 3 + 1e-6, rate, 5000)
        far = np.hypot(w1 - 3, w2 - 1 / 3)
        found[name] = "same minimum" if far < 1e-3 else "elsewhere"
    task = next(t for t in load(ROOT / "lessons" / "2_understand" / "2_4_step") if t.name == "2.4 endings")
    assert found == task.object()


def test_curvatures_of_the_product_loss():
    """2 (w1² + w2²) across the minima, and +2 and −2 along the diagonals of the saddle point."""
    for w1, w2 in ((1.0, 1.0), (3.0, 1 / 3)):
        hessian = 2 * np.array([[w2 * w2, 2 * w1 * w2 - 1], [2 * w1 * w2 - 1, w1 * w1]])
        assert np.allclose(np.linalg.eigvalsh(hessian), [0, 2 * (w1**2 + w2**2)])
        assert np.allclose(hessian @ [w2, w1], 2 * (w1**2 + w2**2) * np.array([w2, w1]))  # straight across is (w2, w1)
    assert np.allclose(np.linalg.eigvalsh(2 * np.array([[0, -1], [-1, 0]])), [-2, 2])


def test_the_explorers_goal_is_reached_on_the_two_axes_alone():
    rates = live.slider(0.005, 1.2, 0.2, 0.005).values
    _, (left, right) = views.subplots(1, 2)
    views.bowl(left, right, (1, 8), steps=12)
    point = live.point(left, (3.0, 1.2))
    across, up = (np.arange(way["low"], way["high"] + 1e-9, way["step"]) for way in point._ways())
    starts = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    starts = starts[np.linalg.norm(starts, axis=1) >= 1.5]
    ends = starts[:, None] * (1 - np.array(rates)[:, None] * np.array([1.0, 8.0]))
    start, rate = np.nonzero(np.linalg.norm(ends, axis=2) <= 0.03)
    found = {(round(float(rates[k]), 3), bool(abs(starts[i, 1]) < 0.05)) for i, k in zip(start, rate, strict=True)}
    assert len(start) < len(starts) * len(rates) / 5000
    assert {along for _, along in found} == {True, False}
    assert all(abs(r - (1 if along else 0.125)) <= 0.02 for r, along in found)
