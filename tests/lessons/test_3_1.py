"""Sentences of lesson 3.1 that no cell of it computes, what its explorer promises, and answers to its questions."""

import sys

import numpy as np
import pytest

from classroom.quiz import bank
from nnlib import SGD, Tensor
from tests.lessons.cells import code_with

ENGINE = ("class Value", "def add(", "def as_value(", "def youngest(")


@pytest.fixture
def engine():
    """What the lesson's cells define, up to the explorer's expression, which does not run."""
    given = {}
    imports = code_with("3.1", "import numpy")[0].replace('review("3.1")', "")
    for cell in (imports, *code_with("3.1", *ENGINE, "def first_come(", "def last_come(", "def some_send_twice(")):
        exec(cell.split("\n\n\nfor ")[0], given)
    exec(code_with("3.1", "def walk(")[0], given)
    exec(code_with("3.1", "def mine(")[0].split("\n\n\ngiven = ")[0], given)
    return given


def test_the_engine_has_fewer_than_fifty_lines():
    assert sum(bool(line.strip()) for cell in code_with("3.1", *ENGINE) for line in cell.split("\n")) < 50


@pytest.mark.parametrize("choose, sends", [("youngest", 3), ("first_come", 9), ("last_come", 9)])
def test_how_the_sends_grow_with_the_chain(engine, choose, sends):
    def count(pieces):
        x = engine["Value"](0.1)
        for _ in range(pieces):
            x = x + engine["tanh"](x) + x
        return len(engine["backward"](x, engine[choose]))

    assert count(2) == {"youngest": 6}.get(choose, sends)
    growth = count(12) / count(11)
    assert (1.99 < growth < 2.01) if choose == "last_come" else growth < 1.25


def test_a_number_changed_before_backward_makes_the_gradient_wrong_without_a_word_and_nnlib_refuses(engine):
    a, b = engine["Value"](2.0), engine["Value"](3.0)
    c = a * b
    b.data = 5.0
    engine["backward"](c)
    assert a.grad == 5.0
    w, x = Tensor(2.0, requires_grad=True), Tensor(3.0, requires_grad=True)
    product = w * x
    (w * x).backward()
    SGD([w, x], lr=0.1).step()
    with pytest.raises(RuntimeError, match="changed"):
        product.backward()


def test_a_second_sweep_is_refused_in_nnlib_and_in_pytorch_where_a_rule_needs_what_is_gone():
    torch = pytest.importorskip("torch")
    for w in (Tensor(2.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)):
        square = w * w
        square.backward()
        with pytest.raises(RuntimeError):
            square.backward()
    moved = w + 1  # PyTorch: its rule needs nothing
    moved.backward(), moved.backward()


def test_plain_numbers_may_stand_on_either_side(engine):
    a = engine["Value"](0.5)
    y = np.float64(3.0) - a * 2 + 1 - a
    engine["backward"](y)
    assert (y.data, a.grad) == (2.5, -3.0)


def test_python_allows_about_a_thousand_calls_within_one_another():
    assert 1000 <= sys.getrecursionlimit() <= 10_000


# ---- the explorer


def goal(engine, mine):
    engine["mine"] = mine
    return [engine["two_send_again"](engine[order]) for order in ("youngest", "first_come")]


def test_the_goal_wants_another_expression_and_its_other_order(engine):
    tanh, given = engine["tanh"], engine["mine"]

    def used_twice(p):
        return p + tanh(p)

    assert goal(engine, given) == [False, False]
    assert goal(engine, lambda a, b: a * b + tanh(a * b)) == [False, False]  # two products, not one used twice
    assert goal(engine, lambda a, b: used_twice(a * b)) == [False, False]  # the lesson's own piece
    assert goal(engine, lambda a, b: used_twice(tanh(a * b))) == [False, True]


# ---- the questions


def senders(engine, build, choose="youngest"):
    a, b = engine["Value"](0.5), engine["Value"](0.8)
    return engine["backward"](build(a, b), engine[choose])


def test_how_often_p_sends(engine):
    tanh, made = engine["tanh"], []

    def build(a, b):
        made.append(a * b)
        return made[0] + (tanh(made[0]) + tanh(tanh(made[0])))

    assert senders(engine, build, "first_come").count(made[0]) == 3
    assert bank.question("3.1 sends").answer == 3


def test_which_orders_let_each_node_send_once(engine):
    """Each option's order, forced upon the sweep."""
    tanh, Value = engine["tanh"], engine["Value"]
    found = {}
    for order in ("yqrp", "yrqp", "yqpr"):
        p = Value(0.5) * Value(0.8)
        q, r = tanh(p), p * p
        y = q + r
        place = {node: order.index(name) for name, node in zip("pqry", (p, q, r, y), strict=True)}
        found[order] = len(
            engine["backward"](y, lambda waiting, place=place: min(waiting, key=lambda n: place.get(n, 9)))
        )
    assert found == {"yqrp": 4, "yrqp": 4, "yqpr": 5}


def test_the_first_part_of_the_wrong_rule_shows_at_one_of_the_places_alone():
    assert [b != b**2 for b in (3, 1, 0)] == [True, False, False]


def test_the_second_call_of_backward_adds(engine):
    a = engine["Value"](2.0)
    y = 3 * a
    engine["backward"](y), engine["backward"](y)
    assert a.grad == bank.question("3.1 twice").answer == 6


# ---- the appendix


def test_nudges_up_and_down_err_with_the_square_of_the_nudge_and_rounding_grows_as_it_shrinks():
    def errors(h):
        slope = 1 - np.tanh(0.7) ** 2
        up, down, here = np.tanh(0.7 + h), np.tanh(0.7 - h), np.tanh(0.7)
        return abs((up - down) / (2 * h) - slope), abs((up - here) / h - slope)

    (two, one), (two_tenth, one_tenth) = errors(1e-2), errors(1e-3)
    assert np.isclose(two / two_tenth, 100, rtol=0.02) and np.isclose(one / one_tenth, 10, rtol=0.1)
    assert errors(1e-11)[0] > 10 * errors(1e-6)[0]
