"""What lesson 1.4 draws and says: overfitting in the plane and in curves, and its outcomes in words."""

from types import SimpleNamespace

import numpy as np
import pytest

from classroom import data
from classroom.explore import views


def test_overfitting_shows_the_points_that_were_used_and_where_the_validation_loss_turned():
    moons, (_, axes) = data.moons(100), views.subplots(1, 2)
    view = views.overfitting(axes, moons, epochs=3)
    some = moons.train._replace(x=moons.train.x[:7], y=moons.train.y[:7])
    view.set(lambda points: np.full(len(points), 0.9), some, [0.7, 0.3, 0.1], [8.0, 0.42, 0.6])
    assert sum(len(points.get_offsets()) for points in view.field.points) == 7
    assert len(view.field.ring.get_xdata()) == np.sum(some.y == 0)  # all are taken for the second class
    assert axes[1].get_ylim() == (0, 1) and view.plot.lines["validation"].get_ydata()[0] == 1
    assert list(view.turn.get_xdata()) == [2, 2] and view.turn.get_visible()
    assert view.sentence == (
        "7 training points, epoch 3: training loss 0.10, validation loss 0.60; it was lowest, 0.42, after epoch 2."
    )


def test_losses_draw_each_run_pale_and_their_mean_strong():
    ax = views.subplots()[1]
    runs = [SimpleNamespace(train_loss=[a, 0.2], validation_loss=[a, 0.5]) for a in (0.8, 1.0)]
    views.losses(ax, runs, title="A")
    strong = {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}
    assert len(ax.lines) == 6 and list(strong) == ["training", "validation"] and ax.get_title("left") == "A"
    assert strong["training"].get_xydata() == pytest.approx(np.array([[1, 0.9], [2, 0.2]]))
    assert strong["validation"].get_ydata() == pytest.approx([0.9, 0.5])


@pytest.mark.parametrize(
    "trained, new, words",
    [
        (0.99, 0.1, "of its own 300: nearly all of them; of new ones: about one in ten"),
        (0.12, 0.1, "of its own 300: about one in ten; of new ones: about one in ten"),
        (0.5, 0.9, "of its own 300: some of them; of new ones: most of them"),
    ],
)
def test_memorised_is_put_in_the_words_of_the_lesson(trained, new, words):
    assert views.memorised(trained, new) == words


def test_one_parameter_that_differs_is_enough():
    assert views.watched(0) == "They are the same, to the last digit."
    assert views.watched(1) == "They differ."


@pytest.mark.parametrize("best, again, words", [(0.72, 0.5, "well above 60 %; on the others: near 50 %"),
                                               (0.52, 0.7, "near 50 %; on the others: well above 60 %")])  # fmt: skip
def test_best_of_many_is_put_in_the_words_of_the_lesson(best, again, words):
    assert views.best_of_many(best, again) == f"on the 20: {words}"


def test_best_of_k_draws_a_line_for_each_score_at_equal_distances():
    ax = views.subplots()[1]
    views.best_of_k(ax, (1, 50), [(86, 86, 87), (92, 88, 88)])
    assert ax.lines[0].get_label() == "score that chose" and len(ax.lines) == 3
    assert ax.lines[0].get_xydata() == pytest.approx(np.array([[0, 86], [1, 92]]))
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "50"]


def test_rows_of_scores_put_the_first_row_on_top_and_hide_no_mark():
    ax = views.subplots()[1]
    views.rows_of_scores(ax, {"seeds": [89.0, 89.0, 90.0], "splits": [86.0, 92.0, 92.0]}, "accuracy (%)")
    upper, lower = (ax.transData.transform(line.get_xydata()) for line in ax.lines)
    assert upper[:, 1].min() > lower[:, 1].max() and len(np.unique(upper[:, 1])) == 3
    assert [text.get_text() for text in ax.get_yticklabels()] == ["seeds", "splits"]
