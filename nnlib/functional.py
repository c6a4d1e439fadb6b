"""Every operation: its value and its vector-Jacobian product, side by side. In the formulas c is the result, L the
loss, and g = dL/dc what comes back to the operation. Names and arguments are PyTorch's; some defaults suit rows of
examples better: flatten keeps dimension 0, softmax goes along the last."""

import math
from functools import lru_cache, reduce, wraps

import numpy as np

from nnlib.tensor import Tensor, as_tensor, node

# Elementwise, two inputs. Shapes are broadcast by numpy's rules, and backward sums over what was broadcast.


def _of_two(op):
    """Let an operation take numbers and arrays beside tensors, and say in a sentence what does not fit together."""

    @wraps(op)
    def checked(a, b):
        a, b = _two_tensors(op.__name__, a, b)
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


def _two_tensors(name, a, b):
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


@_of_two
def add(a, b):
    "c = a + b,   dL/da = g,   dL/db = g"
    return node(a.data + b.data, (a, b), lambda g: (g, g))


@_of_two
def sub(a, b):
    "c = a - b,   dL/da = g,   dL/db = -g"
    return node(a.data - b.data, (a, b), lambda g: (g, -g))


@_of_two
def mul(a, b):
    "c = a b,   dL/da = g b,   dL/db = g a"
    return node(a.data * b.data, (a, b), lambda g: (g * b.data, g * a.data))


@_of_two
def div(a, b):
    "c = a / b,   dL/da = g / b,   dL/db = -g c / b"
    c = a.data / b.data
    return node(c, (a, b), lambda g: (g / b.data, -g * c / b.data))


@_of_two
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
    if n in range(-8, -1):
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


def clip(x, min=-math.inf, max=math.inf):
    "c = x, but at least min and at most max (two plain numbers);   dL/dx = g inside, borders included, and 0 outside"
    x = as_tensor(x)
    low, high = float(min), float(max)
    return node(np.clip(x.data, low, high), (x,), lambda g: (g * ((x.data >= low) & (x.data <= high)),))


# Activations


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


# Shape


def _along_dim(op):
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


@_along_dim
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


# Sums


@_along_dim
def sum(x, dim=None, keepdim=False):
    """c = the sum over one dimension, several, (0, 1), or all, None;   dL/dx = g, repeated along them.

    keepdim=True leaves each as a dimension of size 1, so that c still broadcasts against x.
    """
    x, dim = as_tensor(x), _several(dim)
    return node(x.data.sum(axis=dim, keepdims=keepdim), (x,), lambda g: (_repeat(g, x, dim, keepdim),))


@_along_dim
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


@lru_cache(maxsize=32)
def _ones(n, dtype):
    # Multiplying by a vector of ones sums rows or columns several times faster than .sum(axis=...).
    return np.ones(n, dtype)


# Matrix products


def matmul(a, b):
    """C = A B for matrices (m, k) and (k, n);   dL/dA = G B^T,   dL/dB = A^T G   (Giles, 2008)

    Dimensions in front of these two make a stack of matrices and are broadcast. A vector counts as one row on the
    left, as one column on the right. Raises ValueError where the two k differ.
    """
    a, b = _two_tensors("matmul", a, b)
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
    x, weight = _two_tensors("linear", x, weight)
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
        return (to_x, to_weight) if bias is None else (to_x, to_weight, _ones(len(g), g.dtype) @ g)

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


# Probabilities and losses


@_along_dim
def softmax(x, dim=-1):
    "p_i = e^x_i / sum_j e^x_j along `dim`: positive, and 1 in sum;   dL/dx = p (g - sum_j g_j p_j)   (Bridle, 1990)"
    x = as_tensor(x)
    e = np.exp(x.data - x.data.max(axis=dim, keepdims=True, initial=-np.inf))  # the same quotient, without overflow
    p = e / e.sum(axis=dim, keepdims=True)
    return node(p, (x,), lambda g: (p * (g - (g * p).sum(axis=dim, keepdims=True)),))


@_along_dim
def log_softmax(x, dim=-1):
    "c = ln softmax(x) along `dim`, without ever taking the ln of 0;   dL/dx = g - p sum_j g_j,   p = softmax(x)"
    x = as_tensor(x)
    z = x.data - x.data.max(axis=dim, keepdims=True, initial=-np.inf)
    total = np.exp(z).sum(axis=dim, keepdims=True)
    c = z - np.log(np.maximum(total, 1))  # the largest term is e^0 = 1; only an empty sum is less
    return node(c, (x,), lambda g: (g - np.exp(c) * g.sum(axis=dim, keepdims=True),))


def cross_entropy(logits, labels):
    """L = the mean over the rows of -ln p[label], with p = softmax(logits): one number.

    logits (n, k) are the last layer's outputs, before any softmax; labels (n,) are integers from 0 to k - 1.
    dL/dlogits = g (p - y) / n, where y is 1 in the label's column and 0 elsewhere.
    Raises TypeError for labels that are no integers, ValueError for wrong shapes, an empty batch, a label outside.
    """
    logits = as_tensor(logits)
    labels = np.asarray(labels)
    _check_labels(logits, labels)
    n, k = logits.data.shape
    rows = np.arange(n)
    z = logits.data - logits.data.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e @ _ones(k, e.dtype)
    try:
        losses = np.log(total) - z[rows, labels]
    except IndexError:
        raise ValueError(_label_outside(labels, k)) from None

    def vjp(g):
        p = e / total[:, None]
        p[rows, labels] -= 1
        return (p * (g / n),)

    return node(losses.sum() / n, (logits,), vjp)  # several times faster than .mean()


def _check_labels(logits, labels):
    if logits.data.ndim != 2 or labels.shape != logits.data.shape[:1]:
        raise ValueError(
            f"cross_entropy got logits of shape {logits.shape} and labels of shape {labels.shape}: it needs (n, k) "
            "and (n,), a row of k logits for each label. From one-hot rows, labels.argmax(1) makes labels."
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"cross_entropy got labels of type {labels.dtype}: they must be integers, the numbers of the classes. "
            "Give it the integer array itself, or labels.astype(int)."
        )
    n, k = logits.data.shape
    if n == 0:
        raise ValueError("cross_entropy got an empty batch, logits of shape (0, k): it has no mean loss.")
    if labels.min() < 0:  # numpy would count from the end; it refuses a label too large by itself
        raise ValueError(_label_outside(labels, k))


def _label_outside(labels, k):
    return (
        f"cross_entropy got labels from {labels.min()} to {labels.max()} for {k} columns of logits: they must lie "
        f"from 0 to {k - 1}. Number the classes from 0, or give the last layer more outputs."
    )


def mse_loss(pred, target):
    """L = the mean of (pred - target)^2 over all n numbers;   dL/dpred = 2 g (pred - target) / n = -dL/dtarget

    Raises ValueError unless both have the same shape: broadcasting (n, 1) against (n,) would compare all with all.
    """
    pred, target = _two_tensors("mse_loss", pred, target)
    if pred.shape != target.shape:
        raise ValueError(
            f"mse_loss got predictions of shape {pred.shape} and targets of shape {target.shape}: both must be the "
            "same. Reshape the targets, for example y.reshape(-1, 1)."
        )
    if pred.data.size == 0:
        raise ValueError(f"mse_loss got an empty batch of shape {pred.shape}: it has no mean loss.")
    d = pred.data - target.data

    def vjp(g):
        to_pred = d * (g * 2 / d.size)
        return to_pred, -to_pred

    return node(np.vdot(d, d) / d.size, (pred, target), vjp)
