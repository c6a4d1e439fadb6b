"""Reliability diagrams: of the images that a network is so sure of, how many are right?"""

import numpy as np
from matplotlib.collections import LineCollection

from classroom.explore import style
from classroom.explore.views.legends import above


class reliability:
    """A reliability diagram: a dot for each bin of confidence, with the 95 % interval of its share of right answers.

        view = views.reliability(ax)        view.set(confidence, right, bins=15)

    `confidence` (n,) holds probabilities, `right` (n,) whether each came true. A bin holds (a, b], so that 1 belongs to
    the last. The area of a dot grows with the images in its bin; the dotted line is where both agree. The intervals
    are Wilson's (1927). `name` stands in the legend. Afterwards `view.table` holds count, mean confidence and share of
    each bin with an image.
    """

    LARGEST = 200  # area of the dot of all images, in square points

    def __init__(self, ax, name="network", color=style.BLUE, marker="o"):
        ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04), xlabel="confidence", ylabel="share that is right")
        ax.plot([0, 1], [0, 1], ":", color=style.BLACK, linewidth=1.6, zorder=2)
        self.spans = ax.add_collection(
            LineCollection([], colors=color, linewidths=1.6, label="95 % interval", zorder=2.5), autolim=False
        )
        look = {"c": color, "marker": marker, "edgecolors": "white", "linewidths": 0.5, "zorder": 3}
        self.dots = ax.scatter([], [], s=40, label=name, **look)
        self.dots.set_clip_on(False)  # a bin at the very corner shows whole
        above(ax, [self.dots, self.spans])

    def set(self, confidence, right, bins: int = 15):
        count, sure, share = self.table = binned(confidence, right, bins)
        low, high = wilson(share, count)
        self.dots.set_offsets(np.stack([sure, share], axis=1))
        self.dots.set_sizes(16 + self.LARGEST * count / count.sum())
        self.spans.set_segments([[(x, a), (x, b)] for x, a, b in zip(sure, low, high, strict=True)])
        return self


def binned(confidence, right, bins: int):
    """Of each bin that holds an image: how many, their mean confidence, their share of right answers."""
    confidence, right = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    if confidence.shape != right.shape or confidence.ndim != 1 or len(right) == 0:
        raise ValueError(f"Got {confidence.shape} confidences and {right.shape} answers; give one for each image.")
    if not (confidence >= 0).all() or not (confidence <= 1).all():
        raise ValueError("A confidence is a probability, from 0 to 1.")
    place = np.ceil(confidence * bins).astype(int)  # (a, b]: 0 alone stands below the first bin and joins it
    place = np.maximum(place, 1) - 1
    count = np.bincount(place, minlength=bins)
    used = count > 0
    sums = [np.bincount(place, weights=values, minlength=bins)[used] for values in (confidence, right)]
    return count[used], sums[0] / count[used], sums[1] / count[used]


def wilson(share, n, z: float = 1.96):
    """The interval of a share among n (Wilson, 1927): all true probabilities from which `share` is at most z off."""
    middle, width = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - width) / (1 + z * z / n), (middle + width) / (1 + z * z / n)
