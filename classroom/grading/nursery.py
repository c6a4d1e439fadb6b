"""The judge's end of a zygote: start it, ask it for a child, end the child, and start another zygote when it is lost.

Where the system has no walls for a child, `Fresh` starts a new `python -I` for each submission instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from classroom.grading import sandbox, wire
from classroom.grading.sandbox import Isolation, Refused

BEGIN, ANSWER = 120.0, 30.0  # seconds for a start with its imports, and for an order
PREFIX = "classroom-grading-"
# What a child sees of the environment. Nothing of the instructor's: it may hold keys.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
}  # fmt: skip
KEPT = ("SYSTEMROOT", "SystemRoot", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "ATEN_CPU_CAPABILITY", "TZ")


class Lost(Exception):
    """The zygote is gone or does not answer."""


class Nursery:
    """One zygote of one flavour: `modules` are imported in it besides numpy."""

    def __init__(self, mode: str, memory: int, seconds: int, modules=()):
        self.mode, self.memory, self.seconds, self.modules = mode, memory, seconds, sorted(modules)
        self.process = self.control = self.lock = None
        self.uid, self.left = 0, 0
        self.isolation = Isolation()
        self.folder = _own_folder()
        if os.geteuid() == 0:
            self.uid, self.lock = sandbox.free_user()
            os.chmod(self.folder, 0o711)
        self.work = os.path.join(self.folder, "work")
        os.mkdir(self.work)
        self._start()

    def child(self) -> wire.Line:
        """The line to a new child; `Lost` if there is none."""
        ours, theirs = socket.socketpair()
        try:
            self._order({"do": "fork"}, [theirs.fileno()])
        except Lost:
            ours.close()
            raise
        finally:
            theirs.close()
        return wire.Line(ours, None if self.mode == "full" else self._watch)  # in memory, the folder has its own bound

    def _watch(self):
        """The folder on disk must not grow without bound."""
        if sandbox.holds_too_much(self.work):
            raise wire.Broken("it filled the disk")

    def end(self) -> int | None:
        """End the child with all that it started; the number of the cell that ran last, as the child says."""
        answer = self._order({"do": "end"})
        self.left += answer["left"]
        return answer["cell"]

    def restart(self) -> None:
        """Another zygote in place of one that is lost."""
        self._stop()
        from classroom.grading.zygote import empty

        with contextlib.suppress(OSError):
            empty(self.work)
        self._start()

    def close(self) -> None:
        self._stop()
        if self.lock:
            self.lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        return self.process.pid

    def _start(self):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(sandbox._packages())
        code = f"import sys, os; sys.path.insert(0, {root!r}); os.dup2({theirs.fileno()}, 3); "
        code += f"os.close({theirs.fileno()}); " if theirs.fileno() != 3 else ""
        code += "from classroom.grading import zygote; zygote.main()"
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=environment(self.folder),
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self.control = ours
        settings = {"memory": self.memory, "seconds": self.seconds, "folder": self.work, "uid": self.uid}
        answer = self._order({**settings, "mode": self.mode, "modules": self.modules}, seconds=BEGIN)
        if "refused" in answer:
            self.close()
            raise Refused(answer["refused"])
        self.isolation = Isolation(**answer["ready"])

    def _order(self, order, fds=(), seconds=None):
        try:
            self.control.settimeout(seconds or ANSWER)
            socket.send_fds(self.control, [json.dumps(order).encode()], fds)
            answer = self.control.recv(1 << 16)
        except OSError as problem:
            raise Lost(str(problem)) from None
        if not answer:
            raise Lost("the line is closed")
        answer = json.loads(answer)
        if "trouble" in answer:
            raise Lost(answer["trouble"])
        return answer

    def _stop(self):
        """The zygote ends when its line is closed, its child first; if it is wedged, by force."""
        if self.control:
            self.control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Fresh:
    """A new Python process for each submission: slow, and no wall; for systems that have nothing better."""

    def __init__(self, mode: str, memory: int, seconds: int, modules=()):
        self.memory, self.seconds, self.process = memory, seconds, None
        self.left, self.isolation = 0, Isolation(limits=os.name == "posix")
        self.folder = _own_folder()

    def child(self) -> wire.Line:
        self.work = tempfile.mkdtemp(dir=self.folder)
        settings = json.dumps([self.work, self.memory, self.seconds])
        with socket.create_server(("127.0.0.1", 0)) as server:
            code = f"import sys; sys.path.insert(0, {str(sandbox._packages())!r}); "
            code += f"from classroom.grading import nursery; nursery.be_fresh({server.getsockname()[1]}, {settings!r})"
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment(self.work),
                cwd=self.work,
                start_new_session=True,
            )
            server.settimeout(BEGIN)
            try:
                line = wire.Line(server.accept()[0])
            except OSError as problem:
                raise Lost(str(problem)) from None
        return line

    def end(self) -> int | None:
        self._kill()
        shutil.rmtree(self.work, ignore_errors=True)
        return None  # this child tells of each cell

    def restart(self) -> None:
        self._kill()

    def close(self) -> None:
        self._kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kill(self):
        if self.process:
            if os.name == "posix":
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.process.pid, 9)
            self.process.kill()
            self.process.wait()


def be_fresh(port: int, settings: str) -> None:
    """The whole life of a process that `Fresh` starts."""
    from classroom.grading import child

    folder, memory, seconds = json.loads(settings)
    if os.name == "posix":
        sandbox.limit(memory + (4 << 30), seconds, None)
    child.serve(socket.create_connection(("127.0.0.1", port)), folder)


def environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**ENVIRONMENT, **kept, "HOME": folder, "CLASSROOM_DATA": folder, "MPLCONFIGDIR": folder}


def _own_folder():
    """A new folder of this process; what a killed grader has left is removed."""
    for entry in os.scandir(tempfile.gettempdir()):
        if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False) and _is_ours(entry):
            shutil.rmtree(entry.path, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")


def _is_ours(entry):
    pid = entry.name.removeprefix(PREFIX).split("-")[0]
    if not pid.isdigit() or not hasattr(os, "geteuid") or entry.stat(follow_symlinks=False).st_uid != os.geteuid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > 60
    except PermissionError:
        pass
    return False
