"""Reads what a learner handed in: always a `Submission`, never an exception, whatever the file is.

A notebook is read as JSON, by nothing but this file and `mend`; what was odd about it becomes a sentence in `notes`.
"""

import hashlib
import io
import os
import re
import stat
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from classroom.grading import mend
from classroom.grading.model import Cell, Submission

MOST_BYTES = 32_000_000  # of a file, or of a member of an archive when it is unpacked
MOST_MEMBERS = 2_000
MOST_CELLS = 2_000
MOST_SOURCE = 4_000_000  # characters of all cells together
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)
FILE_NAME = re.compile(r"(?<![0-9])([1-6])[_.-](\d{1,2})(?=[_.-][a-z])|(?<![0-9])(0)(?=_start_here)", re.IGNORECASE)
BUILT_FROM = re.compile(r"lessons/(?:[^;]*/)?(\d+)(?:_(\d+))?_[a-z]")
CHECKED = re.compile(r"""\b(?:check|hint)\(\s*['"](\d+(?:\.\d+)?) """)
GRADE_ID = re.compile(r"(\d+)(?:_(\d+))?_")
INVISIBLE = {0: None, 0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None, 0xFEFF: None}
SPACES = {0xA0: " ", 0x202F: " ", 0x2007: " ", 0x3000: " ", 0x2028: "\n", 0x2029: "\n"} | INVISIBLE


def read(path: Path, learner: str = "") -> Submission:
    """What `path` holds. Of an archive with several notebooks the first one that `read_all` would give."""
    return read_all(path, learner)[0]


def read_all(path: Path, learner: str = "") -> list[Submission]:
    """One submission for each lesson that `path` holds, at least one: an archive of a folder may hold several."""
    path = Path(path)
    data, received, problem = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    blank = Submission(learner, _lesson_in_name(path.name), path, digest, [], [], received)
    if problem:
        blank.notes.append(problem)
        return [blank]
    if not data.startswith(b"PK\x03\x04"):
        return [_read_one(blank, data, path.name)]
    notes: list[str] = []
    members = _members(data, notes)
    if not members:
        blank.notes += notes or ["The archive holds no notebook: put the .ipynb file itself into it."]
        return [blank]
    found = [_read_one(Submission(learner, "", path, "", [], [], received), raw, name) for name, raw in members]
    for submission, (_, raw) in zip(found, members, strict=True):
        submission.digest = hashlib.sha256(raw).hexdigest()
        submission.notes = [*notes, *submission.notes]
    return _one_for_each_lesson(found, [name for name, _ in members])


# --- bytes --------------------------------------------------------------------------------------------------------


def _bytes(path):
    """The bytes of a plain file, its time, and what is wrong with it. Links, pipes and devices are not opened."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if path.is_symlink():
            return b"", None, "This is a link to another place, not a file; it was not followed."
        if not stat.S_ISREG(path.lstat().st_mode):
            return b"", None, "This is not a file."
        with os.fdopen(os.open(path, flags), "rb") as file:
            about = os.fstat(file.fileno())
            received = datetime.fromtimestamp(about.st_mtime, UTC)
            if not stat.S_ISREG(about.st_mode):
                return b"", None, "This is not a file."
            if about.st_size > MOST_BYTES:
                return (
                    b"",
                    received,
                    f"The file is too large: {about.st_size / 1e6:.0f} MB; {MOST_BYTES / 1e6:.0f} MB are read.",
                )
            return file.read(MOST_BYTES), received, ""
    except (OSError, ValueError, OverflowError) as problem:
        return b"", None, f"The file could not be read: {getattr(problem, 'strerror', None) or problem}."


def _members(data, notes):
    """The notebooks in an archive, as names and bytes; scripts if it holds no notebook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist()[:MOST_MEMBERS] if _counts(info.filename)]
            wanted = [i for i in infos if _is_notebook(i.filename)] or [i for i in infos if i.filename.endswith(".py")]
            found, room = [], MOST_BYTES
            for info in wanted:
                with archive.open(info) as member:
                    raw = member.read(room + 1)  # what the header says of the size is not believed
                if len(raw) > room:
                    notes.append("The archive is too large when unpacked; what came first was read.")
                    break
                room -= len(raw)
                found.append((info.filename, raw))
            return found
    except Exception as problem:  # zipfile raises half a dozen kinds for a damaged or encrypted archive
        notes.append(f"The archive could not be unpacked: {problem}.")
        return []


def _counts(name):
    parts = name.replace("\\", "/").split("/")
    return (
        not ({"__MACOSX", ".ipynb_checkpoints", "classroom", "nnlib"} & set(parts))
        and parts[-1]
        and not parts[-1].startswith("._")
    )


def _is_notebook(name):
    return bool(NOTEBOOK.search(name))


def _one_for_each_lesson(found, names):
    """Of several notebooks for one lesson the one with most of the course's cells counts, then the last."""
    best: dict[str, int] = {}
    for at, submission in enumerate(found):
        if submission.lesson not in best or _rank(submission) >= _rank(found[best[submission.lesson]]):
            best[submission.lesson] = at
    if set(best) - {""}:
        best.pop("", None)
    others = [f"`{name}`" for at, name in enumerate(names) if at not in best.values()]
    for at in best.values() if others else ():
        listed = ", ".join(others[:5]) + " …" * (len(others) > 5)
        found[at].notes.append(f"The archive holds several notebooks; `{names[at]}` was read, not {listed}.")
    return [found[at] for at in best.values()]


def _rank(submission):
    return sum(bool(cell.grade_id) for cell in submission.cells), bool(submission.cells)


# --- cells --------------------------------------------------------------------------------------------------------


def _read_one(submission, data, name):
    """Fill `submission` from the bytes of one notebook or script."""
    notes = submission.notes
    try:
        cells, metadata = _parse(data, notes)
    except (RecursionError, MemoryError):
        cells, metadata = [], {}
        notes.append("The file is nested too deeply to be a notebook.")
    submission.cells = _cells(cells, notes)
    _note_oddities(submission)
    submission.lesson = _lesson(metadata, submission.cells, name) or submission.lesson
    return submission


def _parse(data, notes):
    if not data.strip():
        notes.append("The file is empty.")
        return [], {}
    for begin, what in mend.OTHER_FILES:
        if begin.match(data):
            notes.append(f"{what}, not a notebook: hand in the .ipynb file.")
            return [], {}
    text = mend.text_of(data, notes).lstrip("\ufeff")
    found = mend.cells_of(text, notes)
    if found is None:
        found = mend.cells_of_script(text, notes), {}
        if not found[0]:
            notes.append("This is not a notebook: hand in the .ipynb file.")
    return found


def _cells(raw, notes):
    cells, room, mended = [], MOST_SOURCE, False
    if len(raw) > MOST_CELLS:
        notes.append(f"The notebook has {len(raw)} cells; the first {MOST_CELLS} were read.")
    for cell in raw[:MOST_CELLS]:
        kind = "code" if cell.get("cell_type") == "code" else "markdown"
        source = _source(cell.get("source", cell.get("input", "")))
        if kind == "code":
            clean = source.translate(SPACES)
            mended |= clean != source
            source = clean
        room -= len(source)
        if room < 0:
            notes.append("The notebook has too much text; what came first was read.")
            break
        cells.append(Cell(source, _text(cell.get("id")), _grade_id(cell), kind))
    if mended:
        notes.append("Spaces that Python does not know, as e-mail and web pages make them, were replaced in the code.")
    return cells


def _source(value):
    """A cell's text: one string or a list of lines, with any ends of line, and nothing that cannot be stored."""
    if isinstance(value, list):
        lines = [line for line in value if isinstance(line, str)]
        joint = "\n" if len(lines) > 1 and not any(line.endswith(("\n", "\r")) for line in lines) else ""
        value = joint.join(lines)
    text = value if isinstance(value, str) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode("utf-8")  # half of a pair of surrogates becomes "?"


def _text(value):
    return _source(value)[:200] if isinstance(value, str) else ""


def _grade_id(cell):
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return _text(nbgrader.get("grade_id")) if isinstance(nbgrader, dict) else ""


def _note_oddities(submission):
    cells, notes = submission.cells, submission.notes
    if not cells:
        return
    count = Counter(cell.grade_id for cell in cells if cell.grade_id)
    if twice := [name for name, times in count.items() if times > 1]:
        listed = ", ".join(f"`{name}`" for name in twice[:5])
        notes.append(f"These cells are there more than once, as after a copy: {listed}. What ran last counts.")
    if not count:
        notes.append(
            "The cells have lost the names that the course gave them; tasks are found by what the code defines."
        )
    if not any(cell.kind == "code" and cell.source.strip() for cell in cells):
        notes.append("The notebook holds no code.")


# --- which lesson -------------------------------------------------------------------------------------------------


def _lesson(metadata, cells, name):
    """By what the build wrote into it, by the checks that it calls, by its cells' names, by the file's name."""
    course = metadata.get("course")
    built = BUILT_FROM.search(str(course.get("built from", ""))) if isinstance(course, dict) else None
    if built:
        return _number(built)
    ids = Counter(_number(found) for cell in cells if (found := GRADE_ID.match(cell.grade_id)))
    checks = Counter(found for cell in cells for found in CHECKED.findall(cell.source))
    for counted in (checks, ids):
        if counted:
            return counted.most_common(1)[0][0]
    return _lesson_in_name(name)


def _number(found):
    return ".".join(part for part in found.groups() if part)


def _lesson_in_name(name):
    found = FILE_NAME.search(name)
    return _number(found) if found else ""
