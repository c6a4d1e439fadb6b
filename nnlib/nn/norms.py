"""Layers that hold a network's numbers in range while it trains."""

import numpy as np

from nnlib import functional as F
from nnlib.nn.module import Module, Parameter


class LayerNorm(Module):
    """F.layer_norm as a layer, over the last dimensions, of shape `normalized_shape`: a size or a tuple.

    weight starts with ones and bias with zeros, both of that shape; elementwise_affine=False leaves them out.
    """

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps = eps
        self.weight = Parameter(np.ones(self.normalized_shape)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(self.normalized_shape)) if elementwise_affine else None

    def forward(self, x):
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self):
        affine = "" if self.weight is not None else ", elementwise_affine=False"
        return f"{self.normalized_shape}, eps={self.eps}{affine}"
