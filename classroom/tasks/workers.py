"""Verify many tasks in several processes; a mutant that never ends, or takes its process with it, counts as caught.

Each worker says what it begins. When it stays silent for too long or dies, it is replaced, and the new one leaves out
the mutant that was running.
"""

import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from pathlib import Path

from classroom.tasks.verify import Report, verify

SILENCE = 60.0  # seconds without a word after which a worker is replaced; a mutant's own limit is far shorter
START = 120.0  # the same while a process starts and imports, on a busy machine


@dataclass
class Job:
    """One task of one lesson; or all names of a lesson's tasks, where `task` is empty."""

    stem: Path
    task: str = ""
    full: bool = False
    hanging: list[str] = field(default_factory=list)
    step: str = ""  # what the worker began last
    since: float = 0.0


def reports(stems: Iterable[Path], full: bool = False, jobs: int | None = None) -> Iterator[Report]:
    """The report of every task of the lessons `stems`, as each is done; a lesson that cannot be loaded gives one."""
    waiting, running = [Job(Path(stem), full=full) for stem in stems], {}
    idle = [_Worker() for _ in range(min(jobs or os.cpu_count() or 1, max(2, len(waiting))))]
    try:
        while waiting or running:
            while waiting and idle:
                worker, job = idle.pop(), waiting.pop(0)
                job.since, job.step = time.monotonic(), ""
                worker.give(job)
                running[worker.talk] = worker, job
            for talk in wait(list(running), timeout=1):
                worker, job = running[talk]
                what, found = worker.hear()
                if what == "step":
                    job.step, job.since = found, time.monotonic()
                    continue
                del running[talk]
                idle.append(worker if what != "died" else _Worker())
                if what == "names":
                    waiting = [Job(job.stem, name, full) for name in found] + waiting
                elif what == "report":
                    yield found
                else:
                    yield from _again(job, waiting)
            for talk, (worker, job) in list(running.items()):
                if time.monotonic() - job.since > (SILENCE if job.step else START):
                    del running[talk]
                    worker.end()
                    idle.append(_Worker())
                    yield from _again(job, waiting)
    finally:
        for worker in idle + [worker for worker, _ in running.values()]:
            worker.end()


def _again(job, waiting):
    """Try without the mutant that hung; what hangs twice, or is no mutant, is a problem."""
    if job.task and job.step.startswith("mutant ") and job.step.removeprefix("mutant ") not in job.hanging:
        job.hanging.append(job.step.removeprefix("mutant "))
        waiting.insert(0, job)
        return
    name = job.task or job.stem.name
    yield Report(name, problems=[f"Its process ended, or was silent for {SILENCE:g} seconds, at: {job.step}."])


def _context():
    """Where the system permits, processes fork from one that has imported everything: that import takes seconds."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["classroom.tasks.source", "classroom.tasks.verify", "nnlib"])
    return context


class _Worker:
    """A process that verifies what it is given, and the parent's end of the line to it."""

    def __init__(self):
        context = _context()
        self.talk, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def give(self, job: Job):
        self.talk.send(job)

    def hear(self):
        try:
            return self.talk.recv()
        except (EOFError, OSError):
            self.process.join(1)
            return "died", None

    def end(self):
        self.process.kill()
        self.process.join()
        self.talk.close()


def _work(talk):
    """The worker's loop: a job in, steps and one result out."""
    loaded = {}
    while True:
        try:
            job = talk.recv()
        except (EOFError, OSError):
            return
        talk.send(_done(job, loaded, lambda step: talk.send(("step", step))))


def _done(job, loaded, step):
    from classroom.tasks import source

    try:
        if job.stem not in loaded:
            loaded[job.stem] = {task.name: task for task in source.load(job.stem)}
        if not job.task:
            return "names", list(loaded[job.stem])
        return "report", verify(loaded[job.stem][job.task], job.full, job.hanging, step)
    except Exception as problem:
        return "report", Report(job.task or job.stem.name, problems=[f"{type(problem).__name__}: {problem}"])
