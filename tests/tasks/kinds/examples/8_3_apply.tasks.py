"""Complete, implement, run, adapt: code whose outputs are compared with the answer's."""

import numpy as np

from classroom.tasks import Misconception, Task

COMMON = {"level": "apply", "objective": "8.3a", "minutes": 5, "difficulty": 2, "points": 2}
TEST = "invented: a worked example"


def logits(rng):
    for n, k in ((1, 3), (3, 2), (4, 5)):
        yield (rng.normal(0, 2, (n, k)),)


def over_all(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def over_columns(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def steps(rng):
    for _ in range(4):
        yield rng.normal(size=3), rng.normal(size=3), float(rng.uniform(0.05, 0.5)), float(rng.uniform(0.01, 0.5))


def rows(rng):
    """Two clouds of points, real training: which of three rates reaches the lowest loss in 30 steps?"""
    for rates in ([0.1, 1.0], [0.01, 0.3, 3.0], [0.03, 0.5]):
        y = np.repeat([0.0, 1.0], 20)
        yield rng.normal(size=(40, 2)) + 1.5 * y[:, None], y, np.array(rates)


def logistic_losses(x, y, rate, steps=30):
    w, losses = np.zeros(x.shape[1]), []
    for _ in range(steps):
        p = 1 / (1 + np.exp(-(x @ w)))
        losses.append(-np.mean(np.log(np.where(y == 1, p, 1 - p))))
        w = w - rate * x.T @ (p - y) / len(y)
    return losses


def first_losses(x, y, rates):
    losses = [logistic_losses(x, y, rate)[0] for rate in rates]
    return {"rate": rates[int(np.argmin(losses))], "loss": min(losses)}


def worst_rate(x, y, rates):
    losses = [logistic_losses(x, y, rate)[-1] for rate in rates]
    return {"rate": rates[int(np.argmax(losses))], "loss": max(losses)}


def place_of_rate(x, y, rates):
    losses = [logistic_losses(x, y, rate)[-1] for rate in rates]
    return {"rate": float(np.argmin(losses)), "loss": min(losses)}


def gradients(rng):
    for n in (1, 2, 5):
        yield rng.normal(size=(n, 2)), float(rng.uniform(0.5, 0.95))


def without_memory(g, beta):
    return -g.sum(axis=0)


def averaged(g, beta):
    v = np.zeros(g.shape[1])
    for row in g:
        v = beta * v + (1 - beta) * row
    return -v


def only_last(g, beta):
    v = np.zeros(g.shape[1])
    for row in g:
        v = beta * v + row
    return -v


def row_by_row(z):
    return [np.exp(row) / sum(np.exp(row)) for row in z]


def decayed_in_a_loop(w, g, rate, decay):
    return [wi * (1 - rate * decay) - rate * gi for wi, gi in zip(w, g, strict=True)]


def best_by_sorting(x, y, rates):
    loss, rate = min((logistic_losses(x, y, rate)[-1], rate) for rate in rates)
    return {"rate": rate, "loss": loss}


def unrolled(g, beta):
    n = len(g)
    return -sum(g[i] * beta ** (j - i) for j in range(n) for i in range(j + 1))


tasks = [
    Task(
        name="8.3 complete",
        kind="complete",
        cases=logits,
        misconceptions=[
            Misconception("the sum runs over the whole batch", over_all, TEST),
            Misconception("the sum runs down the columns", over_columns, TEST),
            Misconception("nothing is divided by the sum", lambda z: np.exp(z - z.max(axis=1, keepdims=True)), TEST),
        ],
        hints=["Which axis holds the classes?", "Each row adds up to 1."],
        alternatives=[row_by_row],
        **COMMON,
    ),
    Task(
        name="8.3 implement",
        kind="implement",
        cases=steps,
        misconceptions=[
            Misconception("the weights do not shrink", lambda w, g, rate, decay: w - rate * g, TEST),
            Misconception(
                "the shrinking is not scaled by the rate", lambda w, g, rate, decay: w - rate * g - decay * w, TEST
            ),
            Misconception("the weights grow", lambda w, g, rate, decay: w - rate * (g - decay * w), TEST),
        ],
        hints=["Two terms pull at w.", "Both are multiplied by the rate."],
        alternatives=[decayed_in_a_loop],
        **COMMON,
    ),
    Task(
        name="8.3 run",
        kind="run",
        cases=rows,
        tolerance=1e-4,
        misconceptions=[
            Misconception("the losses before the training are compared", first_losses, TEST),
            Misconception("the largest loss is chosen", worst_rate, TEST),
            Misconception("the place of the rate is returned for the rate", place_of_rate, TEST),
        ],
        hints=["Which loss counts: the first or the last?", "argmin gives a place."],
        alternatives=[best_by_sorting],
        **COMMON,
    ),
    Task(
        name="8.3 adapt",
        kind="adapt",
        cases=gradients,
        misconceptions=[
            Misconception("the velocity is not kept between steps", without_memory, TEST),
            Misconception("each gradient is weighted by 1 − β", averaged, TEST),
            Misconception("only the last velocity moves the weights", only_last, TEST),
        ],
        hints=["What is left of the last step?", "Each step adds its own velocity to the weights."],
        alternatives=[unrolled],
        **COMMON,
    ),
]
