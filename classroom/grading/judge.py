"""Marks a submission where no learner's code runs: a child answers with numbers, and here they are compared.

The judge holds answers, hidden cases and misconceptions. It starts its zygotes, one for each set of slow packages that
notebooks import, and starts another when one is lost: the submission in hand is then tried once more.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from classroom.grading import key, sandbox, verdict
from classroom.grading.hearing import Hearing
from classroom.grading.key import Key, Program
from classroom.grading.model import Marked, Submission, TaskMark
from classroom.grading.nursery import Fresh, Lost, Nursery
from classroom.grading.sandbox import Refused

MOST_ZYGOTES = 3
PACKAGES = ("numpy", "torch")
AS_ROOT = (
    "Learners' code must not run as root, and this system has no walls that would hold it. Grade as an ordinary user, "
    "or on Linux 5.13 or later with landlock and seccomp: pip install -e '.[grade]', and the system's libseccomp2."
)


class Judge:
    """Marks submissions, one after the other; each worker process has its own.

    root: the folder of the course; lessons: their numbers, all if None; seed: draws the hidden cases (a large number:
    small ones can be tried one after the other, as the generators of the cases are public);
    timeout: seconds for a whole submission; memory: bytes that its code may take besides Python and its packages;
    flavour: "numpy" or "torch", what every zygote imports; isolation: "full", "landlock" or "process", the best that
    this system has if empty.
    """

    def __init__(
        self,
        root: Path,
        lessons: Iterable[str] | None = None,
        seed: int = 1,
        timeout: float = 60.0,
        memory: int = 1 << 30,
        flavour: str = "numpy",
        isolation: str = "",
    ):
        self.root, self.seed, self.timeout, self.memory, self.flavour = Path(root), seed, timeout, memory, flavour
        self.lessons = None if lessons is None else set(lessons)
        self.mode = isolation or os.environ.get("CLASSROOM_GRADING_ISOLATION", "") or best_mode()
        if self.mode not in sandbox.MODES:
            raise ValueError(f"The isolation {self.mode!r} is not known; it is one of {', '.join(sandbox.MODES)}.")
        if self.mode == "process" and hasattr(os, "geteuid") and os.geteuid() == 0:
            raise Refused(AS_ROOT)
        self.course, self.keys, self.nurseries = _commit(self.root), {}, {}
        self.packages = _packages(flavour)
        try:
            self._nursery(())  # refuses now, if at all
        except Refused:
            if isolation or self.mode != "full":
                raise
            self.mode = "landlock"  # namespaces seemed to hold and do not; what is in force stands with each mark
            self._nursery(())

    def mark(self, submission: Submission) -> Marked:
        """The marks of all tasks of the submission's lesson, whatever is in it."""
        began, notes = time.monotonic(), list(submission.notes)
        try:
            found = self._key(submission.lesson)
        except LookupError:
            notes.append(self._no_lesson(submission.lesson))
            return self._marked(submission, [], notes, began, str(self._nursery(()).isolation))
        program = found.program(submission.cells)
        modules = program.modules
        marks, isolation = [], ""
        for attempt in range(2):
            try:
                nursery = self._nursery(modules)
                isolation = str(nursery.isolation)
                marks = self._judged(found, program, nursery, notes := [*submission.notes, *program.notes])
                break
            except Lost as problem:
                why = f"the process that runs the notebook was lost twice ({problem}). Mark it again."
                if attempt:
                    marks = [verdict.not_judged(task, why) for task in found.hidden]
                else:
                    self._restart(modules)
        return self._marked(submission, marks, notes, began, isolation)

    def close(self) -> None:
        for nursery in self.nurseries.values():
            nursery.close()
        self.nurseries.clear()

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    # --- one submission ---------------------------------------------------------------------------------------------

    def _judged(self, found: Key, program: Program, nursery, notes) -> list[TaskMark]:
        hearing = Hearing(nursery, program, self.timeout)
        asked = [task for task in found.hidden if task.name in program.defining]
        heard = hearing.ask(asked) if asked else {}
        again = [
            visible
            for task, visible in zip(found.hidden, found.visible, strict=True)
            if task.name in heard and task.name not in found.same and verdict.needs_visible(task, heard[task.name])
        ]
        seen = hearing.ask(again) if again else {}
        notes += [f"{_called(number)} was left out: {how.lower()}." for number, how in hearing.left_out.items()]
        marks = []
        for task, visible in zip(found.hidden, found.visible, strict=True):
            if task.name not in heard:
                marks.append(_not_there(task, program))
                continue
            mine = heard[task.name]
            if mine.missing == "nothing":
                marks.append(_not_defined(task, program, hearing))
                continue
            shown = mine if task.name in found.same else seen.get(task.name)
            marks.append(verdict.mark(task, mine, visible, shown, program.source_of(task.name)))
        return marks

    def _marked(self, submission, marks, notes, began, isolation) -> Marked:
        seconds, now = time.monotonic() - began, datetime.now(UTC)
        who, lesson, digest = submission.learner, submission.lesson, submission.digest
        return Marked(
            who, lesson, digest, marks, notes, isolation, self.seed, seconds, now, self.course, dict(self.packages)
        )

    def _no_lesson(self, lesson):
        known = ", ".join(sorted(self.lessons) if self.lessons is not None else key.lessons(self.root))
        which = f"Lesson {lesson} has no tasks here" if lesson else "Nothing tells which lesson this is"
        return f"{which}, so there is nothing to mark. Lessons with tasks: {known}."

    def _key(self, lesson) -> Key:
        if not lesson or (self.lessons is not None and lesson not in self.lessons):
            raise LookupError(lesson)
        if lesson not in self.keys:
            self.keys[lesson] = key.load(self.root, lesson, self.seed)
        return self.keys[lesson]

    # --- zygotes ----------------------------------------------------------------------------------------------------

    def _nursery(self, modules):
        modules = tuple(sorted({*modules, *(["torch"] if self.flavour == "torch" else [])}))
        if modules not in self.nurseries:
            while len(self.nurseries) >= MOST_ZYGOTES:
                self.nurseries.pop(next(iter(self.nurseries))).close()
            make = Fresh if self.mode == "process" else Nursery
            self.nurseries[modules] = make(self.mode, self.memory, int(self.timeout) + 5, modules)
        self.nurseries[modules] = self.nurseries.pop(modules)  # the one used last is closed last
        return self.nurseries[modules]

    def _restart(self, modules):
        self._nursery(modules).restart()


def _not_there(task, program):
    mark = TaskMark(task.name, 0.0, float(task.points), "not attempted yet")
    if task.name not in program.untouched:
        mark.sentence = f"There is no `{task.object_name}` in this notebook."
    return mark


def _not_defined(task, program: Program, hearing: Hearing):
    """Her cell is there, and its object is not: what stopped the cell?"""
    mark = TaskMark(task.name, 0.0, float(task.points), "not yet")
    for number in reversed(program.defining[task.name]):
        if number in hearing.left_out:
            mark.sentence = (
                f"The cell that defines `{task.object_name}` was left out: {hearing.left_out[number].lower()}."
            )
            return mark
        if number in hearing.errors:
            name, message, line, text = hearing.errors[number]
            where = f" in line {line}" * bool(line) + f", `{text}`" * bool(text)
            mark.sentence = f"The cell that defines `{task.object_name}` stops with an error{where}. {name}: {message}."
            return mark
    mark.sentence = f"After all cells have run there is no `{task.object_name}`."
    return mark


def _called(number):
    return f"Code cell {number}" if number > 0 else "A given cell"


def best_mode() -> str:
    """The strictest way of running learners' code that this system has."""
    here = sandbox.available()
    if not (here.landlock and here.seccomp):
        return "process"
    return "full" if here.namespaces else "landlock"


def _commit(root):
    """The course's commit, with a + if files were changed since."""
    try:
        command = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--dirty=+", "--match="]
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _packages(flavour):
    names = PACKAGES if flavour == "torch" else PACKAGES[:1]
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
