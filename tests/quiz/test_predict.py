"""Predictions: locked once committed, shown beside the outcome, and the outcome guards the course against drift."""

import numpy as np
import pytest
import yaml

from classroom import progress
from classroom.quiz import bank, predict
from classroom.quiz.predict import Outcome, OutcomeDrift, Prediction, compared, verified

from .conftest import index_of

NUMBER, CHOICE, ORDER = "9.9 steeper", "9.9 turned", "9.9 fastest"


def prediction(name):
    return Prediction(bank.question(name))


def shown_outcome(name, value):
    question = bank.question(name)
    return Outcome(question, verified(question, value))


def commit(widget, **fields):
    """What quiz.js sends when she presses Commit."""
    widget.receive({"do": "commit", "choice": None, "text": "", "confidence": "sure", **fields})


def test_a_committed_guess_is_stored_and_locked(lesson):
    widget = prediction(NUMBER)
    commit(widget, text="50 %", confidence="unsure")
    (event,) = progress.events("prediction")
    assert (event["name"], event["given"], event["confidence"]) == (NUMBER, 0.5, "unsure")
    assert widget.state["locked"] and widget.state["text"] == "0.5"
    commit(widget, text="0.98")
    assert len(progress.events("prediction")) == 1


def test_the_guess_stands_when_the_cell_runs_again(lesson):
    first, same = prediction(CHOICE), prediction(CHOICE)
    guess = index_of(first.question, right=False)
    commit(first, choice=guess)
    again = prediction(CHOICE)
    assert all(w.state["locked"] and w.state["chosen"] == guess for w in (first, same, again))


def test_a_guess_from_another_kernel_stands_too(lesson):
    widget = prediction(NUMBER)
    progress.record("prediction", NUMBER, given=0.2, confidence="sure")
    commit(widget, text="0.98")
    assert len(progress.events("prediction")) == 1
    assert widget.state["locked"] and widget.state["text"] == "0.2"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"text": ""}, "Type a number first."),
        ({"text": "many"}, "Type one number"),
        ({"text": "0.5", "confidence": ""}, "Say how sure you are"),
        ({"text": "0.5", "confidence": "very"}, "Say how sure you are"),
    ],
)
def test_a_guess_needs_a_number_and_a_confidence(lesson, sent, says):
    widget = prediction(NUMBER)
    commit(widget, **sent)
    assert widget.state["head"].startswith(says)
    assert not widget.state["locked"] and progress.events() == []


def test_a_prediction_shows_its_grounds_and_nothing_of_its_outcome(lesson):
    widget = prediction(NUMBER)
    assert widget.view["grounds"] == "From the slope that you drew."
    texts = str(widget.view) + str(widget._repr_mimebundle_()[0])
    assert not any(spoiler in texts for spoiler in bank.question(NUMBER).spoilers)
    assert widget._repr_mimebundle_()[0]["text/plain"].startswith("Prediction 9.9 steeper: ")


def test_an_outcome_waits_calmly_for_a_guess_then_appears(lesson):
    shown = shown_outcome(NUMBER, 0.98)
    assert shown.card.state["head"] == "You have not committed a guess yet."
    assert "run this cell again" in shown.card.state["feedback"]
    assert "0.98" not in str(shown.card.state) + str(shown.card.view) and len(shown.children) == 1
    commit(prediction(NUMBER), text="0.5")
    assert shown.card.state["pair"] == [["Your guess", "0.5", "sure"], ["What happened", "0.98", ""]]
    assert len(shown.children) == 2


def test_the_outcome_stands_beside_the_guess_with_its_feedback(lesson):
    commit(prediction(NUMBER), text="0.5", confidence="sure")
    state = shown_outcome(NUMBER, 0.9812).card.state
    assert state["pair"][1] == ["What happened", "0.981", ""]
    assert state["head"] == "They differ."
    assert "too small by a factor of 2." in state["feedback"]
    assert "the stripe keeps its width" in state["feedback"]
    assert "worth a second look" in state["feedback"]


def test_a_right_guess_is_asked_why_without_praise(lesson):
    commit(prediction(NUMBER), text="0.98")
    shown = shown_outcome(NUMBER, 0.98)
    assert shown.card.state["head"] == "They agree."
    assert "halve the width" in shown.card.state["feedback"]
    assert shown.why.question.question == "Why did the share rise?"


def test_why_is_kept_and_then_the_variant_is_offered(lesson):
    commit(prediction(NUMBER), text="0.5")
    shown = shown_outcome(NUMBER, 0.98)
    shown.why.receive({"do": "answer", "choice": index_of(shown.why.question, right=False)})
    assert len(shown.children) == 2, "the variant waits for the reason"
    shown.why.receive({"do": "answer", "choice": index_of(shown.why.question, right=True)})
    assert isinstance(shown.children[2], Prediction) and shown.children[2].question.id == CHOICE
    events = progress.events("outcome", NUMBER)
    assert [(e["given"], e["agrees"], e["why"]) for e in events] == [(0.5, False, "wrong"), (0.5, False, "right")]
    assert progress.events("answer") == [], "a question of why does not come back without its outcome"


def test_who_does_not_know_why_goes_on_to_the_variant_too(lesson):
    commit(prediction(NUMBER), text="0.5")
    shown = shown_outcome(NUMBER, 0.98)
    shown.why.receive({"do": "unknown"})
    assert "two stripes" in shown.why.state["feedback"] and len(shown.children) == 3


def test_the_outcome_can_be_seen_without_a_guess(lesson):
    shown = shown_outcome(CHOICE, "It stays, its sides swap.")
    shown.card.receive({"do": "reveal"})
    assert shown.card.state["pair"] == [["What happened", "It stays, its sides swap.", ""]]
    assert len(shown.children) == 2
    shown.why.receive({"do": "unknown"})
    assert len(shown.children) == 2, "this prediction names no variant"


def test_a_guess_that_the_lesson_no_longer_offers_is_no_guess(lesson):
    progress.record("prediction", CHOICE, given="an option of last year", confidence="sure")
    progress.record("prediction", NUMBER, given="text", confidence="sure")
    assert not prediction(CHOICE).state["locked"] and not prediction(NUMBER).state["locked"]


def test_stored_texts_do_not_depend_on_the_guess_or_the_last_digits(lesson):
    def stored(value):
        bundles = [w._repr_mimebundle_()[0] for w in (prediction(NUMBER), shown_outcome(NUMBER, value))]
        return [(bundle["text/plain"], bundle["text/html"]) for bundle in bundles]

    before = stored(0.98)
    assert before[1][0] == "Outcome of 9.9 steeper: 0.98"
    commit(prediction(NUMBER), text="0.5")
    assert stored(0.9799) == before


@pytest.mark.parametrize("value", [0.98, np.float32(0.975), np.array(0.99), "0.97"])
def test_a_number_in_the_band_is_the_outcome(lesson, value):
    assert verified(bank.question(NUMBER), value) == pytest.approx(float(value))


@pytest.mark.parametrize("value", [0.96, 1, -0.98, float("nan"), float("inf"), "high", None, [0.98, 0.97]])
def test_any_other_number_stops_the_notebook_in_a_sentence(lesson, value):
    with pytest.raises(OutcomeDrift, match=r"^Outcome of 9\.9 steeper: .*(mend one of the two|expected one number)\.$"):
        predict.outcome(NUMBER, value)


@pytest.mark.parametrize("value", ["It stays", "it stays, its sides swap.", None, 3])
def test_any_other_text_stops_the_notebook_in_a_sentence(lesson, value):
    with pytest.raises(OutcomeDrift, match=r"the quiz file says 'It stays, its sides swap\.'; mend one"):
        predict.outcome(CHOICE, value)


def test_large_results_are_shown_as_whole_numbers(lesson, entries):
    question = bank.Question("9.9 n", "number", "predict", "q", "", bands=(bank.Band(1, 5000, ""),))
    assert verified(question, 1234.4) == 1234
    assert verified(question, 12.345) == pytest.approx(12.3)


@pytest.mark.parametrize(
    ("given", "result", "words"),
    [
        (3.0, 1.0, "too large by a factor of 3."),
        (0.25, 1.0, "too small by a factor of 4."),
        (1.05, 1.0, "too large by 0.05 mm."),
        (0.0, 2.0, "too small by 2 mm."),
        (0.5, 0.0, "too large by 0.5 mm."),
        (-1.0, 2.0, "has the other sign."),
        (-6.0, -2.0, "too large in size by a factor of 3."),
        (-1.0, -2.0, "too small in size by a factor of 2."),
        (10.0, 9.999, ""),
    ],
)
def test_a_guessed_number_is_compared_in_words(given, result, words):
    right = bank.Band(9.99, 10.01, "")
    question = bank.Question("9.9 n", "number", "predict", "q", "", bands=(right,), unit="mm")
    assert compared(question, given, result).endswith(words)
    assert bool(words) == bool(compared(question, given, result))


def test_predict_and_outcome_refuse_a_question_of_another_role(lesson):
    for show in (lambda: predict.predict("9.9 stable"), lambda: predict.outcome("9.9 stable", 1)):
        with pytest.raises(LookupError, match=r"no prediction but of role unlock; show it with ask\('9.9 stable'\)"):
            show()


def test_predict_and_outcome_display_and_return_nothing(lesson, monkeypatch):
    shown = []
    monkeypatch.setattr(predict, "display", shown.append)
    assert predict.predict(NUMBER) is None and predict.outcome(NUMBER, 0.98) is None
    assert isinstance(shown[0], Prediction) and isinstance(shown[1], Outcome) and len(shown) == 2


# --- an order ---------------------------------------------------------------------------------------------------

HAPPENS = ["momentum", "plain descent", "rate too small"]


@pytest.fixture
def order(lesson, entries):
    """A predicted order, which stands in the lesson beside the others."""
    steps = [
        {"text": text, "feedback": f"Look at {text}.", "misconception": f"about {text}", "source": "invented: a test"}
        for text in HAPPENS
    ]
    added = {
        **{key: value for key, value in entries[CHOICE].items() if key not in ("options", "outcome")},
        **{
            "id": ORDER,
            "kind": "order",
            "steps": steps,
            "right": "The longest memory wins.",
            "spoilers": ["momentum w"],
        },
    }
    lesson.write_text(yaml.safe_dump([*entries.values(), added], allow_unicode=True), encoding="utf-8")
    return bank.question(ORDER)


def placed(question, texts):
    """What quiz.js sends for this order of the steps."""
    return [texts.index(row.text) for row in question.rows]


def test_an_order_is_committed_locked_and_compared_with_what_happened(order):
    turned = ["plain descent", "momentum", "rate too small"]
    shown = shown_outcome(ORDER, HAPPENS)
    assert "then" not in str(shown.card.state), "it waits for the guess"
    widget = prediction(ORDER)
    commit(widget, choice=[-1, 0, 1])
    assert widget.state["head"] == "Choose a place for every step first." and not widget.state["locked"]
    commit(widget, choice=placed(order, turned), confidence="")
    assert widget.state["head"].startswith("Say how sure") and widget.state["rows"] == placed(order, turned)
    commit(widget, choice=placed(order, turned))
    assert widget.state["locked"] and prediction(ORDER).state["rows"] == placed(order, turned)
    state = shown.card.state
    assert [text for _, text, _ in state["pair"]] == [", then ".join(turned), ", then ".join(HAPPENS)]
    assert state["head"] == "They differ." and "Look at momentum." in state["feedback"]
    shown.why.receive({"do": "answer", "choice": index_of(shown.why.question, right=True)})
    (event,) = progress.events("outcome")
    assert event["agrees"] is False and event["misconception"] == "about momentum"


def test_a_right_order_agrees_and_another_outcome_stops_the_notebook(order):
    commit(prediction(ORDER), choice=placed(order, HAPPENS))
    state = shown_outcome(ORDER, tuple(HAPPENS)).card.state
    assert state["head"] == "They agree." and "The longest memory wins." in state["feedback"]
    with pytest.raises(OutcomeDrift, match="mend one of the two"):
        verified(order, HAPPENS[::-1])


def test_a_predicted_order_tells_nothing_before(order):
    assert order.rows != tuple(sorted(order.rows, key=lambda row: HAPPENS.index(row.text)))
    stored = prediction(ORDER)._repr_mimebundle_()[0]
    assert "<details>" not in stored["text/html"] and "The longest memory" not in str(stored)
    assert stored["text/plain"].startswith(f"Prediction {ORDER}: ")


def test_an_order_that_the_lesson_no_longer_offers_is_no_guess(order):
    for given in (["1", "2"], ["1", "2", "2"], "up", [1, 2, 3], None):
        progress.record("prediction", ORDER, given=given, confidence="sure")
    assert predict.committed(order) is None
