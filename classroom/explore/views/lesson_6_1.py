"""Lesson 6.1: a skeleton drawn stage by stage with its cost, and the lesson's outcomes in words."""

from itertools import pairwise

import numpy as np

from classroom.explore import style

NARROW, WIDE = "bottleneck", "block"
LOOKS = {"input": style.BLUE, "normalise": style.SKY, WIDE: style.ORANGE, NARROW: style.VERMILLION, "head": style.GREEN}


class skeleton:
    """A network as upright bars from its input to its head, as tall as the root of their widths.

        view = views.skeleton(ax, most=7)       view.set(64, blocks=[48, 48], bottleneck=3, outputs=10).sentence

    Between the input and the blocks the input is normalised, which has no parameters. `bottleneck=0` leaves it out;
    it is hatched, so that it does not differ by colour alone. `widths`, `parameters` and `multiplications` (for one
    example) are those of the network shown. `most` is the number of stages that there is room for.
    """

    def __init__(self, ax, most: int = 7, widest: int = 64):
        self.ax, self.most = ax, most
        ax.set_axis_off()
        ax.set(xlim=(-0.6, most - 0.4), ylim=(-0.62, 0.68))
        self.unit = 1 / np.sqrt(widest)
        self.bars = [ax.bar(i, 0, 0.5, edgecolor=style.BLACK, linewidth=1)[0] for i in range(most)]
        middle = {"ha": "center", "va": "center", "fontsize": 10}
        self.names = [ax.text(i, -0.58, "", **middle) for i in range(most)]
        self.shapes = [ax.text(i, 0.6, "", **middle) for i in range(most)]
        self.arrows = [ax.text(i + 0.5, 0, "", **middle, color=style.GREY) for i in range(most - 1)]

    def set(self, inputs, blocks, bottleneck, outputs):
        """Show the network with these widths."""
        stages = [("input", inputs), ("normalise", inputs)]
        stages += [(f"{WIDE} {i}", width) for i, width in enumerate(blocks, start=1)]
        stages += [(NARROW, bottleneck)] * (bottleneck > 0) + [("head", outputs)]
        if len(stages) > self.most:
            raise ValueError(f"This network has {len(stages)} stages; there is room for {self.most}.")
        self.widths = [width for _, width in stages[1:]]
        self.parameters = sum((a + 1) * b for a, b in pairwise(self.widths))
        self.multiplications = sum(a * b for a, b in pairwise(self.widths))
        for i, (name, width) in enumerate([*stages, *[("", 0)] * (self.most - len(stages))]):
            tall = np.sqrt(width) * self.unit
            look = LOOKS.get(name.split(" ")[0], style.PALE)
            self.bars[i].set(height=tall, y=-tall / 2, facecolor=look, hatch="///" if name == NARROW else "")
            self.bars[i].set_visible(bool(name))
            self.names[i].set_text(name)
            self.shapes[i].set_text(f"{width}" if name else "")
            if i:
                self.arrows[i - 1].set_text("→" if name else "")
        self.sentence = (
            f"{'-'.join(str(width) for width in self.widths)}: {_spaced(self.parameters)} parameters, "
            f"{_spaced(self.multiplications)} multiplications an image"
        )
        return self


def _spaced(count: int) -> str:
    return f"{count:,}".replace(",", " ")
