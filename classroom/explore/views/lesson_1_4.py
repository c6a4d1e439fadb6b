"""Lesson 1.4: a network that overfits, in the plane and in two curves; and its experiments' outcomes in words."""

import numpy as np

from classroom.explore import style
from classroom.explore.controls import number_text
from classroom.explore.views.classes import boundary
from classroom.explore.views.training import curves


class overfitting:
    """What a network sees of the plane, and beside it its training and validation loss by epoch; two axes.

        view = views.overfitting(axes, moons, epochs=300)        view.set(predict, some, training, validation).sentence

    `moons` is a data set of two inputs; its validation points are not drawn. `predict(points)` gives probabilities, as
    for `boundary`. `some` is the part of the training set that was used, `training` and `validation` are losses by
    epoch, from epoch 1. A dotted line marks the epoch with the lowest validation loss; losses above
    `highest` are drawn there, so that the axes stay.
    """

    def __init__(self, axes, moons, epochs: int, highest: float = 1.0):
        plane, right = axes
        self.highest = highest
        low, high = moons.x.min(axis=0), moons.x.max(axis=0)
        plane.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="$x_1$", ylabel="$x_2$")
        start = moons.train.x[:1], moons.train.y[:1]
        self.field = boundary(plane, lambda points: np.full(len(points), 0.5), *start, moons.classes, fineness=48)
        self.plot = curves(right, ["training", "validation"], length=epochs, range=(0, highest), first=1)
        self.turn = right.axvline(1, color=style.BLACK, linestyle=":", linewidth=1.4, visible=False)

    def set(self, predict, some, training, validation):
        self.field.x, self.field.y = some.x, some.y
        for label, points in enumerate(self.field.points):
            points.set_offsets(some.x[some.y == label])
        self.field.set(predict)
        self.plot.set(training=np.minimum(training, self.highest), validation=np.minimum(validation, self.highest))
        lowest = int(np.argmin(validation))
        self.turn.set(xdata=[lowest + 1, lowest + 1], visible=True)
        self.sentence = (
            f"{len(some.y)} training points, epoch {len(validation)}: training loss {number_text(training[-1], 2)}, "
            f"validation loss {number_text(validation[-1], 2)}; it was lowest, {number_text(validation[lowest], 2)}, "
            f"after epoch {lowest + 1}."
        )
        return self


def losses(ax, histories, title: str = "", highest: float | None = None) -> None:
    """Training and validation loss of several runs (nnlib's histories) by epoch: pale each run, strong their mean."""
    for place, name in enumerate(("training", "validation")):
        found = np.array([getattr(history, {"training": "train_loss"}.get(name, "validation_loss"))
                          for history in histories])  # fmt: skip
        epochs = np.arange(1, found.shape[1] + 1)
        if len(found) > 1:
            ax.plot(epochs, found.T, color=style.COLORS[place], linestyle="-", linewidth=0.8, alpha=0.4)
        ax.plot(epochs, found.mean(axis=0), color=style.COLORS[place], linestyle=style.DASHES[place], label=name)
    ax.set(title=title, xlabel="epoch", ylabel="loss", ylim=(0, highest))
    ax.legend(loc="best")
    ax.grid(True)


def memorised(trained: float, new: float) -> str:
    """Accuracies on images whose labels were drawn from a hat, and on new ones, in the words of lesson 1.4."""
    own = "nearly all of them" if trained > 0.95 else "about one in ten" if trained < 0.2 else "some of them"
    fresh = "about one in ten" if new < 0.2 else "most of them"
    return f"of its own 300: {own}; of new ones: {fresh}"


def watched(differing: int) -> str:
    """How many parameters differ between a run that was watched and one that was not, in the words of lesson 1.4."""
    return "They are the same, to the last digit." if differing == 0 else "They differ."


def best_of_many(best: float, again: float) -> str:
    """The winner's score on the images that chose it, and on others, in the words of lesson 1.4."""
    chosen, later = ("near 50 %" if abs(score - 0.5) < 0.05 else "well above 60 %" for score in (best, again))
    return f"on the 20: {chosen}; on the others: {later}"


def best_of_k(ax, ks, found) -> None:
    """Best of k, for several k: the score that chose it, its true accuracy, its score on a second set, in percent.

    `found` has a row for each k and these three columns; the values of k stand at equal distances.
    """
    names = ("score that chose", "true accuracy of the chosen one", "second set, opened once")
    for line, name in zip(np.transpose(found), names, strict=True):
        ax.plot(line, marker="o", label=name)
    ax.set(xlabel="networks to choose from, k", ylabel="accuracy (%)", xticks=range(len(ks)), xticklabels=ks)
    ax.legend()


def rows_of_scores(ax, rows: dict, xlabel: str) -> None:
    """A row of marks for each name in `rows`, the first on top; within a row they rise, so that none hides another."""
    for place, scores in enumerate(rows.values()):
        ax.plot(scores, place - np.linspace(-0.25, 0.25, len(scores)), "o^sD"[place], linestyle="none")
    ax.set(yticks=range(len(rows)), yticklabels=rows, ylim=(len(rows) - 0.5, -0.5), xlabel=xlabel)
