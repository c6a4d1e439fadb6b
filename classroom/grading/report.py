"""Writes what comes out of a gradebook: tables for Canvas, Moodle and any sheet, feedback pages, and the class report.

Nothing here changes a mark. Lateness is counted now, from the due dates and the rule that the gradebook holds now.
"""

import csv
import hashlib
import os
import re
import statistics
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from classroom import paths
from classroom.grading import pages, pictures
from classroom.grading.gradebook import Gradebook, Row
from classroom.grading.late import Late
from classroom.grading.roster import Person, Roster

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a sheet would run a text that begins so
NO_ROSTER = Roster()


@dataclass
class Class:
    """A gradebook's rows with what a report needs to read them."""

    rows: list[Row]
    late: Late
    due: dict[str, datetime | None]
    roster: Roster

    @classmethod
    def of(cls, book: Gradebook, roster: Roster | None = None) -> "Class":
        rows = book.rows()
        due = {lesson: book.due(lesson) for lesson in dict.fromkeys(row.lesson for row in rows)}
        return cls(rows, book.late, due, roster or NO_ROSTER)

    @cached_property
    def lessons(self) -> list[str]:
        """Those that are known, in their order."""
        known = {row.lesson for row in self.rows} - {""}
        return sorted(known, key=lambda lesson: [int(part) for part in lesson.split(".")])

    def person(self, learner: str) -> Person:
        return self.roster.find(learner) or _from_key(learner)

    def final(self, row: Row) -> float:
        """The points that count: by judge and person, less what lateness costs."""
        return round(row.points * self.late.part(row.received, self.due.get(row.lesson)), 2)

    def days_late(self, row: Row) -> int:
        return self.late.days(row.received, self.due.get(row.lesson))

    def possible(self, lesson: str) -> float:
        return max(row.of for row in self.rows if row.lesson == lesson)

    def everyone(self) -> list[tuple[str, Person, dict[str, Row]]]:
        """Each learner of the gradebook, then who of the roster handed nothing in: key, person, rows by lesson."""
        by: dict[str, dict[str, Row]] = {}
        for row in self.rows:
            by.setdefault(row.learner, {})[row.lesson] = row
        found = [(learner, self.person(learner), rows) for learner, rows in by.items()]
        here = {id(person) for _, person, _ in found}
        return found + [(person.key, person, {}) for person in self.roster.people if id(person) not in here]

    def odd(self) -> list[str]:
        """What an instructor should look at, a line each."""
        said = list(self.roster.notes)
        if self.roster.people:
            said += [
                f"not on the roster: {who}"
                for who, p, rows in self.everyone()
                if rows and self.roster.find(who) is None
            ]
            said += [f"nothing handed in: {person.shown}" for _, person, rows in self.everyone() if not rows]
        for row in self.rows:
            where = f"{row.learner}, {row.lesson or 'lesson not known'}"
            said += [f"{where}: {self.days_late(row)} days late"] * bool(self.days_late(row))
            said += [f"{where}: {row.earlier} other submissions do not count"] * bool(row.earlier)
            said += [f"{where}: {note}" for note in row.marked.notes[:5]]
            said += [f"{where}: {m.task} could not be judged" for m in row.marked.marks if m.state == "not judged"]
        return said


def write(book: Gradebook, out: Path, roster: Roster | None = None) -> list[Path]:
    """Everything, into the folder `out`; returns the files that were written."""
    found, out = Class.of(book, roster), Path(out)
    if not found.rows:
        raise ValueError(f"{book.path} holds no marks yet; `classroom grade` enters them.")
    (out / "feedback").mkdir(parents=True, exist_ok=True)
    written = [
        (_sheet(out / "marks.csv", marks(found), excel=True), ""),
        (_sheet(out / "tasks.csv", tasks(found), excel=True), ""),
        (_sheet(out / "canvas.csv", canvas(found)), ""),
        (_sheet(out / "moodle.csv", moodle(found)), ""),
    ]
    titles = {lesson: title(lesson) for lesson in found.lessons}
    for learner, person, rows in found.everyone():
        if rows:
            path = out / "feedback" / page_name(learner)
            ordered = sorted(rows.values(), key=lambda row: row.lesson == "")  # else in the order of the lessons
            text = pages.feedback(person.shown, ordered, found.late, found.due, titles)
            written.append((_whole(path, text.encode()), learner))
    drawn = [(name, *made) for name, make in PICTURES if (made := make(found.rows))]
    for name, _, svg in drawn:
        written.append((_whole(out / f"{name.replace(' ', '_').lower()}.svg", svg), ""))
    table = [["learner", *found.lessons], *_overview(found)]
    text = pages.class_report("The class", facts(found), drawn, table, found.odd())
    written.append((_whole(out / "class.html", text.encode()), ""))
    book.wrote(dict(written))
    return [path for path, _ in written]


PICTURES = (
    ("Points by task", pictures.tasks),
    ("Misconceptions", pictures.misconceptions),
    ("Time on the queue", pictures.waiting),
)


def facts(found: Class) -> list[str]:
    """The class in a few sentences."""
    learners = len({row.learner for row in found.rows})
    said = [f"{learners} learners, {len(found.rows)} submissions that count."]
    for lesson in found.lessons:
        points = [found.final(row) for row in found.rows if row.lesson == lesson]
        said.append(
            f"{title(lesson)}: {len(points)} submissions, median {pages.points(statistics.median(points))} of "
            f"{pages.points(found.possible(lesson))} points."
        )
    seconds = sum(row.marked.seconds for row in found.rows)
    held = sorted({row.marked.isolation or "nothing" for row in found.rows})
    by_hand = sum(len(row.overrides) for row in found.rows)
    return [
        *said,
        f"Marking took {seconds:.3g} s of computing.",
        f"What held the learners' code: {'; '.join(held)}.",
        f"Lateness: {found.late}.",
        *([f"Marks set by hand: {by_hand}."] if by_hand else []),
    ]


def title(lesson: str) -> str:
    """ "1.1" and what its file is called: "1.1 neuron"."""
    try:
        stem = paths.lesson_stem(lesson).name
    except LookupError:
        return lesson
    return f"{lesson} {stem.removeprefix(lesson.replace('.', '_') + '_').replace('_', ' ')}"


def page_name(learner: str) -> str:
    """A file name that any system takes and no other learner has."""
    slug = re.sub(r"[^A-Za-z0-9.-]+", "-", learner).strip(".-")[:50] or "learner"
    return f"{slug}-{hashlib.sha256(learner.encode('utf-8', 'replace')).hexdigest()[:8]}.html"


# --- tables -------------------------------------------------------------------------------------------------------


def marks(found: Class) -> list[list]:
    """A row for each learner and lesson, with all that is needed to mark it again."""
    head = [
        "learner",
        "name",
        "email",
        "lesson",
        "points",
        "of",
        "judged",
        "days late",
        "received",
        "graded",
        "seconds",
    ]
    head += ["isolation", "seed", "course", "packages", "digest", "notes"]
    rows = []
    for row in found.rows:
        m, person = row.marked, found.person(row.learner)
        packages = " ".join(f"{name}=={version}" for name, version in m.packages.items())
        rows.append(
            [
                *(row.learner, person.shown, person.email, row.lesson, found.final(row), row.of, m.points),
                *(found.days_late(row), _minute(row.received), _minute(m.graded), round(m.seconds, 3), m.isolation),
                *(m.seed, m.course, packages, m.digest, " ".join(m.notes)),
            ]
        )
    return [head, *rows]


def tasks(found: Class) -> list[list]:
    """A row for each task of each learner: the judge's points, a person's, and why."""
    rows = [
        ["learner", "lesson", "task", "points", "of", "judged", "state", "by hand", "reason", "by", "misconceptions"]
    ]
    for row in found.rows:
        for mark in row.marked.marks:
            change = row.overrides.get(mark.task)
            hand = [change.points, change.reason, change.by] if change else ["", "", ""]
            points = row.points_of(mark)
            about = [row.learner, row.lesson, mark.task, points, mark.of, mark.points, mark.state]
            rows.append([*about, *hand, "; ".join(mark.misconceptions)])
    return rows


def canvas(found: Class) -> list[list]:
    """As Canvas's gradebook imports it. Who handed nothing in has an empty cell, which Canvas leaves as it is."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    possible = ["    Points Possible", "", "", "", "", *(found.possible(lesson) for lesson in found.lessons)]
    rows = [
        [person.name or person.shown, person.id, person.sis, person.login, person.section, *_points(found, rows)]
        for _, person, rows in found.everyone()
    ]
    return [[*head, *map(title, found.lessons)], possible, *rows]


def moodle(found: Class) -> list[list]:
    """As Moodle's grade import takes it: mapped by e-mail address or ID number."""
    head = ["Full name", "First name", "Last name", "ID number", "Email address"]
    rows = [
        [person.shown, person.first, person.last, person.id, person.email, *_points(found, rows)]
        for _, person, rows in found.everyone()
    ]
    return [[*head, *map(title, found.lessons)], *rows]


def _points(found, rows):
    return [found.final(rows[lesson]) if lesson in rows else "" for lesson in found.lessons]


def _overview(found):
    for _, person, rows in found.everyone():
        yield [person.shown, *(pages.points(p) if p != "" else "–" for p in _points(found, rows))]


def _from_key(learner):
    """What the gradebook's name alone tells: Canvas's files hold a number, which its import understands."""
    name, _, number = learner.rpartition("_")
    if name and number.isdigit():
        return Person(name=name, id=number)
    return Person(name="", email=learner, login=learner) if "@" in learner else Person(name=learner)


def _minute(when):
    return when.astimezone().strftime("%Y-%m-%d %H:%M") if when else ""


def _sheet(path, rows, excel=False):
    """A CSV file in UTF-8, for Excel with the mark that tells it so. No text in it is a formula."""
    lines = []
    for row in rows:
        lines.append([f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in row])
    part = path.with_name(path.name + ".part")
    with open(part, "w", encoding="utf-8-sig" if excel else "utf-8", newline="", errors="replace") as file:
        csv.writer(file).writerows(lines)
    os.replace(part, path)
    return path


def _whole(path, content: bytes):
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)
    return path
