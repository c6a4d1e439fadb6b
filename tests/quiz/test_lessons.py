"""Every question of the course is put to the learner, each in the way of its role."""

import re

import pytest

from classroom import paths
from classroom.quiz import bank

QUIZZES = sorted(paths.LESSONS.rglob("*.quiz.yaml"))


def place(text, call, argument):
    """Where `call` stands with this text in quotes behind it, also on the next line; -1 if nowhere."""
    found = re.search(re.escape(call) + r"\s*" + re.escape(f'"{argument}"'), text)
    return found.start() if found else -1


@pytest.mark.parametrize("path", QUIZZES, ids=[path.name for path in QUIZZES])
def test_each_question_stands_in_its_lesson(path):
    text = path.with_name(path.name.replace(".quiz.yaml", ".md")).read_text(encoding="utf-8")
    calls = {"lesson": "ask(", "memory": "review(", "unlock": "unlock=", "predict": "predict("}
    for question in bank.load(path).values():
        argument = paths.lesson_of(question.id) if question.role == "memory" else question.id
        shown = place(text, calls[question.role], argument)
        assert shown >= 0, f'{calls[question.role]}"{argument}" is missing'
        if question.role == "predict":
            assert place(text, "outcome(", question.id) > shown, f"the outcome of {question.id} must follow it"


def test_there_are_quizzes():
    assert QUIZZES
