"""`check` and `hint` as a notebook calls them: records, files, nbgrader."""

import shutil
import sys

import nbformat
import pytest

from classroom import progress
from classroom.tasks import cases, running
from classroom.tasks import check as room
from classroom.tasks.check import check, hint

from .conftest import cell

STUB = 'def softmax(Z):\n    """Each row of Z as shares."""\n    raise NotImplementedError()'
RIGHT = "def softmax(Z):\n    e = np.exp(Z - Z.max(1, keepdims=True))\n    return e / e.sum(1, keepdims=True)"
NAME = "9.1 softmax"


def attempt(body):
    check(NAME, cell(body, "softmax"))


def test_the_attempt_is_stored_before_the_code_runs(desk, said, monkeypatch):
    seen = []
    monkeypatch.setattr(running, "run_all", lambda *_: seen.extend(progress.events("attempt", NAME)) or [])
    with pytest.raises(IndexError):  # no case has run: only the order matters here
        attempt(RIGHT)
    assert [event["source"] for event in seen] == [RIGHT]


def test_the_result_is_stored_with_the_misconception(desk, said):
    attempt("def softmax(Z):\n    e = np.exp(Z - Z.max())\n    return e / e.sum()")
    attempt(RIGHT)
    results = [e for e in progress.events("attempt", NAME) if "result" in e]
    assert [e["result"] for e in results] == ["not yet", "passed"]
    assert results[0]["misconceptions"] == ["the sum runs over the whole batch, not over each row"]
    assert said[-1].passed


def test_a_stub_is_no_attempt(desk, said):
    attempt(STUB)
    assert said[-1].state == "not attempted yet" and progress.events("attempt") == []


def test_hints_open_one_by_one_after_new_attempts(desk, said):
    hint(NAME)
    assert "0 of 3 hints open" in str(said[-1]) and "The first hint opens after an attempt" in str(said[-1])
    attempt(STUB)
    hint(NAME)
    assert "0 of 3" in str(said[-1])
    for number in (1, 2, 3):
        attempt(f"def softmax(Z):\n    return Z * {number}")
        hint(NAME)
        assert f"{number} of 3 hints open" in str(said[-1]) and f"Hint {number}. " in str(said[-1])
        attempt(f"def softmax(Z):\n    return Z * {number}  # the same again")
        hint(NAME)
        assert f"{number} of 3 hints open" in str(said[-1])
    assert "Hint 1. Look at one row alone." in str(said[-1])
    assert "`solutions/1_level/9_1_softmax.ipynb`" in str(said[-1])


def test_the_cases_are_found_beside_the_notebook_or_in_exercises(desk, said, monkeypatch, tmp_path):
    built = tmp_path / "exercises" / "9_level"
    built.mkdir(parents=True)
    shutil.move(desk / "9_1_softmax.cases.npz", built)
    attempt(RIGHT)
    assert said[-1].passed


def test_missing_cases_and_unknown_tasks_get_a_sentence(desk, said):
    check("9.3 other", len)
    assert "no file `9_3_*.cases.npz` beside this notebook" in str(said[-1])
    check("9.1 sofmax", len)
    assert "did you mean `9.1 softmax`?" in str(said[-1])
    hint("9.1 sofmax")
    assert "did you mean" in str(said[-1])
    assert progress.events() == []


def test_without_an_object_the_name_is_looked_up(desk, said, monkeypatch):
    check(NAME)
    assert "There is no `softmax` yet" in str(said[-1]) and progress.events() == []
    monkeypatch.setattr(sys.modules["__main__"], "softmax", cell(RIGHT, "softmax"), raising=False)
    check(NAME)
    assert said[-1].passed


@pytest.mark.parametrize("code", [STUB, "def softmax(Z):\n    return Z", "def softmax(Z):\n    return Q"])
def test_under_nbgrader_what_does_not_pass_raises_the_same_text(desk, said, monkeypatch, code):
    attempt(code)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(AssertionError) as raised:
        attempt(code)
    assert str(raised.value) == str(said[-1])
    attempt(RIGHT)
    assert said[-1].passed


def test_feedback_goes_to_the_notebook_as_text_and_html(desk):
    """In a kernel of its own: display data, line numbers of the cell, a stopped loop, and the cell after it."""
    from nbclient import NotebookClient

    cells = [
        "import numpy as np\nfrom classroom import check, hint",
        STUB,
        f'check("{NAME}", softmax)',
        "def softmax(Z):\n    while True:\n        pass",
        f'check("{NAME}", softmax); print("after")',
        "sum(i for i in range(100_000))",
        "def softmax(Z):\n    # a comment\n    return Z + q",
        f'check("{NAME}", softmax)',
    ]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(nb, timeout=60, resources={"metadata": {"path": str(desk)}}).execute()
    stub, loop, after, crash = (nb.cells[i].outputs for i in (2, 4, 5, 7))
    assert stub[0].data["text/plain"].startswith("○ 9.1 softmax: not attempted yet.")
    assert stub[0].data["text/html"].startswith("<div")
    shown = {key: value for output in loop for key, value in output.get("data", {}).items()}
    assert "stopped after 1 seconds" in shown["text/plain"] and any(o.get("text") == "after\n" for o in loop)
    assert after[0].data["text/plain"] == "4999950000"
    assert "Line 3 stops with an error: `return Z + q`" in crash[0].data["text/plain"]


def test_check_shows_by_display(desk, capsys):
    attempt(RIGHT)
    assert capsys.readouterr().out.startswith("✓ 9.1 softmax: passed.")
    assert room.find(NAME)[0].name == NAME


def test_the_first_attempt_at_labels_hears_only_how_many_fit(desk, said, packed):
    cases.save({k: v for k, v in packed.items() if k.startswith("9.2")}, desk / "9_2_many.cases.npz")
    first, second = (f'def parts():\n    return {{"A": "input", "B": "{b}", "C": "?"}}' for b in ("input", "sum"))
    for code, told in ((first, False), (first + "  # again", False), (second, True)):
        check("9.2 parts", cell(code, "parts"))
        assert "1 of 3 entries fit" in str(said[-1]) and ("`B`" in str(said[-1])) == told
