"""When a question returns: spaced repetition, computed from nothing but the progress record.

The scheduler is FSRS (library `fsrs`; Ye, Su and Cao, 2022). No state is kept beside the record: each question's card
is made anew by replaying its answers. Right counts as "good"; wrong and "I do not know yet" count as "again", so that
the question is back the next day. Of several tries in one sitting only the first counts: it shows what memory gave,
the later ones what the feedback gave.

What shows a misconception brings it back as well: a wrong answer, a prediction that did not come true, a check that
named it. Then the questions that have the same misconception, or test the same objective, return the next day.

Small tasks return as well, once they have passed: to be written anew, without looking.
"""

from datetime import UTC, datetime, timedelta

from fsrs import Card, Rating, Scheduler

from classroom import progress
from classroom.quiz import bank

RATINGS = {"right": Rating.Good, "wrong": Rating.Again, "unknown": Rating.Again}
DAY = timedelta(days=1)
SITTING = timedelta(hours=12)  # answers closer than this belong together; what falls due within it is due today
SMALL = 6  # minutes; a task that takes longer does not return

# Whole days only (no steps of minutes, which suit flash cards), and no chance: the same record gives the same days.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def cards(events: list[dict]) -> dict[str, Card]:
    """Each answered question's FSRS card, from the events of the progress record."""
    found: dict[str, Card] = {}
    for at, name, rating in sorted(filter(None, map(_answer, events)), key=lambda answer: answer[0]):
        card = found.get(name)
        if card is None or at - card.last_review >= SITTING:
            found[name], _ = SCHEDULER.review_card(card or Card(card_id=0), rating, at)
    return found


def due(now: datetime | None = None) -> list[str]:
    """The ids of the answered questions that are due, the longest overdue first."""
    today, events = (now or datetime.now(UTC)) + SITTING, progress.events()
    found = cards([event for event in events if event["kind"] == "answer"])
    sooner = _returns(found, events)
    waiting = [(min(card.due, sooner.get(name, card.due)), name) for name, card in found.items()]
    return [name for at, name in sorted(waiting) if at <= today]


def due_tasks(now: datetime | None = None) -> list[str]:
    """The names of the small tasks that are due, the longest overdue first."""
    from classroom.tasks import check  # here, since who has tried no task needs no cases

    today = (now or datetime.now(UTC)) + SITTING
    found = {name: card.due for name, card in task_cards(progress.events("attempt")).items() if card.due <= today}
    tasks = [check.find(name)[0] for name in sorted(found, key=found.__getitem__)]
    return [task.name for task in tasks if task and task.minutes <= SMALL]  # others are gone, or too long


def task_cards(events: list[dict]) -> dict[str, Card]:
    """The FSRS card of each task that has passed. A sitting counts once: passed at the first check, later, or not."""
    found: dict[str, Card] = {}
    for name, sittings in _sittings(events).items():
        for at, results in sittings:
            if name in found or "passed" in results:
                late = Rating.Hard if "passed" in results else Rating.Again
                rating = Rating.Good if results[0] == "passed" else late
                found[name], _ = SCHEDULER.review_card(found.get(name) or Card(card_id=0), rating, at)
    return found


def _sittings(events: list[dict]) -> dict[str, list[tuple[datetime, list[str]]]]:
    """By task, the sittings in which it was tried: when each began, and the result of each check."""
    found: dict[str, list[tuple[datetime, list[str]]]] = {}
    tried = [(at, event) for event in events if event.get("result") and (at := time_of(event))]
    for at, event in sorted(tried, key=lambda pair: pair[0]):
        sittings = found.setdefault(event["name"], [])
        if not sittings or at - sittings[-1][0] >= SITTING:
            sittings.append((at, []))
        sittings[-1][1].append(event["result"])
    return found


def _returns(found: dict[str, Card], events: list[dict]) -> dict[str, datetime]:
    """When a misconception met elsewhere brings a question back: the day after, if it was answered before that."""
    sooner: dict[str, datetime] = {}
    shown = [(at, event) for event in events if (at := time_of(event)) and _shows_misconception(event)]
    for name, card in found.items():
        try:
            question = bank.question(name)
        except LookupError:
            continue  # the course has dropped or renamed this question since
        for at, event in shown:
            same = event.get("misconception") in question.misconceptions or event.get("objective") == question.objective
            if same and event["name"] != name and at - card.last_review >= timedelta(0):
                sooner[name] = min(at + DAY, sooner.get(name, at + DAY))
    return sooner


def _shows_misconception(event: dict) -> bool:
    """A wrong answer or prediction with a known misconception, or an attempt whose check named one."""
    return bool(event.get("misconception") or (event["kind"] == "attempt" and event.get("misconceptions")))


def choose(own: list[bank.Question], count: int = 3, now: datetime | None = None) -> list[bank.Question]:
    """Up to `count` questions: those that are due and still exist, then a lesson's own."""
    chosen: dict[str, bank.Question] = {}
    for name in due(now):
        try:
            chosen[name] = bank.question(name)
        except LookupError:
            continue  # the course has dropped or renamed this question since
        if len(chosen) == count:
            break
    chosen.update({q.id: q for q in own if q.id not in chosen})
    return list(chosen.values())[:count]


def _answer(event: dict) -> tuple[datetime, str, Rating] | None:
    """Time, question and rating of an answer; None for a line that some other version of the course wrote."""
    rating, at = RATINGS.get(event.get("verdict")), time_of(event)
    return (at, event["name"], rating) if rating and at else None


def time_of(event: dict) -> datetime | None:
    """When an event happened; None for a line that some other version of the course wrote."""
    try:
        return datetime.fromisoformat(event["at"]).astimezone(UTC)
    except ValueError:
        return None
