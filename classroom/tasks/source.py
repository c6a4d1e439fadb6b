"""Where a task's answer and stub come from: the cell of the `.exercise.md` whose metadata `task` is the task's name.

The part between `### BEGIN SOLUTION` and `### END SOLUTION` is the answer's; the stub has `raise NotImplementedError()`
in its place, as nbgrader's ClearSolutions would write it. Nothing that a lesson imports may import this file.
"""

import ast
import importlib.util
import io
import linecache
import re
from contextlib import redirect_stdout
from pathlib import Path

from classroom.authoring.source import read
from classroom.tasks.task import Task

STUB = "raise NotImplementedError()"
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"


def load(stem: Path) -> list[Task]:
    """The tasks in `<stem>.tasks.py`, each joined to its answer, stub and given code from `<stem>.exercise.md`.

    `task.object` is the answer as a live function or class, defined after all given cells and earlier answers.
    """
    stem = Path(stem)
    tasks = _tasks_in(stem.with_name(stem.name + ".tasks.py"))
    exercise = stem.with_name(stem.name + ".exercise.md")
    nb, _ = read(exercise)
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    _match_names(exercise, tasks, [cell.metadata["task"] for cell in code if "task" in cell.metadata])
    checked = _checked_objects(code)
    by_name = {task.name: task for task in tasks}
    namespace, given = {"__name__": f"exercise of {stem.name}"}, []
    for number, cell in enumerate(code):
        tags = cell.metadata.get("tags", [])
        if "given" in tags and "raises-exception" not in tags:
            given.append(cell.source)
            define(cell.source, f"<given cell {number} of {exercise.name}>", namespace)
        elif "task" in cell.metadata:
            task = by_name[cell.metadata["task"]]
            if task.name not in checked:
                raise ValueError(f'{exercise.name}: no cell check("{task.name}", …) follows the task.')
            task.answer, task.stub = without_markers(cell.source), cleared(cell.source)
            task.given, task.object_name = "\n\n".join(given), checked[task.name]
            define(task.answer, f"<answer to {task.name}>", namespace)
            task.object = namespace[task.object_name]
    order = [cell.metadata["task"] for cell in code if "task" in cell.metadata]
    return sorted(tasks, key=lambda task: order.index(task.name))


def define(code: str, filename: str, namespace: dict) -> None:
    """Run `code` in `namespace`, silently; keep its lines, so that errors and `inspect` can show them."""
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    with redirect_stdout(io.StringIO()):
        exec(compile(code, filename, "exec"), namespace)


def stub_object(task: Task):
    """The untouched stub as a live function or class, as a learner's kernel defines it."""
    namespace = {"__name__": "__main__"}
    define(task.given, f"<given for {task.name}>", namespace)
    define(task.stub, f"<stub of {task.name}>", namespace)
    return namespace[task.object_name]


def cleared(source: str, stub: str = STUB) -> str:
    """`source` with every marked solution replaced by `stub`, indented like its marker (as nbgrader does)."""
    lines, inside = [], False
    for line in source.split("\n"):
        if BEGIN in line:
            if inside:
                raise ValueError(f"Two {BEGIN} without an {END} between them, in the cell:\n{source}")
            inside = True
            lines.append(re.match(r"\s*", line).group() + stub)
        elif END in line:
            inside = False
        elif not inside:
            lines.append(line)
    if inside:
        raise ValueError(f"A {BEGIN} has no {END}, in the cell:\n{source}")
    if BEGIN not in source:
        raise ValueError(f"A task cell has no ### {BEGIN} … ### {END}:\n{source}")
    return "\n".join(lines)


def without_markers(source: str) -> str:
    """`source` without the two marker lines: the built solution."""
    return "\n".join(line for line in source.split("\n") if BEGIN not in line and END not in line)


def _tasks_in(path):
    spec = importlib.util.spec_from_file_location(f"tasks of {path.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.tasks)


def _match_names(exercise, tasks, cells):
    names = [task.name for task in tasks]
    for twice in {name for name in [*names] if names.count(name) > 1 or cells.count(name) > 1}:
        raise ValueError(f"{exercise.name}: the task {twice!r} appears twice.")
    if missing := sorted(set(names) - set(cells)):
        raise ValueError(f"{exercise.name} has no cell with the metadata `task: {missing[0]}`.")
    if unknown := sorted(set(cells) - set(names)):
        raise ValueError(f"{exercise.name} has a cell for {unknown[0]!r}, which .tasks.py does not define.")


def _checked_objects(code):
    """The name of the object that each `check("…", name)` in the exercise hands over."""
    found = {}
    for cell in code:
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check" and len(node.args) == 2:
                found[ast.literal_eval(node.args[0])] = ast.unparse(node.args[1])
    return found
