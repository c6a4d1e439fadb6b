"""The one style of the course's figures, and how a figure becomes a picture of the same bytes every time.

Colours are Okabe and Ito's (2008), which colour-blind readers can tell apart; lines also differ in their dashes and
points in their markers, so that no figure speaks by colour alone. No text is smaller than 10 points. Importing this
module sets the style.
"""

import io

import matplotlib
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

BLACK, GREY, PALE = "#1A1A1A", "#6B6B6B", "#E4E4E4"
BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, YELLOW = "#56B4E9", "#CC79A7", "#F0E442"
COLORS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
MARKERS = ("o", "^", "s", "D", "v", "P")
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)), (0, (9, 3)), (0, (3, 1, 1, 1, 1, 1)))

# From one class (blue) over "undecided" (white) to the other (vermillion); pale enough for points to stand on.
TWO_CLASSES = LinearSegmentedColormap.from_list("two_classes", ["#A9D0E8", "#FFFFFF", "#F6CDAF"])

DPI = 100  # pixels of the screen to an inch of a figure
SHARP = 2  # stored pictures have this many dots to a pixel, so that text stays crisp on fine displays
LARGEST = 80_000  # bytes of a stored picture

STYLE = {
    "axes.axisbelow": True,  # grid and ticks under everything; this also lets a field be redrawn without its axis
    "axes.edgecolor": GREY,
    "axes.grid": False,
    "axes.labelcolor": BLACK,
    "axes.labelsize": 11,
    "axes.linewidth": 0.9,
    "axes.prop_cycle": cycler(color=COLORS) + cycler(linestyle=DASHES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.titlesize": 12,
    "figure.dpi": DPI,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so it is the same on every machine
    "font.size": 11,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "image.cmap": "gray_r",
    "image.interpolation": "nearest",
    "legend.borderaxespad": 0.3,
    "legend.fontsize": 10,
    "legend.framealpha": 0.9,
    "legend.frameon": True,
    "legend.edgecolor": "none",
    "legend.handlelength": 2.4,
    "lines.linewidth": 2,
    "lines.markersize": 6,
    "savefig.facecolor": "white",
    "svg.hashsalt": "neural-networks-course",
    "text.color": BLACK,
    "xtick.color": GREY,
    "xtick.labelcolor": BLACK,
    "xtick.labelsize": 10,
    "ytick.color": GREY,
    "ytick.labelcolor": BLACK,
    "ytick.labelsize": 10,
}
matplotlib.rcdefaults()  # a reader's own matplotlibrc must not change the figures of the course
matplotlib.rcParams.update(STYLE)


class Panel(Axes):
    """Axes whose images lie above ticks and grid, so that a field can be redrawn without them (half of the time)."""

    def imshow(self, *args, zorder=0.6, **kwargs):
        return super().imshow(*args, zorder=zorder, **kwargs)


def subplots(rows: int = 1, cols: int = 1, size: tuple[float, float] | None = None, **more):
    """Return a figure and its axes, like `plt.subplots`, but without pyplot: nothing global, nothing shown twice.

    `size` is in inches of 100 pixels; left out, it suits the number of panels. `more` goes to `Figure.subplots`
    (`width_ratios`, `sharey`, …). Room for labels is made by matplotlib's constrained layout.
    """
    size = size or (min(8.4, 1.4 + 3.6 * cols), min(8.0, 0.4 + 3.0 * rows))
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    more["subplot_kw"] = {"axes_class": Panel, **(more.get("subplot_kw") or {})}
    return figure, figure.subplots(rows, cols, **more)


def png(figure: Figure) -> bytes:
    """The figure as a PNG of at most 80 KB: as sharp as fits, then with fewer colours, then less sharp.

    The bytes depend on the figure alone: no date, no version of matplotlib.
    """
    for sharpness in (SHARP, 1.5, 1):
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=DPI * sharpness, metadata={"Software": None})
        if buffer.tell() <= LARGEST:
            return buffer.getvalue()
        picture = Image.open(buffer).convert("RGB")
        for colours in (256, 64):
            smaller = io.BytesIO()
            picture.quantize(colours, dither=Image.Dither.NONE).save(smaller, "png", optimize=True)
            if smaller.tell() <= LARGEST:
                return smaller.getvalue()
    raise ValueError(
        f"The picture has {smaller.tell() // 1000} KB and may have {LARGEST // 1000}: "
        "draw fewer points, or make the figure smaller."
    )


def pixels(figure: Figure) -> tuple[int, int]:
    """Width and height of the figure on the page, in pixels of the screen."""
    width, height = figure.get_size_inches() * DPI
    return round(width), round(height)
