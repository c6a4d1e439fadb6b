"""Locate, discriminate, attribute, on small networks that are trained here with nnlib."""

from functools import cache

import numpy as np

from classroom.tasks import Case, Marking, Misconception, Task
from nnlib import SGD, Linear, ReLU, Sequential, Tensor, accuracy
from nnlib import functional as F

COMMON = {"level": "analyze", "objective": "8.4a", "minutes": 10, "difficulty": 3, "points": 4}
TEST = "invented: a worked example"


def moons(seed, n=80):
    """Two half circles; the second is label 1."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    t = rng.uniform(0, np.pi, n)
    x = np.stack([np.cos(t) * (1 - 2 * y) + y, np.sin(t) * (1 - 2 * y) + 0.3 * y], axis=1)
    return (x + rng.normal(0, 0.1, x.shape)).astype(np.float32), y


def run(model, x, y, rate, steps):
    """Gradient descent on all rows; the loss before each step."""
    optimizer, losses = SGD(model.parameters(), lr=rate), []
    with np.errstate(all="ignore"):  # some rates are meant to be far too large
        for _ in range(steps):
            loss = F.cross_entropy(model(Tensor(x)), y)
            model.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.data))
    return np.array(losses)


# --- locate -----------------------------------------------------------------------------------------------------

FAULTS = ("rate too small", "rate too large", "dead units", "labels mixed")
REPAIRS = ("larger rate", "smaller rate", "bias to zero", "labels in order")
COSTS = {"loss curve": 1.0, "share of dead units": 2.0, "labels of near neighbours agree": 3.0}


@cache
def trained(fault, repair, seed):
    """Measurements of a network with this fault, trained again after this repair: loss curve, dead units, accuracy."""
    x, y = moons(seed)
    true = y
    if fault == "labels mixed" and repair != "labels in order":
        y = np.random.default_rng(seed).permutation(y)
    rate = {"rate too small": 0.002, "rate too large": 50.0}.get(fault, 1.0)
    rate = {"larger rate": 500 * rate, "smaller rate": rate / 50}.get(repair, rate)
    model = Sequential(Linear(2, 12, rng=seed), ReLU(), Linear(12, 2, rng=seed + 1))
    if fault == "dead units" and repair != "bias to zero":
        model[0].bias.data[:] = -8.0
    losses = run(model, x, y, rate, 60)
    hidden = np.maximum(model[0](Tensor(x)).data, 0)
    near = np.argsort(np.linalg.norm(x[:, None] - x[None], axis=2), axis=1)[:, 1]
    return {
        "loss curve": np.minimum(losses[::6], 10.0),  # above 10 the last digits differ between processors
        "share of dead units": np.mean(np.all(hidden == 0, axis=0)),
        "labels of near neighbours agree": np.mean(y == y[near]),
        "accuracy": accuracy(model, x, true),
    }


def ward(rng):
    """Three patients with each fault and three without, in a drawn order."""
    seeds = rng.permutation(6)
    beds = [(fault, int(seed)) for fault in (*FAULTS, "no fault") for seed in seeds[:3]]
    for i in rng.permutation(len(beds)):
        fault, seed = beds[i]
        found = trained(fault, "", seed)
        decisive = {"dead units": "share of dead units", "labels mixed": "labels of near neighbours agree"}
        yield Case(
            {name: found[name] for name in COSTS},
            COSTS,
            6.0,
            fault=fault,
            decisive=[decisive.get(fault, "loss curve")] if fault != "no fault" else list(COSTS),
            after={repair: trained(fault, repair, seed)["accuracy"] for repair in REPAIRS},
        )


def by_the_loss_alone(patient):
    curve = patient.measure("loss curve")
    if curve[-1] > 0.5:
        patient.commit("rate too small", "loss curve")
        patient.repair("larger rate")
    else:
        patient.commit("no fault", "loss curve")


def buys_all(patient):
    """All three measurements first, the rarest sign first."""
    agree, dead = patient.measure("labels of near neighbours agree"), patient.measure("share of dead units")
    curve = patient.measure("loss curve")
    if agree < 0.8:
        found = "labels mixed", "labels of near neighbours agree", "labels in order"
    elif curve.max() > 5:
        found = "rate too large", "loss curve", "smaller rate"
    elif dead > 0.9:
        found = "dead units", "share of dead units", "bias to zero"
    elif curve[-1] > 0.4:
        found = "rate too small", "loss curve", "larger rate"
    else:
        return patient.commit("no fault", "loss curve")
    patient.commit(*found[:2])
    return patient.repair(found[2])


def all_is_well(patient):
    patient.measure("loss curve")
    patient.commit("no fault", "loss curve")


def always_smaller(patient):
    patient.measure("loss curve")
    patient.commit("rate too large", "loss curve")
    patient.repair("smaller rate")


def unit_by_unit(activations, gradient):
    return sum(1 for unit in activations.T if not unit.any())


def largest_of_each(activations, gradient):
    """Minus the share of units that are ever awake."""
    return -float(np.mean(activations.max(axis=0) > 0))


# --- discriminate -----------------------------------------------------------------------------------------------


@cache
def first_layer(mechanism, seed):
    """Activations (80, 16) and gradient of the first layer of a network that does not learn, by this mechanism."""
    x, y = moons(seed)
    model = Sequential(
        Linear(2, 16, rng=seed), ReLU(), Linear(16, 16, rng=seed + 1), ReLU(), Linear(16, 2, rng=seed + 2)
    )
    model[0].bias.data[:] = 0
    if mechanism == "dead":
        model[0].bias.data[:4] = -8.0
    else:
        model[2].weight.data *= 1e-3
    hidden = np.maximum(model[0](Tensor(x)).data, 0)
    F.cross_entropy(model(Tensor(x)), y).backward()
    return hidden, model[0].weight.grad


def quiet_networks(rng):
    """Twelve runs of each mechanism, on a scale of their own, so that no size tells them apart."""
    seeds = rng.permutation(40)[:24]
    for i in rng.permutation(24):
        mechanism, seed = ("vanishing", "dead")[i % 2], seeds[i]
        hidden, gradient = first_layer(mechanism, int(seed))
        scales = np.exp(rng.normal(0, 3, 2)).astype(np.float32)
        yield Case(hidden * scales[0], gradient / np.abs(gradient).max() * scales[1], mechanism=mechanism)


# --- attribute --------------------------------------------------------------------------------------------------


@cache
def accuracy_of(deep, raw, seed):
    """A network on the moons: with one more layer or not, on inputs that are 30 times too large or not."""
    x, y = moons(seed)
    x = x * np.float32(30) if raw else x
    layers = (
        [Linear(2, 8, rng=seed), ReLU()] + [Linear(8, 8, rng=seed + 1), ReLU()] * deep + [Linear(8, 2, rng=seed + 2)]
    )
    model = Sequential(*layers)
    run(model, x, y, 0.5, 40)
    return accuracy(model, x, y)


def tables(rng):
    """Runs as rows: deep (0, 1), raw inputs (0, 1), accuracy; unequal numbers of runs in the cells."""
    for _ in range(4):
        rows = []
        for deep in (0, 1):
            for raw in (0, 1):
                seeds = rng.permutation(10)[: rng.integers(3, 7)]
                rows += [[deep, raw, round(accuracy_of(deep, raw, int(s)), 3)] for s in seeds]
        yield (np.array(rows)[rng.permutation(len(rows))],)


def cells(table):
    return np.array([[table[(table[:, 0] == a) & (table[:, 1] == b), 2].mean() for b in (0, 1)] for a in (0, 1)])


def pooled(table):
    """Cells of unequal size are put into one mean."""
    deep, raw, result = table.T
    m = cells(table)
    return {
        "deep": result[deep == 1].mean() - result[deep == 0].mean(),
        "raw": result[raw == 1].mean() - result[raw == 0].mean(),
        "interaction": m[1, 1] - m[1, 0] - m[0, 1] + m[0, 0],
    }


def one_at_a_time(table):
    m = cells(table)
    return {"deep": m[1, 0] - m[0, 0], "raw": m[0, 1] - m[0, 0], "interaction": m[1, 1] - m[1, 0] - m[0, 1] + m[0, 0]}


def by_regression(table):
    """Least squares on 1, deep, raw and their product, coded −1 and 1, every cell counted once."""
    code = np.array([[1, a, b, a * b] for a in (-1, 1) for b in (-1, 1)])
    _, deep, raw, both = np.linalg.solve(code, cells(table).reshape(-1))
    return {"deep": 2 * deep, "raw": 2 * raw, "interaction": 4 * both}


def no_interaction(table):
    m = cells(table)
    return {"deep": (m[1] - m[0]).mean(), "raw": (m[:, 1] - m[:, 0]).mean(), "interaction": 0.0}


tasks = [
    Task(
        name="8.4 locate",
        kind="locate",
        cases=ward,
        marking=Marking("locate", faults=FAULTS, repairs=REPAIRS, healthy=0.9),
        misconceptions=[
            Misconception("every high loss is put down to a small rate", by_the_loss_alone, TEST),
            Misconception("every network is called well", all_is_well, TEST),
            Misconception("every network gets a smaller rate", always_smaller, TEST),
        ],
        hints=["Begin with the cheapest measurement.", "A flat curve has three causes; what tells them apart?"],
        alternatives=[buys_all],
        tolerance=1e-2,
        **COMMON,
    ),
    Task(
        name="8.4 discriminate",
        kind="discriminate",
        cases=quiet_networks,
        marking=Marking("separate", words=("vanishing", "dead")),
        misconceptions=[
            Misconception(
                "the size of the gradient is taken, which has a scale of its own", lambda h, g: -np.abs(g).mean(), TEST
            ),
            Misconception("the mean activation is taken, which has a scale of its own", lambda h, g: -h.mean(), TEST),
            Misconception(
                "zeros on one input are counted, which a unit that is well has too",
                lambda h, g: np.mean(h[0] == 0),
                TEST,
            ),
        ],
        hints=["What does a dead unit do on every input?", "Count units, not numbers."],
        alternatives=[unit_by_unit, largest_of_each],
        **COMMON,
    ),
    Task(
        name="8.4 attribute",
        kind="attribute",
        cases=tables,
        misconceptions=[
            Misconception("cells with more runs count for more", pooled, "literature: Simpson (1951)"),
            Misconception(
                "each effect is read at one level of the other",
                one_at_a_time,
                "literature: Fisher (1935), The Design of Experiments",
            ),
            Misconception("the interaction is taken for zero", no_interaction, TEST),
        ],
        hints=["Four cell means come first.", "An effect is a mean of two differences."],
        alternatives=[by_regression],
        **COMMON,
    ),
]
