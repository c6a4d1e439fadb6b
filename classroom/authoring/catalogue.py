"""The lessons in their order: what their front matter says, where their files are, who comes before and after."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from ..paths import lesson_texts
from . import source

LEVELS = {
    "start": "Start here",
    "remember": "Remember: name the parts",
    "understand": "Understand: explain the mechanism",
    "apply": "Apply: train networks",
    "analyze": "Analyze: take networks apart",
    "evaluate": "Evaluate: judge networks",
    "create": "Create: design a system",
}
REQUIRED = ("title", "lesson", "level", "summary", "objectives")
PAGES = ("", "opening", "closing", "reference")  # "": a lesson like most


@dataclass(frozen=True)
class Lesson:
    """One lesson, or a page among them: a level's opening (N.0) or closing (N.10), the glossary, the notation.

    `stem` is its path below `lessons/` without an ending, such as `1_remember/1_1_neuron`.
    """

    root: Path
    stem: str
    title: str
    lesson: str
    level: str
    summary: str
    objectives: list
    needs: list = field(default_factory=list)
    terms: dict = field(default_factory=dict)
    claims: list = field(default_factory=list)
    minutes_code: float = 1
    page: str = ""

    def text(self, ending: str) -> Path:
        """The path of one of the files that people write, such as `lesson.text(".quiz.yaml")`."""
        return self.root / "lessons" / (self.stem + ending)

    def built(self, folder: str, ending: str = ".ipynb") -> Path:
        """The path of one of the built files, such as `lesson.built("notebooks")`."""
        return self.root / folder / (self.stem + ending)

    def link(self, folder: str, seen_from: "Lesson") -> str:
        """This lesson's notebook in `folder`, as a relative link from any built notebook of the lesson `seen_from`."""
        return "../" * (seen_from.stem.count("/") + 1) + f"{folder}/{self.stem}.ipynb"

    @property
    def heading(self) -> str:
        return self.title if self.page else f"{self.lesson} {self.title}"

    def questions(self) -> list[dict]:
        return self._entries(".quiz.yaml")

    def verdicts(self) -> list[dict]:
        return self._entries(".claims.yaml")

    def _entries(self, ending):
        path = self.text(ending)
        return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []


def lessons(root: Path) -> list[Lesson]:
    """All lessons below `root/lessons` and the pages among them, in the order of their numbers."""
    found = [lesson for lesson in _all(root) if lesson.page != "reference"]
    return sorted(found, key=lambda lesson: [int(part) for part in lesson.lesson.split(".")])


def references(root: Path) -> list[Lesson]:
    """The pages to look things up in, which stand beside the ladder: glossary, notation."""
    return sorted((lesson for lesson in _all(root) if lesson.page == "reference"), key=lambda page: page.stem)


def _all(root):
    folder = root / "lessons"
    return [_lesson(root, path, path.stat().st_mtime_ns) for path in lesson_texts(folder)]


@lru_cache(maxsize=256)
def _lesson(root, path, changed):  # each notebook's head and foot ask for all lessons
    _, front = source.read(path)
    missing = [key for key in REQUIRED if key not in front]
    unknown = [key for key in front if key not in Lesson.__dataclass_fields__]
    if missing or unknown:
        raise ValueError(
            f"{path}: the front matter lacks {missing} and has the unknown {unknown}. "
            f"It must have {', '.join(REQUIRED)}; it may have needs, terms, claims, minutes_code, page."
        )
    if front["level"] not in LEVELS:
        raise ValueError(f"{path}: got level {front['level']!r}; expected one of {', '.join(LEVELS)}.")
    if front.get("page", "") not in PAGES:
        raise ValueError(f"{path}: got page {front['page']!r}; expected none, or one of {', '.join(PAGES[1:])}.")
    return Lesson(root, path.relative_to(root / "lessons").with_suffix("").as_posix(), **front)
