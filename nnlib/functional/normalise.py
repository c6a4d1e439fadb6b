"""Normalising: numbers are shifted and scaled to mean 0 and variance 1, then by a weight and a bias that are learned.
Layer norm takes the mean over the features of each example, batch norm over the examples of each feature."""

import math

import numpy as np

from nnlib.functional.operands import ones, two_tensors
from nnlib.tensor import as_tensor, node


def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    """y = w h + b,   h = (x - mean) / sqrt(variance + eps), both over the last dimensions, of shape `normalized_shape`.

    x (..., *normalized_shape); weight and bias have normalized_shape, a size or a tuple, or are left out.
    dL/dx = (q - mean(q) - h mean(q h)) / sqrt(variance + eps) with q = g w;   dL/dw = the sum over all rows of g h,
    dL/db = that of g. Raises ValueError unless the shapes fit. (Ba, Kiros & Hinton, 2016)
    """
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    inputs = _together("layer_norm", x, weight, bias)
    x = inputs[0]
    _check_layer_norm(inputs, shape)
    n = math.prod(shape)
    rows = x.data.reshape(math.prod(x.shape[: x.ndim - len(shape)]), n)
    across = ones(n, rows.dtype)
    h = rows - (rows @ across / n)[:, None]
    scale = (1 / np.sqrt((h * h) @ across / n + float(eps)))[:, None]
    h *= scale
    w = across if weight is None else weight.data.reshape(n)
    y = h if weight is None else h * w
    y = y if bias is None else y + bias.data.reshape(n)

    def vjp(g):
        g = g.reshape(rows.shape)
        gh = g * h
        to_x = g if weight is None else g * w
        to_x = to_x - (g @ w / n)[:, None]
        to_x -= h * (gh @ w / n)[:, None]
        to_x *= scale
        down = ones(len(g), g.dtype)
        to_weight = () if weight is None else ((down @ gh).reshape(shape),)
        to_bias = () if bias is None else ((down @ g).reshape(shape),)
        return to_x.reshape(x.data.shape), *to_weight, *to_bias

    return node(y.reshape(x.data.shape), inputs, vjp)


def _together(name, x, weight, bias):
    """x, and weight and bias if there are any, as Tensors of one precision."""
    if weight is not None:
        x, weight = two_tensors(name, x, weight)
    if bias is not None:
        x, bias = two_tensors(name, x, bias)
    return tuple(t for t in (as_tensor(x), weight, bias) if t is not None)


def _check_layer_norm(inputs, shape):
    x, *others = inputs
    if not shape or x.data.shape[-len(shape) :] != shape:
        raise ValueError(
            f"layer_norm got an input of shape {x.shape} to normalise over {shape}: its last dimensions must be these."
        )
    for t in others:
        if t.data.shape != shape:
            raise ValueError(f"layer_norm got a weight or bias of shape {t.shape}: it must be {shape}, as normalised.")
