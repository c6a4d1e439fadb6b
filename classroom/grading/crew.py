"""A crew of workers on one computer: files in, marks out as soon as they are known, whatever dies on the way.

A file at which a worker died is tried once more at the end, alone: in a fresh worker, with no other at work. If that
one dies too, the file gets 0 points and a sentence, and the others never notice.
"""

import os
import queue
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from classroom.grading.model import NOT_JUDGED, Marked, Submission, TaskMark
from classroom.grading.worker import Died, Job, Settings, Worker
from classroom.paths import EXERCISES, lesson_stem
from classroom.tasks import cases

SCRATCH = "classroom-grade-"  # begins the name of a run's temporary folder; the process's number follows


class Crew:
    """`size` workers with one temporary folder, which goes when they do."""

    def __init__(self, settings: Settings, size: int):
        sweep()
        self.settings, self.closing = settings, threading.Event()
        self.scratch = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-"))
        self.scratch.chmod(0o711)  # a child that was given a user of its own must reach its folder in here
        self.workers = [Worker(settings, self.scratch) for _ in range(size)]
        try:
            for worker in self.workers:  # they start side by side, and a refusal is the caller's to hear
                worker.ready()
        except BaseException:
            self.close()
            raise
        self.course = self.workers[0].course

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """End every worker and remove what they left."""
        self.closing.set()
        for worker in self.workers:
            worker.process.terminate()  # it clears up; killed if it does not
        for worker in self.workers:
            worker.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def mark(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, list[tuple[Marked, Submission]]]]:
        """Each job with what came of it, as soon as it is known."""
        waiting: queue.SimpleQueue = queue.SimpleQueue()
        for job in jobs:
            waiting.put(job)
        done: queue.SimpleQueue = queue.SimpleQueue()
        for at in range(len(self.workers)):
            threading.Thread(target=self._serve, args=(at, waiting, done), daemon=True).start()
        again, at_work = [], len(self.workers)
        while at_work:
            what, job, found = done.get()
            if what == "marked":
                yield job, found
            elif what == "died":
                again.append(job)
                self._replace(found)
                threading.Thread(target=self._serve, args=(found, waiting, done), daemon=True).start()
            else:
                at_work -= 1
        for job in again:
            yield job, self._alone(job)

    def _serve(self, at, waiting, done):
        """Let one worker mark what waits, until there is no more, or until it dies."""
        while not self.closing.is_set():
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                break
            try:
                done.put(("marked", job, self.workers[at].mark(job)))
            except Died:
                done.put(("died", job, at))
                return
        done.put(("ended", None, None))

    def _alone(self, job):
        worker = self._replace(0)
        try:
            return worker.mark(job)
        except Died as reason:
            found = _read(worker, job)
            self._replace(0)
            return [(unjudged(s, str(reason), self.settings.seed, self.course), s) for s in found]

    def _replace(self, at):
        """A fresh worker. (Always from this thread: a worker is told when the thread that started it has ended.)"""
        self.workers[at].close()
        self.workers[at] = Worker(self.settings, self.scratch).ready()
        return self.workers[at]


def _read(worker, job):
    """What the worker had read before it died; else only that there is a file."""
    return worker.read or [Submission(job.learner, "", job.path, "", [], list(job.notes), job.received)]


def unjudged(submission: Submission, reason: str, seed: int, course: str) -> Marked:
    """No points, and why, for a submission that ended its worker twice."""
    said = f"Could not be judged: twice the grader broke off at this submission ({reason})."
    marks = [TaskMark(task.name, 0, task.points, NOT_JUDGED, said) for task in tasks_of(submission.lesson)]
    now = datetime.now(UTC)
    notes = [*submission.notes, said]
    return Marked(submission.learner, submission.lesson, submission.digest, marks, notes, "", seed, 0.0, now, course)


def tasks_of(lesson: str) -> list[cases.TaskCases]:
    """The tasks of a lesson as learners receive them; none if there is no such lesson."""
    try:
        stem = lesson_stem(lesson)
        return list(cases.read(EXERCISES / stem.parent.name / f"{stem.name}.cases.npz").values())
    except (LookupError, OSError, ValueError):
        return []


def sweep() -> None:
    """Remove the temporary folders of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        number = folder.name.removeprefix(SCRATCH).split("-")[0]
        if number.isdigit() and not _lives(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
