"""Tasks of the closing page of level 2, on wines: forward, backward, a rate, eight reasons, two sentences to break."""

import math

import numpy as np

from classroom import data
from classroom.tasks import Marking, Misconception, Task

SUM = "forum: stats.stackexchange.com 201452, minimise the mean loss over the batches instead of the sum?"
TWICE = "forum: github.com/vahidk/EffectiveTensorflow issue 9, softmax applied twice"
ONE_OVER = "literature: the step 1/L of convergence proofs taken for the limit (Nesterov, 2004)"
UPHILL = "literature: claim C79 of this course, as published: the gradient points where the cost decreases most"
STALE = "literature: Ng, Machine Learning (Coursera), the warning about updating parameters one after the other"


def invented(what):
    return f"invented: {what}"


def measured(columns):
    """Columns of the wines, each with mean 0 and standard deviation 1, and the kinds."""
    x = data.wines().x[:, columns].astype(float)
    return (x - x.mean(axis=0)) / x.std(axis=0), data.wines().y


# ---- 1: forward


def networks(rng):
    """Two measurements of a wine, a network of two units (so that a forgotten .T runs) or three, the right kind."""
    yield np.array([1.0, -1.0]), np.array([[1.0, 2], [3, 1]]), np.zeros(2), np.eye(3)[:, :2], np.array([0, 0, 1.0]), 1
    table, kinds = measured([0, 12])
    for units in (2, 3, 4):
        while True:
            wine = int(rng.integers(len(kinds)))
            V, c = rng.normal(size=(units, 2)), rng.uniform(0.3, 1, size=units) * rng.choice([-1, 1], size=units)
            sums = V @ table[wine] + c
            if min(sums) < -0.1 and max(sums) > 0.1:  # one unit off, one on
                break
        yield table[wine].round(2), V.round(2), c.round(2), rng.normal(size=(3, units)).round(2), \
            rng.uniform(0.3, 1, size=3).round(2), int(kinds[wine])  # fmt: skip


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def passed(sums=None, sent=None, logits=None, probabilities=None, loss=None):
    """forward, with some of its steps replaced."""

    def forward(x, V, c, W, b, kind):
        z = (sums or (lambda x, V, c: V @ x + c))(x, V, c)
        h = (sent or (lambda z: np.maximum(z, 0)))(z)
        out = (logits or (lambda h, W, b: W @ h + b))(h, W, b)
        p = (probabilities or softmax)(out)
        cost = (loss or (lambda p, kind: -np.log(p[kind])))(p, kind)
        return {"sums": z, "sent": h, "logits": out, "probabilities": p, "loss": cost}

    return forward


def forward_by_loops(x, V, c, W, b, kind):
    """Right, number by number."""
    sums = [sum(w * a for w, a in zip(row, x, strict=True)) + bias for row, bias in zip(V, c, strict=True)]
    sent = [z if z > 0 else 0.0 for z in sums]
    logits = [sum(w * a for w, a in zip(row, sent, strict=True)) + bias for row, bias in zip(W, b, strict=True)]
    total = sum(math.exp(z) for z in logits)
    p = [math.exp(z) / total for z in logits]
    return {"sums": sums, "sent": sent, "logits": logits, "probabilities": p, "loss": math.log(total) - logits[kind]}


# ---- 2: backward


def chains(rng):
    """A measurement, its answer, weights, a rate: the unit on for a yes, on for a no, off; the first by hand."""
    yield 2.0, 1, 1.0, -1.0, 1.0, 0.1
    table, kinds = measured([12])
    for on, yes in [(True, 1), (True, 0), (False, int(rng.integers(2)))]:
        while True:
            wine = int(rng.choice(np.flatnonzero((kinds == 0) == yes)))
            drawn = table[wine, 0], *(rng.uniform(0.3, 2, size=3) * rng.choice([-1, 1], size=3)), rng.uniform(0.1, 0.9)
            x, w, b, v, rate = (round(float(number), 2) for number in drawn)
            z = w * x + b
            if abs(x) > 0.2 and ((z > 0.2) if on else (-0.9 < z < -0.2)):
                break
        yield x, yes, w, b, v, rate


def traced(
    error=lambda p, y: p - y, slope=lambda z: float(z > 0), change=lambda s: {}, step=lambda rate: -rate, renewed=False
):
    """backward, with a rule changed."""

    def backward(x, y, w, b, v, rate):
        z = w * x + b
        h = max(z, 0.0)
        s = error(1 / (1 + math.exp(-v * h)), y)
        new_v = v + step(rate) * s * h
        to_h = s * (new_v if renewed else v)
        steps = {"s": s, "v": s * h, "h": to_h, "z": to_h * slope(z), "w": to_h * slope(z) * x}
        steps |= change(dict(x=x, y=y, w=w, b=b, v=v, z=z, **{"to " + name: g for name, g in steps.items()}))
        return steps | {"new w": w + step(rate) * steps["w"], "new v": v + step(rate) * steps["v"]}

    return backward


def backward_by_nudging(x, y, w, b, v, rate):
    """Right, but for rounding: the loss is computed with each number nudged a little, to both sides."""

    def loss(w=w, h=None, z=None, v=v, s=None):
        z = w * x + b if z is None else z
        h = max(z, 0.0) if h is None else h
        s = v * h if s is None else s
        return math.log1p(math.exp(s)) - y * s

    z = w * x + b
    at = {"s": v * max(z, 0.0), "v": v, "h": max(z, 0.0), "z": z, "w": w}
    steps = {name: (loss(**{name: value + 1e-6}) - loss(**{name: value - 1e-6})) / 2e-6 for name, value in at.items()}
    return steps | {"new w": w - rate * steps["w"], "new v": v - rate * steps["v"]}


# ---- 3: the rate


def columns(rng):
    """A few wines' measurements, a rate on each side of one over the curvature and of the limit, another unit."""
    yield np.array([1.0, 2.0, 3.0]), 0.1, 10.0
    x = data.wines().x.astype(float)
    for i, product in enumerate(rng.permutation([0.6, 1.4, 1.9, 2.3])):
        column = x[rng.choice(len(x), 5 + i, replace=False), int(rng.choice([1, 6, 9]))].round(2)
        yield (
            column,
            float(product * rng.uniform(0.97, 1.03) / (2 * np.mean(column**2))),
            float(rng.choice([0.1, 5, 20])),
        )


def foretold(
    curvature=lambda x: 2 * np.mean(x**2),
    factor=lambda product: 1 - product,
    settles=lambda product: abs(1 - product) < 1,
    limit=lambda curvature: 2 / curvature,
    unit=lambda limit, k: limit / k**2,
):
    """foretell, with a rule changed."""

    def foretell(x, rate, k):
        bend = curvature(x)
        found = {"curvature": bend, "factor": factor(rate * bend), "settles": bool(settles(rate * bend))}
        return found | {"largest rate": limit(bend), "largest rate, new unit": unit(limit(bend), k)}

    return foretell


def foretell_by_running(x, rate, k):
    """Right: the factor from one step, settling from forty, the new unit by doing it all again."""

    def bend(x):
        slope = lambda w: 2 * np.mean((w * x - x) * x)  # the best weight is 1  # noqa: E731
        return slope(3.0) - slope(2.0)

    errors = [1.0]
    for _ in range(200):
        errors.append(errors[-1] - rate * bend(x) * errors[-1])
    found = {"curvature": bend(x), "factor": errors[1], "settles": abs(errors[-1]) < 1}
    return found | {"largest rate": 2 / bend(x), "largest rate, new unit": 2 / bend(k * x)}


# ---- 4 to 6

RAW = "columns as they are: at rate 0.0001 the loss jumps; with standard deviation 1, rate 0.5 does well"
STRAIGHT = "13-40-40-3 without activations can tell no more wines apart than 13-3"
PERFECT = "a network is perfect, yet the loss that it reports stays at 0.55"
DEEP = "in ten layers of sigmoids, the first layer's gradient is far smaller than the last one's"
STILL = "one ReLU's weights keep, to the last digit, the values that they had 200 epochs ago"
HOVER = "batches of one wine hover above the lowest loss, batches of twenty lower, at the same rate"
CHEAP = "three hundred gradients cost about as much as a few forward passes"
WITHOUT = "a unit is on for each Barolo; without it, each Barolo is still told"
REASONS = {
    RAW: "curvature",
    STRAIGHT: "collapse",
    PERFECT: "softmax twice",
    DEEP: "product of slopes",
    STILL: "off for all",
    HOVER: "gradient noise",
    CHEAP: "one sweep",
    WITHOUT: "use is not response",
}


def because(**changed):
    names = {"raw": RAW, "straight": STRAIGHT, "perfect": PERFECT, "deep": DEEP, "still": STILL, "hover": HOVER,
             "cheap": CHEAP, "without": WITHOUT}  # fmt: skip
    return lambda: REASONS | {names[name]: word for name, word in changed.items()}


def pair(first, second):
    return lambda: (np.array(first), np.array(second))


COMMON = {"level": "understand", "points": 5}

tasks = [
    Task(
        name="2.10 forward",
        kind="trace",
        objective="2.10a",
        minutes=6,
        difficulty=2,
        cases=networks,
        alternatives=[forward_by_loops],
        equivalent={"maximum(0, steps['sums'], …)": "the larger of two numbers, in either order"},
        misconceptions=[
            Misconception(
                "the hidden layer sends its sums on unbent", passed(sent=lambda z: z), invented("a step left out")
            ),
            Misconception(
                "the hidden layer bends with a sigmoid, not a ReLU",
                passed(sent=lambda z: 1 / (1 + np.exp(-z))),
                invented("the curve of level 1"),
            ),
            Misconception(
                "ReLU takes the size of a negative sum, not 0",
                passed(sent=np.abs),
                invented("max(0, z) is read as a size"),
            ),
            Misconception(
                "the logits, too, are sent through a ReLU",
                passed(logits=lambda h, W, b: np.maximum(W @ h + b, 0)),
                invented("every layer is thought to bend"),
            ),
            Misconception(
                "the hidden biases are left out", passed(sums=lambda x, V, c: V @ x), invented("a formula cut short")
            ),
            Misconception(
                "the output biases are left out",
                passed(logits=lambda h, W, b: W @ h),
                invented("a formula cut short"),
            ),
            Misconception(
                "each logit goes through a sigmoid of its own, not all through a softmax",
                passed(probabilities=lambda z: 1 / (1 + np.exp(-z))),
                "forum: stats.stackexchange.com 233658, softmax vs sigmoid",
            ),
            Misconception(
                "the logits are divided by their sum, without the exponentials",
                passed(probabilities=lambda z: z / z.sum(), loss=lambda p, kind: -np.log(abs(p[kind]))),
                "forum: stackoverflow 17187507, why use softmax as opposed to standard normalization",
            ),
            Misconception("softmax is applied twice", passed(probabilities=lambda z: softmax(softmax(z))), TWICE),
            Misconception(
                "the cost is that of the most probable kind, not of the right one",
                passed(loss=lambda p, kind: -np.log(p.max())),
                invented("the network's own answer is taken for the label"),
            ),
            Misconception(
                "the minus sign of the cross-entropy is missing",
                passed(loss=lambda p, kind: np.log(p[kind])),
                invented("ln p in place of −ln p"),
            ),
            Misconception(
                "the costs of all kinds are averaged, not only that of the right one taken",
                passed(loss=lambda p, kind: -np.log(p).mean()),
                invented("tried by the author; a mean where a choice is meant"),
            ),
            Misconception(
                "the cost is one minus the probability of the right kind",
                passed(loss=lambda p, kind: 1 - p[kind]),
                invented("the missing probability is taken for the cost"),
            ),
        ],
        hints=[
            "Five lines, each from the one before. Sums and bend: 2.1. Softmax: 2.2. The cost: 2.3.",
            "Weights (units, 2) and x (2,): `V @ x`. Softmax: e to each logit, over their total. Cost: −ln of one p.",
            "Sums (2, −1) send (2, 0). Logits (ln 3, 0, 0): powers 3, 1, 1, so p = (0.6, 0.2, 0.2). Kind 1 costs 1.61.",
        ],
        **COMMON,
    ),
    Task(
        name="2.10 backward",
        kind="trace",
        objective="2.10b",
        minutes=8,
        difficulty=3,
        cases=chains,
        alternatives=[backward_by_nudging],
        equivalent={
            "z > 0 → z >= 0": "no sum is exactly 0",
            "max(0.0, z, …)": "the larger of two numbers, in either order",
        },
        misconceptions=[
            Misconception(
                "the gradient passes a ReLU that is off, as if its slope were 1",
                traced(slope=lambda z: 1.0),
                invented("the bend is only thought of on the way forward"),
            ),
            Misconception(
                "the slope of the sigmoid comes in at the hidden unit, which is a ReLU",
                traced(slope=lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
                invented("one rule for all activations"),
            ),
            Misconception(
                "at the logit stands p, without the right answer y",
                traced(error=lambda p, y: p),
                invented("p − y without the y"),
            ),
            Misconception(
                "at the logit the sign is turned, y − p",
                traced(error=lambda p, y: y - p),
                invented("the pull is taken for the slope"),
            ),
            Misconception(
                "p − y is multiplied by the slope of the sigmoid, as for the squared error",
                traced(error=lambda p, y: (p - y) * p * (1 - p)),
                invented("the factor of the squared error carried over"),
            ),
            Misconception("the step goes with the gradient, not against it", traced(step=lambda rate: rate), UPHILL),
            Misconception(
                "the step is the whole gradient; the rate is left out",
                traced(step=lambda rate: -1),
                invented("tried by the author; gradient and update are taken for one"),
            ),
            Misconception(
                "at the ReLU the gradient is multiplied by its value, not by its slope",
                traced(slope=lambda z: max(z, 0.0)),
                invented("tried by the author; value and slope are confused"),
            ),
            Misconception(
                "the gradient goes back through the new v; it belongs to the old one",
                traced(renewed=True),
                STALE,
            ),
            Misconception(
                "the gradients at v and at the unit's output are exchanged: each is multiplied by the other factor",
                traced(change=lambda n: {"v": n["to h"], "h": n["to v"]}),
                invented("the local derivative of a product is taken for the number itself"),
            ),
            Misconception(
                "at w the measurement is left out: the gradient of z is handed on as it is",
                traced(change=lambda n: {"w": n["to z"]}),
                invented("the last factor is forgotten"),
            ),
            Misconception(
                "at w the gradient is multiplied by w, not by x",
                traced(change=lambda n: {"w": n["to z"] * n["w"]}),
                invented("the local derivative of a product is taken for the number itself"),
            ),
        ],
        hints=[
            "Forward first: z, h, s, p. Then backward from s, one node at a time, as in 2.6.",
            "On the line from one factor of a product stands the other. A ReLU's line has 1 or 0. Use old values.",
            "x = 1, w = 2, b = 0, v = 1, y = 1: s = 2, p = 0.88. At s −0.12; v −0.24; h −0.12; z −0.12; w −0.12.",
        ],
        **COMMON,
    ),
    Task(
        name="2.10 rate",
        kind="predict",
        objective="2.10c",
        minutes=6,
        difficulty=3,
        cases=columns,
        alternatives=[foretell_by_running],
        equivalent={
            "abs(1 - rate * curvature) < 1 → abs(1 - rate * curvature) <= 1": "no rate lies on the limit",
            "1 - rate * curvature → rate * curvature - 1 (2)": "the size is the same",
        },
        misconceptions=[
            Misconception(
                "the curvature lacks the factor 2 of the square",
                foretold(curvature=lambda x: np.mean(x**2)),
                invented("from a loss with one half"),
            ),
            Misconception(
                "the curvature is summed over the wines; the loss is a mean",
                foretold(curvature=lambda x: 2 * np.sum(x**2)),
                SUM,
            ),
            Misconception(
                "the mean is squared, not the measurements",
                foretold(curvature=lambda x: 2 * np.mean(x) ** 2),
                invented("the mean is taken too early"),
            ),
            Misconception(
                "the curvature is taken from the spread; but here the measurements are not centred",
                foretold(curvature=lambda x: 2 * np.var(x)),
                invented("the standardised case carried over"),
            ),
            Misconception(
                "the factor is rate times curvature",
                foretold(factor=lambda product: product),
                invented("the 1 of 1 − ηλ is dropped"),
            ),
            Misconception(
                "the factor's sign is dropped; below 0 the weight changes sides",
                foretold(factor=lambda product: abs(1 - product)),
                invented("only the size is looked at"),
            ),
            Misconception(
                "the largest rate is one over the curvature; there descent arrives in one step",
                foretold(limit=lambda curvature: 1 / curvature),
                ONE_OVER,
            ),
            Misconception(
                "crossing the minimum is taken for divergence",
                foretold(settles=lambda product: product < 1),
                ONE_OVER,
            ),
            Misconception(
                "the rate changes like the unit; the curvature has its square",
                foretold(unit=lambda limit, k: limit / k),
                invented("proportional reasoning"),
            ),
            Misconception(
                "the unit of the measurement has no say in the rate",
                foretold(unit=lambda limit, k: limit),
                invented("units are thought to be names only"),
            ),
            Misconception(
                "larger measurements are given a larger rate",
                foretold(unit=lambda limit, k: limit * k**2),
                invented("rate and curvature are thought to grow together"),
            ),
        ],
        hints=[
            "Write the loss as a parabola in w: which number stands before w²? The curvature is twice that, see 2.4.",
            "Each step multiplies the error by 1 − ηλ. It settles if that lies between −1 and 1. What does k do to x²?",
            "x = (1, 3): mean of squares 5, curvature 10, limit 0.2. Rate 0.15: factor −0.5. For k = 10: limit 0.002.",
        ],
        **COMMON,
    ),
    Task(
        name="2.10 reasons",
        kind="explain",
        objective="2.10b",
        minutes=5,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "columns of large numbers are taken for outliers; they are large in every row",
                because(raw="outliers"),
                invented("large is heard as exceptional"),
            ),
            Misconception(
                "a rate that is too large is taken for noise; this jump comes with all wines in the batch, too",
                because(raw="gradient noise", hover="curvature"),
                invented("both make the loss go up and down"),
            ),
            Misconception(
                "slopes that multiply and layers that collapse are exchanged: one speaks of gradients, one of outputs",
                because(straight="product of slopes", deep="collapse"),
                invented("both are about many layers"),
            ),
            Misconception(
                "a gradient of exactly 0 is taken for a product of small slopes, which is never 0",
                because(still="product of slopes", deep="off for all"),
                invented("vanishing and off are taken for one"),
            ),
            Misconception(
                "a unit whose weights do not move, and one that is not needed, are taken for each other",
                because(still="use is not response", without="off for all"),
                invented("response and use are taken for one"),
            ),
            Misconception(
                "a floor of the loss is put down to wines that are hard; but the network is perfect",
                because(perfect="outliers"),
                invented("what is left of a loss is blamed on the data"),
            ),
            Misconception(
                "a floor of the loss is put down to noise; but a perfect network has none left",
                because(perfect="gradient noise", hover="outliers"),
                invented("hovering and a floor look alike in a curve"),
            ),
            Misconception(
                "cheap gradients are put down to layers that collapse; these do not",
                because(cheap="collapse", straight="one sweep"),
                invented("both save numbers"),
            ),
        ],
        hints=[
            "Sort first: which events are about outputs, which about gradients, the step, or a unit?",
            "Ask of each reason what one would see: a number that is exactly 0, a height that depends on the batch, a "
            "floor that stays though all is right.",
            "Of penguins: in millimetres the largest rate is a hundredth of that in centimetres: curvature.",
        ],
        **COMMON,
    ),
    Task(
        name="2.10 sentence",
        kind="counterexample",
        objective="2.10d",
        minutes=4,
        difficulty=2,
        marking=Marking("counterexample", claim="more_right_means_lower_cross_entropy"),
        alternatives=[pair([0.51, 0.51], [0.99, 0.49])],
        misconceptions=[
            Misconception(
                "the first network is right more often and surer, so its loss is lower, too",
                pair([0.9, 0.9, 0.4], [0.6, 0.4, 0.4]),
                invented("accuracy and loss are thought to go together"),
            ),
            Misconception(
                "the two networks are given in the other order",
                pair([0.9, 0.4, 0.4], [0.6, 0.6, 0.001]),
                invented("first and second exchanged"),
            ),
            Misconception(
                "both have equally many right, so that the claim says nothing",
                pair([0.6, 0.6, 0.001], [0.9, 0.9, 0.4]),
                invented("equal is taken for more"),
            ),
            Misconception(
                "the first network's mistake is too mild to outweigh the rest",
                pair([0.9, 0.9, 0.3], [0.6, 0.4, 0.4]),
                invented("a confident mistake is thought to cost little more than a mild one"),
            ),
        ],
        hints=[
            "What makes a cross-entropy large, though most examples are right? See *wrong and sure* in 2.3.",
            "Let the first network be right narrowly and wrong for sure; let the second be wrong narrowly.",
            "−ln 0.6 = 0.51, −ln 0.4 = 0.92, −ln 0.01 = 4.61. How many narrow misses cost as much as one sure mistake?",
        ],
        **COMMON,
    ),
    Task(
        name="2.10 unit",
        kind="counterexample",
        objective="2.10d",
        minutes=4,
        difficulty=2,
        marking=Marking("counterexample", claim="where_the_unit_is_on_there_is_a_barolo"),
        alternatives=[lambda: 158],
        misconceptions=[
            Misconception(
                "the wine turns the unit on and is a Barolo: that confirms, it does not contradict",
                lambda: 3,
                invented("examples that confirm are sought"),
            ),
            Misconception(
                "the wine is no Barolo, but the unit is off for it: of such wines the sentence does not speak",
                lambda: 100,
                invented("the sentence is turned round: where it is off there is none"),
            ),
            Misconception(
                "the wine is a Barolo for which the unit is off: that breaks another sentence",
                lambda: 4,
                invented("the sentence is turned round: where there is a Barolo it is on"),
            ),
        ],
        hints=[
            "The sentence speaks of wines that turn the unit on. Which of these would contradict it?",
            "Compute the sum for all rows at once. `np.flatnonzero(condition)` gives the rows where a condition holds.",
            "Which penguins are heavy and no Gentoo? `np.flatnonzero((mass > 5000) & (species != 2))`.",
        ],
        **COMMON,
    ),
]
