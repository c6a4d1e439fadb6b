"""A course for nbgrader: a source tree whose answers nbgrader itself removes, with its configuration.

nbgrader's `generate_assignment`, `autograde` and `export` work on it as they are.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from classroom.grading import assign

CONFIG = '''"""nbgrader for this course: the stub that the checks know, and time for a training run."""

c = get_config()
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()"}
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.ExecutePreprocessor.timeout = 120
'''


def write(root: Path, target: str, out: Path, due: datetime | None = None) -> list[str]:
    """Write nbgrader's course folder `out`; returns what was done and what comes next, a line each."""
    import nbformat

    from classroom.authoring import build, catalogue, directives, frame
    from classroom.tasks.source import load

    stems = {path.relative_to(root / "exercises").with_suffix("").as_posix() for path in assign.chosen(root, target)}
    lessons = [lesson for lesson in catalogue.lessons(root) if lesson.stem in stems]
    config, said = Path(out) / "nbgrader_config.py", []
    Path(out).mkdir(parents=True, exist_ok=True)
    if not config.exists():  # a course that is there goes on as its owner has set it up
        config.write_text(CONFIG, encoding="utf-8")
    for lesson in lessons:
        name = lesson.built("exercises").stem
        folder = Path(out) / "source" / name
        if folder.exists():
            raise ValueError(f"{folder} is there already; remove it first, or name another folder.")
        tasks = load(lesson.text(""))
        nb = directives.read(lesson, ".exercise.md")
        build._add_task_lines(nb, tasks)
        build._add_nbgrader_metadata(nb, tasks)
        frame.add_exercise_frame(nb, lesson, tasks, solved=False)
        nb = nbformat.from_dict(assign.for_learners(build._finish(nb, lesson), due))
        for cell in nb.cells:
            cell.source = "".join(cell.source)
        folder.mkdir(parents=True)
        nbformat.write(nb, folder / f"{name}.ipynb")
        shutil.copyfile(lesson.built("exercises", ".cases.npz"), folder / f"{name}.cases.npz")
        said.append(str(folder))
    if due:
        _set_due(Path(out), [lesson.built("exercises").stem for lesson in lessons], due)
    first = lessons[0].built("exercises").stem
    return [
        *said,
        f"Next, in {out}: nbgrader generate_assignment {first}. Learners' Jupyter needs this course installed "
        "(pip install with the path of the course).",
    ]


def _set_due(out, names, due):
    from classroom.grading import nbgrader

    with nbgrader.opened(f"sqlite:///{(out / 'gradebook.db').resolve()}") as book:
        for name in names:
            book.update_or_create_assignment(name, duedate=due.astimezone(UTC).replace(tzinfo=None))
