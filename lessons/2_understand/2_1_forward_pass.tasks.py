"""Tasks of lesson 2.1: trace, collapse, read a facet, explain XOR, break a claim; reach: write the forward pass."""

import numpy as np

from classroom.tasks import Marking, Misconception, Task

NO_BEND = "forum: Stack Overflow, Why must a nonlinear activation function be used in a backpropagation neural network?"
ROWS = "forum: discuss.pytorch.org 6277, Why does the linear module seems to do unnecessary transposing?"
STEP = "literature: McCulloch and Pitts (1943), units that send 0 or 1"
ENOUGH = "invented: what ReLU can do in one network is thought to come with ReLU"
TWO_ARE_FEW = "forum: NeuromatchAcademy/course-content issue 927, XOR with two hidden units answered by no"
PIECES = "forum: ai.stackexchange.com, How exactly can ReLUs approximate non-linear and curved functions?"


# ---- trace


def passes(rng):
    """Forward passes 2-2-1: one unit on and one off, both on, both off, the rest drawn."""
    yield np.array([2.0, 1.0]), np.array([[1.0, -3.0], [2.0, 1.0]]), np.array([-1.0, 1.0]), np.array([3.0, -2.0]), 0.5
    for signs in ((1, -1), (1, 1), (-1, -1)):
        x, V, w = rng.uniform(-3, 3, 2), rng.uniform(-2, 2, (2, 2)), rng.choice([-1, 1], 2) * rng.uniform(0.5, 3, 2)
        c = np.array(signs) * rng.uniform(0.5, 3, 2) - V @ x  # so each unit is on or off as wanted
        yield x, V, c, w, float(rng.uniform(0.5, 2))


def traced(curve=lambda z: np.maximum(0, z), sums=lambda x, V, c: V @ x + c, end=lambda a, w, b: w @ a + b):
    """A forward pass in which one stage may be another than the right one."""

    def trace(x, V, c, w, b):
        z = sums(x, V, c)
        a = curve(z)
        return {"z1": z[0], "z2": z[1], "a1": a[0], "a2": a[1], "output": end(a, w, b)}

    return trace


def trace_by_hand(x, V, c, w, b):
    """Right, product by product."""
    z1, z2 = (V[i, 0] * x[0] + V[i, 1] * x[1] + c[i] for i in (0, 1))
    a1, a2 = (z if z > 0 else 0.0 for z in (z1, z2))
    return {"z1": z1, "z2": z2, "a1": a1, "a2": a2, "output": w[0] * a1 + w[1] * a2 + b}


def output_of_sums(x, V, c, w, b):
    return traced()(x, V, c, w, b) | {"output": w @ (V @ x + c) + b}


# ---- collapse


def two_layers(rng):
    """Weights and biases of two layers; the first case in whole numbers."""
    yield (
        np.array([[1.0, 2.0], [0.0, 1.0]]),
        np.array([1.0, -1.0]),
        np.array([[2.0, 0.0], [1.0, 3.0]]),
        np.array([0.0, 4.0]),
    )
    for _ in range(2):
        W1, W2 = rng.normal(size=(2, 2, 2))
        b1, b2 = rng.uniform(0.5, 2, size=(2, 2))
        yield W1, b1, W2, b2


def collapsed(weight=lambda W1, W2: W2 @ W1, bias=lambda b1, W2, b2: W2 @ b1 + b2):
    return lambda W1, b1, W2, b2: {"weight": weight(W1, W2), "bias": bias(b1, W2, b2)}


def layers_swapped(W1, b1, W2, b2):
    return collapsed()(W2, b2, W1, b1)


def collapse_by_trial(W1, b1, W2, b2):
    """Right: 0 gives the bias, the two unit vectors give the columns of the weight."""

    def both(x):
        return W2 @ (W1 @ x + b1) + b2

    bias = both(np.zeros(2))
    return {"weight": np.stack([both(column) - bias for column in np.eye(2)], axis=1), "bias": bias}


# ---- facet


def points(rng):
    """A point and a network 2-n-1; some units on, some off, once all on and once all off."""
    yield (
        np.array([1.0, 2.0]),
        np.array([[1.0, -1.0], [2.0, 1.0], [0.0, 3.0]]),
        np.array([0.0, -1.0, 1.0]),
        np.array([2.0, 1.0, -1.0]),
        0.5,
    )
    for share, units in ((0.5, 4), (0, 3), (0.7, 5)):
        x, V = rng.uniform(-2, 2, 2), rng.normal(size=(units, 2))
        on = rng.permutation(units) < share * units
        c = np.where(on, 1, -1) * rng.uniform(0.3, 1.5, units) - V @ x
        yield x, V, c, rng.choice([-1, 1], units) * rng.uniform(0.5, 2, units), float(rng.uniform(0.5, 2))


def read_off(on=lambda x, V, c, w: V @ x + c > 0, constant=lambda on, c, w, b: (w * on) @ c + b, weigh=True):
    def facet(x, V, c, w, b):
        is_on = on(x, V, c, w)
        slopes = ((w if weigh else 1) * is_on) @ V
        return {"slope 1": slopes[0], "slope 2": slopes[1], "constant": constant(is_on, c, w, b)}

    return facet


def facet_by_steps(x, V, c, w, b):
    """Right, from the output at the point and at tiny steps from it."""

    def output(x):
        return w @ np.maximum(0, V @ x + c) + b

    step = 1e-4
    slopes = [(output(x + step * way) - output(x - step * way)) / (2 * step) for way in np.eye(2)]
    return {"slope 1": slopes[0], "slope 2": slopes[1], "constant": output(x) - slopes @ x}


def output_as_constant(x, V, c, w, b):
    right = read_off()(x, V, c, w, b)
    return right | {"constant": w @ np.maximum(0, V @ x + c) + b}


# ---- explain

WHY = {"A": "parts", "B": "straight", "C": "wrong side", "D": "together", "E": "parts"}


def reasons(**changed):
    return lambda: {**WHY, **changed}


# ---- counterexample


def weights(V, c, w):
    return lambda: (np.array(V, float), np.array(c, float), np.array(w, float))


# ---- forward


def batches(rng):
    """Batches and networks of one to three layers, with units on and off."""
    yield (
        np.array([[1.0, 2.0]]),
        [np.array([[1.0, -1.0], [2.0, 1.0]]), np.array([[5.0, 2.0]])],
        [
            np.array([0.0, -1.0]),
            np.array([-9.0]),
        ],
    )
    for sizes in ((3, 2), (2, 3, 1), (2, 4, 3, 2)):
        shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
        yield (
            rng.normal(size=(4, sizes[0])),
            [rng.normal(size=shape) for shape in shapes],
            [rng.uniform(-1, 1, n) for n, _ in shapes],
        )


def run(step):
    """A forward pass whose layer `i` of `n` is `step(x, W, b, is it the last)`."""

    def forward(x, weights, biases):
        for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
            x = step(x, W, b, i == len(weights) - 1)
        return x

    return forward


def forward_by_rows(x, weights, biases):
    """Right, one example at a time, in plain Python."""
    outputs = []
    for row in x:
        for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
            row = [sum(v * r for v, r in zip(line, row, strict=True)) + one for line, one in zip(W, b, strict=True)]
            row = row if i == len(weights) - 1 else [max(0.0, z) for z in row]
        outputs.append(row)
    return outputs


def relu(z):
    return np.maximum(0, z)


tasks = [
    Task(
        name="2.1 trace",
        kind="trace",
        level="understand",
        objective="2.1a",
        minutes=4,
        difficulty=2,
        points=5,
        cases=passes,
        alternatives=[trace_by_hand],
        equivalent={
            "maximum(z, 0, …)": "the larger of two numbers, in either order",
            "w @ a → a @ w": "the same products, added up",
        },
        misconceptions=[
            Misconception("the hidden sums are passed on without ReLU", traced(curve=lambda z: z), NO_BEND),
            Misconception(
                "ReLU is applied to the output, too",
                traced(end=lambda a, w, b: relu(w @ a + b)),
                "invented: every neuron is given the same curve",
            ),
            Misconception("a unit that is on sends 1 in place of its sum", traced(curve=lambda z: (z > 0) * 1.0), STEP),
            Misconception(
                "the minus sign of a sum is dropped, and the sum passed on",
                traced(curve=np.abs),
                "invented: no negative numbers is read as the absolute value",
            ),
            Misconception("columns of V are taken for units", traced(sums=lambda x, V, c: x @ V + c), ROWS),
            Misconception(
                "the hidden biases are left out",
                traced(sums=lambda x, V, c: V @ x),
                "invented: the formula is cut short",
            ),
            Misconception(
                "the output's bias is left out",
                traced(end=lambda a, w, b: w @ a),
                "invented: the formula is cut short",
            ),
            Misconception("the output adds up the sums, not the activations", output_of_sums, NO_BEND),
            Misconception(
                "the sigmoid is taken for the activation",
                traced(curve=lambda z: 1 / (1 + np.exp(-z))),
                "observed: tried by the author; the curve of lesson 1.1",
            ),
            Misconception(
                "the hidden biases are subtracted",
                traced(sums=lambda x, V, c: V @ x - c),
                "literature: Rosenblatt (1958) and textbooks that subtract a threshold",
            ),
            Misconception(
                "the smaller of 0 and the sum is taken, not the larger",
                traced(curve=lambda z: np.minimum(0, z)),
                "invented: max and min are exchanged",
            ),
        ],
        hints=[
            "Go from left to right: both sums, then both activations, then the output.",
            "A unit's sum: its row of V times x, pair by pair, plus its entry of c. ReLU then keeps it or makes it 0.",
            "With x = (2, 0), V = [[3, 1], [−1, 4]], c = (−1, 1), w = (1, 9), b = 4: sums 5 and −1, activations 5 "
            "and 0, output 1 · 5 + 9 · 0 + 4 = 9.",
        ],
    ),
    Task(
        name="2.1 collapse",
        kind="trace",
        level="understand",
        objective="2.1b",
        minutes=4,
        difficulty=2,
        points=5,
        cases=two_layers,
        alternatives=[collapse_by_trial],
        misconceptions=[
            Misconception(
                "the two biases are added, and the second layer does not act on the first one",
                collapsed(bias=lambda b1, W2, b2: b1 + b2),
                "invented: weights multiply, so biases are thought to add",
            ),
            Misconception(
                "the two weights are multiplied in the other order",
                collapsed(weight=lambda W1, W2: W1 @ W2),
                "invented: written in the order in which the layers come",
            ),
            Misconception(
                "the bias of the first layer is dropped",
                collapsed(bias=lambda b1, W2, b2: b2),
                "invented: the first layer is thought to vanish with its bias",
            ),
            Misconception(
                "the weights are multiplied entry by entry, or not as matrices",
                collapsed(weight=lambda W1, W2: W2 * W1),
                "forum: Stack Overflow, difference between * and @ in NumPy",
            ),
            Misconception(
                "the weights are added",
                collapsed(weight=lambda W1, W2: W1 + W2),
                "invented: layers are thought to add up",
            ),
            Misconception(
                "the first bias goes through the columns of the second weight, not its rows",
                collapsed(bias=lambda b1, W2, b2: b1 @ W2 + b2),
                ROWS,
            ),
            Misconception(
                "the two layers change places, and the second comes first",
                layers_swapped,
                "observed: tried by the author; W1 is written first since it comes first",
            ),
            Misconception(
                "each weight is used as `x @ W`, without the transpose",
                collapsed(weight=lambda W1, W2: W1 @ W2, bias=lambda b1, W2, b2: b1 @ W2 + b2),
                ROWS,
            ),
            Misconception(
                "the weight is transposed",
                collapsed(weight=lambda W1, W2: (W2 @ W1).T),
                ROWS,
            ),
        ],
        hints=[
            "The formula stands in the lesson, in the section on layers that do not bend.",
            "Put `x @ W1.T + b1` in the place of x in the second layer and multiply out. What stands beside x is the "
            "weight, all else the bias.",
            "With single numbers: 5x + 2, then 3z + 1, is 15x + 7. The 7 is 3 · 2 + 1.",
        ],
    ),
    Task(
        name="2.1 facet",
        kind="predict",
        level="understand",
        objective="2.1a",
        minutes=5,
        difficulty=3,
        points=5,
        cases=points,
        alternatives=[facet_by_steps],
        equivalent={
            "V @ x + c > 0 → V @ x + c >= 0": "no point lies on a crease",
            "w * on @ c → c @ (w * on)": "the same products, added up",
        },
        misconceptions=[
            Misconception(
                "all units count, also those that are off",
                read_off(on=lambda x, V, c, w: np.ones(len(c))),
                NO_BEND,
            ),
            Misconception(
                "the units that are off count, and those that are on do not",
                read_off(on=lambda x, V, c, w: V @ x + c <= 0),
                "invented: on and off are exchanged",
            ),
            Misconception(
                "on and off are told without the bias",
                read_off(on=lambda x, V, c, w: V @ x > 0),
                "invented: the bias is forgotten in the sum",
            ),
            Misconception(
                "units are thought to be on where their outgoing weight is positive",
                read_off(on=lambda x, V, c, w: w > 0),
                "invented: weights before and after the unit are mixed up",
            ),
            Misconception(
                "the hidden biases are left out of the constant",
                read_off(constant=lambda on, c, w, b: b),
                "invented: only the last bias is seen",
            ),
            Misconception(
                "the output's bias is left out of the constant",
                read_off(constant=lambda on, c, w, b: (w * on) @ c),
                "invented: the formula is cut short",
            ),
            Misconception(
                "the biases of all units enter the constant, also of those that are off",
                read_off(constant=lambda on, c, w, b: w @ c + b),
                "invented: off is thought to concern the weights alone",
            ),
            Misconception(
                "the outgoing weights are left out of the slopes",
                read_off(weigh=False),
                "invented: the sum of the units' own slopes",
            ),
            Misconception(
                "the output at the point is given as the constant, which is the output of the formula at (0, 0)",
                output_as_constant,
                "invented: constant is read as the value here",
            ),
        ],
        hints=[
            "First find out which units are on at x. Only these count.",
            "A unit that is on sends its sum, which is affine: its slopes are its row of V, its constant is its entry "
            "of c. The output takes each of them times its outgoing weight.",
            "One unit on with weights (3, 1), bias −2, outgoing weight 2, output bias 5: slopes 6 and 2, constant "
            "2 · (−2) + 5 = 1.",
        ],
    ),
    Task(
        name="2.1 explain",
        kind="explain",
        level="understand",
        objective="2.1c",
        minutes=6,
        difficulty=3,
        points=5,
        probe="labels",
        misconceptions=[
            Misconception("hidden units without activation are thought to fold", reasons(B="parts"), NO_BEND),
            Misconception(
                "two layers without activation are thought to put corners upon each other",
                reasons(B="together"),
                "invented: true of A's two no corners, and no reason against a solution",
            ),
            Misconception(
                "corners with the same answer on one place are taken for a fault",
                reasons(A="together"),
                "invented: folding is thought to lose what is needed",
            ),
            Misconception("two units that share a direction are thought to be one", reasons(E="together"), TWO_ARE_FEW),
            Misconception(
                "every network with two ReLUs is thought to solve it",
                reasons(D="parts"),
                ENOUGH,
            ),
            Misconception(
                "two parallel creases are taken for no bend at all", reasons(D="straight", E="straight"), PIECES
            ),
            Misconception("the place of the cut is thought not to matter", reasons(C="parts"), ENOUGH),
            Misconception(
                "a cut beyond all corners is blamed on the fold",
                reasons(C="together"),
                "invented: every failure is put down to the hidden layer",
            ),
            Misconception(
                "a fold that loses a difference is blamed on the cut",
                reasons(D="wrong side"),
                "invented: every failure is put down to the output",
            ),
            Misconception(
                "a bias is thought to spoil the fold",
                reasons(E="wrong side"),
                "invented: only folds through (0, 0) count",
            ),
        ],
        hints=[
            "Make the table of the lesson for each network: for each corner z, a, output.",
            "Look at the column a first. Has any yes corner the same a as a no corner? If not, look where the output "
            "is positive.",
            "Sums x1 and x2 with ReLU send (1, −1) to (1, 0) and (1, 1) to (1, 1): two places. Only (−1, −1) comes "
            "to (0, 0), so no yes corner lies upon a no corner.",
        ],
    ),
    Task(
        name="2.1 counterexample",
        kind="counterexample",
        level="understand",
        objective="2.1a",
        minutes=6,
        difficulty=4,
        points=5,
        marking=Marking("counterexample", claim="a_crease_always_bends"),
        alternatives=[weights([[2, 0], [-1, 0]], [1, -0.5], [1, -2])],
        misconceptions=[
            Misconception(
                "the two creases cross, and each bends the output alone",
                weights([[1, 0], [0, 1]], [0, 0], [1, -1]),
                "invented: opposite outgoing weights are thought to cancel any two bends",
            ),
            Misconception(
                "the creases are parallel but not the same line",
                weights([[1, 0], [-1, 0]], [0.5, 0.5], [1, -1]),
                "invented: same direction is taken for same crease",
            ),
            Misconception(
                "both bends are upward and add to a valley, since the outgoing weights have the same sign",
                weights([[1, 2], [-1, -2]], [0.5, -0.5], [3, 3]),
                "invented: the absolute value, which folds",
            ),
            Misconception(
                "the creases are one line, but the outgoing weights do not make up for the arrows' different lengths",
                weights([[1, 2], [-2, -4]], [0.5, -1], [1, -1]),
                "observed: tried by the author",
            ),
            Misconception(
                "the two units are on at the same side, and the second only halves the bend of the first",
                weights([[1, 0], [1, 0]], [0, 0], [2, -1]),
                "invented: a bend made smaller is thought to be gone",
            ),
        ],
        hints=[
            "A crease bends the output by its outgoing weight. What would make two bends undo each other?",
            "Both creases must be the same line. One unit is on at one side of it, the other at the other side.",
            "On a line: ReLU(x) − ReLU(−x) is x for positive x, and −(−x), again x, for negative x.",
        ],
    ),
    Task(
        name="2.1 forward",
        kind="implement",
        level="apply",
        objective="2.1a",
        minutes=6,
        difficulty=3,
        points=5,
        cases=batches,
        reach=True,
        alternatives=[forward_by_rows],
        equivalent={"maximum(x, 0, …)": "the larger of two numbers, in either order"},
        misconceptions=[
            Misconception(
                "ReLU is applied behind the last layer, too",
                run(lambda x, W, b, last: relu(x @ W.T + b)),
                "invented: the same line for every layer",
            ),
            Misconception("no layer has an activation", run(lambda x, W, b, last: x @ W.T + b), NO_BEND),
            Misconception(
                "the biases are left out",
                run(lambda x, W, b, last: x @ W.T if last else relu(x @ W.T)),
                "invented: the formula is cut short",
            ),
            Misconception(
                "the bias is added behind ReLU",
                run(lambda x, W, b, last: x @ W.T + b if last else relu(x @ W.T) + b),
                "invented: the bias as a last correction",
            ),
            Misconception(
                "ReLU stands behind the last layer only",
                run(lambda x, W, b, last: relu(x @ W.T + b) if last else x @ W.T + b),
                "invented: the condition is turned round",
            ),
            Misconception(
                "a unit that is on sends 1 in place of its sum",
                run(lambda x, W, b, last: x @ W.T + b if last else (x @ W.T + b > 0) * 1.0),
                STEP,
            ),
        ],
        hints=[
            "One loop over the layers. What goes into a layer is what came out of the one before.",
            "A layer has one neuron a row, so a batch needs `x @ W.T + b`. Which layer gets no ReLU?",
            "With one layer the result is `x @ W.T + b`, negative numbers and all. With two, the first is cut at 0.",
        ],
    ),
]
