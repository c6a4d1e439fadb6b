"""A computation graph with its numbers: in each box value and gradient, on each line a local derivative."""

from matplotlib.colors import to_rgba
from matplotlib.patches import FancyBboxPatch

from classroom.explore import style
from classroom.explore.controls import number_text

WIDTH, HEIGHT = 0.62, 0.74  # of a box, in units between columns and between rows
MARKED, MOVED = style.VERMILLION, style.ORANGE


class computation:
    """A computation graph, from left to right: boxes are nodes, lines lead from each input to its result.

        graph = views.computation(ax, {"w": (0, 0), "p = 2w": (1, 0)}, ["w p"])
        graph.set(values={"w": 1, "p": 2}, gradients={"w": 2, "p": 1}, locals={"w p": 2}, marked="w", moved={"p"})

    `nodes` gives each node's formula and its place, column and row; its name is what stands before the `=`. A formula
    with `=` was computed and has a round box; one without was given and has a square box. `lines` names both ends of
    each line; a dict also gives, for each, the columns and rows by which it goes. `set` shows everything anew: what is
    left out is not shown. `marked` gets a thick frame of vermillion, what `moved` one of orange. Gradients stand below
    the values, after the word.
    """

    def __init__(self, ax, nodes: dict, lines: list | dict, decimals: int = 0, word: str = "gradient"):
        self.decimals = decimals
        places = {formula.partition(" =")[0]: place for formula, place in nodes.items()}
        ways = lines if isinstance(lines, dict) else dict.fromkeys(lines, ())
        across, up = zip(*places.values(), *(place for way in ways.values() for place in way), strict=True)
        ax.set_axis_off()
        ax.set(xlim=(min(across) - 0.5, max(across) + 0.5), ylim=(min(up) - 0.5, max(up) + 0.5))
        self.boxes, self.values, self.gradients, self.words = {}, {}, {}, {}
        centred = {"ha": "center", "va": "center"}
        after = 0.1 - 0.03 * (len("gradient") - len(word))  # where the word ends and its number begins
        for formula, (x, y) in nodes.items():  # what never changes lies below what does: it need not be drawn anew
            name, computed = formula.partition(" =")[0], "=" in formula
            ax.add_patch(_box(x, y, computed, facecolor="white", edgecolor=style.GREY, zorder=2))
            ax.text(x, y + 0.22, formula, fontsize=11, weight="bold", **centred, zorder=2.1)
            brown = {"fontsize": 10, "color": "#A34700", "va": "center"}
            self.words[name] = ax.text(x + after, y - 0.22, word, ha="right", **brown, zorder=2.1, visible=False)
            self.boxes[name] = ax.add_patch(_box(x, y, computed, facecolor="none", edgecolor="none", zorder=3))
            self.values[name] = ax.text(x, y, "", fontsize=11, **centred, zorder=2.2)
            self.gradients[name] = ax.text(x + after + 0.025, y - 0.22, "", ha="left", **brown, zorder=2.2)
        self.lines, self.locals = {}, {}
        for line, way in ways.items():
            (x0, y0), (x1, y1) = (places[end] for end in line.split())
            start, end = (x0 + WIDTH / 2, y0), (x1 - WIDTH / 2, y1)
            for x, y in way:  # level through a column, aslant between them
                bend = [start, (x - WIDTH / 2, y), (x + WIDTH / 2, y)]
                ax.plot(*zip(*bend, strict=True), color=style.GREY, linestyle="-", lw=1.4, zorder=1)
                start = bend[-1]
            self.lines[line] = ax.annotate(
                "", end, start, arrowprops={"arrowstyle": "->", "color": style.GREY, "lw": 1.4}, zorder=1
            )
            x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
            white = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            self.locals[line] = ax.text(x, y, "", fontsize=10, color=style.BLUE, bbox=white, **centred, zorder=2.2)

    def set(self, values=None, gradients=None, locals=None, marked="", moved=()):
        for texts, numbers, sign in (
            (self.values, values or {}, ""),
            (self.gradients, gradients or {}, ""),
            (self.locals, locals or {}, "× "),
        ):
            for name, text in texts.items():
                shown = sign + number_text(numbers[name], self.decimals) if name in numbers else ""
                if shown and text.get_text() not in ("", shown):  # it moves: only now it goes above what stays
                    text.set_zorder(4)
                _change(text, text=shown)
        for name, word in self.words.items():
            _change(word, visible=name in (gradients or {}))
        for name, box in self.boxes.items():
            frame = MARKED if name == marked else MOVED if name in moved else "none"
            _change(box, edgecolor=to_rgba(frame), linewidth=0 if frame == "none" else 3)
        return self


def _change(artist, **look):
    """Set only what differs, so that nothing is drawn anew for no reason."""
    for key, value in look.items():
        if getattr(artist, f"get_{key}")() != value:
            artist.set(**{key: value})


def _box(x, y, computed, **look):
    corners = "round,pad=0,rounding_size=0.12" if computed else "square,pad=0"
    return FancyBboxPatch((x - WIDTH / 2, y - HEIGHT / 2), WIDTH, HEIGHT, boxstyle=corners, linewidth=1.2, **look)
