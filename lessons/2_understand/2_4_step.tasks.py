"""Tasks of lesson 2.4: trace two steps, foretell the fate of a rate, sort endings, refute; reach: power iteration."""

import numpy as np

from classroom.tasks import Marking, Misconception, Task

UPHILL = "literature: claim C79 of this course, as published: the gradient points where the cost decreases most"
STALE = "literature: Ng, Machine Learning (Coursera), the warning about updating parameters one after the other"
ONCE = "literature: claim C80 of this course, the gradient taken once"
ONE_OVER = "literature: the step 1/L of convergence proofs taken for the limit (Nesterov, 2004)"
NO_ONE = "invented: the 1 of 1 − ηλ is dropped"
ZERO = "literature: Dauphin and others (2014): saddles taken for local minima"
BALL = "literature: the picture of a rolling ball"


# --- trace ----------------------------------------------------------------------------------------------------------


def starts(rng):
    """Both weights and the rate; the first case is the one of the text."""
    yield 2.0, 1.0, 0.1
    for _ in range(2):
        w1, w2 = rng.uniform(0.5, 3, size=2) * rng.choice([-1, 1], size=2)
        yield float(w1), float(w2), float(rng.uniform(0.03, 0.25))


def traced(slopes=lambda w1, w2: (6 * (w1 - 1) + w2, w1 + 2 * w2), sign=-1, late=False, once=False, rated=True):
    """The trace with one of its parts changed."""

    def trace(w1, w2, rate):
        steps, (slope1, slope2) = {}, slopes(w1, w2)
        for step in (1, 2):
            if not once:
                slope1, slope2 = slopes(w1, w2)
            w1 = w1 + sign * (rate if rated else 1) * slope1
            if late:
                slope2 = slopes(w1, w2)[1]
            w2 = w2 + sign * (rate if rated else 1) * slope2
            found = (slope1, slope2, w1, w2)
            names = ("slope of w1, step {}", "slope of w2, step {}", "w1 after step {}", "w2 after step {}")
            steps |= {name.format(step): value for name, value in zip(names, found, strict=True)}
        return steps

    return trace


def trace_as_a_table(w1, w2, rate):
    """Right, with arrays: the slopes are H @ w minus a constant."""
    H, constant, w, steps = np.array([[6.0, 1.0], [1.0, 2.0]]), np.array([6.0, 0.0]), np.array([w1, w2]), {}
    for step in (1, 2):
        slopes = H @ w - constant
        w = w - rate * slopes
        for i in (0, 1):
            steps[f"slope of w{i + 1}, step {step}"], steps[f"w{i + 1} after step {step}"] = slopes[i], w[i]
    return steps


# --- fate -----------------------------------------------------------------------------------------------------------


def bowls(rng):
    """Two curvatures and a rate: the steeper one first or second, rate × curvature on both sides of 1 and of 2.

    One rate lies exactly on the limit, one above that of both parts. Nearly equal speeds are left out: there the last
    digits would decide which part is slower.
    """
    yield 2.0, 10.0, 0.15
    yield 1.0, 4.0, 0.5
    steep = float(rng.uniform(2, 12))
    yield steep, steep * float(rng.uniform(0.83, 0.88)), 2.8 / steep
    for i, product in enumerate(rng.permutation([0.6, 1.3, 1.9, 2.5])):
        while True:
            steep = float(rng.uniform(2, 12))
            gentle, rate = steep * float(rng.uniform(0.05, 0.85)), float(product) / steep
            one, two = abs(1 - product), abs(1 - rate * gentle)
            if abs(one - two) > 0.05 and abs(two - 1) > 0.02:
                break
        yield (gentle, steep, rate) if i % 2 else (steep, gentle, rate)


def foretold(factor=lambda product: 1 - product, limit=lambda one, two: 2 / max(one, two), settles=None, slower=None):
    """The five entries with one of the rules changed."""

    def fate(first, second, rate):
        one, two = factor(rate * first), factor(rate * second)
        return {
            "factor, first": one,
            "factor, second": two,
            "limit": limit(first, second),
            "settles": bool((settles or (lambda a, b: max(abs(a), abs(b)) < 1))(one, two)),
            "slower": (slower or (lambda a, b, *_: 1 if abs(a) > abs(b) else 2))(one, two, first, second),
        }

    return fate


def fate_by_running(first, second, rate):
    """Right: descent from (1, 1) is run and looked at."""
    errors = [np.ones(2)]
    for _ in range(40):
        errors.append(errors[-1] - rate * np.array([first, second]) * errors[-1])
    one, two = errors[1]
    left = np.abs(errors[-1])
    return {
        "factor, first": one,
        "factor, second": two,
        "limit": min(2 / first, 2 / second),
        "settles": bool(np.all(left < 1)),
        "slower": 1 + int(left.argmax()),
    }


# --- endings, counterexample ----------------------------------------------------------------------------------------

ENDS = {"A": "upper right", "B": "lower left", "C": "saddle", "D": "saddle", "E": "same minimum", "F": "elsewhere"}


def ends(**changed):
    return lambda: ENDS | changed


def with_equal_curvatures():
    """Another counterexample: one curvature, the larger rate beyond 1/λ."""
    return 2.0, 2.0, 0.5, 0.9


def with_a_jump():
    """Another: the smaller rate arrives in one step along both."""
    return 5, 5, 0.2, 0.25


# --- power iteration ------------------------------------------------------------------------------------------------


def tables(rng):
    """Symmetric tables of positive curvatures, a first nudge not of length 1, and a few rounds, so that each counts."""
    yield np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([3.0, 4.0]), 2
    for n, rounds in ((2, 1), (3, 3), (4, 2), (6, 5)):
        basis, _ = np.linalg.qr(rng.normal(size=(n, n)))
        H = basis * rng.uniform(0.3, 6, size=n) @ basis.T
        yield (H + H.T) / 2, rng.normal(size=n) * 2, rounds


def power(norm=np.linalg.norm, only_once=False, rayleigh=lambda way, change: way @ change, extra=0):
    """Power iteration with one of its parts changed."""

    def largest_curvature(H, way, rounds):
        for i in range(rounds + extra):
            if not (only_once and i):
                way = way / norm(way)
            change = H @ way
            largest, way = rayleigh(way, change), change
        return largest

    return largest_curvature


def power_by_a_high_power(H, way, rounds):
    """Right: all rounds at once, and the quotient of Rayleigh in the end."""
    way = np.linalg.matrix_power(H, rounds - 1) @ way
    return (way @ H @ way) / (way @ way)


def power_in_loops(H, way, rounds):
    """Right, number by number."""
    n = len(way)
    for _ in range(rounds):
        length = sum(part**2 for part in way) ** 0.5
        way = [part / length for part in way]
        change = [sum(H[i][j] * way[j] for j in range(n)) for i in range(n)]
        largest, way = sum(a * b for a, b in zip(way, change, strict=True)), change
    return float(largest)


def true_largest(H, way, rounds):
    return np.linalg.eigvalsh(H)[-1]


COMMON = {"level": "understand", "points": 5}

tasks = [
    Task(
        name="2.4 trace",
        kind="trace",
        objective="2.4a",
        minutes=5,
        difficulty=2,
        cases=starts,
        alternatives=[trace_as_a_table],
        misconceptions=[
            Misconception("the step goes along the gradient, uphill", traced(sign=1), UPHILL),
            Misconception("the second slope is taken after the first weight has moved", traced(late=True), STALE),
            Misconception("both steps use the slopes of the start", traced(once=True), ONCE),
            Misconception(
                "the term that both weights share is left out of the slopes",
                traced(slopes=lambda w1, w2: (6 * (w1 - 1), 2 * w2)),
                "invented: each weight is thought to go its own way in every bowl",
            ),
            Misconception("the rate is left out", traced(rated=False), "invented: gradient and update taken as one"),
            Misconception(
                "the minimum of the first square is left out: 6 times w1",
                traced(slopes=lambda w1, w2: (6 * w1 + w2, w1 + 2 * w2)),
                "invented: the minimum is thought to lie at 0",
            ),
            Misconception(
                "the two slopes change places",
                traced(slopes=lambda w1, w2: (w1 + 2 * w2, 6 * (w1 - 1) + w2)),
                "invented: a slip in the order of two results",
            ),
        ],
        hints=[
            "Each line that the lesson prints of its first steps holds weight, slope, next weight. Here there are two.",
            "Both slopes are measured at the same place, before either weight moves. Then the next step begins anew.",
            "For L = w1² + w1 w2 from (1, 2) with rate 0.1: the slopes are 2·1 + 2 = 4 and 1, so the weights become "
            "0.6 and 1.9. The next slopes are 2·0.6 + 1.9 = 3.1 and 0.6.",
        ],
        **COMMON,
    ),
    Task(
        name="2.4 fate",
        kind="predict",
        objective="2.4b",
        minutes=6,
        difficulty=3,
        cases=bowls,
        alternatives=[fate_by_running],
        misconceptions=[
            Misconception(
                "the limit is taken for one over the curvature", foretold(limit=lambda a, b: 1 / max(a, b)), ONE_OVER
            ),
            Misconception(
                "the gentle curvature sets the limit",
                foretold(limit=lambda a, b: 2 / min(a, b)),
                "invented: the slow direction is thought to be the endangered one",
            ),
            Misconception(
                "the sum of both curvatures sets the limit, as it does for the fastest rate",
                foretold(limit=lambda a, b: 2 / (a + b)),
                "literature: 2/(L + μ), the fastest rate of a bowl, taken for the limit (Polyak, 1987)",
            ),
            Misconception(
                "rate times curvature is taken for the factor", foretold(factor=lambda product: product), NO_ONE
            ),
            Misconception(
                "the sign of the factors is dropped",
                foretold(factor=lambda product: abs(1 - product)),
                "invented: only sizes are compared",
            ),
            Misconception(
                "crossing the minimum is taken for not settling",
                foretold(settles=lambda a, b: min(a, b) >= 0 and max(a, b) < 1),
                "invented: overshooting taken for divergence",
            ),
            Misconception(
                "a factor below −1 is taken for settling, since it is below 1",
                foretold(settles=lambda a, b: max(a, b) < 1),
                "invented: tried from the task's text; the sign is left in a comparison of sizes",
            ),
            Misconception(
                "rate times curvature is added to 1, as if the step went uphill",
                foretold(factor=lambda product: 1 + product),
                "invented: tried from the task's text; the minus sign of the step",
            ),
            Misconception(
                "twice rate times curvature is taken from 1",
                foretold(factor=lambda product: 1 - 2 * product),
                "invented: tried from the task's text; the slope of λ w² in place of that of λ w² / 2",
            ),
            Misconception(
                "one part that settles is taken for both",
                foretold(settles=lambda a, b: min(abs(a), abs(b)) < 1),
                "invented: or for and",
            ),
            Misconception(
                "a factor of size 1 is taken for settling",
                foretold(settles=lambda a, b: max(abs(a), abs(b)) <= 1),
                "invented: at the limit itself the error stays as it is",
            ),
            Misconception(
                "the part that shrinks more is called the slower one",
                foretold(slower=lambda a, b, *_: 1 if abs(a) < abs(b) else 2),
                "invented: a small factor is taken for a small change",
            ),
            Misconception(
                "the gentle part is always called the slower one, or a negative factor the smaller one",
                foretold(slower=lambda a, b, *_: 1 if a > b else 2),
                "invented: gentle is taken for slow, also near the limit of the steep part",
            ),
        ],
        hints=[
            "The section on two weights: two lines, each with a factor of its own.",
            "Settling asks for both sizes, the limit for the larger curvature, slowness for the larger size.",
            "Curvatures 1 and 3, rate 0.5: factors 0.5 and −0.5, limit 2/3, both settle, equally fast. At rate 0.6 "
            "they are 0.4 and −0.8: the steep part is now the slower one.",
        ],
        equivalent={
            "max(second, first, …)": "the larger of two, in either order",
            "max(abs(two), abs(one), …)": "the larger of two, in either order",
            "abs(one) > abs(two) → abs(one) >= abs(two)": "no two parts are equally fast",
        },
        **COMMON,
    ),
    Task(
        name="2.4 endings",
        kind="explain",
        objective="2.4d",
        minutes=5,
        difficulty=3,
        probe="labels",
        misconceptions=[
            Misconception("a run on the diagonal is thought to leave the saddle point", ends(C="upper right"), ZERO),
            Misconception("a run on the diagonal is thought to fall to the lower left", ends(C="lower left"), ZERO),
            Misconception("a large rate is thought to leave a place of slope zero", ends(D="upper right"), BALL),
            Misconception(
                "a start between the two curves is thought to go to the one nearer to its first weight",
                ends(B="upper right"),
                "invented: the sign of the first weight is taken for the rule",
            ),
            Misconception("a saddle point is thought to catch what comes near", ends(A="saddle"), ZERO),
            Misconception("a saddle point is thought to catch what begins below it", ends(B="saddle"), ZERO),
            Misconception(
                "every minimum is thought to hold what begins beside it, whatever the rate",
                ends(F="same minimum"),
                "literature: claim C41 of this course, a minimum as a place that always holds",
            ),
            Misconception("the limit is taken for one over the curvature", ends(E="elsewhere"), ONE_OVER),
        ],
        hints=[
            "Three pieces of the lesson: the figure with two starts 0.002 apart, the slopes at (0, 0), the limit 2/λ.",
            "A to C: is w1 + w2 above, below or at zero? D: what are the slopes? E, F: is rate × curvature below 2?",
            "Beside the minimum (2, 0.5) the curvature is 2 · 4.25 = 8.5. With rate 0.2 the product is 1.7: it stays. "
            "With rate 0.3 it is 2.55: it leaves.",
        ],
        **COMMON,
    ),
    Task(
        name="2.4 counterexample",
        kind="counterexample",
        objective="2.4b",
        minutes=5,
        difficulty=4,
        marking=Marking("counterexample", claim="the_larger_stable_rate_is_faster"),
        alternatives=[with_equal_curvatures, with_a_jump],
        misconceptions=[
            Misconception(
                "both rates lie below one over the largest curvature, where the larger is always faster",
                lambda: (1.0, 4.0, 0.1, 0.2),
                "invented: the first pair of rates that comes to mind",
            ),
            Misconception(
                "the larger rate lies above the limit, of which the claim does not speak",
                lambda: (1.0, 4.0, 0.3, 0.6),
                "invented: divergence as the one way to be slow",
            ),
            Misconception(
                "the steep part slows down, but the gentle one, which is slower still, gains",
                lambda: (0.1, 4.0, 0.2, 0.45),
                "invented: only the steep part is looked at",
            ),
        ],
        hints=[
            "Look at the right panel of the figure with the factors: where does a larger rate need more steps?",
            "The slower part decides. Make the steep part the slower one: its factor near −1 at the larger rate.",
            "Curvature 3 alone, rate 0.6: the factor is −0.8, and it settles. Which smaller rates leave less than 0.8 "
            "of the error in a step? Then: does your second curvature leave more than that at one of the rates?",
        ],
        **COMMON,
    ),
    Task(
        name="2.4 power iteration",
        kind="implement",
        level="apply",
        objective="2.4c",
        minutes=8,
        difficulty=3,
        points=5,
        reach=True,
        cases=tables,
        alternatives=[power_by_a_high_power, power_in_loops],
        misconceptions=[
            Misconception(
                "the nudge is brought to length 1 only at first",
                power(only_once=True),
                "invented: a line before the loop",
            ),
            Misconception(
                "the nudge is never brought to length 1",
                power(norm=lambda way: 1.0),
                "invented: a line of the loop left out",
            ),
            Misconception(
                "the nudge is divided by its sum, not by its length",
                power(norm=np.sum),
                "invented: normalised as probabilities are",
            ),
            Misconception(
                "the length of the change is returned, not the curvature along the nudge",
                power(rayleigh=lambda way, change: np.linalg.norm(change)),
                "literature: both give the largest curvature in the end (Golub and Van Loan, 2013)",
            ),
            Misconception("there is one round too many", power(extra=1), "invented: off by one"),
            Misconception(
                "the nudge is divided by its squared length",
                power(norm=lambda way: way @ way),
                "invented: the root is forgotten",
            ),
            Misconception(
                "the exact largest curvature is computed, not what so many rounds give",
                true_largest,
                "invented: a library function in the place of the method",
            ),
        ],
        hints=[
            "`sharpest` in the lesson does it; in the place of two gradients there is `H @ way`.",
            "In each round: length 1, change, curvature = sum of nudge × change, and the change is the next nudge.",
            "H = [[3, 0], [0, 1]], way (1, 1): length 1 gives (0.71, 0.71), the change (2.1, 0.71), the curvature 2. "
            "The next nudge is (0.95, 0.32), and its curvature 2.8.",
        ],
        equivalent={
            "H @ way → way @ H": "the table is symmetric",
            "way @ change → change @ way": "a sum of products, in either order",
        },
    ),
]
