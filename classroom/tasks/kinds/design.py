"""Design: a brief as fields, checked against code and log, every number worked out again, scored against a baseline.

The machine gives at most 60 of 100 points; a rubric with anchor texts serves a person for the rest.
"""

from copy import deepcopy

import numpy as np

from classroom.tasks.arrays import Unusable
from classroom.tasks.kinds.marking import Mark, Sheet, number, part, rule, word

Z = 1.96  # a 95 % interval
FULL = 0.5  # of the machine's points for beating the baseline at all; the rest grows with the gain
# How a number of the brief is worked out again from what else the answer returned.
WAYS = {"size of": np.size, "length of": len, "last of": lambda a: a[-1], "best of": np.max, "least of": np.min}


@rule
def design(sheet: Sheet, fields, words=None, forward="", tolerance=1e-3) -> Mark:
    """Points for a design whose interval lies above the baseline, if its brief is true and within the budget.

    The answer returns a dict of `brief` (numbers and words), `predictions` on the test inputs, and what the brief is
    checked against, for example `log` and `weights`. `fields` says how each number of the brief is worked out again
    ({"parameters": "size of weights", "epochs": "length of log loss"}); `words` gives for each word of the brief those
    to choose from. `forward` names a function of a given cell, `forward(weights, *arguments)`, that gives the
    predictions again. Each truth is `y=`, the test labels or values, `baseline=`, the baseline's predictions,
    `budget=`, the most that fields may be, and `reference=`, the gain that earns all points. The gain is the mean over
    the test examples of correct (or of minus the squared error) over the baseline's, with its paired 95 % interval.
    """
    gains = []
    for answer, truth, arguments in zip(sheet.answers, sheet.truths, sheet.arguments, strict=True):
        problem = _untrue(answer, fields, tolerance) or _beyond(answer, truth) or _unfilled(answer, words or {})
        if not problem and forward:
            problem = _other_predictions(sheet.functions[forward], answer, arguments)
        if problem:
            return Mark(0.0, False, "The brief does not hold yet.", problem)
        gains.append(_gain(_predictions(answer), truth))
    low = [g - half for g, half, _ in gains]
    shares = [0.0 if lo <= 0 else FULL + (1 - FULL) * min(1.0, g / r) for lo, (g, _, r) in zip(low, gains, strict=True)]
    gain, half, _ = min(gains, key=lambda found: found[0] - found[1])
    weakest = f" in the weakest of {len(gains)} draws" * (len(gains) > 1)
    fits = f"The brief holds. Gain over the baseline{weakest}: {gain - half:.3f} to {gain + half:.3f} (95 %)."
    passed = min(low) > 0
    said = "" if passed else "The interval reaches down to the baseline. What does the baseline not see in these data?"
    return Mark(float(np.mean(shares)) if passed else 0.0, passed, fits, said)


def _untrue(answer, fields, tolerance):
    for name, way in fields.items():
        how = next(w for w in WAYS if way.startswith(f"{w} "))
        claimed, row = number(answer, f"brief {name}"), part(answer, way.removeprefix(f"{how} "))
        found = float(WAYS[how](row)) if row.size else np.nan
        if not abs(claimed - found) <= tolerance * max(1.0, abs(found)):
            return f"The brief says {name} {claimed:g}; the {way} gives {found:g}."
    return ""


def _beyond(answer, truth):
    for name in (key.removeprefix("budget ") for key in truth if key.startswith("budget ")):
        claimed, most = number(answer, f"brief {name}"), number(truth, f"budget {name}")
        if claimed > most:
            return f"The brief has {name} {claimed:g}; the budget allows {most:g}."
    return ""


def _unfilled(answer, words):
    empty = [name for name, known in words.items() if not word(answer, f"brief {name}", known)]
    return f"Not filled in yet in the brief: {', '.join(f'`{name}`' for name in empty)}." if empty else ""


def _other_predictions(forward, answer, arguments):
    weights = [v.copy() for k, v in answer.items() if k == "weights" or k.startswith("weights ")]
    try:
        again = np.asarray(forward(weights, *deepcopy(arguments)))
    except Exception as problem:
        raise Unusable(f"From these weights no predictions can be worked out: {problem}") from None
    given = _predictions(answer)
    if again.shape != given.shape or not np.allclose(again, given, 1e-3, 1e-3):
        return "From your weights other predictions follow than those that you return."
    return ""


def _predictions(answer):
    if "predictions" not in answer:
        raise Unusable("The key `predictions` is missing in what your function returned.")
    return answer["predictions"]


def _gain(predictions, truth):
    """The mean gain over the baseline, half the width of its paired interval, and the gain that earns all points."""
    y, baseline = truth["y"], truth["baseline"]
    if predictions.shape != y.shape:
        raise Unusable(
            f"Your predictions have shape {predictions.shape}; {y.shape} is expected, one for each test row."
        )
    labels = y.dtype.kind in "biu"
    gaps = (predictions == y) * 1.0 - (baseline == y) if labels else (baseline - y) ** 2 - (predictions - y) ** 2
    if not np.all(np.isfinite(gaps)):
        raise Unusable("Your predictions are not all finite.")
    half = Z * float(gaps.std(ddof=1)) / np.sqrt(len(gaps))
    return float(gaps.mean()), float(half), float(truth["reference"])
