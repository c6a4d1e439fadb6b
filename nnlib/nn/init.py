"""Starting values for weights. Signals should neither die out nor blow up on their way through the layers: a weight's
spread is chosen by its *fan*, the number of inputs that meet in one output, or of outputs that one input reaches.

Each function fills a tensor and returns it; `rng` is a numpy Generator, to be handed from call to call, or a seed:

    rng = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, Linear):
            init.kaiming_normal_(layer.weight, nonlinearity="relu", rng=rng)
            init.zeros_(layer.bias)
"""

import math

import numpy as np

from nnlib.tensor import Tensor, touch


def zeros_(tensor):
    """All 0: right for a bias. Weights that are all 0 stay equal: no gradient tells one unit from the next."""
    return constant_(tensor, 0.0)


def constant_(tensor, val):
    """Every number is `val`."""
    return _fill(tensor, val)


def uniform_(tensor, a=0.0, b=1.0, rng=None):
    """Evenly spread between a and b: standard deviation (b - a) / sqrt(12)."""
    return _fill(tensor, np.random.default_rng(rng).uniform(a, b, _shape(tensor)))


def normal_(tensor, mean=0.0, std=1.0, rng=None):
    """Normally distributed, with this mean and standard deviation."""
    return _fill(tensor, np.random.default_rng(rng).normal(mean, std, _shape(tensor)))


def xavier_uniform_(tensor, gain=1.0, rng=None):
    """xavier_normal_ with even spread: between -b and b with b = gain sqrt(6 / (fan_in + fan_out))."""
    bound = gain * math.sqrt(6 / sum(fans(tensor)))
    return uniform_(tensor, -bound, bound, rng)


def xavier_normal_(tensor, gain=1.0, rng=None):
    """Variance gain^2 2 / (fan_in + fan_out), a compromise: 1 / fan_in would keep the size of signals on their way
    forward, 1 / fan_out that of gradients on their way back. For tanh and linear layers. (Glorot & Bengio, 2010)"""
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(fans(tensor))), rng)


def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", rng=None):
    """kaiming_normal_ with even spread: between -b and b with b = gain sqrt(3 / fan)."""
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, rng)


def kaiming_normal_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", rng=None):
    """Standard deviation gain / sqrt(fan): the gain makes up for what the `nonlinearity` after the layer takes away;
    ReLU halves the mean square, so its gain is sqrt(2), see calculate_gain. mode="fan_in" keeps the size of signals,
    "fan_out" that of gradients; `a` is the slope of a leaky_relu for x < 0. (He et al., 2015)"""
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity), rng)


def orthogonal_(tensor, gain=1.0, rng=None):
    """A random rotation or reflection times gain: as a matrix (out, the rest) its rows are orthogonal and of length
    `gain`, or its columns, where there are more rows. With gain 1 no length changes, however many layers there are.
    (Saxe et al., 2014)"""
    rows, columns = _shape(tensor)[0], fans(tensor)[0]
    q, r = np.linalg.qr(np.random.default_rng(rng).normal(size=(max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))  # without these signs not all of them are equally likely (Mezzadri, 2007)
    return _fill(tensor, gain * (q if rows >= columns else q.T).reshape(_shape(tensor)))


def fans(tensor):
    """(fan_in, fan_out) of a weight (out, in), or (out, in, height, width), whose kernel has height * width places."""
    shape = _shape(tensor)
    if len(shape) < 2 or 0 in shape:
        raise ValueError(
            f"fans got a tensor of shape {shape}: how many inputs meet in an output shows in a weight (out, in) or "
            "(out, in, height, width). A bias starts with zeros_()."
        )
    places = math.prod(shape[2:])
    return shape[1] * places, shape[0] * places


def calculate_gain(nonlinearity, a=0.01):
    """By how much larger weights must be to make up for what follows: 1 for "linear" and "sigmoid", 5/3 for "tanh",
    sqrt(2) for "relu", sqrt(2 / (1 + a^2)) for "leaky_relu" with slope a; as in PyTorch. 5/3 is a rule of thumb."""
    gains = {
        "linear": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": math.sqrt(2),
        "leaky_relu": math.sqrt(2 / (1 + a**2)),
    }
    if nonlinearity not in gains:
        raise ValueError(f"calculate_gain got the nonlinearity {nonlinearity!r}: it must be one of {', '.join(gains)}.")
    return gains[nonlinearity]


def _kaiming_std(tensor, a, mode, nonlinearity):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f'kaiming got mode={mode!r}: it must be "fan_in" or "fan_out".')
    return calculate_gain(nonlinearity, a) / math.sqrt(fans(tensor)[mode == "fan_out"])


def _shape(tensor):
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"init got {type(tensor).__name__}: it fills a parameter, such as layer.weight, not a layer or an array."
        )
    if tensor.vjp is not None:
        raise TypeError(f"init got the result of {tensor.op}: it fills a parameter, such as layer.weight itself.")
    return tensor.data.shape


def _fill(tensor, numbers):
    _shape(tensor)  # says what is wrong with a layer or an array
    tensor.data[...] = numbers
    touch(tensor)
    return tensor
