"""Several choices, an order and pairs in a real JupyterLab: by keyboard alone, in both themes, without barriers."""

import json

import pytest

COMMON = {"role": "lesson", "objective": "9.9a", "level": "remember", "minutes": 1, "dont_know": "Look above."}


def row(text, feedback, **more):
    return {"text": text, "feedback": feedback, "misconception": "a test", "source": "invented: a test", **more}


LEARNED = {
    "id": "9.9 learned",
    "kind": "several",
    "question": "Which of these does training change?",
    "right": "Training changes weights and biases; the rest comes from outside or is chosen before.",
    "options": [
        row("the weights $w$", "What multiplies the inputs is learned.", right=True),
        row("the bias", "What is added is learned.", right=True),
        row("the inputs", "Do the measurements change when the network learns?"),
        row("the learning rate", "Who chooses the rate?"),
    ],
}
LOOP = {
    "id": "9.9 loop",
    "kind": "order",
    "question": "In which order do these lines stand in the loop?",
    "right": "Old gradients go before new ones come.",
    "steps": [
        row("`loss = cross_entropy(model(x), y)`", "What does backward start from?"),
        row("`optimizer.zero_grad()`", "Which gradients would it remove there?"),
        row("`loss.backward()`", "What does the step need?"),
        row("`optimizer.step()`", "Is there a gradient by then?"),
    ],
}
FAMILY = {
    "id": "9.9 family",
    "kind": "match",
    "question": "Which family suits which data?",
    "right": "Each is built for what lies beside what.",
    "others": ["deep belief network"],
    "pairs": [
        row("photographs", "What lies beside what in a photograph?", to="CNN"),
        row("a sentence", "Which words matter to which?", to="transformer"),
        row("friends and their ties", "What is a tie?", to="GNN"),
    ],
}
RACE = {
    "id": "9.9 race",
    "role": "predict",
    "kind": "order",
    "question": "Which descent arrives first, which last?",
    "grounds": "Each step is the rate times the slope.",
    "right": "The longest memory wins.",
    "steps": [
        row("momentum", "What does it remember?"),
        row("plain descent", "Which slope does it use?"),
        row("a tenth of the rate", "How long are its steps?"),
    ],
    "why": {
        "question": "Why does momentum win?",
        "options": [
            row("it adds up its steps", "Yes, while they agree.", right=True),
            row("it knows the way", "What has it seen?"),
            row("by luck", "Would another start tell?"),
        ],
    },
    "spoilers": ["momentum wins"],
}
LESSON = json.dumps([COMMON | entry for entry in (LEARNED, LOOP, FAMILY, RACE)])  # JSON is YAML, too
CELL = f"""
import pathlib, tempfile
from classroom import ask, outcome, paths, predict
folder = pathlib.Path(tempfile.mkdtemp()) / "9_rows"
folder.mkdir()
(folder / "9_9_rows.md").write_text("# Rows")
(folder / "9_9_rows.quiz.yaml").write_text({LESSON!r}, encoding="utf-8")
lessons, paths.LESSONS = paths.LESSONS, folder.parent
ask("9.9 learned"); ask("9.9 loop"); ask("9.9 family")
predict("9.9 race")
outcome("9.9 race", ["momentum", "plain descent", "a tenth of the rate"])
paths.LESSONS = lessons  # tests share a kernel
"""
ORDER = ["loss = cross_entropy(model(x), y)", "optimizer.zero_grad()", "loss.backward()", "optimizer.step()"]


@pytest.fixture(params=["light", "dark"])
def page(explorers, request):
    made = explorers(CELL, theme=request.param)
    made.tab.locator(".quiz select").first.wait_for()
    return made


def card(page, name):
    return page.tab.locator(f'.quiz[data-name="{name}"]')


def status(page, name):
    return card(page, name).locator('[role="status"]')


def test_boxes_are_ticked_and_a_check_sent_by_keyboard_alone(page):
    asked = card(page, "9.9 learned")
    asked.get_by_label("the inputs").focus()
    page.tab.keyboard.press("Space")
    page.tab.keyboard.press("Enter")
    status(page, "9.9 learned").get_by_text("1 of 4 fit.").wait_for()
    page.tab.keyboard.press("Space")
    for name in ("the weights", "the bias"):
        asked.get_by_label(name).focus()
        page.tab.keyboard.press("Space")
    page.tab.keyboard.press("Enter")
    status(page, "9.9 learned").get_by_text("Training changes weights and biases").wait_for()
    assert asked.get_by_label("the bias").is_disabled() and asked.get_by_label("the bias").is_checked()


def test_steps_get_their_places_by_keyboard_alone(page):
    asked = card(page, "9.9 loop")
    for place, line in enumerate(ORDER):
        asked.get_by_label(line).focus()
        page.tab.keyboard.type("1" if line == ORDER[1] else str(place + 1))
    page.tab.keyboard.press("Tab")
    asked.get_by_role("button", name="Check").press("Enter")
    status(page, "9.9 loop").get_by_text("Place 1 is taken twice.").wait_for()
    asked.get_by_label(ORDER[1]).focus()
    page.tab.keyboard.press("ArrowDown")
    asked.get_by_role("button", name="Check").press("Enter")
    status(page, "9.9 loop").get_by_text("Old gradients go before new ones come.").wait_for()


def test_pairs_are_chosen_and_what_does_not_fit_can_be_tried_again(page):
    asked = card(page, "9.9 family")
    asked.get_by_role("button", name="Check").click()
    status(page, "9.9 family").get_by_text("Choose for every row first.").wait_for()
    for text, label in {"photographs": "CNN", "a sentence": "GNN", "friends and their ties": "transformer"}.items():
        asked.get_by_label(text).select_option(label=label)
    asked.get_by_role("button", name="Check").click()
    status(page, "9.9 family").get_by_text("1 of 3 fit.").wait_for()
    assert asked.get_by_label("photographs").evaluate("node => node.selectedOptions[0].text") == "CNN"
    for text, label in {"a sentence": "transformer", "friends and their ties": "GNN"}.items():
        asked.get_by_label(text).select_option(label=label)
    asked.get_by_role("button", name="Check").click()
    status(page, "9.9 family").get_by_text("Each is built for what lies beside what.").wait_for()


def test_an_order_is_predicted_by_keyboard_and_what_happens_shows_only_then(explorers):
    page = explorers(CELL)  # in one theme: a guess stands once and for all
    page.tab.locator('.quiz[data-name="9.9 race"]').nth(1).wait_for()
    guess, outcome = page.tab.locator('.quiz[data-name="9.9 race"]').all()
    assert "longest memory" not in outcome.inner_text()
    for place, step in enumerate(("plain descent", "momentum", "a tenth of the rate"), start=1):
        guess.get_by_label(step).focus()
        page.tab.keyboard.type(str(place))
    guess.get_by_label("unsure").check()
    guess.get_by_role("button", name="Commit").press("Enter")
    guess.get_by_text("Your guess stands.").wait_for()
    outcome.get_by_text("They differ.").wait_for()
    outcome.get_by_text("momentum, then plain descent, then a tenth of the rate").wait_for()


def test_there_is_no_barrier(page, find_barriers):
    assert find_barriers(page) == []
