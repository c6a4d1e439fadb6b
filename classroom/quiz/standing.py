"""How far a learner is: each objective new, met, practised or mastered, computed from her record alone.

Practised is right once. Mastered is right again, two days later or more, on another question or task of the same
objective; whoever then gives a wrong answer is back at practised. Nothing here is a score, and nothing is compared.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import ipywidgets
from IPython.display import display

from classroom import paths, progress
from classroom.quiz import bank, memory
from classroom.quiz.card import with_stored
from classroom.quiz.markup import to_html

APART = timedelta(days=2)
ROW = "text-align:left;font-weight:normal;white-space:nowrap"
DONE = "Every objective is practised. The due questions keep them."
SIGNS = {"mastered": "●", "practised": "◐", "met": "○", "new": "·"}


@dataclass(frozen=True)
class Shown:
    """Once that she showed what she knows: when, on which question or task, and whether it was right."""

    at: datetime
    surface: str
    right: bool


def standings(events: list[dict]) -> dict[str, str]:
    """Each objective of which the record speaks: "met", "practised" or "mastered"."""
    return {objective: _standing(shown) for objective, shown in _shown(events).items()}


@dataclass(frozen=True)
class Rung:
    """A lesson of the ladder, and how far she is with each of its objectives."""

    lesson: str
    title: str
    level: str
    states: list[str]

    @property
    def counts(self) -> str:
        return ", ".join(f"{self.states.count(state)} {state}" for state in SIGNS if state in self.states)

    @property
    def is_open(self) -> bool:
        return bool({"met", "new"} & set(self.states))


def lines() -> list[str]:
    """The ladder: each lesson with how many of its objectives are practised and mastered; what is due, what next."""
    rungs = ladder()
    said = [f"{rung.lesson:<4} {rung.title}: {rung.counts} of {len(rung.states)} objectives" for rung in rungs]
    return [*said, _due(), _next(rungs)]


def ladder() -> list[Rung]:
    """A rung for each lesson, in their order."""
    found = standings(progress.events())
    return [Rung(*lesson, [found.get(name, "new") for name in names]) for *lesson, names in _lessons()]


class Ladder(ipywidgets.HTML):
    """The same as a table: a sign for each objective, and the counts in words."""

    def __init__(self):
        rungs = ladder()
        rows = "".join(_level(level) + "".join(map(_row, of_it)) for level, of_it in groupby(rungs, lambda r: r.level))
        table = f'<table style="border-spacing:1em 0.2em;border-collapse:separate">{rows}</table>'
        super().__init__(f"{table}<p>{_due()}</p><p><strong>{to_html(_next(rungs))}</strong></p>")

    def _repr_mimebundle_(self, **kwargs):
        said = "Where you stand: run this cell to see it."
        return with_stored(super()._repr_mimebundle_(**kwargs), {"text/plain": said, "text/html": f"<p>{said}</p>"})


def _level(name):
    return f'<tr><th scope="colgroup" colspan="3" style="text-align:left">{name.capitalize()}</th></tr>'


def _row(rung):
    signs = " ".join(SIGNS[state] for state in rung.states)
    return (
        f'<tr><th scope="row" style="{ROW}">{rung.lesson} {to_html(rung.title)}</th>'
        f'<td aria-hidden="true" style="{ROW}">{signs}</td><td>{rung.counts}</td></tr>'
    )


def show() -> None:
    """Show the ladder."""
    display(Ladder())


def _due():
    questions, tasks = memory.due(), memory.due_tasks()
    if not questions and not tasks:
        return "Nothing is due today."
    also = f" and {len(tasks)} small task{'s' * (len(tasks) != 1)} ({', '.join(tasks)})" if tasks else ""
    count = f"{len(questions)} question{'s' * (len(questions) != 1)}"
    return f"Due today: {count}{also}; the next lesson that you open begins with them."


def _next(rungs):
    following = next((rung for rung in rungs if rung.is_open), None)
    return f"Next: {following.lesson} {following.title}." if following else DONE


def _shown(events):
    """By objective, in the order of time: the first answer of a sitting, and every task that passed."""
    found: dict[str, list[Shown]] = {}
    last: dict[str, datetime] = {}
    for event in sorted((e for e in events if memory.time_of(e)), key=memory.time_of):
        at, name = memory.time_of(event), event["name"]
        if event["kind"] == "attempt" and event.get("result") == "passed" and event.get("objective"):
            found.setdefault(event["objective"], []).append(Shown(at, name, True))
        elif event["kind"] == "answer" and event.get("verdict") in memory.RATINGS and _first(at, last.get(name)):
            last[name] = at
            for objective in _objective_of(name):
                found.setdefault(objective, []).append(Shown(at, name, event["verdict"] == "right"))
    return found


def _first(at, before):
    """Of several tries in one sitting the first shows what memory gave."""
    return before is None or at - before >= memory.SITTING


def _objective_of(name):
    try:
        objective = bank.question(name).objective
    except LookupError:
        return []  # the course has dropped or renamed this question since
    return [objective] if objective else []  # a term of the glossary tests none


def _standing(shown: list[Shown]) -> str:
    right = [s for s in shown if s.right]
    if not right:
        return "met"
    again = any(b.at - a.at >= APART and a.surface != b.surface for a in right for b in right)
    return "mastered" if again and shown[-1].right else "practised"


def _lessons():
    """Number, title, level and objectives of each lesson, in their order, from the front matter of its text."""
    fronts = [front for front in paths.front_matters() if front.get("objectives")]
    return [(str(f["lesson"]), f["title"], f["level"], [each["id"] for each in f["objectives"]]) for f in fronts]
