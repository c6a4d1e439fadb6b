"""Sentences of lesson 2.5 that no cell of it computes, and its main numbers on other seeds and splits."""

import numpy as np
import pytest

from classroom import data
from tests.lessons.cells import code


def cells_with(*words, until=()):
    """What the lesson's own cells define, of those that hold one of the words; of each the part before any `until`."""
    names = {"np": np, "data": data}
    for cell in code("2.5"):
        if any(word in cell for word in words):
            for end in until:
                cell = cell.split(end)[0]
            exec(cell, names)
    return names


@pytest.fixture(scope="module")
def birds():
    return cells_with("def above_lowest")


@pytest.mark.parametrize("seed", range(5))
def test_no_single_picture_lowers_the_loss_and_an_epoch_of_them_does(seed, monkeypatch):
    digits = data.digits
    monkeypatch.setattr(data, "digits", lambda **_: digits(seed))
    names = cells_with("def gradients(w)", "along =", until=("fig, ax",))
    x, y, loss, start = (names[name] for name in ("x", "y", "loss", "start"))
    for row in names["each"][::20]:
        assert loss(start - 0.1 * row.reshape(10, 65)) > loss(start)
        assert loss(start - 1e-4 * row.reshape(10, 65)) < loss(start) or row @ names["of_all"] < 0.05
    assert np.mean(names["along"] > 0) > 0.99 and 7 < np.mean(names["across"]) / names["length"] < 9.5
    w, losses = start, [loss(start)]
    for i in np.random.default_rng(seed).permutation(len(x)):
        w = w - 0.1 * (names["softmax"](x[[i]] @ w.T) - y[[i]]).T @ x[[i]]
        losses.append(loss(w))
    assert losses[-1] < 0.35 and 0.4 < np.mean(np.diff(losses) > 0) < 0.55


def test_the_formula_without_putting_back_is_exact():
    """Every batch of a small set is listed."""
    from itertools import combinations

    values = np.random.default_rng(3).normal(size=(7, 4))
    sigma_2 = ((values - values.mean(axis=0)) ** 2).sum(axis=1).mean()
    for size in range(1, 8):
        means = np.array([values[list(rows)].mean(axis=0) for rows in combinations(range(7), size)])
        assert np.allclose(means.mean(axis=0), values.mean(axis=0))
        square = ((means - values.mean(axis=0)) ** 2).sum(axis=1).mean()
        assert np.isclose(square, sigma_2 / size * (7 - size) / 6)


def test_with_one_penguin_an_update_runs_explode_at_0_3_and_with_all_beyond_0_51(birds):
    descend = birds["descend"]
    far = np.array([0.0, -1.5])

    def above(paths):
        return birds["above_lowest"](paths).mean(axis=0)

    everyone = [np.tile(birds[name], (20, 100)) for name in ("flipper", "mass")]
    with np.errstate(all="ignore"):
        assert above(descend(far, 1, 0.2, 400))[-1] < 1 < 10 < above(descend(far, 1, 0.3, 400))[-1]
        assert above(descend(far, 333, 0.505, 100, *everyone))[-1] < 1
        assert above(descend(far, 333, 0.52, 100, *everyone))[-1] > 10


def test_runs_hover_where_the_formula_says(birds):
    """For each of the two weights: error² is η σ² / (B λ (2 − η λ)); the loss above the lowest, half of λ error²."""
    flipper, mass, best = birds["flipper"], birds["mass"], birds["best"]
    error = best[0] * flipper - mass
    for size, rate in ((1, 0.005), (10, 0.05)):
        height = 0
        for curvature, noise in ((2 * np.mean(flipper**2), 2 * error * flipper), (2.0, 2 * error)):
            height += rate * np.mean(noise**2) / size / (2 * (2 - rate * curvature))
        seen = birds["above_lowest"](birds["descend"](best, size, rate, 1900))[:, -1500:].mean()
        assert seen == pytest.approx(height, rel=0.2)


def test_shuffled_epochs_hover_lower_still(birds):
    shuffled = np.array([np.concatenate([rng.permutation(333) for _ in range(57)])
                         for rng in map(np.random.default_rng, range(20))])  # fmt: skip
    f, m = birds["flipper"][shuffled], birds["mass"][shuffled]
    for size, rate in ((1, 0.005), (10, 0.05)):
        drawn, cut = (birds["above_lowest"](birds["descend"](birds["best"], size, rate, 1800, *more))[:, -1500:].mean()
                      for more in ((), (f, m)))  # fmt: skip
        assert cut < 0.85 * drawn


def test_the_goal_is_a_small_place_and_asks_for_both(birds):
    """Of all settings few reach it; none with single penguins, none with all, none at the first rate."""
    reached, tried = [], 0
    for size in sorted({round(b) for b in np.geomspace(1, 333, 25)}):
        for rate in np.arange(0.01, 0.505, 0.04):
            with np.errstate(all="ignore"):
                heights = birds["above_lowest"](birds["descend"]((0.0, -1.5), size, rate, 10)).mean(axis=0)
            tried += 60  # of the third slider
            reached += [(size, rate) for k in range(1, 11) if k * size <= 200 and heights[k] <= 0.01]
    assert 0 < len(reached) / tried < 0.01
    sizes, rates = np.array(reached).T
    assert sizes.min() >= 8 and sizes.max() <= 64 and rates.min() > 0.1


def test_the_cost_bends_on_other_splits_too():
    """The medians of five other splits: from 1 to 16 pictures about as much is read, with all many times more."""
    names = cells_with("def softmax", "def slopes", "def updates_until", until=("\nw, losses", "\nsizes, needed"))
    needed = []
    for seed in range(5, 10):
        split = data.digits(seed)
        for size in (1, 16, 1077):
            fewest = 40 * 1077 // size + 20
            for rate in (1, 2, 0.3, 0.1):
                fewest = min(fewest, names["updates_until"](split, size, rate, fewest, seed))
            needed.append(fewest)
    one, some, all_of_them = np.median(np.reshape(needed, (5, 3)), axis=0)
    assert one / some > 8 and 0.5 < 16 * some / one < 2 and 1077 * all_of_them > 8 * 16 * some


def test_descent_is_truly_stuck_at_xor():
    """Ten times as many updates, and other rates, lead to the same loss, half of ln 2."""
    names = cells_with("def xor_loss", until=("stuck, freed",))
    rng = np.random.default_rng(2)
    begin = rng.normal(size=9)
    for rate in (0.5, 1.0, 2.0):
        w = begin
        for _ in range(10_000):
            w = w - rate * names["xor_gradient"](w)
        assert names["xor_loss"](w) == pytest.approx(np.log(2) / 2, abs=2e-3)


def test_the_short_form_is_the_loss_above_the_lowest(birds):
    flipper, mass, best = birds["flipper"], birds["mass"], birds["best"]
    places = np.random.default_rng(1).normal(size=(5, 2))
    loss = ((places[:, :1] * flipper + places[:, 1:] - mass) ** 2).mean(axis=1)
    assert np.allclose(birds["above_lowest"](places), loss - np.mean((best[0] * flipper - mass) ** 2))


def test_a_random_nudge_of_650_weights_lies_nearly_across():
    nudges = np.random.default_rng(0).normal(size=(2000, 650))
    share = abs(nudges[:, 0]) / np.linalg.norm(nudges, axis=1)
    assert 0.02 < share.mean() < 0.05
