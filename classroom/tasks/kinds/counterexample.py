"""Find the counterexample: the learner's function returns an input, and the claim is run on it."""

import warnings
from copy import deepcopy

import numpy as np

from classroom.tasks.arrays import Unusable
from classroom.tasks.kinds.marking import Mark, Sheet, rule

MOST = 10_000  # numbers in an input


@rule
def counterexample(sheet: Sheet, claim) -> Mark:
    """The share of cases on which `claim(*arguments of the case, *what the answer returned)` is false.

    `claim` names a function of a given cell. It returns True where the claim holds, and raises a ValueError with a
    sentence for an input of which it does not speak.
    """
    fails = [_fails(sheet.functions[claim], case, a) for case, a in zip(sheet.arguments, sheet.answers, strict=True)]
    passed = all(fails)
    if passed:
        return Mark(
            1.0, True, "The claim fails on your input." if len(fails) == 1 else "The claim fails on all of them."
        )
    said = "The claim holds on your input. What would have to be true of an input for it to break?"
    return Mark(float(np.mean(fails)), False, f"{sum(fails)} of {len(fails)} inputs break the claim.", said)


def _fails(claim, arguments, answer):
    values = list(answer.values())
    if any(v.size > MOST for v in values):
        raise Unusable(f"Your input holds more than {MOST} numbers; a small one is easier to see.")
    if any(v.dtype.kind == "f" and not np.all(np.isfinite(v)) for v in values):
        raise Unusable("Your input holds numbers that are not finite; the claim speaks of finite ones.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            held = claim(*deepcopy(arguments), *[v.item() if v.ndim == 0 else v.copy() for v in values])
    except ValueError as problem:
        raise Unusable(f"The claim does not speak of this input: {problem}") from None
    except Exception as problem:
        raise Unusable(f"The claim cannot be computed on this input: {type(problem).__name__}: {problem}.") from None
    return not bool(held)
