"""Lesson 1.3: dials that are turned to lower a loss, and the training loop as a drawing."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from classroom.explore import style
from classroom.explore.controls import number_text
from classroom.explore.views.legends import above

STAGES = {
    "forward": "outputs",
    "loss": "one number",
    "backward": "a slope for each\nparameter",
    "update": "changed\nparameters",
}


class dials:
    """Two dials, A and B, among the 64 weights of a neuron on 8 × 8 pixels: the gradient as a map, the loss as curves.

        view = views.dials(plan, curves, loss, gradient)        view.set([pixel_a, pixel_b], [3, 0]).sentence

    `loss(w)` and `gradient(w)` take all 64 weights; those of the other pixels are 0. A triangle in a pixel points the
    way to turn its weight, against the gradient, and has an area in proportion to the gradient's size. A curve shows
    the loss for each place of one dial while the other stays. Two dials on one pixel add up.
    """

    REACH = 12  # the dials' largest weight, either way
    AREA = 200  # of the triangle of the largest gradient at the start, in square points

    def __init__(self, plan, curves, loss, gradient):
        self.loss, self.gradient, self.grid = loss, gradient, np.linspace(-self.REACH, self.REACH, 33)
        self._one = np.max(np.abs(gradient(np.zeros(64)))) / self.AREA
        rows, columns = np.divmod(np.arange(64), 8)
        plan.set(xlim=(-0.5, 7.5), ylim=(7.5, -0.5), aspect="equal", xlabel="column", ylabel="row")
        plan.set_xticks(np.arange(8.5) - 0.5, minor=True)
        plan.set_yticks(np.arange(8.5) - 0.5, minor=True)
        plan.grid(True, which="minor")
        plan.tick_params(which="minor", length=0)
        looks = (("^", style.BLUE), ("v", style.VERMILLION))
        self.ways = [plan.scatter(columns, rows, np.ones(64), color=c, marker=m, lw=0, zorder=3) for m, c in looks]
        keys = [Line2D([], [], color=c, marker=m, ls="none", ms=9) for m, c in looks]
        above(plan, keys, ["turn up", "turn down"])
        self.letters = [
            plan.text(0, 0, name, fontsize=11, weight="bold", ha="left", va="top", zorder=6) for name in "AB"
        ]
        curves.set(xlim=(-self.REACH, self.REACH), ylim=(0, 1.6), xlabel="weight of a dial", ylabel="loss")
        curves.grid(True)
        self.lines, self.dots = [], []
        for i, name in enumerate("AB"):
            look = {"color": style.COLORS[i], "zorder": 3}
            self.lines += curves.plot([], [], ls=style.DASHES[i], label=f"dial {name}", **look)
            self.dots += curves.plot([], [], style.MARKERS[i], mec=style.BLACK, ms=9, ls="none", **look)
        above(curves, self.lines)
        self.sentence = ""

    def set(self, pixels, weights):
        w = np.zeros(64)
        np.add.at(w, pixels, weights)
        loss, slopes = float(self.loss(w)), self.gradient(w)
        for way, strength in zip(self.ways, (-slopes, slopes), strict=True):
            way.set_sizes(np.maximum(strength, 0) / self._one)
        for pixel, weight, letter, line, dot in zip(pixels, weights, self.letters, self.lines, self.dots, strict=True):
            row, column = divmod(pixel, 8)
            letter.set_position((column - 0.45, row - 0.45))
            unit = np.eye(64)[pixel]
            line.set_data(self.grid, [self.loss(w + (place - weight) * unit) for place in self.grid])
            dot.set_data([weight], [loss])
        at = ", ".join(f"{name} {number_text(slopes[pixel], 3)}" for name, pixel in zip("AB", pixels, strict=True))
        self.sentence = f"Loss {number_text(loss, 3)}; gradient of dial {at}."
        return self


def loop(ax) -> None:
    """The training loop: its four stages, what each leaves behind, and what is counted: iterations and epochs."""
    ax.set(xlim=(-0.75, 4.2), ylim=(-1.1, 1.35))
    ax.set_axis_off()
    middle = {"ha": "center", "va": "center", "zorder": 4}
    for i, (stage, left_behind) in enumerate(STAGES.items()):
        x = 1.15 * i
        box = FancyBboxPatch((x - 0.38, -0.2), 0.76, 0.4, boxstyle="round,pad=0.05", fc="white", ec=style.BLUE, lw=2)
        ax.add_patch(box)
        ax.text(x, 0, stage, fontsize=12, weight="bold", **middle)
        ax.text(x, -0.36, left_behind, fontsize=10, ha="center", va="top")
        if i:
            _arrow(ax, (x - 0.72, 0), (x - 0.43, 0))
    ax.plot([3.45, 3.45, 0], [0.25, 0.5, 0.5], color=style.BLACK, ls="-", lw=1.5)
    _arrow(ax, (0, 0.5), (0, 0.25))
    ax.text(1.72, 0.66, "next batch: one time round is one iteration", fontsize=11, **middle)
    frame = {"boxstyle": "round,pad=0.05", "fc": "none", "ec": style.GREY, "ls": "--"}
    ax.add_patch(FancyBboxPatch((-0.62, -0.95), 4.69, 1.85, **frame))
    ax.text(1.72, 1.15, "through all batches, so through every example: one epoch", fontsize=11, **middle)


def _arrow(ax, start, end):
    way = {"arrowstyle": "-|>", "mutation_scale": 14, "color": style.BLACK, "lw": 1.5}
    ax.add_patch(FancyArrowPatch(start, end, shrinkA=0, shrinkB=0, **way))
