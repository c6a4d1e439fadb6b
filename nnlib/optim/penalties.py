"""Regularisers keep weights small. L2 shrinks every weight by a share of its size, so that few become 0; L1 takes the
same amount from each, so that many do. Biases are usually left out: pass the weights alone."""

import numpy as np

from nnlib.tensor import Tensor, node, touch


def l2_penalty(parameters):
    """c = 1/2 the sum of all w^2, to be added to the loss: loss + d * l2_penalty(weights);   dL/dw = g w

    Under SGD, RMSprop and Adam this is the same as weight_decay=d, which adds d w to the gradient without a node of
    the graph. Under AdamW it is not: there, weight_decay shrinks the weights beside the step, and all at one rate,
    while this gradient, like every other, is divided by its usual size (Loshchilov & Hutter, 2019).
    """
    parameters = tuple(as_list(parameters))
    c = np.asarray(sum(np.vdot(p.data, p.data) for p in parameters) / 2, _precision(parameters, "l2_penalty"))
    return node(c, parameters, lambda g: tuple(g * p.data for p in parameters))


def l1_penalty(parameters):
    """c = the sum of all |w|, to be added to the loss: loss + d * l1_penalty(weights);   dL/dw = g sign(w), 0 at 0

    Steps of gradient descent jump to and fro across the kink at 0, and hardly ever hit it: weights become small, not 0
    (Tibshirani, 1996, for what exact zeros are good for). For zeros use soft_threshold_ instead.
    """
    parameters = tuple(as_list(parameters))
    c = np.asarray(sum(np.abs(p.data).sum() for p in parameters), _precision(parameters, "l1_penalty"))
    return node(c, parameters, lambda g: tuple(g * np.sign(p.data) for p in parameters))


def soft_threshold_(parameters, amount):
    """w = sign(w) max(|w| - amount, 0): each weight moves towards 0 by the amount and stays there once it arrives.

    This is the proximal step of L1, the exact minimum over w of 1/2 (w - w_before)^2 + amount |w|. After each step()
    of SGD on the loss alone, call it with amount = lr * d: proximal gradient descent, "ISTA" (Beck & Teboulle, 2009),
    which minimises loss + d * sum |w| and gives exact zeros. Raises ValueError for an amount below 0.
    """
    if not float(amount) >= 0:
        raise ValueError(f"soft_threshold_ got the amount {amount}: it must be a number from 0 up, lr * d.")
    for p in as_list(parameters):
        p.data -= np.clip(p.data, -float(amount), float(amount))
        touch(p)


def as_list(parameters):
    """A single Tensor stands for a list of one: to walk through it would give its rows, which are no parameters."""
    return [parameters] if isinstance(parameters, Tensor) else list(parameters)


def _precision(parameters, name):
    if not parameters:
        raise ValueError(f"{name} got no parameters: pass a list, such as [layer.weight].")
    return parameters[0].dtype
