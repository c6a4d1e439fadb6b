"""The front end without a browser: it parses, and it speaks the same words as Python."""

import re
import shutil
import subprocess

import pytest

from classroom.quiz import bank, card
from classroom.quiz.predict import Outcome, Prediction
from classroom.quiz.quiz import question_widget

SCRIPT = (card.HERE / "quiz.js").read_text(encoding="utf-8")
STYLE = (card.HERE / "quiz.css").read_text(encoding="utf-8")


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
    styled = set(re.findall(r"\.(quiz-[a-z]+)", STYLE))
    assert used == styled


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("theme", "paper"), [("light", "#ffffff"), ("dark", "#212121")])
def test_text_and_lines_stand_out_from_both_themes(theme, paper):
    """Contrast after WCAG 2.1: 4.5 for text, 3 for lines that carry meaning."""
    blocks = re.findall(r"\{([^}]*--quiz-accent[^}]*)\}", STYLE)
    colours = dict(re.findall(r"--quiz-(\w+): (#\w{6});", blocks[theme == "dark"]))
    for name, least in {"accent": 4.5, "soft": 4.5, "right": 3, "other": 3}.items():
        light, dark = sorted((_luminance(colours[name]), _luminance(paper)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= least, f"{name} on {theme}"
