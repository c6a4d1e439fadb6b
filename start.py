#!/usr/bin/env python3
"""The one command of the course. Needs nothing but Python 3.11, 3.12 or 3.13.

    python start.py               set up once, then open JupyterLab on your own copy of the lessons, in my/
    python start.py test          set up once, then run every test
    python start.py test --full   also the tests that are too long for every day

The set-up makes .venv beside this file and installs there what the course needs, in the versions that were tested
(constraints.txt). It picks up where it was interrupted, and takes a second when all is there.
"""
# This file must be read by an old Python too, to tell its owner what is missing: no syntax newer than Python 3.6.

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import urllib.request

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "course.json")
LOG = os.path.join(VENV, "install.log")
SETTINGS = os.path.join(ROOT, "classroom", "jupyter")  # of JupyterLab and its server
NEEDS = {
    "learn": (1.7, "1 to 5 minutes"),
    "test": (2.1, "2 to 6 minutes"),
}  # GB on disk, time on an ordinary line
# Without a graphics card, PyTorch's own CPU build saves gigabytes on Linux, where the usual one brings CUDA along.
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
CAUSES = (
    (
        "No space left|Errno 28|not enough space",
        "The disk is full. Free {disk:.1f} GB, then run the same command again.",
    ),
    (
        "NewConnectionError|Max retries|name resolution|getaddrinfo|Network is unreachable|ConnectTimeout|ReadTimeout|"
        "Connection (refused|reset|aborted)|No matching distribution",
        "The packages could not be fetched: is this computer online? Connect, then run the same command again; "
        "it goes on where it stopped.",
    ),
    (
        "Permission denied|Access is denied",
        "This folder does not let you write: move the course into a folder of your own.",
    ),
)


class Stop(Exception):
    """Something is in the way that only the user can clear; the message says what."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "what",
        nargs="?",
        choices=["learn", "test"],
        default="learn",
        help="learn is meant if nothing is said",
    )
    parser.add_argument("--full", action="store_true", help="with test: also the long tests")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser; print the address instead")
    parser.add_argument(
        "--port", type=int, default=8888, help="JupyterLab's port; the next free one is taken if it is in use"
    )
    asked = parser.parse_args()
    try:
        set_up(asked.what)
        return run_tests(asked.full) if asked.what == "test" else open_lab(asked.no_browser, asked.port)
    except Stop as reason:
        print("\n" + str(reason), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it goes on where it stopped.", file=sys.stderr)
        return 130


def set_up(what):
    """Bring .venv to the state that requirements.txt, constraints.txt and pyproject.toml ask for."""
    check_python()
    if is_ready(what):
        return
    disk, minutes = NEEDS[what]
    check_disk(disk)
    print(f"Setting up in .venv: about {disk:.1f} GB on disk, {minutes} on an ordinary line.")
    begun = time.time()
    make_venv()
    install_torch(disk)
    extra = "[dev,grade]" if what == "test" else ""
    print("Installing the other packages ...")
    pip(disk, "install", "-c", "constraints.txt", "-e", "." + extra)
    with open(STAMP, "w") as file:
        json.dump({"asked": fingerprint(), "sets": sorted({what, *stored_sets()})}, file)
    print(f"Set up in {time.time() - begun:.0f} seconds.")


def check_python():
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise Stop(
            f"This is Python {platform.python_version()}; the course needs Python 3.11, 3.12 or 3.13. Install one from "
            "python.org or your system's packages, then run it by name, for example: python3.13 start.py"
        )


def check_disk(needed):
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < needed:
        raise Stop(f"Only {free:.1f} GB are free here; the course needs {needed:.1f} GB. Free some, then run it again.")


def is_ready(what):
    """Whether the set-up of `what` was finished for the packages that are asked for now, and .venv still works."""
    return what in stored_sets() and venv_works()


def stored_sets():
    try:
        with open(STAMP) as file:
            stamp = json.load(file)
        # who can test can learn: the tests' packages contain the learner's
        return (
            set(stamp["sets"]) | ({"learn"} if "test" in stamp["sets"] else set())
            if stamp["asked"] == fingerprint()
            else set()
        )
    except (OSError, ValueError, KeyError):
        return set()


def fingerprint():
    """Of what is to be installed, where (a moved folder breaks a venv), and for which Python."""
    digest = hashlib.sha256((ROOT + platform.python_version()).encode())
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def venv_works():
    try:
        return subprocess.call([PYTHON, "-c", "import pip"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_venv():
    if venv_works():
        return
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if made.returncode:
        missing = "ensurepip" in made.stdout
        raise Stop(
            "Python's own venv is missing. On Debian or Ubuntu: sudo apt install python3-venv"
            if missing
            else "Making .venv failed:\n" + made.stdout
        )


def install_torch(disk):
    """PyTorch alone and first, since it is the largest and its build depends on the machine."""
    with open(os.path.join(ROOT, "constraints.txt")) as file:
        pin = next(line.strip() for line in file if line.startswith("torch=="))
    # looked up without importing, which would take seconds
    found = "import importlib.metadata as m; print('torch==' + m.version('torch').split('+')[0])"
    there = subprocess.run([PYTHON, "-c", found], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if there.stdout.strip() == pin:
        return
    small = wants_cpu_build()
    print("Installing PyTorch ({}) ...".format("its CPU build" if small else "the usual build"))
    pip(
        disk,
        "install",
        "-c",
        "constraints.txt",
        pin,
        *(["--extra-index-url", TORCH_CPU_INDEX] if small else []),
    )


def wants_cpu_build():
    """On Linux without an NVIDIA card, if PyTorch's index answers in seconds. Elsewhere the usual build is small."""
    if (
        not sys.platform.startswith("linux")
        or shutil.which("nvidia-smi")
        or os.path.exists("/proc/driver/nvidia/version")
    ):
        return False
    try:
        return urllib.request.urlopen(TORCH_CPU_INDEX + "/torch/", timeout=5).status == 200
    except Exception:  # whatever it is, the usual index may still work
        return False


def pip(disk, *arguments):
    """Run pip in .venv. One line shows the package in hand; all it said is in .venv/install.log."""
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments, "--progress-bar", "off"]
    said = []
    with open(LOG, "a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            errors="replace",
        )
        for line in process.stdout:
            log.write(line)
            said.append(line)
            if sys.stdout.isatty() and line.startswith(("Collecting", "Building", "Installing")):
                print("\r\033[K  " + line.strip()[:70], end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    if process.wait():
        text = "".join(said[-40:])
        for pattern, sentence in CAUSES:
            if re.search(pattern, text):
                raise Stop(sentence.format(disk=disk) + " (All that pip said: .venv/install.log)")
        raise Stop("Installing failed; pip said:\n" + text)


def open_lab(no_browser, port):
    if subprocess.call([PYTHON, "-m", "classroom", "copy"], cwd=ROOT):
        raise Stop("The working copy my/ could not be brought up to date; the line above says why.")
    print("Opening JupyterLab on my/notebooks/0_start_here.ipynb. Stop it here with Ctrl+C.")
    settings = os.pathsep.join(filter(None, [SETTINGS, os.environ.get("JUPYTER_CONFIG_PATH")]))
    command = [PYTHON, "-m", "jupyterlab", "--log-level=WARN"]
    command += ["--ServerApp.root_dir=" + os.path.join(ROOT, "my"), "--ServerApp.port=" + str(port)]
    command += ["--LabApp.default_url=/lab/tree/notebooks/0_start_here.ipynb"]
    command += ["--no-browser"] * no_browser
    command += ["--allow-root"] * (hasattr(os, "geteuid") and os.geteuid() == 0)  # as in a container; it has a token
    return subprocess.call(command, cwd=ROOT, env=dict(os.environ, JUPYTER_CONFIG_PATH=settings, **ONE_THREAD))


def run_tests(full):
    command = [PYTHON, os.path.join("tests", "run.py"), *(["--full"] if full else [])]
    return subprocess.call(command, cwd=ROOT, env=dict(os.environ, **ONE_THREAD))


if __name__ == "__main__":
    sys.exit(main())
