"""The closing pages: numbers of their questions that no cell computes, and three of the eight events of task 4."""

import re
from pathlib import Path

import numpy as np
import pytest

from classroom import data
from classroom.paths import LESSONS
from classroom.quiz import bank
from nnlib import SGD, Linear, ReLU, Sequential, Tensor, fit
from nnlib import functional as F

CLOSINGS = {"1": LESSONS / "1_remember" / "1_10_wrap_up.md", "2": LESSONS / "2_understand" / "2_10_wrap_up.md"}


def standardised(seed=0):
    """The training wines, each column with mean 0 and standard deviation 1, and their kinds."""
    x, y = data.wines(seed).train
    return (x - x.mean(axis=0)) / x.std(axis=0), y


def question(name):
    return bank.question(name)


def test_the_answers_of_level_1():
    first = Linear(9, 6)
    assert first.weight.shape == (6, 9)
    assert question("1.10 one layer").answer == sum(p.data.size for p in first.parameters())
    assert question("1.10 log").answer == 3 * 50 + 37
    layers = [Linear(13, 12), Linear(12, 8), Linear(8, 3)]
    assert sum(p.data.size for layer in layers for p in layer.parameters()) == 299
    assert sum(p.data.size for layer in (Linear(3, 4), Linear(4, 2)) for p in layer.parameters()) == 26
    assert 1 / (1 + np.exp([4, 0.2, -1.8, -6])) == pytest.approx([0.02, 0.45, 0.86, 1.0], abs=0.005)


def test_the_answers_of_level_2():
    costs = -np.log([0.5, 0.5, 0.25])
    assert question("2.10 three wines").is_right(costs.mean())
    assert pytest.approx(0.35, abs=0.005) == 0.9**10 and pytest.approx(0.001, abs=0.0005) == 0.5**10
    w = Tensor(3.0, requires_grad=True)
    (2 * w * (w + 1)).backward()
    assert question("2.10 both ways").answer == w.grad
    deep = [Linear(4, 100), Linear(100, 100), Linear(100, 2)]
    assert sum(p.data.size for layer in deep for p in layer.parameters()) == 10_802
    assert question("2.10 straight layers").answer == sum(p.data.size for p in Linear(4, 2).parameters())
    nudged = [((3 + d) ** 2 - 9) / d for d in (0.1, 0.01, 0.001)]
    assert nudged == pytest.approx([6.1, 6.01, 6.001])
    assert question("2.10 batch of 36").answer == np.sqrt(9 / 36)
    high, low = (F.cross_entropy(Tensor([[2.0 + d, d, d - 1.0]]), [0]).item() for d in (10, 0))
    assert high == pytest.approx(low)


def test_a_perfect_network_whose_probabilities_meet_a_softmax_reports_a_loss_of_0_55():
    assert F.cross_entropy(Tensor(np.eye(3)), [0, 1, 2]).item() == pytest.approx(0.55, abs=0.005)


def losses(x, y, rate, steps=100):
    """Softmax regression from zero weights, all wines in one batch: the loss before each step."""
    layer, found = Linear(x.shape[1], 3, rng=0), []
    for parameter in layer.parameters():
        parameter.data[:] = 0
    optimizer = SGD(layer.parameters(), lr=rate)
    for _ in range(steps):
        loss = F.cross_entropy(layer(Tensor(x)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return np.array(found)


@pytest.mark.parametrize("seed", range(5))
def test_raw_columns_make_the_loss_jump_and_standardised_ones_do_not(seed):
    raw = losses(data.wines(seed).train.x, data.wines(seed).train.y, 0.0001)
    assert raw.max() > 5 * raw[0]
    x, y = standardised(seed)
    good = losses(x, y, 0.5)
    assert np.all(np.diff(good) < 0) and good[-1] < 0.1


def test_single_wines_hover_higher_than_batches_of_twenty():
    """As the event of task 4 says: at the same rate, after equally many updates, on two columns."""
    x, y = standardised()
    x = x[:, [0, 9]]
    lowest, above = losses(x, y, 1.0, steps=3000)[-1], {}
    for size, epochs in ((1, 20), (20, 350)):  # 2 120 and 2 100 updates
        heights = []
        for seed in range(3):
            layer, rng = Linear(2, 3, rng=seed), np.random.default_rng(seed)
            for _ in range(10):
                fit(layer, F.cross_entropy, SGD(layer.parameters(), lr=0.2), x, y, epochs // 10, size, rng=rng)
                heights.append(F.cross_entropy(layer(Tensor(x)), y).item() - lowest)
        above[size] = np.mean(heights[-5:])
    assert above[1] > 3 * above[20] >= 0


def test_the_unit_of_level_2_has_nine_barolos_on_top_and_two_wines_that_contradict():
    wines = data.wines()
    table = (wines.x - wines.x.mean(axis=0)) / wines.x.std(axis=0)
    sums = table[:, 0] + 2 * table[:, 12] - 1
    assert not wines.y[np.argsort(-sums)[:9]].any()
    wrong = np.flatnonzero((sums > 0) & (wines.y != 0))
    assert wrong.tolist() == [73, 158] and sums[wrong].min() > 0.05  # far enough from 0 for every processor


@pytest.mark.parametrize("seed", range(3))
def test_the_three_runs_of_level_1_look_as_their_words_say(seed):
    """Whatever the network's seed; the exercise takes one of them. The words give the losses to a tenth."""
    wines = data.wines(seed=3)
    mean, spread = wines.train.x.mean(axis=0), wines.train.x.std(axis=0)

    def trained(columns, n, hidden, rate, size, epochs):
        (x, y), new = [p._replace(x=((p.x - mean) / spread)[:, columns]) for p in (wines.train, wines.validation)]
        rng = np.random.default_rng(3 + seed)
        network = Sequential(Linear(len(columns), hidden, rng=rng), ReLU(), Linear(hidden, 3, rng=rng))
        optimizer = SGD(network.parameters(), lr=rate)
        return fit(network, F.cross_entropy, optimizer, x[:n], y[:n], epochs, batch_size=size, rng=rng, validation=new)

    everything = list(range(13))
    slow, over, good = (
        trained(everything, 106, 16, 0.003, 106, 100),
        trained([0, 9], 50, 64, 0.5, 10, 200),
        trained(everything, 106, 16, 0.1, 20, 100),
    )
    assert slow.train_loss[0] > slow.train_loss[-1] > 0.9 and np.argmin(slow.validation_loss) == 99
    assert over.train_loss[-1] < 0.25 and over.validation_loss[-1] > 1.5 * min(over.validation_loss)
    assert np.argmin(over.validation_loss) < 30
    assert good.train_loss[-1] < 0.05 and good.validation_loss[-1] < 0.1
    assert good.validation_loss[-1] < 1.2 * min(good.validation_loss)


@pytest.mark.parametrize("level", CLOSINGS)
def test_the_level_of_the_wines_is_said_where_they_come_from(level):
    text = Path(CLOSINGS[level]).read_text(encoding="utf-8")
    assert "Aeberhard and Forina, 1992" in text and "CC BY 4.0" in text and re.search(r"178 wines", text)
