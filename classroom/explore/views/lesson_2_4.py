"""Lesson 2.4: the factor of one step over the rate, a bowl of two weights that descend apart, and how a run ended."""

import numpy as np

from classroom.explore import style
from classroom.explore.views.descent import surface
from classroom.explore.views.legends import above


def regimes(ax, curvature: float) -> None:
    """The factor 1 − rate · curvature over the rate, from 0 to beyond the limit, with a name for each stretch."""
    rates = np.array([0, 2.5 / curvature])
    limits = np.array([0, 1, 2, 2.5]) / curvature
    names = ("from one side", "swings, settles", "diverges")
    tones = (style.BLUE, style.GREEN, style.VERMILLION)
    for low, high, name, tone in zip(limits, limits[1:], names, tones, strict=False):
        ax.axvspan(low, high, color=tone, alpha=0.12, linewidth=0, zorder=0.5)
        ax.text((low + high) / 2, 1.18, name, ha="center", va="center", fontsize=10)
    for height in (-1, 0, 1):
        ax.axhline(height, color=style.GREY, linestyle="-" if height == 0 else ":", linewidth=1, zorder=1)
    ax.plot(rates, 1 - rates * curvature, color=style.BLACK, linestyle="-", zorder=3)
    ax.set(xlim=rates, ylim=(-1.5, 1.35), xlabel="rate η", ylabel="factor of the error in one step")


class bowl:
    """A bowl over two weights with its descent, and beside it what is left of each weight's error after each step.

        view = views.bowl(left, right, (1, 8), steps=12)        view.set(path)

    `curvatures` are those along the first and the second weight; the minimum lies at (0, 0).
    """

    def __init__(self, left, right, curvatures, steps: int, reach=(4.0, 2.4)):
        along = np.asarray(curvatures, dtype=float)
        left.set(xlim=(-reach[0], reach[0]), ylim=(-reach[1], reach[1]), aspect="equal")
        self.hills = surface(left, lambda w: (along * w**2).sum(axis=1) / 2)
        right.axhline(0, color=style.GREY, linestyle="-", linewidth=0.9, zorder=1)
        self.parts = [
            right.plot([], [], marker=marker, color=color, linestyle=dash, markersize=5, zorder=3)[0]
            for marker, color, dash in zip("o^", style.COLORS[:2], style.DASHES[:2], strict=True)
        ]
        right.set(xlim=(-0.3, steps + 0.3), ylim=(-reach[0], reach[0]), xlabel="step", ylabel="error of the weight")
        right.set_xticks(range(0, steps + 1, max(1, steps // 4)))
        above(right, self.parts, ["$w_1$", "$w_2$"])

    def set(self, path):
        path = np.asarray(path, dtype=float)
        self.hills.set(path)
        for part, errors in zip(self.parts, path.T, strict=True):
            part.set_data(np.arange(len(errors)), errors)
        return self


def fate(errors) -> str:
    """What the errors of one weight do from step to step, in the words of the prediction "2.4 overshoot"."""
    errors = np.asarray(errors, dtype=float)
    ratios = errors[1:] / errors[:-1]
    if np.any(np.diff(ratios) > 1e-6) or np.any(np.diff(ratios) < -1e-6):
        raise ValueError("These errors do not change by the same factor in each step.")
    factor = ratios[0]
    if factor >= 0:
        return "It slides on towards the minimum from one side."
    if abs(abs(factor) - 1) < 1e-6:
        return "It swings to and fro between the same two places."
    return f"It swings, and each swing is {'longer' if factor < -1 else 'shorter'} than the one before."


def ending(losses, lowest: float, close: float = 1e-4) -> str:
    """How a run of losses ends beside the lowest loss, in the words of the prediction "2.4 above"."""
    losses = np.asarray(losses, dtype=float)
    if not np.all(np.isfinite(losses)) or losses[-1] > losses[0]:
        return "The loss grows until it is too large for a number."
    left = losses[-len(losses) // 4 :] - lowest
    if left.max() < close:
        return "The loss falls to its lowest value and stays there."
    if left.min() > close and left.max() < 0.1 * (losses[0] - lowest):
        return "The loss falls far, then stays a little above its lowest value."
    return "The loss swings widely and gets nowhere."
