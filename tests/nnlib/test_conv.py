"""Convolution and pooling: the four loops of the definition, PyTorch's values and gradients, and what is refused."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnlib import Linear, ReLU, Sequential, Tensor, gradcheck, no_grad
from nnlib import functional as F
from nnlib.nn import AvgPool2d, Conv1d, Conv2d, Flatten, MaxPool2d, copy_from_torch
from tests.nnlib.test_parity import T, agree, numbers, quick, seeds

# The specification: what is computed, in the words of the definition, however slowly


def conv2d_by_loops(x, weight, bias, stride, padding):
    """Each result is the sum of a window of the padded image, times the kernel."""
    (n, _, h, w), (out, _, kh, kw) = x.shape, weight.shape
    (down, across), (above, beside) = stride, padding
    x = np.pad(x, [(0, 0), (0, 0), (above, above), (beside, beside)])
    y = np.empty((n, out, (h + 2 * above - kh) // down + 1, (w + 2 * beside - kw) // across + 1))
    for image in range(n):
        for o in range(out):
            for i in range(y.shape[2]):
                for j in range(y.shape[3]):
                    window = x[image, :, i * down : i * down + kh, j * across : j * across + kw]
                    y[image, o, i, j] = np.sum(window * weight[o]) + bias[o]
    return y


def pool_by_loops(x, kernel, stride, pick):
    (h, w), (kh, kw), (down, across) = x.shape[-2:], kernel, stride
    y = np.empty((*x.shape[:-2], (h - kh) // down + 1, (w - kw) // across + 1), x.dtype)
    for place in np.ndindex(y.shape):
        *image, i, j = place
        y[place] = pick(x[*image, i * down : i * down + kh, j * across : j * across + kw])
    return y


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def convolutions(draw):
    """x, weight, bias, stride and padding that fit; the results may have a single place, or be many."""
    kernel, stride, padding = draw(pairs), draw(pairs), draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    h, w = (max(1, k - 2 * p) + draw(st.integers(0, 6)) for k, p in zip(kernel, padding, strict=True))
    n, c, out = draw(st.integers(0, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(seeds))
    return numbers(rng, (n, c, h, w)), numbers(rng, (out, c, *kernel)), numbers(rng, out), stride, padding


@quick
@given(convolutions())
def test_conv2d_is_the_definition(case):
    x, weight, bias, stride, padding = case
    y = F.conv2d(x, weight, bias, stride, padding)
    np.testing.assert_allclose(y.data, conv2d_by_loops(*case), rtol=1e-5, atol=1e-5)
    assert y.dtype == np.float32 and y.data.flags.c_contiguous


@quick
@given(convolutions(), seeds)
def test_conv2d_is_pytorchs(case, seed):
    x, weight, bias, stride, padding = case
    rng = np.random.default_rng(seed)
    agree(lambda *a: F.conv2d(*a, stride, padding), lambda *a: T.conv2d(*a, stride, padding), [x, weight, bias], rng)
    agree(F.conv2d, T.conv2d, [numbers(rng, (2, 2, 5, 6)), numbers(rng, (3, 2, 3, 2))], rng)
    agree(  # a number stands for both sides
        lambda x, w: F.conv2d(x, w, stride=2, padding=1),
        lambda x, w: T.conv2d(x, w, stride=2, padding=1),
        [numbers(rng, (2, 2, 5, 6)), numbers(rng, (3, 2, 3, 2))],
        rng,
    )


@pytest.mark.parametrize(
    "shape, kernel, stride, padding",
    [
        ((64, 1, 28, 28), (8, 1, 3, 3), 1, 1),
        ((64, 8, 14, 14), (16, 8, 3, 3), 1, 1),
        ((8, 6, 14, 14), (16, 6, 5, 5), 1, 2),
        ((4, 32, 9, 9), (64, 32, 3, 3), 2, 1),
        ((4, 16, 7, 7), (8, 16, 1, 1), 1, 0),
        ((1, 3, 100, 90), (4, 3, 11, 11), 4, 2),
    ],
)
def test_sizes_of_real_networks(shape, kernel, stride, padding):
    rng = np.random.default_rng(0)
    bound = np.prod(kernel[1:]) ** -0.5
    x, weight, bias = numbers(rng, shape), numbers(rng, kernel, -bound, bound), numbers(rng, kernel[0])
    ours = [Tensor(a, requires_grad=True) for a in (x, weight, bias)]
    theirs = [torch.tensor(a, requires_grad=True) for a in (x, weight, bias)]
    y, z = F.conv2d(*ours, stride, padding), T.conv2d(*theirs, stride, padding)
    np.testing.assert_allclose(y.data, z.detach().numpy(), rtol=1e-4, atol=1e-5)
    y.backward(np.ones(y.shape) / y.data.size)
    z.mean().backward()
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-3, atol=1e-6)
        assert a.grad.dtype == np.float32


@quick
@given(n=st.integers(0, 3), k=st.integers(1, 4), padding=st.integers(0, 2), stride=st.integers(1, 3), seed=seeds)
def test_conv1d_is_pytorchs(n, k, padding, stride, seed):
    rng = np.random.default_rng(seed)
    x, weight = numbers(rng, (n, 2, k + rng.integers(5))), numbers(rng, (3, 2, k))
    arrays = [x, weight, numbers(rng, 3)]
    agree(lambda *a: F.conv1d(*a, stride, padding), lambda *a: T.conv1d(*a, stride, padding), arrays, rng)
    agree(F.conv1d, T.conv1d, [x, weight], rng)


@quick
@given(n=st.integers(0, 3), kernel=pairs, stride=pairs | st.none(), seed=seeds, data=st.data())
def test_pooling_is_the_definition_and_pytorchs(n, kernel, stride, seed, data):
    rng = np.random.default_rng(seed)
    h, w = (k + data.draw(st.integers(0, 5)) for k in kernel)
    x = numbers(rng, (n, 2, h, w))
    for name, pick in (("max_pool2d", np.max), ("avg_pool2d", np.mean)):
        ours, theirs = getattr(F, name), getattr(T, name)
        agree(lambda x: ours(x, kernel, stride), lambda x: theirs(x, kernel, stride), [x], rng)  # noqa: B023
        right = pool_by_loops(x, kernel, stride or kernel, pick)
        np.testing.assert_allclose(ours(x, kernel, stride).data, right, rtol=1e-5, atol=1e-6)
        if n:  # a single image, as PyTorch takes it too
            agree(lambda x: ours(x, kernel, stride), lambda x: theirs(x, kernel, stride), [x[0]], rng)  # noqa: B023
    agree(lambda x: F.max_pool2d(x, 1, 2), lambda x: T.max_pool2d(x, 1, 2), [x], rng)  # a number stands for both sides
    agree(lambda x: F.avg_pool2d(x, 1, 2), lambda x: T.avg_pool2d(x, 1, 2), [x], rng)
    agree(lambda x: x.mean((-2, -1)), lambda x: T.adaptive_avg_pool2d(x, 1).flatten(1), [x + 1], rng)


@quick
@given(kernel=pairs, stride=pairs, seed=seeds)
def test_of_equal_numbers_the_first_gets_the_gradient(kernel, stride, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(-1, 2, (3, 2, 7, 7)).astype(np.float32)
    agree(lambda x: F.max_pool2d(x, kernel, stride), lambda x: T.max_pool2d(x, kernel, stride), [x], rng)
    agree(lambda x: F.max_pool2d(x, kernel, stride), lambda x: T.max_pool2d(x, kernel, stride), [0 * x], rng)
    agree(lambda x: F.max_pool2d(x, kernel), lambda x: T.max_pool2d(x, kernel), [-np.inf * np.ones_like(x)], rng)


def test_nan_shows_through():
    rng = np.random.default_rng(0)
    x = numbers(rng, (2, 2, 6, 6))
    x[rng.random(x.shape) < 0.1] = np.nan
    for ours, theirs in [(F.max_pool2d, T.max_pool2d), (F.avg_pool2d, T.avg_pool2d)]:
        np.testing.assert_allclose(ours(x, 2).data, theirs(torch.tensor(x), 2).numpy(), rtol=1e-6)
        np.testing.assert_allclose(ours(x, 3, 1).data, theirs(torch.tensor(x), 3, 1).numpy(), rtol=1e-5)
    weight = numbers(rng, (3, 2, 3, 3))
    y = T.conv2d(torch.tensor(x), torch.tensor(weight), padding=1).numpy()
    np.testing.assert_array_equal(np.isnan(F.conv2d(x, weight, padding=1).data), np.isnan(y))


rng = np.random.default_rng(0)
image, kernels, row = rng.normal(size=(2, 3, 5, 6)), rng.normal(size=(4, 3, 3, 2)), rng.normal(size=(2, 3, 7))
right = {
    "conv2d": (lambda x, w, b: F.conv2d(x, w, b, (2, 1), (1, 2)), image, kernels, kernels[:, 0, 0, 0]),
    "conv2d without bias": (F.conv2d, image, kernels),
    "conv1d": (lambda x, w, b: F.conv1d(x, w, b, 2, 1), row, kernels[:, :, :, 0], kernels[:, 0, 0, 0]),
    "max_pool2d": (lambda x: F.max_pool2d(x, 2), image),
    "max_pool2d, overlapping": (lambda x: F.max_pool2d(x, 3, (1, 2)), image),
    "max_pool2d, gaps": (lambda x: F.max_pool2d(x, (1, 2), 3), image),
    "avg_pool2d": (lambda x: F.avg_pool2d(x, 2), image),
    "avg_pool2d, overlapping": (lambda x: F.avg_pool2d(x, (3, 2), 1), image),
    "Conv2d": (Conv2d(3, 2, 3, padding=1, rng=0), image),
    "Conv1d": (Conv1d(3, 2, 3, stride=2, rng=0), row),
    "network": (
        Sequential(Conv2d(3, 2, 3, rng=0), MaxPool2d((1, 2)), AvgPool2d(2, 1), Flatten(), Linear(4, 2, rng=1)),
        image,
    ),
}


@pytest.mark.parametrize("name", right)
def test_gradcheck(name):
    assert gradcheck(right[name][0], *right[name][1:])


def test_no_gradient_is_computed_that_nobody_wants():
    x, weight = Tensor(image), Tensor(kernels, requires_grad=True)
    to_x, to_weight = F.conv2d(x, weight).vjp(np.ones((2, 4, 3, 5), np.float32))
    assert to_x is None and to_weight.shape == kernels.shape
    x, weight = Tensor(image, requires_grad=True), Tensor(kernels)
    to_x, to_weight = F.conv2d(x, weight).vjp(np.ones((2, 4, 3, 5), np.float32))
    assert to_weight is None and to_x.shape == image.shape
    with no_grad():
        assert F.conv2d(x, weight).vjp is None


def test_the_layers_are_pytorchs():
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    for name, settings, options, shape in [
        ("Conv2d", (3, 4, 3), {"padding": 1}, (2, 3, 6, 5)),
        ("Conv2d", (3, 4, (2, 3), 2, (0, 1)), {"bias": False}, (2, 3, 6, 5)),
        ("Conv1d", (3, 4, 5, 2, 2), {}, (2, 3, 11)),
        ("Conv1d", (3, 4, 1), {"bias": False}, (2, 3, 11)),
        ("MaxPool2d", (2,), {}, (2, 3, 6, 5)),
        ("MaxPool2d", ((3, 2), 1), {}, (2, 3, 6, 5)),
        ("AvgPool2d", (2,), {}, (2, 3, 6, 5)),
        ("AvgPool2d", (3, (1, 2)), {}, (3, 6, 5)),
    ]:
        layers = {"Conv2d": Conv2d, "Conv1d": Conv1d, "MaxPool2d": MaxPool2d, "AvgPool2d": AvgPool2d}
        ours, theirs = layers[name](*settings, **options), getattr(torch.nn, name)(*settings, **options)
        copy_from_torch(ours, theirs)
        agree(ours, theirs, [numbers(rng, shape)], rng)
        for (a, ours_p), (b, theirs_p) in zip(ours.named_parameters(), theirs.named_parameters(), strict=True):
            assert a == b
            np.testing.assert_allclose(ours_p.grad, theirs_p.grad.numpy(), rtol=1e-4, atol=1e-4)
        assert repr(theirs).startswith(repr(ours)[:-1])  # PyTorch prints defaults too


@pytest.mark.parametrize(
    "layer, fan_in", [(Conv2d(20, 300, (3, 5), rng=0), 300), (Conv1d(50, 400, 4, rng=np.random.default_rng(1)), 200)]
)
def test_kernels_start_uniform_by_their_fan(layer, fan_in):
    for parameter in layer.parameters():
        bound = fan_in**-0.5
        assert np.abs(parameter.data).max() <= bound * (1 + 1e-6) and np.abs(parameter.data).max() > 0.95 * bound
        assert abs(parameter.data.std() - bound / 3**0.5) < 0.05 * bound
    again = type(layer)(layer.in_channels, layer.out_channels, layer.kernel_size, rng=0)
    other = type(layer)(layer.in_channels, layer.out_channels, layer.kernel_size, rng=0)
    np.testing.assert_array_equal(again.weight.data, other.weight.data)


def test_a_network_sees_the_image_moved():
    """What convolution is for: move the image, and its results move along."""
    model = Sequential(Conv2d(1, 4, 3, padding=1, rng=0), ReLU(), Conv2d(4, 2, 3, padding=1, rng=1))
    x = np.zeros((1, 1, 16, 16), np.float32)
    x[0, 0, 4:8, 5:9] = np.random.default_rng(0).normal(size=(4, 4))
    moved = np.roll(x, (3, 2), axis=(2, 3))
    y, z = model(x).data[..., 2:-4, 2:-4], model(moved).data[..., 5:-1, 4:-2]
    np.testing.assert_allclose(y, z, rtol=1e-5, atol=1e-6)


x, seq = np.ones((2, 3, 5, 5), np.float32), np.ones((2, 3, 9), np.float32)
W, V = np.ones((4, 3, 3, 3)), np.ones((4, 3, 5))
mistakes = {
    "rows for images": (
        lambda: Conv2d(1, 8, 3)(np.ones((64, 784))),
        ValueError,
        r"conv2d got an input of shape \(64, 784\): it needs \(n, 1, height, width\)",
    ),
    "no channel": (
        lambda: Conv2d(1, 8, 3)(np.ones((64, 28, 28))),
        ValueError,
        r"For a single channel: x\.reshape\(64, 1, 28, 28\)\.",
    ),
    "a single image": (
        lambda: Conv2d(3, 8, 3)(x[0]),
        ValueError,
        r"shape \(3, 5, 5\): .* For a single example: x\.reshape\(1, 3, 5, 5\)\.",
    ),
    "other channels": (
        lambda: F.conv2d(x[:, :2], W),
        ValueError,
        r"shape \(2, 2, 5, 5\): it needs \(n, 3, height, width\)\. What stands in dimension 1 must be the 3 channels",
    ),
    "channels last": (lambda: F.conv2d(np.ones((2, 5, 5, 3)), W), ValueError, "Are the channels last"),
    "kernel too large": (
        lambda: F.conv2d(x, np.ones((4, 3, 3, 8)), padding=1),
        ValueError,
        "conv2d got a kernel of width 8 for an input of width 7, padding counted",
    ),
    "kernel too high": (lambda: F.conv2d(x[:, :, :2], W), ValueError, "kernel of height 3 for an input of height 2"),
    "weight": (lambda: F.conv2d(x, V), ValueError, r"weight of shape \(4, 3, 5\): it needs a weight \(out, in, kernel"),
    "bias": (lambda: F.conv2d(x, W, np.ones(3)), ValueError, r"and a bias of shape \(3,\)"),
    "empty weight": (lambda: F.conv2d(x, np.ones((0, 3, 3, 3))), ValueError, "none of them 0"),
    "stride": (
        lambda: F.conv2d(x, W, stride=0),
        ValueError,
        "conv2d got stride=0: it needs a whole number of at least 1",
    ),
    "three strides": (lambda: F.conv2d(x, W, stride=(1, 1, 1)), ValueError, r"stride=\(1, 1, 1\).* a pair"),
    "half a stride": (
        lambda: Conv2d(3, 1, 3, stride=1.5)(x),
        ValueError,
        "Conv2d got stride=1.5: it needs a whole number",
    ),
    "padding": (lambda: F.conv2d(x, W, padding=(0, -1)), ValueError, r"padding=\(0, -1\): .* at least 0"),
    "padding in words": (lambda: F.conv2d(x, W, padding="same"), ValueError, "padding='same': it needs a whole number"),
    "two precisions": (
        lambda: F.conv2d(Tensor(x, dtype=np.float64), Tensor(W)),
        TypeError,
        "conv2d got float64 and float32",
    ),
    "a bias of another precision": (
        lambda: F.conv2d(x, W, Tensor(np.ones(4), dtype=np.float64)),
        TypeError,
        "conv2d got float64 and float32",
    ),
    "conv1d of a row": (
        lambda: Conv1d(1, 2, 3)(np.ones((8, 40))),
        ValueError,
        r"conv1d got an input of shape \(8, 40\): it needs \(n, 1, length\)\. .* x\.reshape\(8, 1, 40\)",
    ),
    "conv1d, channels": (lambda: F.conv1d(seq[:, :2], V), ValueError, r"it needs \(n, 3, length\)"),
    "conv1d, kernel": (lambda: F.conv1d(seq[..., :4], V), ValueError, "kernel of length 5 for an input of length 4"),
    "conv1d, stride": (lambda: F.conv1d(seq, V, stride=(1, 2)), ValueError, r"conv1d got stride=\(1, 2\)"),
    "conv1d, weight": (lambda: F.conv1d(seq, W), ValueError, r"weight \(out, in, kernel length\)"),
    "Conv2d without channels": (lambda: Conv2d(0, 2, 3), ValueError, "Conv2d got 0 and 2 channels"),
    "Conv1d without a kernel": (
        lambda: Conv1d(1, 2, 0),
        ValueError,
        "Conv1d got kernel_size=0: it needs a whole number of at least 1",
    ),
    "Conv2d with three kernel sizes": (lambda: Conv2d(1, 2, (3, 3, 3)), ValueError, r"kernel_size=\(3, 3, 3\)"),
    "pool of a row": (lambda: F.max_pool2d(seq[0, 0], 2), ValueError, r"max_pool2d got an input of shape \(9,\)"),
    "window too large": (
        lambda: AvgPool2d(6)(x),
        ValueError,
        "avg_pool2d got a kernel of height 6 for an input of height 5",
    ),
    "window of nothing": (lambda: MaxPool2d(0)(x), ValueError, "max_pool2d got kernel_size=0"),
    "pool, stride": (lambda: MaxPool2d(2, (1, 0))(x), ValueError, r"max_pool2d got stride=\(1, 0\)"),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    message = str(caught.value.args[0])
    assert len(message.split()) <= 60 and message.endswith(".") and "\n" not in message
