"""A network's numbers on their way: into a file, from a file, and to and from the same network in PyTorch.

Files are safetensors: names, shapes and plain numbers. A pickle, as torch.save writes it, is a program that runs when
it is loaded; this is not. What the layers are stays in your code: build the network, then load its numbers."""

import os
from pathlib import Path

import numpy as np

from nnlib.nn.module import Module, check_state


def save(state, path):
    """Write a state_dict, or that of a Module, to `path`; its usual ending is .safetensors.

    All or nothing: the file is replaced once the new one is complete, so that a crash leaves the old one whole.
    Raises TypeError for what is no array of numbers.
    """
    from safetensors.numpy import save as as_bytes

    state = state.state_dict() if isinstance(state, Module) else state
    arrays = {name: np.array(held, order="C") for name, held in state.items()}  # the format knows no strides
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            raise TypeError(f"save got {name} of type {array.dtype}: it saves arrays of real numbers, nothing else.")
    path = Path(path)
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb") as file:
            file.write(as_bytes(arrays))
            file.flush()
            os.fsync(file.fileno())  # onto the disk before the name
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def load(path):
    """The state_dict in a safetensors file, for model.load_state_dict(load(path)).

    Raises ValueError where the file is none, or damaged; TypeError for numbers that numpy does not know.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as from_bytes

    content = Path(path).read_bytes()
    try:
        return {name: array.copy() for name, array in from_bytes(content).items()}  # to be written to, as any other
    except SafetensorError as error:
        raise ValueError(
            f"load found no safetensors in {path} ({error}): nnlib.save writes such files. A .pt or .pth file of "
            "PyTorch is a pickle: load it there, then safetensors.torch.save_file(model.state_dict(), path)."
        ) from None
    except KeyError as error:
        raise TypeError(
            f"load found numbers of type {error} in {path}, which numpy does not know: save them as float32."
        ) from None


def copy_from_torch(model, torch_module):
    """Give a model the numbers of a PyTorch module that has parameters and buffers of the same names and shapes.

    Raises KeyError, ValueError or TypeError where they differ; then nothing is changed.
    """
    model.load_state_dict({name: tensor.numpy() for name, tensor in _tensors(torch_module).items()})


def copy_to_torch(model, torch_module):
    """Give a PyTorch module the numbers of a model that has parameters and buffers of the same names and shapes.

    Raises KeyError, ValueError or TypeError where they differ; then nothing is changed.
    """
    import torch

    tensors, state = _tensors(torch_module), model.state_dict()
    check_state("copy_to_torch", {name: tensor.numpy() for name, tensor in tensors.items()}, state)
    for name, tensor in tensors.items():
        tensor.copy_(torch.from_numpy(state[name]))


def _tensors(torch_module):
    """The tensors in a PyTorch module's state, by name, sharing its memory; one that has two names only once."""
    found = dict(torch_module.named_parameters()) | dict(torch_module.named_buffers())
    return {name: tensor for name, tensor in torch_module.state_dict().items() if name in found}
