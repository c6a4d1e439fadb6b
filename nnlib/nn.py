"""A Module is parameters and a forward computation. Modules nest: a network is a module made of modules, and finds
all parameters inside it by itself."""

import numpy as np

from nnlib import functional as F
from nnlib.tensor import Tensor, touch


class Parameter(Tensor):
    """A Tensor that training changes: as an attribute of a Module it is found by `parameters()`.

    It always keeps its own copy of the numbers, even when frozen (requires_grad=False): load_state_dict writes there.
    """

    __slots__ = ()

    def __init__(self, data, requires_grad=True, dtype=np.float32):
        super().__init__(data, True, dtype)  # True makes a copy
        self.requires_grad = requires_grad


class Module:
    """Base of all layers and networks. A subclass makes its parameters and layers in __init__ and computes in forward:

    class Neuron(Module):
        def __init__(self, inputs):
            super().__init__()
            self.weight = Parameter(np.zeros(inputs))
            self.bias = Parameter(0.0)

        def forward(self, x):
            return F.sigmoid(x @ self.weight + self.bias)
    """

    training = True  # some layers behave differently in training: see train() and eval()

    def forward(self, *inputs):
        raise NotImplementedError(f"{type(self).__name__} has no forward: write `def forward(self, x):` in the class.")

    def __call__(self, *inputs, **options):
        return self.forward(*inputs, **options)

    def __setattr__(self, name, value):
        items = value if isinstance(value, list | tuple) else value.values() if isinstance(value, dict) else [value]
        for item in items:
            if item is not value and isinstance(item, Parameter | Module):
                raise TypeError(
                    f"{type(self).__name__}.{name} is a {type(value).__name__} of layers or parameters, in which "
                    "parameters() would not look: use Sequential(...), or an attribute for each."
                )
            if type(item) is Tensor and item.requires_grad and item.vjp is None:
                raise TypeError(
                    f"{type(self).__name__}.{name} is a Tensor that wants a gradient, but parameters() finds only "
                    "Parameters: write Parameter(...), or requires_grad=False if it is not to be trained."
                )
        super().__setattr__(name, value)

    # Finding what is inside

    def named_children(self):
        """The modules directly inside this one, as pairs of name and module."""
        return [(name, value) for name, value in vars(self).items() if isinstance(value, Module)]

    def modules(self):
        """This module and all inside."""
        return [self] + [module for _, child in self.named_children() for module in child.modules()]

    def named_parameters(self, prefix=""):
        """All parameters here and in the modules inside, as pairs of a dotted name and the parameter; each one once."""
        found = [(prefix + name, value) for name, value in vars(self).items() if isinstance(value, Parameter)]
        for name, child in self.named_children():
            found += child.named_parameters(f"{prefix}{name}.")
        seen = set()
        return [(name, p) for name, p in found if not (id(p) in seen or seen.add(id(p)))]

    def parameters(self):
        """All parameters, each once: what an optimiser needs."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self):
        """Forget all gradients."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode=True):
        """Switch this module and all inside to training, or with mode=False to evaluation."""
        self.training = mode
        for _, child in self.named_children():
            child.train(mode)
        return self

    def eval(self):
        """Switch this module and all inside to evaluation."""
        return self.train(False)

    # Saving and loading

    def state_dict(self):
        """A dict from each parameter's name to a copy of its numbers, which later training does not change."""
        return {name: parameter.data.copy() for name, parameter in self.named_parameters()}

    def load_state_dict(self, state):
        """Take over the numbers of a state_dict. Raises KeyError or ValueError where names or shapes do not fit."""
        own = dict(self.named_parameters())
        if own.keys() != state.keys():
            missing, unknown = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
            raise KeyError(
                f"load_state_dict misses {missing} and does not know {unknown}: is it another network's state?"
            )
        for name, parameter in own.items():
            if np.shape(state[name]) != parameter.shape:
                raise ValueError(
                    f"load_state_dict got {name} of shape {np.shape(state[name])}, but this network has "
                    f"{parameter.shape}: build it with the sizes that were saved."
                )
        for name, parameter in own.items():
            parameter.data[...] = state[name]
            touch(parameter)

    # Showing

    def extra_repr(self):
        """What stands between the parentheses of a layer's name."""
        return ""

    def __repr__(self):
        children = [f"({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        inside = "".join(f"\n  {child}" for child in children) + "\n" if children else self.extra_repr()
        return f"{type(self).__name__}({inside})"


class Linear(Module):
    """y = x W^T + b: each of the `out_features` outputs is a weighted sum of all `in_features` inputs, and a bias.

    weight (out_features, in_features) and bias (out_features) start uniform between -1/sqrt(in_features) and
    +1/sqrt(in_features), PyTorch's rule; Glorot & Bengio (2010) quote it as the common heuristic, and mend it. `rng` is
    a numpy Generator, to be handed to one layer after the other, or a seed; without it every run starts with others.
    """

    def __init__(self, in_features, out_features, bias=True, rng=None):
        super().__init__()
        if in_features < 1 or out_features < 1:
            raise ValueError(f"Linear got the sizes {in_features} and {out_features}: both must be at least 1.")
        rng = np.random.default_rng(rng)
        bound = in_features**-0.5
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(rng.uniform(-bound, bound, (out_features, in_features)))
        self.bias = Parameter(rng.uniform(-bound, bound, out_features)) if bias else None

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self):
        bias = "" if self.bias is not None else ", bias=False"
        return f"in_features={self.in_features}, out_features={self.out_features}{bias}"


class Sequential(Module):
    """Layers in a row: each one's output is the next one's input. `model[0]` is the first."""

    def __init__(self, *layers):
        super().__init__()
        for i, layer in enumerate(layers):
            if not isinstance(layer, Module):
                name = getattr(layer, "__name__", repr(layer))
                raise TypeError(
                    f"Sequential got {name} at place {i}, which is no layer: give it Modules, made with parentheses, "
                    "such as ReLU()."
                )
            setattr(self, str(i), layer)

    @property
    def layers(self):
        """The layers in order."""
        return [value for value in vars(self).values() if isinstance(value, Module)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def __getitem__(self, index):
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __len__(self):
        return len(self.layers)


class Flatten(Module):
    """(n, ...) to (n, product of the rest): each example becomes one row."""

    def forward(self, x):
        return F.flatten(x)


class Sigmoid(Module):
    """F.sigmoid as a layer."""

    def forward(self, x):
        return F.sigmoid(x)


class Tanh(Module):
    """F.tanh as a layer."""

    def forward(self, x):
        return F.tanh(x)


class ReLU(Module):
    """F.relu as a layer."""

    def forward(self, x):
        return F.relu(x)


class LeakyReLU(Module):
    """F.leaky_relu as a layer, with its slope for x < 0."""

    def __init__(self, negative_slope=0.01):
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x):
        return F.leaky_relu(x, self.negative_slope)

    def extra_repr(self):
        return f"negative_slope={self.negative_slope}"


class Softmax(Module):
    """F.softmax as a layer. Not before F.cross_entropy, which takes logits and applies softmax itself."""

    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        return F.softmax(x, self.dim)

    def extra_repr(self):
        return f"dim={self.dim}"
