"""nnlib: a small neural-network library to be read whole, in numpy alone, with PyTorch's names.

Read it in this order:
    tensor.py      Tensor, and how gradients travel back through a computation
    functional.py  every operation: its value and its gradient side by side
    nn.py          Module, and the layers made of parameters and operations
    optim.py       how a gradient becomes a step
    data.py        batches, and the training loop
    check.py       gradcheck: measured slopes against gradients
"""

from nnlib import functional
from nnlib.check import GradcheckError, gradcheck
from nnlib.data import History, accuracy, batches, fit
from nnlib.nn import Flatten, LeakyReLU, Linear, Module, Parameter, ReLU, Sequential, Sigmoid, Softmax, Tanh
from nnlib.optim import SGD, Optimizer
from nnlib.tensor import Tensor, no_grad, node

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
    "fit",
    "functional",
    "gradcheck",
    "no_grad",
    "node",
]
