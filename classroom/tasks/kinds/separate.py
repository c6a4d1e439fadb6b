"""Discriminate: an experiment that returns one number, which must separate two mechanisms on hidden runs."""

import numpy as np

from classroom.tasks.kinds.marking import Mark, Sheet, enough, number, rule, word

LEAST = 10  # runs of each mechanism


@rule
def separate(sheet: Sheet, words, need=0.95) -> Mark:
    """All points if the AUC reaches `need`. `words` are the two mechanisms; the second must get the larger numbers.

    The AUC is the share of pairs, one run of each mechanism, in which the second has the larger number; equal ones
    count one half (Hanley & McNeil, 1982). Each truth is `mechanism=word`.
    """
    values = np.array([number(a, "") for a in sheet.answers])
    truths = [word(t, "mechanism", words) for t in sheet.truths]
    enough(truths, LEAST)
    second = np.array([t == words[1] for t in truths])
    area = auc(values[second], values[~second])
    fits = f"Its AUC is {area:.2f}; {need:g} is asked."
    return Mark(float(area >= need), bool(area >= need), fits, _next(area, need, values, words))


def auc(larger: np.ndarray, smaller: np.ndarray) -> float:
    """The share of pairs in which the value from `larger` exceeds that from `smaller`; ties count one half."""
    gaps = np.sign(larger[:, None] - smaller[None, :])
    return float(np.mean(gaps + 1) / 2)


def _next(area, need, values, words):
    if area >= need:
        return ""
    if len(set(values.tolist())) == 1:
        return "It is the same for every run. What differs inside the network under the one mechanism and the other?"
    if area <= 1 - need:
        return f"It separates them the other way round: “{words[1]}” should get the larger numbers."
    return "Which measurement would come out differently if the cause were the one, and not the other?"
