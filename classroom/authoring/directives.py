"""MyST directives become HTML that JupyterLab and GitHub show: `:::{note}` a box, `:::{dropdown} Title` a fold.

These stand empty in the text and are filled here from front matter: `objectives`, `achieved`, `terms` of the lesson;
`level`, what a level's opening says of its lessons; `glossary`, the terms of all lessons.
"""

import math
import re

from ..tasks.source import load
from . import catalogue, frame, source

OPEN = re.compile(r"^(:{3,})\{(\w+)\}[ \t]*(.*)$")
# JupyterLab's own alert boxes are pale on pale in its dark theme; a coloured edge is legible in both, and on GitHub.
BOXES = {"note": ("#0072B2", "Note"), "tip": ("#009E73", "Tip"), "warning": ("#D55E00", "Take care")}


def read(lesson: catalogue.Lesson, ending: str):
    """The notebook in one of a lesson's texts, `.md` or `.exercise.md`, with every directive replaced."""
    nb, _ = source.read(lesson.text(ending))
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = convert(cell.source, lesson)
    return nb


def convert(text: str, lesson: catalogue.Lesson) -> str:
    """`text` with every directive replaced; directives nest when the outer one has more colons."""
    lines, result = text.split("\n"), []
    while lines:
        line = lines.pop(0)
        found = OPEN.match(line)
        if not found:
            result.append(line)
            continue
        fence, name, title = found.groups()
        if fence not in lines:
            raise ValueError(f"{lesson.stem}: the directive {line!r} is never closed by a line {fence!r}.")
        end = lines.index(fence)
        body, lines = "\n".join(lines[:end]), lines[end + 1 :]
        result.append(_render(name, title, convert(body.strip(), lesson), lesson))
    return "\n".join(result)


def _render(name, title, body, lesson):
    if name in BOXES:
        colour, heading = BOXES[name]
        edge = f"border-left: 4px solid {colour}; padding: 0.3em 1em; margin: 0.6em 0"
        return f'<blockquote style="{edge}">\n<b>{title or heading}</b>\n\n{body}\n\n</blockquote>'
    if name == "dropdown":
        return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"
    if name in FILLED:
        return FILLED[name](lesson)
    raise ValueError(f"{lesson.stem}: unknown directive {name!r}; known: {', '.join([*BOXES, 'dropdown', *FILLED])}.")


def _objectives(lesson):
    return "After this lesson you can\n\n" + "\n".join(f"- {o['text']}" for o in lesson.objectives)


def _achieved(lesson):
    return "You have\n\n" + "\n".join(f"- {o['past']}" for o in lesson.objectives)


def _terms(lesson):
    rows = [f"| **{term}** | {meaning} |" for term, meaning in lesson.terms.items()]
    return "\n".join(["| term | meaning |", "|---|---|", *rows])


def _level(lesson):
    """Each lesson of the level: what she will be able to do, and how long it takes; then the hours in all."""
    rows, total = [], [0, 0]
    for other in catalogue.lessons(lesson.root):
        if other.level == lesson.level and other.page != "opening":
            low, high, exercise = _minutes(other)
            total = [total[0] + low + exercise, total[1] + high + 2 * exercise]
            can = "; ".join(objective["text"] for objective in other.objectives)
            link = other.link("notebooks", lesson)
            rows.append(f"| [{other.heading}]({link}) | {can} | {low} to {high} + {exercise:g} |")
    hours = [max(1, math.floor(total[0] / 60)), math.ceil(total[1] / 60)]
    head = ["| lesson | afterwards you can | minutes: lesson + exercise |", "|---|---|---|"]
    sums = (
        f"Altogether {hours[0]} to {hours[1]} hours: the first figure for a quick reader, the second for a careful one."
    )
    return "\n".join([*head, *rows, "", sums])


def _minutes(lesson):
    tasks = load(lesson.text("")) if frame.has_exercise(lesson) else []
    return *frame.minutes_range(read(lesson, ".md"), lesson), sum(task.minutes for task in tasks)


def _glossary(page):
    rows = {}
    for lesson in catalogue.lessons(page.root):
        for term, meaning in lesson.terms.items():
            rows[term] = f"| **{term}** | {meaning} | [{lesson.lesson}]({lesson.link('notebooks', page)}) |"
    ordered = [rows[term] for term in sorted(rows, key=str.casefold)]
    return "\n".join(["| term | meaning | from lesson |", "|---|---|---|", *ordered])


FILLED = {
    "objectives": _objectives,
    "achieved": _achieved,
    "terms": _terms,
    "level": _level,
    "glossary": _glossary,
}
