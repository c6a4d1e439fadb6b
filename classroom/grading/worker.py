"""A process that marks: it holds a judge, receives files by name and gives back their marks, one file at a time.

`Worker` is the end of whoever gives the work; `main` is the process. No learner's code runs in either: the judge starts
a zygote for it. The two talk over the process's pipes, and a worker that hears nothing more clears up and ends.
"""

import contextlib
import ctypes
import importlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from classroom.grading.model import Marked, Submission
from classroom.paths import ROOT

SLACK = 60  # seconds that a worker may be silent beyond what the judge allows a submission, twice


@dataclass(frozen=True)
class Settings:
    """What every worker of a run is told. `judge` names the class that marks, as "module:name"."""

    seed: int
    timeout: float
    memory: int
    root: Path = ROOT
    judge: str = "classroom.grading.judge:Judge"


@dataclass(frozen=True)
class Job:
    """A file to mark, whose it is, when it came (if others know better than the file), what was odd about its name."""

    path: Path
    learner: str
    received: datetime | None = None
    notes: tuple[str, ...] = ()


class Died(Exception):
    """The worker ended, or was silent for too long, before it had marked the file."""


class Refused(ValueError):
    """No judge can be had here; the sentence says why."""


class Worker:
    """A worker process, and the line to it. Its temporary files go into `scratch`, which the caller removes."""

    def __init__(self, settings: Settings, scratch: Path | None = None):
        environment = {**os.environ, **({"TMPDIR": str(scratch)} if scratch else {})}
        environment |= {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        places = [str(settings.root), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(place for place in places if place)
        self.silence = 2 * settings.timeout + SLACK
        self.read: list[Submission] = []  # what the file in hand holds, as far as is known
        self.process = subprocess.Popen(
            [sys.executable, "-m", "classroom.grading.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl+C is for the one who gives the work
        )
        self.settings, self.course = settings, ""

    def ready(self) -> "Worker":
        """Wait until its judge is there; `Refused` if none can be had."""
        try:
            self._say(self.settings)
            what, found = self._hear()
        except Died:
            raise Refused("A worker process ended while it was starting; the lines above may say why.") from None
        if what == "refused":
            self.close()
            raise Refused(found)
        self.course = found
        return self

    def mark(self, job: Job) -> list[tuple[Marked, Submission]]:
        """What the file holds, marked; the submissions come back without their cells."""
        self.read = []
        self._say(job)
        self.read = self._hear()[1]
        what, found = self._hear()
        if what == "problem":
            raise Died(found)
        return list(zip(found, self.read, strict=True))

    def close(self) -> None:
        """End the process; it clears up behind itself, or is killed after a while."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process.stdout.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _say(self, what):
        try:
            pickle.dump(what, self.process.stdin)
            self.process.stdin.flush()
        except OSError:
            raise Died("its process had ended") from None

    def _hear(self):
        clock = threading.Timer(self.silence, self.process.kill)
        clock.daemon = True
        clock.start()
        try:
            return pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.kill()
            code = self.process.returncode
            raise Died(f"its process ended ({_ending(code)})") from None
        finally:
            clock.cancel()


def _ending(code):
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"


# --- the process ----------------------------------------------------------------------------------------------------


def _judge(settings: Settings):
    module, name = settings.judge.split(":")
    make = getattr(importlib.import_module(module), name)
    return make(settings.root, seed=settings.seed, timeout=settings.timeout, memory=settings.memory)


def main() -> int:
    """Read settings, then files to mark, from standard input until it ends."""
    hear, say = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not disturb the line
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _end_with_parent()
    settings = pickle.load(hear)
    try:
        judge = _judge(settings)
    except Exception as problem:
        _answer(say, "refused", str(problem) or type(problem).__name__)
        return 1
    try:
        _answer(say, "ready", judge.course)
        while True:
            try:
                job = pickle.load(hear)
            except EOFError:
                return 0
            _answer(say, *_done(job, judge, lambda found: _answer(say, "read", found)))
    except BrokenPipeError:
        return 1
    finally:
        judge.close()


def _done(job, judge, tell):
    from classroom.grading import submission

    try:
        found = submission.read_all(job.path, job.learner)
        for each in found:
            each.received, each.notes = job.received or each.received, [*job.notes, *each.notes]
        tell([Submission(s.learner, s.lesson, s.path, s.digest, [], s.notes, s.received) for s in found])
        return "marked", [judge.mark(s) for s in found]
    except Exception as problem:
        if isinstance(problem, BrokenPipeError):
            raise
        return "problem", f"{type(problem).__name__}: {problem}"


def _answer(say, what, found):
    pickle.dump((what, found), say)
    say.flush()


def _end_with_parent():
    """Where Linux offers it, be told when the parent dies, also by SIGKILL while a submission is being judged."""
    if sys.platform == "linux":
        parent_dies = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_dies, signal.SIGTERM, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
