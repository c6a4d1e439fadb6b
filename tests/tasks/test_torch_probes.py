"""Probes for PyTorch: what they see of a network, a training, a judge and a file, and what chance cannot change."""

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from classroom.tasks import arrays, probes, torch_probes

X = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)


class Net(torch.nn.Module):
    def __init__(self, into, out, p):
        super().__init__()
        self.layer, self.dropout = torch.nn.Linear(into, out), torch.nn.Dropout(p)

    def forward(self, x):
        return self.layer(self.dropout(x))


class Renamed(Net):
    """The same network with a function for dropout, other names and another order."""

    def __init__(self, into, out, p):
        super(Net, self).__init__()
        self.p, self.only = p, torch.nn.Linear(into, out)

    def forward(self, x):
        return self.only(torch.nn.functional.dropout(x, self.p, self.training))


def network(cls, p=0.5):
    return probes.run("torch_network", cls, ([3, 2, p], X))


def test_a_network_is_seen_without_its_names_and_without_chance():
    found, again = network(Net), network(Renamed)
    assert found.keys() == again.keys()
    assert all(np.array_equal(found[key], again[key]) for key in found)
    assert found["number of parameters"] == 8 and found["dropout probabilities"].tolist() == [0.5]
    assert not np.allclose(found["output in training"], found["output in evaluation"])


def test_the_masks_drop_the_share_that_is_asked_for_and_keep_the_mean():
    ones = torch.ones(200, 50)
    with torch_probes.fixed_dropout():
        dropped = torch.nn.Dropout(0.3)(ones)
        none, all_ = torch.nn.Dropout(0.0)(ones), torch.nn.Dropout(1.0)(ones)
    assert abs((dropped == 0).float().mean() - 0.3) < 0.01 and abs(dropped.mean() - 1) < 0.01
    assert torch.equal(none, ones) and not all_.any()
    assert (torch.nn.Dropout(0.5)(ones) == 0).any()  # chance is back afterwards


def test_what_is_no_network_gets_a_sentence():
    with pytest.raises(arrays.Unusable, match="Module is expected"):
        probes.run("torch_network", lambda into, out, p: 3, ([3, 2, 0.5], X))


def test_training_gives_what_is_returned_and_the_weights():
    def train(model, x):
        assert not model.training
        with torch.no_grad():
            model[0].weight.fill_(2)
        return [1.0]

    found = probes.run("torch_training", train, ([3, 2], False, 0, X))
    assert found["returned"].tolist() == [1] and (found["final 0.weight"] == 2).all() and "final 0.bias" in found


@pytest.mark.parametrize("mode", [True, False])
@pytest.mark.parametrize("record", [True, False])
def test_a_judge_is_seen_recording_and_leaving_a_mode(mode, record):
    def judge(model, x, y):
        model.train(mode)
        with torch.set_grad_enabled(record):
            return model(torch.tensor(x)).sum().item()

    found = probes.run("torch_judging", judge, ([3, 2], True, 0, X, np.zeros(6, int)))
    assert (found["in training mode afterwards"] == mode).all() and found["gradients were recorded"] == record


def test_a_mode_that_is_set_by_hand_does_not_reach_the_layers():
    def judge(model, x, y):
        model.training = False
        return 0.0

    found = probes.run("torch_judging", judge, ([3, 2], True, 0, X, np.zeros(6, int)))
    assert found["in training mode afterwards"].tolist() == [False, True]


def test_a_file_is_seen_with_both_networks():
    def hand_on(trained, path, fresh):
        save_file(trained.state_dict(), path)
        fresh.load_state_dict(load_file(path))

    found = probes.run("torch_file", hand_on, ([3, 2], 0))
    assert found["the file is safetensors"] and found["fresh is in training mode"].all()
    assert len(found["numbers in the file"]) == 8
    for other in ("fresh", "trained"):
        assert np.array_equal(found["numbers in the file"], found[f"numbers of {other}"])


@pytest.mark.parametrize("write", [torch.save, lambda state, path: None])
def test_a_pickle_or_no_file_is_no_safetensors(write):
    found = probes.run("torch_file", lambda trained, path, fresh: write(trained.state_dict(), path), ([3, 2], 0))
    assert found["there is a file at path"] == (write is torch.save) and not found["the file is safetensors"]
    assert len(found["numbers in the file"]) == 0
