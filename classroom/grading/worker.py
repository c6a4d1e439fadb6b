"""A process that marks: it holds the judges, receives files by name and gives back their marks, one file at a time.

`Worker` is the end of whoever gives the work; `main` is the process. No learner's code runs in either: a judge starts a
zygote of its own. The two talk over the process's pipes, and a worker that hears nothing more clears up and ends.
"""

import ctypes
import importlib
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from classroom.grading.model import Marked, Submission
from classroom.paths import ROOT

SLACK = 60  # seconds that a worker may be silent beyond what the judge allows a submission, twice
TORCH = re.compile(r"^\s*(?:import|from)\s+torch\b", re.MULTILINE)


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
    """A file to mark. `skip` holds the digests of the learner's that need no new mark; `number` is its place in the run."""

    path: Path
    learner: str
    number: int = 0
    skip: frozenset = frozenset()


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
        try:
            self._say(settings)
            what, found = self._hear()
        except Died:
            raise Refused("A worker process ended while it was starting; the lines above may say why.") from None
        if what == "refused":
            self.close()
            raise Refused(found)
        self.course: str = found

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
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except OSError:
                pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

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


class Judges:
    """One judge for each flavour of zygote, started when the first submission needs it: numpy, or numpy and torch."""

    def __init__(self, settings: Settings):
        module, name = settings.judge.split(":")
        self.make, self.settings, self.made = getattr(importlib.import_module(module), name), settings, {}

    def mark(self, submission: Submission) -> Marked:
        flavour = "torch" if any(TORCH.search(cell.source) for cell in submission.cells) else "numpy"
        return self.get(flavour).mark(submission)

    def get(self, flavour: str):
        if flavour not in self.made:
            s = self.settings
            self.made[flavour] = self.make(
                s.root, None, seed=s.seed, timeout=s.timeout, memory=s.memory, flavour=flavour
            )
        return self.made[flavour]

    def close(self) -> None:
        for judge in self.made.values():
            judge.close()


def main() -> int:
    """Read settings, then files to mark, from standard input until it ends."""
    hear, say = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not disturb the line
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _end_with_parent()
    settings = pickle.load(hear)
    try:
        judges = Judges(settings)
        course = judges.get("numpy").course
    except Exception as problem:
        _answer(say, "refused", str(problem) or type(problem).__name__)
        return 1
    try:
        _answer(say, "ready", course)
        while True:
            try:
                job = pickle.load(hear)
            except EOFError:
                return 0
            _answer(say, *_done(job, judges, lambda found: _answer(say, "read", found)))
    except BrokenPipeError:
        return 1
    finally:
        judges.close()


def _done(job, judges, tell):
    from classroom.grading import submission

    try:
        found = [s for s in submission.read_all(job.path, job.learner) if s.digest not in job.skip]
        tell([Submission(s.learner, s.lesson, s.path, s.digest, [], s.notes, s.received) for s in found])
        return "marked", [judges.mark(s) for s in found]
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
