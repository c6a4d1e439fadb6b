"""The proof that a task's check works: right answers pass, wrong ones do not, every misconception is caught and named.

`verify(task)` gives a Report. A problem must be mended before the task reaches a learner; a note is worth a look.
Answers and misconceptions are proved on the visible cases and on those of further seeds; the answer's mutants, too, on
fewer.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from classroom.tasks import cases, causes, compare, examine, mutants, source, trial
from classroom.tasks.kinds import lazy
from classroom.tasks.task import Task

SEEDS, FULL = 5, 20  # seeds of cases; the visible ones are the first
MUTANT_SEEDS, MUTANT_FULL = 3, 6
MARGIN = 100  # times the tolerance, so that no last digit decides
MOST_FALSE = 0.02  # the share of mutants that may get the sentence of a misconception by accident
DATA = ("labels", "order")  # probes of answers that are words; other spellings of these are right as well


@dataclass
class Report:
    """What was found about one task: the counts that `--json` gives, and what to mend, in sentences."""

    task: str
    level: str = ""
    kind: str = ""
    objective: str = ""
    cases: int = 0
    seeds: int = 0
    alternatives: int = 0
    misconceptions: int = 0
    caught: int = 0
    named: int = 0
    mutants: int = 0
    killed: int = 0
    survivors: list[str] = field(default_factory=list)
    equivalent: dict[str, str] = field(default_factory=dict)
    mutants_named: dict[str, list[str]] = field(default_factory=dict)
    falsely_named: list[str] = field(default_factory=list)
    seconds: float = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        counts = (
            f"misconceptions {self.named} of {self.misconceptions} named, mutants {self.killed} of {self.mutants} "
            f"caught, {self.seconds:.1f} s"
        )
        lines = [f"{self.task}: {'fine' if self.ok else 'not fine'} ({counts})"]
        return "\n".join(lines + [f"  problem: {p}" for p in self.problems] + [f"  note: {n}" for n in self.notes])


def verify(
    task: Task, full: bool = False, hanging: Collection[str] = (), step: Callable[[str], None] = lambda _: None
) -> Report:
    """Prove the check of a loaded `task`.

    `step` is told what begins, so that another process can see what hangs; mutants in `hanging` count as caught.
    """
    begin = time.process_time()
    report = Report(task.name, task.level, task.kind, task.objective, misconceptions=len(task.misconceptions))
    report.seeds = FULL if full else SEEDS
    packs = []
    for i in range(report.seeds):
        step(f"drawing cases, seed {i}")
        packs.append(cases.pack_one(task, cases.VISIBLE_SEED + i))
    report.cases = len(packs[0].arguments)
    _right_answers_pass(report, task, packs, step)
    step("the stub and answers without thought")
    _stub_is_not_attempted(report, task, packs[0])
    _no_answer_without_thought(report, packs)
    step("the misconceptions")
    _each_is_caught_and_named(report, task, packs)
    _apart_from_the_answer(report, task, packs)
    _apart_from_each_other(report, task, packs)
    _mutants_are_caught(report, task, packs[: MUTANT_FULL if full else MUTANT_SEEDS], hanging, step)
    report.seconds = time.process_time() - begin
    return report


# --- right answers ----------------------------------------------------------------------------------------------


def _right_answers_pass(report, task, packs, step):
    ways = {"The answer": task.object}
    if task.probe == "call":
        ways["The answer rounded to float32"] = _in_single_precision(task.object)
    if task.probe in DATA:
        ways["The answer in capitals and with hyphens"] = _spelt(task.object)
    ways |= {f"The alternative `{_name(other)}`": other for other in task.alternatives}
    report.alternatives = len(task.alternatives) + (task.probe in DATA)
    if not report.alternatives:
        report.problems.append("No other right answer is tried: give one in another style with alternatives=[…].")
    for who, obj in ways.items():
        step(who)
        cases.outcomes(task.probe, obj, packs[0].arguments[:1])  # imports inside it do not count as its time
        for number, pack in enumerate(packs):
            feedback = examine.examine(pack, obj)
            which = "visible" if number == 0 else "hidden"
            if not feedback.passed:
                report.problems.append(f"{who} does not pass its {which} cases: {feedback}")
            elif feedback.prose:
                report.problems.append(f"{who} passes with a remark: {feedback.prose[0]}")
            if not feedback.passed or feedback.prose:
                break


def _name(obj):
    return getattr(obj, "__name__", type(obj).__name__)


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


def _spelt(answer):
    """The same words, written in another way."""

    def spelt(*arguments):
        found = answer(*arguments)
        if isinstance(found, dict):
            return {key: _respelt(value) for key, value in found.items()}
        return [_respelt(value) for value in found]

    return spelt


def _respelt(value):
    return f" {value.upper().replace(' ', '-')} " if isinstance(value, str) else value


# --- no answer --------------------------------------------------------------------------------------------------


def _stub_is_not_attempted(report, task, pack):
    state = examine.examine(pack, source.stub_object(task)).state
    if state != "not attempted yet":
        report.problems.append(f"The untouched stub is answered with {state!r} instead of 'not attempted yet'.")


def _no_answer_without_thought(report, packs):
    """What is hard-wired to the visible cases fails on others; no lazy strategy earns anything, on any seed."""
    visible, *hidden = packs
    if any(visible.arguments) and visible.probe not in DATA:
        by_place = [trial.judge(pack, (visible.right * len(pack.right))[: len(pack.right)]) for pack in hidden]
        if any(verdict.passed for verdict in by_place):
            report.problems.append("Results learned by heart pass: the right ones are the same with another seed.")
    earned = {}
    for number, pack in enumerate(packs):
        earned |= lazy.earning(pack, np.random.default_rng(number))
    for strategy, points in earned.items():
        report.problems.append(f"Without thought, {strategy} earns {points:.3g} of {visible.points} points.")


# --- misconceptions ---------------------------------------------------------------------------------------------


def _each_is_caught_and_named(report, task, packs):
    for number, misconception in enumerate(task.misconceptions):
        verdicts = [trial.judge(pack, pack.wrong[number].outcomes) for pack in packs]
        feedback = examine.examine(packs[0], misconception.wrong)
        caught = not any(verdict.passed for verdict in verdicts) and not feedback.passed
        named = all(number in verdict.named for verdict in verdicts) and number in feedback.named
        report.caught += caught
        report.named += named
        if not caught:
            where = "every case" if feedback.passed else "every case of another seed"
            report.problems.append(f"Not caught: {misconception.when!r} passes {where}.")
        elif not named:
            report.problems.append(f"Caught but not named: {misconception.when!r}. The check says: {feedback}")
        if feedback.words > examine.MOST_WORDS:
            report.problems.append(f"{feedback.words} words for {misconception.when!r}; at most {examine.MOST_WORDS}.")
        if ", among others" in str(feedback):
            report.problems.append(f"No room for all causes of {misconception.when!r}: write shorter clauses.")


def _apart_from_the_answer(report, task, packs):
    """On every seed at least one case shows the misconception by far more than rounding."""
    for number, misconception in enumerate(task.misconceptions if not task.marking else ()):
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


# --- mutants ----------------------------------------------------------------------------------------------------


def _mutants_are_caught(report, task, packs, hanging, step):
    """Every mutant that is not equivalent fails on each seed, and gets a misconception's sentence only as its own.

    A task that a rule marks has none: what differs from its answer may be right, too.
    """
    seconds = trial.seconds_for(packs[0], task.object)
    found = [] if task.marking else mutants.mutants(task, packs[0].words)  # a rule has many right answers
    for mutant in found:
        if mutant.id in hanging:
            caught, named = True, []
        else:
            step(f"mutant {mutant.id}")
            caught, named = _tried(report, task, mutant, packs, seconds)
        if mutant.id in task.equivalent:
            report.equivalent[mutant.id] = task.equivalent[mutant.id]
            if caught:
                report.problems.append(f"The mutant {mutant.id!r} is called equivalent, but the check catches it.")
            continue
        report.mutants += 1
        report.killed += caught
        if named:
            report.mutants_named[mutant.id] = [task.misconceptions[i].when for i in named]
        if not caught:
            report.survivors.append(mutant.id)
    if report.survivors:
        report.problems.append(
            f"{len(report.survivors)} mutants pass: {'; '.join(report.survivors)}. Draw cases that show them, or give "
            "the reason why they are right in equivalent={…}."
        )
    if unknown := [name for name in task.equivalent if name not in {mutant.id for mutant in found}]:
        report.problems.append(f"equivalent={{…}} speaks of mutants that do not exist: {'; '.join(unknown)}.")
    if len(report.falsely_named) > MOST_FALSE * len(found):
        report.problems.append(f"Named by accident on the visible cases: {'; '.join(report.falsely_named)}.")


def _tried(report, task, mutant, packs, seconds):
    """Is the mutant caught on every seed, and which misconceptions explain it on every seed?"""
    obj = trial.made(task, mutant)
    visible = trial.put(packs[0], obj, seconds)
    hidden = [trial.put(pack, obj, seconds) for pack in packs[1:]] if visible.passed or visible.named else []
    others = hidden or [trial.put(packs[-1], obj, seconds)]
    if visible.passed != all(verdict.passed for verdict in others) and mutant.id not in task.equivalent:
        which = "visible cases" if visible.passed else "hidden cases of some seed"
        report.notes.append(f"The mutant {mutant.id!r} passes the {which} alone.")
    named = _on_all(visible, hidden)
    if len(named) < len(visible.named):  # again with a learner's time: a busy machine may have cut one off
        named = _on_all(visible, [trial.put(pack, obj, pack.seconds) for pack in packs[1:]])
    if len(named) < len(visible.named):
        report.falsely_named.append(mutant.id)
    return not visible.passed and not any(verdict.passed for verdict in others), named


def _on_all(visible, hidden):
    return [i for i in visible.named if all(i in verdict.named for verdict in hidden)]


def sums(reports: list[Report]) -> str:
    """One line for all tasks together."""
    whole = {name: sum(getattr(r, name) for r in reports) for name in ("misconceptions", "named", "mutants", "killed")}
    equivalent, false = (sum(len(getattr(r, name)) for r in reports) for name in ("equivalent", "falsely_named"))
    return (
        f"{len(reports)} tasks, {sum(not r.ok for r in reports)} not fine. Misconceptions: {whole['named']} of "
        f"{whole['misconceptions']} named. Mutants: {whole['killed']} of {whole['mutants']} caught, {equivalent} more "
        f"are right as well, {false} falsely named. {sum(r.seconds for r in reports):.0f} s of computing."
    )
