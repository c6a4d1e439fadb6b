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
from classroom.grading.worker import Died, Job, Refused, Settings, Worker
from classroom.paths import EXERCISES, lesson_stem
from classroom.tasks import cases

SCRATCH = "classroom-grade-"  # begins the name of a run's temporary folder; the process's number follows


class Crew:
    """`size` workers with one temporary folder, which goes when they do."""

    def __init__(self, settings: Settings, size: int):
        sweep()
        self.settings, self.size = settings, size
        self.scratch = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-"))
        self.scratch.chmod(0o711)  # a child that was given a user of its own must reach its folder in here
        try:
            self.first = self._worker()  # before any thread: a refusal is the caller's to hear
        except BaseException:
            shutil.rmtree(self.scratch, ignore_errors=True)
            raise
        self.course = self.first.course
        self.closing = threading.Event()
        self.busy: set[Worker] = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """End every worker and remove what they left."""
        self.closing.set()
        for worker in [*self.busy, self.first]:
            worker.process.terminate()  # it clears up; killed if it does not
            worker.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def mark(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, list[tuple[Marked, Submission]]]]:
        """Each job with what came of it, as soon as it is known."""
        waiting: queue.SimpleQueue = queue.SimpleQueue()
        for job in jobs:
            waiting.put(job)
        done: queue.SimpleQueue = queue.SimpleQueue()
        size = max(1, min(self.size, waiting.qsize()))
        threads = [threading.Thread(target=self._serve, args=(waiting, done, i == 0), daemon=True) for i in range(size)]
        for thread in threads:
            thread.start()
        again, at_work = [], size
        while at_work:
            what, job, found = done.get()
            if what == "marked":
                yield job, found
            elif what == "died":
                again.append(job)
            elif what == "refused":
                raise Refused(found)
            else:
                at_work -= 1
        for job in again:
            yield job, self._alone(job)

    def _serve(self, waiting, done, with_first):
        """One thread, one worker at a time. (A worker is told when the thread that started it ends, so it stays.)"""
        worker = self.first if with_first else None
        try:
            while not self.closing.is_set():
                try:
                    job = waiting.get_nowait()
                except queue.Empty:
                    break
                try:
                    worker = worker or self._worker()
                    self.busy.add(worker)
                    done.put(("marked", job, worker.mark(job)))
                except Died:
                    done.put(("died", job, None))
                    worker = self._without(worker)
        except Refused as problem:
            done.put(("refused", None, str(problem)))
        finally:
            if worker and not self.closing.is_set():
                self._without(worker)
            done.put(("ended", None, None))

    def _alone(self, job):
        worker = self._worker()
        self.busy.add(worker)
        try:
            return worker.mark(job)
        except Died as reason:
            return [(unjudged(s, str(reason), self.settings.seed, self.course), s) for s in _read(worker, job)]
        finally:
            self._without(worker)

    def _worker(self):
        return Worker(self.settings, self.scratch)

    def _without(self, worker):
        self.busy.discard(worker)
        worker.close()


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
