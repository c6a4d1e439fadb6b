"""Predictions: commit to a guess, run the cell, see both side by side, say why.

    predict("1.1 steeper")            # before the computation: a guess and how sure she is, locked once committed
    outcome("1.1 steeper", value)     # with the computation: her guess beside the result, then the question why

A committed guess makes the surprise felt, and the surprise makes the reason stick; hence nothing is shown before she
has committed, and no guess is praised for luck. `outcome` also guards the course: a notebook that computes anything
else than the `.quiz.yaml` promises stops with a sentence, so that text and code cannot drift apart.
"""

import weakref

import ipywidgets
from IPython.display import display

from classroom import progress
from classroom.quiz import bank
from classroom.quiz.card import Card, number_text, with_stored
from classroom.quiz.markup import to_html, to_plain
from classroom.quiz.quiz import Quiz, fields, given_answer, said, stored_question

CONFIDENCES = ("sure", "unsure")

_page: weakref.WeakSet = weakref.WeakSet()  # predictions and outcomes of this kernel, told when a guess is committed


class OutcomeDrift(AssertionError):
    """The notebook computed something else than its `.quiz.yaml` says."""


def predict(name: str) -> None:
    """Show the prediction with this id: choose or type, say how sure you are, commit."""
    display(Prediction(_prediction(name)))


def outcome(name: str, value) -> None:
    """Show the committed guess beside what happened, and ask why.

    `value` is what the notebook computed: a number, a text, or a list of texts in their order; OutcomeDrift if it is
    not what the `.quiz.yaml` says.
    """
    question = _prediction(name)
    display(Outcome(question, verified(question, value)))


def verified(question: bank.Question, value) -> str | float | list[str]:
    """The value as an answer; OutcomeDrift unless it is the outcome: a number in the band, the same text or texts."""
    if question.kind != "number":
        expected = question.in_order(question.right) if question.kind == "order" else question.right
        if (list(value) if question.kind == "order" else value) != expected:
            raise OutcomeDrift(
                f"Outcome of {question.id}: the notebook gave {value!r}, the quiz file says {expected!r}; "
                "mend one of the two."
            )
        return question.right
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise OutcomeDrift(f"Outcome of {question.id}: got {value!r}, expected one number.") from error
    band = question.bands[0]
    if number not in band:
        raise OutcomeDrift(
            f"Outcome of {question.id}: the notebook gave {number:.6g}, the quiz file expects a number "
            f"from {band.low:g} to {band.high:g}; mend one of the two."
        )
    return float(f"{number:.3g}") if abs(number) < 100 else round(number)  # what a learner can read at a glance


def committed(question: bank.Question) -> dict | None:
    """The learner's committed guess with fields `given` and `confidence`, or None. The first one stands."""
    guesses = [
        e
        for e in progress.events("prediction", question.id)
        if e.get("confidence") in CONFIDENCES and _fits(question, e)
    ]
    return guesses[0] if guesses else None


class Prediction(Card):
    """A guess and how sure she is. Once committed it is locked, also when the cell runs again another day."""

    actions = ("commit",)

    def __init__(self, question: bank.Question):
        self.question = question
        view = {
            **fields(question, "Predict"),
            "grounds": to_html(_sentence(question.grounds)),
            "confidence": {"label": "How sure are you?", "values": list(CONFIDENCES)},
            "buttons": [{"do": "commit", "label": "Commit"}],
        }
        super().__init__(stored_prediction(question), view)
        _page.add(self)
        self.refresh()

    def commit(self, choice: int | None = None, text: str = "", confidence: str = "") -> None:
        """She commits: from now on the guess stands, and an outcome that waits for it appears."""
        self.refresh()
        if self.state["locked"]:
            return
        given = given_answer(self, choice, text)
        if given is None:
            return
        if confidence not in CONFIDENCES:
            entered = {**_entered(self.question, given), "text": text}
            self.say("note", "Say how sure you are: sure, or unsure.", **entered)
            return
        progress.record("prediction", self.question.id, given=given, confidence=confidence)
        for other in [o for o in _page if o.question.id == self.question.id]:
            other.refresh()

    def refresh(self) -> None:
        """Lock the card if a guess has been committed, here or in another place."""
        guess = committed(self.question)
        if not guess or self.state["locked"]:
            return
        entered = {**_entered(self.question, guess["given"]), "confidence": guess["confidence"]}
        self.say("note", "Your guess stands.", "Go on: what happens comes below.", **entered, locked=True)


class Outcome(ipywidgets.VBox):
    """What happened beside her guess; then why; then, if the quiz names one, a near variant to predict."""

    def __init__(self, question: bank.Question, value: str | float):
        self.question = question
        self.card = OutcomeCard(question, value, reveal=lambda: self.refresh(revealed=True))
        super().__init__(children=[self.card])
        _page.add(self)
        self.refresh()

    def refresh(self, revealed: bool = False) -> None:
        """Show what may be shown: all after a committed guess, or when she asks for it without one."""
        guess = committed(self.question)
        if not (guess or revealed) or len(self.children) > 1:
            return
        self.guess = guess
        self.card.compare(guess)
        self.why = Quiz(self.question.why, answered=self.reasoned)
        self.children = [self.card, self.why]

    def reasoned(self, verdict: str) -> None:
        """She has said why: keep it, and offer the variant."""
        given = self.guess["given"] if self.guess else None
        agrees = self.guess is not None and self.question.is_right(given)
        found = self.question.misconception(given) if self.guess and not agrees else ""
        more = {"misconception": found} if found else {}
        progress.record("outcome", self.question.id, given=given, agrees=agrees, why=verdict, **more)
        if self.question.again and verdict != "wrong" and len(self.children) == 2:
            self.children = [*self.children, Prediction(_prediction(self.question.again))]

    def _repr_mimebundle_(self, **kwargs):
        return with_stored(super()._repr_mimebundle_(**kwargs), stored_outcome(self.question))


class OutcomeCard(Card):
    """Two boxes, her guess and what happened; before a guess a calm line, and a way to go on without one."""

    actions = ("reveal",)

    def __init__(self, question: bank.Question, value: str | float, reveal):
        self.question, self.value, self._reveal = question, value, reveal
        buttons = [{"do": "reveal", "label": "Show it without a guess"}]
        view = {
            "name": question.id,
            "kicker": "Outcome",
            "question": to_html(question.question),
            "buttons": buttons,
            "curtain": True,  # until then the cell's other outputs are hidden, too
        }
        super().__init__(stored_outcome(question), view)
        self.say(
            "note",
            "You have not committed a guess yet.",
            "Commit one above, and the outcome appears here. If it does not, run this cell again.",
        )

    def reveal(self, *_given) -> None:
        """She wants to go on without a guess."""
        if not self.state["locked"]:
            self._reveal()

    def compare(self, guess: dict | None) -> None:
        """Show the outcome, beside the guess if there is one."""
        happened = [["What happened", to_html(said(self.question, self.value)), ""]]
        if not guess:
            self.say("note", "", "", pair=happened, locked=True)
            return
        given = guess["given"]
        agrees = self.question.is_right(given)
        pair = [["Your guess", to_html(said(self.question, given)), guess["confidence"]], *happened]
        feedback = f"{compared(self.question, given, self.value)} {self.question.feedback(given)}"
        if guess["confidence"] == "sure" and not agrees:
            feedback += " You were sure: such a surprise is worth a second look."
        head = "They agree." if agrees else "They differ."
        self.say("right" if agrees else "other", head, feedback, pair=pair, locked=True)


def compared(question: bank.Question, given: str | float, result: str | float) -> str:
    """How a guessed number compares with the result: "too large by a factor of 3". Empty if right, or no number."""
    if question.kind != "number" or question.is_right(given):
        return ""
    if given * result < 0:
        return "Your guess has the other sign."
    factor = given / result if given and result else 0.0
    size = "large" if given > result else "small"
    if factor > 1.1 or 0 < factor < 1 / 1.1:
        size = "large" if factor > 1 else "small"  # of negative numbers we compare the sizes
        where = "" if result > 0 else " in size"
        return f"Your guess is too {size}{where} by a factor of {max(factor, 1 / factor):.2g}."
    return f"Your guess is too {size} by {number_text(abs(given - result), question.short_unit)}."


def stored_prediction(question: bank.Question) -> dict:
    stored = stored_question(question, folded=False)
    plain = stored["text/plain"].replace("Quiz ", "Prediction ", 1)
    note = f"<p>{to_html(_sentence(question.grounds), math='latex')} The outcome comes below.</p>"
    return {"text/plain": plain, "text/html": stored["text/html"].removesuffix("</div>") + note + "</div>"}


def stored_outcome(question: bank.Question) -> dict:
    """From the quiz file, not from the computed number: its last digits differ between processors."""
    happened = said(question, question.right)
    why = stored_question(question.why)["text/html"]
    return {
        "text/plain": f"Outcome of {question.id}: {to_plain(happened)}",
        "text/html": f"<div><p>Outcome: <strong>{to_html(happened, math='latex')}</strong></p>{why}</div>",
    }


def _sentence(text: str) -> str:
    """The grounds as a sentence: "from the slope" gives "From the slope."."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _prediction(name: str) -> bank.Question:
    question = bank.question(name)
    if question.role != "predict":
        raise LookupError(f"{name!r} is no prediction but of role {question.role}; show it with ask({name!r}).")
    return question


def _fits(question: bank.Question, event: dict) -> bool:
    """Whether a stored guess is still a possible answer: the lesson may have been rewritten since."""
    given = event.get("given")
    if question.kind == "number":
        return isinstance(given, int | float)
    if question.kind == "order":
        labels = question.labels
        return isinstance(given, list) and len(given) == len(labels) and all(label in given for label in labels)
    return given in [option.text for option in question.options]


def _entered(question: bank.Question, given: str | float | list[str]) -> dict:
    """What the card shows where she has entered this."""
    if question.kind == "order":
        return {"rows": question.places(given)}
    if question.kind == "choice":
        return {"chosen": [option.text for option in question.options].index(given)}
    return {"text": number_text(given)}  # the unit stands beside the input
