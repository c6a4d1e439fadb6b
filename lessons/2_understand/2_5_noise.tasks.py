"""Tasks of lesson 2.5: an epoch by hand, the noise of a batch, a claim to break, the balance at a minimum, a cost."""

import numpy as np

from classroom.tasks import Marking, Misconception, Task

ONCE = "forum: github.com/jeffheaton/t81_558_deep_learning issue 148, at the end of the batch or of the epoch"
SINGLE = "forum: github.com/tensorflow/tensorflow issue 49461, clarification regarding the SGD optimizer"
DROPPED = "forum: github.com/sgrvinod/a-PyTorch-Tutorial-to-Object-Detection issue 8, I // N iterations"
SUM = "forum: stats.stackexchange.com 201452, minimise the mean loss over the batches instead of the sum?"


def invented(what):
    return f"invented: {what}"


# ---- 1: one epoch


def numbers(rng):
    """Numbers, batch size, weight, rate; the first is easy by hand. The last batch may be smaller."""
    yield np.array([1.0, 3.0, 5.0, 7.0, 10.0]), 2, 0.0, 0.5
    yield np.array([2.0, -2.0, 6.0]), 3, 1.0, 0.1
    yield np.array([4.0, 1.0, -3.0]), 1, 2.0, 0.5
    for size in rng.permutation([2, 3, 4])[:2]:
        n = int(size * rng.integers(2, 4) + rng.integers(1, size))
        yield (
            np.round(rng.normal(size=n) * 3, 2),
            int(size),
            float(np.round(rng.normal(), 2)),
            float(rng.choice([0.1, 0.3])),
        )


def epoch(batches_of=None, reduce=np.mean, renew=True, sign=-1.0):
    """The answer, with a part replaced."""

    def traced(y, size, w, rate):
        batches = batches_of(y, size) if batches_of else [y[i : i + size] for i in range(0, len(y), size)]
        start, gradients, weights = w, [], []
        for batch in batches:
            gradients.append(reduce((w if renew else start) - batch))
            w = w + sign * rate * gradients[-1]
            weights.append(w)
        return {"updates": len(weights), "gradients": gradients, "weights": weights}

    return traced


def epoch_by_loops(y, size, w, rate):
    """Right, in plain Python, a batch taken from the front of what is left."""
    rest, gradients, weights = [float(number) for number in y], [], []
    while rest:
        batch, rest = rest[:size], rest[size:]
        gradients.append(w - sum(batch) / len(batch))
        w = w - rate * gradients[-1]
        weights.append(w)
    return {"updates": len(gradients), "gradients": gradients, "weights": weights}


def divided_by_size(y, size, w, rate):
    gradients, weights = [], []
    for i in range(0, len(y), size):
        gradients.append(np.sum(w - y[i : i + size]) / size)
        w = w - rate * gradients[-1]
        weights.append(w)
    return {"updates": len(weights), "gradients": gradients, "weights": weights}


# ---- 2: the noise of a batch


def slopes(rng):
    """Slopes and batch sizes: one, some, all; never the mean 0."""
    yield np.array([1.0, 3.0, 5.0, 7.0, 9.0]), 2
    yield np.array([4.0, -2.0, 1.0, 5.0]), 1
    for n, size in ((6, 3), (9, 7)):
        yield rng.normal(size=n) * 2 + 1, size
    yield rng.normal(size=7) + 2, 7


def noise(back=None, without=None, mean=np.mean, variance=np.var):
    def predicted(g, size):
        n, one = len(g), variance(g)
        with_back = one / size if back is None else back(one, n, size)
        left = with_back * (n - size) / (n - 1) if without is None else without(one, n, size)
        return {"mean": mean(g), "putting back": with_back, "without": left}

    return predicted


def noise_by_enumeration(g, size):
    """Right: every batch without putting back is listed; putting back, by the moments."""
    from itertools import combinations

    middle = sum(g) / len(g)
    batches = [(sum(batch) / size - middle) ** 2 for batch in combinations(g, size)]
    square = (sum(value * value for value in g) / len(g) - middle * middle) / size
    return {"mean": middle, "putting back": square, "without": sum(batches) / len(batches)}


# ---- 3: the claim


# ---- 4: the balance


def balances(rng):
    """Error, curvature, noise, rate, batch size: far from the end and near it, crossing and not."""
    yield 2.0, 1.0, 2.0, 0.5, 4
    yield 0.0, 4.0, 3.0, 0.1, 9
    for factor in rng.permutation([0.7, 0.2, -0.5]):
        curvature = float(np.round(rng.uniform(0.5, 6), 2))
        yield (
            float(np.round(rng.normal() * 3, 2)),
            curvature,
            float(np.round(rng.uniform(1, 4), 2)),
            (1 - factor) / curvature,
            int(rng.integers(2, 33)),
        )


def hover(kept=None, fresh=None, end=None, start=None):
    def steps(error, curvature, sigma, rate, size):
        a = (1 - rate * curvature) ** 2 if kept is None else kept(rate, curvature)
        b = rate**2 * sigma**2 / size if fresh is None else fresh(rate, sigma, size)
        one = a * (error**2 if start is None else start(error)) + b
        last = b / (1 - a) if end is None else end(rate, curvature, sigma, size, a, b)
        return {"after one": one, "after two": a * one + b, "in the end": last}

    return steps


def hover_by_repeating(error, curvature, sigma, rate, size):
    """Right: the line is repeated until it stands still; the end by the textbook's form."""
    square, found = error * error, []
    for _ in range(2):
        square = square - 2 * rate * curvature * square + (rate * curvature) ** 2 * square + (rate * sigma) ** 2 / size
        found.append(square)
    return {
        "after one": found[0],
        "after two": found[1],
        "in the end": rate * sigma**2 / (size * curvature * (2 - rate * curvature)),
    }


# ---- 5: what a batch costs


def measured(rng):
    """Batch sizes, updates, milliseconds: beyond a bend, few updates are saved."""
    yield np.array([1, 4, 16, 64]), np.array([480, 110, 35, 25]), 2.0, 0.01
    for bend in rng.permutation([8, 32, 128]):
        sizes = 2 ** np.arange(0, 11, 2)
        updates = np.ceil(rng.uniform(12, 30) * (1 + bend / sizes)).astype(int)
        updates[0] += int(rng.integers(0, 3 * bend))
        yield sizes, updates, float(np.round(rng.uniform(1, 4), 1)), float(np.round(rng.uniform(0.01, 0.05), 3))


def cost(**changed):
    def answer(sizes, updates, for_an_update, for_an_example):
        read, time = sizes * updates, updates * (for_an_update + for_an_example * sizes)
        right = {
            "examples": read,
            "milliseconds": time,
            "reads least": sizes[read.argmin()],
            "fastest": sizes[time.argmin()],
        }
        names = {"examples": "examples", "time": "milliseconds", "least": "reads least", "fastest": "fastest"}
        return right | {names[k]: f(sizes, updates, for_an_update, for_an_example) for k, f in changed.items()}

    return answer


def cost_by_loops(sizes, updates, for_an_update, for_an_example):
    """Right, size by size; the best ones found by sorting."""
    rows = [
        (int(s), int(u) * int(s), u * for_an_update + u * s * for_an_example)
        for s, u in zip(sizes, updates, strict=True)
    ]
    return {
        "examples": [read for _, read, _ in rows],
        "milliseconds": [float(time) for _, _, time in rows],
        "reads least": sorted(rows, key=lambda row: row[1])[0][0],
        "fastest": sorted(rows, key=lambda row: row[2])[0][0],
    }


COMMON = {"level": "understand"}
tasks = [
    Task(
        name="2.5 epoch",
        kind="trace",
        objective="2.5a",
        minutes=5,
        difficulty=1,
        points=4,
        cases=numbers,
        alternatives=[epoch_by_loops],
        misconceptions=[
            Misconception(
                "the last, smaller batch is left out",
                epoch(lambda y, s: [y[i : i + s] for i in range(0, len(y) - s + 1, s)]),
                DROPPED,
            ),
            Misconception(
                "a smaller last batch is divided by the batch size, not by its own number of examples",
                divided_by_size,
                invented("the batch size is a constant in the code"),
            ),
            Misconception(
                "all gradients are taken at the first weight",
                epoch(renew=False),
                "literature: claim C80, each iteration uses the previous gradient",
            ),
            Misconception("there is one update, with all examples", epoch(lambda y, s: [y]), ONCE),
            Misconception("each example makes an update of its own", epoch(lambda y, s: list(y[:, None])), SINGLE),
            Misconception(
                "the gradients of a batch are added up and not divided by their number", epoch(reduce=np.sum), SUM
            ),
            Misconception(
                "the rate is already in the list of gradients: those are the updates",
                lambda y, size, w, rate: (
                    epoch()(y, size, w, rate)
                    | {"gradients": [rate * g for g in epoch()(y, size, w, rate)["gradients"]]}
                ),
                "observed: gradient and update are exchanged",
            ),
            Misconception(
                "the gradient is that of the square without the half, twice as long",
                epoch(reduce=lambda differences: 2 * np.mean(differences)),
                invented("the penguins' loss of the lesson has no half"),
            ),
            Misconception(
                "the update goes along the gradient, not against it",
                epoch(sign=1.0),
                invented("the minus sign is forgotten"),
            ),
            Misconception(
                "the list of weights begins with the weight at the start",
                lambda y, size, w, rate: (
                    epoch()(y, size, w, rate) | {"weights": [w, *epoch()(y, size, w, rate)["weights"]]}
                ),
                "observed: tried by the author",
            ),
        ],
        hints=[
            "Lesson 1.3 cuts the order into batches: the first `size` numbers, the next `size`, and what is left.",
            "Each update needs three things: its batch, the gradient with the weight *as it is now*, the new weight.",
            "For y = (2, 4, 9), size 2, w = 0, rate 0.5: the first gradient is 0 − 3 = −3, so w = 1.5. The second "
            "batch is (9): gradient 1.5 − 9 = −7.5, so w = 5.25.",
        ],
        **COMMON,
    ),
    Task(
        name="2.5 noise",
        kind="predict",
        objective="2.5b",
        minutes=5,
        difficulty=2,
        points=4,
        cases=slopes,
        alternatives=[noise_by_enumeration],
        equivalent={"g - np.mean(g) → np.mean(g) - g": "it is squared"},
        misconceptions=[
            Misconception(
                "the mean square is divided by the square of the batch size",
                noise(back=lambda v, n, b: v / b**2),
                invented("the mean's 1/B is squared, and the B squares are forgotten"),
            ),
            Misconception(
                "the length of the noise is given, not its mean square",
                noise(back=lambda v, n, b: np.sqrt(v / b), without=lambda v, n, b: np.sqrt(v / b * (n - b) / (n - 1))),
                invented("variance and standard deviation"),
            ),
            Misconception(
                "the length of one example's noise is divided by the batch size, and nothing is squared",
                noise(back=lambda v, n, b: np.sqrt(v) / b),
                invented("the length of the noise is thought to go with 1/B"),
            ),
            Misconception(
                "the noise of a batch is that of one example",
                noise(back=lambda v, n, b: v),
                invented("noise is thought of as a property of the data"),
            ),
            Misconception(
                "how the examples are drawn makes no difference",
                noise(without=lambda v, n, b: v / b),
                "literature: claim C43, stated without the finite-sample factor",
            ),
            Misconception(
                "the factor is (N − B)/N: it is not 1 for a batch of one",
                noise(without=lambda v, n, b: v / b * (n - b) / n),
                invented("nearly the same for large N"),
            ),
            Misconception(
                "the factor is the share that is drawn, not the one that is left",
                noise(without=lambda v, n, b: v / b * b / n),
                invented("drawn and left exchanged"),
            ),
            Misconception(
                "the mean square of one example's noise is divided by n − 1, as for an estimate",
                noise(variance=lambda g: np.var(g, ddof=1)),
                invented("the sample variance of statistics; here all examples are known"),
            ),
            Misconception(
                "the mean is taken over the first `size` slopes, not over all draws",
                lambda g, size: noise()(g, size) | {"mean": np.mean(g[:size])},
                invented("one draw is taken for all draws"),
            ),
            Misconception(
                "the squares are taken of the slopes, not of their distance from the mean",
                noise(variance=lambda g: np.mean(g**2)),
                invented("noise is taken for the gradient itself"),
            ),
        ],
        hints=[
            "Two formulas of the lesson: one for drawing with putting back, and the factor for drawing without.",
            "First σ²: the noise of one example is its slope minus the mean slope; take the mean of the squares. Then "
            "divide by the batch size, then multiply by the share that is left.",
            "Slopes 0, 2, 4, and a batch of 2. Mean 2; squares 4, 0, 4, so σ² = 8/3. Putting back: 4/3. Without: times "
            "(3 − 2)/(3 − 1), that is 2/3.",
        ],
        **COMMON,
    ),
    Task(
        name="2.5 claim",
        kind="counterexample",
        objective="2.5a",
        minutes=4,
        difficulty=2,
        points=4,
        marking=Marking("counterexample", claim="a_step_on_one_example_helps"),
        alternatives=[lambda: np.array([-50.0, 10.0, 10.0, 10.0])],
        misconceptions=[
            Misconception(
                "the first number is like the others, so that its gradient is nearly that of all",
                lambda: np.array([3.0, 2.0, 4.0, 3.0]),
                invented("a typical example is taken"),
            ),
            Misconception(
                "the first number is the smallest of them in size, so that its step is too short to do harm",
                lambda: np.array([1.0, 9.0, 8.0, 9.0]),
                invented("the others are made large, not the first"),
            ),
            Misconception(
                "the step lands exactly at twice the mean, where the loss is what it was at the start",
                lambda: np.array([8.0, 0.0, 0.0, 0.0]),
                "observed: tried by the author",
            ),
            Misconception(
                "there are so few others that the first one decides",
                lambda: np.array([9.0, 0.0]),
                invented("the first is made large, but it has half of the mean"),
            ),
        ],
        hints=[
            "The step goes half way from 0 to y[0]. When is that too far for all of them together?",
            "The mean loss is lowest at the mean of all, and equal at 0 and at twice the mean. Where must it land?",
            "With y = (8, 0, 0, 0) the mean is 2 and the step lands at 4: exactly as bad as at the start.",
        ],
        **COMMON,
    ),
    Task(
        name="2.5 hover",
        kind="trace",
        objective="2.5c",
        minutes=6,
        difficulty=3,
        points=4,
        cases=balances,
        alternatives=[hover_by_repeating],
        equivalent={"1 - rate * curvature → rate * curvature - 1": "it is squared"},
        misconceptions=[
            Misconception(
                "the factor is not squared",
                hover(kept=lambda r, c: 1 - r * c),
                invented("the line for the error is used for its square"),
            ),
            Misconception(
                "the rate is not squared where the noise comes in",
                hover(fresh=lambda r, s, b: r * s**2 / b),
                invented("one square forgotten"),
            ),
            Misconception(
                "the batch size does not come in",
                hover(fresh=lambda r, s, b: r**2 * s**2),
                invented("the noise of one example is used"),
            ),
            Misconception(
                "the noise is divided by the square of the batch size",
                hover(fresh=lambda r, s, b: (r * s / b) ** 2),
                invented("the length of the noise is thought to go with 1/B"),
            ),
            Misconception(
                "the error at the start is not squared", hover(start=lambda e: e), invented("one square forgotten")
            ),
            Misconception(
                "after two updates, the fresh noise of the first one is forgotten",
                lambda e, c, s, r, b: hover()(e, c, s, r, b) | {"after two": (1 - r * c) ** 4 * e**2 + r**2 * s**2 / b},
                "observed: tried by the author",
            ),
            Misconception(
                "the root is taken: the length of the error in place of its mean square",
                lambda *given: {name: np.sqrt(value) for name, value in hover()(*given).items()},
                "observed: tried by the author",
            ),
            Misconception(
                "in the end there is no error left, as without noise",
                hover(end=lambda r, c, s, b, k, f: 0.0),
                invented("noise is thought to cancel in the long run"),
            ),
            Misconception(
                "in the end only the fresh noise of the last update counts",
                hover(end=lambda r, c, s, b, k, f: f),
                invented("what earlier updates left behind is forgotten"),
            ),
            Misconception(
                "the end is that of the approximation for small rates",
                hover(end=lambda r, c, s, b, k, f: r * s**2 / (2 * c * b)),
                "literature: the usual formula for small rates",
            ),
            Misconception(
                "in the end, the factor is not squared: the fresh noise is divided by rate times curvature",
                hover(end=lambda r, c, s, b, k, f: f / (r * c)),
                invented("what is forgotten of the error, not of its square"),
            ),
        ],
        hints=[
            "The line stands above. It has two terms: what is kept of the old error², and what is fresh.",
            "Work out the two numbers first: kept = (1 − ηλ)², fresh = η² σ² / B. In the end: e = kept · e + fresh.",
            "With λ = 2, η = 0.25, σ = 4, B = 8: kept is 0.25 and fresh 0.125. From error 1: after one update 0.375. "
            "In the end e = 0.25 e + 0.125, so e = 1/6.",
        ],
        **COMMON,
    ),
    Task(
        name="2.5 cost",
        kind="predict",
        objective="2.5d",
        minutes=5,
        difficulty=2,
        points=4,
        cases=measured,
        alternatives=[cost_by_loops],
        misconceptions=[
            Misconception(
                "the examples read are those of one update",
                cost(examples=lambda s, u, a, b: s),
                invented("cost of an update for cost of the run"),
            ),
            Misconception(
                "the time of one update is given, not that of all",
                cost(time=lambda s, u, a, b: a + b * s),
                invented("cost of an update for cost of the run"),
            ),
            Misconception(
                "the time for an update is counted once, not for each update",
                cost(time=lambda s, u, a, b: a + b * s * u),
                invented("a fixed cost is taken for one of the whole run"),
            ),
            Misconception(
                "the time for the examples is counted once, as if there were one update",
                cost(time=lambda s, u, a, b: u * a + b * s),
                invented("the bracket is left out"),
            ),
            Misconception(
                "the smallest numbers of examples and milliseconds are given, not the batch sizes that they belong to",
                cost(least=lambda s, u, a, b: (s * u).min(), fastest=lambda s, u, a, b: (u * (a + b * s)).min()),
                invented("min is taken for argmin"),
            ),
            Misconception(
                "every update is counted as if it read one example",
                cost(time=lambda s, u, a, b: u * (a + b)),
                invented("an update is taken to cost the same whatever it reads"),
            ),
            Misconception(
                "the time for an update is counted for each example",
                cost(time=lambda s, u, a, b: u * s * (a + b)),
                invented("updates are taken for examples"),
            ),
            Misconception(
                "the fastest is taken to be the size with the fewest updates",
                cost(fastest=lambda s, u, a, b: s[u.argmin()]),
                invented("an update is taken to cost the same whatever it reads"),
            ),
            Misconception(
                "the fastest is taken to be the size that reads least",
                cost(fastest=lambda s, u, a, b: s[(s * u).argmin()]),
                invented("time is taken to go with examples alone"),
            ),
            Misconception(
                "the smallest batch is taken to read least",
                cost(least=lambda s, u, a, b: s[0]),
                invented("what an update reads for what the run reads"),
            ),
            Misconception(
                "what reads least or is fastest is given by its place in the list, not by its batch size",
                cost(least=lambda s, u, a, b: (s * u).argmin(), fastest=lambda s, u, a, b: (u * (a + b * s)).argmin()),
                invented("argmin is taken for the batch size"),
            ),
        ],
        hints=[
            "A run of so many updates, each of which reads so many examples: what does it read altogether?",
            "One update takes for_an_update + for_an_example · size. How long do all updates of a run take?",
            "Sizes 2 and 10 with 50 and 20 updates; 1 ms for an update, 0.1 for an example. Read: 100 and 200. Time: "
            "50 · 1.2 = 60 ms and 20 · 2 = 40 ms. So 2 reads least, 10 is fastest.",
        ],
        **COMMON,
    ),
]
