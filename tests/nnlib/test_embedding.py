"""Looking up, picking and joining: PyTorch's values and gradients, gradcheck, one dtype, and what is refused."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, basic_indices, integer_array_indices

from nnlib import SGD, Linear, Module, Tensor, accuracy, fit, gradcheck
from nnlib import functional as F
from nnlib.nn import Embedding
from tests.nnlib.test_parity import agree, numbers, quick, seeds

T = torch.nn.functional


@quick
@given(rows=st.integers(1, 7), width=st.integers(1, 5), shape=array_shapes(max_dims=3, min_side=0), seed=seeds)
def test_embedding(rows, width, shape, seed):
    rng = np.random.default_rng(seed)
    ids = rng.integers(0, rows, shape)
    weight = numbers(rng, (rows, width))
    agree(lambda w: F.embedding(ids, w), lambda w: T.embedding(torch.tensor(ids), w), [weight], rng)
    agree(lambda w: F.embedding(ids, w), lambda w: torch.tensor(np.eye(rows, dtype="f")[ids]) @ w, [weight], rng)


def test_embedding_of_one_number_and_of_small_integers():
    rng = np.random.default_rng(0)
    weight = numbers(rng, (300, 7))
    agree(lambda w: F.embedding(2, w), lambda w: T.embedding(torch.tensor(2), w), [weight], rng)
    ids = rng.integers(0, 256, 50).astype(np.uint8)  # places in the table no longer fit into uint8
    agree(lambda w: F.embedding(ids, w), lambda w: T.embedding(torch.tensor(ids).long(), w), [weight], rng)


class Texts(Module):
    """The mean of a text's word vectors, and a class."""

    def __init__(self):
        super().__init__()
        self.words, self.head = Embedding(20, 8, rng=0), Linear(8, 2, rng=1)

    def forward(self, x):
        return self.head(self.words(x).mean(1))


def test_fit_trains_an_embedding_though_it_makes_tensors_of_integers():
    x = np.random.default_rng(0).integers(0, 20, (200, 6))
    y, model = (x == 7).any(1).astype(int), Texts()
    fit(model, F.cross_entropy, SGD(model.parameters(), lr=1.0), x, y, epochs=40, rng=0)
    assert accuracy(model, x, y) > 0.95 > 1 - y.mean()


def test_embedding_layer():
    layer = Embedding(1000, 20, rng=0)
    assert abs(layer.weight.data.mean()) < 0.03 and abs(layer.weight.data.std() - 1) < 0.02
    np.testing.assert_array_equal(layer.weight.data, Embedding(1000, 20, rng=np.random.default_rng(0)).weight.data)
    assert list(layer.state_dict()) == list(torch.nn.Embedding(1000, 20).state_dict()) == ["weight"]
    assert repr(layer) == repr(torch.nn.Embedding(1000, 20)) == "Embedding(1000, 20)"
    layer([[1, 1, 5]]).sum().backward()
    assert layer.weight.grad.dtype == np.float32
    assert layer.weight.grad.sum(1).tolist() == [0, 40, 0, 0, 0, 20, *[0] * 994]


@quick
@given(shape=array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4), seed=seeds, data=st.data())
def test_any_index(shape, seed, data):
    """The gradient of x[index] against numpy's own way to add up at places that repeat."""
    rng = np.random.default_rng(seed)
    index = data.draw(basic_indices(shape, allow_newaxis=True) | integer_array_indices(shape))
    x = Tensor(numbers(rng, shape), requires_grad=True)
    c = x[index]
    np.testing.assert_array_equal(c.data, x.data[index])
    g = numbers(rng, c.shape)
    c.backward(g)
    right = np.zeros(shape, np.float32)
    np.add.at(right, index, g)
    np.testing.assert_allclose(x.grad, right, rtol=1e-6, atol=1e-6)
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize("index", [[0, -1, 2, 2], [True, False, True], ([1, 1], slice(1)), (np.int64(1), ...), True])
def test_index_lists(index):
    rng = np.random.default_rng(0)
    agree(lambda x: x[index], lambda x: x[index], [numbers(rng, (3, 4))], rng)
    if isinstance(index, list):  # the same as an array
        agree(lambda x: x[np.array(index)], lambda x: x[torch.tensor(index)], [numbers(rng, (3, 4))], rng)


@quick
@given(shape=array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4), seed=seeds, data=st.data())
def test_joining(shape, seed, data):
    rng = np.random.default_rng(seed)
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    new = data.draw(st.integers(-len(shape) - 1, len(shape)))
    sizes = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    parts = [numbers(rng, (*shape[:dim], size, *shape[dim:][1:])) for size in sizes]
    equal = [numbers(rng, shape) for _ in sizes]
    agree(lambda *parts: F.cat(parts, dim), lambda *parts: torch.cat(parts, dim), parts, rng)
    agree(lambda *parts: F.stack(parts, new), lambda *parts: torch.stack(parts, new), equal, rng)


def test_joining_numbers_and_arrays():
    rng = np.random.default_rng(0)
    agree(lambda a, b: F.stack([a, b, a]), lambda a, b: torch.stack([a, b, a]), [numbers(rng, ()) for _ in "ab"], rng)
    x = Tensor(np.ones((2, 3)), requires_grad=True, dtype=np.float64)
    assert F.cat([np.zeros((1, 3)), x]).dtype == F.stack((x, np.zeros((2, 3)))).dtype == np.float64
    assert F.cat([np.zeros((1, 3)), np.zeros((1, 3))]).dtype == np.float32


def test_gradcheck():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 3, 4))
    assert gradcheck(lambda w: F.embedding([[0, 2], [2, 2]], w), x)
    assert gradcheck(lambda w: w[[0, 2, 2], 1:], x)
    assert gradcheck(lambda w: w[1:, None, ::-2], x)
    assert gradcheck(lambda a, b: F.cat([a, b, a], -1), x, y[:, :2])
    assert gradcheck(lambda a, b: F.stack([a, b, a], 1), x, y)


table = np.ones((5, 2), np.float32)
mistakes = {
    "number too large": (
        lambda: F.embedding([0, 5], table),
        ValueError,
        "from 0 to 5 for a table of 5 rows: .* 0 to 4",
    ),
    "number negative": (lambda: Embedding(5, 2)([-1]), ValueError, "from -1 to -1"),
    "half a number": (lambda: Embedding(5, 2)(Tensor([1, 2.5])), TypeError, "type float32 .* whole numbers"),
    "no number": (lambda: F.embedding([np.nan], table), TypeError, "type float64 .* whole numbers"),
    "no end": (lambda: F.embedding([np.inf], table), ValueError, "from inf to inf for a table"),
    "a word": (lambda: F.embedding(["one"], table), TypeError, "type <U3 .* whole numbers"),
    "weight a vector": (lambda: F.embedding([0], np.ones(5)), TypeError, r"weight of shape \(5,\): .* \(n, d\)"),
    "no size": (lambda: Embedding(0, 2), ValueError, "Embedding got the sizes 0 and 2"),
    "cat of nothing": (lambda: F.cat([]), ValueError, "cat got no tensors"),
    "cat of unequal": (
        lambda: F.cat([np.ones((2, 3)), np.ones((2, 4))]),
        ValueError,
        r"cat got tensors of shapes \(2, 3\), \(2, 4\) to join along dimension 0: sizes may differ in that",
    ),
    "cat of numbers": (lambda: F.cat([1.0, 2.0]), ValueError, r"shapes \(\), \(\)"),
    "cat along dim": (lambda: F.cat([table] * 9, 2), IndexError, r"dimension 2 of .* \(5, 2\), \.\.\.: there is none"),
    "stack of unequal": (lambda: F.stack([table, table.T]), ValueError, "all shapes must be the same"),
    "stack along dim": (lambda: F.stack([table], 3), IndexError, "stack was asked for dimension 3"),
    "two precisions": (
        lambda: F.cat([Tensor(table), Tensor(table, dtype=np.float64)]),
        TypeError,
        "cat got float32 and float64",
    ),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(str(caught.value).split()) <= 60
