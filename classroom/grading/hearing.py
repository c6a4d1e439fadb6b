"""A submission's hearing: its cells are run in a child and its functions asked, task by task; nothing is judged here.

A cell or a task that takes the child with it costs itself alone: another child runs the rest. A message that is not one
counts as no answer to the task that was asked.
"""

from __future__ import annotations

import builtins
import secrets
import time
from dataclasses import dataclass, field

from classroom.grading import wire
from classroom.grading.key import Program
from classroom.tasks import limit, running
from classroom.tasks.cases import TaskCases

CELL_SECONDS = 10.0  # for one cell of a notebook
GRACE = 2.0  # seconds between the polite end of a call and the hard one
MOST_LOST_CELLS, MOST_NOISE = 5, 3  # cells that may take a child with them; children that may speak unasked
LEAST_BYTES, MOST_BYTES = 1 << 22, 1 << 27  # of one reply at least, and of all replies to a task


@dataclass
class Heard:
    """What a task's object gave: an outcome for each case as far as it came, or why there are none."""

    ran: list[running.Ran] = field(default_factory=list)
    missing: str = ""  # what stands under the object's name instead
    stopped: str = ""  # a sentence: why there are fewer outcomes than cases


class Hearing:
    """All that one submission is asked, before `until` (a time of `time.monotonic()`)."""

    def __init__(self, nursery, program: Program, seconds: float):
        self.nursery, self.program = nursery, program
        self.until, self.seconds = time.monotonic() + seconds, seconds
        self.left_out: dict[int, str] = {}  # cells that took a child with them, and how
        self.errors: dict[int, tuple] = {}  # by the cell's number: what stopped it
        self.noise, self.here = 0, None

    def ask(self, tasks: list[TaskCases]) -> dict[str, Heard]:
        """What each task's object gives on its cases."""
        heard: dict[str, Heard] = {}
        while waiting := [task for task in tasks if task.name not in heard]:
            if time.monotonic() > self.until or len(self.left_out) > MOST_LOST_CELLS:
                why = self._no_more()
                return heard | {task.name: Heard(stopped=why) for task in waiting}
            line, lost = self.nursery.child(), ""
            try:
                lost = self._run(line)
                if not lost:
                    self._ask_all(line, waiting, heard)
            finally:
                try:
                    at = self.nursery.end()
                finally:
                    line.close()
            if lost:
                self._leave_out(lost, at)
        return heard

    def _no_more(self):
        if time.monotonic() > self.until:
            return f"The whole notebook had {self.seconds:g} seconds, and they were over before this task."
        return f"{len(self.left_out)} cells of the notebook ended Python or never came to an end."

    # --- the cells --------------------------------------------------------------------------------------------------

    def _run(self, line) -> str:
        """Run the cells; if one took the child with it, how."""
        cells = [cell for cell in self.program.cells if cell[0] not in self.left_out]
        seconds, self.here = min(CELL_SECONDS, self.seconds / 2), None
        begin = min(self.until, time.monotonic() + seconds + GRACE)
        try:
            # never the judge's seed: with it and the public case generators her code could draw the truths itself
            line.send({"cells": cells, "seconds": seconds, "seed": 0}, until=begin)
            for _ in range(len(cells) + 1):
                header, _ = line.receive(min(self.until, time.monotonic() + seconds + GRACE))
                if "ran" in header:
                    self.errors = _errors(header["ran"])
                    return ""
                self.here = header.get("cell")
        except wire.Gone:
            return "It ended Python"
        except wire.Late:
            return "It did not come to an end"
        except wire.Broken:
            pass
        return "It disturbed the marking"

    def _leave_out(self, how, at):
        """Blame the cell that the child said was running, if there is such a cell, else the first one left."""
        left = [number for number, *_ in self.program.cells if number not in self.left_out]
        blamed = next((n for n in (at, self.here) if type(n) is int and n in left), left[0] if left else 0)
        self.left_out[blamed] = how

    # --- the tasks --------------------------------------------------------------------------------------------------

    def _ask_all(self, line, waiting, heard):
        """Ask until something takes the child, or the line to it, away.

        What one task's code did must not cost the next: a task is blamed only if it was the first that its child was
        asked; any other is asked again, as the first of another child.
        """
        first = waiting[0]
        for task in waiting:
            found = Heard()
            if not line.is_quiet():
                if task is first:
                    self._spoke(task, heard)
                return
            try:
                self._ask(line, task, found)
            except (wire.Gone, wire.Broken) as problem:
                if task is first:
                    found.stopped = _why(problem)
                    heard[task.name] = found
                return
            except wire.Late:
                found.ran.append(_out_of_time(task))
                heard[task.name] = found
                return
            heard[task.name] = found

    def _spoke(self, task, heard):
        """The cells did, unasked; perhaps another child's do not."""
        self.noise += 1
        if self.noise >= MOST_NOISE:
            heard[task.name] = Heard(stopped="The notebook's code spoke in place of this task's.")

    def _ask(self, line, task, found):
        nonce, buffers = secrets.token_hex(16), []
        sizes = [sum(v.nbytes for v in right.values.values()) for right in task.right]
        most = max(LEAST_BYTES, 4 * max(sizes, default=0))
        seconds = max(0.1, min(task.seconds, self.until - time.monotonic()))
        until, total = time.monotonic() + seconds + GRACE, 0
        question = {
            "nonce": nonce,
            "name": task.object_name,
            "kind": task.object_kind,
            "probe": task.probe,
            "cases": [wire.encode(case, buffers) for case in task.arguments],
            "seconds": seconds,
            "most": most,
        }
        line.send(question, buffers, until)
        for number in range(len(task.arguments)):
            header, body = line.receive(until, most)
            total += len(body)
            if total > max(MOST_BYTES, 2 * sum(sizes)):
                raise wire.Broken("far more numbers than are expected")
            if number == 0 and "missing" in header and header.get("nonce") == nonce:
                found.missing = wire.clean(header["missing"], 200) or "something else"
                return
            reply = wire.read_reply(header, body, nonce, number)
            found.ran.append(_ran(reply, len(task.arguments[number])))
            if reply.error == "TimeUp":
                return


def _errors(listed) -> dict[int, tuple]:
    """What a child says about cells that stopped: number, error, message, line."""
    found = {}
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, list) and len(item) == 5 and type(item[0]) is int:
            line = item[3] if type(item[3]) is int else None
            found[item[0]] = (wire.clean(item[1], 80), wire.clean(item[2], 200), line, wire.clean(item[4], 200))
    return found


def _ran(reply: wire.Reply, arguments: int) -> running.Ran:
    if reply.values is not None:
        return running.Ran(reply.values, changed=[i for i in reply.changed if 0 <= i < arguments])
    if reply.unusable:
        return running.Ran(unusable=reply.unusable)
    return running.Ran(crash=running.Crash(_error(reply), reply.line, reply.text))


def _error(reply):
    """An error of the same name that says the same: no code of the learner's makes it."""
    if reply.error == "TimeUp":
        return limit.TimeUp(reply.message)
    base = getattr(builtins, reply.error, None)
    if not (isinstance(base, type) and issubclass(base, Exception)):
        base = Exception
    said = reply.message
    body = {"__str__": lambda self: said, "__init__": lambda self: None}
    try:
        return type(reply.error, (base,), body)()
    except TypeError:  # a class that must be told more
        return type(reply.error, (Exception,), body)()


def _why(problem):
    if isinstance(problem, wire.Gone):
        return "Your code ended Python itself, so that no result came."
    return f"What came back cannot be read: {problem}."


def _out_of_time(task):
    return running.Ran(crash=running.Crash(limit.TimeUp(f"stopped after {task.seconds:g} seconds"), None, ""))
