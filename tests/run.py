"""Every test of the course, in stages; `python start.py test` calls this in the environment that it has set up.

Each stage is a process of its own, since it needs an environment of its own; all run even if one fails. The last line
says which failed. What is too long for every day runs with `--full` only, and is named here otherwise.
"""

import argparse
import os
import subprocess
import sys
import time
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

STAGES = [
    ("style", [sys.executable, "-m", "ruff", "check", "."], {}),
    ("format", [sys.executable, "-m", "ruff", "format", "--check", "."], {}),
    ("unit tests", [*PYTEST, *PARALLEL, "tests", "--ignore=tests/browser"], {}),
    ("checks of the tasks", [sys.executable, "-m", "classroom", "verify"], {}),
    ("notebooks and solutions, strict", [*NBVAL, "--nbval", "notebooks", "solutions"], {}),
    ("exercises run unsolved", [*NBVAL, "--nbval-lax", "exercises"], {}),
    ("older processor", [*NBVAL, "--nbval", "notebooks", "solutions"], OLDER_PROCESSOR),
    ("browser", [*PYTEST, "tests/browser"], {}),
]
LONG = [
    ("checks of the tasks over 20 seeds", [sys.executable, "-m", "classroom", "verify", "--full"], {}),
    ("two builds give the same bytes", [*PYTEST, "tests", "-m", "long", *PARALLEL], {}),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="also what is too long for every day")
    asked = parser.parse_args()
    failed, begun = [], time.time()
    for name, command, environment in STAGES + (LONG if asked.full else []):
        print(f"\n=== {name}", flush=True)
        start = time.time()
        code = subprocess.call(command, cwd=ROOT, env={**os.environ, **environment})
        print(f"=== {name}: {'failed' if code else 'passed'} in {time.time() - start:.0f} s", flush=True)
        if code:
            failed.append(name)
    if not asked.full:
        print("\nNot run, for `python start.py test --full`: " + ", ".join(name for name, *_ in LONG))
    minutes = (time.time() - begun) / 60
    passed = len(STAGES) + len(LONG) * asked.full - len(failed)
    print(f"\n{passed} stages passed, {len(failed)} failed ({', '.join(failed) or 'none'}), in {minutes:.1f} minutes.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
