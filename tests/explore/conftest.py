"""Helpers for explorers without a browser: what the browser would ask, and what the kernel answers it."""

import pytest

from classroom.explore import live


@pytest.fixture
def browser(monkeypatch):
    """`browser(explorer)` stands in for live.js: `.ask("move", values={…})` returns the answer and its buffers."""

    class Browser:
        def __init__(self, explorer):
            self.explorer, self.answers = explorer, []
            monkeypatch.setattr(explorer, "send", lambda content, buffers=None: self.answers.append((content, buffers)))

        def ask(self, ask, **more):
            before = len(self.answers)
            self.explorer._on_message(None, {"ask": ask, "view": "here", **more}, [])
            assert len(self.answers) == before + 1, "the browser waits for exactly one answer"
            return self.answers[-1]

    return Browser


@pytest.fixture
def line():
    """An explorer of a straight line: `line(**arguments of Live)` gives the explorer and the line's artist."""

    def make(**more):
        fig, ax = live.subplots()
        (drawn,) = ax.plot([0, 1], [0, 0])
        ax.set(xlim=(0, 1), ylim=(-10, 10))

        def update(slope):
            drawn.set_ydata([0, slope])
            return f"The slope is {slope:.2f}."

        return live.Live(fig, update, **{"slope": (-5.0, 5.0, 1.0), **more}), drawn

    return make


@pytest.fixture
def training():
    """An explorer of a run of five frames: `training(**arguments)` gives it and a list of (frame, width, rate)."""

    def make(**more):
        fig, ax = live.subplots()
        (curve,) = ax.plot([], [])
        ax.set(xlim=(0, 5), ylim=(0, 100))
        seen = []

        def update(width, rate):
            for frame in range(5):
                seen.append((frame, width, rate))
                curve.set_data(range(frame + 1), [width * rate] * (frame + 1))
                yield  # a breath
                rate = (yield f"Frame {frame}: width {width}, rate {rate}.")["rate"]

        return live.Live(fig, update, **{"width": (1, 9), "rate": live.tune((1, 9)), **more}), seen

    return make
