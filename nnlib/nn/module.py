"""A Module is parameters and a forward computation. Modules nest: a network is a module made of modules, and finds
all parameters inside it by itself."""

import numpy as np

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
    buffer_names = ()  # see register_buffer()

    def forward(self, *inputs):
        raise NotImplementedError(f"{type(self).__name__} has no forward: write `def forward(self, x):` in the class.")

    def __call__(self, *inputs, **options):
        return self.forward(*inputs, **options)

    def __setattr__(self, name, value):
        _refuse_what_hides(self, name, value)
        super().__setattr__(name, value)

    # Finding what is inside

    def named_children(self):
        """The modules directly inside this one, as pairs of name and module."""
        return [(name, value) for name, value in vars(self).items() if isinstance(value, Module)]

    def modules(self):
        """This module and all inside."""
        return [self] + [module for _, child in self.named_children() for module in child.modules()]

    def named_parameters(self, prefix=""):
        """All parameters here and in the modules inside, as pairs of a dotted name and the parameter; each one once.

        Raises TypeError for those that would be missed, such as layers that were appended to a list.
        """
        found = [(prefix + name, value) for name, value in vars(self).items() if isinstance(value, Parameter)]
        for name, child in self.named_children():
            found += child.named_parameters(f"{prefix}{name}.")
        for name, value in vars(self).items():  # once more: lists grow, and requires_grad may be switched on
            _refuse_what_hides(self, name, value)
        return _each_once(found)

    def parameters(self):
        """All parameters, each once: what an optimiser needs."""
        return [parameter for _, parameter in self.named_parameters()]

    def register_buffer(self, name, array):
        """Keep a copy of an array that is no parameter, but belongs to the state, such as a running mean: as attribute
        `name`, to be changed in place, and saved by state_dict."""
        self.buffer_names = (*self.buffer_names, name)
        setattr(self, name, np.array(array))

    def named_buffers(self, prefix=""):
        """All buffers here and in the modules inside, as pairs of a dotted name and the array; each one once."""
        found = [(prefix + name, getattr(self, name)) for name in self.buffer_names]
        for name, child in self.named_children():
            found += child.named_buffers(f"{prefix}{name}.")
        return _each_once(found)

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
        """A dict from the name of each parameter and buffer to a copy of its numbers, which training leaves alone."""
        return {name: array.copy() for name, array in self._numbers().items()}

    def load_state_dict(self, state):
        """Take over the numbers of a state_dict. Where names, shapes or types do not fit, KeyError, ValueError or
        TypeError says so, and nothing is changed. A parameter with two names has only its first one here; PyTorch's own
        dict has both, and is taken over by copy_from_torch."""
        own = self._numbers()
        check_state("load_state_dict", own, state)
        for name, array in own.items():
            array[...] = state[name]
        for parameter in self.parameters():
            touch(parameter)

    def _numbers(self):
        return {name: parameter.data for name, parameter in self.named_parameters()} | dict(self.named_buffers())

    # Showing

    def extra_repr(self):
        """What stands between the parentheses of a layer's name."""
        return ""

    def __repr__(self):
        children = [f"({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        inside = "".join(f"\n  {child}" for child in children) + "\n" if children else self.extra_repr()
        return f"{type(self).__name__}({inside})"


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


def check_state(name, own, new):
    """Raise an error unless `new` fits `own`, two dicts from names to arrays: the same names and shapes, like types."""
    if own.keys() != new.keys():
        missing, unknown = sorted(own.keys() - new.keys()), sorted(new.keys() - own.keys())
        raise KeyError(f"{name} misses {missing} and does not know {unknown}: is it another network's state?")
    for key, array in own.items():
        got = np.asarray(new[key])
        if got.shape != array.shape:
            raise ValueError(
                f"{name} got {key} of shape {got.shape}, but this network has {array.shape}: build it with the sizes "
                "that were saved."
            )
        if not np.can_cast(got.dtype, array.dtype, "same_kind"):
            raise TypeError(
                f"{name} got {key} of type {got.dtype}, but this network holds {array.dtype} there: is it the right "
                "array?"
            )


def _refuse_what_hides(module, name, value):
    """Raise TypeError where parameters() would not find what is to be trained."""
    for item in _inside(value):
        if item is not value and isinstance(item, Parameter | Module):
            raise TypeError(
                f"{type(module).__name__}.{name} is a {type(value).__name__} of layers or parameters, in which "
                "parameters() would not look: use Sequential(...), or an attribute for each."
            )
        if type(item) is Tensor and item.requires_grad and item.vjp is None:
            raise TypeError(
                f"{type(module).__name__}.{name} is a Tensor that wants a gradient, but parameters() finds only "
                "Parameters: write Parameter(...), or requires_grad=False if it is not to be trained."
            )


def _inside(value, depth=3):
    """The value itself, and what stands in it where it is a list, tuple, set or dict, and in those inside."""
    yield value
    if depth and isinstance(value, list | tuple | set | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _inside(item, depth - 1)


def _each_once(pairs):
    """Pairs of name and object, without those whose object came before under another name."""
    seen = set()
    return [(name, value) for name, value in pairs if not (id(value) in seen or seen.add(id(value)))]
