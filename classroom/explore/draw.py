"""Drawing only what changed: a background kept as pixels, and on it the artists that an update touches.

A full draw of a figure costs some 30 ms, most of it for axes, ticks and text that stay as they are. matplotlib
marks each artist that was changed as *stale*. The first time that an artist is stale, it joins the *moving* ones:
the figure is drawn once without them and kept. From then on a frame is that background, the moving artists, and
whatever lies above them. The pixels are the same as those of a full draw; a test compares them.
"""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image


class Painter:
    """Paints one figure again and again; `paint()` returns its pixels (height, width, 4), uint8."""

    def __init__(self, figure: Figure):
        if not isinstance(figure.canvas, FigureCanvasAgg):
            FigureCanvasAgg(figure)
        self.figure, self.canvas = figure, figure.canvas
        self.canvas.draw()
        figure.set_layout_engine("none")  # laid out once: nothing jumps when labels change their width
        self._moving, self._above, self._still, self._frame = [], [], None, None
        for part in self._parts():
            _settle(part)  # matplotlib itself forgets to, where a text is empty

    def paint(self) -> np.ndarray:
        if _overlapping(self.figure.axes):  # axes hide each other in ways that the order of parts does not follow
            return self.paint_all()
        parts = self._parts()
        touched = [part for part in parts if part not in self._moving and _is_stale(part)]
        if self._still is None or touched or self._frame != self._frame_now(parts):
            self._capture(parts, touched)
        self.canvas.restore_region(self._still)
        renderer = self.canvas.get_renderer()
        for part in self._above:
            part.draw(renderer)
        for part in parts:
            _settle(part)
        return np.asarray(self.canvas.buffer_rgba())

    def paint_all(self) -> np.ndarray:
        """Draw everything anew, the slow and certain way."""
        self.canvas.draw()
        self._still = None
        return np.asarray(self.canvas.buffer_rgba())

    def paint_exactly(self) -> np.ndarray:
        """The pixels of a full draw. If they differ, something changed that matplotlib does not mark (an annotation's
        point, say): then the background is drawn anew next time."""
        fast = self.paint().copy()
        self.canvas.draw()
        for part in self._parts():
            _settle(part)  # else all of them would move from now on
        exact = np.asarray(self.canvas.buffer_rgba())
        if not np.array_equal(fast, exact):
            self._still = None
        return exact

    def _capture(self, parts, touched):
        """Draw the figure without what moves (and what lies above that), and keep it as the background."""
        self._still = None
        self._moving = [part for part in self._moving if part in parts] + touched
        self._above = self._over(parts)
        shown = [part for part in self._above if part.get_visible()]
        for part in shown:
            part.set_visible(False)
        try:
            self.canvas.draw()
            self._still = self.canvas.copy_from_bbox(self.figure.bbox)
        finally:
            for part in shown:
                part.set_visible(True)
        self._frame = self._frame_now(parts)

    def _over(self, parts):
        """The moving parts and those drawn after them in the same axes, in the order of drawing."""
        first = {}
        for place, part in enumerate(parts):
            if part in self._moving:
                first.setdefault(part.axes, place)
        return [part for place, part in enumerate(parts) if place >= first.get(part.axes, len(parts))]

    def _parts(self):
        """Everything that can be drawn by itself, in matplotlib's own order (see `Axes.draw`)."""
        parts = []
        for axes in sorted(self.figure.axes, key=lambda a: a.zorder):
            if not axes.get_visible():
                continue
            children = [child for child in axes.get_children() if child not in (axes.patch, *_titles(axes))]
            if not (axes.axison and axes.get_frame_on()):
                children = [child for child in children if child not in axes.spines.values()]
            if not axes.axison:
                children = [child for child in children if child not in axes._axis_map.values()]
            parts += sorted(children, key=lambda a: a.zorder)
        others = [c for c in self.figure.get_children() if c is not self.figure.patch and c not in self.figure.axes]
        return parts + sorted(others, key=lambda a: a.zorder)

    def _frame_now(self, parts):
        """What the background depends on: the size, which parts there are, each axes' limits, scales and titles.

        (Titles cannot move by themselves: matplotlib places them anew in each full draw, by what is visible.)
        """
        axes = [
            (a.get_xlim(), a.get_ylim(), a.get_xscale(), a.get_yscale(), a.axison, [t.get_text() for t in _titles(a)])
            for a in self.figure.axes
        ]
        return self.figure.dpi, tuple(self.figure.get_size_inches()), axes, [id(part) for part in parts]


def _titles(axes):
    return axes.title, axes._left_title, axes._right_title


def _is_stale(part) -> bool:
    return part.stale or any(_is_stale(child) for child in _texts_of(part))


def _settle(part):
    part.stale = False
    for child in _texts_of(part):
        _settle(child)


def _texts_of(part):
    """Parts of a part that are changed by themselves: an axis' label, a legend's texts."""
    if hasattr(part, "get_texts"):
        return part.get_texts()
    return [part.label] if hasattr(part, "label") else []


def _overlapping(axes) -> bool:
    boxes = [a.bbox for a in axes]
    return any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def changed(before: np.ndarray | None, after: np.ndarray) -> tuple[int, int, int, int] | None:
    """The smallest rectangle (left, top, right, bottom) that holds every changed pixel; None if there is none."""
    height, width = after.shape[:2]
    if before is None or before.shape != after.shape:
        return 0, 0, width, height
    differs = before.view(np.uint32)[..., 0] != after.view(np.uint32)[..., 0]
    rows, cols = np.flatnonzero(differs.any(1)), np.flatnonzero(differs.any(0))
    return (int(cols[0]), int(rows[0]), int(cols[-1]) + 1, int(rows[-1]) + 1) if len(rows) else None


def encode(rgba: np.ndarray, exact: bool) -> bytes:
    """Pixels as PNG (exact, 7 ms for 840 × 340) or as JPEG (1 ms, hardly to be told apart, for frames in motion)."""
    height, width = rgba.shape[:2]
    picture = Image.frombuffer("RGBX", (width, height), np.ascontiguousarray(rgba), "raw", "RGBX", 0, 1).convert("RGB")
    buffer = io.BytesIO()
    if exact:
        picture.save(buffer, "png", compress_level=1)
    else:
        picture.save(buffer, "jpeg", quality=88, subsampling=0)
    return buffer.getvalue()
