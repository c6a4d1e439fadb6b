"""Referee and decide: generated reports, half of them sound; and worlds of real runs whose truth is known."""

from functools import cache

import numpy as np

from classroom.tasks import Case, Marking, Misconception, Task

COMMON = {"level": "evaluate", "objective": "8.5a", "minutes": 15, "difficulty": 4, "points": 10}
TEST = "invented: a worked example"


# --- decide -----------------------------------------------------------------------------------------------------


@cache
def accuracies(rows):
    """Test accuracies of softmax regression on 60 draws of that many training rows of three clouds."""
    return np.array([_accuracy(rows, seed) for seed in range(60)])


def _accuracy(rows, seed):
    rng = np.random.default_rng([rows, seed])
    centres = np.array([[0.0, 0.0], [1.6, 0.0], [0.0, 1.6]])
    y, test_y = np.arange(rows) % 3, np.arange(300) % 3
    x, test_x = (centres[labels] + rng.normal(size=(len(labels), 2)) for labels in (y, test_y))
    W, ones = np.zeros((3, 3)), np.ones((rows, 1))
    x = np.hstack([x, ones])
    for _ in range(40):
        p = np.exp(x @ W - (x @ W).max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        W -= 0.5 * x.T @ (p - np.eye(3)[y]) / rows
    return np.mean((np.hstack([test_x, np.ones((300, 1))]) @ W).argmax(axis=1) == test_y)


def worlds(rng):
    """24 worlds each: A better, B better (5 against 60 training rows, 12 runs each), or too few runs of like ones."""
    poor, good, alike = accuracies(5), accuracies(60), accuracies(45)
    drawn = []
    for _ in range(24):
        drawn.append((rng.choice(good, 12), rng.choice(poor, 12), "A is better"))
        drawn.append((rng.choice(poor, 12), rng.choice(good, 12), "B is better"))
        drawn.append((rng.choice(good, 3), rng.choice(alike, 3), "cannot tell"))
    for i in rng.permutation(len(drawn)):
        a, b, truth = drawn[i]
        yield Case(a, b, verdict=truth)


def larger_mean(a, b):
    return "A is better" if a.mean() > b.mean() else "B is better"


def by_ranks(a, b):
    """Mann and Whitney (1947): most of one above most of the other, in six runs or more."""
    if min(len(a), len(b)) < 6:
        return "cannot tell"
    above = np.mean(a[:, None] > b[None, :])
    return "A is better" if above > 0.75 else "B is better" if above < 0.25 else "cannot tell"


def best_run(a, b):
    return "A is better" if a.max() > b.max() else "B is better"


def two_runs(a, b):
    return larger_mean(a[:2], b[:2]) if (a[0] > b[0]) == (a[1] > b[1]) else "cannot tell"


# --- referee ----------------------------------------------------------------------------------------------------

FLAWS = ("too few test examples", "test set used to choose", "unequal training")
MEASUREMENTS = ("more test examples", "a fresh test set", "equal training of both")
PRAISE = ("a striking gain", "a modest gain", "a robust improvement", "an improvement")


def reports(rng):
    """Twenty-four reports: of half the conclusion follows. Words of praise and caution are drawn apart from that."""
    kinds = ["none"] * 12 + list(FLAWS) * 4
    for i in rng.permutation(len(kinds)):
        flaw = kinds[i]
        few = flaw == "too few test examples"
        n = int(rng.integers(40, 80) if few else rng.integers(2000, 4000))
        gain = 0.05 if few else rng.uniform(0.04, 0.08)
        base = rng.uniform(0.80, 0.88)
        epochs = int(rng.integers(20, 40))
        report = {
            "title": f"Method B: {rng.choice(PRAISE)} over A",
            "test examples": n,
            "right with A": round(n * base),
            "right with B": round(n * (base + gain)),
            "epochs of A": epochs // 4 if flaw == "unequal training" else epochs + int(rng.integers(-2, 3)),
            "epochs of B": epochs,
            "variants of B tried": int(rng.integers(1, 30)),
            "variant chosen on": "test" if flaw == "test set used to choose" else "validation",
        }
        measurement = dict(zip(FLAWS, MEASUREMENTS, strict=True)).get(flaw, "none")
        yield Case(report, flaw=flaw, measurement=measurement)


def worked_out_again(report):
    """The same by error counts, and less sure."""
    wrong = [report["test examples"] - report[f"right with {m}"] for m in "AB"]
    if report["epochs of B"] > 1.5 * report["epochs of A"]:
        return verdict("unequal training", 0.9)
    if report["variant chosen on"] != "validation":
        return verdict("test set used to choose", 0.9)
    return verdict("none" if wrong[0] - wrong[1] > 2 * np.sqrt(sum(wrong)) else "too few test examples", 0.9)


def verdict(flaw, confidence):
    measurement = dict(zip(FLAWS, MEASUREMENTS, strict=True)).get(flaw, "none")
    word = "sound" if flaw == "none" else "flawed"
    return {"verdict": word, "flaw": flaw, "measurement": measurement, "confidence": confidence}


def reject_all(report):
    return verdict("too few test examples", 1.0)


def accept_all(report):
    return verdict("none", 1.0)


def by_the_title(report):
    return verdict("too few test examples" if "striking" in report["title"] else "none", 0.9)


def by_many_variants(report):
    return verdict("test set used to choose" if report["variants of B tried"] > 10 else "none", 0.9)


tasks = [
    Task(
        name="8.5 decide",
        kind="decide",
        cases=worlds,
        marking=Marking("decide", words=("A is better", "B is better", "cannot tell"), need=0.9),
        misconceptions=[
            Misconception("the larger mean decides, however few the runs", larger_mean, TEST),
            Misconception("the best single run decides", best_run, TEST),
            Misconception("two runs that agree decide", two_runs, TEST),
        ],
        hints=[
            "How far do the runs of one network spread?",
            "An interval of the difference that holds 0 tells nothing.",
        ],
        alternatives=[by_ranks],
        **COMMON,
    ),
    Task(
        name="8.5 referee",
        kind="referee",
        cases=reports,
        marking=Marking("referee", flaws=FLAWS, measurements=MEASUREMENTS),
        misconceptions=[
            Misconception("every report is rejected", reject_all, TEST),
            Misconception("every report is accepted", accept_all, TEST),
            Misconception("a word of the title decides", by_the_title, TEST),
            Misconception("many variants count as a flaw, wherever they were compared", by_many_variants, TEST),
        ],
        hints=["Work the interval out from the counts.", "What was the test set used for, besides the test?"],
        alternatives=[worked_out_again],
        **COMMON,
    ),
]
