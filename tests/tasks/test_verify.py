"""The proof of a check can fail: each kind of bad task gives its problem."""

import numpy as np
import pytest

from classroom.tasks import Misconception, verify


@pytest.fixture
def task(tasks, monkeypatch):
    """The gradient task, whose parts a test may replace."""
    return tasks["9.1 gradient"]


def replaced(monkeypatch, task, **fields):
    for name, value in fields.items():
        monkeypatch.setattr(task, name, value)
    return str(verify.verify(task))


def added(task, when, wrong):
    return [*task.misconceptions, Misconception(when, wrong, "invented: a test")]


def test_all_example_tasks_are_fine(tasks):
    for task in tasks.values():
        report = verify.verify(task)
        assert report.ok and not report.notes, report
        assert report.caught == report.named == report.misconceptions > 0 and report.alternatives > 0
        assert report.mutants == report.killed > 0 and not report.falsely_named


def test_a_misconception_that_passes(task, monkeypatch):
    same = added(task, "it is right", lambda P, Y: (P - Y) / P.shape[0])
    assert "Not caught: 'it is right' passes every case" in replaced(monkeypatch, task, misconceptions=same)


def test_a_misconception_that_only_luck_tells_apart(task, monkeypatch):
    def lucky(P, Y):
        return (P - Y) / len(P) * (1 + (P[0, 0] > 0.9))

    text = replaced(monkeypatch, task, misconceptions=added(task, "the first is large", lucky))
    assert "Only luck tells 'the first is large' from the answer" in text


def test_a_difference_near_the_tolerance(task, monkeypatch):
    close = added(task, "a digit is lost", lambda P, Y: (P - Y) / len(P) * (1 + 3e-6))
    assert "Only luck tells 'a digit is lost'" in replaced(monkeypatch, task, misconceptions=close)


def test_two_misconceptions_that_are_always_or_sometimes_alike(task, monkeypatch):
    alike = added(task, "the batch is one row", lambda P, Y: np.array(P) - Y)
    assert "note: Always the same outputs" in replaced(monkeypatch, task, misconceptions=alike)

    def sometimes(P, Y):
        return (P - Y) * (1 if P[0, 0] < 0.5 else 2)

    text = replaced(monkeypatch, task, misconceptions=task.misconceptions[:3] + added(task, "x", sometimes)[-1:])
    assert "The same outputs by accident, on some seeds" in text


def test_an_answer_that_changes_its_argument(task, monkeypatch):
    def changing(P, Y):
        P -= Y
        return P / len(P)

    assert "passes with a remark" in replaced(monkeypatch, task, object=changing)


def test_an_answer_that_is_not_the_same_twice(task, monkeypatch):
    rng = np.random.default_rng(0)
    assert "does not pass its visible cases" in replaced(monkeypatch, task, object=lambda P, Y: rng.normal(size=3))


def test_a_tolerance_too_narrow_for_float32(task, monkeypatch):
    text = replaced(monkeypatch, task, tolerance=1e-12, object=lambda P, Y: 1e6 * (P - Y))
    assert "rounded to float32 does not pass" in text


def test_a_stub_that_is_not_recognised(task, monkeypatch):
    stub = "def gradient(P, Y):\n    return P"
    monkeypatch.setattr(verify.cases, "fingerprint", lambda source: "another")
    assert "The untouched stub is answered with 'not yet'" in replaced(monkeypatch, task, stub=stub)
