"""Marking: a task without one right output is marked by a rule, from all that an answer gave and all that is true.

Such a kind is four things: cases, each with a truth that no answer receives · a probe that turns what the answer gives
into arrays · a rule from these arrays and the truths to points and sentences · lazy strategies that must not score.
A rule is trusted code and runs no code of a learner's; it treats what came back as hostile.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from classroom.tasks.arrays import Unusable, code, flatten

RULES: dict[str, Callable] = {}
Answer = dict[str, np.ndarray]


class Case:
    """One draw of a marked task: `Case(runs, verdict="cannot tell")`. Arguments go to the answer, the truth does not.

    A truth is a number, a word, a list of words, an array, or a dict of them. Words are stored as codes.
    """

    def __init__(self, *arguments, **truth):
        self.arguments, self.truth = arguments, truth


class Marking:
    """How a task is marked: the name of a rule, and settings that learners receive (numbers, words, lists).

    `claim="holds"` and the like name a function of a given cell that the rule needs; `uses` names the functions that
    it calls in turn. They know `np` and what they import themselves.
    """

    def __init__(self, rule: str, uses=(), **settings):
        if rule not in RULES:
            raise ValueError(f"There is no rule {rule!r}; there are {', '.join(RULES)}.")
        known = inspect.signature(RULES[rule]).parameters
        if unknown := [name for name in settings if name not in known]:
            others = ", ".join(list(known)[1:])
            raise ValueError(f"The rule {rule!r} has no setting {unknown[0]!r}; it has {others}.")
        self.rule, self.uses, self.settings = rule, tuple(uses), settings

    def packed(self, given: dict) -> dict:
        """The rule and its settings as learners receive them; `given` holds the functions of the given cells."""
        names = [name for key, name in self.settings.items() if key in FUNCTIONS]
        if missing := [name for name in (*self.uses, *names) if not callable(given.get(name))]:
            raise ValueError(f"The rule {self.rule!r} needs the function `{missing[0]}`; no given cell defines it.")
        source = "\n\n".join(inspect.getsource(given[name]) for name in (*self.uses, *names))
        return {"rule": self.rule, "settings": dict(self.settings), "source": source}


FUNCTIONS = ("claim",)  # settings that name a function


@dataclass
class Sheet:
    """What a rule reads: for each case the answer's arrays, the truth, and the arguments; and the given functions."""

    answers: list[Answer]
    truths: list[Answer]
    arguments: list[list]
    functions: dict = field(default_factory=dict)

    def __len__(self):
        return len(self.answers)


@dataclass
class Mark:
    """What an answer is worth: the share of the points (0 to 1), whether it passes, what fits, and what to look at."""

    share: float
    passed: bool
    fits: str
    said: str = ""


def rule(function):
    """Make `function(sheet, **settings) -> Mark` available under its name."""
    RULES[function.__name__] = function
    return function


def mark(task, outcomes) -> Mark:
    """Mark the `outcomes` of all cases of a `TaskCases` by its rule. What cannot be marked is worth nothing."""
    if len(outcomes) < len(task.arguments) or any(o.values is None for o in outcomes):
        return Mark(0.0, False, "Not every case gave a result.")
    functions = {"np": np}
    exec(task.marking["source"], functions)  # the text of the exercise's own given cell
    sheet = Sheet([o.values for o in outcomes], task.truths, task.arguments, functions)
    try:
        with np.errstate(all="ignore"):
            return RULES[task.marking["rule"]](sheet, **task.marking["settings"])
    except Unusable as problem:
        return Mark(0.0, False, "", str(problem))


# --- words and numbers ------------------------------------------------------------------------------------------


def coded(value):
    """`value` with every word in it as its code, see `arrays.code`; a list of words becomes an array of codes."""
    if isinstance(value, dict):
        return {str(key): coded(v) for key, v in value.items()}
    if isinstance(value, str | None):
        return code(value)
    if isinstance(value, (list, tuple, set)) and value and all(isinstance(v, str) for v in value):
        return np.array([code(v) for v in value])
    return value


def as_arrays(truth: dict) -> Answer:
    """A truth as arrays by name."""
    return flatten(coded(truth)) if truth else {}


def word(answer: Answer, key: str, words) -> str:
    """The one of `words` that stands under `key` ("" if it is not filled in); a word besides them raises Unusable."""
    value = _single(answer, key)
    if value == 0:
        return ""
    known = {int(code(w)): w for w in words}
    if value not in known:
        raise Unusable(f"{_called(key)} is not one of the words to choose from: {', '.join(words)}.")
    return known[int(value)]


def number(answer: Answer, key: str) -> float:
    """The one finite number under `key`; anything else raises Unusable."""
    value = float(_single(answer, key))
    if not np.isfinite(value):
        raise Unusable(f"{_called(key)} is {value} in some case; a finite number is expected in every case.")
    return value


def part(answer: Answer, key: str) -> np.ndarray:
    """All that stands under `key`, in one row; a list of arrays is put end to end."""
    parts = [v.reshape(-1) for k, v in answer.items() if k == key or k.startswith(f"{key} ")]
    if not parts:
        raise Unusable(f"The key `{key}` is missing in what your function returned.")
    return np.concatenate(parts)


def _single(answer, key):
    if key not in answer and set(answer) == {""} and key:
        raise Unusable(f"Your function returned one value; a dict with the key `{key}` is expected, as in the stub.")
    if key not in answer:
        raise Unusable(f"The key `{key}` is missing in what your function returned.")
    if answer[key].size != 1:
        raise Unusable(f"{_called(key)} holds {answer[key].size} values; one is expected.")
    return answer[key].reshape(())[()]


def _called(key):
    return f"Your `{key}`" if key else "What your function returned"


def beyond_chance(right: list[bool], classes: list[str]) -> float:
    """Mean share of right answers over the true classes, scaled: 0 for an answer that is always the same, 1 if all fit.

    With two classes it is hits minus false alarms (Youden, 1950); with more, its usual generalisation.
    """
    known = sorted(set(classes))
    shares = [np.mean([fine for fine, c in zip(right, classes, strict=True) if c == name]) for name in known]
    return float((np.mean(shares) - 1 / len(known)) / (1 - 1 / len(known)))


def enough(classes: list[str], least: int) -> None:
    """At least two classes, and `least` draws of each, or a sentence for the author: with fewer, luck would pass."""
    counts = {name: classes.count(name) for name in sorted(set(classes))}
    if len(counts) < 2 or min(counts.values()) < least:
        raise ValueError(f"Draw at least {least} cases of each truth, of two or more; got {counts}.")
