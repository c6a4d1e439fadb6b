"""An optimiser holds a model's parameters and, in each step, moves them by what their gradients say. It changes the
numbers where they are: the model, which holds the same parameters, sees every step."""

import numpy as np

from nnlib.tensor import Tensor, touch


class Optimizer:
    """What all optimisers share. A subclass writes `update(data, grad, state)`, which changes the array `data` in
    place; `state` is a dict that it may keep for this parameter from step to step."""

    def __init__(self, parameters, lr):
        kind = type(self).__name__
        self.parameters = list(parameters)
        self.lr = lr
        if not self.parameters:
            raise ValueError(
                f"{kind} got no parameters: pass model.parameters(), and make layers attributes of the model."
            )
        for parameter in self.parameters:
            if not isinstance(parameter, Tensor) or parameter.vjp is not None:
                got = f"the result of {parameter.op}" if isinstance(parameter, Tensor) else type(parameter).__name__
                raise TypeError(
                    f"{kind} got {got} among the parameters, but it trains Parameters, and Tensors made with "
                    "requires_grad=True: pass model.parameters()."
                )
        if not float(lr) >= 0:
            raise ValueError(
                f"{kind} got the learning rate {lr}: it must be a number from 0 up; steps go downhill already."
            )
        self.parameters = list(dict.fromkeys(self.parameters))  # each once: one that is named twice moves once
        self.state = [{} for _ in self.parameters]

    def zero_grad(self):
        """Forget all gradients: otherwise the next backward() adds to them."""
        for parameter in self.parameters:
            parameter.grad = None

    def step(self):
        """Change every parameter that has a gradient. Raises RuntimeError where none has one."""
        waiting = [(p, state) for p, state in zip(self.parameters, self.state, strict=True) if p.grad is not None]
        if not waiting:
            raise RuntimeError(
                f"step() found no gradient on any of {len(self.parameters)} parameters: call loss.backward() before it "
                "and zero_grad() after it or before backward(); and is this the model that computed the loss?"
            )
        for parameter, state in waiting:
            self.update(parameter.data, parameter.grad, state)
            touch(parameter)


class SGD(Optimizer):
    """Gradient descent on mini-batches (Robbins & Monro, 1951):   w = w - lr dL/dw

    With momentum m, as in PyTorch (Polyak, 1964), steps gather speed:   v = m v + dL/dw,   w = w - lr v
    """

    def __init__(self, parameters, lr, momentum=0.0):
        super().__init__(parameters, lr)
        self.momentum = momentum

    def update(self, data, grad, state):
        if self.momentum:
            velocity = state.setdefault("velocity", np.zeros_like(data))
            velocity *= float(self.momentum)  # float, since a numpy float64 turns float32 arrays into float64
            velocity += grad
            grad = velocity
        data -= float(self.lr) * grad
