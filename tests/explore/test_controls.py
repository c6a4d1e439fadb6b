"""Each way to declare a control, the values and texts that it gives, and the sentence for a wrong one."""

import numpy as np
import pytest

from classroom.explore import live
from classroom.explore.controls import control, number_text


def raws(slider):
    return [slider.value(place) for place in range(len(slider.values))]


def test_two_integers_make_a_slider_of_integers():
    width = control("width", (2, 64))
    assert raws(width) == list(range(2, 65)) and width.start == 33
    assert all(type(value) is int for value in raws(width))


def test_floats_make_about_a_hundred_round_steps_and_both_ends():
    rate = control("rate", (0.01, 1.0))
    assert rate.values[0] == 0.01 and rate.values[-1] == 1.0 and 0.3 in rate.values and len(rate.values) == 100
    assert rate.text(0.3) == "0.30"


@pytest.mark.parametrize(
    ("declared", "texts"),
    [
        ((0, 1, 0.5, 0.25), ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        ((-1, 1, 0, 1), ["−1", "0", "1"]),
        ((0.0, 0.25, 0.1, 0.1), ["0.00", "0.10", "0.20", "0.25"]),
        ((1, 8, 1, 3), ["1", "4", "7", "8"]),
    ],
)
def test_step_and_ends_show_in_the_texts(declared, texts):
    assert control("x", declared).front() == {"texts": texts}


def test_log_multiplies_and_keeps_its_ends():
    rate = live.log(1e-5, 1, 0.1)
    assert rate.values[0] == 1e-5 and rate.values[-1] == 1.0 and rate.start == 0.1
    factors = np.divide(rate.values[1:], rate.values[:-1])
    assert factors.min() > 1.08 and factors.max() < 1.12
    assert (rate.text(1e-5), rate.text(0.01), rate.text(0.1)) == ("10⁻⁵", "0.01", "0.1")


def test_log_of_integers_has_integers_once_each():
    batch = live.log(1, 512, 32)
    assert raws(batch) == sorted(set(raws(batch))) and {1, 2, 3, 512} <= set(raws(batch))
    assert all(type(value) is int for value in raws(batch))


def test_a_number_between_the_steps_is_kept_and_shown():
    rate = control("rate", (0.0, 1.0))
    assert rate.accept("rate", 0.123) == 0.123 and rate.raw(0.123) == 12


def test_units_and_labels():
    angle = live.slider(0, 90, unit="°", label="the angle")
    assert angle.text(30) == "30°" and angle.label == "the angle" and live.slider(0, 9, unit="mm").text(3) == "3 mm"


def test_a_choice_of_texts_or_of_anything_by_its_label():
    names = control("kind", ["tanh", "relu"])
    assert names.start == "tanh" and names.value(1) == "relu" and names.raw("relu") == 1
    functions = control("f", {"tangent": np.tan, "root": np.sqrt})
    assert functions.start is np.tan and functions.value(1) is np.sqrt and functions.accept("f", "root") is np.sqrt
    assert functions.front() == {"texts": ["tangent", "root"]}
    assert live.choice([10, 20], start="20").start == 20


def test_a_switch():
    mirror = control("mirror", True)
    assert mirror.start is True and mirror.value(0) is False and mirror.text(True) == "on"


def test_a_drawing_there_and_back():
    start = np.eye(3, 4, dtype=np.uint8)
    pad = live.drawing(3, 4, start=start)
    assert pad.raw(start) == "100001000010"
    value = pad.value("100001000011")
    assert value.shape == (3, 4) and value.dtype == np.uint8 and value.sum() == 4


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: control("rate", "fast"), "The control rate is 'fast'"),
        (lambda: control("rate", (1, 2, 3, 4, 5)), "The control rate is"),
        (lambda: control("rate", (2, 1)), "the smaller end first"),
        (lambda: control("rate", ("a", 1)), "give numbers"),
        (lambda: control("rate", (0, 1, 3)), "start is 3; it must be a number from 0 to 1"),
        (lambda: control("rate", (0, 1e9, 1, 1)), "at most 10000 places"),
        (lambda: control("rate", (0.0, float("inf"))), "give numbers"),
        (lambda: live.log(0, 1), "must start above 0"),
        (lambda: control("kind", ["only"]), "at least two options"),
        (lambda: live.drawing(3, 100), "1 to 64 cells"),
        (lambda: live.drawing(3, 3, start=np.ones(3)), "it must be (3, 3)"),
        (lambda: live.drawing(2, 2, start=np.full((2, 2), 7)), "zeros and ones"),
        (lambda: control("k", (0, 5)).accept("k", 2.5), "k is 2.5; it must be an integer"),
        (lambda: control("on", True).accept("on", 3), "True or False"),
        (lambda: control("kind", ["a", "b"]).accept("kind", "c"), "one of 'a', 'b'"),
    ],
)
def test_a_wrong_control_gets_a_sentence(wrong, says):
    with pytest.raises((TypeError, ValueError)) as caught:
        wrong()
    assert says in str(caught.value)


def test_more_than_three_sliders_are_refused():
    fig, _ = live.subplots()
    three = {"a": (0, 1), "b": live.log(1, 9), "c": live.tune((0.0, 1.0))}
    live.Live(fig, lambda a, b, c, d: "A sentence.", **three, d=True)
    with pytest.raises(ValueError, match=r"There are 4 sliders \(a, b, c, d\); nobody follows more than 3"):
        live.Live(fig, lambda a, b, c, d: "A sentence.", **three, d=(0, 1))


def test_numbers_as_readers_like_them():
    assert [number_text(x) for x in (-0.5, 1234.0, 0.00002, 1e-05)] == ["−0.5", "1.23 × 10³", "2 × 10⁻⁵", "10⁻⁵"]
