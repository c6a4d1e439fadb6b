"""How a gradient becomes a step. Read optimizers.py first."""

from nnlib.optim.optimizers import SGD, Optimizer
