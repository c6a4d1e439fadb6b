"""gradcheck compares every gradient with the slope that is measured by moving each number a little. The measurement
knows nothing of formulas: where both agree, the vjp is right."""

from itertools import combinations

import numpy as np

from nnlib import functional as F
from nnlib.nn import Module
from nnlib.tensor import Tensor, no_grad


class GradcheckError(AssertionError):
    """A gradient differs from the measured slope, or breaks the rules of `node`."""


def gradcheck(f, *inputs, parameters=(), step=1e-6):
    """True if backward through f(*inputs) gives the measured slopes; else GradcheckError says where it does not.

    f maps Tensors to a Tensor of any shape, or to a tuple of them; inputs are numbers, arrays or Tensors. If f is a
    Module, its parameters are checked too; if f uses some otherwise, name them in `parameters`. Frozen ones, which need
    no gradient, are left out. Afterwards all of them are as before, `.grad` and buffers too. Measured are central
    differences, (L(x + h) - L(x - h)) / 2h with h = `step`, of L = sum(r * f): random weights r, of both signs, give
    every output its own say. All is computed in float64, in which such slopes are good to about nine digits.

    What `node` asks of a vjp is looked at too: in a second backward through the same graph, -1024 r must give -1024
    times the gradients; r stays as it was; no gradient shares its numbers with another tensor; and each input gets the
    same gradient when all others are frozen.

    Not seen are mistakes that show in float32 alone, or at other numbers or shapes than these, and slopes smaller than
    1e-9 times the sum of |f| which backward claims to be 0. Some right gradients are refused: at kinks, such as relu at
    0, there is no slope to measure; where f bends within h, as log does at 1e-5, take a smaller `step`; a random f,
    such as dropout in training, needs its mask fixed.
    """
    named = {p: f"parameter {i}" for i, p in enumerate(parameters)}
    if isinstance(f, Module):
        named |= {p: name for name, p in f.named_parameters()}
    before = [(p, p.data, p.grad, p.requires_grad) for p in named]
    buffers = [(array, array.copy()) for _, array in (f.named_buffers() if isinstance(f, Module) else [])]
    tensors = [Tensor(np.asarray(x), requires_grad=True, dtype=np.float64) for x in inputs]
    checked = {t: f"input {i}" for i, t in enumerate(tensors)} | {p: n for p, n in named.items() if p.requires_grad}
    try:
        for p in named:
            p.data, p.grad = p.data.astype(np.float64), None
        _compare(lambda: _one_tensor(f(*tensors)), checked, step)
    finally:
        for p, data, grad, requires_grad in before:
            p.data, p.grad, p.requires_grad = data, grad, requires_grad
        for array, numbers in buffers:
            array[...] = numbers
    return True


def _one_tensor(results):
    """What f gives; several results, nested or not, laid end to end."""
    if not isinstance(results, tuple | list):
        return results
    return F.cat([F.flatten(_one_tensor(result), 0) for result in results if result is not None])


def _compare(compute, named, h):
    """Raise GradcheckError unless each tensor in `named`, a dict from tensors to names, gets the measured slopes."""
    result = compute()
    if result.dtype != np.float64:
        raise GradcheckError(
            f"f turned float64 numbers into {result.dtype}: use no arrays or dtypes of your own inside f."
        )
    if not np.array_equal(result.data, compute().data, equal_nan=True):
        raise GradcheckError(
            "f gave other numbers when it was computed again, so its slopes cannot be measured: switch randomness off, "
            "with eval(), or fix the mask."
        )
    rng = np.random.default_rng(0)
    r = rng.uniform(0.5, 1.5, result.shape) * rng.choice([-1.0, 1.0], result.shape)
    claims = _gradients(result, r, named)
    for tensor, claimed in claims.items():
        measured = _slopes(compute, r, tensor.data, h)
        _agree(named[tensor], claimed, measured, np.sum(np.abs(r * result.data)))
    _keep_the_rules(compute, result, r, claims, named)


def _gradients(result, r, named):
    """backward's gradient for each tensor, 0 where none arrives; the graph stays."""
    for tensor in named:
        tensor.grad = None
    result.grad = None
    if result.requires_grad:
        result.backward(r, retain_graph=True)
    return {t: np.zeros(t.shape) if t.grad is None else t.grad for t in named}


def _slopes(compute, r, numbers, h):
    """dL/dx for each number x in the array, measured. The sum over the differences is more exact than the difference
    of the sums."""
    slopes = np.zeros_like(numbers)
    with no_grad():
        for i in np.ndindex(numbers.shape):
            x = numbers[i]
            numbers[i] = x + h
            above = compute().data.copy()  # the result may share the numbers that move
            numbers[i] = x - h
            slopes[i] = np.sum(r * (above - compute().data)) / (2 * h)
            numbers[i] = x
    return slopes


def _agree(name, claimed, measured, scale):
    """Raise GradcheckError unless both agree, but for rounding: f, of this scale, has about 16 digits."""
    rounding = 1e-9 * scale + 1e-12
    wrong = ~(np.abs(claimed - measured) <= 1e-6 * np.maximum(np.abs(measured), np.abs(claimed)) + rounding)
    if wrong.any():  # what is not finite counts as wrong
        raise GradcheckError(_what_differs(name, claimed, measured, wrong))
    largest = np.abs(claimed).max(initial=0)
    if 1e-12 * scale < largest < 10 * rounding:
        raise GradcheckError(
            f"the gradient of {name}, at most {largest:.3g}, is too small to be measured beside the numbers of f, "
            f"{scale:.3g} in sum: leave out large constants, or choose other inputs."
        )


def _keep_the_rules(compute, result, r, claims, named):
    """Raise GradcheckError where a vjp is not linear, changes something, or hands out what is not its own."""
    kept = {t: g.copy() for t, g in claims.items()}
    arrays = [(f"the gradient of {named[t]}", t.grad) for t in named if t.grad is not None]
    arrays += [(f"the numbers of {named[t]}", t.data) for t in named]
    for (one, a), (other, b) in combinations(arrays, 2):
        if np.may_share_memory(a, b):
            raise GradcheckError(f"{one} and {other} share memory: a vjp must hand out a new array for each input.")
    again = _gradients(result, -1024 * r, named)
    if result.grad is not None and not np.array_equal(result.grad, -1024 * r):
        raise GradcheckError("a vjp changed the gradient that it was given, which others may share: compute a new one.")
    for t, g in kept.items():
        if not np.allclose(again[t], -1024 * g, rtol=1e-9, atol=1e-9 * np.abs(g).max(initial=0)):
            raise GradcheckError(
                f"the gradient of {named[t]} is not linear: a second backward through the same graph, with -1024 times "
                "the gradient, does not give -1024 times as much. A vjp neither bends g nor changes what it reads."
            )
    for tensor in named:
        for other in named:
            other.requires_grad = other is tensor
        alone = _gradients(compute(), r, [tensor])[tensor]
        if not np.allclose(alone, kept[tensor], rtol=1e-9, atol=1e-9 * np.abs(kept[tensor]).max(initial=0)):
            raise GradcheckError(f"the gradient of {named[tensor]} is another one when all other inputs are frozen.")


def _what_differs(name, claimed, measured, wrong):
    i = tuple(int(n) for n in np.argwhere(wrong)[0])
    message = (
        f"the gradient of {name}, shape {claimed.shape}, is wrong in {wrong.sum()} of {wrong.size} places. "
        f"At {i} backward gives {claimed[i] + 0.0:.6g}, but measured is {measured[i]:.6g}."
    )
    if not claimed.any():
        return message + " It is zero everywhere: is the way to it cut, or a term of the vjp missing?"
    if claimed.ndim == 2 and claimed.shape[0] == claimed.shape[1] and np.allclose(claimed.T, measured):
        return message + " It is right after a transpose: .T is missing, or too much."
    factor = claimed[i] / measured[i] if measured[i] else np.nan
    if wrong.size > 1 and np.allclose(claimed, factor * measured, rtol=1e-5, atol=1e-7):
        return message + f" It is {factor:.6g} times the measured slope everywhere."
    return message
