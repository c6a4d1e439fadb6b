"""Lesson 3.3: losses of two libraries and their gap, accuracy over rates, and outcomes of its experiments in words."""

import numpy as np

from classroom.explore import style

FLOOR = 1e-8  # a gap of nothing has no place on a logarithmic axis


def two_losses(left, right, runs: dict) -> None:
    """On the left both losses of the last of `runs` (steps, 2), on the right the gap of each run."""
    for name, both in runs.items():
        both = np.asarray(both, dtype=float)
        right.plot(np.arange(1, len(both) + 1), np.maximum(np.abs(both[:, 0] - both[:, 1]), FLOOR), label=name)
    steps = np.arange(1, len(both) + 1)
    left.plot(steps, both[:, 0], linewidth=5, alpha=0.35, linestyle="-", label="nnlib")
    left.plot(steps, both[:, 1], label="PyTorch")
    left.set(xlabel="step", ylabel="loss")
    right.set(xlabel="step", ylabel="gap of the losses", yscale="log", ylim=(FLOOR / 2, 1))
    left.legend()
    right.legend()


def over_rates(ax, rates, found: dict, recommended: float) -> None:
    """Accuracies (rates, splits) of each data set over the rate: splits pale, their mean strong; one rate is marked."""
    for place, (name, scores) in enumerate(found.items()):
        color, scores = style.COLORS[place], np.asarray(scores, dtype=float)
        ax.plot(rates, scores, color=color, linestyle="-", linewidth=0.8, alpha=0.45)
        look = {"color": color, "linestyle": style.DASHES[place], "marker": style.MARKERS[place]}
        ax.plot(rates, scores.mean(axis=1), label=name, **look)
    ax.axvline(recommended, color=style.BLACK, linestyle=":", linewidth=1.6, zorder=2)
    ax.set(xscale="log", xlabel="learning rate", ylabel="validation accuracy", ylim=(0, 1))
    ax.grid(True)
    ax.legend(loc="lower center")


def decade(number: float) -> str:
    """The power of ten above `number`, from a millionth to 10: what holds on every processor."""
    for power in range(-6, 2):
        if number < 10.0**power:
            return f"{10.0**power:.{max(0, -power)}f}"
    raise ValueError(f"decade got {number}: it speaks of numbers below 10.")


def agreement(losses) -> str:
    """How two columns of losses agree from step to step, in the words of the prediction "3.3 same seed"."""
    one, other = np.asarray(losses, dtype=float).T
    apart = np.abs(one - other) > 1e-5 * one
    if not apart.any():
        return "They agree to five digits and more in all 20 steps."
    if apart[0]:
        return "They differ from the first step on."
    return "They agree at first and drift apart step by step."


def judged_twice(scores) -> str:
    """Accuracies (seeds, 4), twice in training and twice in evaluation mode, in the words of "3.3 modes"."""
    scores = np.asarray(scores, dtype=float)
    training, evaluation = scores[:, :2], scores[:, 2:]
    if np.any(evaluation[:, 0] != evaluation[:, 1]):
        raise ValueError("In evaluation mode the same network gave two accuracies.")
    if np.array_equal(training, evaluation):
        return "The same as in evaluation mode."
    way = (
        "Lower"
        if np.all(training < evaluation)
        else "Higher"
        if np.all(training > evaluation)
        else "Now lower, now higher"
    )
    again = "another" if np.any(training[:, 0] != training[:, 1]) else "the same"
    return f"{way}, and {again} number the second time."


def what_came_back(as_kept: bool) -> str:
    """Whether a kept state dict held the weights of the moment, in the words of the prediction "3.3 kept"."""
    return f"The weights of {'the moment when it was called' if as_kept else 'the end of the last epoch'}."
