"""Operations on each number by itself, or on two that stand in the same place. Shapes are broadcast by numpy's rules,
and backward sums over what was broadcast. `of_two` makes Tensors of both, so that a and b below always are."""

import math
from functools import reduce

import numpy as np

from nnlib.functional.operands import of_two, plain_number
from nnlib.tensor import Tensor, as_tensor, node


@of_two
def add(a, b):
    "c = a + b,   dL/da = g,   dL/db = g"
    return node(a.data + b.data, (a, b), lambda g: (g, g))


@of_two
def sub(a, b):
    "c = a - b,   dL/da = g,   dL/db = -g"
    return node(a.data - b.data, (a, b), lambda g: (g, -g))


@of_two
def mul(a, b):
    "c = a b,   dL/da = g b,   dL/db = g a"
    return node(a.data * b.data, (a, b), lambda g: (g * b.data, g * a.data))


@of_two
def div(a, b):
    "c = a / b,   dL/da = g / b,   dL/db = -g c / b"
    c = a.data / b.data
    return node(c, (a, b), lambda g: (g / b.data, -g * c / b.data))


@of_two
def maximum(a, b):
    "c = max(a, b),   g goes to the larger one; where both are equal, half of it to each"

    def vjp(g):
        to_a = g * ((a.data > b.data) + 0.5 * (a.data == b.data)).astype(g.dtype)
        return to_a, g - to_a

    return node(np.maximum(a.data, b.data), (a, b), vjp)


# Elementwise, one input


def neg(x):
    "c = -x,   dL/dx = -g"
    x = as_tensor(x)
    return node(-x.data, (x,), lambda g: (-g,))


def pow(x, exponent):
    """c = x^n,   dL/dx = g n x^(n-1);   the exponent n is a plain number.

    Raises TypeError for an exponent that is a tensor: write exp(n * log(x)), for x > 0.
    """
    if isinstance(exponent, Tensor):
        raise TypeError("pow got a Tensor as exponent, but it takes a plain number: write exp(n * log(x)) for x > 0.")
    x, n = as_tensor(x), float(exponent)
    return node(_power(x.data, n), (x,), lambda g: (g * n * _power(x.data, n - 1) if n else 0 * g,))


def _power(x, n):
    # For float32, numpy's x**3 takes several times as long as x * x * x; where x < 0, more than a hundred times.
    if n in range(-8, -1):  # whole numbers alone: 2.0 is in a range, 2.5 is not
        return 1 / _power(x, -n)
    return reduce(np.multiply, [x] * int(n)) if n in range(3, 9) else x**n


def exp(x):
    "c = e^x,   dL/dx = g c"
    x = as_tensor(x)
    c = np.exp(x.data)
    return node(c, (x,), lambda g: (g * c,))


def log(x):
    "c = ln x,   dL/dx = g / x;   numpy warns and gives -inf at x = 0, nan below"
    x = as_tensor(x)
    return node(np.log(x.data), (x,), lambda g: (g / x.data,))


def abs(x):
    "c = |x|,   dL/dx = g sign(x), which is 0 at the kink"
    x = as_tensor(x)
    return node(np.abs(x.data), (x,), lambda g: (g * np.sign(x.data),))


def clip(x, min=None, max=None):
    """c = x, but at least min and at most max, two plain numbers, or None for no border;   dL/dx = g inside, borders
    included, and 0 outside, where an infinite g gives nan, as in relu."""
    x = as_tensor(x)
    low = -math.inf if min is None else plain_number("clip", "min", min)
    high = math.inf if max is None else plain_number("clip", "max", max)
    return node(np.clip(x.data, low, high), (x,), lambda g: (g * ((x.data >= low) & (x.data <= high)),))
