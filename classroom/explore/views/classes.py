"""Classes in a plane of two inputs: the points of each, and which class a classifier sees where."""

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from classroom.explore import style
from classroom.explore.views.legends import above

PALE = np.array([to_rgb(color) for color in ("#A9D0E8", "#F6CDAF", "#A8DCC9", "#E6C9DA", "#F5DDA6", "#CDE6F5")])
SURE = 0.9  # beyond the dashed lines a class is at least so probable


def scatter(ax, x, y, names, size: float = 26) -> list:
    """Points (n, 2) by class, each class `y == i` with its colour and marker and `names[i]` in the legend.

    Returns one collection for each class; `collection.set_offsets(points)` moves them.
    """
    look = {"s": size, "edgecolors": "white", "linewidths": 0.6, "zorder": 3}
    kinds = zip(names, style.COLORS, style.MARKERS, strict=False)
    found = [ax.scatter(*x[y == i].T, label=n, c=c, marker=m, **look) for i, (n, c, m) in enumerate(kinds)]
    ax.legend(loc="best", handlelength=1)
    return found


class boundary:
    """Which class a classifier sees where: a pale field, the decision boundary, and the zone where it is unsure.

        field = views.boundary(ax, predict, x, y, ["Adelie", "Gentoo"])        field.set(predict).sentence

    `predict(points)` takes points (n, 2) and gives the probability (n,) of the second class, or those of all k classes
    (n, k). The field has the colour of the most probable class, the paler the less sure; the boundary is where two
    classes are equally probable, and between the dashed lines no class reaches 90 %. With points `x` (n, 2) and their
    labels `y` (n,) those on a wrong side are ringed and counted. The field covers the axes' limits, which are set
    around the points if nobody did so, with `fineness`² places. The legend stands above, where a title would be.
    """

    def __init__(self, ax, predict, x=None, y=None, names=("first class", "second class"), fineness: int = 80):
        self.names, self.x, self.y = list(names), x, y
        if x is not None:
            _frame(ax, x)
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        self.across, self.up = np.linspace(left, right, fineness), np.linspace(low, high, fineness)
        self._places = np.stack(np.meshgrid(self.across, self.up), axis=-1).reshape(-1, 2)
        half_x, half_y = (right - left) / (fineness - 1) / 2, (high - low) / (fineness - 1) / 2
        extent = (left - half_x, right + half_x, low - half_y, high + half_y)  # a pixel's centre is its place
        self.field = ax.imshow(np.zeros((fineness, fineness)), extent=extent, origin="lower", aspect="auto", vmin=0,
                               vmax=1, cmap=style.TWO_CLASSES, interpolation="bilinear", zorder=0.6)  # fmt: skip
        self.unsure = _lines(
            ax, f"{100 * SURE:.0f} % sure", colors=style.GREY, linewidths=1.1, linestyles=[(0, (4, 3))]
        )
        self.line = _lines(ax, "boundary", colors=style.BLACK, linewidths=2)
        self.points = [] if x is None else scatter(ax, x, y, self.names)
        ring = {"markersize": 11, "markerfacecolor": "none", "markeredgewidth": 1.3, "zorder": 4}
        self.ring = ax.plot([], [], "o", color=style.BLACK, linestyle="none", label="wrong side", **ring)[0]
        ax.set(xlim=(left, right), ylim=(low, high))
        above(ax, [*self.points, *([self.ring] if self.points else []), self.line, self.unsure])
        self.set(predict)

    def set(self, predict):
        """Show another classifier, or the same one after a step of training."""
        chances = self._chances(predict, self._places)
        best, surest = chances.argmax(axis=1), chances.max(axis=1)
        k = chances.shape[1]
        if k > len(self.names) or k > len(PALE):
            raise ValueError(f"predict gave {k} classes, but names has {len(self.names)}: {', '.join(self.names)}.")
        self.field.set_data(self._colours(chances, best, surest).reshape(len(self.up), len(self.across), -1).squeeze())
        self.line.set_segments([line for margin in _margins(chances) for line in self._contour(margin, 0)])
        self.unsure.set_segments(self._contour(surest, SURE))
        self.sentence = self._count(predict) if self.points else self._shares(best)
        return self

    def _colours(self, chances, best, surest):
        """For each place a number on the scale from one class to the other; for more classes a colour, 3 numbers."""
        k = chances.shape[1]
        if k == 2:  # half as expensive to draw as a colour
            return chances[:, 1]
        certainty = (surest[:, None] - 1 / k) / (1 - 1 / k)  # 0 where all are equally probable, 1 where one is certain
        return (1 + certainty * (PALE[best] - 1)).clip(0, 1)

    def _count(self, predict) -> str:
        wrong = self._chances(predict, self.x).argmax(axis=1) != self.y
        self.ring.set_data(*self.x[wrong].T)
        n, among = int(wrong.sum()), len(wrong)
        if n == 0:
            return f"All {among} points lie on the side of their class."
        return f"{n} of {among} points ({100 * n / among:.0f} %) {'lies' if n == 1 else 'lie'} on a wrong side."

    def _shares(self, best) -> str:
        shares = [f"{100 * np.mean(best == i):.0f} % is seen as {name}" for i, name in enumerate(self.names)]
        return f"Of the plane, {', '.join(shares)}."

    def _chances(self, predict, points):
        """Probabilities (n, k) of all classes."""
        given = np.asarray(predict(points), dtype=float)
        if given.ndim == 2 and given.shape[1] == 1:
            given = given[:, 0]
        if given.shape[:1] != (len(points),) or given.ndim > 2:
            raise ValueError(
                f"predict gave the shape {given.shape} for {len(points)} points; it must give one probability "
                f"for each, ({len(points)},), or one for each class, ({len(points)}, k)."
            )
        return np.stack([1 - given, given], axis=1) if given.ndim == 1 else given

    def _contour(self, heights, level):
        return contour_generator(self.across, self.up, heights.reshape(len(self.up), len(self.across))).lines(level)


def _margins(chances):
    """For each class but one: by how much it leads the best of the others; 0 on its boundary."""
    k = chances.shape[1]
    for i in range(1, k):
        yield chances[:, i] - np.delete(chances, i, axis=1).max(axis=1)
    if k > 2:
        yield chances[:, 0] - chances[:, 1:].max(axis=1)


def _lines(ax, label, **look):
    return ax.add_collection(LineCollection([], label=label, zorder=2.5, **look), autolim=False)


def _frame(ax, x):
    """Limits around the points, a tenth wider, unless the axes have limits already."""
    if ax.get_autoscale_on():
        low, high = np.min(x, axis=0), np.max(x, axis=0)
        margin = 0.1 * (high - low)
        (left, bottom), (right, top) = low - margin, high + margin
        ax.set(xlim=(left, right), ylim=(bottom, top))
