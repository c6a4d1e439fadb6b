"""Runs a piece of code as an ordinary user, also where root runs the tests and Python lies in root's own folder."""

import os
import subprocess
import sys
from pathlib import Path

from classroom.grading import namespaces, sandbox

UID = 61_999
ROOT = Path(__file__).resolve().parents[2]


def run(code: str, timeout=120) -> subprocess.CompletedProcess:
    """`python -c code` as an ordinary user, with an environment of its own, below `/tmp`."""
    command = [sys.executable, "-B", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "LANG")}
    environment = {**kept, "HOME": "/tmp", "TMPDIR": "/tmp", "CLASSROOM_DATA": f"/tmp/classroom-data-{UID}"}
    environment |= {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    return subprocess.run(
        command,
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=timeout,
        preexec_fn=_become if os.geteuid() == 0 else None,
    )


def _become():
    namespaces.call("unshare", namespaces.NEWNS)
    namespaces.mount("none", "/", None, namespaces.REC | namespaces.PRIVATE)
    _open_up([*sandbox.readable(), sys.prefix, sys.base_prefix, str(ROOT)])
    os.setgroups([])
    os.setresgid(UID, UID, UID)
    os.setresuid(UID, UID, UID)


def _open_up(paths):
    """Where a folder above one of `paths` lets nobody through, put one in its place that holds these paths alone."""
    below = {}
    for path in sorted(set(map(os.path.realpath, paths))):
        closed = next((p for p in reversed(Path(path).parents) if not p.stat().st_mode & 1), None)
        if closed and not any(path.startswith(other + "/") for other in below.get(closed, {})):
            below.setdefault(closed, {})[path] = os.open(path, os.O_PATH)
    for closed, opened in below.items():
        namespaces.mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
        for path, fd in opened.items():
            os.makedirs(path)
            namespaces.mount(f"/proc/self/fd/{fd}", path, None, namespaces.BIND | namespaces.REC)
            os.close(fd)
