"""The terms of a level come as questions, return when they are due, and say what a wrong choice means."""

from datetime import UTC, datetime, timedelta

import pytest

from classroom import paths, progress
from classroom.quiz import bank, standing, terms

LESSON = """---
title: A lesson
lesson: "{}"
level: remember
objectives: []
terms:
{}
---
# A lesson
"""
MEANINGS = [{f"term {i}{j}": f"meaning of {i}{j}" for j in range(4)} for i in (1, 2)]


@pytest.fixture
def level(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(paths, "LESSONS", tmp_path)
    for i, meanings in enumerate(MEANINGS, start=1):
        lines = "\n".join(f"  {term}: {meaning}" for term, meaning in meanings.items())
        (tmp_path / f"1_{i}_lesson.md").write_text(LESSON.format(f"1.{i}", lines))
    (tmp_path / "2_1_other.md").write_text(LESSON.format("2.1", "  other: of another level"))


def answer(name, verdict, days):
    at = datetime.now(UTC) - timedelta(days=days)
    event = {"at": at.isoformat(), "kind": "answer", "name": name, "verdict": verdict}
    progress.write(progress.progress_file(), [event])


def test_each_term_is_a_question_with_terms_of_its_level_as_options(level):
    found = terms.questions("1")
    assert list(found) == [f"1.{i} term: term {i}{j}" for i in (1, 2) for j in range(4)]
    for name, question in found.items():
        options = [option.text for option in question.options]
        assert len(set(options)) == 4 and question.right == name.split(": ")[1] and "other" not in options
        assert question.question.endswith(f" M{MEANINGS[int(name[2]) - 1][question.right][1:]}.")


def test_a_wrong_choice_is_told_what_it_means(level):
    question = bank.question("1.1 term: term 10")
    wrong = next(option for option in question.options if not option.right)
    assert wrong.feedback == f"**{wrong.text}** means: meaning of {wrong.text[5:]}."


def test_fresh_ones_come_in_order_and_due_ones_first(level):
    assert [q.right for q in terms.choose("1")] == ["term 10", "term 11", "term 12", "term 13", "term 20", "term 21"]
    answer("1.1 term: term 12", "wrong", days=3)
    answer("1.1 term: term 10", "right", days=0)
    answer("2.1 term: other", "wrong", days=9)
    assert [q.right for q in terms.choose("1")] == ["term 12", "term 11", "term 13", "term 20", "term 21", "term 22"]


def test_when_all_are_known_that_is_said(level):
    for name in terms.questions("1"):
        answer(name, "right", days=0)
    assert [type(child).__name__ for child in terms.Terms("1").children] == ["HTML"]


def test_a_term_that_is_gone_is_forgotten(level):
    answer("1.1 term: gone", "wrong", days=3)
    with pytest.raises(LookupError, match="level 1 defines"):
        bank.question("1.1 term: gone")
    assert len(terms.choose("1")) == 6
    assert standing.standings(progress.events()) == {}


def test_the_stored_text_does_not_change_with_the_terms(level):
    stored = terms.Terms("1").stored["text/plain"]
    (paths.LESSONS / "1_3_more.md").write_text(LESSON.format("1.3", "  more: and more"))
    assert terms.Terms("1").stored["text/plain"] == stored and len(terms.questions("1")) == 9
