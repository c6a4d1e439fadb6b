"""nbgrader's own commands work on the source tree that `assign --nbgrader` writes, and its gradebook takes ours."""

import csv
import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from classroom.grading import late, source_tree
from classroom.grading import nbgrader as theirs
from classroom.grading.gradebook import Gradebook
from classroom.grading.late import Late
from classroom.grading.model import Marked, Submission, TaskMark
from classroom.paths import ROOT, lesson_stem
from classroom.tasks.source import load
from tests.grading.test_gradebook import NOON

NAME = "1_1_neuron"
TASKS = load(lesson_stem("1.1"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    out = tmp_path_factory.mktemp("nbgrader") / "course"
    source_tree.write(ROOT, "1.1", out, late.moment("2026-12-01 18:00+00:00"))
    return out


def nbgrader(course, *words):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    home = str(course.parent)
    settings = {"PATH": path, "HOME": home, "CLASSROOM_DATA": home, "JUPYTER_CONFIG_DIR": home, "IPYTHONDIR": home}
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=course,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stderr


def test_generate_assignment_autograde_and_export_work_on_the_source_tree(course):
    nbgrader(course, "generate_assignment", NAME)
    released = course / "release" / NAME / f"{NAME}.ipynb"
    nb = json.loads(released.read_text(encoding="utf-8"))
    built = json.loads((ROOT / "exercises/1_remember" / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    assert sources(nb) == sources(built)  # what nbgrader releases is what we build: stubs, and no answer
    answers = {re.sub("[^A-Za-z0-9]+", "_", task.name): task.answer for task in TASKS[:3]}
    for cell in nb["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    handed_in = course / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_text(json.dumps(nb), encoding="utf-8")
    nbgrader(course, "autograde", NAME)
    nbgrader(course, "export")
    (row,) = csv.DictReader((course / "grades.csv").read_text().splitlines())
    assert (row["student_id"], float(row["score"]), float(row["max_score"])) == ("ada", 15, 30)
    assert row["duedate"].startswith("2026-12-01 18:00")


def sources(nb):
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in nb["cells"]
        if "nbgrader" in cell["metadata"]
    }


def entered(path):
    """Our gradebook with a row for ada, with a mark by hand, and for bob, who is late."""
    with Gradebook(path) as book:
        for who, hours, points in (("ada", 0, 5.0), ("bob", 30, 2.5)):
            marks = [TaskMark(task.name, points, 5, "passed" if points == 5 else "not yet") for task in TASKS]
            marked = Marked(who, "1.1", who, marks, [], "landlock", 7, 0.1, NOON + timedelta(days=2), "c")
            book.enter(marked, Submission(who, "1.1", Path(who), who, received=NOON + timedelta(hours=hours)))
        odd = Marked("eve", "", "e", [], ["not a notebook"], "landlock", 7, 0.1, NOON, "c")
        book.enter(odd)
        book.override("ada", TASKS[0].name, 1, "her own words were needed", "Dr B")
        book.set_due("1.1", NOON)
        book.set_late(Late(10))


def test_our_marks_stand_in_nbgraders_gradebook_and_exports(course, tmp_path):
    entered(tmp_path / "class.db")
    database = tmp_path / "nbgrader.db"
    for _ in range(2):  # writing again changes nothing
        said = theirs.write(tmp_path / "class.db", str(database))
    assert "2 submissions written" in said and "1 without a known lesson" in said
    with theirs.opened(f"sqlite:///{database}") as book:
        ada, bob = (book.find_submission(NAME, who) for who in ("ada", "bob"))
        assert (ada.score, ada.max_score, ada.needs_manual_grade) == (26, 30, False)
        assert (bob.score, bob.late_submission_penalty, bob.total_seconds_late) == (15, 3, 30 * 3600)
        parts = book.find_grade("1_1_parts_check", NAME, NAME, "ada")
        assert (parts.auto_score, parts.manual_score, parts.score, parts.max_score) == (5, 1, 1, 5)
        assert [(s["id"], s["score"], s["max_score"]) for s in book.student_dicts()] == [
            ("ada", 26, 30),
            ("bob", 15, 30),
        ]
        assert book.average_assignment_score(NAME) == 20.5
    nbgrader(course, "export", f"--db=sqlite:///{database}", f"--to={tmp_path / 'grades.csv'}")
    rows = list(csv.DictReader((tmp_path / "grades.csv").read_text().splitlines()))
    assert {row["student_id"]: float(row["score"]) for row in rows} == {"ada": 26, "bob": 12}


def test_a_database_that_generate_assignment_made_takes_our_marks(course, tmp_path):
    """What nbgrader knows of the assignment stays: names of the cells and points are the same."""
    if not (course / "release").exists():
        nbgrader(course, "generate_assignment", NAME)
    entered(tmp_path / "class.db")
    theirs.write(tmp_path / "class.db", str(course / "gradebook.db"))
    with theirs.opened(f"sqlite:///{course / 'gradebook.db'}") as book:
        cells = {cell.name: cell.max_score for cell in book.find_notebook(NAME, NAME).grade_cells}
        assert cells == {re.sub("[^A-Za-z0-9]+", "_", task.name) + "_check": task.points for task in TASKS}
        assert book.find_submission(NAME, "bob").score == 15


def test_a_tree_that_is_there_is_not_written_over(course):
    with pytest.raises(ValueError, match="is there already"):
        source_tree.write(ROOT, "1.1", course)
