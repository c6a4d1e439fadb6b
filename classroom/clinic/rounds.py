"""Three patients of a ward, examined by hand: their loss curves are known, two instruments more each, one name each."""

import numpy as np

from classroom.clinic.program import NO_FAULT, faults
from classroom.clinic.ward import admit

BEDS, ALLOWED = 3, 2  # instruments a bed
KNOWN = "loss curve"  # patients bring it along
OPEN = "not yet"


class Rounds:
    """What has been measured and named in each bed. A wrong name sends all home, and three others come.

    Choosing costs nothing, so that keys may walk along the choices: `measure` and `commit` act when they are flipped.
    """

    def __init__(self, *wards: str, first_seed: int = 50):
        self.names, self.seed = (*faults(*wards), NO_FAULT), first_seed
        self.flips, self.done = (False, False), False
        self._admit()

    def _admit(self):
        drawn = np.random.default_rng(self.seed).permutation(len(self.names))[:BEDS]
        self.patients = [self.names[i] for i in drawn]
        self.used, self.known = [[KNOWN] for _ in drawn], [False] * BEDS

    def visit(self, bed: int, instrument: str, name: str, measure: bool, commit: bool):
        """The reading of this instrument on the patient in this bed, or None if it was not measured; one sentence."""
        flipped = [now != before for now, before in zip((measure, commit), self.flips, strict=True)]
        self.flips = measure, commit
        if flipped[0] and instrument not in self.used[bed] and self._left(bed):
            self.used[bed].append(instrument)
        verdict = self._name(bed, name) if flipped[1] and name != OPEN and not self.known[bed] else ""
        measured = instrument in self.used[bed]
        state = (
            f"named: {self.patients[bed]}" if self.known[bed] else f"{self._left(bed)} of {ALLOWED} instruments left"
        )
        reading = admit(self.patients[bed], self.seed)[instrument] if measured else None
        return reading, f"{verdict}Bed {bed + 1}, {instrument}{'' if measured else ' (not measured)'}; {state}."

    def _left(self, bed):
        return ALLOWED + 1 - len(self.used[bed])

    def _name(self, bed, name):
        if name == self.patients[bed]:
            self.known[bed] = True
            self.done = all(self.known)
            return "Right. "
        was, self.seed = self.patients[bed], self.seed + 1
        self._admit()
        return f"Not {name}: it was {was}. Three others have come. "
