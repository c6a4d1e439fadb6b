"""Run a learner's code so that all it may do ends in a sentence: crash, print, change its inputs, never end."""

import inspect
import io
import linecache
import traceback
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass, field

import numpy as np

from classroom.tasks import arrays, cases, probes
from classroom.tasks.limit import Limit, TimeUp

MOST_PRINTED = 2000  # characters of a learner's prints that we keep of each case


@dataclass
class Crash:
    """An error in the learner's code: its own line, if any, and no trace of ours."""

    error: BaseException
    line: int | None
    text: str

    @property
    def name(self) -> str:
        return type(self.error).__name__


@dataclass
class Ran:
    """What one case gave: values, or a crash, or a sentence why nothing can be compared; and what happened besides."""

    values: dict[str, np.ndarray] | None = None
    crash: Crash | None = None
    unusable: str = ""
    printed: str = ""
    changed: list[int] = field(default_factory=list)  # the arguments that are not what they were
    remarks: list[str] = field(default_factory=list)  # of the probe, on what counts all the same

    @property
    def outcome(self) -> cases.Outcome:
        error = self.crash.name if self.crash else "Unusable" if self.unusable else ""
        return cases.Outcome(self.values, error)


def run_all(probe: str, obj, arguments: list[list], seconds: float) -> list[Ran]:
    """Run `obj` through `probe` on each case's own copy of its arguments; fewer results than cases if time runs out."""
    found = []
    with Limit(seconds) as limit:
        for case in arguments:
            found.append(_run_one(probe, obj, case, limit))
            if limit.expired:
                break
    return found


def _run_one(probe, obj, case, limit):
    mine, printed, values, crash, unusable, warned = cases.copied(case), _Kept(), None, None, "", []
    try:
        with redirect_stdout(printed), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", arrays.Remark)
            limit.enter()
            try:
                values = probes.run(probe, obj, mine)
            finally:
                limit.leave()
    except arrays.Unusable as problem:
        unusable = str(problem)
    except (Exception, SystemExit, TimeUp) as error:
        crash = _crash(error, obj)
    changed = [i for i, (a, b) in enumerate(zip(mine, case, strict=True)) if not _equal(a, b)]
    remarks = [str(w.message) for w in warned if issubclass(w.category, arrays.Remark)]
    return Ran(values, crash, unusable, printed.getvalue(), changed, remarks)


class _Kept(io.StringIO):
    """Keeps the first characters that are printed, so that an endless loop of prints fills no memory."""

    def write(self, text):
        return super().write(text[: max(0, MOST_PRINTED - self.tell())])


# --- the learner's source and lines -----------------------------------------------------------------------------


def source_of(obj) -> str:
    """The whole cell that defines `obj`, as typed; "" if it cannot be found."""
    name = file_of(obj)
    return "".join(linecache.getlines(name)) if name else ""


def file_of(obj) -> str:
    """The name under which Python keeps the lines of the cell that defines `obj`."""
    candidates = [inspect.unwrap(obj), *vars(obj).values()] if inspect.isclass(obj) else [inspect.unwrap(obj)]
    for found in candidates:
        found = getattr(found, "__func__", getattr(found, "fget", None) or found)
        if hasattr(found, "__code__") and found.__code__.co_filename != "<string>":  # made by @dataclass
            return found.__code__.co_filename
    return ""


def _crash(error, obj):
    """The innermost line of the learner's own cell in the error's trace; else of any other cell of hers."""
    mine = file_of(obj)
    if isinstance(error, SyntaxError):
        return Crash(error, error.lineno, (error.text or "").strip())
    frames = [(f.f_code.co_filename, line) for f, line in traceback.walk_tb(error.__traceback__)]
    own = [at for at in frames if at[0] == mine] or [at for at in frames if "ipykernel" in at[0]]
    error.__traceback__ = None  # it would keep the learner's arrays alive
    if not own:
        return Crash(error, None, "")
    filename, line = own[-1]
    return Crash(error, line, linecache.getline(filename, line).strip())


def _equal(a, b):
    """Is the argument still what it was? (Type by type: an array in a list has no single truth value.)"""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return (
            isinstance(a, np.ndarray)
            and isinstance(b, np.ndarray)
            and a.shape == b.shape
            and a.tobytes() == b.tobytes()
        )
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(_equal, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_equal(a[k], b[k]) for k in a)
    return type(a) is type(b) and (a == b or a != a)
