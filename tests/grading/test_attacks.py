# ruff: noqa: E501 - attacks are written in one line
"""Attacks from a notebook on the judge, the line and the child: a wrong answer does not pass, a neighbour loses nothing."""

import sys
import time

import pytest

from classroom.grading.judge import Judge
from tests.grading import course
from tests.grading.course import GRADIENT, NUMPY, RIGHT, SOFTMAX, mark, marked, submission

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are Linux's")

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


@pytest.mark.parametrize("late", ["os._exit(0)", "line.sendall(frame(b'{}'))", "line.sendall(b'no frame')"])
def test_what_one_tasks_code_leaves_behind_costs_no_other(judge, late):
    """A thread that acts after its own task's answer has gone, while the next question is open."""
    thread = f"import threading, time\n    threading.Thread(target=lambda: (time.sleep(0.2), {late})).start()"
    slow = GRADIENT.replace("\n", "\n    import time; time.sleep(0.15)\n", 1)
    found = judge.mark(submission(NUMPY, LINE + SOFTMAX.replace("\n", f"\n    {thread}\n", 1), slow))
    assert course.states(found)["gradient"] == "passed", found
