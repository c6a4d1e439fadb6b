"""What every built notebook has around its text: a head (level, minutes, how to wake it), a foot (links), cell ids."""

import hashlib
import math
import re

import nbformat

from .catalogue import LEVELS, Lesson

WAKE = "Choose *Run ▸ Run All Cells* once: that wakes the sliders and questions."
# Read aloud in the head as a range: slow and careful, or quick and with some knowledge.
WORDS_PER_MINUTE = (120, 220)
MINUTES_PER_CODE_CELL = (0.8, 0.4)
MINUTES_PER_WIDGET = (2, 1)  # a question, a prediction, an explorer


def level_of(lesson: Lesson) -> str:
    number = list(LEVELS).index(lesson.level)
    return LEVELS[lesson.level] if number == 0 else f"Level {number} · {LEVELS[lesson.level].split(':')[0]}"


def minutes(nb, lesson: Lesson) -> str:
    """How long the notebook takes, as a range in steps of five minutes, from its words, code cells and widgets."""
    words = sum(len(c.source.split()) for c in nb.cells if c.cell_type == "markdown")
    code = [c for c in nb.cells if c.cell_type == "code"]
    widgets = sum(bool(re.search(r"\b(ask|predict|outcome|review|Live)\(", c.source)) for c in code)
    slow, quick = (
        words / WORDS_PER_MINUTE[i]
        + len(code) * MINUTES_PER_CODE_CELL[i]
        + widgets * MINUTES_PER_WIDGET[i]
        + lesson.minutes_code
        for i in range(2)
    )
    low, high = (max(1, 5 * math.floor(quick / 5)), 5 * math.ceil(slow / 5))
    return f"{low} to {high} minutes"


def add_lesson_frame(nb, lesson: Lesson, before: Lesson | None, after: Lesson | None) -> None:
    exercise = f" · [exercise]({lesson.link('exercises', lesson)})" if has_exercise(lesson) else ""
    _under_title(
        nb,
        f"*{level_of(lesson)} · {minutes(nb, lesson)}*{exercise} · [all lessons]({_contents(lesson)})\n\n{WAKE}",
    )
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
    _under_title(
        nb,
        f"{head} · [lesson]({lesson.link('notebooks', lesson)}) · [all lessons]({_contents(lesson)})\n\n{what}",
    )
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
