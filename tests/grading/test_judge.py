# ruff: noqa: E501 - attacks are written in one line
"""The judge: true marks for right, wrong, broken and hostile notebooks, on every wall, with no hidden case in its words."""

import inspect
import json
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from classroom.grading import nursery
from classroom.grading.judge import Judge
from classroom.grading.sandbox import Refused
from classroom.paths import ROOT
from classroom.tasks import source
from tests.grading import course, ordinary
from tests.grading.course import GRADIENT, NUMPY, RIGHT, SOFTMAX, mark, marked, submission

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are Linux's")


# --- true marks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", ["8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "9.1", "9.2"])
def test_our_own_answers_pass_and_untouched_cells_are_not_attempted(judge, root, lesson):
    done = judge.mark(course.solved(root / "lessons", lesson))
    assert {m.state for m in done.marks} == {"passed"}, done.marks
    assert done.points >= 0.99 * done.of > 0
    stubs = judge.mark(course.solved(root / "lessons", lesson, stubs=True))
    assert {m.state for m in stubs.marks} == {"not attempted yet"} and stubs.points == 0


def test_every_misconception_of_the_examples_is_told_and_earns_less(quick, root):
    for task in source.load(root / "lessons" / "9_1_softmax"):
        for misconception in task.misconceptions:
            if misconception.wrong.__name__ == "<lambda>":
                continue  # its source is a line of a list
            text = f"{inspect.getsource(misconception.wrong)}\n{task.object_name} = {misconception.wrong.__name__}"
            found = mark(quick, task.name, text)
            assert (found.state, found.points) == ("not yet", 0), (task.name, found)
            assert misconception.when in found.misconceptions, (task.name, misconception.when, found)


def test_what_stands_with_a_mark(judge):
    found = judge.mark(submission(NUMPY, SOFTMAX))
    assert (found.learner, found.lesson, found.seed) == ("ada", "9.1", 7)
    assert found.packages["numpy"] == np.__version__ and "landlock" in found.isolation
    assert ("namespaces" in found.isolation) == (judge.mode == "full")
    assert found.graded.tzinfo and 0 < found.seconds < 6


def test_an_answer_that_only_knows_the_visible_cases_does_not_pass(quick):
    visible = quick._key("9.1").visible[0]
    pairs = [
        (case[0].tolist(), right.values[""].tolist())
        for case, right in zip(visible.arguments, visible.right, strict=True)
    ]
    found = mark(
        quick,
        "softmax",
        f"def softmax(Z):\n    return np.array(dict((repr(a), b) for a, b in {pairs})[repr(Z.tolist())])",
    )
    assert found.state == "not yet" and found.points == 0


def test_words_and_case_come_from_visible_cases_alone(quick):
    key = quick._key("9.1")
    hidden = [f"{number:.4f}"[:-1] for case in key.hidden[0].arguments[2:] for number in np.ravel(case[0])]
    spy = "def softmax(Z):\n    raise ValueError(repr(Z.tolist()))"
    for text in (spy, "def softmax(Z):\n    return Z * 2", SOFTMAX.replace("axis=1", "axis=0")):
        found = mark(quick, "softmax", text)
        assert found.state == "not yet" and found.case.startswith("Z = ")
        assert not [number for number in hidden if number in found.sentence + found.case]
        assert "expected" not in found.case


def test_hidden_inputs_do_not_come_back_through_a_later_error(quick):
    """Hidden and visible cases are asked in different children: what one has seen the other cannot say."""
    spy = "seen = []\ndef softmax(Z):\n    seen.append(Z.tolist())\n    if len(seen) == 1 or len(seen) > 4:\n        raise ValueError(repr(seen))\n    return Z"
    key = quick._key("9.1")
    secret = repr(key.hidden[0].arguments[2][0].tolist()[0][0])[:7]
    assert secret not in repr(mark(quick, "softmax", spy))


def test_the_seed_draws_the_hidden_cases(root):
    with (
        Judge(root, ["9.1"], seed=1, isolation="landlock") as a,
        Judge(root, ["9.1"], seed=2, isolation="landlock") as b,
    ):
        first, second = (j._key("9.1").hidden[0].arguments[2][0] for j in (a, b))
        assert not np.array_equal(first, second)
        assert a.mark(submission(NUMPY, lesson="8.1")).marks == []  # not one of its lessons
        assert "9.1" in a.mark(submission(NUMPY, lesson="")).notes[-1]


# --- what honest learners hand in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        [f"print('x' * 10**6)\n{SOFTMAX}", GRADIENT],
        ["1 / 0", SOFTMAX, GRADIENT],
        [f"%matplotlib inline\n!pip install numpy\nimport warnings\nwarnings.warn('x')\n{SOFTMAX}", GRADIENT],
        [f"%%time\n{SOFTMAX}", "%%bash\nrm -rf /", GRADIENT, "files = !ls\nsoftmax?"],
        [SOFTMAX.replace("    e =", "    print(Z)\n    np.log(-1.0)\n    e =", 1), GRADIENT],
        ["answer = input('name? ')", SOFTMAX, GRADIENT],
        ["from IPython.display import display\ndisplay(3)\nget_ipython().run_line_magic('x', 'y')\n" + SOFTMAX, GRADIENT],
        ["from google.colab import drive\ndrive.mount('/content')\n" + SOFTMAX, GRADIENT],
        [SOFTMAX, 'check("9.1 softmax", softmax)', 'hint("9.1 softmax")', GRADIENT],
        [SOFTMAX.replace("\n", "\r\n"), GRADIENT],
        [SOFTMAX, "softmax(np.zeros(3))", GRADIENT, "raise SystemExit"],
        [SOFTMAX, GRADIENT, "def unfinished(:\n    pass"],
        [SOFTMAX, "while True:\n    pass", GRADIENT],
        ["def softmax(Z):\n    return 3", SOFTMAX, GRADIENT],
        ["softmax = lambda Z: np.exp(Z - Z.max(1, keepdims=True)) / np.exp(Z - Z.max(1, keepdims=True)).sum(1)[:, None]", GRADIENT],
        ["import os\nos.makedirs('data', exist_ok=True)\nnp.save('data/x.npy', np.zeros(3))\n" + SOFTMAX, GRADIENT],
        ["class Trainer:\n    pass\nimport tqdm\nfor i in tqdm.tqdm(range(3)): pass\n" + SOFTMAX, GRADIENT],
        [SOFTMAX.replace("return e", "return e.tolist() and e"), GRADIENT.replace("return", "return 1.0 *")],
    ],
)  # fmt: skip
def test_honest_notebooks_get_their_points(quick, cells):
    stub = course.solved(quick.root / "lessons", "9.1", stubs=True).cells
    found = quick.mark(submission(NUMPY, *cells, stub[1].source))  # an untouched copy at the end takes nothing away
    assert course.states(found) == RIGHT, (found.marks, found.notes)


def test_given_cells_that_are_missing_are_run_all_the_same(quick):
    assert course.states(quick.mark(submission(SOFTMAX, GRADIENT))) == RIGHT


def test_words_for_what_is_not_there(quick):
    assert mark(quick, "softmax").sentence == "There is no `softmax` in this notebook."
    assert mark(quick, "softmax", "softmax = 3").sentence == "`softmax` should be a function; it is a whole number."
    found = mark(quick, "softmax", "x = 1\ny = nothing\n" + SOFTMAX)
    assert found.sentence == (
        "The cell that defines `softmax` stops with an error in line 2, `y = nothing`. "
        "NameError: name 'nothing' is not defined."
    )
    assert "SyntaxError" in mark(quick, "softmax", SOFTMAX + ")").sentence
    assert (
        mark(quick, "softmax", SOFTMAX + "\ndel softmax").sentence == "After all cells have run there is no `softmax`."
    )


def test_an_empty_notebook_and_one_of_no_lesson(quick):
    assert {m.state for m in quick.mark(submission()).marks} == {"not attempted yet"}
    found = quick.mark(submission(NUMPY, lesson="77.1"))
    assert found.marks == [] and "77.1" in found.notes[-1]


# --- the zygote -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_zygote_that_is_lost_is_replaced_and_nobody_suffers(root, monkeypatch, how):
    monkeypatch.setattr(nursery, "ANSWER", 2.0)
    with Judge(root, ["9.1"], timeout=20, isolation="landlock") as judge:
        home = judge._nursery(())
        os.kill(home.pid, how)
        assert marked(judge, SOFTMAX, GRADIENT) == RIGHT
        threading.Timer(0.2, os.kill, (home.pid, how)).start()
        assert marked(judge, "import time\ntime.sleep(0.5)", SOFTMAX, GRADIENT) == RIGHT


def test_what_is_lost_twice_is_not_judged(root, monkeypatch):
    with Judge(root, ["9.1"], isolation="landlock") as judge:
        home = judge._nursery(())

        def lost():
            raise nursery.Lost("it was killed")

        monkeypatch.setattr(home, "child", lost)
        found = judge.mark(submission(NUMPY, SOFTMAX))
        assert course.states(found) == {"softmax": "not judged", "gradient": "not judged"}
        assert all("Could not be judged: " in m.sentence and m.points == 0 for m in found.marks)


def test_a_zygote_holds_no_answer(root):
    """Its memory is searched for what only answers and hidden cases hold."""
    with Judge(root, ["9.1"], seed=7, isolation="landlock") as judge:
        judge.mark(submission(NUMPY, "def softmax(Z):\n    return Z"))
        pid, hidden = judge._nursery(()).pid, judge._key("9.1").hidden[0]
        secrets = [hidden.right[-1].values[""].tobytes()[:16], hidden.wrong[0].when.encode()]
        memory = _memory(pid)
        assert len(memory) > 1 << 20 and b"weakref" in memory
        assert not [secret for secret in secrets if secret in memory]


def _memory(pid):
    parts = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for text in maps:
            span, rights = text.split()[:2]
            start, end = (int(part, 16) for part in span.split("-"))
            if rights.startswith("rw") and end - start < 1 << 28 and "[v" not in text:
                try:
                    memory.seek(start)
                    parts.append(memory.read(end - start))
                except (OSError, ValueError):
                    continue
    return b"".join(parts)


# --- other users, other systems ---------------------------------------------------------------------------------------

BY_ANYONE = """
import json, pathlib, tempfile
from classroom.grading.judge import Judge
from tests.grading import course
root = course.make(pathlib.Path(tempfile.mkdtemp()))
for mode in {modes}:
    with Judge(root, ["9.1"], isolation=mode) as judge:
        texts = (course.SOFTMAX, "import os\\nos._exit(0)", "def softmax(Z):\\n    return Z")
        for text in texts[: 2 if mode == "process" else 3]:
            found = judge.mark(course.submission(course.NUMPY, text, course.GRADIENT))
            print(json.dumps([mode, found.isolation, [m.state for m in found.marks]]))
"""


def test_an_ordinary_user_gets_the_same_marks_on_every_wall_and_on_none():
    done = ordinary.run(BY_ANYONE.format(modes=("full", "landlock", "process")))
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    expected = [["passed", "passed"], ["not attempted yet", "passed"], ["not yet", "passed"]]
    assert [states for _, _, states in lines] == expected * 2 + expected[:2]
    assert "files of whoever grades are not" in lines[-1][1]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it is about being root")
def test_root_without_walls_is_refused(root):
    with pytest.raises(Refused, match="must not run as root"):
        Judge(root, isolation="process")


def test_the_seed_does_not_reach_the_child(root):
    """With it, code that carries the public case generators could draw the truths of hidden cases itself."""
    spy = """import gc, sys
def anywhere():
    frame = sys._getframe()
    while frame:
        yield from frame.f_locals.values()
        frame = frame.f_back
    for found in gc.get_objects():
        if isinstance(found, dict):
            yield from list(found.values())
assert not [v for v in anywhere() if type(v) is int and v == 987654320 + 1], "the seed is here"
"""
    with Judge(root, ["9.1"], seed=987654321, isolation="landlock") as judge:
        assert marked(judge, spy + SOFTMAX, GRADIENT) == RIGHT


def test_the_course_itself_is_marked(tmp_path):
    with Judge(ROOT, ["1.1"], isolation="landlock") as judge:
        found = judge.mark(course.solved(ROOT / "lessons", "1.1"))
        assert (found.points, found.of) == (30, 30) and len(found.course) >= 40
        assert Path(judge.root) == ROOT
