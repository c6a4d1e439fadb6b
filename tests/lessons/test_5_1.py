"""Sentences of lesson 5.1 that no cell of it computes, what its explorer promises, and the worlds of its exercise."""

import numpy as np
import pytest

from classroom import data
from classroom.paths import ROOT
from classroom.tasks.source import load
from nnlib import SGD, Linear, ReLU, Sequential, Tensor, fit, no_grad
from nnlib import functional as F

DIGITS = data.mnist()
PICTURES = (DIGITS.x / 255).reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)


def train(rows, width, labels=DIGITS.y):
    rng = np.random.default_rng(0)
    model = Sequential(Linear(196, width, rng=rng), ReLU(), Linear(width, 10, rng=rng))
    optimizer = SGD(model.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(1, max(15, 6000 // len(rows)) + 1):
        fit(model, F.cross_entropy, optimizer, PICTURES[rows], labels[rows], 1, 32, rng=epoch)
    return model


def error(model, rows, labels=DIGITS.y):
    with no_grad():
        return np.mean(model(Tensor(PICTURES[rows])).data.argmax(axis=1) != labels[rows])


def with_noise(share, rows):
    rng, labels = np.random.default_rng(1), DIGITS.y.copy()
    drawn = rows[rng.random(len(rows)) < share]
    labels[drawn] = rng.integers(0, 10, len(drawn))
    return labels


@pytest.mark.parametrize(
    "images, width, noise, reached",
    [(3000, 16, 0.35, True), (3000, 32, 0.35, True), (3000, 256, 0.35, False), (240, 16, 0.35, False),
     (3000, 16, 0.1, False), (240, 64, 0, False)],
)  # fmt: skip
def test_the_explorers_goal_wants_noise_many_images_and_a_narrow_network(images, width, noise, reached):
    order = np.random.default_rng(0).permutation(5000)
    rows = order[:images]
    labels = with_noise(noise, rows)
    model = train(rows, width, labels)
    own, new = error(model, rows, labels), error(model, order[4000:])
    assert (own - 0.15 >= new and new <= 0.18) == reached


def test_the_worst_networks_with_four_neurons_have_two_dead_ones():
    found = []
    for seed in range(5):
        rng, rows = np.random.default_rng(seed), np.random.default_rng(seed).permutation(5000)[:960]
        model = Sequential(Linear(196, 4, rng=rng), ReLU(), Linear(4, 10, rng=rng))
        optimizer = SGD(model.parameters(), lr=0.05, momentum=0.9)
        fit(model, F.cross_entropy, optimizer, PICTURES[rows], DIGITS.y[rows], 15, 32, rng=seed)
        weight, bias = (parameter.data for parameter in list(model.parameters())[:2])
        found.append((error(model, rows), np.sum((PICTURES[rows] @ weight.T + bias).max(axis=0) <= 0)))
    assert [dead for _, dead in sorted(found)] == [0, 0, 0, 2, 2]


def test_a_bootstrap_of_five_is_too_narrow():
    rng = np.random.default_rng(0)
    samples = rng.normal(size=(2000, 5))
    means = [sample[rng.integers(5, size=(400, 5))].mean(axis=1) for sample in samples]
    low, high = np.percentile(means, [2.5, 97.5], axis=1)
    assert 0.8 < np.mean((low <= 0) & (high >= 0)) < 0.85


def test_the_published_figures_lie_on_a_power_law():
    sizes, errors = np.log([1000, 5000, 10000, 50000]), np.log([0.15, 0.10, 0.08, 0.05])
    slope, height = np.polyfit(sizes, errors, 1)
    assert np.isclose(-slope, 0.28, atol=0.005) and np.abs(slope * sizes + height - errors).max() < 0.06


def test_what_the_questions_compute():
    assert np.isclose(2 * np.sqrt(0.8 * 0.2 / 100), 0.08)
    assert np.isclose(4**-0.5, 0.5)
    assert np.isclose(0.5 * 0.1 + 0.5 * 0.9, 0.5)  # half true labels, half from the hat, nothing learned by heart


def test_the_worlds_of_the_exercise_have_the_truth_that_they_are_said_to_have():
    """Means over all 60 splits: two samples of 60 images are alike, 66 are little better, the others differ clearly."""
    task = next(t for t in load(ROOT / "lessons" / "5_evaluate" / "5_1_learning_curves") if t.name == "5.1 verdict")
    scores = task.cases.__globals__["accuracies"]()
    mean = {name: found.mean() for name, found in scores.items()}
    assert mean["large"] - mean["middle"] > 0.04 and mean["middle"] - mean["small"] > 0.04
    assert 0.005 < mean["a little more"] - mean["another"] < 0.03
    leads = scores["one"] - scores["another"]
    assert abs(leads.mean()) < 2 * leads.std(ddof=1) / np.sqrt(len(leads))
