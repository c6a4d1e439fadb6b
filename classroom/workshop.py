"""For lesson 6.2: cells of a notebook as a program of their own, and a training to be killed in the exercise.

The training is small enough to be read at a glance: one neuron, momentum, dropout of its inputs. All that changes from
step to step is an attribute of `Training`.
"""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load as tensors_from
from safetensors.numpy import save as bytes_of

from classroom.tasks.arrays import Unusable
from classroom.tasks.running import source_of


def write_program(path, imports, parts, last):
    """Write a program: `imports`, the cells that define the functions and classes `parts`, and a `last` line."""
    cells = dict.fromkeys(source_of(part).strip() for part in parts)
    Path(path).write_text("\n\n\n".join([imports.strip(), *cells, last]) + "\n", encoding="utf-8")


class Training:
    """One neuron that learns y from x; the last rows judge it. A subclass adds `state()` and `load(state)`."""

    momentum, rate, drop, batch_size, judging = 0.9, 0.3, 0.2, 8, 6

    def __init__(self, x, y, seed):
        self.made_with = x, y, seed
        initialise, self.shuffling, self.masks = (np.random.default_rng([seed, source]) for source in range(3))
        self.w = initialise.normal(size=x.shape[1])
        self.velocity = np.zeros(x.shape[1])
        self.epoch, self.place, self.order = 0, 0, self.shuffling.permutation(len(x) - self.judging)
        self.losses = []
        self.lowest, self.best_w = float("inf"), self.w.copy()

    def advance(self):
        """One step: a batch of this epoch's order, its gradient, momentum, an update; judged at the epoch's end."""
        x, y, _ = self.made_with
        batch = self.order[self.place : self.place + self.batch_size]
        inputs = x[batch] * (self.masks.random((len(batch), x.shape[1])) >= self.drop) / (1 - self.drop)
        gap = 1 / (1 + np.exp(-inputs @ self.w)) - y[batch]
        self.losses.append(float(np.mean(gap**2)))
        self.velocity = self.momentum * self.velocity + inputs.T @ gap / len(batch)
        self.w = self.w - self.rate / (1 + self.epoch) * self.velocity
        self.place += len(batch)
        if self.place == len(self.order):
            self.end_epoch()

    def end_epoch(self):
        x, y, _ = self.made_with
        x, y = x[-self.judging :], y[-self.judging :]
        loss = float(np.mean((1 / (1 + np.exp(-x @ self.w)) - y) ** 2))
        if loss < self.lowest:
            self.lowest, self.best_w = loss, self.w.copy()
        self.epoch, self.place, self.order = self.epoch + 1, 0, self.shuffling.permutation(len(self.order))


def killed(run, stops, steps):
    """What is found at the end of `steps` steps, by a training that was killed after each of the steps `stops`.

    After each kill a new object of the same class loads what the last `state()` has left in its file. While it loads,
    it has no data, so that it cannot make the steps again.
    """
    for step in range(1, steps + 1):
        run.advance()
        if step in stops:
            held, made_with = through_a_file(run.state()), run.made_with
            run = type(run)(*made_with)
            run.made_with = None, None, None
            run.load(held)
            run.made_with = made_with
    return {
        "losses": np.array(run.losses),
        "weights": run.w,
        "lowest loss": np.array(run.lowest),
        "best weights": run.best_w,
    }


def through_a_file(state):
    """`state`, a dict of `tensors` and `numbers`, as it comes back from a file: safetensors, and JSON beside it."""
    content = bytes_of({name: np.array(array, order="C") for name, array in state["tensors"].items()})
    try:
        numbers = json.dumps(state["numbers"])
    except TypeError as problem:
        raise Unusable(f"JSON cannot write your `numbers`: {problem}. Which of them can be a list or a dict?") from None
    return {"tensors": tensors_from(content), "numbers": json.loads(numbers)}
