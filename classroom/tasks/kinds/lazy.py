"""What a lazy mind hands in: the same for every case, a coin, the table's mean, what was given. None of it may score.

Strategies are made from a task's packed cases, without any code of an author's, and tried by `verify` on every task. An
author adds the lazy strategies that only this task invites (a keyword, a pasted model) as misconceptions.
"""

from collections.abc import Iterator

import numpy as np

from classroom.tasks import trial
from classroom.tasks.arrays import code
from classroom.tasks.cases import Outcome, TaskCases
from classroom.tasks.kinds.patient import NO_FAULT
from classroom.tasks.kinds.referee import NONE


def earning(task: TaskCases, rng: np.random.Generator) -> dict[str, float]:
    """The lazy strategies that earn anything on these cases, with their points. It should be empty."""
    found = {}
    for name, answers in strategies(task, rng):
        outcomes = [Outcome({k: np.asarray(v) for k, v in values.items()}) for values in answers]
        if (points := trial.judge(task, outcomes).points) > 0:
            found[name] = points
    return found


def strategies(task: TaskCases, rng: np.random.Generator) -> Iterator[tuple[str, list[dict]]]:
    """Names of strategies, each with its answer to every case, as a probe would return it."""
    rule = task.marking["rule"] if task.marking else "order" if task.probe == "order" else "compared"
    yield from OF_RULE[rule](task, rng)


# --- answers that are compared ----------------------------------------------------------------------------------


def _compared(task, rng):
    right = [o.values for o in task.right]
    for name, fill in (("nothing filled in", 0), ("one everywhere", 1)):
        yield name, [{k: np.full_like(v, fill) for k, v in values.items()} for values in right]
    yield "the first case's answer every time", [right[0]] * len(right) if len(right) > 1 else []
    yield "the mean of all given numbers", _of_arguments(task, np.mean)
    words = sorted({int(v) for values in right for v in values.values() if task.words and v.size == 1})
    for w in words if len(right[0]) > 1 else ():
        yield "one word everywhere", [{k: w for k in values} for values in right]


def _of_arguments(task, way):
    """The same number in every place of an answer: `way` of all numbers that the case gives."""
    found = []
    for case, outcome in zip(task.arguments, task.right, strict=True):
        numbers = _numbers(case)
        value = float(way(numbers)) if numbers.size else 0.0
        found.append({k: np.full(v.shape, value) for k, v in outcome.values.items()})
    return found


def _numbers(value) -> np.ndarray:
    """All numbers in a case's arguments, in one row."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return np.concatenate([np.zeros(0), *[_numbers(v) for v in value]])
    if isinstance(value, (np.ndarray, np.generic, int, float)) and not isinstance(value, bool):
        numbers = np.asarray(value, dtype=float).reshape(-1)
        return numbers[np.isfinite(numbers)]
    return np.zeros(0)


def _order(task, rng):
    want = task.right[0].values[""]
    yield "the words by the alphabet", [{"": np.array([code(w) for w in task.words])[: len(want)]}]
    yield "the first word in every place", [{"": np.repeat(want[:1], len(want))}]
    yield "backwards", [{"": want[::-1]}]


# --- answers that a rule marks ----------------------------------------------------------------------------------


def _decide(task, rng):
    words = task.marking["settings"]["words"]
    cases = range(len(task.arguments))
    for w in words:
        yield f"always {w!r}", [{"": code(w)} for _ in cases]
    yield "a coin", [{"": code(rng.choice(words))} for _ in cases]
    yield "each verdict in turn", [{"": code(words[i % len(words)])} for i in cases]
    yield "nothing filled in", [{"": code("?")} for _ in cases]


def _referee(task, rng):
    flaws, measurements = (task.marking["settings"][k] for k in ("flaws", "measurements"))
    cases = range(len(task.arguments))

    def report(verdict, flaw, measurement, confidence):
        words = {"verdict": code(verdict), "flaw": code(flaw), "measurement": code(measurement)}
        return {**words, "confidence": confidence}

    for sure in (0.5, 1.0):
        yield f"accept all, confidence {sure}", [report("sound", NONE, NONE, sure) for _ in cases]
        for flaw in flaws:
            said = [report("flawed", flaw, measurements[0], sure) for _ in cases]
            yield f"reject all for {flaw!r}, confidence {sure}", said
    yield (
        "reject all, flaws by lot",
        [report("flawed", rng.choice(flaws), rng.choice(measurements), 0.5) for _ in cases],
    )
    accepted, blamed = ("sound", NONE, NONE, 0.5), lambda: ("flawed", rng.choice(flaws), NONE, 0.5)
    yield "a coin", [report(*(accepted if rng.random() < 0.5 else blamed())) for _ in cases]


def _separate(task, rng):
    yield "the same number for every run", [{"": 1.0} for _ in task.arguments]
    yield "a number by lot", [{"": rng.normal()} for _ in task.arguments]
    ways = {"sum": np.sum, "mean": np.mean, "largest": np.max, "smallest": np.min, "spread": np.std, "count": np.size}
    for name, way in ways.items():
        values = [float(way(numbers)) if (numbers := _numbers(case)).size else 0.0 for case in task.arguments]
        yield f"the {name} of all given numbers", [{"": v} for v in values]
        yield f"minus the {name} of all given numbers", [{"": -v} for v in values]


def _counterexample(task, rng):
    for name, fill in {"zeros": 0.0, "ones": 1.0, "not a number": np.nan, "infinity": np.inf, "huge": 1e300}.items():
        yield name, [{k: np.full(v.shape, fill) for k, v in o.values.items()} for o in task.right]
    yield "empty arrays", [{k: np.zeros(0) for k in o.values} for o in task.right]


def _locate(task, rng):
    settings = task.marking["settings"]
    cheapest = [min(costs, key=costs.get) for _, costs, _ in task.arguments]

    def done(fault, decisive, bought, repair):
        bought = np.array([code(name) for name in bought])
        return {"fault": code(fault), "decisive": code(decisive), "bought": bought, "repair": code(repair)}

    yield "no fault, ever", [done(NO_FAULT, name, [name], "") for name in cheapest]
    for fault in settings["faults"]:
        for repair in settings["repairs"]:
            yield f"always {fault!r}, repaired by {repair!r}", [done(fault, n, [n], repair) for n in cheapest]
    lot = [(rng.choice([*settings["faults"], NO_FAULT]), rng.choice(settings["repairs"])) for _ in cheapest]
    yield "by lot", [done(f, n, [n], "" if f == NO_FAULT else r) for (f, r), n in zip(lot, cheapest, strict=True)]
    truth = [o.values for o in task.right]
    everything = [np.array([code(name) for name in costs]) for _, costs, _ in task.arguments]
    if any(sum(costs.values()) > budget for _, costs, budget in task.arguments):
        yield "buy everything", [{**t, "bought": e} for t, e in zip(truth, everything, strict=True)]
    yield "the right fault, nothing measured", [{**t, "bought": np.zeros(1, np.int64)} for t in truth]
    for repair in settings["repairs"]:
        yield f"repair everything by {repair!r}", [{**t, "repair": code(repair)} for t in truth]
    yield "the right fault, no repair", [{**t, "repair": code("")} for t in truth]


def _design(task, rng):
    right, truths = [o.values for o in task.right], task.truths
    baseline = [{**v, "predictions": t["baseline"]} for v, t in zip(right, truths, strict=True)]
    yield "the baseline's predictions", baseline
    yield "one prediction for all", [{**v, "predictions": np.full_like(v["predictions"], 1)} for v in right]
    shuffled = [{**v, "predictions": rng.permutation(v["predictions"])} for v in right]
    yield "predictions in another order", shuffled
    for name in task.marking["settings"]["fields"]:
        key = f"brief {name}"
        yield f"{name} not as worked out", [{**v, key: v[key] * 0.9 - 1} for v in right]
        yield f"{name} left out", [{k: a for k, a in v.items() if k != key} for v in right]


OF_RULE = {
    "compared": _compared, "order": _order, "decide": _decide, "referee": _referee, "separate": _separate,
    "counterexample": _counterexample, "locate": _locate, "design": _design,
}  # fmt: skip
