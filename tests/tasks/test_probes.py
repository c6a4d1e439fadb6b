"""How answers become arrays, and what is said where they cannot."""

import sys

import numpy as np
import pytest

from classroom.tasks import arrays, probes


class Boxed:
    """Like a tensor of nnlib: the array is in `.data`."""

    def __init__(self, data):
        self.data = np.asarray(data)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (3.0, [""]),
        ([1, 2.5], [""]),
        ((0.5, 0.25), [""]),
        ([[1, 2], [3, 4]], [""]),
        ((0.5, np.ones(2)), ["value 1", "value 2"]),
        ({"w": np.ones(2), "b": 1}, ["w", "b"]),
        ({"w": (np.ones(2), np.ones(3))}, ["w value 1", "w value 2"]),
        (Boxed([1.0, 2.0]), [""]),
        ([Boxed(1.0), Boxed(2.0)], [""]),
    ],
)
def test_values_become_named_arrays(value, names):
    found = arrays.flatten(value)
    assert list(found) == names and all(type(a) is np.ndarray for a in found.values())


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "returned None"),
        ("text", "a string"),
        (len, "the function `len` itself"),
        (Boxed, "the class `Boxed`"),
        ((i for i in "ab"), "a generator"),
        ([[1, 2], [3]], "different lengths"),
        ({"w": None}, "`w` is None"),
        (["a", "b"], "does not hold numbers alone"),
        (object(), "type `object`"),
    ],
)
def test_what_cannot_be_compared_gets_a_sentence(value, sentence):
    with pytest.raises(arrays.Unusable, match=sentence):
        arrays.flatten(value)


def test_labels_hide_the_words_and_forgive_spelling_of_case_and_hyphen():
    found = probes.run("labels", lambda: {"A": "Weighted-Sum", "B": "?", "C": None, "n": 3}, ())
    assert found["A"] == arrays.code("weighted  sum") and found["A"] != arrays.code("sum")
    assert found["B"] == found["C"] == 0 and found["n"] == 3
    assert arrays.code("Weights") == arrays.code("weight") != arrays.code("") and arrays.code("bias") != 0
    with pytest.raises(arrays.Unusable, match="a dict is expected"):
        probes.run("labels", lambda: ["weight"], ())


def test_order_accepts_lists_arrays_and_numbers():
    assert probes.run("order", lambda: np.array([2, 0, 1]), ())[""].tolist() == [2, 0, 1]
    assert probes.run("order", lambda: ["a", "?"], ())[""].tolist() == [int(arrays.code("a")), 0]
    with pytest.raises(arrays.Unusable, match="a list is expected"):
        probes.run("order", lambda: None, ())


def any_right_batches(way):
    def batches(n, batch_size, rng):
        order = way(n, rng)
        return [order[i : i + batch_size] for i in range(0, n, batch_size)]

    return batches


def shuffled(n, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return order.tolist()


@pytest.mark.parametrize(
    "way", [lambda n, rng: rng.permutation(n), shuffled, lambda n, rng: rng.choice(n, n, replace=False)]
)
def test_any_way_to_shuffle_gives_the_same_record(way, tasks):
    got = probes.run("batches", any_right_batches(way), (20, 6, 1))
    want = probes.run("batches", tasks["9.2 batches"].object, (20, 6, 1))
    assert all(np.array_equal(got[key], want[key]) for key in want)


def test_the_same_order_each_epoch_shows():
    found = probes.run("batches", any_right_batches(lambda n, rng: np.random.default_rng(0).permutation(n)), (20, 6, 1))
    assert found["order is mixed"] and not found["order is new in epoch 2"]


@pytest.mark.parametrize(
    ("obj", "sentence"),
    [
        (lambda n, b, rng: None, "it should yield batches"),
        (lambda n, b, rng: [[0.5]], "whole numbers"),
        (lambda n, b, rng: [[n]], "outside 0 … 19"),
        (lambda n, b, rng: iter(lambda: [0], 1), "more than 10 000"),
    ],
)
def test_batches_that_are_none_get_a_sentence(obj, sentence):
    with pytest.raises(arrays.Unusable, match=sentence):
        probes.run("batches", obj, (20, 6, 1))


@pytest.mark.parametrize(
    ("obj", "sentence"),
    [
        (lambda x, y, b, rng: [x], "a pair"),
        (lambda x, y, b, rng: [(y, x)], "two axes for x and one for y"),
        (lambda x, y, b, rng: (x[:b], y[:b]), "one pair of arrays, so one batch; .* Where does `return` stand"),
        (lambda x, y, b, rng: ([x[:b]], [y[:b]]), "two lists; one list of pairs"),
    ],
)
def test_pairs_that_are_none_get_a_sentence(obj, sentence):
    with pytest.raises(arrays.Unusable, match=sentence):
        probes.run("pairs", obj, (20, 6, 1))


def test_training_records_what_is_returned_and_the_final_weights(tasks):
    arguments = ([2, 4, 3], 1, np.ones((5, 2), np.float32), np.arange(5) % 3, 2, 0.1)
    found = probes.run("training", tasks["9.2 train"].object, arguments)
    assert found["returned"].shape == (2,)
    shapes = sorted(a.shape for key, a in found.items() if key.startswith("final"))
    assert shapes == [(3,), (3, 4), (4,), (4, 2)]

    def drawing(model, x, y, steps, rate, rng):
        return [rng.random()]

    first, again = (probes.run("training", drawing, arguments)["returned"] for _ in range(2))
    assert np.array_equal(first, again)


def test_training_hands_model_optimizer_and_rng_over_by_name():
    def train(model, optimizer, x, y, epochs, rng):
        assert optimizer.lr == 0.1 and rng.random() < 1 and model(x).data.shape == (5, 3)
        return [float(epochs), len(y)]

    found = probes.run("training", train, ([2, 4, 3], 1, np.ones((5, 2), np.float32), np.arange(5), 7))
    assert found["returned"].tolist() == [7, 5]


def test_instance_records_calls_and_attributes():
    class Counter:
        def __init__(self, start):
            self.count = start

        def add(self, n):
            self.count += n

        def __call__(self):
            return self.count

    found = probes.run("instance", Counter, ([2], [["add", 3], ["()"]], ["count"]))
    assert {key: int(a) for key, a in found.items()} == {"call 2": 5, ".count": 5}


def test_in_place_shows_the_arguments_afterwards_and_leaves_the_case_alone():
    w = np.ones(2)
    found = probes.run("in_place", lambda w, r: w.__isub__(r), (w, 0.5))
    assert found["argument 1"].tolist() == [0.5, 0.5] == found["returned"].tolist() and w.tolist() == [1, 1]


def test_differentiable_gives_value_and_gradient():
    found = probes.run("differentiable", lambda x: x * x, (np.array([1.0, 3.0]),))
    assert found["value"].tolist() == [1, 9] and found["gradient by argument 1"].tolist() == [2, 6]
    with pytest.raises(arrays.Unusable, match="a Tensor is expected"):
        probes.run("differentiable", lambda x: 3.0, (np.array([1.0, 3.0]),))


def test_an_unknown_probe_is_named():
    with pytest.raises(probes.UnknownProbe, match="no probe 'cal'"):
        probes.run("cal", len, ())


def test_probes_of_further_modules_are_found_by_their_name(monkeypatch):
    for module in probes.MORE:
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(probes, "PROBES", {})
    assert probes.find("torch_network").__module__ == "classroom.tasks.torch_probes"


def test_a_new_probe_is_found_by_its_name(monkeypatch):
    monkeypatch.setattr(probes, "PROBES", dict(probes.PROBES))

    @probes.probe
    def twice(obj, x):
        return obj(obj(x))

    assert probes.run("twice", lambda x: x + 1, (1,))[""] == 3


def test_rows_that_are_mixed_within_their_batch_alone_are_seen():
    def within(n, batch_size, rng):
        return [i + rng.permutation(min(batch_size, n - i)) for i in range(0, n, batch_size)]

    def truly(n, batch_size, rng):
        return np.split(rng.permutation(n), range(batch_size, n, batch_size))

    def whole_batches(n, batch_size, rng):
        return [np.arange(n)[i : i + batch_size] for i in rng.permutation(np.arange(0, n, batch_size))]

    key = "each batch draws from all rows"
    for n, batch_size in ((20, 6), (13, 4), (10, 4)):
        assert not probes.run("batches", within, (n, batch_size, 1))[key]
        assert not probes.run("batches", whole_batches, (n, batch_size, 1))[key]
    for n, batch_size in ((20, 6), (13, 4), (10, 4), (9, 9), (8, 7), (8, 20), (4, 2), (8, 1)):
        assert all(probes.run("batches", truly, (n, batch_size, seed))[key] for seed in range(300))


def test_pairs_notice_that_the_callers_arrays_are_shuffled():
    def in_place(x, y, batch_size, rng):
        order = rng.permutation(len(x))
        x[:], y[:] = x[order], y[order]
        return [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(x), batch_size)]

    found = probes.run("pairs", in_place, (20, 6, 1))
    assert found["x and y match"] and not found["x and y stay as they are"]


def draws(ax, x, y):
    ax.plot(x, y, "o-", color="red", label="loss")
    ax.plot(x, 2 * y)
    ax.set(xlabel="epoch", ylabel="loss", yscale="log")


CURVE = (np.array([0.0, 1.0, 2.0]), np.array([3.0, 1.0, 0.5]))


def test_a_figure_is_what_a_reader_sees_whatever_its_order_and_colours():
    def otherwise(ax, x, y):
        ax.semilogy(x, 2 * y, color="k", linewidth=3)
        ax.plot(x, y)
        ax.set_xlabel("epochs")
        ax.set_ylabel("cross-entropy (nats)")
        ax.legend(["a", "b"])

    found, again = (probes.run("figure", way, CURVE) for way in (draws, otherwise))
    assert found["number of curves"] == 2 and found["y axis is logarithmic"] and found["x axis is named"]
    assert set(found) == set(again) and all(np.array_equal(found[key], again[key]) for key in found)


@pytest.mark.parametrize(
    ("way", "key"),
    [
        (lambda ax, x, y: ax.plot(x, y), "number of curves"),
        (lambda ax, x, y: (draws(ax, x, y), ax.set_xlabel(" ")), "x axis is named"),
        (lambda ax, x, y: (draws(ax, x, y), ax.set_yscale("linear")), "y axis is logarithmic"),
        (lambda ax, x, y: draws(ax, y, x), "curve 1"),
        (lambda ax, x, y: (draws(ax, x, y), ax.scatter(x, y)), "number of point clouds"),
    ],
)
def test_a_figure_that_shows_something_else_differs(way, key):
    found, other = (probes.run("figure", obj, CURVE) for obj in (draws, way))
    assert not np.array_equal(found[key], other[key])


def test_a_figure_holds_points_bars_and_images():
    def shows(ax, x, y):
        ax.scatter(x, y)
        ax.bar([1, 2], [5, 3])
        ax.imshow(np.eye(2))
        ax.fill_between(x, y)

    found = probes.run("figure", shows, CURVE)
    assert found["point cloud 1"].tolist() == [[0, 3], [1, 1], [2, 0.5]] and found["image 1"].shape == (2, 2)
    assert found["bars (middle, height)"].tolist() == [[1, 5], [2, 3]]
    with pytest.raises(arrays.Unusable, match="no parameter `ax`"):
        probes.run("figure", lambda x, y: None, CURVE)
