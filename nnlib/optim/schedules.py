"""Schedules change the learning rate while training runs: long steps at first, to get far; short ones at the end, to
settle. All but the last are a formula for the rate after k steps; the last one watches how training goes."""

import math

import numpy as np


class LRScheduler:
    """What schedules share. A subclass writes `rate(k, start)`: the rate after k calls of step(), where `start` is the
    optimiser's rate when its first schedule was made. Whether step() is called after every batch or after every epoch
    is your choice, and sets the unit in which k counts; it comes after the optimiser's own step().

    Each step sets the rate anew, from k and `start` alone: one schedule at a time. For several in a row there is
    SequentialLR; before a ReduceLROnPlateau takes over, stop calling the warm-up's step(). PyTorch's schedules multiply
    the rate that they find instead, so that there several work at once. Here step() raises RuntimeError where the rate
    was changed by something else since this schedule set it.
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer
        if optimizer.initial_lr is None:
            optimizer.initial_lr = float(optimizer.lr)
        self.last_epoch = 0  # PyTorch's name for k
        self._set()

    def rate(self, k, start):
        raise NotImplementedError(f"{type(self).__name__} has no rate: write `def rate(self, k, start):`.")

    def step(self):
        """Count one on, and give the optimiser its new rate."""
        if self.optimizer.lr != self.last_lr:
            raise RuntimeError(
                f"{type(self).__name__} set the rate to {self.last_lr:.6g}, but found {self.optimizer.lr:.6g}: it "
                "would undo that change. Use one schedule at a time, SequentialLR for several, and stop a schedule "
                "before ReduceLROnPlateau, or you by hand, set the rate."
            )
        self.last_epoch += 1
        self._set()

    def _set(self):
        self.last_lr = self.optimizer.lr = float(self.rate(self.last_epoch, self.optimizer.initial_lr))

    def state_dict(self):
        """How far the schedule came. The rates themselves are in the optimiser's state_dict: save both."""
        return {"last_epoch": np.array(self.last_epoch)}

    def load_state_dict(self, state):
        """Go on from there. The optimiser's state_dict is loaded before."""
        self.last_epoch = int(state["last_epoch"])
        self._set()


class LambdaLR(LRScheduler):
    """rate = start * lr_lambda(k): any formula of your own."""

    def __init__(self, optimizer, lr_lambda):
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, k, start):
        return start * self.lr_lambda(k)


class StepLR(LRScheduler):
    """rate = start * gamma^(k // step_size): down by the factor gamma every step_size steps."""

    def __init__(self, optimizer, step_size, gamma=0.1):
        self.step_size, self.gamma = _at_least_1(self, step_size=step_size), gamma
        super().__init__(optimizer)

    def rate(self, k, start):
        return start * self.gamma ** (k // self.step_size)


class CosineAnnealingLR(LRScheduler):
    """rate = eta_min + (start - eta_min) (1 + cos(pi k / T_max)) / 2: half a wave from start down to eta_min.

    Loshchilov & Hutter (2017). After T_max steps the wave goes up again, as in PyTorch: stop there.
    """

    def __init__(self, optimizer, T_max, eta_min=0.0):
        self.T_max, self.eta_min = _at_least_1(self, T_max=T_max), eta_min
        super().__init__(optimizer)

    def rate(self, k, start):
        return _half_wave(start, self.eta_min, k / self.T_max)


class LinearLR(LRScheduler):
    """The rate goes in a straight line from start_factor * start to end_factor * start in total_iters steps, and stays.

    From a small factor up to 1 it is a warm-up: the first steps of a fresh network are too long at the full rate (Goyal
    et al., 2017, for large batches), and Adam's averages rest on few gradients (Liu et al., 2020).
    """

    def __init__(self, optimizer, start_factor=1 / 3, end_factor=1.0, total_iters=5):
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = _at_least_1(self, total_iters=total_iters)
        super().__init__(optimizer)

    def rate(self, k, start):
        way = min(k / self.total_iters, 1)
        return start * (self.start_factor + (self.end_factor - self.start_factor) * way)


class SequentialLR(LRScheduler):
    """One schedule after the other, each counting from 0 when its turn comes; milestones[i] is the step at which number
    i + 1 takes over. Warm-up for 100 steps, then cosine for 900:

    SequentialLR(optimizer, [LinearLR(optimizer, 0.01, total_iters=100), CosineAnnealingLR(optimizer, 900)], [100])
    """

    def __init__(self, optimizer, schedulers, milestones):
        if len(milestones) != len(schedulers) - 1 or sorted(milestones) != list(milestones):
            raise ValueError(
                f"SequentialLR got {len(schedulers)} schedules and the milestones {list(milestones)}: it needs rising "
                "steps, one fewer than schedules, at each of which the next one takes over."
            )
        for schedule in schedulers:
            if not isinstance(schedule, LRScheduler):
                raise TypeError(
                    f"SequentialLR got a {type(schedule).__name__} among the schedules: it takes those that are a "
                    "formula of the step, such as LinearLR and CosineAnnealingLR."
                )
        self.schedulers, self.milestones = schedulers, milestones
        super().__init__(optimizer)

    def rate(self, k, start):
        turn = sum(k >= milestone for milestone in self.milestones)
        return self.schedulers[turn].rate(k - [0, *self.milestones][turn], start)


class OneCycleLR(LRScheduler):
    """Up in half a wave from max_lr / div_factor to max_lr, for the first pct_start (a share) of total_steps; then down
    in half a wave to a rate final_div_factor times smaller than the first (Smith & Topin, 2019, with one descent, not
    two, as in PyTorch). PyTorch's also lets momentum sink and rise, unless cycle_momentum=False; this one does not.
    """

    def __init__(self, optimizer, max_lr, total_steps, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
        self.max_lr, self.total_steps = max_lr, _at_least_1(self, total_steps=total_steps)
        self.pct_start, self.div_factor, self.final_div_factor = pct_start, div_factor, final_div_factor
        super().__init__(optimizer)

    def rate(self, k, start):
        if k > self.total_steps:
            raise ValueError(
                f"OneCycleLR was made for total_steps={self.total_steps}, but this is step {k}: give it epochs * "
                "batches in an epoch, and call step() once for each batch."
            )
        first, top, end = self.max_lr / self.div_factor, self.pct_start * self.total_steps - 1, self.total_steps - 1
        if k <= top or end <= top:
            return _half_wave(first, self.max_lr, k / top if top else 1)
        return _half_wave(self.max_lr, first / self.final_div_factor, (k - top) / (end - top))


class ReduceLROnPlateau:
    """The rate goes down by `factor`, but not below min_lr, when a measure has not become better for more than
    `patience` calls of step(measure); better is lower, or with mode="max" higher, by the share `threshold` of the best
    at least. As in PyTorch this is meant for measures above 0.

    Call it once an epoch with the loss on validation data: plateau.step(history.validation_loss[-1]).
    """

    def __init__(self, optimizer, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
        if mode not in ("min", "max"):
            raise ValueError(f"ReduceLROnPlateau got mode {mode!r}: it is 'min' for a loss, 'max' for an accuracy.")
        if not 0 < factor < 1:
            raise ValueError(f"ReduceLROnPlateau got factor {factor}: it must lie between 0 and 1 to make lr smaller.")
        self.optimizer, self.mode, self.factor, self.patience = optimizer, mode, factor, patience
        self.threshold, self.min_lr = threshold, min_lr
        self.best, self.num_bad_epochs = (math.inf if mode == "min" else -math.inf), 0

    def step(self, metrics):
        """Look at the newest measure, a number; a nan is not better than anything."""
        measure = float(metrics)
        if self.mode == "min":
            better = measure < self.best * (1 - self.threshold)
        else:
            better = measure > self.best * (1 + self.threshold)
        self.best = measure if better else self.best
        self.num_bad_epochs = 0 if better else self.num_bad_epochs + 1
        if self.num_bad_epochs > self.patience:
            self.num_bad_epochs = 0
            lower = max(self.optimizer.lr * self.factor, self.min_lr)
            if self.optimizer.lr - lower > 1e-8:  # PyTorch's eps: changes smaller than that are not worth one
                self.optimizer.lr = float(lower)

    def state_dict(self):
        """The best measure so far, and for how long there was no better one."""
        return {"best": np.array(self.best), "num_bad_epochs": np.array(self.num_bad_epochs)}

    def load_state_dict(self, state):
        """Go on from there."""
        self.best, self.num_bad_epochs = float(state["best"]), int(state["num_bad_epochs"])


def _half_wave(high, low, way):
    return low + (high - low) * (1 + math.cos(math.pi * way)) / 2


def _at_least_1(schedule, **count):
    for name, n in count.items():
        if not n >= 1:
            raise ValueError(f"{type(schedule).__name__} got {name}={n}: it is a number of steps, at least 1.")
        return n
