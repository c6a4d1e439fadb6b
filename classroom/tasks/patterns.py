"""Patterns in the values of wrong results: a sign, a factor, an offset, a transpose, places exchanged.

Each pattern holds on all cases, or says nothing. A factor or an offset that varies is looked for among the sizes and
numbers of each case's arguments.
"""

from collections.abc import Callable

import numpy as np


def pattern(who: str, both: list[tuple]) -> str:
    """The first pattern that all of `both` show, triples of a Pair and its got and expected floats; else ""."""
    return next((found for words in PATTERNS if (found := words(who, both))), "")


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
            return f"{who} is {_compared(form, named[1], told)}{sign}, where n is {named[0]}."
    constant = told[0][1]
    if not all(np.isclose(r, constant, rtol=1e-4) for _, r in told):
        if all(want.size == 1 for *_, want in both):
            return ""  # any number is any other one times some factor
        return f"{who} is the expected one times a factor{sign}; that factor is not the same in every case."
    known = next((f", which is {text}" for text, c in KNOWN.items() if np.isclose(constant, c, rtol=1e-4)), "")
    if not known and constant < 1 and np.isclose(1 / constant, round(1 / constant), rtol=1e-4):
        return f"{who} is {round(1 / constant)} times too small in every case{sign}."
    return f"{who} is {constant:.3g} times as large as expected in every case{known}{sign}."


def _compared(form, inverse, told):
    """With n above 1 so many times too large or small; a factor below 1 makes smaller what it multiplies."""
    if all(r <= 1 if inverse else r >= 1 for _, r in told):
        return f"{form} times too {'small' if inverse else 'large'}"
    return f"what is expected divided by {form}" if inverse else f"{form} times what is expected"


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
    if not _enough(both) or any(got.ndim == 0 for _, got, _ in both):
        return ""
    for axis in range(min(got.ndim for _, got, _ in both)):
        moved = [(p, np.moveaxis(got, axis, 0), np.moveaxis(want, axis, 0)) for p, got, want in both]
        if min(len(got) for _, got, _ in moved) < 3:
            continue  # of two entries one would decide
        along = f" along axis {axis}" if axis else ""
        if all(p.close(got[:-1], want[1:]) for p, got, want in moved):
            return f"{who} is shifted by one place{along}: each entry stands one place too early."
        if all(p.close(got[1:], want[:-1]) for p, got, want in moved):
            return f"{who} is shifted by one place{along}: each entry stands one place too late."
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
