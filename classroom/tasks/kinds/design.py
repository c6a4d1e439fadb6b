"""Design: a brief as fields, checked against code and log, every number worked out again, scored against a baseline.

The machine gives at most 60 of 100 points; a rubric with anchor texts serves a person for the rest.
"""

from copy import deepcopy

import numpy as np

from classroom.tasks.arrays import Unusable
from classroom.tasks.kinds.marking import Mark, Sheet, number, part, rule, word

Z = 1.96  # a 95 % interval
FULL = 0.5  # of the machine's points for beating the baseline at all; the rest grows with the gain
MISSED = "The interval reaches down to the baseline. What does the baseline not see in these data?"
LOST = (
    "There the baseline is hard to beat, and a loss beyond the slack is not ruled out. Was the lead for which you left "
    "the baseline more than luck? And do new rows go the way that the training rows went?"
)
# How a number of the brief is worked out again from what else the answer returned.
WAYS = {"size of": np.size, "length of": len, "last of": lambda a: a[-1], "best of": np.max, "least of": np.min}


@rule
def design(sheet: Sheet, fields, words=None, forward="", tolerance=1e-3, promised="", within=0.3) -> Mark:
    """Points for a design whose interval lies above the baseline, if its brief is true and within the budget.

    The answer returns a dict of `brief` (numbers and words), `predictions` on the test inputs, and what the brief is
    checked against, for example `log` and `weights`. `fields` says how each number of the brief is worked out again
    ({"parameters": "size of weights", "epochs": "length of log loss"}); `words` gives for each word of the brief those
    to choose from. `forward` names a function of a given cell, `forward(weights, *arguments)`, that gives the
    predictions again. `promised` names a number of the brief that foretells the error on the test rows (the share of
    wrong labels, or the root of the mean squared error); it may be too small by the part `within`, or too large by
    twice that.

    Each truth is `y=`, the test labels or values, `baseline=`, the baseline's predictions, `budget=`, the most that
    fields may be, and `reference=`, the gain that earns all points. The gain is the mean over the test examples of
    correct (or of minus the squared error) over the baseline's, with its paired 95 % interval. Where the baseline
    cannot be beaten, the truth has `slack=` in the place of `reference=`: the interval must lie above minus the slack.
    So whoever hands in the baseline there passes, and whoever loses to it does not.
    """
    gains = []
    for answer, truth, arguments in zip(sheet.answers, sheet.truths, sheet.arguments, strict=True):
        problem = _untrue(answer, fields, tolerance) or _beyond(answer, truth) or _unfilled(answer, words or {})
        if not problem and forward:
            problem = _other_predictions(sheet.functions[forward], answer, arguments)
        if not problem and promised:
            problem = _unkept(answer, truth, promised, within)
        if problem:
            return Mark(0.0, False, "The brief does not hold yet.", problem)
        gains.append(_gain(_predictions(answer), truth))
    shares = [_share(*found, truth) for found, truth in zip(gains, sheet.truths, strict=True)]
    if min(shares) > 0:  # without the gains: their last digits differ between processors
        draws = f"all {len(gains)} draws" if len(gains) > 1 else "this draw"
        return Mark(
            float(np.mean(shares)), True, f"The brief holds, and so does the comparison with the baseline in {draws}."
        )
    at = min(range(len(gains)), key=lambda i: (shares[i], gains[i][0] - gains[i][1]))
    gain, half = gains[at]
    weakest = f" in the weakest of {len(gains)} draws" * (len(gains) > 1)
    fits = f"The brief holds. Gain over the baseline{weakest}: {gain - half:.3f} to {gain + half:.3f} (95 %)."
    return Mark(0.0, False, fits, LOST if "slack" in sheet.truths[at] else MISSED)


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


def _unkept(answer, truth, promised, within):
    claimed, mean = number(answer, f"brief {promised}"), float(_errors(_predictions(answer), truth).mean())
    found = mean if _are_labels(truth) else np.sqrt(mean)
    if -within * found <= claimed - found <= 2 * within * found:
        return ""
    return (
        f"The brief promises {promised} {claimed:.3g}; there it is {found:.3g}. Which rows was the promise measured on?"
    )


def _gain(predictions, truth):
    """The mean gain over the baseline, and half the width of its paired interval."""
    gaps = _errors(truth["baseline"], truth) - _errors(predictions, truth)
    return float(gaps.mean()), Z * float(gaps.std(ddof=1)) / np.sqrt(len(gaps))


def _share(gain, half, truth):
    """Of the machine's points for one draw: by the gain, or all of them for not losing where nothing can be gained."""
    if "slack" in truth:
        return float(gain - half > -number(truth, "slack"))
    return 0.0 if gain <= half else FULL + (1 - FULL) * min(1.0, gain / number(truth, "reference"))


def _errors(predictions, truth):
    """For each test row 1 or 0, wrong or right, or the squared error."""
    y = truth["y"]
    if predictions.shape != y.shape:
        raise Unusable(
            f"Your predictions have shape {predictions.shape}; {y.shape} is expected, one for each test row."
        )
    errors = (predictions != y) * 1.0 if _are_labels(truth) else (predictions - y) ** 2
    if not np.all(np.isfinite(errors)):
        raise Unusable("Your predictions are not all finite.")
    return errors


def _are_labels(truth):
    return truth["y"].dtype.kind in "biu"
