"""Sentences of the lessons that no cell of theirs computes: each is measured here, over seeds."""

import numpy as np
import pytest

from classroom import data
from nnlib import SGD, Linear, ReLU, Sequential, Tensor, accuracy, batches, fit
from nnlib import functional as F

SEEDS = range(5)


def trained(x, y, seed, hidden=32, rate=0.3, epochs=60):
    """The network of lesson 0, trained as there."""
    model = Sequential(Linear(x.shape[1], hidden, rng=seed), ReLU(), Linear(hidden, 10, rng=seed + 1))
    fit(model, F.cross_entropy, SGD(model.parameters(), lr=rate), x, y, epochs=epochs, batch_size=32, rng=seed)
    return model


def moved_left(x, side, by=1):
    """Pictures (n, side²), each `by` pixels further left; paper comes in on the right."""
    pictures, moved = x.reshape(-1, side, side), np.zeros((len(x), side, side), x.dtype)
    moved[:, :, :-by] = pictures[:, :, by:]
    return moved.reshape(len(x), -1)


def test_0_shuffling_all_places_alike_changes_little():
    """Lesson 0: the network does not know which places are neighbours."""
    scores = []
    for seed in SEEDS:
        digits, order = data.digits(seed=seed), np.random.default_rng(seed).permutation(64)
        model = trained(digits.train.x[:, order] / 16, digits.train.y, seed)
        scores.append(accuracy(model, digits.test.x[:, order] / 16, digits.test.y))
    assert np.mean(scores) > 0.95


def test_0_every_picture_twice_without_a_move_does_not_help():
    """Lesson 0: it is the second place that helps, not the second half of the pictures."""
    scores = []
    for seed in SEEDS:
        digits = data.digits(seed=seed)
        x, y = np.concatenate([digits.train.x] * 2), np.concatenate([digits.train.y] * 2)
        scores.append(accuracy(trained(x / 16, y, seed), moved_left(digits.test.x, 8) / 16, digits.test.y))
    assert np.mean(scores) < 0.6


def test_0_on_finer_pictures_one_pixel_costs_less():
    """Lesson 0: on 28×28 pixels a move by one costs far less than on 8×8, a move by three more than half."""
    lost = []
    for seed in range(3):
        mnist = data.mnist(seed=seed)
        model = trained(mnist.train.x / 255, mnist.train.y, seed, epochs=20)
        there = [moved_left(mnist.test.x, 28, by) if by else mnist.test.x for by in (0, 1, 3)]
        still, one, three = (accuracy(model, x / 255, mnist.test.y) for x in there)
        lost.append((still - one, still - three))
    by_one, by_three = np.mean(lost, axis=0)
    assert by_one < 0.15 and by_three > 0.46  # more than half of what it read before


@pytest.mark.parametrize("seed", SEEDS)
def test_3_2_without_zero_grad_the_hidden_neurons_die_and_stay_dead(seed):
    """Lesson 3.2: ReLU gives 0 for all images, for all neurons but one or two, and `zero_grad` comes back too late."""
    split, rng = data.digits(seed=seed), np.random.default_rng(seed)
    x, y = split.train.x / 16, split.train.y
    first = Linear(64, 128, rng=rng)
    model = Sequential(first, ReLU(), Linear(128, 10, rng=rng))
    optimizer, order = SGD(model.parameters(), lr=0.5), np.random.default_rng(seed)

    def run(epochs, zero_grad):
        for _ in range(epochs):
            for batch in batches(len(x), 16, order):
                if zero_grad:
                    optimizer.zero_grad()
                F.cross_entropy(model(Tensor(x[batch])), y[batch]).backward()
                optimizer.step()

    run(3, zero_grad=False)
    alive = (F.relu(first(Tensor(x))).data > 0).any(axis=0)
    assert alive.sum() <= 2
    run(10, zero_grad=True)
    assert accuracy(model, split.validation.x / 16, split.validation.y) < 0.25
