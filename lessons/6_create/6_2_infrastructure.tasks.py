"""Tasks of lesson 6.2: a configuration, the best weights, when to stop, an exact resume, a training that survives."""

import json
import os
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from sklearn.linear_model import LogisticRegression

from classroom.tasks import Case, Criterion, Marking, Misconception, Task
from classroom.tasks.kinds.power_cut import AGAIN, FORGOT
from classroom.workshop import Training

WEIGHTS_ONLY = "forum: discuss.pytorch.org, the loss jumps after resuming; the optimizer's state was not saved"
LOADER = "forum: github.com/pytorch/pytorch issues on resuming a DataLoader in the middle of an epoch"
REFERENCES = "forum: PyTorch's guide on saving, state_dict() returns references to the state and not its copy"
TEST = "literature: Dwork and others (2015), on reusing a holdout set"


# --- a configuration --------------------------------------------------------------------------------------------------


def settings(rng):
    """Nothing given; all known; one unknown; two unknown, not in order; a float for a whole number, and an int for a
    float; settings that are 0."""
    defaults = {"seed": int(rng.integers(1, 99)), "rate": float(rng.uniform(0.01, 0.1)), "epochs": 10, "momentum": 0.9}
    yield {}, defaults
    yield {"rate": float(rng.uniform(0.2, 0.5)), "seed": int(rng.integers(100, 999))}, defaults
    yield {"epoch": int(rng.integers(20, 40)), "rate": 0.3}, defaults
    yield {"steps": 5, "epochs": int(rng.integers(20, 40)), "batch": 3, "learning": 0.2}, defaults
    yield {"epochs": float(rng.uniform(2, 9)), "momentum": 1, "rate": 0.4}, defaults
    yield {"seed": 0, "momentum": 0.0}, defaults


def configured(settings=None, unknown=None):
    """A configuration with one of its two parts made by another rule: `rule(given, defaults, refused)`."""

    def configure(given, defaults):
        refused = [
            name
            for name in given
            if name not in defaults or (type(defaults[name]) is int and type(given[name]) is float)
        ]
        right = {**defaults, **{name: given[name] for name in given if name not in refused}}
        return {
            "settings": settings(given, defaults, refused) if settings else right,
            "unknown": unknown(given, defaults, refused) if unknown else sorted(refused),
        }

    return configure


def configured_by_a_loop(given, defaults):
    """Right, name by name."""
    found, unknown = dict(defaults), []
    for name in sorted(given):
        if name not in defaults or (isinstance(defaults[name], int) and not isinstance(given[name], int)):
            unknown.append(name)
        else:
            found[name] = given[name]
    return {"settings": found, "unknown": unknown}


def all_enter(given, defaults, refused):
    return defaults | given


def unknown_enter(given, defaults, refused):
    return defaults | {name: value for name, value in given.items() if name not in defaults or name not in refused}


def from_the_clock(given, defaults, refused):
    """A seed that nobody gave comes from the clock: a number that no later run can know."""
    used = {name: value for name, value in given.items() if name not in refused}
    return {**defaults, "seed": 1_700_000_000, **used}


def rounded(given, defaults, refused):
    used = {name: type(defaults[name])(value) for name, value in given.items() if name in defaults}
    return defaults | used


def zero_is_nothing(given, defaults, refused):
    return {name: (name not in refused and given.get(name)) or default for name, default in defaults.items()}


# --- the best weights -------------------------------------------------------------------------------------------------


def trainings(rng):
    """The lowest loss in the middle, of each set at another epoch; a tie; the first epoch; the last one."""
    for epochs, best in ((6, 2), (7, 4), (5, 1), (5, 5)):
        losses = {name: rng.uniform(0.4, 1, epochs) for name in ("training", "validation", "test")}
        losses["training"] = np.sort(losses["training"])[::-1]
        losses["training"][-2:] = losses["training"][:-3:-1]  # the lowest but one epoch before the end
        losses["validation"][best - 1] = 0.3
        losses["test"][best % (epochs - 1)] = 0.2
        if best == 4:
            losses["validation"][5] = 0.3
        yield rng.normal(size=3), rng.normal(size=(epochs, 3)), losses


def kept(
    by="validation",
    better=lambda loss, lowest: loss < lowest,
    keep=np.copy,
    number=lambda n: n,
    before=False,
    own=False,
):
    def train_and_keep(w, updates, losses):
        best, epoch, lowest = None, 0, None
        w = w.copy() if own else w
        for n, (update, loss) in enumerate(zip(updates, losses[by], strict=True), start=1):
            earlier = w.copy()
            w += update
            if lowest is None or better(loss, lowest):
                lowest, best, epoch = loss, keep(earlier if before else w), number(n)
        return best, epoch

    return train_and_keep


def kept_after_all(w, updates, losses):
    """Right: which epoch it is can be seen at once, and its weights are a sum."""
    at = int(np.argmin(losses["validation"]))
    best = w + updates[: at + 1].sum(axis=0)
    w += updates.sum(axis=0)
    return best, at + 1


# --- when to stop -----------------------------------------------------------------------------------------------------


def curves(rng):
    """A second, lower dip; ties; improvements that are too small one by one, and by exactly `least`; one that never
    stops; more bad epochs than patience, not in a row; patience 1; drawn ones."""
    start = float(rng.uniform(1, 2))
    dips = start - np.array([0, 0.2, 0.4, 0.3, 0.35, 0.5, 0.45, 0.4, 0.42, 0.7, 0.6])
    for patience in (1, 2, 3, 4):
        yield dips, patience, 0.0
    yield np.array([0.75, 0.5, 0.5, 0.5, 0.25, 0.25]), 2, 0.0
    yield start - np.array([0, 0.3, 0.31, 0.32, 0.33, 0.34, 0.6, 0.55, 0.5, 0.4]), 4, 0.05
    yield start - np.array([0, 0.3, 0.33, 0.36, 0.34, 0.37, 0.39, 0.4, 0.38]), 3, 0.05
    yield np.array([1.0, 0.75, 0.375, 0.125, 0.125, 0.125]), 2, 0.25
    yield start - np.linspace(0, 0.9, 6), 2, 0.0
    yield start + np.array([0, 0.2, 0.1, -0.1, 0.1, 0.05, -0.2, 0.1, 0.0, 0.1, 0.0]), 3, 0.0
    for patience in (2, 3, 4, 5):
        yield rng.uniform(0.2, 1, rng.integers(12, 20)), patience, 0.05


def stopped(
    patience=lambda p: p,
    row=True,
    beside=None,
    returned=lambda epoch, best: (epoch, best),
    better=lambda loss, lowest, least: loss < lowest - least,
):
    def stop(losses, patience_, least):
        lowest, best, since, epoch, before = np.inf, 0, 0, 0, np.inf
        for epoch, loss in enumerate(losses, start=1):
            reference = before if beside == "previous" else lowest
            if better(loss, reference, least):
                best, since = epoch, 0 if row else since
            else:
                since += 1
            lowest = min(lowest, loss) if beside == "any" else (loss if best == epoch else lowest)
            before = loss
            if since >= patience(patience_):
                break
        return returned(epoch, best)

    return stop


def stopped_by_looking_back(losses, patience, least):
    """Right: the epochs of improvement first, then the first gap that is long enough."""
    better, lowest = [], np.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - least:
            better.append(epoch)
            lowest = loss
    for one, after in zip(better, [*better[1:], np.inf], strict=True):
        if after > one + patience and one + patience <= len(losses):
            return one + patience, one
    return len(losses), better[-1]


# --- an exact resume --------------------------------------------------------------------------------------------------


def broken(rng):
    """20 rows to train on in batches of 8, so three steps an epoch, the last one smaller, and 6 that judge. Stops at an
    epoch's end and within, several of them; the best epoch lies before the last stop, and is not the newest then."""
    for stops, steps in (([4, 17], 30), ([3, 16], 24), ([1, 2, 20], 32), ([10, 23], 26)):
        while True:
            x, seed = rng.normal(size=(26, 4)), int(rng.integers(1000))
            y = (x @ rng.normal(size=4) + rng.normal(0, 2, 26) > 0).astype(float)
            newest, before, after = (on(Training(x, y, seed), n) for n in (stops[-1] // 3 * 3, stops[-1], steps))
            if before.lowest == after.lowest < np.inf and not np.allclose(before.best_w, newest.w):
                break
        yield x, y, seed, stops, steps


def on(run, steps):
    for _ in range(steps):
        run.advance()
    return run


class Whole(Training):
    """Right: everything that `vars` holds, sorted by what it is."""

    def state(self):
        held = {name: value for name, value in vars(self).items() if name != "made_with"}
        tensors = {name: value for name, value in held.items() if isinstance(value, np.ndarray)}
        generators = {n: v.bit_generator.state for n, v in held.items() if isinstance(v, np.random.Generator)}
        others = {n: v for n, v in held.items() if n not in tensors and n not in generators}
        return {"tensors": tensors, "numbers": {"generators": generators, "others": others}}

    def load(self, state):
        vars(self).update(state["tensors"])
        vars(self).update(state["numbers"]["others"])
        for name, held in state["numbers"]["generators"].items():
            getattr(self, name).bit_generator.state = held


def without(*names, then=lambda run: None):
    """All is loaded but these, which stay as they are in a new training; `then` does something to it afterwards."""

    class Incomplete(Whole):
        def load(self, state):
            mine = {name: getattr(self, name) for name in names}
            mine = {n: v.bit_generator.state if isinstance(v, np.random.Generator) else v for n, v in mine.items()}
            super().load(state)
            for name, value in mine.items():
                if isinstance(getattr(self, name), np.random.Generator):
                    getattr(self, name).bit_generator.state = value
                else:
                    setattr(self, name, value)
            then(self)

    return Incomplete


def epoch_anew(run):
    run.place, run.order = 0, run.shuffling.permutation(len(run.order))


def order_anew(run):
    run.order = run.shuffling.permutation(len(run.order))


def from_the_first_row(run):
    run.place = 0


def one_epoch_on(run):
    run.epoch += 1


def a_batch_further(run):
    run.place = (run.place + run.batch_size) if run.place + run.batch_size < len(run.order) else run.place


def best_is_now(run):
    run.best_w = run.w.copy()


# --- a training that survives -----------------------------------------------------------------------------------------


def bent(rng, n, curve):
    """Two features; the label says on which side of a wave a point lies; none within a tenth of it."""
    x = rng.uniform(-2, 2, size=(3 * n, 2))
    above = x[:, 1] - curve * np.sin(2 * x[:, 0])
    keep = np.abs(above) > 0.1
    return x[keep][:n], (above[keep][:n] > 0).astype(int)


def surviving(rng):
    """Two draws: another wave, another budget; cuts after steps and, where negative, while writing."""
    for most in (62, 82):
        curve = float(rng.uniform(1.0, 1.5))
        (x, y), (test_x, test_y) = bent(rng, 240, curve), bent(rng, 400, curve)
        baseline = LogisticRegression().fit(x, y).predict(test_x)
        cuts = np.sort(rng.uniform(0.05, 0.9, 5)) * rng.permutation([1, 1, -1, -1, 1])
        budget = {"parameters": most, "steps missing": 0, AGAIN: 30, FORGOT: 30} | dict.fromkeys(UNTOUCHED, 0)
        yield Case(
            x,
            y,
            test_x,
            most,
            int(rng.integers(1000)),
            cuts,
            y=test_y,
            baseline=baseline,
            budget=budget,
            reference=0.08,
        )


UNTOUCHED = (
    *(f"{what} that differ after the cuts" for what in ("losses", "weights", "predictions")),
    "losses in the log not told to tick",
)


def waves(x):
    """Features that bend: powers and products."""
    a, b = x.T
    return np.stack([np.ones(len(x)), a, b, a**2, a * b, b**2, a**3, a**5, a**2 * b, b**3], axis=1)


def written(path, **arrays):
    """Whole or not at all."""
    part = path.with_suffix(".part")
    with open(part, "wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def written_directly(path, **arrays):
    with open(path, "wb") as file:
        np.savez(file, **arrays)


def found(path):
    """What was saved; nothing, if there is no file or half of one."""
    try:
        with np.load(path) as held:
            return dict(held)
    except (FileNotFoundError, BadZipFile, EOFError):
        return {}


def written_numbered(path, **arrays):
    """A new file each time, under a name that no other one had; what is half is passed over by `newest`."""
    written_directly(path.with_name(f"{len(arrays['losses']):04}.npz"), **arrays)


def newest(path):
    return next(filter(None, map(found, sorted(path.parent.glob("*.npz"), reverse=True))), {})


REMEMBERED = {}


def survivor(
    features=waves,
    every=1,
    steps=120,
    write=written,
    read=found,
    leave_out=(),
    honest=True,
    word="features",
    extra=0,
):
    """Logistic regression on features that bend, with momentum; in all else as asked, or not.

    Batches are drawn anew in each step, so there is no order to keep.
    """

    def design(x, y, test_x, most, seed, folder, tick):
        f, g, path = features(x), features(test_x), Path(folder) / "state.npz"
        rng = np.random.default_rng(seed)
        run = {"w": np.zeros(f.shape[1]), "velocity": np.zeros(f.shape[1]), "losses": np.zeros(0)}
        held = {name: value for name, value in read(path).items() if name not in leave_out}
        if "generator" in held:
            rng.bit_generator.state = json.loads(str(held.pop("generator")))
        run |= held
        while len(run["losses"]) < steps:
            batch = rng.integers(len(x), size=40)
            p = 1 / (1 + np.exp(-np.clip(f[batch] @ run["w"], -30, 30)))
            loss = -np.mean(np.log(np.where(y[batch] == 1, p, 1 - p) + 1e-12))
            run["velocity"] = 0.9 * run["velocity"] + f[batch].T @ (p - y[batch]) / len(batch)
            run["w"] = run["w"] - 0.03 * run["velocity"]
            run["losses"] = np.append(run["losses"], loss)
            if len(run["losses"]) % every == 0:
                write(path, generator=json.dumps(rng.bit_generator.state), **run)
            tick(loss)
        weights = [run["w"], *([np.zeros(extra)] * (extra > 0))]
        brief = {
            "model": word,
            "parameters": sum(array.size for array in weights),
            "steps": steps,
            "last loss": run["losses"][-1] if honest else 0.01,
        }
        return {
            "brief": brief,
            "predictions": (g @ run["w"] > 0).astype(int),
            "weights": weights,
            "log": {"loss": run["losses"]},
        }

    return design


def network_in_torch(x, y, test_x, most, seed, folder, tick):
    """Right, with PyTorch and Adam: all lots come from one generator, whose state is a tensor like the others."""
    import torch
    from torch import nn

    lots, width, path = torch.Generator().manual_seed(seed), (most - 1) // 4, Path(folder) / "state.pt"
    model = nn.Sequential(nn.Linear(2, width), nn.Tanh(), nn.Linear(width, 1))
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.7, generator=lots)
    optimizer, losses = torch.optim.Adam(model.parameters(), lr=0.03), []
    x, y, test_x = (torch.tensor(array, dtype=torch.float32) for array in (x, y, test_x))
    if path.exists():
        held = torch.load(path)
        model.load_state_dict(held["model"]), optimizer.load_state_dict(held["optimizer"])
        lots.set_state(held["lots"])
        losses = held["losses"]
    while len(losses) < 150:
        batch = torch.randint(len(x), (64,), generator=lots)
        loss = nn.functional.binary_cross_entropy_with_logits(model(x[batch])[:, 0], y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if len(losses) % 4 == 0:
            held = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "losses": losses}
            torch.save(held | {"lots": lots.get_state()}, path.with_suffix(".part"))
            os.replace(path.with_suffix(".part"), path)
        tick(losses[-1])
    weights = [parameter.detach().numpy() for parameter in model.parameters()]
    size = sum(array.size for array in weights)
    brief = {"model": "network", "parameters": size, "steps": len(losses), "last loss": losses[-1]}
    predictions = (model(test_x)[:, 0] > 0).int().numpy()
    return {"brief": brief, "predictions": predictions, "weights": weights, "log": {"loss": losses}}


def line(x):
    return np.hstack([np.ones((len(x), 1)), x])


tasks = [
    Task(
        name="6.2 configuration",
        kind="implement",
        level="apply",
        objective="6.2a",
        minutes=6,
        difficulty=2,
        points=3,
        probe="record",
        cases=settings,
        alternatives=[configured_by_a_loop],
        misconceptions=[
            Misconception(
                "unknown names enter the settings, where nobody reads them",
                configured(settings=unknown_enter),
                "forum: github.com, misspelt options of training scripts that are passed over",
            ),
            Misconception(
                "all that is given enters the settings, refused or not",
                configured(settings=all_enter),
                "invented: the list is made, and not used",
            ),
            Misconception(
                "unknown names are passed over in silence",
                configured(unknown=lambda *_: []),
                "forum: argparse's parse_known_args, whose second result is dropped",
            ),
            Misconception(
                "only names are looked at, so that a float counts where a whole number is wanted",
                configured(
                    settings=lambda given, defaults, _: defaults | {n: v for n, v in given.items() if n in defaults},
                    unknown=lambda given, defaults, _: sorted(set(given) - set(defaults)),
                ),
                "invented: the second half of the sentence is passed over",
            ),
            Misconception(
                "a float is cut to a whole number, and enters the settings",
                configured(settings=rounded),
                "invented: a conversion in place of a refusal",
            ),
            Misconception(
                "a seed that is not given is taken from the clock",
                configured(settings=from_the_clock),
                "forum: seeding with the time, so that each run is another",
            ),
            Misconception(
                "a given 0 is taken for nothing, as by `or`",
                configured(settings=zero_is_nothing),
                "forum: stackoverflow.com, `value or default` drops 0",
            ),
            Misconception(
                "unknown names stand in the order in which they were given",
                configured(unknown=lambda given, defaults, refused: refused),
                "invented: the sorting is left out",
            ),
        ],
        hints=[
            "Two questions for each given name: is it known, and is its value of the right sort?",
            "Find the refused names first, as a list. The settings are the defaults, and over them what is left.",
            "An order form knows coffee: 1 and sugar: 0.5. Given tea: 2 and coffee: 1.5, it refuses coffee and tea.",
        ],
    ),
    Task(
        name="6.2 best",
        kind="implement",
        level="apply",
        objective="6.2c",
        minutes=5,
        difficulty=2,
        points=3,
        probe="in_place",
        cases=trainings,
        alternatives=[kept_after_all],
        misconceptions=[
            Misconception(
                "the training loss chooses the epoch", kept(by="training"), "invented: the loss that is at hand is used"
            ),
            Misconception("the test loss chooses the epoch", kept(by="test"), TEST),
            Misconception(
                "the weights themselves are kept, not a copy, and training goes on to change them",
                kept(keep=lambda w: w),
                REFERENCES,
            ),
            Misconception(
                "the last epoch counts as the best",
                kept(better=lambda loss, lowest: True),
                "invented: the comparison is left out",
            ),
            Misconception(
                "of equal losses the later one wins, as by `<=`",
                kept(better=lambda loss, lowest: loss <= lowest),
                "invented: a sign of comparison",
            ),
            Misconception(
                "the highest loss counts as the best",
                kept(better=lambda loss, lowest: loss > lowest),
                "invented: a rule for accuracy is used",
            ),
            Misconception(
                "the weights are kept before the epoch changes them",
                kept(before=True),
                "invented: the copy stands above the update",
            ),
            Misconception(
                "epochs are counted from 0", kept(number=lambda n: n - 1), "invented: enumerate without a start"
            ),
            Misconception(
                "each epoch makes a new array, as by `w = w + update`, and the given one stays as it was",
                kept(own=True),
                "forum: stackoverflow.com, `a = a + b` beside `a += b` on arrays",
            ),
        ],
        hints=[
            "Which of the three sets is there for choosing? And what becomes of `w` after you have kept it?",
            "Keep the lowest loss so far beside a copy of the weights. An equal loss is not lower.",
            "High jump: 1.60, 1.75, 1.70, 1.75. The photograph of the best jump is the second one, and it does not "
            "change when the jumper goes on.",
        ],
    ),
    Task(
        name="6.2 stopping",
        kind="implement",
        level="apply",
        objective="6.2c",
        minutes=7,
        difficulty=3,
        points=4,
        cases=curves,
        alternatives=[stopped_by_looking_back],
        misconceptions=[
            Misconception(
                "one epoch more than `patience` is waited for",
                stopped(patience=lambda p: p + 1),
                "forum: Keras and PyTorch Lightning, when exactly patience runs out",
            ),
            Misconception(
                "one epoch less than `patience` is waited for",
                stopped(patience=lambda p: max(1, p - 1)),
                "invented: the epoch of the best one is counted, too",
            ),
            Misconception(
                "all epochs without an improvement are counted, not those in a row",
                stopped(row=False),
                "forum: PyTorch Lightning, a counter of patience that is never set back",
            ),
            Misconception(
                "each loss is compared with that of the epoch before",
                stopped(beside="previous"),
                "literature: Prechelt (1998), stopping when the error has gone up in successive strips",
            ),
            Misconception(
                "the weights of the last epoch are used",
                stopped(returned=lambda epoch, best: (epoch, epoch)),
                "forum: Keras, restore_best_weights is off by default",
            ),
            Misconception(
                "`least` is left out, so that any lower loss sets the counter back",
                stopped(better=lambda loss, lowest, least: loss < lowest),
                "invented: one argument is not used",
            ),
            Misconception(
                "a loss that is lower by exactly `least`, or an equal one, counts as an improvement, as by `<=`",
                stopped(better=lambda loss, lowest, least: loss <= lowest - least),
                "invented: a sign of comparison",
            ),
            Misconception(
                "`least` is taken for a share of the lowest loss",
                stopped(better=lambda loss, lowest, least: loss < lowest * (1 - least)),
                "forum: PyTorch, ReduceLROnPlateau's threshold is relative unless told otherwise",
            ),
            Misconception(
                "improvements that are too small still lower the loss to beat",
                stopped(beside="any"),
                "forum: PyTorch Lightning, min_delta and the best score so far",
            ),
            Misconception(
                "epochs are counted from 0",
                stopped(returned=lambda epoch, best: (epoch - 1, best - 1)),
                "invented: enumerate without a start",
            ),
        ],
        hints=[
            "Three things are carried along: the lowest loss that counts, its epoch, and how long ago that was.",
            "An improvement sets the counter to 0, any other epoch adds 1. When does the counter end the training?",
            "Patience 2 with the prices 9, 7, 8, 6, 6, 7: after 7 one day without, then 6 is lower. Then two days "
            "without: it ends on day 6, and the best day is 4.",
        ],
    ),
    Task(
        name="6.2 resume",
        kind="implement",
        level="apply",
        objective="6.2b",
        minutes=10,
        difficulty=4,
        points=5,
        probe="resumed",
        cases=broken,
        alternatives=[Whole],
        equivalent={
            "('w', 'velocity', 'order', 'best_w') → ('velocity', 'w', 'order', 'best_w')": "their order is free",
            "('epoch', 'place', 'losses', 'lowest') → ('place', 'epoch', 'losses', 'lowest')": "their order is free",
        },
        misconceptions=[
            Misconception("the velocity starts at 0 again", without("velocity"), WEIGHTS_ONLY),
            Misconception("the generator that shuffles starts from its seed again", without("shuffling"), LOADER),
            Misconception(
                "the generator of the dropped inputs starts from its seed again",
                without("masks"),
                "forum: discuss.pytorch.org, saving the random state for dropout",
            ),
            Misconception("the interrupted epoch begins anew, with a new order", without(then=epoch_anew), LOADER),
            Misconception(
                "the order of the interrupted epoch is drawn anew, the place stays",
                without(then=order_anew),
                "invented: the generator is taken for all that the order needs",
            ),
            Misconception(
                "the order is kept, and the epoch begins at its first row again",
                without(then=from_the_first_row),
                "invented: the place is left out",
            ),
            Misconception(
                "the order of the first epoch is used for the interrupted one", without("order"), "invented: left out"
            ),
            Misconception(
                "the interrupted epoch counts as done, so that the rate is that of the next one",
                without(then=one_epoch_on),
                "forum: start_epoch = checkpoint epoch + 1, saved in the middle of an epoch",
            ),
            Misconception("the number of the epoch starts at 0 again", without("epoch"), "invented: left out"),
            Misconception(
                "the batch that was to come next is left out",
                without(then=a_batch_further),
                "invented: the place is counted on once more",
            ),
            Misconception(
                "the lowest loss and its weights are forgotten",
                without("lowest", "best_w"),
                "forum: a best score that starts at infinity after each resume",
            ),
            Misconception(
                "the lowest loss is kept, its weights are not: those of the moment stand there",
                without(then=best_is_now),
                "invented: the best weights are taken for the last ones",
            ),
            Misconception("the losses so far are forgotten", without("losses"), "invented: the log is not saved"),
        ],
        hints=[
            "Read `__init__` of `Training`, line by line: does this attribute change in `advance` or `end_epoch`?",
            "Ten attributes change. A generator's state, `generator.bit_generator.state`, is a dict that JSON can "
            "write, and it may be assigned.",
            "A cook who hands over notes not only what is in the pot: also how long it has been on the fire, which "
            "step of the recipe is next, and which cards are still in the pack.",
        ],
    ),
    Task(
        name="6.2 design",
        kind="design",
        level="create",
        objective="6.2d",
        minutes=20,
        difficulty=5,
        points=20,
        probe="power_cut",
        seconds=60,
        cases=surviving,
        marking=Marking(
            "design",
            fields={"parameters": "size of weights", "steps": "length of log loss", "last loss": "last of log loss"},
            words={"model": ("line", "features", "network")},
        ),
        rubric=[
            Criterion(
                "The rhythm of saving is argued",
                4,
                {0: "not named", 2: "named", 4: "work repeated weighed against time spent writing, with numbers"},
            ),
            Criterion(
                "The report says what would still destroy the training",
                4,
                {0: "nothing", 2: "one case", 4: "cases, and for one of them a measurement or a cure"},
            ),
        ],
        misconceptions=[
            Misconception(
                "nothing is saved, and each call begins with the first step",
                survivor(read=lambda path: {}),
                "invented: bit-identical, and all work is repeated",
            ),
            Misconception(
                "the state is kept in a variable outside of the function, which is lost in a cut",
                survivor(write=lambda path, **arrays: REMEMBERED.update(arrays), read=lambda path: REMEMBERED),
                "invented: in a notebook a variable outlasts the call of a function",
            ),
            Misconception(
                "so few steps are taken that each call can begin with the first one",
                survivor(read=lambda path: {}, steps=6),
                "invented: a budget of repeated steps is met without saving",
            ),
            Misconception(
                "a checkpoint comes so rarely that each cut costs dozens of steps",
                survivor(every=50),
                "forum: one checkpoint an epoch, however long the epoch",
            ),
            Misconception(
                "the file is written under its own name, and one that is half written is given up for a new start",
                survivor(write=written_directly),
                "forum: corrupt checkpoints after a job was killed, PytorchStreamReader failed",
            ),
            Misconception("the optimiser's memory is not saved", survivor(leave_out=("velocity",)), WEIGHTS_ONLY),
            Misconception("the generator starts from its seed again", survivor(leave_out=("generator",)), LOADER),
            Misconception(
                "a line is fitted, as the baseline does", survivor(features=line, word="line"), "invented: no bend"
            ),
            Misconception(
                "the brief promises what the log does not hold", survivor(honest=False), "invented: a better number"
            ),
            Misconception(
                "the network of the lesson is taken over, 64 inputs and ten outputs wide, beyond the budget",
                survivor(extra=200),
                "invented: a lesson is pasted",
            ),
        ],
        hints=[
            "First a training that beats the line, without any cut. Then list what it holds in variables.",
            "In what state is the file if the power goes while you write it? And what is lost if it goes right before?",
            "Somebody who copies a book by hand and may be called away at any word: she marks the word, and puts the "
            "new page into the folder only when it is complete.",
        ],
        alternatives=[survivor(every=3), survivor(write=written_numbered, read=newest), network_in_torch],
    ),
]
