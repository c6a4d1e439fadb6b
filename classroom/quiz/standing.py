"""How far a learner is: each objective new, met, practised or mastered, computed from her record alone.

Practised is right once. Mastered is right again, two days later or more, on another question or task of the same
objective; whoever then gives a wrong answer is back at practised. Nothing here is a score, and nothing is compared.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from classroom import paths, progress
from classroom.quiz import bank, memory

APART = timedelta(days=2)


@dataclass(frozen=True)
class Shown:
    """Once that she showed what she knows: when, on which question or task, and whether it was right."""

    at: datetime
    surface: str
    right: bool


def standings(events: list[dict]) -> dict[str, str]:
    """Each objective of which the record speaks: "met", "practised" or "mastered"."""
    return {objective: _standing(shown) for objective, shown in _shown(events).items()}


def lines() -> list[str]:
    """The ladder: each lesson with how many of its objectives are practised and mastered; what is due, what next."""
    found, said, following = standings(progress.events()), [], ""
    for lesson, title, objectives in _lessons():
        states = [found.get(objective, "new") for objective in objectives]
        counts = ", ".join(f"{states.count(state)} {state}" for state in ("mastered", "practised", "met", "new"))
        said.append(f"{lesson:<4} {title}: {counts} of {len(objectives)} objectives")
        following = following or (title and f"{lesson} {title}" if {"met", "new"} & set(states) else "")
    due = memory.due()
    said.append(
        f"Due today: {len(due)} question{'s' * (len(due) != 1)}; the next lesson that you open begins with them."
    )
    said.append(f"Next: {following}." if following else "Every objective is practised. The due questions keep them.")
    return said


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
    """Number, title and objectives of each lesson, in their order, from the front matter of its text."""
    fronts = [front for front in paths.front_matters() if front.get("objectives")]
    return [(str(f["lesson"]), f["title"], [objective["id"] for objective in f["objectives"]]) for f in fronts]
