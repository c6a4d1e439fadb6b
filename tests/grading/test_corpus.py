"""Every attack and accident of the corpus leaves its true mark, its neighbour's mark, and nothing behind.

With full isolation and with landlock and seccomp alone, as an ordinary user and started by root. The everyday run plays
each quick entry in one of these four settings; the long run plays everything in all of them.
"""

import json
import os
import subprocess
import sys

import pytest

from classroom.paths import ROOT
from tests.grading import ordinary
from tests.grading.corpus import all_entries

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are Linux's")
SETTINGS = [(user, isolation) for user in ("root", "ordinary") for isolation in ("full", "landlock")]
QUICK = [entry.name for entry in all_entries() if not entry.slow]


def played(user, isolation, names, monkeypatch) -> list[dict]:
    asked = ["--json", "--isolation", isolation, *names]
    if user == "root":
        if os.geteuid() != 0:
            pytest.skip("needs root: it is about learners' code under a grader that root has started")
        command = [sys.executable, "-m", "tests.grading.corpus.scene", *asked]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    else:
        monkeypatch.setattr(ordinary, "UID", 61_998)  # other tests count the processes of theirs
        code = f"import sys; sys.argv[1:] = {asked!r}\nfrom tests.grading.corpus.scene import main; sys.exit(main())"
        done = ordinary.run(code, timeout=1200)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(names), done.stderr[-2000:]
    return found


def faults(found):
    """What is not as it should be, readable: the reason of a failure."""
    said = []
    for one in found:
        fine = one["least"] <= one["points"] <= one["due"] and one["neighbour"] == 10 and not one["left"]
        if not fine:
            due = f"{one['points']:g} points, due {one['least']:g} to {one['due']:g}"
            said.append(
                f"{one['name']}: {due}; neighbour {one['neighbour']:g} of 10; left {one['left']}; {one['said']}"
            )
    return said


def layers(user, isolation):
    return {"own user": user == "root", "namespaces": isolation == "full", "landlock": True, "seccomp": True}


@pytest.mark.parametrize(("user", "isolation"), SETTINGS)
def test_quick_ones(user, isolation, monkeypatch):
    found = played(user, isolation, QUICK[SETTINGS.index((user, isolation)) :: len(SETTINGS)], monkeypatch)
    for layer, there in layers(user, isolation).items():
        assert (layer in found[0]["isolation"]) == there
    assert faults(found) == []


@pytest.mark.long
@pytest.mark.parametrize(("user", "isolation"), SETTINGS)
def test_all(user, isolation, monkeypatch):
    assert faults(played(user, isolation, [entry.name for entry in all_entries()], monkeypatch)) == []


def test_names_are_told_apart():
    names = [entry.name for entry in all_entries()]
    assert len(set(names)) == len(names) > 200
