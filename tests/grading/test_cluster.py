"""A class over a local Dask cluster of two workers, one of which is killed half-way: every mark is there, and true."""

import os
import signal
import sys
from pathlib import Path

import pytest

from classroom.grading import grade
from classroom.grading.gradebook import Gradebook
from tests.grading.corpus import school

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its grader needs Linux's walls")


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setenv("DASK_TEMPORARY_DIRECTORY", str(tmp_path))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=str(tmp_path)
    ) as made:
        yield made


def test_one_of_two_workers_is_killed_half_way(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr("classroom.grading.cluster.BATCH", 10)
    truth = school.write(tmp_path / "submissions", 40)
    marked, killed = [], []

    def tell(line):
        marked.append(line)
        if len(marked) == 10:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    book = tmp_path / "book.db"
    summary = grade.grade(tmp_path / "submissions", book, scheduler=cluster.scheduler_address, tell=tell)
    assert killed and summary.code == 0 and summary.marked == 40 and summary.unjudged == []
    with Gradebook(book) as opened:
        rows = {row.learner: row for row in opened.rows()}
    assert {who: row.points for who, row in rows.items()} == truth
    assert {Path(row.path).is_relative_to(tmp_path) for row in rows.values()} == {True}
    again = grade.grade(tmp_path / "submissions", book, scheduler=cluster.scheduler_address)
    assert (again.marked, again.skipped) == (0, 40)


def test_an_address_without_a_cluster_is_a_sentence(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("classroom.grading.cluster.WAIT", 1)
    school.write(tmp_path / "submissions", 1)
    with pytest.raises((OSError, ValueError)):
        grade.grade(tmp_path / "submissions", tmp_path / "book.db", scheduler="tcp://127.0.0.1:1")
