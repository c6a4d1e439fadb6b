"""The difference between two results in words: shape and type first, then not-a-number, then patterns in the values.

`same` decides; `difference` describes. A pattern (a sign, a factor, a transpose, …) is told only if it holds on every
case at once; a factor or an offset that varies is looked for among the sizes and numbers of each case's arguments.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from classroom.tasks.arrays import is_open
from classroom.tasks.patterns import pattern

# Relative and smallest absolute difference that still counts as equal, by the bytes of the coarsest float involved.
TOLERANCES = {2: (1e-2, 1e-3), 4: (1e-4, 1e-7), 8: (1e-6, 1e-12)}


@dataclass
class Pair:
    """What one case gave (`got`) and should give (`want`), as arrays by name; with the case's arguments by name."""

    got: dict[str, np.ndarray]
    want: dict[str, np.ndarray]
    arguments: dict[str, object] = field(default_factory=dict)
    tolerance: float | None = None
    margin: float = 1.0  # times the tolerance, for who wants a clear difference

    def close(self, got: np.ndarray, want: np.ndarray) -> bool:
        """Equal shapes, fitting types, and values within the tolerance (not-a-number equals itself)."""
        if got.shape != want.shape or not _fits(got.dtype, want.dtype) or is_open(got) != is_open(want):
            return False
        if not np.issubdtype(want.dtype, np.floating) and not np.issubdtype(got.dtype, np.floating):
            return bool(np.array_equal(got, want))
        relative, least = self._tolerances(got, want)
        finite = np.abs(want[np.isfinite(want)])
        absolute = max(least, relative * 0.1 * float(finite.max(initial=0.0)))
        with np.errstate(all="ignore"):
            return bool(np.allclose(got, want, rtol=relative, atol=absolute, equal_nan=True))

    def _tolerances(self, got, want):
        floats = [a.dtype for a in (got, want, *self.arguments.values()) if getattr(a, "dtype", None) is not None]
        sizes = [dtype.itemsize for dtype in floats if dtype.kind == "f" and dtype.itemsize in TOLERANCES]
        relative, least = TOLERANCES[min(sizes, default=8)]
        return self.margin * (self.tolerance or relative), self.margin * least


def same(pair: Pair) -> bool:
    """Is every value of `got` what it should be?"""
    got = in_form_of(pair.got, pair.want)
    return set(got) == set(pair.want) and all(pair.close(got[key], pair.want[key]) for key in pair.want)


def difference(pairs: list[Pair], shown: int) -> str:
    """One or two sentences on how the results differ in case `shown`; patterns must hold in all `pairs`.

    Of several values that differ, a shape is told first, then a type, then what is not finite, then a pattern.
    """
    pairs = [replace(p, got=in_form_of(p.got, p.want)) for p in pairs]
    pair = pairs[shown]
    missing, extra = [k for k in pair.want if k not in pair.got], [k for k in pair.got if k not in pair.want]
    if missing or extra:
        return _other_form(pair, missing, extra)
    key = worst(pair)
    who, both, got, want = _who(key), _of(key, pairs), pair.got[key], pair.want[key]
    for words in (_shape, _dtype, _not_finite):
        if found := words(who, pair, both, got, want):
            return found
    given_back = {argument_given_back(p, key) for p in pairs}
    if len(given_back) == 1 and (name := given_back.pop()):
        return f"{who} is the argument `{name}` as it came."
    both = [(p, _number(g), _number(w)) for p, g, w in both if g.shape == w.shape and np.all(np.isfinite(g))]
    found = pattern(who, both) if want.dtype.kind != "b" else ""
    return found or _where(who, pair, both, got, want)


def worst(pair: Pair) -> str:
    """The value to speak of: of those that differ, the first in shape, else in type, else not finite, else any."""

    def rank(key):
        got, want = pair.got[key], pair.want[key]
        alike = (got.shape == want.shape, _fits(got.dtype, want.dtype), got.dtype.kind != "f" or np.isfinite(got).all())
        return [bool(form) for form in alike]

    return min((k for k in pair.want if not pair.close(pair.got[k], pair.want[k])), key=rank)


def argument_given_back(pair: Pair, key: str) -> str:
    """The name of the argument that value `key` of `got` equals; "" if it equals none."""
    got = pair.got.get(key, np.zeros(0))
    arrays = {name: value for name, value in pair.arguments.items() if isinstance(value, np.ndarray)}
    fits = (name for name, value in arrays.items() if value.ndim and value.size and pair.close(got, value))
    return next(fits, "")


def _who(key):
    return {"": "Your result", "returned": "What your function returned"}.get(key, f"Your `{key}`")


def _of(key, pairs):
    """The value `key` in all cases that have it: pairs, got, expected."""
    return [(p, p.got[key], p.want[key]) for p in pairs if key in p.got and key in p.want]


def in_form_of(got, want):
    """A list of equal-shaped arrays and one stacked array count as the same."""
    if set(got) == set(want) or not want:
        return got
    values = list(got.values())
    stackable = set(want) == {""} and all(k.startswith("value ") for k in got) and len({v.shape for v in values}) == 1
    if stackable and (len(values), *values[0].shape) == want[""].shape:
        return {"": np.stack(values)}
    if set(got) == {""} and all(key.startswith("value ") for key in want):
        parts = list(got[""]) if got[""].ndim else []
        if [np.shape(part) for part in parts] == [value.shape for value in want.values()]:
            return dict(zip(want, parts, strict=True))
    return got


def _fits(got, want):
    """Whole numbers may stand for floats; otherwise floats, whole numbers and truth values are different answers."""
    group = {"b": "truth values", "i": "whole numbers", "u": "whole numbers", "f": "numbers"}
    return group[got.kind] == group[want.kind] or (want.kind == "f" and got.kind in "iu")


def _number(array):
    return array.astype(float)


# --- form -------------------------------------------------------------------------------------------------------


def _other_form(pair, missing, extra):
    if set(pair.want) == {""}:
        several = all(key.startswith("value ") for key in pair.got)
        if several and pair.want[""].shape == (len(pair.got),) and all(v.size == 1 for v in pair.got.values()):
            of_one = "an array of one entry is not a plain number; `.item()` takes the number out"
            return f"Your function returned {len(pair.got)} values, as expected, but {of_one}."
        what = f"{len(pair.got)} values" if several else f"a dict with the keys {_names(pair.got)}"
        return f"Your function returned {what}; one value is expected."
    if set(pair.got) == {""}:
        return f"Your function returned one value; {len(pair.want)} are expected: {_names(pair.want)}."
    if list(missing) == ["returned"] and not extra:
        what = "a number" if pair.want["returned"].ndim == 0 else f"{pair.want['returned'].size} numbers"
        return f"Your function returned None; {what} should come back."
    parts = [f"missing: {_names(missing)}"] * bool(missing) + [f"not expected: {_names(extra)}"] * bool(extra)
    return f"The parts of your result are not the expected ones; {'; '.join(parts)}."


def _names(keys):
    return ", ".join(f"`{key}`" for key in keys)


def _shape(who, pair, both, got, want):
    if got.shape == want.shape:
        return ""
    shapes = f"{who} has the shape {got.shape}; expected is {want.shape}."
    if all(g.ndim == 2 and g.T.shape == w.shape and p.close(g.T, w) for p, g, w in both):
        return f"{who} is the expected one transposed: its shape is {got.shape}, expected is {want.shape}."
    if want.size > 1 and all(g.size == w.size and p.close(g.reshape(w.shape), w) for p, g, w in both):
        return f"{shapes} The numbers are right; only their arrangement in axes is not."
    if want.ndim == 1 and got.shape == want.shape * 2:
        return f"{shapes} Such a square comes when a shape ({len(want)},) meets a ({len(want)}, 1) and both grow."
    if got.ndim == 0 and want.size == 1:
        return f"{who} is one number; an array with one entry, of the shape {want.shape}, is expected."
    if got.size == 1 and want.size > 1:
        what = "has one entry" if got.ndim else "is one number"
        return f"{who} {what}; {want.size} are expected, in the shape {want.shape}."
    if lost := _lost_at_an_end(both):
        return f"{shapes} {lost}"
    if got.ndim == want.ndim == 1:
        return f"{who} has {len(got)} entries; {len(want)} are expected."
    if got.ndim == want.ndim and got.ndim:
        axis = next(i for i in range(got.ndim) if got.shape[i] != want.shape[i])
        by = got.shape[axis] - want.shape[axis]
        if abs(by) == 1:
            return f"{shapes} Axis {axis} is one too {'long' if by > 0 else 'short'}."
    return shapes


def _lost_at_an_end(both):
    """Is one entry (or row) lost at an end, in every case?"""
    if all(g.ndim == w.ndim >= 1 and len(g) == len(w) - 1 > 0 for _, g, w in both):
        what = "entry" if all(w.ndim == 1 for *_, w in both) else "row"
        for end, rest in (("last", slice(None, -1)), ("first", slice(1, None))):
            if all(p.close(g, w[rest]) for p, g, w in both):
                return f"The {end} {what} is missing; the others are right."
    return ""


def _dtype(who, pair, both, got, want):
    if _fits(got.dtype, want.dtype):
        return ""
    kinds = {"b": "truth values (True, False)", "i": "whole numbers", "u": "whole numbers", "f": "floats"}
    equal = " The values themselves are right." if np.array_equal(_number(got), _number(want)) else ""
    return f"{who} holds {kinds[got.dtype.kind]} ({got.dtype}); expected are {kinds[want.dtype.kind]}.{equal}"


def _not_finite(who, pair, both, got, want):
    if got.dtype.kind != "f":
        return ""
    new_nan = int(np.sum(np.isnan(got) & ~np.isnan(want)))
    new_inf = int(np.sum(np.isinf(got) & ~np.isinf(want)))
    if new_nan:
        which = (
            "is nan (not a number)" if got.size == 1 else f"holds nan (not a number) in {new_nan} of {got.size} places"
        )
        return f"{who} {which}. That comes from 0/0, inf − inf, inf/inf, or the logarithm of a negative number."
    if new_inf:
        which = "is infinite" if got.size == 1 else f"is infinite in {new_inf} of {got.size} places"
        return f"{who} {which}. That comes from a division by 0, log(0), or exp of a large number."
    return ""


# --- values ---------------------------------------------------------------------------------------------------------


def _where(who, pair, both, got, want):
    """No pattern holds: how many values differ in the shown case, where, and to which side."""
    fits = np.array([pair.close(g, w) for g, w in zip(got.ravel(), want.ravel(), strict=True)]).reshape(want.shape)
    wrong = np.argwhere(~fits)
    if want.dtype.kind == "b" and want.size == 1:
        return f"{who} is {bool(got.flat[0])}; {bool(want.flat[0])} is expected."
    gaps = (_number(got) - _number(want))[~fits]
    side = " too large" if np.all(gaps > 0) else " too small" if np.all(gaps < 0) else ""
    if want.size == 1:
        return _where_of_one_number(who, both, side)
    if len(wrong) == want.size:
        return (
            f"{who} is{side} in every place."
            if side
            else f"{who} differs in every place, here too large and there too small."
        )
    if want.ndim == 2:
        for axis, word in ((1, "row"), (0, "column")):
            lines = np.flatnonzero(~fits.all(axis=axis))
            whole = not np.moveaxis(fits, 1 - axis, 0)[lines].any()
            if whole and len(lines) <= 3:
                return f"{who} differs in {word}{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}, counted from 0."
    place = ", ".join(map(str, wrong[0]))
    where = f"the first is [{place}]" if len(wrong) > 1 else f"it is [{place}]"
    return f"{who} differs in {len(wrong)} of {want.size} places; {where}."


def _where_of_one_number(who, both, side):
    sides = [bool(g.sum() > w.sum()) for p, g, w in both if not p.close(g, w)]
    if len(set(sides)) == 2:
        return f"{who} is{side} in this case, and differs to the other side in another."
    return f"{who} is{side} wherever it does not fit." if len(sides) > 1 else f"{who} is{side}."
