"""Tasks of lesson 4.1: an update, a program to repair by hand, three wards of sick programs; reach: pairs."""

from functools import partial
from itertools import combinations, permutations

import numpy as np

from classroom import clinic
from classroom.tasks import Case, Marking, Misconception, Task
from nnlib import Tensor
from nnlib import functional as F

NORMS = "invented: a sum or a mean in place of a norm"
SIGN = "literature: claim C79 of this course, as published: the gradient points where the cost decreases most"
CURE = "forum: advice to lower the rate first, whatever the symptom"
CURVE = "literature: Karpathy (2019), who warns of debugging by the loss curve alone"


# --- update ---------------------------------------------------------------------------------------------------------


def updates(rng):
    """Weights before and after, and a gradient: a worked one, then drawn ones of one and of two axes."""
    yield np.array([3.0, 4.0]), np.array([3.03, 3.96]), np.array([-1.0, 1.0])
    for shape in ((5,), (3, 4), (4, 2)):
        before, gradient = rng.normal(size=(2, *shape))
        yield before, before - 0.1 * (gradient + rng.normal(size=shape)), gradient


def described(ratio=None, direction=None):
    """Both numbers, one of them by another rule."""

    def about_update(before, after, gradient):
        step, norm = after - before, np.linalg.norm
        return {
            "ratio": (ratio or (lambda: norm(step) / norm(before)))(*([step, before, after] if ratio else [])),
            "direction": (
                direction(step, gradient) if direction else -np.sum(step * gradient) / (norm(step) * norm(gradient))
            ),
        }

    return about_update


def update_number_by_number(before, after, gradient):
    """Right, in a loop."""
    squares = {"step": 0.0, "weights": 0.0, "gradient": 0.0, "product": 0.0}
    for old, new, slope in zip(before.ravel(), after.ravel(), gradient.ravel(), strict=True):
        squares["step"] += (new - old) ** 2
        squares["weights"] += old**2
        squares["gradient"] += slope**2
        squares["product"] -= (new - old) * slope
    return {
        "ratio": (squares["step"] / squares["weights"]) ** 0.5,
        "direction": squares["product"] / (squares["step"] * squares["gradient"]) ** 0.5,
    }


# --- repair ---------------------------------------------------------------------------------------------------------


def networks(rng):
    """Widths, seed, inputs, labels, batches: one update, then several, with a last batch that is smaller."""
    for widths, n, size, epochs in (((2, 3), 4, 4, 1), ((4, 5, 3), 10, 4, 2), ((3, 6, 4), 9, 3, 3)):
        x, y = rng.normal(size=(n, widths[0])).astype(np.float32), rng.integers(0, widths[-1], n)
        orders = [rng.permutation(n) for _ in range(epochs)]
        batches = [order[start : start + size] for order in orders for start in range(0, n, size)]
        yield list(widths), int(rng.integers(1000)), x, y, batches


def program(model, optimizer, x, y, batches, twice=False, piled=False, late=False, apart=False, after=False):
    """The training function with some of its faults left in."""
    losses = []
    optimizer.zero_grad()
    for batch in batches:
        logits = model(Tensor(x[batch]))
        labels = y[: len(batch)] if apart else y[batch]
        loss = F.cross_entropy(F.softmax(logits) if twice else logits, labels)
        if not (piled or late):
            optimizer.zero_grad()
        loss.backward()
        if late:
            optimizer.zero_grad()
            loss.backward()
        optimizer.step()
        if after:
            loss = F.cross_entropy(model(Tensor(x[batch])), labels)
        losses.append(loss.item())
    return losses


def left_in(**faults):
    def train(model, optimizer, x, y, batches):
        return program(model, optimizer, x, y, batches, **faults)

    return train


def train_with_log_softmax(model, optimizer, x, y, batches):
    """Right, with the loss written out and the gradients emptied after the step."""
    losses = []
    for batch in batches:
        chosen = F.log_softmax(model(Tensor(x[batch])), dim=1)[np.arange(len(batch)), y[batch]]
        loss = -chosen.mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.data))
    return losses


# --- pairs ----------------------------------------------------------------------------------------------------------


def tables_of_readings(rng):
    """Whole numbers, so that ranges also touch: a worked table, then drawn ones of several instruments."""
    yield (np.array([[[2.0, 3.0], [3.0, 4.0], [6.0, 5.0]], [[1.0, 1.0], [1.0, 1.0], [9.0, 9.0]]]),)
    for shape in ((3, 4, 3), (2, 5, 2), (4, 6, 3)):
        yield (rng.integers(0, 12, (*shape[:2], 1)) + rng.integers(0, 4, shape).astype(float),)


def counted(apart, pairs=lambda n: combinations(range(n), 2)):
    """For each instrument the number of pairs that are `apart`; `pairs` says which of n faults are compared."""

    def pairs_told_apart(readings):
        return np.array([sum(bool(apart(t[i], t[j])) for i, j in pairs(len(t))) for t in readings])

    return pairs_told_apart


def ranges_apart(a, b):
    return a.max() < b.min() or b.max() < a.min()


def told_by_gaps(readings):
    """Right: two ranges are apart if the higher smallest reading lies above the lower largest one."""
    return [sum(max(a.min(), b.min()) > min(a.max(), b.max()) for a, b in combinations(table, 2)) for table in readings]


# --- the wards ------------------------------------------------------------------------------------------------------

DECISIVE = {
    "rate too small": ["update ratios", "one batch"],
    "weights all zero": ["update ratios", "gradient norms", "update direction", "silent units"],
    "hidden layer frozen": ["update ratios", "update direction", "one batch"],
    "labels out of step": ["neighbours agree", "strongest input", "gradient norms"],
    "softmax twice": ["update ratios", "one batch"],
    "network too small": ["update ratios", "first loss", "one batch"],
    "rate too large": ["update ratios", "one batch"],
    "gradients not reset": ["update ratios", "loss curve", "one batch"],
    "step uphill": ["update direction", "one batch"],
    "loss summed": ["first loss", "one batch"],
    "inputs not scaled": ["first loss", "input range", "gradient norms", "one batch"],
    "dropout while judging": ["judged again"],
    "judged on training rows": ["rows counted"],
    "trained on judged rows": ["rows counted"],
    "label among the inputs": ["strongest input"],
    "copies on both sides": ["rows counted"],
}


# Owners of whom three come to a ward at a time. Whether a program of theirs is well, whatever its fault and its repair,
# is no close call: three judged rows more or less change nothing. So few, because each is measured by training anew.
OWNERS = (1011, 1012, 1015, 1031, 1034)


def ward(name, rng):
    """Three patients with each fault of this ward and three without, in a drawn order; in the third, one is easy."""
    owners = rng.choice(OWNERS, 3, replace=False).tolist()
    beds = [(fault, owner) for fault in (*clinic.faults(name), clinic.NO_FAULT) for owner in owners]
    for i in rng.permutation(len(beds)):
        fault, owner = beds[i]
        easy = name == clinic.TOO_GOOD and fault == clinic.NO_FAULT and owner == owners[0]
        tried = clinic.repairs(name) if fault != clinic.NO_FAULT else ()  # what is well needs none
        yield Case(
            clinic.admit(fault, owner, easy),
            clinic.COSTS,
            clinic.BUDGET,
            fault=fault,
            decisive=DECISIVE.get(fault, list(clinic.COSTS)),
            after={repair: float(clinic.well(*clinic.after(fault, owner, repair))) for repair in tried},
        )


def of(name):
    """What the three wards have in common."""
    return {
        "kind": "locate",
        "level": "analyze",
        "cases": partial(ward, name),
        "marking": Marking("locate", faults=clinic.faults(name), repairs=clinic.repairs(name), healthy=1.0, need=0.85),
        "difficulty": 4,
        "points": 8,
    }


def treat(patient, fault, measurement, repair=None):
    patient.measure(measurement)
    patient.commit(fault, measurement)
    if fault != clinic.NO_FAULT:
        patient.repair(repair or clinic.FAULTS[fault].repair)


def flat_by_one_batch(patient):
    """Right: the one-batch test first, then directions and ratios."""
    if patient.measure("scores")[0] > 0.9:
        return treat(patient, "no fault", "scores")
    if patient.measure("one batch") < 0.6:
        return treat(patient, "labels out of step", "neighbours agree")
    hidden, output = patient.measure("update ratios")
    sizes = {
        "weights all zero": hidden + output < 1e-9,
        "hidden layer frozen": hidden < 1e-9 < output,
        "rate too small": 0 < output < 0.0016 and hidden < 0.001,
        "network too small": hidden > 0.02,
    }
    return treat(patient, next((fault for fault, fits in sizes.items() if fits), "softmax twice"), "update ratios")


def flat_is_rate(patient):
    """Every flat curve is put down to the rate."""
    flat = patient.measure("loss curve")[-1] > 1
    treat(patient, "rate too small" if flat else "no fault", "loss curve" if not flat else "update ratios")


def flat_is_size(patient):
    """Low on both sets of rows: the network is taken to be too small."""
    low = patient.measure("scores")[0] < 0.8
    treat(patient, "network too small" if low else "no fault", "update ratios")


def flat_without_data(patient):
    """The program is searched, the data are never asked."""
    if patient.measure("scores")[1] > 0.78:
        return treat(patient, "no fault", "scores")
    if patient.measure("one batch") < 0.6:
        return treat(patient, "no fault", "one batch")
    return flat_by_one_batch(patient)


def flat_by_ratio_of_one_layer(patient):
    """The output layer alone is asked: what rests in the hidden one is not seen."""
    if patient.measure("scores")[1] > 0.78:
        return treat(patient, "no fault", "scores")
    _, output = patient.measure("update ratios")
    if patient.measure("neighbours agree") < 0.5:
        return treat(patient, "labels out of step", "neighbours agree")
    limits = {"weights all zero": 1e-9, "rate too small": 0.0016, "softmax twice": 0.02}
    return treat(
        patient, next((f for f, limit in limits.items() if output < limit), "network too small"), "update ratios"
    )


def unstable_by_input(patient):
    """Right: the scores, then the first loss, then how large updates are, and at last where they lead."""
    if patient.measure("scores")[0] > 0.7:
        wavers = patient.measure("judged again") > 0.02
        return treat(patient, "dropout while judging" if wavers else "no fault", "judged again")
    first = patient.measure("first loss")
    if first > 3.2:
        return treat(patient, "inputs not scaled" if first < 10 else "loss summed", "first loss")
    hidden, output = patient.measure("update ratios")
    if hidden + output < 0.5:
        return treat(patient, "gradients not reset", "update ratios")
    if patient.measure("update direction") < -0.3:
        return treat(patient, "step uphill", "update direction")
    return treat(patient, "rate too large", "update ratios")


def unstable_smaller_rate(patient):
    """Every leap of the loss is put down to the rate."""
    leaps = patient.measure("loss curve").max() > 2.3
    treat(patient, "rate too large" if leaps else "no fault", "update ratios")


def unstable_right_name_smaller_rate(patient):
    """The faults are told apart, and all of them get a smaller rate."""
    if patient.measure("loss curve")[-1] < 1:
        wavers = patient.measure("judged again") > 0.02
        return treat(patient, "dropout while judging" if wavers else "no fault", "judged again", CALM)
    first, curve = patient.measure("first loss"), patient.measure("loss curve")
    if first > 3.2:
        return treat(patient, "inputs not scaled" if first < 10 else "loss summed", "first loss", CALM)
    if curve.max() < 5:
        return treat(patient, "gradients not reset", "loss curve", CALM)
    uphill = patient.measure("update direction") < -0.3
    patient.commit("step uphill" if uphill else "rate too large", "update direction")
    return patient.repair(CALM)


CALM = "rate divided by 100"


def unstable_rising_is_uphill(patient):
    """A loss that ends above its beginning is taken for steps uphill."""
    curve = patient.measure("loss curve")
    if curve[-1] < 1:
        return treat(patient, "no fault", "loss curve")
    if curve[-1] > 2.4:
        return treat(patient, "step uphill", "update direction")
    return treat(patient, "inputs not scaled", "first loss")


def too_good_by_correlation(patient):
    """Right: inputs first, then rows."""
    if patient.measure("strongest input") > 0.995 and patient.measure("rows counted")[2] == 0:
        return treat(patient, "label among the inputs", "strongest input")
    trained, judged, both = patient.measure("rows counted")
    if both < 0.5 * judged:
        return treat(patient, "no fault", "rows counted")
    if both != judged:
        return treat(patient, "copies on both sides", "rows counted")
    return treat(patient, "trained on judged rows" if trained > judged else "judged on training rows", "rows counted")


def too_good_by_score(patient):
    """A high score is taken for proof of a leak."""
    high = patient.measure("scores")[1] > 0.93
    treat(patient, "trained on judged rows" if high else "no fault", "rows counted")


def too_good_without_columns(patient):
    """Only rows are counted; columns that know the answer are never asked."""
    _, judged, both = patient.measure("rows counted")
    if both == 0:
        return treat(patient, "no fault", "rows counted")
    return (
        too_good_by_correlation(patient) if both < judged else treat(patient, "trained on judged rows", "rows counted")
    )


def too_good_any_overlap(patient):
    """Any overlap of rows is called judging on training rows."""
    both = patient.measure("rows counted")[2]
    if both > 0:
        return treat(patient, "judged on training rows", "rows counted")
    return too_good_by_correlation(patient)


HANDOVER = "Three numbers of `rows counted`: what must hold of them if rows were held back?"

tasks = [
    Task(
        name="4.1 update",
        kind="implement",
        level="apply",
        objective="4.1a",
        minutes=7,
        difficulty=2,
        points=4,
        cases=updates,
        alternatives=[update_number_by_number],
        misconceptions=[
            Misconception(
                "the cosine is taken with the gradient, which points uphill",
                described(direction=lambda s, g: np.sum(s * g) / (np.linalg.norm(s) * np.linalg.norm(g))),
                SIGN,
            ),
            Misconception(
                "the size of the update is divided by that of the weights after it",
                described(ratio=lambda s, b, a: np.linalg.norm(s) / np.linalg.norm(a)),
                "invented: before and after change places",
            ),
            Misconception(
                "ratios are taken number by number and averaged",
                described(ratio=lambda s, b, a: np.mean(np.abs(s / b))),
                NORMS,
            ),
            Misconception(
                "sums of sizes stand for the roots of sums of squares",
                described(ratio=lambda s, b, a: np.abs(s).sum() / np.abs(b).sum()),
                NORMS,
            ),
            Misconception(
                "the roots are left out of the ratio",
                described(ratio=lambda s, b, a: np.sum(s**2) / np.sum(b**2)),
                "invented: the norm taken for the sum of squares",
            ),
            Misconception(
                "the product of update and gradient is not divided by their sizes",
                described(direction=lambda s, g: -np.sum(s * g)),
                "invented: dot product and cosine taken for each other",
            ),
        ],
        hints=[
            "Both formulas stand in the lesson's section on updates.",
            "`np.linalg.norm` of a table is the root of the sum of all its squares; downhill is minus the gradient.",
            "From (0, 2) to (0, 1) with the gradient (1, 1): ratio 1/2; the step (0, −1) and downhill (−1, −1) have "
            "the product 1 and the sizes 1 and 1.41, so the direction is 0.71.",
        ],
    ),
    Task(
        name="4.1 repair",
        kind="adapt",
        level="apply",
        objective="4.1b",
        minutes=8,
        difficulty=3,
        points=5,
        cases=networks,
        tolerance=1e-4,  # numbers of float32 in it differ in their last digit between processors
        probe="training",
        alternatives=[train_with_log_softmax],
        misconceptions=[
            Misconception(
                "the loss still receives probabilities, and applies softmax once more",
                left_in(twice=True),
                "forum: discuss.pytorch.org, softmax before a cross-entropy loss that applies it itself",
            ),
            Misconception(
                "gradients are emptied once, before the loop",
                left_in(piled=True),
                "forum: stackoverflow.com 48001598, why do we need to call zero_grad",
            ),
            Misconception(
                "each batch is compared with the first labels of the table",
                left_in(apart=True),
                "literature: Kapoor and Narayanan (2023); pairs of rows and labels that come apart",
            ),
            Misconception(
                "probabilities still go to the loss, and gradients are emptied once",
                left_in(twice=True, piled=True),
                "invented: two of three lines are left as they were",
            ),
            Misconception(
                "gradients are emptied once, and labels do not follow their batch",
                left_in(piled=True, apart=True),
                "invented: two of three lines are left as they were",
            ),
            Misconception(
                "probabilities still go to the loss, and labels do not follow their batch",
                left_in(twice=True, apart=True),
                "invented: two of three lines are left as they were",
            ),
            Misconception(
                "nothing was changed but names",
                left_in(twice=True, piled=True, apart=True),
                "invented: the program as it was given",
            ),
            Misconception(
                "the loss is noted after the update",
                left_in(after=True),
                "invented: the loss is computed anew to see whether it fell",
            ),
        ],
        hints=[
            "Ask of each line: what does it receive, and is that what it needs? Three faults of the lesson are here.",
            "`F.cross_entropy` wants logits; `backward` adds to what is there; a row and its label share a number.",
            "In another program: `loss = F.mse_loss(model(Tensor(x[i])), y[i])`; the same `i` stands twice.",
        ],
    ),
    Task(
        name="4.1 flat ward",
        objective="4.1a",
        minutes=13,
        alternatives=[flat_by_one_batch],
        misconceptions=[
            Misconception("every flat curve is put down to a small rate", flat_is_rate, CURVE),
            Misconception(
                "low accuracy on all rows is put down to a small network",
                flat_is_size,
                "literature: claim C92 of this course: both losses high means underfitting",
            ),
            Misconception(
                "the one-batch test acquits the data as well as the program",
                flat_without_data,
                "literature: Zhang and others (2017): what can be learned by heart need not be right",
            ),
            Misconception(
                "the ratio of the output layer stands for both layers",
                flat_by_ratio_of_one_layer,
                "invented: one number for a network of two layers",
            ),
        ],
        hints=[
            "The lesson's figure of update ratios, and the one-batch test. Which instrument parts the most faults?",
            "Ask for the data once and for the updates once; two ratios, of two layers, say more than one.",
            "With other faults: a bulb is dark. A meter at the socket parts mains from lamp; then the bulb in another "
            "lamp parts bulb from wire. Two measurements for three faults.",
        ],
        **of(clinic.FLAT),
    ),
    Task(
        name="4.1 unstable ward",
        objective="4.1b",
        minutes=11,
        alternatives=[unstable_by_input],
        misconceptions=[
            Misconception("every leap of the loss is put down to the rate", unstable_smaller_rate, CURE),
            Misconception(
                "every fault is treated with a smaller rate, whatever its name",
                unstable_right_name_smaller_rate,
                CURE,
            ),
            Misconception(
                "a loss that grows is put down to steps uphill",
                unstable_rising_is_uphill,
                "forum: a rising loss put down to the sign of the update",
            ),
        ],
        hints=[
            "Two faults show before the first update, one shows only when the program judges.",
            "What is left is told by the update: where it leads, and how large it is.",
            "With other faults: a car pulls to the left. Standing still, look at the tyres; then roll without engine; "
            "only then drive. Cheap and early first.",
        ],
        **of(clinic.UNSTABLE),
    ),
    Task(
        name="4.1 too good ward",
        objective="4.1c",
        minutes=9,
        alternatives=[too_good_by_correlation],
        misconceptions=[
            Misconception(
                "a high score is taken for proof that judged rows were trained on",
                too_good_by_score,
                "invented: an easy question has high scores, too",
            ),
            Misconception(
                "rows are counted, and columns are never asked",
                too_good_without_columns,
                "literature: Kaufman and others (2012), leakage by columns made from the target",
            ),
            Misconception(
                "every overlap of rows is called judging on training rows",
                too_good_any_overlap,
                "literature: Kapoor and Narayanan (2023): kinds of leak that need different cures",
            ),
        ],
        hints=[
            HANDOVER,
            "If no row is shared, the answer may stand in a column. If some are shared, ask: all of the judged ones?",
            "With other numbers: trained on 70, judged 30, in both 12. Some judged rows have been seen, not all: "
            "copies. In both 30 and trained on 30: it was judged on what it was trained on.",
        ],
        **of(clinic.TOO_GOOD),
    ),
    Task(
        name="4.1 pairs",
        kind="implement",
        level="apply",
        objective="4.1d",
        minutes=9,
        difficulty=3,
        points=4,
        reach=True,
        cases=tables_of_readings,
        alternatives=[counted(ranges_apart), told_by_gaps],
        misconceptions=[
            Misconception(
                "faults are compared with the first row alone",
                counted(ranges_apart, lambda n: [(0, other) for other in range(1, n)]),
                "literature: sensitivity and specificity taken for each other, Gigerenzer and others (2007)",
            ),
            Misconception(
                "means are compared, and readings that overlap count as apart",
                counted(lambda a, b: a.mean() != b.mean()),
                "literature: Cohen (1988): a difference of means says little without the spread",
            ),
            Misconception(
                "ranges that touch are counted as apart",
                counted(lambda a, b: a.max() <= b.min() or b.max() <= a.min()),
                "invented: a limit counted in",
            ),
            Misconception(
                "each pair is counted twice",
                counted(ranges_apart, lambda n: permutations(range(n), 2)),
                "invented: two loops over all faults",
            ),
            Misconception(
                "a pair counts only if the later fault has the larger readings",
                counted(lambda earlier, later: earlier.max() < later.min()),
                "invented: one of two orders forgotten",
            ),
        ],
        hints=[
            "Lay the readings of two faults on one line. When can you cut the line between them?",
            "Of two ranges, one is below the other if its largest reading is smaller than the other's smallest.",
            "With other numbers: (1, 4), (5, 6), (6, 8). Of three pairs the first fault is told from both others; the "
            "last two share 6. So 2.",
        ],
    ),
]
