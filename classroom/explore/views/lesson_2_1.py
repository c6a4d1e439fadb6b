"""Lesson 2.1: a plane that layers move and fold, the creases and facets of a hidden layer."""

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection

from classroom.explore import style
from classroom.explore.views.classes import scatter


def sheet(ax, layers, x, y, names, title="") -> None:
    """A square grid and the points `x` (n, 2), as they lie after `layers`, which takes and gives points (n, 2)."""
    lines = [layers(line) for line in _grid(-2.0, 3.0, 0.5)]
    ax.add_collection(LineCollection(lines, colors=style.GREY, linewidths=0.8, zorder=1))
    scatter(ax, layers(x), y, names, size=14)
    ax.get_legend().remove()
    corners = np.concatenate(lines)
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle, half = (low + high) / 2, 0.53 * (high - low).max()
    ax.set(xlim=middle[0] + half * np.array([-1, 1]), ylim=middle[1] + half * np.array([-1, 1]), aspect="equal")
    ax.set(title=title, xlabel="first number", ylabel="second number")


def cut_by(ax, V, c, span=3.0) -> None:
    """The creases `x @ V.T + c = 0` of some units in a square of the plane, each with its number."""
    ax.set(xlim=(-span, span), ylim=(-span, span), aspect="equal", xlabel="x1", ylabel="x2")
    for i, (w, b) in enumerate(zip(np.asarray(V, float), c, strict=True), start=1):
        foot, along = _crease(w, b)
        ax.plot(*np.transpose([foot - 9 * along, foot + 9 * along]), color=style.BLACK, ls="-", lw=1.6)
        side = foot + (0.8 * span) * along * (1 if along[1] >= 0 else -1)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        ax.text(*side, str(i), ha="center", va="center", fontsize=11, bbox=box, clip_on=True)


class facets:
    """A network with one hidden layer of ReLUs on its plane of two inputs: creases, and the facet around a point.

    Weights `V` (units, 2), `c` (units,) of the hidden layer, `w` (units,), `b` of the output. `set(point)` shades the
    facet that holds the point and dashes the line on which the affine map of this facet is 0. Then `on` (units,) says
    which units pass their sum on, and `slopes` (2,) and `constant` are the affine map. The black line is where the
    output is 0. Points `x` (n, 2) with labels `y` stand behind.
    """

    def __init__(self, ax, V, c, w, b, x, y, names):
        self.V, self.c, self.w, self.b = (np.asarray(part, float) for part in (V, c, w, b))
        low, high = x.min(axis=0) - 0.3, x.max(axis=0) + 0.3
        self.window = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal", xlabel="x1", ylabel="x2")
        self.facet = ax.fill([0] * 3, [0] * 3, color=style.YELLOW, alpha=0.45, lw=0, zorder=0.8)[0]
        scatter(ax, x, y, names, size=15)
        for w, b in zip(self.V, self.c, strict=True):
            foot, along = _crease(w, b)
            line = ax.plot(*np.transpose([foot - 9 * along, foot + 9 * along]), color=style.GREY, ls="-", lw=1)[0]
        across, up = np.linspace(low[0], high[0], 241), np.linspace(low[1], high[1], 241)
        heights = self.output(np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)).reshape(241, 241)
        for piece in contour_generator(across, up, heights).lines(0):
            border = ax.plot(*piece.T, color=style.BLACK, ls="-", lw=2.4, zorder=3.5)[0]
        self.own = ax.plot([], [], color=style.VERMILLION, ls="--", lw=2, zorder=3.6)[0]
        marks = {"crease": line, "network's boundary": border, "this formula's own line": self.own}
        above = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": 3, "frameon": False, "borderaxespad": 0.2}
        ax.legend(marks.values(), marks.keys(), handlelength=1.6, columnspacing=1, **above)

    def output(self, x):
        return np.maximum(x @ self.V.T + self.c, 0) @ self.w + self.b

    def set(self, point):
        self.on = self.V @ np.asarray(point) + self.c > 0
        self.slopes = (self.w * self.on) @ self.V
        self.constant = float((self.w * self.on) @ self.c + self.b)
        corners = self.window
        for w, b, on in zip(self.V, self.c, self.on, strict=True):
            corners = _cut_off(corners, w if on else -w, b if on else -b)
        self.facet.set_xy(corners)
        if np.linalg.norm(self.slopes) > 1e-9:
            foot, along = _crease(self.slopes, self.constant)
            self.own.set_data(*np.transpose([foot - 30 * along, foot + 30 * along]))
        else:
            self.own.set_data([], [])
        return self

    def formula(self) -> str:
        """The affine map of the facet, as a formula."""
        parts = [f"{self.slopes[0]:.1f}·x1", f"{self.slopes[1]:+.1f}·x2", f"{self.constant:+.1f}"]
        first, *others = (part.replace("-", "−") for part in parts)
        return " ".join(["output =", first, *(f"{part[0]} {part[1:]}" for part in others)])


class folded:
    """Two hidden units in three linked panels: the inputs with the units' creases, the hidden plane, the cut back.

    `set(V, c, cut, bend)` takes the units' weights (2, 2) and biases (2,): the second panel puts each point where the
    units send it, with ReLU if `bend`; there the straight line a1 + a2 = `cut` says yes beyond it. The third panel
    carries that line back to the inputs and rings the points `x` (n, 2) on a wrong side; `wrong` counts them.
    """

    FINE, SPAN, HIDDEN = 90, 2.0, 2.2

    def __init__(self, panels, x, y, names):
        self.x, self.y = x, y
        (first, second, third), span = panels, (-self.SPAN, self.SPAN)
        for ax, title in ((first, "input plane"), (second, "hidden plane"), (third, "the cut, carried back")):
            ax.set(aspect="equal", xticks=(-2, -1, 0, 1, 2), yticks=(-2, -1, 0, 1, 2))
            ax.set_title(title)
        first.set(xlim=span, ylim=span, xlabel="x1", ylabel="x2")
        third.set(xlim=span, ylim=span, xlabel="x1", ylabel="x2")
        second.set(xlim=(-self.HIDDEN, self.HIDDEN), ylim=(-self.HIDDEN, self.HIDDEN))
        second.set(xlabel="a1, from unit 1", ylabel="a2, from unit 2")
        self.grid = _grid(-self.SPAN, self.SPAN, 0.5, dots=41)
        self.paper = second.add_collection(LineCollection(self.grid, colors=style.GREY, linewidths=0.7, zorder=1))
        self.sent = scatter(second, x, y, names, size=20)
        self.cut = second.plot([], [], color=style.BLACK, ls="-", lw=2.4, zorder=4)[0]
        self.creases, self.arrows, self.numbers = [], [], []
        for i, dashes in ((1, "-"), (2, "--")):
            self.creases.append(first.plot([], [], color=style.BLACK, ls=dashes, lw=1.8)[0])
            self.arrows.append(
                first.quiver(0, 0, 1, 0, angles="xy", scale_units="xy", scale=1, width=0.016, zorder=4.5)
            )
            self.numbers.append(first.text(0, 0, str(i), ha="center", va="center", fontsize=12, weight="bold"))
            self.numbers[-1].set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8})
        places = np.linspace(-self.SPAN, self.SPAN, self.FINE)
        self.places, self.line = np.stack(np.meshgrid(places, places), axis=-1).reshape(-1, 2), places
        half = self.SPAN / (self.FINE - 1)
        extent = np.array([-1, 1, -1, 1]) * (self.SPAN + half)
        self.field = third.imshow(np.zeros((self.FINE, self.FINE)), extent=extent, origin="lower", vmin=0, vmax=1,
                                  cmap=style.TWO_CLASSES)  # fmt: skip
        self.back = third.add_collection(LineCollection([], colors=style.BLACK, linewidths=2.4, zorder=2.5))
        for ax in (first, third):
            scatter(ax, x, y, names, size=20)
        for ax in (second, third):
            ax.get_legend().remove()
        first.get_legend().remove()
        ring = {"mfc": "none", "ms": 10, "mew": 1.3, "ls": "none", "zorder": 4}
        self.ring = third.plot([], [], "o", color=style.BLACK, **ring)[0]
        marks, labels = first.get_legend_handles_labels()
        first.figure.legend(marks, labels, loc="outside lower center", ncols=2, frameon=False)

    def set(self, V, c, cut, bend=True):
        V, c = np.asarray(V, float), np.asarray(c, float)

        def hidden(x):
            z = x @ V.T + c
            return np.maximum(z, 0) if bend else z

        for w, b, crease, arrow, number in zip(V, c, self.creases, self.arrows, self.numbers, strict=True):
            foot, along = _crease(w, b)
            crease.set_data(*np.transpose([foot - 9 * along, foot + 9 * along]))
            across = w / np.linalg.norm(w)
            arrow.set_offsets([foot])
            arrow.set_UVC(*(0.75 * across))
            number.set_position(foot + 1.05 * across)
        self.paper.set_segments([hidden(line) for line in self.grid])
        sent = hidden(self.x)
        for i, points in enumerate(self.sent):
            points.set_offsets(sent[self.y == i])
        self.cut.set_data([cut - 9, cut + 9], [9, -9])
        heights = (hidden(self.places).sum(axis=1) - cut).reshape(self.FINE, self.FINE)
        self.field.set_data(heights > 0)
        self.back.set_segments(contour_generator(self.line, self.line, heights).lines(0))
        wrong = (sent.sum(axis=1) > cut) != (self.y == 1)
        self.ring.set_data(*self.x[wrong].T)
        self.wrong = int(wrong.sum())
        return self


def _crease(w, b):
    """Where `w @ x + b = 0`: its place nearest to the origin, and its direction, of length 1."""
    square = w @ w
    return -w * b / square, np.array([-w[1], w[0]]) / np.sqrt(square)


def _grid(low, high, step, dots=2):
    """The lines of a square grid, each as places (dots, 2)."""
    ticks, way = np.arange(low, high + step / 2, step), np.linspace(low, high, dots)
    upright = [np.column_stack([np.full(dots, tick), way]) for tick in ticks]
    return upright + [line[:, ::-1] for line in upright]


def _cut_off(corners, w, b):
    """The part of a convex polygon `corners` (n, 2) on which `w @ x + b` is 0 or more."""
    heights, kept = corners @ w + b, []
    for i, height in enumerate(heights):
        before = heights[i - 1]
        if before * height < 0:
            kept.append(corners[i - 1] + (corners[i] - corners[i - 1]) * before / (before - height))
        if height >= 0:
            kept.append(corners[i])
    return np.array(kept)
