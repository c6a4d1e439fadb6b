"""Where things are: the course's folders, and the folder of a learner's progress."""

import os
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parent.parent
LESSONS, EXERCISES = ROOT / "lessons", ROOT / "exercises"


def progress_folder() -> Path:
    """The folder of the learner's progress: `CLASSROOM_DATA` if it is set, else the system's folder for her data."""
    chosen = os.environ.get("CLASSROOM_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("neural-networks-course", appauthor=False))


def lesson_of(name: str) -> str:
    """The lesson in the name of a task or question: `"1.1 bias moves"` belongs to lesson `"1.1"`."""
    return name.split(" ", 1)[0]


def lesson_stem(lesson: str) -> Path:
    """The path, without an ending, of a lesson's files: `"1.1"` gives `lessons/1_remember/1_1_neuron`."""
    prefix = lesson.replace(".", "_") + "_"
    found = [p for p in LESSONS.rglob(prefix + "*.md") if not p.name.endswith(".exercise.md")]
    if len(found) != 1:
        raise LookupError(f"Lesson {lesson!r}: expected one file {prefix}*.md in lessons/, found {len(found)}.")
    return found[0].with_suffix("")
