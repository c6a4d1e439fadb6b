"""What every built notebook has around its text: a head (level, minutes, how to wake it), a foot (links), cell ids."""

import hashlib
import itertools
import math
import re

import nbformat

from .catalogue import LEVELS, Lesson, references

WAKE = "Choose *Run ▸ Run All Cells* once: that wakes the sliders and questions."
# A range stands in the head: a quick reader with some knowledge, and a slow and careful one.
WORDS_PER_MINUTE = (220, 130)
MINUTES_PER_CODE_CELL = (0.3, 0.6)
MINUTES_PER_QUESTION = (0.5, 1)
MINUTES_PER_EXPLORER = (1.5, 4)
# What the quick reader skips: folds. What nobody reads out: links, tags, table lines, formulas (looked at instead).
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
MARKUP = re.compile(r"\]\([^)]*\)|<[^>]*>|[|#*_>`:-]+|\$[^$]*\$")


def level_of(lesson: Lesson) -> str:
    number = list(LEVELS).index(lesson.level)
    return LEVELS[lesson.level] if number == 0 else f"Level {number} · {LEVELS[lesson.level].split(':')[0]}"


def minutes(nb, lesson: Lesson) -> str:
    low, high = minutes_range(nb, lesson)
    return f"{low} to {high} minutes" if low < high else f"about {high} minutes"


def minutes_range(nb, lesson: Lesson) -> tuple[int, int]:
    """How long the notebook takes, from and to, in steps of five minutes, from its words and what there is to do.

    An appendix, which stands last and is for those who want more, does not count.
    """
    cells = list(itertools.takewhile(lambda cell: not re.search("^## Appendix", cell.source, re.MULTILINE), nb.cells))
    text = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    words = [len(MARKUP.sub(" ", part).split()) for part in (FOLDED.sub(" ", text), text)]
    code = [c.source for c in cells if c.cell_type == "code"]
    explorers = sum("Live(" in source for source in code)
    questions = sum(len(re.findall(r"\b(?:ask|predict|outcome|review|terms)\(", source)) for source in code)
    plain = sum(not re.match(r"(ask|predict|review|terms)\(", source) for source in code) - explorers
    quick, slow = (
        words[i] / WORDS_PER_MINUTE[i]
        + plain * MINUTES_PER_CODE_CELL[i]
        + questions * MINUTES_PER_QUESTION[i]
        + explorers * MINUTES_PER_EXPLORER[i]
        + lesson.minutes_code
        for i in range(2)
    )
    high = 5 * math.ceil(slow / 5)
    return min(max(5, 5 * round(quick / 5)), high), high


def add_lesson_frame(nb, lesson: Lesson, before: Lesson | None, after: Lesson | None) -> None:
    exercise = f" · [exercise]({lesson.link('exercises', lesson)})" if has_exercise(lesson) else ""
    head = f"*{level_of(lesson)} · {minutes(nb, lesson)}*{exercise} · [all lessons]({_contents(lesson)})"
    asleep = any(cell.cell_type == "code" for cell in nb.cells)
    _under_title(nb, head + _references(lesson) + f"\n\n{WAKE}" * asleep)
    links = [f"**Exercise:** [{lesson.heading}]({lesson.link('exercises', lesson)})"] if has_exercise(lesson) else []
    links += [f"**Before:** [{before.heading}]({before.link('notebooks', lesson)})"] if before else []
    links += [f"**Next:** [{after.heading}]({after.link('notebooks', lesson)})"] if after else []
    _foot(nb, links, lesson)


def add_exercise_frame(nb, lesson: Lesson, tasks, solved: bool) -> None:
    minutes, points = (sum(getattr(task, what) for task in tasks) for what in ("minutes", "points"))
    sums = f"{count(len(tasks), 'task')} · about {count(minutes, 'minute')} · {count(points, 'point')}"
    head = f"*{level_of(lesson)} · {sums}*"
    what = (
        "This is the exercise with its answers."
        if solved
        else "Write in the task cells, run them, then run the check below each."
    )
    head += f" · [lesson]({lesson.link('notebooks', lesson)}) · [all lessons]({_contents(lesson)})"
    _under_title(nb, head + _references(lesson) + f"\n\n{what}")
    other = ("exercises", "Exercise") if solved else ("solutions", "Solution, for afterwards")
    links = [
        f"**Lesson:** [{lesson.heading}]({lesson.link('notebooks', lesson)})",
        f"**{other[1]}:** [{lesson.heading}]({lesson.link(other[0], lesson)})",
    ]
    _foot(nb, links, lesson)


def count(number, noun: str) -> str:
    """`count(1, "point")` is "1 point", `count(2, "point")` "2 points"."""
    return f"{number:g} {noun}{'s' * (number != 1)}"


def has_exercise(lesson: Lesson) -> bool:
    return lesson.text(".exercise.md").exists()


def add_ids(nb) -> None:
    """Cell ids that a rebuild gives again: nbgrader's name of the cell, else a hash of its text and a counter."""
    seen = {}
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        stem = grade_id or hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[stem] = seen.get(stem, 0) + 1
        cell["id"] = stem[:60] if seen[stem] == 1 else f"{stem[:60]}-{seen[stem]}"


def add_reference_frame(nb, page: Lesson) -> None:
    _under_title(nb, f"*To look things up* · [all lessons]({_contents(page)}){_references(page)}\n\n{WAKE}")
    _foot(nb, [], page)


def _references(lesson):
    """Links to the glossary and the notation, from any built notebook of `lesson`."""
    others = [page for page in references(lesson.root) if page.stem != lesson.stem]
    return "".join(f" · [{page.title.lower()}]({page.link('notebooks', lesson)})" for page in others)


def _contents(lesson):
    return "../" * (lesson.stem.count("/") + 1) + "notebooks/README.md"


def _under_title(nb, text):
    first = nb.cells[0]
    title, _, rest = first.source.partition("\n")
    if first.cell_type != "markdown" or not title.startswith("# "):
        raise ValueError(f"A lesson begins with its title, a line '# …'; got {first.source[:60]!r}.")
    first.source = f"{title}\n\n{text}\n\n{rest.strip()}".strip()


def _foot(nb, links, lesson):
    contents = f"[All lessons]({_contents(lesson)})"
    nb.cells.append(nbformat.v4.new_markdown_cell("---\n\n" + " · ".join([*links, contents])))
