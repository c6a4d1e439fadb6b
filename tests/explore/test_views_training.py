"""Training curves: they grow, make room, show the spread of seeds, and say where they end."""

import numpy as np
import pytest

from classroom.explore import views


@pytest.fixture
def ax():
    return views.subplots()[1]


def test_curves_grow_and_make_room(ax):
    plot = views.curves(ax, ["training", "validation"], length=4)
    plot.set(training=[0.9, 0.5]).set({"validation": [3.0] * 7})
    assert plot.lines["training"].get_xydata().tolist() == [[0, 0.9], [1, 0.5]]
    assert ax.get_xlim()[1] >= 6 and ax.get_ylim()[1] > 3 and ax.get_xlabel() == "epoch"
    plot.set(training=[np.inf, np.nan, 0.1])
    assert np.isfinite(ax.get_ylim()).all()


def test_seeds_are_a_mean_in_a_band_from_lowest_to_highest(ax):
    plot = views.curves(ax, ["training", "validation"], first=1)
    plot.set(training=[[0.9, 0.4], [0.7, 0.6]], validation=[0.8, 0.5])
    assert plot.lines["training"].get_xydata() == pytest.approx(np.array([[1, 0.8], [2, 0.5]]))
    band = plot.bands["training"]
    corners = {tuple(corner) for corner in band.get_xy()}
    assert band.get_visible() and corners == {(1, 0.9), (2, 0.6), (2, 0.4), (1, 0.7)}
    assert not plot.bands["validation"].get_visible()
    assert plot.sentence == "Epoch 2: training loss 0.5 (0.4 to 0.6 over 2 seeds), validation loss 0.5."


def test_a_band_leaves_out_what_is_no_number(ax):
    plot = views.curves(ax, ["training"]).set(training=[[0.9, 0.4, 0.3], [0.7, 0.6, np.nan]])
    assert set(plot.bands["training"].get_xy()[:, 0]) == {0, 1}
    assert plot.sentence == "Epoch 2: training loss has been no number since epoch 2."


def test_levels_stand_in_legend_and_sentence(ax):
    plot = views.curves(ax, ["network"], ylabel="accuracy", levels={"linear baseline": 0.94})
    assert plot.sentence == ""
    plot.set(network=[0.5, 0.9, 0.97])
    assert plot.sentence == "Epoch 2: network accuracy 0.97, linear baseline 0.94."
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["network", "linear baseline"]
    assert ax.lines[1].get_ydata() == [0.94, 0.94]


def test_a_new_run_gets_the_axes_of_the_first(ax):
    plot = views.curves(ax, ["training", "validation"], length=4)
    home = ax.get_xlim(), ax.get_ylim()
    plot.set(training=[1, 70, 900, 4, 5, 6, 7], validation=[1, 2, 3, 4, 5, 6, 7])
    grown = ax.get_xlim(), ax.get_ylim()
    assert grown[0][1] > home[0][1] and grown[1][1] > 900
    plot.set(training=[1])
    assert (ax.get_xlim(), ax.get_ylim()) == grown, "the other curve is as long as before"
    plot.set(training=[1, 2], validation=[0.5])
    assert (ax.get_xlim(), ax.get_ylim()) == grown, "training goes on"
    plot.set(training=[1, 2, 3], validation=[0.5, 0.5]).set(training=[1], validation=[0.5])
    assert (ax.get_xlim(), ax.get_ylim()) == home


def test_a_curve_that_ends_earlier_says_when(ax):
    plot = views.curves(ax, ["a", "b"], xlabel="step").set(a=[1, 0.5], b=[1, 1, 1, 0.25])
    assert plot.sentence == "Step 3: a loss 0.5 (step 1), b loss 0.25."


def test_an_unknown_curve_is_named(ax):
    with pytest.raises(TypeError, match="no curve 'test'; there are 'training'"):
        views.curves(ax, ["training"]).set(test=[1])


def test_runs_are_pale_and_their_mean_is_strong(ax):
    *pale, strong = views.runs(ax, [[0.2, 0.4], [0.4, 0.8]], "network", 1)
    assert len(pale) == 2 and strong.get_xydata() == pytest.approx(np.array([[1, 0.3], [2, 0.6]]))
    assert all(line.get_linewidth() < strong.get_linewidth() for line in pale)


def test_a_strip_has_a_row_for_each_name(ax):
    views.strip(ax, {"no fault": [1, 2], "rate too small": [3, 4]}, "loss", log=(1, 3))
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0, 0], [1, 1]]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["no fault", "rate too small"]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "3"] and ax.get_xscale() == "log"
