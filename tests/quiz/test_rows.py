"""Several choices, an order, pairs: each row gets a label, each row has its own feedback."""

import pytest
import yaml

from classroom import progress
from classroom.quiz import bank
from classroom.quiz.question import Rows
from classroom.quiz.quiz import question_widget

WRONG = {"misconception": "a test", "source": "invented: a test"}
COMMON = {"role": "lesson", "objective": "9.9a", "level": "remember", "minutes": 1, "dont_know": "Look above."}


def row(text, **more):
    return {"text": text, "feedback": f"Look at {text}.", **WRONG, "misconception": f"about {text}", **more}


SEVERAL = {
    "id": "9.9 learned", "kind": "several", "question": "Which are learned?", "right": "Both change in training.",
    "options": [row("weight", right=True), row("input"), row("bias", right=True), row("$x$ label")], **COMMON,
}  # fmt: skip
ORDER = {
    "id": "9.9 loop", "kind": "order", "question": "One step?", "right": "Then again.",
    "steps": [row("`loss = f(x)`"), row("`loss.backward()`"), row("`step()`"), row("`zero_grad()`")], **COMMON,
}  # fmt: skip
MATCH = {
    "id": "9.9 family", "kind": "match", "question": "Which for which?", "right": "So it is.", "others": ["GNN"],
    "pairs": [row("photograph", to="CNN"), row("sentence", to="transformer"), row("table", to="MLP")], **COMMON,
}  # fmt: skip
ALL = [SEVERAL, ORDER, MATCH]


@pytest.fixture
def asked(lesson):
    """A widget for each of the three questions, by kind."""
    lesson.write_text(yaml.safe_dump(ALL, allow_unicode=True), encoding="utf-8")
    return {entry["kind"]: question_widget(entry["id"]) for entry in ALL}


def press(widget, labels):
    """What quiz.js sends for these labels by text, in the order in which the rows are shown."""
    question = widget.question
    chosen = [question.labels.index(labels[row.text]) if row.text in labels else -1 for row in question.rows]
    widget.receive({"do": "answer", "choice": chosen, "text": "", "confidence": ""})


def right(widget):
    return {row.text: row.label for row in widget.question.rows}


def test_all_right_locks_and_says_why(asked):
    for entry in ALL:
        widget = asked[entry["kind"]]
        assert isinstance(widget.question, Rows) and len(widget.question.rows) >= 3
        press(widget, right(widget))
        assert (widget.state["head"], widget.state["locked"]) == ("Right.", True)
        assert widget.state["feedback"] == entry["right"]
        assert widget.state["rows"] == [widget.question.labels.index(row.label) for row in widget.question.rows]
    assert [e["verdict"] for e in progress.events("answer")] == ["right"] * 3
    assert all(e["given"] == asked_.question.right for e, asked_ in zip(progress.events(), asked.values(), strict=True))


def test_what_does_not_fit_is_counted_and_one_row_gets_its_feedback(asked):
    widget = asked["several"]
    press(widget, right(widget) | {"bias": "no"})
    assert widget.state["head"] == "3 of 4 fit." and "Look at bias." in widget.state["feedback"]
    assert "You may try again." in widget.state["feedback"] and not widget.state["locked"]
    assert progress.events("answer")[-1]["misconception"] == "about bias"
    widget = asked["match"]
    press(widget, right(widget) | {"table": "GNN"})
    assert widget.state["head"] == "2 of 3 fit." and "Look at table." in widget.state["feedback"]


def test_of_an_order_the_first_step_out_of_place_gets_its_feedback(asked):
    widget = asked["order"]
    press(widget, {"`loss = f(x)`": "1", "`loss.backward()`": "3", "`step()`": "2", "`zero_grad()`": "4"})
    assert widget.state["head"] == "2 of 4 fit."
    assert "Look at <code>loss.backward()</code>." in widget.state["feedback"]


def test_a_row_without_a_label_or_a_place_taken_twice_counts_nothing(asked):
    widget = asked["order"]
    press(widget, {"`step()`": "1"})
    assert widget.state["head"] == "Choose a place for every step first."
    press(widget, dict.fromkeys(right(widget), "2"))
    assert widget.state["head"] == "Place 2 is taken twice."
    for choice in (None, 1, [0], ["1", "2", "3", "4"], [0, 1, 2, 9], [True, False, True, False]):
        widget.receive({"do": "answer", "choice": choice})
    press(asked["match"], {})
    assert asked["match"].state["head"] == "Choose for every row first."
    assert progress.events("answer") == []


def test_i_do_not_know_yet_works_as_everywhere(asked):
    asked["match"].receive({"do": "unknown"})
    assert "Look above." in asked["match"].state["feedback"]


def test_the_shown_order_is_stable_and_never_the_right_one(lesson):
    for number in range(30):
        entry = {**ORDER, "id": f"9.9 loop {number}"}
        lesson.write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")
        shown = bank.load(lesson)[entry["id"]].rows
        assert [r.label for r in shown] != ["1", "2", "3", "4"]
        assert shown == bank._rows(entry).rows


def test_the_view_holds_no_answer_and_readers_without_a_kernel_find_it_folded(asked):
    for kind, widget in asked.items():
        view = widget.view["rows"]
        assert view["control"] == ("checkbox" if kind == "several" else "select")
        assert len(view["texts"]) == len(widget.question.rows)
        assert "Look at" not in str(widget.view) and widget.question.praise not in str(widget.view)
        stored = widget._repr_mimebundle_()[0]
        page = stored["text/html"]
        assert page.index("<details>") < page.index("Look at") and page.count("</details>") == 1
        assert all(row.text.strip("`") in stored["text/plain"] for row in widget.question.rows)
    assert "CNN, GNN, MLP, transformer" in asked["match"]._repr_mimebundle_()[0]["text/plain"]
    assert "<math" in str(asked["several"].view["rows"]["texts"])


@pytest.mark.parametrize(
    ("entry", "changed", "said"),
    [
        (SEVERAL, {"options": SEVERAL["options"][:2]}, "expected a list of three or more"),
        (SEVERAL, {"options": [row("a"), row("b"), row("c")]}, "all options are right, or none"),
        (SEVERAL, {"options": [row("a", right="yes"), row("b"), row("c")]}, "options[1].right"),
        (SEVERAL, {"right": None}, "field right"),
        (ORDER, {"steps": [row("a"), row("a"), row("c")]}, "two rows have the same text"),
        (ORDER, {"steps": [row("a", to="x"), row("b"), row("c")]}, "steps[1].to: unknown here"),
        (ORDER, {"steps": [row("a"), row("b"), {"text": "c", "feedback": "d"}]}, "steps[3].misconception"),
        (MATCH, {"others": "GNN"}, "expected a list of texts"),
        (MATCH, {"pairs": [row("a"), row("b", to="c"), row("d", to="e")]}, "pairs[1].to"),
        (MATCH, {"role": "predict"}, "a prediction is a choice, a number or an order, not 'match'"),
        (ORDER, {"role": "predict", "outcome": "x"}, "field outcome: unknown here"),
    ],
)
def test_each_slip_of_an_author_is_named(lesson, entry, changed, said):
    lesson.write_text(yaml.safe_dump([{**entry, **changed}], allow_unicode=True), encoding="utf-8")
    assert any(said in sentence for sentence in bank.problems(lesson)), bank.problems(lesson)
