"""Activation functions: what makes a network more than one linear map. Softmax, the last, looks at a whole row."""

import numpy as np

from nnlib.functional.operands import along_dim
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
    "c = max(0, x),   dL/dx = g where x > 0, else 0 (Fukushima, 1969; Nair & Hinton, 2010)"
    x = as_tensor(x)
    c = np.maximum(x.data, 0)
    return node(c, (x,), lambda g: (g * (c > 0),))


def leaky_relu(x, negative_slope=0.01):
    "c = x where x > 0, else s x with a small slope s;   dL/dx = g or g s (Maas, Hannun & Ng, 2013)"
    x = as_tensor(x)
    slope = np.where(x.data > 0, 1, float(negative_slope)).astype(x.data.dtype)
    return node(x.data * slope, (x,), lambda g: (g * slope,))


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
