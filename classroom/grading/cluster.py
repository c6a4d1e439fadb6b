"""A class over a Dask cluster: batches of files go out, marks come back, and nothing else is different.

A learner's code never runs in a Dask worker: that starts a `Worker` process with a judge of its own, as on one
computer, and keeps it for the batches that follow. The files travel with their batch, since the computers of a cluster
need not share a folder; the course must be installed on each, in the same state.
"""

import atexit
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from classroom.grading.crew import Crew, unjudged
from classroom.grading.model import Marked, Submission
from classroom.grading.submission import MOST_BYTES
from classroom.grading.worker import Job, Settings
from classroom.paths import ROOT

BATCH = 50
WAIT = 30  # seconds for the scheduler to answer
RETRIES = 3  # times that Dask may lose the worker of a batch before it says so

_crews: dict[tuple, tuple[Crew, threading.Lock]] = {}  # of this Dask worker; it may run several threads
_lock = threading.Lock()


class Cluster:
    """What `Crew` is for one computer, for the cluster whose scheduler is at `address`."""

    def __init__(self, settings: Settings, address: str):
        try:
            from distributed import Client
        except ImportError:
            raise ValueError("--scheduler needs Dask: python -m pip install 'distributed>=2025.1'.") from None
        self.settings = settings
        self.client = Client(address, timeout=WAIT)
        try:
            if not self.client.scheduler_info()["workers"]:
                raise ValueError(f"The cluster at {address} has no workers; start some with: dask worker {address}")
            self.course = self.client.submit(_course, _portable(settings), pure=False, retries=RETRIES).result()
        except BaseException:
            self.client.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        try:
            self.client.run(_close, _portable(self.settings))
        finally:
            self.client.close()

    def mark(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, list[tuple[Marked, Submission]]]]:
        """Each job with what came of it. A batch whose Dask worker is lost goes to another."""
        from distributed import as_completed

        jobs, batches = list(jobs), {}
        for begin in range(0, len(jobs), BATCH):
            batch = jobs[begin : begin + BATCH]
            sent = self.client.submit(
                _mark, _portable(self.settings), [_packed(job) for job in batch], pure=False, retries=RETRIES
            )
            batches[sent] = batch
        for sent in as_completed(list(batches)):
            batch = batches[sent]
            if sent.status == "finished":
                yield from zip(
                    batch, (_home(job, found) for job, found in zip(batch, sent.result(), strict=True)), strict=True
                )
            else:
                reason = f"the cluster lost its batch: {sent.exception()}"
                for job in batch:
                    lost = Submission(job.learner, "", job.path, "", [], list(job.notes), job.received)
                    yield job, [(unjudged(lost, reason, self.settings.seed, self.course), lost)]
            sent.release()


def _portable(settings):
    """The settings as another computer needs them: its course lies where its package does."""
    return replace(settings, root=None)


def _packed(job):
    """The job and its file's bytes; None where it is no plain file, which is told without them."""
    path = job.path
    whole = path.is_file() and not path.is_symlink() and path.stat().st_size <= MOST_BYTES
    return job, path.name, path.read_bytes() if whole else None


def _home(job, found):
    """The marks, with the path that the file has here."""
    return [(marked, replace(submission, path=job.path)) for marked, submission in found]


# --- in the Dask worker -----------------------------------------------------------------------------------------------


def _crew(settings):
    with _lock:
        if settings not in _crews:
            crew = Crew(replace(settings, root=ROOT), 1)
            atexit.register(crew.close)
            _crews[settings] = crew, threading.Lock()
        return _crews[settings]


def _course(settings) -> str:
    return _crew(settings)[0].course


def _mark(settings, packed) -> list[list[tuple[Marked, Submission]]]:
    crew, alone = _crew(settings)
    with alone, tempfile.TemporaryDirectory(prefix="classroom-batch-") as folder:
        jobs = {}
        for number, (job, name, data) in enumerate(packed):
            path = Path(folder) / str(number) / name
            path.parent.mkdir()
            if data is not None:
                path.write_bytes(data)
            jobs[replace(job, path=path)] = number
        found = {jobs[job]: marks for job, marks in crew.mark(jobs)}
    return [found[number] for number in range(len(packed))]


def _close(settings) -> None:
    with _lock:
        crew, _ = _crews.pop(settings, (None, None))
    if crew:
        crew.close()
