"""Sentences of lesson 3.3 that no cell of it computes, what its explorer promises, and its claims in longer runs."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from classroom import data
from nnlib import SGD, Tensor, accuracy, fit, nn, optim
from nnlib import functional as F

MNIST = data.mnist(seed=0)


def network(nn, p=0.2):
    return nn.Sequential(
        *[nn.Linear(784, 256), nn.ReLU(), nn.Dropout(p)],
        *[nn.Linear(256, 128), nn.ReLU(), nn.Dropout(p)],
        nn.Linear(128, 10),
    )


def gaps(rate, steps=150):
    """The explorer with the masks handed over: the gap of the losses in each step, and nnlib's network at the end."""
    torch.manual_seed(0)
    theirs, ours = network(torch.nn), network(nn)
    nn.copy_from_torch(ours, theirs)
    for layer, twin in zip(theirs, ours.layers, strict=True):
        if isinstance(layer, torch.nn.Dropout):
            layer.register_forward_hook(
                lambda _, x, out, twin=twin: setattr(twin, "next_mask", ((out != 0) | (x[0] == 0)).numpy())
            )
    optimizers = SGD(ours.parameters(), lr=rate), torch.optim.SGD(theirs.parameters(), lr=rate)
    rng, found = np.random.default_rng(0), []
    for _ in range(steps):
        batch = rng.integers(len(MNIST.train.x), size=64)
        x, y = MNIST.train.x[batch] / 255, MNIST.train.y[batch]
        their_loss = torch.nn.functional.cross_entropy(theirs(torch.tensor(x)), torch.tensor(y))
        our_loss = F.cross_entropy(ours(Tensor(x)), y)
        for loss, optimizer in zip((our_loss, their_loss), optimizers, strict=True):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        found.append(abs(min(our_loss.item(), 3) - min(their_loss.item(), 3)))
    return np.array(found), accuracy(ours, MNIST.validation.x / 255, MNIST.validation.y)


def test_the_explorers_goal_is_reached_between_small_rates_and_large_ones():
    """At a small rate the gap stays small, at a large one the network does not learn; between them both hold."""
    small, score = gaps(0.1)
    assert small.max() < 1e-5 and score > 0.7
    assert gaps(1.2)[1] < 0.7
    reached = 0
    for rate in (0.614, 0.743, 0.818, 0.9):  # steps of the slider
        found, score = gaps(rate)
        assert found[:10].max() < 1e-5  # it grows; it does not start large
        reached += found.max() > 0.05 and score > 0.7
    assert reached >= 3


def test_nnlibs_state_dict_copies_and_pytorchs_does_not():
    ours, theirs = nn.Linear(2, 2), torch.nn.Linear(2, 2)
    kept, others = ours.state_dict(), theirs.state_dict()
    ours.weight.data += 1
    with torch.no_grad():
        theirs.weight += 1
    assert not np.array_equal(kept["weight"], ours.weight.data)
    assert torch.equal(others["weight"], theirs.weight)


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_division_by_1_minus_p_keeps_the_mean(p):
    x = torch.ones(1000, 100)
    assert abs(torch.nn.Dropout(p)(x).mean() - 1) < 0.02


def test_a_shape_of_double_meets_float_with_an_error():
    """The question "3.3 table": PyTorch keeps float64, and then says Double and Float."""
    with pytest.raises(RuntimeError, match=r"(?i)double.*float|float.*double"):
        torch.nn.Linear(2, 2)(torch.tensor(np.zeros((1, 2))))


def scores(load, scale, sizes, make, seeds, images=None, epochs=10):
    """The validation accuracies, one for each split; `make` makes the optimiser of the parameters."""
    found = []
    for seed in range(seeds):
        split, rng = load(seed), np.random.default_rng(seed)
        layers = [layer for i, o in pairwise(sizes) for layer in (nn.ReLU(), nn.Linear(i, o, rng=rng))]
        model = nn.Sequential(*layers)  # pixels are not below 0: the first ReLU lets them pass
        x, y = split.train.x[:images] / scale, split.train.y[:images]
        fit(model, F.cross_entropy, make(model.parameters()), x, y, epochs, 32, rng)
        found.append(accuracy(model, split.validation.x / scale, split.validation.y))
    return np.array(found)


def sgd(rate, **more):
    return lambda parameters: SGD(parameters, lr=rate, **more)


def adam(rate):
    return lambda parameters: optim.Adam(parameters, lr=rate)


DIGITS, SMALL = (data.digits, 16, (64, 64, 10)), (data.mnist, 255, (784, 64, 10))


@pytest.mark.parametrize("setting", [DIGITS, SMALL], ids=["digits", "MNIST"])
def test_nine_splits_do_not_settle_whether_three_times_the_rate_is_better(setting):
    lead = scores(*setting, sgd(0.3), 9, 1000) - scores(*setting, sgd(0.1), 9, 1000)
    assert (lead > 0).any() and (lead < 0).any()


@pytest.mark.parametrize("setting", [DIGITS, SMALL], ids=["digits", "MNIST"])
def test_momentum_is_ahead_at_the_same_rate(setting):
    assert (scores(*setting, sgd(0.1, momentum=0.9), 3, 1000) > scores(*setting, sgd(0.1), 3, 1000)).all()


def test_raw_pixels_of_mnist_are_guessed_at_a_rate_of_a_tenth():
    load, _, sizes = SMALL
    assert (scores(load, 1, sizes, sgd(0.1), 3, 1000) < 0.15).all()


@pytest.mark.long
def test_the_large_network_on_all_of_mnist():
    """784-256-128-10 on 3 000 images, 15 epochs: SGD within three points of the best rate, Adam within two."""
    large = data.mnist, 255, (784, 256, 128, 10)
    for make, rates, points in ((sgd, (0.01, 0.1, 0.3), 0.03), (adam, (1e-4, 1e-3, 1e-2), 0.02)):
        means = [scores(*large, make(rate), 3, epochs=15).mean() for rate in rates]
        assert max(means) - means[1] < points
