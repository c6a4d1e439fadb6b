"""The difference in words: form before values, and a pattern only where it holds on every case."""

import re

import numpy as np
import pytest

from classroom.tasks.compare import Pair, difference, same

rng = np.random.default_rng(3)
CASES = [rng.normal(size=shape) for shape in ((2, 3), (4, 3), (5, 6))]
SQUARE = [rng.normal(size=(k, k)) for k in (2, 3, 4)]
WHOLE = [rng.integers(1, 50, 6) for _ in range(3)]


def words(way, wants=CASES):
    """The sentence when way(want, x) is got and x, an argument, has the same shape."""
    pairs = [Pair({"": np.asarray(way(w, w))}, {"": np.asarray(w)}, {"x": w, "rate": 0.3 + len(w)}) for w in wants]
    return difference(pairs, 0)


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        (lambda w, x: -w, "opposite sign"),
        (lambda w, x: w * len(x), "n times too large, where n is the number of rows of `x`"),
        (lambda w, x: -w * len(x), "n times too large, with the opposite sign"),
        (lambda w, x: w / x.shape[1], "n times too small, where n is the number of columns of `x`"),
        (lambda w, x: w / x.size, "n times too small, where n is the number of entries of `x`"),
        (lambda w, x: w * np.sqrt(len(x)), "√n times too large"),
        (lambda w, x: w * len(x) / (len(x) - 1), r"n / \(n − 1\) times too large"),
        (lambda w, x: w * (0.3 + len(x)), "n times too large, where n is `rate`"),
        (lambda w, x: 2 * w, "2 times as large as expected in every case"),
        (lambda w, x: w / 2, "2 times too small in every case"),
        (lambda w, x: w / np.log(2), "which is 1 / ln 2"),
        (lambda w, x: -3 * w, "3 times as large .* with the opposite sign"),
        (lambda w, x: w * w.max(), "that factor is not the same in every case"),
        (lambda w, x: w * np.arange(1, len(w) + 1)[:, None], "Within each row the proportions are right"),
        (lambda w, x: w * np.arange(1, w.shape[1] + 1), "Within each column the proportions are right"),
        (lambda w, x: w + 1, "1 too large in every place and case"),
        (lambda w, x: w - 0.3 - len(x), "too small by `rate`"),
        (lambda w, x: 1 - w, "1 minus what is expected"),
        (lambda w, x: w**2, "the square of"),
        (lambda w, x: np.abs(w), "without its sign"),
        (lambda w, x: w[:, ::-1], "reverse order along axis 1"),
        (lambda w, x: w[::-1], "reverse order"),
        (lambda w, x: np.sort(w), "right numbers in other places"),
        (lambda w, x: w * 0, "0 in every place and case"),
        (lambda w, x: np.round(w, 4), "nearly right"),
        (lambda w, x: np.where(np.arange(len(w))[:, None] == 1, 0, w), "differs in row 1, counted from 0"),
        (lambda w, x: np.where(np.arange(w.shape[1]) == 2, 0, w), "differs in column 2"),
        (lambda w, x: w + (w == w.max()), r"differs in 1 of 6 places; it is \["),
        (lambda w, x: w + np.exp(w), "too large in every place"),
        (lambda w, x: np.where(w > 0, np.nan, w), "holds nan .* 0/0"),
        (lambda w, x: np.where(w > 0, np.inf, w), "is infinite in"),
        (lambda w, x: w.T, "transposed: its shape is"),
        (lambda w, x: w.ravel(), "only their arrangement"),
        (lambda w, x: w.sum(), "one number; 6 are expected"),
        (lambda w, x: w[:-1], "The last row is missing; the others are right"),
        (lambda w, x: w[1:], "The first row is missing; the others are right"),
        (lambda w, x: 2 * w[:-1], "Axis 0 is one too short"),
        (lambda w, x: w[:, 0], r"has the shape \(2,\); expected is \(2, 3\)"),
        (lambda w, x: w > 0, "truth values"),
    ],
)
def test_a_pattern_is_told(way, sentence):
    assert re.search(sentence, words(way)), words(way)


def test_patterns_of_whole_numbers_sequences_and_squares():
    assert "1 too large in every place" in words(lambda w, x: w + 1, WHOLE)
    assert "one place too early" in words(lambda w, x: np.append(w[1:], 7), WHOLE)
    assert "one place too late" in words(lambda w, x: np.append(7, w[:-1]), WHOLE)
    assert "one place along axis 1" in words(lambda w, x: np.roll(w, 1, axis=1))
    assert "The first entry is missing" in words(lambda w, x: w[1:], WHOLE)
    assert "6 entries" in words(lambda w, x: np.append(w, 7)[:6].repeat(2)[:5], WHOLE).replace(
        "5 entries; 6", "6 entries"
    )
    assert "floats" in words(lambda w, x: w * 1.0, WHOLE) and "values themselves are right" in words(
        lambda w, x: w * 1.0, WHOLE
    )
    assert "rows and columns are exchanged" in words(lambda w, x: w.T, SQUARE)
    assert "meets a (6, 1)" in words(lambda w, x: w - w[:, None], WHOLE)


def test_a_pattern_on_one_case_alone_is_not_told():
    doubled_once = [Pair({"": 2 * CASES[0]}, {"": CASES[0]}), Pair({"": CASES[1] ** 2}, {"": CASES[1]})]
    assert "times" not in difference(doubled_once, 0)
    single = [Pair({"": np.array(4.0)}, {"": np.array(2.0)}, {"x": np.ones(2)})]
    assert "times" not in difference(single, 0)


def test_a_size_that_never_varies_is_not_named():
    pairs = [Pair({"": 3 * w}, {"": w}, {"x": np.ones(3)}) for w in SQUARE]
    assert "3 times as large" in difference(pairs, 0)


def test_a_factor_below_1_makes_smaller():
    steps = [0.1, 0.01, 0.2]
    for way, said in ((np.multiply, "n² times what is expected"), (np.divide, "what is expected divided by n²")):
        pairs = [Pair({"": way(w, h**2)}, {"": w}, {"h": h}) for w, h in zip(CASES, steps, strict=True)]
        assert f"{said}, where n is `h`" in difference(pairs, 0)


def test_the_form_of_several_values():
    one, two = {"": CASES[0]}, {"value 1": CASES[0], "value 2": CASES[1]}
    assert "2 values; one value is expected" in difference([Pair(two, one)], 0)
    assert "one value; 2 are expected" in difference([Pair(one, two)], 0)
    assert "missing: `b`; not expected: `c`" in difference([Pair({"a": 1, "c": 2}, {"a": 1, "b": 2})], 0)
    assert "keys `a`" in difference([Pair({"a": CASES[0]}, one)], 0)
    assert "Your `value 2`" in difference([Pair({**two, "value 2": -CASES[1]}, two)], 0)
    ones = {"value 1": np.array([1.5]), "value 2": np.array([2.5])}
    assert "an array of one entry is not a plain number" in difference([Pair(ones, {"": np.array([1.5, 2.5])})], 0)


@pytest.mark.parametrize(
    ("got", "want", "equal"),
    [
        (np.float32(0.1), np.array(0.1), True),
        (np.array(0.1001), np.array(0.1), False),
        (np.array([1, 2]), np.array([1.0, 2.0]), True),
        (np.array([1.0, 2.0]), np.array([1, 2]), False),
        (np.array([1, 0]), np.array([True, False]), False),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf]), True),
        (np.array([np.inf]), np.array([-np.inf]), False),
        (np.array([1e-17]), np.array([0.0]), True),
        (np.ones((1, 3)), np.ones(3), False),
        (np.array([2**60]), np.array([2**60 + 1]), False),
        (np.array([1e-9]), np.array([2e-9]), False),
    ],
)
def test_what_counts_as_equal(got, want, equal):
    assert same(Pair({"": np.asarray(got)}, {"": want})) is equal


def test_float32_arguments_make_the_tolerance_wider():
    third = {"x": np.ones(2, np.float32)}
    got, want = {"": np.array([1 / 3 + 1e-5])}, {"": np.array([1 / 3])}
    assert same(Pair(got, want, third)) and not same(Pair(got, want))


def test_a_list_of_rows_equals_the_stacked_array():
    rows = {"value 1": CASES[0][0], "value 2": CASES[0][1]}
    assert same(Pair(rows, {"": CASES[0]})) and same(Pair({"": CASES[0]}, rows))


def test_a_factor_that_varies_is_not_told_of_single_numbers():
    """Any number is any other one times some factor; a factor that stays is told."""
    numbers = [np.array([value]) for value in (0.4, 0.7, 1.1)]
    assert "factor" not in words(lambda w, x: 0.5 + w**3, numbers).replace("by no factor", "")
    assert "3 times as large" in words(lambda w, x: 3 * w, numbers)


def test_a_shape_is_told_before_a_value_and_a_type_before_a_value():
    want = {"a": CASES[0], "b": CASES[1]}
    assert "Your `b` has the shape" in difference([Pair({"a": 2 * CASES[0], "b": CASES[1][0]}, want)], 0)
    assert "Your `b` holds truth values" in difference([Pair({"a": 2 * CASES[0], "b": CASES[1] > 0}, want)], 0)


def test_only_what_holds_on_all_cases_is_said_of_an_arrangement():
    """One number for an array of one entry is no mere matter of axes when other cases ask for more entries."""
    wants = [np.array([0.4]), np.array([0.2, 0.7, 0.9])]
    found = words(lambda w, x: w.mean(), wants)
    assert "one number; an array with one entry" in found and "arrangement" not in found


def test_the_side_of_single_numbers_is_that_of_all_cases():
    numbers = [np.array([value]) for value in (0.4, 0.7, 1.1)]
    assert "too large wherever it does not fit" in words(lambda w, x: 0.5 + w**3 + w, numbers)
    assert "to the other side in another" in words(lambda w, x: 0.3 + w**3, numbers)
