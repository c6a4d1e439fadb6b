"""An optimiser turns gradients into steps. The gradients of all parameters are laid end to end in one vector, in which
its formula works; then each parameter moves by its own piece, where it is: the model sees every step."""

from itertools import groupby, pairwise

import numpy as np

from nnlib.tensor import Tensor, touch


class Optimizer:
    """What all optimisers share. A subclass names the vectors that it `remembers` from step to step, and writes

        update(g, t, *remembered)

    which turns g, the gradients, into the step that will be subtracted, in place; t counts the steps, from 1.

    One long vector instead of many small arrays: a formula of ten operations is ten calls of numpy, not ten for each
    layer, and for small networks a call costs more than its arithmetic. Parameters without gradient rest, as in
    PyTorch: their memories stay as they are, their t does not count. So neighbours with the same t move together.

    With weight_decay = d every step adds d w to the gradient, which is the gradient of d/2 sum(w^2): see penalties.py.
    """

    remembers = ()
    decoupled = False  # True: weight decay shrinks the weights by themselves, beside the step, as in AdamW

    def __init__(self, parameters, lr, weight_decay=0.0):
        self.parameters = _checked(parameters, type(self).__name__)
        self.lr = lr
        self.weight_decay = weight_decay
        _not_negative(self, "lr", "weight_decay")
        self.initial_lr = None  # where schedules start from: the first one notes it
        self.steps = [0 for _ in self.parameters]
        self._ends = [0, *np.cumsum([p.data.size for p in self.parameters]).tolist()]
        self._g = np.zeros(self._ends[-1], np.result_type(*[p.dtype for p in self.parameters]))
        self._pieces = self._cut([p.shape for p in self.parameters])
        self.state = {name: np.zeros_like(self._g) for name in self.remembers}

    def _cut(self, shapes):
        """Each parameter's piece of the vector of gradients, a view in the parameter's shape."""
        stretches = zip(shapes, pairwise(self._ends), strict=True)
        return [self._g[start:end].reshape(shape) for shape, (start, end) in stretches]

    def __setstate__(self, state):  # copy.deepcopy and pickle copy each array by itself: cut the copied vector anew
        vars(self).update(state)
        self._pieces = self._cut([piece.shape for piece in self._pieces])

    def update(self, g, t, *remembered):
        raise NotImplementedError(f"{type(self).__name__} has no update: write `def update(self, g, t, ...):`.")

    def zero_grad(self):
        """Forget all gradients: otherwise the next backward() adds to them."""
        for parameter in self.parameters:
            parameter.grad = None

    def step(self):
        """Change every parameter that has a gradient. Raises RuntimeError where none has one."""
        found = False
        for t, run in groupby(range(len(self.parameters)), self._moves_with):
            if t is not None:
                found = True
                self._step_together(t + 1, list(run))
        if not found:
            raise _no_gradient(self)

    def _moves_with(self, i):
        return None if self.parameters[i].grad is None else self.steps[i]

    def _step_together(self, t, run):
        decay = float(self.weight_decay)  # float, since a numpy float64 turns float32 arrays into float64
        shrink = 1 - float(self.lr) * decay
        stretch = slice(self._ends[run[0]], self._ends[run[-1] + 1])
        moving = [(self.parameters[i], self._pieces[i]) for i in run]
        try:
            for parameter, piece in moving:
                if not parameter.grad.shape == parameter.data.shape == piece.shape:
                    raise ValueError("numpy would broadcast")
                piece[...] = parameter.grad
                if decay and not self.decoupled:
                    piece += decay * parameter.data
            self.update(self._g[stretch], t, *[vector[stretch] for vector in self.state.values()])
            for parameter, piece in moving:
                if decay and self.decoupled:
                    parameter.data *= shrink
                parameter.data -= piece
                touch(parameter)
        except (AttributeError, TypeError, ValueError):
            _check_gradients(self)
            raise
        for i in run:
            self.steps[i] = t

    # Saving and loading: training goes on as if it had never stopped

    def state_dict(self):
        """A dict of arrays with all that changes from step to step, as copies: the rate, the counts of steps, and the
        vectors that the optimiser remembers. Other settings are those that it was made with."""
        rates = {"lr": self.lr, "initial_lr": np.nan if self.initial_lr is None else self.initial_lr}
        return {
            **{name: np.array(float(rate)) for name, rate in rates.items()},
            "steps": np.array(self.steps),
            **{name: vector.copy() for name, vector in self.state.items()},
        }

    def load_state_dict(self, state):
        """Take over a state_dict. Raises ValueError where it comes from another optimiser or for other parameters."""
        own = self.state_dict()
        if {n: a.shape for n, a in own.items()} != {n: np.shape(a) for n, a in state.items()}:
            raise ValueError(
                f"{type(self).__name__}.load_state_dict got {_shapes(state)}, but this optimiser has {_shapes(own)}: "
                "build it as it was when the state was saved, for a model of the same sizes."
            )
        self.lr, start = float(state["lr"]), float(state["initial_lr"])
        self.initial_lr = None if np.isnan(start) else start  # nan: no schedule yet
        self.steps = [int(t) for t in state["steps"]]
        for name, vector in self.state.items():
            vector[...] = state[name]


class SGD(Optimizer):
    """Gradient descent on mini-batches (Robbins & Monro, 1951):   w = w - lr g,   g = dL/dw

    With momentum m, as in PyTorch (Polyak, 1964), steps gather speed:   v = m v + g,   w = w - lr v
    With nesterov=True the step looks one push of momentum ahead:   w = w - lr (g + m v)   (Sutskever et al., 2013)
    Whether there is momentum is settled when the optimiser is made; its value may change later.
    """

    def __init__(self, parameters, lr=1e-3, momentum=0.0, *, weight_decay=0.0, nesterov=False):
        self.momentum, self.nesterov = momentum, nesterov
        _not_negative(self, "momentum")
        if nesterov and not momentum:
            raise ValueError("SGD got nesterov=True without momentum: give it one, for example momentum=0.9.")
        self.remembers = ("momentum_buffer",) if momentum else ()
        super().__init__(parameters, lr, weight_decay)

    def step(self):
        """Change every parameter that has a gradient. Raises RuntimeError where none has one."""
        if self.remembers or self.weight_decay:
            return super().step()
        moving = [p for p in self.parameters if p.grad is not None]
        if not moving:
            raise _no_gradient(self)
        rate = np.asarray(self.lr, self._g.dtype)  # times a small array it takes half as long as a plain number
        try:
            for p in moving:  # nothing to remember, so nothing to lay end to end
                if p.grad.shape != p.data.shape:
                    raise ValueError("numpy would broadcast")
                p.data -= rate * p.grad
                touch(p)
        except (AttributeError, TypeError, ValueError):
            _check_gradients(self)
            raise

    def update(self, g, t, v=None):
        if v is not None:
            m = float(self.momentum)
            v *= m
            v += g
            if self.nesterov:
                g += m * v
            else:
                g[...] = v
        g *= float(self.lr)


class RMSprop(Optimizer):
    """Each weight's gradient is divided by its own usual size (Tieleman & Hinton, 2012):

    s = a s + (1 - a) g^2,   w = w - lr g / (sqrt(s) + eps)
    """

    remembers = ("square_avg",)

    def __init__(self, parameters, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0.0):
        self.alpha, self.eps = alpha, eps
        _not_negative(self, "eps")
        _below_one(self, alpha=alpha)
        super().__init__(parameters, lr, weight_decay)

    def update(self, g, t, s):
        s *= float(self.alpha)
        s += (1 - float(self.alpha)) * (g * g)
        size = np.sqrt(s)
        size += float(self.eps)
        g *= float(self.lr)
        g /= size


class Adam(Optimizer):
    """Momentum, divided by each weight's own usual gradient (Kingma & Ba, 2015):

    m = b1 m + (1 - b1) g,   s = b2 s + (1 - b2) g^2,   w = w - lr M / (sqrt(S) + eps)

    where M = m / (1 - b1^t) and S = s / (1 - b2^t): both averages start at 0, and would be too small at first.
    For speed the factors 1 - b1 and 1 - b2 come in at the end: remembered are plain sums in which a gradient counts b
    times as much with each step that it is older. Such a sum, divided by that of its weights 1 + b + b^2 + ... =
    (1 - b^t) / (1 - b), is the mean M or S.
    """

    remembers = ("exp_sum", "exp_sum_sq")

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.betas, self.eps = betas, eps
        _not_negative(self, "eps")
        _below_one(self, **{f"betas[{i}]": beta for i, beta in enumerate(betas)})
        super().__init__(parameters, lr, weight_decay)

    def update(self, g, t, m, s):
        b1, b2 = (float(beta) for beta in self.betas)
        m *= b1
        m += g
        g *= g
        s *= b2
        s += g
        weights, root = (1 - b1**t) / (1 - b1), ((1 - b2**t) / (1 - b2)) ** 0.5
        np.sqrt(s, out=g)
        g += float(self.eps) * root  # M / (sqrt(S) + eps) = (m / weights) / ((sqrt(s) + eps root) / root)
        np.divide(m, g, out=g)
        g *= float(self.lr) * root / weights


class AdamW(Adam):
    """Adam with decoupled weight decay d (Loshchilov & Hutter, 2019):   w = (1 - lr d) w - the step of Adam

    In Adam, d w is part of g, which is divided by its usual size: where gradients are large, weights hardly decay.
    Here all weights shrink at the same rate.
    """

    decoupled = True

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        super().__init__(parameters, lr, betas, eps, weight_decay)


# What an optimiser refuses


def _checked(parameters, kind):
    """The parameters, each once: one that is named twice moves once."""
    if isinstance(parameters, Tensor):
        raise TypeError(f"{kind} got a single Tensor: give it a list, [w], or model.parameters().")
    parameters = list(parameters)
    if not parameters:
        raise ValueError(f"{kind} got no parameters: pass model.parameters(), and make layers attributes of the model.")
    for parameter in parameters:
        if not isinstance(parameter, Tensor) or parameter.vjp is not None:
            got = f"the result of {parameter.op}" if isinstance(parameter, Tensor) else type(parameter).__name__
            raise TypeError(
                f"{kind} got {got} among the parameters, but it trains Parameters, and Tensors made with "
                "requires_grad=True: pass model.parameters()."
            )
    return list(dict.fromkeys(parameters))


def _not_negative(optimizer, *names):
    for name in names:
        value = getattr(optimizer, name)
        if not 0 <= float(value) < np.inf:
            what = "the learning rate" if name == "lr" else f"the {name}"
            reason = "; steps go downhill already" if name == "lr" else ""
            raise ValueError(
                f"{type(optimizer).__name__} got {what} {value}: it must be a finite number from 0 up{reason}."
            )


def _below_one(optimizer, **shares):
    for name, share in shares.items():
        if not 0 <= float(share) < 1:
            raise ValueError(
                f"{type(optimizer).__name__} got {name}={share}: it is the share of the average that stays in each "
                "step, from 0 up and below 1, for example 0.9."
            )


def _no_gradient(optimizer):
    return RuntimeError(
        f"step() found no gradient on any of {len(optimizer.parameters)} parameters: call loss.backward() before it "
        "and zero_grad() after it or before backward(); and is this the model that computed the loss?"
    )


def _check_gradients(optimizer):
    for parameter, piece in zip(optimizer.parameters, optimizer._pieces, strict=True):
        g = parameter.grad
        if g is not None and not isinstance(g, np.ndarray | np.generic):
            raise TypeError(
                f"{type(optimizer).__name__} got a {type(g).__name__} as the gradient of a parameter of shape "
                f"{parameter.shape}: .grad holds a numpy array of that shape."
            ) from None
        if g is not None and not g.shape == parameter.shape == piece.shape:
            raise ValueError(
                f"{type(optimizer).__name__} was made for a parameter of shape {piece.shape}, whose numbers have shape "
                f"{parameter.shape} now and its gradient {g.shape}: keep the shape, or make the optimiser anew."
            ) from None


def _shapes(state):
    return ", ".join(f"{name} {np.shape(array)}" for name, array in state.items())
