"""Pages as HTML: feedback for one learner, and the report on a class. Every word that is not ours is escaped.

A page is one file without a script, that fetches nothing (its Content-Security-Policy forbids both) and reads offline.
"""

import base64
import hashlib
import html
import re
from pathlib import Path

from classroom.grading.gradebook import Row
from classroom.grading.late import Late
from classroom.grading.model import NOT_JUDGED

CSS = (Path(__file__).parent / "pages.css").read_text(encoding="utf-8")
STYLE = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{STYLE}'; img-src data:; base-uri 'none'; form-action 'none'"
STATES = {"passed": "✓", "not yet": "→", "not attempted yet": "○", NOT_JUDGED: "!"}
LONGEST = 3_000  # characters of one text on a page
# Marks that move a terminal's cursor, hide text or turn it around are shown, not obeyed.
TURNING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def text(value: str) -> str:
    """Somebody else's text, as HTML."""
    value = value.encode("utf-8", "replace").decode("utf-8")
    if len(value) > LONGEST:
        value = value[:LONGEST] + " …"
    return html.escape(TURNING.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", value))


def sentence(value: str) -> str:
    """As `text`, with what stands between backticks as code."""
    parts = text(value).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def page(title: str, body: str) -> str:
    """A whole page around `body`, which is HTML already."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{text(title)}</title>\n<style>{CSS}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def points(value: float) -> str:
    """At most two digits after the point: 3, 2.5, 1.67."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


# --- feedback -----------------------------------------------------------------------------------------------------


def feedback(name: str, rows: list[Row], late: Late, due: dict, titles: dict[str, str]) -> str:
    """What one learner reads: for each lesson her points by task, what each check says, and a visible case."""
    body = "\n".join(_lesson(row, late, due.get(row.lesson), titles) for row in rows)
    return page(f"Feedback for {name}", f"<main>\n<h1>Feedback for <bdi>{text(name)}</bdi></h1>\n{body}\n</main>")


def _lesson(row, late, due, titles):
    part = late.part(row.received, due)
    title = titles.get(row.lesson, row.lesson) or "An exercise that could not be told"
    lines = [
        f"<section>\n<h2>{text(title)}</h2>",
        f"<p><strong>{points(row.points * part)} of {points(row.of)} points</strong></p>",
    ]
    if part < 1:
        days = late.days(row.received, due)
        lines.append(
            f"<p>{points(row.points)} points for the answers; handed in {days} {'day' if days == 1 else 'days'} late, "
            f"so {points(100 * (1 - part))} % less.</p>"
        )
    if row.received:
        lines.append(f'<p class="pale">Received {row.received.astimezone():%Y-%m-%d %H:%M}.</p>')
    if row.marked.notes:
        lines.append("<ul>" + "".join(f"<li>{sentence(note)}</li>" for note in row.marked.notes[:20]) + "</ul>")
    lines += [_task(row, mark) for mark in row.marked.marks]
    return "\n".join([*lines, "</section>"])


def _task(row, mark):
    by_hand = row.overrides.get(mark.task)
    state = mark.state if mark.state in STATES else "not yet"
    lines = [
        f'<article class="task {state.replace(" ", "-")}">',
        f'<span class="points">{points(row.points_of(mark))} of {points(mark.of)}</span>',
        f'<h3><span aria-hidden="true">{STATES[state]}</span> {text(mark.task)}: {text(mark.state)}</h3>',
    ]
    if by_hand:
        lines.append(f"<p>These points were set by a person: {sentence(by_hand.reason)}</p>")
    lines += [f"<p>{sentence(part)}</p>" for part in mark.sentence.split("\n") if part.strip()]
    if mark.case:
        lines.append(f'<p class="pale">The smallest case that shows it:</p>\n<pre>{text(mark.case)}</pre>')
    lines += [f"<p>That happens when {sentence(m)}.</p>" for m in mark.misconceptions if m not in mark.sentence]
    return "\n".join([*lines, "</article>"])


# --- the class ----------------------------------------------------------------------------------------------------


def class_report(
    title: str, facts: list[str], pictures: list[tuple[str, str, bytes]], table: list[list[str]], odd
) -> str:
    """What an instructor reads: facts, pictures (title, what to see, SVG), every learner's points, and what was odd."""
    lines = [f"<main>\n<h1>{text(title)}</h1>", "<ul>", *(f"<li>{sentence(fact)}</li>" for fact in facts), "</ul>"]
    for heading, said, svg in pictures:
        data = base64.b64encode(svg).decode()
        lines += [
            f'<h2>{text(heading)}</h2>\n<figure><img alt="{text(said)}" src="data:image/svg+xml;base64,{data}">',
            f"<figcaption>{text(said)}</figcaption></figure>",
        ]
    lines += ["<h2>Everyone</h2>", '<div class="scroll">', _table(table), "</div>"]
    if odd:
        lines += ["<h2>To look at</h2>", "<ul>", *(f"<li><bdi>{sentence(line)}</bdi></li>" for line in odd), "</ul>"]
    return page(title, "\n".join([*lines, "</main>"]))


def _table(rows):
    def cells(row, tag):
        found = []
        for number, cell in enumerate(row):
            kind = ' class="number"' if number else ""
            scope = ' scope="col"' if tag == "th" else ""
            found.append(f"<{tag}{kind}{scope}><bdi>{text(cell)}</bdi></{tag}>")
        return f"<tr>{''.join(found)}</tr>"

    head, *body = rows
    return "\n".join(
        [
            "<table>",
            "<thead>",
            cells(head, "th"),
            "</thead><tbody>",
            *(cells(r, "td") for r in body),
            "</tbody></table>",
        ]
    )
