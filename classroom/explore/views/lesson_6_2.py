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


def stops_on(ax, validation, stopped) -> None:
    """A run's validation losses; for each patience in `stopped`, the losses of the run that it ended: where it stopped,
    and which epoch's network it keeps."""
    ax.plot(np.arange(1, len(validation) + 1), validation, color=style.COLORS[0], label="validation loss")
    for place, (patience, losses) in enumerate(stopped.items(), start=1):
        look = {"color": style.COLORS[place], "linestyle": "none", "markersize": 9}
        ax.plot(np.argmin(losses) + 1, min(losses), "o", **look, label=f"patience {patience}: kept")
        ax.plot(len(losses), losses[-1], "X", **look, label=f"patience {patience}: stopped")
    ax.set(xlabel="epoch", ylabel="validation loss")
    ax.legend()


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
