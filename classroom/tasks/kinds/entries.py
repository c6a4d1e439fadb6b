"""Answers that are data, entry by entry: which misconceptions explain the entries that do not fit.

A misconception is a dict with some entries changed. Several may explain an answer between them: so a learner who mixes
up two pairs of words hears of both. If a filled entry stays unexplained, none is named: it would be a guess.
"""

from classroom.tasks import arrays, compare
from classroom.tasks.cases import Outcome, TaskCases


def explaining(task: TaskCases, outcomes: list[Outcome]) -> list[int]:
    """The numbers of the misconceptions that explain every filled entry that does not fit; [] if one is left over."""
    wrong = {(i, key) for i, o in enumerate(outcomes) for key in _other(task, i, o, task.right[i])}
    found = {}
    for number, misconception in enumerate(task.wrong):
        theirs = misconception.outcomes
        changed = {(i, key) for i, o in enumerate(theirs) for key in _other(task, i, o, task.right[i])}
        other = {(i, key) for i, o in enumerate(outcomes) for key in _other(task, i, o, theirs[i])}
        if changed and not changed & other:
            found[number] = changed
    largest = {n: changed for n, changed in found.items() if not any(changed < more for more in found.values())}
    left_over = [(i, key) for i, key in wrong.difference(*largest.values()) if not _is_open(outcomes[i], key)]
    return [] if left_over else list(largest)


def _other(task, at, got: Outcome, want: Outcome) -> list[str]:
    """The entries of case `at` that differ; all of them if one of the two is no dict of values."""
    if got.values is None or want.values is None:
        return list((want.values or got.values or {"": None}).keys())
    pair = compare.Pair(got.values, want.values, {}, task.tolerance)
    return [key for key in want.values if key not in got.values or not pair.close(got.values[key], want.values[key])]


def _is_open(outcome, key):
    value = (outcome.values or {}).get(key)
    return value is not None and arrays.is_open(value)
