"""The difference between two results in words: shape and type first, then not-a-number, then patterns in the values.

`same` decides; `difference` describes. A pattern (a sign, a factor, a transpose, …) is told only if it holds on every
case at once; a factor or an offset that varies is looked for among the sizes and numbers of each case's arguments.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

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
        if got.shape != want.shape or not _fits(got.dtype, want.dtype):
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
    got = _in_form_of(pair.got, pair.want)
    return set(got) == set(pair.want) and all(pair.close(got[key], pair.want[key]) for key in pair.want)


def difference(pairs: list[Pair], shown: int) -> str:
    """One or two sentences on how the results differ in case `shown`; patterns must hold in all `pairs`."""
    pairs = [Pair(_in_form_of(p.got, p.want), p.want, p.arguments, p.tolerance) for p in pairs]
    pair = pairs[shown]
    missing, extra = [k for k in pair.want if k not in pair.got], [k for k in pair.got if k not in pair.want]
    if missing or extra:
        return _other_form(pair, missing, extra)
    key = next(k for k in pair.want if not pair.close(pair.got[k], pair.want[k]))
    who = {"": "Your result", "returned": "What your function returned"}.get(key, f"Your `{key}`")
    got, want = pair.got[key], pair.want[key]
    for words in (_shape, _dtype, _not_finite):
        if found := words(who, pair, got, want):
            return found
    both = [(p, p.got[key], p.want[key]) for p in pairs if key in p.got and key in p.want]
    both = [(p, _number(g), _number(w)) for p, g, w in both if g.shape == w.shape and np.all(np.isfinite(g))]
    for pattern in PATTERNS if want.dtype.kind != "b" else ():
        if found := pattern(who, both):
            return found
    return _where(who, pair, got, want)


def _in_form_of(got, want):
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
        what = f"{len(pair.got)} values" if several else f"a dict with the keys {_names(pair.got)}"
        return f"Your function returned {what}; one value is expected."
    if set(pair.got) == {""}:
        return f"Your function returned one value; {len(pair.want)} are expected: {_names(pair.want)}."
    parts = [f"missing: {_names(missing)}"] * bool(missing) + [f"not expected: {_names(extra)}"] * bool(extra)
    return f"The parts of your result are not the expected ones; {'; '.join(parts)}."


def _names(keys):
    return ", ".join(f"`{key}`" for key in keys)


def _shape(who, pair, got, want):
    if got.shape == want.shape:
        return ""
    shapes = f"{who} has the shape {got.shape}; expected is {want.shape}."
    if got.ndim == 2 and got.T.shape == want.shape and pair.close(got.T, want):
        return f"{who} is the expected one transposed: its shape is {got.shape}, expected is {want.shape}."
    if got.size == want.size and pair.close(got.reshape(want.shape), want):
        return f"{shapes} The numbers are right; only their arrangement in axes is not."
    if want.ndim == 1 and got.shape == want.shape * 2:
        return f"{shapes} Such a square comes when a shape ({len(want)},) meets a ({len(want)}, 1) and both grow."
    if got.size == 1 and want.size > 1:
        return f"{who} is one number; {want.size} are expected, in the shape {want.shape}."
    if got.ndim == want.ndim == 1:
        return f"{who} has {len(got)} entries; {len(want)} are expected."
    if got.ndim == want.ndim and got.ndim:
        axis = next(i for i in range(got.ndim) if got.shape[i] != want.shape[i])
        by = got.shape[axis] - want.shape[axis]
        if abs(by) == 1:
            return f"{shapes} Axis {axis} is one too {'long' if by > 0 else 'short'}."
    return shapes


def _dtype(who, pair, got, want):
    if _fits(got.dtype, want.dtype):
        return ""
    kinds = {"b": "truth values (True, False)", "i": "whole numbers", "u": "whole numbers", "f": "floats"}
    equal = " The values themselves are right." if np.array_equal(_number(got), _number(want)) else ""
    return f"{who} holds {kinds[got.dtype.kind]} ({got.dtype}); expected are {kinds[want.dtype.kind]}.{equal}"


def _not_finite(who, pair, got, want):
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


# --- patterns in the values: each holds on all cases, or says nothing --------------------------------------------


def _unchanging(who, both):
    if not _enough(both):
        return ""
    if not any(np.any(got) for _, got, _ in both):
        return f"{who} is 0 in every place and case."
    if len(both) > 2 and len({got.tobytes() for _, got, _ in both}) == 1 and len({w.tobytes() for *_, w in both}) > 1:
        return f"{who} is the same in all {len(both)} cases, whatever the arguments are."
    return ""


def _nearly(who, both):
    gaps = [np.abs(got - want).max(initial=0) / max(np.abs(want).max(initial=0), 1e-30) for _, got, want in both]
    if _enough(both) and max(gaps) < 1e-3:
        return f"{who} is nearly right. Look for a rounding, or for a small constant in another place."
    return ""


def _turned_sign(who, both):
    if _enough(both) and all(p.close(-got, want) for p, got, want in both):
        return f"{who} has the right size and the opposite sign."
    return ""


def _factor(who, both):
    if not _enough(both):
        return ""
    ratios = [_ratio(p, got, want) for p, got, want in both]
    if any(r is None for r in ratios):
        return ""
    told = [(p, r) for (p, _, want), r in zip(both, ratios, strict=True) if np.any(want)]
    turned = all(r < 0 for _, r in told)
    sign = ", with the opposite sign" if turned else ""
    told = [(p, abs(r) if turned else r) for p, r in told]
    for form, way in FORMS.items():
        if named := _quantity(told, way):
            name, inverse = named
            return f"{who} is {form} times too {'small' if inverse else 'large'}{sign}, where n is {name}."
    constant = told[0][1]
    if not all(np.isclose(r, constant, rtol=1e-4) for _, r in told):
        if all(want.size == 1 for *_, want in both):
            return ""  # any number is any other one times some factor
        return f"{who} is the expected one times a factor{sign}; that factor is not the same in every case."
    known = next((f", which is {text}" for text, c in KNOWN.items() if np.isclose(constant, c, rtol=1e-4)), "")
    if not known and constant < 1 and np.isclose(1 / constant, round(1 / constant), rtol=1e-4):
        return f"{who} is {round(1 / constant)} times too small in every case{sign}."
    return f"{who} is {constant:.3g} times as large as expected in every case{known}{sign}."


# What a forgotten or doubled size does to a result, as a function of that size n.
FORMS: dict[str, Callable] = {
    "n": lambda n: n,
    "√n": np.sqrt,
    "n²": np.square,
    "n − 1": lambda n: n - 1,
    "n / (n − 1)": lambda n: n / np.maximum(n - 1, 1e-9),
    "√(n / (n − 1))": lambda n: np.sqrt(np.abs(n / np.where(n == 1, 1e-9, n - 1))),
}
KNOWN = {"ln 2": np.log(2), "1 / ln 2": 1 / np.log(2), "ln 10": np.log(10), "1 / ln 10": 1 / np.log(10)}


def _ratio(pair, got, want):
    """The one number c with got = c · want, or None; 1 where nothing can be told."""
    at = np.unravel_index(np.argmax(np.abs(want)), want.shape) if want.size else ()
    if want.size == 0 or want[at] == 0:
        return 1.0 if pair.close(got, want) else None
    ratio = float(got[at] / want[at])
    return ratio if ratio != 0 and pair.close(got, ratio * want) else None


def _factor_of_each_line(who, both):
    """Each row (or column) has the right proportions and a size of its own."""
    if not _enough(both) or any(want.ndim != 2 for *_, want in both):
        return ""
    for axis, word in ((1, "row"), (0, "column")):
        lines = [(p, g, w) for p, got, want in both for g, w in zip(*_lines(got, want, axis), strict=True)]
        if min(want.shape[axis] for *_, want in both) > 1 and all(_ratio(*line) is not None for line in lines):
            return f"Within each {word} the proportions are right; its size is not, by a factor that varies."
    return ""


def _lines(got, want, axis):
    return (got, want) if axis == 1 else (got.T, want.T)


def _offset(who, both):
    if not _enough(both):
        return ""
    gaps = [(p, float((got - want).flat[0])) for p, got, want in both if got.size]
    if not all(p.close(got, want + gap) for (p, got, want), (_, gap) in zip(both, gaps, strict=False)):
        return ""
    for way, sign in (("large", 1), ("small", -1)):
        if named := _quantity([(p, sign * gap) for p, gap in gaps], lambda n: n, inverses=False):
            return f"{who} is too {way} by {named[0]}."
    constant = gaps[0][1]
    if all(np.isclose(gap, constant, rtol=1e-4) for _, gap in gaps):
        return f"{who} is {abs(constant):.4g} too {'large' if constant > 0 else 'small'} in every place and case."
    return ""


def _off_by_one(who, both):
    if not _enough(both) or any(got.ndim == 0 or len(got) < 2 for _, got, _ in both):
        return ""
    if all(p.close(got[:-1], want[1:]) for p, got, want in both):
        return f"{who} is shifted by one place: each entry stands one place too early."
    if all(p.close(got[1:], want[:-1]) for p, got, want in both):
        return f"{who} is shifted by one place: each entry stands one place too late."
    return ""


def _transposed(who, both):
    if all(got.ndim == 2 and p.close(got.T, want) for p, got, want in both) and _enough(both):
        return f"{who} is the expected one transposed: rows and columns are exchanged."
    return ""


def _permuted(who, both):
    if not _enough(both) or any(got.ndim == 0 for _, got, _ in both):
        return ""
    for axis in range(min(got.ndim for _, got, _ in both)):
        if all(p.close(np.flip(got, axis), want) for p, got, want in both):
            return f"{who} holds the right numbers in reverse order" + (f" along axis {axis}." if axis else ".")
    if all(p.close(np.sort(got, axis=None), np.sort(want, axis=None)) for p, got, want in both):
        return f"{who} holds the right numbers in other places."
    return ""


def _transformed(who, both):
    ways: dict[str, Callable] = {
        "1 minus what is expected": lambda w: 1 - w,
        "the square of what is expected": lambda w: w**2,
        "the square root of what is expected": lambda w: np.sqrt(np.abs(w)),
        "1 divided by what is expected": lambda w: 1 / w,
        "what is expected without its sign": np.abs,
        "the logarithm of what is expected": np.log,
        "e to the power of what is expected": np.exp,
        "what is expected, rounded to whole numbers": np.rint,
        "what is expected, rounded down": np.floor,
    }
    if not _enough(both):
        return ""
    with np.errstate(all="ignore"):
        for words, way in ways.items():
            if all(p.close(got, np.asarray(way(want))) for p, got, want in both):
                return f"{who} is {words}."
    return ""


PATTERNS = (
    _unchanging, _nearly, _turned_sign, _factor, _offset, _transposed, _transformed, _off_by_one, _permuted,
    _factor_of_each_line,
)  # fmt: skip


def _enough(both):
    """Three values that tell something; with fewer, a pattern is luck."""
    return sum(int(np.count_nonzero(want)) for _, _, want in both) >= 3


def _quantity(told, way, inverses=True):
    """The size or number n among the arguments for which way(n) is each case's value: its name, and whether inversely.

    It must take at least two values over the cases: else the match is luck.
    """
    found = np.array([value for _, value in told])
    for name, (_, words) in _sizes(told[0][0].arguments).items() if told else ():
        sizes = [_sizes(p.arguments).get(name) for p, _ in told]
        if any(size is None for size in sizes):
            continue
        with np.errstate(all="ignore"):
            values = np.asarray(way(np.array([size for size, _ in sizes])))
        if len(set(values.round(9))) < 2 or not np.all(np.isfinite(values)):
            continue
        if np.allclose(found, values, rtol=1e-4, atol=1e-9):
            return words, False
        if inverses and np.all(values) and np.allclose(found, 1 / values, rtol=1e-4):
            return words, True
    return None


def _sizes(arguments):
    """The sizes and plain numbers of a case: by a key, the value and its words."""
    found = {}
    for name, value in arguments.items():
        if isinstance(value, np.ndarray):
            words = ["the length of"] if value.ndim == 1 else ["the number of rows of", "the number of columns of"]
            for axis, size in enumerate(value.shape):
                word = words[axis] if axis < len(words) and value.ndim <= 2 else f"the size of axis {axis} of"
                found[f"{name} {axis}"] = (float(size), f"{word} `{name}`")
            if value.ndim > 1:
                found[f"{name} all"] = (float(value.size), f"the number of entries of `{name}`")
        elif isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
            found[name] = (float(value), f"`{name}`")
        elif isinstance(value, (list, tuple)):
            found[f"{name} 0"] = (float(len(value)), f"the length of `{name}`")
    return found


def _where(who, pair, got, want):
    """No pattern holds: how many values differ in the shown case, where, and to which side."""
    fits = np.array([pair.close(g, w) for g, w in zip(got.ravel(), want.ravel(), strict=True)]).reshape(want.shape)
    wrong = np.argwhere(~fits)
    if want.dtype.kind == "b" and want.size == 1:
        return f"{who} is {bool(got.flat[0])}; {bool(want.flat[0])} is expected."
    gaps = (_number(got) - _number(want))[~fits]
    side = " too large" if np.all(gaps > 0) else " too small" if np.all(gaps < 0) else ""
    if want.size == 1:
        return f"{who} is{side}, by no factor or amount that is the same in every case."
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
