"""Sentences of lesson 5.3 that no cell of it computes, and what its explorer promises."""

from functools import cache

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from classroom import data, live
from classroom.paths import ROOT
from classroom.tasks.kinds.marking import beyond_chance
from classroom.tasks.source import load
from nnlib import SGD, Linear, ReLU, Sequential, Tensor, fit, no_grad
from nnlib import functional as F

SPLITS = range(5)
TEMPERATURES = np.geomspace(0.1, 10, 201)


@cache
def network(seed):
    """Split, and the lesson's network trained on it."""
    split, rng = data.mnist(seed, fractions=(0.1, 0.1, 0.8)), np.random.default_rng(seed)
    model = Sequential(Linear(784, 64, rng=rng), ReLU(), Linear(64, 10, rng=rng))
    x, y = split.train
    fit(model, F.cross_entropy, SGD(model.parameters(), lr=0.5), x / 255, y, epochs=100, batch_size=20, rng=seed)
    return split, model


def logits(model, x):
    with no_grad():
        return model(Tensor(x / 255)).data.astype(float)


def losses(z, y, temperatures=TEMPERATURES):
    return np.array([-log_softmax(z / T, axis=1)[np.arange(len(y)), y].mean() for T in temperatures])


def ece(confidence, right, bins=15):
    place = np.ceil(confidence * bins).astype(int)
    return np.abs(np.bincount(place, weights=right - confidence)).sum() / len(confidence)


@pytest.mark.parametrize("seed", SPLITS)
def test_all_training_images_are_read_right_so_the_lowest_temperature_is_best_there(seed):
    split, model = network(seed)
    z = logits(model, split.train.x)
    assert np.all(z.argmax(axis=1) == split.train.y)
    assert losses(z, split.train.y).argmin() == 0


def test_the_temperature_of_the_last_split_is_too_high_as_its_calibration_images_are_harder():
    split, model = network(4)
    (calibration, fitted), (test, best) = (
        (found.min(), TEMPERATURES[found.argmin()])
        for found in (losses(logits(model, part.x), part.y) for part in (split.validation, split.test))
    )
    assert fitted > best + 0.2 and calibration > test + 0.1


def test_ten_calibration_images_do_worse_than_none_in_about_one_draw_of_three():
    worse = {10: [], 50: []}
    for seed in SPLITS:
        split, model = network(seed)
        z, z_test, y_test = logits(model, split.validation.x), logits(model, split.test.x)[:1000], split.test.y[:1000]
        on_test, rng = losses(z_test, y_test), np.random.default_rng(seed)
        for n, found in worse.items():
            for _ in range(60):
                rows = rng.choice(500, n, replace=False)
                found.append(on_test[losses(z[rows], split.validation.y[rows]).argmin()] > on_test[100])
    assert TEMPERATURES[100] == 1
    assert 0.25 < np.mean(worse[10]) < 0.42 and np.mean(worse[50]) < 0.03


@pytest.mark.parametrize("seed", SPLITS)
def test_half_the_ink_makes_about_half_the_logits_and_hardly_another_order(seed):
    split, model = network(seed)
    full, half = (logits(model, x) for x in (split.test.x, split.test.x / 2))
    assert 0.45 < np.median(np.ptp(half, axis=1) / np.ptp(full, axis=1)) < 0.6
    assert np.mean(full.argmax(axis=1) == half.argmax(axis=1)) > 0.9


def test_on_a_hundred_images_a_fault_half_as_large_passes_for_chance_more_often_than_not():
    """Half way, on the logarithmic scale, between the trained network and the scaled one."""
    errors, found = [], []
    for seed in SPLITS:
        split, model = network(seed)
        z, y = logits(model, split.test.x), split.test.y
        P = softmax(z / np.sqrt(TEMPERATURES[losses(z, y).argmin()]), axis=1)
        confidence, right, rng = P.max(axis=1), P.argmax(axis=1) == y, np.random.default_rng(seed)
        errors.append(ece(confidence, right))
        for _ in range(40):
            rows = rng.choice(4000, 100, replace=False)
            perfect = [ece(confidence[rows], draw < confidence[rows]) for draw in rng.random((80, 100))]
            found.append(ece(confidence[rows], right[rows]) > np.quantile(perfect, 0.975))
    assert 0.035 < np.mean(errors) < 0.055 and 0.2 < np.mean(found) < 0.5


def test_no_fixed_gap_and_number_of_images_give_sound_verdicts():
    task = next(t for t in load(ROOT / "lessons" / "5_evaluate" / "5_3_calibration") if t.name == "5.3 decide")
    passed, answered = {}, []
    for seed in range(20):
        cases = [(c.arguments, c.truth["verdict"]) for c in task.cases(np.random.default_rng(seed))]
        size, gap, chance = np.array([facts(*arguments) for arguments, _ in cases]).T
        truths = [truth for _, truth in cases]
        answered.append(score(gap, 2 * chance, truths))
        for least in (0, 60, 80, 130, 300):
            for edge in (0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15):
                found = score(gap, np.where(size < least, np.inf, edge), truths)
                passed.setdefault((least, edge), []).append(found >= task.marking.settings["need"])
    assert min(answered) > task.marking.settings["need"]
    assert max(np.mean(each) for each in passed.values()) <= 0.15


def facts(confidence, right):
    """Images, mean gap, and how far chance alone moves it."""
    p = confidence.astype(float)
    return len(p), np.mean(p - right), np.sqrt(np.sum(p * (1 - p))) / len(p)


def score(gap, edge, truths):
    words = np.where(gap > edge, "overconfident", np.where(gap < -edge, "underconfident", "cannot tell"))
    return beyond_chance([word == truth for word, truth in zip(words, truths, strict=True)], truths)


def test_the_explorers_goal_needs_few_images_and_a_fitting_temperature():
    split, model = network(0)
    z, y = logits(model, split.test.x), split.test.y
    draws, seen = np.random.default_rng(1).random((100, 4000)), []
    temperatures, sizes = live.log(0.5, 5, 1).values[::3], live.log(50, 4000, 4000).values[::4]
    for T in temperatures:
        P = softmax(z / T, axis=1)
        confidence, right = P.max(axis=1), P.argmax(axis=1) == y
        for n in map(int, sizes):
            for bins in range(5, 51, 9):
                found = ece(confidence[:n], right[:n], bins)
                if n >= 150 and found >= 0.1:
                    perfect = [ece(confidence[:n], draw[:n] < confidence[:n], bins) for draw in draws]
                    if np.quantile(perfect, 0.025) <= found <= np.quantile(perfect, 0.975):
                        seen.append((T, n, bins))
    assert 0 < len(seen) < 0.02 * len(temperatures) * len(sizes) * 6
    assert all(1.5 < T < 4 and n < 300 and bins > 10 for T, n, bins in seen), seen
