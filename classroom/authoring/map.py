"""The map of the course: which task and which question tests which objective, at which level; which claims are settled.

`rows` reads the lessons, `holes` says what is missing, `table` and `draw` show lessons by levels. Nothing is planned
here: a lesson that has not been written is not on the map, and its claims stand below it as open.
"""

from dataclasses import dataclass, field
from pathlib import Path

from ..claims import published
from ..quiz.faults import ABOUT, LEVELS
from ..tasks.source import load
from . import catalogue


@dataclass(frozen=True)
class Test:
    """A task or a question, and what it tests."""

    name: str
    kind: str
    level: str
    objective: str
    minutes: float
    role: str  # "task", or a question's role
    reach: bool = False

    @property
    def is_task(self) -> bool:
        return self.role == "task"


@dataclass(frozen=True)
class Row:
    """One lesson: its objectives by id, what tests them, its claims with their verdicts ("": none yet)."""

    lesson: catalogue.Lesson
    objectives: dict[str, dict]
    tests: list[Test]
    claims: dict[str, str] = field(default_factory=dict)

    def of(self, objective: str = "", level: str = "") -> list[Test]:
        """The tests of an objective, or of a level."""
        return [t for t in self.tests if objective in ("", t.objective) and level in ("", t.level)]


def rows(root: Path) -> list[Row]:
    """A row for each lesson below `root/lessons`."""
    return [_row(lesson) for lesson in catalogue.lessons(root)]


def _row(lesson):
    tasks = load(lesson.text("")) if lesson.text(".tasks.py").exists() else []
    found = [Test(t.name, t.kind, t.level, t.objective, t.minutes, "task", t.reach) for t in tasks]
    for q in lesson.questions():
        name, kind, level, objective, role = (q.get(key) or "" for key in ("id", "kind", "level", "objective", "role"))
        found.append(Test(name, kind, level, objective, q.get("minutes") or 0, role))
    verdicts = {v["id"]: v.get("verdict", "") for v in lesson.verdicts()}
    claims = {**dict.fromkeys(lesson.claims, ""), **verdicts}
    return Row(lesson, {o["id"]: o for o in lesson.objectives}, found, claims)


def holes(found: list[Row], root: Path) -> list[str]:
    """What is missing, a sentence each: an objective that nothing tests, a test of nothing, an open claim, a level.

    A question from memory tests what came before the lesson, so it does not count for an objective.
    """
    known = published(root)
    said = []
    for row in found:
        who = row.lesson.lesson
        for name, objective in row.objectives.items():
            if not any(test.role != "memory" for test in row.of(objective=name)):
                said.append(f"{who}: no task and no question tests the objective {name} ({objective.get('text', '')}).")
            if objective.get("level") not in LEVELS:
                said.append(f"{who}: the objective {name} has the level {objective.get('level')!r}.")
        for test in row.tests:
            said += [f"{who}: {test.name!r} {problem}." for problem in _problems(test, row)]
        for claim, verdict in row.claims.items():
            if claim not in known:
                said.append(f"{who}: the claim {claim} does not stand in lessons/claims.csv.")
            if claim not in row.lesson.claims:
                said.append(f"{who}: a verdict on {claim}, which its front matter does not name.")
            if not verdict:
                said.append(f"{who}: the claim {claim} has no verdict.")
        said += _levels(row) + _memory(row)
    return said


def _problems(test, row):
    if test.objective not in row.objectives:
        yield f"tests {test.objective!r}, which is no objective of this lesson"
    if test.level not in LEVELS:
        yield f"has the level {test.level!r}"
    if not test.minutes > 0:
        yield "has no minutes"
    if not (test.kind and test.role):
        yield "has no kind or role"


def _levels(row):
    """The exercise climbs to the lesson's level and no further, but for tasks that reach beyond it."""
    level, tasks = row.lesson.level, [t for t in row.tests if t.is_task and not t.reach and t.level in LEVELS]
    if level not in LEVELS or not tasks:
        return []
    highest = max(tasks, key=lambda t: LEVELS.index(t.level))
    if tasks[-1].level != level:
        return [f"{row.lesson.lesson}: its last task {tasks[-1].name!r} stands at {tasks[-1].level!r}, not {level!r}."]
    if LEVELS.index(highest.level) > LEVELS.index(level):
        return [f"{row.lesson.lesson}: {highest.name!r} stands above {level!r} and is not marked reach=True."]
    return []


def _memory(row):
    """Where a lesson says what its questions from memory go back to, all three ways are there."""
    about = {q.get("about") for q in row.lesson.questions() if q.get("role") == "memory"}
    missing = [way for way in ABOUT if way not in about] if about - {None} else []
    return [f"{row.lesson.lesson}: no question from memory has about: {way}." for way in missing]


# ---- what is shown


def table(found: list[Row], root: Path) -> str:
    """Lessons by levels (tasks + questions, minutes), then each objective with what tests it, then the claims."""
    lines = [f"{'lesson':<8}" + "".join(f"{level:>16}" for level in LEVELS) + "   claims"]
    for row in found:
        cells = "".join(f"{_cell(row.of(level=level)):>16}" for level in LEVELS)
        settled = sum(bool(verdict) for verdict in row.claims.values())
        lines.append(f"{row.lesson.lesson:<8}{cells}   {settled} of {len(row.claims)}")
    lines.append("(tasks + questions, minutes)")
    for row in found:
        lines += ["", f"{row.lesson.heading} ({row.lesson.level})"]
        for name, objective in row.objectives.items():
            lines.append(f"  {name:<6} {objective.get('level', '?'):<11} {objective.get('text', '')}")
            lines += [f"         {'task' if t.is_task else 'question'}: {_test(t)}" for t in row.of(objective=name)]
        lines += [f"  {claim:<6} {verdict or 'OPEN'}" for claim, verdict in row.claims.items()]
    settled = {claim for row in found for claim, verdict in row.claims.items() if verdict}
    still = [claim for claim in published(root) if claim not in settled]
    lines += ["", f"{len(settled)} claims settled, {len(still)} wait for a lesson: {' '.join(still)}"]
    return "\n".join(lines)


def _cell(tests):
    if not tests:
        return "·"
    tasks = sum(t.is_task for t in tests)
    return f"{tasks} + {len(tests) - tasks}, {sum(t.minutes for t in tests):g}'"


def _test(test):
    more = ", reach" * test.reach + f", {test.role}" * (test.role in ("memory", "predict", "unlock"))
    return f"{test.name} ({test.kind}, {test.level}, {test.minutes:g} min{more})"


def draw(found: list[Row], path: Path) -> None:
    """The matrix as a picture, PNG or SVG by the ending of `path`: a cell's shade is its minutes."""
    from ..explore import style  # here, since the table needs no matplotlib

    shades = [[sum(t.minutes for t in row.of(level=level)) for level in LEVELS] for row in found]
    fig = style.Figure(figsize=(11, 1.6 + 0.5 * len(found)), layout="constrained")
    ax = fig.subplots()
    image = ax.imshow(shades, cmap="Blues", aspect="auto", vmin=0)
    half = image.norm.vmax / 2 if image.norm.vmax else 1
    for i, row in enumerate(found):
        for j, level in enumerate(LEVELS):
            colour = "white" if shades[i][j] > half else "black"
            ax.text(j, i, _cell(row.of(level=level)), ha="center", va="center", color=colour, fontsize=10)
    ax.set_xticks(range(len(LEVELS)), LEVELS)
    ax.set_yticks(range(len(found)), [_label(row) for row in found], fontsize=10)
    ax.set(xlabel="level of the task or question", ylabel="lesson")
    ax.set_title("What tests what: tasks + questions, minutes")
    fig.colorbar(image, label="minutes")
    fig.savefig(path, dpi=150)


def _label(row):
    title = row.lesson.heading if len(row.lesson.heading) < 42 else row.lesson.heading[:40] + "…"
    settled = sum(bool(v) for v in row.claims.values())
    objectives = sum(bool(row.of(objective=name)) for name in row.objectives)
    return f"{title}\n{objectives} of {len(row.objectives)} objectives, {settled} of {len(row.claims)} claims"
