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
    are checked too; if f uses some otherwise, name them in `parameters`. Measured are central differences,
    (L(x + h) - L(x - h)) / 2h with h = `step`, of L = sum(r * f): random weights r give every output its own say.
    All is computed in float64, in which such slopes are good to about nine digits.
    Stay away from kinks, such as relu at 0: there is no slope to measure.
    """
    parameters = list(parameters) + (f.parameters() if isinstance(f, Module) else [])
    single = [p.data for p in parameters]
    tensors = [Tensor(np.asarray(x), requires_grad=True, dtype=np.float64) for x in inputs]
    try:
        for p in parameters:
            p.data = p.data.astype(np.float64)
        _compare(lambda: f(*tensors), tensors + parameters, step)
    finally:
        for p, data in zip(parameters, single, strict=True):
            p.data, p.grad = data, None
    return True


def _compare(compute, tensors, h):
    for tensor in tensors:
        tensor.grad = None
    result = compute()
    if result.dtype != np.float64:
        raise GradcheckError(
            f"f turned float64 numbers into {result.dtype}: use no arrays or dtypes of your own inside f."
        )
    r = np.random.default_rng(0).uniform(0.5, 1.5, result.shape)
    if result.requires_grad:
        result.backward(r)
    scale = np.sum(np.abs(r * result.data))
    for place, tensor in enumerate(tensors):
        claimed = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad
        measured = _slopes(lambda: np.sum(r * compute().data), tensor.data, h)
        tolerance = 1e-6 * np.maximum(np.abs(measured), np.abs(claimed)) + 1e-8 * (1 + scale)
        wrong = ~(np.abs(claimed - measured) <= tolerance)  # not finite counts as wrong
        if wrong.any():
            raise GradcheckError(_what_differs(place, claimed, measured, wrong))


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


def _what_differs(place, claimed, measured, wrong):
    i = tuple(int(n) for n in np.argwhere(wrong)[0])
    message = (
        f"the gradient of input {place}, shape {claimed.shape}, is wrong in {wrong.sum()} of {wrong.size} places. "
        f"At {i} backward gives {claimed[i]:.6g}, but measured is {measured[i]:.6g}."
    )
    if not claimed.any():
        return message + " It is zero everywhere: is the way to this input cut, or a term of the vjp missing?"
    if claimed.ndim == 2 and claimed.shape[0] == claimed.shape[1] and np.allclose(claimed.T, measured):
        return message + " It is right after a transpose: .T is missing, or too much."
    factor = claimed[i] / measured[i] if measured[i] else np.nan
    if wrong.size > 1 and np.allclose(claimed, factor * measured, rtol=1e-5, atol=1e-7):
        return message + f" It is {factor:.6g} times the measured slope everywhere."
    return message
