"""Drawings of the closing page of level 1: a network with the name of every part, and three sets with their jobs."""

from itertools import pairwise

from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from classroom.explore import style

WIDTHS = {"inputs": (3, style.BLUE), "hidden layer": (4, style.ORANGE), "output layer": (2, style.GREEN)}
JOBS = {
    "training set": "sets the parameters:\nevery gradient comes from it",
    "validation set": "compares,\nand one is chosen",
    "test set": "judges the chosen one:\nonce, at the end",
}


def named_network(ax) -> None:
    """The network 3-4-2 from left to right, with the names of its parts and the shapes of its arrays for n examples."""
    ax.set_axis_off()
    ax.set(xlim=(-1.15, 3.3), ylim=(-2.45, 1.75))
    places = [[(i, 0.62 * ((n - 1) / 2 - j)) for j in range(n)] for i, (n, _) in enumerate(WIDTHS.values())]
    ways = [(a, b) for here, there in pairwise(places) for a in here for b in there]
    ax.add_collection(LineCollection(ways, colors=style.GREY, linewidths=1, zorder=1))
    shapes = ("inputs (n, 3)", "activations (n, 4)", "scores (n, 2)")
    for column, (name, (_, color)), shape in zip(places, WIDTHS.items(), shapes, strict=True):
        ring = {"marker": "o", "linestyle": "none", "mfc": "white", "mec": color, "mew": 2.5, "ms": 24}
        ax.plot(*zip(*column, strict=True), **ring, zorder=2)
        x = column[0][0]
        ax.text(x, 1.45, name, fontsize=12, weight="bold", ha="center")
        ax.text(x, -1.45, shape, fontsize=10, ha="center")
    for x, shape in ((0.5, "weight (4, 3)\nbias (4,)"), (1.5, "weight (2, 4)\nbias (2,)")):
        ax.text(x, -1.62, shape, fontsize=10, ha="center", va="top", color="#005A8E")
    ax.text(*places[1][0], "$z, a$", fontsize=11, ha="center", va="center", zorder=3)
    ax.text(*places[0][0], "$x$", fontsize=11, ha="center", va="center", zorder=3)
    _call(ax, "weight $w$:\none for each line", (-0.72, 1.0), (0.32, 0.72))
    _call(ax, "weighted sum\n$z = x$ @ $w + b$,\nthen a curve:\nactivation $a$", (2.72, 0.95), (1.13, 0.93))
    _call(ax, "bias $b$: one for\neach neuron", (2.75, -0.9), (1.12, -0.93))
    ax.annotate("", (2.1, -2.2), (-0.1, -2.2), arrowprops={"arrowstyle": "-|>", "color": style.BLACK, "lw": 1.5})
    ax.text(2.2, -2.2, "forward pass", fontsize=11, va="center")


def three_sets(ax, sizes) -> None:
    """The examples as one bar, cut into training, validation and test set of these sizes, each with its job."""
    ax.set_axis_off()
    ax.set(xlim=(0, sum(sizes)), ylim=(-0.75, 1.1))
    start = 0
    for (name, job), size, color in zip(JOBS.items(), sizes, ("#CFE5F3", "#FBE6BD", "#CDEBE1"), strict=True):
        ax.add_patch(Rectangle((start, 0), size, 0.9, fc=color, ec=style.GREY))
        middle = start + size / 2
        ax.text(middle, 0.45, f"{name}\n{size} examples", fontsize=11, weight="bold", ha="center", va="center")
        ax.text(middle, -0.08, job, fontsize=10, ha="center", va="top")
        start += size


def _call(ax, text, place, at):
    """A text with a thin line to what it names."""
    thin = {"arrowstyle": "-", "color": style.BLACK, "lw": 0.9, "shrinkB": 0}
    ax.annotate(text, at, place, fontsize=10, ha="center", va="center", arrowprops=thin, zorder=4)
