"""Every test of the course, in stages; `python start.py test` calls this in the environment that it has set up.

Each stage is a process of its own, since it needs an environment of its own; all run even if one fails. The last line
says which failed. What is too long for every day runs with `--full` only, and is named here otherwise.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest"]
PARALLEL = ["-n", "2", "--dist", "loadfile"]
NBVAL = [*PYTEST, "--nbval-current-env", "--nbval-cell-timeout=120", *PARALLEL]

# Stored outputs must hold on other processors: the same training differs in the fifth digit between BLAS kernels.
# Together these imitate an older processor: OpenBLAS's kernels, PyTorch's, and numpy's own exp and tanh.
OLDER_PROCESSOR = {
    "OPENBLAS_CORETYPE": "Sandybridge",
    "ATEN_CPU_CAPABILITY": "default",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}

LESSONS = "tests/browser/test_every_lesson.py"
STAGES = [
    ("style", [sys.executable, "-m", "ruff", "check", "."], {}),
    ("format", [sys.executable, "-m", "ruff", "format", "--check", "."], {}),
    ("checks of the tasks", [sys.executable, "-m", "classroom", "verify"], {}),
    ("unit tests", [*PYTEST, *PARALLEL, "--durations=15", "tests", "--ignore=tests/browser"], {}),
    ("notebooks and solutions, strict", [*NBVAL, "--nbval", "notebooks", "solutions"], {}),
    ("exercises run unsolved", [*NBVAL, "--nbval-lax", "exercises"], {}),
    ("older processor", [*NBVAL, "--nbval", "notebooks", "solutions"], OLDER_PROCESSOR),
]
# It waits for pages more than it computes: it runs beside all others, and is shown when it has ended. The checks of the
# tasks stand early, since they need one core and leave it the other.
BESIDE = ("browser", [*PYTEST, "tests/browser", f"--ignore={LESSONS}"], {})
LONG = [
    ("every lesson in the browser", [*PYTEST, LESSONS], {}),
    ("checks of the tasks over 20 seeds", [sys.executable, "-m", "classroom", "verify", "--full"], {}),
    ("tests marked long", [*PYTEST, "tests", "-m", "long", *PARALLEL], {}),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="also what is too long for every day")
    asked = parser.parse_args()
    failed, begun, beside = [], time.time(), Beside()
    for name, command, environment in STAGES + (LONG if asked.full else []):
        if not stage(name, partial(subprocess.call, command, cwd=ROOT, env={**os.environ, **environment})):
            failed.append(name)
    if not stage(BESIDE[0], beside.end):
        failed.append(BESIDE[0])
    if not asked.full:
        print("\nNot run, for `python start.py test --full`: " + ", ".join(name for name, *_ in LONG))
    minutes = (time.time() - begun) / 60
    passed = len(STAGES) + 1 + len(LONG) * asked.full - len(failed)
    print(f"\n{passed} stages passed, {len(failed)} failed ({', '.join(failed) or 'none'}), in {minutes:.1f} minutes.")
    return int(bool(failed))


def stage(name, run) -> bool:
    """Run one stage between two lines that name it; whether it passed."""
    print(f"\n=== {name}", flush=True)
    start = time.time()
    code = run()
    print(f"=== {name}: {'failed' if code else 'passed'} in {time.time() - start:.0f} s", flush=True)
    return not code


class Beside:
    """The stage that runs beside the others; what it says is kept until its end."""

    def __init__(self):
        _, command, environment = BESIDE
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - it is open as long as the process runs
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=self.said, stderr=subprocess.STDOUT
        )

    def end(self) -> int:
        code = self.process.wait()
        self.said.seek(0)
        print(self.said.read().decode(errors="replace"), flush=True)
        return code


if __name__ == "__main__":
    sys.exit(main())
