"""What learners receive, looked through for the course as it is: no code of an answer, no pickle, no hidden case."""

import ast
import re
import zipfile

import numpy as np
import pytest

from classroom.authoring import catalogue
from classroom.paths import ROOT
from classroom.tasks import cases, source

LESSONS = [lesson for lesson in catalogue.lessons(ROOT) if lesson.text(".tasks.py").exists()]
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.lesson)


def received(lesson):
    return lesson.built("exercises", ".cases.npz")


def lines_of_code(lesson):
    """Every line of right and wrong answers that is long enough to give something away, and that no text shows."""
    code = [task.answer for task in source.load(lesson.text("")) if task.probe not in ("labels", "order")]
    tree = ast.parse(lesson.text(".tasks.py").read_text(encoding="utf-8"))
    code += [ast.unparse(node) for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    shown = "\n".join(task.stub for task in source.load(lesson.text("")))
    shown += lesson.text(".md").read_text(encoding="utf-8")
    lines = {line.strip() for text in code for line in text.split("\n")}
    return {line for line in lines if len(line) > 12 and line not in shown and not line.startswith(('"""', "#"))}


@each_lesson
def test_no_line_of_code_is_in_the_file(lesson):
    with zipfile.ZipFile(received(lesson)) as archive:
        raw = b"\n".join(archive.read(name) for name in archive.namelist())
    text = re.sub(rb"\s+", b"", raw)
    found = [line for line in lines_of_code(lesson) if re.sub(r"\s+", "", line).encode() in text]
    assert lines_of_code(lesson) and found == []


@each_lesson
def test_the_file_holds_numbers_and_one_index_and_no_pickle(lesson):
    with np.load(received(lesson), allow_pickle=False) as file:
        assert {file[key].dtype.kind for key in file.files} <= set("biuf")
    with zipfile.ZipFile(received(lesson)) as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())


@each_lesson
def test_the_file_holds_the_visible_cases_alone(lesson):
    """So that nobody learns hidden cases by heart: each was drawn from the seed of the visible ones."""
    tasks = source.load(lesson.text(""))
    assert cases.same(cases.read(received(lesson)), cases.pack(tasks, cases.VISIBLE_SEED))


def test_reading_runs_nothing_that_a_file_may_hide(tmp_path):
    np.savez(tmp_path / "x.npz", index=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        cases.read(tmp_path / "x.npz")
