"""Where things are: the course's folders, and the folder of a learner's progress."""

import os
from functools import lru_cache
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


def lesson_texts(folder: Path, prefix: str = "") -> list[Path]:
    """The `.md` files below `folder` that are lessons, or pages among them: all but the exercises' texts."""
    return [p for p in folder.rglob(prefix + "*.md") if not p.name.endswith(".exercise.md")]


def front_matters() -> list[dict]:
    """What stands before each lesson's text (title, objectives, terms …), in the order of the lessons' numbers."""
    found = [_front_matter(path, path.stat().st_mtime_ns) for path in lesson_texts(LESSONS)]
    ladder = [front for front in found if front and front.get("page") != "reference"]
    return sorted(ladder, key=lambda front: [int(part) for part in str(front["lesson"]).split(".")])


@lru_cache(maxsize=256)
def _front_matter(path, changed):
    import yaml  # here, since what runs learners' code needs folders only

    text = path.read_text(encoding="utf-8")
    return yaml.safe_load(text.split("\n---\n", 1)[0]) if text.startswith("---\n") else {}


def lesson_stem(lesson: str) -> Path:
    """The path, without an ending, of a lesson's files: `"1.1"` gives `lessons/1_remember/1_1_neuron`."""
    prefix = lesson.replace(".", "_") + "_"
    found = lesson_texts(LESSONS, prefix)
    if len(found) != 1:
        raise LookupError(f"Lesson {lesson!r}: expected one file {prefix}*.md in lessons/, found {len(found)}.")
    return found[0].with_suffix("")
