"""Tasks of lesson 2.6: trace a graph both ways, its cost, the missing line, two claims to break; reach: the sweep."""

import numpy as np

from classroom.tasks import Marking, Misconception, Task

REUSED = "forum: github.com/karpathy/micrograd issue 2, re-used values"
RECURSION = "forum: github.com/karpathy/micrograd issues 21, 68 and 96, backward without an order"
PATHS = "forum: discuss.d2l.ai 12605, multiplying or adding along paths"
INVENTED = "invented: "


# ---- trace


def graphs(rng):
    """w, x, u, v: one example that is easy by hand, then drawn ones of both signs."""
    yield 2.0, 5.0, 3.0, 4.0
    for _ in range(2):
        yield tuple(float(n) for n in rng.choice([-1, 1], size=4) * rng.uniform(0.5, 3, size=4))


def traced(w, x, u, v, **changed):
    """The right trace, with some gradients found in another way: each a function of s, r, u and x."""
    p = w * x
    r, s = u * p, p + v
    found = {"p": p, "r": r, "s": s, "y": r * s, "r follows w": u * x, "s follows w": x}
    at_r, at_s = changed.get("ends", lambda s, r: (s, r))(s, r)
    at_p = changed.get("meet", lambda a, b: a + b)(u * at_r, at_s)
    at_w = changed.get("first", lambda at_p, x, early: x * at_p)(at_p, x, u * at_r)
    return found | {"gradient r": at_r, "gradient s": at_s, "gradient p": at_p, "gradient w": at_w}


def variant(**changed):
    return lambda w, x, u, v: traced(w, x, u, v, **changed)


def forward_in_single_steps(w, x, u, v):
    found = traced(w, x, u, v)
    return found | {"r follows w": u, "s follows w": 1.0}


def values_for_slopes(w, x, u, v):
    return traced(w, x, u, v) | {"r follows w": u * w * x, "s follows w": w * x + v}


def own_factor(w, x, u, v):
    found = traced(w, x, u, v)
    return found | {"r follows w": u * w, "s follows w": w, "gradient w": w * found["gradient p"]}


def in_closed_form(w, x, u, v):
    """Right, since y = u p (p + v)."""
    p = w * x
    at_p = 2 * u * p + u * v
    values = {"p": p, "r": u * p, "s": p + v, "y": u * p * (p + v), "r follows w": u * x, "s follows w": x}
    return values | {"gradient r": p + v, "gradient s": u * p, "gradient p": at_p, "gradient w": at_p * x}


# ---- cost


def chains(rng):
    """Pieces, ways, weights: unequal, so that no two counts agree by chance."""
    yield 3, 2, 10
    for _ in range(3):
        ways = int(rng.integers(2, 5))
        yield int(rng.integers(5, 8)), ways, int(rng.integers(20, 3000))


def counted(paths=lambda n, m: m**n, lines=lambda n, m: 2 * m * n, passes=lambda weights: 2 * weights):
    return lambda pieces, ways, weights: {
        "paths": paths(pieces, ways), "lines": lines(pieces, ways), "passes": passes(weights),
    }  # fmt: skip


def counted_by_building(pieces, ways, weights):
    """Right: the chain is built, its paths are summed node by node."""
    paths, lines = 1, []
    for i in range(pieces):
        lines += [(i, i, j) for j in range(ways)] + [(i, j, i + 1) for j in range(ways)]
        paths = sum(paths for _ in range(ways))
    return {"paths": paths, "lines": len(lines), "passes": len([(k, way) for k in range(weights) for way in "+-"])}


# ---- the missing line

FAULTS = {"A": "p to r", "B": "w to s", "C": "s to y", "D": "overwrites", "E": "sends too early"}


def fault(**changed):
    return lambda: FAULTS | changed


# ---- claims to break


# ---- the sweep


def graph(rng, count, extra):
    """Sources, results, local derivatives and the number of nodes; from every node a way leads to the last."""
    pairs = {(i, int(rng.integers(i + 1, count))) for i in range(count - 1)}
    while len(pairs) < count - 1 + extra:
        pairs.add(tuple(sorted(int(i) for i in rng.choice(count, size=2, replace=False))))
    lines = rng.permutation(sorted(pairs))
    return lines[:, 0], lines[:, 1], rng.choice([-1, 1], size=len(lines)) * rng.uniform(0.5, 2, len(lines)), count


def drawn_graphs(rng):
    """First the diamond of the lesson, in an order that only the right sweep survives; once a · a, with two lines."""
    yield np.array([0, 1, 1, 2, 3]), np.array([1, 2, 3, 4, 4]), np.array([2.0, 3.0, 4.0, 1.0, 1.0]), 5
    yield np.array([0]), np.array([1]), np.array([-1.5]), 2
    yield np.array([0, 1, 0]), np.array([1, 2, 1]), np.array([2.0, -1.5, 2.0]), 3  # two lines side by side
    for count, extra in ((6, 4), (8, 6), (10, 9)):
        yield graph(rng, count, extra)


def swept(order, add=True, start=1.0, others=0.0):
    def sweep(sources, results, local, count):
        gradient = np.full(count, others)
        gradient[count - 1] = start
        for i in order(sources, results):
            part = local[i] * gradient[results[i]]
            gradient[sources[i]] = gradient[sources[i]] + part if add else part
        return gradient

    return sweep


def youngest_first(sources, results):
    return np.argsort(-results, kind="stable")


def sweep_at_once(sources, results, local, count):
    gradient = np.zeros(count)
    gradient[count - 1] = 1

    def send(node):
        for i in np.flatnonzero(results == node):
            gradient[sources[i]] += local[i] * gradient[node]
            send(sources[i])

    send(count - 1)
    return gradient


def sweep_of_products(sources, results, local, count):
    gradient, reached = np.ones(count), np.zeros(count, dtype=bool)
    reached[count - 1] = True
    for i in youngest_first(sources, results):
        gradient[sources[i]] *= local[i] * gradient[results[i]]
        reached[sources[i]] = True
    return gradient * reached


def sweep_forward(sources, results, local, count):
    speed = np.zeros(count)
    speed[0] = 1
    for i in np.argsort(results, kind="stable"):
        speed[results[i]] += local[i] * speed[sources[i]]
    return speed


def sweep_without_local(sources, results, local, count):
    return swept(youngest_first)(sources, results, np.ones(len(local)), count)


def sweep_by_places(sources, results, local, count):
    gradient = np.zeros(count)
    gradient[count - 1] = 1
    for node in range(count - 1, 0, -1):
        into = results == node
        gradient[sources[into]] += local[into] * gradient[node]
    return gradient


def sweep_of_local_derivatives(sources, results, local, count):
    gradient = np.bincount(sources, weights=local, minlength=count)
    gradient[count - 1] = 1
    return gradient


def sweep_by_nodes(sources, results, local, count):
    """Right: node by node, and for each all lines that lead into it."""
    gradient = [0.0] * (count - 1) + [1.0]
    for node in range(count - 1, -1, -1):
        for source, result, d in zip(sources, results, local, strict=True):
            if result == node:
                gradient[source] += d * gradient[node]
    return gradient


def sweep_by_algebra(sources, results, local, count):
    """Right: the gradients solve a system of linear equations."""
    lines = np.zeros((count, count))
    np.add.at(lines, (sources, results), local)
    return np.linalg.solve(np.eye(count) - lines, np.eye(count)[count - 1])


UNDERSTAND = {"level": "understand", "points": 5}
tasks = [
    Task(
        name="2.6 trace",
        kind="trace",
        objective="2.6a",
        minutes=6,
        difficulty=3,
        cases=graphs,
        alternatives=[in_closed_form],
        misconceptions=[
            Misconception("at p only the part that comes through s is kept", variant(meet=lambda a, b: b), REUSED),
            Misconception("at p only the part that comes through r is kept", variant(meet=lambda a, b: a), REUSED),
            Misconception("the two parts that meet at p are multiplied", variant(meet=lambda a, b: a * b), PATHS),
            Misconception(
                "y is treated as the sum of r and s, so that both have the gradient 1",
                variant(ends=lambda s, r: (1.0, 1.0)),
                INVENTED + "the sum of the lesson's example is kept",
            ),
            Misconception(
                "each factor of y gets itself as its gradient, in place of the other factor",
                variant(ends=lambda s, r: (r, s)),
                INVENTED + "the two factors change places",
            ),
            Misconception(
                "p sends the first part to w before the second has come, and then both",
                variant(first=lambda at_p, x, early: x * (early + at_p)),
                RECURSION,
            ),
            Misconception(
                "at p the local derivatives of its two lines are added, without the gradients of r and s",
                lambda w, x, u, v: traced(w, x, u, v) | {"gradient p": u + 1, "gradient w": x * (u + 1)},
                INVENTED + "the last lines of the paths are left out",
            ),
            Misconception(
                "on the line from w to p stands w itself, in place of the other factor",
                own_factor,
                INVENTED + "the two factors change places",
            ),
            Misconception(
                "the line from w to p is left out",
                variant(first=lambda at_p, x, early: at_p),
                INVENTED + "the walk ends one line early",
            ),
            Misconception(
                "forward, the line from w to p is left out: r and s are asked how they follow p",
                forward_in_single_steps,
                INVENTED + "the local derivative is taken for the slope from the start",
            ),
            Misconception(
                "forward, the values of r and s are given in place of their slopes",
                values_for_slopes,
                INVENTED + "forward means values to most readers",
            ),
        ],
        hints=[
            "Draw the graph first: which two nodes does p lead to, and what stands on each line?",
            "In a product each line carries the other factor; in a sum it carries 1. Multiply along paths, add where "
            "they meet.",
            "For c = a · a and b = 5 a, d = c + b, at a = 2: the lines from a carry 2 and 2 (into c) and 5 (into b); "
            "so the gradient at a is 2 + 2 + 5 = 9.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.6 cost",
        kind="predict",
        objective="2.6c",
        minutes=4,
        difficulty=2,
        cases=chains,
        alternatives=[counted_by_building],
        misconceptions=[
            Misconception(
                "each piece is thought to have four lines, however many ways there are",
                counted(lines=lambda n, m: 4 * n),
                INVENTED + "the formula of the lesson without its picture",
            ),
            Misconception(
                "the sweep is thought to use every path",
                counted(lines=lambda n, m: m**n),
                "forum: github.com/karpathy/micrograd issue 91, recursion as an alternative",
            ),
            Misconception(
                "choices one after another are added, not multiplied",
                counted(paths=lambda n, m: m * n),
                "literature: Batanero, Navarro-Pelayo and Godino (1997), errors in counting problems",
            ),
            Misconception(
                "every piece doubles the paths, however many ways there are",
                counted(paths=lambda n, m: 2**n),
                INVENTED + "the formula of the lesson without its picture",
            ),
            Misconception(
                "two ways are taken for every piece, in the paths and in the lines",
                counted(paths=lambda n, m: 2**n, lines=lambda n, m: 4 * n),
                INVENTED + "both formulas of the lesson as they stand",
            ),
            Misconception(
                "each number is nudged up only, and a pass without a nudge is added",
                counted(passes=lambda weights: weights + 1),
                INVENTED + "the check of the lesson's first section, one-sided",
            ),
        ],
        hints=[
            "Draw one piece with three ways. Count its lines and its paths; then hang a second one to it.",
            "Lines add up from piece to piece. Paths multiply: each goes on in every way of the next piece.",
            "Two pieces with five ways have 25 paths and 20 lines.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.6 missing",
        kind="explain",
        objective="2.6b",
        minutes=6,
        difficulty=3,
        probe="labels",
        misconceptions=[
            Misconception(
                "a lost part is taken for an overwritten one, though w still has the part through s",
                fault(A="overwrites"),
                REUSED,
            ),
            Misconception(
                "the line whose part did arrive at p is taken for the missing one",
                fault(A="p to s"),
                INVENTED + "what is there and what is missing change places",
            ),
            Misconception(
                "the missing 30 at w is put down to the line that brings the other part",
                fault(B="w to p"),
                INVENTED + "what is there and what is missing change places",
            ),
            Misconception("a part that is missing at w is taken for an overwritten one", fault(B="overwrites"), REUSED),
            Misconception(
                "the gradient 0 at s is put down to a line that leads into s, not out of it",
                fault(C="p to s"),
                INVENTED + "the direction of the sweep is turned round",
            ),
            Misconception(
                "the line into y is sought at r, though r has its 1",
                fault(C="r to y"),
                INVENTED + "the two lines into y change places",
            ),
            Misconception(
                "one missing line is thought to explain two parts that are gone, at p and at w",
                fault(D="p to r"),
                INVENTED + "the first difference is explained, the second is not",
            ),
            Misconception(
                "a part too much is put down to a line that is missing",
                fault(E="w to s"),
                INVENTED + "every fault is thought to be a gap",
            ),
            Misconception("a node that sends twice is taken for one that overwrites", fault(E="overwrites"), RECURSION),
        ],
        hints=[
            "Two parts meet at p, 3 and 20. Two parts meet at w, through p and through s. Which is gone, or too much?",
            "A missing line changes the node at its source, and all that this node sends to. Is every difference in "
            "the program's row explained by one line?",
            "If the line w to p were missing, p would be right, 23, and w would have the part through s alone: 30.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.6 nudge",
        kind="counterexample",
        objective="2.6c",
        minutes=4,
        difficulty=2,
        marking=Marking("counterexample", claim="a_smaller_nudge_measures_better"),
        alternatives=[lambda: (-17, -2)],
        misconceptions=[
            Misconception(
                "both nudges are so large that only the bend of the curve counts",
                lambda: (-3, -1),
                INVENTED + "the nudge of the lesson is tried first",
            ),
            Misconception(
                "both nudges are of middling size, where the smaller one still measures better",
                lambda: (-6, -3),
                INVENTED + "small is thought to be small enough",
            ),
            Misconception(
                "the two nudges are both so tiny that neither moves the number 1",
                lambda: (-18, -17),
                INVENTED + "as small as can be typed, twice",
            ),
        ],
        hints=[
            "A computer keeps about 16 digits of a number. What is left of 1 + by when `by` is tiny?",
            "Try the exponents from −1 down to −17 one by one and print the errors: where are they smallest?",
            "With three digits, 2.72 + 0.001 is 2.72 again: the nudge is lost, and so is the slope.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.6 zero",
        kind="counterexample",
        objective="2.6b",
        minutes=6,
        difficulty=3,
        marking=Marking("counterexample", claim="a_zero_gradient_has_no_influence", uses=("slopes",)),
        alternatives=[lambda: (0.0, 0.0, 1.0)],
        misconceptions=[
            Misconception(
                "both paths are cut, so that w has no influence indeed",
                lambda: (1.0, 0.0, 0.0),
                INVENTED + "zero by zeros",
            ),
            Misconception(
                "the values of the two parts cancel, not their slopes",
                lambda: (1.0, 4.0, -1.0),
                INVENTED + "y = 0 is taken for gradient 0",
            ),
            Misconception(
                "the two slopes have the same size and the same sign",
                lambda: (1.0, 12.0, 1.0),
                INVENTED + "the sign is forgotten",
            ),
        ],
        hints=[
            "The gradient at w is 2 (u + 3 v p²). Two parts: how can they add up to 0 without being 0?",
            "Choose w and v, then u so that the parts cancel. The gradient speaks of small moves; a move by 1 is none.",
            "In y = 6 p − p² the parts at p are 6 and −2 p. They cancel at p = 3, and there is the top of a hill.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.6 sweep",
        kind="implement",
        level="apply",
        objective="2.6b",
        minutes=10,
        difficulty=3,
        points=5,
        reach=True,
        cases=drawn_graphs,
        alternatives=[sweep_by_nodes, sweep_by_algebra],
        misconceptions=[
            Misconception(
                "a later part overwrites an earlier one: `=` in place of `+=`",
                swept(youngest_first, add=False),
                REUSED,
            ),
            Misconception(
                "the lines are taken in the order in which they come",
                swept(lambda sources, results: range(len(results))),
                RECURSION,
            ),
            Misconception(
                "the lines are taken in the reverse of the order in which they come",
                swept(lambda sources, results: reversed(range(len(results)))),
                RECURSION,
            ),
            Misconception(
                "the lines are taken from the oldest result to the youngest",
                swept(lambda sources, results: np.argsort(results, kind="stable")),
                INVENTED + "the order of the forward pass",
            ),
            Misconception(
                "each node sends on at once, before its last part has come, and then again", sweep_at_once, RECURSION
            ),
            Misconception("parts that meet are multiplied", sweep_of_products, PATHS),
            Misconception(
                "`+=` for several places at once adds only one part where a place stands twice among them",
                sweep_by_places,
                "forum: numpy, why ufunc.at differs from += on an index array",
            ),
            Misconception(
                "every node begins with the gradient 1, not the last one alone",
                swept(youngest_first, others=1.0),
                INVENTED + "tried from the task's text; ones in place of zeros",
            ),
            Misconception(
                "local derivatives are added as they are, without the gradient of their result",
                sweep_of_local_derivatives,
                INVENTED + "tried from the task's text; a slope is taken for a gradient",
            ),
            Misconception(
                "the sweep goes forward from node 0",
                sweep_forward,
                "literature: Griewank and Walther (2008), forward and reverse mode",
            ),
            Misconception(
                "the local derivatives are left out, so that paths are counted",
                sweep_without_local,
                INVENTED + "the parts are passed on as they are",
            ),
            Misconception(
                "the last node does not begin with the gradient 1",
                swept(youngest_first, start=0.0),
                "forum: github.com/karpathy/micrograd, grad of the last node not set",
            ),
        ],
        hints=[
            "Which line may be used first? Which only when its result has got all its parts?",
            "A result is always younger than its sources. `np.argsort(-results)` numbers the lines by the age of their "
            "results.",
            "With the lines 0 to 1 and 1 to 2, the line into 2 goes first: only then is the gradient at 1 known.",
        ],
    ),
]
