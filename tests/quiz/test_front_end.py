"""The front end without a browser: it parses, and it speaks the same words as Python."""

import re
import shutil
import subprocess

import pytest

from classroom.quiz import bank, card
from classroom.quiz.predict import Outcome, Prediction
from classroom.quiz.quiz import question_widget

SCRIPT = (card.HERE / "quiz.js").read_text(encoding="utf-8")
STYLE = card.Card._css


@pytest.mark.skipif(not shutil.which("node"), reason="node is missing: install Node.js to check the syntax of quiz.js")
def test_the_script_parses(tmp_path):
    module = tmp_path / "quiz.mjs"  # the ending tells node that it is a module
    module.write_text(SCRIPT, encoding="utf-8")
    checked = subprocess.run(["node", "--check", module], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_every_button_has_a_method_that_messages_may_call(lesson):
    question = bank.question("9.9 steeper")
    for widget in (question_widget("9.9 stable"), Prediction(question), Outcome(question, 0.98).card):
        for button in widget.view["buttons"]:
            assert button["do"] in widget.actions and callable(getattr(widget, button["do"]))


def test_the_script_reads_only_what_python_sends(lesson):
    question = bank.question("9.9 steeper")
    cards = [question_widget("9.9 stable"), Prediction(question), Outcome(question, 0.98).card]
    sent = {key for c in cards for key in c.view}
    assert set(re.findall(r"\bview\.(\w+)", SCRIPT)) <= sent
    assert set(re.findall(r"\bstate\.(\w+)", SCRIPT)) <= {*card.START, "pair", "turn"}


def test_keys_stay_in_the_widget_and_status_is_polite():
    assert "data-lm-suppress-shortcuts" in SCRIPT and "stopPropagation" in SCRIPT
    assert '"role", "status"' in SCRIPT
    assert "fieldset" in SCRIPT and "legend" in SCRIPT


def test_every_class_of_the_script_is_styled_and_the_other_way_round():
    used = set(re.findall(r"quiz-[a-z]+", SCRIPT)) - {"quiz-group"}  # a bare box
    styled = set(re.findall(r"\.(quiz-[a-z]+)", str(STYLE)))
    assert used == styled
