"""Sentences of lesson 6.1 that no cell of it computes, what its explorer promises, and the last task on more draws.

Whatever the lesson says before it opens the test rows of the tumours is measured on validation rows here as well.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from classroom import data, live
from classroom.paths import ROOT
from classroom.tasks import cases, trial
from classroom.tasks.source import load
from nnlib import Linear, ReLU, Sequential, Tensor, accuracy, fit, no_grad, optim
from nnlib import functional as F

SPLITS = range(10)


@cache
def tumours(seed):
    split = data.tumours(seed)
    mean, spread = split.train.x.mean(axis=0), split.train.x.std(axis=0)
    return [((part.x - mean) / spread, part.y) for part in (split.train, split.validation, split.test)]


def cost(p, y):
    alarm = p > 1 / 6
    return 100 * (5 * np.sum(~alarm & (y == 1)) + np.sum(alarm & (y == 0))) / len(y)


def corrected(leads):
    """The interval of lesson 5.1 for splits that share rows."""
    error = np.sqrt((1 / len(leads) + 114 / 341) * leads.var(ddof=1))
    return leads.mean() - 2 * error, leads.mean() + 2 * error


def test_turning_the_tumours_does_the_trees_no_harm_that_ten_splits_could_show():
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(30, 30)))[0]
    found = {"upright": [], "turned": []}
    for seed in SPLITS:
        (x, y), judge = tumours(seed)[0], tumours(seed)[1]
        for name, by in (("upright", np.eye(30)), ("turned", turn)):
            model = HistGradientBoostingClassifier(random_state=seed).fit(x @ by, y)
            found[name].append(cost(model.predict_proba(judge[0] @ by)[:, 1], judge[1]))
    low, high = corrected(np.subtract(found["turned"], found["upright"]))
    assert low < 0 < high


def test_the_weighted_sum_is_wrong_on_about_three_of_a_hundred_new_tumours():
    errors = []
    for seed in SPLITS:
        (x, y), validation, _ = tumours(seed)
        errors.append(1 - LogisticRegression(max_iter=1000).fit(x, y).score(*validation))
    assert 0.02 < np.mean(errors) < 0.04


def test_a_network_trained_twice_as_long_costs_no_less():
    costs = {30: [], 60: []}
    for seed in SPLITS:
        (x, y), (new_x, new_y), _ = tumours(seed)
        for epochs, found in costs.items():
            rng = np.random.default_rng(seed)
            model = Sequential(Linear(30, 16, rng=rng), ReLU(), Linear(16, 2, rng=rng))
            fit(model, F.cross_entropy, optim.Adam(model.parameters(), lr=0.01), x, y, epochs, 32, rng=seed)
            with no_grad():
                found.append(cost(F.softmax(model(Tensor(new_x)), dim=1).data[:, 1], new_y))
    assert np.mean(costs[60]) > np.mean(costs[30]) - 0.5


def moons_errors(hidden, seed):
    """Training and test error on the moons at the rate 0.001, at which 400 steps are few."""
    split, rng = data.moons(seed=seed), np.random.default_rng(seed)
    mean, spread = split.train.x.mean(axis=0), split.train.x.std(axis=0)
    sizes = [2] + [64] * hidden
    blocks = [part for a, b in pairwise(sizes) for part in (Linear(a, b, rng=rng), ReLU())]
    model = Sequential(*blocks, Linear(64, 2, rng=rng))
    x, new_x = ((part.x - mean) / spread for part in (split.train, split.test))
    optimizer = optim.Adam(model.parameters(), lr=0.001)
    fit(model, F.cross_entropy, optimizer, x, split.train.y, round(400 * 32 / len(x)), 32, rng=seed)
    return 1 - accuracy(model, x, split.train.y), 1 - accuracy(model, new_x, split.test.y)


def test_where_one_hidden_layer_underfits_a_second_helps_and_six_do_no_better_than_two():
    one, two, six = (np.array([moons_errors(hidden, seed) for seed in range(5)]) for hidden in (1, 2, 6))
    assert one[:, 0].mean() > 0.06
    assert np.all(two[:, 1] < one[:, 1])
    assert np.sum(six[:, 1] < two[:, 1]) <= 2


def test_a_weighted_sum_and_a_calibrated_probability_make_the_threshold():
    """Of all thresholds the cheapest on very many tumours is 1/6, if the probabilities come true."""
    rng = np.random.default_rng(0)
    p = rng.random(400_000)
    y = rng.random(400_000) < p
    thresholds = np.arange(0.05, 0.5, 0.01)
    found = [np.mean(np.where(p > t, ~y, 5 * y)) for t in thresholds]
    assert abs(thresholds[np.argmin(found)] - 1 / 6) < 0.03


# --- the explorer ---------------------------------------------------------------------------------------------------


@cache
def read(width, blocks, bottleneck, seed=0):
    """Parameters, narrowest place, and the share of validation digits that the explorer's network reads."""
    digits, rng = data.digits(), np.random.default_rng(seed)
    widths = [64, *[width] * blocks]
    parts = [part for a, b in pairwise(widths) for part in (Linear(a, b, rng=rng), ReLU())]
    ends = [width, *([bottleneck] if bottleneck else []), 10]
    model = Sequential(*parts, *(Linear(a, b, rng=rng) for a, b in pairwise(ends)))
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(1, 21):
        fit(model, F.cross_entropy, optimizer, digits.train.x / 16, digits.train.y, 1, 32, rng=epoch)
    found = accuracy(model, digits.validation.x / 16, digits.validation.y)
    return sum(p.data.size for p in model.parameters()), min([width, bottleneck or width]), found


def test_the_explorers_goal_needs_a_bottleneck_behind_blocks_of_the_right_width():
    assert all(read(2, blocks, 0)[2] < 0.85 for blocks in (1, 2, 3))  # two numbers without a bottleneck
    assert all(read(width, 2, 1)[2] < 0.85 for width in (16, 32))
    widths, reached = list(map(int, live.log(2, 128, 64).values))[::3], set()
    for width in sorted(set(widths)):
        for blocks in (1, 2, 3):
            if 65 * width + (blocks - 1) * (width + 1) * width + (width + 1) * 2 + 30 <= 4500:
                parameters, narrowest, found = read(width, blocks, 2)
                assert parameters <= 4500 and narrowest <= 2
                if found >= 0.9:
                    reached.add((width, blocks))
    assert len(reached) >= 2 and all(12 <= width <= 68 for width, _ in reached)
    assert len(reached) < 0.05 * len(set(widths)) * 3 * 9  # of all positions of the sliders


# --- the last task --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def task():
    return next(t for t in load(ROOT / "lessons" / "6_create" / "6_1_design_brief") if t.name == "6.1 design")


@pytest.mark.long
def test_on_more_draws_the_designs_pass_and_a_pasted_network_does_not(task):
    pasted = next(m.wrong for m in task.misconceptions if "taken over from a lesson" in m.when)
    passed = {"answer": 0, "pasted": 0} | {i: 0 for i in range(len(task.alternatives))}
    for seed in range(100, 103):
        pack = cases.pack_one(task, seed)
        ways = {"answer": task.object, "pasted": pasted} | dict(enumerate(task.alternatives))
        for name, way in ways.items():
            passed[name] += trial.put(pack, way, 60).passed
    assert passed.pop("pasted") == 0 and min(passed.values()) == 3, passed


def test_where_the_baseline_wins_a_network_alone_loses_to_it_and_the_weighted_sum_does_not(task):
    for seed in range(5):
        *_, straight, real = task.cases(np.random.default_rng(seed))
        for case in (straight, real):
            gains = {}
            for name in ("weighted sum is handed in", "taken over from a lesson"):
                design = next(m.wrong for m in task.misconceptions if name in m.when)
                predictions, y = design(*case.arguments)["predictions"], case.truth["y"]
                gains[name] = np.mean((case.truth["baseline"] - y) ** 2 - (predictions - y) ** 2)
            handed_in, pasted = gains.values()
            assert handed_in > -0.01 and pasted < -0.05
