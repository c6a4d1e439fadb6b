"""Convolution and pooling: the same small computation at every place of an image. A convolution becomes one matrix
product for each row of results: the kernels, as rows, times all the pixels that they meet there."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlib.functional.operands import ones, two_tensors
from nnlib.functional.shape import reshape
from nnlib.tensor import as_tensor, node


def conv2d(x, weight, bias=None, stride=1, padding=0):
    """y[n, o, i, j] = b[o] + sum over c, u, v of W[o, c, u, v] x[n, c, s i + u - p, s j + v - p], x = 0 outside.

    x (n, c, h, w), weight W (out, c, kh, kw), bias b (out); y (n, out, h', w') with h' = (h + 2 p - kh) // s + 1 and w'
    likewise. stride s and padding p: a number, or a pair (down, across).
    dL/dW sums, over all places, g times the pixels that W met there; dL/dx sums, over all results that a pixel went
    into, g times the weight that it met; dL/db = the sum over an out-channel of g.
    Raises ValueError unless the shapes fit. (LeCun et al., 1989; Dumoulin & Visin, 2016, draw strides and paddings)
    """
    x, weight, bias = _checked("conv2d", x, weight, bias, ("height", "width"))
    down, across = each_side("conv2d", "stride", stride, 1, 2)
    above, beside = each_side("conv2d", "padding", padding, 0, 2)
    n, c, h, w = x.data.shape
    out, _, kh, kw = weight.data.shape
    rows = _places("conv2d", "height", h + 2 * above, kh, down)
    columns = _places("conv2d", "width", w + 2 * beside, kw, across)

    # A row of pixels becomes a block of m = kw * c lines: the row of each channel, shifted by v = 0 ... kw - 1, through
    # all images. A row of results needs kh blocks. They are neighbours in memory, so `pixels` copies nothing again.
    m = kw * c
    shifted = sliding_window_view(_padded(x.data, above, beside), kw, axis=3)
    shifted = shifted[:, :, :, ::across]  # (n, c, h, columns, v)
    blocks = shifted.transpose(2, 4, 1, 0, 3).reshape((h + 2 * above) * m, n * columns)  # (h v c, n columns)
    pixels = sliding_window_view(blocks, kh * m, axis=0)[:: down * m].swapaxes(1, 2)  # (rows, u v c, n columns)
    W = weight.data.transpose(0, 2, 3, 1).reshape(out, kh * m)  # (out, u v c)
    y = W @ pixels  # (rows, out, n columns)
    if bias is not None:
        y += bias.data[:, None]
    y = np.ascontiguousarray(y.reshape(rows, out, n, columns).transpose(2, 1, 0, 3))  # (n, out, rows, columns)

    def vjp(g):
        G = g.transpose(2, 1, 0, 3).reshape(rows, out, n * columns)
        to_x = to_weight = None
        if x.requires_grad:
            to_blocks = np.zeros((h + 2 * above, m, n * columns), g.dtype)
            for u in range(kh):
                to_blocks[u : u + down * rows : down] += W[:, u * m : (u + 1) * m].T @ G
            to_shifted = to_blocks.reshape(h + 2 * above, kw, c, n, columns)
            to_padded = np.zeros((h + 2 * above, c, n, w + 2 * beside), g.dtype)
            for v in range(kw):
                to_padded[..., v : v + across * columns : across] += to_shifted[:, v]
            to_x = to_padded[above : above + h, ..., beside : beside + w].transpose(2, 1, 0, 3).copy()
        if weight.requires_grad:
            to_weight = (G @ pixels.swapaxes(1, 2)).sum(axis=0).reshape(out, kh, kw, c).transpose(0, 3, 1, 2)
        return (to_x, to_weight) if bias is None else (to_x, to_weight, (G @ ones(n * columns, g.dtype)).sum(axis=0))

    return node(y, (x, weight) if bias is None else (x, weight, bias), vjp)


def conv1d(x, weight, bias=None, stride=1, padding=0):
    """conv2d for sequences, images of height 1: x (n, c, length), weight (out, c, k), bias (out);
    y (n, out, (length + 2 padding - k) // stride + 1).   Raises ValueError unless the shapes fit."""
    x, weight, bias = _checked("conv1d", x, weight, bias, ("length",))
    (stride,), (padding,) = each_side("conv1d", "stride", stride, 1, 1), each_side("conv1d", "padding", padding, 0, 1)
    n, c, length = x.data.shape
    out, _, k = weight.data.shape
    places = _places("conv1d", "length", length + 2 * padding, k, stride)
    y = conv2d(reshape(x, (n, c, 1, length)), reshape(weight, (out, c, 1, k)), bias, (1, stride), (0, padding))
    return reshape(y, (n, out, places))


def max_pool2d(x, kernel_size, stride=None):
    """c = the largest number in each window of x (..., h, w), of size kernel_size; nan, if there is one.

    dL/dx: the g of a window goes to its largest number; of equal ones to the first, row by row; an infinite g gives nan
    to the others, as in relu. Windows start `stride` apart, by default side by side, and none goes over the edge. Both
    are numbers or pairs (down, across).
    Raises ValueError where a window is larger than the image. (Ranzato et al., 2007)
    """
    x = as_tensor(x)
    places, apart = _windows("max_pool2d", x, kernel_size, stride)
    c = x.data[places[0]].copy()
    for place in places[1:]:
        np.maximum(c, x.data[place], out=c)

    def vjp(g):
        to_x = np.zeros_like(x.data)
        waits = np.ones(c.shape, bool)  # the windows whose g is still to be given away
        for place in places:
            won = waits if place is places[-1] else waits & (x.data[place] == c)
            waits = waits ^ won
            to_x[place] = g * won if apart else to_x[place] + g * won
        return (to_x,)

    return node(c, (x,), vjp)


def avg_pool2d(x, kernel_size, stride=None):
    """c = the mean of each window of x (..., h, w);   dL/dx: each number of a window gets g / their count.

    Windows as in max_pool2d. The mean over the whole image, global average pooling, is x.mean((-2, -1)).
    Raises ValueError where a window is larger than the image. (LeCun et al., 1990)
    """
    x = as_tensor(x)
    places, _ = _windows("avg_pool2d", x, kernel_size, stride)
    c = x.data[places[0]].copy()
    for place in places[1:]:
        c += x.data[place]
    c /= len(places)

    def vjp(g):
        share = g / len(places)
        to_x = np.zeros_like(x.data)
        for place in places:
            to_x[place] += share
        return (to_x,)

    return node(c, (x,), vjp)


def _padded(image, above, beside):
    """The image, (n, c, h, w), with so many rows of zeros above and below, and columns on either side."""
    if not (above or beside):
        return image
    n, c, h, w = image.shape
    padded = np.zeros((n, c, h + 2 * above, w + 2 * beside), image.dtype)
    padded[:, :, above : above + h, beside : beside + w] = image
    return padded


def _windows(name, x, kernel_size, stride):
    """For each place in a window, row by row, the index that picks it from all windows at once; and True if no two
    windows overlap."""
    kernel = each_side(name, "kernel_size", kernel_size, 1, 2)
    stride = kernel if stride is None else each_side(name, "stride", stride, 1, 2)
    if x.data.ndim < 2:
        raise ValueError(f"{name} got an input of shape {x.shape}: it needs images, (n, channels, height, width).")
    slices = []
    for size, k, s, side in zip(x.data.shape[-2:], kernel, stride, ("height", "width"), strict=True):
        reach = s * _places(name, side, size, k, s)
        slices.append([slice(i, i + reach, s) for i in range(k)])
    apart = all(s >= k for s, k in zip(stride, kernel, strict=True))
    return [(..., row, column) for row in slices[0] for column in slices[1]], apart


def _checked(name, x, weight, bias, sides):
    """All as Tensors of one precision, or a sentence that says what does not fit."""
    x, weight = two_tensors(name, x, weight)
    if bias is not None:
        bias = two_tensors(name, bias, weight)[0]
    shape, kernel, dimensions = x.data.shape, weight.data.shape, 2 + len(sides)
    if len(kernel) != dimensions or 0 in kernel or (bias is not None and bias.data.shape != kernel[:1]):
        shapes = f"{kernel}" if bias is None else f"{kernel} and a bias of shape {bias.shape}"
        names = ", ".join(f"kernel {side}" for side in sides)
        raise ValueError(
            f"{name} got a weight of shape {shapes}: it needs a weight (out, in, {names}), none of them 0, and a bias "
            "(out,)."
        )
    if len(shape) != dimensions or shape[1] != kernel[1]:
        raise ValueError(_wrong_input(name, shape, kernel[1], sides))
    return x, weight, bias


def _wrong_input(name, shape, channels, sides):
    fix = f"What stands in dimension 1 must be the {channels} channels."
    if len(shape) == 1 + len(sides):
        whole = shape[0] == channels
        new = (1, *shape) if whole else (shape[0], 1, *shape[1:])
        fix = f"For {'a single example' if whole else 'a single channel'}: x.reshape{new}."
    elif len(shape) == 2 + len(sides) and shape[-1] == channels:
        fix = "Are the channels last? Tensor(np.moveaxis(x, -1, 1)) puts them where they belong."
    return f"{name} got an input of shape {shape}: it needs (n, {channels}, {', '.join(sides)}). {fix}"


def _places(name, side, size, kernel, stride):
    """At how many places along a side, of this size with its padding, the kernel fits, going in steps of `stride`."""
    if kernel > size:
        raise ValueError(
            f"{name} got a kernel of {side} {kernel} for an input of {side} {size}, padding counted: the kernel must "
            "fit inside. Take a smaller one, or fewer layers that shrink the input."
        )
    return (size - kernel) // stride + 1


def each_side(name, what, setting, least, count):
    """A setting for each of `count` sides, down before across, given as one whole number for all, or one for each."""
    each = tuple(setting) if isinstance(setting, tuple | list) else (setting,) * count
    if len(each) != count or any(not isinstance(s, int | np.integer) or s < least for s in each):
        several = " or a pair (down, across) of such numbers" if count == 2 else ""
        raise ValueError(f"{name} got {what}={setting!r}: it needs a whole number of at least {least}{several}.")
    return each
