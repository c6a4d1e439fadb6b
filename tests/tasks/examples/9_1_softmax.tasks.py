"""Two tasks with teaching.md's kind of wrong answers: softmax, and the gradient of the cross-entropy by the logits."""

import numpy as np

from classroom.tasks import Misconception, Task


def softmax_cases(rng):
    yield (np.array([[0.0, 1.0, 2.0]]),)
    yield (np.array([[1000.0, 0.0], [-1000.0, 1.0], [3.0, 3.5]]),)
    for n, k in ((4, 3), (2, 5)):
        yield (rng.normal(0, 3, (n, k)),)


def over_all(Z):
    e = np.exp(Z - Z.max())
    return e / e.sum()


def over_columns(Z):
    e = np.exp(Z - Z.max(0))
    return e / e.sum(0)


def overflow(Z):
    return np.exp(Z) / np.exp(Z).sum(1, keepdims=True)


def gradient_cases(rng):
    for n, k in ((3, 2), (4, 3), (5, 6)):
        yield rng.dirichlet(np.ones(k), n), np.eye(k)[rng.integers(0, k, n)]


def by_probabilities(P, Y):
    return -Y / P / len(P)


def with_slope(P, Y):
    return (P - Y) * P * (1 - P) / len(P)


def softmax_by_rows(Z):
    found = []
    for row in Z:
        e = np.exp(row - max(row))
        found.append(e / sum(e))
    return found


def softmax_of_torch(Z):
    import torch

    return torch.softmax(torch.tensor(Z), dim=1)


def gradient_by_rows(P, Y):
    return np.stack([(p - y) / len(P) for p, y in zip(P, Y, strict=True)]).astype(np.float32)


tasks = [
    Task(
        name="9.1 softmax",
        kind="implement",
        level="apply",
        objective="9.1a",
        minutes=5,
        difficulty=2,
        points=2,
        cases=softmax_cases,
        misconceptions=[
            Misconception("the sum runs over the whole batch, not over each row", over_all, "observed: a test"),
            Misconception("the sum runs down the columns, not along each row", over_columns, "observed: a test"),
            Misconception("exp meets large numbers, since no row's largest is taken off", overflow, "observed: a test"),
        ],
        hints=["Look at one row alone.", "Take the largest entry of each row off first.", "Row [0, 0]: [0.5, 0.5]."],
        seconds=1,
        alternatives=[softmax_by_rows, softmax_of_torch],
    ),
    Task(
        name="9.1 gradient",
        kind="implement",
        level="apply",
        objective="9.1b",
        minutes=5,
        difficulty=3,
        points=2,
        cases=gradient_cases,
        misconceptions=[
            Misconception("the sum over the rows is not divided by n", lambda P, Y: P - Y, "literature: a test"),
            Misconception("the derivative is taken by P in place of the logits", by_probabilities, "forum: a test"),
            Misconception("the slope of a sigmoid is multiplied in", with_slope, "invented: a test"),
        ],
        hints=["Look at the formula.", "The loss is a mean."],
        alternatives=[gradient_by_rows],
    ),
]
