"""Modules: parameters and a forward computation. Read module.py first, then layers.py."""

from nnlib.nn.layers import ELU, GELU, Embedding, Flatten, LeakyReLU, Linear, ReLU, Sigmoid, Softmax, Tanh
from nnlib.nn.module import Module, Parameter, Sequential
from nnlib.nn.norms import BatchNorm1d, BatchNorm2d, Dropout, LayerNorm
