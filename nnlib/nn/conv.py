"""Layers that do the same at every place of an image or a sequence: convolutions with learned kernels, and pooling."""

import math

import numpy as np

from nnlib import functional as F
from nnlib.functional.conv import each_side
from nnlib.nn.module import Module, Parameter


class Conv2d(Module):
    """F.conv2d as a layer, for images (n, in_channels, height, width): `out_channels` kernels, and a bias for each.

    weight (out_channels, in_channels, *kernel_size) and bias (out_channels) start uniform between -1/sqrt(fan_in) and
    +1/sqrt(fan_in), PyTorch's rule; fan_in is in_channels times the number of places in a kernel. kernel_size, stride
    and padding: a number, or a pair (down, across); `rng` as in Linear.
    """

    sides = 2
    op = staticmethod(F.conv2d)

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, *, bias=True, rng=None):
        super().__init__()
        self.in_channels, self.out_channels = in_channels, out_channels
        name = type(self).__name__
        self.kernel_size = each_side(name, "kernel_size", kernel_size, 1, self.sides)
        self.stride = each_side(name, "stride", stride, 1, self.sides)
        self.padding = each_side(name, "padding", padding, 0, self.sides)
        if in_channels < 1 or out_channels < 1:
            raise ValueError(f"{name} got {in_channels} and {out_channels} channels: both must be at least 1.")
        shape = (out_channels, in_channels, *self.kernel_size)
        rng = np.random.default_rng(rng)
        bound = math.prod(shape[1:]) ** -0.5
        self.weight = Parameter(rng.uniform(-bound, bound, shape))
        self.bias = Parameter(rng.uniform(-bound, bound, out_channels)) if bias else None

    def forward(self, x):
        return self.op(x, self.weight, self.bias, self.stride, self.padding)

    def extra_repr(self):
        padding = f", padding={self.padding}" if any(self.padding) else ""
        bias = "" if self.bias is not None else ", bias=False"
        sizes = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        return sizes + padding + bias


class Conv1d(Conv2d):
    """F.conv1d as a layer, for sequences (n, in_channels, length); all else as in Conv2d, numbers for pairs."""

    sides = 1
    op = staticmethod(F.conv1d)


class MaxPool2d(Module):
    """F.max_pool2d as a layer."""

    op = staticmethod(F.max_pool2d)

    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride

    def forward(self, x):
        return self.op(x, self.kernel_size, self.stride)

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}"


class AvgPool2d(MaxPool2d):
    """F.avg_pool2d as a layer."""

    op = staticmethod(F.avg_pool2d)
