"""The instructor's commands besides `grade`: `assign`, `report` and `gradebook`. Rooms load when they are asked for."""

import getpass
from pathlib import Path


def add(commands) -> None:
    """Add the three to the subcommands of `python -m classroom`."""
    assign = commands.add_parser("assign", help="make a folder for learners: exercises and all they need, no answer")
    assign.add_argument("target", help="a level such as 2_understand, a lesson such as 1.1, or all")
    assign.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    assign.add_argument("--zip", action="store_true", help="also as one archive, DIR.zip")
    assign.add_argument(
        "--due", metavar="WHEN", help="such as 2026-12-01 or '2026-12-01 18:00'; stands in the instructions"
    )
    assign.add_argument(
        "--nbgrader", action="store_true", help="in place of it a course for nbgrader, with its source tree"
    )
    assign.set_defaults(run=_assign)

    report = commands.add_parser(
        "report", help="tables for Canvas, Moodle and sheets, feedback pages, the class report"
    )
    report.add_argument("--gradebook", type=Path, required=True, metavar="FILE")
    report.add_argument("--out", type=Path, metavar="DIR", help="a folder beside the gradebook if not given")
    report.add_argument(
        "--roster", type=Path, metavar="CSV", help="the class's list, as Canvas, Moodle or Excel writes it"
    )
    report.set_defaults(run=_report)

    book = commands.add_parser(
        "gradebook", help="change a gradebook: marks by hand, due dates, whom to mark again or forget"
    )
    book.add_argument("gradebook", type=Path, metavar="FILE")
    verbs = book.add_subparsers(required=True, metavar="WHAT")
    override = verbs.add_parser("override", help="set the points of a task by hand")
    override.add_argument("learner")
    override.add_argument("task", help='such as "1.1 parts"')
    override.add_argument("points", help="a number; 'judged' gives the judge's mark back")
    override.add_argument("--reason", required=True)
    override.add_argument("--by", help="who decides; your user name if not given")
    regrade = verbs.add_parser("regrade", help="let the next `grade` mark this learner again")
    regrade.add_argument("learner")
    regrade.add_argument("lesson", nargs="?", default="", help="such as 1.1; all if not given")
    forget = verbs.add_parser("forget", help="remove all that is kept about a learner, also her feedback pages")
    forget.add_argument("learner")
    due = verbs.add_parser("due", help="when a lesson is due")
    due.add_argument("lesson")
    due.add_argument("when", help="2026-12-01, the end of that day, or '2026-12-01 18:00'")
    late = verbs.add_parser("late", help="what lateness costs, counted in each report")
    late.add_argument("percent", type=float, help="per cent off for each day begun")
    late.add_argument("--grace", type=float, default=0, metavar="HOURS")
    late.add_argument("--most", type=float, default=100, metavar="PERCENT")
    history = verbs.add_parser("history", help="every mark set by hand: what, why, who, when")
    history.add_argument("learner", nargs="?")
    for name, verb in verbs.choices.items():
        verb.set_defaults(run=_gradebook, verb=name)


def _assign(asked) -> int:
    from ..paths import ROOT
    from . import assign, late, source_tree

    due = late.moment(asked.due) if asked.due else None
    if asked.nbgrader:
        for line in source_tree.write(ROOT, asked.target, asked.out, due):
            print(line)
        return 0
    for line in assign.write(ROOT, asked.target, asked.out, due, asked.zip):
        print(line)
    return 0


def _report(asked) -> int:
    from . import report, roster

    people = roster.read(asked.roster) if asked.roster else None
    out = asked.out or asked.gradebook.with_name(f"{asked.gradebook.stem}-report")
    with _opened(asked.gradebook) as book:
        found = report.Class.of(book, people)
        written = report.write(book, out, people)
        for line in [*report.facts(found), *(f"to look at: {line}" for line in found.odd())]:
            print(line)
    print(f"written: {len(written)} files in {out}; begin with {out / 'class.html'}")
    return 0


def _gradebook(asked) -> int:
    from . import late

    with _opened(asked.gradebook) as book:
        if asked.verb == "override":
            points = None if asked.points == "judged" else _number(asked.points)
            book.override(asked.learner, asked.task, points, asked.reason, asked.by or getpass.getuser())
        elif asked.verb == "regrade":
            book.regrade(asked.learner, asked.lesson)
            print("The next `classroom grade` with the same submissions marks this learner again.")
        elif asked.verb == "forget":
            _forget(book, asked.learner)
        elif asked.verb == "due":
            book.set_due(asked.lesson, late.moment(asked.when))
            print(f"{asked.lesson} is due {book.due(asked.lesson).astimezone():%Y-%m-%d %H:%M:%S %Z}.")
        elif asked.verb == "late":
            book.set_late(late.Late(asked.percent, asked.grace, asked.most))
            print(f"Lateness: {book.late}.")
        for change in book.history(asked.learner) if asked.verb in ("history", "override") else []:
            points = "the judge's mark again" if change.points is None else f"{change.points:g} points"
            about = f"{change.at.astimezone():%Y-%m-%d %H:%M}  {change.learner}  {change.task}"
            print(f"{about}: {points}, by {change.by}: {change.reason}")
    return 0


def _forget(book, learner):
    removed, handed_in = book.forget(learner)
    print(f"Nothing about {learner} is in {book.path} any more.")
    for path in removed:
        print(f"removed: {path}")
    if any(path.suffix == ".csv" for path in removed):
        print("The class's tables and report held her as well: `classroom report` writes them anew without her.")
    for path in handed_in:
        print(f"still there, for you to remove: {path}")


def _opened(path):
    from .gradebook import Gradebook

    if not path.exists():
        raise ValueError(f"there is no gradebook {path}; `classroom grade` makes it.")
    return Gradebook(path)


def _number(text):
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"the points should be a number or the word judged, got {text!r}.") from None
