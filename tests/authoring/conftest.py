"""A course of one small lesson in a temporary folder, for tests of the build."""

import textwrap

import pytest

LESSON = """
---
title: Add two numbers
lesson: "1.1"
level: remember
summary: the smallest lesson
objectives:
  - {id: 1.1a, level: remember, text: name a sum, past: named a sum}
terms: {sum: what adding gives}
claims: [C01]
---
# 1.1 Add two numbers

:::{objectives}
:::

:::{note}
A box with $x$.
:::

+++

:::{dropdown} More
Inside the fold.
:::

```{code-cell} ipython3
:tags: [predicted]
print(1 + 1)
```

```{code-cell} ipython3
from classroom import live, views

fig, ax = live.subplots()
ax.plot([0, 1])
views.show(fig, "A line from 0 to 1.")
```

```{code-cell} ipython3
verdict = {"claim": "C01", "verdict": "holds if the numbers are large", "borne_out": 1 + 1 == 2}
display({"text/plain": "settled"}, raw=True, metadata={"verdict": verdict})
```

:::{terms}
:::

:::{achieved}
:::
"""
EXERCISE = '''
---
title: Add two numbers
lesson: "1.1"
---
# Exercise: add two numbers

```{code-cell} ipython3
:tags: [given]
from classroom import check
```

Add them.

```{code-cell} ipython3
:task: 1.1 add
def add(a, b):
    """The sum of two numbers."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION
```

```{code-cell} ipython3
check("1.1 add", add)
```
'''
TASKS = """
from classroom.tasks.task import Misconception, Task


def cases(rng):
    yield 1.0, 2.0
    for _ in range(5):
        yield float(rng.normal()), float(rng.normal())


tasks = [
    Task(
        name="1.1 add", kind="recall", level="remember", objective="1.1a", minutes=1, difficulty=1, points=1,
        cases=cases,
        misconceptions=[
            Misconception("the second number is subtracted", lambda a, b: a - b, source="invented: sign"),
            Misconception("the numbers are multiplied", lambda a, b: a * b, source="invented: operator"),
            Misconception("the second number is left out", lambda a, b: a, source="invented: half of it"),
        ],
        hints=["Look at the sign.", "A sum adds."],
    )
]
"""
CLAIMS = """id,topic,kind,claim,stated_figures,caution
C01,sums,empirical,Sums are large,,depends on the numbers
"""
VERDICTS = """
- id: C01
  verdict: holds if the numbers are large
  because: 1 + 1 is 2.
"""


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "lessons" / "1_remember"
    folder.mkdir(parents=True)
    texts = {".md": LESSON, ".exercise.md": EXERCISE, ".tasks.py": TASKS, ".claims.yaml": VERDICTS}
    for ending, text in texts.items():
        (folder / f"1_1_add{ending}").write_text(textwrap.dedent(text).lstrip("\n"))
    (tmp_path / "lessons" / "claims.csv").write_text(CLAIMS)
    return tmp_path
