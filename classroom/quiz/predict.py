"""Predictions: commit to a guess, run the cell, see both side by side, say why.

    predict("1.1 steeper")            # before the computation: a guess and how sure she is, locked once committed
    outcome("1.1 steeper", value)     # with the computation: her guess beside the result, then the question why

A committed guess makes the surprise felt, and the surprise makes the reason stick; hence nothing is shown before she has
committed, and no guess is praised for luck. `outcome` also guards the course: a notebook that computes anything else than the
`.quiz.yaml` promises stops with a sentence, so that text and code cannot drift apart.
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

_waiting: "weakref.WeakSet[Outcome]" = weakref.WeakSet()  # outcomes on the page that wait for a guess


class OutcomeDrift(AssertionError):
    """The notebook computed something else than its `.quiz.yaml` says."""


def predict(name: str) -> None:
    """Show the prediction with this id: choose or type, say how sure you are, commit."""
    display(Prediction(_prediction(name)))


def outcome(name: str, value) -> None:
    """Show the committed guess beside what happened, and ask why. `value` is what the notebook computed: a number or a text.

    Raises OutcomeDrift if `value` is not what the `.quiz.yaml` says.
    """
    question = _prediction(name)
    verify(question, value)
    display(Outcome(question))


def verify(question: bank.Question, value) -> None:
    """Raise OutcomeDrift unless `value` is the question's outcome: a number in the band, or the same text."""
    if question.kind == "choice":
        if value != question.outcome:
            raise OutcomeDrift(
                f"Outcome of {question.id}: the notebook gave {value!r}, the quiz file says {question.outcome!r}; mend one of the two."
            )
        return
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise OutcomeDrift(f"Outcome of {question.id}: got {value!r}, expected one number.") from error
    band = question.bands[0]
    if number not in band:
        raise OutcomeDrift(
            f"Outcome of {question.id}: the notebook gave {number:.6g}, the quiz file expects a number from {band.low:g} to "
            f"{band.high:g}; mend one of the two."
        )


def committed(question: bank.Question) -> dict | None:
    """The learner's last committed guess with fields `given` and `confidence`, or None."""
    guesses = [
        e
        for e in progress.events("prediction", question.id)
        if e.get("confidence") in CONFIDENCES and _fits(question, e)
    ]
    return guesses[-1] if guesses else None


class Prediction(Card):
    """A guess and how sure she is. Once committed it is locked, also when the cell runs again another day."""

    actions = ("commit",)

    def __init__(self, question: bank.Question):
        self.question = question
        view = {
            **fields(question, "Predict"),
            "grounds": to_html(f"You can reason {question.grounds}."),
            "confidence": {"label": "How sure are you?", "values": list(CONFIDENCES)},
            "buttons": [{"do": "commit", "label": "Commit"}],
        }
        super().__init__(stored_prediction(question), view)
        guess = committed(question)
        if guess:
            self.lock(guess)

    def commit(self, choice: int | None = None, text: str = "", confidence: str = "") -> None:
        """She commits: from now on the guess stands, and outcomes that wait for it appear."""
        if self.state["locked"]:
            return
        given = given_answer(self, choice, text)
        if given is None:
            return
        if confidence not in CONFIDENCES:
            self.say(
                "note",
                "Say how sure you are: sure, or unsure.",
                chosen=-1 if choice is None else choice,
                text=text,
            )
            return
        progress.record("prediction", self.question.id, given=given, confidence=confidence)
        self.lock({"given": given, "confidence": confidence})
        for waiting in [o for o in _waiting if o.question.id == self.question.id]:
            waiting.refresh()

    def lock(self, guess: dict) -> None:
        texts = [option.text for option in self.question.options]
        chosen = texts.index(guess["given"]) if self.question.kind == "choice" else -1
        typed = "" if self.question.kind == "choice" else number_text(guess["given"])
        head, feedback = "Your guess stands.", "Go on: what happens comes below."
        self.say(
            "note", head, feedback, chosen=chosen, text=typed, confidence=guess["confidence"], locked=True
        )


class Outcome(ipywidgets.VBox):
    """What happened beside her guess; then why; then, if the quiz names one, a near variant to predict."""

    def __init__(self, question: bank.Question):
        self.question = question
        self.card = OutcomeCard(question, reveal=lambda: self.refresh(revealed=True))
        super().__init__(children=[self.card])
        _waiting.add(self)
        self.refresh()

    def refresh(self, revealed: bool = False) -> None:
        """Show what may be shown: all after a committed guess, or when she asks for it without one."""
        guess = committed(self.question)
        if not guess and not revealed:
            return
        _waiting.discard(self)
        self.guess = guess
        self.card.compare(guess)
        self.why = Quiz(self.question.why, answered=self.reasoned)
        self.children = [self.card, self.why]

    def reasoned(self, verdict: str) -> None:
        """She has said why: keep it, and offer the variant."""
        given = self.guess["given"] if self.guess else None
        agrees = self.guess is not None and self.question.is_right(given)
        progress.record("outcome", self.question.id, given=given, agrees=agrees, why=verdict)
        if self.question.again and len(self.children) == 2:
            self.children = [*self.children, Prediction(_prediction(self.question.again))]

    def _repr_mimebundle_(self, **kwargs):
        return with_stored(super()._repr_mimebundle_(**kwargs), stored_outcome(self.question))


class OutcomeCard(Card):
    """Two boxes, her guess and what happened; before a guess a calm line, and a way to go on without one."""

    actions = ("reveal",)

    def __init__(self, question: bank.Question, reveal):
        self.question, self._reveal = question, reveal
        buttons = [{"do": "reveal", "label": "Show it without a guess"}]
        view = {
            "name": question.id,
            "kicker": "Outcome",
            "question": to_html(question.question),
            "buttons": buttons,
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
        happened = [["What happened", to_html(said(self.question, self.question.outcome)), ""]]
        if not guess:
            self.say("note", "", "", pair=happened, locked=True)
            return
        given = guess["given"]
        agrees = self.question.is_right(given)
        pair = [["Your guess", to_html(said(self.question, given)), guess["confidence"]], *happened]
        feedback = f"{compared(self.question, given)} {self.question.feedback(given)} {_on_confidence(agrees, guess['confidence'])}"
        head = "They agree." if agrees else "They differ."
        self.say("right" if agrees else "other", head, feedback, pair=pair, locked=True)


def compared(question: bank.Question, given: str | float) -> str:
    """How a guessed number lies to the outcome, in words: too large by a factor of 3. Empty for a choice and a right number."""
    if question.kind == "choice" or question.is_right(given):
        return ""
    result = question.outcome
    if given * result < 0:
        return "Your guess has the other sign."
    factor = given / result if given and result else 0.0
    size = "large" if given > result else "small"
    if factor > 1.1 or 0 < factor < 1 / 1.1:
        size = "large" if factor > 1 else "small"  # of negative numbers we compare the sizes
        where = "" if result > 0 else " in size"
        return f"Your guess is too {size}{where} by a factor of {max(factor, 1 / factor):.2g}."
    return f"Your guess is too {size} by {number_text(abs(given - result), question.unit)}."


def _on_confidence(agrees: bool, confidence: str) -> str:
    """No praise: a right guess is asked for its reason, a confident miss is worth the most attention."""
    if agrees:
        return "Is it so for the reason that you had in mind?"
    return "You were sure: such a surprise is worth a second look." if confidence == "sure" else ""


def stored_prediction(question: bank.Question) -> dict:
    stored = stored_question(question, folded=False)
    plain = stored["text/plain"].replace("Quiz ", "Prediction ", 1)
    note = f"<p>You can reason {to_html(question.grounds, math='latex')}. The outcome comes below.</p>"
    return {"text/plain": plain, "text/html": stored["text/html"].removesuffix("</div>") + note + "</div>"}


def stored_outcome(question: bank.Question) -> dict:
    """From the quiz file, not from the computed number: its last digits differ between processors."""
    happened = said(question, question.outcome)
    why = stored_question(question.why)["text/html"]
    return {
        "text/plain": f"Outcome of {question.id}: {to_plain(happened)}",
        "text/html": f"<div><p>Outcome: <strong>{to_html(happened, math='latex')}</strong></p>{why}</div>",
    }


def _prediction(name: str) -> bank.Question:
    question = bank.question(name)
    if question.role != "predict":
        raise LookupError(
            f"{name!r} is a question of role {question.role}, not a prediction; show it with ask({name!r})."
        )
    return question


def _fits(question: bank.Question, event: dict) -> bool:
    """Whether a stored guess is still a possible answer: the lesson may have been rewritten since."""
    given = event.get("given")
    if question.kind == "number":
        return isinstance(given, int | float)
    return given in [option.text for option in question.options]
