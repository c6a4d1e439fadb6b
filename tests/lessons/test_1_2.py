"""Sentences of lesson 1.2 that no cell of it computes, and what its explorer promises."""

from itertools import pairwise

import numpy as np
import pytest

from classroom import data, live
from nnlib import SGD, Linear, Sequential, Sigmoid, Tensor, accuracy, fit
from nnlib import functional as F


def count(widths):
    """Counted by nnlib, layer by layer."""
    layers = [Linear(a, b) for a, b in pairwise(widths)]
    return sum(parameter.data.size for layer in layers for parameter in layer.parameters())


def test_the_counts_in_text_and_questions():
    assert count([64, 32, 10]) == 2410 and count([784, 128, 10]) == 101_770
    assert count([64, 20, 20, 20, 10]) - count([64, 20, 20, 10]) == 420
    assert count([64, 13, 10]) == 985 and count([1024, 1, 10]) == 1045
    assert 0.98 * count([784, 128, 10]) < 785 * 128  # "nearly all of them sit in the first"


def test_a_single_hidden_layer_twice_as_wide_has_about_twice_the_parameters():
    for inputs, width, outputs in ((64, 32, 10), (784, 128, 10), (64, 128, 10)):
        assert 1.95 < count([inputs, 2 * width, outputs]) / count([inputs, width, outputs]) <= 2


def test_where_sizes_differ_a_forgotten_transpose_stops():
    with pytest.raises(ValueError):
        np.zeros((333, 2)) @ np.zeros((3, 2))


def test_what_pytorch_says_of_a_picture_that_is_no_row():
    torch = pytest.importorskip("torch")
    with pytest.raises(RuntimeError, match=r"mat1 and mat2 shapes cannot be multiplied \(8x8 and 64x32\)"):
        torch.nn.Linear(64, 32)(torch.zeros(8, 8))
    assert torch.nn.Linear(2, 3).weight.shape == (3, 2)


def reach(layers):
    """All places of the explorer's sliders, for so many hidden layers, that lie within 1 % of 10 000 parameters."""
    places = live.log(1, 1000).values
    others = places if layers > 1 else [1]
    widths = [[64, first, *[other] * (layers - 1), 10] for first in places for other in others]
    return [w for w in widths if abs(sum((a + 1) * b for a, b in pairwise(w)) - 10_000) <= 100]


def test_the_explorers_goal_can_be_reached_and_not_by_many_places():
    assert reach(1) == [[64, 133, 10]]
    deep = [widths for widths in reach(5) if sum(widths[1:-1]) > 200]
    assert 2 <= len(deep) <= 5
    assert not any(widths[1] == 133 for widths in deep)  # from the first network one slider alone does not lead there


@pytest.mark.parametrize("seed", range(5))
def test_the_network_of_the_lesson_reads_the_digit_that_is_shown(seed):
    digits = data.digits()
    network = Sequential(Linear(64, 32, rng=seed), Sigmoid(), Linear(32, 10, rng=seed + 1))
    fit(network, F.cross_entropy, SGD(network.parameters(), lr=1), digits.train.x / 16, digits.train.y,
        epochs=30, batch_size=32, rng=seed)  # fmt: skip
    scores = network(Tensor(digits.test.x[:1] / 16)).data[0]
    first, second = np.sort(scores)[[-1, -2]]
    assert scores.argmax() == digits.test.y[0] == 7 and first > second + 0.5 and scores[9] == second
    assert accuracy(network, digits.test.x / 16, digits.test.y) > 0.9


def test_the_layer_set_by_hand_without_its_head_start():
    birds = data.penguins()
    z = (birds.x - birds.x.mean(axis=0)) @ np.array([[-1, 1], [1, 1], [1, -2]]).T
    assert [int(((z + bias).argmax(axis=1) == birds.y).sum()) for bias in ([0, 0, 0], [1, 0, 0])] == [312, 314]


@pytest.mark.parametrize("rate", [0.1, 1])
def test_c11_does_not_hang_on_one_rate(rate):
    """About 1 000 parameters are ample for 64 pixels, too few for the same picture in 1 024, also at other rates."""
    digits, scores = data.digits(), []
    for side, hidden in ((1, 13), (4, 1)):
        x, new = (np.kron(x.reshape(-1, 8, 8), np.ones((side, side))).reshape(len(x), -1) / 16
                  for x in (digits.train.x, digits.test.x))  # fmt: skip
        network = Sequential(Linear(x.shape[1], hidden, rng=0), Sigmoid(), Linear(hidden, 10, rng=1))
        fit(network, F.cross_entropy, SGD(network.parameters(), lr=rate), x, digits.train.y, 30, batch_size=32, rng=0)
        scores.append(accuracy(network, new, digits.test.y))
    assert scores[0] > scores[1] + 0.4
