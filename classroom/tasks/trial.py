"""Wrong and right answers put to a check without a learner: does it pass, and which misconceptions are named?"""

import time
from dataclasses import dataclass

from classroom.tasks import causes, examine, running, source
from classroom.tasks.cases import Outcome, TaskCases
from classroom.tasks.kinds import marking
from classroom.tasks.mutants import Mutant
from classroom.tasks.task import Task


@dataclass
class Verdict:
    """What a check makes of an answer: does it pass, its points, and the misconceptions that explain it, by number."""

    passed: bool
    points: float
    named: list[int]


def judge(pack: TaskCases, outcomes: list[Outcome]) -> Verdict:
    """The verdict on what some answer gave on each case of `pack`."""
    if pack.marking:
        mark = marking.mark(pack, outcomes)
        passed, points = mark.passed, pack.points * mark.share
    else:
        good = causes.fits(pack, outcomes)
        passed, points = all(good), examine.points(pack, good)
    return Verdict(passed, points, [] if passed else [cause.number for cause in causes.causes(pack, outcomes)])


def put(pack: TaskCases, obj, seconds: float) -> Verdict:
    """The verdict on the function or class `obj`, which runs within `seconds`."""
    return judge(pack, [ran.outcome for ran in running.run_all(pack.probe, obj, pack.arguments, seconds)])


def seconds_for(pack: TaskCases, answer) -> float:
    """How long a mutant may take: many times what the answer does, and never the whole limit of a learner."""
    begin = time.perf_counter()
    running.run_all(pack.probe, answer, pack.arguments, pack.seconds)
    return min(pack.seconds, max(0.2, 10 * (time.perf_counter() - begin)))


def made(task: Task, mutant: Mutant):
    """The mutant as a live function or class, among the same names as the answer; an error is its own answer."""
    names = dict(_globals(task.object))
    try:
        source.define(mutant.code, f"<mutant of {task.name}>", names)
    except Exception as problem:
        return _failing(problem)
    return names[task.object_name]


def _globals(obj):
    found = [obj, *vars(obj).values()] if isinstance(obj, type) else [obj]
    return next(one.__globals__ for one in found if hasattr(one, "__globals__"))


def _failing(problem):
    def fails(*_):
        raise problem

    return fails
