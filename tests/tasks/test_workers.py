"""Verifying in processes: what hangs or dies counts as caught, and what cannot be loaded is a report."""

import shutil

import pytest

from classroom.tasks import workers

from .conftest import EXAMPLES

EXERCISE = """---
title: Hangs
---

```{code-cell} ipython3
:task: 9.3 hangs

def steps(n):
    ### BEGIN SOLUTION
    import itertools
    found = 0
    for i in itertools.count():
        if i == n:
            break
        found = found + 1
    return found
    ### END SOLUTION
```

```{code-cell} ipython3
check("9.3 hangs", steps)
```
"""
TASKS = """
import os
from classroom.tasks import Misconception, Task

def cases(rng):
    for n in rng.integers(3, 9, 4):
        yield (int(n),)

def by_while(n):
    found = 0
    while found < n:
        found += 1
    return found

WRONG = [("one too many", lambda n: n + 1), ("the square", lambda n: n * n), ("the sign", lambda n: -n)]
tasks = [
    Task(
        name="9.3 hangs", kind="implement", level="apply", objective="9.3a", minutes=3, difficulty=1, points=1,
        cases=cases, alternatives=[by_while], hints=["Look.", "Count."],
        misconceptions=[Misconception(f"{when} comes back", wrong, "invented: a test") for when, wrong in WRONG],
    )
]
"""


@pytest.fixture
def lesson(tmp_path):
    (tmp_path / "9_3_hangs.exercise.md").write_text(EXERCISE, encoding="utf-8")
    (tmp_path / "9_3_hangs.tasks.py").write_text(TASKS, encoding="utf-8")
    return tmp_path / "9_3_hangs"


def test_endless_mutants_are_caught_softly_and_no_task_is_lost(lesson):
    found = list(workers.reports([lesson, EXAMPLES / "9_1_softmax"], jobs=2))
    assert sorted(r.task for r in found) == ["9.1 gradient", "9.1 softmax", "9.3 hangs"]
    hangs = next(r for r in found if r.task == "9.3 hangs")
    assert hangs.ok and hangs.killed == hangs.mutants > 8, hangs


def test_a_mutant_that_never_comes_back_to_python_is_caught(lesson, monkeypatch):
    """Nothing interrupts `sum(itertools.count())`: the worker is replaced, and goes on behind that mutant."""
    monkeypatch.setattr(workers, "SILENCE", 3.0)
    path = lesson.with_name("9_3_hangs.exercise.md")
    trap = "found = 0\n    if False:\n        sum(itertools.count())\n"
    path.write_text(path.read_text(encoding="utf-8").replace("found = 0\n", trap), encoding="utf-8")
    (report,) = workers.reports([lesson], jobs=1)
    assert report.survivors == ["without sum(itertools.count())"]
    assert report.killed == report.mutants - 1 > 8


def test_a_lesson_that_cannot_be_loaded_is_a_problem(lesson):
    path = lesson.with_name("9_3_hangs.tasks.py")
    path.write_text(TASKS.replace('kind="implement"', 'kind="locate"'), encoding="utf-8")
    (report,) = workers.reports([lesson])
    assert not report.ok and "does not assess the level 'apply'" in report.problems[0]


def test_a_task_that_takes_its_process_along_is_a_problem(lesson):
    path = lesson.with_name("9_3_hangs.tasks.py")
    path.write_text(TASKS.replace("lambda n: n * n", "lambda n: os._exit(1)"), encoding="utf-8")
    (report,) = workers.reports([lesson])
    assert not report.ok and "process ended" in report.problems[0]


def test_the_examples_hold_no_leftover(tmp_path):
    shutil.copy(EXAMPLES / "9_1_softmax.tasks.py", tmp_path)
    (report,) = workers.reports([tmp_path / "9_1_softmax"])
    assert "No such file" in report.problems[0]
