"""Lesson 2.7: what a unit answers to: weights as pictures, all images by digit, and a drawing that asks it."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from classroom.explore import style
from classroom.explore.views.pictures import images

# Dark blue above zero, light orange below: they differ in lightness, too.
SIGNED = LinearSegmentedColormap.from_list("signed", [style.ORANGE, "#FFFFFF", "#00486F"])
STRONGEST = 9  # images shown of each unit


def weight_pictures(ax, weights, labels, columns: int = 8) -> None:
    """The weights of units (units, 64), each unit's as a picture of 8 × 8: dark blue is positive, orange negative."""
    weights = np.asarray(weights, float)
    most = np.abs(weights).max()
    view = images(ax, weights.reshape(-1, 8, 8), labels, columns=columns, range=(-most, most))
    view.sheet.set_cmap(SIGNED)


class responses:
    """The images `x` (n, 64) with labels `y` as one unit sees them, on two axes: its nine strongest, and all by digit.

        view = views.responses(axes, x, y, highest=10)        view.set(activations, threshold).sentence

    Whatever lies above the threshold gets one name: the digit for which fewest images then get a wrong verdict, missed
    or named in error. `digit` is that name, `wrong` that count, `digits` are the labels of the nine strongest.
    """

    def __init__(self, axes, x, y, highest: float):
        left, self.right = axes
        self.pictures, self.y = np.reshape(x, (-1, 8, 8)), np.asarray(y)
        self.nine = images(left, self.pictures[:STRONGEST], [""] * STRONGEST, columns=3, range=(0, 1))
        left.set_title("its nine strongest")
        self.across = self.y + np.random.default_rng(0).uniform(-0.36, 0.36, len(self.y))
        dot = {"marker": "o", "markersize": 2.4, "linestyle": "none"}
        (self.named,) = self.right.plot([], [], **dot, color=style.BLUE, zorder=2)
        (self.others,) = self.right.plot([], [], **dot, color=style.GREY, zorder=2)
        (self.line,) = self.right.plot([-0.6, 9.6], [0, 0], color=style.VERMILLION, linestyle="--", linewidth=1.6)
        self.right.set(xlim=(-0.6, 9.6), ylim=(-0.03 * highest, 1.03 * highest), xticks=range(10))
        self.right.set(xlabel="digit that the image shows", ylabel="activation")
        self.right.set_title("all images, one dot each")

    def set(self, activations, threshold: float):
        order = np.argsort(-activations, kind="stable")[:STRONGEST]
        self.digits = self.y[order]
        self.nine.set(self.pictures[order], [""] * STRONGEST)
        above = activations > threshold
        misjudged = [int((above != (self.y == digit)).sum()) for digit in range(10)]
        self.digit, self.wrong = int(np.argmin(misjudged)), min(misjudged)
        is_it = self.y == self.digit
        self.named.set_data(self.across[is_it], activations[is_it])
        self.others.set_data(self.across[~is_it], activations[~is_it])
        self.line.set_ydata([threshold, threshold])
        caught, others = int((above & is_it).sum()), int((above & ~is_it).sum())
        self.sentence = (
            f"above {threshold:.1f} means {self.digit}? {is_it.sum() - caught} of {is_it.sum()} missed, "
            f"{others} others named {self.digit}: {self.wrong} wrong verdicts of {len(self.y)}"
        )
        return self


class probe:
    """What a drawing does to one unit and to the answer, on three axes: slopes, the unit's activation, the ten scores.

    `best` is the unit's activation for the strongest real image. `set(slopes, activation, probabilities)` takes the
    slopes of the unit's sum for each of the 64 pixels, at the drawing.
    """

    def __init__(self, axes, best: float, steepest: float):
        picture, bar, chart = axes
        self.slopes = picture.imshow(np.zeros((8, 8)), vmin=-steepest, vmax=steepest, cmap=SIGNED)
        picture.set(title="slope of its sum", xticks=[], yticks=[])
        picture.spines[:].set_visible(True)
        (self.level,) = bar.bar([0], [0], 0.6, color=style.BLUE)
        bar.axhline(best, color=style.VERMILLION, linestyle="--", linewidth=1.6)
        bar.set(title="the unit", ylabel="activation", xticks=[], xlim=(-0.6, 0.6), ylim=(0, 1.6 * best))
        self.bars = chart.bar(np.arange(10), np.zeros(10), 0.8, color=style.GREEN)
        chart.set(title="the network's answer", xlabel="digit", ylabel="probability", ylim=(0, 1), xticks=range(10))

    def set(self, slopes, activation: float, probabilities):
        self.slopes.set_data(np.reshape(slopes, (8, 8)))
        self.level.set_height(activation)
        for bar, value in zip(self.bars, probabilities, strict=True):
            bar.set_height(value)
        return self
