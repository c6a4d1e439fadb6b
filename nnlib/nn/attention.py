"""Attention as layers: several heads side by side, and the block of which transformers are built. x has shape (n,
steps, features), a sequence in each row, which PyTorch's layers want to be told by batch_first=True."""

import numpy as np

from nnlib import functional as F
from nnlib.nn.layers import Linear
from nnlib.nn.module import Module, Parameter
from nnlib.nn.norms import LayerNorm
from nnlib.tensor import Tensor


class MultiheadAttention(Module):
    """outputs, weights = attention(query, key, value): `num_heads` attentions side by side, each on a part of the
    features, each with projections of its own (Vaswani et al., 2017).

    query (n, L, embed_dim), key and value (n, S, embed_dim); outputs (n, L, embed_dim). With query, key and value all
    x, a sequence asks itself; with key and value from another, it asks that one. weights (n, L, S) is the mean over
    the heads, or, with average_attn_weights=False, (n, num_heads, L, S); None with need_weights=False, a little faster.
    in_proj_weight (3 embed_dim, embed_dim) holds the projections to queries, keys and values one below the other, and
    in_proj_bias theirs; out_proj is a Linear layer. They start as PyTorch's: uniform with Glorot's bound, biases 0.
    is_causal and attn_mask as in F.attention_weights, but, as in PyTorch's layer, with True where may NOT be seen.
    Raises ValueError where the heads do not divide the features, or for a mask of three dimensions.
    """

    def __init__(self, embed_dim, num_heads, *, batch_first=True, rng=None):
        super().__init__()
        if min(embed_dim, num_heads) < 1 or embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention got {embed_dim} features for {num_heads} heads: each head gets an equal part, so "
                "the number of heads must divide that of the features."
            )
        if not batch_first:
            raise ValueError(
                "MultiheadAttention got batch_first=False, but reads only (n, steps, features): leave it out, and turn "
                "a sequence (steps, n, features) by x.transpose(0, 1)."
            )
        rng = np.random.default_rng(rng)
        self.embed_dim, self.num_heads = embed_dim, num_heads
        bound = (6 / (4 * embed_dim)) ** 0.5
        self.in_proj_weight = Parameter(rng.uniform(-bound, bound, (3 * embed_dim, embed_dim)))
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim))
        self.out_proj = Linear(embed_dim, embed_dim, rng=rng)
        self.out_proj.bias.data[:] = 0

    def forward(
        self, query, key, value, *, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False
    ):
        q, k, v = (self._heads(x, part) for part, x in enumerate((query, key, value)))
        if attn_mask is not None and not isinstance(attn_mask, Tensor):
            attn_mask = np.asarray(attn_mask)
            attn_mask = ~attn_mask if attn_mask.dtype == bool else attn_mask
        if np.ndim(attn_mask) == 3:  # would be taken for one of each head
            raise ValueError(
                f"MultiheadAttention got a mask of shape {attn_mask.shape}: with three dimensions it is not clear what "
                "the first stands for. Give it (n, 1, L, S) for the examples, or (1, num_heads, L, S) for the heads."
            )
        weights = None
        if need_weights:
            weights = F.attention_weights(q, k, attn_mask, is_causal=is_causal)
            attended = weights @ v
            weights = weights.mean(1) if average_attn_weights else weights
        else:
            attended = F.scaled_dot_product_attention(q, k, v, attn_mask, is_causal=is_causal)
        n, _, steps, _ = attended.shape
        return self.out_proj(attended.transpose(1, 2).reshape(n, steps, self.embed_dim)), weights

    def _heads(self, x, part):
        """The queries (part 0), keys (1) or values (2) of all heads: (n, num_heads, steps, embed_dim / num_heads)."""
        rows = slice(part * self.embed_dim, (part + 1) * self.embed_dim)
        projected = F.linear(x, self.in_proj_weight[rows], self.in_proj_bias[rows])
        if projected.ndim != 3:
            raise ValueError(
                f"MultiheadAttention got an input of shape {np.shape(x)}: it reads (n, steps, {self.embed_dim}). For a "
                "single sequence, x[None] makes n = 1."
            )
        n, steps, _ = projected.shape
        return projected.reshape(n, steps, self.num_heads, self.embed_dim // self.num_heads).transpose(1, 2)

    def extra_repr(self):
        return f"{self.embed_dim}, {self.num_heads}"


class TransformerBlock(Module):
    """x + attention(norm(x)), then the same with a small network for each step: a block of GPT-2, (n, steps, d_model)
    to the same shape.

    The network is Linear(d_model, dim_feedforward), GELU by tanh, Linear back, with 4 d_model units if not told else.
    To norm before, not after, keeps one straight path from the last block to the first (Radford et al., 2019; Xiong et
    al., 2020). is_causal=True lets a step see only itself and those before; attn_mask as in MultiheadAttention.
    Names and shapes are those of torch.nn.TransformerEncoderLayer with norm_first=True, without dropout.
    """

    def __init__(self, d_model, nhead, dim_feedforward=None, *, rng=None):
        super().__init__()
        rng = np.random.default_rng(rng)
        hidden = 4 * d_model if dim_feedforward is None else dim_feedforward
        self.self_attn = MultiheadAttention(d_model, nhead, rng=rng)
        self.linear1, self.linear2 = Linear(d_model, hidden, rng=rng), Linear(hidden, d_model, rng=rng)
        self.norm1, self.norm2 = LayerNorm(d_model), LayerNorm(d_model)

    def forward(self, x, attn_mask=None, is_causal=False):
        a = self.norm1(x)
        x = x + self.self_attn(a, a, a, need_weights=False, attn_mask=attn_mask, is_causal=is_causal)[0]
        return x + self.linear2(F.gelu(self.linear1(self.norm2(x)), approximate="tanh"))
