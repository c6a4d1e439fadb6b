"""Locate: buy measurements from a budget, commit to fault and decisive measurement, repair; "no fault" among the draws.

Authors train every patient for real: its measurements are a case's arguments, and `after` in its truth is what each
repair led to when the network was trained again with it.
"""

from classroom.tasks import probes
from classroom.tasks.arrays import Unusable, code
from classroom.tasks.kinds.marking import Mark, Sheet, beyond_chance, coded, enough, number, part, rule, word
from classroom.tasks.kinds.patient import NO_FAULT, Patient

LEAST = 3  # patients with each fault, and without


@probes.probe
def patient(obj, measurements, costs, budget):
    """What `obj(patient)` does to a `Patient` with these measurements, costs and budget."""
    met = Patient(measurements, costs, budget)
    obj(met)
    return coded(met.record())


@rule
def locate(sheet: Sheet, faults, repairs, healthy, need=0.7) -> Mark:
    """The share of patients treated right, beyond chance; all points from `need` on.

    Right is: the true fault, a measurement that tells it, and a repair after which training reaches `healthy`; for a
    patient without fault, that, and no repair. Arguments are (measurements, costs, budget). Each truth is `fault=` one
    of `faults` or "no fault", `decisive=[measurements]`, `after={repair: value}`.
    """
    words = (*faults, NO_FAULT)
    truths = [word(t, "fault", words) for t in sheet.truths]
    enough(truths, LEAST)
    named = [word(a, "fault", words) for a in sheet.answers]
    found = [g == t for g, t in zip(named, truths, strict=True)]
    decided = [_decided(*case) for case in zip(sheet.answers, sheet.truths, sheet.arguments, strict=True)]
    cured = [_cured(a, t, repairs, healthy) for a, t in zip(sheet.answers, sheet.truths, strict=True)]
    right = [f and d and c for f, d, c in zip(found, decided, cured, strict=True)]
    passed = beyond_chance(right, truths) >= need
    fits = (
        f"{len(right)} patients: fault right in {sum(found)}, told by its measurement in "
        f"{sum(f and d for f, d in zip(found, decided, strict=True))}, well afterwards in {sum(right)}."
    )
    return Mark(float(passed), passed, fits, "" if passed else _next(named, truths, found, decided, cured))


def _decided(answer, truth, arguments):
    """Was a measurement that tells the fault bought within the budget, and named?"""
    _, costs, budget = arguments
    price = {int(code(name)): cost for name, cost in costs.items()}
    bought = set(part(answer, "bought").tolist()) - {0}
    if not bought <= set(price):
        raise Unusable("A measurement was bought that does not exist.")
    paid = sum(price[name] for name in bought) <= budget + 1e-9
    decisive = int(code(word(answer, "decisive", list(costs))))
    return paid and decisive in bought and decisive in truth["decisive"].reshape(-1).tolist()


def _cured(answer, truth, repairs, healthy):
    remedy = word(answer, "repair", repairs)
    if int(truth["fault"]) == int(code(NO_FAULT)):
        return remedy == ""
    return remedy != "" and number(truth, f"after {remedy}") >= healthy


def _next(named, truths, found, decided, cured):
    """What to look at: what went wrong most often, of what comes first."""
    blamed = sum(g not in ("", NO_FAULT) for g, t in zip(named, truths, strict=True) if t == NO_FAULT)
    if blamed > truths.count(NO_FAULT) / 2:
        return f"{blamed} healthy networks got a fault. How does each measurement look when nothing is wrong?"
    missed = [(t, g) for g, t in zip(named, truths, strict=True) if g != t]
    untold = sum(f and not d for f, d in zip(found, decided, strict=True))
    uncured = sum(f and d and not c for f, d, c in zip(found, decided, cured, strict=True))
    if len(missed) >= max(untold, uncured):
        true, got = max(sorted(set(missed)), key=missed.count)
        times = f"{n} times" if (n := missed.count((true, got))) > 1 else "once"
        return f"“{true}” was taken for “{got or 'nothing'}” {times}. What tells them apart?"
    if untold >= uncured:
        return f"{untold} faults are right, not told by what was named. Which measurement would differ without them?"
    return f"{uncured} faults are right; their repairs do not cure them. Which repair acts on the cause?"
