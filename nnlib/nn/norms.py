"""Layers that hold a network's numbers in range while it trains."""

from typing import ClassVar

import numpy as np

from nnlib import functional as F
from nnlib.functional.normalise import sizes
from nnlib.nn.module import Module, Parameter


class LayerNorm(Module):
    """F.layer_norm as a layer, over the last dimensions, of shape `normalized_shape`: a size or a tuple.

    weight starts with ones and bias with zeros, both of that shape; elementwise_affine=False leaves them out.
    """

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        self.normalized_shape = sizes(normalized_shape)
        self.eps = eps
        self.weight = Parameter(np.ones(self.normalized_shape)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(self.normalized_shape)) if elementwise_affine else None

    def forward(self, x):
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self):
        affine = "" if self.weight is not None else ", elementwise_affine=False"
        return f"{self.normalized_shape}, eps={self.eps}{affine}"


class BatchNorm1d(Module):
    """F.batch_norm as a layer for rows (n, num_features), or sequences (n, num_features, length).

    weight starts with ones and bias with zeros; affine=False leaves them out. The buffers running_mean and running_var
    start with 0 and 1 and follow the batches of training; evaluation uses them.
    """

    shapes: ClassVar = {2: "(n, c)", 3: "(n, c, length)"}  # that it takes, by number of dimensions

    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True):
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.weight = Parameter(np.ones(num_features)) if affine else None
        self.bias = Parameter(np.zeros(num_features)) if affine else None
        self.register_buffer("running_mean", np.zeros(num_features, np.float32))
        self.register_buffer("running_var", np.ones(num_features, np.float32))
        self.register_buffer("num_batches_tracked", np.array(0))

    def forward(self, x):
        if np.ndim(x) not in self.shapes:
            needed = " or ".join(self.shapes.values())
            raise ValueError(f"{type(self).__name__} got an input of shape {np.shape(x)}: it needs {needed}.")
        y = F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.training, self.momentum, self.eps
        )
        self.num_batches_tracked += self.training
        return y

    def extra_repr(self):
        affine = "" if self.weight is not None else ", affine=False"
        return f"{self.num_features}, eps={self.eps}, momentum={self.momentum}{affine}"


class BatchNorm2d(BatchNorm1d):
    """F.batch_norm as a layer for images (n, num_features, height, width); all else as in BatchNorm1d."""

    shapes: ClassVar = {4: "(n, c, height, width)"}


class Dropout(Module):
    """F.dropout as a layer: in training it drops each number with probability p, in evaluation none.

    `rng`, a numpy Generator or a seed, draws the masks; `mask` is the last one. A mask put into `next_mask` is used
    once, instead of drawing: so another program's run can be repeated number by number.
    """

    def __init__(self, p=0.5, rng=None):
        super().__init__()
        F.dropout(0.0, p)  # says what is wrong with p
        self.p, self.rng = p, np.random.default_rng(rng)
        self.mask = self.next_mask = None

    def forward(self, x):
        if self.training:
            drawn = F.dropout_mask(np.shape(x), self.p, self.rng) if self.next_mask is None else self.next_mask
            self.mask, self.next_mask = drawn, None
        return F.dropout(x, self.p, self.training, mask=self.mask)

    def extra_repr(self):
        return f"p={self.p}"
