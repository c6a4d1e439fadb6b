"""How answers become arrays, and what is said where they cannot."""

import numpy as np
import pytest

from classroom.tasks import probes


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
    found = probes.flatten(value)
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
    with pytest.raises(probes.Unusable, match=sentence):
        probes.flatten(value)


def test_labels_hide_the_words_and_forgive_spelling_of_case_and_hyphen():
    found = probes.run("labels", lambda: {"A": "Weighted-Sum", "B": "?", "C": None, "n": 3}, ())
    assert found["A"] == probes.code("weighted  sum") and found["A"] != probes.code("sum")
    assert found["B"] == found["C"] == 0 and found["n"] == 3
    assert probes.code("Weights") == probes.code("weight") != probes.code("") and probes.code("bias") != 0
    with pytest.raises(probes.Unusable, match="a dict is expected"):
        probes.run("labels", lambda: ["weight"], ())


def test_order_accepts_lists_arrays_and_numbers():
    assert probes.run("order", lambda: np.array([2, 0, 1]), ())[""].tolist() == [2, 0, 1]
    assert probes.run("order", lambda: ["a", "?"], ())[""].tolist() == [int(probes.code("a")), 0]
    with pytest.raises(probes.Unusable, match="a list is expected"):
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
    with pytest.raises(probes.Unusable, match=sentence):
        probes.run("batches", obj, (20, 6, 1))


@pytest.mark.parametrize(
    ("obj", "sentence"),
    [
        (lambda x, y, b, rng: [x], "a pair"),
        (lambda x, y, b, rng: [(y, x)], "two axes for x and one for y"),
    ],
)
def test_pairs_that_are_none_get_a_sentence(obj, sentence):
    with pytest.raises(probes.Unusable, match=sentence):
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
    with pytest.raises(probes.Unusable, match="a Tensor is expected"):
        probes.run("differentiable", lambda x: 3.0, (np.array([1.0, 3.0]),))


def test_an_unknown_probe_is_named():
    with pytest.raises(probes.UnknownProbe, match="no probe 'cal'"):
        probes.run("cal", len, ())


def test_a_new_probe_is_found_by_its_name(monkeypatch):
    monkeypatch.setattr(probes, "PROBES", dict(probes.PROBES))

    @probes.probe
    def twice(obj, x):
        return obj(obj(x))

    assert probes.run("twice", lambda x: x + 1, (1,))[""] == 3
