"""Lesson 4.1: a reading beside those of healthy programs, a matrix of effects, and a decision tree as a key to keep."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from classroom.explore import style

UP_OR_DOWN = LinearSegmentedColormap.from_list("up_or_down", ["#7DB8DD", "#FFFFFF", "#F2B48C"])
LARGEST = 9  # effects beyond it are shown as this: from here on nobody needs the size


class reading:
    """A reading of a patient over those of healthy programs; `set(values, healthy, parts, name)`.

    `values` holds one number for each of the `parts`, `healthy` a row of them for each healthy program. The name keeps
    its distance from the axis, since an explorer lays its figure out only once.
    """

    def __init__(self, ax):
        self.ax = ax

    def set(self, values, healthy, parts, name):
        self.ax.clear()
        places = np.arange(len(parts))
        shown = [(row, "healthy programs", style.GREY, "o", ":", 0.5) for row in healthy]
        if values is not None:
            shown.append((values, "this patient", style.VERMILLION, "D", "-", 1))
        for row, label, color, marker, dashes, alpha in shown:
            self.ax.plot(places, np.ravel(row), color=color, marker=marker, linestyle=dashes, alpha=alpha, label=label)
        self.ax.set(xticks=places, xlim=(-0.5, len(parts) - 0.5))
        self.ax.set_xticklabels(parts)
        self.ax.annotate(
            name, (0, 0.5), (-46, 0), "axes fraction", "offset points", rotation=90, ha="center", va="center"
        )
        handles, labels = self.ax.get_legend_handles_labels()
        once = dict(zip(labels, handles, strict=True))
        self.ax.legend(once.values(), once.keys(), loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
        return self


def effects(ax, found, rows, columns) -> None:
    """A matrix of effects (rows, columns) as colours and whole numbers; nothing stands where the effect is below 2."""
    found = np.clip(found, -LARGEST, LARGEST)
    ax.imshow(found, cmap=UP_OR_DOWN, vmin=-LARGEST, vmax=LARGEST, aspect="auto")
    for (i, j), value in np.ndenumerate(found):
        if abs(value) >= 2:
            ax.text(j, i, f"{value:+.0f}".replace("-", "−"), ha="center", va="center", fontsize=10)
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xticks(range(len(columns)), columns, rotation=60, ha="left", rotation_mode="anchor")
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    ax.spines[:].set_visible(False)


def key(ax, tree, signs) -> None:
    """A decision tree of scikit-learn as a key: a row asks, "yes" leads to the next row, "no" further down."""
    nodes, rows = tree.tree_, []

    def write(node, depth, answer):
        if nodes.feature[node] < 0:
            rows.append((depth, answer, tree.classes_[nodes.value[node].argmax()], True))
            return
        sign, limit = signs[nodes.feature[node]], f"{nodes.threshold[node]:.3g}".replace("-", "−")
        rows.append((depth, answer, f"{sign} above {limit}?", False))
        write(nodes.children_right[node], depth + 1, "yes")
        write(nodes.children_left[node], depth + 1, "no")

    write(0, 0, "")
    for row, (depth, answer, text, leaf) in enumerate(rows):
        if answer:
            ax.plot([depth - 0.55, depth - 0.1], [row, row], color=style.GREY, linestyle="-", linewidth=0.9)
            ax.text(depth - 0.6, row, answer, ha="right", va="center", fontsize=10, color=style.GREY)
        look = {"weight": "bold", "color": style.BLUE} if leaf else {"color": style.BLACK}
        ax.text(depth, row, text, ha="left", va="center", fontsize=10, **look)
    ax.set(xlim=(-0.6, max(row[0] for row in rows) + 3.5), ylim=(len(rows) - 0.5, -0.8))
    ax.set_axis_off()


def cured(names) -> str:
    """How many of three programs a remedy made well, in the words of the prediction "4.1 smaller rate"."""
    return ("None of the three.", "One of the three.", "Two of the three.", "All three.")[len(names)]


def one_batch(loss: float) -> str:
    """Where the loss on one batch ends, in the words of the prediction "4.1 one batch"."""
    if loss < 0.5:
        return "It falls to nearly 0."
    return "It stays near 2.3." if loss > 2 else "It falls to about half and stays there."
