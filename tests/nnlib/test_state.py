"""What is saved is what is loaded, in nnlib and in PyTorch; a bad file or another network is answered in a sentence."""

import os
import pickle

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch

from nnlib import SGD, Linear, Module, Parameter, ReLU, Sequential, nn
from nnlib import functional as F
from nnlib.nn.state import copy_from_torch, copy_to_torch, load, save
from tests.nnlib.test_same_losses import transformer_block


class Everything(Module):
    """A scalar, a shared layer, buffers of whole numbers, layers in layers."""

    def __init__(self, rng=None):
        super().__init__()
        rng = np.random.default_rng(rng)
        self.scale = Parameter(rng.normal())
        self.body = Sequential(Linear(3, 4, rng=rng), nn.BatchNorm1d(4), ReLU(), nn.LayerNorm(4))
        self.first = self.body[0]

    def forward(self, x):
        return self.body(x) * self.scale


def trained(seed):
    model = Everything(seed)
    optimizer = SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        F.mse_loss(model(np.random.default_rng(seed).normal(size=(8, 3))), np.ones((8, 4))).backward()
        optimizer.step()
    return model


def same(state, other):
    assert state.keys() == other.keys()
    for name, array in state.items():
        assert other[name].dtype == array.dtype and other[name].shape == array.shape
        np.testing.assert_array_equal(other[name], array)


def test_save_and_load(tmp_path):
    model, other = trained(0), Everything(1)
    path = tmp_path / "model.safetensors"
    save(model, path)
    same(model.state_dict(), load(path))
    other.load_state_dict(load(str(path)))
    same(model.state_dict(), other.state_dict())
    x = np.random.default_rng(3).normal(size=(5, 3))
    np.testing.assert_array_equal(model.eval()(x).data, other.eval()(x).data)
    assert [p.name for p in tmp_path.iterdir()] == ["model.safetensors"]
    same(safetensors.numpy.load_file(path), load(path))


def test_any_array_comes_back_as_it_was(tmp_path):
    square = np.arange(12.0).reshape(3, 4)
    state = {
        "transposed": square.T,
        "every second": square[:, ::2],
        "big-endian": square.astype(">f4"),
        "number": np.array(3),
        "empty": np.zeros((0, 3), np.float32),
        "flags": square > 5,
        "half": square.astype(np.float16),
    }
    save(state, tmp_path / "s")
    loaded = load(tmp_path / "s")
    for name, array in state.items():
        np.testing.assert_array_equal(loaded[name], array)
        assert loaded[name].shape == array.shape and loaded[name].flags.writeable
    same({"number": np.array(3), "plain": np.array(0.5)}, _through(tmp_path, {"number": 3, "plain": 0.5}))


def _through(tmp_path, state):
    save(state, tmp_path / "through")
    return load(tmp_path / "through")


def test_an_optimisers_state_can_be_saved_beside(tmp_path):
    model = trained(0)
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    for parameter in model.parameters():
        parameter.grad = np.ones_like(parameter.data)
    optimizer.step()
    same(optimizer.state_dict(), _through(tmp_path, optimizer.state_dict()))


def test_a_crash_while_saving_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.safetensors"
    save(trained(0), path)
    before = path.read_bytes()

    def crash(*arguments):
        raise OSError("disk full")

    for function in ["replace", "fsync"]:
        with monkeypatch.context() as broken:
            broken.setattr(os, function, crash)
            with pytest.raises(OSError, match="disk full"):
                save(trained(1), path)
        assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == [path.name]
    save(trained(1), path)
    assert path.read_bytes() != before


def test_files_are_exchanged_with_pytorch(tmp_path):
    ours, theirs = Sequential(Linear(3, 4, rng=0), nn.BatchNorm1d(4)), twin_of_two()
    save(ours, tmp_path / "ours")
    theirs.load_state_dict(safetensors.torch.load_file(tmp_path / "ours"))
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    np.testing.assert_allclose(ours(x).data, theirs(torch.tensor(x)).detach().numpy(), rtol=1e-4, atol=1e-6)
    safetensors.torch.save_file(theirs.state_dict(), tmp_path / "theirs")
    ours.load_state_dict(load(tmp_path / "theirs"))
    assert ours[1].num_batches_tracked == 1
    np.testing.assert_array_equal(ours[1].running_mean, theirs[1].running_mean.numpy())


def twin_of_two():
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))


# The same layer in both libraries, and the shape of its input
T = torch.nn
layers = {
    "Linear": (lambda: Linear(3, 4), lambda: T.Linear(3, 4), (5, 3)),
    "Linear without bias": (lambda: Linear(3, 4, bias=False), lambda: T.Linear(3, 4, bias=False), (5, 3)),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(3), lambda: T.BatchNorm1d(3), (5, 3)),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(3), lambda: T.BatchNorm2d(3), (5, 3, 2, 2)),
    "Embedding": (lambda: nn.Embedding(3, 4), lambda: T.Embedding(3, 4), (5, 2)),
    "Conv1d": (lambda: nn.Conv1d(3, 4, 2), lambda: T.Conv1d(3, 4, 2), (5, 3, 6)),
    "Conv2d": (lambda: nn.Conv2d(3, 4, (2, 3)), lambda: T.Conv2d(3, 4, (2, 3)), (5, 3, 6, 6)),
    "RNN": (lambda: nn.RNN(3, 4), lambda: T.RNN(3, 4, batch_first=True), (5, 6, 3)),
    "GRU": (lambda: nn.GRU(3, 4, num_layers=2), lambda: T.GRU(3, 4, num_layers=2, batch_first=True), (5, 6, 3)),
    "LSTM": (lambda: nn.LSTM(3, 4, num_layers=2), lambda: T.LSTM(3, 4, num_layers=2, batch_first=True), (5, 6, 3)),
    "MultiheadAttention": (
        lambda: nn.MultiheadAttention(6, 2),
        lambda: T.MultiheadAttention(6, 2, batch_first=True),
        (5, 4, 6),
    ),
    "TransformerBlock": (lambda: nn.TransformerBlock(6, 2, 8), lambda: transformer_block(T, 6, 2, 8), (5, 4, 6)),
    "LayerNorm": (lambda: nn.LayerNorm((3, 2)), lambda: T.LayerNorm((3, 2)), (5, 3, 2)),
}


def randomise(module, rng):
    """Other numbers for every parameter and buffer, so that none agrees by chance; variances stay positive."""
    with torch.no_grad():
        for tensor in module.state_dict().values():
            tensor.copy_(
                torch.tensor(rng.uniform(0.5, 1.5, tuple(tensor.shape)) * (1 if tensor.is_floating_point() else 9))
            )


def outputs(layer, x):
    """The result itself, where a layer returns more than one; an attention layer looks at x from x."""
    result = layer(x, x, x) if type(layer).__name__ == "MultiheadAttention" else layer(x)
    return result[0] if isinstance(result, tuple) else result


@pytest.mark.parametrize("name", layers)
def test_every_layer_is_exchanged_with_pytorch(name):
    build, build_theirs, shape = layers[name]
    rng = np.random.default_rng(0)
    ours, theirs, back = build(), build_theirs(), build_theirs()
    randomise(theirs, rng)
    copy_from_torch(ours, theirs)
    copy_to_torch(ours, back)
    expected = {n: t.numpy() for n, t in theirs.state_dict().items()}
    same(expected, ours.state_dict())
    same(expected, {n: t.numpy() for n, t in back.state_dict().items()})
    is_index = "Embedding" in name
    x = rng.integers(0, 3, shape) if is_index else rng.normal(size=shape).astype(np.float32)
    for training in (True, False):
        y = outputs(ours.train(training), x).data
        with torch.no_grad():
            z = outputs(theirs.train(training), torch.tensor(x)).numpy()
        np.testing.assert_allclose(y, z, rtol=2e-5, atol=2e-6)


def test_a_copy_shares_no_memory():
    ours, theirs = Linear(3, 4, rng=0), T.Linear(3, 4)
    copy_to_torch(ours, theirs)
    before = theirs.weight.detach().clone()
    ours.weight.data += 1
    assert torch.equal(theirs.weight.detach(), before)
    copy_from_torch(ours, theirs)
    ours.weight.data += 1
    assert torch.equal(theirs.weight.detach(), before)


def test_a_buffer_is_a_copy():
    module, numbers = nn.Module(), np.zeros(3)
    module.register_buffer("mean", numbers)
    module.load_state_dict({"mean": np.ones(3)})
    assert module.mean.sum() == 3 and numbers.sum() == 0


def test_tied_weights_are_copied():
    ours, theirs = Sequential(Linear(3, 3, rng=0), ReLU()), T.Sequential(T.Linear(3, 3), T.ReLU())
    ours.again, theirs.again = ours[0], theirs[0]
    assert len(theirs.state_dict()) == 4
    copy_to_torch(ours, theirs)
    np.testing.assert_array_equal(theirs.again.weight.detach().numpy(), ours[0].weight.data)
    copy_from_torch(ours, theirs)


def load_bytes(content, tmp_path):
    (tmp_path / "file").write_bytes(content)
    load(tmp_path / "file")


def truncated(tmp_path):
    save(Linear(30, 40), tmp_path / "whole")
    load_bytes((tmp_path / "whole").read_bytes()[:-7], tmp_path)


def brain_floats(tmp_path):
    safetensors.torch.save_file({"weight": torch.ones(3, dtype=torch.bfloat16)}, tmp_path / "file")
    load(tmp_path / "file")


def halves(name, array):
    model = nn.BatchNorm1d(2)
    state = model.state_dict()
    state[name] = array
    model.load_state_dict(state)


mistakes = {
    "a pickle": (
        lambda path: load_bytes(pickle.dumps({"weight": [1.0]}), path),
        ValueError,
        r"load found no safetensors in .*file .* is a pickle: load it there",
    ),
    "a text": (lambda path: load_bytes(b"no network at all, only words", path), ValueError, "found no safetensors"),
    "an empty file": (lambda path: load_bytes(b"", path), ValueError, "found no safetensors"),
    "half a file": (truncated, ValueError, "found no safetensors"),
    "numbers unknown to numpy": (brain_floats, TypeError, "numbers of type 'BF16' in .*: save them as float32"),
    "no file": (lambda path: load(path / "nowhere"), FileNotFoundError, "nowhere"),
    "words saved": (lambda path: save({"name": "digits"}, path / "s"), TypeError, "save got name of type <U6"),
    "objects saved": (lambda path: save({"x": {}}, path / "s"), TypeError, "save got x of type object"),
    "words loaded": (
        lambda path: halves("weight", np.array(["a", "b"])),
        TypeError,
        "got weight of type <U1, but this",
    ),
    "fractions for a count": (
        lambda path: halves("num_batches_tracked", np.array(0.5)),
        TypeError,
        "num_batches_tracked of type float64, but this network holds int64 there",
    ),
    "other names in PyTorch": (
        lambda path: copy_from_torch(Linear(3, 4), T.Linear(3, 4, bias=False)),
        KeyError,
        r"misses \['bias'\]",
    ),
    "other shapes in PyTorch": (
        lambda path: copy_from_torch(Linear(3, 4), T.Linear(4, 3)),
        ValueError,
        r"got bias of shape \(3,\)|got weight of shape \(3, 4\), but this network has \(4, 3\)",
    ),
    "PyTorch knows more": (
        lambda path: copy_to_torch(Linear(3, 4, bias=False), T.Linear(3, 4)),
        KeyError,
        r"copy_to_torch misses \['bias'\] and does not know \[\]",
    ),
    "PyTorch has other shapes": (
        lambda path: copy_to_torch(Linear(3, 4), T.Linear(4, 4)),
        ValueError,
        r"copy_to_torch got weight of shape \(4, 3\), but this network has \(4, 4\)",
    ),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name, tmp_path):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake(tmp_path)
    message = str(caught.value)
    assert len(message.split()) <= 60 and "\n" not in message
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("s")] == []


def test_a_failed_exchange_changes_nothing():
    ours, theirs = Sequential(Linear(3, 4, rng=0), Linear(4, 2, rng=0)), T.Sequential(T.Linear(3, 4), T.Linear(4, 3))
    before, their_before = ours.state_dict(), {n: t.clone() for n, t in theirs.state_dict().items()}
    for copy in (copy_from_torch, copy_to_torch):
        with pytest.raises(ValueError, match=r"1\.weight|1\.bias"):
            copy(ours, theirs)
    same(before, ours.state_dict())
    assert all(torch.equal(t, their_before[n]) for n, t in theirs.state_dict().items())
