"""Lesson 2.2: what its sentences and questions say and no cell of it computes."""

import numpy as np
import pytest

from classroom import data
from nnlib import SGD, Linear, ReLU, Sequential, Sigmoid, Tanh, Tensor, accuracy, fit
from nnlib import functional as F


def test_linear_draws_weights_with_the_factor_058():
    weight = Linear(64, 4000, rng=0).weight.data
    assert np.std(weight) * 8 == pytest.approx(0.58, abs=0.005)


def deep(activation, factor, classes, seed):
    """Ten hidden layers of 64 with this weights' factor, without biases at first."""
    rng = np.random.default_rng(seed)
    layers = [layer for _ in range(10) for layer in (Linear(64, 64, rng=rng), activation())]
    for layer in layers[::2]:
        layer.weight.data[:], layer.bias.data[:] = factor * rng.normal(size=(64, 64)) / 8, 0
    return Sequential(*layers, Linear(64, classes, rng=rng))


def taught(model, x, y, rate, seed):
    fit(model, F.cross_entropy, SGD(model.parameters(), lr=rate), x, y, epochs=10, batch_size=32, rng=seed)
    return model


@pytest.mark.parametrize("seed", range(3))
def test_ten_sigmoid_layers_of_factor_1_still_guess_after_ten_epochs(seed):
    split = data.digits(seed)
    model = taught(deep(Sigmoid, 1, 10, seed), split.train.x / 16, split.train.y, 0.2, seed)
    assert accuracy(model, split.test.x / 16, split.test.y) < 0.15


def hidden(activation, factor, layers, classes, rate, seeds):
    """Mean accuracies on validation and on test images, over splits of the digits."""
    scores = []
    for seed in seeds:
        split, rng = data.digits(seed), np.random.default_rng(seed)
        body = [layer for _ in range(layers) for layer in (Linear(64, 64, rng=rng), activation())]
        for layer in body[::2]:
            layer.weight.data[:], layer.bias.data[:] = factor * rng.normal(size=(64, 64)) / 8, 0
        model = Sequential(*body, Linear(64, classes, rng=rng))
        validation, test = (part.y if classes == 10 else (part.y >= 5) * 1 for part in (split.validation, split.test))
        y = split.train.y if classes == 10 else (split.train.y >= 5) * 1
        taught(model, split.train.x / 16, y, rate, seed)
        scores.append([accuracy(model, split.validation.x / 16, validation), accuracy(model, split.test.x / 16, test)])
    return np.mean(scores, axis=0)


@pytest.mark.parametrize(
    ("activation", "factor", "layers", "classes", "rates", "best"),
    [
        (Sigmoid, 10, 1, 2, (0.3, 1, 3), 3),
        (Tanh, 1.3, 1, 2, (0.3, 1, 3), 1),
        (ReLU, 2**0.5, 1, 2, (0.1, 0.3, 1), 0.3),
        (Tanh, 1.3, 10, 10, (0.1, 0.4), 0.1),
        (ReLU, 2**0.5, 10, 10, (0.01, 0.05, 0.2), 0.05),
    ],
)
def test_the_appendix_races_at_the_best_rate(activation, factor, layers, classes, rates, best):
    on_validation = {r: hidden(activation, factor, layers, classes, r, range(3))[0] for r in rates}
    assert max(on_validation, key=on_validation.get) == best


def test_at_the_rate_of_relu_the_sigmoid_is_behind_and_at_its_own_it_is_not():
    relu = hidden(ReLU, 2**0.5, 1, 2, 0.3, range(5))[1]
    assert hidden(Sigmoid, 10, 1, 2, 0.3, range(5))[1] < relu - 0.05
    assert hidden(Sigmoid, 10, 1, 2, 3, range(5))[1] > relu - 0.02


@pytest.mark.parametrize("seed", range(3))
def test_weights_of_the_first_sigmoid_layer_take_steps_of_a_few_millionths(seed):
    split, rng = data.digits(), np.random.default_rng(seed)
    a, weights = Tensor(split.train.x[:200] / 16), []
    for _ in range(10):
        weights.append(Tensor(rng.normal(size=(64, 64)) / 8, requires_grad=True))
        a = F.sigmoid(a @ weights[-1].T)
    F.cross_entropy(Linear(64, 10, rng=rng)(a), split.train.y[:200]).backward()
    first, last = (np.sqrt(np.mean(w.grad**2)) for w in (weights[0], weights[-1]))
    assert 1.5e-6 < first / last < 6e-6


def test_no_sum_of_the_first_layer_is_exactly_0():
    weights = np.random.default_rng(0).normal(size=(64, 64)) / 8
    assert np.sum(data.digits().train.x[:200] / 16 @ weights.T == 0) == 0


def test_slopes_times_weights_are_what_a_real_push_meets():
    """The lesson multiplies slopes and weights; here a layer's sums are truly pushed, by little."""
    rng = np.random.default_rng(0)
    weights = [2 * rng.normal(size=(64, 64)) / 8 for _ in range(5)]
    x = data.digits().train.x[:20] / 16
    push = rng.normal(size=(20, 64))

    def sums(push):
        z = x @ weights[0].T + push
        for each in weights[1:]:
            z = np.tanh(z) @ each.T
        return z

    z, by_slopes = x @ weights[0].T, push
    for each in weights[1:]:
        by_slopes = ((1 - np.tanh(z) ** 2) * by_slopes) @ each.T
        z = np.tanh(z) @ each.T
    measured = (sums(1e-6 * push) - sums(-1e-6 * push)) / 2e-6
    assert np.allclose(by_slopes, measured, rtol=1e-4, atol=1e-5)


def test_numbers_of_the_questions():
    def softmax(z, temperature=1):
        return F.softmax(Tensor(np.array(z, dtype=float) / temperature, dtype=np.float64)).data

    assert 1 / np.sqrt((1 + 0.5**2) / 2) == pytest.approx(1.265, abs=0.001)
    assert np.allclose(softmax([8, 2, 0], 2), softmax([7, 4, 3]))
    assert softmax([1.3, 0])[0] == pytest.approx(1 / (1 + np.exp(-1.3)))
    assert 1 / (1 + np.exp(-0.9)) * (1 - 1 / (1 + np.exp(-0.9))) == pytest.approx(0.205, abs=0.001)
