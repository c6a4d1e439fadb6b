"""Controls of two dimensions: a point on the figure's axes, to be dragged, and a pad of cells to draw on.

    live.Live(fig, update, start=live.point(ax, (1.5, -2.0)))       def update(start): x, y = start
    live.Live(fig, update, digit=live.drawing(8, 8))                def update(digit): digit is an array (8, 8)

A point speaks to the browser in its two coordinates, a pad in its cells as zeros and ones.
"""

import dataclasses
import math
import re

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from classroom.explore import style
from classroom.explore.controls import STEPS, Control, is_number, number_text, round_step

INDEX, BELOW = re.compile(r"_(\d)"), str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")  # of a formula in a label
RING = {
    "marker": "o",
    "markersize": 13,
    "markerfacecolor": (1, 1, 1, 0.6),
    "markeredgecolor": style.BLACK,
    "markeredgewidth": 1.8,
    "linestyle": "none",
    "zorder": 4.5,
}


@dataclasses.dataclass
class Point(Control):
    """A point on axes that keep their limits. It has a ring in the figure, which follows it."""

    axes: Axes
    start: tuple[float, float]
    mark: Line2D
    label: str | None = None
    kind = "point"

    def front(self) -> dict:
        """The box of the axes as parts of the figure (left, bottom, width, height), known once the figure is drawn."""
        return {"box": [round(part, 5) for part in self.axes.get_position().bounds], "ways": self._ways()}

    def value(self, raw) -> tuple[float, float]:
        return self.accept("the point", tuple(raw))

    def raw(self, value) -> list[float]:
        return list(value)

    def text(self, value) -> str:
        texts = [number_text(v, way["decimals"]) for v, way in zip(value, self._ways(), strict=True)]
        return f"({'; '.join(texts)})"

    def accept(self, name: str, value) -> tuple[float, float]:
        ways = self._ways()
        if not (isinstance(value, (tuple, list, np.ndarray)) and len(value) == 2 and all(map(is_number, value))):
            raise ValueError(f"{name} is {value!r}; it must be a pair of numbers, (x, y).")
        for number, way in zip(value, ways, strict=True):
            low, high = sorted((way["low"], way["high"]))
            if not low <= number <= high:
                raise ValueError(f"{name} is {value!r}; its {way['name']} must lie on the axes, from {low} to {high}.")
        return float(value[0]), float(value[1])

    def show(self, value) -> None:
        self.mark.set_data([value[0]], [value[1]])

    def _ways(self) -> list[dict]:
        """Of each direction: its name, its ends (from left, from below), and the step of the keys and of a drag."""
        x, y = self.axes.xaxis, self.axes.yaxis
        return [_way(x, "x", self.axes.get_xlim()), _way(y, "y", self.axes.get_ylim())]


@dataclasses.dataclass
class Drawing(Control):
    """A pad of cells to draw on; its value is an array (rows, cols) of uint8, 1 where there is ink."""

    rows: int
    cols: int
    start: np.ndarray
    pen: int = 1
    label: str | None = None
    kind = "drawing"

    def front(self) -> dict:
        return {"rows": self.rows, "cols": self.cols, "pen": self.pen}

    def value(self, raw) -> np.ndarray:
        return np.array([int(cell) for cell in raw], dtype=np.uint8).reshape(self.rows, self.cols)

    def raw(self, value) -> str:
        return "".join("1" if cell else "0" for cell in np.ravel(value))

    def text(self, value) -> str:
        return f"{int(np.sum(value))} cells drawn"

    def accept(self, name: str, value):
        value = np.asarray(value)
        if value.shape != (self.rows, self.cols) or not np.isin(value, (0, 1)).all():
            raise ValueError(
                f"{name} has the shape {value.shape}; it must be ({self.rows}, {self.cols}), of zeros and ones."
            )
        return value.astype(np.uint8)


def point(ax, start=None, label=None) -> Point:
    """A point on `ax`, whose limits stand from now on. `start` is (x, y) in its units; left out, the middle.

    It moves by a hundredth of the axes, rounded to 1, 2 or 5; typed coordinates and Python's may be finer.
    """
    if not isinstance(ax, Axes):
        raise TypeError(f"A point on {ax!r}: give the axes on which it moves, live.point(ax, (x, y)).")
    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        if axis.get_scale() not in ("linear", "log"):
            raise ValueError(f"The {name} axis is {axis.get_scale()}; a point moves on linear and logarithmic ones.")
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())  # as they are now, whatever is drawn later
    middle = [_middle(axis, axis.get_view_interval()) for axis in (ax.xaxis, ax.yaxis)]
    mark = ax.add_line(Line2D([], [], **RING))  # not by ax.plot, which would take a colour of the cycle
    made = Point(ax, tuple(middle), mark, label)
    if start is not None:
        made.start = made.accept("start", start)
    made.show(made.start)
    return made


def drawing(rows: int, cols: int, start=None, pen: int = 1, label=None) -> Drawing:
    """A drawing pad. `pen` is the width of its stroke in cells; `start` an array (rows, cols) of zeros and ones."""
    if min(rows, cols, pen) < 1 or max(rows, cols) > 64:
        raise ValueError(
            f"A drawing pad of {rows} × {cols} cells, pen {pen}: give 1 to 64 cells a side, and a pen of 1 or more."
        )
    made = Drawing(rows, cols, np.zeros((rows, cols), np.uint8), pen, label)
    if start is not None:
        made.start = made.accept("start", start)
    return made


def _middle(axis, ends) -> float:
    middle = math.sqrt(ends[0] * ends[1]) if axis.get_scale() == "log" else sum(ends) / 2
    return float(f"{middle:.3g}")


def _way(axis, name: str, limits) -> dict:
    """One direction of a point: see `Point._ways`."""
    low, high = map(float, limits)
    step, log = round_step(abs(high - low) / STEPS), axis.get_scale() == "log"
    decimals = None if log else max(0, -math.floor(math.log10(step) + 1e-9))
    label = axis.get_label_text().replace("$", "")
    label = INDEX.sub(lambda found: found[1].translate(BELOW), label)
    name = label if label and not set(label) & set("\\{}^_") else name  # other formulas are none of the browser's
    return {"name": name, "low": low, "high": high, "step": step, "decimals": decimals, "log": log}
