"""Sentences and goals of lesson 2.7 that no cell of it computes."""

import operator

import numpy as np
import pytest

from classroom import data
from tests.lessons.cells import definitions


def functions(*names):
    return operator.itemgetter(*names)(definitions("2.7"))


@pytest.fixture(scope="module")
def trained():
    network, layers = functions("network", "layers")
    net, split = network(0, epochs=40), data.digits()
    return [p.data for p in net.parameters()], lambda x: layers(net, x), split.train.x / 16, split.train.y


def test_eight_changes_to_the_bar_contradict_the_0_unit(trained):
    (W1, b1, W2, *_), layers, x, _ = trained
    best, drawing = layers(x)[2][:, 26].max(), np.zeros((8, 8))
    drawing[:, 3:5] = 1
    drawing, reached = drawing.ravel(), []
    for _ in range(8):
        slopes = (W2[26] * (drawing @ W1.T + b1 > 0)) @ W1
        steepest = np.where(drawing == 0, slopes, -slopes).argmax()
        drawing[steepest] = 1 - drawing[steepest]
        _, _, h2, scores = layers(drawing)
        reached.append(bool(h2[26] > best and scores.argmax() != 0))
    assert reached[-1]


def test_random_pictures_do_not_reach_the_second_goal(trained):
    _, layers, x, _ = trained
    rng = np.random.default_rng(0)
    _, _, h2, scores = layers((rng.random((2000, 64)) < rng.random((2000, 1))).astype(float))
    assert ((h2[:, 26] > layers(x)[2][:, 26].max()) & (scores.argmax(axis=1) != 0)).sum() == 0


def test_the_first_goal_can_be_reached_but_not_at_the_threshold_where_it_starts(trained):
    _, layers, x, y = trained
    hidden = layers(x)[1]

    def fewest(threshold):
        above = hidden > threshold
        return min((above != (y == digit)[:, None]).sum(axis=0).min() for digit in range(10))

    assert min(fewest(t) for t in np.arange(0, 9, 0.1)) < 30 <= fewest(2.0)


@pytest.mark.parametrize("seed", range(5))
def test_what_never_has_ink_never_moves_and_the_painted_picture_wins(seed):
    network, layers = functions("network", "layers")
    before, after, x = network(seed, 0), network(seed, 40), data.digits(seed=seed).train.x / 16
    weight, bias = (p.data for p in after[0].parameters())
    moved, never = np.abs(weight - before[0].weight.data), (x == 0).all(axis=0)
    assert never.sum() >= 3 and (moved[:, never] == 0).all() and (moved[:, ~never].max(axis=0) > 0).all()
    real = layers(after, x)[1].max(axis=0)
    painted = np.maximum(weight, 0).sum(axis=1) + bias
    assert (painted[real > 0] > 1.2 * real[real > 0]).all()


def test_the_sums_of_the_image_that_is_laid_over_four_units(trained):
    (W1, b1, *_), _, _, _ = trained
    image = data.digits().validation.x[0] / 16
    assert np.abs(image @ W1[[3, 13, 21, 27]].T + b1[[3, 13, 21, 27]] - [3.1, -0.7, -0.2, 0.0]).max() < 0.05


def test_what_is_said_of_units_21_15_and_26(trained):
    _, layers, x, y = trained
    _, hidden_1, hidden_2, _ = layers(x)
    assert (y[np.argsort(-hidden_1[:, 21])[:9]] == 0).all()
    on, mean = hidden_2 > 0, [hidden_2[y == digit, 26].mean() for digit in range(10)]
    assert on[(y == 8) | (y == 9), 26].all() and on[y != 0, 26].sum() > 300
    assert 0.45 < mean[8] / mean[0] < 0.6 and 0.45 < mean[9] / mean[0] < 0.6
    assert on[y == 5, 15].mean() > 0.9 and on[y != 5, 15].mean() < 0.05
    fewest_wrong = functions("fewest_wrong")
    wrong = np.stack([fewest_wrong(hidden_2, y, digit) for digit in range(10)])
    assert (wrong > wrong[5, 15]).sum() == wrong.size - 1
    assert min(fewest_wrong(hidden_1, y, digit).min() for digit in range(10)) > wrong[5, 15]


def test_the_whole_layer_beats_its_best_unit_for_every_digit_of_five_networks():
    network, layers, fewest_wrong = functions("network", "layers", "fewest_wrong")
    units, whole = np.zeros((2, 5, 10))
    for seed in range(5):
        x, y = (lambda part: (part.x / 16, part.y))(data.digits(seed=seed).train)
        hidden = layers(network(seed, 40), x)[2]
        averages = np.stack([hidden[y == digit].mean(axis=0) for digit in range(10)])
        read = ((hidden[:, None] - averages) ** 2).sum(axis=-1).argmin(axis=1)
        for digit in range(10):
            units[seed, digit] = fewest_wrong(hidden, y, digit).min()
            whole[seed, digit] = ((read == digit) != (y == digit)).sum()
    assert (whole < units).all() and whole.max() <= 12 and 45 < units.mean() < 57


def test_over_ten_networks_the_best_detector_is_hardly_missed():
    names = ("network", "layers", "fewest_wrong", "read_without")
    network, layers, fewest_wrong, read_without = functions(*names)
    read_without.__globals__["layers"] = layers
    detector, most = [], []
    for seed in range(10):
        net, split = network(seed, 40), data.digits(seed=seed)
        hidden, images, own = layers(net, split.train.x / 16)[2], split.validation.x / 16, split.validation.y
        clearest = np.min([fewest_wrong(hidden, split.train.y, digit) for digit in range(10)], axis=0).argmin()
        intact = (layers(net, images)[3].argmax(axis=1) == own).sum()
        lost = [intact - (read_without(net, images, unit) == own).sum() for unit in range(32)]
        detector.append(lost[clearest] <= 3)
        most.append(max(lost) >= 7)
    assert all(detector[:5]) and sum(detector) >= 9 and all(most)


def test_small_loops_that_swap_a_pixel_have_no_loop_and_the_same_sum():
    """The exercise: no weights and threshold tell pictures with a loop from all others."""
    has_loop = definitions("2.7", ".exercise.md")["has_loop"]
    loops, swapped = np.zeros((2, 5, 5), int), np.zeros((2, 5, 5), int)
    for i, middle in enumerate((1, 3)):
        around = np.array([[middle - 1, middle], [middle + 1, middle], [middle, middle - 1], [middle, middle + 1]])
        loops[i][tuple(around.T)] = 1
        swapped[i][tuple(around[:3].T)], swapped[1 - i][tuple(around[3])] = 1, 1
    assert [has_loop(picture) for picture in (*loops, *swapped)] == [True, True, False, False]
    assert (loops.sum(axis=0) == swapped.sum(axis=0)).all() and swapped.max() == 1
