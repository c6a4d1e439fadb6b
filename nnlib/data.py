"""The training loop. An epoch shows every example once, in a new order, in small batches; each batch gives one step."""

import math

import numpy as np

from nnlib.tensor import Tensor, no_grad


def batches(n, batch_size, rng):
    """The numbers 0 ... n - 1 in random order, cut into index arrays of batch_size; the last one may be smaller.

    `rng` is a numpy Generator: handed on from epoch to epoch, it gives each its own order. A seed gives one order.
    """
    if not isinstance(batch_size, int | np.integer) or batch_size < 1:
        raise ValueError(f"batches got batch_size {batch_size}: it must be a whole number, at least 1.")
    order = np.random.default_rng(rng).permutation(n)
    return (order[start : start + batch_size] for start in range(0, n, batch_size))


class History:
    """One number for each epoch: train_loss (mean over the epoch's examples), and with validation data also
    validation_loss and validation_accuracy (a fraction; empty where y holds no class numbers)."""

    def __init__(self):
        self.train_loss, self.validation_loss, self.validation_accuracy = [], [], []

    def __repr__(self):
        last = ", ".join(f"{name} {values[-1]:.4g}" for name, values in vars(self).items() if values)
        return f"History({len(self.train_loss)} epochs{'; last: ' + last if last else ''})"


def fit(
    model,
    loss,
    optimizer,
    x,
    y,
    epochs=10,
    batch_size=32,
    rng=None,
    validation=None,
    each_epoch=None,
    before_step=None,
    after_step=None,
):
    """Train a model: for each batch, forward, loss, backward, step. Returns a History.

    `loss(prediction, y)` is a function such as F.cross_entropy; x and y are arrays or Tensors, an example in each row.
    `rng`, a numpy Generator or a seed, sets the order of the examples. `validation` is a pair (x, y) to be judged
    after each epoch. At its end `each_epoch(epoch, history)` is called, epochs counting from 1.
    `before_step()` is called when a batch's gradients are there: `lambda: clip_grad_norm_(model.parameters(), 1.0)`;
    `after_step()` when the weights have moved: a schedule's step, or `lambda: soft_threshold_(weights, amount)`.
    Raises FloatingPointError, naming epoch and step, as soon as the loss, or at an epoch's end a weight, is no finite
    number.
    """
    x, y = np.asarray(x), np.asarray(y)
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"fit got {len(x)} examples and {len(y)} answers: it needs one answer for each, and at least one."
        )
    rng = np.random.default_rng(rng)
    history = History()
    for epoch in range(1, epochs + 1):
        model.train()
        total = 0.0
        with np.errstate(over="ignore", invalid="ignore"):  # numpy's warnings; the check below says more
            for step, batch in enumerate(batches(len(x), batch_size, rng), start=1):
                batch_loss = _one_number(loss(model(Tensor(x[batch])), y[batch]))
                if not math.isfinite(batch_loss.item()):
                    raise FloatingPointError(_diagnosis("loss", batch_loss.item(), epoch, step, x, y, batch, optimizer))
                optimizer.zero_grad()
                batch_loss.backward()
                if before_step is not None:
                    before_step()
                optimizer.step()
                if after_step is not None:
                    after_step()
                total += batch_loss.item() * len(batch)
        largest = _largest_weight(optimizer)
        if not math.isfinite(largest):  # the last step may have broken what no later loss would show
            raise FloatingPointError(_diagnosis("largest weight", largest, epoch, step, x, y, batch, optimizer))
        history.train_loss.append(total / len(x))
        if validation is not None:
            _judge(model, loss, *validation, history)
        if each_epoch is not None:
            each_epoch(epoch, history)
    return history


def accuracy(model, x, y):
    """The fraction of rows of x whose largest output stands in the column that y, the class numbers, names.

    A row with an output that is nan counts as wrong.
    """
    return _fraction_right(_outputs(model, x), np.asarray(y))


def _outputs(model, x):
    """What the model says in evaluation, without a graph; afterwards every module inside is as before."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with no_grad():
            return model(Tensor(np.asarray(x)))
    finally:
        for module, mode in modes:
            module.training = mode


def _fraction_right(outputs, y):
    if outputs.ndim != 2 or outputs.shape[1] < 2 or y.shape != outputs.shape[:1] or not y.size:
        raise ValueError(
            f"accuracy got outputs of shape {outputs.shape} and labels of shape {y.shape}: it needs (n, k), with a "
            "column for each of k > 1 classes, and (n,), with at least one row."
        )
    right = (outputs.data.argmax(axis=1) == y) & ~np.isnan(outputs.data).any(axis=1)
    return float(np.mean(right))


def _judge(model, loss, x, y, history):
    outputs = _outputs(model, x)
    y = np.asarray(y)
    history.validation_loss.append(loss(outputs, y).item())
    if y.dtype.kind in "iu" and y.ndim == 1 and outputs.ndim == 2 and outputs.shape[1] > 1:
        history.validation_accuracy.append(_fraction_right(outputs, y))


def _one_number(loss):
    """The loss itself, if backward() can start from it."""
    if not isinstance(loss, Tensor):
        raise TypeError(
            f"fit got {type(loss).__name__} from the loss, but needs a Tensor, which has a gradient: compute it from "
            "the prediction itself, with operations of F, not from its .data."
        )
    if loss.data.size != 1:
        raise ValueError(f"fit got a loss of shape {loss.shape}: it must be a single number, for example its .mean().")
    return loss


def _largest_weight(optimizer):
    return np.max([np.abs(parameter.data).max(initial=0) for parameter in optimizer.parameters])


def _diagnosis(what, value, epoch, step, x, y, batch, optimizer):
    """Where the loss or the weights stopped being finite numbers, and the likely cause."""
    largest = _largest_weight(optimizer)
    floats = [(name, numbers) for name, numbers in (("x", x), ("y", y)) if numbers.dtype.kind == "f"]
    gaps = [name for name, numbers in floats if not np.isfinite(numbers[batch]).all()]
    if gaps:
        cause = (
            f"the batch itself holds nan or inf, in {' and '.join(gaps)}. Find the places: "
            f"np.argwhere(~np.isfinite({gaps[0]}))"
        )
    elif what != "loss" or (epoch, step) != (1, 1):
        cause = (
            f"the steps are too long, the largest weight is {largest:.2g} by now. Try lr={float(optimizer.lr) / 10:.2g}"
        )
    elif not largest < 1e6:  # no network starts with such weights; nan is not less either
        cause = f"the largest weight is {largest:.2g}, broken by an earlier run. Build the model anew"
    else:
        cause = (
            "no step was taken yet, so it comes from the forward pass or the data: look for log(0), 0 / 0, huge inputs"
        )
    return f"the {what} became {value} in epoch {epoch}, step {step}. The likely cause: {cause}."
