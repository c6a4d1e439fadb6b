"""Attention: each row asks all others, and gets their values, averaged by how well their keys answer its query. Shapes
end in (L, d) for the queries, (S, d) for the keys and (S, e) for the values; what stands before, (...), is a stack."""

import math

import numpy as np

from nnlib.functional.operands import ones, two_tensors
from nnlib.tensor import Tensor, node


def attention_weights(query, key, attn_mask=None, *, is_causal=False):
    """P = softmax(Q K^T / sqrt(d)) along each row: how much each query (..., L, d) takes from each key (..., S, d).

    attn_mask, of shape (L, S) or one that broadcasts to (..., L, S), says what may be seen: True and False, or numbers
    that are added to Q K^T / sqrt(d), -inf for never; it gets no gradient. is_causal=True lets row i see only columns
    up to i. What may not be seen gets the weight 0; a row that may see nothing is 0 throughout.
    With dL/dS = P (g - sum_j g_j P_j):   dL/dQ = dL/dS K / sqrt(d),   dL/dK = (dL/dS)^T Q / sqrt(d).
    Raises ValueError unless the shapes fit, TypeError for a mask of integers or one that needs a gradient.
    The idea: Bahdanau, Cho & Bengio (2015), whose scores come from a small network. This form: Vaswani et al. (2017).
    """
    query, key = two_tensors("attention_weights", query, key)
    _check("attention_weights", query, key, key)
    P = _weights(query.data, key.data, attn_mask, is_causal)
    return node(P, (query, key), lambda g: _to_query_and_key(P, g, query.data, key.data))


def scaled_dot_product_attention(query, key, value, attn_mask=None, *, is_causal=False):
    """C = P V with P = attention_weights(query, key): for each query, the values (..., S, e), averaged; (..., L, e).

    dL/dP = G V^T, from which dL/dQ and dL/dK come as in attention_weights;   dL/dV = P^T G.
    Masks and errors as there. The same as attention_weights(...) @ value, in one node.   (Vaswani et al., 2017)
    """
    query, key = two_tensors("scaled_dot_product_attention", query, key)
    key, value = two_tensors("scaled_dot_product_attention", key, value)
    _check("scaled_dot_product_attention", query, key, value)
    P = _weights(query.data, key.data, attn_mask, is_causal)

    def vjp(g):
        to_query, to_key = _to_query_and_key(P, g @ value.data.swapaxes(-1, -2), query.data, key.data)
        return to_query, to_key, P.swapaxes(-1, -2) @ g

    return node(P @ value.data, (query, key, value), vjp)


def _weights(Q, K, attn_mask, is_causal):
    scores = (Q / math.sqrt(Q.shape[-1])) @ K.swapaxes(-1, -2)
    added, seen = _masks(attn_mask, is_causal, scores)
    if added is not None:
        scores += added
    # softmax needs a number near each row's largest, to be taken off against overflow. Where scores lie close together,
    # the largest of all serves, which numpy finds thirty times as fast. A comparison with nan or inf - inf is False.
    if scores.size and scores.max() - scores.min() < 60:
        scores -= scores.max()
        e = np.exp(scores, out=scores)
        if seen is not None:
            e *= seen
    else:
        if seen is not None:
            scores = np.where(seen, scores, -np.inf)
        lowest = np.finfo(scores.dtype).min
        e = np.exp(scores - scores.max(axis=-1, keepdims=True, initial=lowest))
    total = e @ ones(e.shape[-1], e.dtype)
    total += total == 0  # a row that sees nothing
    e /= total[..., None]
    return e


def _masks(attn_mask, is_causal, scores):
    """What is added to the scores, or None, and 1 where may be seen and 0 elsewhere, or None."""
    added = seen = None
    if is_causal:
        seen = np.tri(*scores.shape[-2:], dtype=scores.dtype)
    if attn_mask is None:
        return added, seen
    if isinstance(attn_mask, Tensor) and attn_mask.requires_grad:
        raise TypeError(
            "attention got a mask that needs a gradient, but masks get none: to learn what is added to the scores, "
            "write softmax(query @ key.transpose(-1, -2) / d**0.5 + bias) @ value."
        )
    mask = attn_mask.data if isinstance(attn_mask, Tensor) else np.asarray(attn_mask)
    if mask.dtype.kind not in "bf":
        raise TypeError(
            f"attention got a mask of type {mask.dtype}: it must hold True and False, or numbers with a point to be "
            "added. From ones and zeros, mask == 1 makes True and False."
        )
    if mask.ndim > scores.ndim or any(
        m not in (1, s) for m, s in zip(mask.shape[::-1], scores.shape[::-1], strict=False)
    ):
        raise ValueError(
            f"attention got a mask of shape {mask.shape} for scores of shape {scores.shape}: it needs a row for each "
            "query and a column for each key, as in (L, S)."
        )
    allowed = mask if mask.dtype == bool else mask != -np.inf
    if mask.dtype != bool:
        added = np.where(allowed, mask, 0).astype(scores.dtype)
    return added, allowed.astype(scores.dtype) if seen is None else allowed * seen


def _to_query_and_key(P, g, Q, K):
    to_scores = g * P
    to_scores -= P * (to_scores @ ones(P.shape[-1], P.dtype))[..., None]
    to_scores /= math.sqrt(Q.shape[-1])
    return to_scores @ K, to_scores.swapaxes(-1, -2) @ Q


def _check(name, query, key, value):
    q, k, v = query.data.shape, key.data.shape, value.data.shape
    if min(len(q), len(k), len(v)) < 2 or q[:-2] + q[-1:] != k[:-2] + k[-1:] or k[:-1] != v[:-1] or not q[-1]:
        raise ValueError(
            f"{name} got queries of shape {q}, keys {k} and values {v}: they must be (..., L, d), (..., S, d) and "
            "(..., S, e), with the same (...) and d at least 1. Was a dimension transposed?"
        )
