"""Lesson 5.1: intervals beside the truth, errors against data size, forecasts; and its outcomes in words."""

import numpy as np
from matplotlib.ticker import FixedFormatter, FixedLocator, NullFormatter

from classroom.explore import style


def intervals(ax, bounds, truth: float) -> int:
    """Upright intervals (n, 2) side by side, the truth as a line across; returns how many miss it.

    Those that miss differ by colour and by a cross at their middle.
    """
    bounds = np.asarray(bounds, dtype=float)
    missed = (bounds[:, 0] > truth) | (bounds[:, 1] < truth)
    places, middles = np.arange(1, len(bounds) + 1), bounds.mean(axis=1)
    for rows, color, marker in ((~missed, style.BLUE, "o"), (missed, style.VERMILLION, "X")):
        ax.vlines(places[rows], *bounds[rows].T, color=color, linestyle="-", linewidth=1.4)
        ax.plot(places[rows], middles[rows], marker, color=color, markersize=4 if marker == "o" else 8)
    ax.axhline(truth, color=style.BLACK, linestyle=":", linewidth=1.4, zorder=1)
    ax.set(xlabel="test set", ylabel="accuracy", xlim=(0, len(bounds) + 1))
    return int(missed.sum())


def rows_of_intervals(ax, rows: dict, xlabel: str, zero: bool = False) -> None:
    """An interval (low, high) for each name in `rows`, the first on top; with `zero` a line at 0."""
    for place, (low, high) in enumerate(rows.values()):
        color = style.COLORS[place]
        ax.hlines(place, low, high, color=color, linestyle="-", linewidth=3)
        ax.plot((low + high) / 2, place, "os"[place % 2], color=color, markersize=7)
    if zero:
        ax.axvline(0, color=style.BLACK, linestyle=":", linewidth=1.4, zorder=1)
    ax.set(yticks=range(len(rows)), yticklabels=rows, ylim=(len(rows) - 0.5, -0.5), xlabel=xlabel)


def data_curve(ax, sizes, errors, name: str, place: int = 0) -> None:
    """Errors (seeds, sizes) against the number of training images, on a logarithmic axis: a dot a seed, their mean."""
    errors = np.asarray(errors, dtype=float)
    color, marker = style.COLORS[place], "o^sD"[place]
    for row in errors:
        ax.plot(sizes, row, marker, color=color, markersize=3.5, alpha=0.5, linestyle="none")
    ax.plot(
        sizes, errors.mean(axis=0), marker=marker, markersize=6, color=color, linestyle=style.DASHES[place], label=name
    )
    _plain_ticks(ax, sizes)


def forecast(ax, fine, curve, band, fitted_to, judged_by) -> None:
    """A fitted curve with its band (2, len(fine)), the points that it was fitted to, and those that judge it."""
    ax.fill_between(fine, *band, color=style.COLORS[1], alpha=0.22, linewidth=0)
    ax.plot(fine, curve, color=style.COLORS[1], label="fit, and its interval")
    ax.plot(*fitted_to, "o", color=style.BLACK, markersize=5, linestyle="none", label="fitted to these")
    ax.plot(*judged_by, "^", color=style.VERMILLION, markersize=8, linestyle="none", label="not shown to the fit")
    _plain_ticks(ax, [*fitted_to[0], *judged_by[0]])
    log_errors(ax)


def log_errors(ax, ticks=(0.05, 0.1, 0.2, 0.3)) -> None:
    """A logarithmic axis of errors with plain numbers."""
    ax.set(yscale="log", ylim=(0.045, 0.4))
    _fixed(ax.yaxis, ticks)


def _plain_ticks(ax, sizes):
    ax.set(xscale="log")
    _fixed(ax.xaxis, [int(n) for n in sizes][:: 2 if len(sizes) > 5 else 1])


def _fixed(axis, ticks):
    axis.set_major_locator(FixedLocator(list(ticks)))
    axis.set_major_formatter(FixedFormatter([f"{tick:g}" for tick in ticks]))
    axis.set_minor_formatter(NullFormatter())


def told_apart(share: float) -> str:
    """In how many test sets with overlapping intervals the paired one excludes zero, in the words of lesson 5.1."""
    if share < 0.02:
        return "in none of them"
    return "in about 5 of 100" if share < 0.2 else "in more than half of them" if share > 0.5 else "in some of them"


def said_to_wrong_labels(fitted: float, true: float) -> str:
    """What most wrongly labelled images are taken for, from the shares of given and of true labels said, in words."""
    if max(fitted, true) < 0.5:
        return "any digit, for it has been told nonsense about them"
    return "mostly the true digit" if true > fitted else "mostly the wrong label that it was given"
