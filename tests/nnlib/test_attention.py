"""Attention: PyTorch's values and gradients, the same from small operations, gradcheck, masks, and what is refused."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from nnlib import Parameter, Tensor, gradcheck
from nnlib import functional as F
from nnlib.nn import MultiheadAttention, TransformerBlock
from tests.nnlib.test_parity import agree, is_pure, numbers, quick, seeds

T = torch.nn.functional
stacks = st.just(()) | array_shapes(max_dims=2, min_side=0, max_side=3)
sizes = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4), st.integers(1, 4))
masks = st.sampled_from(["none", "causal", "bool", "added", "-inf"])


def drawn(rng, stack, L, S, d, e, scale=3):
    return [numbers(rng, (*stack, *shape), -scale, scale) for shape in ((L, d), (S, d), (S, e))]


def mask_of(kind, rng, shape):
    """Options for our function and for PyTorch's; with a bool mask, a row may see nothing at all."""
    if kind in ("none", "causal"):
        return {"is_causal": kind == "causal"}
    if kind == "bool":
        return {"attn_mask": rng.random(shape) < 0.6}
    mask = numbers(rng, shape)
    if kind == "-inf":
        mask[rng.random(shape) < 0.4] = -np.inf
        mask[..., 0] = 0
    return {"attn_mask": mask}


def in_torch(options):
    return {name: torch.tensor(o) if isinstance(o, np.ndarray) else o for name, o in options.items()}


def from_small_operations(q, k, v, attn_mask=None, is_causal=False):
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    seen = np.tri(*scores.shape[-2:], dtype=bool) if is_causal else np.ones(scores.shape[-2:], bool)
    if attn_mask is not None:
        seen = attn_mask if attn_mask.dtype == bool else attn_mask > -np.inf
        scores = scores + (0 if attn_mask.dtype == bool else np.where(seen, attn_mask, 0))
    blind = ~seen.any(-1, keepdims=True)
    weights = F.softmax(scores + np.where(seen | blind, 0, -np.inf)) * ~blind
    return weights @ v


@quick
@given(stack=stacks, sizes=sizes, kind=masks, scale=st.sampled_from([1, 3, 100]), seed=seeds)
def test_attention(stack, sizes, kind, scale, seed):
    """Against PyTorch, against small operations, and against its own weights times the values."""
    rng = np.random.default_rng(seed)
    arrays = drawn(rng, stack, *sizes, scale)
    options = mask_of(kind, rng, sizes[:2])
    ours = lambda q, k, v: F.scaled_dot_product_attention(q, k, v, **options)  # noqa: E731
    if scale < 100:  # beyond, the rounding of the scores themselves is all that one sees
        agree(ours, lambda q, k, v: T.scaled_dot_product_attention(q, k, v, **in_torch(options)), arrays, rng)
    for other in (
        lambda q, k, v: from_small_operations(q, k, v, **options),
        lambda q, k, v: F.attention_weights(q, k, **options) @ v,
    ):
        results = []
        for f in (ours, other):
            inputs = [Tensor(a, requires_grad=True) for a in arrays]
            c = f(*inputs)
            c.backward(np.random.default_rng(seed).normal(size=c.shape))
            results.append([c.data] + [t.grad for t in inputs])
        for a, b in zip(*results, strict=True):
            assert a.dtype == b.dtype == np.float32
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5 * scale)


@quick
@given(sizes=sizes, heads=st.integers(1, 3), kind=masks, average=st.booleans(), cross=st.booleans(), seed=seeds)
def test_multihead_attention(sizes, heads, kind, average, cross, seed):
    """PyTorch's layer, with the weights handed over by name: outputs, attention weights, gradients of everything."""
    n, L, S, width = sizes
    S = S if cross else L
    rng = np.random.default_rng(seed)
    ours = MultiheadAttention(heads * width, heads, batch_first=True, rng=seed)
    ours.in_proj_bias.data[:] = numbers(rng, 3 * heads * width)
    theirs = torch.nn.MultiheadAttention(heads * width, heads, batch_first=True)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    theirs.load_state_dict({name: torch.tensor(array) for name, array in ours.state_dict().items()})
    options = mask_of(kind, rng, (L, S))
    their_options = in_torch(options)
    if kind == "causal":  # PyTorch wants the mask itself
        their_options = {"attn_mask": torch.tensor(~np.tri(L, S, dtype=bool))}
    elif kind == "bool":
        options["attn_mask"][:, 0] = False  # a row that sees nothing is nan in PyTorch's layer
        their_options = in_torch(options)
    arrays = [numbers(rng, (n, L, heads * width))] + [numbers(rng, (n, S, heads * width))] * cross

    def run(layer, options, need_weights, flat, x, y=None):
        y = x if y is None else y
        out, weights = layer(x, y, y, need_weights=need_weights, average_attn_weights=average, **options)
        assert (weights is None) != need_weights
        return flat([out.reshape(-1), weights.reshape(-1)]) if need_weights else out

    for need in (True, False):
        ours.zero_grad()
        theirs.zero_grad()
        agree(
            partial(run, ours, options, need, F.cat), partial(run, theirs, their_options, need, torch.cat), arrays, rng
        )
        for (name, p), q in zip(ours.named_parameters(), theirs.parameters(), strict=True):
            np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-4, atol=1e-4, err_msg=name)


@quick
@given(n=st.integers(1, 3), steps=st.integers(1, 4), heads=st.integers(1, 3), causal=st.booleans(), seed=seeds)
def test_transformer_block(n, steps, heads, causal, seed):
    d, rng = 2 * heads, np.random.default_rng(seed)
    ours = TransformerBlock(d, heads, 7, rng=seed)
    theirs = torch.nn.TransformerEncoderLayer(
        d, heads, 7, dropout=0, activation=lambda x: T.gelu(x, approximate="tanh"), batch_first=True, norm_first=True
    )
    assert list(ours.state_dict()) == list(theirs.state_dict())
    theirs.load_state_dict({name: torch.tensor(array) for name, array in ours.state_dict().items()})
    mask = torch.tensor(~np.tri(steps, dtype=bool)) if causal else None
    x = [numbers(rng, (n, steps, d))]
    agree(lambda x: ours(x, is_causal=causal), lambda x: theirs(x, src_mask=mask), x, rng)
    for (name, p), q in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-3, atol=1e-4, err_msg=name)


def test_gradcheck():
    rng = np.random.default_rng(0)
    q, k, v = (a.astype(float) for a in drawn(rng, (2,), 3, 4, 3, 2))
    seen = np.array([[True, False, True, True], [False] * 4, [True] * 4])
    for options in ({}, {"is_causal": True}, {"attn_mask": seen}, {"attn_mask": rng.normal(size=(3, 4))}):
        assert gradcheck(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, **options), q, k, v)  # noqa: B023
        assert gradcheck(lambda q, k: F.attention_weights(q, k, **options), q, k)  # noqa: B023
    far = 30 * q, k, v  # scores far apart, but a softmax that is not yet flat
    assert gradcheck(lambda q, k, v: F.scaled_dot_product_attention(q, k, v), *far)
    x = rng.normal(size=(2, 3, 4))
    assert gradcheck(TransformerBlock(4, 2, 5, rng=0), x)
    layer = MultiheadAttention(4, 2, rng=0)
    assert gradcheck(lambda x: layer(x, x, x, average_attn_weights=False)[1], x, parameters=layer.parameters())


def test_weights_add_up_and_a_row_that_sees_nothing_is_zero():
    rng = np.random.default_rng(0)
    for scale in (1, 1000):
        q, k, v = (Tensor(a, requires_grad=True) for a in drawn(rng, (2, 3), 4, 5, 3, 2, scale))
        with np.errstate(all="raise", under="ignore"):
            seen = np.ones((4, 5), bool)
            seen[2] = False
            weights = F.attention_weights(q, k, seen)
            np.testing.assert_allclose(weights.data.sum(-1), np.broadcast_to([1, 1, 0, 1], (2, 3, 4)), rtol=1e-5)
            none = np.full((4, 5), -np.inf)
            for c in (F.scaled_dot_product_attention(q, k, v, seen), F.scaled_dot_product_attention(q, k, v, none)):
                assert not c.data[:, :, 2].any()
                q.grad = k.grad = v.grad = None
                c.sum().backward()
                assert not q.grad[:, :, 2].any() and np.isfinite([q.grad.sum(), k.grad.sum(), v.grad.sum()]).all()
    assert not F.scaled_dot_product_attention(np.ones((3, 2)), np.ones((0, 2)), np.ones((0, 4))).data.any()


def test_backward_may_be_called_again():
    q, k, v = (Tensor(a, requires_grad=True) for a in drawn(np.random.default_rng(0), (2,), 3, 4, 3, 2))
    for c in (F.scaled_dot_product_attention(q, k, v), F.attention_weights(q, k)):
        is_pure(c)


def test_not_a_number_is_not_hidden():
    q = np.ones((2, 3), np.float32)
    q[0, 0] = np.nan
    weights = F.attention_weights(q, np.ones((4, 3))).data
    assert np.isnan(weights[0]).all() and not np.isnan(weights[1]).any()


def test_masks_may_be_given_together_and_broadcast():
    rng = np.random.default_rng(0)
    q, k, _ = drawn(rng, (2, 3), 4, 4, 3, 2)
    words = np.array([[True, True, True, False], [True, True, False, False]])  # padding at the end
    both = F.attention_weights(q, k, words[:, None, None], is_causal=True).data
    assert ((both > 0) == (words[:, None, None] & np.tri(4, dtype=bool))).all()
    far = Tensor(np.where(words, 0, -1e30))[:, None, None]
    np.testing.assert_allclose(both, F.attention_weights(q, k, far, is_causal=True).data, rtol=1e-5)


def test_a_mask_that_holds_nan_shows_it():
    one = np.ones((2, 1))
    assert np.isnan(F.attention_weights(one, one, np.array([[0, np.nan], [0, 0]])).data[0]).all()


def test_causal_attention_knows_nothing_of_what_comes():
    rng = np.random.default_rng(0)
    block, x = TransformerBlock(8, 2, rng=0), numbers(rng, (3, 6, 8))
    before = block(x, is_causal=True).data
    x[:, 4:] = 7
    after = block(x, is_causal=True).data
    np.testing.assert_array_equal(before[:, :4], after[:, :4])
    assert not np.array_equal(before[:, 4:], after[:, 4:])


def test_attention_without_positions_does_not_see_the_order():
    rng = np.random.default_rng(0)
    block, x = TransformerBlock(8, 2, rng=0), numbers(rng, (3, 6, 8))
    order = rng.permutation(6)
    np.testing.assert_allclose(block(x[:, order]).data, block(x).data[:, order], rtol=1e-4, atol=1e-5)


def test_layers_start_as_pytorchs_do_and_stay_float32():
    layer = MultiheadAttention(64, 4, rng=0)
    bound = (6 / (64 + 192)) ** 0.5
    weight = layer.in_proj_weight.data
    assert 0.98 * bound < np.abs(weight).max() <= bound and abs(weight.mean()) < 0.01
    assert not layer.in_proj_bias.data.any() and not layer.out_proj.bias.data.any()
    same = MultiheadAttention(64, 4, rng=np.random.default_rng(0))
    assert all(np.array_equal(p.data, q.data) for p, q in zip(layer.parameters(), same.parameters(), strict=True))
    block = TransformerBlock(8, 2, rng=0)
    assert block.linear1.weight.shape == (32, 8) and len(block.parameters()) == 12
    block(np.ones((2, 3, 8)), attn_mask=np.zeros((3, 3))).sum().backward()
    assert {p.grad.dtype for p in block.parameters()} == {np.dtype(np.float32)}


x = np.ones((2, 5, 6))
attend = F.scaled_dot_product_attention
mistakes = {
    "heads": (lambda: MultiheadAttention(32, 5), ValueError, "32 features for 5 heads: .* must divide"),
    "no head": (lambda: TransformerBlock(32, 0), ValueError, "32 features for 0 heads"),
    "time first": (lambda: MultiheadAttention(4, 2, batch_first=False), ValueError, r"turn a sequence .* x\.transpose"),
    "width": (
        lambda: MultiheadAttention(4, 2)(x, x, x),
        ValueError,
        r"shape \(2, 5, 6\): its last dimension must be 4",
    ),
    "a matrix": (
        lambda: MultiheadAttention(6, 2)(*[x[0]] * 3),
        ValueError,
        r"shape \(5, 6\): it reads \(n, steps, 6\)",
    ),
    "unequal batch": (lambda: MultiheadAttention(6, 2)(x, x[:1], x[:1]), ValueError, r"attention_weights got queries"),
    "key": (lambda: attend(x, x[..., :3], x), ValueError, r"queries of shape \(2, 5, 6\), keys \(2, 5, 3\) and values"),
    "value": (lambda: attend(x, x, x[:, :3]), ValueError, r"attention got .* values \(2, 3, 6\)"),
    "a row": (lambda: attend(x[0, 0], x, x), ValueError, r"queries of shape \(6,\)"),
    "mask": (lambda: attend(x, x, x, np.ones((5, 4), bool)), ValueError, r"mask of shape \(5, 4\) .* \(2, 5, 5\)"),
    "mask too deep": (lambda: attend(x, x, x, np.ones((1, 1, 5, 5))), ValueError, r"mask of shape \(1, 1, 5, 5\)"),
    "learned mask": (
        lambda: attend(x, x, x, Parameter(np.zeros((5, 5)))),
        TypeError,
        r"a mask that needs a gradient, .* \+ bias\) @ value",
    ),
    "mask of three dimensions": (
        lambda: MultiheadAttention(6, 2)(x, x, x, attn_mask=np.zeros((2, 5, 5))),
        ValueError,
        r"mask of shape \(2, 5, 5\): .* Give it \(n, 1, L, S\)",
    ),
    "mask of ones": (lambda: attend(x, x, x, np.ones((5, 5), int)), TypeError, "mask of type int64: .* mask == 1"),
    "precision": (lambda: attend(x, x, Tensor(x, dtype=np.float64)), TypeError, "attention got float32 and float64"),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(str(caught.value).split()) <= 60
