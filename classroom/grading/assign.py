"""Makes a folder for learners: exercises with their visible cases and all that they need, and no answer in any file.

It lies flat: notebooks beside the packages that they import. So it works wherever it is put, with nothing of the course
installed, and what learners hand in is the file that they see first.
"""

import json
import re
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

# What only maintainers and instructors run; some of it leads to answers.
NOT_FOR_LEARNERS = {
    "classroom/authoring",
    "classroom/grading",
    "classroom/cli.py",
    "classroom/__main__.py",
    "classroom/working_copy.py",
    "classroom/jupyter",
    *(f"classroom/tasks/{name}.py" for name in ("source", "verify", "mutants", "trial", "workers")),
}
KINDS = {".py", ".js", ".css"}
NOT_NEEDED = {"nbval"}
LINK = re.compile(r"\[([^\]]*)\]\((?:\.\./)+(?:notebooks|solutions|exercises)/[^)]*\)")
HEAD_LINKS = re.compile(r"( · \[(?:lesson|all lessons)\]\([^)]*\))+")
TORCH = re.compile(r"^\s*(?:import|from) torch\b", re.MULTILINE)


def write(root: Path, target: str, out: Path, due: datetime | None = None, as_zip: bool = False) -> list[str]:
    """Write the folder `out`, and `out`.zip if asked for; returns what was done, a line each."""
    exercises, out = chosen(root, target), Path(out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"{out} is there already and not an empty folder; name a new one.")
    out.mkdir(parents=True, exist_ok=True)
    needs_torch = False
    for path in exercises:
        notebook = for_learners(json.loads(path.read_text(encoding="utf-8")), due)
        _write(out / path.name, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
        shutil.copyfile(cases_of(path), out / cases_of(path).name)
        needs_torch |= any(TORCH.search("".join(cell["source"])) for cell in notebook["cells"])
    for source in runtime(root):
        target_file = out / source.relative_to(root)
        target_file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target_file)
    _write(out / "requirements.txt", _requirements(root, needs_torch))
    for name in ("constraints.txt", "LICENSE", "LICENSE-TEXT"):
        shutil.copyfile(root / name, out / name)
    _write(out / "README.md", _instructions([path.name for path in exercises], due, needs_torch))
    said = [f"{out / path.name}" for path in exercises]
    if as_zip:
        said.append(str(_zip(out)))
    return [
        *said,
        f"{len(exercises)} exercises{_until(due)}. Look at {out / 'README.md'}: that is what learners read first.",
    ]


def chosen(root: Path, target: str) -> list[Path]:
    """The exercises that `target` names: "all", a level ("2_understand", "2") or a lesson ("1.1", "1_1_neuron")."""
    folder = root / "exercises"
    found = sorted(p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
    wanted = target.strip().strip("/").removesuffix(".ipynb")
    number = wanted.replace(".", "_") + "_"

    def fits(path):
        stem = path.relative_to(folder).with_suffix("")
        is_lesson = path.stem == wanted or stem.as_posix() == wanted or path.stem.startswith(number)
        level = stem.parent.name
        return wanted == "all" or is_lesson or (level and (level == wanted or level.startswith(number)))

    picked = [path for path in found if fits(path)]
    if not picked:
        levels = sorted({path.parent.name for path in found} - {"exercises"})
        raise LookupError(
            f"no exercise belongs to {target!r}; there are all, the levels {', '.join(levels)}, "
            f"and the exercises {', '.join(path.stem for path in found)}."
        )
    return picked


def cases_of(exercise: Path) -> Path:
    return exercise.with_name(f"{exercise.stem}.cases.npz")


def runtime(root: Path) -> list[Path]:
    """The files of `classroom` and `nnlib` that an exercise may need."""
    files = [p for name in ("classroom", "nnlib") for p in sorted((root / name).rglob("*")) if p.suffix in KINDS]
    return [p for p in files if not _is_left_out(p.relative_to(root).as_posix())]


def _is_left_out(name):
    return any(name == left or name.startswith(left + "/") for left in NOT_FOR_LEARNERS)


def for_learners(notebook: dict, due: datetime | None) -> dict:
    """An exercise without links into the course, with the due date in its head."""
    cells = [cell for cell in notebook["cells"] if not _is_foot(cell)]
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "markdown":
            source = HEAD_LINKS.sub("", "".join(cell["source"]))
            if number == 0 and due:
                title, _, rest = source.partition("\n")
                source = f"{title}\n\n**Due {_shown(due)}**\n{rest}"
            cell["source"] = LINK.sub(r"\1", source).splitlines(keepends=True)
    return {**notebook, "cells": cells}


def _is_foot(cell):
    return cell["cell_type"] == "markdown" and "".join(cell["source"]).startswith("---\n\n**Lesson:**")


def _requirements(root, needs_torch):
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    left_out = NOT_NEEDED | (set() if needs_torch else {"torch"})
    kept = [line for line in lines if re.split(r"[^A-Za-z0-9_-]", line)[0] not in left_out]
    return "\n".join(kept) + "\n"


def _shown(due):
    return f"{due.astimezone():%A, %d %B %Y, %H:%M %Z}"


def _until(due):
    return f", due {_shown(due)}" if due else ""


def _instructions(names, due, needs_torch):
    listed = "\n".join(f"- `{name}`" for name in names)
    until = (
        f"\n**Due: {_shown(due)}.** What arrives later may lose points; your instructor says how many.\n" if due else ""
    )
    torch = (
        "\nOn Linux without a graphics card, PyTorch's small build saves gigabytes: add "
        "`--extra-index-url https://download.pytorch.org/whl/cpu` to the third line.\n"
        if needs_torch
        else ""
    )
    return f"""# Your exercises

{listed}
{until}
## Begin

If you have set up the course on this computer, copy this folder into its folder `my/` and open a notebook there.

Otherwise you need Python 3.11, 3.12 or 3.13. In a terminal, in this folder, once:

    python -m venv .venv
    source .venv/bin/activate          (Windows: .venv\\Scripts\\activate)
    python -m pip install -c constraints.txt -r requirements.txt
{torch}
and each time, after the line with `activate`:

    python -m jupyterlab

Leave the notebooks in this folder: they use what lies beside them.

## Work

Write in the task cells, run them, then run the check below each. A check tells what fits and what does not, as often
as you like. `hint("…")` with the task's name opens one hint after each new attempt.

## Hand in

Hand in the notebooks, with the names that they have here, the way your instructor asks for. Before you do, choose
*Kernel ▸ Restart Kernel and Run All Cells* and save: then you see what will be seen.

- Your functions are called with other inputs than the checks use. Who writes what the task asks for need not care.
- Marks come from running your task cells. A cell that fails stops no other; printing costs nothing.
- Leave the names of functions and arguments as they are. Cells of your own are welcome anywhere.
"""


def _write(path, text):
    path.write_text(text, encoding="utf-8", newline="\n")


def _zip(folder):
    """`folder`.zip, with the folder in it; the same files give the same bytes."""
    path = folder.with_name(folder.name + ".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, file.read_bytes())
    return path
