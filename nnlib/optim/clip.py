"""Clipping: between backward() and step(), gradients that are too large are made smaller where they are. Then a single
huge one, as on the cliffs of recurrent networks, cannot throw the weights far away (Pascanu et al., 2013)."""

import math

import numpy as np

from nnlib.optim.penalties import as_list


def clip_grad_norm_(parameters, max_norm):
    """Multiply all gradients by min(1, max_norm / norm): their direction stays. Returns the norm before, a number.

    The norm is that of all gradients together, as one long vector: the root of the sum of all squares. Parameters
    without gradient count as 0. Raises ValueError unless max_norm is at least 0.
    """
    gradients = _gradients(parameters)
    max_norm = _at_least_0("clip_grad_norm_", max_norm)
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradients))
    scale = max_norm / (norm + 1e-6)  # PyTorch's guard against 0 / 0
    if not scale >= 1:  # true for a norm that is nan too: then let it show
        for g in gradients:
            g *= scale
    return norm


def clip_grad_value_(parameters, clip_value):
    """Cut every single number of every gradient to the range from -clip_value to +clip_value: the direction changes.

    Raises ValueError unless clip_value is at least 0.
    """
    clip_value = _at_least_0("clip_grad_value_", clip_value)
    for g in _gradients(parameters):
        np.clip(g, -clip_value, clip_value, out=g)


def _gradients(parameters):
    return [p.grad for p in dict.fromkeys(as_list(parameters)) if p.grad is not None]


def _at_least_0(name, limit):
    if not float(limit) >= 0:
        raise ValueError(f"{name} got the limit {limit}: it must be a number from 0 up, for example 1.0.")
    return float(limit)
