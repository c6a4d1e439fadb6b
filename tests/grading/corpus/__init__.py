"""The corpus: what learners hand in with bad intent or bad luck, each with the mark that it deserves.

An attack is a notebook of lesson 1.1 in which something hostile stands before, inside or behind honest answers; an
accident is a right notebook that somebody's computer has mangled. `scene` plays them and looks for what they left.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass

from classroom.paths import ROOT

LESSON = "1_1_neuron"
SOLUTION = json.loads((ROOT / "solutions" / "1_remember" / f"{LESSON}.ipynb").read_text(encoding="utf-8"))
EXERCISE = json.loads((ROOT / "exercises" / "1_remember" / f"{LESSON}.ipynb").read_text(encoding="utf-8"))

RIGHT_NEURON = "def neuron(x, w, b):\n{}    return 1 / (1 + np.exp(-(x @ w + b)))\n"
RIGHT_LINE = "def decision_line(w, b, x1):\n    return -(w[0] * x1 + b) / w[1]\n"
WRONG_LINE = "def decision_line(w, b, x1):\n    return w[0] * x1 + b\n"
RIGHT_PARTS = 'def parts():\n    return dict(A="bias", B="activation", C="input", D="weighted sum", E="weight")\n'


@dataclass(frozen=True)
class Entry:
    """One submission: `make` gives the file's bytes from the places that an attack may know of; `points` are due."""

    name: str
    make: Callable[[dict], bytes]
    points: float
    of: float = 30
    file: str = f"{LESSON}.ipynb"
    slow: bool = False  # it takes seconds, since only the end of its time ends it
    least: float | None = None  # an attack may cost its author points, never gain any; if None it costs nothing


def notebook(cells: dict[str, str], first=(), last=()) -> dict:
    """The exercise with `cells` (sources by the cell's grade_id) filled in, and code cells before and behind."""
    made = copy.deepcopy(EXERCISE)
    for cell in made["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in cells:
            cell["source"] = cells[grade_id].splitlines(keepends=True)
    made["cells"][:0] = [code(source, f"first{i}") for i, source in enumerate(first)]
    made["cells"] += [code(source, f"last{i}") for i, source in enumerate(last)]
    return made


def code(source: str, name: str) -> dict:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [], "source": lines}


def attack(name: str, source: str, where: str = "first", points: float = 5, **about) -> Entry:
    """Hostile `source` in a cell of its own, "first" or "last", or "inside" the function of task 5.

    Around a cell of its own, task 5 is right and task 6 is wrong: 5 points are due. Around an attack from inside, tasks 1
    and 6 are right: 10 points are due, and 5 more if the function still answers rightly.
    """

    def make(places):
        text = source
        for key, value in places.items():
            text = text.replace(f"@{key}@", str(value))
        if where == "inside":
            indented = "".join(f"    {line}\n" for line in text.strip("\n").split("\n"))
            filled = {"1_1_parts": RIGHT_PARTS, "1_1_neuron": RIGHT_NEURON.format(indented)}
            made = notebook(filled | {"1_1_decision_line": RIGHT_LINE})
        else:
            filled = {"1_1_neuron": RIGHT_NEURON.format(""), "1_1_decision_line": WRONG_LINE}
            made = notebook(filled, **{where: [text]})
        return json.dumps(made).encode()

    return Entry(name, make, points, **about)


def accident(name: str, mangle: Callable[[dict], dict | str | bytes], points: float = 30, **about) -> Entry:
    """The right notebook after `mangle`, which gives a notebook, a text or bytes."""

    def make(places):
        found = mangle(copy.deepcopy(SOLUTION))
        found = json.dumps(found) if isinstance(found, dict) else found
        return found.encode() if isinstance(found, str) else found

    return Entry(name, make, points, **about)


def all_entries() -> list[Entry]:
    from tests.grading.corpus import accidents, machine, marks, wire

    return [entry for room in (marks, wire, machine, accidents) for entry in room.ENTRIES]
