"""A network as a graph: a column of neurons for each layer, and on the edges the signs and sizes of the weights."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.transforms import offset_copy

from classroom.explore import style
from classroom.explore.controls import number_text
from classroom.explore.views.legends import BEHIND
from nnlib import Tensor

MOST = 5  # neurons drawn of a layer; a wider one is shown by its first ones, dots, and its last
NUMBERED = 3  # weights stand on the edges as numbers where no layer is wider


class network:
    """A fully connected network: neurons as circles by layer, weights as edges.

        graph = views.network(ax, [2, 3, 1])        graph.set(weights=[W1, W2], biases=[b1, b2], values=[x, a, p])
        graph.set(widths=[784, 256, 10]).sentence   how many parameters it has

    A weight's edge is solid and blue if it is positive, dashed and vermillion if it is negative, and the thicker the
    larger it is; the largest has the full thickness, unless `scale` says which weight has. `weights` has the shape
    (out, in) for each layer, as in PyTorch, `biases` (out,), and `values` (width,) for each column: the inputs and
    every layer's activations. Where no column has more than three neurons, weights and biases stand there as numbers.
    `inputs` and `outputs` name the neurons of the first and the last column. The number of layers stays; their widths
    can change. What is left out of `set` stays as it was.
    """

    def __init__(self, ax, widths, inputs=(), outputs=(), scale: float | None = None, biased: bool = True):
        self.ax, self.scale, self.biased = ax, scale, biased
        self.names = list(inputs), list(outputs)
        self.weights = self.biases = self.values = None
        self.columns = len(widths)
        ax.set_axis_off()
        ax.set(xlim=(-0.35, self.columns - 0.65), ylim=(-1.12, 1.48))
        self.edges = ax.add_collection(LineCollection([], zorder=1), autolim=False)
        width, height = 72 * ax.figure.get_size_inches() * ax.get_position().size
        self._across, self._points = 1.2 * width / (self.columns - 0.3), height / 2.6  # points to a unit, or nearly
        colors = [style.BLUE, *[style.ORANGE] * (self.columns - 2), style.GREEN]
        ring = {"marker": "o", "linestyle": "none", "markerfacecolor": "white", "zorder": 2}
        self.circles = [ax.plot([], [], **ring, markeredgecolor=c, markeredgewidth=2.2)[0] for c in colors]
        small = {"fontsize": 10, "ha": "center", "va": "center"}
        self.inside = [[ax.text(0, 0, "", **small, zorder=3) for _ in range(MOST)] for _ in colors]
        self.below = [[ax.text(0, 0, "", **small, zorder=3) for _ in range(NUMBERED)] for _ in colors]
        self.dots = [ax.text(i, 0, "", **small | {"fontsize": 15}, zorder=3) for i in range(self.columns)]
        self.counts = [ax.text(i, 1.23, "", **small) for i in range(self.columns)]
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        self.numbers = [ax.text(0, 0, "", **small, bbox=box, zorder=1.5, visible=False)
                        for _ in range(NUMBERED**2 * (self.columns - 1))]  # fmt: skip
        self._name_columns(small)
        solid, dashed = ({"color": c, "linestyle": d, "linewidth": 2.4} for c, d in ((style.BLUE, "-"), NEGATIVE))
        self.legend = ax.legend(
            handles=[Line2D([], [], **solid), Line2D([], [], **dashed)], labels=["positive weight", "negative weight"],
            loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, frameon=False, borderaxespad=0.2,
        )  # fmt: skip
        self.legend.set(visible=False, zorder=BEHIND)
        self.set(widths=widths)

    def _name_columns(self, small):
        hidden = self.columns - 2
        names = ["inputs", *(["hidden"] if hidden == 1 else [f"hidden {i}" for i in range(1, hidden + 1)]), "outputs"]
        for column, name in enumerate(names):
            self.ax.text(column, 1.4, name, **small | {"fontsize": 11}, zorder=BEHIND)
        self._aside = [[self.ax.text(0, 0, "", fontsize=10, va="center", ha=side) for _ in names_of]
                       for names_of, side in zip(self.names, ("right", "left"), strict=True)]  # fmt: skip

    def set(self, weights=None, biases=None, values=None, widths=None):
        """Show other numbers, or layers of another width; see the class."""
        if widths is not None:
            self._place([int(width) for width in widths])
        if weights is not None:
            self.weights = self._checked(weights, [(b, a) for a, b in pairwise(self.widths)], "weights")
        if biases is not None:
            self.biases = self._checked(biases, [(b,) for _, b in pairwise(self.widths)], "biases")
        if values is not None:
            self.values = self._checked(values, [(width,) for width in self.widths], "values")
        self._draw_edges()
        self._write_numbers()
        self.sentence = self._count() + ("; " + self._largest() if self.weights else "") + "."
        return self

    @property
    def parameters(self) -> int:
        """How many numbers training would set."""
        return sum((a + self.biased) * b for a, b in pairwise(self.widths))

    # ---- where everything stands
    def _place(self, widths):
        if len(widths) != self.columns or min(widths) < 1:
            raise ValueError(
                f"widths is {widths}; it must hold {self.columns} widths of 1 or more, one for each column."
            )
        self.widths = widths
        self.weights = self.biases = self.values = None  # they belonged to the old widths
        self.shown = [list(range(w)) if w <= MOST else [*range(MOST - 2), w - 1] for w in widths]
        apart = min(2 / max(*(min(w, MOST) for w in widths), 2) * 1.1, 0.8)
        self.heights = [_heights(w, apart) for w in widths]
        self.size = float(np.clip(0.82 * self._points * apart, 12, 38))
        for column, (width, heights) in enumerate(zip(widths, self.heights, strict=True)):
            self.circles[column].set(data=([column] * len(heights), heights), markersize=self.size)
            self.counts[column].set_text(f"{width:,}".replace(",", " "))
            self.dots[column].set(
                text="⋮" if width > MOST else "", y=(heights[-1] + heights[-2]) / 2 if width > 1 else 0
            )
        for column, side, texts, names in zip((0, -1), (-1, 1), self._aside, self.names, strict=True):
            shift = side * 0.62 * self.size  # in points, as the circles are
            for place, text in enumerate(texts):
                text.set_text("")
                if place in self.shown[column]:
                    row = self.shown[column].index(place)
                    text.set(text=str(names[place]), y=self.heights[column][row], x=self.circles[column].get_xdata()[0])
                    text.set_transform(_shifted(self.ax, shift))

    def _checked(self, arrays, shapes, what):
        arrays = [np.asarray(array.data if isinstance(array, Tensor) else array, dtype=float) for array in arrays]
        found = [array.shape for array in arrays]
        if found != shapes:
            raise ValueError(f"{what} have the shapes {found}; for widths {self.widths} they must be {shapes}.")
        return arrays

    # ---- what they show
    def _draw_edges(self):
        ways, weights = [], []
        for layer in range(self.columns - 1):
            for i, start in zip(self.shown[layer], self.heights[layer], strict=True):
                for j, end in zip(self.shown[layer + 1], self.heights[layer + 1], strict=True):
                    ways.append([(layer, start), (layer + 1, end)])
                    weights.append(self.weights[layer][j, i] if self.weights else 0)
        weights = np.array(weights)
        self.edges.set_segments(ways)
        self.legend.set_visible(bool(self.weights))
        if not self.weights:
            self.edges.set(color=style.GREY, linewidth=0.9, linestyle="-")
            return
        full = self.scale or max(np.abs(w).max() for w in self.weights) or 1
        self.edges.set_color([style.BLUE if w >= 0 else NEGATIVE[0] for w in weights])
        self.edges.set_linestyle(["-" if w >= 0 else NEGATIVE[1] for w in weights])
        self.edges.set_linewidth(np.clip(0.5 + 3.5 * np.abs(weights) / full, 0.5, 5))

    def _write_numbers(self):
        digits = 2 if self.size >= 34 else 1
        for column, texts in enumerate(self.inside):
            for row, text in enumerate(texts):
                known = self.values is not None and row < len(self.heights[column])
                text.set_text(number_text(self.values[column][self.shown[column][row]], digits) if known else "")
                if row < len(self.heights[column]):
                    text.set_position((column, self.heights[column][row]))
        small = max(self.widths) <= NUMBERED
        for column, texts in enumerate(self.below):
            for row, text in enumerate(texts):
                known = small and self.biases is not None and column > 0 and row < self.widths[column]
                text.set_text(f"$b$ = {number_text(self.biases[column - 1][row], 2)}" if known else "")
                if known:
                    text.set_position((column, self.heights[column][row]))
                    text.set_transform(_shifted(self.ax, 0, -0.5 * self.size - 8))
        known = small and self.weights is not None
        for text, place in zip(
            self.numbers, self._edge_places() if known else [None] * len(self.numbers), strict=False
        ):
            text.set_visible(place is not None)
            if place:
                x, y, weight = place
                text.set(position=(x, y), text=number_text(weight, 2))

    def _edge_places(self):
        """For each weight where its number stands: beside the circle that it comes from, before the edges cross.

        Where numbers would stand on each other there, those from the second and the third circle move on.
        """
        places = []
        first = min((0.5 * self.size + 18) / self._across, 0.45)
        for layer, (starts, ends) in enumerate(pairwise(self.heights)):
            rows = np.sort(np.add.outer((1 - first) * starts, first * ends), axis=None)
            crowded = np.diff(rows).min(initial=9) * self._points < 13
            apart = min(32 / self._across, (1 - 2 * first) / max(len(starts) - 1, 1)) if crowded else 0
            for i, start in enumerate(starts):
                part = first + apart * i
                places += [(layer + part, start + part * (end - start), self.weights[layer][j, i])
                           for j, end in enumerate(ends)]  # fmt: skip
        return [*places, *[None] * (len(self.numbers) - len(places))]

    def _count(self) -> str:
        first, *hidden, last = [f"{width:,}".replace(",", " ") for width in self.widths]
        between = f"{' and '.join(hidden)} hidden neurons, " if hidden else ""
        total = f"{self.parameters:,}".replace(",", " ")
        return f"{_plural(first, 'input')}, {between}{_plural(last, 'output')}: {total} parameters"

    def _largest(self) -> str:
        layer = int(np.argmax([np.abs(w).max() for w in self.weights]))
        j, i = np.unravel_index(np.abs(self.weights[layer]).argmax(), self.weights[layer].shape)
        ends = f"{self._called(layer, int(i))} to {self._called(layer + 1, int(j))}"
        return f"the strongest weight is {number_text(self.weights[layer][j, i], 2)}, from {ends}"

    def _called(self, column, place) -> str:
        if column in (0, self.columns - 1):
            names = self.names[column > 0]
            return str(names[place]) if place < len(names) else f"{'output' if column else 'input'} {place + 1}"
        return f"hidden neuron {place + 1}" + (f" of layer {column}" if self.columns > 3 else "")


NEGATIVE = style.VERMILLION, (0, (3, 1.2))


def _heights(width, apart):
    """Where the circles of a column stand, from the top; the last of a wide layer stands below the dots."""
    rows = min(width, MOST)
    places = apart * ((rows - 1) / 2 - np.arange(rows))
    return np.delete(places, MOST - 2) if width > MOST else places


def _plural(count: str, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == "1" else "s")


def _shifted(ax, right: float, up: float = 0):
    """Places in the axes' units, moved by so many points."""
    return offset_copy(ax.transData, ax.figure, right, up, units="points")
