"""Layers: each is an operation together with the parameters, or the settings, that it needs."""

import numpy as np

from nnlib import functional as F
from nnlib.nn.module import Module, Parameter


class Linear(Module):
    """y = x W^T + b: each of the `out_features` outputs is a weighted sum of all `in_features` inputs, and a bias.

    weight (out_features, in_features) and bias (out_features) start uniform between -1/sqrt(in_features) and
    +1/sqrt(in_features), PyTorch's rule; Glorot & Bengio (2010) quote it as the common heuristic, and mend it. `rng` is
    a numpy Generator, to be handed to one layer after the other, or a seed; without it every run starts with others.
    """

    def __init__(self, in_features, out_features, bias=True, rng=None):
        super().__init__()
        if in_features < 1 or out_features < 1:
            raise ValueError(f"Linear got the sizes {in_features} and {out_features}: both must be at least 1.")
        rng = np.random.default_rng(rng)
        bound = in_features**-0.5
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(rng.uniform(-bound, bound, (out_features, in_features)))
        self.bias = Parameter(rng.uniform(-bound, bound, out_features)) if bias else None

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self):
        bias = "" if self.bias is not None else ", bias=False"
        return f"in_features={self.in_features}, out_features={self.out_features}{bias}"


class Embedding(Module):
    """A learned vector for each of `num_embeddings` things, such as words: integers (...) become (..., embedding_dim).

    weight (num_embeddings, embedding_dim) starts with standard normal numbers, PyTorch's rule; `rng` as in Linear.
    (Bengio, Ducharme, Vincent & Jauvin, 2003)
    """

    def __init__(self, num_embeddings, embedding_dim, rng=None):
        super().__init__()
        if num_embeddings < 1 or embedding_dim < 1:
            raise ValueError(f"Embedding got the sizes {num_embeddings} and {embedding_dim}: both must be at least 1.")
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.weight = Parameter(np.random.default_rng(rng).normal(size=(num_embeddings, embedding_dim)))

    def forward(self, input):
        return F.embedding(input, self.weight)

    def extra_repr(self):
        return f"{self.num_embeddings}, {self.embedding_dim}"


class Flatten(Module):
    """(n, ...) to (n, product of the rest): each example becomes one row."""

    def forward(self, x):
        return F.flatten(x)


class Sigmoid(Module):
    """F.sigmoid as a layer."""

    def forward(self, x):
        return F.sigmoid(x)


class Tanh(Module):
    """F.tanh as a layer."""

    def forward(self, x):
        return F.tanh(x)


class ReLU(Module):
    """F.relu as a layer."""

    def forward(self, x):
        return F.relu(x)


class LeakyReLU(Module):
    """F.leaky_relu as a layer, with its slope for x < 0."""

    def __init__(self, negative_slope=0.01):
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x):
        return F.leaky_relu(x, self.negative_slope)

    def extra_repr(self):
        return f"negative_slope={self.negative_slope}"


class ELU(Module):
    """F.elu as a layer; -alpha is where it levels out."""

    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        return F.elu(x, self.alpha)

    def extra_repr(self):
        return f"alpha={self.alpha}"


class GELU(Module):
    """F.gelu as a layer, exact, or with approximate="tanh", which is faster."""

    def __init__(self, approximate="none"):
        super().__init__()
        self.approximate = approximate

    def forward(self, x):
        return F.gelu(x, self.approximate)

    def extra_repr(self):
        return f"approximate={self.approximate!r}"


class Softmax(Module):
    """F.softmax as a layer. Not before F.cross_entropy, which takes logits and applies softmax itself."""

    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        return F.softmax(x, self.dim)

    def extra_repr(self):
        return f"dim={self.dim}"
