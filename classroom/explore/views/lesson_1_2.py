"""Lesson 1.2: what passes through a network's layers, and how its parameters grow with depth and width."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection

from classroom.explore import style
from classroom.explore.views.networks import MOST, _heights

DEEPEST = 5  # hidden layers that `depth_and_width` has room for


def stages(axes, x, hidden, scores) -> None:
    """A digit on its way through a network, on three axes: its pixels, the hidden activations, and the ten scores."""
    picture, middle, right = axes
    picture.imshow(np.reshape(x, (8, 8)))
    picture.set(title=f"{np.size(x)} inputs", xticks=[], yticks=[])
    picture.spines[:].set_visible(True)
    middle.bar(np.arange(np.size(hidden)), np.ravel(hidden), width=0.9, color=style.ORANGE)
    middle.set(title=f"{np.size(hidden)} hidden neurons", xlabel="hidden neuron", ylabel="activation", ylim=(0, 1))
    bars = right.bar(np.arange(np.size(scores)), np.ravel(scores), width=0.8, color=style.GREEN)
    bars[int(np.argmax(scores))].set(hatch="///", edgecolor=style.BLACK)
    right.axhline(0, color=style.GREY, linewidth=0.9, linestyle="-")
    right.set(title=f"{np.size(scores)} outputs", xlabel="digit", ylabel="score", xticks=range(np.size(scores)))


class depth_and_width:
    """A network of up to five hidden layers, and below it its parameters, layer by layer, on one bar; two axes.

        view = views.depth_and_width(axes, target=10_000)        view.set([64, 32, 10]).sentence

    The graph grows to the right with each layer. `parameters` counts all weights and biases. A grey stripe marks what
    lies within 1 % of the target; the bar's axis ends at twice the target.
    """

    def __init__(self, axes, target: int):
        graph, bar = axes
        self.target, columns = target, DEEPEST + 2
        graph.set_axis_off()
        graph.set(xlim=(-0.6, columns - 0.4), ylim=(-1.15, 1.65))
        self.edges = graph.add_collection(LineCollection([], colors=style.GREY, linewidths=0.7, zorder=1))
        ring = {"marker": "o", "linestyle": "none", "markerfacecolor": "white", "markeredgewidth": 2, "markersize": 14}
        colors = {"inputs": style.BLUE, "hidden": style.ORANGE, "outputs": style.GREEN}
        self.circles = {name: graph.plot([], [], **ring, color=c, zorder=2)[0] for name, c in colors.items()}
        centred = {"ha": "center", "va": "center"}
        self.names = [graph.text(i, 1.5, "", fontsize=10, **centred) for i in range(columns)]
        self.counts = [graph.text(i, 1.22, "", fontsize=10, **centred) for i in range(columns)]
        self.dots = [graph.text(i, 0, "", fontsize=14, **centred, zorder=3) for i in range(columns)]
        self._make_bar(bar, columns)

    def _make_bar(self, bar, columns):
        low, high = 0.99 * self.target, 1.01 * self.target
        bar.axvspan(low, high, color=style.GREY, alpha=0.35, linewidth=0, zorder=0)
        looks = [{"color": style.SKY, "hatch": ""}, {"color": style.YELLOW, "hatch": "//"}]
        self.parts = [
            bar.barh(0, 0, 0.7, edgecolor=style.BLACK, linewidth=0.8, **looks[i % 2])[0] for i in range(columns - 1)
        ]
        bar.annotate(f"within 1 % of {_spaced(self.target)}", (0.5, 1), (0, 3), "axes fraction", "offset points",
                     ha="center", va="bottom", fontsize=10)  # fmt: skip
        bar.set(xlim=(0, 2 * self.target), ylim=(-0.5, 0.5), yticks=[], xlabel="parameters, layer by layer")
        bar.set_xticks(ticks := np.linspace(0, 2 * self.target, 5), [_spaced(int(tick)) for tick in ticks])

    def set(self, widths):
        """Show the network with these widths: inputs, one to five hidden layers, outputs."""
        if not 3 <= len(widths) <= DEEPEST + 2 or min(widths) < 1:
            raise ValueError(
                f"widths is {list(widths)}; give inputs, 1 to {DEEPEST} hidden layers and outputs, each 1 or more."
            )
        layers = [(a + 1) * b for a, b in pairwise(widths)]
        self.parameters, self.neurons = sum(layers), sum(widths[1:-1])
        self._draw_graph(widths)
        left = 0
        for part, size in zip(self.parts, layers + [0] * (len(self.parts) - len(layers)), strict=True):
            part.set(x=left, width=size)
            left += size
        self.sentence = (
            f"{'-'.join(str(width) for width in widths)}: {_spaced(self.parameters)} parameters, "
            f"{_spaced(self.neurons)} hidden neurons"
        )
        return self

    def _draw_graph(self, widths):
        last, apart = len(widths) - 1, 0.5
        heights = [_heights(width, apart) for width in widths]
        places = [np.stack([np.full(len(h), float(i)), h], axis=1) for i, h in enumerate(heights)]
        self.edges.set_segments([(a, b) for here, there in pairwise(places) for a in here for b in there])
        for name, some in zip(self.circles, (places[:1], places[1:-1], places[-1:]), strict=True):
            self.circles[name].set_data(*np.concatenate(some).T)
        for i, (name, count, dots) in enumerate(zip(self.names, self.counts, self.dots, strict=True)):
            shown = i <= last
            name.set_text("" if not shown else "inputs" if i == 0 else "outputs" if i == last else f"hidden {i}")
            count.set_text(_spaced(widths[i]) if shown else "")
            wide = shown and widths[i] > MOST
            dots.set_text("⋮" if wide else "")
            if wide:
                dots.set_y((heights[i][-1] + heights[i][-2]) / 2)


def network_with_letters(ax) -> None:
    """The network of exercise 1.2, drawn from bottom to top, its parts marked by letters in place of their names."""
    rows = {-1.0: (3, style.BLUE, "D"), 0.0: (4, style.ORANGE, "B"), 1.0: (2, style.GREEN, "C")}
    ax.set_axis_off()
    ax.set(xlim=(-3.4, 3.4), ylim=(-1.45, 1.45))
    places = {up: [((i - (n - 1) / 2) * 1.2, up) for i in range(n)] for up, (n, _, _) in rows.items()}
    ways = [(a, b) for here, there in pairwise(places.values()) for a in here for b in there]
    ax.add_collection(LineCollection(ways, colors=style.GREY, linewidths=1.1, zorder=1))
    bold = {"fontsize": 14, "weight": "bold", "ha": "center", "va": "center", "zorder": 4}
    for up, (_, color, letter) in rows.items():
        across = [x for x, _ in places[up]]
        ax.plot(across, [up] * len(across), "o", color=color, mfc="white", mew=2.5, ms=26, linestyle="none", zorder=2)
        ax.plot([-2.35, 2.35, 2.35, -2.35, -2.35], up + np.array([-0.31, -0.31, 0.31, 0.31, -0.31]),
                color=style.GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1.5)  # fmt: skip
        ax.text(2.7, up, letter, **bold)
    ax.text(*places[0.0][2], "E", **bold)
    (x0, y0), (x1, y1) = places[-1.0][0], places[0.0][0]
    ax.text((x0 + x1) / 2, (y0 + y1) / 2, "A", **bold, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
    ax.annotate("", (-2.9, 0.9), (-2.9, -0.9), arrowprops={"arrowstyle": "->", "color": style.BLACK, "lw": 1.5})
    ax.text(-3.05, 0, "this way", fontsize=10, rotation=90, ha="right", va="center")


def _spaced(count: int) -> str:
    return f"{count:,}".replace(",", " ")
