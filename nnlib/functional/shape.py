"""Operations that move numbers, sum them or average them, and change none."""

import math

import numpy as np

from nnlib.functional.operands import along_dim
from nnlib.tensor import Tensor, as_tensor, node


def reshape(x, shape):
    """The same numbers in another shape; one size may be -1 and follows from the others.

    dL/dx = g in the shape of x. Raises ValueError where the numbers do not fill the new shape.
    """
    x = as_tensor(x)
    try:
        c = x.data.reshape(shape)
    except ValueError:
        raise ValueError(
            f"reshape got a tensor of shape {x.shape}, {x.data.size} numbers, for the new shape {shape}: "
            "the product of the sizes must stay the same."
        ) from None
    return node(c, (x,), lambda g: (g.reshape(x.data.shape),))


def flatten(x, start_dim=1):
    "(n, ...) to (n, product of the rest): each example becomes one row;   start_dim=0 makes all one row, shape (n,)"
    x = as_tensor(x)
    if x.data.ndim < start_dim:
        raise ValueError(
            f"flatten got shape {x.shape}, but it keeps the dimensions before start_dim={start_dim}, the examples: "
            "give it at least one row."
        )
    return reshape(x, (*x.shape[:start_dim], math.prod(x.shape[start_dim:])))


@along_dim
def transpose(x, dim0, dim1):
    "Two dimensions of x swapped;   dL/dx = g with the same two swapped"
    x = as_tensor(x)
    return node(np.swapaxes(x.data, dim0, dim1), (x,), lambda g: (np.swapaxes(g, dim0, dim1),))


def getitem(x, index):
    """c = x[index], with every index that numpy knows;   dL/dx = g at these places, else 0.

    Where an index array names a place twice, both gradients arrive there.
    """
    x = as_tensor(x)
    index = index.data if isinstance(index, Tensor) else index

    def vjp(g):
        gx = np.zeros_like(x.data)
        np.add.at(gx, index, g)
        return (gx,)

    return node(x.data[index], (x,), vjp)


@along_dim
def sum(x, dim=None, keepdim=False):
    """c = the sum over one dimension, several, (0, 1), or all, None;   dL/dx = g, repeated along them.

    keepdim=True leaves each as a dimension of size 1, so that c still broadcasts against x.
    """
    x, dim = as_tensor(x), _several(dim)
    return node(x.data.sum(axis=dim, keepdims=keepdim), (x,), lambda g: (_repeat(g, x, dim, keepdim),))


@along_dim
def mean(x, dim=None, keepdim=False):
    """c = the sum / n over one dimension, several or all;   dL/dx = g / n, repeated along them.

    Raises ValueError where there is nothing to average (n = 0).
    """
    x, dim = as_tensor(x), _several(dim)
    total = x.data.sum(axis=dim, keepdims=keepdim)
    n = x.data.size // total.size if total.size else 1
    if n == 0:
        raise ValueError(f"mean got an empty tensor of shape {x.shape}: no numbers have no mean. Is the batch empty?")
    return node(total / n, (x,), lambda g: (_repeat(g / n, x, dim, keepdim),))


def _several(dim):
    return tuple(dim) if isinstance(dim, list) else dim  # numpy takes several dimensions only as a tuple


def _repeat(g, x, dim, keepdim):
    if dim is not None and not keepdim and x.data.ndim:  # a single number passes for its own dimension 0
        g = np.expand_dims(g, dim)
    return np.broadcast_to(g, x.data.shape)
