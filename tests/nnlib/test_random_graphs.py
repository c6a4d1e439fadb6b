"""A few hundred graphs, drawn at random from many operations, give PyTorch's values and gradients: also where results
are used several times, inputs are frozen, empty, in Fortran's order or at kinks, and backward comes repeatedly."""

import numpy as np
import pytest
import torch

from nnlib import Tensor
from nnlib import functional as F

TF = torch.nn.functional

# Each in both libraries: for a tensor of any shape, for one that has rows, and for two.
on_numbers = {
    "neg": (lambda x: -x, lambda x: -x),
    "exp": (lambda x: F.exp(F.clip(x, -3, 3)), lambda x: torch.exp(torch.clip(x, -3, 3))),
    "log": (lambda x: (F.abs(x) + 0.5).log(), lambda x: (x.abs() + 0.5).log()),
    "sigmoid": (F.sigmoid, torch.sigmoid),
    "tanh": (F.tanh, torch.tanh),
    "relu": (F.relu, torch.relu),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.2), lambda x: TF.leaky_relu(x, 0.2)),
    "elu": (lambda x: F.elu(x, 0.7), lambda x: TF.elu(x, 0.7)),
    "gelu": (F.gelu, TF.gelu),
    "gelu, tanh": (lambda x: F.gelu(x, "tanh"), lambda x: TF.gelu(x, approximate="tanh")),
    "square": (lambda x: F.tanh(x) ** 2, lambda x: torch.tanh(x) ** 2),
    "cube": (lambda x: F.tanh(x) ** 3, lambda x: torch.tanh(x) ** 3),
    "power -2": (lambda x: (F.abs(x) + 1) ** -2, lambda x: (x.abs() + 1) ** -2),
    "root": (lambda x: (F.abs(x) + 0.1) ** 0.5, lambda x: (x.abs() + 0.1) ** 0.5),
    "minus x": (lambda x: 1.5 - x, lambda x: 1.5 - x),
    "over x": (lambda x: 2 / (F.abs(x) + 1), lambda x: 2 / (x.abs() + 1)),
    "flat": (lambda x: x.reshape(-1), lambda x: x.reshape(-1)),
    "sum": (F.sum, torch.sum),
}
on_rows = {
    "softmax": (F.softmax, lambda x: torch.softmax(x, -1)),
    "log_softmax along 0": (lambda x: F.log_softmax(x, 0), lambda x: torch.log_softmax(x, 0)),
    "sum over 0": (lambda x: x.sum(0), lambda x: x.sum(0)),
    "sum over -1, kept": (lambda x: x.sum(-1, True), lambda x: x.sum(-1, True)),
    "every other": (lambda x: x[::2], lambda x: x[::2]),
    "new dimension": (lambda x: x[..., None], lambda x: x[..., None]),
    "joined": (lambda x: F.cat([x, x * x]), lambda x: torch.cat([x, x * x])),
    "stacked": (lambda x: F.stack([x, x + 1, x], -1), lambda x: torch.stack([x, x + 1, x], -1)),
    "turned": (lambda x: x.transpose(0, -1), lambda x: x.transpose(0, -1)),
}
on_two = {
    "add": (lambda x, y: x + y, lambda x, y: x + y),
    "sub": (lambda x, y: x - y, lambda x, y: x - y),
    "mul": (lambda x, y: x * y, lambda x, y: x * y),
    "div": (lambda x, y: x / (F.abs(y) + 1), lambda x, y: x / (y.abs() + 1)),
    "maximum": (F.maximum, torch.maximum),
    "matmul": (lambda x, y: x @ y, lambda x, y: x @ y),
}


def leaf(rng):
    """The same numbers in both libraries."""
    shape = tuple(rng.choice([0, 1, 1, 2, 3, 4], size=rng.integers(0, 4)))
    numbers = rng.normal(size=shape)
    if rng.random() < 0.3:
        numbers = np.round(numbers)  # equal numbers, and kinks
    if rng.random() < 0.3:
        numbers = np.asarray(numbers, order="F")
    learns = rng.random() < 0.8
    return Tensor(numbers, learns, np.float64), torch.tensor(numbers.copy(), requires_grad=learns)


def grow(rng, pool):
    """Add a result to the pool of pairs, if the operation that was drawn can be done and its numbers stay in range."""
    ours, theirs = pool[rng.integers(len(pool))]
    table = [on_numbers, on_rows, on_two][rng.integers(3)]
    f, g = list(table.values())[rng.integers(len(table))]
    others = [pool[rng.integers(len(pool))]] if table is on_two else []
    try:
        expected = g(theirs, *[t for _, t in others])
    except (RuntimeError, IndexError):  # shapes that do not fit
        return
    if expected.ndim > 4 or expected.numel() > 500 or (ours.ndim == 0 and table is on_rows):
        return
    result = f(ours, *[t for t, _ in others])
    assert result.requires_grad == expected.requires_grad
    agree(result.data, expected.detach().numpy())
    if np.abs(result.data).max(initial=0) < 1e3:
        pool.append((result, expected))


def agree(ours, theirs):
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-9)


def same_gradients(leaves):
    for ours, theirs in leaves:
        nothing = np.zeros(ours.shape)
        agree(
            nothing if ours.grad is None else ours.grad,
            nothing if theirs.grad is None else theirs.grad.numpy(),
        )
    kept = [ours.grad for ours, _ in leaves if ours.grad is not None]
    assert not any(np.may_share_memory(a, b) for i, a in enumerate(kept) for b in kept[:i])


@pytest.mark.filterwarnings("ignore:grad and param do not obey")  # PyTorch, of gradients without any number
@pytest.mark.parametrize("hundred", range(4))
def test_random_graphs_agree_with_pytorch(hundred):
    for seed in range(100 * hundred, 100 * (hundred + 1)):
        rng = np.random.default_rng(seed)
        leaves = [leaf(rng) for _ in range(rng.integers(1, 5))]
        pool = list(leaves)
        for _ in range(20):
            grow(rng, pool)
        roots = [(ours, theirs) for ours, theirs in pool if ours.vjp is not None]
        for _ in range(rng.integers(1, 4) if roots else 0):
            ours, theirs = roots[rng.integers(len(roots))]
            r = rng.normal(size=ours.shape)
            ours.backward(r, retain_graph=True)
            theirs.backward(torch.tensor(r), retain_graph=True)
            same_gradients(leaves)
        if roots:
            ours.backward(r)
            with pytest.raises(RuntimeError, match="released"):
                ours.backward(r)
