"""A legend above its panel, in the place of a title: it hides nothing there, and stays put while things move."""

import numpy as np

ROOM = {"handlelength": 1.6, "handletextpad": 0.5, "columnspacing": 1.3, "borderaxespad": 0.2}  # in letters' widths
BEHIND = 0.4  # under all that moves, so that no frame draws it again: a legend costs as much as a field
LETTER = 6.2  # points that a letter of 10 points takes on average


def above(ax, handles, labels=None) -> None:
    """Put the legend above `ax`, in as many columns as its width holds."""
    labels = labels or [handle.get_label() for handle in handles]
    width = 1.15 * ax.get_position().width * ax.figure.get_size_inches()[0] * 72  # the layout will make it wider
    columns = next((n for n in range(len(labels), 1, -1) if _width(labels, n) < width), 1)
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": columns, "frameon": False}
    ax.legend(handles=handles, labels=labels, **place, **ROOM).set_zorder(BEHIND)


def _width(labels, columns: int) -> float:
    """Points across, for so many columns, among which matplotlib splits the labels evenly."""
    longest = [max(column) for column in np.array_split([len(label) for label in labels], columns)]
    beside = 10 * (ROOM["handlelength"] + ROOM["handletextpad"] + ROOM["columnspacing"])
    return sum(letters * LETTER + beside for letters in longest)
