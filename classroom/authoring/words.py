"""Terms that a lesson uses before the lesson that defines them, as `python -m classroom words` lists them.

An author decides what to do about each: a term of the field wants a box "On trust until 2.2: …", while many terms are
ordinary words as well ("step", "path"). A paragraph with such a box is left out, and so are code and formulas.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from . import catalogue, source

NOT_PROSE = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\]\([^)]*\)|<[^>]*>", re.DOTALL)
ON_TRUST = re.compile(r"on trust until", re.IGNORECASE)


@dataclass(frozen=True)
class Early:
    """A term in a lesson before the one that defines it, with the first sentence that has it."""

    lesson: str
    term: str
    defined_in: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.lesson}: {self.term!r} is defined in {self.defined_in}: {self.sentence}"


def early(root: Path) -> list[Early]:
    """All of them, in the order of the lessons; an opening page, which announces its level, may use every term."""
    lessons = [lesson for lesson in catalogue.lessons(root) if lesson.page != "opening"]
    found = []
    for place, lesson in enumerate(lessons):
        sentences = _sentences(lesson)
        for later in lessons[place + 1 :]:
            for term in later.terms:
                used = next((s for s in sentences if _pattern(term).search(s)), None)
                if used:
                    found.append(Early(lesson.lesson, term, later.lesson, used))
    return found


def _pattern(term):
    """The term as a whole word, singular or plural, also at the beginning of a sentence."""
    return re.compile(rf"(?<![\w-]){re.escape(term)}(s|es)?(?![\w-])", re.IGNORECASE)


def _sentences(lesson):
    nb, _ = source.read(lesson.text(".md"))
    found = []
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            paragraphs = [p for p in re.split(r"\n\s*\n", cell.source) if not ON_TRUST.search(p)]
            prose = " ".join(NOT_PROSE.sub(" … ", p) for p in paragraphs)
            found += [" ".join(s.split()) for s in re.split(r"(?<=[.?!])\s+", prose)]
    return found
