"""The map finds every hole: what nothing tests, what tests nothing, what has no level, minutes or verdict."""

import pytest
from PIL import Image

from classroom import cli
from classroom.authoring import map
from classroom.paths import ROOT

LESSON = "lessons/1_remember/1_1_add"
QUIZ = """
- {id: "1.1 sum", kind: number, role: lesson, objective: 1.1a, level: remember, minutes: 1}
- {id: "1.1 before", kind: choice, role: memory, objective: 1.1a, level: remember, minutes: 2}
"""


@pytest.fixture
def mapped(course):
    """The small course with a quiz, whose texts a test may change before the map is read."""
    (course / (LESSON + ".quiz.yaml")).write_text(QUIZ)
    return course


def change(root, ending, old, new):
    path = root / (LESSON + ending)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def holes(root):
    return map.holes(map.rows(root), root)


def test_the_course_has_no_hole():
    assert holes(ROOT) == []


def test_a_lesson_in_order_has_none_and_shows_what_tests_what(mapped):
    assert holes(mapped) == []
    shown = map.table(map.rows(mapped), mapped)
    assert "1 + 2, 4'" in shown
    assert "1.1a   remember    name a sum" in shown
    assert "task: 1.1 add (recall, remember, 1 min)" in shown
    assert "question: 1.1 before (choice, remember, 2 min, memory)" in shown
    assert "C01    holds if the numbers are large" in shown and "1 claims settled, 0 wait" in shown


OBJECTIVE = "  - {id: 1.1a, level: remember, text: name a sum, past: named a sum}\n"


@pytest.mark.parametrize(
    ("ending", "old", "new", "said"),
    [
        (
            ".md",
            OBJECTIVE,
            OBJECTIVE + "  - {id: 1.1b, level: remember, text: doubt, past: x}\n",
            "tests the objective 1.1b",
        ),
        (".md", "level: remember, text", "level: master, text", "the objective 1.1a has the level 'master'"),
        (".quiz.yaml", "objective: 1.1a", "objective: 1.1c", "'1.1 sum' tests '1.1c', which is no objective"),
        (".quiz.yaml", "level: remember", "level: master", "'1.1 sum' has the level 'master'"),
        (".quiz.yaml", ", minutes: 1", "", "'1.1 sum' has no minutes"),
        (".quiz.yaml", "kind: number, ", "", "'1.1 sum' has no kind"),
        (".quiz.yaml", "role: memory", "role: memory, about: pair", "no question from memory has about: lesson"),
        (".tasks.py", 'objective="1.1a"', 'objective="1.1z"', "'1.1 add' tests '1.1z', which is no objective"),
        (
            ".tasks.py",
            'kind="recall", level="remember"',
            'kind="trace", level="understand"',
            "stands at 'understand', not",
        ),
        (".claims.yaml", "verdict: holds if the numbers are large", "verdict: ''", "the claim C01 has no verdict"),
        (".claims.yaml", "id: C01", "id: C02", "a verdict on C02"),
        (".md", "claims: [C01]", "claims: [C01, C99]", "C99 does not stand in lessons/claims.csv"),
    ],
)
def test_every_hole_is_found(mapped, ending, old, new, said):
    change(mapped, ending, old, new)
    assert any(said in hole for hole in holes(mapped)), holes(mapped)


def test_an_objective_that_only_memory_tests_is_a_hole(mapped):
    change(mapped, ".md", OBJECTIVE, OBJECTIVE + "  - {id: 1.1b, level: remember, text: doubt, past: x}\n")
    change(mapped, ".quiz.yaml", "role: memory, objective: 1.1a", "role: memory, objective: 1.1b")
    assert any("tests the objective 1.1b" in hole for hole in holes(mapped))


def test_a_task_above_the_lessons_level_is_a_reach(mapped):
    """Written twice: the harder one first, the last one at the level of the lesson."""
    tasks = mapped / (LESSON + ".tasks.py")
    text = tasks.read_text()
    harder = text[text.index("    Task(") : text.rindex("]")].replace("1.1 add", "1.1 more")
    harder = harder.replace('kind="recall", level="remember"', 'kind="implement", level="apply"')
    tasks.write_text(text.replace("tasks = [\n", "tasks = [\n" + harder.rstrip() + ",\n"))
    exercise = mapped / (LESSON + ".exercise.md")
    cells = exercise.read_text()
    begin = cells.index("Add them.")
    exercise.write_text(
        cells[:begin]
        + cells[begin:].replace("1.1 add", "1.1 more").replace("add", "more")
        + "\n+++\n\n"
        + cells[begin:]
    )
    assert holes(mapped) == ["1.1: '1.1 more' stands above 'remember' and is not marked reach=True."]
    tasks.write_text(tasks.read_text().replace('level="apply"', 'level="apply", reach=True'))
    assert holes(mapped) == []


def test_the_command_draws_and_tells(mapped, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(cli, "ROOT", mapped)
    for ending in ("png", "svg"):
        assert cli.main(["map", "--out", str(tmp_path / f"map.{ending}")]) == 0
    assert "drawn: " in capsys.readouterr().out
    assert Image.open(tmp_path / "map.png").size[0] > 1000
    assert "<svg" in (tmp_path / "map.svg").read_text()
    change(mapped, ".claims.yaml", "id: C01", "id: C02")
    assert cli.main(["map"]) == 1
    assert "missing: 1.1: the claim C01 has no verdict." in capsys.readouterr().out
