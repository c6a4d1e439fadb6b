"""Sentences of lesson 4.2 that no cell of it computes, over more networks, and what its explorer promises."""

from functools import cache

import numpy as np
import pytest

from classroom import data, live, views
from classroom.paths import ROOT
from classroom.tasks.source import load
from nnlib import SGD, Linear, Module, Sequential, Tensor, accuracy, fit
from nnlib import functional as F
from nnlib.nn import BatchNorm1d
from nnlib.optim import clip_grad_norm_

SEEDS = range(10)


class Deep(Module):
    """The lesson's network."""

    def __init__(self, depth=30, activation=F.relu, factor=1.0, norm=False, skip=False, seed=0):
        super().__init__()
        rng = np.random.default_rng(seed)
        self.layers = Sequential(*(Linear(64, 64, rng=rng) for _ in range(depth)))
        for layer in self.layers:
            layer.weight.data[:], layer.bias.data[:] = factor * rng.normal(size=(64, 64)) / 8, 0
        self.norms = Sequential(*(BatchNorm1d(64) for _ in range(depth)))
        self.last = Linear(64, 10, rng=rng)
        self.activation, self.norm, self.skip = activation, norm, skip

    def forward(self, x):
        self.sums = []
        for layer, norm in zip(self.layers, self.norms, strict=True):
            self.sums.append(norm(layer(x)) if self.norm else layer(x))
            a = self.activation(self.sums[-1])
            x = x + a if self.skip else a
        return self.last(x)


def leaky(z):
    return F.leaky_relu(z, 0.2)


def nearly_straight(z):
    return F.leaky_relu(z, 0.8)


STRAIGHTER = {"activation": nearly_straight, "factor": (2 / 1.64) ** 0.5}
EXPLODING = STRAIGHTER | {"factor": 2**0.5 * STRAIGHTER["factor"]}


def typical(numbers):
    return np.sqrt(np.mean(np.square(numbers, dtype=np.float64)))


def share(n=200, **options):
    """The share of the last layer's gradient that arrives at layer 1."""
    part, net = data.digits(0).train, Deep(**options)
    F.cross_entropy(net(Tensor(part.x[:n] / 16)), part.y[:n]).backward()
    return typical(net.sums[0].grad) / typical(net.sums[-1].grad)


def shares(seeds=SEEDS, **options):
    return np.array([share(seed=seed, **options) for seed in seeds])


CURES = [
    ({}, 1e-5, 2e-4),
    ({"activation": leaky}, 3e-5, 2e-4),
    ({"activation": F.tanh}, 0.1, 0.6),
    ({"factor": 2**0.5}, 0.3, 3),
    ({"factor": 2}, 1e4, 5e4),
    (STRAIGHTER, 0.3, 3),
    (EXPLODING, 1e4, 6e4),
    ({"norm": True}, 150, 400),
    ({"skip": True}, 5e3, 1e5),
    ({"skip": True, "factor": 0.2}, 1, 5),
    ({"norm": True, "skip": True}, 6, 18),
    ({"factor": 0.7, "activation": lambda z: z * 1}, 1e-5, 1e-4),
]


@pytest.mark.parametrize("options, low, high", CURES)
def test_each_cure_on_ten_networks(options, low, high):
    found = shares(**options)
    assert low < found.min() and found.max() < high


@pytest.mark.parametrize("activation", [F.relu, leaky, F.tanh, F.sigmoid])
def test_norm_alone_lets_every_bent_network_explode_and_weights_have_no_say(activation):
    found, halved = (shares(range(3), norm=True, activation=activation, factor=factor) for factor in (1, 0.5))
    deeper = shares(range(3), norm=True, activation=activation, depth=60)
    assert np.all(found > 1.5) and np.all(deeper > found) and np.allclose(found, halved, rtol=0.1)


BENDS = {
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: z > 0, 1.21),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2, 1.08),
    "leaky": (lambda z: np.where(z > 0, z, 0.2 * z), lambda z: np.where(z > 0, 1, 0.2), 1.11),
    "straight": (lambda z: 3 * z, lambda z: 3 + 0 * z, 1.0),
}


@pytest.mark.parametrize("name", BENDS)
def test_the_spread_is_at_most_the_typical_slope(name):
    bend, slope, ratio = BENDS[name]
    z = np.random.default_rng(1).normal(size=400_000)
    assert typical(slope(z)) / bend(z).std() == pytest.approx(ratio, abs=0.01)


def test_with_norm_and_skip_the_gradient_grows_like_a_power_of_the_depth():
    depths = np.array([15, 30, 60])
    steps = np.diff(np.log([shares(range(3), norm=True, skip=True, depth=d).mean() for d in depths])) / np.log(2)
    assert np.all((steps > 0.6) & (steps < 2)), steps  # doubled depth, some two to four times the gradient
    assert 25 < shares(range(3), norm=True, skip=True, depth=74).mean() < 80


def test_the_sizes_that_meet_in_a_weights_gradient():
    """ReLU and leak: level within a factor of 10 on ten networks; not where what is sent keeps its size."""
    part = data.digits(0).train
    for seed in SEEDS:
        sizes = []
        for options in ({}, EXPLODING, {"activation": F.sigmoid}, {"norm": True}):
            net = Deep(seed=seed, **options)
            F.cross_entropy(net(Tensor(part.x[:200] / 16)), part.y[:200]).backward()
            sizes.append([typical(layer.weight.grad) for layer in net.layers])
        relu, exploding, sigmoid, norm = sizes
        assert views.weakest(relu) == views.weakest(exploding) == "those of all layers, about alike"
        assert sigmoid[0] < 1e-9 * sigmoid[-1] and 150 < max(norm) / min(norm) < 350


@cache
def hidden(rate, activation, epochs, seed):
    """The lesson's 64-128-10: shares of neurons off for all training images and without gradient, and accuracy."""
    split, net = data.digits(seed), Deep(depth=1, activation=activation, seed=seed)
    net.layers, net.last = Sequential(Linear(64, 128, rng=seed)), Linear(128, 10, rng=seed + 1)
    fit(net, F.cross_entropy, SGD(net.parameters(), lr=rate), split.train.x / 16, split.train.y, epochs, 16, rng=seed)
    right = accuracy(net, split.validation.x / 16, split.validation.y)
    F.cross_entropy(net(Tensor(split.train.x / 16)), split.train.y).backward()
    z = net.sums[0]
    return np.all(z.data <= 0, axis=0).mean(), np.all(z.grad == 0, axis=0).mean(), right


def over_splits(rate, activation=F.relu, epochs=5):
    return np.array([hidden(rate, activation, epochs, seed) for seed in range(5)]).T


def test_a_larger_rate_kills_more():
    few, many, nearly_all = (over_splits(rate)[1] for rate in (0.3, 1.0, 2.0))
    assert few.max() <= 0.1 and many.min() > 0.3 and many.max() < 0.8 and nearly_all.min() > 0.95
    assert over_splits(1.0)[2].min() > 0.8 and over_splits(2.0)[2].max() < 0.2


def test_a_leak_brings_neurons_back_and_elu_does_not_keep_them_all():
    (early, _, _), (late, silent, _) = (over_splits(1.0, leaky, epochs) for epochs in (1, 5))
    assert late.mean() < early.mean() / 2 and silent.max() == 0
    assert over_splits(1.0, epochs=5)[0].mean() > over_splits(1.0, epochs=1)[0].mean()
    assert over_splits(1.0, F.elu)[1].min() > 0


def test_relu_is_not_the_fast_one_here():
    assert np.sum(over_splits(0.3, F.tanh, 1)[2] > over_splits(0.3, F.relu, 1)[2]) >= 4


def test_the_explorers_ways():
    """A factor near √2; small factors with a skip; from 3 on norm and skip together and nothing else."""
    factors = live.log(0.05, 4.0, 1.0).values
    first = [f for f in factors if views.alive(share(100, factor=f))]
    second = [f for f in factors if views.alive(share(100, factor=f, skip=True))]
    assert min(first) > 1.2 and max(first) < 1.7 and len(first) <= 5
    assert 0 < len(second) < len(factors) / 2 and max(second) < 0.5
    third = {
        (norm, skip)
        for factor in factors
        if factor >= 3
        for norm in (False, True)
        for skip in (False, True)
        for depth in (30, 60)
        if views.alive(share(100, factor=factor, norm=norm, skip=skip, depth=depth))
    }
    assert third == {(True, True)}


def test_the_runs_of_the_exercise_hold_what_they_are_named_for():
    """No neuron of a vanishing run is off for all images; two to six of a dead run are. And the answer tells them."""
    task = next(t for t in load(ROOT / "lessons" / "4_analyze" / "4_2_gradients") if t.name == "4.2 tell apart")
    for case in task.cases(np.random.default_rng(5)):
        off = np.sum(np.all(case.arguments[0] <= 0, axis=0))
        assert off == 0 if case.truth["mechanism"] == "vanishing" else 2 <= off <= 6


def trained(seed, rate, batch_size=64, net=None, limit=None, **options):
    split, net = data.digits(seed), net or Deep(seed=seed, **options)
    hook = limit and (lambda: clip_grad_norm_(net.parameters(), limit))
    optimizer, (x, y) = SGD(net.parameters(), lr=rate), split.train
    try:
        fit(net, F.cross_entropy, optimizer, x / 16, y, epochs=5, batch_size=batch_size, rng=seed, before_step=hook)
    except FloatingPointError:
        return 0.0
    return accuracy(net, split.validation.x / 16, split.validation.y)


def test_the_answer_of_the_exercise_tells_trained_networks_apart_as_well():
    """Five runs each, after training: 64-128-10 at rate 1, where neurons die; thirty layers at factor 1, vanished."""
    experiment = next(t for t in load(ROOT / "lessons" / "4_analyze" / "4_2_gradients") if t.name == "4.2 tell apart")
    found = {}
    for seed in range(5):
        shallow = Deep(depth=1, seed=seed)
        shallow.layers, shallow.last = Sequential(Linear(64, 128, rng=seed)), Linear(128, 10, rng=seed + 1)
        trained(seed, 1.0, batch_size=16, net=shallow)
        deep = Deep(seed=seed)
        trained(seed, 0.1, net=deep)
        part = data.digits(seed).train
        for name, net in (("dead", shallow), ("vanished", deep)):
            F.cross_entropy(net(Tensor(part.x[:200] / 16)), part.y[:200]).backward()
            number = experiment.object(net.sums[0].data, net.sums[0].grad)
            found.setdefault(name, []).append(number)
    assert min(found["dead"]) > max(found["vanished"]) + 0.2, found


def test_gradients_of_like_images_are_unlike_after_thirty_full_bends_and_with_norm():
    part = data.digits(0).train
    pairs = (part.y[:200, None] == part.y[:200]) & ~np.eye(200, dtype=bool)

    def alike(seed, **options):
        net = Deep(seed=seed, **options)
        F.cross_entropy(net(Tensor(part.x[:200] / 16)), part.y[:200]).backward()
        each = net.sums[0].grad / np.linalg.norm(net.sums[0].grad, axis=1, keepdims=True)
        return (each @ each.T)[pairs].mean()

    he, straighter, skip, both = (
        np.array([alike(seed, **options) for seed in SEEDS])
        for options in ({"factor": 2**0.5}, STRAIGHTER, {"skip": True, "factor": 0.2}, {"norm": True, "skip": True})
    )
    assert he.max() < 0.4 and straighter.min() > 0.7 and skip.min() > 0.6 and both.max() < 0.2


RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
CHOSEN = {
    "no hidden layer": ({"depth": 0}, 1.0),
    "3 layers": ({"depth": 3, "factor": 2**0.5}, 0.3),
    "He": ({"factor": 2**0.5}, 0.03),
    "He, leak 0.8": (STRAIGHTER, 0.01),
    "norm": ({"norm": True}, 0.1),
    "skip": ({"skip": True, "factor": 0.2}, 0.1),
    "norm and skip": ({"norm": True, "skip": True}, 0.1),
}


@pytest.mark.long
@pytest.mark.parametrize("name", CHOSEN)
def test_the_rates_are_the_best_of_six_on_two_splits_or_nearly(name):
    options, chosen = CHOSEN[name]
    found = {rate: np.mean([trained(seed, rate, **options) for seed in range(2)]) for rate in RATES}
    assert found[chosen] > max(found.values()) - 0.05, found


@pytest.mark.long
def test_a_weaker_bend_learns_and_both_baselines_stay_ahead():
    """Six splits that no rate was chosen on; leaks between are between, at one rate."""
    score = {name: [trained(s, rate, **options) for s in range(2, 8)] for name, (options, rate) in CHOSEN.items()}
    assert max(score["He"]) < 0.35 < min(score["He, leak 0.8"]) and max(score["He"]) < min(score["norm"])
    thirty = max(np.mean(score[name]) for name in ("He", "He, leak 0.8", "norm", "skip", "norm and skip"))
    assert min(np.mean(score["3 layers"]), np.mean(score["no hidden layer"])) > thirty, score

    def with_leak(leak):
        options = {"activation": lambda z: F.leaky_relu(z, leak), "factor": (2 / (1 + leak**2)) ** 0.5}
        return np.mean([trained(seed, 0.01, **options) for seed in range(2, 8)])

    by_leak = [with_leak(leak) for leak in (0, 0.5, 0.8)]
    assert by_leak[0] + 0.1 < by_leak[1] < by_leak[2] - 0.1, by_leak


@pytest.mark.long
def test_clipping_cures_nearly_straight_layers_and_not_the_full_bends():
    """Over six splits: beside the level network as good, or better; ReLU at factor 2 stays where He's start stays."""
    splits = range(2, 8)
    level, held = ([trained(s, rate, limit=limit, **options) for s in splits]
                   for options, rate, limit in ((STRAIGHTER, 0.01, None), (EXPLODING, 0.1, 1.0)))  # fmt: skip
    assert np.mean(held) > np.mean(level) - 0.05 and max(trained(s, 0.1, **EXPLODING) for s in splits) == 0
    assert max(trained(s, rate, limit=1.0, factor=2) for s in splits for rate in (0.01, 0.03, 0.1)) < 0.45


@pytest.mark.long
def test_no_rate_wakes_the_thirty_layers_without_a_cure():
    assert max(trained(seed, rate) for seed in range(3) for rate in RATES) < 0.2
