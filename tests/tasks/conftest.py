"""Small lessons in a temporary folder, and learners' cells that are defined as a kernel would define them."""

import itertools
import textwrap

import pytest

from classroom import paths
from classroom.tasks import cases, source

SOFTMAX_TASKS = """
import numpy as np
from classroom.tasks.task import Misconception, Task

def softmax_cases(rng):
    yield (np.array([[0.0, 1.0, 2.0]]),)
    yield (np.array([[1000.0, 0.0], [-1000.0, 1.0], [3.0, 3.5]]),)
    for n, k in ((4, 3), (2, 5)):
        yield (rng.normal(0, 3, (n, k)),)

def over_all(Z):
    e = np.exp(Z - Z.max())
    return e / e.sum()

def over_columns(Z):
    e = np.exp(Z - Z.max(0))
    return e / e.sum(0)

def overflow(Z):
    return np.exp(Z) / np.exp(Z).sum(1, keepdims=True)

def gradient_cases(rng):
    for n, k in ((3, 2), (4, 3), (5, 6)):
        P = rng.dirichlet(np.ones(k), n)
        yield P, np.eye(k)[rng.integers(0, k, n)]

tasks = [
    Task(
        name="9.1 softmax", kind="implement", level="apply", objective="9.1a", minutes=5, difficulty=2, points=2,
        cases=softmax_cases,
        misconceptions=[
            Misconception("the sum runs over the whole batch, not over each row", over_all, "observed: a test"),
            Misconception("the sum runs down the columns, not along each row", over_columns, "observed: a test"),
            Misconception("exp meets large numbers, since the largest logit is not subtracted first", overflow, "observed: a test"),
        ],
        hints=["Look at one row alone.", "Subtract the largest entry of each row first.", "Row [0, 0]: [0.5, 0.5]."],
        seconds=2,
    ),
    Task(
        name="9.1 gradient", kind="implement", level="apply", objective="9.1b", minutes=5, difficulty=3, points=2,
        cases=gradient_cases,
        misconceptions=[
            Misconception("the sum over the rows is not divided by n", lambda P, Y: P - Y, "literature: a test"),
            Misconception("the gradient is taken by P in place of the logits", lambda P, Y: -Y / P / len(P), "forum: a test"),
            Misconception("the slope of a sigmoid is multiplied in", lambda P, Y: (P - Y) * P * (1 - P) / len(P), "invented: a test"),
        ],
        hints=["Look at the formula.", "The loss is a mean."],
    ),
]
"""

SOFTMAX_EXERCISE = '''\
---
title: Softmax
lesson: "9.1"
---

# Exercise

```{code-cell} ipython3
:tags: [given]

import numpy as np
from classroom import check
```

```{code-cell} ipython3
:task: 9.1 softmax

def softmax(Z):
    """Each row of Z as shares."""
    ### BEGIN SOLUTION
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION
```

```{code-cell} ipython3
check("9.1 softmax", softmax)
```

```{code-cell} ipython3
:task: 9.1 gradient

def gradient(P, Y):
    ### BEGIN SOLUTION
    return (P - Y) / len(P)
    ### END SOLUTION
```

```{code-cell} ipython3
check("9.1 gradient", gradient)
```
'''

MANY_TASKS = """
import numpy as np
from classroom.tasks.task import Misconception, Task

COMMON = dict(minutes=3, difficulty=1, points=1, hints=["Look above.", "Think of the order."], few_because="a test")

def batches_answer(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]

def rest_lost(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size)]

def fresh_draws(n, batch_size, rng):
    return [rng.integers(0, n, min(batch_size, n - i)) for i in range(0, n, batch_size)]

def not_mixed(n, batch_size, rng):
    return [np.arange(n)[i : i + batch_size] for i in range(0, n, batch_size)]

def two_orders(x, y, batch_size, rng):
    a, b = rng.permutation(len(x)), rng.permutation(len(x))
    for i in range(0, len(x), batch_size):
        yield x[a[i : i + batch_size]], y[b[i : i + batch_size]]

def batch_cases(rng):
    yield 20, 6, 1
    yield 17, 5, 2
    yield 24, 24, 3

def no_reset(model, x, y, steps, rate):
    from nnlib import functional as F
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
        losses.append(float(loss.data))
    return losses

def training_cases(rng):
    for seed in (1, 2):
        yield [2, 4, 3], seed, rng.normal(size=(7, 2)).astype(np.float32), np.arange(7) % 3, 4, 0.5

class Uncounted:
    def __init__(self, w):
        self.w, self.seen = w, 0
    def forward(self, x):
        return x @ self.w

def class_cases(rng):
    for n in (2, 3):
        yield [rng.normal(size=n)], [["forward", rng.normal(size=(4, n))], ["forward", rng.normal(size=(2, n))]], ["seen"]

WORDS = {"A": "input", "B": "weight", "C": "weighted sum"}
STEPS = ["forward", "loss", "zero grad", "backward", "update"]

tasks = [
    Task(name="9.2 batches", kind="implement", level="apply", objective="9.2a", cases=batch_cases, probe="batches", misconceptions=[
        Misconception("the rows behind the last full batch are left out", rest_lost, "observed: a test"),
        Misconception("every batch draws from all rows anew", fresh_draws, "observed: a test"),
        Misconception("the rows are never mixed", not_mixed, "observed: a test")], **COMMON),
    Task(name="9.2 pairs", kind="implement", level="apply", objective="9.2a", cases=batch_cases, probe="pairs", misconceptions=[
        Misconception("x and y are put in two different orders", two_orders, "observed: a test")], **COMMON),
    Task(name="9.2 parts", kind="label", level="remember", objective="9.2a", cases=lambda rng: iter([()]), probe="labels",
        misconceptions=[
        Misconception("what comes in and what multiplies it change places", lambda: {**WORDS, "A": "weight", "B": "input"}, "observed: a test"),
        Misconception("the sum is taken for what the curve makes of it", lambda: {**WORDS, "C": "activation"}, "observed: a test")], **COMMON),
    Task(name="9.2 loop", kind="order", level="remember", objective="9.2a", cases=lambda rng: iter([()]), probe="order",
        misconceptions=[
        Misconception("old gradients are removed after the new ones arrive", lambda: ["forward", "loss", "backward", "zero grad", "update"], "observed: a test")],
        **COMMON),
    Task(name="9.2 neuron", kind="implement", level="apply", objective="9.2a", cases=class_cases, probe="instance", misconceptions=[
        Misconception("the calls are not counted", Uncounted, "observed: a test")], **COMMON),
    Task(name="9.2 train", kind="implement", level="apply", objective="9.2a", cases=training_cases, probe="training", tolerance=1e-3,
        misconceptions=[Misconception("the gradient is not reset between steps", no_reset, "forum: a test")], **COMMON),
]
"""


def _cell(name, stub, answer, obj, after=""):
    begin = "    " * (2 if stub.startswith("class") else 1)
    indented = textwrap.indent(textwrap.dedent(answer).strip(), begin)
    return (
        f"```{{code-cell}} ipython3\n:task: {name}\n\n{stub}\n{begin}### BEGIN SOLUTION\n{indented}\n{begin}### END SOLUTION\n"
        f'{after}```\n\n```{{code-cell}} ipython3\ncheck("{name}", {obj})\n```\n\n'
    )


MANY_EXERCISE = (
    '---\ntitle: Many\nlesson: "9.2"\n---\n\n# Exercise\n\n'
    "```{code-cell} ipython3\n:tags: [given]\n\nimport numpy as np\nfrom classroom import check\n"
    "from nnlib import functional as F\n```\n\n"
    + _cell(
        "9.2 batches",
        "def batches(n, batch_size, rng):",
        "order = rng.permutation(n)\nfor i in range(0, n, batch_size):\n    yield order[i : i + batch_size]",
        "batches",
    )
    + _cell(
        "9.2 pairs",
        "def pairs(x, y, batch_size, rng):",
        "for rows in batches(len(x), batch_size, rng):\n    yield x[rows], y[rows]",
        "pairs",
    )
    + _cell(
        "9.2 parts",
        'def parts():\n    names = {"A": "?", "B": "?", "C": "?"}',
        'names = {"A": "Input", "B": "weight", "C": "weighted-sum"}',
        "parts",
        "    return names\n",
    )
    + _cell("9.2 loop", "def loop():", 'return ["forward", "loss", "zero grad", "backward", "update"]', "loop")
    + _cell(
        "9.2 neuron",
        "class Counting:\n    def __init__(self, w):\n        self.w, self.seen = w, 0\n\n    def forward(self, x):",
        "self.seen += len(x)\nreturn x @ self.w",
        "Counting",
    )
    + _cell(
        "9.2 train",
        "def train(model, x, y, steps, rate):",
        """
        losses = []
        for _ in range(steps):
            for p in model.parameters():
                p.grad = None
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            for p in model.parameters():
                p.data -= rate * p.grad
            losses.append(float(loss.data))
        return losses
        """,
        "train",
    )
)


@pytest.fixture(scope="session")
def lessons(tmp_path_factory):
    """The stems of two lessons: 9.1 (softmax and a gradient) and 9.2 (one task for each probe)."""
    folder = tmp_path_factory.mktemp("lessons")
    for stem, tasks, exercise in (
        ("9_1_softmax", SOFTMAX_TASKS, SOFTMAX_EXERCISE),
        ("9_2_many", MANY_TASKS, MANY_EXERCISE),
    ):
        (folder / f"{stem}.tasks.py").write_text(tasks, encoding="utf-8")
        (folder / f"{stem}.exercise.md").write_text(exercise, encoding="utf-8")
    return {"9.1": folder / "9_1_softmax", "9.2": folder / "9_2_many"}


@pytest.fixture(scope="session")
def tasks(lessons):
    """All loaded tasks by name."""
    return {task.name: task for stem in lessons.values() for task in source.load(stem)}


@pytest.fixture(scope="session")
def packed(tasks):
    """The cases of all tasks by name."""
    return cases.pack(tasks.values(), seed=1)


@pytest.fixture
def learner(tmp_path, monkeypatch):
    """A learner's own progress folder and an empty working folder."""
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path / "progress"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(paths, "EXERCISES", tmp_path / "nothing here")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


_cells = itertools.count(1)


def cell(code, name):
    """The object `name` that a notebook cell with `code` defines."""
    namespace = {"__name__": "__main__"}
    source.define("import numpy as np", "<ipykernel imports>", namespace)
    source.define(textwrap.dedent(code).strip("\n"), f"/tmp/ipykernel_1/{next(_cells)}.py", namespace)
    return namespace[name]
