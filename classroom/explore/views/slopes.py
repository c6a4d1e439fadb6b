"""An activation function and its slope on one axis, over the weighted sum z."""

import numpy as np

from classroom.explore import style
from classroom.explore.controls import number_text
from classroom.explore.views.legends import above
from nnlib import Tensor

NUDGE = 1e-6  # the slope is the change over a nudge of z; the numbers are in double precision
CORNER = 1e-3  # slopes that differ by more on the two sides of a place make a corner there
JUMP = 1e3  # and beyond this the curve does not bend but jumps


class activation:
    """An activation function's value and slope, what both are at one z, and over which z the data lie.

        view = views.activation(ax, np.tanh, z=1.5)         view.set(relu, z=0.5, data=sums).sentence

    `function` takes an array of any shape (or an nnlib Tensor) and works on each number by itself. Solid is its value,
    dashed its slope (its derivative, by central differences), the thin line the tangent at z. At a corner, such as
    ReLU's at 0, the slope line breaks, and the sentence gives the slopes on both sides. `data` are values of z,
    such as those that reach a layer: a pale histogram at the foot shows where they lie, and the sentence gives the
    mean of the slopes that they meet. What is left out of `set` stays as it was.
    """

    def __init__(self, ax, function, z: float | None = None, data=None, name: str = "", range=(-5, 5), heights=None):
        self.ax, self.z, self.data = ax, z, data
        low, high = range
        self.grid = np.linspace(low, high, 401)
        ax.set(xlim=range, xlabel="weighted sum z", ylabel="value and slope")
        ax.grid(True)
        ax.axhline(0, color=style.GREY, linestyle="-", linewidth=0.9, zorder=1.5)
        self.bars = ax.stairs(np.zeros(40), np.linspace(low, high, 41), fill=True, color=style.GREY, alpha=0.3,
                              zorder=1.2, visible=False)  # fmt: skip
        plain = {"color": style.BLACK, "linewidth": 1, "linestyle": "-"}
        self.tangent = ax.plot([], [], **plain, zorder=2.2, label="tangent at z")[0]
        self.value = ax.plot(self.grid, self.grid, color=style.BLUE, linestyle="-", linewidth=2.4, label="value")[0]
        self.slope = ax.plot(
            self.grid, self.grid, color=style.VERMILLION, linestyle=style.DASHES[1], linewidth=2.4, label="slope"
        )[0]
        spot = {"linestyle": "none", "markersize": 9, "markeredgecolor": "white", "zorder": 4}
        self.value_at = ax.plot([], [], "o", color=style.BLUE, **spot)[0]
        self.slope_at = ax.plot([], [], "^", color=style.VERMILLION, **spot)[0]
        above(ax, [self.value, self.slope, *([] if z is None else [self.tangent])])
        self._fixed = heights is not None
        ax.set_ylim(heights or (0, 0.1))  # … and grows with the first curve
        self.set(function, name=name)

    def set(self, function=None, z=None, data=None, name: str = ""):
        """Show another function (a moved parameter makes one), another z, other data; see the class."""
        if function is not None:
            self.function, self.name = function, name or _name_of(function)
            self._draw_curves()
        self.z = self.z if z is None else float(z)
        self.data = self.data if data is None else np.ravel(np.asarray(data, dtype=float))
        said = [] if self.z is None else [self._mark_z()]
        if self.data is not None:
            said.append(self._mark_data())
        self.sentence = "; ".join(said)[:1].upper() + "; ".join(said)[1:] + "." if said else self._extremes()
        return self

    def _draw_curves(self):
        value = _values(self.function, self.grid)
        self._steepness, corner = _slopes(self.function, self.grid)
        self.value.set_ydata(np.where(corner & _jumps(self.function, self.grid), np.nan, value))
        self.slope.set_ydata(np.where(corner, np.nan, self._steepness))
        if not self._fixed:
            self._make_room(np.concatenate([value, self._steepness[~corner]]))

    def _make_room(self, heights):
        low, high = self.ax.get_ylim()
        least, most = heights.min(), heights.max()
        margin = 0.08 * (max(most, high) - min(least, low))  # a change of limits costs a full draw: none for less
        if least < low or most > high:
            self.ax.set_ylim(least - margin if least < low else low, most + margin if most > high else high)

    def _mark_z(self) -> str:
        value = float(_values(self.function, np.array([self.z]))[0])
        left, right = _one_sided(self.function, np.array([self.z]))
        left, right = float(left[0]), float(right[0])
        self.value_at.set_data([self.z], [value])
        at = f"at z = {number_text(self.z, 2)}, {self.name} is {number_text(value, 2)}"
        if max(abs(left), abs(right)) > JUMP:
            self.slope_at.set_data([], [])
            self.tangent.set_data([], [])
            return f"{at} and jumps there: it has no slope"
        if abs(right - left) > CORNER:
            self.slope_at.set_data([self.z, self.z], [left, right])
            self.tangent.set_data([], [])
            sides = f"{number_text(left, 2)} on the left and {number_text(right, 2)} on the right"
            return f"{at} and has a corner: its slope is {sides}"
        slope = (left + right) / 2
        self.slope_at.set_data([self.z], [slope])
        reach = 0.12 * (self.grid[-1] - self.grid[0]) * np.array([-1, 1])
        self.tangent.set_data(self.z + reach, value + slope * reach)
        return f"{at} and its slope {number_text(slope, 2)}"

    def _mark_data(self) -> str:
        low, high = self.ax.get_ylim()
        counts, _ = np.histogram(self.data, bins=self.bars.get_data().edges)
        self.bars.set_data(low + 0.2 * (high - low) * counts / max(counts.max(), 1), baseline=low)
        self.bars.set_visible(True)
        mean = float(np.mean(_slopes(self.function, self.data)[0]))
        return f"over the {len(self.data)} values of z (grey) the mean slope is {number_text(mean, 2)}"

    def _extremes(self) -> str:
        """Without a z: between which values the curve runs, and where it is steepest."""
        value, slope = self.value.get_ydata(), self.slope.get_ydata()
        between = f"{number_text(np.nanmin(value), 2)} and {number_text(np.nanmax(value), 2)}"
        return f"Here {self.name} lies between {between}; its largest slope is {number_text(np.nanmax(slope), 2)}."


def _values(function, z):
    """function(z) in double precision, whether it is made for arrays or for Tensors."""
    value = function(z)
    if isinstance(value, Tensor):
        value = function(Tensor(z, dtype=np.float64)).data
    value = np.asarray(value, dtype=float)
    if value.shape != z.shape:
        raise ValueError(f"The function gave the shape {value.shape} for {z.shape}; it must work on each number alone.")
    return value


def _one_sided(function, z):
    """The slopes to the left and to the right of each z."""
    before, here, after = (_values(function, z + step) for step in (-NUDGE, 0, NUDGE))
    return (here - before) / NUDGE, (after - here) / NUDGE


def _slopes(function, z):
    """The slope at each z, and whether the curve has a corner there (the slope is then the mean of both sides')."""
    left, right = _one_sided(function, z)
    return (left + right) / 2, np.abs(right - left) > CORNER


def _jumps(function, z):
    left, right = _one_sided(function, z)
    return np.maximum(np.abs(left), np.abs(right)) > JUMP


def _name_of(function) -> str:
    name = getattr(function, "__name__", "<lambda>")
    return "the function" if name == "<lambda>" else name
