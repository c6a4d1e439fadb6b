"""Tasks of lesson 3.2, the pieces of training: mini-batches, accuracy, the loop, and keeping the best weights."""

import numpy as np

from classroom.tasks.task import Misconception, Task
from nnlib import SGD, Linear, Sequential, Tanh, Tensor, fit, no_grad
from nnlib import functional as F

DROPPED = "forum: loops over range(n // batch_size), a rest that is never trained on"
ZERO_GRAD = "forum: stackoverflow.com 48001598, why do we need to call zero_grad"
TWICE = "forum: discuss.pytorch.org, softmax before a cross-entropy loss that applies it itself"
CELLS = "forum: stackoverflow.com 42081257, binary accuracy reported for several classes"
EPOCHS = 10  # of a run of "3.2 keep the best"


# --- mini-batches ---------------------------------------------------------------------------------------------------


def sizes(rng):
    """Rows, batch size, seed: sizes that do and do not divide, also by one; enough rows for two shuffles to differ."""
    yield 10, 4, 0
    yield 12, 4, 1
    yield 9, 9, 2
    yield 8, 20, 3
    yield 13, 4, 4
    for _ in range(4):
        yield int(rng.integers(8, 40)), int(rng.integers(2, 9)), int(rng.integers(1000))


def batches_without_rest(x, y, batch_size, rng):
    rows = rng.permutation(len(x))
    for i in range(len(x) // batch_size):
        batch = rows[i * batch_size : (i + 1) * batch_size]
        yield x[batch], y[batch]


def batches_drawn_anew(x, y, batch_size, rng):
    for start in range(0, len(x), batch_size):
        batch = rng.integers(0, len(x), min(batch_size, len(x) - start))
        yield x[batch], y[batch]


def batches_drawn_full(x, y, batch_size, rng):
    for _ in range(0, len(x), batch_size):
        batch = rng.integers(0, len(x), batch_size)
        yield x[batch], y[batch]


def batches_shuffled_apart(x, y, batch_size, rng):
    x, y = x[rng.permutation(len(x))], y[rng.permutation(len(y))]
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size], y[start : start + batch_size]


def batches_in_order(x, y, batch_size, rng):
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size], y[start : start + batch_size]


def batches_same_each_epoch(x, y, batch_size, rng):
    yield from _batches(x, y, batch_size, np.random.default_rng(0))


def batches_up_to_the_last_but_one(x, y, batch_size, rng):
    rows = rng.permutation(len(x))
    for start in range(0, len(x) - batch_size, batch_size):
        batch = rows[start : start + batch_size]
        yield x[batch], y[batch]


def batches_that_return_at_once(x, y, batch_size, rng):
    rows = rng.permutation(len(x))[:batch_size]
    return [(x[rows], y[rows])]


def batches_mixed_within(x, y, batch_size, rng):
    for start in range(0, len(x), batch_size):
        batch = start + rng.permutation(min(batch_size, len(x) - start))
        yield x[batch], y[batch]


def batches_row_by_row(x, y, batch_size, rng):
    rows = rng.permutation(len(x))
    for start in range(len(x)):
        batch = rows[start : start + batch_size]
        yield x[batch], y[batch]


def batches_that_change_places(x, y, batch_size, rng):
    found = list(batches_in_order(x, y, batch_size, rng))
    return [found[i] for i in rng.permutation(len(found))]


def batches_from_each_next_row(x, y, batch_size, rng):
    rows = rng.permutation(len(x))
    for start in range(int(np.ceil(len(x) / batch_size))):
        batch = rows[start : start + batch_size]
        yield x[batch], y[batch]


def batches_by_splitting(x, y, batch_size, rng):
    """Right, as a list: the order is cut at every multiple of the batch size."""
    rows = np.arange(len(x))
    rng.shuffle(rows)
    return [(x[batch], y[batch]) for batch in np.split(rows, range(batch_size, len(x), batch_size))]


def batches_by_while(x, y, batch_size, rng):
    """Right, taking rows from the front of a list."""
    rows = list(np.argsort(rng.random(len(x))))
    while rows:
        batch, rows = rows[:batch_size], rows[batch_size:]
        yield np.stack([x[row] for row in batch]), np.array([y[row] for row in batch])


def _batches(x, y, batch_size, rng):
    rows = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = rows[start : start + batch_size]
        yield x[batch], y[batch]


# --- accuracy -------------------------------------------------------------------------------------------------------


def logits_and_labels(rng):
    """Logits (n, k) and labels (n,): square and not, one row, all right, logits far below 0."""
    yield np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 0.0, -1.0], [0.5, 0.2, 4.0]]), np.array([0, 1, 2, 2])
    yield np.array([[-9.0, -7.0, -8.0]]), np.array([1])
    yield np.eye(4), np.arange(4)
    for n, k in ((5, 5), (20, 3), (7, 10)):
        labels = rng.integers(0, k, n)
        yield rng.normal(size=(n, k)) + 1.2 * np.eye(k)[labels], labels


def accuracy_down_the_columns(logits, y):
    return float(np.mean(logits.argmax(axis=0) == y))


def accuracy_as_a_count(logits, y):
    return float(np.sum(logits.argmax(axis=1) == y))


def accuracy_in_per_cent(logits, y):
    return 100 * float(np.mean(logits.argmax(axis=1) == y))


def accuracy_of_the_largest_logit(logits, y):
    return float(np.mean(logits.max(axis=1) == y))


def accuracy_as_error_rate(logits, y):
    return float(np.mean(logits.argmax(axis=1) != y))


def accuracy_cell_by_cell(logits, y):
    return float(np.mean((logits > 0.5) == np.eye(logits.shape[1], dtype=bool)[y]))


def accuracy_of_one_winner(logits, y):
    return float(np.mean(logits.argmax() == y))


def accuracy_without_mean(logits, y):
    return logits.argmax(axis=1) == y


def accuracy_of_the_probability(logits, y):
    return float(np.mean(F.softmax(Tensor(logits)).data[np.arange(len(y)), y]))


def accuracy_by_classes(logits, y):
    return float(np.sum(logits.argmax(axis=1) == y) / logits.shape[1])


def accuracy_of_the_smallest(logits, y):
    return float(np.mean(logits.argmin(axis=1) == y))


def accuracy_of_the_logits(logits, y):
    return np.mean(logits == y)


def accuracy_of_columns_from_one(logits, y):
    return float(np.mean(logits.argmax(axis=1) + 1 == y))


def accuracy_that_returns_at_once(logits, y):
    return int(logits[0].argmax() == y[0]) / len(y)


def accuracy_by_loops(logits, y):
    """Right, image by image."""
    right = 0
    for row, label in zip(logits.tolist(), y.tolist(), strict=True):
        right += row.index(max(row)) == label
    return right / len(y)


def accuracy_of_torch(logits, y):
    import torch

    return (torch.tensor(logits).max(dim=1).indices == torch.tensor(y)).float().mean()


# --- the loop -------------------------------------------------------------------------------------------------------


def networks_and_batches(rng):
    """Widths, seed, x, y, batches of row numbers, rate: first one step, then epochs whose last batch is smaller."""
    for widths, n, size, epochs in (((2, 3), 3, 3, 1), ((4, 5, 3), 10, 4, 2), ((3, 6, 4), 8, 3, 3)):
        labels = rng.integers(0, widths[-1], n)
        x = rng.normal(size=(n, widths[0])).astype(np.float32)
        orders = [rng.permutation(n) for _ in range(epochs)]
        batches = [order[start : start + size] for order in orders for start in range(0, n, size)]
        yield list(widths), int(rng.integers(1000)), x, labels, batches, 0.3


def _loop(
    model,
    x,
    y,
    batches,
    rate,
    reset=True,
    sign=-1,
    head=lambda logits: logits,
    whole=False,
    again=False,
    mean_again=False,
    late=False,
):
    """The loop with one of its parts changed."""
    losses = []
    for batch in batches:
        rows = np.arange(len(x)) if whole else batch
        loss = F.cross_entropy(head(model(Tensor(x[rows]))), y[rows])
        if again:
            loss = loss / len(rows)
        if reset:
            model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter.data += sign * rate * parameter.grad / (len(rows) if mean_again else 1)
        if late:
            loss = F.cross_entropy(head(model(Tensor(x[rows]))), y[rows])
        losses.append(loss.item())
    return losses


def loop_without_reset(model, x, y, batches, rate):
    return _loop(model, x, y, batches, rate, reset=False)


def loop_uphill(model, x, y, batches, rate):
    return _loop(model, x, y, batches, rate, sign=1)


def loop_that_rebinds(model, x, y, batches, rate):
    """`parameter = parameter - rate * parameter.grad` gives a name to a new value; the network keeps the old one."""
    return _loop(model, x, y, batches, rate, sign=0)


def loop_with_softmax_twice(model, x, y, batches, rate):
    return _loop(model, x, y, batches, rate, head=F.softmax)


def loop_on_everything(model, x, y, batches, rate):
    return _loop(model, x, y, batches, rate, whole=True)


def loop_divided_again(model, x, y, batches, rate):
    return _loop(model, x, y, batches, rate, again=True)


def loop_divided_in_the_step(model, x, y, batches, rate):
    return _loop(model, x, y, batches, rate, mean_again=True)


def loop_with_late_losses(model, x, y, batches, rate):
    return _loop(model, x, y, batches, rate, late=True)


def loop_without_rate(model, x, y, batches, rate):
    return _loop(model, x, y, batches, 1)


def loop_that_returns_at_once(model, x, y, batches, rate):
    return _loop(model, x, y, batches[:1], rate)


def loop_with_one_step(model, x, y, batches, rate):
    """The update stands behind the loop: the losses are those of the first weights, and the last gradient counts."""
    losses = _loop(model, x, y, batches, rate, sign=0)
    for parameter in model.parameters():
        parameter.data -= rate * parameter.grad
    return losses


def loop_with_an_optimizer(model, x, y, batches, rate):
    """Right, though the optimizer was to be left out."""
    optimizer, losses = SGD(model.parameters(), lr=rate), []
    for batch in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(Tensor(x[batch])), y[batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def loop_that_empties_by_hand(model, x, y, batches, rate):
    """Right: gradients emptied behind the step, weights by index, losses as an array."""
    losses, parameters = np.zeros(len(batches)), list(model.parameters())
    for i in range(len(batches)):
        loss = F.cross_entropy(model(Tensor(x[batches[i]])), y[batches[i]])
        loss.backward()
        for parameter in parameters:
            parameter.data = parameter.data - rate * parameter.grad
            parameter.grad = None
        losses[i] = loss.item()
    return losses


# --- keeping the best -----------------------------------------------------------------------------------------------


def networks_that_overfit(rng):
    """Forty examples, some labels random, a large rate: the best epoch by validation is clear, and mostly not the last.

    Runs in which two epochs are nearly equal are left out, since the last digits would decide between them; so are
    runs in which the validation loss falls straight to its best. The first run falls once more behind its best, before
    its last epoch. The rows are more than a usual batch holds. The last of four runs comes once more, cut behind its
    best epoch: whoever never judges the last epoch misses that one. In one more run all labels are random and every
    validation loss lies above 1.1, so that a lowest loss that begins at 1 is never beaten.
    """
    found = 0
    while found < 4:
        run = _run_on(rng, shuffled=0.4, rate=float(rng.choice([2.0, 4.0])))
        validation, training = np.array(_losses(*run)).T
        best, worst = validation.argmin(), validation.argmax()
        rises = np.any(validation[1 : best + 1] > 1.02 * validation[:best])
        falls_again = np.any(np.diff(validation)[best:-1] < -0.02) and validation[-1] > 1.02 * validation[-2]
        usual = rises and worst not in (best, EPOCHS - 1) and training.argmin() == EPOCHS - 1
        if _is_clear(validation) and usual and (found or falls_again):
            found += 1
            yield [3, 6, 3], *run
    yield [3, 6, 3], *run[:-2], int(best) + 1, run[-1]
    while True:
        run = _run_on(rng, shuffled=1, rate=2.0)
        validation, _ = np.array(_losses(*run)).T
        if _is_clear(validation) and validation.min() > 1.1:
            yield [3, 6, 3], *run
            return


def _run_on(rng, shuffled, rate):
    """Seed, x, y, x_val, y_val, epochs and rate of a run, in which this share of the labels is random.

    The validation images are just too many to be printed in full.
    """
    seed = int(rng.integers(10_000))
    x, x_val = rng.normal(size=(40, 3)).astype(np.float32), rng.normal(size=(14, 3)).astype(np.float32)
    y, y_val = (
        np.where(rng.random(len(rows)) < share, rng.integers(0, 3, len(rows)), rows.argmax(axis=1))
        for rows, share in ((x, shuffled), (x_val, shuffled == 1))
    )
    return seed, x, y, x_val, y_val, EPOCHS, rate


def _is_clear(validation):
    """Is the lowest of these losses clearly the lowest, and neither the first nor the last?"""
    return np.sort(validation)[1] > 1.05 * validation.min() and 0 < validation.argmin() < len(validation) - 1


def _losses(seed, x, y, x_val, y_val, epochs, rate):
    """Validation and training loss after each epoch, of the network that the probe `training` draws from `seed`."""
    rng = np.random.default_rng(seed)
    model = Sequential(Linear(3, 6, rng=rng), Tanh(), Linear(6, 3, rng=rng))
    found = []
    _keep(model, x, y, x_val, y_val, epochs, rate, note=lambda a, b: found.append((a, b)))
    return found


def _loss(model, x, y):
    with no_grad():
        return F.cross_entropy(model(Tensor(x)), y).item()


def _keep(
    model,
    x,
    y,
    x_val,
    y_val,
    epochs,
    rate,
    better=lambda new, old: new < old,
    by_training=False,
    copy=True,
    last=False,
    patient=True,
    batch_size=None,
    order=lambda epoch: 0,
    note=lambda *losses: None,
):
    """Train and keep the best weights, with one part changed."""
    optimizer, best, kept = SGD(model.parameters(), lr=rate), None, None
    for epoch in range(epochs):
        fit(model, F.cross_entropy, optimizer, x, y, epochs=1, batch_size=batch_size or len(x), rng=order(epoch))
        validation, training = _loss(model, x_val, y_val), _loss(model, x, y)
        note(validation, training)
        loss = training if by_training else validation
        if best is not None and loss > best and not patient:
            break
        if best is None or last or better(loss, best):
            best = loss
            kept = model.state_dict() if copy else {name: p.data for name, p in model.named_parameters()}
    model.load_state_dict(kept)
    return best


def keep_last(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x, y, x_val, y_val, epochs, rate, last=True)


def keep_by_training_loss(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x, y, x_val, y_val, epochs, rate, by_training=True)


def keep_largest(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x, y, x_val, y_val, epochs, rate, better=lambda new, old: new > old)


def keep_until_first_rise(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x, y, x_val, y_val, epochs, rate, patient=False)


def keep_in_small_batches(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x, y, x_val, y_val, epochs, rate, batch_size=16)


def keep_without_copy(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x, y, x_val, y_val, epochs, rate, copy=False)


def keep_in_the_batches_of_fit(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x, y, x_val, y_val, epochs, rate, batch_size=32)


def keep_in_small_batches_anew(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x, y, x_val, y_val, epochs, rate, batch_size=16, order=lambda epoch: epoch)


def keep_and_return_the_last_loss(model, x, y, x_val, y_val, epochs, rate):
    losses = []
    _keep(model, x, y, x_val, y_val, epochs, rate, note=lambda validation, _: losses.append(validation))
    return losses[-1]


def keep_and_return_the_epoch(model, x, y, x_val, y_val, epochs, rate):
    losses = []
    _keep(model, x, y, x_val, y_val, epochs, rate, note=lambda validation, _: losses.append(validation))
    return int(np.argmin(losses))


def keep_below_zero(model, x, y, x_val, y_val, epochs, rate):
    return _keep_below(0, model, x, y, x_val, y_val, epochs, rate)


def keep_below_one(model, x, y, x_val, y_val, epochs, rate):
    return _keep_below(1, model, x, y, x_val, y_val, epochs, rate)


def _keep_below(start, model, *others):
    """The lowest loss so far begins at `start`, with the first weights."""
    first = model.state_dict()
    lowest = _keep(model, *others)
    if lowest < start:
        return lowest
    model.load_state_dict(first)
    return start


def keep_judged_before_training(model, x, y, x_val, y_val, epochs, rate):
    optimizer, lowest = SGD(model.parameters(), lr=rate), np.inf
    for _ in range(epochs):
        loss = _loss(model, x_val, y_val)
        if loss < lowest:
            lowest, best = loss, model.state_dict()
        _one_epoch(model, optimizer, x, y)
    model.load_state_dict(best)
    return lowest


def keep_better_than_the_one_before(model, x, y, x_val, y_val, epochs, rate):
    optimizer, before = SGD(model.parameters(), lr=rate), np.inf
    for _ in range(epochs):
        _one_epoch(model, optimizer, x, y)
        loss = _loss(model, x_val, y_val)
        if loss < before:
            lowest, best = loss, model.state_dict()
        before = loss
    model.load_state_dict(best)
    return lowest


def keep_by_accuracy(model, x, y, x_val, y_val, epochs, rate):
    optimizer, highest = SGD(model.parameters(), lr=rate), -1
    for _ in range(epochs):
        _one_epoch(model, optimizer, x, y)
        with no_grad():
            right = np.mean(model(Tensor(x_val)).data.argmax(axis=1) == y_val)
        if right > highest:
            highest, lowest, best = right, _loss(model, x_val, y_val), model.state_dict()
    model.load_state_dict(best)
    return lowest


def keep_trained_on_validation(model, x, y, x_val, y_val, epochs, rate):
    return _keep(model, x_val, y_val, x_val, y_val, epochs, rate)


def keep_of_many_epochs_each(model, x, y, x_val, y_val, epochs, rate):
    optimizer, lowest = SGD(model.parameters(), lr=rate), np.inf
    for _ in range(epochs):
        fit(model, F.cross_entropy, optimizer, x, y, epochs=epochs, batch_size=len(x), rng=0)
        loss = _loss(model, x_val, y_val)
        if loss < lowest:
            lowest, best = loss, model.state_dict()
    model.load_state_dict(best)
    return lowest


def _one_epoch(model, optimizer, x, y):
    fit(model, F.cross_entropy, optimizer, x, y, epochs=1, batch_size=len(x), rng=0)


def keep_all_and_choose(model, x, y, x_val, y_val, epochs, rate):
    """Right: every epoch's weights are kept, the best are chosen at the end; the step is written out."""
    losses, weights = [], []
    for _ in range(epochs):
        model.zero_grad()
        F.cross_entropy(model(Tensor(x)), y).backward()
        for parameter in model.parameters():
            parameter.data -= rate * parameter.grad
        losses.append(_loss(model, x_val, y_val))
        weights.append(model.state_dict())
    model.load_state_dict(weights[int(np.argmin(losses))])
    return min(losses)


tasks = [
    Task(
        name="3.2 mini-batches",
        kind="implement",
        level="apply",
        objective="3.2b",
        minutes=8,
        difficulty=2,
        points=2,
        probe="pairs",
        cases=sizes,
        alternatives=[batches_by_splitting, batches_by_while],
        misconceptions=[
            Misconception(
                "the number of batches is rounded down, so that the rest is never shown", batches_without_rest, DROPPED
            ),
            Misconception(
                "every batch is drawn from all rows again, so that some rows come twice and others never",
                batches_drawn_anew,
                "observed: drawing is taken for shuffling",
            ),
            Misconception(
                "every batch is drawn from all rows again and is full, so that rows come twice and the last batch "
                "is too large",
                batches_drawn_full,
                "observed: rng.integers or rng.choice in place of cutting one order",
            ),
            Misconception(
                "x and y lose each other: both are shuffled, each in an order of its own, or only one of them is",
                batches_shuffled_apart,
                "forum: stackoverflow.com 4601373, better way to shuffle two numpy arrays in unison",
            ),
            Misconception(
                "the rows stay in the order of the file",
                batches_in_order,
                "observed: cutting is done, shuffling is forgotten",
            ),
            Misconception(
                "a new generator is made inside the function, which gives every epoch the same order",
                batches_same_each_epoch,
                "observed: a seed set inside for reproducible runs",
            ),
            Misconception(
                "the range ends one batch too early, also where the batches come out even",
                batches_up_to_the_last_but_one,
                "invented: tried by a reviewer; len(x) - batch_size as the end",
            ),
            Misconception(
                "`return` stands inside the loop, so that one batch comes out",
                batches_that_return_at_once,
                "invented: tried by a reviewer; one tab too many",
            ),
            Misconception(
                "neighbours stay together: rows are mixed within each batch alone",
                batches_mixed_within,
                "invented: tried by a reviewer; the permutation is drawn inside the loop",
            ),
            Misconception(
                "the loop moves on by one row, not by a batch, and the batches overlap",
                batches_row_by_row,
                "invented: tried by a reviewer; range without a step",
            ),
            Misconception(
                "the rows are cut in the order of the file, and only whole batches change places",
                batches_that_change_places,
                "invented: tried by a reviewer; cut first, shuffled afterwards",
            ),
            Misconception(
                "the number of a batch is taken for its first row, and the batches overlap",
                batches_from_each_next_row,
                "invented: tried by a reviewer; rows[i : i + batch_size] with i from 0, 1, 2, …",
            ),
        ],
        hints=[
            "Look at the loop of `curve` in the lesson, where `batches` is written out: rows, start, batch.",
            "One random order of the row numbers serves both x and y. A slice that reaches beyond the end is shorter.",
            "Five cards named a to e, in hands of two: order = [3, 0, 4, 1, 2]; order[0:2], order[2:4], order[4:6] are "
            "[3, 0], [4, 1], [2]. Each hand takes the same places from every list.",
        ],
    ),
    Task(
        name="3.2 accuracy",
        kind="implement",
        level="apply",
        objective="3.2c",
        minutes=5,
        difficulty=1,
        points=1,
        cases=logits_and_labels,
        alternatives=[accuracy_by_loops, accuracy_of_torch],
        misconceptions=[
            Misconception(
                "the largest number is sought in each column, across the images",
                accuracy_down_the_columns,
                "observed: axis 0 and axis 1 are exchanged",
            ),
            Misconception(
                "the right answers are counted and the count is not divided by the number of images",
                accuracy_as_a_count,
                "observed: sum for mean",
            ),
            Misconception(
                "the wrong answers are counted in place of the right ones",
                accuracy_as_error_rate,
                "observed: accuracy and error rate are exchanged",
            ),
            Misconception(
                "the share is given in per cent, from 0 to 100",
                accuracy_in_per_cent,
                "observed: accuracy is spoken of in per cent",
            ),
            Misconception(
                "the largest logit itself, and not the number of its column, is compared with the label",
                accuracy_of_the_largest_logit,
                "observed: max for argmax",
            ),
            Misconception(
                "every logit is compared with a table of zeros and ones, and the mean goes over all its cells",
                accuracy_cell_by_cell,
                CELLS,
            ),
            Misconception(
                "one winner is sought among all numbers of the batch",
                accuracy_of_one_winner,
                "observed: argmax without an axis",
            ),
            Misconception(
                "the comparison is returned image by image, and its mean is not taken",
                accuracy_without_mean,
                "invented: tried by a reviewer; the last step is left out",
            ),
            Misconception(
                "the probabilities of the labels are averaged, and no image is decided",
                accuracy_of_the_probability,
                "invented: tried by a reviewer; confidence for accuracy",
            ),
            Misconception(
                "the count is divided by the number of classes, not of images",
                accuracy_by_classes,
                "invented: tried by a reviewer; shape[1] for shape[0]",
            ),
            Misconception("the smallest logit wins", accuracy_of_the_smallest, "invented: a logit read as a distance"),
            Misconception(
                "the logits themselves are compared with the labels",
                accuracy_of_the_logits,
                "invented: tried by a reviewer; no argmax at all",
            ),
            Misconception(
                "the columns are counted from 1",
                accuracy_of_columns_from_one,
                "invented: tried by a reviewer; a class number for a place",
            ),
            Misconception(
                "`return` stands inside the loop and ends it at the first image",
                accuracy_that_returns_at_once,
                "invented: tried by a reviewer; one tab too many",
            ),
        ],
        hints=[
            "Each row belongs to one image. In which column stands its largest number?",
            "`argmax` needs to know the axis along which it looks; a mean of True and False is the share of True.",
            "Three judges give points to two cakes, one row each: [[3, 5], [6, 2], [1, 9]]. Their favourites are the "
            "cakes 1, 0, 1. If we had guessed 1, 1, 1, then two of three guesses are right: 0.67.",
        ],
    ),
    Task(
        name="3.2 training loop",
        kind="implement",
        level="apply",
        objective="3.2b",
        minutes=10,
        difficulty=3,
        points=3,
        probe="training",
        tolerance=1e-3,
        cases=networks_and_batches,
        alternatives=[loop_with_an_optimizer, loop_that_empties_by_hand],
        misconceptions=[
            Misconception("the old gradients stay, and each backward pass adds to them", loop_without_reset, ZERO_GRAD),
            Misconception(
                "the step goes with the gradient, uphill", loop_uphill, "observed: plus for minus in the update"
            ),
            Misconception(
                "the network keeps its old weights: no step is made, or it makes a new value of another name",
                loop_that_rebinds,
                "forum: discuss.pytorch.org, p = p - lr * grad does not update the model",
            ),
            Misconception(
                "softmax is applied before `F.cross_entropy`, which applies it once more",
                loop_with_softmax_twice,
                TWICE,
            ),
            Misconception(
                "every step sees all rows, and the batch is not used",
                loop_on_everything,
                "observed: x in place of x[batch]",
            ),
            Misconception(
                "the loss, which is a mean already, is divided by the number of images again",
                loop_divided_again,
                "observed: a mean is taken twice",
            ),
            Misconception(
                "the gradient, which belongs to a mean already, is divided by the number of images again",
                loop_divided_in_the_step,
                "observed: a mean is taken twice",
            ),
            Misconception(
                "the loss is measured once more behind the update",
                loop_with_late_losses,
                "invented: tried by a reviewer; the loss of the new weights",
            ),
            Misconception(
                "the learning rate is left out of the step", loop_without_rate, "invented: tried by a reviewer"
            ),
            Misconception(
                "the update stands behind the loop over the batches, and is made once",
                loop_with_one_step,
                "invented: tried by a reviewer; one tab too few",
            ),
            Misconception(
                "`return` stands inside the loop and ends it behind the first step",
                loop_that_returns_at_once,
                "invented: tried by a reviewer; one tab too many",
            ),
        ],
        hints=[
            "Five of the seven stages happen for each batch. Write their names as comments first, in their order.",
            "`backward` adds to `.grad`; so empty it before. The step goes against the gradient, without an optimizer.",
            "One weight w = 2 with the loss w² and rate 0.1. The gradient is 2w = 4; the step gives 2 − 0.1 × 4 = 1.6. "
            "Next time the gradient is 3.2, not 4 + 3.2; the step gives 1.28.",
        ],
    ),
    Task(
        name="3.2 keep the best",
        kind="adapt",
        level="apply",
        objective="3.2d",
        minutes=10,
        difficulty=3,
        points=3,
        probe="training",
        tolerance=1e-3,
        cases=networks_that_overfit,
        alternatives=[keep_all_and_choose],
        equivalent={
            "loss < lowest → loss <= lowest": "no two epochs have the same loss",
            "fit(…) without rng=0": "with all images in one batch their order does not matter, as the task says",
            "rng=0 → rng=1": "with all images in one batch their order does not matter, as the task says",
        },
        misconceptions=[
            Misconception(
                "the weights of the last epoch are kept, whatever validation says, or the lowest loss so far is "
                "never renewed",
                keep_last,
                "observed: the last weights are kept because training went on",
            ),
            Misconception(
                "training stops at the first rise of the validation loss, or returns to the best weights at each rise",
                keep_until_first_rise,
                "observed: early stopping is read as stopping at the first rise",
            ),
            Misconception(
                "the images go through in batches of 16, and each epoch makes several updates",
                keep_in_small_batches,
                "observed: the batch size of the lesson is taken over",
            ),
            Misconception(
                "the training loss decides which epoch was best",
                keep_by_training_loss,
                "observed: the loss that is at hand is used",
            ),
            Misconception(
                "the largest loss counts as the best one",
                keep_largest,
                "observed: a rule for accuracy is used for a loss",
            ),
            Misconception(
                "the best weights are not brought back, or no copy of them was made and training changed them",
                keep_without_copy,
                "forum: PyTorch's guide on saving, state_dict holds references",
            ),
            Misconception(
                "`batch_size` is left out, and `fit` takes its own",
                keep_in_the_batches_of_fit,
                "invented: tried by a reviewer; an argument is forgotten",
            ),
            Misconception(
                "the last weights are never judged: validation comes before each training, or the loop ends early",
                keep_judged_before_training,
                "invented: tried by a reviewer; two steps change places",
            ),
            Misconception(
                "each epoch is compared with the one before, not with the best so far",
                keep_better_than_the_one_before,
                "invented: tried by a reviewer; the last loss is remembered in place of the lowest",
            ),
            Misconception(
                "the accuracy on the validation images decides, not their loss",
                keep_by_accuracy,
                "invented: tried by a reviewer; the measure of the lesson's end is taken",
            ),
            Misconception(
                "the network trains on the validation images",
                keep_trained_on_validation,
                "literature: Kapoor and Narayanan (2023), leakage of validation data into training",
            ),
            Misconception(
                "every round of the loop trains for all epochs",
                keep_of_many_epochs_each,
                "invented: tried by a reviewer; `epochs=epochs` in the call of fit",
            ),
            Misconception(
                "the images go through in batches of 16, each epoch in an order of its own",
                keep_in_small_batches_anew,
                "invented: the batch size of the lesson, and rng=epoch",
            ),
            Misconception(
                "the last epoch's loss is returned, though the best weights are back",
                keep_and_return_the_last_loss,
                "invented: tried by a reviewer; `return loss` for the lowest",
            ),
            Misconception(
                "the number of the best epoch is returned in place of its loss",
                keep_and_return_the_epoch,
                "invented: tried by a reviewer; which for how low",
            ),
            Misconception(
                "the lowest loss so far begins at 0, below which no loss falls",
                keep_below_zero,
                "invented: tried by a reviewer; the start of a search for the highest",
            ),
            Misconception(
                "the lowest loss so far begins at 1, though all losses of a training may lie above",
                keep_below_one,
                "invented: tried by a reviewer; a loss is thought to lie below 1",
            ),
        ],
        hints=[
            "Two variables outlive the epochs: the best validation loss so far, and the weights that gave it.",
            "`model.state_dict()` is a copy of all weights; `model.load_state_dict(copy)` brings them back.",
            "Throws of 7, 4, 9, 5 metres, and the shortest one counts: best so far is 7, 4, 4, 4. What is remembered "
            "with the best throw changes at the second throw only.",
        ],
    ),
]
