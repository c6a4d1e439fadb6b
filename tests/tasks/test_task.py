"""What an author may write about a task, and where a sentence stops her."""

import pytest

from classroom.tasks import Misconception, Task


def misconceptions(count):
    return [Misconception(f"the sign is turned {i} times", abs, "invented: a test") for i in range(count)]


def task(**changed):
    fields = {
        "name": "9.1 sum", "kind": "implement", "level": "apply", "objective": "9.1a", "minutes": 3, "difficulty": 2,
        "points": 1, "cases": lambda rng: [()], "misconceptions": misconceptions(3), "hints": ["Look.", "Think."],
    }  # fmt: skip
    return Task(**{**fields, **changed})


def test_a_complete_task_is_accepted_and_knows_its_lesson():
    assert task().lesson == "9.1"
    assert task(misconceptions=misconceptions(1), few_because="there is one way to go astray")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "weighted sum"}, "the lesson and a few words"),
        ({"level": "master"}, "level 'master' is not known"),
        ({"kind": "locate"}, "does not assess the level 'apply'"),
        ({"objective": "1.2a"}, "one of lesson 9.1"),
        ({"minutes": 0}, "minutes should be above 0"),
        ({"difficulty": 9}, "difficulty should be 1 to 5"),
        ({"points": 0.5}, "points should be a whole number"),
        ({"cases": [(1,)]}, "a function of a random generator"),
        ({"misconceptions": misconceptions(2)}, "few_because"),
        ({"misconceptions": misconceptions(1) * 3}, "the same clause"),
        ({"hints": ["Look."]}, "two or three hints"),
        ({"hints": ["Look.", "Simply divide."]}, "Simply"),
    ],
)
def test_a_faulty_task_gets_a_sentence(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        task(**changed)


@pytest.mark.parametrize(
    ("when", "wrong", "source", "sentence"),
    [
        ("The bias is missing.", abs, "invented: x", "completes 'That happens when"),
        ("the bias is left out.", abs, "invented: x", "full stop"),
        ("you forget the bias", abs, "invented: x", "not of 'you'"),
        ("the bias is just left out", abs, "invented: x", "just"),
        ("a " * 30, abs, "invented: x", "30 words"),
        (" ", abs, "invented: x", "needs the clause"),
        ("the bias is left out", 3, "invented: x", "function or class"),
        ("the bias is left out", abs, "", "the source"),
        ("the bias is left out", abs, "observed", "the source"),
        ("the bias is left out", abs, "rumour: x", "literature, forum, observed, invented"),
    ],
)
def test_a_faulty_misconception_gets_a_sentence(when, wrong, source, sentence):
    with pytest.raises(ValueError, match=sentence):
        Misconception(when, wrong, source)
