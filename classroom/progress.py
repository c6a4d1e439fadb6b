"""What a learner has done: one table of events in the SQLite file `progress.db`; all else is computed from it.

An event has a time, the id of what it speaks of, a kind (answer, prediction, outcome, attempt, goal, hint), what she
answered, whether that was right, and the source of a checked cell. Nothing is ever changed or removed. SQLite's
write-ahead log lets two kernels write at once, and a kill at any moment costs the event in flight at most. The file is
hers: it stays on her machine, and deleting it starts the course anew.
"""

import contextlib
import json
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from classroom.paths import progress_folder

PATIENCE = 5.0  # seconds to wait for another kernel that is writing
HEADER = b"SQLite format 3\0"  # how each such file begins
UNREADABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
TABLE = """CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    answer TEXT,       -- as JSON
    right INTEGER,     -- 1 or 0; nothing where that is no question, or where she does not know yet
    source TEXT,       -- of a checked cell
    more TEXT NOT NULL -- all else, as JSON
)"""

_unsaved: list[dict] = []  # events of this kernel that could not be written yet; they count until it stops
_turn = threading.Lock()


def record(kind: str, name: str, **fields) -> bool:
    """Add one event; say whether it is on disk. Never raises: a lesson goes on without a progress record.

    What could not be written is tried again with the next event.
    """
    event = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, "name": name, **fields}
    with _turn:
        _unsaved.append(json.loads(json.dumps(event, default=_plain)))
        try:
            write(progress_file(), _unsaved)
        except (OSError, sqlite3.Error) as problem:
            if len(_unsaved) == 1:
                _say(
                    f"Your progress cannot be saved in {progress_folder()} ({problem}); the lesson works, but "
                    "what you do now is forgotten when the kernel stops. Make the folder writable, or name another in "
                    "the environment variable CLASSROOM_DATA."
                )
            return False
        _unsaved.clear()
    return True


def events(kind: str | None = None, name: str | None = None) -> list[dict]:
    """All events in the order of writing, or those of one kind, of one name."""
    try:
        found = read(progress_file(), kind, name)
    except (OSError, sqlite3.Error):
        found = []
    return found + [e for e in _unsaved if kind in (None, e["kind"]) and name in (None, e["name"])]


def summary() -> None:
    """Print how far she is: what is practised and mastered, what is due, what comes next (see `quiz.standing`)."""
    from classroom.quiz import standing  # here, since the record itself needs no questions

    print("\n".join(standing.lines()))


def ladder() -> None:
    """Show the same as a table in a notebook."""
    from classroom.quiz import standing

    standing.show()


def progress_file() -> Path:
    return progress_folder() / "progress.db"


# --- events as rows ---------------------------------------------------------------------------------------------


def write(path: Path, found: list[dict]) -> None:
    """Add events to the file `path`, all of them or none."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def add(db):
        db.executemany("INSERT INTO event VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", map(_row, found))
        db.commit()

    _with(path, add)


def read(path: Path, kind: str | None = None, name: str | None = None) -> list[dict]:
    """The events in the file `path`, of one kind or one name if that is given; none if there is no such file."""
    chosen = "SELECT * FROM event WHERE ?1 IN (kind, '') AND ?2 IN (id, '') ORDER BY number"
    asked = (kind or "", name or "")
    if not path.exists():
        return []
    return [_event(*row) for row in _with(path, lambda db: db.execute(chosen, asked).fetchall())]


def _row(event: dict) -> tuple:
    more = {key: value for key, value in event.items() if key not in ("at", "name", "kind", "given", "source")}
    answer = json.dumps(event["given"]) if "given" in event else None
    source = event["source"].encode("utf-8", "replace").decode() if "source" in event else None  # no half characters
    return event["at"], event["name"], event["kind"], answer, _right(event), source, json.dumps(more)


def _event(_, at, name, kind, answer, right, source, more) -> dict:
    found = {"at": at, "kind": kind, "name": name, **json.loads(more)}
    given = {} if answer is None else {"given": json.loads(answer)}
    return found | given | ({} if source is None else {"source": source})


def _right(event: dict) -> bool | None:
    """By the verdict on an answer, the result of a check, and whether a prediction came true."""
    said = {"verdict": ("right", "wrong"), "result": ("passed", "not yet"), "agrees": (True, False)}
    return next((event[key] == right for key, (right, no) in said.items() if event.get(key) in (right, no)), None)


def _plain(value):
    """What JSON does not know: numpy's and PyTorch's numbers and arrays as lists, anything else as its text."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def _say(sentence):
    print(sentence, file=sys.stderr)


# --- the file ---------------------------------------------------------------------------------------------------


def _with(path: Path, act: Callable):
    """What `act` gives for the database in `path`. One that cannot be read is set aside, and a new one begins."""
    before = _identity(path)
    if _begins_well(path):  # else SQLite would throw away the log beside it
        try:
            with contextlib.closing(_connected(path)) as db:
                return act(db)
        except sqlite3.DatabaseError as problem:
            if getattr(problem, "sqlite_errorcode", 0) & 0xFF not in UNREADABLE:
                raise
    if _identity(path) == before:  # else another kernel has done it by now
        _set_aside(path)
    with contextlib.closing(_connected(path)) as db:
        return act(db)


def _connected(path):
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))  # hers alone; what SQLite puts beside it, too
    db = sqlite3.connect(path, timeout=PATIENCE)
    try:
        _patiently(lambda: db.execute("PRAGMA journal_mode = WAL"))
        db.execute(TABLE)
    except BaseException:
        db.close()
        raise
    return db


def _patiently(act):
    """Changing to the write-ahead log does not wait by itself while another kernel does the same."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begins_well(path):
    try:
        with open(path, "rb") as file:
            return file.read(len(HEADER)) in (b"", HEADER)
    except FileNotFoundError:
        return True


def _identity(path):
    try:
        return os.stat(path).st_ino
    except OSError:
        return None


def _set_aside(path):
    """Give the file another name, which is said: nothing is deleted. Its log goes first, or a new file would get it."""
    kept = path.with_name(f"progress.unreadable-{datetime.now():%Y-%m-%d-%H%M%S-%f}.db")
    for ending in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{kept}{ending}")
    _say(f"Your progress in {path} cannot be read any more. It is kept beside it as {kept.name}; a new record begins.")
