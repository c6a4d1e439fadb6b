"""Every operation gives PyTorch's values and PyTorch's gradients, in float32, over many shapes: single numbers,
broadcast sizes and empty arrays among them."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

from nnlib import Tensor
from nnlib import functional as F

T = torch.nn.functional
quick = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
shapes = st.just(()) | array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
some = array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=5)
pairs = mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=5, max_dims=3)


def numbers(rng, shape, low=-3.0, high=3.0):
    return rng.uniform(low, high, shape).astype(np.float32)


def is_pure(c):
    """The vjp of the result c gives the same twice, and changes neither c nor the gradient that it is given."""
    before, g = c.data.copy(), np.ones(c.shape, np.float32)
    for first, again in zip(c.vjp(g), c.vjp(g), strict=True):
        np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(c.data, before)
    assert (g == 1).all()


def agree(ours, theirs, arrays, rng):
    """Same values and same gradients of sum(r * f), r random; every number float32."""
    a = [Tensor(x, requires_grad=True) for x in arrays]
    b = [torch.tensor(x, requires_grad=True) for x in arrays]
    c, d = ours(*a), theirs(*b)
    assert c.shape == tuple(d.shape) and c.dtype == np.float32
    np.testing.assert_allclose(c.data, d.detach().numpy(), rtol=2e-5, atol=2e-6)
    r = numbers(rng, c.shape)
    c.backward(r)
    d.backward(torch.tensor(r))
    for x, y in zip(a, b, strict=True):
        assert x.grad.dtype == np.float32 and x.grad.shape == x.shape and type(x.grad) is np.ndarray
        np.testing.assert_allclose(x.grad, y.grad.numpy(), rtol=5e-5, atol=2e-5)


two_inputs = {  # nnlib's, PyTorch's, and the smallest number to be drawn; the largest is 3
    "add": (F.add, torch.add, -3),
    "sub": (F.sub, torch.sub, -3),
    "mul": (F.mul, torch.mul, -3),
    "div": (F.div, torch.div, 0.5),
    "maximum": (F.maximum, torch.maximum, -3),
    "+": (lambda a, b: a + b, lambda a, b: a + b, -3),
    "-": (lambda a, b: a - b, lambda a, b: a - b, -3),
    "*": (lambda a, b: a * b, lambda a, b: a * b, -3),
    "/": (lambda a, b: a / b, lambda a, b: a / b, 0.5),
}


@pytest.mark.parametrize("name", two_inputs)
@quick
@given(pair=pairs, seed=seeds)
def test_two_inputs(name, pair, seed):
    ours, theirs, low = two_inputs[name]
    rng = np.random.default_rng(seed)
    agree(ours, theirs, [numbers(rng, shape, low) for shape in pair.input_shapes], rng)


one_input = {  # likewise
    "neg": (F.neg, torch.neg, -3),
    "-x": (lambda x: -x, lambda x: -x, -3),
    "exp": (Tensor.exp, torch.exp, -3),
    "log": (Tensor.log, torch.log, 0.1),
    "abs": (abs, torch.abs, -3),
    "clip": (lambda x: F.clip(x, -1, 2), lambda x: torch.clip(x, -1, 2), -3),
    "clip from below": (lambda x: F.clip(x, min=0.5), lambda x: torch.clip(x, min=0.5), -3),
    "x ** 0": (lambda x: x**0, lambda x: x**0, -3),
    "x ** 1": (lambda x: x**1, lambda x: x**1, -3),
    "x ** 2": (lambda x: x**2, lambda x: x**2, -3),
    "x ** 3": (lambda x: F.pow(x, 3), lambda x: x**3, -3),
    "x ** 5": (lambda x: x**5, lambda x: x**5, -3),
    "x ** 8": (lambda x: x**8, lambda x: x**8, -2),
    "x ** -3": (lambda x: x**-3, lambda x: x**-3, 0.5),
    "x ** -1": (lambda x: x**-1, lambda x: x**-1, 0.5),
    "x ** 0.5": (lambda x: x**0.5, lambda x: x**0.5, 0.1),
    "sigmoid": (F.sigmoid, torch.sigmoid, -3),
    "tanh": (F.tanh, torch.tanh, -3),
    "relu": (F.relu, torch.relu, -3),
    "leaky_relu": (F.leaky_relu, T.leaky_relu, -3),
    "leaky_relu 0.2": (lambda x: F.leaky_relu(x, 0.2), lambda x: T.leaky_relu(x, 0.2), -3),
    "elu": (F.elu, T.elu, -3),
    "elu 0.3": (lambda x: F.elu(x, np.float64(0.3)), lambda x: T.elu(x, 0.3), -3),
    "gelu": (F.gelu, T.gelu, -6),
    "gelu tanh": (lambda x: F.gelu(x, "tanh"), lambda x: T.gelu(x, approximate="tanh"), -6),
    "number + x": (lambda x: 2 + x, lambda x: 2 + x, -3),
    "number - x": (lambda x: 2.5 - x, lambda x: 2.5 - x, -3),
    "number * x": (lambda x: 3 * x, lambda x: 3 * x, -3),
    "number / x": (lambda x: 2 / x, lambda x: 2 / x, 0.5),
    "x twice": (lambda x: x * x + x, lambda x: x * x + x, -3),
    "sum": (F.sum, torch.sum, -3),
    "identity": (lambda x: x.reshape(x.shape), lambda x: x.reshape(x.shape), -3),
}


@pytest.mark.parametrize("name", one_input)
@quick
@given(shape=shapes, seed=seeds)
def test_one_input(name, shape, seed):
    ours, theirs, low = one_input[name]
    rng = np.random.default_rng(seed)
    agree(ours, theirs, [numbers(rng, shape, low)], rng)


def test_kinks_have_pytorchs_gradients():
    x = np.array([-1, 0, 1, 2], np.float32)
    for ours, theirs in [
        (F.relu, torch.relu),
        (F.abs, torch.abs),
        (F.leaky_relu, T.leaky_relu),
        (F.elu, T.elu),
        (lambda x: F.clip(x, 0, 2), lambda x: torch.clip(x, 0, 2)),
        (lambda x: F.maximum(x, np.float32([0, 0, 1, 1])), lambda x: torch.maximum(x, torch.tensor([0.0, 0, 1, 1]))),
        (lambda x: x**0, lambda x: x**0),
        (lambda x: x**1, lambda x: x**1),
    ]:
        agree(ours, theirs, [x], np.random.default_rng(0))


def test_large_numbers_do_not_overflow():
    x = np.array([[-1000, -100, -20, 0, 20, 100, 1000]], np.float32)
    rng = np.random.default_rng(0)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        agree(F.sigmoid, torch.sigmoid, [x], rng)
        agree(F.tanh, torch.tanh, [x], rng)
        agree(F.elu, T.elu, [x], rng)
        agree(F.gelu, T.gelu, [x], rng)
        agree(lambda x: F.gelu(x, "tanh"), lambda x: T.gelu(x, approximate="tanh"), [x], rng)
        agree(F.softmax, lambda x: torch.softmax(x, -1), [x], rng)
        agree(F.log_softmax, lambda x: torch.log_softmax(x, -1), [x], rng)
        for y in (np.zeros_like(x), np.ones_like(x), np.full_like(x, 0.3)):
            agree(
                lambda x: F.binary_cross_entropy_with_logits(x, y),  # noqa: B023
                lambda x: T.binary_cross_entropy_with_logits(x, torch.tensor(y)),  # noqa: B023
                [x],
                rng,
            )
        agree(lambda x: F.cross_entropy(x, [0]), lambda x: T.cross_entropy(x, torch.tensor([0])), [x], rng)


@quick
@given(shape=some, seed=seeds, data=st.data(), keepdim=st.booleans())
def test_along_dimensions(shape, seed, data, keepdim):
    rng = np.random.default_rng(seed)
    x = [numbers(rng, shape)]
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    other = data.draw(st.integers(-len(shape), len(shape) - 1))
    dims = tuple({dim % len(shape), other % len(shape)})
    agree(lambda x: x.sum(dim, keepdim), lambda x: x.sum(dim, keepdim), x, rng)
    agree(lambda x: x.sum(dims, keepdim), lambda x: x.sum(dims, keepdim), x, rng)
    agree(lambda x: x.mean(dim, keepdim), lambda x: x.mean(dim, keepdim), x, rng)
    agree(lambda x: F.mean(x, dims, keepdim), lambda x: x.mean(dims, keepdim), x, rng)
    agree(lambda x: x.mean(), lambda x: x.mean(), x, rng)
    agree(lambda x: F.softmax(x, dim), lambda x: T.softmax(x, dim), x, rng)
    agree(lambda x: F.log_softmax(x, dim), lambda x: T.log_softmax(x, dim), x, rng)
    agree(lambda x: x.transpose(dim, other), lambda x: x.transpose(dim, other), x, rng)


@pytest.mark.parametrize("dim", [0, -1])
def test_a_single_number_has_dimension_0(dim):
    rng = np.random.default_rng(0)
    for op in ("sum", "mean", "softmax"):
        agree(lambda x: getattr(F, op)(x, dim), lambda x: getattr(torch, op)(x, dim), [numbers(rng, ())], rng)  # noqa: B023


@quick
@given(shape=array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3), seed=seeds, data=st.data())
def test_along_dimensions_of_empty_tensors(shape, seed, data):
    rng = np.random.default_rng(seed)
    x = [numbers(rng, shape)]
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    agree(lambda x: x.sum(dim), lambda x: x.sum(dim), x, rng)
    agree(lambda x: F.softmax(x, dim), lambda x: T.softmax(x, dim), x, rng)
    agree(lambda x: F.log_softmax(x, dim), lambda x: T.log_softmax(x, dim), x, rng)


@quick
@given(shape=array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4), seed=seeds, data=st.data())
def test_shapes(shape, seed, data):
    rng = np.random.default_rng(seed)
    x = [numbers(rng, shape)]
    new = tuple(data.draw(st.permutations(shape)))
    agree(lambda x: F.reshape(x, new), lambda x: torch.reshape(x, new), x, rng)
    agree(lambda x: x.reshape(*new), lambda x: x.reshape(*new), x, rng)
    agree(lambda x: x.reshape(-1), lambda x: x.reshape(-1), x, rng)
    if len(shape) > 1:
        agree(F.flatten, lambda x: torch.flatten(x, 1), x, rng)
        agree(lambda x: F.flatten(x, 0), torch.flatten, x, rng)
    if len(shape) == 2:
        agree(lambda x: x.T, lambda x: x.T, x, rng)


@pytest.mark.parametrize(
    "index",
    [
        (2,),
        (-1, 0),
        (slice(1, 3),),
        (slice(None), slice(None, None, 2)),
        (Ellipsis, None, 1),
        (np.array([0, 2, 2, 0, 0]),),
        (np.array([0, 1, 1]), np.array([3, 2, 2])),
        (slice(None), np.array([[0, 1], [1, 1]])),
        (np.array([True, False, True]),),
    ],
)
def test_indexing(index):
    rng = np.random.default_rng(0)
    theirs = tuple(torch.tensor(i) if isinstance(i, np.ndarray) else i for i in index)
    agree(lambda x: x[index], lambda x: x[theirs], [numbers(rng, (3, 4, 2))], rng)


@quick
@given(
    stack=mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3, max_dims=2),
    sizes=st.tuples(*[st.integers(0, 4)] * 3),
    seed=seeds,
)
def test_matmul(stack, sizes, seed):
    rng = np.random.default_rng(seed)
    m, k, n = sizes
    left, right = stack.input_shapes
    for a, b in [((*left, m, k), (*right, k, n)), ((k,), (*right, k, n)), ((*left, m, k), (k,)), ((k,), (k,))]:
        agree(lambda a, b: a @ b, torch.matmul, [numbers(rng, a), numbers(rng, b)], rng)


@quick
@given(front=st.just(()) | array_shapes(max_dims=3, min_side=0, max_side=4), seed=seeds, data=st.data())
def test_linear(front, seed, data):
    rng = np.random.default_rng(seed)
    width, out = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    x, weight, bias = numbers(rng, (*front, width)), numbers(rng, (out, width)), numbers(rng, out)
    agree(F.linear, T.linear, [x, weight, bias], rng)
    agree(F.linear, T.linear, [x, weight], rng)
    small = F.add(F.matmul(x, weight.T), bias)  # the same from small operations
    np.testing.assert_allclose(F.linear(x, Tensor(weight), Tensor(bias)).data, small.data, rtol=1e-5, atol=1e-5)


@quick
@given(n=st.integers(1, 6), k=st.integers(1, 6), seed=seeds)
def test_losses(n, k, seed):
    rng = np.random.default_rng(seed)
    logits, target = numbers(rng, (n, k), -20, 20), numbers(rng, (n, k))
    labels = rng.integers(0, k, n)
    agree(lambda z: F.cross_entropy(z, labels), lambda z: T.cross_entropy(z, torch.tensor(labels)), [logits], rng)
    small = -F.log_softmax(logits)[np.arange(n), labels].mean()  # the same from small operations
    np.testing.assert_allclose(F.cross_entropy(logits, labels).data, small.data, rtol=1e-5, atol=1e-5)
    agree(F.mse_loss, T.mse_loss, [logits, target], rng)
    agree(lambda z: F.mse_loss(z, target), lambda z: T.mse_loss(z, torch.tensor(target)), [logits], rng)


@quick
@given(shape=st.just(()) | some, seed=seeds, hard=st.booleans())
def test_losses_between_numbers(shape, seed, hard):
    rng = np.random.default_rng(seed)
    pred, target = numbers(rng, shape, -10, 10), numbers(rng, shape, 0, 1)
    target = np.round(target) if hard else target
    for name in ("mse_loss", "l1_loss", "binary_cross_entropy_with_logits"):
        agree(getattr(F, name), getattr(T, name), [pred, target], rng)
