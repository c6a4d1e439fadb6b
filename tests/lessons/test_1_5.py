"""Sentences of lesson 1.5 that no cell of it computes, or only for one seed; its cells are run as they stand there."""

import numpy as np
import pytest

from classroom import data
from nnlib import Linear, ReLU, Sequential, Tensor, fit
from nnlib import functional as F
from nnlib.optim import Adam
from tests.lessons.cells import code_with, definitions


@pytest.fixture(scope="module")
def lesson():
    return definitions("1.5")


@pytest.mark.parametrize("seed", (1, 2, 3))
def test_the_autoencoder_copies_new_digits_with_a_quarter_of_the_average_pictures_error(seed):
    digits, rng = data.digits(seed=seed), np.random.default_rng(seed)
    x, new = digits.train.x / 16, digits.test.x / 16
    widths = ((64, 32), (32, 8), (8, 32), (32, 64))
    first, second, third, fourth = (Linear(*pair, rng=rng) for pair in widths)
    model = Sequential(first, ReLU(), second, third, ReLU(), fourth)
    fit(model, F.mse_loss, Adam(model.parameters(), lr=0.01), x, x, epochs=60, rng=seed)
    average = x.mean(axis=0)
    assert 0.22 < np.mean((model(Tensor(new)).data - new) ** 2) / np.mean((average - new) ** 2) < 0.28


@pytest.mark.parametrize("seed", (0, 1))
def test_most_dreams_look_like_digits(lesson, seed):
    """Most lie no further from a true digit than 99 of 100 new digits do; pictures of shuffled pixels never."""
    digits, rng, sigmoid = data.digits(seed=seed), np.random.default_rng(seed), lesson["sigmoid"]
    x, new = digits.train.x / 16, digits.test.x / 16
    w1, a1, b1 = lesson["learn_to_dream"](x, 64, rng)
    w2, a2, b2 = lesson["learn_to_dream"](sigmoid(x @ w1.T + b1), 64, rng)
    top = rng.random((50, 64)) < 0.5
    for _ in range(1000):
        middle = rng.random(top.shape) < sigmoid(top @ w2 + a2)
        top = rng.random(top.shape) < sigmoid(middle @ w2.T + b2)
    dreams = sigmoid(sigmoid(top @ w2 + a2) @ w1 + a1)

    def nearest(pictures):
        return np.sqrt(((pictures[:, None] - x) ** 2).sum(axis=2)).min(axis=1)

    limit = np.quantile(nearest(new), 0.99)
    assert np.mean(nearest(dreams) <= limit) > 0.7
    assert np.mean(nearest(rng.permuted(new, axis=1)) <= limit) < 0.01
    assert len(set(digits.train.y[((dreams[:, None] - x) ** 2).sum(axis=2).argmin(axis=1)])) >= 6  # not one digit only


def test_each_closed_box_answers_as_its_name_says(lesson):
    """Wherever it is nudged, and wherever two neighbours are exchanged: so no place misleads."""
    exec(*code_with("1.5", "boxes = dict("), lesson)
    x = np.array([0.9, -0.6, 1.3, 0.2, -1.1, 0.5, -0.3, 1.0])
    for place in range(7):
        nudged, swapped = x.copy(), x.copy()
        nudged[place] += 1
        swapped[[place, place + 1]] = x[[place + 1, place]]
        answers = {}
        for name, layer in lesson["layers"].items():
            before = layer(x)
            moved, other = (abs(layer(changed) - before) > 1e-9 for changed in (nudged, swapped))
            follows = np.allclose(layer(swapped)[[place + 1, place]], before[[place, place + 1]]) and other.sum() == 2
            answers[name] = set(np.flatnonzero(moved)), other.all(), follows
        everything = set(range(8))
        assert answers["MLP"] == (everything, True, False)
        assert answers["transformer"] == (everything, False, True)
        assert answers["RNN"][0] == set(range(place, 8))
        assert answers["CNN"][0] == {max(place - 1, 0), place, place + 1}
        graph = answers["graph network"][0]
        assert place in graph and graph != answers["CNN"][0] and graph != answers["RNN"][0] and not answers["CNN"][2]
        assert graph == set(np.flatnonzero(lesson["friends"][place]))


def test_with_places_an_exchange_changes_every_output(lesson):
    """What the question behind the boxes rests on: then an MLP and a transformer answer both tests alike."""
    attend = lesson["attend"]
    for seed in range(20):
        x, places = np.random.default_rng(seed).normal(0, 0.7, (2, 8, 2))
        before = attend(x + places)
        for place in range(8):
            nudged, swapped = x.copy(), x.copy()
            nudged[place] += 1
            swapped[[place, place - 1]] = x[[place - 1, place]]
            for changed in (nudged, swapped):
                assert (abs(attend(changed + places) - before).max(axis=1) > 1e-9).all()
