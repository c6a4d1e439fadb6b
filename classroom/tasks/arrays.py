"""What a learner's code gives back, as arrays: numbers, tensors, tuples and dicts of them, short strings as codes.

What cannot be compared raises `Unusable` with a sentence for the learner.
"""

import inspect
import re
import zlib

import numpy as np

OPEN = ("", "?", "…", "...")  # what a learner has not filled in yet
OPEN_CODE = np.int8(0)  # of a type that no number has, so that it is told from an entry 0


class Unusable(Exception):
    """What came back cannot be compared; the text says why and what is expected."""


class Remark(UserWarning):
    """What a learner should know about an answer that counts all the same; a probe warns of it."""


def code(text: str | None) -> np.signedinteger:
    """A short string as a number that does not show it; what is not filled in yet is 0."""
    plain = normal(text or "")
    return OPEN_CODE if plain in OPEN else np.int64(zlib.crc32(plain.encode()))


def is_open(value: np.ndarray) -> bool:
    """Is this the code of an entry that is not filled in yet?"""
    return value.dtype == OPEN_CODE.dtype and value.size == 1 and not value.any()


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


def holds_tensors(value) -> bool:
    """Is `value` a tensor of nnlib or PyTorch, or a list of them?"""
    parts = value if isinstance(value, (list, tuple)) else [value]
    return any(part is not _plain(part) for part in parts)


def as_array(value, name: str = "") -> np.ndarray:
    """`value` as an array of numbers; what is not one raises `Unusable`."""
    where = f"`{name}` is" if name else "Your function returned"
    if value is None or not isinstance(value, (np.ndarray, np.generic, bool, int, float, list, tuple)):
        raise Unusable(f"{where} {kind_of(value)}; numbers or an array of numbers are expected.")
    try:
        array = np.array([_plain(v) for v in value] if isinstance(value, (list, tuple)) else value)
    except ValueError:
        several = "If these are several results, make an array of each: np.array(…)."
        raise Unusable(f"{where} rows of different lengths, which do not form an array. {several}") from None
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
