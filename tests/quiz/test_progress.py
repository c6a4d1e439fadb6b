"""The progress record: nothing is lost by crashes or by two kernels, and nothing that fails stops a lesson."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from classroom import progress

HALF_A_LINE = """
import os, signal
from classroom import progress
whole = os.write
def half(file, line):
    whole(file, line[: len(line) // 2])
    os.kill(os.getpid(), signal.SIGKILL)      # the kernel dies in the middle of a line, with the file locked
os.write = half
progress.record("answer", "9.9 lost", given="x" * 500)
"""
MANY = """
import sys
from classroom import progress
for i in range(200):
    assert progress.record("answer", sys.argv[1], count=i, given="y" * (i * 7 % 900))
"""


def run(code, *args):
    return subprocess.Popen([sys.executable, "-c", code, *args])


def test_what_is_recorded_can_be_read_by_kind_and_name(record):
    assert progress.record("answer", "9.9 a", verdict="right", given="η ≈ ½")
    assert progress.record("goal", "9.9 a", values={"rate": np.float32(0.5), "weights": np.arange(2)})
    assert progress.record("answer", "9.9 b", verdict="wrong")
    assert [e["name"] for e in progress.events("answer")] == ["9.9 a", "9.9 b"]
    assert [e["kind"] for e in progress.events(name="9.9 a")] == ["answer", "goal"]
    assert progress.events("goal")[0]["values"] == {"rate": 0.5, "weights": [0, 1]}
    assert progress.events("answer", "9.9 a")[0]["given"] == "η ≈ ½"
    assert record.read_bytes().count(b"\n") == 3


def test_without_a_record_there_are_no_events(record):
    assert progress.events() == []
    assert not record.parent.exists(), "reading must not make a folder"


def test_lines_that_are_no_events_are_left_out(record):
    progress.record("answer", "9.9 a")
    with record.open("ab") as file:
        file.write(b'\xff\xfe\n[1, 2]\n{"kind": "answer"}\n\n{"at": "2025", "kind": "answer", "na')
    progress.record("answer", "9.9 b")
    assert [e["name"] for e in progress.events()] == ["9.9 a", "9.9 b"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL; the torn line is tested above")
def test_a_kill_in_the_middle_of_a_line_costs_that_line_only(record):
    progress.record("answer", "9.9 before")
    assert run(HALF_A_LINE).wait() == -signal.SIGKILL
    assert not record.read_bytes().endswith(b"\n"), "the line must be torn for this test to mean something"
    assert [e["name"] for e in progress.events()] == ["9.9 before"]
    assert progress.record("answer", "9.9 after")
    assert [e["name"] for e in progress.events()] == ["9.9 before", "9.9 after"]


def test_two_kernels_lose_and_mix_nothing(record):
    kernels = [run(MANY, name) for name in ("first", "second")]
    assert [kernel.wait() for kernel in kernels] == [0, 0]
    for name in ("first", "second"):
        assert [e["count"] for e in progress.events(name=name)] == list(range(200))
    assert all(json.loads(line) for line in record.read_text().splitlines())


def test_a_folder_that_cannot_be_written_gives_one_sentence_and_no_exception(tmp_path, record, monkeypatch, capsys):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path / "file" / "progress"))
    assert not progress.record("answer", "9.9 a", given=1)
    assert not progress.record("answer", "9.9 b", given=np.int64(2))
    said = capsys.readouterr().err
    assert said.count("Your progress cannot be saved") == 1
    assert "CLASSROOM_DATA" in said
    assert [e["given"] for e in progress.events("answer")] == [1, 2], "this kernel remembers all the same"


def test_a_full_disk_is_no_exception_either(record, monkeypatch, capsys):
    monkeypatch.setattr(os, "write", lambda file, line: len(line) // 2)
    assert not progress.record("answer", "9.9 a")
    assert "disk is full" in capsys.readouterr().err


def test_a_lock_that_never_comes_free_delays_but_loses_nothing(record, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.02)
    monkeypatch.setattr(progress, "_try_lock", lambda file: False)
    assert progress.record("answer", "9.9 a")
    assert len(progress.events()) == 1


def test_only_the_learner_can_read_her_record(record):
    progress.record("answer", "9.9 a")
    if os.name == "posix":
        assert record.stat().st_mode & 0o077 == 0
