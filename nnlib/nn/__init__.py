"""Modules: parameters and a forward computation. Read module.py first, then layers.py."""

from nnlib.nn import init
from nnlib.nn.attention import MultiheadAttention, TransformerBlock
from nnlib.nn.conv import AvgPool2d, Conv1d, Conv2d, MaxPool2d
from nnlib.nn.layers import ELU, GELU, Embedding, Flatten, LeakyReLU, Linear, ReLU, Sigmoid, Softmax, Tanh
from nnlib.nn.module import Module, Parameter, Sequential
from nnlib.nn.norms import BatchNorm1d, BatchNorm2d, Dropout, LayerNorm
from nnlib.nn.recurrent import GRU, LSTM, RNN
from nnlib.nn.state import copy_from_torch, copy_to_torch, load, save
