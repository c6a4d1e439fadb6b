"""A probe turns a learner's answer into arrays, so that a check and a grader compare nothing but numbers.

`run(name, obj, arguments)` calls the probe of that name and gives a dict from the name of a value to its array; a
single value has the name "". A probe is a function `(obj, *arguments)`; `@probe` adds it under its own name. Probes
contain no answers. An output that cannot be compared raises `Unusable` with a sentence for the learner.
"""

import importlib
import inspect
import warnings
from collections.abc import Iterable
from copy import deepcopy
from itertools import pairwise
from math import lgamma, log

import numpy as np

from classroom.tasks.arrays import Remark, Unusable, code, flatten, holds_tensors, kind_of

PROBES = {}
MORE = ("classroom.tasks.torch_probes",)  # modules with further probes, loaded when a name is not known yet
HELD = (
    "What your function returned holds Tensors, and each keeps its whole calculation in memory; "
    "`loss.item()` makes a plain number of one."
)


class UnknownProbe(Exception):
    """A task names a probe that does not exist."""


def probe(function):
    """Make `function` available under its name."""
    PROBES[function.__name__] = function
    return function


def run(name: str, obj, arguments: Iterable) -> dict[str, np.ndarray]:
    """Call the probe `name` on `obj` and `arguments`; every value that comes back, as an array by its name."""
    return flatten(find(name)(obj, *arguments))


def find(name: str):
    """The probe of that name."""
    for module in MORE if name not in PROBES else ():
        importlib.import_module(module)
    if name not in PROBES:
        raise UnknownProbe(f"There is no probe {name!r}; there are {', '.join(PROBES)}.")
    return PROBES[name]


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
    epochs, matched, kept = [], [], []
    for _ in range(2):
        mine = x.copy(), y.copy()
        found = [_pair(item) for item in _items(_not_one_pair(obj(*mine, batch_size, rng)))]
        epochs.append([np.rint(xb[:, 0]).astype(int) for xb, _ in found])
        matched += [len(xb) == len(yb) and bool(np.all(np.rint(xb[:, 0]) == yb)) for xb, yb in found]
        kept.append(np.array_equal(mine[0], x) and np.array_equal(mine[1], y))
    return {
        **_passes(epochs, n),
        "x and y match": np.array(all(matched)),
        "x and y stay as they are": np.array(all(kept)),
    }


@probe
def training(obj, widths, seed, x, y, *rest):
    """A training function on a small nnlib network with these widths: what it returns, and all final weights.

    The network has tanh between its layers and is drawn from `seed`. By their names, the parameters `model`,
    `optimizer` (SGD at a rate of 0.1) and `rng` receive these; the others receive x, y and the rest in order. Losses
    that are tensors count, with a remark: each keeps all that led to it.
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
    if holds_tensors(returned):
        warnings.warn(HELD, Remark, stacklevel=1)
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
def figure(obj, *arguments):
    """What `obj` draws on the matplotlib axes that it receives as `ax`, see `drawn`; no window opens.

    Any order of the curves, any colour and any wording of a label counts; what is compared is what a reader sees.
    """
    from matplotlib.figure import Figure  # here, since most exercises draw nothing

    ax, others = Figure().subplots(), list(arguments)
    given = [ax if name == "ax" else others.pop(0) for name in parameters(obj) if name == "ax" or others]
    if "ax" not in parameters(obj):
        raise Unusable("Your function has no parameter `ax`; keep the first line of the stub.")
    obj(*given, *others)
    return drawn(ax)


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


# --- describing what a probe met --------------------------------------------------------------------------------------


def parameters(obj):
    """The parameters of `obj` by name; empty where Python cannot tell."""
    try:
        return inspect.signature(obj).parameters
    except (TypeError, ValueError):
        return {}


def drawn(ax) -> dict[str, np.ndarray]:
    """The data of curves, points, bars and images on `ax`, each kind sorted by its numbers; and how its axes are named.

    A curve is what `plot` draws, points are what `scatter` draws.
    """
    from matplotlib.collections import PathCollection
    from matplotlib.patches import Rectangle

    curves = [np.column_stack([_floats(line.get_xdata()), _floats(line.get_ydata())]) for line in ax.lines]
    clouds = [np.asarray(_floats(found.get_offsets())) for found in ax.collections if isinstance(found, PathCollection)]
    bars = [[bar.get_x() + bar.get_width() / 2, bar.get_height()] for bar in ax.patches if isinstance(bar, Rectangle)]
    images = [np.asarray(_floats(image.get_array())) for image in ax.images]
    found = {"number of curves": np.array(len(curves)), "number of point clouds": np.array(len(clouds))}
    for what, parts in (("curve", curves), ("point cloud", clouds), ("image", images)):
        found |= {f"{what} {i + 1}": part for i, part in enumerate(sorted(parts, key=_sums))}
    if bars:
        found["bars (middle, height)"] = np.array(sorted(bars), dtype=float)
    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        found[f"{name} axis is named"] = np.array(bool(axis.get_label_text().strip()))
        found[f"{name} axis is logarithmic"] = np.array(axis.get_scale() in ("log", "symlog"))
    return found


def _floats(data):
    return np.ma.filled(np.ma.asarray(data).astype(float), np.nan)


def _sums(part):
    """A place in a row that does not hang on last digits."""
    return tuple(np.round(np.nansum(np.atleast_2d(part), axis=0), 6).tolist())


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


def _not_one_pair(found):
    """`found`, unless it is one pair in place of all: `_items` would take it for two batches."""
    pair = found if isinstance(found, tuple) and len(found) == 2 else ()
    if pair and all(isinstance(part, np.ndarray) for part in pair) and [part.ndim for part in pair] == [2, 1]:
        raise Unusable(
            "Your function returned one pair of arrays, so one batch; all batches are expected. "
            "Where does `return` stand?"
        )
    if pair and all(isinstance(part, list) for part in pair):
        raise Unusable("Your function returned two lists; one list of pairs (rows of x, rows of y) is expected.")
    return found


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
        "order is mixed": np.array(n > 3 and not np.array_equal(first, np.sort(first))),
        "order is new in epoch 2": np.array(n > 3 and not np.array_equal(first, second)),
        "each batch draws from all rows": np.array(not all(map(_stays_together, epochs))),
        "batch sizes": np.array([len(b) for b in epochs[0]], np.int64),
        "times each row is used in epoch 1": np.bincount(first, minlength=n),
        "times each row is used in epoch 2": np.bincount(second, minlength=n),
    }


def _stays_together(epoch):
    """Does every batch hold neighbours alone? Only told where a true shuffle gives that less than once in 300 times."""
    sizes = [len(batch) for batch in epoch]
    ways = lgamma(sum(sizes) + 1) - sum(lgamma(size + 1) for size in sizes) - lgamma(len(sizes) + 1)
    return ways > log(300) and all(
        size == 0 or np.ptp(batch) == size - 1 for size, batch in zip(sizes, epoch, strict=True)
    )
