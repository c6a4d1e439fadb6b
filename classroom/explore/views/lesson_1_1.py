"""Lesson 1.1: one neuron's decision line among the penguins, and what happens to it, in words."""

from itertools import combinations

import numpy as np

from classroom.explore import style
from classroom.explore.views.classes import scatter
from classroom.explore.views.neurons import neuron


class decision_line:
    """One neuron in the plane of its two inputs: its line, the stripe where it is unsure, its arrow; lesson 1.1.

    `set(w, b)` moves all of them. Points `x` (n, 2) with labels `y` 0 and 1 are ringed where the neuron is mistaken.
    A cross marks the place where both inputs are 0; the dotted way from it to the line is the offset.
    `curve`, another axes, shows the activation over the distance from the line, and each class by its distances.
    Without `arrow` the side of the second class is named instead. The stripe lies behind the points.
    """

    ALONG = 60  # half the length of the line: longer than any plane shown
    ARROW = 3.0  # its length says nothing
    PLANE = np.array([[-13, 17], [-5.5, 6.8]])

    def __init__(self, ax, x=None, y=None, names=("Adelie", "Gentoo"), curve=None, arrow=True, rings=True):
        self.x, self.y, self.rings, self.curve = x, y, rings and x is not None, None
        ax.set(xlim=self.PLANE[0], ylim=self.PLANE[1], aspect="equal")
        ax.set(xlabel="bill length above average (mm)", ylabel="depth above\naverage (mm)")
        self.stripe = ax.fill([0] * 4, [0] * 4, color=style.GREY, alpha=0.2, lw=0, zorder=2)[0]
        self.edges = [ax.plot([], [], color=style.GREY, ls="--", lw=1, zorder=2)[0] for _ in range(2)]
        self.line = ax.plot([], [], color=style.BLACK, ls="-", lw=2.2, zorder=4)[0]
        if x is not None:
            scatter(ax, x, y, names)
            above = {"loc": "lower right", "bbox_to_anchor": (1, 1), "ncols": 2, "frameon": False}
            ax.legend(**above, handlelength=0.8, handletextpad=0.4, columnspacing=1, borderaxespad=0.1)
        ax.plot(0, 0, "+", color=style.BLACK, ms=12, mew=2, zorder=4)
        self.way = ax.plot([], [], color=style.BLACK, ls=":", lw=2, zorder=4)[0]
        self.ring = ax.plot([], [], "o", color=style.BLACK, mfc="none", ms=10, mew=1.3, ls="none", zorder=4)[0]
        self.arrow = ax.quiver(
            0, 0, 1, 0, angles="xy", scale_units="xy", scale=1, width=0.006, color=style.BLACK, zorder=4.5
        )
        self.arrow.set_visible(arrow)
        self.way.set_visible(arrow)
        if arrow:  # above the panel, where neither a line nor a bird can be
            self.side = ax.annotate(
                f"arrow: to {names[1]}", (0, 1), (2, 3), "axes fraction", "offset points", va="bottom", fontsize=10
            )
        else:
            self.side = ax.text(0, 0, f"says {names[1]}", ha="center", va="center", fontsize=10, clip_on=True, zorder=5)
        if curve is not None:
            self.curve = _distances(curve, x, y, names)

    def set(self, w, b):
        w = np.asarray(w, dtype=float)
        steepness = np.linalg.norm(w)
        across = w / steepness  # the way the arrow points
        foot = -across * b / steepness  # of all places on the line the nearest to the cross
        self.way.set_data(*np.transpose([[0, 0], foot]))
        along = np.array([-across[1], across[0]])
        base = self._seen(foot - self.ARROW * along, along)  # beside the way from the cross, not on it
        along = along * self.ALONG
        half = np.log(9) / steepness * across  # there the activation is 0.9
        for artist, shift in zip((self.line, *self.edges), (0 * half, -half, half), strict=True):
            artist.set_data(*np.transpose([foot + shift - along, foot + shift + along]))
        self.stripe.set_xy([foot - half - along, foot - half + along, foot + half + along, foot + half - along])
        self.arrow.set_offsets([base])
        self.arrow.set_UVC(*(self.ARROW * across))
        if not self.arrow.get_visible():
            self.side.set_position(foot + 4.5 * across)
        if self.rings:
            self.ring.set_data(*self.x[(self.x @ w + b > 0) != (self.y == 1)].T)
        if self.curve:
            self.curve.set(w, b)
        return self

    def _seen(self, place, along):
        """The place on the line nearest to this one that lies in the plane shown; this one if there is none."""
        ends = np.sort((self.PLANE - place[:, None]) / (along + 1e-12)[:, None], axis=1)  # in mm along the line
        first, last = ends[:, 0].max(), ends[:, 1].min()
        return place + along * np.clip(0, first, last) if first < last else place


class _distances:
    """The lower panel of `decision_line`: activation over distance, and a row of points for each class."""

    def __init__(self, ax, x, y, names):
        self.x, self.y, self.across = x, y, np.linspace(-16, 16, 641)
        ax.set(xlim=(-16, 16), ylim=(-0.35, 1.35), yticks=(0, 0.5, 1), ylabel="activation")
        ax.set(xlabel="distance from the decision line, along the arrow (mm)")
        self.stripe = ax.fill([0] * 4, [0] * 4, color=style.GREY, alpha=0.2, lw=0, zorder=2)[0]
        ax.axvline(0, color=style.BLACK, ls="-", lw=1.2)
        self.line = ax.plot(self.across, 0 * self.across, color=style.BLACK, ls="-", zorder=4)[0]
        self.heights = np.array([-0.2, 1.2])[y] + np.random.default_rng(0).uniform(-0.08, 0.08, len(y))
        self.rows = [
            ax.plot([], [], style.MARKERS[i], color=style.COLORS[i], ls="none", ms=4, zorder=4)[0] for i in range(2)
        ]
        for name, x, height, side in ((names[0], 15.8, -0.2, "right"), (names[1], -15.8, 1.2, "left")):
            ax.text(x, height, name, ha=side, va="center", fontsize=10)

    def set(self, w, b):
        steepness = np.linalg.norm(w)
        half = np.log(9) / steepness
        self.line.set_ydata(1 / (1 + np.exp(-steepness * self.across)))
        self.stripe.set_xy([(-half, -1), (-half, 2), (half, 2), (half, -1)])
        distance = (self.x @ w + b) / steepness
        for i, row in enumerate(self.rows):
            row.set_data(distance[self.y == i], self.heights[self.y == i])


def error_map(ax, angles, offsets, table, marks) -> None:
    """Errors (offsets, angles) of all decision lines on a grid; `marks` {name: (w, b)} are neurons to show on it."""
    extent = (angles[0], angles[-1], offsets[0], offsets[-1])
    image = ax.imshow(table, extent=extent, origin="lower", aspect="auto", cmap="cividis", norm="log")
    ax.figure.colorbar(image, ax=ax, label="errors (logarithmic scale)", ticks=(3, 10, 30, 100), format="%d")
    ax.set(xlabel="angle of the arrow (degrees)", ylabel="offset of the line (mm)", xticks=range(-180, 181, 60))
    for (name, (w, b)), marker, place in zip(marks.items(), "osD", ((24, 30), (-120, 34), (30, -40)), strict=False):
        spot = np.degrees(np.arctan2(w[1], w[0])), -b / np.linalg.norm(w)
        ax.plot(*spot, marker, color="white", mec=style.BLACK, ms=8, ls="none")
        ax.annotate(name, spot, place, textcoords="offset points", fontsize=10,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
                    arrowprops={"arrowstyle": "-", "color": "white"})  # fmt: skip


def surrounded(ax, points, others, near: int = 25) -> list[float]:
    """Draw around each of `points` the nearest triangle of three `others` that it lies well inside, if there is one.

    Nearest is the triangle whose farthest corner is nearest, of the `near` nearest others. Returns these distances.
    """
    found = []
    for point in points:
        away = np.linalg.norm(others - point, axis=1)
        order = np.argsort(away)[:near]
        triangles = sorted(combinations(range(len(order)), 3), key=lambda corners: corners[2])
        inside = (order[list(t)] for t in triangles if _is_inside(point, others[order[list(t)]]))
        corners = next(inside, None)
        if corners is not None:
            ax.fill(
                *others[corners].T, facecolor=style.GREY, edgecolor=style.BLACK, alpha=0.35, ls="-", lw=1.2, zorder=2
            )
            ax.plot(*point, "o", color=style.BLACK, mfc="none", ms=12, mew=1.4, zorder=4)
            found.append(float(away[corners].max()))
    return found


def _is_inside(point, triangle) -> bool:
    """Is `point` (2,) a mixture of the three corners (3, 2), with shares that are all above 5 %?"""
    (a, b), (c, d) = edges = triangle[1:] - triangle[0]
    if np.isclose(a * d - b * c, 0):
        return False
    shares = np.linalg.solve(edges.T, point - triangle[0])
    return bool(shares.min() > 0.05 and shares.sum() < 0.95)


def movement(before: float, after: float) -> str:
    """How a decision line moved, from its places on the way along the arrow, in the words of lesson 1.1."""
    if np.isclose(before, after):
        return "It stays where it is."
    return f"It moves {'along' if after > before else 'against'} the arrow."


def effect(before, after) -> str:
    """What became of a neuron's activations (n,), in the words of lesson 1.1: sides first, then how sure it is."""
    if np.any((before > 0.5) != (after > 0.5)):
        return "Some penguins change sides."
    surer = np.abs(after - 0.5).sum() > np.abs(before - 0.5).sum()
    return f"No penguin changes sides, and {'more outputs come near 0 or 1' if surer else 'no output gets surer'}."


def trend(**pairs) -> str:
    """A sentence from pairs (before, after): `trend(loss=(2, 1), errors=(3, 3))` is "loss down, errors as before"."""
    words = {-1: "down", 0: "as before", 1: "up"}
    return ", ".join(f"{name} {words[int(np.sign(after - before))]}" for name, (before, after) in pairs.items())


def neuron_with_letters(ax) -> neuron:
    """The neuron of exercise 1.1, its parts marked by letters in place of their names."""
    drawing = neuron(ax, ["", ""])
    for part in (*drawing.inputs, *drawing.weights):
        part.set_text("")
    parts = (drawing.bias, drawing.a, drawing.inputs[0], drawing.z, drawing.weights[1])
    for letter, part in zip("ABCDE", parts, strict=True):
        part.set(text=letter, weight="bold", fontsize=14)
    return drawing


def two_neurons(panels) -> None:
    """The two neurons of exercise 1.1 that share one decision line; their arrows are not drawn."""
    here, there = np.array([-8.0, -3.1]), np.array([6.0, 7.4])  # two places on the line
    square = np.array([here[1] - there[1], there[0] - here[0]]) / np.linalg.norm(there - here)
    for ax, steepness, title in zip(panels, (1.8, 0.6), ("first neuron", "second neuron"), strict=True):
        drawn = decision_line(ax, arrow=False).set(steepness * square, -steepness * square @ here)
        drawn.side.set_ha("right")  # clear of the wide stripe
        ax.set_title(title)
