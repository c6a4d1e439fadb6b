"""Lesson 6.2: a resumed run beside the one that was never stopped, a curve with its stops; outcomes in words."""

import numpy as np

from classroom.explore import style

FLOOR = 1e-8  # a gap of nothing has no place on a logarithmic axis


def gap_after(ax, losses, whole, stop: int, name: str) -> None:
    """The gap between two runs' losses, step by step, from 5 before the stop to 25 after it."""
    place = len([line for line in ax.lines if line.get_label()[0] != "_"])
    shown = slice(stop - 5, stop + 25)
    gap = np.abs(np.subtract(losses[shown], whole[shown]))
    steps = np.arange(len(gap)) - 4
    look = {"color": style.COLORS[place], "linestyle": style.DASHES[place]}
    ax.plot(steps, np.maximum(gap, FLOOR), label=f"without {name}", **look)
    if not place:
        ax.axvline(0.5, color=style.BLACK, linestyle=":", linewidth=1.4, zorder=1)
        ax.set(xlabel="steps since the stop", ylabel="gap of the losses", yscale="log", ylim=(FLOOR / 2, 1))
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.4))


def stops_on(ax, validation, patiences) -> None:
    """A run's validation losses, and for each patience where it stops and which epoch's network it keeps."""
    epochs = np.arange(1, len(validation) + 1)
    ax.plot(epochs, validation, color=style.COLORS[0], label="validation loss")
    for place, patience in enumerate(patiences, start=1):
        end, best = stop_and_best(validation, patience)
        look = {"color": style.COLORS[place], "linestyle": "none", "markersize": 9}
        ax.plot(best, validation[best - 1], "o", **look, label=f"patience {patience}: kept")
        ax.plot(end, validation[end - 1], "X", **look, label=f"patience {patience}: stopped")
    ax.set(xlabel="epoch", ylabel="validation loss")
    ax.legend()


def stop_and_best(validation, patience: int) -> tuple[int, int]:
    """After which epoch a training with this patience stops, and which one was the best until then, from 1."""
    best = 1
    for epoch, loss in enumerate(validation, start=1):
        best = epoch if loss < validation[best - 1] else best
        if epoch - best >= patience:
            break
    return epoch, best


def where_it_parts(first: int | None, left: int) -> str:
    """When a resumed run gives another loss than the unbroken one, in the words of "6.2 shuffle forgotten".

    `first` counts the steps since the stop, `left` is how many were left in the epoch.
    """
    if first is None:
        return "in no step: the order is in the checkpoint"
    if first <= left:
        return "in the first step after the stop" if first == 1 else f"in step {first}, within the epoch"
    return "in the first step of the next epoch" if first == left + 1 else f"in step {first}, later than that"


def chosen_and_new(chosen, new) -> str:
    """The lowest validation losses beside the test losses of the same networks, in the words of "6.2 lowest loss"."""
    lower, ratio = np.mean(np.less(chosen, new)), np.mean(chosen) / np.mean(new)
    if lower >= 0.7 and ratio < 0.9:
        return "lower than the test loss, on most splits"
    return "higher than the test loss, on most splits" if lower <= 0.3 and ratio > 1.1 else "about the test loss"
