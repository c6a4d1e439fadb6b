"""Trace, predict, explain by choice, and the counterexample on which a claim is run."""

import numpy as np

from classroom.tasks import Marking, Misconception, Task

COMMON = {"level": "understand", "objective": "8.2a", "minutes": 4, "difficulty": 2, "points": 2}
TEST = "invented: a worked example"
REASONS = {
    "rate 0.4": "each step halves what is left",
    "rate 1.0": "it jumps to the other side",
    "rate 1.1": "it grows",
}


def starts(rng):
    """Gradient descent on L = w² by hand: start and rate."""
    yield 1.0, 0.25
    for _ in range(4):
        yield float(rng.uniform(0.5, 4)), float(rng.uniform(0.05, 0.45))


def traced(slope):
    def trace(w, rate):
        steps = {}
        for i in (1, 2, 3):
            steps[f"gradient {i}"] = slope(w)
            w = w - rate * slope(w)
            steps[f"w after {i}"] = w
        return steps

    return trace


def in_one_formula(w, rate):
    """After n steps w is multiplied by (1 − 2 · rate) n times."""
    at = [w * (1 - 2 * rate) ** n for n in range(4)]
    return {k: v for i in (1, 2, 3) for k, v in {f"gradient {i}": 2 * at[i - 1], f"w after {i}": at[i]}.items()}


def by_running(curvature, rate):
    """Gradient descent from 1, run."""
    w = [1.0]
    for _ in range(200):
        w.append(w[-1] - rate * curvature * w[-1])
    return {"converges": abs(w[-1]) < 1e-6, "jumps sides": w[1] < 0}


def one_bad_miss():
    """One barely wrong and two sure, against three barely right."""
    y = np.ones(3)
    return np.array([0.49, 0.9, 0.9]), np.array([0.51, 0.51, 0.51]), y


def uphill(w, rate):
    return traced(lambda v: -2 * v)(w, rate)


def old_gradient(w, rate):
    """All three steps with the gradient of the start."""
    g = 2 * w
    return {k: v for i in (1, 2, 3) for k, v in {f"gradient {i}": g, f"w after {i}": w - i * rate * g}.items()}


def rates(rng):
    """Curvature of L = c · w² / 2 and the rate, on both sides of each limit: 1 / c, 2 / c and 2."""
    for curvature, product in ((1.0, 0.5), (2.0, 1.0), (4.0, 2.0)):
        yield curvature, product / curvature
    drawn = [(product, span) for product in (0.3, 1.5, 2.5) for span in ((0.3, 0.8), (2.0, 4.0))]
    for i in rng.permutation(len(drawn)):
        product, span = drawn[i]
        curvature = float(rng.uniform(*span))
        yield curvature, product / curvature


def reasons(**changed):
    keys = {key.replace(" ", "").replace(".", ""): key for key in REASONS}
    return lambda: {**REASONS, **{keys[name]: value for name, value in changed.items()}}


tasks = [
    Task(
        name="8.2 trace",
        kind="trace",
        cases=starts,
        misconceptions=[
            Misconception("the slope is taken for w itself", traced(lambda w: w), TEST),
            Misconception("the step goes uphill", uphill, "literature: claim C79"),
            Misconception("each step uses the gradient of the start", old_gradient, "literature: claim C80"),
        ],
        hints=["Begin each step with the slope where w is now.", "The slope of w² at 3 is 6."],
        alternatives=[in_one_formula],
        **COMMON,
    ),
    Task(
        name="8.2 predict",
        kind="predict",
        cases=rates,
        misconceptions=[
            Misconception(
                "the limit of the rate is taken for 1 / curvature",
                lambda c, r: {"converges": r * c < 1, "jumps sides": r * c > 1},
                TEST,
            ),
            Misconception(
                "the limit is taken for 2, whatever the curvature",
                lambda c, r: {"converges": r < 2, "jumps sides": r * c > 1},
                TEST,
            ),
            Misconception(
                "a jump to the other side is taken for divergence",
                lambda c, r: {"converges": r * c < 2, "jumps sides": r * c > 2},
                TEST,
            ),
        ],
        hints=["By what is w multiplied in each step?", "Multiplying by −0.5: which side, and how far?"],
        alternatives=[by_running],
        **COMMON,
    ),
    Task(
        name="8.2 explain",
        kind="explain",
        probe="labels",
        misconceptions=[
            Misconception("a rate of 1.0 is thought to arrive", reasons(rate10="it arrives"), TEST),
            Misconception(
                "every rate above 1 is thought to arrive later", reasons(rate11="each step halves what is left"), TEST
            ),
            Misconception("a small rate is thought to jump", reasons(rate04="it jumps to the other side"), TEST),
        ],
        hints=["Work out 1 − 2 · rate for each.", "Is its size below 1? What is its sign?"],
        **COMMON,
    ),
    Task(
        name="8.2 counterexample",
        kind="counterexample",
        marking=Marking("counterexample", claim="a_smaller_loss_is_more_accurate", uses=("cross_entropy", "accuracy")),
        misconceptions=[
            Misconception(
                "both losses are the same, so that the claim says nothing",
                lambda: (np.array([0.9, 0.9]), np.array([0.9, 0.9]), np.array([1, 1])),
                TEST,
            ),
            Misconception(
                "the smaller loss also has the higher accuracy",
                lambda: (np.array([0.9, 0.9]), np.array([0.4, 0.4]), np.array([1, 1])),
                TEST,
            ),
            Misconception(
                "accuracies differ where the losses have the same order",
                lambda: (np.array([0.6, 0.6]), np.array([0.45, 0.6]), np.array([1, 1])),
                TEST,
            ),
        ],
        hints=["One confident error costs much.", "Make many barely wrong, or one badly wrong."],
        alternatives=[one_bad_miss],
        **COMMON,
    ),
]
