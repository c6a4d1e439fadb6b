"""Starting values have the spread that their papers ask for, and keep signals alive through many layers."""

import math

import numpy as np
import pytest
import torch

from nnlib import Linear, Parameter, Tensor
from nnlib import functional as F
from nnlib.nn import init

shapes = [(300, 200), (60, 20, 5, 7)]
torch_fans = torch.nn.init._calculate_fan_in_and_fan_out


def weight(shape):
    return Parameter(np.zeros(shape))


@pytest.mark.parametrize("shape", [*shapes, (4, 3, 5)])
def test_fans_are_pytorchs(shape):
    assert init.fans(weight(shape)) == torch_fans(torch.empty(shape))


def test_gains_are_pytorchs():
    for name in ["linear", "sigmoid", "tanh", "relu"]:
        assert init.calculate_gain(name) == torch.nn.init.calculate_gain(name)
    for slope in [0.01, 0.3]:
        assert init.calculate_gain("leaky_relu", slope) == torch.nn.init.calculate_gain("leaky_relu", slope)
    assert init.calculate_gain("leaky_relu") == torch.nn.init.calculate_gain("leaky_relu")


def kaiming(fan, slope=0.0):
    return math.sqrt(2 / (1 + slope**2) / fan)


normal = {  # the function, and the standard deviation that it must give, for fans (i, o)
    "normal_": (lambda w: init.normal_(w, 0.0, 0.3, rng=0), lambda i, o: 0.3),
    "xavier_normal_": (lambda w: init.xavier_normal_(w, rng=0), lambda i, o: math.sqrt(2 / (i + o))),
    "xavier_normal_, gain": (lambda w: init.xavier_normal_(w, 3, rng=0), lambda i, o: 3 * math.sqrt(2 / (i + o))),
    "kaiming_normal_": (lambda w: init.kaiming_normal_(w, rng=0), lambda i, o: kaiming(i)),
    "kaiming_normal_, relu": (lambda w: init.kaiming_normal_(w, nonlinearity="relu", rng=0), lambda i, o: kaiming(i)),
    "kaiming_normal_, fan_out": (lambda w: init.kaiming_normal_(w, mode="fan_out", rng=0), lambda i, o: kaiming(o)),
    "kaiming_normal_, slope": (lambda w: init.kaiming_normal_(w, 0.5, rng=0), lambda i, o: kaiming(i, 0.5)),
    "kaiming_normal_, tanh": (
        lambda w: init.kaiming_normal_(w, nonlinearity="tanh", rng=0),
        lambda i, o: 5 / 3 / math.sqrt(i),
    ),
}
even = {
    "uniform_": (lambda w: init.uniform_(w, -0.3, 0.3, rng=0), lambda i, o: 0.3 / math.sqrt(3)),
    "xavier_uniform_": (lambda w: init.xavier_uniform_(w, 2, rng=0), lambda i, o: 2 * math.sqrt(2 / (i + o))),
    "kaiming_uniform_": (lambda w: init.kaiming_uniform_(w, nonlinearity="relu", rng=0), lambda i, o: kaiming(i)),
    "kaiming_uniform_, as Linear's": (
        lambda w: init.kaiming_uniform_(w, math.sqrt(5), rng=0),
        lambda i, o: 1 / math.sqrt(3 * i),
    ),
}


def check_moments(w, std, fourth):
    """Mean 0 and the right spread, within four of their own standard deviations; `fourth` is E x^4 / (E x^2)^2."""
    x, n = w.data.astype(np.float64), w.data.size
    assert abs(x.mean()) < 4 * std / math.sqrt(n)
    assert abs(np.mean(x * x) / std**2 - 1) < 4 * math.sqrt((fourth - 1) / n)
    assert abs(np.mean(x**4) / std**4 - fourth) < 0.05 * fourth  # the shape: normal or even
    assert w.dtype == np.float32


@pytest.mark.parametrize("shape", shapes)
@pytest.mark.parametrize("name", normal)
def test_normal_spread(name, shape):
    fill, std = normal[name]
    w = weight(shape)
    assert fill(w) is w
    check_moments(w, std(*torch_fans(torch.empty(shape))), 3)


@pytest.mark.parametrize("shape", shapes)
@pytest.mark.parametrize("name", even)
def test_even_spread(name, shape):
    fill, std = even[name]
    w, spread = weight(shape), std(*torch_fans(torch.empty(shape)))
    assert fill(w) is w
    check_moments(w, spread, 1.8)
    assert 0.99 < np.abs(w.data).max() / (spread * math.sqrt(3)) <= 1 + 1e-6


def test_means_and_borders():
    assert abs(init.normal_(weight((200, 200)), 5.0, 0.1, rng=0).data.mean() - 5) < 0.01
    w = init.uniform_(weight((200, 200)), rng=0).data
    assert 0 <= w.min() < 0.01 and 0.99 < w.max() < 1


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 3, 2, 2), (40, 3, 2, 2), (1, 1)])
@pytest.mark.parametrize("gain", [1.0, np.float64(1.7)])
def test_orthogonal(shape, gain):
    w = init.orthogonal_(weight(shape), gain, rng=0).data
    assert w.dtype == np.float32
    w = w.reshape(shape[0], -1)
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(product, gain**2 * np.eye(len(product)), atol=1e-5)


def test_all_rotations_are_equally_likely():
    rng = np.random.default_rng(0)
    corners = [init.orthogonal_(weight((2, 2)), rng=rng).data[0] for _ in range(2000)]
    angles = np.arctan2(*np.transpose(corners))
    counts = np.histogram(angles, bins=8, range=(-np.pi, np.pi))[0]
    assert np.abs(counts - 250).max() < 4 * math.sqrt(250)


def test_constants():
    for fill, value in [(init.zeros_, 0), (lambda t: init.constant_(t, np.float64(0.3)), np.float32(0.3))]:
        for shape in [(), (3,), (2, 3)]:
            t = Parameter(np.ones(shape) * 7)
            assert fill(t) is t and np.all(t.data == value) and t.dtype == np.float32


def test_a_seed_or_a_generator():
    for fill in [init.kaiming_normal_, init.xavier_uniform_, init.orthogonal_, init.uniform_, init.normal_]:
        a, b, c = (fill(weight((3, 4)), rng=seed).data for seed in (1, np.random.default_rng(1), 2))
        np.testing.assert_array_equal(a, b)
        assert not np.array_equal(a, c)
    rng = np.random.default_rng(0)
    assert not np.array_equal(init.normal_(weight(9), rng=rng).data, init.normal_(weight(9), rng=rng).data)


@pytest.mark.parametrize(
    ("fill", "activation", "low", "high"),
    [
        (lambda w, rng: init.kaiming_normal_(w, nonlinearity="relu", rng=rng), F.relu, 0.3, 3),
        (lambda w, rng: init.orthogonal_(w, rng=rng), lambda x: x, 0.999, 1.001),
        (lambda w, rng: init.xavier_normal_(w, rng=rng), lambda x: x, 0.3, 3),
        (lambda w, rng: init.xavier_normal_(w, rng=rng), F.relu, 0, 1e-3),  # which is why there is another for ReLU
    ],
)
def test_thirty_layers(fill, activation, low, high):
    rng = np.random.default_rng(0)
    x = start = rng.normal(size=(50, 256))
    for _ in range(30):
        layer = Linear(256, 256)
        fill(layer.weight, rng)
        init.zeros_(layer.bias)
        x = activation(layer(x))
    assert low < np.sqrt((x.data**2).mean() / (start**2).mean()) < high


def test_backward_notices_new_numbers():
    layer = Linear(2, 2, rng=0)
    loss = layer(np.ones((1, 2))).sum()
    init.kaiming_normal_(layer.weight, rng=0)
    with pytest.raises(RuntimeError, match="changed after linear"):
        loss.backward()


mistakes = {
    "a result": (lambda: init.zeros_(Parameter(np.ones(3)) * 2), TypeError, "init got the result of mul"),
    "fans of a bias": (lambda: init.xavier_normal_(weight(3)), ValueError, r"shape \(3,\).* zeros_\(\)"),
    "fans of nothing": (lambda: init.kaiming_normal_(weight((3, 0))), ValueError, r"shape \(3, 0\)"),
    "orthogonal vector": (lambda: init.orthogonal_(weight(3)), ValueError, r"shape \(3,\)"),
    "nonlinearity": (
        lambda: init.kaiming_uniform_(weight((2, 2)), nonlinearity="softmax"),
        ValueError,
        "one of linear",
    ),
    "mode": (lambda: init.kaiming_normal_(weight((2, 2)), mode="fan_avg"), ValueError, "mode='fan_avg'"),
    "a layer": (lambda: init.zeros_(Linear(2, 2)), TypeError, "got Linear: it fills a parameter, such as layer.weight"),
    "a layer's fans": (lambda: init.kaiming_normal_(Linear(2, 2)), TypeError, "got Linear"),
    "an array": (lambda: init.normal_(np.ones(3)), TypeError, "got ndarray"),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    message = str(caught.value.args[0])
    assert len(message.split()) <= 60 and message.endswith(".") and "\n" not in message


def test_a_tensor_by_hand_may_be_filled():
    w = Tensor(np.zeros((2, 3)), requires_grad=True)
    assert init.xavier_uniform_(w, rng=0).data.any() and w.requires_grad
