"""Kinds of task that have no single right output. Read the files in this order:

`marking` the idea: cases with a truth, a rule from answers and truths to points · `record` answers in words, numbers
and arrays · `decide` verdicts on hidden worlds · `referee` reports, half of them sound · `separate` an experiment that
tells two mechanisms apart · `counterexample` an input on which a claim fails · `patient` and `locate` faults under a
budget · `design` a brief that is checked against its numbers, `power_cut` a training that is stopped and called again,
with its variables as at first (`forgetting`) · `lazy` what a lazy mind would hand in, which must not score · `draws`
what a lesson shows of a task's visible cases.

All other kinds (recall, match, label, order, trace, predict, explain; complete, implement, run, adapt; attribute) are
compared with the right answer's outputs; what a dict got wrong entry by entry is told by `entries`.
"""

from classroom.tasks.kinds import counterexample, decide, design, locate, power_cut, referee, separate
from classroom.tasks.kinds.marking import RULES, Case, Marking

__all__ = [
    "RULES",
    "Case",
    "Marking",
    "counterexample",
    "decide",
    "design",
    "locate",
    "power_cut",
    "referee",
    "separate",
]
