"""What a learner has done: one file, `progress.jsonl`, to which every answer, prediction and attempt is appended.

A line is one event, for instance `{"at": "2025-03-01T09:30:00.000+00:00", "kind": "answer", "name": "1.1 bias", …}`.
Kinds: answer, prediction, outcome, attempt, goal, hint. Nothing is ever changed or removed, so that a crash can cost
the last line at most. The file is hers: it stays on her machine, and deleting it starts the course anew.
"""

import contextlib
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from classroom.paths import progress_folder

PATIENCE = 2.0  # seconds to wait for another kernel that is writing

_unsaved: list[dict] = []  # events of this kernel that could not be written; they count until it stops


def record(kind: str, name: str, **fields) -> bool:
    """Append one event; say whether it is on disk. Never raises: a lesson goes on without a progress record."""
    event = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, "name": name, **fields}
    line = json.dumps(event, default=_plain)
    try:
        _append(progress_file(), line.encode() + b"\n")
    except OSError as error:
        if not _unsaved:
            print(
                f"Your progress cannot be saved in {progress_folder()} ({error.strerror}); the lesson works, but "
                "what you do now is forgotten when the kernel stops. Make the folder writable, or name another in "
                "the environment variable CLASSROOM_DATA.",
                file=sys.stderr,
            )
        _unsaved.append(json.loads(line))
        return False
    return True


def events(kind: str | None = None, name: str | None = None) -> list[dict]:
    """All events in the order of writing, or those of one kind, of one name. Lines that cannot be read are left out."""
    try:
        lines = progress_file().read_bytes().splitlines()
    except OSError:
        lines = []
    found = [event for event in map(_read, lines) if event] + _unsaved
    return [e for e in found if kind in (None, e["kind"]) and name in (None, e["name"])]


def summary() -> None:
    """Print how far she is: what is practised and mastered, what is due, what comes next (see `quiz.standing`)."""
    from classroom.quiz import standing  # here, since the record itself needs no questions

    print("\n".join(standing.lines()))


def progress_file() -> Path:
    return progress_folder() / "progress.jsonl"


def _read(line: bytes) -> dict | None:
    """The event of a line; None for one that a crash has cut off (without its last brace it is no valid JSON)."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    complete = isinstance(event, dict) and all(isinstance(event.get(key), str) for key in ("at", "kind", "name"))
    return event if complete else None


def _append(path: Path, line: bytes) -> None:
    """Write a line at the end, in one call. A line that a crash left open is closed first; readers will skip it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with _lock(file):
            size = os.lseek(file, 0, os.SEEK_END)
            if size and (os.lseek(file, size - 1, os.SEEK_SET), os.read(file, 1))[1] != b"\n":
                line = b"\n" + line
            written = os.write(file, line)
            if written < len(line):
                raise OSError(0, "the disk is full")
    finally:
        os.close(file)


@contextlib.contextmanager
def _lock(file: int):
    """Hold the file against other kernels. The system frees the lock when a process dies.

    Where no lock can be had (some network folders, a stopped process), we write all the same: better an answer in
    a line with another one than no answer.
    """
    until = time.monotonic() + PATIENCE
    held = _try_lock(file)
    while not held and time.monotonic() < until:
        time.sleep(0.005)
        held = _try_lock(file)
    try:
        yield
    finally:
        if held:
            _unlock(file)


if os.name == "nt":
    import msvcrt

    FAR = 1 << 30  # Windows locks bytes, and a locked byte cannot be read: so we lock one far behind the end

    def _try_lock(file: int) -> bool:
        os.lseek(file, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: int) -> None:
        os.lseek(file, FAR, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


def _plain(value):
    """What JSON does not know: numpy's and PyTorch's numbers and arrays as lists, anything else as its text."""
    return value.tolist() if hasattr(value, "tolist") else str(value)
