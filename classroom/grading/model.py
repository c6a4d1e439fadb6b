"""What passes between the rooms of grading: a submission as it was read, the mark of one task, and all its marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

NOT_JUDGED = "not judged"
"""The state of a task that could not be judged: the fault is the machine's, and the sentence says which."""


@dataclass
class Cell:
    """One cell. ``grade_id`` is empty unless the cell's metadata names a task; ``kind`` is "code" or "markdown"."""

    source: str
    id: str = ""
    grade_id: str = ""
    kind: str = "code"


@dataclass
class Submission:
    """A notebook that a learner handed in, whatever state it is in: ``notes`` are sentences about what was odd."""

    learner: str
    lesson: str
    """Its number, such as "1.1"; empty where nothing tells."""
    path: Path
    digest: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    cells: list[Cell] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    received: datetime | None = None


@dataclass
class TaskMark:
    """The mark of one task. All of its text is plain and escaped nowhere: whoever writes a page from it escapes it."""

    task: str
    points: float
    of: float
    state: str
    """One of the states of `classroom.tasks.examine`, or `NOT_JUDGED`."""
    sentence: str = ""
    case: str = ""
    """The smallest visible case that failed; empty if there is none. A hidden case never stands here."""
    misconceptions: list[str] = field(default_factory=list)


@dataclass
class Marked:
    """A submission as it was marked, with all that is needed to mark it again in the same way."""

    learner: str
    lesson: str
    digest: str
    marks: list[TaskMark]
    notes: list[str]
    isolation: str
    """What held the learner's code while it ran, in words."""
    seed: int
    seconds: float
    graded: datetime
    course: str
    """The commit of the course; empty outside a clone."""
    packages: dict[str, str] = field(default_factory=dict)

    @property
    def points(self) -> float:
        return sum(mark.points for mark in self.marks)

    @property
    def of(self) -> float:
        return sum(mark.of for mark in self.marks)
