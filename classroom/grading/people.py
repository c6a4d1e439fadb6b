"""Who handed in what: learners' names from names of folders and files, or from a pattern; nothing is dropped silently.

Understood as they come: downloads from Canvas and Moodle, nbgrader's `submitted`, `learner/notebook.ipynb` and
`learner_notebook.ipynb`. With a `roster`, names are matched with it, and who is missing is listed.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from classroom.grading.late import Late
from classroom.grading.roster import Person, Roster
from classroom.grading.submission import NOTEBOOK

CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d{2,})_\d{2,}_.+", re.DOTALL)
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
PLAIN = re.compile(r"(?P<name>.*?)[ _.-]*(?:[1-6][_.-]\d{1,2}[_.-][a-z].*|0_start_here.*)", re.IGNORECASE | re.DOTALL)
LESSON_FOLDER = re.compile(
    r"(?:[a-z]+[ _-]?)?(?:\d\.\d{1,2}|[1-6]_\d{1,2}_[a-z]\w*|0_start_here|[1-6]_[a-z]+)", re.IGNORECASE
)
READ = re.compile(r"\.(ipynb|zip|py|md|ipynb\.(txt|json))$", re.IGNORECASE)
PASSED_OVER = {"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git"}
TIMES = {"timestamp.txt"}  # nbgrader's


@dataclass
class Found:
    """A file that a learner handed in. `notes` say what was odd about its name."""

    learner: str
    path: Path
    received: datetime | None = None
    notes: list[str] = field(default_factory=list)
    known: bool = True
    """Is the learner on the roster, or, without one, did the name of the file tell who it is?"""


@dataclass
class Gathered:
    """A class's files: `found` are to be marked, all others are listed with the reason why not."""

    found: list[Found] = field(default_factory=list)
    left_out: list[tuple[Path, str]] = field(default_factory=list)
    missing: list[Person] = field(default_factory=list)
    with_roster: bool = False

    def __iter__(self):
        return iter(self.found)

    @property
    def unknown(self) -> list[Found]:
        return [each for each in self.found if not each.known]

    @property
    def several(self) -> dict[str, list[Path]]:
        """Learners with more than one file. For each lesson the one received last counts."""
        files: dict[str, list[Path]] = {}
        for each in self.found:
            files.setdefault(each.learner, []).append(each.path)
        return {learner: paths for learner, paths in files.items() if len(paths) > 1}

    def late(self, due: datetime | None, late: Late | None = None) -> list[Found]:
        """Those that were received after `due` and the hours of grace, or that Canvas calls late."""
        rule = late or Late()
        return [
            e for e in self.found if rule.days(e.received, due) or (due is None and e.notes and "late" in e.notes[0])
        ]

    def lines(self, due: datetime | None = None) -> list[str]:
        """What the instructor should know, a line each; nothing if all is as it should be."""
        unknown = "not on the roster" if self.with_roster else "its name does not tell whose it is"
        said = [f"{unknown}: {each.learner} ({each.path.name})" for each in self.unknown]
        said += [f"missing: {person.shown}" for person in self.missing]
        said += [f"late: {each.learner} ({each.path.name})" for each in self.late(due)]
        said += [f"several files: {who} ({', '.join(p.name for p in paths)})" for who, paths in self.several.items()]
        return said + [f"left out: {path.name}: {why}" for path, why in self.left_out]


def find(folder: Path, pattern: str = "", roster: Roster | None = None) -> Gathered:
    """All that lies below `folder` (or is the file `folder`), in the order of the names.

    `pattern` says where in the path the learner stands, as in "group_*/{learner}-{lesson}.ipynb"; `*` stands for
    anything but a slash. A regular expression with a group `(?P<learner>…)` serves as well.
    """
    folder = Path(folder)
    if not folder.exists():
        raise ValueError(f"There is no file or folder {folder}.")
    base = folder if folder.is_dir() else folder.parent
    gathered, wanted = Gathered(with_roster=roster is not None), _regular(pattern) if pattern else None
    by_learner: dict[str, list[Found]] = {}
    for path in _files(folder, gathered):
        found = _who(path.relative_to(base), path, wanted, alone=not folder.is_dir())
        if found is None:
            gathered.left_out.append((path, f"its name does not fit the pattern {pattern!r}"))
            continue
        if roster:
            person = roster.find(found.learner)
            found.known = person is not None
            found.learner = person.key if person else found.learner
        by_learner.setdefault(found.learner, []).append(found)
    for files in by_learner.values():
        _choose(files, gathered)
    gathered.found.sort(key=lambda each: (each.learner.casefold(), str(each.path)))
    if roster:
        here = {each.learner for each in gathered.found}
        gathered.missing = [person for person in roster.people if person.key not in here]
    return gathered


def _choose(files, gathered):
    """Of a learner's files those that can hold a notebook; if none can, what there is, so that she is not forgotten."""
    notebooks = [each for each in files if READ.search(each.path.name)]
    if any(NOTEBOOK.search(each.path.name) or each.path.suffix.lower() == ".zip" for each in notebooks):
        helpers = [each for each in notebooks if each.path.suffix.lower() in (".py", ".md")]
        notebooks = [each for each in notebooks if each not in helpers]
    gathered.found += notebooks or files
    gathered.left_out += [
        (e.path, "no notebook; another file of hers is one") for e in files if notebooks and e not in notebooks
    ]


def _files(folder, gathered):
    """Every file, links not followed. What systems and editors leave behind is listed, not read."""
    if not folder.is_dir():
        yield folder
        return
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name in TIMES:
            continue
        if path.is_symlink():
            gathered.left_out.append((path, "a link; it was not followed"))
        elif path.name in PASSED_OVER or path.name.startswith(("._", "~$")) or path.name in (".DS_Store", "Thumbs.db"):
            gathered.left_out.append((path, "left behind by a system or an editor"))
        elif path.name.endswith(".cases.npz") or (path / "__init__.py").exists():
            gathered.left_out.append((path, "no notebook; it was handed out with the exercise"))
        elif path.is_dir():
            yield from _files(path, gathered)
        else:
            yield path


# --- who ----------------------------------------------------------------------------------------------------------


def _who(relative, path, wanted, alone):
    """The learner whose file this is; None where it does not fit the pattern `wanted`."""
    received = _received(path)
    if wanted:
        fits = wanted.fullmatch(relative.as_posix())
        return Found(clean(fits["learner"]), path, received) if fits and clean(fits["learner"]) else None
    for part in relative.parts:
        for kind in (MOODLE, CANVAS):
            if fits := kind.fullmatch(part):
                late = kind is CANVAS and fits["late"]
                name = clean(fits["name"]) if kind is MOODLE else f"{clean(fits['name'])}_{fits['id']}"
                return Found(name, path, received, ["Canvas calls it late."] * bool(late))
    folders = [part for part in relative.parts[:-1] if not LESSON_FOLDER.fullmatch(part)]
    if folders and clean(folders[0]):
        return Found(clean(folders[0]), path, received)
    stem = NOTEBOOK.sub("", path.name) if NOTEBOOK.search(path.name) else path.stem
    fits = PLAIN.fullmatch(stem)
    name = clean(fits["name"]) if fits else clean(stem)
    if name:
        return Found(name, path, received)
    note = "The name of the file does not tell who handed it in."
    return Found(clean(path.stem), path, received, [note], known=alone)


def clean(name: str) -> str:
    """A learner's name on one line, in one form of Unicode, without marks that turn or hide text."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    kept = (
        " " if c.isspace() else c
        for c in name
        if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn") or c.isspace()
    )
    return " ".join("".join(kept).split())[:120]


def _received(path):
    """When a file was handed in: by nbgrader's `timestamp.txt` beside it if there is one, else by the file's time."""
    try:
        said = (path.parent / "timestamp.txt").read_text(encoding="utf-8").strip().removesuffix(" UTC")
        when = datetime.fromisoformat(said)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (OSError, ValueError):
        pass
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None


def _regular(pattern):
    if "(?P<learner>" in pattern:
        return re.compile(pattern)
    if "{learner}" not in pattern:
        raise ValueError(f"The pattern {pattern!r} should say where the learner stands, as in '{{learner}}/*.ipynb'.")
    parts = re.split(r"(\{learner\}|\{\w+\}|\*)", pattern)
    words = {"{learner}": "(?P<learner>[^/]+?)"}
    return re.compile(
        "".join(words.get(p, "[^/]*?") if p in words or p == "*" or p[:1] == "{" else re.escape(p) for p in parts)
    )
