"""The clinic: a fault is one line, makes its program ill on every seed, and is undone by its own repair."""

import numpy as np
import pytest

from classroom import clinic
from classroom.clinic.instruments import Examination
from classroom.clinic.program import PROGRAM
from classroom.tasks.kinds.patient import NotPossible

SEEDS = range(4)
WARDS = (clinic.FLAT, clinic.UNSTABLE, clinic.TOO_GOOD)
ILL = clinic.faults(*WARDS)
each_fault = pytest.mark.parametrize("fault", clinic.FAULTS)


def well(fault, seed, repair=""):
    return clinic.well(*clinic.after(fault, seed, repair))


@each_fault
def test_a_fault_is_one_place_of_the_program(fault):
    assert PROGRAM.count(clinic.FAULTS[fault].line) == 1
    assert (
        clinic.sick(fault, 0) != clinic.sick(clinic.NO_FAULT, 0) == clinic.sick(fault, 0, clinic.FAULTS[fault].repair)
    )


def test_there_are_at_least_twelve_faults_in_three_wards():
    assert len(ILL) >= 12 and all(len(clinic.faults(ward)) >= 4 for ward in WARDS)


@pytest.mark.parametrize("seed", range(8))
def test_without_a_fault_a_program_is_well(seed):
    assert well(clinic.NO_FAULT, seed)
    reads, reports = clinic.after(clinic.NO_FAULT, seed, easy=True)
    assert clinic.well(reads, reports) and reports > 0.97


@pytest.mark.parametrize("fault", ILL)
def test_with_a_fault_it_is_not_and_its_own_repair_cures_it(fault):
    assert not any(well(fault, seed) for seed in SEEDS)
    assert all(well(fault, seed, clinic.FAULTS[fault].repair) for seed in SEEDS)


def test_what_helps_is_not_what_was_wrong():
    """The lesson's case: at a hundredth of the rate the pile of gradients does no harm, until more epochs come."""
    assert all(well("gradients not reset", seed, "rate divided by 100") for seed in SEEDS)
    for seed in SEEDS:
        text = clinic.sick("gradients not reset", seed, "rate divided by 100").replace("range(20)", "range(200)")
        with np.errstate(all="ignore"):
            _, _, reports = clinic.load(text).run(clinic.tables(seed)[0], np.random.default_rng(seed))
        assert reports < clinic.READS


def test_instruments_leave_the_program_as_it_was():
    """All readings twice, in another order, are the same."""
    program, (table, _) = clinic.load(clinic.sick("gradients not reset", 1)), clinic.tables(1)
    first, again = (Examination(program, table, 1, program.run(table, np.random.default_rng(1))) for _ in range(2))
    there = {name: instrument(first) for name, instrument in clinic.INSTRUMENTS.items()}
    back = {name: instrument(again) for name, instrument in reversed(clinic.INSTRUMENTS.items())}
    assert all(np.array_equal(there[name], back[name]) for name in there)


def test_a_patient_is_treated_step_by_step_and_its_program_runs_again():
    patient = clinic.referred(60)
    with pytest.raises(NotPossible):
        patient.commit("labels out of step", "neighbours agree")
    patient.measure("scores")
    assert patient.left == clinic.BUDGET
    patient.measure("neighbours agree")
    patient.commit("labels out of step", "neighbours agree")
    assert "not well" in patient.retrain()
    patient.repair("shuffle images and labels together")
    assert patient.retrain().endswith(": well")
    assert patient.reveal().splitlines() == [
        "labels out of step",
        "ill:  x, y = features(table)[order], table.y",
        "well: x, y = features(table)[order], table.y[order]",
    ]


def test_nothing_is_revealed_before_the_diagnosis():
    healthy = clinic.ward.Referred(clinic.NO_FAULT, 0)
    with pytest.raises(NotPossible, match="diagnosis"):
        healthy.reveal()
    healthy.measure("scores")
    healthy.commit("no fault", "scores")
    assert healthy.reveal() == "no fault"


class Walk:
    """A learner on her rounds: flips the switches."""

    def __init__(self, rounds):
        self.rounds, self.flips = rounds, [False, False]

    def __call__(self, bed, instrument, name="not yet", measure=False, commit=False):
        self.flips = [old != new for old, new in zip(self.flips, (measure, commit), strict=True)]
        return self.rounds.visit(bed, instrument, name, *self.flips)


def test_choosing_costs_nothing_and_flipping_does():
    walk = Walk(clinic.Rounds(clinic.UNSTABLE, first_seed=51))
    assert walk(0, "loss curve")[0] is not None
    for name in clinic.INSTRUMENTS:  # as the arrow keys pass them
        assert "2 of 2" in walk(0, name)[1]
    assert walk(0, "first loss", measure=True)[0] is not None
    assert walk(0, "first loss", measure=True)[1].endswith("1 of 2 instruments left.")
    assert walk(0, "one batch", measure=True)[0] is not None
    assert walk(0, "judged again", measure=True)[0] is None
    assert walk(1, "first loss") == (None, "Bed 2, first loss (not measured); 2 of 2 instruments left.")


def test_a_wrong_name_sends_all_home():
    walk = Walk(clinic.Rounds(clinic.UNSTABLE, first_seed=51))
    rounds, was = walk.rounds, list(walk.rounds.patients)
    for name in rounds.names:
        walk(0, "loss curve", name)
    assert not any(rounds.known) and rounds.patients == was, "walking along the names is no diagnosis"
    assert walk(0, "loss curve", was[0], commit=True)[1].startswith("Right.")
    wrong = next(name for name in rounds.names if name not in was)
    assert walk(1, "loss curve", wrong, commit=True)[1].startswith(f"Not {wrong}: it was {was[1]}.")
    assert rounds.patients != was and not any(rounds.known)


def test_rounds_are_done_when_all_three_are_named():
    walk = Walk(clinic.Rounds(clinic.FLAT, first_seed=3))
    for bed, name in enumerate(walk.rounds.patients):
        assert not walk.rounds.done
        walk(bed, "loss curve", name, commit=True)
    assert walk.rounds.done
