"""What a Tensor refuses, and in which words: each sentence says what was got, what was expected, and the fix."""

import numpy as np


def as_numbers(data, dtype, copy):
    """data as an array of floats, or a sentence that says why not."""
    if hasattr(data, "vjp"):
        raise TypeError("Tensor() got a Tensor: use it as it is, or give t.numpy(), its numbers alone.")
    if dtype is None or np.dtype(dtype) not in (np.float32, np.float64):
        got = None if dtype is None else np.dtype(dtype)
        raise TypeError(f"a Tensor holds float32 or float64, not {got}: keep labels and indices in a numpy array.")
    if _holds_what_learns(data):
        raise TypeError(
            f"Tensor() got a {type(data).__name__} of Tensors that need a gradient, which would be cut off: join them "
            "with F.stack([...]) or F.cat([...])."
        )
    try:
        array = np.asarray(data)
        problem = "" if array.dtype.kind in "biuf" else f"of type {array.dtype}"
    except (TypeError, ValueError) as error:
        problem = error
    if problem:
        raise TypeError(
            f"Tensor() needs real numbers in rows of equal length, but got {type(data).__name__} ({problem}): "
            "turn words into numbers, fill up short rows and gaps (None) first."
        )
    return np.array(array, dtype=dtype, copy=copy)


def _holds_what_learns(data):
    """True if somewhere in nested lists stands a Tensor that needs a gradient."""
    if isinstance(data, list | tuple):
        return any(type(item) is not float and _holds_what_learns(item) for item in data)
    return hasattr(data, "vjp") and data.requires_grad


def first_gradient(tensor, gradient):
    """The gradient that backward starts from."""
    if not tensor.requires_grad:
        raise RuntimeError(
            "backward() found nothing to differentiate: this tensor was computed without any input that has "
            "requires_grad=True, or inside no_grad()."
        )
    if gradient is None:
        if tensor.data.size != 1:
            raise RuntimeError(
                f"backward() starts from a single number, but this tensor has shape {tensor.shape}: reduce it first, "
                "for example with .mean(), or give backward() a gradient of that shape."
            )
        return np.ones(tensor.shape, tensor.dtype)
    gradient = np.array(gradient, tensor.data.dtype)
    if gradient.shape != tensor.shape:
        raise ValueError(
            f"backward() got a gradient of shape {gradient.shape} for a tensor of shape {tensor.shape}: give it the "
            "tensor's shape."
        )
    return gradient


def not_one_each(gradients, result):
    got = f"a tuple of {len(gradients)}" if type(gradients) is tuple else f"a {type(gradients).__name__}"
    return TypeError(
        f"the vjp of {result.op} returned {got}, but it must return a tuple of {len(result.inputs)}, one gradient for "
        "each input: even a single one takes a comma, (g,)."
    )


def changed(x, result):
    return RuntimeError(
        f"the numbers of an input of {result.op}, shape {x.shape}, were changed after {result.op} was computed from "
        "them: its gradient may be wrong. Call zero_grad() and compute the loss anew, or change the numbers after "
        "backward()."
    )


def released(g):
    """The vjp of every tensor whose graph backward has taken apart."""
    raise RuntimeError(
        "backward() went through this part of the graph before and released it: compute the loss anew before each "
        "backward(), or call the first one with retain_graph=True."
    )


def needed_by_backward(sign):
    return RuntimeError(
        f"`t {sign} ...` changes numbers that backward() may still need: write `with no_grad():` around it for an "
        f"update by hand, or `t = t {sign[0]} ...` for a new tensor."
    )


def keeps_its_shape(sign, other, tensor):
    return ValueError(
        f"`t {sign} ...` got shape {np.shape(other)} for a tensor of shape {tensor.shape}, which keeps its shape: "
        f"write `t = t {sign[0]} ...` for a new tensor."
    )


def no_writing():
    return TypeError(
        "x[...] = ... is no operation that backward could follow: compute a new tensor, for example with F.cat, or "
        "write into the array, x.data[...] = ..., before anything is computed from x."
    )
