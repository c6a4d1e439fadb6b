"""Questions as a learner meets them: the messages that a browser would send, and what she then sees."""

import ipywidgets
import pytest

from classroom import progress
from classroom.quiz import bank, quiz
from classroom.quiz.card import number_text, read_number
from classroom.quiz.quiz import Quiz, Review, question_widget

from .conftest import index_of

CHOICE, NUMBER = "9.9 bias moves", "9.9 weighted sum"


@pytest.fixture
def choice(lesson):
    return question_widget(CHOICE)


@pytest.fixture
def number(lesson):
    return question_widget(NUMBER)


def press(widget, button, **fields):
    """What quiz.js sends when a button is pressed."""
    widget.receive({"do": button, "choice": None, "text": "", "confidence": "", **fields})


def verdicts():
    return [event["verdict"] for event in progress.events("answer")]


def test_a_wrong_option_gets_its_own_feedback_and_may_be_tried_again(choice):
    wrong = index_of(choice.question, right=False)
    press(choice, "answer", choice=wrong)
    assert choice.state["head"] == "Not this one."
    assert "Turning needs another direction" in choice.state["feedback"]
    assert "You may try again." in choice.state["feedback"]
    assert choice.state["marks"] == {str(wrong): "other"}
    assert not choice.state["locked"]
    press(choice, "answer", choice=index_of(choice.question, right=True))
    assert (choice.state["head"], choice.state["locked"]) == ("Right.", True)
    assert "keeps its direction" in choice.state["feedback"], "a right answer gets its reason"
    assert len(choice.state["marks"]) == 2, "what was tried stays marked"
    assert verdicts() == ["wrong", "right"]


def test_right_is_said_once_where_the_feedback_begins_with_yes(lesson):
    lesson.write_text(
        lesson.read_text(encoding="utf-8").replace("The normal $w$", "Yes: the normal $w$"), encoding="utf-8"
    )
    widget = question_widget(CHOICE)
    press(widget, "answer", choice=index_of(widget.question, right=True))
    assert widget.state["head"] == "" and widget.state["feedback"].startswith("Yes: the normal")


def test_after_the_right_answer_nothing_more_counts(choice):
    press(choice, "answer", choice=index_of(choice.question, right=True))
    before = choice.state
    press(choice, "answer", choice=index_of(choice.question, right=False))
    press(choice, "unknown")
    assert choice.state == before
    assert verdicts() == ["right"]


def test_i_do_not_know_yet_says_where_to_look_and_leaves_the_question_open(choice):
    assert choice.view["buttons"][1]["label"] == "I do not know yet"
    press(choice, "unknown")
    assert choice.state["tone"] == "open"
    assert "Look at the second figure" in choice.state["feedback"]
    assert choice.state["marks"] == {} and not choice.state["locked"]
    assert verdicts() == ["unknown"]


def test_the_same_answer_twice_reaches_the_browser_twice(choice):
    turns = []
    choice.observe(lambda change: turns.append(change["new"]["turn"]), "state")
    press(choice, "answer", choice=index_of(choice.question, right=False))
    press(choice, "answer", choice=index_of(choice.question, right=False))
    assert turns == [1, 2]


@pytest.mark.parametrize("sent", [{}, {"choice": 7}, {"choice": -1}, {"choice": "1"}])
def test_check_without_a_choice_asks_for_one_and_counts_nothing(choice, sent):
    press(choice, "answer", **sent)
    assert choice.state["head"] == "Choose an option first."
    assert verdicts() == []


@pytest.mark.parametrize("message", [{}, {"do": "keep"}, {"do": "close"}, {"do": None}])
def test_other_messages_do_nothing(choice, message):
    choice.receive(message)
    assert "turn" not in choice.state, "nothing was shown"
    assert verdicts() == []


def test_a_number_is_judged_by_bands_with_their_own_feedback(number):
    press(number, "answer", text="1")
    assert number.state["head"] == "Not 1 mV."
    assert "smaller by 0.5" in number.state["feedback"]
    press(number, "answer", text="7")
    assert "Multiply each input" in number.state["feedback"]
    press(number, "answer", text="1,5 mV")
    assert (number.state["head"], number.state["locked"]) == ("Right.", True)
    assert [e["given"] for e in progress.events("answer")] == [1, 7, 1.5]


@pytest.mark.parametrize(("text", "says"), [("", "Type a number first."), ("many", "Type one number")])
def test_what_is_no_number_counts_nothing(number, text, says):
    press(number, "answer", text=text)
    assert number.state["head"].startswith(says)
    assert verdicts() == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.73", 0.73),
        ("0,73", 0.73),
        (" −2 ", -2),
        ("1e-3", 0.001),
        ("98 %", 0.98),
        ("3mV", 3),
        ("1 000", 1000),
        (".5", 0.5),
    ],
)
def test_numbers_may_be_typed_in_many_ways(text, value):
    assert read_number(text, "mV") == pytest.approx(value)


def test_percent_stay_percent_where_they_are_the_unit():
    assert read_number("98 %", "%") == 98


@pytest.mark.parametrize("text", ["", "one", "1,000,000", "nan", "inf", "1 or 2", "%"])
def test_what_is_no_single_number_is_refused(text):
    with pytest.raises(ValueError):
        read_number(text)


def test_numbers_are_written_as_people_write_them():
    assert [number_text(n) for n in (0.98, 1200.0, -2, 1e-7)] == ["0.98", "1200", "−2", "1e-07"]
    assert number_text(3, "mm") == "3 mm"


def test_a_long_unit_stands_beside_the_input_only(lesson):
    lesson.write_text(lesson.read_text(encoding="utf-8").replace('"mV"', '"as a share from 0 to 1"'), encoding="utf-8")
    widget = question_widget(NUMBER)
    press(widget, "answer", text="7")
    assert widget.view["number"]["unit"] == "as a share from 0 to 1"
    assert widget.state["head"] == "Not 7."


def test_the_view_holds_mathml_and_no_answer(choice):
    assert "<math" in choice.view["question"] and "$" not in choice.view["question"]
    assert "right" not in str(choice.view).lower() and "The normal" not in str(choice.view)


def test_readers_without_a_kernel_get_the_question_with_folded_answers(choice):
    bundle, _ = choice._repr_mimebundle_()
    assert bundle["text/plain"].startswith("Quiz 9.9 bias moves: What does a larger bias $b$ do")
    assert "1. It turns the line about the origin." in bundle["text/plain"]
    page = bundle["text/html"]
    assert page.index("<details>") < page.index("keeps its direction. (right)")
    assert page.count("</details>") == 1 and "$b$" in page
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_stored_texts_do_not_depend_on_what_a_learner_has_done(lesson):
    def stored():
        widgets = [question_widget(CHOICE), question_widget(NUMBER), Review("9.9")]
        bundles = [widget._repr_mimebundle_()[0] for widget in widgets]
        return [(bundle["text/plain"], bundle["text/html"]) for bundle in bundles]

    before = stored()
    widget = question_widget(CHOICE)
    press(widget, "unknown")
    press(widget, "answer", choice=0)
    own = widget._repr_mimebundle_()[0]
    assert stored() == before
    assert (own["text/plain"], own["text/html"]) == before[0]


def test_an_explorer_gets_a_question_as_a_widget(lesson):
    box = ipywidgets.VBox([question_widget("9.9 stable")])
    assert isinstance(box.children[0], Quiz)
    press(box.children[0], "answer", choice=index_of(box.children[0].question, right=True))
    assert progress.events("answer")[0]["where"] == "unlock"


def test_ask_and_review_display_and_return_nothing(lesson, monkeypatch):
    shown = []
    monkeypatch.setattr(quiz, "display", shown.append)
    assert quiz.ask(CHOICE) is None and quiz.review("9.9") is None
    assert isinstance(shown[0], Quiz) and isinstance(shown[1], Review) and len(shown) == 2


def test_review_shows_due_questions_first_then_the_lessons_own(lesson, monkeypatch):
    assert [q.id for q in Review("9.9").questions] == [NUMBER]
    with lesson.open("a", encoding="utf-8") as file:
        file.writelines(
            f'\n- {{id: "9.9 m{i}", kind: number, role: memory, objective: 9.9a, level: remember, minutes: 1, '
            "question: q, answer: 1, band: [1, 1], feedback: {right: r, otherwise: o}, dont_know: d}"
            for i in range(3)
        )
    monkeypatch.setattr("classroom.quiz.memory.due", lambda now=None: ["9.9 gone", "8.1 no lesson", CHOICE, "9.9 m1"])
    review = Review("9.9")
    assert [q.id for q in review.questions] == [CHOICE, "9.9 m1", NUMBER]
    assert review.children[0].view["kicker"] == "From memory, 1 of 3"
    assert CHOICE not in review._repr_mimebundle_()[0]["text/plain"]
    press(review.children[0], "unknown")
    assert progress.events("answer")[0]["where"] == "review"


def test_a_lesson_without_questions_says_so_calmly(lesson):
    lesson.unlink()
    review = Review("9.9")
    assert review.questions == []
    assert "Nothing is due today" in review._repr_mimebundle_()[0]["text/html"]


def test_an_answer_that_cannot_be_saved_says_so_on_the_card(choice, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path / "file"))
    press(choice, "answer", choice=0)
    assert "could not be saved" in choice.state["feedback"]


def test_feedback_is_escaped(lesson, entries):
    option = bank.Option("<b>a</b>", "use `<i>` & <script>", right=True)
    card = Quiz(bank.Question("9.9 x", "choice", "lesson", "<u>q</u>", "", options=(option,)))
    press(card, "answer", choice=0)
    assert card.state["feedback"] == "use <code>&lt;i&gt;</code> &amp; &lt;script&gt;"
    assert "<u>" not in card.view["question"] and "<b>" not in card.view["choices"][0]
    assert "<script>" not in card._repr_mimebundle_()[0]["text/html"]
