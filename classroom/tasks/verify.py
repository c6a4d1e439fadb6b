"""The proof that a task's check works: the right answer passes, the stub does not, every misconception is named.

`verify(task, seed)` gives a Report. What it calls a problem must be mended before the task reaches a learner; a note
is worth a look.
"""

from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from classroom.tasks import cases, causes, compare, examine, source
from classroom.tasks.task import Task

MORE_SEEDS = 5  # over which an answer and a misconception must stay apart
MARGIN = 100  # times the tolerance, so that no last digit decides
MOST_WORDS = 60


@dataclass
class Report:
    """What was found about one task, in sentences."""

    name: str
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        lines = [f"{self.name}: {'fine' if self.ok else 'not fine'}"]
        return "\n".join(lines + [f"  problem: {p}" for p in self.problems] + [f"  note: {n}" for n in self.notes])


def verify(task: Task, seed: int = cases.VISIBLE_SEED) -> Report:
    """Prove the check of a loaded `task`, on the visible cases of `seed` and on those of other seeds."""
    report = Report(task.name)
    packs = [cases.pack_one(task, seed + i) for i in range(1 + MORE_SEEDS)]
    for number, pack in enumerate(packs):
        _answer_passes(report, task, pack, "visible" if number == 0 else "hidden")
    _stub_is_not_attempted(report, task, packs[0])
    _each_is_named(report, task, packs[0])
    _apart_from_the_answer(report, task, packs)
    _apart_from_each_other(report, task, packs)
    return report


def _answer_passes(report, task, pack, which):
    feedback = examine.examine(pack, task.object)
    if not feedback.passed:
        report.problems.append(f"The answer does not pass its {which} cases: {feedback}")
    elif feedback.prose:
        report.problems.append(f"The answer passes with a remark: {feedback.prose[0]}")
    if task.probe == "call" and not examine.examine(pack, _in_single_precision(task.object)).passed:
        report.problems.append(f"The answer rounded to float32 does not pass its {which} cases.")


def _in_single_precision(answer):
    """The same answer from someone who computes in float32: its results keep about seven digits."""

    def rounded(*arguments):
        return _rounded(answer(*arguments))

    return rounded


def _rounded(value):
    if isinstance(value, (list, tuple)):
        return type(value)(_rounded(v) for v in value)
    if isinstance(value, dict):
        return {key: _rounded(v) for key, v in value.items()}
    kind = getattr(value, "dtype", np.dtype(type(value)) if isinstance(value, float) else None)
    return np.float32(value) if kind is not None and kind.kind == "f" else value


def _stub_is_not_attempted(report, task, pack):
    state = examine.examine(pack, source.stub_object(task)).state
    if state != "not attempted yet":
        report.problems.append(f"The untouched stub is answered with {state!r} instead of 'not attempted yet'.")


def _each_is_named(report, task, pack):
    for number, misconception in enumerate(task.misconceptions):
        feedback = examine.examine(pack, misconception.wrong)
        if feedback.passed:
            report.problems.append(f"Not caught: {misconception.when!r} passes every case.")
        elif number not in feedback.named:
            report.problems.append(f"Caught but not named: {misconception.when!r}. The check says: {feedback}")
        if feedback.words > MOST_WORDS:
            report.problems.append(f"{feedback.words} words for {misconception.when!r}; at most {MOST_WORDS}.")


def _apart_from_the_answer(report, task, packs):
    """On every seed at least one case shows the misconception by far more than rounding."""
    for number, misconception in enumerate(task.misconceptions):
        for pack in packs:
            shows = [_far(pack, i, pack.wrong[number].outcomes[i], pack.right[i]) for i in range(len(pack.right))]
            if not any(shows):
                report.problems.append(
                    f"Only luck tells {misconception.when!r} from the answer: on another seed no case shows it clearly."
                )
                break


def _apart_from_each_other(report, task, packs):
    for a, b in combinations(range(len(task.misconceptions)), 2):
        alike = [_alike(pack, a, b) for pack in packs]
        pair = f"{task.misconceptions[a].when!r} and {task.misconceptions[b].when!r}"
        if all(alike):
            report.notes.append(f"Always the same outputs, so that both are named: {pair}.")
        elif any(alike):
            report.problems.append(f"The same outputs by accident, on some seeds: {pair}. Draw more or larger cases.")


def _alike(pack, a, b):
    outcomes = zip(pack.wrong[a].outcomes, pack.wrong[b].outcomes, strict=True)
    return all(causes.equal(pack, i, one, other) for i, (one, other) in enumerate(outcomes))


def _far(pack, at, got, want):
    """Do the outcomes differ in form, or in a value by many times the tolerance?"""
    if got.error or set(got.values) != set(want.values):
        return True
    pair = causes.as_pair(pack, at, got.values, want.values)
    return not compare.same(replace(pair, margin=MARGIN))
