"""Marks a class: every file of a folder goes to a worker once, its marks go into the gradebook, whatever happens.

Each file's marks are entered in one transaction as soon as they are known, under the learner, lesson, file's digest,
seed and state of the course. So a run that was killed, begun again, does only what is left.
"""

import hashlib
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from classroom.grading import people, submission
from classroom.grading.crew import Crew
from classroom.grading.gradebook import Gradebook
from classroom.grading.model import NOT_JUDGED, Marked
from classroom.grading.worker import Job, Settings

TIMEOUT = 60.0  # seconds of a learner's own computing, for a whole submission
MEMORY = 2_000  # megabytes that a submission may use beyond what numpy takes
MOST_SEED = 2**31


@dataclass
class Summary:
    """What a run did. Every file is in one of `marked`, `skipped` and, if a grader was stopped, `left`."""

    seed: int
    files: int = 0
    marked: int = 0
    skipped: int = 0
    unjudged: list[str] = field(default_factory=list)
    left: int = 0
    seconds: float = 0.0

    @property
    def code(self) -> int:
        """0 if every submission has a mark."""
        return int(self.left > 0)

    def __str__(self) -> str:
        said = f"{self.marked} marked, {self.skipped} marked before, in {self.seconds:.0f} s; seed {self.seed}."
        if self.unjudged:
            listed = ", ".join(self.unjudged[:10]) + " …" * (len(self.unjudged) > 10)
            said += f" Could not be judged, though they have a row: {listed}. The next run tries them again."
        if self.left:
            said += f" {self.left} are left: run the same command again, it goes on where it stopped."
        return said


def grade(
    submissions: Path,
    gradebook: Path,
    jobs: int = 0,
    timeout: float = TIMEOUT,
    memory: int = MEMORY,
    seed: int | None = None,
    scheduler: str = "",
    tell: Callable[[str], object] = lambda line: None,
    judge: str = Settings.judge,
    **finding,
) -> Summary:
    """Mark all that lies in the folder `submissions`, with `jobs` workers, and enter it into `gradebook`.

    Without a `seed` that of the gradebook is taken; an empty one draws its own. `memory` is in megabytes. `finding`
    goes to `people.find`: a `pattern` of names, a `roster`. What is good to know, and each mark, goes to `tell`.
    """
    begun = time.monotonic()
    gathered = people.find(Path(submissions), **finding)
    for said in gathered.lines():
        tell(said)
    files = [Job(f.path, f.learner, f.received, tuple(f.notes)) for f in gathered.found]
    with Gradebook(gradebook) as book:
        rows = book.rows()
        seed = _seed(seed, rows)
        for row in rows:
            if any(mark.state == NOT_JUDGED for mark in row.marked.marks):
                book.regrade(row.learner, row.lesson)
        settings = Settings(seed, timeout, memory * 1_000_000, judge=judge)
        summary = Summary(seed, len(files))
        with _crew(settings, jobs, scheduler, len(files)) as crew:
            before = _lessons_of(rows)
            work = [job for job in files if not _is_done(book, job, before, seed, crew.course)]
            summary.skipped = len(files) - len(work)
            summary.left = len(work)
            for job, found in _bar(crew.mark(work), len(work)):
                book.enter_all(found)
                summary.marked += 1
                summary.left -= 1
                for marked, _ in found:
                    tell(line(marked))
                    if any(mark.state == NOT_JUDGED for mark in marked.marks) or not marked.isolation:
                        summary.unjudged.append(job.learner)
    summary.seconds = time.monotonic() - begun
    return summary


def line(marked: Marked) -> str:
    """One submission in one line."""
    notes = f"  ({marked.notes[0]})" if marked.notes else ""
    return f"{marked.learner}  {marked.lesson or '?'}  {marked.points:g} of {marked.of:g}{notes}".translate(UNPRINTABLE)


# A learner chose the file's name: no line of ours may move a terminal's cursor or turn its text around.
UNPRINTABLE = dict.fromkeys([*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "?")


def _seed(asked, rows):
    if asked is not None:
        if not 0 <= asked < MOST_SEED:
            raise ValueError(f"The seed should be a whole number from 0 to {MOST_SEED - 1}, got {asked}.")
        return asked
    latest = max(rows, key=lambda row: row.marked.graded, default=None)
    return latest.marked.seed if latest else secrets.randbelow(MOST_SEED)


def _crew(settings, jobs, scheduler, files):
    if scheduler:
        from classroom.grading import cluster

        return cluster.Cluster(settings, scheduler)
    if jobs < 0:
        raise ValueError(f"jobs should be a number from 1 up, or 0 for one a processor; got {jobs}.")
    return Crew(settings, max(1, min(jobs or os.cpu_count() or 1, files)))


def _lessons_of(rows):
    found = {}
    for row in rows:
        found.setdefault(row.learner, set()).add(row.lesson)
    return found


def _is_done(book, job, before, seed, course):
    """Has all that the file holds a mark? A plain file is known by its bytes; an archive must be opened."""
    lessons = before.get(job.learner)
    if not lessons:
        return False
    if digest := _digest(job.path):
        return any(book.done(job.learner, lesson, digest, seed, course) for lesson in lessons)
    found = submission.read_all(job.path, job.learner)
    return all(book.done(job.learner, one.lesson, one.digest, seed, course) for one in found)


def _digest(path):
    """Of a plain file that is no archive; "" of anything else."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > submission.MOST_BYTES:
        return ""
    data = path.read_bytes()
    return "" if data.startswith(b"PK") else hashlib.sha256(data).hexdigest()


def _bar(found: Iterable, total: int):
    """With a progress bar on a terminal. Without tqdm there is none."""
    try:
        from tqdm import tqdm
    except ImportError:
        return found
    return tqdm(found, total=total, unit="file", disable=not sys.stderr.isatty())
