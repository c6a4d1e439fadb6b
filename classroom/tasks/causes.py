"""Which misconceptions explain a learner's outputs: the same on every case, or the same apart from one simple change.

A change is a sign, one constant factor, or a transpose. It is looked for only if no misconception explains the outputs
as they are, and if the outputs are not the right ones changed in the same way: then that is said, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from classroom.tasks import compare
from classroom.tasks.cases import Outcome, TaskCases, argument_names
from classroom.tasks.kinds import entries, marking

ENOUGH = 3  # different values other than 0; with fewer, a factor that fits is luck


@dataclass(frozen=True)
class Cause:
    """Misconception number `number` explains the outputs; `apart` says what it leaves unexplained ("": nothing)."""

    number: int
    apart: str = ""


def fits(task: TaskCases, outcomes: list[Outcome]) -> list[bool]:
    """For each case: does the outcome equal the right one? Cases that were never run do not fit.

    A task that a rule marks is marked as a whole: all its cases fit, or none.
    """
    if task.marking:
        return [marking.mark(task, outcomes).passed] * len(task.arguments)
    good = [equal(task, i, got, task.right[i]) for i, got in enumerate(outcomes)]
    return good + [False] * (len(task.arguments) - len(good))


def causes(task: TaskCases, outcomes: list[Outcome]) -> list[Cause]:
    """All misconceptions that explain these outcomes, one for each case; none if a case was never run."""
    if len(outcomes) < len(task.arguments) or all(o.values is None for o in outcomes):
        return []
    exact = [Cause(i) for i, wrong in enumerate(task.wrong) if _all_equal(task, outcomes, wrong.outcomes)]
    if not exact and task.probe == "labels":
        return [Cause(i) for i in entries.explaining(task, outcomes)]
    if exact or task.probe == "order" or task.marking or any(o.error for o in outcomes):
        return exact
    if _change(task, outcomes, task.right) or _is_an_argument(task, outcomes):
        return []
    found = [Cause(i, _change(task, outcomes, wrong.outcomes)) for i, wrong in enumerate(task.wrong)]
    return [cause for cause in found if cause.apart]


def equal(task: TaskCases, at: int, got: Outcome, want: Outcome) -> bool:
    """Do two outcomes of case `at` agree, in their values or in their error?"""
    if got.error or want.error:
        return got.error == want.error
    return compare.same(as_pair(task, at, got.values, want.values))


def as_pair(task: TaskCases, at: int, got: dict, want: dict) -> compare.Pair:
    """Two results of case `at`, with what comparing them needs to know about the case."""
    names = argument_names(task, task.arguments[at])
    return compare.Pair(got, want, dict(zip(names, task.arguments[at], strict=True)), task.tolerance)


def _all_equal(task, outcomes, others):
    return all(equal(task, i, a, b) for i, (a, b) in enumerate(zip(outcomes, others, strict=True)))


def _is_an_argument(task, outcomes):
    """Is some value an argument as it came? Many a misconception on simple inputs is a multiple of that."""
    names = {key for o in outcomes for key in o.values}
    return any(
        all(compare.argument_given_back(as_pair(task, i, o.values, o.values), key) for i, o in enumerate(outcomes))
        for key in names
    )


# --- the same apart from one change -----------------------------------------------------------------------------


def _change(task, outcomes, others) -> str:
    """The change that turns `others` into `outcomes` in every value that differs, on all cases; "" if there is none.

    Nor is there one if it only takes back what is wrong in `others`, and gives right values.
    """
    told, keys = [], set()
    for i, (got, want) in enumerate(zip(outcomes, others, strict=True)):
        if want.error or set(got.values) != set(want.values):
            return ""
        pair = as_pair(task, i, got.values, want.values)
        keys |= {k for k in pair.want if not pair.close(pair.got[k], pair.want[k])}
        told.append(pair)
        if keys and i == 0 and not _way([(pair, pair.got[k], pair.want[k]) for k in keys]):
            return ""  # most misconceptions are done with at the first case
    rights = [(p, k, right.values) for p, right in zip(told, task.right, strict=True) for k in keys]
    if all(k in values and p.close(p.got[k], values[k]) for p, k, values in rights):
        return ""
    told = [(p, p.got[k], p.want[k]) for p in told for k in p.want if k in keys]
    found = _way(told) if told else ""
    return found if found and _tells_something(told) else ""


def _way(told) -> str:
    """The change that turns expected into got, in all of `told`; "" if there is none."""
    if any(not _is_float(array) for _, *both in told for array in both):
        return ""
    ways: dict[str, Callable] = {"from its sign": np.negative, "from being transposed": np.transpose}
    for words, way in ways.items():
        if all(p.close(got, way(want)) for p, got, want in told):
            return words
    return _factor(told)


def _factor(told):
    """The words for the one constant c with got = c · want; "" if there is none."""
    if any(got.shape != want.shape for _, got, want in told):
        return ""
    got, want = max((both for _, *both in told), key=lambda both: np.abs(both[1]).max(initial=0))
    if not np.any(want):
        return ""
    at = np.unravel_index(np.argmax(np.abs(want)), want.shape)
    ratio = float(got[at] / want[at])
    if abs(ratio) < 1e-9 or not all(p.close(got, ratio * want) for p, got, want in told):
        return ""
    sign = " and its sign" if ratio < 0 else ""
    size = abs(ratio)
    return f"from a factor of {size:.3g}{sign}" if size >= 1 else f"from a factor of 1/{1 / size:.3g}{sign}"


def _is_float(array):
    return array.dtype.kind == "f" and bool(np.all(np.isfinite(array)))


def _tells_something(told):
    values = np.concatenate([np.ravel(want) for *_, want in told]) if told else np.zeros(0)
    return len(np.unique(np.round(values[values != 0], 9))) >= ENOUGH
