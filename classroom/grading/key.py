"""What the judge knows about a lesson: hidden and visible cases of its tasks, and which cells of a notebook are ours.

From that and a submission comes the program for a child: cells in order, ours in our own words, and no answer.
"""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from classroom.authoring.source import read
from classroom.grading import wire
from classroom.grading.model import Cell
from classroom.tasks import cases, source
from classroom.tasks.cases import TaskCases

MOST_CELLS, MOST_SOURCE = 2000, 1 << 18  # cells of a notebook, and characters of one of them

# Packages that take long to import, by what a cell imports: a zygote imports them once for all who need them.
SLOW = {
    "torch": "torch", "matplotlib": "matplotlib.pyplot", "plt": "matplotlib.pyplot", "sklearn": "sklearn.datasets",
    "pandas": "pandas", "scipy": "scipy", "data": "classroom.data",
}  # fmt: skip
IMPORTS = re.compile(r"^\s*(?:import|from)\s+([^\n#]+)", re.MULTILINE)


@dataclass
class Program:
    """What a child is to run: `cells` are (number, source, ours); negative numbers are cells that the learner lacks."""

    cells: list[tuple[int, str, bool]] = field(default_factory=list)
    defining: dict[str, list[int]] = field(default_factory=dict)  # by a task's name: her cells that define its object
    untouched: set[str] = field(default_factory=set)  # tasks whose cell is as it was handed out
    notes: list[str] = field(default_factory=list)

    def source_of(self, task: str) -> str:
        """The last cell that defines the task's object."""
        numbers = self.defining.get(task)
        return next(text for number, text, _ in self.cells if number == numbers[-1]) if numbers else ""

    @property
    def modules(self) -> tuple[str, ...]:
        """The slow packages that the cells import."""
        words = {
            word for _, text, _ in self.cells for found in IMPORTS.findall(text) for word in re.findall(r"\w+", found)
        }
        return tuple(sorted({SLOW[word] for word in words & set(SLOW)}))


@dataclass
class Key:
    """A lesson as the judge knows it. `hidden` and `visible` hold the same tasks in the same order."""

    lesson: str
    hidden: list[TaskCases]
    visible: list[TaskCases]
    given: dict[str, str]  # cells that her code may need, by their digest
    skipped: set[str]  # digests of cells that only show or check
    stubs: dict[str, str]  # a task's name by the digest of its untouched cell

    @functools.cached_property
    def same(self) -> set[str]:
        """Tasks whose hidden cases are the visible ones: nothing is drawn in them."""
        pairs = zip(self.hidden, self.visible, strict=True)
        return {hidden.name for hidden, visible in pairs if _text(hidden.arguments) == _text(visible.arguments)}

    def program(self, submitted: list[Cell]) -> Program:
        program, own = Program(), [cell for cell in submitted if cell.kind == "code"]
        found = {digest(cell.source) for cell in own}
        missing = [text for key, text in self.given.items() if key not in found]
        program.cells = [(number - len(missing), text, True) for number, text in enumerate(missing)]
        if len(own) > MOST_CELLS:
            program.notes.append(f"The notebook has {len(own)} code cells; the first {MOST_CELLS} were run.")
        for number, cell in enumerate(own[:MOST_CELLS], 1):
            text, key = cell.source.replace("\r\n", "\n").replace("\r", "\n"), digest(cell.source)
            if len(text) > MOST_SOURCE:
                program.notes.append(f"Code cell {number} holds {len(text)} characters and was left out.")
            elif key in self.stubs:
                program.untouched.add(self.stubs[key])
            elif key not in self.skipped:
                program.cells.append((number, text, key in self.given))
                self._see(program, number, text)
        program.untouched -= set(program.defining)
        return program

    def _see(self, program, number, text):
        for task in self.hidden:
            if re.search(_definition(task.object_name), text):
                program.defining.setdefault(task.name, []).append(number)


def _text(arguments):
    buffers = []
    return wire.encode(arguments, buffers), buffers


@functools.cache
def _definition(name):
    name = re.escape(name)
    return re.compile(rf"^(?:(?:async\s+)?(?:def|class)\s+{name}\b|{name}\s*(?::[^=\n]*)?=(?!=))", re.MULTILINE)


def digest(text: str) -> str:
    """A hash of a cell that spaces and lines of comment do not change. Nothing is parsed: the text is hostile."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return hashlib.sha256("".join("".join(lines).split()).encode("utf-8", "replace")).hexdigest()


def load(root: Path, lesson: str, seed: int) -> Key:
    """The key of a lesson, its hidden cases drawn from `seed`; LookupError if there is no such lesson with tasks."""
    stem = _stem(root, lesson)
    tasks = source.load(stem)
    notebook, _ = read(stem.with_name(stem.name + ".exercise.md"))
    given, skipped = {}, set()
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or "task" in cell.metadata:
            continue
        if "given" in tags and "raises-exception" not in tags:
            given[digest(cell.source)] = cell.source
        else:
            skipped.add(digest(cell.source))
    hidden = [cases.pack_one(task, seed) for task in tasks]
    visible = [cases.pack_one(task, cases.VISIBLE_SEED) for task in tasks]
    return Key(lesson, hidden, visible, given, skipped, {digest(task.stub): task.name for task in tasks})


def lessons(root: Path) -> list[str]:
    """The numbers of all lessons with tasks."""
    found = (_number(path) for path in (root / "lessons").rglob("*.tasks.py"))
    return sorted(number for number in found if number)


def _stem(root, lesson):
    for path in (root / "lessons").rglob("*.tasks.py"):
        if lesson and _number(path) == lesson:
            return path.with_name(path.name.removesuffix(".tasks.py"))
    raise LookupError(f"There is no lesson {lesson!r} with tasks below {root / 'lessons'}.")


def _number(path):
    found = re.match(r"(\d+(?:_\d+)?)_", path.name)
    return found[1].replace("_", ".") if found else ""
