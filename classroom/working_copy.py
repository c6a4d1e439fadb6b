"""The learner's working copy, `my/`: hers alone. An update of the course never overwrites what she has touched.

The copy of a notebook leaves out what would spoil it: questions, explorers and the outcomes of predictions are empty
until she runs them, and outcomes stand folded until she opens them. `my/.course.json` remembers digests of the
versions that she was given. A file with another digest is touched: it stays, the new version is laid beside it as
`NAME.new.ipynb`, and she is told. A kill at any point leaves a state from which the next update goes on.
"""

import hashlib
import json
import os
import re
from pathlib import Path

import nbformat

FOLDERS = ("notebooks", "exercises", "solutions")
SPOILERS = {"predicted", "explorer"}  # tags of cells whose stored output would give an answer away
QUESTIONS = re.compile(r"\b(ask|predict|outcome|review|terms)\(")


def update(root: Path) -> list[str]:
    """Bring `root/my` up to date with the course; returns what the learner should know, a line each."""
    folder, said, count = root / "my", [], 0
    state = _State(folder)
    for source in sorted(path for name in FOLDERS for path in (root / name).rglob("*.ipynb")):
        if ".ipynb_checkpoints" in source.parts:
            continue
        count += 1
        name = source.relative_to(root).as_posix()
        beside = _bring(state, folder, name, _unspoiled(source))
        if beside:
            said.append(
                f"You have worked in my/{name}, so it stays as it is. The course has a new version: my/{beside}"
            )
    contents = root / "notebooks" / "README.md"
    if contents.exists():
        _write(folder / "notebooks" / "README.md", contents.read_text(encoding="utf-8"))
    return [*said, f"Your working copy is up to date: {count} notebooks in my/."]


def reset(root: Path, lesson: str) -> list[str]:
    """Start a lesson and its exercise again; what was there is kept beside it. Returns what was done, a line each."""
    folder, said = root / "my", []
    state = _State(folder)
    begins = lesson.replace(".", "_") + "_"
    for source in sorted(p for name in FOLDERS for p in (root / name).rglob(begins + "*.ipynb")):
        name = source.relative_to(root).as_posix()
        target, text = folder / name, _unspoiled(source)
        if target.exists() and _digest(target.read_text(encoding="utf-8")) != _digest(text):
            kept = _free(target, "kept")
            os.replace(target, kept)
            said.append(f"kept: my/{kept.relative_to(folder).as_posix()}")
        _give(state, folder, name, text)
        said.append(f"fresh: my/{name}")
    if not said:
        raise LookupError(f"no lesson has the number {lesson!r}; the numbers stand in notebooks/README.md.")
    return said


def _bring(state, folder, name, text) -> str | None:
    """Bring one notebook up to date; returns the name of the version laid beside it, if there is one."""
    new, target = _digest(text), folder / name
    now = _digest(target.read_text(encoding="utf-8", errors="replace")) if target.exists() else None
    if now == new:
        state.gave(name, new)
    elif now is None or now in state.given.get(name, ()):
        _give(state, folder, name, text)
    elif new not in (state.base.get(name), state.beside.get(name)):
        return _lay_beside(state, folder, name, text)
    return None


def _give(state, folder, name, text):
    """Write a version into its place. It is announced first, so that a kill in between leaves no doubt whose it is."""
    state.giving(name, _digest(text))
    _write(folder / name, text)
    state.gave(name, _digest(text))


def _lay_beside(state, folder, name, text) -> str:
    """Write the new version next to the touched one: over an earlier, untouched new version, never over hers."""
    for beside in _numbered(folder / name, "new"):
        relative = beside.relative_to(folder).as_posix()
        if not beside.exists() or _digest(beside.read_text(encoding="utf-8")) in state.given.get(relative, ()):
            _give(state, folder, relative, text)
            state.laid_beside(name, _digest(text))
            return relative


def _numbered(target, word):
    yield target.with_name(f"{target.stem}.{word}.ipynb")
    number = 2
    while True:
        yield target.with_name(f"{target.stem}.{word}-{number}.ipynb")
        number += 1


def _free(target, word):
    return next(path for path in _numbered(target, word) if not path.exists())


class _State:
    """`my/.course.json`: for each file, the digests of all versions `given`, the one that hers is known to come from
    (`base`), and the one last laid `beside` it. A lost or damaged record is safe: every file that differs from the
    course then counts as touched."""

    def __init__(self, folder: Path):
        self.path = folder / ".course.json"
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            self.given, self.base, self.beside = (dict(stored[key]) for key in ("given", "base", "beside"))
        except (OSError, ValueError, KeyError, TypeError):
            self.given, self.base, self.beside = {}, {}, {}

    def giving(self, name, digest):
        if digest not in self.given.setdefault(name, []):
            self.given[name].append(digest)
        self.base.pop(name, None)
        self._save()

    def gave(self, name, digest):
        if self.base.get(name) != digest or digest not in self.given.get(name, ()):
            self.giving(name, digest)
            self.base[name] = digest
            self._save()

    def laid_beside(self, name, digest):
        self.beside[name] = digest
        self._save()

    def _save(self):
        record = {"given": self.given, "base": self.base, "beside": self.beside}
        _write(self.path, json.dumps(record, indent=1, sort_keys=True) + "\n")


def _unspoiled(source: Path) -> str:
    nb = nbformat.read(source, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code" and (
            SPOILERS & set(cell.metadata.get("tags", [])) or QUESTIONS.search(cell.source)
        ):
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(nb) + "\n"


def _digest(text: str) -> str:
    """Of what a learner sees: cells and outputs. Not of the JSON around them, which JupyterLab rewrites on saving."""
    try:
        nb = nbformat.reads(text, as_version=4)
        seen = [(c.cell_type, c.source, c.get("outputs", []), c.get("attachments", {})) for c in nb.cells]
        for *_, outputs, _ in seen:
            for output in outputs:
                output.pop("execution_count", None)
        text = json.dumps(seen, sort_keys=True)
    except Exception:  # not a notebook any more: then every byte counts
        pass
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(path: Path, text: str):
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)
