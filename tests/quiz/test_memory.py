"""When questions return: the first answer of a sitting decides, and what was not known comes back first."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from classroom import progress
from classroom.quiz import bank, memory, standing
from classroom.quiz.quiz import Review
from classroom.tasks import check

START = datetime(2025, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def answer(name, verdict, days=0.0):
    return {"at": (START + days * DAY).isoformat(), "kind": "answer", "name": name, "verdict": verdict}


def due_after(*answers):
    """Days from the last answer until the question is due again."""
    (card,) = memory.cards([answer("9.9 a", verdict, days) for verdict, days in answers]).values()
    return (card.due - card.last_review) / DAY


def test_what_was_not_known_returns_sooner_than_what_was():
    assert due_after(("unknown", 0)) == due_after(("wrong", 0)) == 1
    assert due_after(("right", 0)) >= 2


def test_each_right_answer_in_its_time_doubles_the_pause_at_least():
    pauses = [
        due_after(("right", 0)),
        due_after(("right", 0), ("right", 2)),
        due_after(*[("right", d) for d in (0, 2, 9)]),
    ]
    assert pauses[1] >= 2 * pauses[0] and pauses[2] >= 2 * pauses[1]


def test_only_the_first_answer_of_a_sitting_counts():
    wrong_first = [("wrong", 0), ("right", 0.001), ("right", 0.1)]
    assert due_after(*wrong_first) == due_after(("wrong", 0))
    assert due_after(*wrong_first, ("right", 1)) == due_after(("wrong", 0), ("right", 1))


def test_a_forgotten_answer_shortens_the_pause():
    assert due_after(("right", 0), ("right", 2), ("wrong", 12)) < due_after(("right", 0), ("right", 2))


def test_the_order_of_lines_and_lines_of_another_kind_do_not_matter():
    events = [
        answer(f"9.9 {name}", verdict, day)
        for name, verdict, day in (("a", "right", 0), ("a", "wrong", 3), ("b", "right", 1))
    ]
    expected = {name: card.due for name, card in memory.cards(events).items()}
    events += [{**answer("9.9 a", "skipped", 1)}, {**answer("9.9 b", "right"), "at": "yesterday"}]
    random.Random(0).shuffle(events)
    assert {name: card.due for name, card in memory.cards(events).items()} == expected


def test_due_lists_the_longest_overdue_first_and_nothing_too_early(record):
    events = [answer("9.9 right", "right"), answer("9.9 unknown", "unknown"), answer("9.9 wrong", "wrong", -1)]
    progress.write(record, events)
    assert memory.due(START + timedelta(hours=1)) == ["9.9 wrong"]
    assert memory.due(START + DAY) == ["9.9 wrong", "9.9 unknown"]
    assert memory.due(START + 30 * DAY) == ["9.9 wrong", "9.9 unknown", "9.9 right"]


def test_without_a_record_nothing_is_due_and_the_lessons_own_are_chosen(lesson):
    own = [bank.question("9.9 weighted sum")]
    assert memory.due() == []
    assert memory.choose(own) == own
    assert memory.choose([]) == []


def test_a_question_answered_today_is_not_due_today(lesson):

    progress.record("answer", "9.9 bias moves", verdict="unknown")
    assert memory.due() == []
    assert memory.due(datetime.now(UTC) + DAY) == ["9.9 bias moves"]
    assert [q.id for q in memory.choose([], now=datetime.now(UTC) + DAY)] == ["9.9 bias moves"]


# --- a misconception brings its questions back ------------------------------------------------------------------

BIAS = "the bias is a weight like any other"  # behind an option of "9.9 bias moves"


def recorded(record, *events):
    record.unlink(missing_ok=True)
    progress.write(record, events)


def event(kind, name, days, **fields):
    return {"at": (START + days * DAY).isoformat(), "kind": kind, "name": name, **fields}


def test_a_misconception_met_elsewhere_brings_its_question_back_the_next_day(lesson, record):
    known = [answer("9.9 bias moves", "right", 0), answer("9.9 bias moves", "right", 3)]
    recorded(record, *known)
    assert memory.due(START + 5 * DAY) == [], "learned well: it rests for weeks"
    shown = [
        event("answer", "9.9 other", 4, verdict="wrong", misconception=BIAS),
        event("outcome", "9.9 steeper", 4, agrees=False, misconception=BIAS),
        event("attempt", "9.9 task", 4, result="not yet", misconceptions=["x"], objective="9.9a"),
    ]
    for one in shown:
        recorded(record, *known, one)
        assert "9.9 bias moves" not in memory.due(START + 4.2 * DAY)
        assert "9.9 bias moves" in memory.due(START + 5 * DAY), one


def test_only_what_was_known_before_returns_and_only_by_its_own_misconception(lesson, record):
    known = [answer("9.9 bias moves", "right", 0), answer("9.9 bias moves", "right", 3)]
    for one in (
        event("answer", "9.9 other", 2, verdict="wrong", misconception=BIAS),  # answered rightly since
        event("answer", "9.9 other", 4, verdict="wrong", misconception="another"),
        event("answer", "9.9 other", 4, verdict="wrong"),
        event("attempt", "9.9 task", 4, result="not yet", misconceptions=[], objective="9.9a"),
        event("attempt", "9.9 task", 4, result="not yet", misconceptions=["x"], objective="9.9b"),
        event("answer", "9.9 bias moves", 3.1, verdict="wrong", misconception=BIAS),  # same sitting, its own card
    ):
        recorded(record, *known, one)
        assert "9.9 bias moves" not in memory.due(START + 5 * DAY), one


def test_a_wrong_answer_records_the_misconception_behind_it(lesson):
    from classroom.quiz.quiz import question_widget

    widget = question_widget("9.9 bias moves")
    turned = [o.text for o in widget.question.options].index("It turns the line about the origin.")
    widget.answer(turned)
    widget.answer(next(i for i, o in enumerate(widget.question.options) if o.right))
    number = question_widget("9.9 weighted sum")
    for text in ("1.0", "7", "1.5"):
        number.answer(text=text)
    found = [e.get("misconception") for e in progress.events("answer")]
    assert found == [BIAS, None, "the bias is left out", None, None]


def test_of_a_lessons_own_questions_what_they_go_back_to_is_checked(lesson, entries):
    from classroom.quiz import faults

    entry = entries["9.9 weighted sum"]
    assert not faults.problems([{**entry, "about": "pair"}], lesson)
    assert (
        "about: got 'mood', expected one of lesson, level, pair"
        in faults.problems([{**entry, "about": "mood"}], lesson)[0]
    )
    wrong = {**entries["9.9 bias moves"], "about": "pair"}
    assert "field about: unknown here" in faults.problems([wrong], lesson)[0]


# --- small tasks return -----------------------------------------------------------------------------------------


def tried(days, *results, name="9.9 task"):
    """The checks of one sitting."""
    return [event("attempt", name, days + i / 100, result=result) for i, result in enumerate(results)]


def test_a_task_returns_once_it_has_passed_and_sooner_if_it_took_several_checks():
    def pause(*events):
        card = memory.task_cards([e for part in events for e in part])["9.9 task"]
        return (card.due - card.last_review) / DAY

    assert memory.task_cards(tried(0, "not yet", "not yet")) == {}
    assert pause(tried(0, "passed")) > pause(tried(0, "not yet", "passed")) >= 1
    assert pause(tried(0, "not yet"), tried(2, "passed")) == pause(tried(2, "passed"))
    assert pause(tried(0, "passed"), tried(4, "passed")) > 2 * pause(tried(0, "passed"))
    assert pause(tried(0, "passed"), tried(4, "not yet")) == 1


def test_small_tasks_that_are_due_come_with_the_next_review(lesson, record, monkeypatch):
    minutes = {"9.9 task": 4, "9.9 long": 12}
    known = {name: SimpleNamespace(name=name, minutes=m, object_name="f") for name, m in minutes.items()}
    monkeypatch.setattr(check, "find", lambda name: (known.get(name), None))
    monkeypatch.setattr(check, "_cases_path", lambda name: Path("exercises/9_example/9_9_example.cases.npz"))
    recorded(record, *tried(0, "passed"), *tried(0, "passed", name="9.9 long"), *tried(0, "passed", name="9.9 gone"))
    assert memory.due_tasks(START + DAY) == [] and memory.due_tasks(START + 30 * DAY) == ["9.9 task"]
    card = Review("9.9").children[-1].value
    assert "A small task returns: 9.9 task" in card and "check(&quot;9.9 task&quot;, f)" in card
    assert "exercises/9_example/9_9_example.ipynb" in card
    assert "0 questions and 1 small task (9.9 task)" in "\n".join(standing.lines())
    progress.record("attempt", "9.9 task", result="passed")
    assert memory.due_tasks() == [] and len(Review("9.9").children) == 1
