"""A computation graph with its numbers: in each box value and gradient, on each line a local derivative."""

from matplotlib.patches import FancyBboxPatch

from classroom.explore import style
from classroom.explore.controls import number_text

WIDTH, HEIGHT = 0.62, 0.74  # of a box, in units between columns and between rows
MARKED, MOVED = style.VERMILLION, "#FBF0A8"


class computation:
    """A computation graph, from left to right: boxes are nodes, lines lead from each input to its result.

        graph = views.computation(ax, {"w": (0, 0), "p = 2w": (1, 0)}, ["w p"])
        graph.set(values={"w": 1, "p": 2}, gradients={"w": 2, "p": 1}, locals={"w p": 2}, marked="w", moved={"p"})

    `nodes` gives each node's formula and its place, column and row; its name is what stands before the `=`. A formula
    with `=` was computed and has a round box; one without was given and has a square box. `lines` names both ends of
    each line. `set` shows everything anew: what is left out is not shown. `marked` gets a thick frame; what `moved` has
    a yellow box, and so have the lines between two such. Gradients stand below the values, as "gradient …".
    """

    def __init__(self, ax, nodes: dict, lines: list, decimals: int = 0):
        self.decimals = decimals
        places = {formula.partition(" =")[0]: place for formula, place in nodes.items()}
        across, up = zip(*places.values(), strict=True)
        ax.set_axis_off()
        ax.set(xlim=(min(across) - 0.5, max(across) + 0.5), ylim=(min(up) - 0.5, max(up) + 0.5))
        self.boxes, self.values, self.gradients = {}, {}, {}
        centred = {"ha": "center", "va": "center", "zorder": 4}
        for formula, (x, y) in nodes.items():
            name, computed = formula.partition(" =")[0], "=" in formula
            self.boxes[name] = ax.add_patch(_box(x, y, computed))
            ax.text(x, y + 0.22, formula, fontsize=11, weight="bold", **centred)
            self.values[name] = ax.text(x, y, "", fontsize=11, **centred)
            self.gradients[name] = ax.text(x, y - 0.22, "", fontsize=10, color="#A34700", **centred)
        self.lines, self.locals = {}, {}
        for line in lines:
            (x0, y0), (x1, y1) = (places[end] for end in line.split())
            start, end = (x0 + WIDTH / 2, y0), (x1 - WIDTH / 2, y1)
            self.lines[line] = ax.annotate(
                "", end, start, arrowprops={"arrowstyle": "->", "color": style.GREY, "lw": 1.4}, zorder=1
            )
            x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
            white = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            self.locals[line] = ax.text(x, y, "", fontsize=10, color=style.BLUE, bbox=white, **centred)

    def set(self, values=None, gradients=None, locals=None, marked="", moved=()):
        for texts, numbers, word in (
            (self.values, values, ""),
            (self.gradients, gradients, "gradient "),
            (self.locals, locals, "× "),
        ):
            for name, text in texts.items():
                known = numbers is not None and name in numbers
                _say(text, word + self._number(numbers[name]) if known else "")
        for name, box in self.boxes.items():
            box.set(
                edgecolor=MARKED if name == marked else style.GREY,
                linewidth=3 if name == marked else 1.2,
                facecolor=MOVED if name in moved else "white",
            )
        return self

    def _number(self, number) -> str:
        return number if isinstance(number, str) else number_text(number, self.decimals)


def _say(text, words):
    if text.get_text() != words:
        text.set_text(words)
        text.set_visible(bool(words))


def _box(x, y, computed):
    corners = "round,pad=0,rounding_size=0.12" if computed else "square,pad=0"
    return FancyBboxPatch(
        (x - WIDTH / 2, y - HEIGHT / 2), WIDTH, HEIGHT, boxstyle=corners, facecolor="white", edgecolor=style.GREY,
        linewidth=1.2, zorder=3,
    )  # fmt: skip
