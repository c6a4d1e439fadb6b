"""Layer norm, batch norm and dropout: PyTorch's values, gradients and running statistics, and what each refuses."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from nnlib import Linear, Sequential, Tensor
from nnlib import functional as F
from nnlib.nn import ELU, GELU, BatchNorm1d, BatchNorm2d, Dropout, LayerNorm
from tests.nnlib.test_parity import T, agree, numbers, quick, seeds


def spread(rng, front, shape):
    """Numbers that differ by 4 and more from one to the next: dividing by a tiny deviation would magnify rounding."""
    n = int(np.prod(shape))
    return numbers(rng, (*front, *shape), -1, 1) + np.float32(6 * (np.arange(n) % 2)).reshape(shape)


fronts = st.just(()) | array_shapes(max_dims=3, min_side=0, max_side=4)


@quick
@given(front=fronts, shape=array_shapes(max_dims=2, min_side=2, max_side=6), seed=seeds)
def test_layer_norm(front, shape, seed):
    rng = np.random.default_rng(seed)
    x, weight, bias = spread(rng, front, shape), numbers(rng, shape), numbers(rng, shape)
    agree(lambda x: F.layer_norm(x, shape), lambda x: T.layer_norm(x, shape), [x], rng)
    agree(lambda x, w: F.layer_norm(x, shape, w), lambda x, w: T.layer_norm(x, shape, w), [x, weight], rng)
    agree(lambda x, b: F.layer_norm(x, shape, None, b), lambda x, b: T.layer_norm(x, shape, None, b), [x, bias], rng)
    agree(
        lambda x, w, b: F.layer_norm(x, shape, w, b, np.float64(0.1)),
        lambda x, w, b: T.layer_norm(x, shape, w, b, 0.1),
        [x, weight, bias],
        rng,
    )


@quick
@given(
    n=st.integers(2, 5),
    c=st.integers(1, 4),
    rest=st.just(()) | array_shapes(max_dims=2, max_side=4),
    training=st.booleans(),
    seed=seeds,
)
def test_batch_norm(n, c, rest, training, seed):
    rng = np.random.default_rng(seed)
    x = spread(rng, (), (n, *rest))  # neighbours in a channel differ, see spread()
    x = np.stack([x * np.float32(k + 1) for k in range(c)], axis=1)
    weight, bias, mean, variance = (numbers(rng, c), numbers(rng, c), numbers(rng, c), numbers(rng, c, 0.5))
    ours, theirs = [mean.copy(), variance.copy()], [torch.tensor(mean), torch.tensor(variance)]
    for momentum, eps in [(0.1, 1e-5), (0.3, 0.1)]:
        agree(
            lambda x, w, b: F.batch_norm(x, *ours, w, b, training, np.float64(momentum), np.float64(eps)),  # noqa: B023
            lambda x, w, b: T.batch_norm(x, *theirs, w, b, training, momentum, eps),  # noqa: B023
            [x, weight, bias],
            rng,
        )
        for a, b, before in zip(ours, theirs, (mean, variance), strict=True):
            np.testing.assert_allclose(a, b.numpy(), rtol=1e-5, atol=1e-6)
            assert a.dtype == np.float32 and np.array_equal(a, before) != training
    agree(lambda x: F.batch_norm(x, *ours), lambda x: T.batch_norm(x, *theirs), [x], rng)
    agree(
        lambda x, w: F.batch_norm(x, None, None, w, training=True),
        lambda x, w: T.batch_norm(x, None, None, w, training=True),
        [x, weight],
        rng,
    )


def normalised(x, dim, weight, bias, eps=1e-5):
    """The same from small operations, to be read: the specification of layer norm and batch norm."""
    d = x - x.mean(dim, keepdim=True)
    variance = (d * d).mean(dim, keepdim=True)
    return d / (variance + eps) ** 0.5 * weight + bias


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fused_and_from_small_operations_agree(dtype):
    rng = np.random.default_rng(0)
    close = {"rtol": 1e-5, "atol": 5e-6} if dtype == np.float32 else {"rtol": 1e-10, "atol": 1e-12}
    for fused, small, shape, parameters in [
        (lambda x, w, b: F.layer_norm(x, 6, w, b), lambda x, w, b: normalised(x, -1, w, b), (2, 3, 6), (6,)),
        (lambda x, w, b: F.layer_norm(x, (3, 6), w, b), lambda x, w, b: normalised(x, (1, 2), w, b), (2, 3, 6), (3, 6)),
        (
            lambda x, w, b: F.batch_norm(x, None, None, w.reshape(3), b.reshape(3), training=True),
            lambda x, w, b: normalised(x, (0, 2), w, b),
            (4, 3, 5),
            (1, 3, 1),
        ),
    ]:
        arrays, results = [spread(rng, shape[:1], shape[1:]), numbers(rng, parameters), numbers(rng, parameters)], []
        r = numbers(rng, shape)
        for compute in (fused, small):
            inputs = [Tensor(a, requires_grad=True, dtype=dtype) for a in arrays]
            y = compute(*inputs)
            y.backward(r)
            results.append([y.data, *(t.grad for t in inputs)])
        for a, b in zip(*results, strict=True):
            np.testing.assert_allclose(a, b, **close)


def test_the_layers_are_pytorchs_over_a_run():
    rng = np.random.default_rng(0)
    pairs = [
        (BatchNorm1d(4), torch.nn.BatchNorm1d(4), (8, 4)),
        (BatchNorm1d(4, eps=1e-3, momentum=0.2), torch.nn.BatchNorm1d(4, eps=1e-3, momentum=0.2), (3, 4, 5)),
        (BatchNorm2d(4, affine=False), torch.nn.BatchNorm2d(4, affine=False), (3, 4, 5, 6)),
        (LayerNorm(4), torch.nn.LayerNorm(4), (8, 4)),
        (LayerNorm(np.int64(4)), torch.nn.LayerNorm(4), (8, 4)),
        (LayerNorm((3, 4), 1e-3, False), torch.nn.LayerNorm((3, 4), 1e-3, False), (2, 3, 4)),
    ]
    for ours, theirs, shape in pairs:
        for training in [True, True, True, False]:
            agree(ours.train(training), theirs.train(training), [2 * numbers(rng, shape) + 1], rng)
        state, their_state = ours.state_dict(), theirs.state_dict()
        assert state.keys() == their_state.keys()
        for name, array in state.items():
            np.testing.assert_allclose(array, their_state[name].numpy(), rtol=1e-5, atol=1e-6)
            assert array.dtype == their_state[name].numpy().dtype
        for name, p in theirs.named_parameters():
            np.testing.assert_allclose(dict(ours.named_parameters())[name].grad, p.grad.numpy(), rtol=1e-4, atol=1e-4)


def test_normalised_is_mean_0_and_variance_1():
    x = np.random.default_rng(0).normal(50, 3, (64, 8, 5, 5)).astype(np.float32)
    y = BatchNorm2d(8)(x).data
    np.testing.assert_allclose(y.mean((0, 2, 3)), 0, atol=1e-4)
    np.testing.assert_allclose(y.var((0, 2, 3)), 1, rtol=1e-3)
    y = LayerNorm((5, 5))(x).data
    np.testing.assert_allclose(y.mean((2, 3)), 0, atol=1e-4)
    np.testing.assert_allclose(y.var((2, 3)), 1, rtol=1e-3)


def test_in_evaluation_a_result_does_not_depend_on_its_batch():
    x = np.random.default_rng(0).normal(2, 3, (32, 4)).astype(np.float32)
    layer = BatchNorm1d(4)
    for _ in range(100):
        layer(x)
    np.testing.assert_allclose(layer.running_mean, x.mean(0), rtol=1e-3)
    np.testing.assert_allclose(layer.running_var, x.var(0, ddof=1), rtol=1e-3)
    assert layer.num_batches_tracked == 100
    together = layer.eval()(x).data
    np.testing.assert_allclose(np.concatenate([layer(x[i : i + 1]).data for i in range(32)]), together, rtol=1e-5)
    assert layer.num_batches_tracked == 100 and layer(x[:0]).shape == (0, 4)


def test_dropout_with_pytorchs_mask_is_pytorchs():
    rng = np.random.default_rng(0)
    for shape in [(), (5,), (4, 3), (0, 2)]:
        for p in [0.0, 0.3, np.float64(0.5)]:
            x = numbers(rng, shape, 1)
            theirs = T.dropout(torch.tensor(x), float(p))
            np.testing.assert_allclose(F.dropout(x, p, mask=theirs.numpy() != 0).data, theirs.numpy(), rtol=1e-6)
            mask = F.dropout_mask(shape, p, rng)
            agree(
                lambda x: F.dropout(x, p, mask=mask),  # noqa: B023
                lambda x: x * torch.tensor(mask) / (1 - p),  # noqa: B023
                [x],
                rng,
            )


def test_dropout_drops_a_share_p_and_keeps_the_mean():
    x = np.ones((200, 500), np.float32)
    for p in [0.1, 0.5, 0.9]:
        y = F.dropout(x, p, rng=0).data
        deviation = (p * (1 - p) / x.size) ** 0.5
        assert abs((y == 0).mean() - p) < 4 * deviation and abs(y.mean() - 1) < 4 * deviation / (1 - p)
        np.testing.assert_allclose(np.unique(y), [0, 1 / (1 - p)], rtol=1e-6)


def test_dropout_as_a_layer():
    x = Tensor(np.ones((20, 30)), requires_grad=True)
    first, second = Dropout(0.4, rng=3), Dropout(0.4, rng=np.random.default_rng(3))
    for _ in range(2):  # the same seed, the same masks, another one each time
        before = first.mask
        np.testing.assert_array_equal(first(x).data, second(x).data)
        assert before is None or not np.array_equal(first.mask, before)
    np.testing.assert_array_equal(first(x).data != 0, first.mask)
    mask = np.arange(600).reshape(20, 30) % 2
    first.next_mask = mask
    y = first(x)
    np.testing.assert_allclose(y.data, mask / 0.6, rtol=1e-6)
    y.backward(np.ones((20, 30)))
    np.testing.assert_array_equal(x.grad, y.data)
    assert not np.array_equal(first(x).data != 0, mask)  # it is used once
    assert first.eval()(x) is x and Dropout(0.0)(x).data.sum() == 600


def test_buffers_are_saved_but_not_trained():
    model = Sequential(Linear(3, 4, rng=0), BatchNorm1d(4), Dropout())
    other = Sequential(Linear(3, 4, rng=1), BatchNorm1d(4), Dropout())
    assert [name for name, _ in model.named_buffers()] == ["1.running_mean", "1.running_var", "1.num_batches_tracked"]
    assert len(model.parameters()) == 4
    x = np.random.default_rng(0).normal(size=(8, 3))
    model(x)
    state = model.state_dict()
    held = other[1].running_mean
    other.load_state_dict(state)
    assert other[1].running_mean is held and held.any() and other[1].num_batches_tracked == 1
    np.testing.assert_array_equal(other.eval()(x).data, model.eval()(x).data)
    model.train()(x)  # a state_dict is a copy
    np.testing.assert_array_equal(state["1.running_mean"], held)
    model.shared = model[1]
    assert len(model.named_buffers()) == 3


def test_they_print_as_in_pytorch():
    for layer, settings in [
        (BatchNorm1d, (3,)),
        (BatchNorm2d, (3, 0.001, 0.2)),
        (LayerNorm, ((3, 2),)),
        (Dropout, (0.2,)),
        (ELU, (0.5,)),
        (GELU, ("tanh",)),
    ]:
        ours, theirs = layer(*settings), getattr(torch.nn, layer.__name__)(*settings)
        assert repr(theirs).startswith(repr(ours)[:-1])  # PyTorch prints defaults too


x, c = np.ones((4, 3)), np.ones(3, np.float32)
mistakes = {
    "normalise over nothing": (
        lambda: F.layer_norm(np.ones((2, 0)), 0),
        ValueError,
        r"over \(0,\): no numbers have no",
    ),
    "layer_norm over other sizes": (
        lambda: LayerNorm(5)(x),
        ValueError,
        r"shape \(4, 3\) to normalise over \(5,\)",
    ),
    "layer_norm over nothing": (lambda: F.layer_norm(x, ()), ValueError, r"normalise over \(\)"),
    "layer_norm, weight": (lambda: F.layer_norm(x, 3, np.ones(4)), ValueError, r"shape \(4,\): it must be \(3,\)"),
    "layer_norm, precision": (
        lambda: LayerNorm(3)(Tensor(x, dtype=np.float64)),
        TypeError,
        "layer_norm got float64 and float32",
    ),
    "batch_norm of one row": (
        lambda: BatchNorm1d(3)(x[:1]),
        ValueError,
        r"shape \(1, 3\) in training: a single number .* model.eval\(\)",
    ),
    "batch_norm of no row": (lambda: BatchNorm1d(3)(x[:0]), ValueError, r"shape \(0, 3\) in training"),
    "batch_norm, channels": (
        lambda: BatchNorm1d(4)(x),
        ValueError,
        r"shape \(4, 3\), 3 channels, but .* of shape \(4,\): give the layer the number of channels",
    ),
    "batch_norm, channels in evaluation": (
        lambda: F.batch_norm(x, np.ones(2), np.ones(2)),
        ValueError,
        r"3 channels, but .* of shape \(2,\)",
    ),
    "batch_norm in evaluation without statistics": (
        lambda: F.batch_norm(x, None, None),
        ValueError,
        r"3 channels, but .* of shape \(\)",
    ),
    "batch_norm of a vector": (lambda: F.batch_norm(c, c, c), ValueError, r"shape \(3,\): it needs \(n, c\)"),
    "BatchNorm2d of rows": (
        lambda: BatchNorm2d(3)(x),
        ValueError,
        r"BatchNorm2d got an input of shape \(4, 3\): it needs \(n, c, height, width\)",
    ),
    "BatchNorm1d of images": (
        lambda: BatchNorm1d(3)(np.ones((2, 3, 4, 4))),
        ValueError,
        r"needs \(n, c\) or \(n, c, length\)",
    ),
    "dropout of all": (lambda: Dropout(1.0), ValueError, "p = 1.0: it is the share that is dropped"),
    "dropout of a negative share": (lambda: F.dropout(x, -0.1), ValueError, "p = -0.1"),
    "dropout, mask": (
        lambda: F.dropout(x, mask=np.ones(3)),
        ValueError,
        r"mask of shape \(3,\) for an input of shape \(4, 3\)",
    ),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    message = str(caught.value.args[0])
    assert len(message.split()) <= 60 and message.endswith(".") and "\n" not in message
