"""Lesson 0: a drawing becomes a digit of 8 × 8 pixels, and a network reads it."""

import numpy as np

from classroom.explore import style


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
