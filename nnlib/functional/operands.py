"""What operations share: taking numbers and arrays beside tensors, and saying in a sentence what does not fit."""

from functools import lru_cache, wraps

import numpy as np

from nnlib.tensor import Tensor, as_tensor


def of_two(op):
    """Let an operation take numbers and arrays beside tensors, and say in a sentence what does not fit together."""

    @wraps(op)
    def checked(a, b):
        a, b = two_tensors(op.__name__, a, b)
        try:
            return op(a, b)
        except ValueError as error:
            if "broadcast" not in str(error):
                raise
            raise ValueError(
                f"{op.__name__} got shapes {a.shape} and {b.shape}: compared from the right, each pair of sizes must "
                "be equal, or one of them 1. Reshape one of the two."
            ) from None

    return checked


def two_tensors(name, a, b):
    """Both as Tensors: beside a Tensor, a number or an array takes its precision."""
    if not isinstance(b, Tensor):
        a = as_tensor(a)
        b = Tensor(b, dtype=a.data.dtype)
    elif not isinstance(a, Tensor):
        a = Tensor(a, dtype=b.data.dtype)
    if a.data.dtype != b.data.dtype:
        raise TypeError(
            f"{name} got {a.dtype} and {b.dtype} numbers: mixing them would make everything slow float64. "
            "Leave out dtype= where a Tensor is made, and all are float32."
        )
    return a, b


def plain_number(op, name, value):
    """value as a float. A Tensor would lose its gradient on the way, and nobody would notice."""
    if isinstance(value, Tensor):
        raise TypeError(
            f"{op} got a Tensor as {name}, but takes a plain number, which gets no gradient: to learn it, write {op} "
            "with maximum, * and +."
        )
    return float(value)


def along_dim(op):
    """Say in a sentence which dimensions there are, when an operation is asked for one that is not."""

    @wraps(op)
    def checked(x, *arguments, **options):
        try:
            return op(x, *arguments, **options)
        except np.exceptions.AxisError as error:
            raise IndexError(
                f"{op.__name__} was asked for dimension {error.axis} of a tensor of shape {np.shape(x)}, which has "
                f"{np.ndim(x)}: count from 0, or from the end with -1."
            ) from None
        except ValueError as error:
            if "duplicate" not in str(error):
                raise
            raise ValueError(f"{op.__name__} was asked for the same dimension twice: name each one once.") from None

    return checked


@lru_cache(maxsize=32)
def ones(n, dtype):
    # Multiplying by a vector of ones sums rows or columns several times faster than .sum(axis=...).
    return np.ones(n, dtype)
