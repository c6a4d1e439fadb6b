"""One artificial neuron, drawn with its parts, its numbers and their signs."""

import numpy as np
from matplotlib.patches import Circle

from classroom.explore import style
from classroom.explore.controls import number_text


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
            text.set_text(number(weight))
            edge.set(linewidth=float(np.clip(1 + 2 * abs(weight), 1, 7)), linestyle="-" if weight >= 0 else "--")
        for text, value in zip(self.inputs, () if inputs is None else inputs, strict=False):
            text.set_text(number(value))
        if bias is not None:
            self.bias.set_text(f"$b$ = {number(bias)}")
        if weights is not None and bias is not None and inputs is not None:
            self.z.set_text(f"$z$ = {number(np.dot(weights, inputs) + bias)}")
        if a is not None:
            self.a.set_text(f"$a$ = {number(a)}")
        return self


def _edge(ax, across, up):
    (line,) = ax.plot(across, up, color=style.GREY, linewidth=2, linestyle="-", zorder=1)
    return line


def _disc(ax, x, y, radius, color):
    ax.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=color, linewidth=2.5, zorder=2))


def _write(ax, x, y, text, box=False, side="center"):
    white = {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if box else None
    return ax.text(x, y, text, ha=side, va="center", fontsize=11, zorder=4, bbox=white)


def number(value) -> str:
    """A number as it stands in a drawing of neurons: two digits after the point, a true minus."""
    return number_text(value, 2)
