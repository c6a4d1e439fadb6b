"""The question bank: it reads the example whole, and names every slip of an author."""

import copy
import random

import pytest
import yaml

from classroom.quiz import bank

CHOICE, NUMBER, PREDICTION = "9.9 bias moves", "9.9 weighted sum", "9.9 steeper"
DROP = object()


def write(path, entries):
    path.write_text(yaml.safe_dump(list(entries), allow_unicode=True, sort_keys=False), encoding="utf-8")


def spoil(entries, name, field, value):
    """The example's entries with one field of one question replaced; the field is a path such as `options.0.text`."""
    spoiled = copy.deepcopy(entries)
    *path, last = [int(key) if key.isdigit() else key for key in field.split(".")]
    part = spoiled[name]
    for key in path:
        part = part[key]
    if value is DROP:
        del part[last]
    else:
        part[last] = value
    return spoiled.values()


def test_the_example_has_no_problem_and_is_read_whole(lesson):
    assert bank.problems(lesson) == []
    found = bank.questions("9.9")
    assert list(found) == [CHOICE, NUMBER, PREDICTION, "9.9 turned", "9.9 stable"]
    prediction = found[PREDICTION]
    assert (prediction.answer, prediction.outcome, prediction.again) == (0.98, 0.98, "9.9 turned")
    assert prediction.why.right == "The uncertain stripe is narrower."
    assert found["9.9 turned"].why.dont_know == found["9.9 turned"].dont_know, "why borrows it where it has none"


# What an author gets wrong: question, field, the wrong value, and words of the sentence that helps.
SLIPS = [
    (CHOICE, "hint", "look up", ["field hint", "unknown here", "dont_know"]),
    (CHOICE, "answer", 3, ["field answer", "unknown here"]),
    (CHOICE, "grounds", "from the slope", ["field grounds", "unknown here"]),
    (CHOICE, "kind", "choise", ["field kind", "'choise'", "choice, number"]),
    (CHOICE, "role", "quiz", ["field role", "memory, lesson, predict, unlock"]),
    (CHOICE, "predict", True, ["field predict", "role predict"]),
    (CHOICE, "level", "know", ["field level", "remember"]),
    (CHOICE, "minutes", 0, ["field minutes", "0 to 15"]),
    (CHOICE, "id", "1.1 bias", ["field id", '"9.9 bias moves"']),
    (CHOICE, "id", NUMBER, ["field id", "twice"]),
    (CHOICE, "question", "What is $b?", ["field question", "has no partner"]),
    (CHOICE, "question", "", ["field question", "expected a text"]),
    (CHOICE, "dont_know", DROP, ["field dont_know", "where in the text"]),
    (CHOICE, "objective", DROP, ["field objective", "expected a text"]),
    (CHOICE, "options", [], ["field options", "two or more"]),
    (CHOICE, "options.0.right", DROP, ["field options", "0 options are right", "exactly one"]),
    (CHOICE, "options.1.right", True, ["field options", "2 options are right"]),
    (CHOICE, "options.1.right", "yes", ["options[2].right", "expected true"]),
    (CHOICE, "options.1.feedback", DROP, ["options[2].feedback", "expected a text"]),
    (CHOICE, "options.1.feedback", "word " * 61, ["options[2].feedback", "61 words"]),
    (CHOICE, "options.1.feedback", "Wrong! Look again.", ["options[2].feedback", "'Wrong!'"]),
    (CHOICE, "options.1.feedback", "You just look.", ["options[2].feedback", "'just'"]),
    (
        CHOICE,
        "options.1.feedback",
        "No: It shifts the line and keeps its direction.",
        ["options[2].feedback", "gives the answer away"],
    ),
    (CHOICE, "options.1.misconception", DROP, ["options[2].misconception", "expected a text"]),
    (CHOICE, "options.1.source", DROP, ["options[2].source", "literature, forum, observed, invented"]),
    (CHOICE, "options.1.source", "somewhere: a page", ["options[2].source", "somewhere"]),
    (CHOICE, "options.1.source", "observed", ["options[2].source", "and where"]),
    (CHOICE, "options.1.text", "All of the above", ["options[2].text", "lumps"]),
    (CHOICE, "options.1.text", "It makes the output steeper along $x$.", ["field options", "same text"]),
    (CHOICE, "options.1.text", 0.5, ["options[2].text", "in quotes"]),
    (CHOICE, "options.0.text", "It shifts the line " + "and " * 20 + "stays", ["field options", "much longer"]),
    (CHOICE, "options.1.why", "because", ["options[2].why", "unknown here"]),
    (NUMBER, "answer", 2, ["field answer", "outside the band"]),
    (NUMBER, "answer", "1.5", ["field answer", "expected a number"]),
    (NUMBER, "band", [1.6, 1.4], ["field band", "[low, high]"]),
    (NUMBER, "band", 1.5, ["field band", "[low, high]"]),
    (NUMBER, "options", [], ["field options", "unknown here"]),
    (NUMBER, "feedback", DROP, ["field feedback", "right, otherwise"]),
    (NUMBER, "feedback.otherwise", DROP, ["feedback.otherwise", "expected a text"]),
    (NUMBER, "feedback.wrong", "no", ["feedback.wrong", "unknown here"]),
    (NUMBER, "feedback.bands.0.band", [1, 2], ["feedback.bands[1].band", "holds the answer 1.5"]),
    (NUMBER, "feedback.bands.0.band", "1 to 2", ["feedback.bands[1].band", "[low, high]"]),
    (NUMBER, "feedback.bands.0.source", DROP, ["feedback.bands[1].source"]),
    (NUMBER, "unit", 5, ["field unit", "in quotes"]),
    (PREDICTION, "spoilers", DROP, ["field spoilers", "must not stand"]),
    (PREDICTION, "spoilers", [0.98], ["field spoilers", "in quotes"]),
    (PREDICTION, "grounds", DROP, ["field grounds", "expected a text"]),
    (PREDICTION, "outcome", 0.5, ["field outcome", "outside the band"]),
    (PREDICTION, "answer", 0.97, ["field answer", "differs from the outcome"]),
    (PREDICTION, "why", DROP, ["field why", "is missing"]),
    (PREDICTION, "why.options.0.right", DROP, ["why.options", "0 options are right"]),
    (PREDICTION, "why.dont_know", DROP, ["why.dont_know", "is missing"]),
    (PREDICTION, "why.options.1.source", DROP, ["why.options[2].source"]),
    (PREDICTION, "again", "9.9 stable", ["field again", "no other prediction"]),
    ("9.9 turned", "outcome", "It stays.", ["field outcome", "It stays, its sides swap."]),
]


@pytest.mark.parametrize(("name", "field", "value", "words"), SLIPS, ids=[f"{s[1]}={str(s[2])[:12]}" for s in SLIPS])
def test_each_slip_is_one_sentence_that_names_file_question_and_field(lesson, entries, name, field, value, words):
    write(lesson, spoil(entries, name, field, value))
    sentences = [s for s in bank.problems(lesson) if all(word in s for word in words)]
    assert len(sentences) == 1, bank.problems(lesson)
    assert sentences[0].startswith("9_9_example.quiz.yaml, question '9.9") or field == "id"
    assert sentences[0].endswith(".")


def test_a_file_with_a_slip_shows_no_question(lesson, entries):
    write(lesson, spoil(entries, CHOICE, "level", "know"))
    with pytest.raises(bank.QuizError, match="field level"):
        bank.question(NUMBER)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- id: a: b", "line 1: no valid YAML"),
        ("- id: '9.9 a'\n  kind: choice\n  kind: number\n", "'kind' stands twice"),
        ("id: '9.9 a'", "expected a list"),
        ("- just a text", "question number 1: is no mapping"),
        ("", "expected a list"),
    ],
)
def test_a_file_that_is_no_list_of_questions_is_one_sentence(lesson, text, says):
    lesson.write_text(text)
    (sentence,) = bank.problems(lesson)
    assert sentence.startswith("9_9_example.quiz.yaml") and says in sentence


def fields_of(part, prefix=""):
    """Every field of an entry, also those inside of others: `options`, `options.0`, `options.0.text`, …"""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        yield f"{prefix}{key}"
        if isinstance(value, dict | list):
            yield from fields_of(value, f"{prefix}{key}.")


def test_no_junk_in_a_field_makes_the_check_itself_fail(lesson, entries, monkeypatch):
    junk = [None, 3, -1.5, True, "text", "", [], [1], {}, {"a": 1}, [None], [{"text": 1}], float("nan")]
    rng = random.Random(0)
    for name, entry in entries.items():
        for field in fields_of(entry):
            for value in rng.sample(junk, 4):
                spoiled = list(spoil(entries, name, field, value))
                monkeypatch.setattr(bank, "_entries", lambda path, spoiled=spoiled: spoiled)
                found = bank.problems(lesson)
                assert all(isinstance(sentence, str) for sentence in found), (name, field, value)
                assert found or [bank._question(e) for e in spoiled], "no problem found, so it must be usable"


def test_an_unknown_question_is_told_with_the_known_ones(lesson):
    with pytest.raises(LookupError, match=r"no question '9.9 bais'; lesson 9.9 has 9.9 bias moves, "):
        bank.question("9.9 bais")


def test_an_edit_of_the_file_is_seen(lesson, entries):
    assert bank.question(NUMBER).answer == 1.5
    write(lesson, spoil(entries, NUMBER, "band", [1, 2]))
    assert bank.question(NUMBER).bands[0].low == 1


def test_the_order_of_options_is_shuffled_and_stable(lesson, entries):
    first = [o.text for o in bank.question(CHOICE).options]
    entries[CHOICE]["options"].reverse()
    write(lesson, entries.values())
    assert [o.text for o in bank.question(CHOICE).options] == first
    assert first != [o["text"] for o in entries[CHOICE]["options"]]
    assert first.index("It shifts the line and keeps its direction.") == 2, "the same in every version of Python"


def test_the_right_option_has_no_favourite_place():
    options = [bank.Option(text, "", right=text == "a") for text in "abcd"]
    places = [[o.right for o in bank._shuffled(f"9.9 {i}", options)].index(True) for i in range(400)]
    assert all(70 < places.count(place) < 130 for place in range(4))


def test_a_number_at_the_edge_of_its_band_counts():
    assert 0.1 + 0.2 in bank.Band(0.3, 0.3, "")
    assert 0.3001 not in bank.Band(0.3, 0.3, "")
