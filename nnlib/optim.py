"""An optimiser holds a model's parameters and, in each step, moves them by what their gradients say. It changes the
numbers where they are: the model, which holds the same parameters, sees every step."""

import numpy as np

from nnlib.tensor import Tensor


class Optimizer:
    """What all optimisers share: the list of parameters, the learning rate, zero_grad and step.

    A subclass writes `update(parameter, state)` for one parameter, where `state` is its private dict.
    """

    def __init__(self, parameters, lr):
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError(
                f"{type(self).__name__} got no parameters: pass model.parameters(), and make layers and Parameters "
                "attributes of the model."
            )
        for parameter in self.parameters:
            if not isinstance(parameter, Tensor) or parameter.vjp is not None:
                got = "a computed Tensor" if isinstance(parameter, Tensor) else type(parameter).__name__
                raise TypeError(
                    f"{type(self).__name__} got {got} among the parameters, but it can train only Parameters and "
                    "Tensors that were made with requires_grad=True: pass model.parameters()."
                )
        self.lr = lr
        self.state = [{} for _ in self.parameters]

    def zero_grad(self):
        """Forget all gradients: the next backward() starts from nothing, not from the last step's sum."""
        for parameter in self.parameters:
            parameter.grad = None

    def step(self):
        """Change every parameter that has a gradient. Raises RuntimeError where none has one."""
        rate = float(self.lr)  # a numpy float64 would turn float32 into float64
        ...
