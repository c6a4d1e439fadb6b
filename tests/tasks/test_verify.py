"""The proof of a check can fail: each kind of bad task gives its problem."""

import itertools

import numpy as np
import pytest

from classroom.tasks import Misconception, cases, trial, verify


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


def test_a_task_needs_another_right_answer_and_it_must_pass(task, monkeypatch):
    assert "No other right answer is tried" in replaced(monkeypatch, task, alternatives=[])

    def of_columns(P, Y):
        return ((P - Y) / len(P)).sum(0)

    text = replaced(monkeypatch, task, alternatives=[of_columns])
    assert "The alternative `of_columns` does not pass its visible cases" in text


def test_a_mutant_that_passes_is_listed_until_its_reason_is_given(task, monkeypatch):
    """Square, symmetric cases hide a transpose; here all cases have one row, which hides the division by n."""

    def one_row(rng):
        for k in (2, 3, 4):
            yield rng.dirichlet(np.ones(k), 1), np.eye(k)[rng.integers(0, k, 1)]

    monkeypatch.setattr(task, "cases", one_row)
    few = {"misconceptions": task.misconceptions[1:], "alternatives": task.alternatives}
    text = replaced(monkeypatch, task, **few)
    assert "2 mutants pass: (P - Y) / len(P) → (P - Y) * len(P); (P - Y) / len(P) → P - Y." in text
    reasons = {"(P - Y) / len(P) → (P - Y) * len(P)": "n is 1", "(P - Y) / len(P) → P - Y": "n is 1"}
    monkeypatch.setattr(task, "equivalent", reasons)
    report = verify.verify(task)
    assert report.survivors == [] and report.equivalent == reasons and report.killed == report.mutants == 10


def test_an_equivalent_mutant_that_is_caught_or_unknown_is_a_problem(task, monkeypatch):
    reasons = {"P - Y → P + Y": "the sign is a matter of taste", "P → Q": "no such thing"}
    text = replaced(monkeypatch, task, equivalent=reasons)
    assert "'P - Y → P + Y' is called equivalent, but the check catches it" in text
    assert "speaks of mutants that do not exist: P → Q" in text


def test_results_learned_by_heart_are_found(task, monkeypatch):
    fixed = list(task.cases(np.random.default_rng(0)))
    text = replaced(monkeypatch, task, cases=lambda rng: fixed)
    assert "Results learned by heart pass" in text


def test_no_answer_hard_wired_to_the_visible_cases_passes_hidden_ones(tasks):
    """What teaching.md asks of every check, tried on every example whose cases have arguments."""
    tried = 0
    for task in tasks.values():
        visible, hidden = (cases.pack_one(task, seed) for seed in (0, 1))
        if any(visible.arguments):
            tried += 1
            assert not trial.judge(hidden, visible.right).passed, task.name
    assert tried >= 8


def test_an_answer_without_thought_that_earns_points_is_a_problem(task, monkeypatch):
    cases_ = list(task.cases(np.random.default_rng(0)))

    def grouped(rng):
        yield "the first"
        yield cases_[0]
        yield "the others"
        yield from task_cases(rng)

    task_cases = task.cases
    assert "Without thought, the first case's answer every time earns 1 of 2" in replaced(
        monkeypatch, task, cases=grouped
    )


def test_a_name_that_only_the_visible_cases_suggest_is_false(task, monkeypatch):
    """A mutant that gives the outputs of a misconception on the visible cases, and others on hidden ones."""
    from classroom.tasks import mutants

    real = mutants.mutants(task)
    lucky = mutants.Mutant("lucky", "def gradient(P, Y):\n    return P - Y + (0 if P[0, 0] in SEEN else P**2)")
    seen = {float(case[0][0, 0]) for case in cases.pack_one(task, 0).arguments}
    monkeypatch.setitem(trial._globals(task.object), "SEEN", seen)
    monkeypatch.setattr(mutants, "mutants", lambda *_: [*real, lucky])
    report = verify.verify(task)
    assert report.falsely_named == ["lucky"] and "Named by accident" in str(report)


@pytest.mark.parametrize("cut", range(4))
def test_a_run_that_a_busy_machine_cuts_off_names_nothing_falsely(task, monkeypatch, cut):
    named = verify.verify(task).mutants_named
    assert named, "else nothing is tried here"
    calls, put = itertools.count(), trial.put

    def put_on_a_busy_machine(pack, obj, seconds):
        short = seconds < pack.seconds and next(calls) % 4 == cut
        return trial.Verdict(False, 0, []) if short else put(pack, obj, seconds)

    monkeypatch.setattr(trial, "put", put_on_a_busy_machine)
    assert not verify.verify(task).falsely_named


def test_a_report_becomes_json_with_the_promised_keys(task):
    import json
    from dataclasses import asdict

    promised = {"task", "level", "objective", "cases", "misconceptions", "caught", "named"}
    promised |= {"mutants", "killed", "survivors"}
    found = json.loads(json.dumps(asdict(verify.verify(task))))
    assert promised <= set(found) and found["task"] == "9.1 gradient"
    assert "1 tasks, 0 not fine." in verify.sums([verify.verify(task)])
