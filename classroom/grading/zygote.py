"""A process that has imported what learners' code needs, and forks a child for each submission in a millisecond.

It runs in a fresh `python -I`, so that no answer is in its memory, and it never runs learners' code itself. One child
at a time; at its end the zygote kills it and all that it left, and says how many processes that were.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import mmap
import os
import signal
import socket
import struct
import sys
from pathlib import Path

from classroom.grading import sandbox

CONTROL = 3  # the file descriptor of the line to the judge
WORK = "/.marked"  # where a child's folder is in a root directory of its own
MOST_ORDER = 1 << 16
# Everything that an answer's probe needs, so that no child imports it after the fork.
ALWAYS = (
    "numpy", "nnlib", "classroom.tasks.probes", "classroom.tasks.torch_probes", "classroom.tasks.kinds.record",
    "classroom.tasks.kinds.locate",
    "classroom.grading.child", "numpy.random", "numpy.linalg", "numpy.fft", "collections", "contextlib", "copy", "csv",
    "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "heapq", "inspect", "itertools", "json",
    "linecache", "logging", "math", "operator", "pathlib", "random", "re", "statistics", "string", "tempfile",
    "textwrap", "time", "timeit", "tqdm", "traceback", "typing",
)  # fmt: skip


def main() -> None:
    """Serve the judge until it closes the line."""
    control = socket.socket(fileno=CONTROL)
    settings = json.loads(control.recv(MOST_ORDER))
    try:
        zygote = _Zygote(settings)
    except Exception as problem:
        control.send(json.dumps({"refused": f"{problem}" or type(problem).__name__}).encode())
        return
    control.send(json.dumps({"ready": zygote.said()}).encode())
    zygote.serve(control)


class _Zygote:
    def __init__(self, settings: dict):
        self.memory, self.seconds = settings["memory"], settings["seconds"]
        self.folder, self.uid, self.mode = settings["folder"], settings["uid"], settings["mode"]
        self.child, self.page = 0, mmap.mmap(-1, mmap.PAGESIZE)  # shared with every child
        for name in ALWAYS:
            importlib.import_module(name)
        for name in settings["modules"]:
            with contextlib.suppress(ImportError):  # not installed here: then a learner's import fails as well
                importlib.import_module(name)
        self._warm()
        paths = sandbox.readable()
        with open("/proc/self/statm") as file:
            self.memory += int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        self.landlock = sandbox._landlock_version()  # before the walls: both packages look for a library
        self.program = sandbox.filter_program()
        self._walls(paths)
        self.rules = sandbox.ruleset(paths, self.folder)
        gc.collect()
        gc.freeze()  # so that a child's collector touches no page that it shares

    def _warm(self):
        """What libraries set up at their first use. (Never a backward pass: it starts threads.)"""
        import numpy as np

        np.random.default_rng(0).normal(size=(4, 4)) @ np.ones((4, 4))
        if torch := sys.modules.get("torch"):
            torch.set_num_threads(1)
            torch.set_num_interop_threads(1)

    def _walls(self, paths):
        from classroom.grading import namespaces

        self.namespaces = namespaces
        # Python in a folder that only root may enter: the child may, and landlock still shows it nothing but Python
        self.searches = bool(self.uid) and self.mode != "full" and not all(map(sandbox.is_open_to_all, paths))
        if self.mode == "full":
            namespaces.enter()
            self.own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
            namespaces.small_root(paths, WORK)
            uid, gid = (self.uid, self.uid) if self.uid else (os.getuid(), os.getgid())
            namespaces.fresh_folder(WORK, sandbox.FOLDER_SIZE, sandbox.MOST_ENTRIES, uid, gid)
            self.folder = WORK
        elif self.uid:
            os.chown(self.folder, self.uid, self.uid)
        namespaces.prctl(namespaces.SET_CHILD_SUBREAPER, 1)
        namespaces.prctl(namespaces.SET_DUMPABLE, 0)  # no process of the same user may read this one's memory

    def said(self) -> dict:
        """The layers in force."""
        full = self.mode == "full"
        return {
            "own_user": bool(self.uid),
            "namespaces": full,
            "landlock": self.landlock,
            "seccomp": True,
            "limits": True,
        }

    def serve(self, control):
        while True:
            order, given, _, _ = socket.recv_fds(control, MOST_ORDER, 1)
            if not order:  # the judge is gone
                self._end()
                return
            do = json.loads(order)["do"]
            try:
                answer = self._fork(control, given[0]) if do == "fork" else self._end()
            except OSError as problem:
                answer = {"trouble": str(problem)}
            for fd in given:
                os.close(fd)
            control.send(json.dumps(answer).encode())

    # --- one child --------------------------------------------------------------------------------------------------

    def _fork(self, control, line):
        struct.pack_into("<q", self.page, 0, 0)
        if self.mode == "full":
            self.namespaces.call("unshare", self.namespaces.NEWPID)
        try:
            self.child = os.fork()
        finally:
            if self.mode == "full" and self.child:
                self.namespaces.call("setns", self.own, self.namespaces.NEWPID)
        if self.child:
            return {"pid": self.child}
        try:
            control.detach()
            self._become_child(line)
        finally:
            os._exit(1)

    def _become_child(self, line):
        from classroom.grading import child

        os.setsid()
        os.dup2(self.rules, 4)
        os.dup2(line, 3)
        os.closerange(5, 1 << 20)
        os.chdir(self.folder)
        sandbox.limit(self.memory, self.seconds, 64 if self.uid else None)
        if self.uid:
            self.namespaces.prctl(self.namespaces.SET_KEEPCAPS, int(self.searches))
            sandbox.become(self.uid)
        if self.uid or self.mode == "full":
            self.namespaces.keep_capabilities(self.namespaces.DAC_READ_SEARCH if self.searches else 0)
        self.namespaces.prctl(self.namespaces.SET_PDEATHSIG, signal.SIGKILL)
        self.namespaces.prctl(self.namespaces.SET_NO_NEW_PRIVS, 1)
        self.namespaces.prctl(self.namespaces.SET_DUMPABLE, 0)
        self.namespaces.call("syscall", 446, 4, 0)  # landlock_restrict_self
        os.close(4)
        sandbox.filter_on(self.program)
        child.serve(socket.socket(fileno=3), self.folder, self.page)

    def _end(self):
        """Kill the child and what it left; how it ended by itself, if it did, and how many others there were."""
        if not self.child:
            return {"ended": None, "left": 0, "cell": None}
        ended, status = os.waitpid(self.child, os.WNOHANG)
        if not ended:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        self.child, left = 0, 0
        while other := self._any_other():
            left += 1
            with contextlib.suppress(ProcessLookupError):
                os.kill(other, signal.SIGKILL)
            os.waitpid(other, 0)
        empty(self.folder)
        (cell,) = struct.unpack_from("<q", self.page)
        return {"ended": os.waitstatus_to_exitcode(status) if ended else None, "left": left, "cell": cell}

    def _any_other(self):
        """A process that the child left: as its subreaper the zygote has inherited it."""
        try:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return 0  # there is none at all
        if found:
            return found.si_pid
        return int(Path("/proc/self/task", str(os.getpid()), "children").read_text().split()[0])


def empty(folder: str) -> None:
    """Remove all that is in `folder`, however deep and however closed, and keep the folder itself."""
    inside, number = [folder], 0
    while inside:
        here = inside[-1]
        os.chmod(here, 0o700)
        deeper = False
        with os.scandir(here) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)
                elif here == folder:
                    inside.append(entry.path)
                    deeper = True
                else:  # one step up, so that no path grows too long
                    number += 1
                    os.rename(entry.path, os.path.join(folder, f".{number}.{os.getpid()}"))
        if here != folder:
            os.rmdir(here)
            inside.remove(here)
        elif not deeper:
            return


if __name__ == "__main__":
    main()
    sys.exit(0)
