"""What learners get works where nothing of the course is installed, and holds no answer in any file."""

import ast
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from classroom import cli
from classroom.authoring import catalogue, frame, source
from classroom.grading import assign, late
from classroom.paths import ROOT
from classroom.tasks.source import load

DUE = late.moment("2026-12-01 18:00+00:00")
LESSONS = [lesson for lesson in catalogue.lessons(ROOT) if frame.has_exercise(lesson)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("assigned") / "week 1"
    assign.write(ROOT, "all", out, DUE, as_zip=True)
    return out


def code_of(cell):
    return "".join(cell["source"]) if cell["cell_type"] == "code" else ""


MADE = (ast.FunctionDef, ast.ClassDef)
# Lines that any code may hold; what is left of an answer gives it away.
COMMON = re.compile(r"(return \w+|for \w+ in range\(.*\):|import .*|from .*|def .*|class .*|@\w+|else:|try:|#.*)$")


def telling(lines, given):
    """The lines that are long enough to mean something and are not in `given`, without spaces.

    A line that is a word to choose from, and nothing else, tells nothing if it is given in other quotes.
    """
    bare = (line.strip() for line in lines)
    kept = (re.sub(r"\s+", "", line) for line in bare if len(line) > 24 and not COMMON.match(line))
    return {line for line in kept if line not in given and line.strip("\"',") not in given}


def secrets():
    """Lines of answers, of what draws cases, and of misconceptions, without those that a learner is given anyway."""
    found, every = {}, [(lesson, load(lesson.text(""))) for lesson in LESSONS]
    shown = [task.stub for _, tasks in every for task in tasks]
    for lesson in LESSONS:  # what one exercise gives is no secret in another
        cells = source.read(lesson.text(".exercise.md"))[0].cells
        shown += [cell.source for cell in cells if "task" not in cell.metadata]
    given = re.sub(r"\s+", "", "\n".join(shown))
    for lesson, tasks in every:
        for task in tasks:
            found[task.name] = telling(task.answer.split("\n"), given)
        text = lesson.text(".tasks.py").read_text(encoding="utf-8")
        made = [ast.get_source_segment(text, node) for node in ast.parse(text).body if isinstance(node, MADE)]
        found[lesson.stem] = telling((line for code in made for line in code.split("\n")), given)
    return found


def test_no_file_holds_an_answer_a_hidden_case_or_a_misconceptions_code(folder):
    held = {}
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "ignore")
            if path.suffix == ".ipynb":
                text += "\n".join(code_of(cell) for cell in json.loads(text)["cells"])
            held[path.relative_to(folder).as_posix()] = re.sub(r"\s+", "", text)
    everything = secrets()
    assert sum(map(len, everything.values())) > 50  # else nothing is searched for
    found = [
        (name, line, where)
        for name, lines in everything.items()
        for line in lines
        for where, text in held.items()
        if line in text
    ]
    ours = [each for each in found if not each[2].startswith(("nnlib/", "classroom/"))]
    assert not ours
    # the library is what learners read: a lesson's answer may share a line with it, never a whole answer
    for name, lines in everything.items():
        for where in held:
            shared = {line for n, line, w in found if n == name and w == where}
            assert len(lines) < 3 or len(shared) < len(lines) / 2, (name, where, shared)
    names = " ".join(held)
    for room in ("authoring", "grading", "tasks.py", "solutions", "lessons", ".exercise", "verify", "mutants"):
        assert room not in names
    assert not any("BEGINSOLUTION" in text for where, text in held.items() if not where.endswith(".py"))


def test_the_cases_that_learners_get_are_the_visible_ones(folder):
    for lesson in LESSONS:
        name = Path(lesson.stem).name + ".cases.npz"
        assert (folder / name).read_bytes() == lesson.built("exercises", ".cases.npz").read_bytes()


def test_the_archive_holds_the_same_files_and_is_the_same_again(folder, tmp_path):
    archive = folder.with_name("week 1.zip")
    with zipfile.ZipFile(archive) as file:
        held = {name.removeprefix("week 1/"): file.read(name) for name in file.namelist()}
    assert held == {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assign.write(ROOT, "all", tmp_path / "week 1", DUE, as_zip=True)
    assert (tmp_path / "week 1.zip").read_bytes() == archive.read_bytes()


RUN = """
import json, sys
sys.path[:] = [p for p in sys.path if p and p != sys.argv[2]]
sys.path.insert(0, ".")
sys.meta_path[:] = [f for f in sys.meta_path if "editable" not in repr(f).lower()]
import classroom
assert classroom.__file__.startswith(sys.argv[3]), classroom.__file__
import builtins, IPython.display
shown = []
IPython.display.display = lambda *what, **k: shown.append(str(what[0]))
answers = json.loads(sys.stdin.read())
space = {"__name__": "__main__"}
vars(sys.modules["__main__"]).update(space)
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    code = "".join(cell["source"])
    if cell["cell_type"] == "code" and "raises-exception" not in cell["metadata"].get("tags", []):
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        exec(compile(answers.get(grade_id, code), "cell", "exec"), globals())
print(json.dumps([text for text in shown if "passed" in text or "not yet" in text]))
"""


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.lesson)
def test_each_exercise_works_in_the_folder_alone(folder, lesson, tmp_path):
    name = Path(lesson.stem).name + ".ipynb"
    tasks = load(lesson.text(""))
    answers = {re.sub("[^A-Za-z0-9]+", "_", task.name): task.answer for task in tasks}
    command = [sys.executable, "-c", RUN, name, str(ROOT), str(folder)]
    ran = subprocess.run(
        command, cwd=folder, input=json.dumps(answers), capture_output=True, text=True,
        env={"CLASSROOM_DATA": str(tmp_path), "PATH": "", "MPLBACKEND": "agg", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout.splitlines()[-1])
    assert len(said) == len(tasks) and all("passed" in text for text in said), said


def test_a_notebook_says_when_it_is_due_and_leads_nowhere_that_is_not_there(folder):
    for path in folder.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert "**Due Tuesday, 01 December 2026" in "".join(cells[0]["source"])
        text = "\n".join("".join(cell["source"]) for cell in cells)
        assert "](../" not in text and "solutions/" not in text
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "Due: Tuesday, 01 December 2026" in readme and all(f"`{p.name}`" in readme for p in folder.glob("*.ipynb"))


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("1.1", ["1_1_neuron"]),
        ("1_1_neuron", ["1_1_neuron"]),
        ("0", ["0_start_here"]),
        ("3_apply", ["3_2_train_from_scratch"]),
    ],
)
def test_a_target_is_a_lesson_or_a_level(target, names):
    assert set(names) <= {path.stem for path in assign.chosen(ROOT, target)}
    assert len(assign.chosen(ROOT, "all")) == len(LESSONS)


def test_torch_is_asked_for_only_where_it_is_used(tmp_path):
    assign.write(ROOT, "1.1", tmp_path / "a")
    lines = (tmp_path / "a/requirements.txt").read_text().split("\n")
    assert not any(line.startswith(("torch", "nbval")) for line in lines) and any(
        line.startswith("numpy") for line in lines
    )


def test_what_is_there_is_not_written_over(tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("x")
    assert cli.main(["assign", "1.1", "--out", str(tmp_path / "mine")]) == 2
    assert "not an empty folder" in capsys.readouterr().err and len(list((tmp_path / "mine").iterdir())) == 1
    assert cli.main(["assign", "9.9", "--out", str(tmp_path / "new")]) == 2
    assert "no exercise belongs to '9.9'; there are all, the levels 1_remember" in capsys.readouterr().err
    assert cli.main(["assign", "1.1", "--out", str(tmp_path / "new"), "--zip", "--due", "2026-12-01"]) == 0
    assert str(tmp_path / "new.zip") in capsys.readouterr().out
