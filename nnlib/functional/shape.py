"""Operations that pick, move, join, sum or average numbers, and change none."""

import math

import numpy as np

from nnlib.functional.operands import along_dim, two_tensors
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
        if _names_each_place_once(index):
            to_x = np.zeros_like(x.data)
            to_x[index] = g
        else:
            to_x = add_up(g, np.arange(x.data.size).reshape(x.data.shape)[index], x.data.shape)
        return (to_x,)

    return node(x.data[index], (x,), vjp)


def _names_each_place_once(index):
    """True for numbers and slices, and for a mask; False for index arrays and lists, which may repeat themselves."""
    if isinstance(index, np.ndarray):
        return index.dtype == bool
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or part is ... or isinstance(part, slice | int | np.integer) for part in parts)


def add_up(g, places, shape):
    """An array of this shape, in which each number of g is added at its place, counted through the array's rows."""
    total = np.bincount(places.ravel(), weights=g.ravel(), minlength=math.prod(shape))  # far faster than np.add.at
    return total.astype(g.dtype).reshape(shape)


def cat(tensors, dim=0):
    """Tensors joined end to end along `dim`;   each one's gradient is the piece of g that it became.

    Raises ValueError where sizes differ in another dimension, or without any tensor; IndexError for a wrong dim.
    """
    tensors = _of_one_precision("cat", tensors)
    try:
        c = np.concatenate([t.data for t in tensors], axis=dim)
    except ValueError as error:
        raise _not_joined("cat", tensors, dim, error, "sizes may differ in that dimension alone") from None
    ends = np.cumsum([t.data.shape[dim] for t in tensors[:-1]])
    return node(c, tensors, lambda g: tuple(np.split(g, ends, axis=dim)))


def stack(tensors, dim=0):
    """Tensors of one shape side by side along a new dimension `dim`;   each one's gradient is its own slice of g.

    Raises ValueError where shapes differ, or without any tensor; IndexError for a wrong dim.
    """
    tensors = _of_one_precision("stack", tensors)
    try:
        c = np.stack([t.data for t in tensors], axis=dim)
    except ValueError as error:
        raise _not_joined("stack", tensors, dim, error, "all shapes must be the same") from None
    return node(c, tensors, lambda g: tuple(np.moveaxis(g, dim, 0)))


def _of_one_precision(name, tensors):
    tensors = tuple(tensors)
    if not tensors:
        raise ValueError(f"{name} got no tensors: give it a list with at least one.")
    first = next((t for t in tensors if isinstance(t, Tensor)), tensors[0])
    return tuple(two_tensors(name, first, t)[1] for t in tensors)


def _not_joined(name, tensors, dim, error, rule):
    shapes = ", ".join(str(t.shape) for t in tensors[:4]) + (", ..." if len(tensors) > 4 else "")
    if isinstance(error, np.exceptions.AxisError):
        return IndexError(f"{name} was asked for dimension {dim} of tensors of shapes {shapes}: there is none.")
    return ValueError(f"{name} got tensors of shapes {shapes} to join along dimension {dim}: {rule}.")


@along_dim
def sum(x, dim=None, keepdim=False):
    """c = the sum over one dimension, several, (0, 1), or all, None or ();   dL/dx = g, repeated along them.

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
    return tuple(dim) or None if isinstance(dim, list | tuple) else dim  # numpy takes no lists, and () for none


def _repeat(g, x, dim, keepdim):
    if dim is not None and not keepdim and x.data.ndim:  # a single number passes for its own dimension 0
        g = np.expand_dims(g, dim)
    return np.broadcast_to(g, x.data.shape)
