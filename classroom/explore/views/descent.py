"""Gradient descent on the loss: its path over a surface of two weights, and its steps on the curve of one."""

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.ticker import LogLocator, MaxNLocator

from classroom.explore import style
from classroom.explore.controls import number_text
from classroom.explore.views.legends import above

LOW_TO_HIGH = LinearSegmentedColormap.from_list("low_to_high", ["#FFFFFF", "#D5E3EE", "#93B3CC"])
MOST_LEVELS = 14
DOTS = 60  # beyond so many steps their dots are small ones
FAR = 20  # a path is followed so many widths of the picture away from it


class surface:
    """The loss over two weights as a map: contour lines with their numbers, darker where it is high, and a path on it.

        hills = views.surface(ax, loss)         hills.set(path).sentence        hills.set(path, loss=another_loss)

    `loss(w)` takes weights (n, 2) and gives their losses (n,). The map covers the axes' limits: set them first. Contour
    lines stand at equal steps of the loss, so where they are close it is steep; with `log` at equal factors. `path`
    (steps + 1, 2) is drawn from its start (square) to its end (diamond), a dot for each step.
    """

    def __init__(self, ax, loss, log: bool = False, names=("$w_1$", "$w_2$"), fineness: int = 120):
        self.ax, self.log = ax, log
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        self.across, self.up = np.linspace(left, right, fineness), np.linspace(low, high, fineness)
        self.box = np.array([[left, low], [right, high]])
        self._places = np.stack(np.meshgrid(self.across, self.up), axis=-1).reshape(-1, 2)
        self.field = ax.imshow(np.zeros((fineness, fineness)), extent=(left, right, low, high), origin="lower",
                               aspect="auto", cmap=LOW_TO_HIGH, interpolation="bilinear",
                               interpolation_stage="data", zorder=0.6)  # fmt: skip
        self.lines = ax.add_collection(
            LineCollection([], colors=style.GREY, linewidths=0.9, linestyles="-", zorder=1.5), autolim=False
        )
        white = {"facecolor": (1, 1, 1, 0.75), "edgecolor": "none", "pad": 0.8}
        look = {"fontsize": 10, "ha": "center", "va": "center", "color": style.BLACK, "bbox": white, "clip_on": True}
        self.numbers = [ax.text(0, 0, "", visible=False, zorder=1.6, **look) for _ in range(MOST_LEVELS)]
        self.path, self.start, self.end = _path_artists(ax)
        ax.set(xlim=(left, right), ylim=(low, high), xlabel=f"weight {names[0]}", ylabel=f"weight {names[1]}")
        above(ax, [self.lines, self.start, self.end], ["equal loss", "start", "end"])
        self.sentence = ""
        self.set(loss=loss)

    def set(self, path=None, loss=None):
        """Show another path, another loss, or both."""
        if loss is not None:
            self.loss = loss
            self._draw_map(np.asarray(loss(self._places), dtype=float).reshape(len(self.up), len(self.across)))
        if path is not None:
            path = np.asarray(path, dtype=float)
            if path.ndim != 2 or path.shape[1] != 2 or not len(path):
                raise ValueError(f"The path has the shape {path.shape}; it must have one place a row, (steps + 1, 2).")
            _show_path(self, path, self.box)
            with np.errstate(all="ignore"):
                self.sentence = _tale(np.asarray(self.loss(path), dtype=float), _is_outside(path[-1], self.box))
        return self

    def _draw_map(self, heights):
        finite = heights[np.isfinite(heights)]
        if not len(finite) or (self.log and finite.min() <= 0):
            raise ValueError(
                f"The loss is {finite.min() if len(finite) else heights.flat[0]:.3g} somewhere on the map; it must be "
                f"{'positive for log=True' if len(finite) else 'finite'}."
            )
        low, high = finite.min(), max(finite.max(), finite.min() + 1e-12)
        locator = LogLocator(subs=(1, 3), numticks=MOST_LEVELS) if self.log else MaxNLocator(9)
        levels = [level for level in locator.tick_values(low, high) if low < level < high][:MOST_LEVELS]
        self.field.set_data(heights)
        self.field.set_norm(BoundaryNorm([low, *levels, high], LOW_TO_HIGH.N))  # one tone between two lines
        contours = contour_generator(self.across, self.up, heights)
        found = {level: contours.lines(level) for level in levels}
        self.lines.set_segments([line for lines in found.values() for line in lines])
        self._write_numbers(found, np.unravel_index(np.nanargmin(heights), heights.shape))

    def _write_numbers(self, found, lowest):
        """A number on each contour line, on the way from the lowest place up or down, where they do not touch."""
        size = self.box[1] - self.box[0]
        centre = np.array([self.across[lowest[1]], self.up[lowest[0]]])
        way = np.array([0.35, 1.0 if centre[1] < self.box.mean(axis=0)[1] + 0.05 * size[1] else -1.0])
        taken = []
        for text in self.numbers:
            text.set_visible(False)
        for text, (level, lines) in zip(self.numbers, found.items(), strict=False):
            places = np.concatenate(lines) if lines else np.empty((0, 2))
            inside = places[np.all(np.abs((places - self.box.mean(axis=0)) / size) < 0.44, axis=1)]
            if not len(inside):
                continue
            steps = (inside - centre) / size
            along = (steps @ way) / (np.linalg.norm(steps, axis=1) * np.linalg.norm(way) + 1e-9)
            place = inside[along.argmax()]
            if all(np.any(np.abs(place - other) / size > (0.13, 0.085)) for other in taken):
                text.set(position=place, text=number_text(level), visible=True)
                taken.append(place)


class valley:
    """The loss over one weight as a curve, and the steps of a descent on it.

        curve = views.valley(ax, loss, range=(-3, 3))           curve.set(steps).sentence

    `loss(w)` takes weights (n,) and gives their losses (n,). `path` (steps + 1,) holds the weight at the start and
    after each step: a dot for each, joined in their order, the first few with their number. With `tangent` a dashed
    line shows the slope at the end of the path, which the next step follows.
    """

    NUMBERED = 6

    def __init__(self, ax, loss, range=(-3, 3), name: str = "$w$", tangent: bool = False):
        self.ax, self.grid = ax, np.linspace(*range, 301)
        self.curve = ax.plot(self.grid, 0 * self.grid, color=style.BLUE, linestyle="-", zorder=2)[0]
        self.tangent = ax.plot([], [], color=style.BLACK, linestyle=style.DASHES[1], linewidth=1.2, zorder=2.2)[0]
        self.tangent.set_visible(tangent)
        self.path, self.start, self.end = _path_artists(ax)
        near = {"textcoords": "offset points", "fontsize": 10, "ha": "center", "va": "center", "zorder": 5}
        self.numbers = [ax.annotate(str(i), (0, 0), (0, -13), visible=False, **near) for i in np.arange(self.NUMBERED)]
        ax.set(xlim=range, xlabel=f"weight {name}", ylabel="loss")
        ax.grid(True)
        above(ax, [self.curve, self.start, self.end], ["loss", "start", "end"])
        self.sentence = ""
        self.set(loss=loss)

    def set(self, path=None, loss=None):
        """Show other steps, another loss, or both."""
        if loss is not None:
            self.loss = loss
            heights = np.asarray(loss(self.grid), dtype=float)
            self.curve.set_ydata(heights)
            margin = 0.1 * (np.nanmax(heights) - np.nanmin(heights) + 1e-12)
            self.ax.set_ylim(np.nanmin(heights) - margin, np.nanmax(heights) + margin)
        if path is not None:
            path = np.asarray(path, dtype=float)
            if path.ndim != 1 or not len(path):
                raise ValueError(f"The path has the shape {path.shape}; it must be a list of weights, (steps + 1,).")
            with np.errstate(all="ignore"):
                losses = np.asarray(self.loss(path), dtype=float)
            box = np.transpose([self.ax.get_xlim(), self.ax.get_ylim()])
            places = np.stack([path, losses], axis=1)
            _show_path(self, places, box)
            self._write_numbers(places, box)
            self._draw_tangent(path[-1], losses[-1])
            self.sentence = _tale(losses, _is_outside(places[-1], box), path)
        return self

    def _write_numbers(self, places, box):
        """0, 1, 2, … below the curve at the first dots, as far as they do not stand on each other."""
        taken, heights = [], self.curve.get_ydata()
        for text, place in zip(self.numbers, [*places, *[None] * self.NUMBERED], strict=False):
            free = place is not None and not _is_outside(place, box)
            free = free and all(np.any(np.abs(place - t) / (box[1] - box[0]) > (0.04, 0.09)) for t in taken)
            text.set_visible(bool(free))
            if free:
                rise = np.interp(place[0], self.grid, np.gradient(heights, self.grid)) / np.ptp(box[:, 1])
                steep = rise * np.ptp(box[:, 0])  # as it looks in the picture
                text.xy, text.xyann = place, (13 * steep / np.hypot(steep, 1), -13 / np.hypot(steep, 1))
                taken.append(place)

    def _draw_tangent(self, w, height):
        if not np.isfinite(height):
            self.tangent.set_data([], [])
            return
        nudge, reach = 1e-5, 0.15 * (self.grid[-1] - self.grid[0]) * np.array([-1, 1])
        before, after = np.asarray(self.loss(w + nudge * np.array([-1.0, 1.0])), dtype=float)
        self.tangent.set_data(w + reach, height + (after - before) / (2 * nudge) * reach)


def _path_artists(ax):
    """The line with a dot for each step, the mark of its start, and that of its end."""
    dots = {"marker": "o", "markersize": 5.5, "markeredgecolor": "white", "markeredgewidth": 0.7}
    path = ax.plot([], [], color=style.VERMILLION, linestyle="-", linewidth=1.6, zorder=3, label="path", **dots)[0]
    edge = {"markeredgecolor": style.BLACK, "markeredgewidth": 1.6, "linestyle": "none", "zorder": 4}
    start = ax.plot([], [], "s", color="white", markersize=9, label="start", **edge)[0]
    end = ax.plot([], [], "D", color=style.ORANGE, markersize=9, label="end", **edge)[0]
    return path, start, end


def _show_path(view, places, box):
    """Draw the path as far as it can be seen, and mark its ends where they are in the picture."""
    view.path.set_data(*_followed(places, box).T)
    view.path.set(markersize=5.5 if len(places) <= DOTS else 3, markeredgewidth=0.7 if len(places) <= DOTS else 0)
    view.start.set_data(*places[:1].T)
    last = places[-1:] if len(places) > 1 and not _is_outside(places[-1], box) else places[:0]
    view.end.set_data(*last.T)


def _followed(places, box):
    """The path up to the first step that leads far away; numbers beyond that would only confuse the drawing."""
    reach = FAR * (box[1] - box[0])
    away = np.abs(places - box.mean(axis=0)) / reach
    with np.errstate(invalid="ignore"):
        lost = np.flatnonzero(~(away.max(axis=1) <= 1))
    if not len(lost) or lost[0] == 0:
        return places[:0] if len(lost) else places
    last, first = places[lost[0] - 1], places[lost[0]]
    way = np.nan_to_num(first - last, nan=0, posinf=1e300, neginf=-1e300)
    way = way / max(np.abs(way / reach).max(), 1e-300)  # in its direction, as far as we follow it
    return np.concatenate([places[: lost[0]], [last + way]])


def _is_outside(place, box) -> bool:
    return not bool(np.all((place >= box[0]) & (place <= box[1])))


def _tale(losses, outside: bool, path=None) -> str:
    """What became of the loss in one sentence."""
    steps = len(losses) - 1
    if not steps:
        return f"The loss at the start is {number_text(losses[0])}."
    after = f"After {steps} {'step' if steps == 1 else 'steps'}"
    if not np.isfinite(losses[-1]):
        lost = int(np.flatnonzero(~np.isfinite(losses))[0])
        return f"The loss began at {number_text(losses[0])} and is too large for a number from step {lost} on."
    where = "" if path is None else f"the weight is {number_text(path[-1])} and "
    left = ", outside the picture" if outside else ""
    return f"{after} {where}the loss is {number_text(losses[-1])}{left}; it began at {number_text(losses[0])}."
