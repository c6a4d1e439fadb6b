"""Referee: reports, half of them sound. Verdict, decisive flaw, cheapest further measurement, confidence.

Marked by hits minus false alarms, and by the Brier score of the confidence (Brier, 1950).
"""

import numpy as np

from classroom.tasks.arrays import Unusable
from classroom.tasks.kinds.marking import Mark, Sheet, enough, number, rule, word

LEAST = 12  # reports of each verdict
VERDICTS = ("sound", "flawed")
NONE = "none"
PARTS = {"verdicts": 0.6, "measurements": 0.15, "confidence": 0.25}  # of the points


@rule
def referee(sheet: Sheet, flaws, measurements, need=0.6) -> Mark:
    """Points if hits minus false alarms reach `need`: by these, by the measurements, and by the confidence.

    A hit is a flawed report that is called flawed for its decisive flaw; a false alarm a sound one called flawed. Each
    answer is a dict of verdict (sound, flawed), flaw (one of `flaws`, or none), measurement (one of `measurements`, or
    none) and confidence (the probability, 0 to 1, that verdict and flaw are right); each truth `flaw=`, `measurement=`.
    """
    flaws, measurements = (*flaws, NONE), (*measurements, NONE)
    truths = [word(t, "flaw", flaws) for t in sheet.truths]
    flawed = np.array([t != NONE for t in truths])
    enough(["flawed" if f else "sound" for f in flawed], LEAST)
    rejected = np.array([word(a, "verdict", VERDICTS) == "flawed" for a in sheet.answers])
    same_flaw = np.array([word(a, "flaw", flaws) == t for a, t in zip(sheet.answers, truths, strict=True)])
    hits, alarms = flawed & rejected & same_flaw, ~flawed & rejected
    right = np.where(flawed, hits, ~rejected)
    gain = float(hits.sum() / flawed.sum() - alarms.sum() / (~flawed).sum())
    named = [word(a, "measurement", measurements) for a in sheet.answers]
    wanted = [word(t, "measurement", measurements) for t in sheet.truths]
    measured = hits & np.array([n == w for n, w in zip(named, wanted, strict=True)])
    skill = _skill(np.array([_probability(a) for a in sheet.answers]), right)
    parts = {"verdicts": gain, "measurements": measured.sum() / flawed.sum(), "confidence": skill}
    share = sum(PARTS[name] * part for name, part in parts.items())
    fits = (
        f"{hits.sum()} of {flawed.sum()} flawed reports caught, {alarms.sum()} of {(~flawed).sum()} sound ones blamed."
    )
    if gain >= need:
        return Mark(share, True, f"{fits} The cheapest measurement fits in {measured.sum()}; confidence: {skill:.0%}.")
    return Mark(0.0, False, fits, _next(rejected & flawed & ~same_flaw, alarms))


def _skill(confidence, right):
    """How much better than always saying one half: 1 if every confidence is borne out, 0 if it is no better."""
    brier = np.mean((confidence - right) ** 2)
    return float(np.clip(1 - brier / 0.25, 0, 1))


def _probability(answer):
    value = number(answer, "confidence")
    if not 0 <= value <= 1:
        raise Unusable(f"Your `confidence` is {value:g} in some case; a probability from 0 to 1 is expected.")
    return value


def _next(other_flaw, alarms):
    """The one thing that would gain most."""
    if alarms.sum() > len(alarms) / 6:
        return "Sound reports are blamed. What would have to be in a report so that its conclusion does not follow?"
    if other_flaw.sum() > len(alarms) / 12:
        return "Some are rejected for another flaw than the one that decides. Mended, would the conclusion then stand?"
    return "Flawed reports pass. Which number of the report can be worked out again from the others?"
