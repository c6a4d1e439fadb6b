"""A clinic for training programs: one line is changed, the symptom shows, measurements tell which line it was.

Read `program` (a healthy program as text, its faults, its repairs), `instruments` (what can be measured), `ward` (who
comes, and whether a repair helped), `rounds` (three patients by hand, for an explorer).
"""

from classroom.clinic.program import (
    FAULTS,
    FLAT,
    FOLK,
    NO_FAULT,
    QUIET,
    TOO_GOOD,
    UNSTABLE,
    faults,
    load,
    repairs,
    sick,
)
from classroom.clinic.rounds import Rounds
from classroom.clinic.ward import (
    BUDGET,
    COSTS,
    HONEST,
    INSTRUMENTS,
    PARTS,
    READS,
    admit,
    after,
    referred,
    signs,
    tables,
    well,
)

__all__ = [
    "BUDGET",
    "COSTS",
    "FAULTS",
    "FLAT",
    "FOLK",
    "HONEST",
    "INSTRUMENTS",
    "NO_FAULT",
    "PARTS",
    "QUIET",
    "READS",
    "TOO_GOOD",
    "UNSTABLE",
    "Rounds",
    "admit",
    "after",
    "faults",
    "load",
    "referred",
    "repairs",
    "sick",
    "signs",
    "tables",
    "well",
]
