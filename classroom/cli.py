"""The course's one command, `python -m classroom`: reads what was asked, calls a room, prints.

Rooms are imported by the command that needs them, so that a learner's commands do not need a maintainer's packages.
"""

import argparse
import sys
from pathlib import Path

from .grading import commands as grading
from .paths import ROOT


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m classroom", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="make the notebooks from the text in lessons/")
    build.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="lessons, as a file or folder of lessons/ or a built one; all if none is named",
    )
    build.add_argument(
        "--check", action="store_true", help="build nothing; name what has drifted and exit 1 if anything has"
    )
    build.add_argument("--all", action="store_true", help="build also what has not drifted")
    build.set_defaults(run=_build)

    copy = commands.add_parser("copy", help="bring the learner's working copy, my/, up to date")
    copy.set_defaults(run=_copy)

    reset = commands.add_parser("reset", help="start a lesson and its exercise again in my/; what was there is kept")
    reset.add_argument("lesson", help="its number, such as 1.1")
    reset.set_defaults(run=_reset)

    verify = commands.add_parser(
        "verify", help="prove every task: its answer passes, its stub does not, each misconception is named"
    )
    verify.add_argument("paths", nargs="*", metavar="PATH", help="as for build")
    verify.add_argument("--json", action="store_true", help="print one object a task in place of sentences")
    verify.add_argument("--full", action="store_true", help="20 seeds of cases a task in place of 5")
    verify.add_argument("--jobs", type=int, metavar="N", help="processes; as many as processors if not given")
    verify.set_defaults(run=_verify)

    stand = commands.add_parser(
        "progress", help="how far you are: what is practised and mastered, what is due, what next"
    )
    stand.set_defaults(run=_progress)

    for name, what in (("hint", "the hints of a task that are open"), ("attempts", "what you tried at a task before")):
        help_ = commands.add_parser(name, help=what)
        help_.add_argument("task", help='its name in quotes, such as "1.1 parts"')
        help_.set_defaults(run=_help, what=name)

    chart = commands.add_parser("map", help="which task or question tests which objective; what is missing")
    chart.add_argument("--out", type=Path, metavar="PATH", help="draw it as well, into a .png or .svg")
    chart.set_defaults(run=_map)

    words = commands.add_parser("words", help="terms that a lesson uses before the lesson that defines them")
    words.set_defaults(run=_words)

    grade = commands.add_parser("grade", help="mark a class: every submission of a folder, into a gradebook")
    grade.add_argument(
        "submissions", type=Path, help="the folder, as it comes from Canvas, Moodle, nbgrader or by hand"
    )
    grade.add_argument("--gradebook", type=Path, required=True, metavar="FILE", help="made if it is not there")
    grade.add_argument("--jobs", type=int, default=0, metavar="N", help="workers; as many as processors if not given")
    grade.add_argument("--timeout", type=float, default=60, metavar="S", help="seconds for one submission (60)")
    grade.add_argument("--memory", type=int, default=2000, metavar="M", help="megabytes for one submission (2000)")
    grade.add_argument("--seed", type=int, metavar="S", help="draws the hidden cases; the gradebook's if not given")
    grade.add_argument("--pattern", default="", help="where in a path the learner stands: 'group_*/{learner}.ipynb'")
    grade.add_argument("--roster", type=Path, metavar="CSV", help="the list of the class; who is missing is named")
    grade.add_argument("--scheduler", default="", metavar="ADDRESS", help="of a Dask cluster, such as tcp://host:8786")
    grade.add_argument("--nbgrader", metavar="DB", help="write the scores into nbgrader's gradebook as well")
    grade.set_defaults(run=_grade)

    grading.add(commands)

    asked = parser.parse_args(arguments)
    try:
        return asked.run(asked)
    except (ValueError, LookupError, OSError) as problem:
        print(f"classroom: {problem}", file=sys.stderr)
        return 2


def _build(asked) -> int:
    from tqdm import tqdm

    from .authoring import build

    only = _stems(asked.paths)
    files = [*build.plan(ROOT, only), build.contents_page(ROOT)]
    drifted = build.drifted(files)
    strays = build.strays(ROOT, files) if only is None else []
    if asked.check:
        for path in [file.path for file in drifted] + strays:
            print(f"drifted: {path.relative_to(ROOT).as_posix()}")
        if drifted or strays:
            print("Run: python -m classroom build")
        return int(bool(drifted or strays))
    for path in strays:
        path.unlink()
        print(f"removed, since no text gives it any more: {path.relative_to(ROOT).as_posix()}")
    failed = 0
    with tqdm(files if asked.all else drifted, unit="file", disable=not sys.stderr.isatty()) as bar:
        for file in bar:
            name = file.path.relative_to(ROOT).as_posix()
            bar.set_description(name)
            result = build.build(file)
            failed += result.failure is not None
            bar.write(f"{name}: FAILED\n{result.failure}\n" if result.failure else f"built: {name}")
    return int(failed > 0)


def _copy(asked) -> int:
    from . import working_copy

    for line in working_copy.update(ROOT):
        print(line)
    return 0


def _reset(asked) -> int:
    from . import working_copy

    for line in working_copy.reset(ROOT, asked.lesson):
        print(line)
    return 0


def _verify(asked) -> int:
    import json
    from dataclasses import asdict

    from .authoring import catalogue
    from .tasks import verify, workers

    only = _stems(asked.paths)
    lessons = [found for found in catalogue.lessons(ROOT) if only is None or found.stem in only]
    stems = [lesson.text("") for lesson in lessons if lesson.text(".tasks.py").exists()]
    reports = []
    for report in workers.reports(stems, asked.full, asked.jobs):
        reports.append(report)
        if not asked.json:
            print(report, flush=True)
    print(
        json.dumps([asdict(r) for r in reports], ensure_ascii=False, indent=1) if asked.json else verify.sums(reports)
    )
    return int(not all(report.ok for report in reports))


def _words(asked) -> int:
    from .authoring import words

    for each in words.early(ROOT):
        print(each)
    return 0


def _progress(asked) -> int:
    from . import progress

    progress.summary()
    return 0


def _help(asked) -> int:
    from .tasks import attempts, check

    shown = check.hinted(asked.task) if asked.what == "hint" else "\n\n".join(attempts.told(asked.task))
    print(shown)
    return 0


def _map(asked) -> int:
    from .authoring import map

    rows = map.rows(ROOT)
    print(map.table(rows, ROOT))
    if asked.out:
        map.draw(rows, asked.out)
        print(f"drawn: {asked.out}")
    missing = map.holes(rows, ROOT)
    for hole in missing:
        print(f"missing: {hole}")
    return int(bool(missing))


def _grade(asked) -> int:
    import signal

    from tqdm import tqdm

    from .grading import grade, roster

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that either way of stopping clears up
    people = roster.read(asked.roster) if asked.roster else None
    for note in people.notes if people else ():
        print(note)
    try:
        summary = grade.grade(
            asked.submissions,
            asked.gradebook,
            jobs=asked.jobs,
            timeout=asked.timeout,
            memory=asked.memory,
            seed=asked.seed,
            scheduler=asked.scheduler,
            tell=tqdm.write,
            pattern=asked.pattern,
            roster=people,
        )
    except KeyboardInterrupt:
        print("Stopped. Run the same command again: it goes on where it stopped.", file=sys.stderr)
        return 130
    print(summary)
    if asked.nbgrader:
        from .grading import nbgrader

        print(nbgrader.write(asked.gradebook, asked.nbgrader))
    return summary.code


def _stems(paths) -> set[str] | None:
    """The stems of the lessons that `paths` name: files or folders of lessons/, notebooks/, exercises/, solutions/."""
    if not paths:
        return None
    from .authoring import catalogue

    known = [lesson.stem for lesson in [*catalogue.lessons(ROOT), *catalogue.references(ROOT)]]
    found = set()
    for path in paths:
        parts = Path(path).resolve().relative_to(ROOT).parts[1:]
        wanted = "/".join(parts).split(".", 1)[0]
        begin = f"{wanted}/" if wanted else ""
        stems = {stem for stem in known if f"{stem}/".startswith(begin)}
        if not stems:
            raise LookupError(f"no lesson belongs to {path}; expected a file or folder such as lessons/1_remember.")
        found |= stems
    return found
