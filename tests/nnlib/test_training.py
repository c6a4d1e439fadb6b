"""Modules, the optimiser and the training loop: PyTorch's numbers, reproducible runs, one dtype throughout."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from nnlib import (
    SGD,
    Flatten,
    History,
    LeakyReLU,
    Linear,
    Module,
    Parameter,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    Tensor,
    accuracy,
    batches,
    fit,
    optim,
)
from nnlib import functional as F


def blobs(n=200, seed=0):
    """Three round clouds of points: an easy task."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, n)
    x = np.array([[0, 0], [3, 0], [0, 3]])[y] + rng.normal(size=(n, 2))
    return x.astype(np.float32), y


def mlp(*sizes, activation=ReLU, seed=0):
    rng = np.random.default_rng(seed)
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [Linear(inputs, outputs, rng=rng), activation()]
    return Sequential(*layers[:-1])


def twin(model):
    """The same network in PyTorch, with the same weights."""
    layers = []
    for layer in model.layers:
        if isinstance(layer, Linear):
            layers.append(torch.nn.Linear(layer.in_features, layer.out_features))
        else:
            layers.append(getattr(torch.nn, type(layer).__name__)())
    other = torch.nn.Sequential(*layers)
    other.load_state_dict({name: torch.tensor(array) for name, array in model.state_dict().items()})
    return other


@pytest.mark.parametrize("momentum", [0, 0.9])
@pytest.mark.parametrize("activation", [ReLU, Tanh, Sigmoid, LeakyReLU])
def test_the_same_losses_as_pytorch(activation, momentum):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(20, 32, 64)).astype(np.float32), rng.integers(0, 10, (20, 32))
    model = mlp(64, 32, 10, activation=activation)
    other = twin(model)
    optimizer = SGD(model.parameters(), lr=0.1, momentum=momentum)
    theirs = torch.optim.SGD(other.parameters(), lr=0.1, momentum=momentum)
    for xs, ys in zip(x, y, strict=True):
        loss, their_loss = (
            F.cross_entropy(model(xs), ys),
            torch.nn.functional.cross_entropy(other(torch.tensor(xs)), torch.tensor(ys)),
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        theirs.zero_grad()
        their_loss.backward()
        theirs.step()
        assert loss.item() == pytest.approx(their_loss.item(), rel=2e-6)
    for name, array in model.state_dict().items():
        np.testing.assert_allclose(array, other.state_dict()[name].numpy(), rtol=1e-4, atol=1e-6)


def test_everything_stays_float32():
    x, y = blobs()
    model = mlp(2, 4, 3)
    optimizer = SGD(model.parameters(), lr=np.float64(0.1), momentum=np.float64(0.9))
    fit(model, F.cross_entropy, optimizer, x.astype(float), y, epochs=2, rng=0)
    optimizer.lr = np.float64(0.05)
    optimizer.step()
    assert {p.dtype for p in model.parameters()} | {p.grad.dtype for p in model.parameters()} == {np.dtype(np.float32)}
    assert {vector.dtype for vector in optimizer.state.values()} == {np.dtype(np.float32)}


def test_a_numpy_rate_gives_the_same_bits_as_a_plain_one():
    start, gradient = np.random.default_rng(0).normal(size=(2, 1000))
    ends = []
    for number in (float, np.float64):
        w = Parameter(start)
        optimizer = SGD([w], lr=number(0.1), momentum=number(0.9))
        for _ in range(3):
            w.grad = gradient.astype(np.float32)
            optimizer.step()
        ends.append(w.data)
    np.testing.assert_array_equal(*ends)


def test_sgd_moves_numbers_where_they_are():
    w = Parameter([1.0, 2.0])
    held = w.data
    optimizer = SGD([w], lr=0.5)
    (w * w).sum().backward()
    gradient = w.grad.copy()
    optimizer.step()
    np.testing.assert_array_equal(held, [0, 0])
    assert w.data is held
    np.testing.assert_array_equal(w.grad, gradient)
    optimizer.zero_grad()
    assert w.grad is None


def test_a_parameter_without_gradient_rests():
    used, unused = Parameter(1.0), Parameter(1.0)
    optimizer = SGD([used, unused], lr=0.1, momentum=0.9)
    (used * 2).backward()
    optimizer.step()
    assert used.item() == pytest.approx(0.8) and unused.item() == 1


def test_a_parameter_named_twice_moves_once():
    w = Parameter(1.0)
    optimizer = SGD([w, w], lr=0.1)
    (w * 2).backward()
    optimizer.step()
    assert w.item() == pytest.approx(0.8)


def test_a_frozen_parameter_keeps_its_own_numbers():
    numbers = np.zeros((2, 3), np.float32)
    layer = Linear(3, 2, rng=0)
    layer.weight = Parameter(numbers, requires_grad=False)
    layer.load_state_dict({"weight": np.ones((2, 3)), "bias": np.ones(2)})
    assert not layer.weight.requires_grad and layer.weight.data.sum() == 6 and numbers.sum() == 0


def test_linear_starts_as_pytorchs_does():
    layer = Linear(100, 50, rng=0)
    for p in layer.parameters():
        assert 0.09 < np.abs(p.data).max() <= 0.1 and abs(p.data.mean()) < 0.03
    assert layer.weight.shape == (50, 100) and layer.bias.shape == (50,) and layer.weight.dtype == np.float32
    np.testing.assert_array_equal(layer.weight.data, Linear(100, 50, rng=np.random.default_rng(0)).weight.data)
    assert not np.array_equal(Linear(3, 2).weight.data, Linear(3, 2).weight.data)
    assert Linear(3, 2, bias=False).bias is None
    assert Linear(3, 2, bias=False)(np.ones((4, 3))).shape == (4, 2)


class Twice(Module):
    """One layer used at two places, and layers inside layers."""

    def __init__(self):
        super().__init__()
        self.shared = Linear(3, 3, rng=0)
        self.same = self.shared
        self.scale = Parameter(2.0)
        self.body = Sequential(Linear(3, 2, rng=1), Sequential(Tanh()))
        self.last_output = None

    def forward(self, x):
        self.last_output = self.body(self.same(self.shared(x))) * self.scale  # a result is no parameter
        return self.last_output


def test_a_module_finds_its_parameters_once():
    model = Twice()
    model(np.ones((1, 3)))
    names = [name for name, _ in model.named_parameters()]
    assert names == ["scale", "shared.weight", "shared.bias", "body.0.weight", "body.0.bias"]
    assert len(model.parameters()) == 5
    model(np.ones((1, 3))).sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    model.zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_train_and_eval_reach_all_modules():
    model = Twice()
    assert model.training and model.eval() is model
    assert not model.training and not model.body[1][0].training
    assert model.train().body[1][0].training


def test_state_dict_is_a_copy_and_loads():
    x, y = blobs()
    model, other = mlp(2, 4, 3, seed=0), mlp(2, 4, 3, seed=1)
    best = model.state_dict()
    kept = {name: array.copy() for name, array in best.items()}
    fit(model, F.cross_entropy, SGD(model.parameters(), lr=0.1), x, y, epochs=1, rng=0)
    assert all(np.array_equal(best[name], kept[name]) for name in kept)
    held = other[0].weight.data
    other.load_state_dict(best)
    assert other[0].weight.data is held
    assert all(np.array_equal(array, best[name]) for name, array in other.state_dict().items())


def test_modules_print_as_in_pytorch():
    model = Sequential(Flatten(), Sequential(Linear(4, 3, bias=False), LeakyReLU(0.2)), Linear(3, 2), Softmax())
    assert repr(model) == (
        "Sequential(\n  (0): Flatten()\n"
        "  (1): Sequential(\n    (0): Linear(in_features=4, out_features=3, bias=False)\n"
        "    (1): LeakyReLU(negative_slope=0.2)\n  )\n"
        "  (2): Linear(in_features=3, out_features=2)\n  (3): Softmax(dim=-1)\n)"
    )


def test_layers_compute_what_the_functions_do():
    x = Tensor(np.random.default_rng(0).normal(size=(2, 3, 4)))
    for layer, f in [(Sigmoid(), F.sigmoid), (Tanh(), F.tanh), (ReLU(), F.relu), (Softmax(), F.softmax)]:
        np.testing.assert_array_equal(layer(x).data, f(x).data)
    np.testing.assert_array_equal(Softmax(dim=1)(x).data, F.softmax(x, 1).data)
    np.testing.assert_array_equal(LeakyReLU(0.3)(x).data, F.leaky_relu(x, 0.3).data)
    assert Flatten()(x).shape == (2, 12) and Flatten()(np.zeros((0, 3, 4))).shape == (0, 12)
    model = Sequential(Linear(4, 3, rng=0), ReLU(), Linear(3, 2, rng=0))
    assert len(model) == 3 and len(model[:2]) == 2 and model[-1].out_features == 2
    np.testing.assert_array_equal(model(x).data, model[2](model[1](model[0](x))).data)


def test_a_layer_put_in_anothers_place_is_used():
    model = Sequential(Linear(2, 3, rng=0), ReLU())
    setattr(model, "0", Linear(2, 5, rng=1))
    assert model[0].out_features == 5 and model(np.ones((1, 2))).shape == (1, 5) and len(model) == 2


def test_inputs_may_be_named():
    class Sum(Module):
        def forward(self, x, y):
            return x + y

    assert Sum()(1.0, y=Tensor(2.0)).item() == 3


def test_batches_show_every_example_once():
    rng = np.random.default_rng(0)
    first, second = list(batches(10, 4, rng)), list(batches(10, 4, rng))
    assert [len(batch) for batch in first] == [4, 4, 2]
    assert sorted(np.concatenate(first)) == sorted(np.concatenate(second)) == list(range(10))
    assert not np.array_equal(np.concatenate(first), np.concatenate(second))
    assert list(batches(0, 4, rng)) == []
    assert all(np.array_equal(a, b) for a, b in zip(batches(10, 4, 2), batches(10, 4, 2), strict=True))


def test_fit_is_reproducible_from_a_seed():
    x, y = blobs()

    def run(seed):
        model = mlp(2, 8, 3)
        history = fit(model, F.cross_entropy, SGD(model.parameters(), lr=0.1), x, y, epochs=3, rng=seed)
        return history.train_loss, model.state_dict()

    (losses, state), (again, same), (others, _) = run(0), run(np.random.default_rng(0)), run(1)
    assert losses == again and losses != others
    assert all(np.array_equal(state[name], same[name]) for name in state)


def test_fit_is_the_loop_written_out():
    x, y = blobs(50)
    model, other = mlp(2, 8, 3), mlp(2, 8, 3)
    history = fit(model, F.cross_entropy, SGD(model.parameters(), lr=0.1), x, y, epochs=2, batch_size=16, rng=0)
    optimizer, rng, means = SGD(other.parameters(), lr=0.1), np.random.default_rng(0), []
    for _ in range(2):
        losses = []
        for batch in batches(len(x), 16, rng):
            loss = F.cross_entropy(other(Tensor(x[batch])), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses += [loss.item()] * len(batch)
        means.append(np.mean(losses))
    np.testing.assert_allclose(history.train_loss, means)
    assert all(np.array_equal(array, other.state_dict()[name]) for name, array in model.state_dict().items())


class Mode(Module):
    """Notes whether it is used in training."""

    def __init__(self):
        super().__init__()
        self.inner = Linear(2, 3, rng=0)
        self.seen = []

    def forward(self, x):
        self.seen.append((self.training, self.inner(x).requires_grad))
        return self.inner(x)


def test_validation_and_callback():
    x, y = blobs()
    model, epochs = Mode().eval(), []  # fit switches it to training
    history = fit(
        model,
        F.cross_entropy,
        SGD(model.parameters(), lr=0.1),
        x,
        y,
        epochs=5,
        batch_size=100,
        rng=0,
        validation=blobs(seed=1),
        each_epoch=lambda epoch, history: epochs.append((epoch, len(history.validation_loss))),
    )
    assert model.seen == 5 * [(True, True), (True, True), (False, False)] and model.training
    assert epochs == [(i, i) for i in range(1, 6)]
    assert len(history.train_loss) == len(history.validation_accuracy) == 5
    assert history.train_loss[-1] < history.train_loss[0] and history.validation_accuracy[-1] > 0.5
    assert history.validation_accuracy[-1] == accuracy(model, *blobs(seed=1))
    assert history.validation_loss[-1] == F.cross_entropy(model(blobs(seed=1)[0]), blobs(seed=1)[1]).item()
    assert repr(history).startswith("History(5 epochs; last: train_loss 0.") and repr(History()) == "History(0 epochs)"


def test_fit_for_numbers_instead_of_classes():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(100, 3)).astype(np.float32)
    y = x @ np.array([[1.0], [-2.0], [0.5]], np.float32) + 3
    model = Linear(3, 1, rng=0)
    history = fit(model, F.mse_loss, SGD(model.parameters(), lr=0.1), x, y, epochs=20, rng=0, validation=(x, y))
    np.testing.assert_allclose(model.weight.data, [[1, -2, 0.5]], atol=1e-3)
    assert history.validation_accuracy == [] and history.validation_loss[-1] < 1e-5


def test_whole_numbers_as_targets_are_no_classes():
    x, y = np.arange(6, dtype=np.float32).reshape(6, 1), np.arange(6)
    for width, targets in [(1, y.reshape(6, 1)), (2, np.stack([y, y], axis=1))]:
        model = Linear(1, width, rng=0)
        optimizer = SGD(model.parameters(), lr=0.01)
        history = fit(model, F.mse_loss, optimizer, x, targets, epochs=2, rng=0, validation=(x, targets))
        assert len(history.validation_loss) == 2 and history.validation_accuracy == []


def test_fit_takes_tensors_and_lists():
    x, y = blobs(50)
    ends = []
    for xs, ys in [(x, y), (Tensor(x), y), (x.tolist(), y.tolist())]:
        model = mlp(2, 4, 3)
        fit(model, F.cross_entropy, SGD(model.parameters(), lr=0.1), xs, ys, epochs=1, rng=0, validation=(xs, ys))
        ends.append((model[0].weight.data, accuracy(model, xs, ys)))
    for weight, right in ends[1:]:
        np.testing.assert_array_equal(weight, ends[0][0])
        assert right == ends[0][1]


def test_outputs_that_are_nan_are_never_right():
    model = Linear(2, 3, rng=0)
    model.bias.data[:] = np.nan
    assert accuracy(model, np.ones((4, 2)), np.zeros(4, int)) == 0


def test_accuracy_leaves_the_modules_inside_as_they_were():
    model = Sequential(Linear(2, 3, rng=0), Sequential(ReLU()).eval())
    accuracy(model, *blobs())
    assert [module.training for module in model.modules()] == [True, True, False, False]
    with pytest.raises(ValueError, match="must be 2"):
        accuracy(model, np.ones((4, 5)), np.zeros(4, int))
    assert model.training and not model[1].training


def test_accuracy_leaves_the_model_as_it_was():
    model = Mode()
    x, y = blobs()
    right = (model.inner(x).data.argmax(1) == y).mean()
    assert accuracy(model, x, y) == right and model.training
    model.eval()
    assert accuracy(model, x, y) == right and not model.training


def test_hooks_stand_before_and_after_each_step():
    x, y = blobs(50)
    seen = []
    for clip, decay in [(True, True), (False, False)]:
        model = mlp(2, 8, 3)
        optimizer = SGD(model.parameters(), lr=0.5)
        schedule = optim.StepLR(optimizer, 1, gamma=0.9)
        norms, rates = [], []

        def before(model=model, clip=clip, norms=norms):
            norms.append(optim.clip_grad_norm_(model.parameters(), 0.1 if clip else 1e9))
            norms.append(optim.clip_grad_norm_(model.parameters(), 1e9))

        def after(optimizer=optimizer, schedule=schedule, decay=decay, rates=rates):
            rates.append(optimizer.lr)
            if decay:
                schedule.step()

        start = model.state_dict()
        fit(
            model,
            F.cross_entropy,
            optimizer,
            x,
            y,
            epochs=2,
            batch_size=16,
            rng=0,
            before_step=before,
            after_step=after,
        )
        way = np.sqrt(sum(((model.state_dict()[name] - start[name]) ** 2).sum() for name in start))
        seen.append((norms[1::2], rates, way))
    (clipped, falling, short), (whole, constant, long) = seen
    assert max(clipped) <= 0.1 < min(whole) and len(whole) == len(falling) == 8
    np.testing.assert_allclose(falling, 0.5 * 0.9 ** np.arange(8))
    assert constant == [0.5] * 8 and short < sum(0.1 * rate for rate in falling) < long


def test_fit_stops_where_the_loss_stops_being_a_number():
    x, y = blobs(64)
    x[37] = np.inf  # one broken example: whatever the order, its batch is where it begins
    model, epochs = mlp(2, 4, 3), []
    before = {name: array.copy() for name, array in model.state_dict().items()}
    step = next(i for i, b in enumerate(batches(64, 8, np.random.default_rng(3)), start=1) if 37 in b)
    assert step > 1  # else the test would not tell "where" from "at once"
    with pytest.raises(FloatingPointError, match=rf"in epoch 1, step {step}\..*holds nan or inf, in x"):
        fit(
            model,
            F.cross_entropy,
            SGD(model.parameters(), lr=0.1),
            x,
            y,
            batch_size=8,
            rng=3,
            each_epoch=lambda epoch, history: epochs.append(epoch),
        )
    after = model.state_dict()
    assert epochs == [] and all(np.isfinite(array).all() for array in after.values())  # the broken step was not taken
    assert any(not np.array_equal(before[name], after[name]) for name in after)  # those before it were
