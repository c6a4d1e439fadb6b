"""Matrix products; the linear layer, one product and a bias in one node; and the embedding, a product with rows of
which each has a single 1, done by looking up."""

import math

import numpy as np

from nnlib.functional.operands import ones, two_tensors
from nnlib.functional.shape import add_up
from nnlib.tensor import Tensor, as_tensor, node


def matmul(a, b):
    """C = A B for matrices (m, k) and (k, n);   dL/dA = G B^T,   dL/dB = A^T G   (Giles, 2008)

    Dimensions in front of these two make a stack of matrices and are broadcast. A vector counts as one row on the
    left, as one column on the right. Raises ValueError where the two k differ.
    """
    a, b = two_tensors("matmul", a, b)
    try:
        c = a.data @ b.data
    except ValueError:
        raise ValueError(
            f"matmul got shapes {a.shape} and {b.shape}: the last size of the first must equal the last but one of the "
            "second (for a vector: its only one). Is a transpose, .T, missing?"
        ) from None

    def vjp(g):
        A = a.data if a.data.ndim > 1 else a.data[None, :]
        B = b.data if b.data.ndim > 1 else b.data[:, None]
        G = g if b.data.ndim > 1 else g[..., None]
        G = G if a.data.ndim > 1 else G[..., None, :]
        to_a = G @ B.swapaxes(-1, -2) if a.requires_grad else None
        to_b = A.swapaxes(-1, -2) @ G if b.requires_grad else None
        if a.data.ndim == 1 and to_a is not None:
            to_a = to_a[..., 0, :]
        if b.data.ndim == 1 and to_b is not None:
            to_b = to_b[..., 0]
        return to_a, to_b

    return node(c, (a, b), vjp)


def linear(x, weight, bias=None):
    """y = x W^T + b for rows x (..., in), weight W (out, in) and bias b (out);   y has shape (..., out).

    dL/dx = G W,   dL/dW = G^T x,   dL/db = the sum of the rows of G.
    Raises ValueError unless the shapes fit. The same as x @ W.T + b, in one node instead of three.
    """
    x, weight = two_tensors("linear", x, weight)
    W = weight.data
    if bias is not None:
        bias = as_tensor(bias, W.dtype)
    if W.ndim != 2 or (bias is not None and bias.data.shape != W.shape[:1]):
        shapes = f"{W.shape}" if bias is None else f"{W.shape} and a bias of shape {bias.shape}"
        raise ValueError(f"linear got a weight of shape {shapes}: it needs a weight (out, in) and a bias (out,).")
    if x.data.shape[-1:] != W.shape[1:]:
        raise ValueError(_wrong_width(x, W))
    rows = x.data if x.data.ndim == 2 else x.data.reshape(math.prod(x.shape[:-1]), W.shape[1])
    y = rows @ W.T
    if bias is not None:
        y += bias.data

    def vjp(g):
        g = g.reshape(y.shape)
        to_x = (g @ W).reshape(x.data.shape) if x.requires_grad else None
        to_weight = g.T @ rows if weight.requires_grad else None
        return (to_x, to_weight) if bias is None else (to_x, to_weight, ones(len(g), g.dtype) @ g)

    value = y if x.data.ndim == 2 else y.reshape(*x.data.shape[:-1], W.shape[0])
    return node(value, (x, weight) if bias is None else (x, weight, bias), vjp)


def _wrong_width(x, W):
    fix = "Give it rows of that many numbers."
    if x.ndim > 2 and math.prod(x.shape[1:]) == W.shape[1]:
        fix = f"Flatten first: x.reshape({x.shape[0]}, -1)."
    elif x.ndim == 2 and x.shape[0] == W.shape[1]:
        fix = "Is x transposed? Rows are examples: x.T."
    return (
        f"Linear({W.shape[1]}, {W.shape[0]}) got an input of shape {x.shape}: its last dimension must be "
        f"{W.shape[1]}. {fix}"
    )


def embedding(input, weight):
    """c = weight[input]: for each integer in `input`, of any shape (...), a row of weight (n, d); c is (..., d).

    The same as one-hot rows times weight, without the zeros. dL/dweight: each row gets the sum of the g of all places
    where it was looked up. A Tensor of whole numbers will do as well: `fit` makes its inputs Tensors.
    Raises TypeError for other numbers, ValueError for one outside 0 ... n - 1. (Bengio et al., 2003)
    """
    weight, rows = as_tensor(weight), input.data if isinstance(input, Tensor) else np.asarray(input)
    if (
        weight.data.ndim != 2
        or rows.dtype.kind not in "iuf"
        or (rows.dtype.kind == "f" and (rows != np.floor(rows)).any())
    ):
        raise TypeError(
            f"embedding got an input of type {rows.dtype} and a weight of shape {weight.shape}: it needs whole "
            "numbers, those of the rows to look up, and a weight (n, d)."
        )
    n, d = weight.data.shape
    if rows.size and (rows.min() < 0 or rows.max() >= n):
        raise ValueError(
            f"embedding got numbers from {rows.min():.0f} to {rows.max():.0f} for a table of {n} rows: they must lie "
            f"from 0 to {n - 1}. Number the entries from 0, or give the table more rows."
        )
    rows = rows.astype(np.intp, copy=False)

    def vjp(g):
        return (add_up(g, rows[..., None] * d + np.arange(d), weight.data.shape),)

    return node(weight.data[rows], (weight,), vjp)
