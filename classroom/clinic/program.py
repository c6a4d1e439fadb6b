"""A training program that is well, and the one line that each fault changes. What a learner reads is what runs.

`PROGRAM` is text, so that a fault is a changed line and nothing else: `sick("step uphill")` gives the text with that
line, `load(text)` the functions in it. Patients differ in width, rate and batch size (`DRAWN`, by their seed).
"""

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

import numpy as np

from nnlib import SGD, Linear, ReLU, Sequential, Tensor, batches
from nnlib import functional as F
from nnlib.nn import Dropout

PROGRAM = """\
def features(table):
    return table.x / 16


def prepare(table, rng):
    order = rng.permutation(len(table.y))
    x, y = features(table)[order], table.y[order]
    n = len(y) // 2
    return x[:n], y[:n], x[n:], y[n:]


def initialise(inputs, rng):
    hidden, output = Linear(inputs, HIDDEN, rng=rng), Linear(HIDDEN, 10, rng=rng)
    model = Sequential(hidden, ReLU(), Dropout(0.5, rng=rng), output)
    return model, SGD(model.parameters(), lr=RATE)


def update(model, optimizer, x, y):
    model.train()
    logits = model(Tensor(x))
    loss = F.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def judge(model, x, y):
    model.eval()
    guesses = model(Tensor(x)).data.argmax(axis=1)
    return np.mean(guesses == y)


def run(table, rng):
    x, y, x_val, y_val = prepare(table, rng)
    model, optimizer = initialise(x.shape[1], rng)
    losses = []
    for epoch in range(EPOCHS):
        for batch in batches(len(x), SIZE, rng):
            losses.append(update(model, optimizer, x[batch], y[batch]))
    return model, losses, judge(model, x_val, y_val)
"""


@dataclass(frozen=True)
class Fault:
    """One line of the program with what stands there in its place, and the repair that puts it back."""

    ward: str
    line: str
    sick: str
    repair: str


LAYERS = "    hidden, output = Linear(inputs, HIDDEN, rng=rng), Linear(HIDDEN, 10, rng=rng)"
MODEL = "    model = Sequential(hidden, ReLU(), Dropout(0.5, rng=rng), output)"
OPTIMIZER = "    return model, SGD(model.parameters(), lr=RATE)"
LOSS = "    loss = F.cross_entropy(logits, y)"
ZERO = "    for parameter in model.parameters():\n        parameter.data[:] = 0"
FROZEN = "    hidden.weight.requires_grad = hidden.bias.requires_grad = False"
FLAT, UNSTABLE, TOO_GOOD = "flat", "unstable", "too good"  # the wards
QUIET = "quiet"  # … and of these faults nobody complains

FAULTS = {
    "rate too small": Fault(FLAT, OPTIMIZER, OPTIMIZER.replace("RATE", "SLOW"), "rate times 100"),
    "weights all zero": Fault(FLAT, MODEL, f"{MODEL}\n{ZERO}", "random weights at the start"),
    "hidden layer frozen": Fault(FLAT, MODEL, f"{MODEL}\n{FROZEN}", "train all layers"),
    "labels out of step": Fault(
        FLAT,
        "    x, y = features(table)[order], table.y[order]",
        "    x, y = features(table)[order], table.y",
        "shuffle images and labels together",
    ),
    "softmax twice": Fault(
        FLAT,
        "    logits = model(Tensor(x))",
        "    logits = F.softmax(model(Tensor(x)))",
        "give the loss the logits",
    ),
    "softmax along the wrong axis": Fault(
        QUIET, LOSS, "    loss = -F.log_softmax(logits, dim=0)[np.arange(len(y)), y].mean()", "softmax along each row"
    ),
    "network too small": Fault(FLAT, LAYERS, LAYERS.replace("HIDDEN", "2"), "more hidden neurons"),
    "rate too large": Fault(UNSTABLE, OPTIMIZER, OPTIMIZER.replace("RATE", "FAST"), "rate divided by 100"),
    "gradients not reset": Fault(UNSTABLE, "    optimizer.zero_grad()\n", "", "reset the gradients at each update"),
    "step uphill": Fault(UNSTABLE, "    loss.backward()", "    (-loss).backward()", "turn the sign of the step"),
    "loss summed": Fault(UNSTABLE, LOSS, LOSS + " * len(y)", "mean of the losses"),
    "inputs not scaled": Fault(UNSTABLE, "    return table.x / 16", "    return table.x", "divide the pixels by 16"),
    "dropout while judging": Fault(UNSTABLE, "    model.eval()\n", "", "evaluation mode while judging"),
    "judged on training rows": Fault(
        TOO_GOOD, "return x[:n], y[:n], x[n:], y[n:]", "return x[:n], y[:n], x[:n], y[:n]", "judge on rows held back"
    ),
    "trained on judged rows": Fault(
        TOO_GOOD, "return x[:n], y[:n], x[n:], y[n:]", "return x, y, x[n:], y[n:]", "take judged rows out of training"
    ),
    "label among the inputs": Fault(
        TOO_GOOD,
        "    return table.x / 16",
        "    return np.column_stack([table.x / 16, np.eye(10)[table.y]])",
        "remove the column of the label",
    ),
    "copies on both sides": Fault(
        TOO_GOOD,
        "    order = rng",
        "    table = type(table)(*(np.concatenate([part[::4]] * 4) for part in table))\n    order = rng",
        "remove copies before the split",
    ),
}
NO_FAULT = "no fault"
DRAWN = {"HIDDEN": (32, 40, 48), "RATE": (0.3, 0.4, 0.5), "SIZE": (16, 20, 25)}  # in these, patients differ
SETTINGS = {
    "more hidden neurons": ("HIDDEN", 4),
    "rate times 100": ("RATE", 100),
    "rate divided by 100": ("RATE", 0.01),
}
FOLK = ("more hidden neurons", "rate divided by 100")  # what everybody tries


def faults(*wards: str) -> tuple[str, ...]:
    """The names of all faults in these wards."""
    return tuple(name for name, fault in FAULTS.items() if fault.ward in wards)


def repairs(*wards: str) -> tuple[str, ...]:
    """What can be done in these wards: what puts back the line of each of their faults, and what everybody tries."""
    return tuple(dict.fromkeys([*(FAULTS[name].repair for name in faults(*wards)), *FOLK]))


def sick(fault: str = NO_FAULT, seed: int = 0, repair: str = "") -> str:
    """The program with this fault, after this repair. One that does not meet the fault changes a number, or nothing."""
    text, rng = PROGRAM, np.random.default_rng(seed)
    numbers = {name: rng.choice(values).item() for name, values in DRAWN.items()} | {"EPOCHS": 20}
    if fault != NO_FAULT and FAULTS[fault].repair == repair:
        repair = ""
    elif fault != NO_FAULT:
        text = text.replace(FAULTS[fault].line, FAULTS[fault].sick)
    if repair in SETTINGS:
        name, factor = SETTINGS[repair]
        numbers[name] *= factor
    numbers |= {"SLOW": numbers["RATE"] / 100, "FAST": numbers["RATE"] * 100}
    for name, number in numbers.items():
        text = text.replace(name, f"{number:g}")
    return text


@cache
def load(text: str) -> SimpleNamespace:
    """The functions of a program, ready to be called."""
    names = {"np": np, "F": F, "SGD": SGD, "Linear": Linear, "ReLU": ReLU, "Sequential": Sequential,
             "Tensor": Tensor, "Dropout": Dropout, "batches": batches}  # fmt: skip
    exec(compile(text, "the program of a patient", "exec"), names)
    return SimpleNamespace(**names)
