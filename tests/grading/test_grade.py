"""The orchestration of grading: every file is marked once, whatever dies, and a second run does what is left."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from classroom.cli import main
from classroom.grading import crew, grade
from classroom.grading.gradebook import Gradebook
from classroom.grading.model import NOT_JUDGED
from classroom.grading.worker import Refused
from classroom.paths import ROOT

FAKE = "tests.grading.fakes:FakeJudge"
MAIN = "import sys\nfrom pathlib import Path\nfrom classroom.grading.grade import grade\n" + (
    "print(grade(Path(sys.argv[1]), Path(sys.argv[2]), jobs=2, judge=sys.argv[3], tell=lambda l: print(l, flush=True)))"
)


def notebook(source, lesson="1_1_parts"):
    cell = {"cell_type": "code", "id": "a", "metadata": {"nbgrader": {"grade_id": lesson}}, "source": source}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "submissions"
    made.mkdir()
    return made


def hand_in(folder, **sources):
    for learner, source in sources.items():
        (folder / learner).mkdir()
        (folder / learner / "1_1_neuron.ipynb").write_text(notebook(f"# {source}"))


def run(folder, **by):
    lines = []
    summary = grade.grade(folder, folder.parent / "book.db", judge=FAKE, tell=lines.append, **{"jobs": 2, **by})
    return summary, lines


def rows(folder):
    with Gradebook(folder.parent / "book.db") as book:
        return {row.learner: row for row in book.rows()}


def test_every_file_is_marked_once(folder):
    hand_in(folder, ada="1", ben="2", cleo="3")
    first, lines = run(folder)
    assert (first.marked, first.skipped, first.left, first.code) == (3, 0, 0, 0)
    assert sorted(lines) == [f"{who}  1.1  5 of 5" for who in ("ada", "ben", "cleo")]
    again, lines = run(folder)
    assert (again.marked, again.skipped, again.seed, lines) == (0, 3, first.seed, [])
    (folder / "ben" / "1_1_neuron.ipynb").write_text(notebook("# another attempt"))
    assert run(folder)[0].marked == 1
    assert run(folder, seed=first.seed + 1)[0].marked == 3  # another seed is another marking


def test_equal_files_of_two_learners_are_two_submissions(folder):
    hand_in(folder, ada="same", ben="same")
    assert run(folder)[0].marked == 2
    assert len(rows(folder)) == 2


def test_what_kills_its_worker_is_tried_alone_then_marked_with_a_sentence(folder, tmp_path):
    hand_in(folder, ada="1", kai="kill", once=f"kill once {tmp_path / 'flag'}", ray="raise", zoe="2")
    summary, _ = run(folder)
    found = rows(folder)
    assert (summary.marked, summary.code) == (5, 0)
    assert sorted(summary.unjudged) == ["kai", "ray"]
    assert found["once"].points == found["ada"].points == found["zoe"].points == 5
    for who, why in (("kai", "SIGKILL"), ("ray", "a fault of the judge")):
        assert {mark.state for mark in found[who].marked.marks} == {NOT_JUDGED}
        assert found[who].points == 0 and found[who].of == 30 and why in found[who].marked.notes[0]
    assert run(folder)[0].marked == 2  # the machine's fault may be gone: they are tried again


def test_a_silent_worker_is_ended(folder, monkeypatch):
    monkeypatch.setattr("classroom.grading.worker.SLACK", 1)
    hand_in(folder, ada="1", ben="wait 60")
    begun = time.monotonic()
    summary, _ = run(folder, timeout=0.2)
    assert summary.unjudged == ["ben"] and rows(folder)["ada"].points == 5
    assert time.monotonic() - begun < 20


def test_a_refusal_ends_the_run_with_its_sentence(folder):
    hand_in(folder, ada="1")
    with pytest.raises(Refused, match="no way to hold"):
        grade.grade(folder, folder.parent / "book.db", judge="tests.grading.fakes:RefusingJudge")
    assert not list(Path(tempfile.gettempdir()).glob(f"{crew.SCRATCH}{os.getpid()}-*"))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_goes_on_where_it_stopped(folder, how):
    hand_in(folder, **{f"learner{i:02d}": f"wait 0.1 {i}" for i in range(30)})
    command = [sys.executable, "-c", MAIN, str(folder), str(folder.parent / "book.db"), FAKE]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(5):
            process.stdout.readline()
        scratch = list(Path(tempfile.gettempdir()).glob(f"{crew.SCRATCH}{process.pid}-*"))
        workers = children(process.pid)
        process.send_signal(how)
        process.wait(20)
    assert len(scratch) == 1 and len(workers) == 2
    before = len(rows(folder))
    assert 5 <= before < 30
    summary, _ = run(folder)
    assert (summary.marked, summary.skipped) == (30 - before, before)
    assert len(rows(folder)) == 30
    assert not scratch[0].exists()
    end = time.monotonic() + 5
    while any(map(alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(alive, workers))


def children(pid):
    for _ in range(100):
        with contextlib.suppress(FileNotFoundError):  # a thread has ended while we read: look again
            tasks = Path(f"/proc/{pid}/task").iterdir()  # each thread has children of its own
            return [int(number) for task in tasks for number in (task / "children").read_text().split()]
    raise ProcessLookupError(f"Process {pid} cannot be looked at.")


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_line_cannot_move_the_terminal():
    from tests.grading.fakes import FakeJudge

    marked = FakeJudge(None, seed=0, timeout=0, memory=0).mark(crew.Submission("", "", Path(), ""))
    said = grade.line(replace(marked, learner="eve\x1b[2J\u202e\rbob"))
    assert said.isprintable()


def test_nothing_to_mark_is_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="no file or folder"):
        grade.grade(tmp_path / "nothing", tmp_path / "book.db", judge=FAKE)


def test_the_command_names_who_is_missing_and_ends_with_a_sum(folder, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("classroom.grading.worker.Settings.judge", FAKE)
    monkeypatch.setattr(grade.grade, "__defaults__", (*grade.grade.__defaults__[:-1], FAKE))
    hand_in(folder, ada="1")
    (tmp_path / "list.csv").write_text("login;name\nada;Ada L.\nben;Ben B.\n")
    command = ["grade", str(folder), "--gradebook", str(tmp_path / "book.db"), "--roster", str(tmp_path / "list.csv")]
    assert main([*command, "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert "missing: Ben B." in said and "ada  1.1  5 of 5" in said
    assert "1 marked, 0 marked before" in said and "seed 3" in said
    assert main([*command, "--seed", "-3"]) == 2
