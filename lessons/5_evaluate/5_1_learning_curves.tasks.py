"""Tasks of lesson 5.1: intervals of a gap and of a lead, a power law and how sure its exponent is, and a verdict."""

from functools import cache

import numpy as np

from classroom import data
from classroom.tasks import Case, Marking, Misconception, Task

SPREAD = "literature: Cumming, Fidler and Vaux (2007): standard deviation and standard error taken for each other"
OVERLAP = "literature: Schenker and Gentleman (2001): judging a difference by the overlap of two intervals"
SHARED = "literature: Nadeau and Bengio (2003): splits that share images treated as independent"
LARGER = "literature: Bouthillier and others (2021): benchmarks that compare two means alone"
TRIED = "invented: tried by the author"


# --- gap ------------------------------------------------------------------------------------------------------------


def two_sets(rng):
    """Images read right in a large training set and a smaller validation set, or the reverse; one gap is negative."""
    yield np.arange(100) < 90, np.arange(50) < 40
    yield np.arange(200) < 140, np.arange(80) < 68
    for n, m in ((400, 120), (60, 500), (900, 300)):
        yield rng.random(n) < rng.uniform(0.85, 0.97), rng.random(m) < rng.uniform(0.6, 0.9)


def gap_with(square=lambda p, q, n, m: p * (1 - p) / n + q * (1 - q) / m, times=2, sign=1, root=np.sqrt):
    """The gap with one of its parts changed."""

    def gap(training, validation):
        p, q = training.mean(), validation.mean()
        error = root(square(p, q, len(training), len(validation)))
        found = sign * (p - q)
        return found, found - times * error, found + times * error

    return gap


def gap_by_variances(training, validation):
    """Right: the variance of zeros and ones is p (1 − p)."""
    training, validation = training.astype(float), validation.astype(float)
    reach = 2 * (training.var() / training.size + validation.var() / validation.size) ** 0.5
    found = training.mean() - validation.mean()
    return [found, found - reach, found + reach]


def pooled(p, q, n, m):
    together = (n * p + m * q) / (n + m)
    return together * (1 - together) * (1 / n + 1 / m)


def gap_upper_end_first(training, validation):
    found, low, high = gap_with()(training, validation)
    return found, high, low


def gap_without_sign(training, validation):
    found, low, high = gap_with()(training, validation)
    reach = (high - low) / 2
    return abs(found), abs(found) - reach, abs(found) + reach


def sum_of_errors(p, q, n, m):
    return (np.sqrt(p * (1 - p) / n) + np.sqrt(q * (1 - q) / m)) ** 2


# --- paired interval ------------------------------------------------------------------------------------------------


def splits(rng):
    """Accuracies of two networks on k splits whose luck they share; the first case is easy to follow."""
    yield np.array([0.92, 0.90, 0.94]), np.array([0.91, 0.88, 0.91]), 400, 100
    for k, n_train, n_test in ((5, 300, 100), (10, 600, 200), (12, 500, 400)):
        luck = rng.normal(0.85, 0.03, size=k)
        yield luck + rng.normal(0.01, 0.01, size=k), luck + rng.normal(0, 0.01, size=k), n_train, n_test


def lead_with(
    share=lambda k, n_train, n_test: 1 / k + n_test / n_train,
    square=lambda a, b: (a - b).var(ddof=1),
    times=2,
    lead=lambda a, b: a - b,
    root=np.sqrt,
):
    """The lead with one of its parts changed."""

    def interval(a, b, n_train, n_test):
        mean = lead(a, b).mean()
        error = root(share(len(a), n_train, n_test) * square(a, b))
        return mean, mean - times * error, mean + times * error

    return interval


def lead_by_loops(a, b, n_train, n_test):
    """Right, number by number."""
    leads = [float(one) - float(other) for one, other in zip(a, b, strict=True)]
    k = len(leads)
    mean = sum(leads) / k
    square = sum((d - mean) ** 2 for d in leads) / (k - 1)
    reach = 2 * (square * (1 / k + n_test / n_train)) ** 0.5
    return mean, mean - reach, mean + reach


# --- power law ------------------------------------------------------------------------------------------------------


def curves(rng):
    """Errors near a power law with an offset, and offsets to try: 0, one in the middle or a late one is the closest."""
    yield np.array([100.0, 200.0, 400.0, 800.0]), np.array([0.30, 0.20, 0.15, 0.125]), np.array([0.0, 0.05, 0.1])
    yield np.array([100.0, 400.0, 1600.0]), np.array([0.40, 0.20, 0.10]), np.array([0.0, 0.03, 0.06])
    sizes = 50 * 2.0 ** np.arange(6)  # here each way to measure closeness keeps an offset of its own
    for errors in ([0.50, 0.28, 0.23, 0.17, 0.13, 0.10], [0.48, 0.31, 0.20, 0.17, 0.15, 0.10]):
        yield sizes, np.array(errors), np.array([0.0, 0.02, 0.04, 0.06, 0.08])
    for c in (0.0, 0.02, 0.06):
        sizes = np.round(np.geomspace(50, 5000, 7))
        errors = rng.uniform(2, 6) * sizes ** -rng.uniform(0.4, 0.8) + c
        errors = errors * np.exp(rng.normal(0, 0.02, size=7))
        yield sizes, errors, np.linspace(0, 0.95 * errors.min(), 12)


def law_with(line=None, choose=None, height=np.exp, sign=-1, within=None):
    """The fit with one of its parts changed."""

    def power_law(sizes, errors, offsets):
        tried = []
        for c in offsets:
            slope, high = (line or _line)(sizes, errors, c)
            curve = np.exp(high) * sizes**slope + c
            far = (within or _far)(errors, curve, c)
            tried.append((far, height(high), sign * slope, c))
        return (choose or (lambda tried: min(tried, key=lambda fit: fit[0])))(tried)[1:]

    return power_law


def _line(sizes, errors, c):
    return np.polyfit(np.log(sizes), np.log(errors - c), 1)


def _far(errors, curve, c):
    return np.sum((np.log(errors) - np.log(curve)) ** 2)


def _line_base_10(sizes, errors, c):
    return np.polyfit(np.log10(sizes), np.log10(errors - c), 1)


def no_offset(sizes, errors, offsets):
    slope, high = _line(sizes, errors, 0)
    return np.exp(high), -slope, 0.0


def law_by_solving(sizes, errors, offsets):
    """Right: the line by least squares in matrix form, all offsets first, then the closest."""
    table = np.column_stack([np.ones(len(sizes)), np.log(sizes)])
    fits = [np.linalg.lstsq(table, np.log(errors - c), rcond=None)[0] for c in offsets]
    far = [np.mean(np.log(errors / (np.exp(table @ fit) + c)) ** 2) for fit, c in zip(fits, offsets, strict=True)]
    (high, slope), c = fits[int(np.argmin(far))], offsets[int(np.argmin(far))]
    return np.array([np.exp(high), -slope, c])


# --- bootstrap ------------------------------------------------------------------------------------------------------


def resamples(rng):
    """Errors of a few seeds at a few sizes, and the seeds that each round draws."""
    for seeds, sizes in ((3, [50, 200, 800]), (5, [60, 120, 240, 480]), (8, [100, 300, 900, 2700, 8100])):
        sizes = np.array(sizes, dtype=float)
        errors = rng.uniform(2, 4) * sizes ** -rng.uniform(0.3, 0.6) * np.exp(rng.normal(0, 0.15, (seeds, len(sizes))))
        yield sizes, errors, rng.integers(seeds, size=(40, seeds))


def bootstrap_with(
    drawn=lambda errors, rows: errors[rows].mean(axis=0),
    slope=lambda n, e: -np.polyfit(np.log(n), np.log(e), 1)[0],
    ends=lambda b: (np.percentile(b, 2.5), np.percentile(b, 97.5)),
):
    """The bootstrap interval with one of its parts changed."""

    def exponent_interval(sizes, errors, draws):
        return ends([slope(sizes, drawn(errors, rows)) for rows in draws])

    return exponent_interval


def bootstrap_at_once(sizes, errors, draws):
    """Right: all rounds in one array, the slope by its formula."""
    log_n = np.log(sizes) - np.log(sizes).mean()
    log_e = np.log(errors[draws].mean(axis=1))
    return tuple(np.quantile(-(log_e @ log_n) / (log_n @ log_n), [0.025, 0.975]))


def seeds_for_rounds(sizes, errors, draws):
    """The draws are not used: each seed gives an exponent."""
    slopes = [-np.polyfit(np.log(sizes), np.log(row), 1)[0] for row in errors]
    return np.percentile(slopes, [2.5, 97.5])


def plus_minus_two(exponents):
    mean, error = np.mean(exponents), np.std(exponents) / np.sqrt(len(exponents))
    return mean - 2 * error, mean + 2 * error


# --- verdict --------------------------------------------------------------------------------------------------------

POOL = 60  # splits of the digits that worlds are drawn from


WAYS = {  # training images of a split, and how many others test it
    "small": (slice(0, 40), 300),
    "middle": (slice(0, 60), 300),
    "large": (slice(0, 90), 300),
    "one": (slice(0, 60), 20),
    "another": (slice(120, 180), 20),
    "a little more": (slice(120, 186), 20),
}


@cache
def accuracies():
    """Test accuracies of softmax regression on 60 splits, for each way to train.

    Each split has pixels disturbed as if by a scanner of its own, better or worse: luck that all ways share.
    """
    digits = data.digits()
    found = {name: [] for name in WAYS}
    for split in range(POOL):
        rng = np.random.default_rng([51, split])
        order = rng.permutation(len(digits.y))
        x, y = digits.x[order] / 16, digits.y[order]
        x = x + rng.uniform(0, 0.8) * rng.normal(size=x.shape)
        for name, (part, tests) in WAYS.items():
            found[name].append(_accuracy(x[part], y[part], x[200 : 200 + tests], y[200 : 200 + tests]))
    return {name: np.array(scores) for name, scores in found.items()}


def _accuracy(x, y, test_x, test_y):
    W, right = np.zeros((x.shape[1], 10)), np.eye(10)[y]
    for _ in range(60):
        p = np.exp(x @ W)
        W -= 0.5 * x.T @ (p / p.sum(axis=1, keepdims=True) - right) / len(x)
    return np.mean((test_x @ W).argmax(axis=1) == test_y)


def worlds(rng):
    """Forty-two worlds: A better, B better (90 or 60 images against 60 or 40), and as many in which no one can tell.

    In these, both learn from 60 images, each from its own, and the test sets are small: chance leads by as much as the
    better way does elsewhere, so no fixed lead decides. One in three has three splits instead, and one way has 66
    images: it is a little better, and so few splits cannot show it.
    """
    scores, drawn = accuracies(), []
    for i in range(14):
        good, poor = (("large", "middle"), ("middle", "small"))[i % 2]
        rows = rng.choice(POOL, size=int(rng.integers(8, 16)), replace=False)
        drawn.append((scores[good][rows], scores[poor][rows], "A is better"))
        rows = rng.choice(POOL, size=int(rng.integers(8, 16)), replace=False)
        drawn.append((scores[poor][rows], scores[good][rows], "B is better"))
        few = i % 3 == 0
        rows = rng.choice(POOL, size=3 if few else int(rng.integers(8, 16)), replace=False)
        pair = rng.permutation(["one", "a little more" if few else "another"])
        drawn.append((scores[pair[0]][rows], scores[pair[1]][rows], "cannot tell"))
    for i in rng.permutation(len(drawn)):
        a, b, truth = drawn[i]
        yield Case(a, b, verdict=truth)


def by_mean_and_error(times=lambda k: 2.2 if k > 4 else 5, error=None):
    """Verdicts by a mean lead and its error, one of them changed."""

    def verdict(a, b):
        lead = a.mean() - b.mean()
        scatter = (error or (lambda a, b: (a - b).std(ddof=1) / np.sqrt(len(a))))(a, b)
        if abs(lead) <= times(len(a)) * scatter:
            return "cannot tell"
        return "A is better" if lead > 0 else "B is better"

    return verdict


def by_ranks(a, b):
    """Right: signed ranks (Wilcoxon, 1945), with at least six splits."""
    if len(a) < 6:
        return "cannot tell"
    ranks = np.abs(a - b).argsort().argsort() + 1
    n, total = len(a), float((np.sign(a - b) * ranks).sum())
    if abs(total) < 2.1 * np.sqrt(n * (n + 1) * (2 * n + 1) / 6):
        return "cannot tell"
    return "A is better" if total > 0 else "B is better"


def by_bootstrap(a, b):
    """Right: the middle 98 % of resampled mean leads lie on one side of zero, from five splits on."""
    if len(a) < 5:
        return "cannot tell"
    leads = (a - b)[np.random.default_rng(0).integers(len(a), size=(400, len(a)))].mean(axis=1)
    low, high = np.percentile(leads, [1, 99])
    return "A is better" if low > 0 else "B is better" if high < 0 else "cannot tell"


def larger_mean(a, b):
    return "A is better" if a.mean() > b.mean() else "B is better"


def fixed_lead(a, b):
    return "cannot tell" if abs(a.mean() - b.mean()) < 0.03 else larger_mean(a, b)


def most_splits(a, b):
    ahead = np.sign(a - b).sum()
    return "A is better" if ahead > 0 else "B is better" if ahead < 0 else "cannot tell"


def best_split(a, b):
    return "A is better" if a.max() > b.max() else "B is better"


def never_sure(a, b):
    return "cannot tell"


def apart(a, b):
    """The error by which two intervals of two standard errors do not overlap."""
    return (a.std(ddof=1) + b.std(ddof=1)) / np.sqrt(len(a))


def independent(a, b):
    return np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))


COMMON = {"points": 5}
APPLY = {"kind": "implement", "level": "apply", **COMMON}

tasks = [
    Task(
        name="5.1 gap",
        objective="5.1b",
        minutes=6,
        difficulty=2,
        cases=two_sets,
        alternatives=[gap_by_variances],
        misconceptions=[
            Misconception(
                "standard deviations of one image are used, not of a mean over many",
                gap_with(square=lambda p, q, n, m: p * (1 - p) + q * (1 - q)),
                SPREAD,
            ),
            Misconception("the two standard errors are added, not their squares", gap_with(sum_of_errors), OVERLAP),
            Misconception("the interval reaches one standard error to either side", gap_with(times=1), TRIED),
            Misconception(
                "only the validation set's error is counted",
                gap_with(lambda p, q, n, m: q * (1 - q) / m),
                "invented: the training accuracy is thought to be exact",
            ),
            Misconception("validation minus training is given", gap_with(sign=-1), TRIED),
            Misconception("the gap is given without its sign", gap_without_sign, TRIED),
            Misconception("the upper end is given before the lower one", gap_upper_end_first, TRIED),
            Misconception(
                "one accuracy of both sets together stands under both squares",
                gap_with(pooled),
                "invented: the pooled share of a test for equality is used for an interval",
            ),
            Misconception(
                "the size of the training set stands under both squares",
                gap_with(lambda p, q, n, m: (p * (1 - p) + q * (1 - q)) / n),
                "invented: one n for both sets",
            ),
            Misconception("the root is left out", gap_with(root=lambda square: square), TRIED),
        ],
        hints=[
            "The lesson's first interval is for one accuracy; here there are two, from sets of different sizes.",
            "The squares of the standard errors add up, each with its own accuracy and its own number of images.",
            "0.9 of 100 and 0.5 of 25 images: squares 0.09/100 = 0.0009 and 0.25/25 = 0.01; the root of 0.0109 is "
            "0.104, so the gap 0.4 has the interval 0.19 to 0.61.",
        ],
        **APPLY,
    ),
    Task(
        name="5.1 paired interval",
        objective="5.1a",
        minutes=8,
        difficulty=3,
        cases=splits,
        alternatives=[lead_by_loops],
        misconceptions=[
            Misconception(
                "the splits are treated as independent: only 1/k is used", lead_with(lambda k, *_: 1 / k), SHARED
            ),
            Misconception(
                "the spreads of A and of B are used, not that of their leads",
                lead_with(square=lambda a, b: a.var(ddof=1) + b.var(ddof=1)),
                OVERLAP,
            ),
            Misconception(
                "the spread of a single lead is used, not the error of their mean", lead_with(lambda *_: 1), SPREAD
            ),
            Misconception(
                "n_train and n_test change places",
                lead_with(lambda k, n_train, n_test: 1 / k + n_train / n_test),
                "invented: a fraction turned upside down",
            ),
            Misconception(
                "k, not k − 1, stands in the denominator of the variance",
                lead_with(square=lambda a, b: (a - b).var()),
                TRIED,
            ),
            Misconception("the interval reaches one error to either side", lead_with(times=1), TRIED),
            Misconception(
                "n_test is divided by all images, not by n_train",
                lead_with(lambda k, n_train, n_test: 1 / k + n_test / (n_train + n_test)),
                "invented: the share of the test set for the ratio of the two sets",
            ),
            Misconception("the leads lose their signs", lead_with(lead=lambda a, b: abs(a - b)), TRIED),
            Misconception("the root is left out", lead_with(root=lambda square: square), TRIED),
            Misconception("the lead of B over A is given", lead_with(lead=lambda a, b: b - a), TRIED),
            Misconception(
                "the standard deviation stands under the root, not its square",
                lead_with(square=lambda a, b: (a - b).std(ddof=1)),
                TRIED,
            ),
        ],
        hints=[
            "Subtract first: one lead for each split. Everything after that is about these k numbers.",
            "The factor in the brackets multiplies the variance of the leads; the root comes last.",
            "Leads 0.01, 0.03, 0.02, 0.02 with n_test/n_train = 1/4: the variance is 0.0000667, the factor 1/4 + 1/4, "
            "the error 0.0058, the interval 0.008 to 0.032.",
        ],
        **APPLY,
    ),
    Task(
        name="5.1 power law",
        objective="5.1c",
        minutes=10,
        difficulty=3,
        cases=curves,
        alternatives=[law_by_solving],
        misconceptions=[
            Misconception(
                "no offset is tried but 0",
                no_offset,
                "literature: the straight line on two logarithmic axes (Clauset, Shalizi and Newman, 2009)",
            ),
            Misconception(
                "the sizes enter without their logarithm, which fits an exponential",
                law_with(line=lambda n, e, c: np.polyfit(n, np.log(e - c), 1)),
                "invented: one logarithm of two",
            ),
            Misconception("the slope is given as the exponent, with its minus sign", law_with(sign=1), TRIED),
            Misconception(
                "the height of the line is given as a; it is the logarithm of a", law_with(height=lambda h: h), TRIED
            ),
            Misconception("the last offset is kept, not the closest", law_with(choose=lambda tried: tried[-1]), TRIED),
            Misconception(
                "the offset with the largest distance is kept",
                law_with(choose=lambda tried: max(tried, key=lambda fit: fit[0])),
                TRIED,
            ),
            Misconception(
                "closeness is measured on the errors themselves, not on their logarithms",
                law_with(within=lambda errors, curve, c: np.sum((errors - curve) ** 2)),
                TRIED,
            ),
            Misconception(
                "closeness is measured between the lines, after c was subtracted",
                law_with(within=lambda errors, curve, c: np.sum((np.log(errors - c) - np.log(curve - c)) ** 2)),
                TRIED,
            ),
            Misconception(
                "the two axes change places in the line",
                law_with(line=lambda n, e, c: np.polyfit(np.log(e - c), np.log(n), 1)),
                TRIED,
            ),
            Misconception(
                "logarithms to base 10 are undone with exp", law_with(line=_line_base_10), "invented: two bases mixed"
            ),
        ],
        hints=[
            "The section on the power law: which axes make it a straight line, once c is subtracted?",
            "Two steps: for each c a line, with `np.polyfit`; then compare the curves with the errors, c added back.",
            "e = 0.2 and 0.1 at n = 100 and 400, c = 0: the slope is log(0.1/0.2) / log(4) = −0.5, so b = 0.5; the "
            "height is log 0.2 + 0.5 · log 100 = 0.69, so a = 2.",
        ],
        equivalent={
            "np.sum((np.log(errors) - np.log(curve)) ** 2) → np.mean((np.log(errors) - np.log(curve)) ** 2)": (
                "all sums have the same number of terms"
            ),
            "far < closest → far <= closest": "no two offsets are equally close",
            "np.log(errors) - np.log(curve) → np.log(curve) - np.log(errors)": "the difference is squared",
        },
        **APPLY,
    ),
    Task(
        name="5.1 bootstrap",
        objective="5.1c",
        minutes=8,
        difficulty=3,
        cases=resamples,
        alternatives=[bootstrap_at_once],
        misconceptions=[
            Misconception(
                "smallest and largest exponent are given, not the percentiles",
                bootstrap_with(ends=lambda b: (min(b), max(b))),
                TRIED,
            ),
            Misconception(
                "the spread of the rounds is divided by the root of their number: more rounds, a narrower interval",
                bootstrap_with(ends=plus_minus_two),
                "invented: rounds taken for data",
            ),
            Misconception(
                "the mean of the exponents plus and minus two standard deviations is given, not the percentiles",
                bootstrap_with(ends=lambda b: (np.mean(b) - 2 * np.std(b), np.mean(b) + 2 * np.std(b))),
                "invented: every interval is a mean and two standard errors",
            ),
            Misconception(
                "the upper end is given before the lower one",
                bootstrap_with(ends=lambda b: np.percentile(b, [97.5, 2.5])),
                TRIED,
            ),
            Misconception(
                "logarithms are averaged, not errors",
                bootstrap_with(drawn=lambda errors, rows: np.exp(np.log(errors[rows]).mean(axis=0))),
                "invented: mean and logarithm change places",
            ),
            Misconception(
                "the percentiles 5 and 95 are given", bootstrap_with(ends=lambda b: np.percentile(b, [5, 95])), TRIED
            ),
            Misconception(
                "the slope is given as the exponent, with its minus sign",
                bootstrap_with(slope=lambda n, e: np.polyfit(np.log(n), np.log(e), 1)[0]),
                TRIED,
            ),
            Misconception(
                "the sizes enter without their logarithm",
                bootstrap_with(slope=lambda n, e: -np.polyfit(n, np.log(e), 1)[0]),
                "invented: one logarithm of two",
            ),
            Misconception(
                "the errors enter without their logarithm",
                bootstrap_with(slope=lambda n, e: -np.polyfit(np.log(n), e, 1)[0]),
                "invented: one logarithm of two",
            ),
            Misconception(
                "sizes and errors enter without their logarithms",
                bootstrap_with(slope=lambda n, e: -np.polyfit(n, e, 1)[0]),
                "invented: tried from the task's text; a line is fitted to the curve itself",
            ),
            Misconception(
                "the two axes change places in the line",
                bootstrap_with(slope=lambda n, e: -np.polyfit(np.log(e), np.log(n), 1)[0]),
                "invented: tried from the task's text",
            ),
            Misconception(
                "shares are handed to `np.percentile`, which counts from 0 to 100",
                bootstrap_with(ends=lambda b: np.percentile(b, [0.025, 0.975])),
                "forum: quantile and percentile taken for each other",
            ),
            Misconception(
                "the draws are not used: each seed alone gives an exponent",
                seeds_for_rounds,
                "invented: tried from the task's text; the seeds are taken for the rounds",
            ),
            Misconception(
                "the median of the drawn seeds is taken, not their mean",
                bootstrap_with(drawn=lambda errors, rows: np.median(errors[rows], axis=0)),
                "invented: tried from the task's text",
            ),
            Misconception(
                "each seed counts once, however often it was drawn",
                bootstrap_with(drawn=lambda errors, rows: errors[np.unique(rows)].mean(axis=0)),
                "invented: drawn without putting back",
            ),
            Misconception(
                "only the first seed of each round is used",
                bootstrap_with(drawn=lambda errors, rows: errors[rows[0]]),
                TRIED,
            ),
        ],
        hints=[
            "One round: some rows of `errors`, their mean, one line. Then the same for every row of `draws`.",
            "A seed that is drawn twice counts twice: index with the drawn row numbers. Percentiles come last.",
            "Draws [0, 0, 2] of three seeds with the errors 0.2, 0.3, 0.5 at one size: the mean is "
            "(0.2 + 0.2 + 0.5) / 3 = 0.3.",
        ],
        equivalent={
            "errors[drawn].mean(axis=0) → errors[drawn].sum(axis=0)": "a factor moves the line up, not its slope",
        },
        **APPLY,
    ),
    Task(
        name="5.1 verdict",
        kind="decide",
        level="evaluate",
        objective="5.1d",
        minutes=12,
        difficulty=4,
        cases=worlds,
        marking=Marking("decide", words=("A is better", "B is better", "cannot tell"), need=0.9),
        alternatives=[by_ranks, by_bootstrap],
        misconceptions=[
            Misconception("the larger mean decides, however the splits scatter", larger_mean, LARGER),
            Misconception("a lead above a fixed number decides, however the splits scatter", fixed_lead, LARGER),
            Misconception("the way that is ahead on most splits is called better", most_splits, LARGER),
            Misconception("the best single split decides", best_split, "literature: Bouthillier and others (2021)"),
            Misconception("two separate intervals must not overlap", by_mean_and_error(lambda k: 2, apart), OVERLAP),
            Misconception(
                "the spreads of A and of B are used, as if the splits were not shared",
                by_mean_and_error(error=independent),
                OVERLAP,
            ),
            Misconception(
                "the spread of single leads is used, not the error of their mean",
                by_mean_and_error(error=lambda a, b: (a - b).std(ddof=1)),
                SPREAD,
            ),
            Misconception("every world is called undecided", never_sure, "invented: caution taken for judgement"),
        ],
        hints=[
            'Plot `a - b` of a few worlds from `draws("5.1 verdict")`, and beside it a and b themselves.',
            "What A and B share on a split cancels in the difference. Which error belongs to the mean of the leads?",
            "Leads 0.02, 0.04, 0.03, 0.01, 0.05: mean 0.03, standard deviation 0.016, error of the mean 0.007. Zero is "
            "more than four errors away.",
        ],
        points=10,
    ),
]
