"""Attacks on the marks: on what compares, on the check, on solutions, on the gradebook, on neighbours and pages."""

from tests.grading.corpus import attack

STEAL = """
import os
for folder, _, names in os.walk({where!r}):
    for name in names:
        if "neuron" in name or name.endswith((".md", ".ipynb", ".npz", ".py")):
            try:
                text = open(os.path.join(folder, name), errors="ignore").read()
            except OSError:
                continue
            if "return -(w[0] * x1 + b) / w[1]" in text:
                def decision_line(w, b, x1):
                    return -(w[0] * x1 + b) / w[1]
"""
FRAMES = """
import sys, gc
frame = sys._getframe()
while frame:
    for name, value in list(frame.f_locals.items()):
        if name in ("points", "marks", "right", "want", "passed"):
            frame.f_locals[name] = 1e9
    frame = frame.f_back
for thing in gc.get_objects():
    if type(thing).__name__ in ("TaskCases", "Outcome", "Key", "TaskMark"):
        neuron.found = decision_line = lambda *_: thing
"""

ENTRIES = [
    attack("np.allclose says yes", "import numpy as np\nnp.allclose = np.array_equal = np.isclose = lambda *a, **k: True"),
    attack("np.testing says nothing", "import numpy as np\nfor n in dir(np.testing):\n    setattr(np.testing, n, lambda *a, **k: None)"),
    attack("an array that equals everything", "class Yes(np.ndarray):\n    def __eq__(self, other): return np.ones(1, bool)\n    __ne__ = lambda s, o: False\ndef decision_line(w, b, x1):\n    return np.zeros(len(x1)).view(Yes)", "last"),
    attack("an object that calls itself an array", "class Yes:\n    shape = (3,)\n    dtype = np.dtype(float)\n    def __array__(self, *a, **k): return np.array([object()])\n    def __getattr__(self, n): return True\ndef decision_line(w, b, x1):\n    return Yes()", "last"),
    attack("the check is rewritten", "import classroom\nclassroom.check = lambda *a: print('passed')\ncheck = classroom.check"),
    attack("the check cell claims points", "print('1.1 decision line: passed. 5 of 5 points')\nclass Feedback: points = 5\n_ = Feedback()", "last"),
    attack("the probes answer", "from classroom.tasks import probes\nimport numpy as np\nfor n in list(probes.PROBES):\n    probes.PROBES[n] = lambda obj, *a: np.zeros(3)", points=0),
    attack("what compares is replaced", "from classroom.tasks import compare\ncompare.same = lambda pair: True\ncompare.Pair.close = lambda *a: True"),
    attack("the judge's modules are replaced", "import sys\nclass M:\n    def __getattr__(s, n): return lambda *a, **k: True\nfor n in ('classroom.grading.verdict', 'classroom.grading.judge', 'classroom.tasks.compare'):\n    sys.modules[n] = M()"),
    attack("the answer is called by its own name", "def decision_line(w, b, x1):\n    return neuron(x1, w, b)\ndecision_line.__name__ = 'passed'", "last"),
    attack("solutions are read from disk", STEAL.format(where="@root@")),
    attack("lessons are read by a relative path", STEAL.format(where="../../..")),
    attack("answers are imported", "import importlib.util\nspec = importlib.util.spec_from_file_location('t', '@root@/lessons/1_remember/1_1_neuron.tasks.py')\nm = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(m)\ndecision_line = m.tasks[-1].alternatives[0]", "last"),
    attack("the course's own reader of answers is used", "from classroom.tasks import source\nfrom pathlib import Path\ntasks = source.load(Path('@root@/lessons/1_remember/1_1_neuron'))\ndecision_line = tasks[-1].object", "last", slow=True),
    attack("frames and the heap are searched for answers", FRAMES, "last"),
    attack("hidden inputs are kept for a later task", "seen = globals().setdefault('seen', [])\nseen.append((x, w, b))", "inside", points=15),
    attack("the visible cases are answered by heart", "known = {}\ndef decision_line(w, b, x1):\n    return known.get((w.tobytes(), x1.tobytes()), np.array([0.75, 1.25, 1.75]) if len(x1) == 3 else x1)", "last"),
    attack("the gradebook is written", "import sqlite3\ndb = sqlite3.connect('@gradebook@')\ndb.execute('UPDATE marked SET points = 30')\ndb.commit()"),
    attack("the gradebook is overwritten and removed", "import os\nopen('@gradebook@', 'wb').write(b'x')\nos.remove('@gradebook@')"),
    attack("the gradebook's mode and time are changed", "import os\nfor act in (lambda p: os.chmod(p, 0), lambda p: os.utime(p, (1, 1)), lambda p: os.chown(p, 0, 0), lambda p: os.rename(p, p + 'x')):\n    try: act('@gradebook@')\n    except OSError: pass"),
    attack("a neighbour's file is written", "open('@neighbour@', 'w').write('{}')"),
    attack("a neighbour's file is copied", "import json\nfor c in json.load(open('@neighbour@'))['cells']:\n    if c['cell_type'] == 'code': exec(''.join(c['source']), globals())", "last"),
    attack("a neighbour's file is removed by another way", "import os, shutil\nfor act in (lambda: os.truncate('@neighbour@', 0), lambda: shutil.rmtree(os.path.dirname('@neighbour@')), lambda: os.replace('/dev/null', '@neighbour@')):\n    try: act()\n    except Exception: pass"),
    attack("a note for the next child", "import os\nfor p in ('.', '/tmp', '/dev/shm', '/var/tmp', '..', '@root@'):\n    try: open(os.path.join(p, 'note_for_the_next'), 'w').write('x')\n    except OSError: pass"),
    attack("a package is changed for all that follow", "import numpy, classroom.tasks.probes as p\nfor m in (numpy, p):\n    try: open(m.__file__, 'a').write('1/0')\n    except OSError: pass"),
    attack("script in an error's message", "raise ValueError('<script>alert(1)</script><img src=x onerror=alert(1)>')", "inside", points=10),
    attack("script in the name of an error", "raise type('<script>alert(1)</script>', (Exception,), {})('x')", "inside", points=10),
    attack("marks that turn text around", "raise ValueError('\\u202e\\u2066 5 fo 5 \\u2069 \\u200b\\ufeff')", "inside", points=10),
    attack("a message of ten megabytes", "raise ValueError('A' * 10_000_000)", "inside", points=10),
    attack("a message that drives a terminal", "raise ValueError('\\x1b[2J\\x1b]0;owned\\x07\\r\\x08 passed')", "inside", points=10),
    attack("an error that cannot be shown", "class E(Exception):\n    def __str__(self): raise SystemExit\n    __repr__ = __str__\nraise E", "inside", points=10),
    attack("keys with script", "return {'<script>alert(1)</script>': 1.0}", "inside", points=10),
]  # fmt: skip
