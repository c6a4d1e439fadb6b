"""Activation functions: what makes a network more than one linear map. Softmax, the last, looks at a whole row."""

import math

import numpy as np

from nnlib.functional.operands import along_dim, plain_number
from nnlib.tensor import as_tensor, node


def sigmoid(x):
    "c = 1 / (1 + e^-x), between 0 and 1;   dL/dx = g c (1 - c)"
    x = as_tensor(x)
    # Multiplied out by e^x where x < 0, so that no e^|x| overflows.
    c = np.exp(np.minimum(x.data, 0)) / (1 + np.exp(-np.abs(x.data)))
    return node(c, (x,), lambda g: (g * c * (1 - c),))


def tanh(x):
    "c = (e^x - e^-x) / (e^x + e^-x), between -1 and 1;   dL/dx = g (1 - c^2)"
    x = as_tensor(x)
    c = np.tanh(x.data)
    return node(c, (x,), lambda g: (g * (1 - c * c),))


def relu(x):
    """c = max(0, x),   dL/dx = g where x > 0, else 0   (Fukushima, 1969; Nair & Hinton, 2010)

    Computed as g times 1 or 0, which is fast: an infinite g gives nan where x <= 0, not 0 as in PyTorch.
    """
    x = as_tensor(x)
    c = np.maximum(x.data, 0)
    return node(c, (x,), lambda g: (g * (c > 0),))


def leaky_relu(x, negative_slope=0.01):
    "c = x where x > 0, else s x with a small slope s;   dL/dx = g or g s (Maas, Hannun & Ng, 2013)"
    x, s = as_tensor(x), plain_number("leaky_relu", "negative_slope", negative_slope)
    above = (x.data > 0).astype(x.data.dtype)
    slope = above + s * (1 - above)  # np.where would take several times as long
    return node(x.data * slope, (x,), lambda g: (g * slope,))


def elu(x, alpha=1.0):
    "c = x where x > 0, else a (e^x - 1), which levels out at -a;   dL/dx = g or g (c + a)   (Clevert et al., 2016)"
    x, a = as_tensor(x), plain_number("elu", "alpha", alpha)
    below = a * np.expm1(np.minimum(x.data, 0))  # 0 where x > 0

    def vjp(g):
        above = (x.data > 0).astype(g.dtype)
        return (g * (below + a + (1 - a) * above),)

    return node(np.maximum(x.data, 0) + below, (x,), vjp)


def gelu(x, approximate="none"):
    """c = x P(x), where P(x) is the chance that a standard normal number is below x;   dL/dx = g (P + x p), p = P'

    approximate="tanh" puts (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3) in the place of P = (1 +
    erf(x / sqrt 2)) / 2: it differs by less than 0.0005 and is many times faster, as numpy knows tanh, but no erf.
    Hendrycks & Gimpel (2016) give both; GPT-2 uses tanh. Raises ValueError for another word.
    """
    if approximate not in ("none", "tanh"):
        raise ValueError(f'gelu got approximate={approximate!r}: it must be "none", the exact one, or "tanh".')
    x = as_tensor(x)
    return _gelu_tanh(x) if approximate == "tanh" else _gelu_erf(x)


def _gelu_erf(x):
    below = np.fromiter(map(math.erf, (x.data.ravel() * 0.5**0.5).tolist()), x.data.dtype, x.data.size)
    P = (0.5 + 0.5 * below).reshape(x.data.shape)

    def vjp(g):
        density = np.exp(-0.5 * x.data * x.data) / math.sqrt(2 * math.pi)
        return (g * (P + x.data * density),)

    return node(x.data * P, (x,), vjp)


def _gelu_tanh(x):
    k = math.sqrt(2 / math.pi)
    square = x.data * x.data
    t = np.tanh(x.data * (k + (k * 0.044715) * square))
    half = 0.5 * x.data

    def vjp(g):
        slope = k + (3 * k * 0.044715) * square  # of u, in tanh(u)
        return (g * (0.5 + 0.5 * t + half * (1 - t * t) * slope),)

    return node(half + half * t, (x,), vjp)


@along_dim
def softmax(x, dim=-1):
    "p_i = e^x_i / sum_j e^x_j along `dim`: positive, and 1 in sum;   dL/dx = p (g - sum_j g_j p_j)   (Bridle, 1990)"
    x = as_tensor(x)
    e = np.exp(x.data - x.data.max(axis=dim, keepdims=True, initial=-np.inf))  # the same quotient, without overflow
    p = e / e.sum(axis=dim, keepdims=True)
    return node(p, (x,), lambda g: (p * (g - (g * p).sum(axis=dim, keepdims=True)),))


@along_dim
def log_softmax(x, dim=-1):
    "c = ln softmax(x) along `dim`, without ever taking the ln of 0;   dL/dx = g - p sum_j g_j,   p = softmax(x)"
    x = as_tensor(x)
    z = x.data - x.data.max(axis=dim, keepdims=True, initial=-np.inf)
    total = np.exp(z).sum(axis=dim, keepdims=True)
    c = z - np.log(np.maximum(total, 1))  # the largest term is e^0 = 1; only an empty sum is less
    return node(c, (x,), lambda g: (g - np.exp(c) * g.sum(axis=dim, keepdims=True),))
