"""Three patients of a ward, examined by hand: three instruments for each, one name for each, no second guess."""

import numpy as np

from classroom.clinic.program import NO_FAULT, faults
from classroom.clinic.ward import admit

BEDS, ALLOWED = 3, 3  # instruments a bed
OPEN = "not yet"


class Rounds:
    """What has been measured and named in each bed. A wrong name sends all home, and three others come.

    `visit(bed, instrument, name)` gives the reading, or None if no instrument is left, and one sentence. A name counts
    when it changes: so walking on to another bed names nothing.
    """

    def __init__(self, *wards: str, first_seed: int = 50):
        self.names, self.seed, self.said = (*faults(*wards), NO_FAULT), first_seed, OPEN
        self.done = False
        self._admit()

    def _admit(self):
        drawn = np.random.default_rng(self.seed).permutation(len(self.names))[:BEDS]
        self.patients = [self.names[i] for i in drawn]
        self.used, self.known = [[] for _ in drawn], [False] * BEDS

    def visit(self, bed: int, instrument: str, name: str):
        """Put the instrument on the patient in this bed; a name that differs from the last one is the diagnosis."""
        verdict = self._name(bed, name) if name not in (self.said, OPEN) and not self.known[bed] else ""
        self.said = name
        used = self.used[bed]
        if instrument not in used and len(used) < ALLOWED and not self.known[bed]:
            used.append(instrument)
        reading = admit(self.patients[bed], self.seed)[instrument] if instrument in used else None
        left = f"{ALLOWED - len(used)} of {ALLOWED} instruments left"
        state = f"named: {self.patients[bed]}" if self.known[bed] else left
        return reading, f"{verdict}Bed {bed + 1}, {instrument}; {state}."

    def _name(self, bed, name):
        if name == self.patients[bed] and self.used[bed]:
            self.known[bed] = True
            self.done = all(self.known)
            return "Right. "
        self.seed += 1
        self._admit()
        return "Not what it was. Three others have come. "
