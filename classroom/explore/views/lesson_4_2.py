"""Lesson 4.2: sizes by layer on a logarithmic axis, and outcomes of its measurements in words."""

import numpy as np

from classroom.explore import style

LOWEST, HIGHEST = 1e-9, 1e9
BAND = 1 / 20, 20  # within it a gradient counts as alive


class by_layer:
    """Sizes of something from layer to layer; with `band`, also where a gradient counts as alive.

        line = views.by_layer(ax, layers=60, of="gradient", band=True)        line.set(sizes)

    `sizes` (layers,) are shares: 1 where the walk began. What leaves the axis is drawn at its edge.
    """

    def __init__(self, ax, layers: int, of: str, band: bool = False):
        if band:
            ax.axhspan(*BAND, color=style.GREEN, alpha=0.25, linewidth=0, zorder=0.5)
        self.line = ax.plot([], [], "o-", color=style.BLUE, markersize=4)[0]
        ax.set(
            xlim=(0, layers + 1), ylim=(LOWEST / 3, HIGHEST * 3), yscale="log", xlabel="layer", ylabel=f"{of}, share"
        )
        ax.grid(True)

    def set(self, sizes):
        """Show another network; see the class."""
        seen = np.clip(np.nan_to_num(sizes, nan=HIGHEST, posinf=HIGHEST), LOWEST, HIGHEST)
        self.line.set_data(np.arange(1, len(seen) + 1), seen)
        return self


def alive(size: float) -> bool:
    """Is a share of the gradient within the band?"""
    return bool(BAND[0] <= size <= BAND[1])


def weakest(sizes) -> str:
    """Which layers' weights have the smallest gradients (layers,), in the words of the prediction "4.2 weights"."""
    sizes = np.asarray(sizes, dtype=float)
    if sizes.max() < 10 * sizes.min():
        return "those of all layers, about alike"
    return "those of the first layers" if sizes[0] < sizes[-1] else "those of the last layers"


def at_layer_1(share: float) -> str:
    """How much of the gradient arrives at layer 1, in the words of the prediction "4.2 batch norm"."""
    if share < 0.01:
        return "next to nothing, as without normalisation"
    if share < 20:
        return "about as much as at layer 30"
    return "hundreds of times as much as at layer 30" if share < 10_000 else "many thousand times as much"


def after_clipping(clipped, level) -> str:
    """How clipped runs end beside those with a level gradient, by their accuracies, in words of "4.2 clipped"."""
    if np.any(np.isnan(clipped)):
        return "it ends without a number all the same"
    if np.mean(clipped) > np.mean(level) - 0.15:
        return "it learns about as well as its twin"
    return "it hardly learns: layer 1 takes the whole step"
