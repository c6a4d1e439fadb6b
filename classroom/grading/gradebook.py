"""The gradebook: one SQLite file that keeps every marking and every change by hand, and loses neither in a kill.

What the judge said is never written over. A mark that a person sets stands beside it, with reason, name and time; late
days are counted when a report is made. SQLite's write-ahead log lets several processes write at once.
"""

from __future__ import annotations

import difflib
import json
import math
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from classroom.grading.late import Late
from classroom.grading.model import Marked, Submission, TaskMark

FORMAT = 1
MOST_TEXT = 20_000  # characters of one sentence or case
TABLES = """
CREATE TABLE marked (
    id INTEGER PRIMARY KEY, learner TEXT NOT NULL, lesson TEXT NOT NULL, digest TEXT NOT NULL, seed INTEGER NOT NULL,
    course TEXT NOT NULL, points REAL NOT NULL, "of" REAL NOT NULL, isolation TEXT NOT NULL, seconds REAL NOT NULL,
    graded TEXT NOT NULL, received TEXT, path TEXT NOT NULL, notes TEXT NOT NULL, packages TEXT NOT NULL);
CREATE INDEX marked_key ON marked (learner, lesson, digest, seed, course);
CREATE TABLE task (
    marked INTEGER NOT NULL REFERENCES marked ON DELETE CASCADE, place INTEGER NOT NULL, task TEXT NOT NULL,
    points REAL NOT NULL, "of" REAL NOT NULL, state TEXT NOT NULL, sentence TEXT NOT NULL, "case" TEXT NOT NULL,
    misconceptions TEXT NOT NULL, PRIMARY KEY (marked, place)) WITHOUT ROWID;
CREATE TABLE override (
    id INTEGER PRIMARY KEY, learner TEXT NOT NULL, task TEXT NOT NULL, points REAL, reason TEXT NOT NULL,
    by TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE regrade (learner TEXT NOT NULL, lesson TEXT NOT NULL, after INTEGER NOT NULL, at TEXT NOT NULL);
CREATE TABLE page (path TEXT PRIMARY KEY, learner TEXT NOT NULL);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass
class Override:
    """A mark that a person set: `points` None takes an earlier one back."""

    learner: str
    task: str
    points: float | None
    reason: str
    by: str
    at: datetime


@dataclass
class Row:
    """What counts for one learner in one lesson: the marking of her last submission, and what a person changed."""

    marked: Marked
    received: datetime | None
    path: str
    overrides: dict[str, Override] = field(default_factory=dict)
    earlier: int = 0
    """How many other submissions of hers for this lesson were marked and do not count."""

    @property
    def learner(self) -> str:
        return self.marked.learner

    @property
    def lesson(self) -> str:
        return self.marked.lesson

    def points_of(self, mark: TaskMark) -> float:
        """The points of one task: a person's if there are any, else the judge's."""
        by_hand = self.overrides.get(mark.task)
        return mark.points if by_hand is None else by_hand.points

    @property
    def points(self) -> float:
        """Of all tasks, before anything is taken off for lateness."""
        return sum(self.points_of(mark) for mark in self.marked.marks)

    @property
    def of(self) -> float:
        return self.marked.of


class Gradebook:
    """The gradebook in the file `path`, which is made if it is not there."""

    def __init__(self, path: Path):
        self.path = Path(path)
        if not self.path.parent.is_dir():
            raise ValueError(f"There is no folder {self.path.parent} for the gradebook; make it first.")
        self._db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        try:
            self._db.execute("PRAGMA busy_timeout = 60000")
            _patiently(lambda: self._db.execute("PRAGMA journal_mode = WAL"))
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute("PRAGMA secure_delete = ON")
            self._make()
        except sqlite3.DatabaseError as problem:
            self._db.close()
            raise ValueError(f"{self.path} is not a gradebook, or cannot be written: {problem}.") from problem

    def close(self) -> None:
        self._db.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- marks ------------------------------------------------------------------------------------------------

    def done(self, learner: str, lesson: str, digest: str, seed: int, course: str) -> bool:
        """Is this submission marked with this seed and this state of the course, and not to be marked again?"""
        row = self._db.execute(
            "SELECT max(id) FROM marked WHERE (learner, lesson, digest, seed, course) = (?, ?, ?, ?, ?)",
            [_text(learner), lesson, digest, seed, course],
        ).fetchone()
        asked = self._db.execute(
            "SELECT max(after) FROM regrade WHERE learner = ? AND lesson IN ('', ?)", [_text(learner), lesson]
        ).fetchone()
        return row[0] is not None and (asked[0] is None or row[0] > asked[0])

    def enter(self, marked: Marked, submission: Submission | None = None) -> bool:
        """Write a marking, whole or not at all. False if it was there already; then nothing is written."""
        return self.enter_all([(marked, submission)]) == 1

    def enter_all(self, pairs) -> int:
        """Write many markings, pairs of a `Marked` and its `Submission` or None, together; returns how many are new."""
        with self._writing() as db:
            return sum(self._enter(db, marked, submission) for marked, submission in pairs)

    def _enter(self, db, marked, submission):
        if self.done(marked.learner, marked.lesson, marked.digest, marked.seed, marked.course):
            return False
        received = submission.received if submission else None
        number = db.execute(
            "INSERT INTO marked VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(_text(marked.learner), marked.lesson, marked.digest, marked.seed, marked.course),
                *(_points(marked.points), _points(marked.of), _text(marked.isolation), marked.seconds),
                *(_time(marked.graded), _time(received), _text(str(submission.path)) if submission else ""),
                *(_json(marked.notes), _json(marked.packages)),
            ],
        ).lastrowid
        rows = [
            [
                *(number, place, _text(mark.task), _points(mark.points), _points(mark.of), mark.state),
                *(_text(mark.sentence), _text(mark.case), _json(mark.misconceptions)),
            ]
            for place, mark in enumerate(marked.marks)
        ]
        db.executemany("INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return True

    def rows(self, learner: str | None = None) -> list[Row]:
        """For each learner and lesson what counts: the submission received last, in its last marking."""
        only, values = ("WHERE learner = ?", [_text(learner)]) if learner is not None else ("", [])
        tasks: dict[int, list[TaskMark]] = {}
        for number, _, *about, found in self._db.execute(
            f"SELECT * FROM task WHERE marked IN (SELECT id FROM marked {only}) ORDER BY marked, place", values
        ):
            tasks.setdefault(number, []).append(TaskMark(*about, json.loads(found)))
        by_hand = self._current(learner)
        rows: dict[tuple[str, str], Row] = {}
        digests: dict[tuple[str, str], set[str]] = {}
        order = "ORDER BY received, path, id"  # a submission without a time counts as the earliest
        for number, who, lesson, digest, seed, course, _, _, isolation, seconds, graded, *rest in self._db.execute(
            f"SELECT * FROM marked {only} {order}", values
        ):
            received, path, notes, packages = rest
            of_task = tasks.get(number, [])
            when, kept = datetime.fromisoformat(graded), json.loads(packages)
            marked = Marked(
                *(who, lesson, digest, of_task, json.loads(notes), isolation, seed, seconds, when, course, kept)
            )
            digests.setdefault((who, lesson), set()).add(digest)
            came = datetime.fromisoformat(received) if received else None
            rows[who, lesson] = Row(marked, came, path, by_hand.get(who, {}), len(digests[who, lesson]) - 1)
        return sorted(rows.values(), key=lambda row: (row.learner.casefold(), row.learner, _parts(row.lesson)))

    def learners(self) -> list[str]:
        return [who for (who,) in self._db.execute("SELECT DISTINCT learner FROM marked ORDER BY learner")]

    # --- by hand ----------------------------------------------------------------------------------------------

    def override(self, learner: str, task: str, points: float | None, reason: str, by: str) -> None:
        """Set the points of a learner's task by hand; None gives the judge's back. The history keeps earlier ones."""
        marks = {mark.task for row in self.rows(learner) for mark in row.marked.marks}
        self._need_learner(learner)
        if task not in marks:
            raise LookupError(f"{learner} has no mark for {task!r}; there are marks for: {', '.join(sorted(marks))}.")
        if points is not None and not (math.isfinite(points) and points >= 0):
            raise ValueError(f"The points should be a number from 0 up, got {points!r}.")
        if not reason.strip() or not by.strip():
            raise ValueError("A mark by hand needs a reason and the name of who sets it.")
        with self._writing() as db:
            values = [_text(learner), task, points, _text(reason), _text(by), _time(_now())]
            db.execute("INSERT INTO override VALUES (NULL, ?, ?, ?, ?, ?, ?)", values)

    def history(self, learner: str | None = None) -> list[Override]:
        """Every change by hand, the oldest first."""
        rows = self._db.execute("SELECT learner, task, points, reason, by, at FROM override ORDER BY id")
        found = [Override(*about, datetime.fromisoformat(at)) for *about, at in rows]
        return [change for change in found if learner is None or change.learner == _text(learner)]

    def regrade(self, learner: str, lesson: str = "") -> None:
        """Let the next `grade` mark this learner again, in one lesson or in all, though nothing has changed."""
        self._need_learner(learner)
        with self._writing() as db:
            last = db.execute("SELECT max(id) FROM marked").fetchone()[0]
            db.execute("INSERT INTO regrade VALUES (?, ?, ?, ?)", [_text(learner), lesson, last, _time(_now())])

    def forget(self, learner: str) -> tuple[list[Path], list[Path]]:
        """Remove all that is kept about a learner: her marks, what was changed by hand, her pages, and the tables and
        pages about the class that hold her (`report` writes them anew). Returns the files that were removed, and her
        submissions, which are not ours to remove."""
        self._need_learner(learner)
        who = _text(learner)
        handed_in = self._db.execute(
            "SELECT DISTINCT path FROM marked WHERE learner = ? AND path != ''", [who]
        ).fetchall()
        pages = self._db.execute("SELECT path FROM page WHERE learner IN (?, '') ORDER BY path", [who]).fetchall()
        removed = [path for path in (Path(name) for (name,) in pages) if path.exists()]
        for path in removed:
            path.unlink()
        with self._writing() as db:
            for table in ("marked", "override", "regrade", "page"):
                db.execute(f"DELETE FROM {table} WHERE learner = ?", [who])
            db.execute("DELETE FROM page WHERE learner = ''")
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return removed, [Path(path) for (path,) in handed_in]

    # --- due dates, pages -------------------------------------------------------------------------------------

    def set_due(self, lesson: str, due: datetime) -> None:
        """When a lesson's submissions are due; reports count lateness from it."""
        self._set(f"due {lesson}", _time(due))

    def due(self, lesson: str) -> datetime | None:
        found = self._setting(f"due {lesson}")
        return datetime.fromisoformat(found) if found else None

    def set_late(self, late: Late) -> None:
        self._set("late", json.dumps(asdict(late)))

    @property
    def late(self) -> Late:
        """What lateness costs; nothing if no one has said."""
        return Late(**json.loads(self._setting("late") or "{}"))

    def wrote(self, files: dict[Path, str]) -> None:
        """Remember the files that a report wrote, and about whom ("" is the class), so that `forget` finds them."""
        with self._writing() as db:
            rows = [(str(Path(path).resolve()), _text(learner)) for path, learner in files.items()]
            db.executemany("INSERT OR REPLACE INTO page VALUES (?, ?)", rows)

    # --- inside -----------------------------------------------------------------------------------------------

    def _make(self):
        with self._writing() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 and not db.execute("SELECT 1 FROM sqlite_master").fetchone():
                for statement in TABLES.split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {FORMAT}")
            elif version != FORMAT:
                raise sqlite3.DatabaseError(f"its format is {version}, this course writes {FORMAT}")

    @contextmanager
    def _writing(self):
        """One transaction, which waits for its turn; after an error or a kill nothing of it is there."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _current(self, learner):
        """By learner and task the change by hand that holds now."""
        found: dict[str, dict[str, Override]] = {}
        for change in self.history(learner):
            of_hers = found.setdefault(change.learner, {})
            of_hers.pop(change.task, None)
            if change.points is not None:
                of_hers[change.task] = change
        return found

    def _need_learner(self, learner):
        if _text(learner) not in (known := self.learners()):
            close = difflib.get_close_matches(learner, known, 3, 0.5)
            raise LookupError(f"The gradebook has no learner {learner!r}. Near: {', '.join(close) or 'nobody'}.")

    def _set(self, name, value):
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, value])

    def _setting(self, name):
        row = self._db.execute("SELECT value FROM setting WHERE name = ?", [name]).fetchone()
        return row[0] if row else ""


def _patiently(act, seconds=10):
    """Changing to the write-ahead log does not wait when another process does the same at this moment."""
    end = time.monotonic() + seconds
    while True:
        try:
            return act()
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _now():
    return datetime.now(UTC)


def _time(when):
    """In UTC, so that times compare as texts. A time without a zone is this computer's."""
    return when.astimezone(UTC).isoformat(timespec="microseconds") if when else None


def _text(value):
    """What SQLite can keep: no half surrogate pairs, no text without end."""
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "")[:MOST_TEXT]


def _json(value):
    return json.dumps(value)


def _points(value):
    if not math.isfinite(value):
        raise ValueError(f"Points should be finite, got {value!r}.")
    return float(value)


def _parts(lesson):
    return [int(part) if part.isdigit() else 0 for part in lesson.split(".")]
