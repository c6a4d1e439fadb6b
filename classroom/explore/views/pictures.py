"""Pictures in a grid: digits, photographs, what a network is most wrong about."""

import numpy as np


class images:
    """A grid of pictures (n, height, width), all in one artist, with a short label above each.

    `range` is what is white and what is black; left out, the extremes of the first stack.
    """

    def __init__(self, ax, stack, labels=None, columns: int = 10, range=None):
        stack = np.asarray(stack, dtype=float)
        self.columns, (n, self.height, self.width) = min(columns, len(stack)), stack.shape
        low, high = range or (stack.min(), stack.max())
        self.gap = max(1, round(self.height / 5)) if labels is None else max(2, round(self.height / 2.2))
        ax.set_axis_off()
        self.sheet = ax.imshow(self._lay(stack), vmin=low, vmax=high, cmap="gray_r", interpolation="nearest")
        self.labels = [ax.text(*self._place(i), "", ha="center", va="bottom", fontsize=10) for i in np.arange(n)]
        ax.set_ylim(top=-self.gap - 0.5)
        self.set(stack, labels)

    def set(self, stack, labels=None):
        self.sheet.set_data(self._lay(np.asarray(stack, dtype=float)))
        for text, label in zip(self.labels, () if labels is None else labels, strict=False):
            text.set_text(str(label))
        return self

    def _corner(self, i):
        return i // self.columns * (self.height + self.gap), i % self.columns * (self.width + self.gap)

    def _place(self, i):
        top, left = self._corner(i)
        return left + self.width / 2 - 0.5, top - 1

    def _lay(self, stack):
        """One array with all pictures, NaN (which is drawn as nothing) between them."""
        bottom, _ = self._corner(len(stack) - 1)
        sheet = np.full((bottom + self.height, self.columns * (self.width + self.gap) - self.gap), np.nan)
        for i, picture in enumerate(stack):
            top, left = self._corner(i)
            sheet[top : top + self.height, left : left + self.width] = picture
        return sheet
