"""Tasks of lesson 2.2: slopes at a place, a push through layers, reasons for outputs, a belief; reach: softmax."""

import numpy as np

from classroom.tasks import Marking, Misconception, Task

VALUE_OR_SUM = "forum: ai.stackexchange.com 38824, three versions of the sigmoid's slope, one of them of its output"
OF_THE_SUM = "invented: a (1 - a) and 1 - a² with the sum in the place of the value"
EXCHANGED = "invented: the formulas of sigmoid and tanh are exchanged"
LATE = "invented: the temperature comes too late, or not at all"
CHAR_RNN = "forum: github.com/karpathy/char-rnn issue 124, what a low temperature does"
OVERFLOW = "forum: github.com/tensorflow/tensorflow issue 10142, softmax overflow due to exp"
AXIS = "forum: stackoverflow 34968722, how to implement the softmax function in Python"
TEN_SIGMOIDS = "observed: ten separate sigmoids for ten digits, common in first networks"
KEYS = ("sigmoid", "slope of sigmoid", "tanh", "slope of tanh", "leaky ReLU", "slope of leaky ReLU")


# --- slopes ---------------------------------------------------------------------------------------------------------


def places(rng):
    """One sum and a leak: both sides of 0, near it and far out."""
    yield 2.0, 0.1
    yield -1.0, 0.2
    for sign, low, high in ((1, 0.2, 0.9), (-1, 0.2, 0.9), (-1, 1.2, 3)):
        yield sign * float(rng.uniform(low, high)), float(rng.uniform(0.05, 0.4))


def three(z, leak, **changed):
    """The right values and slopes, some of them changed; names are written with _ for a space."""
    s, t = 1 / (1 + np.exp(-z)), np.tanh(z)
    right = dict(zip(KEYS, (s, s * (1 - s), t, 1 - t * t, max(z, leak * z), 1.0 if z > 0 else leak), strict=True))
    return {**right, **{key.replace("_", " "): value for key, value in changed.items()}}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_slope_of_the_sum(z, leak):
    return three(z, leak, slope_of_sigmoid=z * (1 - z))


def sigmoid_bent_twice(z, leak):
    s = sigmoid(sigmoid(z))
    return three(z, leak, slope_of_sigmoid=s * (1 - s))


def sigmoid_slope_of_tanh(z, leak):
    return three(z, leak, slope_of_sigmoid=1 - sigmoid(z) ** 2)


def sigmoid_largest_slope(z, leak):
    return three(z, leak, slope_of_sigmoid=0.25)


def tanh_slope_of_sigmoid(z, leak):
    return three(z, leak, slope_of_tanh=np.tanh(z) * (1 - np.tanh(z)))


def tanh_without_square(z, leak):
    return three(z, leak, slope_of_tanh=1 - np.tanh(z))


def tanh_slope_of_the_sum(z, leak):
    return three(z, leak, slope_of_tanh=1 - z * z)


def tanh_four_times(z, leak):
    return three(z, leak, slope_of_tanh=4 * sigmoid(z) * (1 - sigmoid(z)))


def leak_forgotten(z, leak):
    return three(z, leak, leaky_ReLU=max(z, 0), slope_of_leaky_ReLU=float(z > 0))


def leak_in_the_value_only(z, leak):
    return three(z, leak, slope_of_leaky_ReLU=float(z > 0))


def leak_on_both_sides(z, leak):
    return three(z, leak, leaky_ReLU=leak * z, slope_of_leaky_ReLU=leak)


def leak_value_for_slope(z, leak):
    return three(z, leak, slope_of_leaky_ReLU=1.0 if z > 0 else leak * z)


def slopes_by_nudges(z, leak):
    """Right: each slope as the change over a small push."""
    curves = {"sigmoid": sigmoid, "tanh": np.tanh, "leaky ReLU": lambda z: np.maximum(z, leak * z)}
    nudge, found = 1e-5, {}
    for name, curve in curves.items():
        found[name] = curve(z)
        found[f"slope of {name}"] = (curve(z + nudge) - curve(z - nudge)) / (2 * nudge)
    return found


# --- a push through layers ------------------------------------------------------------------------------------------


def layers(rng):
    """Slopes by layer, and the weights' factor: first a ReLU whose neurons are half on, to be worked out by hand."""
    yield np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]]), 1.0
    yield np.array([[0.6, 0.8], [0.1, 0.7], [1.0, 1.0]]), 2.0
    for low, high in ((0.5, 0.9), (1.2, 2.0), (2.0, 4.0)):
        yield rng.uniform(0, 1, (int(rng.integers(3, 6)), 6)), float(rng.uniform(low, high))


def size(met):
    return np.sqrt(np.mean(met**2, axis=1))


def through(typical, left):
    return lambda met, factor: {"typical slopes": typical(met), "left": left(typical(met), factor)}


def every_layer(typical, factor):
    return np.prod(factor * typical)


def push_by_lengths(met, factor):
    """Right: the length of each row over the root of its neurons, one layer after the other."""
    left, typical = 1.0, [float(np.linalg.norm(row)) / len(row) ** 0.5 for row in met]
    for each in typical:
        left *= factor * each
    return {"typical slopes": typical, "left": left}


# --- outputs, a belief ----------------------------------------------------------------------------------------------


REASONS = {
    "digit": "they compete",
    "tags": "each on its own",
    "spam": "each on its own",
    "warmer": "any number",
    "rain": "never negative",
}


def chosen(**changed):
    return lambda: {**REASONS, **changed}


def two_classes():
    """Right: two classes, and the rival gains more."""
    return np.array([-1.0, 0.5]), np.array([0.0, 4.0])


# --- softmax --------------------------------------------------------------------------------------------------------


def rows(rng):
    """Sums and temperature: one easy row, as many rows as classes and not, very large and very small sums."""
    yield np.array([[2.0, 0.0, 0.0]]), 2.0
    yield np.array([[1.0, 0.0], [0.0, 3.0]]), 0.5
    yield np.array([[1000.0, 998.0, 0.0], [-1000.0, -1001.0, -1003.0]]), 1.0
    for n, k in ((4, 3), (2, 5)):
        yield rng.normal(0, 3, (n, k)), float(rng.uniform(1.5, 4))


def stable(z, axis):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def softmax_of_all(z, temperature):
    return stable(z / temperature, None)


def softmax_down_the_columns(z, temperature):
    return stable(z / temperature, 0)


def softmax_naive(z, temperature):
    powers = np.exp(z / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_times_temperature(z, temperature):
    return stable(z * temperature, 1)


def softmax_without_temperature(z, temperature):
    return stable(z, 1)


def softmax_cooled_afterwards(z, temperature):
    return stable(z, 1) / temperature


def softmax_not_divided(z, temperature):
    return np.exp((z - z.max(axis=1, keepdims=True)) / temperature)


def softmax_largest_of_the_batch(z, temperature):
    powers = np.exp((z - z.max()) / temperature)
    with np.errstate(invalid="ignore"):
        return powers / powers.sum(axis=1, keepdims=True)


def softmax_as_sigmoids(z, temperature):
    return np.where(z > 0, 1, np.exp(-np.abs(z / temperature))) / (1 + np.exp(-np.abs(z / temperature)))


def softmax_by_rows(z, temperature):
    """Right, row by row, with the largest taken off before the division."""
    found = []
    for row in z:
        powers = [np.exp((each - max(row)) / temperature) for each in row]
        found.append([power / sum(powers) for power in powers])
    return np.array(found)


def softmax_by_logarithms(z, temperature):
    """Right: the logarithm of the total is taken off, then comes one power."""
    z = z / temperature
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))


UNDERSTAND = {"level": "understand", "points": 5}
tasks = [
    Task(
        name="2.2 slopes",
        kind="trace",
        objective="2.2a",
        minutes=6,
        difficulty=2,
        cases=places,
        alternatives=[slopes_by_nudges],
        equivalent={mutant: "no z is exactly 0" for mutant in ("z > 0 → z >= 0", "z > 0 → z >= 0 (2)")},
        misconceptions=[
            Misconception(
                "the sigmoid's slope is worked out from z, as z (1 − z)", sigmoid_slope_of_the_sum, OF_THE_SUM
            ),
            Misconception("the sigmoid's value is bent once more before its slope", sigmoid_bent_twice, VALUE_OR_SUM),
            Misconception("the sigmoid gets the slope formula of tanh", sigmoid_slope_of_tanh, EXCHANGED),
            Misconception(
                "the sigmoid's slope is one quarter everywhere",
                sigmoid_largest_slope,
                "observed: the bound 0.25 is quoted as the slope",
            ),
            Misconception("tanh gets the slope formula of the sigmoid", tanh_slope_of_sigmoid, EXCHANGED),
            Misconception(
                "the square is missing in the slope of tanh", tanh_without_square, "invented: half of 1 − a² remembered"
            ),
            Misconception("the slope of tanh is worked out from z, as 1 − z²", tanh_slope_of_the_sum, OF_THE_SUM),
            Misconception(
                "tanh's slope is four times the sigmoid's at the same z",
                tanh_four_times,
                "invented: tanh z = 2 σ(2z) − 1, without the 2 inside",
            ),
            Misconception("nothing leaks below 0", leak_forgotten, "invented: plain ReLU"),
            Misconception(
                "the leak is in the value below 0 and not in the slope",
                leak_in_the_value_only,
                "invented: ReLU's slope is kept",
            ),
            Misconception(
                "below 0 the leaky ReLU's value stands in the place of its slope",
                leak_value_for_slope,
                "literature: Beichner (1994), height and slope of a graph are mixed up",
            ),
            Misconception(
                "the leak acts on both sides of 0", leak_on_both_sides, "invented: the condition is left out"
            ),
        ],
        hints=[
            "The table of the lesson has a row for each. Which of its slopes are written with $a$, and which with $z$?",
            "A slope is the change of the value for a tiny push of z. On which side of 0 does z lie?",
            "For $f(z) = e^z$ the slope is the value again. So at z = 1 value and slope are 2.72, and z is not needed "
            "any more: the slope is read from the value.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.2 push",
        kind="predict",
        objective="2.2b",
        minutes=6,
        difficulty=3,
        cases=layers,
        alternatives=[push_by_lengths],
        misconceptions=[
            Misconception(
                "the plain mean of the slopes stands for their typical size",
                through(lambda met: met.mean(axis=1), every_layer),
                "literature: He and others (2015) need squares; tutorials take means",
            ),
            Misconception(
                "the root is missing after the mean of the squares",
                through(lambda met: np.mean(met**2, axis=1), every_layer),
                "invented: mean square for its root",
            ),
            Misconception(
                "the largest slope of each layer stands for all",
                through(lambda met: met.max(axis=1), every_layer),
                "observed: the bounds 0.25 and 1 are quoted as what a gradient meets",
            ),
            Misconception(
                "squares are summed and not averaged",
                through(lambda met: np.sqrt(np.sum(met**2, axis=1)), every_layer),
                "invented: sum for mean",
            ),
            Misconception(
                "the weights' factor is left out",
                through(size, lambda typical, factor: np.prod(typical)),
                "literature: claim C25, the slope alone is held responsible",
            ),
            Misconception(
                "the weights' factor counts once and not after each layer",
                through(size, lambda typical, factor: factor * np.prod(typical)),
                "invented: one factor is given, so one is used",
            ),
            Misconception(
                "the weights after the last layer are left out",
                through(size, lambda typical, factor: np.prod(factor * typical) / factor),
                "invented: ten layers with nine bends, as in the lesson",
            ),
            Misconception(
                "the layers are added and not multiplied",
                through(size, lambda typical, factor: np.sum(factor * typical)),
                "invented: sum for product",
            ),
            Misconception(
                "the mean runs down the neurons and not along each layer",
                lambda met, factor: {
                    "typical slopes": np.sqrt(np.mean(met**2, axis=0)),
                    "left": np.prod(factor * np.sqrt(np.mean(met**2, axis=0))),
                },
                "invented: the other axis",
            ),
        ],
        hints=[
            "The function `typical` of the lesson says how large many numbers are. One row of `met` is one layer.",
            "At each layer the push is multiplied by two things. How are many multiplications in a row joined?",
            "Slopes 0.6 and 0.8: squares 0.36 and 0.64, mean 0.5, root 0.71. With factor 2, one such layer makes 1.41 "
            "of 1, and three make 1.41 × 1.41 × 1.41.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.2 outputs",
        kind="explain",
        objective="2.2d",
        minutes=4,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "many classes are thought to be many separate questions",
                chosen(digit="each on its own"),
                TEN_SIGMOIDS,
            ),
            Misconception(
                "several outputs are thought to need a total of 1 in any case",
                chosen(tags="they compete"),
                "forum: stackoverflow 44164749, how does Keras handle multilabel classification",
            ),
            Misconception(
                "yes and no compete here as two outputs, though one number says both",
                chosen(spam="they compete"),
                "forum: stats.stackexchange.com 207049, use 1 or 2 output neurons",
            ),
            Misconception(
                "a difference of degrees is taken for a number that cannot be negative",
                chosen(warmer="never negative"),
                "invented: a size is asked for, and sizes have no sign",
            ),
            Misconception(
                "negative rain is allowed", chosen(rain="any number"), "invented: every quantity is given a free output"
            ),
        ],
        hints=[
            "Ask of each job: which answers are possible at all?",
            "May two answers be right at once? May the number be below 0?",
            "How many of three friends come to a party: each comes or stays away, whatever the others do. Who of the "
            "three comes first: exactly one can.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.2 belief",
        kind="counterexample",
        objective="2.2c",
        minutes=5,
        difficulty=2,
        marking=Marking("counterexample", claim="a_larger_sum_is_a_larger_probability"),
        alternatives=[two_classes],
        misconceptions=[
            Misconception(
                "only the first sum grows, and the others stay",
                lambda: ([1, 0, 0], [3, 0, 0]),
                "invented: one change at a time",
            ),
            Misconception(
                "all sums grow by the same number, which changes nothing",
                lambda: ([1, 0, 0], [3, 2, 2]),
                "invented: growth of all sums is thought to divide the total further",
            ),
            Misconception(
                "another sum grows, too, and by less than the first",
                lambda: ([1, 0, 0], [4, 2, 0]),
                "invented: a rival that grows is thought to be enough",
            ),
            Misconception(
                "another sum is larger than the first, before and after, and gains nothing on it",
                lambda: ([1, 3, 0], [2, 3, 0]),
                "invented: the rank is taken for the probability",
            ),
        ],
        hints=[
            "Look at the formula of softmax: where does the first sum stand, and where do the others?",
            "Only differences count. Your first sum has to grow, and its lead has to shrink.",
            "A runner gets faster by a second and still loses a place: how?",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.2 softmax",
        kind="implement",
        level="apply",
        objective="2.2c",
        minutes=8,
        difficulty=3,
        points=5,
        reach=True,
        cases=rows,
        alternatives=[softmax_by_rows, softmax_by_logarithms],
        misconceptions=[
            Misconception("the total runs over the whole batch, not over each row", softmax_of_all, AXIS),
            Misconception("the total runs down the columns, not along each row", softmax_down_the_columns, AXIS),
            Misconception("exp meets large sums, since no row's largest is taken off", softmax_naive, OVERFLOW),
            Misconception("the sums are multiplied by the temperature", softmax_times_temperature, CHAR_RNN),
            Misconception("the temperature is not used, or cancels in the division", softmax_without_temperature, LATE),
            Misconception(
                "the probabilities are divided by the temperature, not the sums", softmax_cooled_afterwards, LATE
            ),
            Misconception("the powers are not divided by their total", softmax_not_divided, "invented: the last line"),
            Misconception(
                "the largest of the whole batch is taken off, so that a row of small sums loses all its powers",
                softmax_largest_of_the_batch,
                "invented: one largest for all rows",
            ),
            Misconception(
                "each sum goes through a sigmoid of its own",
                softmax_as_sigmoids,
                TEN_SIGMOIDS,
            ),
        ],
        hints=[
            "Begin with one row, then let numpy do all rows with `axis=1, keepdims=True`.",
            "Which number can be taken off a whole row without changing its probabilities, so that no power is large?",
            "Sums 1002 and 1000: with 1002 taken off they are 0 and −2, the powers 1 and 0.14, the shares 0.88 and "
            "0.12.",
        ],
    ),
]
