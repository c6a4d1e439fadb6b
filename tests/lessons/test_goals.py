"""The goal of a lesson's explorer is reached in the lesson's own code: by values of its controls, and not before.

Each lesson's cells run whole, as in the notebook, which takes a minute in all: `python start.py test --full`. Lessons
that are not here test their goals by the formulas in their own file, or not yet.
"""

import pytest

from classroom import live

from .cells import code

# lesson, explorer, and the moves that lead to its goal, in their order
GOALS = [
    ("1.1", "1.1 Gentoo", [{"angle": -70, "offset": -0.1, "steepness": 4.0}]),
    ("1.1", "1.1 Chinstrap", [{"angle": -70, "offset": -1.0, "steepness": 1.0}]),
    ("1.2", "1.2 ten thousand", [{"hidden_layers": 1, "first": 133}, {"hidden_layers": 5, "first": 1, "others": 55}]),
    ("1.3", "1.3 two dials", [{"A": (2, 3), "B": (5, 3), "weight_A": 7.0, "weight_B": 8.0}]),
    ("2.1", "2.1 facets", [{"point": (-0.19, 1.75)}]),
    ("2.1", "2.1 XOR", [{"arrow_1": 155, "arrow_2": -25, "cut": 1.0}]),
    ("2.2", "2.2 same", [{"first": 4.9, "second": 2.4, "temperature": 2.5}]),
    ("2.3", "2.3 outlier", [{"yours": (203.0, 1.15)}]),
    ("2.4", "2.4 one step", [{"start": (0.0, 2.0), "rate": 0.125}]),
    ("2.5", "2.5 frugal", [{"batch_size": 10, "rate": 0.15, "updates": 10}]),
    ("2.6", "2.6 silent", [{"w": -2.0, "u": -2.0, "v": -0.25}]),
]


@pytest.fixture(scope="module")
def explorers():
    """The explorers of a lesson by name, once all its cells have run."""
    lessons = {}

    def of(number):
        if number not in lessons:
            made = lessons[number] = {}

            class Recorded(live.Live):
                def __init__(self, *args, **more):
                    super().__init__(*args, **more)
                    made[self.name] = self

            names = {"__name__": "__main__"}
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(live, "Live", Recorded)
                for cell in code(number):
                    exec(compile(cell, f"lesson {number}", "exec"), names)
        return lessons[number]

    return of


@pytest.mark.long
@pytest.mark.parametrize(("lesson", "name", "moves"), GOALS, ids=[name for _, name, _ in GOALS])
def test_a_goal_is_reached_by_the_last_of_its_moves(explorers, lesson, name, moves):
    explorer = explorers(lesson)[name]
    for move in moves:
        assert not explorer.reached
        explorer.set(**move)
    assert explorer.reached and not explorer.error
