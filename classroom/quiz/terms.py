"""The glossary asked back: `terms("1")` shows six terms of level 1, each by its meaning; those that are due come first.

No one writes these questions: a lesson's front matter says what its terms mean, and the wrong options are other terms
of the same level, whose own meanings are the feedback. They return as all questions do (see `memory`).
"""

import hashlib

import ipywidgets
from IPython.display import display

from classroom import progress
from classroom.paths import front_matters
from classroom.quiz import memory
from classroom.quiz.bank import TERM
from classroom.quiz.card import with_stored
from classroom.quiz.question import Option, Question
from classroom.quiz.quiz import Quiz

COUNT, OPTIONS = 6, 4
ALL_KNOWN = "You have met all terms of this level, and none is due today."


def terms(level: str) -> None:
    """Show up to six questions about the terms of a level, such as "1"."""
    display(Terms(level))


class Terms(ipywidgets.VBox):
    """Up to six questions, one for each term."""

    def __init__(self, level: str):
        self.questions = choose(level)
        kicker = f"Term {{}} of {len(self.questions)}"
        cards = [Quiz(q, kicker.format(i), where="terms") for i, q in enumerate(self.questions, start=1)]
        super().__init__(children=cards or [ipywidgets.HTML(ALL_KNOWN)])
        said = f"Questions about the terms of level {level}."
        self.stored = {"text/plain": said, "text/html": f"<p>{said} Run this cell to see them.</p>"}

    def _repr_mimebundle_(self, **kwargs):
        return with_stored(super()._repr_mimebundle_(**kwargs), self.stored)


def choose(level: str, now=None) -> list[Question]:
    """Terms that are due, the longest overdue first; then those never asked, in the order of the lessons."""
    known = questions(level)
    asked = {event["name"] for event in progress.events("answer")}
    fresh = [name for name in known if name not in asked]
    return [known[name] for name in [*(n for n in memory.due(now) if n in known), *fresh][:COUNT]]


def question(name: str) -> Question:
    """The question with this id, "1.1 term: bias"; LookupError if no lesson defines that term."""
    known = questions(name.split(".", 1)[0])
    if name not in known:
        raise LookupError(f"No lesson of level {name.split('.', 1)[0]} defines the term of {name!r}.")
    return known[name]


def questions(level: str) -> dict[str, Question]:
    """A question for each term of a level, by id, in the order of the lessons."""
    fronts = [front for front in front_matters() if str(front["lesson"]).split(".")[0] == level]
    meanings = {term: meaning for front in fronts for term, meaning in front.get("terms", {}).items()}
    found = {}
    for front in fronts:
        own = front.get("terms", {})
        for term in own:
            name = f"{front['lesson']}{TERM}{term}"
            others = sorted(meanings.keys() - {term}, key=lambda other: (other not in own, _chance(name, other)))
            found[name] = _question(name, term, others[: OPTIONS - 1], meanings)
    return found


def _question(name, term, others, meanings):
    lesson = name.split(TERM)[0]
    options = [Option(term, f"Yes: lesson {lesson} speaks of it.", right=True)]
    options += [Option(other, f"**{other}** means: {meanings[other]}.") for other in others]
    return Question(
        id=name,
        kind="choice",
        role="term",
        question=f"Which term is this? {meanings[term][:1].upper()}{meanings[term][1:]}.",
        dont_know=f"Look it up in the glossary, or in lesson {lesson}; it comes back tomorrow.",
        options=tuple(sorted(options, key=lambda option: _chance(name, option.text))),
    )


def _chance(name, text):
    """The same order on every machine."""
    return hashlib.sha256(f"{name}\n{text}".encode()).digest()
