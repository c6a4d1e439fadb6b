"""The list of a class, from any CSV: Canvas's gradebook, Moodle's participants, or a sheet that Excel saved.

A person is found by any of her names and numbers, without regard to case, accents, or which name comes first.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from classroom.grading.mend import text_of

HEADS = {
    "name": "name, student, student name, full name, fullname, learner, vollständiger name",
    "first": "first name, firstname, first, given name, vorname, prénom, nombre",
    "last": "last name, lastname, last, surname, family name, nachname, nom, apellidos",
    "email": "email, email address, e-mail, e-mail address, mail, e-mail-adresse",
    "id": "id, canvas id, student id, user id, id number, idnumber, number, matrikelnummer",
    "sis": "sis user id",
    "login": "sis login id, login, username, user name, user, account",
    "section": "section, group, groups",
}
FIELDS = {head: name for name, heads in HEADS.items() for head in heads.split(", ")}


@dataclass
class Person:
    """Somebody on the roster, with the columns that Canvas and Moodle want back."""

    name: str = ""
    first: str = ""
    last: str = ""
    email: str = ""
    id: str = ""
    sis: str = ""
    login: str = ""
    section: str = ""

    @property
    def key(self) -> str:
        """What she is called in the gradebook."""
        return self.login or self.email or self.sis or self.id or self.shown

    @property
    def shown(self) -> str:
        return self.name or f"{self.first} {self.last}".strip() or self.login or self.email or self.id or self.sis

    def forms(self) -> set[str]:
        """All by which she may be called, as `_plain` writes them."""
        first, last = self.first, self.last
        if "," in self.name:
            last, _, first = self.name.partition(",")
        words = self.name.split()
        if not first and len(words) > 1:
            first, last = " ".join(words[:-1]), words[-1]
        texts = [
            self.name,
            first + last,
            last + first,
            self.email,
            self.id,
            self.sis,
            self.login,
            self.email.split("@")[0],
        ]
        return {_plain(text) for text in texts} - {""}


@dataclass
class Roster:
    """A class. `notes` say which rows could not be used and which persons cannot be told apart."""

    people: list[Person] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self):
        self._by: dict[str, list[Person]] = {}
        for person in self.people:
            for form in person.forms():
                self._by.setdefault(form, []).append(person)
        names = {p.shown for same in self._by.values() if len(same) > 1 for p in same}
        if names:
            self.notes.append(
                f"Some share a name; they are told apart by number, login or e-mail only: {', '.join(sorted(names))}."
            )

    def find(self, learner: str) -> Person | None:
        """The person that a gradebook or a file calls `learner`: "doejane_12345", "Jane Doe", "jane.doe"."""
        name, _, number = learner.rpartition("_")
        for form in (learner, *((number, name) if number.isdigit() else ())):
            found = self._by.get(_plain(form), [])
            if len(found) == 1:
                return found[0]
        return None


def read(path: Path) -> Roster:
    """The roster in the CSV file `path`: any encoding that Excel writes; commas, semicolons or tabs."""
    notes: list[str] = []
    text = text_of(Path(path).read_bytes(), []).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if said := re.match(r"sep=(.)\n", text):
        text = text[said.end() :]
    head = next((line for line in text.split("\n") if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", head)
    delimiter = said[1] if said else max(";,\t", key=bare.count)
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=False) if any(map(str.strip, row))
        ]
    except csv.Error as problem:
        raise ValueError(f"{path} is not a CSV file: {problem}.") from problem
    columns = [FIELDS.get(cell.strip().strip("*").casefold(), "") for cell in (rows[0] if rows else [])]
    if not {"name", "first", "last", "email", "id", "sis", "login"} & set(columns):
        raise ValueError(
            f"{path}: the first line should name the columns, such as name, email, id, login; got: {head[:80]!r}."
        )
    people: list[Person] = []
    for number, row in enumerate(rows[1:], 2):
        values = {}
        for column, cell in zip(columns, row, strict=False):
            if column and cell.strip() and column not in values:
                values[column] = " ".join(unicodedata.normalize("NFC", cell).split())
        person = Person(**values)
        if person.shown.casefold().startswith(("points possible", "student, test")):
            continue
        if not person.key:
            notes.append(f"Row {number} of the roster has no name, login, e-mail or number; it was left out.")
        elif any(person.key == other.key for other in people):
            notes.append(f"Row {number} of the roster, {person.shown}, is there twice; the first counts.")
        else:
            people.append(person)
    return Roster(people, notes)


def _plain(text):
    """Letters and digits alone, without accents: so "Doe, Jané" and "doejane" are the same."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if c.isalnum())
