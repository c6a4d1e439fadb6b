"""The probes for a training that must survive: it is stopped where the case says, called again, and compared by bits.

A cut after a step is an exception that no `except Exception` catches. A cut while writing leaves what a real one may
leave: half a file under the name that was written to, or half of the temporary file, if the last act is a replacement.
Of a file that only grows, half of what is new is left. Each call finds the variables outside of the function as before
the first one. (Real processes are killed in tests/lessons/test_6_2.py.)
"""

import os
import tempfile
from pathlib import Path

import numpy as np

from classroom.tasks.arrays import Unusable, flatten, kind_of
from classroom.tasks.kinds.forgetting import Forgetting
from classroom.tasks.kinds.marking import coded
from classroom.tasks.probes import probe

COMPARED = {"losses": "log", "weights": "weights", "predictions": "predictions"}
LEAST = 100  # steps, so that there is something to lose
AGAIN = "steps made again"
FORGOT = "steps made again, as variables outside of the function are lost in a cut:"
HALF = (
    "The power failed while `{}` was written, so half of it was there. The next call ended with {}. "
    "Under which name may a file grow, and when does it get the one that is read?"
)


class PowerCut(BaseException):
    """The power is gone. Not an Exception, so that a learner's `except Exception` does not catch it."""


@probe
def power_cut(obj, x, y, test_x, most, seed, cuts):
    """What `obj(x, y, test_x, most, seed, folder, tick)` returns unbroken, and what is other after the cuts.

    `tick(loss)` is to be called after each step. `cuts` are shares of the unbroken run's steps, in rising order: the
    power goes after that step, repeated ones counted too; or, if the share is negative, in the next writing after it.
    What is counted joins the brief: how many losses, weights and predictions differ between the two, how many losses of
    the log are not those that `tick` was told, how many steps fewer than 100 were taken, and how many were made again.
    """
    arguments, obj = (x, y, test_x, most, seed), Forgetting(obj)
    with tempfile.TemporaryDirectory() as folder:
        unbroken = Power(folder)
        first = unbroken.call(obj, arguments)
    with tempfile.TemporaryDirectory() as folder:
        power = Power(folder, most_replaced=unbroken.most_replaced)
        for cut in cuts:
            try:
                power.call(obj, arguments, until=max(1, round(abs(cut) * len(unbroken.told))), in_writing=cut < 0)
            except PowerCut:
                continue
            break  # nothing was written any more: the run is at its end
        last = power.call(obj, arguments)
    counts = {f"{what} that differ after the cuts": _differing(first, last, part) for what, part in COMPARED.items()}
    counts["losses in the log not told to tick"] = _differing(
        {"log": np.array(unbroken.told)}, {"log": first.get("log loss")}, "log"
    )
    counts["steps missing"] = max(0, LEAST - len(unbroken.told))
    counts |= {AGAIN: 0, FORGOT: 0} | {FORGOT if obj.lost else AGAIN: len(power.told) - len(unbroken.told)}
    return {**first, **{f"brief {name}": np.array(count) for name, count in counts.items()}}


@probe
def resumed(obj, x, y, seed, stops, steps):
    """A subclass of `workshop.Training`: what it has learned when it was killed after the steps `stops`."""
    from classroom.workshop import killed  # here, as only this lesson needs it

    return killed(obj(x, y, seed), stops, steps)


class Power:
    """The current, and a folder that outlasts its cuts. `told` holds the losses of all steps, over all calls."""

    def __init__(self, folder, most_replaced=0):
        self.folder, self.told, self.most_replaced = Path(folder), [], most_replaced
        self.half = ""  # the name of the file that the last cut left half

    def call(self, obj, arguments, until=float("inf"), in_writing=False):
        """What `obj` returns, as arrays; PowerCut when the power goes."""
        self.until, self.in_writing, self.replaced, self.before = until, in_writing, [], self._files()
        self.left = None  # what was in the folder when the power went
        given = os.replace, os.rename
        os.replace, os.rename = map(self._watched, given)
        half, self.half = self.half, ""
        try:
            found = obj(*arguments, str(self.folder), self.tick)
        except BaseException as problem:
            if half and self.left is None and isinstance(problem, Exception):
                raise Unusable(HALF.format(half, type(problem).__name__)) from None
            if self.left is None:
                raise
        finally:
            os.replace, os.rename = given
        if self.left is not None:
            self._restore()
            raise PowerCut  # whether it was caught or not: what came after it never happened
        if not isinstance(found, dict):
            raise Unusable(f"Your function returned {kind_of(found)}; a dict is expected, as in the stub.")
        return flatten(coded(found))

    def tick(self, loss):
        """A step is done."""
        if self.left is not None:
            raise PowerCut
        if self._is_due():
            self._cut_what_was_written()
        self.told.append(float(loss))
        self.most_replaced = max(self.most_replaced, len(self.replaced))
        self.replaced, self.before = [], self._files() if self.in_writing else {}
        if len(self.told) >= self.until and not self.in_writing:
            self._cut()

    def _is_due(self):
        return self.in_writing and len(self.told) >= self.until

    def _watched(self, way):
        """os.replace or os.rename; the last of a saving, if it is due, finds half of its file and comes to no end."""

        def replace(source, target, *more, **options):
            self.replaced.append(Path(target))
            if self._is_due() and len(self.replaced) >= self.most_replaced:
                self._cut(Path(source))
            return way(source, target, *more, **options)

        return replace

    def _cut_what_was_written(self):
        """The file that was written last, under its own name, is left half."""
        now = self._files()
        written = [path for path, when in now.items() if self.before.get(path) != when and path not in self.replaced]
        if written:
            self._cut(max(written, key=now.get))

    def _cut(self, half=None):
        """The power goes; the file `half` was being written."""
        if half is not None and half.is_file():
            old, new = self.before.get(half, (0, b""))[1], half.read_bytes()
            kept = len(old) if new.startswith(old) else 0  # what was there before, if the file only grows
            os.truncate(half, kept + (len(new) - kept) // 2)
            self.half = half.name
        self.left = {path: content for path, (_, content) in self._files().items()}
        raise PowerCut

    def _restore(self):
        """A dead program writes nothing, neither in an `except` nor in a `finally`."""
        for path in self._files().keys() - self.left.keys():
            path.unlink()
        for path, content in self.left.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def _files(self):
        """Of each file when it was written, and what is in it: times alone are too coarse."""
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def _differing(first, last, part):
    """How many numbers of a part are not the same to the last bit; all of them, if they are not as many."""
    names = [name for name in first.keys() | last.keys() if name.split(" ")[0] == part]
    return sum(_different_bits(first.get(name), last.get(name)) for name in names)


def _different_bits(one, other):
    if one is None or other is None or one.shape != other.shape or one.dtype != other.dtype:
        return max(1, *(np.size(array) for array in (one, other) if array is not None))
    return 0 if one.tobytes() == other.tobytes() else max(1, int(np.sum(one != other)))
