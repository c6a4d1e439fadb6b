"""Two small lessons (examples/), and learners' cells that are defined as a kernel would define them."""

import itertools
import textwrap
from pathlib import Path

import pytest

from classroom import paths
from classroom.tasks import cases, check, source

EXAMPLES = Path(__file__).parent / "examples"


@pytest.fixture(scope="session")
def tasks():
    """All tasks of the example lessons by name, loaded with their answers."""
    return {task.name: task for stem in ("9_1_softmax", "9_2_many") for task in source.load(EXAMPLES / stem)}


@pytest.fixture(scope="session")
def packed(tasks):
    """The cases of all tasks by name."""
    return cases.pack(tasks.values(), seed=1)


@pytest.fixture
def desk(tmp_path, monkeypatch, packed):
    """A learner's folder: the cases of lesson 9.1 beside her notebook, her progress elsewhere, no built exercises."""
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path / "progress"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(paths, "EXERCISES", tmp_path / "exercises")
    folder = tmp_path / "1_level"
    folder.mkdir()
    monkeypatch.chdir(folder)
    cases.save({k: v for k, v in packed.items() if k.startswith("9.1")}, folder / "9_1_softmax.cases.npz")
    return folder


@pytest.fixture
def said(monkeypatch):
    """What check and hint have shown, in order."""
    shown = []
    monkeypatch.setattr(check, "_display", shown.append)
    return shown


_numbers = itertools.count(1)


def cell(code, name):
    """The object `name` that a notebook cell with `code` defines."""
    namespace = {"__name__": "__main__"}
    source.define("import numpy as np", "<ipykernel: imports>", namespace)
    source.define(textwrap.dedent(code).strip("\n"), f"<ipykernel: cell {next(_numbers)}>", namespace)
    return namespace[name]
