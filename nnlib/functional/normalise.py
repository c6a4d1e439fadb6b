"""Normalising: numbers are shifted and scaled to mean 0 and variance 1, then by a weight and a bias that are learned.
Layer norm takes the mean over the features of each example, batch norm over the examples of each feature. Dropout, the
third that steadies training, multiplies by noise."""

import math

import numpy as np

from nnlib.functional.operands import ones, plain_number, two_tensors
from nnlib.tensor import as_tensor, node


def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    """y = w h + b,   h = (x - mean) / sqrt(variance + eps), both over the last dimensions, of shape `normalized_shape`.

    x (..., *normalized_shape); weight and bias have normalized_shape, a size or a tuple, or are left out.
    dL/dx = (q - mean(q) - h mean(q h)) / sqrt(variance + eps) with q = g w;   dL/dw = the sum over all rows of g h,
    dL/db = that of g. Raises ValueError unless the shapes fit. (Ba, Kiros & Hinton, 2016)
    """
    shape = sizes(normalized_shape)
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


def batch_norm(x, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    """y = w h + b,   h = (x - mean) / sqrt(variance + eps), for each feature, or channel, by itself.

    x (n, c) or (n, c, ...); weight and bias (c), or left out; running_mean and running_var are numpy arrays (c).
    In training, mean and variance are those of the batch, over all N numbers of a channel, and move the running ones
    (in place): r = (1 - momentum) r + momentum * new, where the new variance is divided by N - 1 instead of N.
        dL/dx = w (g - mean(g) - h mean(g h)) / sqrt(variance + eps)
    In evaluation the running ones stand in, so that an example's result does not depend on its batch:
        dL/dx = w g / sqrt(variance + eps)
    In both, dL/dw = the sum over a channel of g h,   dL/db = that of g.
    Raises ValueError for wrong shapes, or fewer than two numbers a channel in training. (Ioffe & Szegedy, 2015)
    """
    inputs = _together("batch_norm", x, weight, bias)
    x = inputs[0]
    _check_batch_norm(inputs, running_mean, running_var, training)
    n, c = x.data.shape[:2]
    values = x.data.reshape(n, c, math.prod(x.data.shape[2:]))
    count = n * values.shape[2]
    dtype = values.dtype
    if training:
        mean = _each_channel(values) / count
        h = values - mean[:, None]
        variance = _each_channel(h * h) / count
        _follow(running_mean, mean, float(momentum))
        _follow(running_var, variance * (count / (count - 1)), float(momentum))
    else:
        h = values - running_mean[:, None].astype(dtype)
        variance = running_var.astype(dtype)
    scale = 1 / np.sqrt(variance + float(eps))
    h *= scale[:, None]
    w = scale if weight is None else weight.data * scale
    y = h if weight is None else h * weight.data[:, None]
    y = y if bias is None else y + bias.data[:, None]

    def vjp(g):
        g = g.reshape(values.shape)
        sum_g, sum_gh = _each_channel(g), _each_channel(g * h)
        to_x = g - (sum_g / count)[:, None] - h * (sum_gh / count)[:, None] if training else g
        gradients = (to_x * w[:, None]).reshape(x.data.shape), sum_gh, sum_g
        return tuple(q for q, t in zip(gradients, (x, weight, bias), strict=True) if t is not None)

    return node(y.reshape(x.data.shape), inputs, vjp)


def dropout(x, p=0.5, training=True, rng=None, mask=None):
    """c = x m / (1 - p), where for each number the mask m is 0 with probability p, else 1;   dL/dx = g m / (1 - p)

    The division keeps the expected value, so that in evaluation, training=False, c = x. `rng` is a numpy Generator, to
    be handed from call to call, or a seed; or give the mask itself, an array of the shape of x.
    Raises ValueError for p outside 0 <= p < 1 or a mask of another shape. (Srivastava et al., 2014)
    """
    x, p = as_tensor(x), plain_number("dropout", "p", p)
    if not 0 <= p < 1:
        raise ValueError(f"dropout got p = {p}: it is the share that is dropped, at least 0 and less than 1.")
    if not training:
        return x
    if mask is None:
        mask = dropout_mask(x.data.shape, p, rng)
    if np.shape(mask) != x.data.shape:
        raise ValueError(f"dropout got a mask of shape {np.shape(mask)} for an input of shape {x.shape}: give it that.")
    factor = np.asarray(mask, x.data.dtype) * (1 / (1 - p))
    return node(x.data * factor, (x,), lambda g: (g * factor,))


def dropout_mask(shape, p, rng=None):
    "An array of True, with probability 1 - p, and False, drawn from `rng`, a numpy Generator or a seed"
    return np.random.default_rng(rng).random(shape, np.float32) >= p


# What they share


def sizes(normalized_shape):
    "A single size, or several, as a tuple of plain numbers: numpy's own would turn float32 into float64"
    single = isinstance(normalized_shape, int | np.integer)
    return tuple(int(size) for size in ([normalized_shape] if single else normalized_shape))


def _together(name, x, weight, bias):
    """x, and weight and bias if there are any, as Tensors of one precision."""
    if weight is not None:
        x, weight = two_tensors(name, x, weight)
    if bias is not None:
        x, bias = two_tensors(name, x, bias)
    return tuple(t for t in (as_tensor(x), weight, bias) if t is not None)


def _each_channel(values):
    """(n, c, m) to (c): the sum over all that belongs to a channel."""
    n, _, m = values.shape
    return ones(n, values.dtype) @ (values[:, :, 0] if m == 1 else values @ ones(m, values.dtype))


def _follow(running, new, momentum):
    if running is not None:
        running *= 1 - momentum
        running += momentum * new


def _check_layer_norm(inputs, shape):
    x, *others = inputs
    if 0 in shape:
        raise ValueError(
            f"layer_norm was asked to normalise over {shape}: no numbers have no mean. Give sizes above 0."
        )
    if not shape or x.data.shape[-len(shape) :] != shape:
        raise ValueError(
            f"layer_norm got an input of shape {x.shape} to normalise over {shape}: its last dimensions must be these."
        )
    for t in others:
        if t.data.shape != shape:
            raise ValueError(f"layer_norm got a weight or bias of shape {t.shape}: it must be {shape}, as normalised.")


def _check_batch_norm(inputs, running_mean, running_var, training):
    x, *others = inputs
    if x.data.ndim < 2:
        raise ValueError(
            f"batch_norm got an input of shape {x.shape}: it needs (n, c) or (n, c, ...), examples of c channels."
        )
    c = x.data.shape[1]
    running = [] if training and running_mean is None else [running_mean, running_var]
    for shape in [np.shape(r) for r in running] + [t.data.shape for t in others]:
        if shape != (c,):
            raise ValueError(
                f"batch_norm got an input of shape {x.shape}, {c} channels, but a weight, bias, mean or variance of "
                f"shape {shape}: give the layer the number of channels that its input has in dimension 1."
            )
    if training and x.data.size < 2 * c:
        raise ValueError(
            f"batch_norm got an input of shape {x.shape} in training: a single number in each channel has no variance. "
            "Make batches of two and more, or switch to evaluation: model.eval()."
        )
