"""A small course for the tests of grading, made of the examples of tasks, and submissions to it that tests write."""

import hashlib
import shutil
from pathlib import Path

from classroom.authoring.source import read
from classroom.grading.model import Cell, Submission
from classroom.tasks.source import cleared, without_markers

HERE = Path(__file__).resolve().parents[1] / "tasks"
KINDS = {8: HERE / "kinds" / "examples", 9: HERE / "examples"}
NUMPY = "import numpy as np\nfrom classroom import check"
SOFTMAX = """def softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)"""
RIGHT = {"softmax": "passed", "gradient": "passed"}
GRADIENT = "def gradient(P, Y):\n    return (P - Y) / len(P)"


def make(folder: Path) -> Path:
    """The root of a course with the lessons 8.1 to 9.2."""
    for source in KINDS.values():
        shutil.copytree(source, folder / "lessons", dirs_exist_ok=True)
    return folder


def submission(*sources: str, lesson="9.1", learner="ada") -> Submission:
    """A notebook of code cells."""
    cells = [Cell(source, f"cell {i}") for i, source in enumerate(sources)]
    digest = hashlib.sha256(repr(sources).encode()).hexdigest()
    return Submission(learner, lesson, Path(f"{learner}.ipynb"), digest, cells)


def solved(root: Path, lesson: str, stubs=False) -> Submission:
    """The exercise of a lesson with our answers in it, or as it is handed out."""
    exercise = next(p for p in root.rglob(lesson.replace(".", "_") + "_*.exercise.md"))
    clean = cleared if stubs else without_markers
    cells = [c for c in read(exercise)[0].cells if c.cell_type == "code"]
    return submission(*(clean(c.source) if "task" in c.metadata else c.source for c in cells), lesson=lesson)


def states(marked) -> dict[str, str]:
    return {mark.task.split(" ", 1)[1]: mark.state for mark in marked.marks}


def marked(judge, *sources, **other):
    return states(judge.mark(submission(NUMPY, *sources, **other)))


def mark(judge, task, *sources, **other):
    found = judge.mark(submission(NUMPY, *sources, **other))
    return next(m for m in found.marks if m.task.endswith(task))
