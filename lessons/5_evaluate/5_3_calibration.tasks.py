"""Tasks of lesson 5.3: table and ECE, the range of perfect models, temperature, Platt scaling, and a verdict."""

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

from classroom.tasks import Case, Marking, Misconception, Task

EDGES = "literature: the other half-open bins, [a, b), as in numpy's histogram"

ARRAYS = "forum: scikit-learn keeps what it has fitted in arrays, also where it is one number"

# --- the table and its ECE ------------------------------------------------------------------------------------------


def predictions(rng):
    """Probabilities that lie on the edges of bins, a certain answer, bins without an image; then random ones."""
    edges = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.2, 0.2, 0.6]])
    yield edges, np.array([0, 0, 2, 0, 1]), 4
    yield edges[[0, 4]], np.array([1, 2]), 6  # the last bins are empty, too
    for n, k, bins, sharp in ((30, 4, 5, 1.0), (36, 8, 15, 2.5)):
        logits = sharp * rng.normal(size=(n, k))
        yield softmax(logits, axis=1), _drawn(softmax(0.6 * logits, axis=1), rng), bins


def _drawn(P, rng):
    """Labels drawn with these probabilities."""
    return (P.cumsum(axis=1) > rng.random((len(P), 1))).argmax(axis=1)


def tabled(
    sure=lambda P, y: P.max(axis=1), place=None, error=None, middle=False, per=None, beyond=False, undivided=()
):  # fmt: skip
    """The table with one of its parts changed; with `beyond`, places past the last bin make rows of their own."""

    def reliability(P, y, bins):
        confidence, right = sure(P, y), (P.argmax(axis=1) == y).astype(float)
        where = (place or upper)(confidence, bins)
        kept = (where >= 0) & (beyond | (where < bins))
        sums = [np.bincount(where[kept], weights=w[kept], minlength=bins) for w in (np.ones(len(y)), confidence, right)]
        count, below = sums[0], (per or each_bin)(sums[0])
        mean, share = (sums[i] if i in undivided else sums[i] / below for i in (1, 2))
        if middle:
            mean = np.where(count > 0, (np.arange(bins) + 0.5) / bins, 0)
        gaps = share - mean
        return {"count": count, "confidence": mean, "right": share, "ECE": (error or weighted)(gaps, count, len(y))}

    return reliability


def upper(confidence, bins):
    return np.ceil(confidence * bins).astype(int) - 1


def lower(confidence, bins):
    return np.floor(confidence * bins).astype(int)


def upper_from_one(confidence, bins):
    return upper(confidence, bins) + 1


def lower_from_one(confidence, bins):
    return lower(confidence, bins) + 1


def lower_with_the_top(confidence, bins):
    return np.minimum(lower(confidence, bins), bins - 1)


def each_bin(count):
    return np.maximum(count, 1)


def no_care(count):
    with np.errstate(all="ignore"):
        return np.where(count > 0, count, np.nan)


def weighted(gaps, count, n):
    return np.sum(count * np.abs(gaps)) / n


def table_in_a_loop(P, y, bins):
    """Right, bin by bin."""
    n, rows = len(y), []
    for i in range(bins):
        inside = [j for j in range(n) if i / bins < max(P[j]) <= (i + 1) / bins]
        right = [int(np.argmax(P[j]) == y[j]) for j in inside]
        rows.append((len(inside), np.mean([max(P[j]) for j in inside] or [0]), np.mean(right or [0])))
    count, mean, share = np.array(rows).T
    return {"count": count.astype(int), "confidence": mean, "right": share, "ECE": sum(count / n * abs(share - mean))}


def every_class(P, y, bins):
    """Each of the n k probabilities is put into a bin, not the highest of a row alone."""
    hits = np.eye(P.shape[1])[y].ravel()
    return tabled(sure=lambda *_: P.ravel())(np.stack([1 - hits, hits], axis=1), np.ones(hits.size, int), bins)


# --- perfect models -------------------------------------------------------------------------------------------------


def draws(rng):
    for n, models, bins in ((20, 50, 5), (12, 48, 10), (30, 36, 8)):
        yield rng.beta(3, 1, size=n), rng.random((models, n)).astype(np.float32), bins


def ece(confidence, right, bins):
    place = np.ceil(confidence * bins).astype(int)
    return np.abs(np.bincount(place, weights=right - confidence)).sum() / len(confidence)


def ranged(
    right=lambda row, confidence: row < confidence, ends=lambda found: np.quantile(found, [0.025, 0.975]), always=0
):
    """The range with one of its parts changed."""

    def perfect_range(confidence, draws, bins):
        found = [ece(confidence, right(row, confidence).astype(float), always or bins) for row in draws]
        low, high = ends(np.array(found))
        return low, high

    return perfect_range


def range_without_a_loop(confidence, draws, bins):
    """Right: the sums of all models and bins at once, and quantiles in per cent."""
    member = np.ceil(confidence * bins).astype(int)[:, None] == np.arange(1, bins + 1)
    found = np.abs(((draws < confidence) - confidence) @ member).sum(axis=1) / len(confidence)
    return tuple(np.percentile(found, [2.5, 97.5]))


# --- temperature ----------------------------------------------------------------------------------------------------


def outputs(rng):
    """Logits of networks that are far too sure, too sure, nearly right, and too unsure, with temperatures to try.

    Once the list begins with the highest, so that its first is not always the lowest.
    """
    for n, k, T, first, last in (
        (50, 4, 6.0, 0.5, 12),
        (50, 6, 2.3, 8, 0.4),
        (60, 3, 1.1, 0.2, 4),
        (50, 5, 0.4, 0.25, 20),  # here the highest loss lies at the highest temperature
    ):
        logits = rng.normal(0, 2, (n, k))
        y = _drawn(softmax(logits, axis=1), rng)
        y[:3] = (y[:3] + 1) % k  # three labels are wrong, and the likelihood minds that more than other measures
        yield np.round(T * logits, 3), y, np.geomspace(first, last, 64)


def searched(measure, give=lambda temperatures, found: temperatures[int(np.argmin(found))], before=lambda z: z):
    """The temperature of lowest `measure(P, y)`, or something else at its place."""

    def fit_temperature(logits, y, temperatures):
        found = [measure(softmax(before(logits) / T, axis=1), y) for T in temperatures]
        return give(temperatures, found)

    return fit_temperature


def loss_of(P, y):
    return -np.mean(np.log(np.maximum(P[np.arange(len(y)), y], 1e-300)))


def ece_of(P, y):
    return ece(P.max(axis=1), (P.argmax(axis=1) == y).astype(float), 15)


def gap_of(P, y):
    return abs(P.max(axis=1).mean() - np.mean(P.argmax(axis=1) == y))


def errors_of(P, y):
    return np.mean(P.argmax(axis=1) != y)


def squares_of(P, y):
    return np.mean((P - np.eye(P.shape[1])[y]) ** 2)


def temperature_in_a_loop(logits, y, temperatures):
    """Right: the highest likelihood so far is kept."""
    best, highest = None, -np.inf
    for T in temperatures:
        total = sum(log_softmax(row / T)[label] for row, label in zip(logits, y, strict=True))
        if total > highest:
            best, highest = T, total
    return best


def multiplied(logits, y, temperatures):
    found = [loss_of(softmax(logits * T, axis=1), y) for T in temperatures]
    return temperatures[int(np.argmin(found))]


# --- Platt scaling --------------------------------------------------------------------------------------------------


def one_logit(rng):
    """Logits far too high; logits close together; two answers that are sure and wrong; and classes nearly apart."""
    for n, a, b, spread, wrong in (
        (60, 0.8, -2, 2.5, 0),
        (50, 3, 0.4, 0.4, 0),
        (40, 1.5, 0.8, 1.5, 2),
        (24, 6, 1, 1, 0),
    ):
        while True:
            z = np.round(rng.normal(0, spread, n), 3)
            y = (rng.random(n) < 1 / (1 + np.exp(-(a * z + b)))).astype(int)
            both = 6 < y.sum() < n - 6 and np.sum(z[y == 0] > np.sort(z[y == 1])[1]) > 1  # and not quite apart
            z, y = np.append(z, [6.0, -6.0][:wrong]), np.append(y, [0, 1][:wrong])
            if both and np.allclose(fitted()(z, y), by_newton(z, y), rtol=1e-3):  # the library did not stop early
                break
        yield z, y


def fitted(strength=1e9, intercept=True, feature=lambda z: z):
    def platt(z, y):
        model = LogisticRegression(C=strength, fit_intercept=intercept)
        model.fit(feature(z)[:, None], y)
        return model.coef_[0, 0], float(np.ravel(model.intercept_)[0]) if intercept else 0.0

    return platt


def by_newton(z, y):
    """Right: Newton's steps on the loss of a and b."""
    X, w = np.stack([z, np.ones(len(z))], axis=1), np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - np.linalg.solve(X.T @ (X * (p * (1 - p))[:, None]), X.T @ (p - y))
    return w[0], w[1]


def minimised(z, loss, start=(1.0, 0.0)):
    return tuple(minimize(lambda w: loss(w[0] * z + w[1]), start, tol=1e-10).x)


def likelihood(targets):
    return lambda s: np.mean(np.logaddexp(0, s) - targets * s)


def platt_by_scipy(z, y):
    """Right: a library's minimiser on the cross-entropy."""
    return minimised(z, likelihood(y))


def with_softened_labels(z, y):
    """The targets of Platt (1999): labels drawn in by one image."""
    many, few = y.sum(), len(y) - y.sum()
    return minimised(z, likelihood(np.where(y == 1, (many + 1) / (many + 2), 1 / (few + 2))))


def by_squares(z, y):
    return minimised(z, lambda s: np.mean((1 / (1 + np.exp(-s)) - y) ** 2))


def offset_alone(z, y):
    found = minimize_scalar(lambda b: likelihood(y)(z + b), bounds=(-20, 20), method="bounded")
    return 1.0, float(found.x)


def whole_arrays(z, y):
    model = LogisticRegression(C=1e9).fit(z[:, None], y)
    return model.coef_, model.intercept_


def first_entries(z, y):
    a, b = whole_arrays(z, y)
    return a[0], b[0]


def number_and_array(z, y):
    a, b = whole_arrays(z, y)
    return a[0, 0], b


def swapped(z, y):
    a, b = fitted()(z, y)
    return b, a


def sign_of_platt(z, y):
    a, b = fitted()(z, y)
    return -a, -b


# --- decide ---------------------------------------------------------------------------------------------------------


VAGUE, USUAL, SURE = (1, 1.5), (1.5, 2.2), (5, 7)  # spreads of the logits, from unsure to sure


def worlds(rng):
    """Three pairs of networks that are off: far on few images, by a tenth where chance does little, and a little on
    thousands. As many again are perfect, or next to it, on few images where chance does much. So no fixed gap and no
    fixed number of images separate them.
    """
    drawn = []
    for sizes, over, under, times in (
        ((50, 70), (VAGUE, 0.25), ((2.5, 3.5), 3.5), 5),
        ((130, 160), (SURE, 0.25), (SURE, 2.3), 4),
        ((1900, 2100), (USUAL, 0.84), (USUAL, 1.2), 3),
    ):
        for _ in range(times):
            drawn.append((*_sample(rng, sizes, *over), "overconfident"))
            drawn.append((*_sample(rng, sizes, *under), "underconfident"))
    for sizes, factors, times in (((50, 70), [0.95, 1, 1.05], 14), ((90, 130), [1], 10)):
        for _ in range(times):
            drawn.append((*_sample(rng, sizes, VAGUE, rng.choice(factors)), "cannot tell"))
    for i in rng.permutation(len(drawn)):
        confidence, right, truth = drawn[i]
        yield Case(confidence, right, verdict=truth)


def _sample(rng, sizes, spread, T):
    """Confidences and answers of a network whose logits are true if multiplied by T: below 1 it is too sure."""
    logits = rng.normal(0, rng.uniform(*spread), (rng.integers(*sizes), 5))
    y = _drawn(softmax(logits, axis=1), rng)
    return softmax(logits / T, axis=1).max(axis=1).astype(np.float32), logits.argmax(axis=1) == y


def by_simulation(confidence, right):
    """Right: beyond all but 1 % of perfect models at these confidences."""
    draws = np.random.default_rng(0).random((2000, len(confidence)))
    gaps = np.mean(confidence - (draws < confidence), axis=1)
    low, high = np.quantile(gaps, [0.01, 0.99])
    return named(np.mean(confidence - right), low, high)


def named(gap, low, high):
    return "overconfident" if gap > high else "underconfident" if gap < low else "cannot tell"


def by_paired_differences(confidence, right):
    """Right: the mean of the differences beside its standard error."""
    off = confidence - right
    error = off.std() / np.sqrt(len(off))
    return named(off.mean(), -2.3 * error, 2.3 * error)


def by_sign(confidence, right):
    return "overconfident" if confidence.mean() > np.mean(right) else "underconfident"


def by_ece(confidence, right):
    if ece(confidence, right.astype(float), 15) < 0.07:
        return "cannot tell"
    return by_sign(confidence, right)


def by_size_alone(confidence, right):
    return "cannot tell" if len(right) < 200 else by_sign(confidence, right)


def by_a_fixed_gap(confidence, right):
    return named(np.mean(confidence - right), -0.1, 0.1)


def by_two_thresholds(confidence, right):
    return "cannot tell" if len(right) < 60 else named(np.mean(confidence - right), -0.04, 0.04)


def by_the_spread_of_one(confidence, right):
    spread = np.std(confidence - right)
    return named(np.mean(confidence - right), -2 * spread, 2 * spread)


def by_confidence(confidence, right):
    return (
        "overconfident" if confidence.mean() > 0.85 else "underconfident" if confidence.mean() < 0.6 else "cannot tell"
    )


tasks = [
    Task(
        name="5.3 reliability",
        kind="implement",
        level="apply",
        objective="5.3a",
        minutes=10,
        difficulty=3,
        points=4,
        cases=predictions,
        alternatives=[table_in_a_loop],
        misconceptions=[
            Misconception(
                "a confidence on the edge of two bins goes to the upper one", tabled(place=lower_with_the_top), EDGES
            ),
            Misconception(
                "an edge belongs to the bin above it, so that a confidence of 1 falls out of all bins",
                tabled(place=lower),
                EDGES,
            ),
            Misconception(
                "an edge belongs to the bin above it, so that a confidence of 1 opens one bin more",
                tabled(place=lower, beyond=True),
                EDGES,
            ),
            Misconception(
                "the first bin is called 1, as by `np.ceil` or `np.digitize`, so that entry 0 belongs to no bin",
                tabled(place=upper_from_one, beyond=True),
                "forum: places of np.digitize, which count from 1, used as indices",
            ),
            Misconception(
                "the first bin is called 1, as by `np.digitize`, and an edge belongs to the bin above it",
                tabled(place=lower_from_one, beyond=True),
                "forum: places of np.digitize, which count from 1, used as indices",
            ),
            Misconception(
                "each bin counts equally in the ECE, however few images it holds",
                tabled(error=lambda gaps, count, n: np.abs(gaps[count > 0]).mean()),
                "invented: the plain mean over bins",
            ),
            Misconception(
                "each bin counts equally in the ECE, an empty one too",
                tabled(error=lambda gaps, count, n: np.abs(gaps).mean()),
                "invented: tried from the task's text; the plain mean over all bins",
            ),
            Misconception(
                "the right answers of a bin are counted, and not divided by its images",
                tabled(undivided=(2,)),
                "invented: tried from the task's text; a count for a share",
            ),
            Misconception(
                "the confidences of a bin are added up, and not divided by its images",
                tabled(undivided=(1,)),
                "invented: tried from the task's text; a sum for a mean",
            ),
            Misconception(
                "gaps of opposite sign cancel in the ECE, whose sizes are taken at the end only",
                tabled(error=lambda gaps, count, n: abs(np.sum(count * gaps)) / n),
                "invented: the absolute value after the sum",
            ),
            Misconception(
                "the gaps are squared, and the root of their weighted mean is taken",
                tabled(error=lambda gaps, count, n: np.sqrt(np.sum(count * gaps**2) / n)),
                "literature: the root mean square calibration error (Kumar and others, 2019) taken for the ECE",
            ),
            Misconception(
                "the largest gap is returned for the ECE",
                tabled(error=lambda gaps, count, n: np.abs(gaps).max()),
                "literature: the maximum calibration error of the same paper (Guo and others, 2017)",
            ),
            Misconception(
                "the ECE is not divided by the number of images",
                tabled(error=lambda gaps, count, n: np.sum(count * np.abs(gaps))),
                "invented: a sum for a mean",
            ),
            Misconception(
                "the probability of the label is taken for the confidence, not the highest one",
                tabled(sure=lambda P, y: P[np.arange(len(y)), y]),
                "forum: confidence read as the probability of the true class",
            ),
            Misconception(
                "the middle of a bin stands for its mean confidence",
                tabled(middle=True),
                "literature: diagrams drawn as one bar for each bin (Guo and others, 2017)",
            ),
            Misconception(
                "empty bins are divided by their count of 0, and `nan` comes out",
                tabled(per=no_care),
                "invented: an empty bin is not thought of",
            ),
            Misconception(
                "all probabilities of a row are put into bins, not the highest alone",
                every_class,
                "literature: class-wise ECE (Kull and others, 2019) taken for that of the confidence",
            ),
        ],
        hints=[
            "The lesson's `ece` finds the bin of each confidence in one line. Which number does it give the first bin?",
            "`np.bincount(place, weights=…, minlength=bins)` adds up one number per image in each bin. A mean is a sum "
            "divided by a count; where the count is 0, divide by 1.",
            "Two bins, confidences 0.4, 0.5, 0.9, answers wrong, right, right: the first bin holds 2 with means 0.45 "
            "and 0.5, the second 1 with 0.9 and 1. The ECE is 2/3 · 0.05 + 1/3 · 0.1.",
        ],
        equivalent={
            "maximum(1, count, …)": "the larger of two, in either order",
            "table['right'] - table['confidence'] → table['confidence'] - table['right']": "the size of a gap",
        },
    ),
    Task(
        name="5.3 perfect range",
        kind="implement",
        level="apply",
        objective="5.3b",
        minutes=6,
        difficulty=2,
        points=3,
        cases=draws,
        alternatives=[range_without_a_loop],
        misconceptions=[
            Misconception(
                "an answer is right where the draw lies above the confidence",
                ranged(lambda row, c: row > c),
                "invented: the sign of a comparison",
            ),
            Misconception(
                "all answers are right with the mean confidence, not each with its own",
                ranged(lambda row, c: row < c.mean()),
                "invented: one chance for all images",
            ),
            Misconception(
                "an answer is right where its confidence is above one half, without any draw",
                ranged(lambda row, c: c > 0.5),
                "invented: a decision for a chance",
            ),
            Misconception(
                "the smallest and the largest ECE are taken",
                ranged(ends=lambda found: (found.min(), found.max())),
                "invented: range in the sense of everyday words",
            ),
            Misconception(
                "5 % are cut off on each side, which leaves 90 %",
                ranged(ends=lambda found: np.quantile(found, [0.05, 0.95])),
                "invented: 5 % on both sides for 5 % in all",
            ),
            Misconception(
                "low is 0, and 5 % are cut off at the upper end alone",
                ranged(ends=lambda found: (0.0, np.quantile(found, 0.95))),
                "invented: a one-sided range",
            ),
            Misconception(
                "mean and two standard deviations are used for the quantiles",
                ranged(ends=lambda found: (found.mean() - 1.96 * found.std(), found.mean() + 1.96 * found.std())),
                "literature: the interval of a bell curve, used for what has none",
            ),
            Misconception(
                "per cent are handed to `np.quantile` as shares, or shares to `np.percentile`",
                ranged(ends=lambda found: np.percentile(found, [0.025, 0.975])),
                "forum: quantile and percentile taken for each other",
            ),
            Misconception(
                "high is returned before low",
                ranged(ends=lambda found: np.quantile(found, [0.975, 0.025])),
                "invented: a slip in the order of two results",
            ),
            Misconception(
                "there are always 15 bins, whatever `bins` says",
                ranged(always=15),
                "invented: the lesson's number is kept",
            ),
            Misconception(
                "the middle half of the models is taken",
                ranged(ends=lambda found: np.quantile(found, [0.25, 0.75])),
                "invented: the box of a box plot",
            ),
        ],
        hints=[
            "`perfect_eces` in the lesson draws the draws itself; here each row of `draws` is one model.",
            "With a draw drawn evenly between 0 and 1, `draw < 0.9` is true nine times in ten.",
            "Ten models with the errors 0.00, 0.01, …, 0.09: 10 % lie below 0.009 and 10 % above 0.081, by "
            "`np.quantile(found, [0.1, 0.9])`. That leaves 80 % between.",
        ],
        equivalent={"row < confidence → row <= confidence": "no draw equals a confidence"},
    ),
    Task(
        name="5.3 temperature",
        kind="implement",
        level="apply",
        objective="5.3c",
        minutes=6,
        difficulty=2,
        points=4,
        cases=outputs,
        alternatives=[temperature_in_a_loop],
        misconceptions=[
            Misconception("the logits are multiplied by the temperature", multiplied, "invented: T taken for a factor"),
            Misconception(
                "the lowest loss is returned, not the temperature that gives it",
                searched(loss_of, lambda temperatures, found: min(found)),
                "invented: min for argmin",
            ),
            Misconception(
                "the place in the list is returned, not the temperature that stands there",
                searched(loss_of, lambda temperatures, found: int(np.argmin(found))),
                "invented: argmin taken for the value",
            ),
            Misconception(
                "the ECE decides, not the likelihood", searched(ece_of), "forum: what is reported is minimised"
            ),
            Misconception(
                "mean confidence is brought near the accuracy, and nothing else is fitted",
                searched(gap_of),
                "invented: the two means of the lesson's first figures",
            ),
            Misconception(
                "what decides is the same for all temperatures: the number of errors, or a loss without T",
                searched(errors_of),
                "forum: temperature scaling expected to raise accuracy",
            ),
            Misconception(
                "the highest loss is taken, not the lowest",
                searched(loss_of, lambda temperatures, found: temperatures[int(np.argmax(found))]),
                "invented: highest likelihood and highest loss taken for each other",
            ),
            Misconception(
                "squared error decides, not the likelihood",
                searched(squares_of),
                "literature: the Brier score, another measure of probabilities (Brier, 1950)",
            ),
            Misconception(
                "softmax is applied before the loss that applies it itself",
                searched(loss_of, before=lambda z: softmax(z, axis=1)),
                "forum: discuss.pytorch.org, softmax before a cross-entropy loss that applies it itself",
            ),
        ],
        hints=[
            "The lesson computes the cross-entropy for a list of temperatures and takes the place of the lowest.",
            "Highest likelihood is lowest cross-entropy. `np.argmin` gives the place of the lowest in a list.",
            "Losses 0.9, 0.4, 0.6 at the temperatures 1, 2, 4: the lowest stands at place 1, so the answer is 2.",
        ],
    ),
    Task(
        name="5.3 Platt",
        kind="implement",
        level="apply",
        objective="5.3c",
        minutes=7,
        difficulty=3,
        points=4,
        tolerance=3e-3,
        cases=one_logit,
        alternatives=[by_newton, platt_by_scipy, fitted(1e5)],
        misconceptions=[
            Misconception(
                "the library's penalty stays on, `C=1`, and draws a towards 0",
                fitted(1.0),
                "forum: logistic regression of scikit-learn is regularised unless told otherwise",
            ),
            Misconception(
                "the arrays `coef_` and `intercept_` come back, not the number in each", whole_arrays, ARRAYS
            ),
            Misconception("`coef_[0]` is taken for a number, though it is still an array", first_entries, ARRAYS),
            Misconception("`intercept_` comes back as an array, not the number in it", number_and_array, ARRAYS),
            Misconception("b is left out", fitted(intercept=False), "invented: temperature scaling with a for 1/T"),
            Misconception("a stays 1, and b alone is fitted", offset_alone, "invented: an offset is thought to be all"),
            Misconception("b is returned before a", swapped, "invented: a slip in the order of two results"),
            Misconception(
                "both numbers have the opposite sign",
                sign_of_platt,
                "literature: Platt (1999) writes 1 / (1 + exp(A f + B)), whose signs are the opposite",
            ),
            Misconception(
                "sigmoid is applied to z first, and a and b are fitted to probabilities",
                fitted(feature=lambda z: 1 / (1 + np.exp(-z))),
                "forum: probabilities in the place of logits",
            ),
            Misconception(
                "squared error decides, not the likelihood",
                by_squares,
                "literature: the Brier score taken for the likelihood",
            ),
            Misconception(
                "the labels are drawn in towards one half, as in the original method",
                with_softened_labels,
                "literature: Platt (1999), targets (n + 1) / (n + 2)",
            ),
        ],
        hints=[
            "The lesson fits it in one line, as logistic regression on one number.",
            "One feature is the column `z[:, None]`; fitted numbers are `coef_` and `intercept_`. What does `C` weigh?",
            "For z = (−1, 0, 1) each seen three times, with 0, 1 and 2 right: a is near 2, b near −1.1, "
            "however large C. With C = 0.1 both are drawn in.",
        ],
        equivalent={"C=1000000000.0 → C=2000000000.0": "either leaves next to no penalty"},
    ),
    Task(
        name="5.3 decide",
        kind="decide",
        level="evaluate",
        objective="5.3d",
        minutes=12,
        difficulty=4,
        points=6,
        cases=worlds,
        marking=Marking("decide", words=("overconfident", "underconfident", "cannot tell"), need=0.8),
        alternatives=[by_simulation, by_paired_differences],
        misconceptions=[
            Misconception(
                "the larger of two means decides, however few the images",
                by_sign,
                "invented: a difference is a finding",
            ),
            Misconception(
                "an ECE above a fixed number decides, whatever the number of images",
                by_ece,
                "literature: Bröcker and Smith (2007), a perfect forecaster is expected on the line",
            ),
            Misconception(
                "the number of images decides whether to speak, and then the larger mean",
                by_size_alone,
                "invented: many images are thought to show a difference in any case",
            ),
            Misconception(
                "a fixed gap of the means decides, the same for few images and for many",
                by_a_fixed_gap,
                "invented: a round threshold",
            ),
            Misconception(
                "a fixed number of images and a fixed gap decide, without a look at what chance does",
                by_two_thresholds,
                "invented: two round thresholds",
            ),
            Misconception(
                "the gap is compared with the spread of single images, not with that of their mean",
                by_the_spread_of_one,
                "invented: standard deviation for standard error",
            ),
            Misconception(
                "a high confidence is called overconfidence, without a look at the answers",
                by_confidence,
                "literature: overconfidence read as high confidence",
            ),
        ],
        hints=[
            "Two means say which way it is off. What would the difference of the two be for a perfect model?",
            "A perfect model's mean gap is chance alone. Simulate it with draws, or work it out: its variance is the "
            "sum of p (1 − p) over all images, divided by n².",
            "50 answers of confidence 0.9: chance moves their share by √(0.09 / 50) = 0.042. A gap of 0.06 is 1.4 "
            "times that. On 800 images the same gap is 5.7 times what chance does.",
        ],
    ),
]
