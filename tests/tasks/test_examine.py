"""Transcripts: what a learner reads for each way to be wrong. Every sentence that matters is looked for."""

import re
from dataclasses import replace

import numpy as np
import pytest

from classroom.tasks import cases, source
from classroom.tasks.examine import UNSET, examine

from .conftest import cell

ROWS = "    e = np.exp(Z - Z.max(axis=1, keepdims=True))\n"
RIGHT = ROWS + "    return e / e.sum(axis=1, keepdims=True)"


def softmax(body):
    return cell(f"def softmax(Z):\n{body}", "softmax")


def answers(body, packed, name="9.1 softmax"):
    return examine(packed[name], softmax(body))


def test_the_right_answer_passes_in_any_style(packed):
    shares = "(e / e.sum(1, keepdims=True))"
    for end in (shares, f"{shares}.astype(np.float32)", f"{shares}.tolist()", "[row / row.sum() for row in e]"):
        feedback = answers(f"    print(Z)\n{ROWS}    return {end}", packed)
        assert feedback.passed and str(feedback) == "✓ 9.1 softmax: passed. All 4 cases give what is expected."


def test_the_whole_transcript_of_a_misconception(packed):
    feedback = examine(packed["9.1 gradient"], cell("def gradient(P, Y):\n    return P - Y", "gradient"))
    text = str(feedback)
    assert re.match(r"→ 9.1 gradient: not yet. 0 of 3 cases fit.\n\n    P =       \[\[", text)
    assert re.search(r"\n    got       \[\[.*\n    expected  \[\[", text, re.DOTALL)
    assert text.endswith(
        "Your result is n times too large, where n is the number of rows of `P`.\n"
        "That happens when the sum over the rows is not divided by n. Is that what happened here?\n"
        'For a hint: `hint("9.1 gradient")`.'
    )


def test_every_misconception_is_named_in_few_words(tasks, packed):
    for name, task in tasks.items():
        for number, misconception in enumerate(task.misconceptions):
            feedback = examine(packed[name], misconception.wrong)
            assert feedback.named == [number], feedback
            assert f"That happens when {misconception.when}. Is that what happened here?" in str(feedback)
            assert feedback.words <= 60


def test_a_misconception_is_named_only_if_all_cases_agree(packed):
    body = "    if len(Z) == 4:\n        return Z\n    e = np.exp(Z - Z.max())\n    return e / e.sum()"
    assert answers(body, packed).named == []


def test_two_misconceptions_with_the_same_outputs_are_both_named(packed, monkeypatch):
    task = packed["9.1 softmax"]
    monkeypatch.setattr(
        task, "wrong", [*task.wrong, type(task.wrong[0])("it is monday", "invented: x", task.wrong[0].outcomes)]
    )
    feedback = answers("    e = np.exp(Z - Z.max())\n    return e / e.sum()", packed)
    assert feedback.named == [0, 3]
    assert "over each row, or when it is monday. Is it one of them?" in str(feedback)


def test_groups_of_cases_give_part_of_the_points_and_are_named_first(packed, monkeypatch):
    task = packed["9.1 softmax"]
    assert answers(RIGHT, packed).points == 2 and answers("    return Z", packed).points == 0
    monkeypatch.setattr(task, "groups", ["one row", "large numbers", "many rows", "many rows"])
    monkeypatch.setattr(task, "points", 6)
    feedback = answers(f"    if Z.max() > 500:\n        return Z\n{RIGHT}", packed)
    assert "3 of 4 cases fit: all of one row and many rows (4 of 6 points)." in feedback.headline
    assert feedback.points == 4 and answers(RIGHT, packed).points == 6
    broken = answers(f"    if len(Z) == 4:\n        return Z\n{RIGHT}", packed)
    assert broken.points == 4 and "all of one row and large numbers" in broken.headline


def test_an_untouched_stub_is_not_attempted_whatever_its_spaces(tasks, packed):
    for name, task in tasks.items():
        assert examine(packed[name], source.stub_object(task)).state == "not attempted yet"
    spaced = cell(
        'def softmax(Z):\n    """Each row of Z as shares."""\n\n    raise NotImplementedError()  # later', "softmax"
    )
    assert "not attempted yet" in str(examine(packed["9.1 softmax"], spaced))


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        (
            "    x = 1\n    return softmx(Z)",
            ["Line 3 stops", "`return softmx(Z)`", "NameError", "Look at the spelling"],
        ),
        (
            "    return Z @ Z",
            ["Line 2", "a matrix product, size 1 is different from 3", "which axis should meet which"],
        ),
        ("    return Z[:, 99]", ["IndexError", "counting starts at 0"]),
        ("    return Z.softmax()", ["AttributeError", "before the dot"]),
        ("    e = None\n    return Z / e", ["Line 3", "NoneType", "Something here is None"]),
        ("    return softmax(Z)", ["RecursionError", "calls itself without an end"]),
        ("    return 1 / 0", ["ZeroDivisionError", "can become 0"]),
        ("    raise SystemExit", ["should not stop Python"]),
        ("    x = Z\n    raise NotImplementedError()", ["Line 3 is still `raise NotImplementedError()`"]),
        ("    e = np.exp(Z)", ["returned None", "There is no `return`"]),
        ("    if len(Z) > 99:\n        return Z", ["returned None; numbers"]),
        ("    return 'soft'", ["a string; numbers or an array of numbers are expected"]),
        ("    yield Z", ["a generator (there is a `yield`"]),
        (ROWS + "    return e / e.sum()", ["Within each row the proportions are right"]),
        (
            ROWS + "    return (e / e.sum(1, keepdims=True)).argmax(1)",
            ["one entry; 3 are expected, in the shape (1, 3)"],
        ),
        (ROWS + "    return e > 0.5", ["truth values"]),
        (RIGHT + ", 1", ["2 values"]),
    ],
)
def test_slips_are_described_and_no_misconception_is_named(packed, body, sentences):
    feedback = answers(body, packed)
    assert feedback.state == "not yet" and feedback.named == []
    for sentence in sentences:
        assert sentence in str(feedback)
    assert "Traceback" not in str(feedback) and "classroom" not in str(feedback)


def test_the_smallest_failing_case_is_shown(packed):
    feedback = answers(f"    if Z.size > 8:\n        return Z\n{RIGHT}", packed)
    assert "2 of 4 cases fit" in feedback.headline
    assert dict(feedback.case)["got"].count("\n") == 1  # the 2 × 5 case, not the 4 × 3 case


def test_an_error_in_a_helper_of_the_same_cell_shows_the_helper_s_line(packed):
    code = "def shift(Z):\n    return Z - Z.maxi()\n\ndef softmax(Z):\n    return shift(Z)"
    assert "Line 2 stops with an error: `return Z - Z.maxi()`" in str(
        examine(packed["9.1 softmax"], cell(code, "softmax"))
    )


def test_an_endless_loop_is_stopped_at_its_line(packed):
    feedback = answers("    while True:\n        Z = Z + 1", packed)
    assert "stopped after 1 seconds" in str(feedback) and re.search("line [23]: `", str(feedback))
    for _ in range(100_000):  # whatever runs afterwards is not hit
        pass


def test_prints_are_shown_with_the_failing_case_and_bounded(packed):
    feedback = answers("    for i in range(500):\n        print('row', i)\n    return Z", packed)
    assert "Printed by your code in this case:\n    row 0\n" in str(feedback)
    assert "row 9\n    …" in str(feedback) and "row 10" not in str(feedback)


def test_a_changed_argument_is_said(packed):
    body = "    Z -= Z.max(axis=1, keepdims=True)\n    return np.exp(Z) / np.exp(Z).sum(1, keepdims=True)"
    feedback = answers(body, packed)
    assert feedback.passed and "changes its argument `Z`" in str(feedback)


def trains(packed, returned, gradient="p.grad"):
    """The feedback on a training loop that returns this, with this gradient in its step."""
    lines = [
        "from nnlib import functional as F",
        "def train(model, x, y, steps, rate):",
        "    losses = []",
        "    for _ in range(steps):",
        "        model.zero_grad()",
        "        loss = F.cross_entropy(model(x), y)",
        "        losses.append(loss)",
        "        loss.backward()" if gradient else "        pass",
        "        for p in model.parameters():",
        "            p.data -= rate * p.grad",
        f"    {returned}",
    ]
    return examine(packed["9.2 train"], cell("\n".join(lines), "train"))


def test_losses_that_are_tensors_pass_with_one_remark(packed):
    numbers, tensors = trains(packed, "return [loss.item() for loss in losses]"), trains(packed, "return losses")
    assert numbers.passed and numbers.prose == []
    assert tensors.passed and len(tensors.prose) == 1 and "`loss.item()` makes a plain number" in str(tensors)


def test_an_empty_gradient_and_a_missing_return_are_said_as_such(packed):
    assert "`.grad` is None here: not yet filled, or emptied already." in str(trains(packed, "return 0", gradient=""))
    without = str(trains(packed, "pass"))
    assert "Your function returned None; 4 numbers should come back. There is no `return` in it" in without


@pytest.mark.parametrize(
    ("obj", "sentence"),
    [
        (UNSET, "There is no `softmax` yet. Run the cell"),
        (3, "got a whole number; it needs the function `softmax` itself"),
        (None, "got None"),
        (np.ones(2), "got an array"),
        (int, "got the class `int`"),
    ],
)
def test_what_is_no_function_gets_a_sentence(packed, obj, sentence):
    feedback = examine(packed["9.1 softmax"], obj)
    assert feedback.state == "not yet" and sentence.removesuffix(" itself") in str(feedback)


def test_a_function_for_a_class_and_other_parameters_get_a_sentence(packed):
    assert "it needs the class `Counting`" in str(examine(packed["9.2 class"], cell("def f(w):\n    pass", "f")))
    other = cell("def softmax(Z, axis):\n    return Z", "softmax")
    assert "missing 1 required positional argument: 'axis'" in str(examine(packed["9.1 softmax"], other))


def test_a_class_is_shown_by_its_calls(packed):
    code = (
        "class Counting:\n    def __init__(self, w):\n        self.w, self.seen = w, 0\n\n    def forward(self, x):\n"
    )
    feedback = examine(packed["9.2 class"], cell(code + "        return self.v @ x", "Counting"))
    assert [label for label, _ in feedback.case] == ["Counting", "obj.forward", "obj.forward"]
    assert "Line 6 stops" in str(feedback)


WORDS = {"A": "input", "B": "weight", "C": "weighted sum"}


def labels(packed, **words):
    return examine(packed["9.2 parts"], lambda: WORDS | words)


def test_labels_tell_what_fits_and_never_the_word(packed):
    assert labels(packed, C="Weighted-sum").passed and labels(packed, A="inputs", B="Weights").passed
    half = labels(packed, A="weight", C="?")
    assert "1 of 3 entries fit" in str(half) and "Not yet right: `A`" in str(half)
    assert "Not filled in yet: `C`" in str(half) and "input" not in str(half)
    strange = str(labels(packed, B="wieght"))
    assert "Not one of the words to choose from: `B`. The words: activation, Input, weight, weighted-sum." in strange
    assert "Not one of the words to choose from: `B`" in str(labels(packed, B=(20,)))  # a shape where a word is asked
    assert "Not yet right: `B`" in str(labels(packed, B=(20, 64)))
    assert "keys of your dict" in str(examine(packed["9.2 parts"], lambda: {"A": "input"}))
    assert "a dict is expected" in str(examine(packed["9.2 parts"], lambda: ["input"]))


def test_a_number_that_is_not_filled_in_is_told_from_a_0(packed):
    task = packed["9.2 parts"]
    numbers = [cases.Outcome({**task.right[0].values, "B": np.array(0.0), "C": np.array(2.0)})]
    task = replace(task, right=numbers, wrong=[])
    assert examine(task, lambda: {"A": "input", "B": 0, "C": 2}).passed
    empty = examine(task, lambda: {"A": "input", "B": "?", "C": "?"})
    assert "1 of 3 entries fit" in str(empty) and "Not filled in yet: `B`, `C`." in str(empty)
    assert "Not yet right: `C`." in str(examine(task, lambda: {"A": "input", "B": 0, "C": 0}))


def test_label_misconceptions_are_named_only_if_they_explain_every_filled_entry(packed):
    assert labels(packed, A="weight", B="input").named == [0]
    assert labels(packed, A="weight", B="input", C="?").named == [0]
    assert labels(packed, A="weight", B="input", C="activation").named == [0, 1]
    assert labels(packed, A="weight", B="input", C="input").named == []
    assert labels(packed, A="weight").named == []


def test_without_where_the_entries_that_do_not_fit_are_only_counted(packed):
    half = str(examine(packed["9.2 parts"], lambda: WORDS | {"A": "weight"}, where=False))
    assert "2 of 3 entries fit" in half and "`A`" not in half and "once more" in half
    assert "Not one of the words to choose from: `A`" in str(
        examine(packed["9.2 parts"], lambda: WORDS | {"A": "wieght"}, where=False)
    )


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (["forward", "loss", "zero grad", "update", "backward"], "The first 3 of 5 places fit.\nLook at place 4"),
        (["forward", "loss", "zero grad", "backward"], "has 4 entries; 5 are expected"),
        (["forward", "loss", "zero grad", "backward", "?"], "Not filled in yet: 1 of 5"),
        (["forward", "loss", "loss", "backward", "update"], "The entry at place 2 appears too often"),
        (["forward", "loss", "zero grad", "backward", "step"], "The entry at place 5 is not one of"),
    ],
)
def test_an_order_tells_the_first_place_that_does_not_fit(packed, found, sentence):
    assert sentence in str(examine(packed["9.2 loop"], lambda: found))


def test_the_box_escapes_and_says_in_words_what_its_colour_says(packed):
    feedback = answers("    print('<script>')\n    return Z < 1", packed)
    html = feedback._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "not yet" in html and "→" in html and "<code>hint(&quot;9.1 softmax&quot;)</code>" in html
    assert "passed" in answers(RIGHT, packed)._repr_html_()


def test_no_feedback_holds_an_unkind_word(packed, tasks):
    for name, task in tasks.items():
        for misconception in task.misconceptions:
            text = str(examine(packed[name], misconception.wrong)).lower()
            assert not re.search(r"\b(wrong!|simply|just|obviously)\b", text)


def test_a_multi_part_result_shows_the_part_that_the_words_speak_of(packed):
    task = packed["9.2 train"]
    keys = list(task.right[0].values)
    wrong = cell(
        "def train(model, x, y, steps, rate):\n    for p in model.parameters():\n        p.data += 1\n    return 0.5",
        "train",
    )
    feedback = examine(task, wrong)
    assert len(keys) > 2 and "What your function returned is one number; 4 are expected" in str(feedback)
    case = dict(feedback.case)
    assert case["got"] == "0.5" and case["model:"].startswith("layers 2 → 4 → 3, tanh between them, drawn from seed")
    assert "seed" not in case and "steps =" in case
    noisy = examine(packed["9.2 noise"], cell("def noisy(x, spread, rng):\n    return x", "noisy"))
    assert dict(noisy.case)["rng:"] == "np.random.default_rng(1)" and "x =" in dict(noisy.case)
    rows = examine(packed["9.2 pairs"], cell("def pairs(x, y, size, rng):\n    return [(x, y)]", "pairs"))
    assert dict(rows.case)["x, y:"] == "13 rows" and "got, batch sizes" in dict(rows.case)


def test_words_of_the_case_are_shown_as_words_and_not_as_codes():
    """A list of the names that were given reads as names; other words stay codes, so that no answer is shown."""
    asked = {"names": ["epoch", "rate"], "kind": "late"}
    packed = cases.TaskCases(
        name="9.9 names", kind="implement", probe="record", minutes=1, points=1, tolerance=None, seconds=1,
        object_name="f", object_kind="function", parameters=["given"], stub="", hints=["Look."], words=[],
        arguments=[[{"epoch": 1, "rate": 2}]], groups=[""], right=cases.outcomes("record", lambda given: asked, [[{}]]),
    )  # fmt: skip
    text = str(examine(packed, lambda given: asked | {"names": ["rate", "epoch"]}))
    assert "['rate', 'epoch']" in text and "['epoch', 'rate']" in text
    assert "late" not in str(examine(packed, lambda given: asked | {"kind": "early"}))
