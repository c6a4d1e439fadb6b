"""MyST directives become HTML that JupyterLab and GitHub show: `:::{note}` a box, `:::{dropdown} Title` a fold.

Three directives stand empty in the text and are filled here from the front matter: `objectives`, `achieved`, `terms`.
"""

import re

from . import catalogue

OPEN = re.compile(r"^(:{3,})\{(\w+)\}[ \t]*(.*)$")
# JupyterLab's own alert boxes are pale on pale in its dark theme; a coloured edge is legible in both, and on GitHub.
BOXES = {"note": ("#0072B2", "Note"), "tip": ("#009E73", "Tip"), "warning": ("#D55E00", "Take care")}


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


FILLED = {"objectives": _objectives, "achieved": _achieved, "terms": _terms}
