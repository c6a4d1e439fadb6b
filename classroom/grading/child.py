"""Where learners' code runs: the cells of one notebook in order, then calls of its functions, one reply for each.

Nothing here decides anything, and nothing here is secret: the code that runs may read and change all of it. What leaves
this process are numbers, which the judge compares with answers that were never here.
"""

from __future__ import annotations

import ast
import builtins
import io
import linecache
import os
import random
import re
import signal
import struct
import sys
import tempfile
import traceback
import types
import warnings

import numpy as np

from classroom.grading import wire
from classroom.tasks import arrays, probes

MOST_ERRORS = 50
AGAIN = 0.05  # seconds until the next interruption of code that has caught one
HEARTBEAT, TOGETHER = 0.5, 0.02  # seconds between two messages from cells; replies that go out together
MOST_WAITING = 1 << 20  # bytes of replies that wait for others
CELL = struct.Struct("<q")
INERT_NAMES = (
    "check",
    "hint",
    "predict",
    "outcome",
    "ask",
    "review",
    "quiz",
    "attempts",
    "draws",
    "views",
    "live",
    "settle",
    "terms",
)
INERT_MODULES = (
    "IPython", "IPython.display", "google", "google.colab", "ipywidgets", "anywidget", "classroom.explore",
    "classroom.explore.views", "classroom.explore.live", "classroom.quiz", "classroom.tasks.check",
)  # fmt: skip
KEPT_MAGIC = re.compile(r"%%(time|timeit|capture|prun)\b")


class TimeUp(BaseException):
    """The time is over. Not an Exception, so that a learner's `except Exception` does not catch it."""


def serve(sock, folder: str, page=None) -> None:
    """Run the notebook that the judge sends first, then answer what it asks until it ends this process.

    `page` is memory that the zygote sees, too: the number of the cell that runs stands there.
    """
    line = wire.Line(sock)
    program, _ = line.receive(most_header=wire.MOST_PROGRAM)
    notebook = _Notebook(program, folder, page)
    notebook.run(line)
    while True:
        question, body = line.receive(most=1 << 40, most_header=wire.MOST_PROGRAM)
        notebook.answer(line, question, body)


class Inert:
    """Stands for what shows something to a person: whatever is done with it, nothing happens."""

    def __call__(self, *_, **__):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self):
        return iter((self, self))  # as in `fig, ax = views.subplots()`

    def __getitem__(self, _):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    # matplotlib asks for IPython's version and shell before it draws: newer than any, and not there.

    def __ge__(self, _):
        return True

    def __lt__(self, _):
        return False

    def __bool__(self):
        return False

    def __repr__(self):
        return "(nothing is shown while this is marked)"


class _InertModule(types.ModuleType):
    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert()


class _Kept(io.StringIO):
    """Swallows what is printed: a page of marks shows none of it."""

    def write(self, text):
        return len(text)


def prepare(folder: str, seed: int) -> None:
    """Make this process look like a notebook's, without anything that shows or asks."""
    for name in ("HOME", "TMPDIR", "MPLCONFIGDIR", "CLASSROOM_DATA"):
        os.environ[name] = folder
    tempfile.tempdir = folder
    sys.stdout = sys.stderr = _Kept()
    sys.argv = ["notebook"]
    random.seed(seed)
    np.random.seed(seed % 2**32)
    builtins.input = _refuse_input
    builtins.display, builtins.get_ipython = Inert(), Inert()
    for name in INERT_MODULES:
        sys.modules[name] = _InertModule(name)
    for name in INERT_NAMES:
        setattr(sys.modules["classroom"], name, Inert())
    warnings.simplefilter("ignore")


def _refuse_input(*_):
    raise RuntimeError("input() has nobody to ask while this is marked")


class _Notebook:
    def __init__(self, program: dict, folder: str, page):
        self.cells, self.seconds, self.page = program["cells"], program["seconds"], page
        prepare(folder, program["seed"])
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        self.names = vars(module)
        self.clock = _Clock()

    def run(self, line):
        """Run each cell; the judge learns which one began, so that it can leave out one that takes Python with it."""
        errors, told, mine = [], self.clock.now(), os.fstat(line.sock.fileno()).st_ino
        for number, source, ours in self.cells:
            if self.page:
                CELL.pack_into(self.page, 0, number)
            if not self.page or self.clock.now() - told > HEARTBEAT:  # each message wakes the judge: that costs time
                line.send({"cell": number})
                told = self.clock.now()
            for part in _parts(source) if ours else [source]:
                crash = self._run_one(part, f"<cell {number}>")
                if crash and not ours and len(errors) < MOST_ERRORS:
                    errors.append([number, *crash])
            if not ours and _closed(line, mine):
                os._exit(1)  # here, where it is known whose doing that was, and not in an honest cell below
        line.send({"ran": errors})

    def _run_one(self, source, name):
        try:
            with self.clock.of(self.seconds):
                code = compiled(source, name)
                exec(code, self.names)
        except (Exception, SystemExit, KeyboardInterrupt, TimeUp) as error:
            return _crash(error, name)
        return None

    # --- questions --------------------------------------------------------------------------------------------------

    def answer(self, line, question, body):
        """Call the object on every case, one reply for each, as many as the time allows."""
        nonce, name, decoder = question["nonce"], question["name"], wire.Decoder(body)
        if problem := self._missing(name, question["kind"]):
            line.send({"nonce": nonce, "number": -1, "missing": problem})
            return
        obj, until, waiting = self.names[name], self.clock.now() + question["seconds"], []
        told = self.clock.now()
        for number, case in enumerate(question["cases"]):
            left = until - self.clock.now()
            at = decoder.at
            given, before = decoder.value(case), body[at : decoder.at]
            reply = self._call(question["probe"], obj, given, max(left, AGAIN))
            if reply.values is not None:
                size = sum(array.nbytes for array in reply.values.values())
                if size > question["most"] or len(reply.values) > wire.MOST_ARRAYS:
                    reply = wire.Reply(unusable="Your function returned far more numbers than are expected.")
            if reply.values is not None and "array" in str(case):
                reply.changed = _changed(given, case, before)
            waiting.append(wire.packed(*wire.reply_header(reply, nonce, number)))
            last = number + 1 == len(question["cases"]) or reply.error == "TimeUp"
            if last or self.clock.now() - told > TOGETHER or sum(map(len, waiting)) > MOST_WAITING:
                line.write(b"".join(waiting))
                told, waiting = self.clock.now(), []
            if reply.error == "TimeUp":
                return

    def _missing(self, name, kind):
        if name not in self.names:
            return "nothing"
        obj = self.names[name]
        if kind == "class":
            return "" if isinstance(obj, type) else arrays.kind_of(obj)
        return "" if callable(obj) and not isinstance(obj, type) else arrays.kind_of(obj)

    def _call(self, probe, obj, given, seconds):
        try:
            with self.clock.of(seconds):
                return wire.Reply(probes.run(probe, obj, given))
        except arrays.Unusable as problem:
            return wire.Reply(unusable=str(problem))
        except (Exception, SystemExit, KeyboardInterrupt, TimeUp) as error:
            return wire.Reply(None, *_crash(error, ""))


def _closed(line, mine):
    try:
        return os.fstat(line.sock.fileno()).st_ino != mine
    except OSError:
        return True


def _changed(given, case, before) -> list[int]:
    """The arguments that a call has changed: those that are now encoded otherwise than they came."""
    found, at = [], 0
    for i, item in enumerate(case):
        buffers = []
        try:
            same = wire.encode(given[i], buffers) == item
        except (ValueError, RecursionError):
            same = False
        size = len(b"".join(buffers))
        if not same or b"".join(buffers) != before[at : at + size]:
            return [i]
        at += size
    return found


def _crash(error, cell):
    """The error's name, what Python says, and the innermost line of hers."""
    name = type(error).__name__
    try:
        message = str(error)
    except BaseException:  # her own class may do anything in it
        message = ""
    if isinstance(error, SyntaxError):
        return name, message, error.lineno, (error.text or "").strip()
    own = [
        (frame.f_code.co_filename, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename.startswith("<cell ")
    ]
    error.__traceback__ = None
    if not own:
        return name, message, None, ""
    filename, number = own[-1]
    return name, message, number, linecache.getline(filename, number).strip()


class _Clock:
    """Interrupts what takes too long, and goes on until it has ended: code may catch the first interruption."""

    def __init__(self):
        import time

        self.now, self.has_timer = time.monotonic, hasattr(signal, "setitimer")
        if self.has_timer:
            signal.signal(signal.SIGALRM, self._ring)

    def of(self, seconds):
        self.seconds = seconds
        return self

    def __enter__(self):
        if self.has_timer:
            signal.setitimer(signal.ITIMER_REAL, self.seconds, AGAIN)

    def __exit__(self, *_):
        if self.has_timer:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, *_):
        raise TimeUp("stopped: the time is over")


# --- what a notebook's cell may hold besides Python -------------------------------------------------------------------


def compiled(source: str, name: str):
    """The code of a cell; magics and shell lines are taken out if it is not Python as it stands."""
    try:
        return _compile(source, name)
    except SyntaxError:
        plain = without_magics(source)
        if plain == source:
            raise
        return _compile(plain, name)


def _compile(source, name):
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return compile(source, name, "exec", dont_inherit=True)


def without_magics(source: str) -> str:
    """`source` with the same number of lines, and `pass` or None where IPython would take over."""
    lines = source.split("\n")
    first = next((i for i, text in enumerate(lines) if text.strip()), 0)
    if lines[first].startswith("%%"):
        if not KEPT_MAGIC.match(lines[first]):
            return "pass" + "\n" * (len(lines) - 1)
        lines[first] = ""
    for i, text in enumerate(lines):
        if found := re.match(r"(\s*)([%!]|\?{1,2}\w)", text):
            lines[i] = f"{found[1]}pass"
        elif found := re.match(r"(\s*[\w.]+)\?{1,2}\s*$", text):
            lines[i] = re.match(r"\s*", text)[0] + "pass"
        elif found := re.match(r"(\s*[\w, ]+=\s*)[%!]", text):
            lines[i] = f"{found[1]}None"
    return "\n".join(lines)


def _parts(source):
    """The statements of a cell of ours, each for itself: one that shows something may fail, the others shall not."""
    try:
        return [ast.unparse(node) for node in ast.parse(source).body]
    except SyntaxError:
        return [source]
