"""Mastered is right again, two days later, on another surface; nothing less, and a slip takes it back."""

from datetime import UTC, datetime, timedelta

import pytest

from classroom import cli, progress
from classroom.quiz import standing

START = datetime(2025, 3, 1, 9, tzinfo=UTC)
# In the example lesson, "9.9 bias moves" and "9.9 weighted sum" test 9.9a, "9.9 stable" tests 9.9b.
MOVES, SUM, STABLE = "9.9 bias moves", "9.9 weighted sum", "9.9 stable"


def answer(name, verdict, days):
    return {"at": (START + timedelta(days=days)).isoformat(), "kind": "answer", "name": name, "verdict": verdict}


def passed(name, days, objective="9.9a", result="passed"):
    at = (START + timedelta(days=days)).isoformat()
    return {"at": at, "kind": "attempt", "name": name, "result": result, "objective": objective}


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([answer(MOVES, "wrong", 0)], "met"),
        ([answer(MOVES, "unknown", 0)], "met"),
        ([answer(MOVES, "wrong", 0), answer(MOVES, "right", 0.01)], "met"),
        ([answer(MOVES, "right", 0)], "practised"),
        ([answer(MOVES, "right", 0), answer(MOVES, "right", 5)], "practised"),
        ([answer(MOVES, "right", 0), answer(SUM, "right", 0.1)], "practised"),
        ([answer(MOVES, "right", 0), answer(SUM, "right", 1.9)], "practised"),
        ([answer(MOVES, "right", 0), answer(SUM, "right", 2)], "mastered"),
        ([answer(MOVES, "right", 0), passed("9.9 task", 3)], "mastered"),
        ([answer(MOVES, "right", 0), passed("9.9 task", 3, result="not yet")], "practised"),
        ([answer(MOVES, "right", 0), answer(SUM, "right", 2), answer(SUM, "wrong", 9)], "practised"),
        (
            [answer(MOVES, "right", 0), answer(SUM, "right", 2), answer(SUM, "wrong", 9), answer(SUM, "right", 11)],
            "mastered",
        ),
        ([answer(MOVES, "right", 0), answer("9.9 gone", "right", 3)], "practised"),
    ],
)
def test_an_objective_is_mastered_by_two_surfaces_two_days_apart(lesson, events, state):
    for order in (events, events[::-1]):
        assert standing.standings(order) == {"9.9a": state}


def test_the_ladder_says_what_is_mastered_due_and_next(lesson, record, capsys):
    front = "---\ntitle: Example\nlesson: '9.9'\nlevel: apply\nobjectives: [{id: 9.9a}, {id: 9.9b}]\n---\n# Example\n"
    (lesson.parent / "9_9_example.md").write_text(front)
    progress.summary()
    said = capsys.readouterr().out
    assert "9.9  Example: 2 new of 2 objectives" in said
    assert "Nothing is due today." in said and "Next: 9.9 Example." in said
    events = [answer(MOVES, "right", 0), answer(SUM, "right", 2), answer(STABLE, "unknown", 2)]
    progress.write(record, events)
    assert cli.main(["progress"]) == 0
    said = capsys.readouterr().out
    assert "9.9  Example: 1 mastered, 1 met of 2 objectives" in said
    assert "Due today: 3 questions" in said and "Next: 9.9 Example." in said
    progress.write(record, [answer(STABLE, "right", 4)])
    progress.summary()
    assert "Every objective is practised" in capsys.readouterr().out


def test_the_ladder_as_a_table_says_the_same_and_its_stored_text_nothing(lesson, record):
    front = "---\ntitle: Example\nlesson: '9.9'\nlevel: apply\nobjectives: [{id: 9.9a}, {id: 9.9b}]\n---\n# Example\n"
    (lesson.parent / "9_9_example.md").write_text(front)
    progress.write(record, [answer(MOVES, "right", 0), answer(SUM, "right", 2)])
    shown = standing.Ladder()
    assert all(part in shown.value for part in (">Apply<", "9.9 Example", "● ·"))
    for said in standing.lines()[1:]:
        assert said in shown.value
    assert "1 mastered, 1 new" in shown.value
    stored, _ = shown._repr_mimebundle_()
    assert "run this cell" in stored["text/plain"] and "Example" not in stored["text/html"]
