"""Kernels killed at any moment, two at once: nothing that was acknowledged is lost, and the record stays readable."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from classroom import paths, progress

ROUNDS = 40


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork; two kernels are tested by themselves")
@pytest.mark.parametrize("seed", [1, 2])
def test_two_kernels_killed_at_random_lose_nothing_that_was_acknowledged(lesson, record, seed):
    program = Path(__file__).with_name("two_kernels.py")
    done = subprocess.run(
        [sys.executable, str(program), str(paths.LESSONS), str(ROUNDS), str(seed)],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    acknowledged = json.loads(done.stdout)
    assert len(acknowledged) > 2 * ROUNDS, "too few events for the kills to have met one"
    written = [event["given"] for event in progress.events()]
    assert set(acknowledged) <= set(written), sorted(set(acknowledged) - set(written))
    assert len(set(written)) == len(written), "no event stands there twice"
    for kernel in {number // 1_000_000 for number in written}:
        mine = [number for number in written if number // 1_000_000 == kernel]
        assert mine == sorted(mine), "the order of writing is kept"
        assert len(mine) - len([n for n in acknowledged if n // 1_000_000 == kernel]) <= 1, "one in flight at most"
    assert {event["kind"] for event in progress.events()} == {"answer", "prediction", "goal", "attempt", "hint"}


def test_after_all_kills_a_new_kernel_goes_on(lesson, record):
    program = Path(__file__).with_name("two_kernels.py")
    if hasattr(os, "fork"):
        subprocess.run([sys.executable, str(program), str(paths.LESSONS), "3", "7"], check=True, capture_output=True)
    before = len(progress.events())
    assert progress.record("answer", "9.9 last", verdict="right")
    assert progress.events()[-1]["name"] == "9.9 last" and len(progress.events()) == before + 1
