"""Text in `lessons/` becomes notebooks: executed in `notebooks/` and `solutions/`, with stubs in `exercises/`.

A *plan* is what a text gives now, without outputs: quick, and no code runs. A built notebook has *drifted* when,
without its outputs, it differs from its plan; so nothing about a build is remembered anywhere. `build` executes what
has drifted; outputs of what has not are nbval's business. Two builds give the same bytes.
"""

import copy
import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from .. import ONE_THREAD, claims
from ..tasks import cases
from ..tasks.source import cleared, load, without_markers
from . import catalogue, directives, frame

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SECONDS_PER_CELL = 120


class Built(NamedTuple):
    """One built file, its plan (a notebook without outputs, or packed cases), and whether it is executed."""

    path: Path
    plan: object
    executed: bool


@dataclass(frozen=True)
class Result:
    """What became of a built file: `built`, or `failed` with the reason."""

    path: Path
    failure: str | None = None


def plan(root: Path, only: set[str] | None = None) -> list[Built]:
    """Every file that the lessons (all, or those whose stems are in `only`) give now, cases before what checks them."""
    lessons = catalogue.lessons(root)
    files = []
    for i, lesson in enumerate(lessons):
        if only is None or lesson.stem in only:
            before, after = (lessons[j] if 0 <= j < len(lessons) else None for j in (i - 1, i + 1))
            files += _plan_lesson(lesson, before, after)
    return files + [_plan_reference(page) for page in catalogue.references(root) if only is None or page.stem in only]


def drifted(files: list[Built]) -> list[Built]:
    """Those of `files` that are missing, or differ from their plan."""
    return [file for file in files if not _same(file)]


def contents_page(root: Path) -> Built:
    return Built(root / "notebooks" / "README.md", _contents(root), executed=False)


def build(file: Built) -> Result:
    """Write one file, executing it first if it is to be; nothing is written when a cell fails."""
    try:
        if isinstance(file.plan, str):
            _write(file.path, file.plan.encode())
        elif file.path.suffix == ".npz":
            file.path.parent.mkdir(parents=True, exist_ok=True)
            cases.save(file.plan, file.path)
        else:
            nb = _execute(file.plan, file.path) if file.executed else file.plan
            found = _verdicts(nb)
            _write(file.path, (nbformat.writes(nb) + "\n").encode())
            _write_verdicts(file.path, found)
    except Exception as problem:  # one lesson's fault must not stop the others; the caller prints it
        return Result(file.path, re.sub(r"\x1b\[[0-9;]*m", "", str(problem)).strip() or repr(problem))
    return Result(file.path)


def strays(root: Path, files: list[Built]) -> list[Path]:
    """Built files that no text gives any more."""
    known = {file.path for file in files}
    known |= {_beside(path) for path in known if path.suffix == ".ipynb"}
    endings = (".ipynb", ".npz", claims.ENDING)
    folders = [root / name for name in ("notebooks", "exercises", "solutions")]
    found = [
        p
        for folder in folders
        for p in folder.rglob("*")
        if p.name.endswith(endings) and ".ipynb_checkpoints" not in p.parts
    ]
    return sorted(set(found) - known)


# ---- from text to a notebook without outputs


def _plan_lesson(lesson, before, after):
    nb = directives.read(lesson, ".md")
    frame.add_lesson_frame(nb, lesson, before, after)
    finished = _finish(nb, lesson, claims=_digest(lesson.text(".claims.yaml")))
    files = [Built(lesson.built("notebooks"), finished, executed=True)]
    return _plan_exercise(lesson) + files if frame.has_exercise(lesson) else files


def _plan_reference(page):
    nb = directives.read(page, ".md")
    frame.add_reference_frame(nb, page)
    return Built(page.built("notebooks"), _finish(nb, page), executed=True)


def _plan_exercise(lesson):
    tasks = load(lesson.text(""))
    nb = directives.read(lesson, ".exercise.md")
    _add_task_lines(nb, tasks)
    _add_nbgrader_metadata(nb, tasks)
    stubs, answers = _with_tasks(nb, cleared), _with_tasks(nb, without_markers)
    frame.add_exercise_frame(stubs, lesson, tasks, solved=False)
    frame.add_exercise_frame(answers, lesson, tasks, solved=True)
    return [
        Built(lesson.built("exercises", ".cases.npz"), cases.pack(tasks, cases.VISIBLE_SEED), executed=False),
        Built(lesson.built("exercises"), _finish(stubs, lesson), executed=False),
        Built(lesson.built("solutions"), _finish(answers, lesson), executed=True),
    ]


def _add_task_lines(nb, tasks):
    """Below the text that introduces a task: what kind it is, how hard, how long, how many points."""
    by_name = {task.name: task for task in tasks}
    for above, cell in zip(nb.cells, nb.cells[1:], strict=False):
        task = by_name.get(cell.metadata.get("task"))
        if task is None:
            continue
        if above.cell_type != "markdown":
            raise ValueError(f"Task {task.name!r}: expected a text cell above its cell, to say what is asked.")
        minutes, points = frame.count(task.minutes, "minute"), frame.count(task.points, "point")
        reach = " · *for those who want to reach further*" if task.reach else ""
        above.source += f"\n\n*{task.kind} · difficulty {task.difficulty} of 5 · {minutes} · {points}*{reach}"
        above.source += _rubric(task)


def _rubric(task):
    """Of a design: which points the check gives, and what a person looks at for the others."""
    if not task.rubric:
        return ""
    rows = [
        f"| {c.what} | {c.points} | {'; '.join(f'{n}: {text}' for n, text in sorted(c.anchors.items()))} |"
        for c in task.rubric
    ]
    said = f"{frame.count(task.points_by_check, 'point')} by the check, the others by a person:"
    return "\n".join([f"\n\n{said}\n", "| what | points | what earns them |", "|---|---|---|", *rows])


def _add_nbgrader_metadata(nb, tasks):
    """Task cells become nbgrader's solution cells, checks its tests: so the folder works in nbgrader as it is."""
    points = {task.name: task.points_by_check for task in tasks}
    for cell in nb.cells:
        name = cell.metadata.pop("task", None)
        checked = re.match(r'check\("([^"]+)"', cell.source) if cell.cell_type == "code" else None
        if name:
            cell.metadata["nbgrader"] = _nbgrader(name, solution=True)
        elif checked:
            name = checked[1]
            cell.metadata["nbgrader"] = _nbgrader(name + " check", grade=True, locked=True, points=points[name])


def _nbgrader(name, **given):
    grade_id = re.sub("[^A-Za-z0-9]+", "_", name)  # all that nbgrader allows in a name
    return {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        **given,
    }


def _with_tasks(nb, change):
    """A copy of `nb` with the source of every task cell changed."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = change(cell.source)
    return nb


def _finish(nb, lesson, **more):
    """Ids, and metadata from which drift shows in what the notebook's own cells do not contain."""
    for cell in nb.cells:
        tags = cell.metadata.get("tags", [])
        if "predicted" in tags:  # the outcome of a prediction stands folded for whoever opens the stored notebook
            cell.metadata["jupyter"] = {"outputs_hidden": True}
    frame.add_ids(nb)
    nb.metadata["course"] = {
        "built from": f"lessons/{lesson.stem}; edit there, not here",
        "questions": _digest(lesson.text(".quiz.yaml")),
        **more,
    }
    nbformat.validate(nb)
    return nb


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.exists() else "none"


# ---- drift


def _same(file):
    try:
        if isinstance(file.plan, str):
            return file.path.read_text(encoding="utf-8") == file.plan
        if file.path.suffix == ".npz":
            return cases.same(cases.read(file.path), file.plan)
        nb = nbformat.read(file.path, as_version=4)
        return _bare(nb) == _bare(file.plan) and _stored_verdicts(file.path) == _verdicts(nb)
    except Exception:  # missing, half merged by hand, or of an older format: whatever it is, not what its text gives
        return False


def _bare(nb):
    """A notebook without what execution adds."""
    nb = copy.deepcopy(nb)
    nb.metadata.pop("language_info", None)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nb


# ---- execution


def _execute(nb: NotebookNode, path: Path) -> NotebookNode:
    nb = copy.deepcopy(nb)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as progress:
        client = NotebookClient(
            nb,
            timeout=SECONDS_PER_CELL,
            kernel_name="python3",
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,  # else one print may be stored in two pieces, another time in one
            resources={"metadata": {"path": str(path.parent)}},
        )
        client.execute(env={**os.environ, **ONE_THREAD, "CLASSROOM_DATA": progress})
    nb.metadata["language_info"] = {"name": "python"}  # its version would differ from machine to machine
    nb.metadata.pop("widgets", None)
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            _store_without_kernel(output, cell)
    return nb


def _store_without_kernel(output, cell):
    """Drop what only a kernel can show, and refuse what holds on this machine alone."""
    data = output.get("data", {})
    if data.pop(WIDGET_VIEW, None) and not set(data) - {"text/plain"}:
        raise ValueError(
            f"This cell shows a widget without a picture or text for readers without a kernel:\n{cell.source}"
        )
    text = str({**output, "data": {kind: value for kind, value in data.items() if not kind.startswith("image/")}})
    for private in (str(Path.home()), str(Path(__file__).parents[2]), tempfile.gettempdir()):
        if private in text:
            raise ValueError(f"This cell's output names a folder of this machine, {private}:\n{cell.source}")


def _write(path, content: bytes):
    """Whole or not at all, so that a kill leaves no half notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    os.replace(beside, path)


# ---- verdicts on claims, from the outputs of the cells that settle them


def _verdicts(nb) -> list[dict]:
    """What the executed notebook found; a verdict that its numbers do not bear out is a fault of the lesson."""
    outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
    found = [dict(o.metadata[claims.VERDICT]) for o in outputs if claims.VERDICT in o.get("metadata", {})]
    for verdict in found:
        if not verdict.pop("borne_out"):
            raise ValueError(f"The numbers of this notebook do not bear out what its .claims.yaml says: {verdict}")
    return found


def _beside(path):
    return path.with_name(path.stem + claims.ENDING)


def _stored_verdicts(path):
    beside = _beside(path)
    return json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else []


def _write_verdicts(path, found):
    if found:
        _write(_beside(path), (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
    else:
        _beside(path).unlink(missing_ok=True)


# ---- the contents page


def _contents(root):
    lines = ["<!-- Built from lessons/; edit there, not here. -->", "# All lessons", ""]
    lines += [f"To look things up: {', '.join(f'[{p.title}]({p.stem}.ipynb)' for p in catalogue.references(root))}"]
    level = None
    for lesson in catalogue.lessons(root):
        if lesson.level != level:
            level = lesson.level
            lines += ["", f"## {catalogue.LEVELS[level]}", "", "| lesson | | |", "|---|---|---|"]
        exercise = f"[exercise](../exercises/{lesson.stem}.ipynb)" if frame.has_exercise(lesson) else ""
        lines.append(f"| [{lesson.heading}]({lesson.stem}.ipynb) | {lesson.summary} | {exercise} |")
    lines += [
        "",
        "## What became of published claims",
        "",
        "| | as published | verdict | settled in |",
        "|---|---|---|---|",
    ]
    known = claims.published(root)
    for lesson in catalogue.lessons(root):
        for found in lesson.verdicts():
            said = f"“{known[found['id']]['claim']}” | {found['verdict']}"
            lines.append(f"| {found['id']} | {said} | [{lesson.lesson}]({lesson.stem}.ipynb) |")
    return "\n".join(lines) + "\n"
