"""Sentences of lesson 2.6 that no cell of it computes."""

from itertools import product

import numpy as np
import pytest

from classroom import data
from nnlib import Linear, Tensor
from nnlib import functional as F
from tests.lessons.cells import definitions

LESSON = definitions("2.6")


@pytest.mark.parametrize("seed", range(5))
def test_layers_updated_at_once_push_hidden_activations_up(seed):
    """After ten batches at rate 0.5 they are larger than with all updates at the end."""
    step = LESSON["step"]
    means = {}
    for at_once in (False, True):
        split, rng = data.digits(seed=seed), np.random.default_rng(seed)
        first, last = Linear(64, 32, rng=rng), Linear(32, 10, rng=rng)
        for rows in np.array_split(rng.permutation(len(split.train.y)), 33)[:10]:
            step(first, last, split.train.x[rows] / 16, split.train.y[rows], 0.5, at_once)
        means[at_once] = F.relu(first(Tensor(split.train.x / 16))).data.mean()
    assert means[True] > 1.15 * means[False]


@pytest.mark.parametrize("seed", range(5))
def test_layers_updated_at_once_run_away_and_the_digit_network_has_2410_numbers(seed):
    """At rate 0.5, within ten epochs, until the weights are no numbers any more."""
    step = LESSON["step"]
    split, rng = data.digits(seed=seed), np.random.default_rng(seed)
    first, last = Linear(64, 32, rng=rng), Linear(32, 10, rng=rng)
    assert sum(p.data.size for p in [*first.parameters(), *last.parameters()]) == 2410
    with np.errstate(all="ignore"):
        for _ in range(10):
            for rows in np.array_split(rng.permutation(len(split.train.y)), 33):
                step(first, last, split.train.x[rows] / 16, split.train.y[rows], 0.5, True)
    assert np.isnan(first.weight.data).any()


def test_the_step_of_the_lesson_is_gradient_descent_when_all_updates_come_at_the_end():
    step = LESSON["step"]
    rng = np.random.default_rng(0)
    x, y = rng.uniform(size=(8, 64)), rng.integers(0, 10, size=8)
    layers = [Linear(64, 32, rng=rng), Linear(32, 10, rng=rng)]
    F.cross_entropy(layers[1](F.relu(layers[0](Tensor(x)))), y).backward()
    expected = [p.data - 0.3 * p.grad for layer in layers for p in layer.parameters()]
    for layer in layers:
        layer.zero_grad()
    step(*layers, x, y, 0.3, False)
    found = [p.data for layer in layers for p in layer.parameters()]
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(found, expected, strict=True))


def test_twenty_diamonds_have_as_many_paths_as_the_text_says():
    """Counted node by node, since a walk would take minutes."""
    chain = LESSON["chain"]
    paths = {"n0": 1}
    for result, inputs in reversed(chain(20).items()):
        paths[result] = sum(paths[source] for source in inputs)
    assert paths["n20"] == 1_048_576 and sum(len(inputs) for inputs in chain(20).values()) == 80


def test_the_goal_of_the_explorer_is_rare_and_there():
    """Of all places of the sliders, where u is not 0, less than one in a thousand reaches it, and no single slider does
    from the start."""
    values = np.round(np.arange(-20, 21) * 0.1, 1), np.round(np.arange(-60, 61) * 0.1, 1)
    w, u, v = np.meshgrid(*values, np.round(np.arange(-60, 61) * 0.05, 2), indexing="ij")
    p = 2 * w
    reached = (abs(2 * (u + 2 * v * p)) < 0.1) & (abs(u * p + v * p**2 - 4) < 0.1) & (abs(u) > 0.2)
    assert 5 < reached.sum() < 1e-3 * reached.size
    start = (1.0, 3.0, 1.0)
    for kept in product((True, False), repeat=3):
        if sum(kept) == 2:
            slice_ = [abs(axis - s) < 1e-9 for axis, s, keep in zip((w, u, v), start, kept, strict=True) if keep]
            assert not (reached & slice_[0] & slice_[1]).any()
