"""nnlib: a small neural-network library to be read whole, in numpy alone, with PyTorch's names.

README.md beside this file is the map to read it by. What the first lessons need stands here; everything else is found
where PyTorch has it: `from nnlib import nn, optim` and `from nnlib import functional as F`.
"""

from nnlib import functional, nn, optim
from nnlib.check import GradcheckError, gradcheck
from nnlib.data import History, accuracy, batches, fit
from nnlib.draw import draw
from nnlib.memory import keep_freed_memory
from nnlib.nn import Flatten, LeakyReLU, Linear, Module, Parameter, ReLU, Sequential, Sigmoid, Softmax, Tanh
from nnlib.optim import SGD, Optimizer
from nnlib.tensor import Tensor, no_grad, node

keep_freed_memory()

__all__ = [
    "SGD",
    "Flatten",
    "GradcheckError",
    "History",
    "LeakyReLU",
    "Linear",
    "Module",
    "Optimizer",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Tensor",
    "accuracy",
    "batches",
    "draw",
    "fit",
    "functional",
    "gradcheck",
    "nn",
    "no_grad",
    "node",
    "optim",
]
