"""Design: a classifier for a tabular problem with a bend, within a budget of parameters, against a linear baseline."""

import numpy as np

from classroom.tasks import Case, Criterion, Marking, Misconception, Task

TEST = "invented: a worked example"


def rings(rng, n, bend):
    """Two features, label 1 inside an ellipse: no straight line does it."""
    x = rng.normal(size=(n, 2))
    return x, ((x[:, 0] ** 2 + bend * x[:, 1] ** 2 + rng.normal(0, 0.2, n)) < 1.2).astype(int)


def briefs(rng):
    """Two draws with another bend and another budget of parameters."""
    for most in (40, 60):
        bend = float(rng.uniform(0.7, 1.4))
        (x, y), (test_x, test_y) = rings(rng, 240, bend), rings(rng, 400, bend)
        w = np.linalg.lstsq(np.hstack([x, np.ones((240, 1))]), 2 * y - 1, rcond=None)[0]
        straight, often = (
            (np.hstack([test_x, np.ones((400, 1))]) @ w > 0).astype(int),
            np.full(400, np.mean(y) > 0.5) * 1,
        )
        baseline = max(straight, often, key=lambda guess: np.mean(guess == test_y))  # the better one: it may win
        truth = {"y": test_y, "baseline": baseline, "budget": {"parameters": most}, "reference": 0.25}
        yield Case(x, y, test_x, most, int(rng.integers(1000)), **truth)


def made(features, how):
    """A least-squares classifier on `features(x)`, with its brief."""

    def design(x, y, test_x, most, seed):
        f, g = features(x), features(test_x)
        w = np.linalg.lstsq(f, 2 * y - 1, rcond=None)[0]
        brief = {"model": how, "parameters": w.size, "training accuracy": np.mean((f @ w > 0) == y)}
        return {
            "brief": brief,
            "predictions": (g @ w > 0).astype(int),
            "weights": [w],
            "log": {"training accuracy": [brief["training accuracy"]]},
        }

    return design


def plane(x):
    return np.hstack([x, np.ones((len(x), 1))])


def all_ones(x, y, test_x, most, seed):
    return {**made(plane, "linear")(x, y, test_x, most, seed), "predictions": np.ones(len(test_x), int)}


def boasting(x, y, test_x, most, seed):
    found = made(lambda x: np.hstack([plane(x), x**2]), "squares")(x, y, test_x, most, seed)
    found["brief"]["training accuracy"] = 1.0
    return found


tasks = [
    Task(
        name="8.6 design",
        kind="design",
        level="create",
        objective="8.6a",
        minutes=40,
        difficulty=5,
        points=100,
        cases=briefs,
        marking=Marking(
            "design",
            fields={"parameters": "size of weights", "training accuracy": "last of log training accuracy"},
            words={"model": ("linear", "squares", "network")},
        ),
        rubric=[
            Criterion("The inductive bias is argued from the data", 20, {0: "none named", 10: "named", 20: "argued"}),
            Criterion("The report says where the design fails", 20, {0: "nowhere", 20: "measured on its own errors"}),
        ],
        misconceptions=[
            Misconception("a linear model is taken over from a lesson", made(plane, "linear"), TEST),
            Misconception("the commoner label is predicted everywhere", all_ones, TEST),
            Misconception("the brief promises what the log does not hold", boasting, TEST),
        ],
        hints=["Look at the plane first.", "What would a straight line have to bend around?"],
        alternatives=[made(lambda x: np.hstack([plane(x), x**2, x[:, :1] * x[:, 1:]]), "squares")],
    )
]
