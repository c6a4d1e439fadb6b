"""Text becomes notebooks, the same bytes twice; drift is found; a failing cell leaves what was there."""

import json

import nbformat
import pytest

from classroom.authoring import build

LESSON = "lessons/1_remember/1_1_add"


def build_all(root):
    files = build.plan(root)
    failures = [result for file in build.drifted(files) if (result := build.build(file)).failure]
    assert not failures, failures
    return files


def names(root, files):
    return {file.path.relative_to(root).as_posix() for file in files}


def change(root, ending, old, new):
    path = root / (LESSON + ending)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def built(course):
    build_all(course)
    return course


def test_a_built_notebook_has_outputs_head_foot_and_no_directive(built):
    nb = nbformat.read(built / "notebooks/1_remember/1_1_add.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    assert ":::" not in text
    assert "*Level 1 · Remember · about 5 minutes*" in text and "Run All Cells" in text
    assert "../../exercises/1_remember/1_1_add.ipynb" in text and "../../notebooks/README.md" in text
    assert "- name a sum" in text and "- named a sum" in text and "| **sum** | what adding gives |" in text
    assert "<details>\n<summary>More</summary>\n\nInside the fold." in text
    first, figure, _ = (cell for cell in nb.cells if cell.cell_type == "code")
    assert first.outputs[0].text == "2\n" and first.metadata.jupyter.outputs_hidden
    output = figure.outputs[0]
    assert output.metadata["image/png"]["alt"] == "A line from 0 to 1." and "image/png" in output.data
    assert "widgets" not in nb.metadata and nb.metadata.language_info == {"name": "python"}


def test_the_exercise_has_the_stub_and_the_solution_the_answer(built):
    stub = nbformat.read(built / "exercises/1_remember/1_1_add.ipynb", as_version=4)
    answer = nbformat.read(built / "solutions/1_remember/1_1_add.ipynb", as_version=4)
    stub_cell, answer_cell = (next(c for c in nb.cells if c.id == "1_1_add") for nb in (stub, answer))
    assert "raise NotImplementedError()" in stub_cell.source and "a + b" not in stub_cell.source
    assert "return a + b" in answer_cell.source and "SOLUTION" not in answer_cell.source
    assert all(not c.outputs for c in stub.cells if c.cell_type == "code")
    assert "*recall · difficulty 1 of 5 · 1 minute · 1 point*" in "\n".join(c.source for c in stub.cells)
    check = next(c for c in stub.cells if c.id == "1_1_add_check")
    assert check.metadata.nbgrader == {
        **{"schema_version": 3, "grade_id": "1_1_add_check", "grade": True, "solution": False},
        **{"locked": True, "task": False, "points": 1},
    }


def test_two_builds_give_the_same_bytes(built):
    before = {p: p.read_bytes() for p in built.rglob("*") if p.suffix in (".ipynb", ".npz", ".json")}
    assert len(before) == 5
    for path in before:
        path.unlink()
    build_all(built)
    assert {path: path.read_bytes() for path in before} == before


def test_what_has_not_changed_has_not_drifted(built):
    assert build.drifted(build.plan(built)) == []


@pytest.mark.parametrize(
    "ending, old, new, drifts",
    [
        (".md", "A box with", "A case with", {"notebooks/1_remember/1_1_add.ipynb"}),
        (".claims.yaml", "1 + 1 is 2", "1 + 1 is two", {"notebooks/1_remember/1_1_add.ipynb"}),
        (
            ".exercise.md",
            "Add them.",
            "Add these.",
            {"exercises/1_remember/1_1_add.ipynb", "solutions/1_remember/1_1_add.ipynb"},
        ),
        (".tasks.py", "A sum adds.", "A sum is made by adding.", {"exercises/1_remember/1_1_add.cases.npz"}),
        (".tasks.py", "lambda a, b: a * b", "lambda a, b: a / b", {"exercises/1_remember/1_1_add.cases.npz"}),
        (
            ".exercise.md",
            "return a + b",
            "return b + a",
            {"solutions/1_remember/1_1_add.ipynb"},
        ),
    ],
)
def test_one_word_changed_is_drift_in_just_the_files_it_reaches(built, ending, old, new, drifts):
    change(built, ending, old, new)
    assert names(built, build.drifted(build.plan(built))) == drifts


def test_a_change_in_the_questions_is_drift(built):
    (built / (LESSON + ".quiz.yaml")).write_text("- id: 1.1 new question\n")
    assert "notebooks/1_remember/1_1_add.ipynb" in names(built, build.drifted(build.plan(built)))


def test_an_edit_of_a_built_file_is_drift(built):
    path = built / "notebooks/1_remember/1_1_add.ipynb"
    path.write_text(path.read_text().replace("A box with", "My box with"))
    assert names(built, build.drifted(build.plan(built))) == {"notebooks/1_remember/1_1_add.ipynb"}


@pytest.mark.parametrize("name", ["notebooks/1_remember/1_1_add.ipynb", "exercises/1_remember/1_1_add.cases.npz"])
def test_a_damaged_built_file_is_drift(built, name):
    (built / name).write_text("<<<<<<< half a merge")
    assert names(built, build.drifted(build.plan(built))) == {name}


def test_a_built_file_without_a_text_is_a_stray(built):
    stray = built / "notebooks/1_remember/1_2_gone.ipynb"
    stray.write_text("{}")
    assert build.strays(built, build.plan(built)) == [stray]


def test_verdicts_stand_beside_the_notebook(built):
    beside = built / "notebooks/1_remember/1_1_add.verdicts.json"
    assert json.loads(beside.read_text()) == [{"claim": "C01", "verdict": "holds if the numbers are large"}]
    assert "| C01 | “Sums are large” | holds if the numbers are large | [1.1](" in build.contents_page(built).plan
    beside.write_text("[]")
    assert names(built, build.drifted(build.plan(built))) == {"notebooks/1_remember/1_1_add.ipynb"}


def test_a_verdict_that_the_numbers_do_not_bear_out_fails_the_build(built):
    change(built, ".md", "1 + 1 == 2", "1 + 1 == 3")
    failures = [build.build(file).failure for file in build.drifted(build.plan(built))]
    assert len(failures) == 1 and "do not bear out" in failures[0] and "'C01'" in failures[0]


def test_a_failing_cell_is_reported_and_nothing_is_written(built):
    path = built / "notebooks/1_remember/1_1_add.ipynb"
    before = path.read_bytes()
    change(built, ".md", "print(1 + 1)", "print(1 / 0)")
    (file,) = build.drifted(build.plan(built))
    assert "ZeroDivisionError" in build.build(file).failure
    assert path.read_bytes() == before


def test_an_output_that_names_a_folder_of_this_machine_is_refused(built):
    change(built, ".md", "print(1 + 1)", "import tempfile; print(tempfile.gettempdir() + '/x')")
    (file,) = build.drifted(build.plan(built))
    assert "names a folder of this machine" in build.build(file).failure


@pytest.mark.parametrize(
    "old, new, says",
    [
        ("# 1.1 Add", "Add", "begins with its title"),
        ("level: remember", "level: recall", "got level 'recall'"),
        ("summary: the smallest lesson", "sumary: the smallest lesson", "the unknown \\['sumary'\\]"),
        (":::{note}", ":::{nota}", "unknown directive 'nota'"),
        ("Inside the fold.\n:::", "Inside the fold.", "never closed"),
    ],
)
def test_a_mistake_in_the_text_is_told_in_a_sentence(course, old, new, says):
    change(course, ".md", old, new)
    with pytest.raises(ValueError, match=says):
        build.plan(course)


def test_a_rubric_stands_below_its_task_and_only_the_checks_points_are_nbgraders(course):
    """The same sum as a design: 60 of 100 points by the check."""
    path = course / (LESSON + ".tasks.py")
    text = path.read_text().replace("import Misconception, Task", "import Criterion, Misconception, Task")
    text = text.replace("points=1,", 'points=100, rubric=[Criterion("argued", 40, {0: "not", 40: "well"})],')
    path.write_text(text)
    nb = next(
        file.plan for file in build.plan(course) if file.path.parts[-3] == "exercises" and file.path.suffix == ".ipynb"
    )
    said = "\n".join(cell.source for cell in nb.cells)
    assert "60 points by the check, the others by a person:" in said and "| argued | 40 | 0: not; 40: well |" in said
    assert [c.metadata.nbgrader.points for c in nb.cells if c.id.endswith("check")] == [60]
