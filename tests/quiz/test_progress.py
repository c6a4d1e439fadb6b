"""The progress record: nothing is lost by crashes or by two kernels, and nothing that fails stops a lesson."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest

from classroom import progress

IN_FLIGHT = """
import os, signal
from classroom import progress
class Dies(dict):
    def __getitem__(self, key):                 # the second row is read while the first one is being written
        os.kill(os.getpid(), signal.SIGKILL)
one = {"at": "2025", "kind": "answer", "name": "9.9 lost", "given": "x" * 500}
progress.write(progress.progress_file(), [one, Dies(one)])
"""
MANY = """
import sys
from classroom import progress
for i in range(200):
    assert progress.record("answer", sys.argv[1], count=i, given="y" * (i * 7 % 900))
"""


def run(code, *args):
    return subprocess.Popen([sys.executable, "-c", code, *args])


def rows(record, what):
    with closing(sqlite3.connect(record)) as db:
        return db.execute(f"SELECT {what} FROM event ORDER BY number").fetchall()


def test_what_is_recorded_can_be_read_by_kind_and_name(record):
    assert progress.record("answer", "9.9 a", verdict="right", given="η ≈ ½")
    assert progress.record("goal", "9.9 a", values={"rate": np.float32(0.5), "weights": np.arange(2)})
    assert progress.record("answer", "9.9 b", verdict="unknown", given=None)
    assert [e["name"] for e in progress.events("answer")] == ["9.9 a", "9.9 b"]
    assert [e["kind"] for e in progress.events(name="9.9 a")] == ["answer", "goal"]
    assert progress.events("goal")[0]["values"] == {"rate": 0.5, "weights": [0, 1]}
    assert progress.events("answer", "9.9 a")[0]["given"] == "η ≈ ½"
    assert progress.events("answer", "9.9 b")[0]["given"] is None and "given" not in progress.events("goal")[0]


def test_the_table_tells_by_itself_what_was_answered_and_whether_it_was_right(record):
    progress.record("answer", "9.9 a", verdict="right", given=1.5)
    progress.record("answer", "9.9 a", verdict="unknown", given=None)
    progress.record("attempt", "9.9 task", source="def f():\n    return '\ud800'")
    progress.record("attempt", "9.9 task", result="not yet")
    progress.record("outcome", "9.9 b", agrees=True, given="up")
    assert rows(record, "id, kind, answer, right") == [
        ("9.9 a", "answer", "1.5", 1),
        ("9.9 a", "answer", "null", None),
        ("9.9 task", "attempt", None, None),
        ("9.9 task", "attempt", None, 0),
        ("9.9 b", "outcome", '"up"', 1),
    ]
    assert rows(record, "source")[2] == ("def f():\n    return '?'",)
    assert rows(record, "time")[0] == (progress.events()[0]["at"],)
    with closing(sqlite3.connect(record)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_without_a_record_there_are_no_events(record):
    assert progress.events() == []
    assert not record.parent.exists(), "reading must not make a folder"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_kill_in_the_middle_of_writing_costs_that_event_only(record):
    progress.record("answer", "9.9 before")
    assert run(IN_FLIGHT).wait() == -signal.SIGKILL
    assert [e["name"] for e in progress.events()] == ["9.9 before"]
    assert progress.record("answer", "9.9 after")
    assert [e["name"] for e in progress.events()] == ["9.9 before", "9.9 after"]


def test_two_kernels_lose_and_mix_nothing(record):
    kernels = [run(MANY, name) for name in ("first", "second")]
    assert [kernel.wait() for kernel in kernels] == [0, 0]
    for name in ("first", "second"):
        assert [e["count"] for e in progress.events(name=name)] == list(range(200))


# --- what cannot be read or written -----------------------------------------------------------------------------


def zeros(whole):
    return bytes(len(whole))


def shuffled(whole):
    return whole[:100] + whole[100:][::-1]


SPOILT = [zeros, shuffled, lambda whole: b"\xff\xfe{}", lambda whole: b'{"kind": "answer"}\n' * 500]


@pytest.mark.parametrize("spoil", SPOILT)
def test_an_unreadable_file_is_set_aside_and_named_and_a_new_one_begins(record, spoil, capsys):
    progress.record("answer", "9.9 old")
    spoilt = spoil(record.read_bytes())
    record.write_bytes(spoilt)
    assert progress.events() == []
    (kept,) = record.parent.glob("progress.unreadable-*.db")
    assert kept.read_bytes() == spoilt, "nothing is deleted, and nothing changed"
    said = capsys.readouterr().err
    assert kept.name in said and said.count("\n") == 1
    assert progress.record("answer", "9.9 new")
    assert [e["name"] for e in progress.events()] == ["9.9 new"] and not capsys.readouterr().err


def test_the_log_of_an_unreadable_file_goes_with_it(record):
    record.parent.mkdir()
    for ending in ("", "-wal", "-shm"):
        record.with_name(record.name + ending).write_bytes(b"no database " * 99)
    assert progress.record("answer", "9.9 new")
    kept = [path.name for path in record.parent.glob("progress.unreadable-*")]
    assert sorted(name[name.index(".db") :] for name in kept) == [".db", ".db-shm", ".db-wal"]


def test_a_folder_that_cannot_be_written_gives_one_sentence_and_no_exception(tmp_path, record, monkeypatch, capsys):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path / "file" / "progress"))
    assert not progress.record("answer", "9.9 a", given=1)
    assert not progress.record("answer", "9.9 b", given=np.int64(2))
    said = capsys.readouterr().err
    assert said.count("Your progress cannot be saved") == 1
    assert "CLASSROOM_DATA" in said
    assert [e["given"] for e in progress.events("answer")] == [1, 2], "this kernel remembers all the same"
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path / "folder"))
    assert progress.record("answer", "9.9 c", given=3)
    assert [e["given"] for e in progress.events("answer")] == [1, 2, 3], "and writes it as soon as it can"


def test_a_file_that_another_program_holds_gives_a_sentence_and_is_written_later(record, monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", 0.02)
    progress.record("answer", "9.9 a")
    with closing(sqlite3.connect(record)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not progress.record("answer", "9.9 b")
        assert "database is locked" in capsys.readouterr().err
        assert [e["name"] for e in progress.events()] == ["9.9 a", "9.9 b"]
    assert progress.record("answer", "9.9 c")
    assert [name for (name,) in rows(record, "id")] == ["9.9 a", "9.9 b", "9.9 c"]
    assert list(record.parent.glob("progress.unreadable-*")) == []


def test_only_the_learner_can_read_her_record(record):
    progress.record("answer", "9.9 a")
    if os.name == "posix":
        assert record.stat().st_mode & 0o077 == 0
