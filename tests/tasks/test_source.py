"""The answer's one home is the exercise's cell: what becomes of it, and that the stub is nbgrader's."""

import subprocess
import sys

import nbformat
import pytest

from classroom.tasks import source

from .conftest import EXAMPLES


def test_a_loaded_task_has_its_answer_stub_and_given_code(tasks):
    task = tasks["9.1 softmax"]
    assert task.object_name == "softmax"
    assert "SOLUTION" not in task.answer and "keepdims" in task.answer
    assert task.stub == 'def softmax(Z):\n    """Each row of Z as shares."""\n    raise NotImplementedError()'
    assert "import numpy" in task.given
    assert tasks["9.2 class"].object_name == "Counting"


def test_the_stub_is_what_nbgrader_makes_of_the_cell():
    from nbgrader.preprocessors import ClearSolutions

    nb, _ = source.read(EXAMPLES / "9_2_many.exercise.md")
    cells = [cell for cell in nb.cells if "task" in cell.metadata]
    expected = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c.source) for c in cells])
    for number, cell in enumerate(expected.cells):
        cell.metadata.nbgrader = {"solution": True, "grade": False, "grade_id": f"t{number}", "schema_version": 3}
    clear = ClearSolutions(code_stub={"python": source.STUB})
    clear.preprocess(expected, {})
    assert [source.cleared(cell.source) for cell in cells] == [cell.source for cell in expected.cells]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("def f():\n    return 1", "has no ### BEGIN SOLUTION"),
        ("def f():\n    ### BEGIN SOLUTION\n    return 1", "has no END SOLUTION"),
        ("def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n    ### END SOLUTION", "without an END"),
    ],
)
def test_broken_markers_get_a_sentence(code, sentence):
    with pytest.raises(ValueError, match=sentence):
        source.cleared(code)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (":task: 9.1 gradient", ":task: 9.1 slope", "no cell with the metadata `task: 9.1 gradient`"),
        ('check("9.1 gradient", gradient)', "1 + 1", 'no cell check."9.1 gradient", …. follows'),
        (":task: 9.1 gradient", ":task: 9.1 softmax", "appears twice"),
    ],
)
def test_a_faulty_exercise_gets_a_sentence(tmp_path, old, new, sentence):
    for ending in ("tasks.py", "exercise.md"):
        text = (EXAMPLES / f"9_1_softmax.{ending}").read_text(encoding="utf-8")
        (tmp_path / f"9_1_softmax.{ending}").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=sentence):
        source.load(tmp_path / "9_1_softmax")


def test_a_learner_imports_neither_authoring_nor_nbgrader():
    code = "import sys, classroom.tasks.check; print([m for m in sys.modules if 'nbgrader' in m or 'authoring' in m])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
