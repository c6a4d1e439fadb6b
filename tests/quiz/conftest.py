"""An example lesson 9.9 with one question of each sort (example.yaml), and a learner whose record is empty."""

import shutil
from pathlib import Path

import pytest
import yaml

from classroom import paths, progress

EXAMPLE = Path(__file__).with_name("example.yaml")


@pytest.fixture
def record(tmp_path, monkeypatch):
    """The file of an empty progress record."""
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path / "progress"))
    monkeypatch.setattr(progress, "_unsaved", [])
    return tmp_path / "progress" / "progress.db"


@pytest.fixture
def lesson(tmp_path, monkeypatch, record):
    """The quiz file of lesson 9.9, in a course that has no other lesson."""
    folder = tmp_path / "lessons" / "9_example"
    folder.mkdir(parents=True)
    (folder / "9_9_example.md").write_text("# Example\n")
    monkeypatch.setattr(paths, "LESSONS", tmp_path / "lessons")
    return Path(shutil.copy(EXAMPLE, folder / "9_9_example.quiz.yaml"))


@pytest.fixture
def entries():
    """The example's entries by id, as plain data to spoil."""
    return {entry["id"]: entry for entry in yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))}


def index_of(question, right):
    """Where the right option, or the first other one, stands in the order shown."""
    return next(i for i, option in enumerate(question.options) if option.right is right)
