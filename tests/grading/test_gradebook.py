"""The gradebook keeps what the judge said, what a person changed and why, and loses nothing when it is killed."""

import math
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classroom.grading.gradebook import Gradebook
from classroom.grading.late import Late, moment
from classroom.grading.model import Marked, Submission, TaskMark

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def marked(learner="ada", lesson="1.1", digest="d1", points=(3, 0), seed=7, course="c"):
    marks = [
        TaskMark(f"{lesson} task {i}", p, 5, "passed" if p == 5 else "not yet", "A sentence.", "x = 1", ["a cause"])
        for i, p in enumerate(points)
    ]
    return Marked(learner, lesson, digest, marks, ["a note"], "landlock", seed, 0.01, NOON, course, {"numpy": "2"})


def handed_in(learner="ada", received=NOON, path="a.ipynb"):
    return Submission(learner, "1.1", Path(path), "d1", received=received)


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "class.db") as gradebook:
        yield gradebook


def test_what_is_entered_comes_back_whole(book):
    assert book.enter(marked(), handed_in())
    (row,) = book.rows()
    assert row.marked == marked() and row.received == NOON and row.path == "a.ipynb"
    assert (row.points, row.of, row.earlier) == (3, 10, 0)


def test_the_same_marking_is_entered_once_and_another_seed_or_course_again(book):
    assert not book.done("ada", "1.1", "d1", 7, "c")
    assert book.enter(marked()) and not book.enter(marked())
    assert book.done("ada", "1.1", "d1", 7, "c")
    for other in ({"seed": 8}, {"course": "d"}, {"digest": "d2"}, {"learner": "bob"}):
        assert book.enter(marked(**other))
    assert {row.learner: row.earlier for row in book.rows()} == {"ada": 1, "bob": 0}


def test_the_submission_that_was_received_last_counts_in_whatever_order_they_are_marked(book):
    book.enter(marked(digest="new", points=(5, 5)), handed_in(received=NOON))
    book.enter(marked(digest="old", points=(0, 0)), handed_in(received=NOON - timedelta(hours=1)))
    (row,) = book.rows()
    assert (row.marked.digest, row.points, row.earlier) == ("new", 10, 1)


def test_a_mark_by_hand_stands_beside_the_judges_with_its_history(book):
    book.enter(marked())
    book.override("ada", "1.1 task 1", 4, "the drawing was ambiguous", "Dr B")
    book.override("ada", "1.1 task 1", 5, "and she said so", "Dr B")
    (row,) = book.rows("ada")
    assert row.points == 8 and row.marked.points == 3
    assert [(c.points, c.reason, c.by) for c in book.history("ada")] == [
        (4, "the drawing was ambiguous", "Dr B"),
        (5, "and she said so", "Dr B"),
    ]
    book.enter(marked(digest="d2", points=(5, 0)), handed_in())  # a person's mark outlives a new marking
    assert book.rows("ada")[0].points == 10
    book.override("ada", "1.1 task 1", None, "a mistake", "Dr B")
    assert book.rows("ada")[0].points == 5 and len(book.history()) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("adda", "1.1 task 1", 1, "r", "b"), "no learner 'adda'. Near: ada"),
        (("ada", "1.1 task 9", 1, "r", "b"), "no mark for '1.1 task 9'; there are marks for: 1.1 task 0, 1.1 task 1"),
        (("ada", "1.1 task 1", -1, "r", "b"), "a number from 0 up, got -1"),
        (("ada", "1.1 task 1", math.nan, "r", "b"), "got nan"),
        (("ada", "1.1 task 1", 1, " ", "b"), "needs a reason"),
        (("ada", "1.1 task 1", 1, "r", ""), "the name of who sets it"),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(book, change, said):
    book.enter(marked())
    with pytest.raises((ValueError, LookupError), match=said):
        book.override(*change)
    assert not book.history()


def test_one_learner_can_be_marked_again_though_nothing_has_changed(book):
    for who in ("ada", "bob"):
        book.enter(marked(who))
        book.enter(marked(who, lesson="2.1"))
    book.regrade("ada", "1.1")
    done = {(w, n): book.done(w, n, "d1", 7, "c") for w in ("ada", "bob") for n in ("1.1", "2.1")}
    assert [key for key, fine in done.items() if not fine] == [("ada", "1.1")]
    assert book.enter(marked(points=(5, 5))) and book.done("ada", "1.1", "d1", 7, "c")
    assert book.rows("ada")[0].points == 10


def test_nothing_of_a_forgotten_learner_is_left_in_any_file(book, tmp_path):
    for who in ("ada-lovelace", "bob"):
        book.enter(marked(who), handed_in(who, path=f"{who}.ipynb"))
        book.override(who, "1.1 task 1", 4, f"because {who} asked", "Dr B")
        book.regrade(who)
        (tmp_path / f"{who}.html").write_text(who)
        book.wrote({tmp_path / f"{who}.html": who})
    (tmp_path / "marks.csv").write_text("ada-lovelace,bob")
    book.wrote({tmp_path / "marks.csv": ""})
    removed, hers = book.forget("ada-lovelace")
    assert {path.name for path in removed} == {"ada-lovelace.html", "marks.csv"}
    assert hers == [Path("ada-lovelace.ipynb")]
    book.close()
    for path in tmp_path.iterdir():
        assert b"ada-lovelace" not in path.read_bytes(), path
    with Gradebook(tmp_path / "class.db") as again:
        assert again.learners() == ["bob"] and len(again.history("bob")) == 1
        with pytest.raises(LookupError):
            again.forget("ada-lovelace")


def test_hostile_text_is_kept_as_text_and_points_without_end_are_refused(book):
    odd = "'; DROP TABLE marked; -- \ud800 \0 <script>" + "x" * 100_000
    m = marked(learner="a\ud800'b")
    m.marks[0].sentence = odd
    book.enter(m)
    (row,) = book.rows()
    assert row.learner == "a?'b" and row.marked.marks[0].sentence.startswith("'; DROP TABLE marked; -- ?  <script>")
    assert len(row.marked.marks[0].sentence) == 20_000
    assert book.done("a\ud800'b", "1.1", "d1", 7, "c")
    with pytest.raises(ValueError, match="finite"):
        book.enter(marked("eve", points=(math.inf, 0)))
    assert book.learners() == ["a?'b"]


def test_a_file_of_another_kind_is_refused_and_not_touched(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("my notes, " * 1000)
    with pytest.raises(ValueError, match="not a gradebook"):
        Gradebook(path)
    assert path.read_text() == "my notes, " * 1000
    with pytest.raises(ValueError, match="There is no folder"):
        Gradebook(tmp_path / "no" / "class.db")


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.grading.test_gradebook import marked
from classroom.grading.gradebook import Gradebook
with Gradebook(sys.argv[2]) as book:
    for number in range(int(sys.argv[4])):
        book.enter(marked(f"{sys.argv[3]}{number}"))
        print(number, flush=True)
"""


def writer(path, name, count):
    command = [sys.executable, "-c", WRITER, str(Path(__file__).parents[2]), str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_write_at_once_and_a_killed_one_loses_nothing_that_it_acknowledged(tmp_path):
    path = tmp_path / "class.db"
    whole, killed = writer(path, "a", 150), writer(path, "b", 100_000)
    time.sleep(1.0)
    os.kill(killed.pid, signal.SIGKILL)
    said = {name: process.communicate(timeout=60)[0].split() for name, process in (("a", whole), ("b", killed))}
    assert whole.returncode == 0 and len(said["a"]) == 150
    with Gradebook(path) as book:
        rows = book.rows()
        entered = {row.learner for row in rows}
        assert {f"{name}{number}" for name in said for number in said[name]} <= entered
        assert len(entered) <= 150 + len(said["b"]) + 1
        assert all(len(row.marked.marks) == 2 for row in rows)


# --- lateness -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "days", "part"),
    [(-5, 0, 1), (0, 0, 1), (2, 0, 1), (2.01, 1, 0.9), (24, 1, 0.9), (24.1, 2, 0.8), (24 * 9, 9, 0.5)],
)
def test_each_day_begun_after_the_grace_costs_its_part(hours, days, part):
    late = Late(percent=10, grace=2, most=50)
    received = NOON + timedelta(hours=hours)
    assert late.days(received, NOON) == days and math.isclose(late.part(received, NOON), part)


def test_without_a_rule_or_a_date_nothing_is_lost(book):
    assert book.late == Late() and book.due("1.1") is None
    assert Late(10).part(None, NOON) == Late(10).part(NOON, None) == Late().part(NOON + timedelta(days=9), NOON) == 1
    book.set_due("1.1", NOON)
    book.set_late(Late(20, 1, 60))
    assert book.due("1.1") == NOON and book.late == Late(20, 1, 60)
    with pytest.raises(ValueError, match="from 0 to 100"):
        Late(percent=120)


def test_a_due_date_is_the_end_of_its_day_unless_an_hour_is_said():
    assert moment("2026-12-01").astimezone().strftime("%d %H:%M:%S") == "01 23:59:59"
    assert moment("2026-12-01 18:00+01:00") == datetime(2026, 12, 1, 17, tzinfo=UTC)
    with pytest.raises(ValueError, match="should read like"):
        moment("tomorrow")
