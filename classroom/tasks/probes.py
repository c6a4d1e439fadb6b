"""A probe turns a learner's answer into arrays, so that a check and a grader compare nothing but numbers.

`run(name, obj, arguments)` calls the probe of that name and gives a dict from the name of a value to its array; a
single value has the name "". A probe is a function `(obj, *arguments)`; `@probe` adds it under its own name. Probes
contain no answers. An output that cannot be compared raises `Unusable` with a sentence for the learner.
"""

import inspect
import re
import zlib
from collections.abc import Iterable
from copy import deepcopy
from itertools import pairwise

import numpy as np

PROBES = {}
OPEN = ("", "?", "…", "...")  # what a learner has not filled in yet


class Unusable(Exception):
    """What came back cannot be compared; the text says why and what is expected."""


class UnknownProbe(Exception):
    """A task names a probe that does not exist."""


def probe(function):
    """Make `function` available under its name."""
    PROBES[function.__name__] = function
    return function


def run(name: str, obj, arguments: Iterable) -> dict[str, np.ndarray]:
    """Call the probe `name` on `obj` and `arguments`; every value that comes back, as an array by its name."""
    if name not in PROBES:
        raise UnknownProbe(f"There is no probe {name!r}; there are {', '.join(PROBES)}.")
    return flatten(PROBES[name](obj, *arguments))


# --- the probes -------------------------------------------------------------------------------------------------


@probe
def call(obj, *arguments):
    """The return value of `obj(*arguments)`: a number, an array, a tuple or a dict of them."""
    return obj(*arguments)


@probe
def seeded(obj, *arguments):
    """Like `call`; the last argument is a seed, and `obj` receives a random generator in its place."""
    *others, seed = arguments
    return obj(*others, np.random.default_rng(seed))


@probe
def in_place(obj, *arguments):
    """What `obj` does to its arguments: each array afterwards, and what it returns, if anything."""
    arguments = deepcopy(arguments)
    returned = obj(*arguments)
    after = {f"argument {i + 1}": a for i, a in enumerate(arguments) if isinstance(a, (np.ndarray, list, dict))}
    return after if returned is None else {**after, "returned": returned}


@probe
def labels(obj, *arguments):
    """A dict of short strings as code numbers, see `normal` for what does not count. Numbers stay numbers."""
    found = obj(*arguments)
    if not isinstance(found, dict):
        raise Unusable(f"Your function returned {kind_of(found)}; a dict is expected, as in the stub.")
    return {str(key): code(value) if isinstance(value, str | None) else value for key, value in found.items()}


@probe
def order(obj, *arguments):
    """A list of short strings or whole numbers as code numbers, in their order."""
    found = obj(*arguments)
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if not isinstance(found, (list, tuple)):
        raise Unusable(f"Your function returned {kind_of(found)}; a list is expected, as in the stub.")
    return np.array([code(item) if isinstance(item, str | None) else int(item) for item in found], np.int64)


@probe
def batches(obj, n, batch_size, seed):
    """Two epochs of mini-batches of row numbers from `obj(n, batch_size, rng)`, described so that any shuffle counts.

    Sizes of the batches, how often each row comes up in each epoch, and whether the order is mixed and new each time.
    """
    rng = np.random.default_rng(seed)
    epochs = [_index_arrays(obj(n, batch_size, rng)) for _ in range(2)]
    return _passes(epochs, n)


@probe
def pairs(obj, n, batch_size, seed):
    """Like `batches` for `obj(x, y, batch_size, rng)` that gives pairs (rows of x, rows of y); also: do they match?"""
    rng = np.random.default_rng(seed)
    rows = np.arange(n)
    x, y = np.stack([rows, rows + 0.5], axis=1), rows.copy()
    epochs, matched = [], []
    for _ in range(2):
        found = [_pair(item) for item in _items(obj(x.copy(), y.copy(), batch_size, rng))]
        epochs.append([np.rint(xb[:, 0]).astype(int) for xb, _ in found])
        matched += [len(xb) == len(yb) and bool(np.all(np.rint(xb[:, 0]) == yb)) for xb, yb in found]
    return {**_passes(epochs, n), "x and y match": np.array(all(matched))}


@probe
def training(obj, widths, seed, x, y, *rest):
    """A training function on a small nnlib network with these widths: what it returns, and all final weights.

    The network has tanh between its layers and is drawn from `seed`. By their names, the parameters `model`,
    `optimizer` (SGD at a rate of 0.1) and `rng` receive these; the others receive x, y and the rest in order.
    """
    from nnlib import SGD, Linear, Sequential, Tanh  # here, since most exercises do without nnlib

    rng = np.random.default_rng(seed)
    layers = []
    for i, (into, out) in enumerate(pairwise(widths)):
        layers += [Tanh()] * (i > 0) + [Linear(into, out, rng=rng)]
    model = Sequential(*layers)
    ours = {"model": model, "optimizer": SGD(model.parameters(), lr=0.1), "rng": np.random.default_rng([seed, 1])}
    others = [x, y, *rest]
    given = [ours[name] if name in ours else others.pop(0) for name in parameters(obj) if name in ours or others]
    returned = obj(*given, *others)
    weights = {f"final {key}": np.array(value) for key, value in model.state_dict().items()}
    return weights if returned is None else {"returned": returned, **weights}


@probe
def differentiable(obj, *arguments):
    """The value of `obj` on nnlib tensors, and the gradient of its sum by each float array among the arguments."""
    from nnlib import Tensor

    given = [a.dtype.kind == "f" if isinstance(a, np.ndarray) else False for a in arguments]
    tensors = [
        Tensor(a, requires_grad=True, dtype=a.dtype) if is_float else a
        for a, is_float in zip(arguments, given, strict=True)
    ]
    result = obj(*tensors)
    if not isinstance(result, Tensor):
        raise Unusable(f"Your function returned {kind_of(result)}; a Tensor is expected.")
    result.sum().backward()
    gradients = {f"gradient by argument {i + 1}": t.grad for i, t in enumerate(tensors) if given[i]}
    return {"value": result, **{k: np.zeros(()) if g is None else g for k, g in gradients.items()}}


@probe
def instance(obj, first, calls, attributes=()):
    """A class: `obj(*first)`, then each of `calls` (`["method", argument, …]`) in turn; results and final attributes.

    The method name `"()"` calls the instance itself.
    """
    made, found = obj(*first), {}
    for i, (method, *arguments) in enumerate(calls):
        target = made if method == "()" else getattr(made, method)
        result = target(*arguments)
        if result is not None:
            found[f"call {i + 1}, {method}" if method != "()" else f"call {i + 1}"] = result
    return {**found, **{f".{name}": getattr(made, name) for name in attributes}}


# --- from what came back to arrays ------------------------------------------------------------------------------


def code(text: str | None) -> np.int64:
    """A short string as a number that does not show it; what is not filled in yet is 0."""
    plain = normal(text or "")
    return np.int64(0 if plain in OPEN else zlib.crc32(plain.encode()))


def normal(text: str) -> str:
    """`text` in lower case, with single spaces for spaces, hyphens and underscores, and without a last s.

    So a plural counts as its singular ("bias" loses its s, too, on both sides of a comparison).
    """
    return re.sub(r"(?<=\w\w)s$", "", re.sub(r"[\s_-]+", " ", text.strip().casefold()))


def flatten(value, name: str = "") -> dict[str, np.ndarray]:
    """Every number in `value` as arrays: a dict by its keys, a tuple of arrays as "value 1", "value 2", …"""
    value = _plain(value)
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, (list, tuple)) and any(_is_array(v) for v in value):
        parts = ((f"value {i + 1}", v) for i, v in enumerate(value))
    else:
        return {name: as_array(value, name)}
    return {key: array for part, v in parts for key, array in flatten(v, f"{name} {part}".strip()).items()}


def as_array(value, name: str = "") -> np.ndarray:
    """`value` as an array of numbers; what is not one raises `Unusable`."""
    where = f"`{name}` is" if name else "Your function returned"
    if value is None or not isinstance(value, (np.ndarray, np.generic, bool, int, float, list, tuple)):
        raise Unusable(f"{where} {kind_of(value)}; numbers or an array of numbers are expected.")
    try:
        array = np.array([_plain(v) for v in value] if isinstance(value, (list, tuple)) else value)
    except ValueError:
        raise Unusable(f"{where} a list of rows of different lengths; they do not form an array.") from None
    if array.dtype.kind not in "biuf":
        raise Unusable(f"{where} {kind_of(value)} that does not hold numbers alone; numbers are expected.")
    return array


def _plain(value):
    """The array inside a tensor of nnlib or PyTorch; anything else as it is."""
    if callable(getattr(value, "detach", None)):
        value = value.detach()
    if callable(getattr(value, "numpy", None)):
        return value.numpy()
    inner = getattr(value, "data", None)
    return inner if isinstance(inner, np.ndarray) and not isinstance(value, np.ndarray) else value


def kind_of(value) -> str:
    """What `value` is, in words that fit after "got"."""
    if value is None:
        return "None"
    if inspect.isgenerator(value):
        return "a generator (there is a `yield` in the function)"
    if inspect.isclass(value):
        return f"the class `{value.__name__}`"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function `{value.__name__}` itself, not its result"
    known = {
        dict: "a dict", list: "a list", tuple: "a tuple", str: "a string", set: "a set",
        bool: "True or False", int: "a whole number", float: "a number", np.ndarray: "an array",
    }  # fmt: skip
    return known.get(type(value), f"an object of type `{type(value).__name__}`")


def _is_array(value):
    return isinstance(_plain(value), np.ndarray) and _plain(value).ndim > 0


def parameters(obj):
    """The parameters of `obj` by name; empty where Python cannot tell."""
    try:
        return inspect.signature(obj).parameters
    except (TypeError, ValueError):
        return {}


def _items(found):
    """What a learner's batches give, as a list: a list, an array or a generator, up to a bound."""
    if found is None or not isinstance(found, Iterable):
        raise Unusable(f"Your function returned {kind_of(found)}; it should yield batches or return a list of them.")
    items = []
    for item in found:
        items.append(item)
        if len(items) > 10_000:
            raise Unusable("Your function gives more than 10 000 batches; one pass over the rows is expected.")
    return items


def _index_arrays(found):
    arrays = [np.atleast_1d(np.asarray(item)) for item in _items(found)]
    for array in arrays:
        if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
            raise Unusable("A batch should be an array of row numbers (whole numbers, one axis).")
    return arrays


def _pair(item):
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        raise Unusable(f"A batch is {kind_of(item)}; a pair (rows of x, rows of y) is expected.")
    xb, yb = np.asarray(item[0]), np.asarray(item[1])
    if xb.ndim != 2 or yb.ndim != 1:
        raise Unusable(f"A batch has the shapes {xb.shape} and {yb.shape}; two axes for x and one for y are expected.")
    return xb, yb


def _passes(epochs, n):
    seen = [np.concatenate([np.empty(0, int), *batches_]) for batches_ in epochs]
    if any(rows.size and (rows.min() < 0 or rows.max() >= n) for rows in seen):
        raise Unusable(f"A batch holds a row number outside 0 … {n - 1}.")
    first, second = seen
    return {
        "batch sizes": np.array([len(b) for b in epochs[0]], np.int64),
        "times each row is used in epoch 1": np.bincount(first, minlength=n),
        "times each row is used in epoch 2": np.bincount(second, minlength=n),
        "order is mixed": np.array(n > 3 and not np.array_equal(first, np.sort(first))),
        "order is new in epoch 2": np.array(n > 3 and not np.array_equal(first, second)),
    }
