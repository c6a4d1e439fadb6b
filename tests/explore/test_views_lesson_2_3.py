"""The two lines of lesson 2.3: they lie where they are told, and the threads are the errors that pull."""

import numpy as np
import pytest

from classroom.explore import style, views
from classroom.explore.draw import Painter


@pytest.fixture
def ax():
    return views.subplots(1, 1, size=(7.6, 4))[1]


def drawn(ax):
    return views.two_lines(ax, np.array([180.0, 220.0]), np.array([3.0, 5.0]), typo=(205, 7.4), old=(0.05, -6.0))


def test_the_lines_and_the_threads_to_the_squared_one(ax):
    view = drawn(ax).set((0.1, -16), (0.05, -6), (190, 1.0))
    squared, absolute = view._lines
    assert np.allclose(squared.get_xydata(), [[170, 1], [230, 7]])
    assert np.allclose(absolute.get_xydata(), [[170, 2.5], [230, 5.5]])
    from_typo, from_yours = (thread.get_ydata() for thread in view.threads)
    assert np.allclose(from_typo, [4.5, 7.4]) and np.allclose(from_yours, [3.0, 1.0])


def test_the_dotted_line_stays_and_every_line_has_a_dash_of_its_own(ax):
    view = drawn(ax)
    dotted = next(line for line in ax.lines if line.get_linestyle() == ":")
    view.set((0.1, -16), (0.05, -6), (190, 1.0))
    assert np.allclose(dotted.get_ydata(), [2.5, 5.5]) and dotted.get_color() == style.BLACK
    squared, absolute = view._lines
    assert len({squared.get_linestyle(), absolute.get_linestyle(), ":"}) == 3


def test_a_move_draws_nothing_anew(ax, monkeypatch):
    view = drawn(ax)
    painter = Painter(ax.figure)
    for k in (1.0, 2.0):
        view.set((0.05, -6 + k), (0.05, -6), (190, k))
        painter.paint()
    monkeypatch.setattr(ax.figure.canvas, "draw", lambda: pytest.fail("a full draw"))
    view.set((0.05, -3), (0.05, -5), (200, 3))
    painter.paint()
