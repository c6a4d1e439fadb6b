"""The proof of lesson 6.2, with its own cells: real processes, killed at any moment, end with the same bits.

And the sentences that no cell of it computes: chance by its source, stopping early at a constant rate.
"""

import hashlib
import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from classroom.authoring import source
from classroom.paths import ROOT, lesson_stem

WORDS = ("def write_config", "class Config", "class Run", "def advance", "digits = ", "def on_test", "def state(",
         "def go_on", "def bits", "def to_bytes", "def write(", "IMPORTS = ")  # fmt: skip
SLOW_WRITING = """
import time


def slowly(function, words=""):
    def slow(*arguments):
        print(words, flush=True)
        time.sleep(0.02)
        function(*arguments)

    return slow


os.fsync, os.replace = slowly(os.fsync, "writing"), slowly(os.replace, "replacing")
"""


@cache
def lesson(folder):
    """What the lesson's cells define. Each lies in a file of its own, so that its source is found as in a notebook."""
    stem, names = lesson_stem("6.2"), {"__name__": "lesson"}
    notebook, _ = source.read(stem.with_name(stem.name + ".md"))
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate([cells[0].split("\nreview(")[0], *(c for c in cells if any(w in c for w in WORDS))]):
        path = folder / f"cell_{number}.py"
        path.write_text(cell.split("\nscores = ")[0].split("\n\n\nstops = ")[0])
        exec(compile(path.read_text(), path, "exec"), names)
    return names


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    return lesson(tmp_path_factory.mktemp("cells"))


def prepare(cells, folder, slow=False):
    cells["prepare"](folder, cells["config"])
    if slow:
        program = (folder / "train.py").read_text()
        (folder / "train.py").write_text(program.replace("\nmain(", f"{SLOW_WRITING}\n\nmain("))
    return folder


def run(folder, kill_after=None):
    """Start the program; kill it after so many lines that it has printed. Returns the last one."""
    words = [sys.executable, folder / "train.py", folder]
    last, environment = "", {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        for number, line in enumerate(process.stdout, start=1):
            last = line.strip()
            if number == kill_after:
                process.kill()
                break
    return last


def digest(cells, folder):
    return hashlib.sha256(cells["to_bytes"](cells["read"](folder / "checkpoint"))).hexdigest()


@pytest.fixture(scope="module")
def unbroken(cells, tmp_path_factory):
    folder = prepare(cells, tmp_path_factory.mktemp("unbroken"))
    run(folder)
    assert len(cells["read"](folder / "checkpoint")["curves"]["losses"]) == 200
    return digest(cells, folder)


def test_twelve_kills_at_moments_drawn_by_lot_leave_no_trace(cells, unbroken, tmp_path):
    """One run, killed twelve times: each life ends after 3 to 32 steps, so some of them come no checkpoint further."""
    folder, rng = prepare(cells, tmp_path), np.random.default_rng()
    lives = rng.integers(3, 33, size=12)
    for life in lives:
        run(folder, kill_after=life)
    run(folder)
    assert digest(cells, folder) == unbroken, f"killed after {lives} steps of each life"


def test_kills_in_the_midst_of_writing_leave_no_trace(cells, unbroken, tmp_path):
    """The writing is made slow: the kill comes after the content, before the name. The file is whole each time."""
    folder, killed, left = prepare(cells, tmp_path, slow=True), [], 0
    for life in np.random.default_rng().integers(0, 3, size=12):
        killed.append(run(folder, kill_after=12 * life + 11 + life % 2))  # ten steps, "writing", "replacing"
        left += (folder / "checkpoint.part").exists()
        if (folder / "checkpoint").exists():
            cells["read"](folder / "checkpoint")  # or it raises
    assert set(killed) <= {"writing", "replacing"} and left >= 6
    run(folder)
    assert digest(cells, folder) == unbroken


PARTS = ("running means", "optimiser", "schedule", "shuffle", "drop", "place", "order", "best")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_that_is_left_out_is_found_by_bits_at_some_of_ten_stops(cells, part):
    def whole_state(run):
        return cells["to_bytes"](cells["state"](run))

    rng, whole = np.random.default_rng(7), whole_state(cells["whole"])
    stops = np.append(rng.integers(1, 199, size=9), 195)
    assert all(whole_state(cells["go_on"](stop)) == whole for stop in stops[:3])
    assert any(whole_state(cells["go_on"](stop, [part])) != whole for stop in stops)


@pytest.mark.parametrize("seed", range(5))
def test_only_the_schedule_is_seen_in_the_curve(cells, seed, monkeypatch):
    """Without any other part the last validation loss lies within a fifth of the unbroken run's, mean over stops."""
    seeds = {"initialise": seed, "shuffle": seed, "drop": seed}
    monkeypatch.setitem(cells, "config", cells["replace"](cells["config"], **seeds))
    whole, stops = cells["go_on"](0).validation[-1], (30, 65, 106, 128, 164)
    ratio = {part: np.mean([cells["go_on"](stop, [part]).validation[-1] for stop in stops]) / whole for part in PARTS}
    assert max(ratio, key=ratio.get) == "schedule"
    assert all(value < 1.2 for part, value in ratio.items() if part != "schedule")


def test_without_adams_memory_the_next_ten_losses_are_a_quarter_higher(cells, monkeypatch):
    ratios = []
    for seed in range(10):
        seeds = {"split": seed, "initialise": seed, "shuffle": seed, "drop": seed}
        monkeypatch.setitem(cells, "config", cells["replace"](cells["config"], **seeds))
        monkeypatch.setitem(cells, "held", cells["arrays"](seed, rows=320))
        whole = cells["go_on"](0).losses
        for stop in (45, 83, 121):
            after = slice(stop, stop + 10)
            ratios.append(np.mean(cells["go_on"](stop, ["optimiser"]).losses[after]) / np.mean(whole[after]))
    assert 1.15 < np.mean(ratios) < 1.35 and np.mean(np.array(ratios) > 1) > 0.8


def test_how_far_each_source_of_chance_moves_the_accuracy(cells):
    spread = {}
    for name in ("split", "initialise", "shuffle", "drop"):
        spread[name] = np.std(cells["over_seeds"](name, seeds=16), ddof=1)
    assert spread.pop("split") == pytest.approx(0.8, abs=0.15)
    assert all(0.25 < value < 0.75 for value in spread.values()), spread


def early_and_full(cells, constant):
    """Test accuracy over 30 splits: patience 5, and the last of 60 epochs; with a falling or a constant rate."""
    scores = []
    for split in range(30):
        seeds = {"split": split, "initialise": split, "shuffle": split}
        for patience in (5, 100):
            config = cells["Config"](**seeds, p=0.0, rate=0.03, epochs=60, patience=patience)
            run = cells["Run"](config, cells["arrays"](split, 200, 100))
            if constant:
                run.schedule.step = lambda: None
            while not run.over():
                cells["advance"](run)
            scores.append(cells["on_test"](run, run.best if patience == 5 else run.model.state_dict())[1])
    early, full = np.reshape(scores, (30, 2)).T
    gap = early - full
    return early.mean(), full.mean(), gap.mean(), 1.96 * gap.std(ddof=1) / 30**0.5, sum(gap > 0), sum(gap < 0)


@pytest.mark.long
def test_at_a_falling_rate_no_loss_of_stopping_early_is_shown(cells):
    _, _, gap, half, ahead, behind = early_and_full(cells, constant=False)
    assert gap == pytest.approx(-0.5, abs=0.25) and half == pytest.approx(0.7, abs=0.1) and gap + half > 0
    assert abs(ahead - 12) <= 2 and abs(behind - 18) <= 2


@pytest.mark.long
def test_at_a_constant_rate_stopping_early_wins(cells):
    early, full, gap, half, ahead, _ = early_and_full(cells, constant=True)
    assert early == pytest.approx(91.5, abs=0.3) and full == pytest.approx(90.1, abs=0.3)
    assert gap > half and abs(ahead - 20) <= 2
