"""Sentences of lesson 2.3 that no cell of it computes: the lines, the start with its sides exchanged, two softmaxes."""

import numpy as np
import pytest
from sklearn.linear_model import QuantileRegressor

from classroom import data
from nnlib import SGD, Linear, ReLU, Sequential, Tensor, accuracy, fit
from nnlib import functional as F
from tests.lessons.cells import definitions

TYPO = (205.0, 7.4)


@pytest.fixture(scope="module")
def lesson():
    return definitions("2.3")


@pytest.fixture(scope="module")
def eleven():
    everyone = data.penguins(columns=("flipper_length_mm", "body_mass_g"))
    few = np.random.default_rng(5).choice(len(everyone.y), 11, replace=False)
    return everyone.x[few, 0].astype(float), everyone.x[few, 1].astype(float) / 1000


def with_two(points, yours):
    return [np.append(values, [typo, own]) for values, typo, own in zip(points, TYPO, yours, strict=True)]


@pytest.mark.parametrize("seed", range(5))
def test_a_line_through_two_points_has_the_lowest_absolute_error(lesson, seed):
    """A solver that may take any line finds none with a lower one."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(170, 230, 12), rng.uniform(2, 7, 12)
    solved = QuantileRegressor(quantile=0.5, alpha=0, solver="highs").fit(x[:, None], y)
    ours, any_line = np.polyval(lesson["absolute_line"](x, y), x), solved.predict(x[:, None])
    assert abs(ours - y).mean() == pytest.approx(abs(any_line - y).mean(), abs=1e-9)


def test_the_absolute_line_hardly_stirs_wherever_the_penguin_is(lesson, eleven):
    old = lesson["absolute_line"](*eleven)
    for x in np.arange(170, 231, 5):
        for y in np.arange(0, 9.1, 0.5):
            assert lesson["moved"](lesson["absolute_line"](*with_two(eleven, (x, y))), old) < 0.05


def test_eleven_others_let_the_absolute_line_move_by_half_a_kilogram_and_the_squared_one_further(lesson):
    everyone = data.penguins(columns=("flipper_length_mm", "body_mass_g"))
    farthest = []
    for seed in range(20):
        few = np.random.default_rng(seed).choice(len(everyone.y), 11, replace=False)
        points = everyone.x[few, 0].astype(float), everyone.x[few, 1].astype(float) / 1000
        places = [(x, y) for x in (170, 185, 200, 215, 230) for y in (0, 3, 6, 9)]
        for fit_line in (lesson["absolute_line"], lesson["squared_line"]):
            old = fit_line(*points)
            farthest.append(max(lesson["moved"](fit_line(*with_two(points, place)), old) for place in places))
    absolute, squared = np.array(farthest).reshape(-1, 2).T
    assert 0.3 < np.median(absolute) < 0.6 and np.all(absolute < squared)


def test_the_goal_is_a_small_place_around_the_mirror_image(lesson, eleven):
    """The squared error's line comes back where the errors of both cancel, and this is no place to wiggle into."""
    old = lesson["squared_line"](*eleven)
    mirror = (TYPO[0], 2 * np.polyval(old, TYPO[0]) - TYPO[1])
    assert lesson["moved"](lesson["squared_line"](*with_two(eleven, mirror)), old) < 1e-9
    reached = [
        lesson["moved"](lesson["squared_line"](*with_two(eleven, (x, y))), old) < 0.1
        for x in np.arange(170, 231, 1)
        for y in np.arange(0, 9.1, 0.1)
    ]
    assert 0 < np.mean(reached) < 0.02


def test_a_mistaken_flipper_far_to_the_side_takes_the_absolute_line_along(lesson, eleven):
    x, y = eleven
    line = lesson["absolute_line"](np.append(x, 2000.0), np.append(y, 4.0))
    assert np.polyval(line, 2000) == pytest.approx(4.0) and lesson["moved"](line, lesson["absolute_line"](x, y)) > 0.5


def test_the_start_with_sides_exchanged_is_mistaken_everywhere_and_mostly_confident():
    birds = data.penguins(species=("Adelie", "Gentoo"))
    z = (birds.x - birds.x.mean(axis=0)) @ np.array([-1.9, 3.6]) + 0.7
    right = 1 / (1 + np.exp(-np.where(birds.y == 1, z, -z)))
    assert np.all(right < 0.5) and len(right) == 265
    assert np.mean(right < 0.1) > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_a_softmax_too_many_learns_more_slowly_at_the_same_rate(seed):
    def twice(logits, labels):
        return F.cross_entropy(F.softmax(logits, dim=1), labels)

    scores = []
    for loss in (F.cross_entropy, twice):
        split, rng = data.digits(seed), np.random.default_rng(seed)
        model = Sequential(Linear(64, 32, rng=rng), ReLU(), Linear(32, 10, rng=rng))
        fit(model, loss, SGD(model.parameters(), lr=0.3), split.train.x / 16, split.train.y, 8, 32, rng=seed)
        scores.append(accuracy(model, split.validation.x / 16, split.validation.y))
    once, both = scores
    assert 0.2 < both < once - 0.05


@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_of_a_larger_batch_is_a_little_shorter(seed):
    split, lengths = data.digits(seed), []
    for size in (64, 1024):
        model = Sequential(Linear(64, 32, rng=seed), ReLU(), Linear(32, 10, rng=seed + 1))
        F.cross_entropy(model(Tensor(split.train.x[:size] / 16)), split.train.y[:size]).backward()
        lengths.append(np.sqrt(sum((parameter.grad**2).sum() for parameter in model.parameters())))
    assert 0.5 < lengths[1] / lengths[0] < 0.95


def test_a_product_of_many_probabilities_is_too_small_for_a_number():
    cost = -np.log(np.full(5000, 0.8)).sum()
    assert cost == pytest.approx(1115.7, abs=0.1) and cost > -np.log(np.finfo(float).smallest_subnormal)
