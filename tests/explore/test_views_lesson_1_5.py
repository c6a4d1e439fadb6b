"""What lesson 1.5 draws and says: wirings, closed boxes, and its outcomes in words."""

import numpy as np
import pytest

from classroom.explore import views
from classroom.explore.views.lesson_1_5 import FAMILY, _ways

X = np.array([0.5, -1.0, 2.0, 0.3])
BOXES = {"A": np.cumsum, "B": lambda x: 2 * x, "C": lambda x: x.sum() * np.arange(1, 5)}


def boxes():
    return views.closed_boxes(views.subplots(1, 2)[1], BOXES, X)


def test_wirings_join_what_each_member_joins():
    lines = {kind: sum(len(some) for some in _ways(kind).values()) for kind in FAMILY}
    assert lines == {"MLP": 25, "CNN": 13, "RNN": 5, "transformer": 25, "graph network": 13}
    assert {look: len(some) for look, some in _ways("CNN").items()} == {"left": 4, "middle": 5, "right": 4}
    axes = views.subplots(1, 5)[1]
    views.wirings(axes, titles="ABCDE")
    assert [ax.get_title(loc="center") for ax in axes] == list("ABCDE")


def test_a_closed_box_says_which_outputs_change():
    view = boxes()
    assert view.set("A", "nudge", 3).sentence.startswith("Box A, input 3 up by 1: these outputs change: 3, 4. ")
    assert [bar.get_height() for bar in view.bars[0]] == [0.5, -1.0, 3.0, 0.3]
    assert list(view.lines[1].get_ydata()) == list(np.cumsum(X))
    assert "outputs 2 and 3 are exchanged, no other changes" in view.set("B", "swap", 2).sentence
    assert "all outputs change" in view.set("C", "nudge", 1).sentence


def test_a_name_is_noted_when_it_is_chosen_and_belongs_to_one_box():
    view = boxes()
    for box, name in (("A", "?"), ("A", "RNN"), ("B", "RNN")):  # the last one moved the box, not the name
        view.note(box, name)
    assert view.notes == {"A": "RNN"}
    view.note("B", "MLP").note("C", "MLP").note("C", "RNN")
    assert view.notes == {"B": "MLP", "C": "RNN"}
    assert view.note("C", "?").notes == {"B": "MLP"}
    assert view.set("A", "nudge", 1).sentence.endswith("Your notes: A ?, B MLP, C ?")


@pytest.mark.parametrize(
    "changed, words",
    [(range(10), "all ten"), (range(5, 10), "states 6 to 10"), (range(6), "states 1 to 6"), ([5], "state 6 only")],
)
def test_the_states_that_change_are_put_in_the_words_of_the_lesson(changed, words):
    after = np.zeros(10)
    after[list(changed)] = 1
    assert views.changed_states(np.zeros(10), after) == words


def test_a_moved_map_is_put_in_the_words_of_the_lesson():
    before = np.array([[0, 1.0, 2, 0]])
    assert views.moved_map(before, before) == "It stays as it is."
    assert views.moved_map(before, np.array([[0, 0, 1.0, 2]])) == "It moves along, too."
    assert views.moved_map(before, before[:, ::-1]) == "Its numbers become quite others."


@pytest.mark.parametrize(
    "now, words", [(1.0, "the same."), (2.0, "what the man became before."), (3.0, "something else.")]
)
def test_what_the_dog_became_is_put_in_the_words_of_the_lesson(now, words):
    assert views.dog_became(np.array([now]), np.array([1.0]), np.array([2.0])) == f"It becomes {words}"
