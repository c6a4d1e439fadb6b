"""Training runs over several seeds: losses and scores by epoch beside a baseline, and one number a run as a strip."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from classroom.explore import style
from classroom.explore.controls import number_text


class curves:
    """Curves of something by step, one for each name, that `set` gives new values.

        plot = views.curves(ax, ["training", "validation"], levels={"linear baseline": 0.31})
        plot.set(training=losses, validation=others).sentence

    A curve is a list of values, or has one row for each seed: then the line is the mean of the seeds, and the band
    behind it reaches from the lowest to the highest. Names with spaces are set through a dict: `plot.set({"training
    loss": losses})`. `first` is the step of the first value; `levels` are dotted lines across, by name. The axes grow
    in leaps when the curves leave them, since each change of limits costs a full draw, and go back when all curves are
    shorter than they were: a new run begins. Give `length` (steps) and `range` (low, high) if you know them.
    """

    def __init__(
        self, ax, names, length=10, range=(0, 1), xlabel="epoch", ylabel="loss", log=False, first=0, levels=None
    ):
        self.ax, self.log, self.first, self.levels, self._said = ax, log, first, dict(levels or {}), {}
        self.lines, self.bands = {}, {}
        for name in names:
            line = self.lines[name] = ax.plot([], [], label=name)[0]
            look = {"facecolor": line.get_color(), "edgecolor": line.get_color(), "linestyle": line.get_linestyle()}
            self.bands[name] = ax.fill([0] * 4, [0] * 4, **look, linewidth=0.8, alpha=0.22, zorder=1.5, visible=False)[
                0
            ]
        for name, value in self.levels.items():
            level(ax, value, name)
        ax.set(xlim=(0, length), ylim=range, xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
        self._home = {"xlim": ax.get_xlim(), "ylim": ax.get_ylim()}
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(True)
        if len(names) + len(self.levels) > 1:
            ax.legend(loc="best")
        self.sentence = ""

    def set(self, values=None, /, **more):
        """Give curves new values; those that are not named stay as they were."""
        given = {
            name: np.atleast_2d(np.asarray(rows, dtype=float)) for name, rows in {**(values or {}), **more}.items()
        }
        if self._said and all(
            name in given and given[name].shape[1] < rows.shape[1] for name, rows in self._said.items()
        ):
            self.ax.set(**self._home)
        for name, rows in given.items():
            if name not in self.lines:
                raise TypeError(f"There is no curve {name!r}; there are {', '.join(map(repr, self.lines))}.")
            steps, mean = self.first + np.arange(rows.shape[1]), rows.mean(axis=0)
            self.lines[name].set_data(steps, mean)
            self._spread(name, steps, rows)
            self._make_room(steps, rows[np.isfinite(rows)])
            self._said[name] = rows
        self.sentence = self._tell()
        return self

    def _spread(self, name, steps, rows):
        low, high = rows.min(axis=0), rows.max(axis=0)
        seen = np.isfinite(low) & np.isfinite(high)
        self.bands[name].set_visible(len(rows) > 1 and bool(seen.any()))
        if self.bands[name].get_visible():
            up, down = (np.stack([steps[seen], edge[seen]], axis=1) for edge in (high, low))
            self.bands[name].set_xy(np.concatenate([up, down[::-1]]))

    def _make_room(self, steps, finite):
        right, (low, high) = self.ax.get_xlim()[1], self.ax.get_ylim()
        if len(steps) and steps[-1] > right:
            self.ax.set_xlim(0, max(steps[-1], 2 * right))
        if len(finite) and finite.max() > high:
            self.ax.set_ylim(top=1.3 * finite.max())
        if len(finite) and finite.min() < low:
            self.ax.set_ylim(bottom=finite.min() / 2 if self.log else finite.min() - 0.1 * (high - finite.min()))

    def _tell(self) -> str:
        """Where the curves end, in one sentence."""
        told = {name: rows for name, rows in self._said.items() if rows.shape[1]}
        if not told:
            return "Nothing has been measured yet."
        last = max(self.first + rows.shape[1] - 1 for rows in told.values())
        ends = [self._end(name, rows, last) for name, rows in told.items()]
        ends += [f"{name} {number_text(value)}" for name, value in self.levels.items()]
        step = self.ax.get_xlabel()
        return f"{step[:1].upper()}{step[1:]} {last}: {', '.join(ends)}."

    def _end(self, name, rows, last) -> str:
        what = self.ax.get_ylabel()
        called = name if not what or what in name else f"{name} {what}"
        end, step = rows[:, -1], self.first + rows.shape[1] - 1
        when = "" if step == last else f" ({self.ax.get_xlabel()} {step})"
        if not np.isfinite(end).all():
            lost = self.first + int(np.flatnonzero(~np.isfinite(rows).all(axis=0))[0])
            return f"{called} has been no number since {self.ax.get_xlabel()} {lost}"
        if len(rows) == 1:
            return f"{called} {number_text(end[0])}{when}"
        spread = f"{number_text(end.min())} to {number_text(end.max())} over {len(rows)} seeds"
        return f"{called} {number_text(end.mean())} ({spread}){when}"


def runs(ax, curves, name: str, place: int = 0) -> list:
    """A curve over several seeds: `curves` (seeds, epochs) pale, their mean strong; the x axis counts epochs from 1.

    `place` picks colour and dashes, so that two groups in one panel differ by both. Returns the lines, the mean last.
    """
    curves = np.asarray(curves, dtype=float)
    epochs, color = np.arange(1, curves.shape[1] + 1), style.COLORS[place]
    pale = ax.plot(epochs, curves.T, color=color, linestyle="-", linewidth=0.8, alpha=0.45) if len(curves) > 1 else []
    strong = ax.plot(epochs, curves.mean(axis=0), color=color, linestyle=style.DASHES[place], label=name)
    ax.grid(True)
    return [*pale, *strong]


def level(ax, value: float, name: str):
    """A dotted line right across the panel at `value`: a baseline, or a goal. Its name goes to the legend."""
    return ax.axhline(value, color=style.BLACK, linestyle=":", linewidth=1.6, zorder=2, label=name)


def strip(ax, groups, label: str, log=()) -> None:
    """A row of points for each name in `groups`, {name: a number for each seed}; the first row, the healthy, is grey.

    With `log`, the places to mark, the axis is logarithmic.
    """
    for row, values in enumerate(groups.values()):
        color, marker = (style.GREY, "o") if row == 0 else (style.VERMILLION, "D")
        ax.plot(values, np.full(len(values), row), color=color, marker=marker, linestyle="none", alpha=0.7)
    ax.set(ylim=(len(groups) - 0.5, -0.5), xlabel=label, xscale="log" if log else "linear")
    if log:
        ax.set_xticks(log, [f"{place:g}" for place in log])
        ax.minorticks_off()
    ax.set_yticks(range(len(groups)), list(groups))
    ax.grid(True, axis="y")
