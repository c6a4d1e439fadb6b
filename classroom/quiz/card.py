"""A card: the one widget behind questions, predictions and outcomes.

Python decides everything. It sends a `view` (what stays: question, choices, buttons) and a `state` (what changes: the
choice, marks, feedback); `quiz.js` draws both and sends back what the learner did. So each behaviour is tested without
a browser, by calling the method that a button would call.
"""

from pathlib import Path

import anywidget
import traitlets

from classroom import front
from classroom.quiz.markup import to_html

HERE = Path(__file__).parent
START = {
    "chosen": -1,
    "rows": [],  # of a question with rows: the number of each row's label, -1 if it has none
    "text": "",
    "confidence": "",
    "marks": {},
    "tone": "",
    "head": "",
    "feedback": "",
    "locked": False,
}


class Card(anywidget.AnyWidget):
    """Shows `view` and `state`; `actions` are the names of the methods that a message from the browser may call."""

    _esm = HERE / "quiz.js"
    _css = front.stylesheet(HERE / "quiz.css")
    view = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    actions: tuple[str, ...] = ()

    def __init__(self, stored: dict, view: dict, **state):
        """`stored` holds the text/plain and text/html for readers without a kernel."""
        super().__init__(view=view, state={**START, **state})
        self.stored = stored
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))

    def receive(self, message: dict) -> None:
        """Do what the learner asked for in the browser."""
        if message.get("do") in self.actions:
            getattr(self, message["do"])(message.get("choice"), message.get("text", ""), message.get("confidence", ""))

    def show(self, **changes) -> None:
        """Change the state; by the count of turns the browser also hears of the same answer given twice."""
        self.state = {**self.state, **changes, "turn": self.state.get("turn", 0) + 1}

    def say(self, tone: str, head: str, feedback: str = "", **changes) -> None:
        """Show a line of feedback: `tone` is "right", "other", "open" (not known yet) or "note"."""
        self.show(tone=tone, head=head, feedback=to_html(feedback), **changes)

    def _repr_mimebundle_(self, **kwargs):
        return with_stored(super()._repr_mimebundle_(**kwargs), self.stored)


def with_stored(bundle, stored: dict):
    """A widget's MIME bundle with the texts that readers without a kernel see, and that nbval compares."""
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    return {**data, **stored}, metadata


def read_number(text: str, unit: str = "") -> float:
    """The number in what a learner typed: "0,73", "−2", "1e-3", "98 %" all count. ValueError if there is none."""
    plain = text.strip().replace("−", "-").replace(" ", "").removesuffix(unit.replace(" ", "") or " ")
    percent = plain.endswith("%")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    number = float(plain.removesuffix("%"))
    if number != number or abs(number) == float("inf"):
        raise ValueError(f"{text!r} is no finite number")
    return number / 100 if percent else number


def number_text(number: float, unit: str = "") -> str:
    """A number as people write it, with its unit: 0.98, 1200, 1.5e-07."""
    text = f"{number:.6g}".replace("-", "−", 1) if number < 0 else f"{number:.6g}"
    return f"{text} {unit}".strip()
