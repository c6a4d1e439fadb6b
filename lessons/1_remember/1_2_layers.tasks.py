"""Tasks of lesson 1.2: parts, shapes, order and counts of a network; reach: write the count and the forward pass."""

from itertools import pairwise

import numpy as np

from classroom.tasks import Misconception, Task, with_entries

COLUMNS = "forum: datascience.stackexchange.com 14027, counting the number of layers in a neural network"
ONE_BIAS = "forum: stats.stackexchange.com 459929, how many biases are there in a neural network"
IN_OUT = "forum: github.com/pytorch/pytorch issue 129834, weights expected as (fan_in, fan_out)"
NO_T = "forum: github.com/pytorch/pytorch issue 139598, a square weight without its transpose"
INPUT_LAYER = "forum: ai.stackexchange.com 28578, why the input layer is usually not counted"


PARTS = {"A": "weight", "B": "hidden layer", "C": "output layer", "D": "input layer", "E": "activation"}
SHAPES = {
    "wines": (40, 13),
    "hidden.weight": (20, 13),
    "hidden.bias": (20,),
    "sent": (40, 20),
    "output.weight": (3, 20),
    "output.bias": (3,),
    "scores": (40, 3),
}
COUNTS = {
    "layers": 2,
    "hidden weights": 20,
    "hidden biases": 4,
    "output weights": 12,
    "output biases": 3,
    "parameters": 39,
}


def widths(rng):
    """Networks from one layer to five; the first is counted by hand in a moment."""
    yield ([3, 2],)
    yield ([4, 3, 2],)
    yield ([2, 5, 1],)
    for depth in (3, 4, 5):
        yield (rng.integers(2, 30, size=depth + 1).tolist(),)


def count_by_recursion(widths):
    """Right, from the first layer on."""
    first, *rest = widths
    return (first + 1) * rest[0] + count_by_recursion(rest) if rest else 0


def count_by_arrays(widths):
    """Right, from the arrays themselves."""
    return sum(np.zeros((b, a)).size + np.zeros(b).size for a, b in pairwise(widths))


def networks(rng):
    """Inputs, weights, biases: one example or many; once all sizes are the same, so that a forgotten .T runs."""
    for examples, inputs, hidden, outputs in ((1, 2, 2, 2), (4, 3, 3, 3), (3, 2, 4, 3), (5, 6, 3, 2)):
        yield (
            rng.normal(size=(examples, inputs)),
            rng.normal(size=(hidden, inputs)),
            rng.uniform(0.3, 1.5, size=hidden),
            rng.normal(size=(outputs, hidden)),
            rng.uniform(0.3, 1.5, size=outputs),
        )


def curve(z):
    return 1 / (1 + np.exp(-z))


def forward_without_t(x, weight1, bias1, weight2, bias2):
    return curve(x @ weight1 + bias1) @ weight2 + bias2


def forward_with_reshape(x, weight1, bias1, weight2, bias2):
    first, second = weight1.reshape(weight1.shape[::-1]), weight2.reshape(weight2.shape[::-1])
    return curve(x @ first + bias1) @ second + bias2


def forward_without_biases(x, weight1, bias1, weight2, bias2):
    return curve(x @ weight1.T) @ weight2.T


def forward_with_the_first_biases(x, weight1, bias1, weight2, bias2):
    return curve(x @ weight1.T + bias1[0]) @ weight2.T + bias2[0]


def forward_with_late_bias(x, weight1, bias1, weight2, bias2):
    return (curve(x @ weight1.T) + bias1) @ weight2.T + bias2


def forward_without_curve(x, weight1, bias1, weight2, bias2):
    return (x @ weight1.T + bias1) @ weight2.T + bias2


def forward_with_curve_at_the_end(x, weight1, bias1, weight2, bias2):
    return curve((x @ weight1.T + bias1) @ weight2.T + bias2)


def forward_with_two_curves(x, weight1, bias1, weight2, bias2):
    return curve(curve(x @ weight1.T + bias1) @ weight2.T + bias2)


def forward_that_stops_at_the_hidden_layer(x, weight1, bias1, weight2, bias2):
    return curve(x @ weight1.T + bias1)


def forward_that_decides(x, weight1, bias1, weight2, bias2):
    return (curve(x @ weight1.T + bias1) @ weight2.T + bias2).argmax(axis=1)


def forward_without_the_first_t(x, weight1, bias1, weight2, bias2):
    return curve(x @ weight1 + bias1) @ weight2.T + bias2


def forward_without_the_second_t(x, weight1, bias1, weight2, bias2):
    return curve(x @ weight1.T + bias1) @ weight2 + bias2


def forward_with_another_curve(another):
    return lambda x, weight1, bias1, weight2, bias2: another(x @ weight1.T + bias1) @ weight2.T + bias2


def forward_neuron_by_neuron(x, weight1, bias1, weight2, bias2):
    """Right, with a loop over the neurons of each layer."""
    a1 = np.stack([curve(x @ w + b) for w, b in zip(weight1, bias1, strict=True)], axis=1)
    return np.stack([a1 @ w + b for w, b in zip(weight2, bias2, strict=True)], axis=1)


def forward_in_columns(x, weight1, bias1, weight2, bias2):
    """Right, with examples as columns, as in many books."""
    a1 = curve(weight1 @ x.T + bias1[:, None])
    return (weight2 @ a1 + bias2[:, None]).T


def forward_of_torch(x, weight1, bias1, weight2, bias2):
    import torch

    x, weight1, bias1, weight2, bias2 = (
        torch.tensor(a, dtype=torch.float32) for a in (x, weight1, bias1, weight2, bias2)
    )
    linear = torch.nn.functional.linear
    return linear(torch.sigmoid(linear(x, weight1, bias1)), weight2, bias2)


tasks = [
    Task(
        name="1.2 parts",
        kind="label",
        level="remember",
        objective="1.2a",
        minutes=2,
        difficulty=1,
        points=5,
        probe="labels",
        misconceptions=[
            Misconception(
                "the network is read from top to bottom, against the arrow",
                with_entries(PARTS, C="input layer", D="output layer"),
                "invented: text is read from top to bottom",
            ),
            Misconception(
                "a number inside a circle is called a weight, and a line an activation",
                with_entries(PARTS, A="activation", E="weight"),
                "invented: circles are thought to store what was learned",
            ),
            Misconception(
                "the row that receives the inputs is called the input layer",
                with_entries(PARTS, B="input layer", D="hidden layer"),
                INPUT_LAYER,
            ),
            Misconception(
                "the last row before the answer is called the output layer",
                with_entries(PARTS, B="output layer", C="hidden layer"),
                "invented: the answer is thought to come after the drawing",
            ),
        ],
        hints=[
            "Find the arrow at the left first: where do the numbers come in?",
            "Two of the five words name one thing of many: a line, or the number in a circle. Three name whole rows.",
            "In a company, post comes in at the porter's. Offices work on it unseen, and a spokesman answers. "
            "Which row is the porter's?",
        ],
    ),
    Task(
        name="1.2 shapes",
        kind="match",
        level="remember",
        objective="1.2b",
        minutes=4,
        difficulty=2,
        points=5,
        probe="labels",
        misconceptions=[
            Misconception(
                "the weights have inputs first, then outputs, as in the code that makes the layer",
                with_entries(SHAPES, hiddenweight=(13, 20), outputweight=(20, 3)),
                IN_OUT,
            ),
            Misconception(
                "the comma of a shape with one axis is missing, which makes it a number",
                with_entries(SHAPES, hiddenbias=20, outputbias=3),
                "invented: tried by the author; (20) is 20 in Python",
            ),
            Misconception(
                "a layer is given one bias", with_entries(SHAPES, hiddenbias=(1,), outputbias=(1,)), ONE_BIAS
            ),
            Misconception(
                "the biases are a table with one row, which would be an axis more",
                with_entries(SHAPES, hiddenbias=(1, 20), outputbias=(1, 3)),
                "invented: tried by a reviewer; a bias drawn as a row",
            ),
            Misconception(
                "a layer has a bias for each of its inputs",
                with_entries(SHAPES, hiddenbias=(13,), outputbias=(20,)),
                "invented: a bias for each input",
            ),
            Misconception(
                "a layer sends out as many numbers as it receives",
                with_entries(SHAPES, sent=(40, 13), scores=(40, 20)),
                "invented: the curve, which keeps the shape, is taken for the layer",
            ),
            Misconception(
                "the weights have a row for each example",
                with_entries(SHAPES, hiddenweight=(40, 13), outputweight=(40, 20)),
                "invented: each example is thought to have weights of its own",
            ),
            Misconception(
                "activations of many examples are taken for those of one",
                with_entries(SHAPES, sent=(20,), scores=(3,)),
                "invented: the drawing shows one example at a time",
            ),
        ],
        hints=[
            "Sort the seven first: three belong to the 40 wines, four to the network.",
            "Weights: outputs first, then inputs. Biases: one for each neuron. The rest has a row for each wine.",
            "With 7 examples through 2-5-1: inputs (7, 2), first weights (5, 2), biases (5,), activations (7, 5).",
        ],
    ),
    Task(
        name="1.2 order",
        kind="order",
        level="remember",
        objective="1.2b",
        minutes=2,
        difficulty=1,
        points=5,
        probe="order",
        misconceptions=[
            Misconception(
                "the curve is put before the sums that it bends",
                lambda: ["flatten", "curve", "hidden sums", "output sums", "largest score"],
                "invented: the curve is thought to prepare the inputs",
            ),
            Misconception(
                "the curve is put behind the output layer",
                lambda: ["flatten", "hidden sums", "output sums", "curve", "largest score"],
                "invented: sums first, then one curve for all",
            ),
            Misconception(
                "the output layer is put before the hidden one",
                lambda: ["flatten", "output sums", "curve", "hidden sums", "largest score"],
                "invented: hidden is heard as behind",
            ),
            Misconception(
                "the picture is flattened after the hidden layer",
                lambda: ["hidden sums", "flatten", "curve", "output sums", "largest score"],
                "forum: github.com/mrdbourke/pytorch-deep-learning issue 763, flattening and the sizes of Linear",
            ),
            Misconception(
                "the largest is sought before there are scores",
                lambda: ["flatten", "hidden sums", "curve", "largest score", "output sums"],
                "invented: activations are taken for the answer",
            ),
        ],
        hints=[
            "The lesson's cell with `z1`, `a1` and `z2` has all five steps.",
            "Ask of each step what it needs: the curve needs sums, the output layer needs activations.",
            "One neuron, as in 1.1: measure, add up, bend. A second layer begins with what the first sends out.",
        ],
    ),
    Task(
        name="1.2 counts",
        kind="recall",
        level="remember",
        objective="1.2c",
        minutes=3,
        difficulty=2,
        points=5,
        probe="labels",
        misconceptions=[
            Misconception(
                "columns of circles, or entries of the print-out, are counted as layers",
                with_entries(COUNTS, layers=3),
                COLUMNS,
            ),
            Misconception("only hidden layers are counted as layers", with_entries(COUNTS, layers=1), COLUMNS),
            Misconception(
                "a layer is given one bias",
                with_entries(COUNTS, hiddenbiases=1, outputbiases=1, parameters=34),
                ONE_BIAS,
            ),
            Misconception(
                "a layer is given a bias for each of its inputs",
                with_entries(COUNTS, hiddenbiases=5, outputbiases=4, parameters=41),
                "invented: a bias for each input",
            ),
            Misconception(
                "the biases are counted among the weights, too",
                with_entries(COUNTS, hiddenweights=24, outputweights=15),
                "invented: the formula (inputs + 1) · outputs taken for the weights",
            ),
            Misconception(
                "the biases are left out of the parameters",
                with_entries(COUNTS, parameters=32),
                "invented: parameter is taken for another word for weight",
            ),
            Misconception(
                "the inputs are given biases, too",
                with_entries(COUNTS, parameters=44),
                "invented: every circle is a neuron",
            ),
            Misconception(
                "the circles are counted, not the lines",
                with_entries(COUNTS, parameters=12),
                "invented: one number a circle",
            ),
            Misconception(
                "the lines that leave a layer are counted for it",
                with_entries(COUNTS, hiddenweights=12, outputweights=0),
                "invented: a weight is thought to belong to the neuron that sends",
            ),
        ],
        hints=[
            "Draw 5, 4 and 3 circles. Which of the lines lead into the hidden layer?",
            "A layer owns the lines that lead into it, and a bias for each of its neurons. All are parameters.",
            "2-3-1 has two layers: 6 weights and 3 biases in the hidden one, 3 weights and 1 bias in the output layer.",
        ],
    ),
    Task(
        name="1.2 parameters",
        kind="implement",
        level="apply",
        objective="1.2c",
        minutes=5,
        difficulty=2,
        points=5,
        cases=widths,
        reach=True,
        alternatives=[count_by_recursion, count_by_arrays],
        misconceptions=[
            Misconception(
                "the biases are left out",
                lambda widths: sum(a * b for a, b in pairwise(widths)),
                "invented: parameter is taken for another word for weight",
            ),
            Misconception(
                "each layer is given one bias", lambda widths: sum(a * b + 1 for a, b in pairwise(widths)), ONE_BIAS
            ),
            Misconception(
                "each layer is given a bias for each of its inputs",
                lambda widths: sum(a * b + a for a, b in pairwise(widths)),
                "invented: a bias for each input",
            ),
            Misconception(
                "the inputs are given biases, too",
                lambda widths: sum(a * b for a, b in pairwise(widths)) + sum(widths),
                "invented: every circle is a neuron",
            ),
            Misconception(
                "the output layer is left out",
                lambda widths: sum(a * b + b for a, b in pairwise(widths[:-1])),
                "invented: the loop ends one layer early",
            ),
            Misconception(
                "the last layer alone is counted, as when a total is overwritten",
                lambda widths: widths[-2] * widths[-1] + widths[-1],
                "invented: = in place of += in the loop",
            ),
            Misconception(
                "the widths of all columns are multiplied",
                lambda widths: int(np.prod(widths)),
                "invented: the rule for one layer carried over to the whole",
            ),
            Misconception("the circles are added up", lambda widths: sum(widths), "invented: one number a circle"),
            Misconception(
                "the first layer alone is counted, as when `return` stands inside the loop",
                lambda widths: widths[0] * widths[1] + widths[1],
                "invented: tried by the author; an indent too deep",
            ),
            Misconception(
                "the output layer is given no biases",
                lambda widths: sum(a * b for a, b in pairwise(widths)) + sum(widths[1:-1]),
                "invented: tried by the author; outputs are taken for results only",
            ),
            Misconception(
                "the whole network is given one bias",
                lambda widths: sum(a * b for a, b in pairwise(widths)) + 1,
                "invented: tried by the author; from the formula of one neuron, with one b",
            ),
            Misconception(
                "the loop begins at place 0, so that the last width also feeds the first",
                lambda widths: sum(widths[i - 1] * widths[i] + widths[i] for i in range(len(widths))),
                "invented: tried by the author; index −1 in Python",
            ),
        ],
        hints=[
            "A layer lies between two neighbours of the list. How many layers are there for a list of n widths?",
            "`zip(widths, widths[1:])` gives pairs of neighbours. Add up weights and biases of each pair.",
            "For [2, 3, 1]: the pairs are (2, 3) and (3, 1). They give 2 · 3 + 3 = 9 and 3 · 1 + 1 = 4, together 13.",
        ],
    ),
    Task(
        name="1.2 forward",
        kind="implement",
        level="apply",
        objective="1.2b",
        minutes=6,
        difficulty=3,
        points=5,
        cases=networks,
        reach=True,
        alternatives=[forward_neuron_by_neuron, forward_in_columns, forward_of_torch],
        misconceptions=[
            Misconception("`.T` is missing from both weights", forward_without_t, NO_T),
            Misconception("`.T` is missing from the hidden weights", forward_without_the_first_t, NO_T),
            Misconception("`.T` is missing from the output weights", forward_without_the_second_t, NO_T),
            Misconception(
                "tanh is taken for the curve",
                forward_with_another_curve(np.tanh),
                "invented: tried by the author; another curve in use",
            ),
            Misconception(
                "ReLU is taken for the curve, as in lesson 0",
                forward_with_another_curve(lambda z: np.maximum(z, 0)),
                "invented: tried by the author; another curve in use",
            ),
            Misconception(
                "the minus sign in the exponent is missing",
                forward_with_another_curve(lambda z: curve(-z)),
                "invented: the formula from memory, less a sign",
            ),
            Misconception(
                "1 is not divided by the whole of 1 + exp(…): the division is missing, or its brackets",
                forward_with_another_curve(lambda z: 1 + np.exp(-z)),
                "invented: tried by the author; the fraction typed from left to right",
            ),
            Misconception(
                "the weights are reshaped in place of `.T`, which moves numbers to other neurons",
                forward_with_reshape,
                "invented: the shape that fits is taken for the transpose",
            ),
            Misconception("the biases are left out", forward_without_biases, "invented: the formula is cut short"),
            Misconception("one bias serves a whole layer", forward_with_the_first_biases, ONE_BIAS),
            Misconception(
                "the hidden bias is added behind the curve", forward_with_late_bias, "invented: the bias as a last step"
            ),
            Misconception(
                "the curve is missing between the layers", forward_without_curve, "invented: sums are fed to sums"
            ),
            Misconception(
                "the curve stands behind the output layer, not between the layers",
                forward_with_curve_at_the_end,
                "invented: sums first, then one curve for all",
            ),
            Misconception(
                "the curve stands behind the output layer, too",
                forward_with_two_curves,
                "invented: every layer is thought to be sum and curve",
            ),
            Misconception(
                "the hidden activations are returned",
                forward_that_stops_at_the_hidden_layer,
                "invented: a layer is missing",
            ),
            Misconception(
                "the place of the largest score is returned, not the scores",
                forward_that_decides,
                "invented: the answer is taken for the output",
            ),
        ],
        hints=[
            "The lesson's cell with `z1`, `a1` and `z2` does it; only the names come from outside here.",
            "Three lines: sums of the hidden layer, the curve, sums of the output layer. Sums need `@`, `.T` and `+`.",
            "One layer with x = [[1, 2]], weight = [[3, −1]], bias = [−1]: 3 − 2 − 1 = 0; the curve makes 0.5 of it.",
        ],
    ),
]
