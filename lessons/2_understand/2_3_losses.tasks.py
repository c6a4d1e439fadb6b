"""Tasks of lesson 2.3: losses by hand, an outlier, a claim to break, logits, heads; reach: the loss of a batch."""

import numpy as np

from classroom.tasks import Marking, Misconception, Task

SAME = "forum: stats.stackexchange.com 147001, is minimising the one equivalent to minimising the other?"
TWICE = "forum: github.com/vahidk/EffectiveTensorflow issue 9, softmax applied twice"
NAN = "forum: discuss.pytorch.org 180148, probabilities that underflow to 0 and the logarithm of 0"
SUM = "forum: stats.stackexchange.com 201452, minimise the mean loss over the batches instead of the sum?"


def invented(what):
    return f"invented: {what}"


# ---- 1: both losses by hand


def outputs(rng):
    """Outputs and right answers; the first case is easy by hand, errors have both signs, none is 0."""
    yield np.array([3.0, 5.0, 4.0]), np.array([2.0, 7.0, 8.0])
    yield np.array([1.5, -0.5]), np.array([-1.0, 1.0])
    for n in rng.permutation([4, 5, 7]):
        y = rng.normal(size=n) * 3
        yield y + rng.choice([-1, 1], size=n) * rng.uniform(0.3, 3, size=n), y


def traced(**changed):
    """by_hand with some steps replaced: each is a function of error and number of examples."""

    def by_hand(a, y):
        error = a - y
        steps = {
            "errors": error,
            "squared error": np.mean(error**2),
            "absolute error": np.mean(abs(error)),
            "slope for a[0]": 2 * error[0] / len(a),
        }
        names = {
            "errors": "errors",
            "squared": "squared error",
            "absolute": "absolute error",
            "slope": "slope for a[0]",
        }
        return steps | {names[key]: step(error, len(a)) for key, step in changed.items()}

    return by_hand


def by_loops(a, y):
    """Right, number by number, in plain Python."""
    errors = [float(out) - float(answer) for out, answer in zip(a, y, strict=True)]
    squares, sizes = [e * e for e in errors], [max(e, -e) for e in errors]
    n = len(errors)
    return {
        "errors": errors,
        "squared error": sum(squares) / n,
        "absolute error": sum(sizes) / n,
        "slope for a[0]": errors[0] / n + errors[0] / n,
    }


# ---- 2: one value is typed falsely


def slips(rng):
    """Values, and what the last becomes: it stays on its side of the median, crosses it, or becomes the median."""
    yield np.array([2.0, 4.0, 6.0]), 60.0  # the largest, larger still
    yield np.array([2.0, 6.0, 4.0]), 5.0  # the median itself, a little higher
    yield np.array([6.0, 4.0, 2.0]), 20.0  # across the median
    for kind in rng.permutation(["beyond", "across", "below"]):
        values = np.round(rng.permutation(np.arange(7) * 1.5 + rng.uniform(0.2, 1.2, size=7)), 2)
        last = {"beyond": values.argmax(), "across": values.argmin(), "below": values.argmin()}[kind]
        values[[last, -1]] = values[[-1, last]]
        yield values, float(round(rng.uniform(30, 60) * (-1 if kind == "below" else 1), 1))


def risen(squared, absolute):
    return lambda values, typed: {"squared error": squared(values, typed), "absolute error": absolute(values, typed)}


def changed(values, typed):
    return np.append(values[:-1], typed)


def mean_rise(values, typed):
    return (typed - values[-1]) / len(values)


def median_rise(values, typed):
    return np.median(changed(values, typed)) - np.median(values)


def by_sorting(values, typed):
    """Right, with the mean as a share of the change and the median as the middle of a sorted list."""
    middle = len(values) // 2
    after, before = sorted([*values[:-1], typed])[middle], sorted(values)[middle]
    return {"squared error": (typed - values[-1]) / len(values), "absolute error": after - before}


# ---- 3: the claim


def one_against_many():
    return np.array([0.0, 0.0, 5.0]), np.array([2.0, 2.0, 2.0])


# ---- 4: cross-entropy from logits


def scores(rng):
    """Logits and a label: small ones, a label that is not the largest, and logits of ±1 000."""
    yield np.array([2.0, 1.0, 0.0]), 0
    yield np.array([0.5, -1.0, 3.0, 1.0]), 1
    for size, k in ((1.0, 5), (3.0, 3)):
        yield rng.normal(size=k) * size, int(rng.integers(k))
    yield np.array([1000.0, 0.0, -1000.0]), int(rng.integers(1, 3))


def steps_of(z, label, shifted=None, log_of_sum=None, loss=None, slopes=None):
    """from_logits, with some steps replaced."""
    with np.errstate(all="ignore"):
        s = z - z.max() if shifted is None else shifted
        total = np.log(np.exp(s).sum()) if log_of_sum is None else log_of_sum
        p = np.exp(s - total) - (np.arange(len(z)) == label)
        return {
            "shifted": s,
            "log of the sum": total,
            "cross-entropy": total - s[label] if loss is None else loss(s, total),
            "slopes": p if slopes is None else slopes(p, s, total),
        }


def without_shift(z, label):
    return steps_of(z, label, shifted=z)


def base_ten(z, label):
    total = np.log10(np.exp(z - z.max()).sum())
    right = steps_of(z, label)
    return right | {"log of the sum": total, "cross-entropy": total - right["shifted"][label]}


def by_probabilities(z, label):
    p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    with np.errstate(divide="ignore"):
        return steps_of(z, label) | {"cross-entropy": -np.log(p[label])}


def logits_by_loops(z, label):
    """Right, without numpy's functions."""
    import math

    top = max(z)
    total = math.log(sum(math.exp(v - top) for v in z))
    slopes = [math.exp(v - top - total) for v in z]
    slopes[label] -= 1
    return {"shifted": [v - top for v in z], "log of the sum": total, "cross-entropy": total - z[label] + top,
            "slopes": slopes}  # fmt: skip


# ---- 5: heads

HEADS = {
    "minutes until a bus comes": "number",
    "minutes until a bus comes; some clocks were off by hours": "number, outliers",
    "which of 26 letters was written": "one of k",
    "which of 26 letters occur on a page": "any of k",
    "a mail is spam": "yes or no",
    "who of five runners wins": "one of k",
    "why not softmax for letters on a page": "competes",
    "why not squared error behind a sigmoid, from a confidently wrong start": "saturates",
    "why not accuracy as a loss": "no slope",
    "why hand logits to the loss, not probabilities rounded to 0": "log of 0",
    "what absolute error asks for": "median",
}
BUS, CLOCKS, LETTER, PAGE, MAIL, RUNNERS, SOFTMAX, SQUARED, ACCURACY, LOGITS, ABSOLUTE = HEADS


def heads(**entries):
    names = {"bus": BUS, "clocks": CLOCKS, "letter": LETTER, "page": PAGE, "mail": MAIL, "runners": RUNNERS,
             "softmax": SOFTMAX, "squared": SQUARED, "accuracy": ACCURACY, "logits": LOGITS,
             "absolute": ABSOLUTE}  # fmt: skip
    return lambda: HEADS | {names[name]: entry for name, entry in entries.items()}


# ---- 6: the loss of a batch


def batches(rng):
    """Logits (n, k) with n and k different, labels; huge logits last."""
    yield np.array([[2.0, 0.0, 1.0], [0.0, 1.0, -1.0]]), np.array([0, 2])
    for n, k in ((3, 4), (5, 2)):
        yield rng.normal(size=(n, k)) * 2, rng.integers(k, size=n)
    yield np.array([[1000.0, 0.0, 3.0], [-1000.0, 2.0, 1.0]]), np.array([1, 0])


def batch_loss(reduce=np.mean, axis=1, shift=True, twice=False, log=np.log):
    def cross_entropy(logits, labels):
        z = logits - logits.max(axis=1, keepdims=True) if shift else logits
        with np.errstate(all="ignore"):
            p = np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)
            p = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True) if twice else p
            return reduce(-log(p[np.arange(len(labels)), labels]))

    return cross_entropy


def batch_by_rows(logits, labels):
    """Right, row by row."""
    return sum(np.logaddexp.reduce(row) - row[label] for row, label in zip(logits, labels, strict=True)) / len(labels)


def all_columns(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1))[:, None] - z)


COMMON = {"level": "understand"}
tasks = [
    Task(
        name="2.3 mse",
        kind="trace",
        objective="2.3a",
        minutes=4,
        difficulty=1,
        points=4,
        cases=outputs,
        alternatives=[by_loops],
        misconceptions=[
            Misconception(
                "the squares are added up and not divided by their number",
                traced(squared=lambda e, n: (e**2).sum()),
                SUM,
            ),
            Misconception(
                "the sizes of the errors are added up and not divided by their number",
                traced(absolute=lambda e, n: abs(e).sum()),
                SUM,
            ),
            Misconception(
                "the root of the mean square is taken",
                traced(squared=lambda e, n: np.sqrt(np.mean(e**2))),
                invented("the root mean square of statistics"),
            ),
            Misconception(
                "errors of both signs cancel before their size is taken",
                traced(absolute=lambda e, n: abs(e.mean())),
                invented("the mean is taken too early"),
            ),
            Misconception(
                "the mean error is squared, not the errors",
                traced(squared=lambda e, n: e.mean() ** 2),
                invented("the mean is taken too early"),
            ),
            Misconception(
                "the squared error has a factor one half, as in some books",
                traced(squared=lambda e, n: np.mean(e**2) / 2),
                "literature: Bishop (2006), equation 1.2",
            ),
            Misconception(
                "the slope is that of one example's square, not of the mean",
                traced(slope=lambda e, n: 2 * e[0]),
                SUM,
            ),
            Misconception(
                "the slope is that of the absolute error",
                traced(slope=lambda e, n: np.sign(e[0]) / n),
                invented("the two losses exchanged in the last step"),
            ),
            Misconception(
                "the slope lacks the factor 2",
                traced(slope=lambda e, n: e[0] / n),
                invented("from a loss with one half"),
            ),
            Misconception(
                "the error is right answer minus output",
                lambda a, y: traced()(a, y) | {"errors": y - a, "slope for a[0]": 2 * (y - a)[0] / len(a)},
                invented("the order of a residual in statistics"),
            ),
            Misconception(
                "the errors are right answer minus output, though the slope is not",
                traced(errors=lambda e, n: -e),
                invented("the order of a residual in statistics"),
            ),
        ],
        hints=[
            "The first section has the formulas; the first code cell uses them.",
            "Both losses are means over the examples. So the first output has only its share in them: its slope is "
            "divided by the number of examples, too.",
            "For a = (1, 4) and y = (2, 1) the errors are −1 and 3. Squared error: (1 + 9) / 2 = 5. Absolute error: "
            "(1 + 3) / 2 = 2. Slope for the second output: 2 · 3 / 2 = 3.",
        ],
        **COMMON,
    ),
    Task(
        name="2.3 typo",
        kind="predict",
        objective="2.3b",
        minutes=5,
        difficulty=2,
        points=4,
        cases=slips,
        alternatives=[by_sorting],
        equivalent={"append(typed, values[:-1], …)": "mean and median do not ask for the order of the values"},
        misconceptions=[
            Misconception("under absolute error, too, the best number is the mean", risen(mean_rise, mean_rise), SAME),
            Misconception(
                "under absolute error nothing ever moves, or the middle of the list is taken before it is sorted",
                risen(mean_rise, lambda v, t: 0.0),
                invented("robust is understood as blind; but a value may change sides"),
            ),
            Misconception(
                "the mean rises by the whole change, not by its share",
                risen(lambda v, t: t - v[-1], median_rise),
                invented("the number of values is forgotten"),
            ),
            Misconception(
                "the losses are exchanged", risen(median_rise, mean_rise), "literature: claim C22 of this course"
            ),
            Misconception(
                "the best numbers after the slip are given, not how far they rose",
                risen(lambda v, t: np.mean(changed(v, t)), lambda v, t: np.median(changed(v, t))),
                invented("the last step is left out"),
            ),
            Misconception(
                "the typed value is added, and the last one kept",
                risen(
                    lambda v, t: np.mean(np.append(v, t)) - np.mean(v),
                    lambda v, t: np.median(np.append(v, t)) - np.median(v),
                ),
                invented("replaced is read as appended"),
            ),
            Misconception(
                "the rise has the wrong sign: before minus after",
                risen(lambda v, t: -mean_rise(v, t), lambda v, t: -median_rise(v, t)),
                invented("a slip in the order of subtraction"),
            ),
        ],
        hints=[
            "Which number is the best one under each loss? The text after the prediction says it.",
            "Work out the best number before and after the slip, then subtract. The absolute error's may move, too, "
            "if the value changes sides.",
            "Values 1, 2, 9, and 9 becomes 0. Mean: from 4 to 1. Median: from 2 to 1, since 9 was above it and 0 lies "
            "below.",
        ],
        **COMMON,
    ),
    Task(
        name="2.3 claim",
        kind="counterexample",
        objective="2.3a",
        minutes=4,
        difficulty=2,
        points=4,
        marking=Marking("counterexample", claim="lower_absolute_means_lower_squared"),
        alternatives=[one_against_many],
        misconceptions=[
            Misconception(
                "the first network is better under both losses",
                lambda: (np.array([0.0, 0.0, 1.0]), np.array([2.0, 2.0, 2.0])),
                SAME,
            ),
            Misconception(
                "the two networks are given in the other order",
                lambda: (np.array([2.0, 2.0, 2.0]), np.array([0.0, 0.0, 5.0])),
                invented("first and second exchanged"),
            ),
            Misconception(
                "both have the same absolute error, so that the claim says nothing",
                lambda: (np.array([0.0, 4.0]), np.array([2.0, 2.0])),
                invented("equal is taken for lower"),
            ),
            Misconception(
                "all errors are below 1, and none is large enough beside the others",
                lambda: (np.array([0.1, 0.2, 0.3]), np.array([0.3, 0.3, 0.3])),
                invented("the sizes are changed, not their spread"),
            ),
        ],
        hints=[
            "Look at network A and network B at the beginning of the lesson.",
            "One network needs one large error and otherwise none; the other, many small ones. How large, how many?",
            "For five examples: one error of x against five of 1. Absolute: x against 5. Squared: x² against 5.",
        ],
        **COMMON,
    ),
    Task(
        name="2.3 logits",
        kind="trace",
        objective="2.3c",
        minutes=7,
        difficulty=3,
        points=4,
        cases=scores,
        alternatives=[logits_by_loops],
        misconceptions=[
            Misconception("the largest logit is not subtracted first", without_shift, NAN),
            Misconception(
                "the logarithm has base 10", base_ten, "literature: school calculators, where log is base 10"
            ),
            Misconception(
                "a probability is worked out first, and its logarithm may be that of 0", by_probabilities, NAN
            ),
            Misconception(
                "the sum is taken without its logarithm",
                lambda z, label: (
                    steps_of(z, label)
                    | {
                        "log of the sum": np.exp(z - z.max()).sum(),
                        "cross-entropy": np.exp(z - z.max()).sum() - (z - z.max())[label],
                    }
                ),
                invented("a step left out"),
            ),
            Misconception(
                "the minus sign of the cross-entropy is missing",
                lambda z, label: steps_of(z, label, loss=lambda s, t: s[label] - t),
                invented("ln p in place of −ln p"),
            ),
            Misconception(
                "the label's logit is taken before the largest was subtracted",
                lambda z, label: steps_of(z, label, loss=lambda s, t: t - z[label]),
                invented("shifted and first logits are mixed"),
            ),
            Misconception(
                "the cost of the largest logit is given, not that of the label",
                lambda z, label: steps_of(z, label, loss=lambda s, t: t),
                invented("the network's own answer is taken for the label"),
            ),
            Misconception(
                "the slopes are the probabilities; the label's 1 is not subtracted",
                lambda z, label: steps_of(z, label, slopes=lambda p, s, t: np.exp(s - t)),
                invented("p − y without the y"),
            ),
            Misconception(
                "the slopes have the wrong sign, y − p",
                lambda z, label: steps_of(z, label, slopes=lambda p, s, t: -p),
                invented("the pull is taken for the slope"),
            ),
            Misconception(
                "the slopes are multiplied by the slope of the sigmoid, as for the squared error",
                lambda z, label: steps_of(z, label, slopes=lambda p, s, t: p * np.exp(s - t) * (1 - np.exp(s - t))),
                invented("the factor of the squared error carried over"),
            ),
        ],
        hints=[
            "Four steps, each from the one before: shift, sum of exponentials and its logarithm, cost, slopes.",
            "p of the label is e to the (shifted logit − log of the sum). What is minus its logarithm, without "
            "working p out?",
            "Logits (0, 0), label 1: shifted (0, 0), log of the sum ln 2 = 0.69, cost 0.69 − 0 = 0.69, slopes "
            "(0.5, 0.5 − 1).",
        ],
        **COMMON,
    ),
    Task(
        name="2.3 heads",
        kind="explain",
        objective="2.3d",
        minutes=5,
        difficulty=2,
        points=4,
        probe="labels",
        equivalent={
            "zip(…) without strict=True": "eleven keys and eleven entries",
            "strict=True → strict=False": "eleven keys and eleven entries",
        },
        misconceptions=[
            Misconception(
                "labels that may come together are made to compete",
                heads(page="one of k"),
                "forum: stats.stackexchange.com 233658, softmax vs sigmoid",
            ),
            Misconception(
                "runners, of whom one wins, are given independent probabilities",
                heads(runners="any of k"),
                "forum: stats.stackexchange.com 233658, softmax vs sigmoid",
            ),
            Misconception(
                "accuracy is taken for a loss, since it counts in the end",
                heads(letter="no loss", page="no loss", mail="no loss", runners="no loss"),
                "forum: stats.stackexchange.com 577556, why not use the score as the loss?",
            ),
            Misconception(
                "squared error is taken for a loss that stands outliers, or the clocks are overlooked",
                heads(clocks="number"),
                "literature: claim C22 of this course",
            ),
            Misconception(
                "a label of 0 or 1 is taken for a number to be met, so the output is read as it is",
                heads(mail="number"),
                invented("the label is a number in the data"),
            ),
            Misconception(
                "two classes are given a softmax over k logits",
                heads(mail="one of k"),
                invented("right too, but not with one logit; the list has the head made for it"),
            ),
            Misconception("absolute error is thought to ask for the mean", heads(absolute="mean"), SAME),
            Misconception(
                "saturation and the logarithm of 0 are exchanged: one stops the slope, the other breaks the number",
                heads(squared="log of 0", logits="saturates"),
                NAN,
            ),
            Misconception(
                "saturation and a score without slope are exchanged: one is a flat end of a curve, the other steps",
                heads(squared="no slope", accuracy="saturates"),
                invented("both end in a slope near 0"),
            ),
        ],
        hints=[
            "Number or choice? If a choice: can two answers be right at once? The table of heads has a row for each.",
            "For the reasons, ask what would go wrong: do outputs share a total of 1, is a slope near 0, is a "
            "logarithm infinite?",
            "Which of 12 ingredients a soup holds: any of k, since salt does not exclude pepper. Its main ingredient: "
            "one of k.",
        ],
        **COMMON,
    ),
    Task(
        name="2.3 cross entropy",
        kind="implement",
        level="apply",
        objective="2.3c",
        minutes=8,
        difficulty=3,
        points=4,
        reach=True,
        cases=batches,
        alternatives=[batch_by_rows],
        misconceptions=[
            Misconception("the costs are added up and not divided by their number", batch_loss(reduce=np.sum), SUM),
            Misconception(
                "the largest logit is not subtracted first, or a probability rounded to 0 meets the logarithm",
                batch_loss(shift=False),
                NAN,
            ),
            Misconception(
                "a small number is added to the probability, so that the cost has a ceiling",
                batch_loss(log=lambda p: np.log(p + 1e-12)),
                "forum: discuss.pytorch.org 180148, a guard against the logarithm of 0 that hides the confident error",
            ),
            Misconception(
                "the largest logit of the whole batch is subtracted, not that of each row",
                lambda logits, labels: batch_loss(shift=False)(logits - logits.max(), labels),
                invented("one maximum for the whole table"),
            ),
            Misconception("softmax is applied twice", batch_loss(twice=True), TWICE),
            Misconception("softmax runs down the columns", batch_loss(axis=0), invented("axis 0 and axis 1 exchanged")),
            Misconception(
                "the logarithm has base 10",
                batch_loss(log=np.log10),
                "literature: school calculators, where log is base 10",
            ),
            Misconception(
                "the mean runs over all classes, not over the labels",
                all_columns,
                invented("the label's column is not picked"),
            ),
            Misconception(
                "the minus sign is missing",
                lambda logits, labels: -batch_by_rows(logits, labels),
                invented("ln p in place of −ln p"),
            ),
        ],
        hints=[
            "Task 4 for each row, then a mean over the rows.",
            "`max` and `sum` need axis=1, and keepdims=True where the result is subtracted from the rows.",
            "`z[np.arange(3), np.array([2, 0, 1])]` picks one number from each of three rows.",
        ],
    ),
]
