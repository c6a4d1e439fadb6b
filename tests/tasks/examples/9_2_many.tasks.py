"""One task for each probe but `call`, and each with a typical wrong answer."""

import numpy as np

from classroom.tasks import Misconception, Task

COMMON = {"minutes": 3, "points": 1, "hints": ["Look above.", "Think of the order."], "few_because": "a test"}
IMPLEMENT = {"kind": "implement", "level": "apply", "objective": "9.2a", "difficulty": 2, **COMMON}
REMEMBER = {"level": "remember", "objective": "9.2b", "difficulty": 1, **COMMON}
TEST = "observed: a test"
WORDS = {"A": "input", "B": "weight", "C": "weighted sum"}


def batch_cases(rng):
    yield 13, 4, 1
    yield 17, 5, 2
    yield 24, 24, 3
    yield int(rng.integers(18, 30)), int(rng.integers(5, 9)), 4


def rest_lost(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size)]


def fresh_draws(n, batch_size, rng):
    return [rng.integers(0, n, min(batch_size, n - i)) for i in range(0, n, batch_size)]


def not_mixed(n, batch_size, rng):
    return [np.arange(n)[i : i + batch_size] for i in range(0, n, batch_size)]


def two_orders(x, y, batch_size, rng):
    a, b = rng.permutation(len(x)), rng.permutation(len(x))
    for i in range(0, len(x), batch_size):
        yield x[a[i : i + batch_size]], y[b[i : i + batch_size]]


class Uncounted:
    def __init__(self, w):
        self.w, self.seen = w, 0

    def forward(self, x):
        return x @ self.w


def class_cases(rng):
    for n in (2, 3):
        inputs = [["forward", rng.normal(size=(rows, n))] for rows in (4, 2)]
        yield [rng.normal(size=n)], inputs, ["seen"]


def training_cases(rng):
    for seed in (1, 2):
        yield [2, 4, 3], seed, rng.normal(size=(7, 2)).astype(np.float32), np.arange(7) % 3, 4, 0.5


def not_reset(model, x, y, steps, rate):
    from nnlib import functional as F

    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
        losses.append(float(loss.data))
    return losses


def noise_cases(rng):
    for seed in (1, 2, 3):
        yield rng.normal(size=4), 0.5, seed


def step_cases(rng):
    for _ in range(3):
        yield rng.normal(size=3), rng.normal(size=3), 0.1


def uphill(w, g, rate):
    w += rate * g


def square_cases(rng):
    yield (rng.normal(size=(2, 3)),)
    yield (rng.normal(size=3),)


def batches_as_a_list(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return [order[i : i + batch_size].tolist() for i in range(0, n, batch_size)]


def pairs_by_splitting(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    ends = range(batch_size, len(x), batch_size)
    return [[x[rows], y[rows]] for rows in np.split(order, ends)]


class CountingByHand:
    def __init__(self, w):
        self.w, self.seen = w, 0

    def forward(self, x):
        found = []
        for row in x:
            self.seen = self.seen + 1
            found.append(sum(a * b for a, b in zip(row, self.w, strict=True)))
        return found


def train_with_an_optimizer(model, x, y, steps, rate):
    from nnlib import SGD
    from nnlib import functional as F

    optimizer, losses = SGD(model.parameters(), lr=rate), []
    while len(losses) < steps:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


def noise_of_a_standard_normal(x, spread, rng):
    return x + spread * rng.standard_normal(x.shape)


def step_in_a_loop(w, g, rate):
    for i in range(len(w)):
        w[i] = w[i] - rate * g[i]


def square_as_a_power(x):
    return x**2


tasks = [
    Task(
        name="9.2 batches",
        alternatives=[batches_as_a_list],
        cases=batch_cases,
        probe="batches",
        misconceptions=[
            Misconception("the rows behind the last full batch are left out", rest_lost, TEST),
            Misconception("every batch draws from all rows anew", fresh_draws, TEST),
            Misconception("the rows are never mixed", not_mixed, TEST),
        ],
        **IMPLEMENT,
    ),
    Task(
        name="9.2 pairs",
        alternatives=[pairs_by_splitting],
        cases=batch_cases,
        probe="pairs",
        misconceptions=[Misconception("x and y are put in two different orders", two_orders, TEST)],
        **IMPLEMENT,
    ),
    Task(
        name="9.2 parts",
        kind="label",
        probe="labels",
        misconceptions=[
            Misconception(
                "what comes in takes the weight's place", lambda: WORDS | {"A": "weight", "B": "input"}, TEST
            ),
            Misconception("the sum is taken for the curve's output", lambda: WORDS | {"C": "activation"}, TEST),
        ],
        **REMEMBER,
    ),
    Task(
        name="9.2 loop",
        kind="order",
        probe="order",
        misconceptions=[
            Misconception(
                "old gradients are removed after the new ones arrive",
                lambda: ["forward", "loss", "backward", "zero grad", "update"],
                TEST,
            )
        ],
        **REMEMBER,
    ),
    Task(
        name="9.2 class",
        alternatives=[CountingByHand],
        cases=class_cases,
        probe="instance",
        misconceptions=[Misconception("the rows are not counted", Uncounted, TEST)],
        **IMPLEMENT,
    ),
    Task(
        name="9.2 train",
        alternatives=[train_with_an_optimizer],
        cases=training_cases,
        probe="training",
        tolerance=1e-3,
        misconceptions=[Misconception("the gradient is not reset between steps", not_reset, "forum: a test")],
        **IMPLEMENT,
    ),
    Task(
        name="9.2 noise",
        alternatives=[noise_of_a_standard_normal],
        cases=noise_cases,
        probe="seeded",
        misconceptions=[Misconception("the noise is drawn twice", lambda x, s, rng: x + rng.normal(0, s) * 2, TEST)],
        **IMPLEMENT,
    ),
    Task(
        name="9.2 step",
        alternatives=[step_in_a_loop],
        cases=step_cases,
        probe="in_place",
        misconceptions=[Misconception("the step goes uphill", uphill, TEST)],
        **IMPLEMENT,
    ),
    Task(
        name="9.2 square",
        alternatives=[square_as_a_power],
        cases=square_cases,
        probe="differentiable",
        misconceptions=[Misconception("the input is doubled, not squared", lambda x: x + x, TEST)],
        **IMPLEMENT,
    ),
]
