"""`check("1.1 weighted sum", weighted_sum)` says what fits and what does not; `hint("1.1 weighted sum")` helps on.

A check stores the learner's cell first, for her code may take the kernel with it. Then `examine` gives the feedback.
"""

import difflib
import os
import sys
from functools import lru_cache
from pathlib import Path

from classroom import paths
from classroom.tasks import cases, running
from classroom.tasks.cases import TaskCases
from classroom.tasks.examine import UNSET, examine
from classroom.tasks.feedback import Feedback


def check(name: str, obj=UNSET) -> None:
    """Compare `obj`, the learner's function or class, with what task `name` expects, and show the feedback.

    Under nbgrader (`NBGRADER_EXECUTION` is set) anything but a pass raises an AssertionError with the same text.
    """
    feedback = _checked(name, obj)
    if feedback.state != "passed" and os.environ.get("NBGRADER_EXECUTION"):
        raise AssertionError(str(feedback))
    _display(feedback)


def hint(name: str) -> None:
    """Show the hints of task `name` that are open: one more after each new attempt."""
    _display(hinted(name))


def _checked(name, obj):
    task, trouble = find(name)
    if trouble:
        return trouble
    if obj is UNSET:
        obj = vars(sys.modules["__main__"]).get(task.object_name, UNSET)
    source = "" if obj is UNSET else running.source_of(obj)
    if source and cases.fingerprint(source) != task.stub:
        _record("attempt", name, source=source)  # before her code runs: it may take the kernel with it
    feedback = examine(task, obj, where=_is_not_the_first(name, source))
    if source and feedback.state != "not attempted yet":
        named = [task.wrong[i].when for i in feedback.named]
        _record("attempt", name, result=feedback.state, misconceptions=named, objective=task.objective)
    return feedback


def _is_not_the_first(name, source):
    """Has she tried anything else before?"""
    from classroom import progress

    tried = {_attempt(event) for event in progress.events(name=name)} - {""}
    return bool(tried - {cases.fingerprint(source)}) or not source


# --- hints ------------------------------------------------------------------------------------------------------


def hinted(name: str) -> Feedback:
    """The hints that are open, as a feedback; a new attempt since the last one opens one more."""
    task, trouble = find(name)
    if trouble:
        return trouble
    from classroom import progress

    events = progress.events(name=name)
    opened = sum(e["kind"] == "hint" for e in events)
    last = max((i for i, e in enumerate(events) if e["kind"] == "hint"), default=-1)
    before = {_attempt(e) for e in events[: last + 1]}
    new = {_attempt(e) for e in events[last + 1 :]} - before - {""}
    total, note = len(task.hints), ""
    if opened < total and new:
        opened += 1
        _record("hint", name, number=opened)
    elif opened < total:
        which = "The first hint" if opened == 0 else "The next hint"
        again = "an" if opened == 0 else "another"
        note = f"{which} opens after {again} attempt: change `{task.object_name}`, then run its check."
    if opened == total and not new:
        solution = notebook_of(name, "solutions")
        note = f"These are all the hints. The solution: `{solution}`. Then say in your own words why it works."
    hints = [f"Hint {i + 1}. {text}" for i, text in enumerate(task.hints[:opened])]
    return Feedback(name, "hint", f"{name}: {opened} of {total} hints open.", prose=hints + [note] * bool(note))


def _attempt(event):
    """What tells one attempt from another: the code without its spaces and comments."""
    return cases.fingerprint(event["source"]) if event["kind"] == "attempt" and event.get("source") else ""


def notebook_of(name: str, folder: str) -> str:
    """Where the task `name` stands among the "exercises" or the "solutions"."""
    path = _cases_path(name)
    level = "" if path.parent.name == "exercises" else path.parent.name + "/"
    return f"{folder}/{level}{path.name.removesuffix('.cases.npz')}.ipynb"


# --- finding the cases ------------------------------------------------------------------------------------------


def find(name: str) -> tuple[TaskCases | None, Feedback | None]:
    """The cases of the task, or a feedback that says what is missing."""
    path = _cases_path(name)
    if path is None:
        lesson = paths.lesson_of(name)
        sentence = (
            f"The cases of lesson {lesson} are missing: there is no file `{_pattern(name)}` beside this notebook or "
            "below `exercises/`. Take the folder `exercises/` anew from the course."
        )
        return None, Feedback(name, "trouble", f"{name}: cannot be checked.", prose=[sentence])
    found = _read(path, path.stat().st_mtime_ns)
    if name in found:
        return found[name], None
    close = difflib.get_close_matches(name, found, 1, 0) or list(found)
    sentence = f"Lesson {paths.lesson_of(name)} has no task of this name; did you mean `{close[0]}`?"
    return None, Feedback(name, "trouble", f"{name}: cannot be checked.", prose=[sentence])


def _pattern(name):
    return paths.lesson_of(name).replace(".", "_") + "_*.cases.npz"


def _cases_path(name) -> Path | None:
    """Beside the notebook; else below `exercises/` of the course that the notebook is in; else of this course."""
    here = Path.cwd()
    folders = [folder / "exercises" for folder in here.parents] + [paths.EXERCISES]
    found = (path for folder in folders for path in sorted(folder.rglob(_pattern(name))))
    return next(iter(sorted(here.glob(_pattern(name)))), None) or next(found, None)


@lru_cache(maxsize=8)
def _read(path, _):
    return cases.read(path)


def _record(kind, name, **fields):
    """Write to the learner's progress; loaded here, so that packing and verifying need no record."""
    from classroom import progress

    progress.record(kind, name, **fields)


def _display(feedback):
    from IPython.display import display

    display(feedback)
