"""Drawings that several lessons share. Each returns what moves, so that an explorer's `update` can set it.

    views.show(fig, "what to see")                      a still figure with its sentence
    points = views.scatter(ax, x, y, ["Adelie", "Gentoo"])
    field = views.boundary(ax, predict)                 field.set(predict): which class is seen where
    plot = views.curves(ax, ["training", "validation"]) plot.set(training=losses): curves that grow
    sheet = views.images(ax, stack)                     sheet.set(stack, labels): a grid of pictures in one artist
    cell = views.neuron(ax, ["length", "depth"])        cell.set(weights, bias, inputs): a neuron with its numbers

Lessons append drawings of their own at the end.
"""

import base64
import html
from itertools import combinations

import numpy as np
from contourpy import contour_generator
from IPython.display import display
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator

from classroom.explore import style
from classroom.explore.style import subplots

__all__ = ["boundary", "curves", "images", "level", "neuron", "runs", "scatter", "show", "subplots"]


def show(fig, caption: str) -> None:
    """Show a figure and, below it, the sentence that says what to see.

    The sentence is the picture's alt text, too; but JupyterLab 4 drops alt texts, so it must stand there as text.
    """
    if not isinstance(caption, str) or not caption.strip():
        raise TypeError(f"The caption is {caption!r}; it must be one sentence that says what is to be seen.")
    width, height = style.pixels(fig)
    picture = {"image/png": base64.b64encode(style.png(fig)).decode(), "text/plain": "Figure"}
    display(picture, raw=True, metadata={"image/png": {"alt": caption, "width": width, "height": height}})
    below = f'<p style="max-width: 48em; margin: 0 0 1em; font-style: italic">{html.escape(caption)}</p>'
    display({"text/html": below, "text/plain": caption}, raw=True)


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
    """Which of two classes a classifier sees where: a pale field and the line at one half.

    `predict(points)` takes points (n, 2) and gives the probability (n,) of the second class: 0 is blue, 1 vermillion.
    Set the axes' limits first: the field covers them with `fineness`² points.
    """

    def __init__(self, ax, predict, fineness: int = 80):
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        self.across, self.up = np.linspace(left, right, fineness), np.linspace(low, high, fineness)
        self._points = np.stack(np.meshgrid(self.across, self.up), axis=-1).reshape(-1, 2)
        half_x, half_y = (right - left) / (fineness - 1) / 2, (high - low) / (fineness - 1) / 2
        extent = (left - half_x, right + half_x, low - half_y, high + half_y)  # a pixel's centre is its point
        blank = np.full((fineness, fineness), 0.5)
        self.field = ax.imshow(blank, extent=extent, origin="lower", aspect="auto", vmin=0, vmax=1,
                               cmap=style.TWO_CLASSES, interpolation="bilinear", zorder=0.6)  # fmt: skip
        self.line = ax.add_collection(LineCollection([], colors=style.BLACK, linewidths=1.8, zorder=2.5), autolim=False)
        ax.set(xlim=(left, right), ylim=(low, high))
        self.set(predict)

    def set(self, predict):
        chance = np.asarray(predict(self._points), dtype=float).reshape(len(self.up), len(self.across))
        self.field.set_data(chance)
        self.line.set_segments(contour_generator(self.across, self.up, chance).lines(0.5))
        return self


class curves:
    """Curves of something by step, one for each name, that `set` gives new values.

    Names with spaces are set through a dict: `plot.set({"training loss": losses})`. The axes grow in leaps when the
    curves leave them, since each change of limits costs a full draw; give `length` (steps) and `range` (low, high) if
    you know them.
    """

    def __init__(self, ax, names, length=10, range=(0, 1), xlabel="epoch", ylabel="loss", log=False):
        self.ax, self.log = ax, log
        self.lines = {name: ax.plot([], [], label=name)[0] for name in names}
        ax.set(xlim=(0, length), ylim=range, xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(True)
        if len(names) > 1:
            ax.legend(loc="best")

    def set(self, values=None, /, **more):
        for name, curve in {**(values or {}), **more}.items():
            curve = np.asarray(curve, dtype=float)
            self.lines[name].set_data(np.arange(len(curve)), curve)
            self._make_room(len(curve) - 1, curve[np.isfinite(curve)])
        return self

    def _make_room(self, last, finite):
        right, (low, high) = self.ax.get_xlim()[1], self.ax.get_ylim()
        if last > right:
            self.ax.set_xlim(0, max(last, 2 * right))
        if len(finite) and finite.max() > high:
            self.ax.set_ylim(top=1.3 * finite.max())
        if len(finite) and finite.min() < low:
            self.ax.set_ylim(bottom=finite.min() / 2 if self.log else finite.min() - 0.1 * (high - finite.min()))


class images:
    """A grid of pictures (n, height, width), all in one artist, with a short label above each.

    `range` is what is white and what is black; left out, the extremes of the first stack.
    """

    def __init__(self, ax, stack, labels=None, columns: int = 10, range=None):
        stack = np.asarray(stack, dtype=float)
        self.columns, (n, self.height, self.width) = min(columns, len(stack)), stack.shape
        low, high = range or (stack.min(), stack.max())
        self.gap = max(1, round(self.height / 5)) if labels is None else max(2, round(self.height / 2.2))
        ax.set_axis_off()
        self.sheet = ax.imshow(self._lay(stack), vmin=low, vmax=high, cmap="gray_r", interpolation="nearest")
        self.labels = [ax.text(*self._place(i), "", ha="center", va="bottom", fontsize=10) for i in np.arange(n)]
        ax.set_ylim(top=-self.gap - 0.5)
        self.set(stack, labels)

    def set(self, stack, labels=None):
        self.sheet.set_data(self._lay(np.asarray(stack, dtype=float)))
        for text, label in zip(self.labels, () if labels is None else labels, strict=False):
            text.set_text(str(label))
        return self

    def _corner(self, i):
        return i // self.columns * (self.height + self.gap), i % self.columns * (self.width + self.gap)

    def _place(self, i):
        top, left = self._corner(i)
        return left + self.width / 2 - 0.5, top - 1

    def _lay(self, stack):
        """One array with all pictures, NaN (which is drawn as nothing) between them."""
        bottom, _ = self._corner(len(stack) - 1)
        sheet = np.full((bottom + self.height, self.columns * (self.width + self.gap) - self.gap), np.nan)
        for i, picture in enumerate(stack):
            top, left = self._corner(i)
            sheet[top : top + self.height, left : left + self.width] = picture
        return sheet


class neuron:
    """A neuron with its parts: inputs, weights on their edges, the weighted sum z with its bias, the activation a.

    `set(weights, bias, inputs, a)` writes the numbers in; an edge is thick if its weight is large, dashed if it is
    negative. What is not known stays a symbol (w₁, b, z, a). Give it axes that are about twice as wide as high.
    """

    INPUT, SUM, OUT, END = 0.0, 2.3, 4.5, 5.6  # where the columns stand

    def __init__(self, ax, names, activation: str = "σ"):
        heights = (np.arange(len(names))[::-1] - (len(names) - 1) / 2) * 1.2
        top = max(heights.max(), 0.5) + 0.5
        ax.set_axis_off()
        ax.set(xlim=(-1.9, 6.8), ylim=(-max(top, 1.35), top), aspect="equal")
        self.edges = [_edge(ax, (self.INPUT, self.SUM), (h, 0)) for h in heights]
        _edge(ax, (self.SUM, self.END), (0, 0))
        _edge(ax, (self.SUM, self.SUM), (-0.9, 0))
        for h, name in zip(heights, names, strict=True):
            _disc(ax, self.INPUT, h, 0.36, style.BLUE)
            ax.text(self.INPUT - 0.5, h, name, ha="right", va="center", fontsize=10)
        for across, symbol, color in ((self.SUM, "Σ", style.ORANGE), (self.OUT, activation, style.GREEN)):
            _disc(ax, across, 0, 0.42, color)
            ax.text(across, 0, symbol, ha="center", va="center", fontsize=15, zorder=4)
        self.inputs = [_write(ax, self.INPUT, h, f"$x_{i}$") for i, h in enumerate(heights, 1)]
        self.weights = [_write(ax, 1.15, h / 2, f"$w_{i}$", box=True) for i, h in enumerate(heights, 1)]
        self.bias = _write(ax, self.SUM, -1.1, "$b$")
        self.z = _write(ax, (self.SUM + self.OUT) / 2, 0, "$z$", box=True)
        self.a = _write(ax, self.END + 0.12, 0, "$a$", side="left")

    def set(self, weights=None, bias=None, inputs=None, a=None):
        for edge, text, weight in zip(self.edges, self.weights, () if weights is None else weights, strict=False):
            text.set_text(_number(weight))
            edge.set(linewidth=float(np.clip(1 + 2 * abs(weight), 1, 7)), linestyle="-" if weight >= 0 else "--")
        for text, value in zip(self.inputs, () if inputs is None else inputs, strict=False):
            text.set_text(_number(value))
        if bias is not None:
            self.bias.set_text(f"$b$ = {_number(bias)}")
        if weights is not None and bias is not None and inputs is not None:
            self.z.set_text(f"$z$ = {_number(np.dot(weights, inputs) + bias)}")
        if a is not None:
            self.a.set_text(f"$a$ = {_number(a)}")
        return self


def _edge(ax, across, up):
    (line,) = ax.plot(across, up, color=style.GREY, linewidth=2, linestyle="-", zorder=1)
    return line


def _disc(ax, x, y, radius, color):
    ax.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=color, linewidth=2.5, zorder=2))


def _write(ax, x, y, text, box=False, side="center"):
    white = {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if box else None
    return ax.text(x, y, text, ha=side, va="center", fontsize=11, zorder=4, bbox=white)


def _number(value) -> str:
    return f"{value:.2f}".replace("-", "−")


# ---- lesson 0: a drawing becomes a digit of 8 × 8 pixels


def strokes(points, size: int = 32, pen: int = 3) -> np.ndarray:
    """A line through `points`, (x, y) with y downwards, drawn with a square pen: (size, size) of 0 and 1, uint8."""
    pad = np.zeros((size, size), np.uint8)
    points = np.asarray(points, float)
    for start, end in np.stack([points[:-1], points[1:]], axis=1):
        for along in np.linspace(0, 1, int(3 * np.abs(end - start).max()) + 2):
            col, row = np.round(start + along * (end - start) - (pen - 1) / 2).astype(int)
            pad[max(row, 0) : max(row + pen, 0), max(col, 0) : max(col + pen, 0)] = 1
    return pad


def fitted(drawing, widest: int = 24) -> np.ndarray:
    """The ink of a square `drawing` of 0 and 1, stretched to its full height and put in its middle; same shape.

    The width grows by the same factor as the height, to `widest` dots at most. Each new dot takes the nearest old one.
    """
    rows, cols = np.flatnonzero(drawing.any(axis=1)), np.flatnonzero(drawing.any(axis=0))
    if len(rows) == 0:
        return drawing.copy()
    ink, size = drawing[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1], len(drawing)
    height, width = ink.shape
    across = min(widest, max(1, round(width * size / height)))
    nearest_row = ((np.arange(size) + 0.5) * height / size).astype(int)
    nearest_col = ((np.arange(across) + 0.5) * width / across).astype(int)
    result, left = np.zeros_like(drawing), (size - across) // 2
    result[:, left : left + across] = ink[nearest_row][:, nearest_col]
    return result


def lists(axes, pictures) -> None:
    """Pictures of 8 × 8 pixels, {name: (64,) ink from 0 to 16}, and beside each its numbers in a row; `axes` (n, 2)."""
    for (left, right), (name, x) in zip(axes, pictures.items(), strict=True):
        left.imshow(np.reshape(x, (8, 8)), vmin=0, vmax=16)
        left.set(title=name, xticks=[], yticks=[])
        left.spines[:].set_visible(True)
        right.bar(np.arange(64), x, width=0.9)
        right.set(ylabel="ink, 0 to 16", xlim=(-1, 64), ylim=(0, 17), xticks=range(0, 64, 8))
    axes[-1][1].set_xlabel("place in the list; a new row begins at every tick")


class readings:
    """What a digit reader receives of a drawing, as drawn and fitted, and its probabilities for each; on three axes.

    `set(counts, probabilities)` takes a pair of each: (2, 64) ink counts from 0 to 16, and (2, 10).
    `sentence` says both answers.
    """

    def __init__(self, axes):
        *small, chart = axes
        self.pictures = [ax.imshow(np.zeros((8, 8)), vmin=0, vmax=16) for ax in small]
        for ax, title in zip(small, ("as drawn", "fitted"), strict=True):
            ax.set(title=title, xticks=[], yticks=[])
            ax.spines[:].set_visible(True)
        looks = {"as drawn": {"color": style.BLUE}, "fitted": {"color": style.ORANGE, "hatch": "///"}}
        self.bars = [
            chart.bar(np.arange(10) + shift, np.zeros(10), 0.38, label=name, **look)
            for shift, (name, look) in zip((-0.2, 0.2), looks.items(), strict=True)
        ]
        chart.axhline(0.9, color=style.GREY, linestyle=":", linewidth=1, zorder=0)
        chart.set(xlabel="digit", ylabel="probability", ylim=(0, 1), xticks=range(10))
        chart.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)

    def set(self, counts, probabilities):
        for picture, ink in zip(self.pictures, counts, strict=True):
            picture.set_data(np.reshape(ink, (8, 8)))
        for group, values in zip(self.bars, probabilities, strict=True):
            for bar, value in zip(group, values, strict=True):
                bar.set_height(value)
        (first, sure), (second, also) = [(int(np.argmax(p)), 100 * float(np.max(p))) for p in probabilities]
        self.sentence = f"As drawn, the network says {first} ({sure:.0f} %); fitted, it says {second} ({also:.0f} %)."
        if not np.any(counts):
            self.sentence = f"The pad is empty, and still the network gives an answer: {first} ({sure:.0f} %)."
        return self


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


def runs(ax, curves, name: str, place: int = 0) -> list:
    """A curve over several seeds: `curves` (seeds, epochs) pale, their mean strong; the x axis counts epochs from 1.

    `place` picks colour and dashes, so that two groups in one panel differ by both. Returns the lines, the mean last.
    """
    curves = np.asarray(curves, dtype=float)
    epochs, color = np.arange(1, curves.shape[1] + 1), style.COLORS[place]
    pale = ax.plot(epochs, curves.T, color=color, linestyle="-", linewidth=0.8, alpha=0.45) if len(curves) > 1 else []
    strong = ax.plot(epochs, curves.mean(axis=0), color=color, linestyle=style.DASHES[place], label=name)
    ax.grid(True)
    return [*pale, *strong]


def level(ax, value: float, name: str):
    """A dotted line right across the panel at `value`: a baseline, or a goal. Its name goes to the legend."""
    return ax.axhline(value, color=style.BLACK, linestyle=":", linewidth=1.6, zorder=2, label=name)


def most_wrong(logits, y, count: int = 10) -> tuple[np.ndarray, list[str]]:
    """The rows of the `count` images with the largest cross-entropy, the worst first, and "label→guess" for each.

    `logits` (n, k) and labels `y` (n,).
    """
    logits, y = np.asarray(logits, dtype=float), np.asarray(y)
    shifted = logits - logits.max(axis=1, keepdims=True)
    loss = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    worst = np.argsort(-loss, kind="stable")[:count]
    return worst, [f"{y[row]}→{logits[row].argmax()}" for row in worst]


def without_zero_grad(deleted, complete) -> str:
    """Where curves (seeds, epochs) end beside those of the complete loop, in the words of lesson 3.2."""
    end, whole = (np.mean(np.asarray(curves)[:, -1]) for curves in (deleted, complete))
    if end < 0.2:
        return "It ends at about 10 %, as if the network guessed."
    if abs(end - whole) < 0.01:
        return "It is the same, since each backward starts afresh."
    way = "faster, since old gradients add to" if end > whole else "more slowly, since old gradients blur"
    return f"It rises {way} the step."


def late_change(curves) -> str:
    """How the mean of accuracies (seeds, 100) changes from epoch 20 to epoch 100, in the words of lesson 3.2."""
    change = np.mean(np.asarray(curves)[:, 99] - np.asarray(curves)[:, 19])
    if abs(change) < 0.01:
        return "It stays level, since all has been learnt."
    return "It rises, with smaller and smaller gains." if change > 0 else "It falls by several points."
