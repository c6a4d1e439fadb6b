"""Who comes to the clinic: a sick program with its owner's table, examined, and run again after a repair.

The clinic keeps images that no program has seen. A program is well if it reads these (`READS`) and if the accuracy that
it reports is about the one that it has on them (`HONEST`). So a repair is judged by what it leads to, not by its text.
"""

from functools import cache

import numpy as np

from classroom import data
from classroom.clinic import instruments
from classroom.clinic.program import FAULTS, NO_FAULT, load, sick
from classroom.tasks.kinds.patient import NotPossible, Patient
from nnlib import Tensor

ROWS = 400  # of an owner's table: half to train on, half to judge on
NOISE = 3.0  # standard deviation of the scanner's noise, in ink dots (0 to 16)
READS, HONEST = 0.75, 0.075

INSTRUMENTS = {
    "first loss": instruments.first_loss,
    "loss curve": instruments.loss_curve,
    "scores": instruments.scores,
    "judged again": instruments.judged_again,
    "one batch": instruments.one_batch,
    "gradient norms": instruments.gradient_norms,
    "update ratios": instruments.update_ratios,
    "update direction": instruments.update_direction,
    "silent units": instruments.silent_units,
    "input range": instruments.input_range,
    "neighbours agree": instruments.neighbours_agree,
    "rows counted": instruments.rows_counted,
    "strongest input": instruments.strongest_input,
}

PARTS = {
    "loss curve": [f"{i}" for i in range(1, 11)],
    "scores": ["rows trained on", "reported"],
    "gradient norms": ["hidden layer", "output layer"],
    "update ratios": ["hidden layer", "output layer"],
    "input range": ["smallest", "largest"],
    "rows counted": ["trained on", "judged", "in both"],
}  # what the numbers of an instrument are, where it gives several
COSTS = {name: 1 for name in INSTRUMENTS} | {"scores": 0}  # a program prints its scores; all else has to be done
BUDGET = 3


@cache
def tables(seed: int, easy: bool = False):
    """The owner's images and labels, and those that the clinic keeps; an easy table holds zeros and ones alone."""
    whole, rng = data.digits(), np.random.default_rng([seed, ROWS])
    rows = rng.permutation(np.flatnonzero(whole.y < 2) if easy else len(whole.y))
    x = (whole.x[rows] + rng.normal(0, NOISE, (len(rows), 64))).astype(np.float32)
    n = min(ROWS, len(rows) // 2)
    return data.Split(x[:n], whole.y[rows[:n]]), data.Split(x[n:], whole.y[rows[n:]])


@cache
def ran(text: str, seed: int, easy: bool):
    """What the program of this text gave: its model, its losses, the accuracy that it reports."""
    with np.errstate(all="ignore"):  # some programs are meant to overflow
        return load(text).run(tables(seed, easy)[0], np.random.default_rng(seed))


@cache
def admit(fault: str, seed: int, easy: bool = False) -> dict:
    """All readings of a program with this fault, by instrument."""
    text = sick(fault, seed)
    examination = instruments.Examination(load(text), tables(seed, easy)[0], seed, ran(text, seed, easy))
    with np.errstate(all="ignore"):
        return {name: instrument(examination) for name, instrument in INSTRUMENTS.items()}


@cache
def after(fault: str, seed: int, repair: str = "", easy: bool = False) -> tuple[float, float]:
    """Run after this repair: the accuracy on images that only the clinic has, and the one that the program reports."""
    text, (_, kept) = sick(fault, seed, repair), tables(seed, easy)
    model, _, score = ran(text, seed, easy)
    x = load(text).features(data.Split(kept.x, np.zeros_like(kept.y)))  # nobody has labelled these yet
    mode = model.training
    model.eval()
    with np.errstate(all="ignore"):
        guesses = model(Tensor(x)).data.argmax(axis=1)
    model.train(mode)  # as the program left it: instruments may come later
    return float(np.mean(guesses == kept.y)), float(score)


def signs(readings: dict) -> dict[str, float]:
    """One or two numbers of each instrument, by name: what a table, a decision tree or a rule of thumb can use."""
    curve, (trained, judged, both) = readings["loss curve"], readings["rows counted"]
    return {
        "first loss": readings["first loss"],
        "last loss": curve[-1],
        "highest loss": curve.max(),
        "training accuracy": readings["scores"][0],
        "reported accuracy": readings["scores"][1],
        "judged again": readings["judged again"],
        "one batch": readings["one batch"],
        "gradient, hidden": readings["gradient norms"][0],
        "update ratio, hidden": readings["update ratios"][0],
        "update ratio, output": readings["update ratios"][1],
        "update direction": readings["update direction"],
        "silent units": readings["silent units"],
        "largest input": readings["input range"][1],
        "neighbours agree": readings["neighbours agree"],
        "judged rows trained on": both / judged,
        "trained rows per judged row": trained / judged,
        "strongest input": readings["strongest input"],
    }


class Referred(Patient):
    """A patient of whom only the clinic knows what it has; `retrain` runs its program again, after the repair.

    After the diagnosis `reveal` gives the line that was changed.
    """

    def __init__(self, fault: str, seed: int):
        super().__init__(admit(fault, seed), COSTS, BUDGET)
        self._run_again = lambda: after(fault, seed, self.remedy)
        self._has = fault

    def retrain(self) -> str:
        reads, reports = self._run_again()
        return (
            f"reads {reads:.1f} of new images, reports {reports:.1f}: {'well' if well(reads, reports) else 'not well'}"
        )

    def reveal(self) -> str:
        if not self.fault:
            raise NotPossible("Commit to a diagnosis before you look.")
        if self._has == NO_FAULT:
            return NO_FAULT
        changed = FAULTS[self._has]
        return f"{self._has}\nill:  {changed.sick.strip() or '(missing)'}\nwell: {changed.line.strip()}"


def referred(number: int) -> Referred:
    """Patient number so-and-so, of any ward, or without fault."""
    return Referred(np.random.default_rng(number).choice([*FAULTS, NO_FAULT]).item(), 100 + number)


def well(reads: float, reports: float) -> bool:
    """Does it read new images, and report about how well?"""
    return reads >= READS and abs(reports - reads) <= HONEST
