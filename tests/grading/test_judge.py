# ruff: noqa: E501 - attacks are written in one line
"""The judge: true marks for right, wrong, broken and hostile notebooks, on every wall, with no hidden case in its words."""

import inspect
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from classroom.grading import nursery
from classroom.grading.judge import Judge
from classroom.grading.sandbox import Refused
from classroom.paths import ROOT
from classroom.tasks import source
from tests.grading import course, ordinary
from tests.grading.course import GRADIENT, NUMPY, SOFTMAX, submission

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are Linux's")
MODES = ("full", "landlock")
RIGHT = {"softmax": "passed", "gradient": "passed"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return course.make(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module", params=MODES)
def judge(request, root):
    with Judge(root, None, seed=7, timeout=6, isolation=request.param) as made:
        yield made
        assert all(home.left == 0 for home in made.nurseries.values())


@pytest.fixture(scope="module")
def quick(root):
    """A judge behind the walls that hold everywhere, for what does not hang on them."""
    with Judge(root, None, seed=7, timeout=6, isolation="landlock") as made:
        yield made


def marked(judge, *sources, **other):
    return course.states(judge.mark(submission(NUMPY, *sources, **other)))


def mark(judge, task, *sources, **other):
    found = judge.mark(submission(NUMPY, *sources, **other))
    return next(m for m in found.marks if m.task.endswith(task))


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


# --- attacks ----------------------------------------------------------------------------------------------------------

WRONG = "def softmax(Z):\n    return Z"
END = "def softmax(Z):\n    {}\n    return Z"
LINE = "import socket, struct, json, sys, os, gc\nline = socket.socket(fileno=3)\n"
LINE += "def frame(h, b=b'', n=None, m=None):\n    return struct.pack('<4sIQ', b'nnc1', len(h) if n is None else n, len(b) if m is None else m) + h + b\n"
NONCE = "f = sys._getframe()\n    while f and 'nonce' not in f.f_locals: f = f.f_back\n    nonce = f.f_locals['nonce']"
FORGED = "json.dumps({'nonce': nonce, 'number': %s, 'values': [['', '<f8', [1]]]}).encode(), bytes(8)"

ATTACKS = {
    "allclose is always true": "np.allclose = np.array_equal = lambda *a, **k: True\nnp.isclose = np.allclose",
    "compare is always true": "import classroom.tasks.compare as c\nc.same = c.difference = lambda *a: True",
    "all modules are patched": "import builtins, sys\nfor m in list(sys.modules.values()):\n    for n in ('fits', 'equal', 'same', 'close', 'mark'):\n        if hasattr(m, n): setattr(m, n, lambda *a, **k: True)",
    "the check is replaced": "import classroom\nclassroom.check = lambda *a: print('passed')\ncheck = classroom.check",
    "the probe returns ones": "import classroom.tasks.probes as p\np.run = lambda *a: {'': np.ones((4, 3))}",
    "answers are sought in memory": "import gc\nfound = [o for o in gc.get_objects() if isinstance(o, dict) and 'right' in o]\nassert not found",
    "lessons are read": "import glob\nassert not glob.glob('/**/*.tasks.py', recursive=True)",
    "the line is closed": "import os\nos.close(3)",
    "the line is filled": LINE + "line.sendall(bytes(1 << 22))",
    "a reply before the question": LINE + "line.sendall(frame(b'{\"nonce\": \"\", \"number\": 0, \"values\": []}') * 9)",
    "a length of exabytes": LINE + "line.sendall(frame(b'{}', n=9, m=1 << 62))",
    "a header that is none": LINE + "line.sendall(frame(b'[1, 2'))",
    "half a message": LINE + "line.sendall(frame(b'{}', m=100))",
    "cells that are none": LINE + "line.sendall(frame(b'{\"cell\": [1]}') * 30)",
    "an end that is none": LINE + "line.sendall(frame(b'{\"ran\": 3}'))",
    "errors that are none": LINE + "line.sendall(frame(b'{\"ran\": [[1, 2], 3, [\"a\", [], {}, 1, 2], [1e999, 1, 1, 1, 1]]}'))",
    "the process ends": "import os\nos._exit(0)",
    "the process ends at exit": "import atexit, os\natexit.register(os._exit, 0)\nraise SystemExit",
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "the stack overflows": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()",
    "all memory": "a = []\nwhile True: a.append(bytes(1 << 24))",
    "signals are ignored": "import signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass",
    "a trace": "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)",
    "time stands still": "import time\ntime.monotonic = time.time = lambda: 0.0",
    "json is replaced": "import json\njson.dumps = lambda *a, **k: '[]'",
    "a background thread": "import threading, time\nthreading.Thread(target=lambda: [time.sleep(0.01) for _ in range(10**6)]).start()",
    "standard output is closed": "import os, sys\nos.close(1); os.close(2); sys.stdout.close()",
    "builtins are gone": "import builtins\nfor n in ('len', 'isinstance', 'sum', 'max'): delattr(builtins, n)",
}  # fmt: skip
CALLS = {
    "the process ends in a call": "import os; os._exit(0)",
    "a segmentation fault in a call": "import ctypes; ctypes.string_at(0)",
    "a forged reply first": f"{NONCE}\n    line.sendall(frame({FORGED % 0}))",
    "an answer to the next call": f"{NONCE}\n    line.sendall(frame({FORGED % 1}))",
    "an answer to another question": "nonce = 'f' * 32\n    line.sendall(frame(" + FORGED % 0 + "))",
    "objects in an array": f"{NONCE}\n    line.sendall(frame(json.dumps({{'nonce': nonce, 'number': 0, 'values': [['', '|O', [1]]]}}).encode(), bytes(8)))",
    "floods of not-a-number": "return np.full(Z.shape, np.nan)",
    "a huge result": "return np.zeros((1 << 13, 1 << 11))",
    "many results": "return {str(i): 1.0 for i in range(5000)}",
    "objects": "return np.array([object()])",
    "a class that lies": "return type('A', (np.ndarray,), {'__array_finalize__': None, '__eq__': lambda *a: True})(Z.shape)",
    "an error that lies": "raise type('Passed', (Exception,), {'__str__': lambda s: 1 / 0})",
    "an error with direction marks": "raise ValueError('\\u202e<script>alert(1)</script>\\x1b[2J' * 999)",
    "a long name": "return {'n' * 10**6: 1.0}",
    "names that are no text": "return {('a',): 1.0, 3: 2.0, None: Z}",
    "a recursive result": "a = []; a.append(a); return a",
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_the_true_mark(judge, attack):
    """Whatever a cell does, a wrong answer does not pass; and what a right one can still get, it may."""
    found = judge.mark(submission(NUMPY, WRONG, ATTACKS[attack], GRADIENT))
    assert course.states(found)["softmax"] == "not yet", (attack, found)
    assert next(m.points for m in found.marks if m.task == "9.1 softmax") == 0
    assert "not judged" not in course.states(found).values(), (attack, found)


def test_an_attack_costs_the_neighbour_nothing(judge):
    for attack in ("the process ends", "the line is filled", "all memory", "all modules are patched"):
        judge.mark(submission(NUMPY, WRONG, ATTACKS[attack]))
        assert course.states(judge.mark(submission(NUMPY, SOFTMAX, GRADIENT))) == RIGHT


@pytest.mark.parametrize("attack", CALLS)
def test_an_attack_in_a_call_costs_its_own_task_alone(judge, attack):
    text = f"{LINE}{END.format(CALLS[attack])}"
    found = judge.mark(submission(NUMPY, text, GRADIENT))
    assert course.states(found) == {"softmax": "not yet", "gradient": "passed"}, (attack, found)
    said = found.marks[0].sentence + found.marks[0].case
    assert len(said) < 7000 and not set(said) & set("\u202e\x1b")


def test_an_endless_call_costs_its_own_task_alone(root):
    stubborn = "def softmax(Z):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    with Judge(root, ["9.1"], timeout=4, isolation="landlock") as judge:
        for text in (END.format("while True: pass"), stubborn):
            begun = time.monotonic()
            found = judge.mark(submission(NUMPY, GRADIENT, text))
            assert found.marks[0].state == "not yet" and "stopped after" in found.marks[0].sentence
            assert time.monotonic() - begun < 15
            assert found.marks[1].state in ("passed", "not yet")


def test_a_slow_drip_is_late(root):
    drip = f"{NONCE}\n    import time\n    for b in frame({FORGED % 0}): line.send(bytes([b])); time.sleep(0.2)"
    with Judge(root, ["9.1"], timeout=4, isolation="landlock") as judge:
        begun = time.monotonic()
        assert mark(judge, "softmax", LINE + END.format(drip)).state == "not yet"
        assert time.monotonic() - begun < 15


def test_a_learner_who_knows_the_protocol_gains_no_more_than_an_answer(judge):
    """She answers by hand, with the right numbers: that is an answer, computed elsewhere. It needs the right numbers."""
    by_hand = f"{NONCE}\n    a = np.ascontiguousarray(Z * 0 + 1 / Z.shape[1])\n"
    by_hand += "    for n in range(9): line.sendall(frame(json.dumps({'nonce': nonce, 'number': n, 'values': [['', '<f8', list(Z.shape)]]}).encode(), a.tobytes()))"
    assert marked(judge, LINE + END.format(by_hand))["softmax"] == "not yet"


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
        judge.mark(submission(NUMPY, WRONG))
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
