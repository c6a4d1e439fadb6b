"""gradcheck compares every gradient with the slope that is measured by moving each number a little. The measurement
knows nothing of formulas: where both agree, the vjp is right."""

import numpy as np

from nnlib.nn import Module
from nnlib.tensor import Tensor, no_grad


class GradcheckError(AssertionError):
    """A gradient differs from the measured slope."""


def gradcheck(f, *inputs, parameters=(), step=1e-6):
    """True if backward through f(*inputs) gives the measured slopes; else GradcheckError says where it does not.

    f maps Tensors to a Tensor of any shape; inputs are numbers, arrays or Tensors. If f is a Module, its parameters
    are checked too; if f uses some otherwise, name them in `parameters`. Frozen ones, which need no gradient, are left
    out. Afterwards all of them are as before, `.grad` too. Measured are central differences,
    (L(x + h) - L(x - h)) / 2h with h = `step`, of L = sum(r * f): random weights r give every output its own say.
    All is computed in float64, in which such slopes are good to about nine digits.
    Stay away from kinks, such as relu at 0: there is no slope to measure.
    """
    named = {p: f"parameter {i}" for i, p in enumerate(parameters)}
    if isinstance(f, Module):
        named |= {p: name for name, p in f.named_parameters()}
    before = [(p, p.data, p.grad) for p in named]
    tensors = [Tensor(np.asarray(x), requires_grad=True, dtype=np.float64) for x in inputs]
    checked = {t: f"input {i}" for i, t in enumerate(tensors)} | {p: n for p, n in named.items() if p.requires_grad}
    try:
        for p in named:
            p.data, p.grad = p.data.astype(np.float64), None
        _compare(lambda: f(*tensors), checked, step)
    finally:
        for p, data, grad in before:
            p.data, p.grad = data, grad
    return True


def _compare(compute, named, h):
    """Raise GradcheckError unless each tensor in `named`, a dict from tensors to names, gets the measured slopes."""
    result = compute()
    if result.dtype != np.float64:
        raise GradcheckError(
            f"f turned float64 numbers into {result.dtype}: use no arrays or dtypes of your own inside f."
        )
    r = np.random.default_rng(0).uniform(0.5, 1.5, result.shape)
    if result.requires_grad:
        result.backward(r)
    scale = np.sum(np.abs(r * result.data))
    for tensor, name in named.items():
        claimed = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad
        measured = _slopes(lambda: np.sum(r * compute().data), tensor.data, h)
        tolerance = 1e-6 * np.maximum(np.abs(measured), np.abs(claimed)) + 1e-8 * (1 + scale)
        wrong = ~(np.abs(claimed - measured) <= tolerance)  # not finite counts as wrong
        if wrong.any():
            raise GradcheckError(_what_differs(name, claimed, measured, wrong))


def _slopes(loss, numbers, h):
    """dL/dx for each number x in the array, measured."""
    slopes = np.zeros_like(numbers)
    with no_grad():
        for i in np.ndindex(numbers.shape):
            x = numbers[i]
            numbers[i] = x + h
            above = loss()
            numbers[i] = x - h
            slopes[i] = (above - loss()) / (2 * h)
            numbers[i] = x
    return slopes


def _what_differs(name, claimed, measured, wrong):
    i = tuple(int(n) for n in np.argwhere(wrong)[0])
    message = (
        f"the gradient of {name}, shape {claimed.shape}, is wrong in {wrong.sum()} of {wrong.size} places. "
        f"At {i} backward gives {claimed[i]:.6g}, but measured is {measured[i]:.6g}."
    )
    if not claimed.any():
        return message + " It is zero everywhere: is the way to it cut, or a term of the vjp missing?"
    if claimed.ndim == 2 and claimed.shape[0] == claimed.shape[1] and np.allclose(claimed.T, measured):
        return message + " It is right after a transpose: .T is missing, or too much."
    factor = claimed[i] / measured[i] if measured[i] else np.nan
    if wrong.size > 1 and np.allclose(claimed, factor * measured, rtol=1e-5, atol=1e-7):
        return message + f" It is {factor:.6g} times the measured slope everywhere."
    return message
