"""Writes marks into nbgrader's own gradebook, through its API: its formgrader and its exporters then show them.

The judge's points become nbgrader's automatic score, a person's its manual one, lateness its penalty.
"""

import os
import re
import sys
import warnings
from datetime import UTC
from pathlib import Path

from classroom import paths
from classroom.grading.gradebook import Gradebook


def write(gradebook: Path, database: str) -> str:
    """Write every row of our `gradebook` into nbgrader's `database` (a file, or an address such as sqlite:///…)."""
    address = database if "://" in database else f"sqlite:///{Path(database).resolve()}"
    with Gradebook(gradebook) as book, opened(address) as theirs, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Object of type .* not in session")  # nbgrader's own way with SQLAlchemy
        rows = [row for row in book.rows() if row.lesson and row.marked.marks]
        for lesson in dict.fromkeys(row.lesson for row in rows):
            of_lesson = [row for row in rows if row.lesson == lesson]
            name = _make_assignment(theirs, lesson, of_lesson, book.due(lesson))
            for row in of_lesson:
                _write_row(theirs, name, row, book.late.part(row.received, book.due(lesson)))
        left = len(book.rows()) - len(rows)
    rest = f" {left} without a known lesson are not in it." if left else ""
    return f"{len(rows)} submissions written into nbgrader's {database}.{rest}"


def opened(address: str):
    """nbgrader's gradebook. To make one it calls the program `alembic`, which lies beside our Python."""
    try:
        from nbgrader.api import Gradebook as Theirs
    except ImportError:
        raise ValueError("--nbgrader needs nbgrader: pip install nbgrader") from None
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join(filter(None, [str(Path(sys.executable).parent), before]))
    try:
        return Theirs(address)
    finally:
        os.environ["PATH"] = before


def _make_assignment(theirs, lesson, rows, due):
    """nbgrader's assignment for a lesson, with a cell for each task; what it knows of the assignment stays."""
    try:
        name = paths.lesson_stem(lesson).name
    except LookupError:
        name = lesson.replace(".", "_")
    theirs.update_or_create_assignment(name, **({"duedate": _naive(due)} if due else {}))
    theirs.update_or_create_notebook(name, name)
    for mark in {mark.task: mark for row in rows for mark in row.marked.marks}.values():
        theirs.update_or_create_grade_cell(_cell(mark.task), name, name, max_score=mark.of, cell_type="code")
    return name


def _write_row(theirs, name, row, part):
    student = row.learner.replace("/", "-")
    theirs.update_or_create_student(student)
    submission = theirs.update_or_create_submission(
        name, student, **({"timestamp": _naive(row.received)} if row.received else {})
    )
    notebook = submission.notebooks[0]
    points = {_cell(mark.task): mark for mark in row.marked.marks}
    for grade in notebook.grades:
        mark = points.get(grade.name)
        if mark is None:
            continue
        by_hand = row.overrides.get(mark.task)
        grade.auto_score = mark.points
        grade.manual_score = by_hand.points if by_hand else None
        grade.extra_credit = None
        grade.needs_manual_grade = False
    notebook.late_submission_penalty = round(row.points * (1 - part), 2)
    theirs.db.commit()


def _cell(task):
    """The name of a task's check in the built notebooks: "1.1 parts" is 1_1_parts_check."""
    return re.sub("[^A-Za-z0-9]+", "_", task) + "_check"


def _naive(when):
    return when.astimezone(UTC).replace(tzinfo=None)
