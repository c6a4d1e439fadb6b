"""Tasks of lesson 6.1: the cost of a skeleton, normalising without a leak, a battery of baselines, a fair search, and a
design for tabular problems whose baseline sometimes wins."""

from itertools import pairwise

import numpy as np
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import RidgeCV

from classroom.tasks import Case, Criterion, Marking, Misconception, Task
from nnlib import Linear, ReLU, Sequential, Tanh, Tensor, nn, no_grad, optim
from nnlib import functional as F

LEAK = "literature: Kapoor and Narayanan (2023), preprocessing on training and test data together"
PEEK = "literature: Cawley and Talbot (2010), selection and report on the same data"
UNEQUAL = "literature: Dodge and others (2019), results compared at unequal budgets of search"
WEAK = "literature: Grinsztajn, Oyallon and Varoquaux (2022), networks compared with weak baselines or none"
TRIED = "invented: tried by the author"

# --- skeleton -------------------------------------------------------------------------------------------------------


def skeletons(rng):
    """With and without a bottleneck, which stands first, in the middle or last; outputs may be the narrowest place."""
    yield [3, 4, 2], 10, 2
    yield [30, 16, 4, 16, 2], 341, 20
    yield [64, 8, 32, 10], 1078, 5
    for hidden in (1, 2, 4):
        yield (
            [int(w) for w in rng.integers(2, 60, size=hidden + 2)],
            int(rng.integers(20, 500)),
            int(rng.integers(2, 30)),
        )


def counted(bias=1, once=0, times=3, examples=True, epochs=True, narrow=lambda w: min(w[1:-1]), pairs=None):
    """The counts with one part changed: biases a neuron, parameters of the input's normalisation, passes …"""

    def skeleton(widths, examples_, epochs_):
        layers = list((pairs or pairwise)(widths))
        forward = sum(a * b for a, b in layers)
        return {
            "parameters": forward + sum(bias * b for _, b in layers) + once * widths[0],
            "forward": forward,
            "training": times * forward * (examples_ if examples else 1) * (epochs_ if epochs else 1),
            "narrowest": narrow(widths),
        }

    return skeleton


def one_bias_a_layer(widths, examples, epochs):
    found = counted()(widths, examples, epochs)
    return found | {"parameters": found["forward"] + len(widths) - 1}


def biases_multiply(widths, examples, epochs):
    found = counted()(widths, examples, epochs)
    return found | {"forward": found["parameters"], "training": 3 * found["parameters"] * examples * epochs}


def skeleton_by_arrays(widths, examples, epochs):
    """Right: with arrays."""
    widths = np.array(widths)
    forward = widths[:-1] @ widths[1:]
    return {
        "parameters": forward + widths[1:].sum(),
        "forward": forward,
        "training": forward * 3 * examples * epochs,
        "narrowest": np.sort(widths[1:-1])[0],
    }


# --- normalise ------------------------------------------------------------------------------------------------------


def tables(rng):
    """Columns of very different scales, new rows that lie elsewhere, one or many; a column that never changes."""
    yield np.array([[1.0, 200.0], [3.0, 400.0]]), np.array([[2.0, 600.0]])
    yield np.array([[1.0, 5.0], [2.0, 5.0], [6.0, 5.0]]), np.array([[4.0, 5.0], [0.0, 7.0]])
    for n, m, features in ((12, 5, 3), (30, 1, 4), (8, 20, 2)):
        scale, shift = 10.0 ** rng.uniform(-2, 3, size=features), rng.uniform(-5, 5, size=features)
        train = (rng.normal(size=(n, features)) + shift) * scale
        yield train, (rng.normal(0.5, 2, size=(m, features)) + shift) * scale


def scaled(mean=None, spread=None, of=lambda train, new: train, new_by=None):
    """Normalising with one part changed: `of` gives the rows whose statistics are used."""
    mean, spread = mean or (lambda rows: rows.mean(axis=0)), spread or (lambda rows: rows.std(axis=0))

    def normalise(train, new):
        def treat(rows, by):
            divisor = spread(by)
            return (rows - mean(by)) / np.where(divisor > 0, divisor, np.inf)

        return treat(train, of(train, new)), treat(new, new_by(train, new) if new_by else of(train, new))

    return normalise


def by_row(train, new):
    return tuple((rows - rows.mean(axis=1, keepdims=True)) / rows.std(axis=1, keepdims=True) for rows in (train, new))


def constant_kept(train, new):
    spread = np.where(train.std(axis=0) > 0, train.std(axis=0), 1)
    return (train - train.mean(axis=0)) / spread, (new - train.mean(axis=0)) / spread


def to_range(train, new):
    low, high = train.min(axis=0), train.max(axis=0)
    width = np.where(high > low, high - low, np.inf)
    return (train - low) / width, (new - low) / width


def normalise_column_by_column(train, new):
    """Right: one column after the other."""
    found = [np.zeros(train.shape), np.zeros(new.shape)]
    for column in range(train.shape[1]):
        values = train[:, column]
        if len(set(values.tolist())) > 1:
            for rows, into in zip((train, new), found, strict=True):
                into[:, column] = (rows[:, column] - np.mean(values)) / np.std(values)
    return found


# --- battery --------------------------------------------------------------------------------------------------------


def batteries(rng):
    """Three classes. Validation and test prefer different models; ties at the top; row 0 may win."""
    truth = np.array([0, 1, 2, 0, 1, 2, 0, 1])
    yield wrong_in(truth, [4, 2, 2, 3]), truth, wrong_in(truth, [4, 3, 2, 1]), truth
    yield wrong_in(truth, [1, 1, 3]), truth, wrong_in(truth, [3, 2, 1]), truth
    for n, m in ((12, 15), (20, 18), (25, 30)):
        y, z = rng.integers(3, size=n), rng.integers(3, size=m)
        counts = rng.permutation([2, 4, 5, 7])
        yield wrong_in(y, counts), y, wrong_in(z, counts[::-1] + 1), z


def wrong_in(y, counts):
    """Predictions of some models: model i is wrong in the first counts[i] rows, for another class."""
    return np.array([np.where(np.arange(len(y)) < count, (y + 1) % 3, y) for count in counts])


def chosen_with(choose=lambda v, t: np.argmin(v), told=lambda v, t, c: t[c], gain=lambda v, t, c: t[0] - t[c]):
    """The battery with one part changed; v and t are the errors on validation and test rows."""

    def battery(validation, validation_y, test, test_y):
        v, t = (validation != validation_y).mean(axis=1), (test != test_y).mean(axis=1)
        c = choose(v, t)
        return c, told(v, t, c), gain(v, t, c)

    return battery


def battery_by_loops(validation, validation_y, test, test_y):
    """Right: model by model, counting."""
    counts = [sum(p != y for p, y in zip(row, validation_y, strict=True)) for row in validation]
    chosen = counts.index(min(counts))
    errors = [sum(p != y for p, y in zip(row, test_y, strict=True)) / len(test_y) for row in test]
    return np.array([chosen, errors[chosen], errors[0] - errors[chosen]])


def last_of_ties(v, t):
    return len(v) - 1 - np.argmin(v[::-1])


# --- fair search ----------------------------------------------------------------------------------------------------


def searches(rng):
    """B has more trials, or A, and its best come late; validation, test and their sum disagree."""
    yield (
        np.array([[0.2, 0.25], [0.1, 0.4], [0.3, 0.1]]),
        np.array([[0.3, 0.3], [0.2, 0.15], [0.25, 0.4], [0.05, 0.18]]),
    )
    yield np.array([[0.4, 0.3], [0.2, 0.35], [0.1, 0.12]]), np.array([[0.3, 0.2], [0.35, 0.15]])
    for a, b in ((4, 9), (10, 5), (6, 12)):
        logs = [rng.permutation(np.linspace(0.1, 0.4, n)) for n in (a, b)]
        longer = int(b > a)
        logs[longer][-1] = 0.05  # the longer search finds its best only after the other has ended
        yield tuple(np.column_stack([log, log + rng.normal(0.02, 0.05, size=len(log))]) for log in logs)


def searched(count=lambda a, b: (min(len(a), len(b)),) * 2, choose=lambda log: np.argmin(log[:, 0]), told=1, part=None):
    """The search with one part changed."""
    part = part or (lambda log, n: log[:n])

    def fair_search(a, b):
        counts = count(a, b)
        kept = [part(log, n) for log, n in zip((a, b), counts, strict=True)]
        return counts[0], *[log[choose(log), told] for log in kept]

    return fair_search


def best_of_each(a, b):
    n = min(len(a), len(b))
    return n, a[:n, 1].min(), b[:n, 1].min()


def mean_of_each(a, b):
    n = min(len(a), len(b))
    return n, a[:n, 1].mean(), b[:n, 1].mean()


def search_by_sorting(a, b):
    """Right: rows sorted by their validation error."""
    tries = min(a.shape[0], b.shape[0])
    return tries, sorted(a[:tries].tolist())[0][1], sorted(b[:tries].tolist())[0][1]


# --- design ---------------------------------------------------------------------------------------------------------

TRIES = 6
NEW = 250  # hidden rows of a made-up problem


def problems(rng):
    """A smooth problem, a straight one, and a real one.

    Each column has a unit of its own; y is in standard deviations. In the straight one all new rows lie on one side of
    the column that counts most: whoever normalises them by their own mean loses what they have in common.
    """
    for kind in ("smooth", "straight"):
        n = int(rng.integers(300, 401))
        yield posed(*generated(rng, kind, n), n, rng, kind == "straight")
    table = load_diabetes()
    order, y = rng.permutation(442), (table.target / table.target.std())
    yield posed(table.data[order] * 100, y[order], 330, rng, True)


def generated(rng, kind, n):
    """Six columns, of which some work together, in n rows and NEW more; noise makes a tenth or two fifths of y."""
    z = rng.uniform(-2, 2, size=(n + 4 * NEW, 6))  # no rows far out, which would make a good design fail by bad luck
    u, v, w = np.linalg.qr(rng.normal(size=(6, 6)))[0][:3]
    if kind == "straight":
        most = abs(u).argmax()
        z = np.vstack([z[:n], z[n:][np.argsort(z[n:, most])[-NEW:]]])
        clean, noise = z @ u, 0.4
    else:
        z = z[: n + NEW]
        clean, noise = np.sin(1.3 * z @ u) + 0.7 * (z @ v) * (z @ w), 0.1
    clean = (clean - clean[:n].mean()) / clean[:n].std()
    y = np.sqrt(1 - noise) * clean + np.sqrt(noise) * rng.normal(size=len(z)) + rng.uniform(-3, 3)
    return (z + rng.uniform(-2, 2, size=6)) * 10.0 ** rng.permutation(np.linspace(-2, 3, 6)), y


def posed(x, y, n, rng, baseline_wins):
    """The problem as a case: where the baseline cannot be beaten, a small loss is allowed and no gain is asked.

    There the baseline is the weighted sum. The better of the two on the hidden rows would sometimes be the trees, by
    luck, and nobody could foresee it.
    """
    x, y = np.float32(x), np.float32(y)
    given, hidden = (x[:n], y[:n]), (x[n:], y[n:])
    fits = [train(*given)[0](hidden[0]) for _, _, train in (SUM, TREES)]
    baseline = fits[0] if baseline_wins else min(fits, key=lambda guess: np.mean((guess - hidden[1]) ** 2))
    asked = {"slack": 0.07} if baseline_wins else {"reference": 0.3}
    truth = {"y": hidden[1], "baseline": np.float32(baseline), "budget": {"tries": TRIES}} | asked
    return Case(*given, hidden[0], TRIES, int(rng.integers(1000)), **truth)


STRENGTHS = np.geomspace(0.1, 100, 7)


def fitted(estimator, features=lambda z: z):
    """A way to train: scikit-learn's `estimator` on `features` of the normalised columns."""

    def train(x, y, seed=0):
        mean, spread = x.mean(0), x.std(0)
        model = clone(estimator).fit(features((x - mean) / spread), y)
        numbers = (
            [model.coef_, np.atleast_1d(model.intercept_)]
            if hasattr(model, "coef_")
            else [np.concatenate([tree.tree_.value.ravel() for tree in model.estimators_.ravel()])]
        )
        return lambda rows: model.predict(features((rows - mean) / spread)), numbers

    return train


def polynomial(z):
    """All products of up to three columns."""
    squares = [z[:, i] * z[:, j] for i in range(z.shape[1]) for j in range(i + 1)]
    cubes = [z[:, i] * z[:, j] * z[:, k] for i in range(z.shape[1]) for j in range(i + 1) for k in range(j + 1)]
    return np.column_stack([z, *squares, *cubes])


def network(widths=(16,), activation=Tanh, decay=0.01, drop=0.0, steps=400, rate=0.02, normalised=True):
    """A way to train: a network, all rows in each step."""

    def train(x, y, seed):
        mean, spread = (x.mean(0), x.std(0)) if normalised else (0.0, 1.0)
        y_mean, y_spread = y.mean(), y.std()
        inputs, targets = Tensor((x - mean) / spread), Tensor(((y - y_mean) / y_spread)[:, None])
        sizes, rng = [inputs.shape[1], *widths], np.random.default_rng(seed)
        layers = [part for a, b in zip(sizes, widths, strict=False)
                  for part in (Linear(a, b, rng=rng), activation(), nn.Dropout(drop, rng))]  # fmt: skip
        model = Sequential(*layers, Linear(sizes[-1], 1, rng=rng))
        optimizer = optim.Adam(model.parameters(), lr=rate, weight_decay=decay)
        for _ in range(steps):
            loss = F.mse_loss(model(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()

        def predict(rows):
            with no_grad():
                return model(Tensor((rows - mean) / spread)).data[:, 0] * y_spread + y_mean

        return predict, [p.data for p in model.parameters()]

    return train


SUM = ("weighted sum", "straight", fitted(RidgeCV(STRENGTHS)))
TREES = ("trees", "steps", fitted(GradientBoostingRegressor(random_state=0)))
CUBIC = ("weighted sum", "smooth", fitted(RidgeCV(STRENGTHS), polynomial))
NETWORKS = [("network", "smooth", network(decay=decay)) for decay in (0.003, 0.01, 0.03)]
# Handed in alone it fails. Behind a weighted sum, chosen by validation, it may pass: that is a fair comparison, and
# whether its bias suits the data is for the person who reads.
LESSONS = ("network", "smooth", network((32, 32), ReLU, decay=0, rate=0.01))


def rmse(predict, x, y):
    return float(np.sqrt(np.mean((predict(x) - y) ** 2)))


def designed(*ways, judged_on="validation", limit=True, told=None, new_rows=lambda new_x, x: new_x):
    """A design that tries `ways`, the simplest first, and keeps the best; one of its parts can be changed."""

    def design(x, y, new_x, tries, seed):
        order = np.random.default_rng(seed).permutation(len(y))
        keep, judge = order[: -len(y) // 4], order[-len(y) // 4 :]
        rows = keep if judged_on == "training" else judge
        made = [train(x[keep], y[keep], seed) for _, _, train in (ways[:tries] if limit else ways)]
        errors = [rmse(predict, x[rows], y[rows]) for predict, _ in made]
        best = int(np.argmin(errors))
        best = 0 if errors[best] > 0.8 * errors[0] else best  # a smaller lead on so few rows may be luck
        model, bias, train = ways[best]
        predict, weights = train(x, y, seed)
        weights = [np.float32(w) for w in weights]
        brief = {
            "model": model, "bias": bias, "tries": len(errors), "parameters": sum(w.size for w in weights),
            "validation error": min(errors), "error on new rows": errors[best],
        }  # fmt: skip
        brief |= told(brief) if told else {}
        predictions = np.float32(predict(new_rows(new_x, x)))
        return {"brief": brief, "log": {"validation error": errors}, "weights": weights, "predictions": predictions}

    return design


def by_their_own(new_x, x):
    """The new rows as they look to whoever normalises them by their own mean and spread."""
    return (new_x - new_x.mean(0)) / new_x.std(0) * x.std(0) + x.mean(0)


BLANK = {"kind": "implement", "level": "apply", "points": 5}

tasks = [
    Task(
        name="6.1 skeleton",
        objective="6.1b",
        minutes=5,
        difficulty=2,
        cases=skeletons,
        alternatives=[skeleton_by_arrays],
        misconceptions=[
            Misconception("the biases are left out of the parameters", counted(bias=0), TRIED),
            Misconception(
                "each layer is given one bias, not one for each neuron",
                one_bias_a_layer,
                "invented: many drawings show a single circle for the bias",
            ),
            Misconception(
                "mean and spread of each input are counted as parameters",
                counted(once=2),
                "forum: batch normalisation's running statistics counted among the parameters",
            ),
            Misconception("biases are counted as multiplications", biases_multiply, TRIED),
            Misconception(
                "training is counted as one forward pass for each example",
                counted(times=1),
                "invented: the way back is forgotten",
            ),
            Misconception("training is counted without its epochs", counted(epochs=False), TRIED),
            Misconception("training is counted for one example", counted(examples=False), TRIED),
            Misconception(
                "the outputs are taken for a bottleneck",
                counted(narrow=lambda w: min(w[1:])),
                "invented: the last narrow place of the drawing",
            ),
            Misconception("the last layer is left out", counted(pairs=lambda w: pairwise(w[:-1])), TRIED),
        ],
        hints=[
            "Draw the widths, and a line between each two neighbours. What stands on a line, what at its end?",
            "A weight multiplies once for each example; a bias is added. Training repeats that for all examples.",
            "[5, 3, 2], 10 examples, 4 epochs: 15 + 6 = 21 multiplications forward, 21 + 3 + 2 = 26 parameters, "
            "3 · 21 · 10 · 4 = 2 520 for the training.",
        ],
        **BLANK,
    ),
    Task(
        name="6.1 normalise",
        kind="complete",
        level="apply",
        points=5,
        objective="6.1b",
        minutes=4,
        difficulty=2,
        cases=tables,
        alternatives=[normalise_column_by_column],
        misconceptions=[
            Misconception(
                "mean and spread come from all rows, the new ones too",
                scaled(of=lambda train, new: np.vstack([train, new])),
                LEAK,
            ),
            Misconception(
                "the new rows are normalised by their own mean and spread",
                scaled(new_by=lambda train, new: new),
                "forum: fit_transform called on the test set as well",
            ),
            Misconception("each row is normalised, not each column", by_row, "forum: axis 1 taken for axis 0"),
            Misconception(
                "one mean and one spread serve all columns",
                scaled(lambda rows: rows.mean(), lambda rows: rows.std()),
                "forum: `x.mean()` without an axis",
            ),
            Misconception(
                "n − 1 stands in the denominator of the spread",
                scaled(spread=lambda rows: rows.std(axis=0, ddof=1)),
                "forum: pandas and numpy have different defaults",
            ),
            Misconception("the variance divides, not its root", scaled(spread=lambda rows: rows.var(axis=0)), TRIED),
            Misconception("the spread is left as it is", scaled(spread=lambda rows: np.ones(rows.shape[1])), TRIED),
            Misconception(
                "a column that never changes is divided by 1, so that new rows keep their difference",
                constant_kept,
                "invented: a zero spread replaced by one, as scikit-learn's scaler does",
            ),
            Misconception(
                "the columns are brought to the range from 0 to 1", to_range, "invented: one scaling taken for another"
            ),
        ],
        hints=[
            "Which numbers were known before the new rows came? Nothing else may enter.",
            "One mean and one spread for each column, from `train`; both arrays are treated with these.",
            "Training values 2, 4, 6: mean 4, spread 1.63. A new 10 becomes 3.67. Training values 7, 7, 7: all become "
            "0, and so does a new 9.",
        ],
    ),
    Task(
        name="6.1 battery",
        objective="6.1a",
        minutes=5,
        difficulty=3,
        cases=batteries,
        alternatives=[battery_by_loops],
        misconceptions=[
            Misconception("the model is chosen by the test rows", chosen_with(lambda v, t: np.argmin(t)), PEEK),
            Misconception(
                "the error that chose the model is reported as its error on new rows",
                chosen_with(told=lambda v, t, c: v[c]),
                PEEK,
            ),
            Misconception(
                "the smallest test error is reported, whatever was chosen",
                chosen_with(told=lambda v, t, c: t.min()),
                PEEK,
            ),
            Misconception("of equally good models the last is chosen", chosen_with(last_of_ties), TRIED),
            Misconception("the model with the largest error is chosen", chosen_with(lambda v, t: np.argmax(v)), TRIED),
            Misconception(
                "the last model is reported, whatever the others did",
                chosen_with(lambda v, t: len(v) - 1),
                WEAK,
            ),
            Misconception(
                "the gain is taken on the validation rows", chosen_with(gain=lambda v, t, c: v[0] - v[c]), PEEK
            ),
            Misconception("the gain has the wrong sign", chosen_with(gain=lambda v, t, c: t[c] - t[0]), TRIED),
            Misconception(
                "accuracy is reported, not error",
                chosen_with(told=lambda v, t, c: 1 - t[c]),
                "invented: a slip of reading",
            ),
        ],
        hints=[
            "Two sets, two jobs: one chooses, the other reports. Which is which?",
            "First a row of validation errors; the place of its smallest. Only then open the test rows, for that model "
            "and for row 0.",
            "Validation errors 0.3, 0.2, 0.2; test errors 0.25, 0.24, 0.2: model 1 is chosen; 0.24, gain 0.01.",
        ],
        equivalent={
            "(validation != validation_y).mean(axis=1) → (validation != validation_y).sum(axis=1)": (
                "all models are judged on equally many rows"
            ),
        },
        **BLANK,
    ),
    Task(
        name="6.1 fair search",
        objective="6.1c",
        minutes=5,
        difficulty=3,
        cases=searches,
        alternatives=[search_by_sorting],
        misconceptions=[
            Misconception("each search keeps all of its trials", searched(lambda a, b: (len(a), len(b))), UNEQUAL),
            Misconception("the test error chooses among the trials", best_of_each, PEEK),
            Misconception(
                "validation and test error together choose",
                searched(choose=lambda log: np.argmin(log.sum(axis=1))),
                PEEK,
            ),
            Misconception("the validation error of the best trial is reported", searched(told=0), PEEK),
            Misconception("the last trials are kept, not the first", searched(part=lambda log, n: log[-n:]), TRIED),
            Misconception("the mean of all test errors is reported, nothing is chosen", mean_of_each, TRIED),
            Misconception(
                "the largest validation error chooses", searched(choose=lambda log: np.argmax(log[:, 0])), TRIED
            ),
            Misconception("the last trial is reported, not the best", searched(choose=lambda log: len(log) - 1), TRIED),
        ],
        hints=[
            "What would the longer search have known when the shorter one ended?",
            "Cut both logs to the same number of rows, from the front. Then each side chooses by column 0 and reports "
            "column 1.",
            "A: (0.2, 0.3), (0.1, 0.2). B: (0.3, 0.1), (0.2, 0.4), (0.05, 0.1). Two tries: A reports 0.2, B 0.4.",
        ],
        equivalent={"min(len(b), len(a), …)": "the smaller of two numbers, in either order"},
        **BLANK,
    ),
    Task(
        name="6.1 design",
        kind="design",
        level="create",
        objective="6.1d",
        minutes=30,
        difficulty=5,
        points=100,
        seconds=60,
        cases=problems,
        marking=Marking(
            "design",
            fields={
                "tries": "length of log validation error",
                "validation error": "least of log validation error",
                "parameters": "size of weights",
            },
            words={"model": ("weighted sum", "trees", "network"), "bias": ("straight", "steps", "smooth")},
            promised="error on new rows",
            within=0.35,
        ),
        rubric=[
            Criterion(
                "The inductive bias is argued from the data",
                20,
                {
                    0: "no assumption named",
                    10: "named, without a measurement",
                    20: "a measurement on these rows speaks for it",
                },
            ),
            Criterion(
                "The report says where the design fails",
                20,
                {0: "nowhere", 10: "in general words", 20: "rows or draws named, with the error there"},
            ),
        ],
        alternatives=[
            designed(SUM, CUBIC),
            designed(SUM, TREES, ("network", "smooth", network((32,), ReLU, drop=0.1, decay=0.003))),
        ],
        misconceptions=[
            Misconception("a network is taken over from a lesson, and nothing else is tried", designed(LESSONS), TRIED),
            Misconception("the weighted sum is handed in for every problem", designed(SUM), TRIED),
            Misconception("trees are handed in for every problem", designed(TREES), TRIED),
            Misconception(
                "the columns are left in their units",
                designed(SUM, ("network", "smooth", network(normalised=False))),
                "literature: LeCun and others (1998), inputs on unlike scales",
            ),
            Misconception(
                "the new rows are normalised by their own mean and spread",
                designed(SUM, CUBIC, new_rows=by_their_own),
                "forum: fit_transform called on the test set as well",
            ),
            Misconception(
                "the training rows choose the model, and foretell its error on new ones",
                designed(SUM, LESSONS, judged_on="training"),
                PEEK,
            ),
            Misconception(
                "the brief names a validation error that is not in the log",
                designed(SUM, CUBIC, told=lambda brief: {"validation error": 0.5 * brief["validation error"]}),
                "invented: a boast",
            ),
            Misconception(
                "the brief promises half the error that was measured",
                designed(SUM, CUBIC, told=lambda brief: {"error on new rows": 0.5 * brief["error on new rows"]}),
                "invented: a boast",
            ),
            Misconception(
                "the promise is a mean squared error, not its root",
                designed(SUM, CUBIC, told=lambda brief: {"error on new rows": brief["error on new rows"] ** 2}),
                "forum: MSE and RMSE taken for each other",
            ),
            Misconception(
                "more configurations are tried than the budget allows",
                designed(SUM, TREES, CUBIC, *NETWORKS, CUBIC, limit=False),
                UNEQUAL,
            ),
        ],
        hints=[
            "What must be beaten, and on which rows did you measure it? Begin with that; it is a design already.",
            "Plot y against a column, then against a product of two. What would a weighted sum need to see that?",
            "Of several tries one is ahead by luck. Which lead on your validation rows would make you give up the "
            "baseline? The lesson's brief has a line for that.",
        ],
    ),
]
