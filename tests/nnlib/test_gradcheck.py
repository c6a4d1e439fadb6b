"""gradcheck accepts every operation, module and loss of nnlib, and refuses gradients that are wrong on purpose."""

import numpy as np
import pytest

from nnlib import (
    GradcheckError,
    Linear,
    Module,
    Parameter,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    Tensor,
    gradcheck,
    nn,
    node,
)
from nnlib import functional as F

rng = np.random.default_rng(0)
x = rng.uniform(0.5, 2, (3, 4)) * np.where(rng.random((3, 4)) < 0.5, 1, -1)  # away from the kinks at 0
y = rng.uniform(0.5, 2, (3, 4))
stack, square = rng.normal(size=(2, 3, 4)), rng.normal(size=(3, 3))
labels = np.array([2, 0, 3])

right = {
    "add": (F.add, x, y),
    "add, broadcast": (F.add, x, y[0]),
    "sub, broadcast": (F.sub, x[:, :1], y[0]),
    "mul": (F.mul, x, y),
    "mul, broadcast": (F.mul, x, 2.0),
    "div": (F.div, x, y),
    "div, broadcast": (F.div, x[0], y[:, :1]),
    "maximum": (F.maximum, x, y),
    "neg": (F.neg, x),
    "pow 0": (lambda x: x**0, x),
    "pow 2": (lambda x: x**2, x),
    "pow 3": (lambda x: x**3, x),
    "pow -1": (lambda x: x**-1, x),
    "pow 0.5": (lambda x: x**0.5, y),
    "exp": (F.exp, x),
    "log": (F.log, y),
    "abs": (F.abs, x),
    "clip": (lambda x: F.clip(x, -1, 1), x),
    "sigmoid": (F.sigmoid, x),
    "tanh": (F.tanh, x),
    "relu": (F.relu, x),
    "leaky_relu": (F.leaky_relu, x),
    "elu": (lambda x: F.elu(x, 0.7), x),
    "gelu": (F.gelu, x),
    "gelu tanh": (lambda x: F.gelu(x, "tanh"), x),
    "reshape": (lambda x: F.reshape(x, (2, -1)), x),
    "flatten": (F.flatten, stack),
    "transpose": (lambda x: F.transpose(x, 0, 2), stack),
    "getitem": (lambda x: x[1:, ::2], x),
    "getitem, twice the same": (lambda x: x[[0, 2, 0]], x),
    "sum": (F.sum, x),
    "sum over a list": (lambda x: F.sum(x, [0, 2]), stack),
    "sum of a number over 0": (lambda x: F.sum(x, 0), 3.0),
    "mean of a number over -1": (lambda x: F.mean(x, -1), 3.0),
    "flatten from 0": (lambda x: F.flatten(x, start_dim=0), stack),
    "pow -2": (lambda x: x**-2, x),
    "pow 8": (lambda x: x**8, x),
    "sum over two": (lambda x: F.sum(x, (0, 2)), stack),
    "mean": (lambda x: F.mean(x, 0, keepdim=True), x),
    "matmul": (F.matmul, x, y.T),
    "matmul, stack": (F.matmul, stack, y.T),
    "matmul, vectors": (F.matmul, x[0], y[0]),
    "matmul, matrix and vector": (F.matmul, x, y[0]),
    "matmul, vector and stack": (F.matmul, x[:, 0], stack),
    "linear": (F.linear, x, y, x[:, 0]),
    "linear, stack": (F.linear, stack, y),
    "softmax": (F.softmax, x),
    "softmax along 0": (lambda x: F.softmax(x, 0), x),
    "log_softmax": (F.log_softmax, x),
    "cross_entropy": (lambda z: F.cross_entropy(z, labels), x),
    "mse_loss": (F.mse_loss, x, y),
    "l1_loss": (F.l1_loss, x, 3 * y),
    "binary_cross_entropy_with_logits": (F.binary_cross_entropy_with_logits, x, y / 2.1),
    "layer_norm": (lambda x: F.layer_norm(x, 4), x),
    "layer_norm, weight and bias": (lambda x, w, b: F.layer_norm(x, (3, 4), w, b), stack, y, x),
    "batch_norm, training": (lambda x, w, b: F.batch_norm(x, None, None, w, b, True), stack, y[:, 0], x[:, 0]),
    "batch_norm, evaluation": (lambda x, w: F.batch_norm(x, y[1], y[0], w), x, y[0]),
    "dropout": (lambda x: F.dropout(x, 0.3, mask=x.data > 0), x),
    "one number": (lambda a: a * a, 3.0),
    "used twice": (lambda a: a * F.sigmoid(a) + a, x),
    "large": (lambda a: a * 1e6, x),
    "no input used": (lambda a: Tensor(1.0, dtype=np.float64), x),
    "empty": (F.exp, np.zeros((0, 3))),
    "LayerNorm": (nn.LayerNorm((3, 4)), stack),
    "BatchNorm1d in training": (nn.BatchNorm1d(4), x),
    "BatchNorm2d in evaluation": (nn.BatchNorm2d(3).eval(), stack[..., None]),
    "Dropout in evaluation": (nn.Dropout(0.3).eval(), x),
    "mlp": (Sequential(Linear(4, 5, rng=0), Tanh(), Linear(5, 3, rng=1), ReLU(), Linear(3, 2, rng=2), Softmax()), x),
}


@pytest.mark.parametrize("name", right)
def test_right_gradients_pass(name):
    assert gradcheck(right[name][0], *right[name][1:])


wrong = {
    "sign": (lambda a: node(-a.data, (a,), lambda g: (g,)), [x]),
    "factor": (lambda a: node(a.data**2, (a,), lambda g: (g * a.data,)), [x]),
    "a slight factor": (lambda a: node(a.data**2, (a,), lambda g: (g * a.data * 2.0001,)), [x]),
    "missing term": (lambda a: node(a.data * np.exp(a.data), (a,), lambda g: (g * np.exp(a.data),)), [x]),
    "missing input": (lambda a, b: node(a.data * b.data, (a, b), lambda g: (g * b.data, 0 * g)), [x, y]),
    "inputs exchanged": (lambda a, b: node(a.data * b.data, (a, b), lambda g: (g * a.data, g * b.data)), [x, y]),
    "transposed": (
        lambda a, w: node(a.data @ w.data, (a, w), lambda g: (g @ w.data.T, (a.data.T @ g).T)),
        [square, square + 1],
    ),
    "weight not transposed": (
        lambda a, w: node(a.data @ w.data, (a, w), lambda g: (g @ w.data, a.data.T @ g)),
        [square, square + 1],
    ),
    "mean for sum": (lambda a, b: node(a.data + b.data, (a, b), lambda g: (g, g.mean(0))), [x, y[0]]),
    "upstream gradient forgotten": (lambda a: node(a.data * 3, (a,), lambda g: (np.full(a.shape, 3.0),)), [x]),
    "one place": (lambda a: node(a.data * 1, (a,), lambda g: (g * (np.arange(12).reshape(3, 4) != 7),)), [x]),
    "cut": (lambda a: a * a.detach(), [x]),
    "softmax without its sum": (lambda a: node(F.softmax(a).data, (a,), lambda g: (g * F.softmax(a).data,)), [x]),
    "P - Y not divided by n": (
        lambda z: node(F.cross_entropy(z, labels).data, (z,), lambda g: (3 * F.cross_entropy(z, labels).vjp(g)[0],)),
        [x],
    ),
    "nan": (lambda a: node(a.data * 2, (a,), lambda g: (g * np.nan,)), [x]),
    "small beside large": (
        lambda a: node(a.data * [1e6, 1.0], (a,), lambda g: (g * [1e6, 1.1],)),
        [np.array([1.0, 1.0])],
    ),
}


def destroys_g(a):
    def vjp(g):
        to_a = g * 2
        g *= 0
        return (to_a,)

    return node(a.data * 2, (a,), vjp)


def right_only_once(a):
    calls = []

    def vjp(g):
        calls.append(g)
        return (g * 2 * (len(calls) == 1),)

    return node(a.data * 2, (a,), vjp)


def same_array_for_both(a, b):
    def vjp(g):
        both = g * 1
        return both, both

    return node(a.data + b.data, (a, b), vjp)


wrong |= {
    "right for g > 0: absolute value": (lambda a: node(a.data * 2, (a,), lambda g: (np.abs(g) * 2,)), [x]),
    "right for g > 0: relu of g": (lambda a: node(a.data * 2, (a,), lambda g: (np.maximum(g, 0) * 2,)), [x]),
    "right for small g": (lambda a: node(a.data * 2, (a,), lambda g: (np.clip(g, -2, 2) * 2,)), [x]),
    "small numbers": (lambda a: node(a.data * 1e-9, (a,), lambda g: (g * 2e-9,)), [x]),
    "beside a large constant": (lambda a: node(a.data * 2 + 1e9, (a,), lambda g: (g * 3,)), [x]),
    "changes g": (destroys_g, [x]),
    "changes g that another shares": (lambda a, b: destroys_g(a) + F.exp(b), [x, y]),
    "right only once": (right_only_once, [x]),
    "one array for two": (same_array_for_both, [x, y]),
    "wrong beside a frozen input": (
        lambda a, b: node(a.data * b.data, (a, b), lambda g: (g * b.data if b.requires_grad else 0 * g, g * a.data)),
        [x, y],
    ),
    "random": (lambda a: F.dropout(a, 0.5), [x]),
}


@pytest.mark.parametrize("name", wrong)
def test_wrong_gradients_are_caught(name):
    f, inputs = wrong[name]
    with pytest.raises(GradcheckError):
        gradcheck(f, *inputs)


def test_it_says_where_and_how():
    with pytest.raises(
        GradcheckError, match=r"input 0, shape \(3, 4\), is wrong in 12 of 12 .* 0\.5 times the measured"
    ):
        gradcheck(wrong["factor"][0], x)
    with pytest.raises(GradcheckError, match=r"-1 times the measured slope everywhere"):
        gradcheck(wrong["sign"][0], x)
    with pytest.raises(GradcheckError, match=r"input 1.* right after a transpose"):
        gradcheck(*wrong["transposed"][:1], *wrong["transposed"][1])
    with pytest.raises(GradcheckError, match=r"input 1.* zero everywhere"):
        gradcheck(wrong["missing input"][0], x, y)
    with pytest.raises(GradcheckError, match=r"in 1 of 12 places. At \(1, 3\) backward gives 0, but measured is"):
        gradcheck(wrong["one place"][0], x)


class Scale(Module):
    """A module whose parameter gets a wrong gradient."""

    def __init__(self):
        super().__init__()
        self.factor = Parameter([1.0, 2.0, 3.0, 4.0])

    def forward(self, a):
        return node(a.data * self.factor.data, (a, self.factor), lambda g: (g * self.factor.data, g))


def test_parameters_are_checked_and_come_back_as_they_were():
    module = Scale()
    before, module.factor.grad = module.factor.data, np.ones(4, np.float32)
    with pytest.raises(GradcheckError, match="gradient of factor, shape"):
        gradcheck(module, x)
    assert module.factor.data is before and module.factor.grad.sum() == 4
    with pytest.raises(GradcheckError, match="gradient of parameter 0, shape"):
        gradcheck(lambda a: module(a), x, parameters=module.parameters())
    model = Sequential(Linear(4, 3, rng=0), Sigmoid())
    assert gradcheck(lambda a: F.cross_entropy(model(a), [0, 1, 2]), x, parameters=model.parameters())
    assert model[0].weight.dtype == np.float32


def test_a_frozen_parameter_is_left_out():
    model = Sequential(Linear(4, 3, rng=0), Sigmoid())
    model[0].weight.requires_grad = False
    assert gradcheck(model, x)
    assert gradcheck(model, x, parameters=model.parameters())


def test_arrays_take_the_precision_of_the_tensor():
    assert gradcheck(lambda a: a @ np.ones((4, 2)), x)
    assert gradcheck(lambda a: np.ones((2, 3)) @ a, x)
    assert gradcheck(lambda a: F.mse_loss(y, a), x)
    assert gradcheck(lambda a: F.linear(a, y, np.ones(3)), x)


def test_single_precision_inside_is_refused():
    with pytest.raises(GradcheckError, match="float32"):
        gradcheck(lambda a: Tensor(a.data), x)


def test_buffers_come_back_as_they_were():
    norm = nn.BatchNorm1d(4)
    before = norm.state_dict()
    assert gradcheck(norm, x)
    assert all(np.array_equal(array, before[name]) for name, array in norm.state_dict().items())


@pytest.mark.parametrize("layer", [nn.RNN, nn.GRU, nn.LSTM])
def test_a_layer_with_several_results(layer):
    assert gradcheck(layer(4, 2, rng=0), stack)


def test_a_wrong_second_result_is_caught():
    with pytest.raises(GradcheckError, match="input 0"):
        gradcheck(lambda a: (a * 1, wrong["factor"][0](a)), x)


def test_a_bias_whose_true_gradient_is_zero_passes():
    assert gradcheck(Sequential(Linear(4, 3, rng=0), nn.BatchNorm1d(3)), x)
    assert gradcheck(lambda a, b: F.softmax(a + b), x, y[:, :1])


def test_frozen_parameters_stay_frozen_and_others_not():
    model = Sequential(Linear(4, 3, rng=0), Sigmoid())
    model[0].weight.requires_grad = False
    gradcheck(model, x)
    assert [p.requires_grad for p in model.parameters()] == [False, True]


def test_the_inputs_are_left_alone():
    before = x.copy()
    gradcheck(F.exp, x)
    np.testing.assert_array_equal(x, before)
