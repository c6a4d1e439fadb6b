"""Lesson 2.5: many noisy descents on one surface with what they read, and where runs went that began at the minimum."""

import numpy as np

from classroom.explore import style
from classroom.explore.views.descent import surface
from classroom.explore.views.legends import above


class wandering:
    """Noisy descents over two weights: the path of one run, the ends of all; beside it their mean loss as they read.

        view = views.wandering(left, right, loss, lowest, aim=(200, 0.01))        view.set(paths, size)

    `loss(w)` takes weights (n, 2) and gives their losses (n,); `lowest` is its smallest value. `paths` is
    (runs, updates + 1, 2), `size` how many examples an update reads. The shaded corner of the right panel is `aim`: at
    most so many examples read, at most so much above the lowest loss. Set the limits of `left` first.
    """

    FLOOR = 2e-4  # what lies below is drawn at the lower edge

    def __init__(self, left, right, loss, lowest: float, aim, most_read: float = 30_000):
        self.loss, self.lowest = loss, lowest
        self.hills = surface(left, loss, names=("$w$", "$b$"))
        left.set(ylabel="bias $b$")
        look = {"markeredgecolor": style.BLACK, "markeredgewidth": 0.7, "linestyle": "none", "zorder": 3.5}
        self.ends = left.plot([], [], "o", color=style.SKY, markersize=5, **look)[0]
        above(left, [self.hills.path, self.ends, self.hills.end], ["one run", "ends of all", "its end"])
        right.set(xscale="log", yscale="log", xlim=(0.8, most_read), ylim=(self.FLOOR, 10))
        right.set(xlabel="penguins read in one run", ylabel="loss above the lowest")
        right.fill_between([0.8, aim[0]], self.FLOOR, aim[1], color=style.GREEN, alpha=0.18, linewidth=0, zorder=0.5)
        self.curve = right.plot([], [], "o-", color=style.BLUE, markersize=4, zorder=3)[0]
        above(right, [self.curve], ["mean of the runs, a dot for each update"])

    def set(self, paths, size: int):
        paths = np.asarray(paths, dtype=float)
        if paths.ndim != 3 or paths.shape[2] != 2:
            raise ValueError(f"The paths have the shape {paths.shape}; they must be (runs, updates + 1, 2).")
        self.hills.set(paths[0])
        self.ends.set_data(*paths[:, -1].T)
        with np.errstate(all="ignore"):
            heights = np.asarray(self.loss(paths.reshape(-1, 2))).reshape(paths.shape[:2]).mean(axis=0) - self.lowest
        read = size * np.arange(1, paths.shape[1])
        self.curve.set_data(read, np.clip(np.nan_to_num(heights[1:], nan=1e9, posinf=1e9), self.FLOOR, 1e9))
        self.read, self.above = int(read[-1]), float(heights[-1])
        return self


def from_the_minimum(heights, close: float = 1e-4) -> str:
    """Where runs went that began at the minimum, in the words of the prediction "2.5 at the minimum".

    heights: the loss above the lowest after each update, shape (updates + 1,), the mean of several runs.
    """
    heights = np.asarray(heights, dtype=float)
    quarter = len(heights) // 4
    if quarter < 1 or abs(heights[0]) > 1e-9:
        raise ValueError("give at least four losses above the lowest; the first, at the minimum, must be 0.")
    if np.max(heights) < close:
        return "It stays where it is."
    if not np.all(np.isfinite(heights)) or heights[-quarter:].mean() > 3 * heights[quarter : 2 * quarter].mean():
        return "It rises, on and on."
    if heights[-quarter:].max() < close:
        return "It rises, then comes back to the lowest."
    return "It rises, then hovers above the lowest."
