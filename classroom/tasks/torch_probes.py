"""Probes for what learners write in PyTorch: a network as a class, and functions that train, judge or save a network.

Nothing in them is left to chance: weights come from numpy, and dropout's masks follow a fixed pattern. So two right
answers agree number by number. PyTorch is imported when a probe runs, since most exercises do without it.
"""

import tempfile
import warnings
from itertools import pairwise
from pathlib import Path
from unittest import mock

import numpy as np

from classroom.tasks.arrays import Remark, Unusable, holds_tensors, kind_of
from classroom.tasks.probes import HELD, probe

GOLDEN = 0.6180339887498949  # its multiples, without their whole parts, are spread evenly over 0 to 1
DROPPED = 0.25  # the networks that we hand over drop this share between their layers


@probe
def torch_network(obj, sizes, x):
    """A class of network, made by `obj(*sizes)`: its parameters, and what it gives for x in both modes.

    The parameters receive numbers that follow from their shapes alone, so that names and order do not count.
    """
    import torch

    model, rates = obj(*sizes), []
    if not isinstance(model, torch.nn.Module):
        raise Unusable(f"Your class makes {kind_of(model)}; a torch.nn.Module is expected.")
    for parameter in model.parameters():
        _fill(parameter, np.random.default_rng(list(parameter.shape)))
    with fixed_dropout(rates), torch.no_grad():
        in_training = model.train()(torch.tensor(x))
        drawn = np.array(rates, dtype=float)
        in_evaluation = model.eval()(torch.tensor(x))
    return {
        "number of parameters": np.array(sum(p.numel() for p in model.parameters())),
        "output in evaluation": in_evaluation,
        "dropout probabilities": drawn,
        "output in training": in_training,
    }


@probe
def torch_training(obj, widths, training, seed, *rest):
    """What `obj(model, *rest)` returns, and all final weights of the network.

    It has tanh and dropout between its layers, is drawn from `seed`, and comes in training mode or not.
    """
    model = _network(widths, training, seed)
    with fixed_dropout():
        returned = obj(model, *rest)
    if holds_tensors(returned):
        warnings.warn(HELD, Remark, stacklevel=1)
    return {**({} if returned is None else {"returned": returned}), **_weights("final ", model)}


@probe
def torch_judging(obj, widths, training, seed, x, y):
    """What `obj(model, x, y)` returns, the modes in which it leaves the network, and whether it recorded gradients."""
    import torch

    model, recorded = _network(widths, training, seed), []
    model.register_forward_hook(lambda *_: recorded.append(torch.is_grad_enabled()))
    with fixed_dropout():
        returned = obj(model, x, y)
    return {
        "returned": returned,
        "in training mode afterwards": _modes(model),
        "gradients were recorded": np.array(any(recorded)),
    }


@probe
def torch_file(obj, widths, seed):
    """What `obj(trained, path, fresh)` leaves in the file, in the two networks and in the fresh one's modes."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    trained, fresh = _network(widths, False, seed), _network(widths, True, seed + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.weights"  # the ending would tell torch.load what it is
        obj(trained, str(path), fresh)
        written = path.exists()
        try:
            held = load_file(path)
        except (SafetensorError, OSError):
            held = None
    return {
        "there is a file at path": np.array(written),
        "the file is safetensors": np.array(held is not None),
        "fresh is in training mode": _modes(fresh),
        "numbers in the file": _in_a_row(held or {}),
        "numbers of fresh": _in_a_row(_weights("", fresh)),
        "numbers of trained": _in_a_row(_weights("", trained)),
    }


def fixed_dropout(rates=None):
    """A context in which dropout, as layer or function, uses masks that follow from shape and probability alone.

    Each probability with which it really drops is appended to `rates`.
    """
    import torch

    def dropout(input, p=0.5, training=True, inplace=False):
        if not training:
            return input
        if rates is not None:
            rates.append(p)
        kept = (GOLDEN * np.arange(1, input.numel() + 1)) % 1 >= p
        mask = torch.tensor(kept.reshape(input.shape), dtype=input.dtype)
        return input * mask / (1 - p) if p < 1 else input * 0

    return mock.patch.object(torch.nn.functional, "dropout", dropout)


def _network(widths, training, seed):
    import torch

    layers = []
    for i, (into, out) in enumerate(pairwise(widths)):
        layers += [torch.nn.Tanh(), torch.nn.Dropout(DROPPED)] * (i > 0) + [torch.nn.Linear(into, out)]
    model, rng = torch.nn.Sequential(*layers), np.random.default_rng(seed)
    for parameter in model.parameters():
        _fill(parameter, rng)
    return model.train(bool(training))


def _fill(parameter, rng):
    import torch

    numbers = rng.normal(size=tuple(parameter.shape)) / np.sqrt(parameter.shape[-1])
    with torch.no_grad():
        parameter.copy_(torch.tensor(numbers))


def _modes(model):
    """Whether the network and each of its layers is in training mode: setting `model.training` reaches no layer."""
    return np.array([module.training for module in model.modules()])


def _in_a_row(arrays):
    """All numbers of a dict of arrays, in the order of their names."""
    return np.concatenate([np.zeros(0, np.float32), *(np.ravel(arrays[name]) for name in sorted(arrays))])


def _weights(prefix, model):
    return {prefix + name: tensor.detach().numpy().copy() for name, tensor in model.state_dict().items()}
