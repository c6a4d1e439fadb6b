"""What a function can leave for its next call, when each call is that of a new process: nothing."""

import numpy as np
import pytest

from classroom.tasks.kinds.forgetting import Forgetting

NOTEBOOK = """
import numpy as np

seen, count, weights, rng = [], 0, np.zeros(2), np.random.default_rng(0)


class Store:
    def keep(self, value):
        held.append(value)
        return len(held)


store, held = Store(), []


def plain(n):
    return n * len(weights)


def in_a_list(n):
    seen.append(n)
    return len(seen)


def in_a_number(n):
    global count
    count += 1
    return count


def in_a_new_name(n):
    global new
    new = globals().get("new", 0) + 1
    return new


def in_an_array(n):
    weights[0] += 1
    return weights[0]


def in_a_generator(n):
    return rng.random()


def in_a_default(n, seen=[]):
    seen.append(n)
    return len(seen)


def in_an_attribute(n):
    in_an_attribute.calls = getattr(in_an_attribute, "calls", 0) + 1
    return in_an_attribute.calls


def by_a_helper(n):
    return in_a_list(n)


def by_a_class(n):
    return store.keep(n)


def by_a_decorated_helper(n):
    return decorated(n)


def outer():
    seen = []

    def inner(n):
        seen.append(n)
        return len(seen)

    return inner


enclosed = outer()
decorated = wrapped(in_a_list)
"""


def wrapped(function):
    """A decorator of another module."""
    return lambda *arguments: function(*arguments)


@pytest.fixture
def cells():
    space = {"__name__": "a notebook", "wrapped": wrapped}
    exec(NOTEBOOK, space)
    return space


WAYS = ("in_a_list", "in_a_number", "in_a_new_name", "in_an_array", "in_a_generator", "in_a_default",
        "in_an_attribute", "by_a_helper", "by_a_decorated_helper", "by_a_class", "enclosed")  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_each_call_finds_what_the_first_one_found(cells, name):
    once, before = Forgetting(cells[name]), dict(cells)
    assert once(3) == once(3) == once(3)
    assert cells.keys() == before.keys() and all(cells[key] is value for key, value in before.items())
    assert not cells["seen"] and cells["count"] == 0 and not np.any(cells["weights"]) and not cells["held"]


@pytest.mark.parametrize(("name", "lost"), [("plain", False), ("in_a_list", True), ("in_a_new_name", True)])
def test_it_is_told_whether_something_was_left(cells, name, lost):
    calls = Forgetting(cells[name])
    calls(3)
    assert calls.lost == lost


def test_after_an_error_all_is_as_it_was(cells):
    with pytest.raises(TypeError):
        Forgetting(cells["in_an_array"])(1, 2)
    assert cells["weights"].tolist() == [0, 0]


def test_what_is_no_plain_function_is_called_as_it_is():
    assert Forgetting(len)([1, 2]) == 2
