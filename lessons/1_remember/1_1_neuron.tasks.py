"""Tasks of lesson 1.1: name the parts of a neuron in a drawing and in code, read its line; reach: write both."""

import numpy as np

from classroom.tasks import Misconception, Task, with_entries

ACTIVATION = "forum: stats.stackexchange.com 272035, which of the two is the activation"
ALL_WEIGHTS = "literature: Hinton, CSC321 lecture 2, the bias as a weight on an extra input line"
CUT = "forum: github.com/epfml/ML_course pull request 58, a cut at 0.5 on z"
AVERAGE = "forum: Neural Network Math Help, March 2012, a weighted average for the value of a neuron"
WEAKER = "forum: getneuralnet.com, negative weights weaken the connection"
THRESHOLD = "literature: Rosenblatt (1958) and textbooks that subtract a threshold"
RIGHT_ANGLE = "forum: stackoverflow, Why is weight vector orthogonal to decision plane in neural networks"
SHIFT = "literature: Zazkis, Liljedahl and Gadowsky (2003): f(x + 3) is expected three to the right"
PLOTTED = "forum: How to plot Logistic Decision Boundary, the sum drawn as if it were the second input"


PARTS = {"A": "bias", "B": "activation", "C": "input", "D": "weighted sum", "E": "weight"}
LINES = {"line 1": "bias", "line 2": "input", "line 3": "weight", "line 4": "weighted sum", "line 5": "activation"}
SIDES = {"P": "Gentoo", "Q": "Gentoo", "R": "on the line", "S": "Gentoo", "T": "Adelie"}
FIGURE = {"sign of w1": "negative", "sign of w2": "positive", "sign of b": "negative", "steeper neuron": "first"}


def inputs(rng):
    """One penguin or many, with few or many measurements; the first case is easy to work out by hand."""
    yield np.array([2.0, 1.0]), np.array([0.5, -1.0]), 0.3
    yield np.array([0.0, 0.0, 0.0]), np.array([1.0, -2.0, 0.5]), -0.7
    yield np.array([[3.0, -1.0], [-2.0, 0.5], [0.0, 4.0]]), np.array([-0.4, 0.3]), 0.9
    for measurements in (2, 5):
        x = rng.normal(size=(4, measurements))
        yield x, rng.normal(size=measurements), float(rng.uniform(0.3, 1.5))


def neuron_without_bias(x, w, b):
    return 1 / (1 + np.exp(-(x @ w)))


def neuron_with_average(x, w, b):
    return 1 / (1 + np.exp(-((x * w).mean(axis=-1) + b)))


def neuron_with_threshold(x, w, b):
    return 1 / (1 + np.exp(-(x @ w - b)))


def neuron_without_minus(x, w, b):
    return 1 / (1 + np.exp(x @ w + b))


def neuron_without_curve(x, w, b):
    return x @ w + b


def neuron_with_late_bias(x, w, b):
    return 1 / (1 + np.exp(-(x @ w))) + b


def neuron_that_decides(x, w, b):
    return (x @ w + b > 0) * 1.0


def neuron_of_all_penguins(x, w, b):
    return 1 / (1 + np.exp(-(np.sum(x * w) + b)))


def neuron_down_the_columns(x, w, b):
    return 1 / (1 + np.exp(-((x * w).sum(axis=0) + b)))


def neuron_without_sum(x, w, b):
    return 1 / (1 + np.exp(-(x * w + b)))


def neuron_without_brackets(x, w, b):
    return 1 / 1 + np.exp(-(x @ w + b))


def neuron_with_tanh(x, w, b):
    return np.tanh(x @ w + b)


def neuron_with_relu(x, w, b):
    return np.maximum(0, x @ w + b)


def neuron_with_wrong_sign_below(x, w, b):
    return 1 / (1 - np.exp(-(x @ w + b)))


def neuron_by_loops(x, w, b):
    """Right, product by product."""
    rows = np.atleast_2d(x)
    found = [1 / (1 + np.exp(-(sum(a * c for a, c in zip(row, w, strict=True)) + b))) for row in rows]
    return found if x.ndim == 2 else found[0]


def neuron_by_tanh(x, w, b):
    """Right, since the sigmoid is a tanh that is moved and shrunk."""
    return 0.5 + 0.5 * np.tanh(0.5 * (np.dot(x, w) + b))


def neuron_of_torch(x, w, b):
    import torch

    x, w = torch.tensor(x, dtype=torch.float32), torch.tensor(w, dtype=torch.float32)
    return torch.sigmoid(x @ w + b)


def lines(rng):
    """Weights, bias, first inputs; the second weight is never 0, since the line would stand upright.

    The bias of 0 has more places than the first case, so that a slip of the bias is shown where it can be seen.
    """
    yield np.array([2.0, -4.0]), 3.0, np.array([0.0, 1.0, 2.0])
    yield np.array([0.0, 2.0]), 1.0, np.array([-1.0, 0.0, 1.0])
    yield np.array([1.5, 0.5]), 0.0, np.array([-2.0, -1.0, 1.0, 2.0])
    for _ in range(3):
        w = rng.choice([-1, 1], size=2) * rng.uniform(0.3, 3.0, size=2)
        yield w, float(rng.uniform(0.5, 3.0)), rng.uniform(-5, 5, size=4)


def line_along_the_arrow(w, b, x1):
    return w[1] / w[0] * x1 - b / w[1]


def line_by_loops(w, b, x1):
    """Right, place by place, as slope and intercept."""
    slope, start = -w[0] / w[1], -b / w[1]
    return [float(slope * place + start) for place in x1]


def line_in_single_precision(w, b, x1):
    """Right, to seven digits."""
    return ((0 - b - w[0] * x1) / w[1]).astype(np.float32)


tasks = [
    Task(
        name="1.1 parts",
        kind="label",
        level="remember",
        objective="1.1a",
        minutes=2,
        difficulty=1,
        points=5,
        probe="labels",
        misconceptions=[
            Misconception(
                "the sum and what the curve makes of it change places",
                with_entries(PARTS, D="activation", B="weighted sum"),
                ACTIVATION,
            ),
            Misconception(
                "what comes in and what multiplies it change places",
                with_entries(PARTS, C="weight", E="input"),
                "invented: both stand at the left end of the drawing",
            ),
            Misconception("every learned number is called a weight", with_entries(PARTS, A="weight"), ALL_WEIGHTS),
            Misconception(
                "the number that is added and the result of adding change places",
                with_entries(PARTS, A="weighted sum", D="bias"),
                "invented: tried by a reviewer; both stand near the Σ",
            ),
        ],
        hints=[
            "Follow the lines from left to right, and compare with the first drawing of the lesson.",
            "Ask of each letter: does it come from outside, was it there before, or is it worked out on the way?",
            "At a till the amounts come from outside and the prices were there before. A delivery fee is added "
            "whatever is bought. The total is worked out: the till adds up, then shows it.",
        ],
    ),
    Task(
        name="1.1 code",
        kind="match",
        level="remember",
        objective="1.1a",
        minutes=2,
        difficulty=2,
        points=5,
        probe="labels",
        misconceptions=[
            Misconception(
                "the last two lines change places, as if the sum were sent out",
                with_entries(LINES, line4="activation", line5="weighted sum"),
                ACTIVATION,
            ),
            Misconception(
                "measured and learned numbers change places",
                with_entries(LINES, line2="weight", line3="input"),
                "invented: both are arrays of the same length",
            ),
            Misconception(
                "the two learned lines change places",
                with_entries(LINES, line1="weight", line3="bias"),
                "invented: both are learned, and only their number differs",
            ),
            Misconception("every learned number is called a weight", with_entries(LINES, line1="weight"), ALL_WEIGHTS),
        ],
        hints=[
            "Compare with the four lines of the lesson; the letters differ, the shapes do not.",
            "A letter does not make a part what it is. Is the line measured, learned, added up, or bent by the curve?",
            "In `y = m * t + n`, with t measured and m and n learned: t comes in, m multiplies, n is added "
            "whatever t is, and y is the sum.",
        ],
    ),
    Task(
        name="1.1 sides",
        kind="label",
        level="remember",
        objective="1.1b",
        minutes=4,
        difficulty=2,
        points=5,
        probe="labels",
        misconceptions=[
            Misconception(
                "the bias is left out",
                with_entries(SIDES, R="Adelie", S="on the line"),
                "invented: the formula is cut short",
            ),
            Misconception("the bias is subtracted", with_entries(SIDES, Q="Adelie", R="Adelie", S="Adelie"), THRESHOLD),
            Misconception(
                "the two sides of the line change places",
                with_entries(SIDES, P="Adelie", Q="Adelie", S="Adelie", T="Gentoo"),
                "invented: tried by a reviewer; a positive z is taken for the first species",
            ),
            Misconception("z = 0 counts as a no", with_entries(SIDES, R="Adelie"), "invented: tried by a reviewer"),
            Misconception(
                "z = 0 counts as a yes, or the minus sign of a length is dropped",
                with_entries(SIDES, R="Gentoo"),
                "invented: the counterpart of z = 0 as a no",
            ),
            Misconception("z is compared with 0.5 in place of 0", with_entries(SIDES, R="Adelie", S="Adelie"), CUT),
            Misconception(
                "a minus sign of a weight is dropped, or length and depth change places",
                with_entries(SIDES, T="Gentoo"),
                WEAKER,
            ),
            Misconception(
                "every activation above 0 counts as a yes",
                with_entries(SIDES, R="Gentoo", T="Gentoo"),
                "invented: the curve never goes below 0",
            ),
            Misconception(
                "the two weights change places",
                with_entries(SIDES, P="Adelie", Q="on the line", R="Gentoo", T="Gentoo"),
                "invented: tried by a reviewer; the first weight is put to the depth",
            ),
            Misconception(
                "the average bill is thought to lie on every line",
                with_entries(SIDES, S="on the line"),
                "invented: tried by a reviewer; both inputs are 0, and z is taken for 0",
            ),
        ],
        hints=[
            "`z = x @ w + b` gives z; the section on the decision line says what its sign means.",
            "Work out z for each penguin: first weight times first input, plus second weight times second input, "
            "plus bias. Then look at its sign.",
            "With w = (1, 2), b = −1 and the penguin (3, −1): z = 3 − 2 − 1 = 0, so it lies on the line.",
        ],
    ),
    Task(
        name="1.1 figure",
        kind="label",
        level="remember",
        objective="1.1b",
        minutes=4,
        difficulty=3,
        points=5,
        probe="labels",
        misconceptions=[
            Misconception(
                "the weights are read along the line, not across it",
                with_entries(FIGURE, signofw1="positive"),
                RIGHT_ANGLE,
            ),
            Misconception(
                "the sign of the bias is read from where the line lies, not from the side of the average bill",
                with_entries(FIGURE, signofb="positive"),
                SHIFT,
            ),
            Misconception(
                "the arrow points away from the Gentoo side",
                with_entries(FIGURE, signofw1="positive", signofw2="negative"),
                "invented: tried by a reviewer; the arrow is thought to point at the line",
            ),
            Misconception(
                "the two sides of the line change places",
                with_entries(FIGURE, signofw1="positive", signofw2="negative", signofb="positive"),
                "invented: a positive z is taken for the first species",
            ),
            Misconception(
                "a wide stripe is taken for a steep neuron",
                with_entries(FIGURE, steeperneuron="second"),
                "invented: larger weights, larger stripe",
            ),
        ],
        hints=[
            "The arrow is not drawn here. You know two things about it: how it lies to the line, and where it points.",
            "At the average bill both inputs are 0, so z is b there. On which side of the line is the average bill?",
            "A level line with the Gentoo side below it has an arrow that points straight down: w1 is 0, w2 negative.",
        ],
    ),
    Task(
        name="1.1 neuron",
        kind="implement",
        level="apply",
        objective="1.1a",
        minutes=5,
        difficulty=2,
        points=5,
        cases=inputs,
        reach=True,
        alternatives=[neuron_by_loops, neuron_by_tanh, neuron_of_torch],
        misconceptions=[
            Misconception("the bias is left out", neuron_without_bias, "invented: the formula is cut short"),
            Misconception("the products are averaged, not added up", neuron_with_average, AVERAGE),
            Misconception(
                "the bias is subtracted, or a minus sign meant for the whole sum stands before its first part only",
                neuron_with_threshold,
                THRESHOLD,
            ),
            Misconception(
                "the minus sign in the exponent is missing, or the result is taken from 1",
                neuron_without_minus,
                "invented: the formula from memory, less a sign",
            ),
            Misconception("the sum is returned before the curve", neuron_without_curve, ACTIVATION),
            Misconception(
                "the bias is added behind the curve", neuron_with_late_bias, "invented: the bias as a last correction"
            ),
            Misconception(
                "the output is rounded to 0 or 1", neuron_that_decides, "invented: the output read as a yes or no"
            ),
            Misconception(
                "one sum runs over all penguins",
                neuron_of_all_penguins,
                "invented: tried by a reviewer; np.sum without an axis",
            ),
            Misconception(
                "the products of inputs and weights are not added up",
                neuron_without_sum,
                "invented: tried by a reviewer; `*` for `@`",
            ),
            Misconception(
                "1 is not divided by the whole of 1 + exp(…): the division is missing, or its brackets",
                neuron_without_brackets,
                "invented: tried by a reviewer; the fraction typed from left to right",
            ),
            Misconception(
                "tanh is taken for the curve", neuron_with_tanh, "invented: tried by a reviewer; another curve in use"
            ),
            Misconception(
                "ReLU is taken for the curve", neuron_with_relu, "invented: tried by a reviewer; another curve in use"
            ),
            Misconception(
                "exp is subtracted from 1, not added to it",
                neuron_with_wrong_sign_below,
                "invented: tried by a reviewer; the minus sign moves out of the exponent",
            ),
            Misconception(
                "the products are added up down each column, over the penguins",
                neuron_down_the_columns,
                "invented: tried by a reviewer; axis 0 for axis 1",
            ),
        ],
        hints=[
            "The last two of the four lines in the lesson do it; only the names come from outside here.",
            "For many penguins x has a row for each. `x @ w` then gives one number a row; the rest works as before.",
            "For x = (1, 2), w = (3, −1) and b = −1: z = 3 − 2 − 1 = 0, and the curve makes 0.5 of 0.",
        ],
    ),
    Task(
        name="1.1 decision line",
        kind="implement",
        level="apply",
        objective="1.1b",
        minutes=6,
        difficulty=3,
        points=5,
        cases=lines,
        reach=True,
        alternatives=[line_by_loops, line_in_single_precision],
        misconceptions=[
            Misconception("the sum itself is drawn as the second input", lambda w, b, x1: w[0] * x1 + b, PLOTTED),
            Misconception(
                "the minus sign is missing",
                lambda w, b, x1: (w[0] * x1 + b) / w[1],
                "invented: a term moved across without its sign",
            ),
            Misconception("only the first term changes its sign", lambda w, b, x1: (-w[0] * x1 + b) / w[1], THRESHOLD),
            Misconception(
                "the bias is not divided by the second weight",
                lambda w, b, x1: -w[0] * x1 / w[1] - b,
                "invented: division of one term only",
            ),
            Misconception(
                "only the bias is divided by the second weight",
                lambda w, b, x1: -w[0] * x1 - b / w[1],
                "invented: tried by a reviewer; the brackets are left out",
            ),
            Misconception(
                "nothing is divided by the second weight",
                lambda w, b, x1: -(w[0] * x1 + b),
                "invented: tried by a reviewer; the last step is left out",
            ),
            Misconception(
                "the bias is left out", lambda w, b, x1: -w[0] * x1 / w[1], "invented: the formula is cut short"
            ),
            Misconception(
                "the two weights change places",
                lambda w, b, x1: -(w[1] * x1 + b) / w[0],
                "invented: solved for the first input",
            ),
            Misconception(
                "the line is drawn where z is 0.5 in place of 0", lambda w, b, x1: (0.5 - w[0] * x1 - b) / w[1], CUT
            ),
            Misconception(
                "only the bias changes its sign",
                lambda w, b, x1: (w[0] * x1 - b) / w[1],
                "invented: tried by a reviewer; the counterpart of the first term alone",
            ),
            Misconception(
                "brackets are missing, so that the minus sign reaches one term and the division the other",
                lambda w, b, x1: -w[0] * x1 + b / w[1],
                "invented: tried by a reviewer; typed from left to right",
            ),
            Misconception(
                "the second weight multiplies and does not divide",
                lambda w, b, x1: -(w[0] * x1 + b) * w[1],
                "invented: tried by a reviewer; a factor moved across as a factor",
            ),
            Misconception(
                "the slope is that of the arrow of the weights, to which the line is at right angles",
                line_along_the_arrow,
                RIGHT_ANGLE,
            ),
        ],
        hints=[
            "On the line z is 0. Write that down with both weights, both inputs and the bias.",
            "One input is given, the other is asked for. Bring everything but its term to the other side.",
            "For w = (1, 2) and b = −4, at x1 = 0: 0 + 2 · x2 − 4 = 0, so x2 is 2. At x1 = 2 it is 1.",
        ],
    ),
]
