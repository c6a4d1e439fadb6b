"""A class of any size with known marks: right, half right, wrong and hostile answers to lesson 1.1; graded under fire.

    python -m tests.grading.corpus.school --learners 10000 --kills 2 --jobs 2

writes the class, lets `classroom grade` mark it, kills that (SIGKILL) on the way, starts it again each time, and says:
time, marks that differ from the truth, rows lost, most memory.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from classroom.grading.gradebook import Gradebook
from classroom.paths import ROOT
from tests.grading.corpus import LESSON, RIGHT_LINE, RIGHT_NEURON, RIGHT_PARTS, WRONG_LINE, all_entries, notebook

NEURON = "def neuron(x, w, b):\n    return {}\n"
LINE = "def decision_line(w, b, x1):\n    return {}\n"
SIDES = 'def sides():\n    return dict(P="Gentoo", Q="Gentoo", R="{}", S="Gentoo", T="Adelie")\n'
# By the cell's name: right answers, and wrong ones.
RIGHT = {
    "1_1_parts": [RIGHT_PARTS],
    "1_1_sides": [SIDES.format("on the line")],
    "1_1_neuron": [
        RIGHT_NEURON.format(""),
        NEURON.format("0.5 + 0.5 * np.tanh(0.5 * (np.dot(x, w) + b))"),
        "def neuron(x, w, b):\n    z = b\n    for i in range(len(w)):\n        z = z + x[..., i] * w[i]\n"
        "    return 1 / (1 + np.exp(-z))\n",
    ],
    "1_1_decision_line": [RIGHT_LINE, LINE.format("[float(-w[0] / w[1] * p - b / w[1]) for p in x1]")],
}
WRONG = {
    "1_1_parts": [RIGHT_PARTS.replace("bias", "weight"), "def parts():\n    return None\n"],
    "1_1_sides": [SIDES.format("Adelie"), "def sides():\n    return ['Gentoo'] * 5\n"],
    "1_1_neuron": [
        NEURON.format(text) for text in ("x @ w + b", "np.tanh(x @ w + b)", "1 / (1 + np.exp(x @ w + b))", "undefined")
    ],
    "1_1_decision_line": [WRONG_LINE, LINE.format("w[0] * x1 / w[1]"), LINE.format("1 / 0"), "def decision_line(:\n"],
}
EACH = 5  # points of a task


@dataclass
class Outcome:
    """What grading a class gave."""

    learners: int
    kills: int
    seconds: float = 0.0
    per_minute: float = 0.0
    differ: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: int = 0
    memory: dict[str, float] = field(default_factory=dict)
    code: int = 0


def write(folder: Path, learners: int, seed: int = 0, hostile: int = 20, slow: int = 0) -> dict[str, float]:
    """Write a class into `folder`; the true points by learner. Each `hostile`-th is hostile, each `slow`-th never ends."""
    rng, truth = random.Random(seed), {}
    entries = [e for e in all_entries() if not e.slow and e.least is None and e.file.startswith(LESSON + ".ipynb")]
    loops = [e for e in all_entries() if e.name.startswith("endless loop")]
    places = {
        "root": ROOT,
        "gradebook": folder.parent / "book.db",
        "neighbour": folder / "learner00000" / f"{LESSON}.ipynb",
    }
    places |= {"tcp": 9, "udp": 9, "unix": "nobody", "judge": 2**22 - 1}
    for number in range(learners):
        learner = f"learner{number:05d}"
        entry = None
        if slow and number % slow == slow - 1:
            entry = rng.choice(loops)
        elif hostile and number % hostile == hostile - 1:
            entry = entries[(number // hostile) % len(entries)]
        points, data = (entry.points, entry.make(places)) if entry else honest(rng, number)
        path = folder / learner / (entry.file if entry else f"{LESSON}.ipynb")
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        truth[learner] = points
    return truth


def honest(rng, number) -> tuple[float, bytes]:
    points, cells = 0.0, {}
    for name in RIGHT:
        what = rng.choice(("right", "right", "wrong", "untouched"))
        if what != "untouched":
            cells[name] = rng.choice((RIGHT if what == "right" else WRONG)[name])
        points += EACH * (what == "right")
    return points, json.dumps(notebook(cells, last=[f"# handed in by number {number}"])).encode()


def grade(folder: Path, truth: dict[str, float], kills: int, jobs: int, timeout: float) -> Outcome:
    """Grade the class by the command, which is killed `kills` times on the way, at even distances."""
    book, found = folder.parent / "book.db", Outcome(len(truth), kills)
    command = [sys.executable, "-m", "classroom", "grade", str(folder), "--gradebook", str(book)]
    command += ["--jobs", str(jobs), "--timeout", str(timeout)]
    begun = time.monotonic()
    for kill in range(kills + 1):
        until = (kill + 1) * len(truth) // (kills + 1) if kill < kills else None
        with open(folder.parent / "said.txt", "ab") as said:
            process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        watch = threading.Thread(target=_watch, args=(process, found.memory), daemon=True)
        watch.start()
        while process.poll() is None:
            if until is not None and _count(book) >= until:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                break
            time.sleep(0.05)
        found.code = process.returncode
    found.seconds = time.monotonic() - begun
    found.per_minute = 60 * len(truth) / found.seconds
    with Gradebook(book) as opened:
        rows = {row.learner: row for row in opened.rows()}
    found.lost = sorted(set(truth) - set(rows))
    found.differ = [
        f"{who}: {rows[who].points:g}, due {truth[who]:g}" for who in rows if rows[who].points != truth[who]
    ]
    found.doubled = _count(book) - len(rows)
    return found


def _count(book):
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True, timeout=5)) as db:
        return db.execute("SELECT count(*) FROM marked").fetchone()[0]
    return 0


def _watch(process, most):
    """The most memory (MB) of the command, and of all its processes together, each page counted once."""
    while process.poll() is None:
        pids = _below(process.pid)
        one, all_ = _kept(process.pid, "Rss:"), sum(_kept(pid, "Pss:") for pid in pids)
        most["command"], most["together"] = max(most.get("command", 0), one), max(most.get("together", 0), all_)
        time.sleep(1)


def _below(pid):
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [n for child in (task / "children").read_text().split() for n in _below(int(child))]
    return found


def _kept(pid, what):
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(what):
                return int(line.split()[1]) / 1024
    return 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--learners", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--slow", type=int, default=2500, help="each so many-th submission never ends")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="school-") as name:
        folder = Path(name) / "submissions"
        truth = write(folder, asked.learners, slow=asked.slow)
        found = grade(folder, truth, asked.kills, asked.jobs, timeout=30)
    print(
        f"{found.learners} submissions, killed {found.kills} times, {asked.jobs} workers: {found.seconds:.0f} s", end=""
    )
    print(f" ({found.per_minute:.0f} a minute); exit code {found.code}")
    print(
        f"marks that differ from the truth: {len(found.differ)}; rows lost: {len(found.lost)}; doubled: {found.doubled}"
    )
    print(f"most memory: the command {found.memory['command']:.0f} MB, all processes {found.memory['together']:.0f} MB")
    print(*found.differ[:20], sep="\n")
    return int(bool(found.differ or found.lost or found.doubled or found.code))


if __name__ == "__main__":
    sys.exit(main())
