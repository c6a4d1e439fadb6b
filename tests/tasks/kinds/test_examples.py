"""Every kind works as an author would write it: proved by `verify`, over many draws, and read back from a file."""

import numpy as np
import pytest

from classroom.tasks import cases, check, examine, trial, verify
from classroom.tasks.kinds import lazy
from classroom.tasks.kinds.draws import draws
from classroom.tasks.kinds.patient import Patient
from classroom.tasks.task import KINDS, RULE_OF

ALL = [kind for kinds in KINDS.values() for kind in kinds]
DRAWS = 25


def test_there_is_an_example_of_every_kind_at_its_level(tasks):
    assert sorted(tasks) == sorted(ALL)
    assert all(task.kind in KINDS[task.level] for task in tasks.values())


@pytest.mark.parametrize("kind", ALL)
def test_verify_finds_nothing_to_mend(tasks, kind):
    report = verify.verify(tasks[kind])
    assert report.ok, report
    assert report.named == report.misconceptions >= 3


@pytest.mark.parametrize("kind", ALL)
def test_over_many_draws_no_lazy_strategy_scores_and_the_answer_always_does(tasks, kind):
    task, tried = tasks[kind], set()
    for seed in range(100, 100 + DRAWS):
        pack = cases.pack_one(task, seed)
        assert lazy.earning(pack, np.random.default_rng(seed)) == {}
        tried |= {name for name, _ in lazy.strategies(pack, np.random.default_rng(seed))}
        assert trial.judge(pack, pack.right).points >= 0.9 * task.points_by_check
        for wrong in pack.wrong:
            assert trial.judge(pack, wrong.outcomes).points == 0, wrong.when
    assert len(tried) >= 3, tried


@pytest.mark.parametrize("kind", sorted(RULE_OF))
def test_a_learner_receives_what_marking_needs_and_no_truth_in_words(tasks, kind, tmp_path):
    """From the file alone the feedback is the same; truths lie in it as codes."""
    task = tasks[kind]
    pack = cases.pack_one(task, 0)
    cases.save({task.name: pack}, tmp_path / "one.cases.npz")
    again = cases.read(tmp_path / "one.cases.npz")[task.name]
    assert cases.same({task.name: pack}, {task.name: again})
    for obj in (task.object, task.misconceptions[0].wrong):
        assert str(examine.examine(again, obj)) == str(examine.examine(pack, obj))
    assert all(value.dtype.kind in "biuf" for truth in again.truths for value in truth.values())


def test_the_answer_of_a_design_earns_what_a_machine_may_give(tasks):
    task = tasks["design"]
    feedback = examine.examine(cases.pack_one(task, 0), task.object)
    assert feedback.points == 60 and cases.pack_one(task, 0).rubric == 40


def test_a_learner_may_look_at_the_draws_before_she_writes_code(tasks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cases.save(cases.pack([tasks["locate"], tasks["discriminate"]], 0), tmp_path / "8_4_analyze.cases.npz")
    patients = draws("8.4 locate")
    assert len(patients) == 15 and all(isinstance(p, Patient) for p in patients)
    assert patients[0].measure("loss curve").shape == (10,) and "4 left" not in repr(patients[0])
    activations, gradient = draws("8.4 discriminate")[0]
    assert activations.shape == (80, 16) and gradient.shape == (16, 2)
    with pytest.raises(LookupError, match="did you mean"):
        draws("8.4 lokate")
    assert check.find("8.4 locate")[0].points == 4
