"""Lesson 2.3: two lines through the same points, one for each loss, and the two points that pull them away."""

import numpy as np

from classroom.explore import style
from classroom.explore.views.legends import above


class two_lines:
    """Points `x`, `y` with the line of the squared and that of the absolute error, and how far two points pull.

    `typo` is a mistyped point that stays; `old` (slope, height) the squared error's line without it, dotted.
    `set(squared, absolute, yours)` moves both lines, and the threads from the typo and from your point (which the
    explorer draws) to the squared error's line: the longer a thread, the harder it pulls there.
    """

    RANGE = np.array([170.0, 230.0])  # of flippers, in mm
    HEIGHTS = (0, 9)  # of masses, in kg

    def __init__(self, ax, x, y, typo, old):
        ax.set(xlim=self.RANGE, ylim=self.HEIGHTS, xlabel="flipper length (mm)", ylabel="body mass (kg)")
        self.typo = typo
        ax.plot(x, y, "o", color=style.GREY, linestyle="none", markersize=6)
        (cross,) = ax.plot(*typo, "X", color=style.BLACK, linestyle="none", markersize=10, label="mistyped", zorder=4)
        thin = {"color": style.BLUE, "linewidth": 1.1, "linestyle": "-", "alpha": 0.8, "zorder": 2.2}
        self.threads = [ax.plot([], [], **thin)[0] for _ in range(2)]
        lines = [
            ax.plot(self.RANGE, np.polyval(old, self.RANGE), color=color, linestyle=dash, label=name, zorder=z)[0]
            for color, dash, name, z in (
                (style.BLACK, ":", "squared, without both", 3.2),
                (style.BLUE, "-", "squared error", 3),
                (style.VERMILLION, style.DASHES[1], "absolute error", 3),
            )
        ]
        self._lines = lines[1:]
        above(ax, [lines[1], lines[2], lines[0], cross])

    def set(self, squared, absolute, yours):
        self.squared, self.absolute = np.asarray(squared), np.asarray(absolute)
        for drawn, line in zip(self._lines, (self.squared, self.absolute), strict=True):
            drawn.set_ydata(np.polyval(line, self.RANGE))
        for thread, (x, y) in zip(self.threads, (self.typo, yours), strict=True):
            thread.set_data([x, x], [np.polyval(self.squared, x), y])
        return self
