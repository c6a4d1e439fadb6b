"""Questions: `ask` shows one, `review` brings up to three back from memory.

    ask("1.1 bias moves")
    review("1.1")

A wrong answer may be tried again, as often as she likes. "I do not know yet" is always there and costs nothing. Each
option has its own feedback; none gives the answer away. What she answers goes to her progress record, and `memory`
decides from it when a question returns. The stored notebook shows the question with its answers folded away, whatever
she has done.
"""

import ipywidgets
from IPython.display import display

from classroom import progress
from classroom.quiz import bank, memory
from classroom.quiz.card import Card, number_text, read_number, with_stored
from classroom.quiz.markup import to_html, to_plain
from classroom.quiz.question import Rows

KICKERS = {"memory": "From memory", "why": "Why?"}
DONT_KNOW = "I do not know yet"
NOTHING_DUE = "Nothing is due today: read on."


def ask(name: str) -> None:
    """Show the question with this id, for example `ask("1.1 bias moves")`."""
    display(question_widget(name))


def review(lesson: str) -> None:
    """Show up to three questions from memory: first those that are due, then the lesson's own."""
    display(Review(lesson))


def question_widget(name: str) -> "Quiz":
    """The question with this id as a widget, to be placed in another one."""
    return Quiz(bank.question(name))


class Quiz(Card):
    """A question with options or a number; `answered` is called after each answer with "right", "wrong", "unknown"."""

    actions = ("answer", "unknown")

    def __init__(self, question: bank.Question, kicker: str = "", where: str = "", answered=None):
        self.question, self.where, self.answered = question, where or question.role, answered
        buttons = [{"do": "answer", "label": "Check"}, {"do": "unknown", "label": DONT_KNOW}]
        view = {**fields(question, kicker or KICKERS.get(question.role, "Question")), "buttons": buttons}
        super().__init__(stored_question(question), view)

    def answer(self, choice: int | list | None = None, text: str = "", confidence: str = "") -> None:
        """She presses Check: with the index of an option as shown, of each row's label, or with a number as typed."""
        if self.state["locked"]:
            return
        given = given_answer(self, choice, text)
        if given is None:
            return
        right = self.question.is_right(given)
        verdict, tone = ("right", "right") if right else ("wrong", "other")
        saved = self.keep(verdict, given)
        feedback = self.question.feedback(given)
        yes = "" if feedback.startswith("Yes") else "Right."  # said once is enough
        marks, typed = self.state["marks"], {"text": text}
        if isinstance(self.question, Rows):
            no = f"{self.question.fitting(given)} of {len(given)} fit."
            typed = {"rows": self.question.places(given)}
        elif self.question.kind == "choice":
            no, typed["chosen"] = "Not this one.", choice
            marks = {**marks, str(choice): tone}  # of every option tried so far
        else:
            no = f"Not {said(self.question, given)}."
        more = saved if right else " You may try again." + saved
        self.say(tone, yes if right else no, feedback + more, **typed, marks=marks, locked=right)
        if self.answered:
            self.answered(verdict)

    def unknown(self, *_given) -> None:
        """She says that she does not know yet: she learns where to look, and the question returns sooner."""
        if self.state["locked"]:
            return
        saved = self.keep("unknown", None)
        self.say("open", "Not yet, and that is fine.", self.question.dont_know + saved)
        if self.answered:
            self.answered("unknown")

    def keep(self, verdict: str, given) -> str:
        """Put the answer in the progress record (a question of why is kept with its outcome); a note if that failed."""
        if self.where == "why":
            return ""
        found = self.question.misconception(given) if verdict == "wrong" else ""
        more = {"misconception": found} if found else {}
        saved = progress.record("answer", self.question.id, verdict=verdict, given=given, where=self.where, **more)
        return "" if saved else " (This answer could not be saved.)"


class Review(ipywidgets.VBox):
    """Up to three questions: due ones first, then the lesson's own; and one small task that is due.

    The stored text names only the lesson's own.
    """

    def __init__(self, lesson: str):
        own = [q for q in bank.questions(lesson).values() if q.role == "memory"]
        self.questions = memory.choose(own)
        kicker = f"From memory, {{}} of {len(self.questions)}"
        cards = [Quiz(q, kicker.format(i), where="review") for i, q in enumerate(self.questions, start=1)]
        tasks = [ipywidgets.HTML(_task_again(name)) for name in memory.due_tasks()[:1]]
        super().__init__(children=[*cards, *tasks] or [ipywidgets.HTML(NOTHING_DUE)])
        texts = [stored_question(q) for q in own]
        plain = [f"Questions from memory for lesson {lesson}", *(t["text/plain"] for t in texts)]
        page = [t["text/html"] for t in texts] or [f"<p>{NOTHING_DUE}</p>"]
        self.stored = {"text/plain": "\n\n".join(plain), "text/html": "\n".join(page)}

    def _repr_mimebundle_(self, **kwargs):
        return with_stored(super()._repr_mimebundle_(**kwargs), self.stored)


def _task_again(name: str) -> str:
    from classroom.tasks import check  # here, since most lessons show no task

    task, _ = check.find(name)
    call, where = f'check("{name}", {task.object_name})', check.notebook_of(name, "exercises")
    return to_html(
        f"**A small task returns: {name}** ({task.minutes:g} minutes). Read it in `{where}`. "
        f"Then write `{task.object_name}` anew in a cell of your own, without looking, and run `{call}` "
        "after `from classroom import check`."
    )


def fields(question: bank.Question, kicker: str) -> dict:
    """What every card with a question shows: the text, and choices or the place for a number."""
    choices = [to_html(option.text) for option in question.options]
    number = {"unit": to_html(question.unit)} if question.kind == "number" else None
    rows = None
    if isinstance(question, Rows):
        control = "checkbox" if question.kind == "several" else "select"
        labels = [to_plain(label) for label in question.labels]  # a list of choices holds no formulas
        rows = {"control": control, "texts": [to_html(row.text) for row in question.rows], "labels": labels}
    return {
        "name": question.id,
        "kicker": kicker,
        "question": to_html(question.question),
        "choices": choices,
        "number": number,
        "rows": rows,
    }


def given_answer(card: Card, choice: int | list | None, text: str) -> str | float | list[str] | None:
    """The option's text, each row's label, or the number; if it is missing, say calmly what is and return None."""
    question = card.question
    if isinstance(question, Rows):
        return _given_rows(card, choice)
    if question.kind == "choice":
        if isinstance(choice, int) and 0 <= choice < len(question.options):
            return question.options[choice].text
        card.say("note", "Choose an option first.")
        return None
    try:
        return read_number(text, question.short_unit)
    except ValueError:
        card.say(
            "note", "Type one number, such as 0.25 or 1e-3." if text.strip() else "Type a number first.", text=text
        )
        return None


def _given_rows(card: Card, choice) -> list[str] | None:
    labels, kind = card.question.labels, card.question.kind
    known = isinstance(choice, list) and len(choice) == len(card.question.rows)
    if not known or not all(type(c) is int and 0 <= c < len(labels) for c in choice):
        card.say("note", "Choose a place for every step first." if kind == "order" else "Choose for every row first.")
        return None
    if kind == "order" and len(set(choice)) < len(choice):
        twice = next(labels[c] for c in choice if choice.count(c) > 1)
        card.say("note", f"Place {twice} is taken twice.", rows=choice)
        return None
    return [labels[c] for c in choice]


def said(question: bank.Question, given: str | float | list[str]) -> str:
    """An answer as text with marks."""
    if question.kind == "order":
        return ", then ".join(question.in_order(given))
    return given if question.kind == "choice" else number_text(given, question.short_unit)


def stored_question(question: bank.Question, folded: bool = True) -> dict:
    """The texts for a reader without a kernel: the question, its options, and (if `folded`) the answers to unfold."""
    plain = [f"Quiz {question.id}: {to_plain(question.question)}"]
    plain += [f"  {i}. {to_plain(option.text)}" for i, option in enumerate(question.options, 1)]
    items = "".join(f"<li>{_latex(option.text)}</li>" for option in question.options)
    if isinstance(question, Rows):
        return _stored_rows(question, plain[0], folded)
    unit = f" ({_latex(question.unit)})" if question.unit else ""
    body = f"<ol>{items}</ol>" if items else f"<p>Your answer is a number{unit}.</p>"
    answers = f"<details><summary>Answer</summary>{_answers(question)}</details>" if folded else ""
    return {
        "text/plain": "\n".join(plain),
        "text/html": f"<div><p><strong>{_latex(question.question)}</strong></p>{body}{answers}</div>",
    }


ASKED = {
    "several": "Which of these? There may be several.",
    "order": "In which order?",
    "match": "Which belongs to which?",
}


def _stored_rows(question: Rows, head: str, folded: bool) -> dict:
    lines = [f"  - {to_plain(row.text)}" for row in question.rows]
    asked = ASKED[question.kind] + (f" {', '.join(question.labels)}." if question.kind == "match" else "")
    items = "".join(f"<li>{_latex(row.text)}</li>" for row in question.rows)
    by_label = sorted(question.rows, key=lambda row: question.labels.index(row.label))
    answers = "".join(f"<li>{_latex(row.text)}: {_latex(row.label)}. {_latex(row.feedback)}</li>" for row in by_label)
    answer = f"<details><summary>Answer</summary><p>{_latex(question.praise)}</p><ul>{answers}</ul></details>"
    return {
        "text/plain": "\n".join([head, *lines, f"  {to_plain(asked)}"]),
        "text/html": f"<div><p><strong>{_latex(question.question)}</strong></p><ul>{items}</ul><p>{_latex(asked)}</p>"
        f"{answer * folded}</div>",
    }


def _answers(question: bank.Question) -> str:
    if question.kind == "number":
        return f"<p>{_latex(said(question, question.answer))}: {_latex(question.feedback(question.answer))}</p>"
    lines = [(option.text, "right" if option.right else "not this one", option.feedback) for option in question.options]
    return "<ul>" + "".join(f"<li>{_latex(t)} ({verdict}): {_latex(f)}</li>" for t, verdict, f in lines) + "</ul>"


def _latex(text: str) -> str:
    return to_html(text, math="latex")
