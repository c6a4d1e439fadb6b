"""Drawings that several lessons share. Each returns what moves, so that an explorer's `update` can set it.

    views.show(fig, "what to see")                      a still figure with its sentence
    points = views.scatter(ax, x, y, ["Adelie", "Gentoo"])
    field = views.boundary(ax, predict)                 field.set(predict): where a classifier says which class, and the line
    plot = views.curves(ax, ["training", "validation"]) plot.set(training=losses): curves that grow
    sheet = views.images(ax, stack)                     sheet.set(stack, labels): a grid of pictures in one artist
    cell = views.neuron(ax, ["length", "depth"])        cell.set(weights, bias, inputs): a neuron with its numbers

Lessons append drawings of their own at the end.
"""

import base64

import numpy as np
from contourpy import contour_generator
from IPython.display import display
from matplotlib.collections import LineCollection

from classroom.explore import style
from classroom.explore.style import subplots

__all__ = ["boundary", "curves", "images", "neuron", "scatter", "show", "subplots"]


def show(fig, caption: str) -> None:
    """Show a figure with its sentence: as alt text for who cannot see it, as text/plain for nbval and the terminal."""
    if not isinstance(caption, str) or not caption.strip():
        raise TypeError(f"The caption is {caption!r}; it must be one sentence that says what is to be seen.")
    width, height = style.pixels(fig)
    data = {"image/png": base64.b64encode(style.png(fig)).decode(), "text/plain": f"Figure: {caption}"}
    display(data, raw=True, metadata={"image/png": {"alt": caption, "width": width, "height": height}})


def scatter(ax, x, y, names, size: float = 26) -> list:
    """Points (n, 2) by class, each class `y == i` with its colour and marker and `names[i]` in the legend.

    Returns one collection for each class; `collection.set_offsets(points)` moves them.
    """
    found = [
        ax.scatter(*x[y == i].T, s=size, c=style.COLORS[i], marker=style.MARKERS[i], label=name,
                   edgecolors="white", linewidths=0.6, zorder=3)  # fmt: skip
        for i, name in enumerate(names)
    ]
    ax.legend(loc="best")
    return found


class boundary:
    """Which of two classes a classifier sees where: a pale field and the line at one half.

    `predict(points)` takes points (n, 2) and gives the probability (n,) of the second class, from 0 (blue) to 1 (vermillion).
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

    Names with spaces are set through a dict: `plot.set({"training loss": losses})`. The axes grow in leaps when the curves
    leave them, since each change of limits costs a full draw; give `length` (steps) and `range` (low, high) if you know them.
    """

    def __init__(self, ax, names, length=10, range=(0, 1), xlabel="epoch", ylabel="loss", log=False):
        self.ax, self.log = ax, log
        self.lines = {name: ax.plot([], [], label=name)[0] for name in names}
        ax.set(xlim=(0, length), ylim=range, xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
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
        for text, label in zip(self.labels, labels or [], strict=False):
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
    """A neuron drawn with its parts: inputs, weights on their edges, the weighted sum z with its bias, the activation a.

    `set(weights, bias, inputs, a)` writes the numbers in; an edge is thicker the larger its weight, dashed if it is negative.
    What is not known stays a symbol (w₁, b, z, a).
    """

    INPUT, SUM, OUT = 0.0, 1.45, 2.65  # where the columns stand

    def __init__(self, ax, names, activation: str = "σ"):
        n = len(names)
        ax.set_axis_off()
        ax.set(xlim=(-1.15, 3.75), ylim=(-max(n, 2) / 2 - 0.35, max(n, 2) / 2 + 0.35), aspect="equal")
        heights = (np.arange(n)[::-1] - (n - 1) / 2) * 1.0
        self.edges = [ax.plot([self.INPUT, self.SUM], [h, 0], color=style.GREY, lw=2, ls="-", zorder=1)[0] for h in heights]
        ax.plot([self.SUM, self.OUT + 0.75], [0, 0], color=style.GREY, lw=2, ls="-", zorder=1)
        for h, name in zip(heights, names, strict=True):
            _circle(ax, self.INPUT, h, 0.27, style.SKY)
            ax.text(self.INPUT - 0.36, h, name, ha="right", va="center", fontsize=10)
        _circle(ax, self.SUM, 0, 0.36, style.ORANGE)
        _circle(ax, self.OUT, 0, 0.36, style.GREEN)
        ax.text(self.SUM, 0, "Σ", ha="center", va="center", fontsize=15)
        ax.text(self.OUT, 0, activation, ha="center", va="center", fontsize=15)
        self.inputs = [_write(ax, self.INPUT, h, f"$x_{i}$") for i, h in enumerate(heights, 1)]
        self.weights = [_write(ax, 0.78, h * 0.46, f"$w_{i}$", boxed=True) for i, h in enumerate(heights, 1)]
        self.bias = _write(ax, self.SUM, -0.62, "$b$")
        self.z = _write(ax, (self.SUM + self.OUT) / 2, 0.22, "$z$")
        self.a = _write(ax, self.OUT + 0.82, 0, "$a$", side="left")

    def set(self, weights=None, bias=None, inputs=None, a=None):
        for edge, text, weight in zip(self.edges, self.weights, [] if weights is None else weights, strict=False):
            text.set_text(_number(weight))
            edge.set(linewidth=float(np.clip(1 + 2 * abs(weight), 1, 7)), linestyle="-" if weight >= 0 else "--")
        for text, value in zip(self.inputs, [] if inputs is None else inputs, strict=False):
            text.set_text(_number(value))
        if bias is not None:
            self.bias.set_text(f"$b$ = {_number(bias)}")
        if weights is not None and bias is not None and inputs is not None:
            self.z.set_text(f"$z$ = {_number(np.dot(weights, inputs) + bias)}")
        if a is not None:
            self.a.set_text(f"$a$ = {_number(a)}")
        return self


def _circle(ax, x, y, radius, color):
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=color, linewidth=2.5, zorder=2))


def _write(ax, x, y, text, boxed=False, side="center"):
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if boxed else None
    return ax.text(x, y, text, ha=side, va="center", fontsize=11, zorder=4, bbox=box)


def _number(value) -> str:
    return f"{value:.2f}".replace("-", "−")
