"""Lesson 1.5: five ways to join inputs with outputs, and closed boxes that are told apart by what they do."""

import numpy as np
from matplotlib.collections import LineCollection

from classroom.explore import style

PLACES = 5  # circles in a row of `wirings`
LINKS = ((0, 3), (1, 2), (1, 4), (3, 4))  # of the graph that `wirings` shows
FAMILY = ("MLP", "CNN", "RNN", "transformer", "graph network")


def wirings(axes, kinds=FAMILY, titles=None) -> None:
    """One panel for each kind: inputs below, outputs above, and a line wherever an output looks at an input.

    Lines that look alike within a panel share one weight. `titles` stand above the panels in place of the names.
    """
    for ax, kind, title in zip(np.ravel(axes), kinds, titles or kinds, strict=True):
        ax.set_axis_off()
        ax.set(xlim=(-0.5, PLACES - 0.5), ylim=(-0.3, 1.35))
        ax.set_title(title, fontsize=11, loc="center", pad=2)
        for look, ways in _ways(kind).items():
            color, dashes, width = _LOOKS[look]
            ax.add_collection(LineCollection(ways, colors=color, linestyles=[dashes], linewidths=width, zorder=1))
        if kind == "RNN":
            for i in range(PLACES - 1):
                arrow = {"arrowstyle": "-|>", "color": style.VERMILLION, "lw": 2}
                ax.annotate("", (i + 0.84, 1), (i + 0.16, 1), arrowprops=arrow, zorder=1)
        ring = {"marker": "o", "linestyle": "none", "markerfacecolor": "white", "markeredgewidth": 2, "markersize": 10}
        ax.plot(range(PLACES), [0] * PLACES, **ring, color=style.BLUE, zorder=2)
        ax.plot(range(PLACES), [1] * PLACES, **ring, color=style.ORANGE, zorder=2)


_LOOKS = {  # colour, dashes, width: lines of one look share a weight
    "own": (style.GREY, "-", 0.7),
    "left": (style.BLUE, "-", 2),
    "middle": (style.VERMILLION, (0, (3, 1)), 2),
    "right": (style.GREEN, (0, (1, 1)), 2),
    "faint": (style.PURPLE, (0, (2, 2)), 0.7),
    "strong": (style.PURPLE, (0, (2, 2)), 2.4),
}


def _ways(kind):
    """Lines from (input, 0) to (output, 1), by their look."""
    ways = {look: [] for look in _LOOKS}
    linked = {(i, i) for i in range(PLACES)} | set(LINKS) | {(j, i) for i, j in LINKS}
    for i in range(PLACES):
        for j in range(PLACES):
            line = [(i, 0.0), (j, 1.0)]
            if kind == "MLP":
                ways["own"].append(line)
            elif kind == "CNN" and abs(i - j) <= 1:
                ways[("left", "middle", "right")[i - j + 1]].append(line)
            elif kind == "RNN" and i == j:
                ways["left"].append(line)
            elif kind == "transformer":
                ways["strong" if (3 * i + j) % 5 == 0 else "faint"].append(line)
            elif kind == "graph network" and (i, j) in linked:
                ways["left" if i == j else "middle"].append(line)
    return {look: lines for look, lines in ways.items() if lines}


class closed_boxes:
    """Inputs and outputs of a box as bars, before (outlines) and after a test; two axes.

        view = views.closed_boxes(axes, boxes, x)        view.set("A", "nudge", place=3).sentence

    `boxes` maps letters to functions of as many numbers as `x` has, to as many. The test "nudge" adds 1 to the input at
    `place`, counted from 1; "swap" exchanges it with the next one. `note(box, name)` keeps what the learner calls a
    box: a name belongs to one box at a time, and it is noted only when it is chosen anew.
    """

    def __init__(self, axes, boxes, x):
        self.boxes, self.x, self.notes, self._last = boxes, np.asarray(x, float), {}, (None, None)
        self.before = {letter: box(self.x) for letter, box in boxes.items()}
        numbers, self.bars, self.lines = np.arange(1, len(self.x) + 1), [], []
        highest = 1.15 * max(abs(self._after(box, test, place)).max() for box in boxes for test in ("nudge", "swap")
                             for place in range(1, len(self.x)))  # fmt: skip
        looks = ((style.SKY, "inputs", max(abs(self.x)) + 1.2), (style.ORANGE, "outputs", highest))
        for ax, (color, title, limit) in zip(axes, looks, strict=True):
            ax.axhline(0, color=style.GREY, linewidth=0.9, linestyle="-")
            self.bars.append(ax.bar(numbers, 0 * self.x, width=0.8, color=color, label="after the test"))
            self.lines.append(ax.plot(numbers, 0 * self.x, "_", color=style.BLACK, ms=17, mew=2.2, label="before")[0])
            ax.set(title=title, xlabel="place", ylabel="number", xticks=numbers, ylim=(-limit, limit))
        axes[1].legend(loc="lower right")

    def _test(self, test, place):
        x = self.x.copy()
        if test == "nudge":
            x[place - 1] += 1
        else:
            x[[place - 1, place]] = x[[place, place - 1]]
        return x

    def _after(self, box, test, place):
        return self.boxes[box](self._test(test, place))

    def note(self, box, name):
        """Keep the name of this box, if it is the name that was moved and not the box."""
        last_box, last_name = self._last
        if box == last_box and name != last_name:
            self.notes = {letter: known for letter, known in self.notes.items() if letter != box and known != name}
            if name != "?":
                self.notes[box] = name
        self._last = box, name
        return self

    def set(self, box, test, place):
        after, before = self._after(box, test, place), self.before[box]
        for bars, line, heights, old in zip(
            self.bars, self.lines, (self._test(test, place), after), (self.x, before), strict=True
        ):
            for bar, height in zip(bars, heights, strict=True):
                bar.set_height(height)
            line.set_ydata(old)
        what = f"input {place} up by 1" if test == "nudge" else f"inputs {place} and {place + 1} exchanged"
        self.sentence = f"Box {box}, {what}: {self._told(test, place, before, after)}. Your notes: {self._noted()}"
        return self

    def _told(self, test, place, before, after):
        moved = np.flatnonzero(abs(after - before) > 1e-9)
        exchanged = before.copy()
        exchanged[[place - 1, place]] = before[[place, place - 1]] if test == "swap" else before[[place - 1, place]]
        if test == "swap" and np.allclose(after, exchanged, atol=1e-9):
            return f"outputs {place} and {place + 1} are exchanged, no other changes"
        if len(moved) == len(after):
            return "all outputs change"
        return "these outputs change: " + ", ".join(str(i + 1) for i in moved)

    def _noted(self):
        return ", ".join(f"{letter} {self.notes.get(letter, '?')}" for letter in self.boxes)


def changed_states(before, after) -> str:
    """Which of a series of states changed when the sixth input of ten did, in the words of lesson 1.5."""
    moved = np.flatnonzero(np.ravel(abs(np.asarray(after) - before)) > 1e-12) + 1
    return "all ten" if len(moved) == 10 else f"states {moved[0]} to {moved[-1]}" if len(moved) > 1 else "state 6 only"


def moved_map(before, after) -> str:
    """What a map did when its picture moved right by one column, in the words of lesson 1.5."""
    if np.allclose(before, after):
        return "It stays as it is."
    along = np.allclose(np.roll(before, 1, axis=1), after)
    return "It moves along, too." if along else "Its numbers become quite others."


def dog_became(now, dog, man) -> str:
    """What the dog's row became in the turned sentence, beside dog and man before, in the lesson's words."""
    if np.allclose(now, dog):
        return "It becomes the same."
    return "It becomes what the man became before." if np.allclose(now, man) else "It becomes something else."
