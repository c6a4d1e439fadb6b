"""From what was heard to a mark: hidden cases give the points, visible ones the words, and no learner's code runs here.

What came back is hostile still, in its values: whatever comparing it may raise costs that task its points alone.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import time
import warnings

import numpy as np

from classroom.grading.hearing import Heard
from classroom.grading.model import NOT_JUDGED, TaskMark
from classroom.grading.wire import clean
from classroom.tasks import causes, examine
from classroom.tasks.cases import TaskCases

RULE_SECONDS, RULE_MEMORY = 20.0, 2 << 30  # for a rule that runs a given function on what came back
MOST_CASE, MOST_SENTENCE = 4000, 2000
ONLY_IN_THE_NOTEBOOK = "For a hint: "  # begins a sentence that is of use beside the check alone
OTHER_INPUTS = "It gives what is expected on the cases of the notebook's own check, and something else on other inputs."


def mark(task: TaskCases, heard: Heard, visible: TaskCases, seen: Heard | None, source: str) -> TaskMark:
    """The mark of a task from what its hidden cases gave; `seen` is what the visible ones gave, if they were asked."""
    if _runs_given_code(task):
        return _apart(lambda: _mark(task, heard, visible, seen, source), task)
    return _mark(task, heard, visible, seen, source)


def is_passed(task: TaskCases, heard: Heard) -> bool:
    """Do all cases fit? (A task that a rule marks passes by its rule, see `mark`.)"""
    if task.marking or heard.missing or heard.stopped or len(heard.ran) < len(task.arguments):
        return False
    return all(_fits(task, heard))


def needs_visible(task: TaskCases, heard: Heard) -> bool:
    """Would the visible cases say more than the hidden ones may?"""
    ended = not heard.missing and not heard.stopped
    if task.marking:
        return ended and any(ran.values is None for ran in heard.ran)  # else its rule speaks of all cases together
    return ended and not is_passed(task, heard)


def _mark(task, heard, visible, seen, source):
    found = TaskMark(task.name, 0.0, float(task.points), "not yet")
    if heard.missing:
        found.sentence = f"`{task.object_name}` should be a {task.object_kind}; it is {heard.missing}."
        return found
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _judge(found, task, heard, visible, seen, source)
    except Exception as problem:  # a comparison that trips over what came back gives no points
        found.points, found.state = 0.0, "not yet"
        found.sentence = f"What your function returned cannot be compared ({type(problem).__name__})."
    found.sentence, found.case = clean(found.sentence, MOST_SENTENCE), clean(found.case, MOST_CASE)
    return found


def _judge(found, task, heard, visible, seen, source):
    if heard.stopped:
        good = _fits(task, heard) if not task.marking else []
        found.points = examine.points(task, good) if good else 0.0
        found.sentence = heard.stopped
        return
    told = examine.explain(task, heard.ran, source)
    found.points, found.state = float(told.points), told.state
    found.misconceptions = [task.wrong[i].when for i in told.named]
    if told.state == "passed":
        found.points = float(told.points) if task.marking else float(task.points)
        found.sentence = _said(told, told.prose)
    elif task.marking and all(ran.values is not None for ran in heard.ran):
        found.sentence = _said(told, told.prose)  # a rule's words are about all cases together, and show none
    elif seen is not None:
        _in_visible_words(found, told, visible, seen, source)
    else:
        found.sentence = _said(told, [])


def _in_visible_words(found, told, visible, seen, source):
    """The words and the case come from the visible cases; hidden ones are counted, never shown."""
    if seen.missing or seen.stopped:
        found.sentence = _said(told, [seen.stopped])
        return
    words = examine.explain(visible, seen.ran, source)
    if words.state == "passed":
        known = [f"That happens when {clause}." for clause in found.misconceptions[:1]]
        found.sentence = _said(told, [OTHER_INPUTS, *known])
        return
    found.misconceptions = found.misconceptions or [visible.wrong[i].when for i in words.named]
    found.sentence = _said(told, words.prose)
    found.case = "\n".join(f"{label} {text}" for label, text in words.case if not label.startswith("expected"))


def _said(told, prose):
    """The headline without the task's name and state, and the sentences that are of use on a page of marks."""
    headline = told.headline.removeprefix(f"{told.name}: {told.state}.").strip()
    kept = [sentence for sentence in prose if not sentence.startswith(ONLY_IN_THE_NOTEBOOK)]
    return " ".join(sentence for sentence in [headline, *kept] if sentence)


def _fits(task, heard):
    with np.errstate(all="ignore"):
        try:
            return causes.fits(task, [ran.outcome for ran in heard.ran])
        except Exception:  # see `_mark`
            return [False] * len(task.arguments)


# --- rules that run a given function on what a learner returned -------------------------------------------------


def _runs_given_code(task):
    return bool(task.marking and task.marking["source"]) and hasattr(os, "fork")


def _apart(judge, task) -> TaskMark:
    """`judge()` in a fork with limits: a given function is ours, but an input of hers may make it huge or endless."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            _bound()
            with os.fdopen(write, "wb") as file:
                pickle.dump(judge(), file)
        finally:
            os._exit(0)
    os.close(write)
    data, until = b"", time.monotonic() + RULE_SECONDS
    try:
        while select.select([read], [], [], max(0.0, until - time.monotonic()))[0]:
            part = os.read(read, 1 << 16)
            if not part:
                break
            data += part
    finally:
        os.close(read)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    try:
        return pickle.loads(data)  # our own fork wrote it
    except (EOFError, pickle.UnpicklingError):
        sentence = "With what your function returned, the claim of the task cannot be worked out in time and memory."
        return TaskMark(task.name, 0.0, float(task.points), "not yet", sentence)


def _bound():
    import resource

    if sys.platform.startswith("linux"):
        with open("/proc/self/statm") as file:
            used = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + RULE_MEMORY, used + RULE_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(RULE_SECONDS), int(RULE_SECONDS) + 1))


def not_judged(task: TaskCases, why: str) -> TaskMark:
    return TaskMark(task.name, 0.0, float(task.points), NOT_JUDGED, f"Could not be judged: {why}")
