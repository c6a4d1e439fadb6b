"""Lesson 2.2: a push of the first layer's sums on its way up through a deep network, beside what slopes forecast."""

import numpy as np

from classroom.explore import style

LOWEST, HIGHEST = 1e-9, 1e9
BAND = 0.5, 2  # within it a push counts as kept


class ladder:
    """How large a push of layer 1 still is at each layer, on a logarithmic axis, beside two forecasts.

        steps = views.ladder(ax, layers=10)         steps.set(sizes, slopes, factor).sentence

    `sizes` (layers,) are the measured ones, the first is 1. `slopes` (layers - 1,) are the typical slopes that the push
    meets, `factor` is what the weights multiply it by. Dashed: the product of the slopes up to each layer; dotted: the
    same with the factor at every layer. The green band is where a push is between half and twice as large as at first.
    """

    def __init__(self, ax, layers: int):
        self.layers = np.arange(1, layers + 1)
        ax.axhspan(*BAND, color=style.GREEN, alpha=0.25, linewidth=0, zorder=0.5)
        flat = np.ones(layers)
        self.slopes = ax.plot(self.layers, flat, color=style.VERMILLION, linestyle=style.DASHES[1],
                              label="slopes alone")[0]  # fmt: skip
        self.both = ax.plot(self.layers, flat, color=style.BLACK, linestyle=style.DASHES[2],
                            label="slopes × factor")[0]  # fmt: skip
        self.sizes = ax.plot(self.layers, flat, "o", color=style.BLUE, linestyle="none", label="measured")[0]
        ax.set(xlabel="layer", ylabel="size of the push", yscale="log", ylim=(LOWEST, HIGHEST), xticks=self.layers)
        ax.grid(True)
        ax.legend(loc="upper left")
        self.sentence = ""

    def set(self, sizes, slopes, factor: float):
        """Show another network's push; see the class."""
        if len(sizes) != len(self.layers) or len(slopes) != len(self.layers) - 1:
            raise ValueError(
                f"got {len(sizes)} sizes and {len(slopes)} slopes; {len(self.layers)} layers need "
                f"{len(self.layers)} and {len(self.layers) - 1}."
            )
        alone = np.cumprod([1, *slopes])
        self.sizes.set_ydata(sizes)
        self.slopes.set_ydata(alone)
        self.both.set_ydata(alone * float(factor) ** (self.layers - 1))
        typical = np.sqrt(np.mean(np.square(slopes)))
        self.sentence = (
            f"typical slope {typical:.2f} × weights' factor {factor:.2f} = {typical * factor:.2f} a layer; "
            f"of a push of layer 1, {amount(sizes[-1])} is left at layer {self.layers[-1]}"
        )
        return self


def amount(size: float) -> str:
    """A size as a reader takes it in: "0.45", "23", or by powers of ten beyond."""
    if 0.01 <= size < 1000:
        return f"{size:.0f}" if size >= 10 else f"{size:.2g}"
    exponent = int(np.floor(np.log10(size)))
    power = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{size / 10.0**exponent:.0f} × 10{power}"


def share_left(size: float) -> str:
    """What is left of a push, in the words of the lesson's prediction at factor 10; at factor 4 it was about 0.015."""
    if size < 0.001:
        return "next to nothing: nearly every neuron is saturated"
    if size < 0.1:
        return "about as little as at factor 4: slope and weights cancel out"
    return "about as much as at first" if size < 10 else "a million times as much, or more"
