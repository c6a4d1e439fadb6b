"""What learners' code can do behind each kind of wall, as an ordinary user or as root: its own work, no more."""

import contextlib
import json
import os
import sys
import time

import pytest

from classroom.grading import nursery, sandbox
from classroom.paths import ROOT
from tests.grading import attempts, ordinary

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are Linux's")
MODES = ("full", "landlock")


@pytest.fixture(params=MODES)
def home(request):
    made = nursery.Nursery(request.param, 1 << 30, 60)
    yield made
    made.close()


def run(home, *sources, seconds=10):
    """Run cells in a child; the errors of those that stopped."""
    line = home.child()
    try:
        line.send({"cells": [[i, s, False] for i, s in enumerate(sources, 1)], "seconds": seconds, "seed": 1})
        while True:
            header, _ = line.receive(time.monotonic() + seconds + 10)
            if "ran" in header:
                return {number: f"{name}: {message}" for number, name, message, *_ in header["ran"]}
    finally:
        home.end()
        line.close()


def report(home, secret):
    said = run(home, attempts.code(ROOT, secret))[1]
    assert said.startswith("RuntimeError: report "), said
    allowed, tried = attempts.names()
    done = json.loads(said.removeprefix("RuntimeError: report "))
    assert len(done) == len(allowed) + len(tried)
    return dict(zip(allowed, done, strict=False)), dict(zip(tried, done[len(allowed) :], strict=True))


def test_this_system_has_every_wall_that_the_tests_try():
    here = sandbox.available()
    assert here.landlock and here.seccomp and here.namespaces, f"the walls cannot be tested here: {here!r}"


def test_only_its_own_work_is_possible(home, tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_text("marks")
    allowed, tried = report(home, secret)
    assert all(allowed.values()), allowed
    assert not any(tried.values()), [name for name, done in tried.items() if done]
    assert secret.read_text() == "marks"


def test_an_ordinary_user_has_the_same_walls():
    code = f"""
import json, os
from tests.grading import attempts, test_walls
from classroom.grading import nursery
import pathlib, tempfile
secret = pathlib.Path(tempfile.mkdtemp()) / "gradebook.db"
secret.write_text("marks")
for mode in {MODES!r}:
    home = nursery.Nursery(mode, 1 << 30, 60)
    allowed, tried = test_walls.report(home, secret)
    print(json.dumps([os.getuid(), str(home.isolation), allowed, tried, secret.read_text(), home.left]))
    home.close()
"""
    done = ordinary.run(code)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["namespaces" in line[1] for line in lines] == [True, False]
    for uid, said, allowed, tried, secret, left in lines:
        assert uid != 0 and "landlock" in said and "seccomp" in said and "own user" not in said
        assert all(allowed.values()), allowed
        assert not any(tried.values()), [name for name, done in tried.items() if done]
        assert (secret, left) == ("marks", 0)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root: it is about root's own id")
def test_code_does_not_run_as_root(home):
    said = run(home, "import os\nraise RuntimeError((os.getuid(), os.geteuid(), os.getgid(), os.getgroups()))")[1]
    uid = home.uid
    assert uid >= sandbox.LEAST_UID and said == f"RuntimeError: ({uid}, {uid}, {uid}, [])"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root: it is about root's own id")
def test_two_graders_have_two_users():
    first, lock = sandbox.free_user()
    second, other = sandbox.free_user()
    assert first != second
    lock.close()
    other.close()


def test_a_child_finds_nothing_of_the_one_before(home):
    run(home, "import os; os.makedirs('a/b'); open('a/b/mine', 'w').write('1'); os.mkdir('closed', 0)")
    assert not run(home, "import os\nassert os.listdir('.') == [], os.listdir('.')")


def test_a_folder_however_deep_is_emptied(home):
    deep = "import os\nfor i in range(500):\n    os.mkdir('d')\n    os.chdir('d')\n    open('f', 'w').close()"
    run(home, deep)
    assert not run(home, "import os\nassert os.listdir('.') == []")


def test_the_disk_is_not_filled(home):
    fill = "i = 0\nwhile True:\n    open(str(i), 'wb').write(bytes(1 << 22))\n    i += 1"
    with contextlib.suppress(Exception):  # behind namespaces the write fails; else the judge ends the child
        assert "No space" in run(home, fill, seconds=5)[1]
    assert not run(home, "import os\nassert os.listdir('.') == []")


def test_threads_end_with_their_child(home):
    before = set(os.listdir("/proc"))
    run(home, "import threading, time\nfor i in range(9):\n    threading.Thread(target=time.sleep, args=(99,)).start()")
    assert home.left == 0
    mine = [p for p in set(os.listdir("/proc")) - before if p.isdigit() and _of(p) == home.uid != 0]
    assert mine == []


def _of(pid):
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return -1


def test_a_closed_judge_leaves_nothing(tmp_path):
    made = nursery.Nursery("landlock", 1 << 30, 60)
    line, pid, folder = made.child(), made.pid, made.folder
    made.close()
    assert not os.path.exists(folder)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    line.close()


def test_a_killed_judge_leaves_no_process():
    code = """
import os, sys, time
from classroom.grading import nursery
for mode in ("full", "landlock"):
    home = nursery.Nursery(mode, 1 << 30, 60)
    line = home.child()
    line.send({"cells": [[1, "while True: pass", False]], "seconds": 60, "seed": 1})
    print(home.pid, flush=True)
time.sleep(0.3)
os.kill(os.getpid(), 9)
"""
    done = ordinary.run(code)
    assert done.returncode == -9, done.stderr
    zygotes = list(map(int, done.stdout.split()))
    assert len(zygotes) == 2
    until = time.monotonic() + 10
    while time.monotonic() < until and any(map(_alive, zygotes)):
        time.sleep(0.05)
    assert not any(map(_alive, zygotes))
    if os.geteuid() == 0:
        assert [p for p in os.listdir("/proc") if p.isdigit() and _of(p) == ordinary.UID and _alive(int(p))] == []


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_killed_zygote_takes_its_child_along(home):
    line = home.child()
    line.send({"cells": [[1, "while True: pass", False]], "seconds": 60, "seed": 1})
    time.sleep(0.1)
    home.process.kill()
    home.process.wait()
    until = time.monotonic() + 10
    with pytest.raises(Exception) as caught:
        while True:
            line.receive(until)
    assert caught.typename == "Gone"
    home.restart()
    assert run(home, "1 / 0") == {1: "ZeroDivisionError: division by zero"}
    line.close()


def test_words_say_what_is_in_force():
    assert str(sandbox.Isolation(True, True, 7, True, True)) == "own user + namespaces + landlock 7 + seccomp + limits"
    said = str(sandbox.Isolation(limits=True))
    assert said.startswith("process of its own + limits") and "files of whoever grades are not" in said
