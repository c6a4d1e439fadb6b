"""The questions of a lesson, from its `.quiz.yaml`: read, checked, and made into `Question`s.

An author's slip must show here, in words, and not in front of a learner. So `problems` names every fault of a file at
once: the file, the question, the field, and what mends it. The rest of the room calls `question("1.1 bias")`.

The fields of an entry (design: teaching.md):

- all: id kind role objective level minutes question dont_know
- kind "choice": options, each with text and feedback, one of them right, every other with misconception and source
- kind "number": answer band feedback (right, otherwise, bands with band, text, misconception, source), and if there is
  one a unit: a word such as mm, or a few words that stand beside the input ("as a share from 0 to 1")
- role "predict" adds grounds outcome why again spoilers; the outcome of a number is its answer, and lies in the band
"""

import hashlib
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from classroom.paths import lesson_of, lesson_stem
from classroom.quiz.markup import to_html

ROLES = ("memory", "lesson", "predict", "unlock")
LEVELS = ("remember", "understand", "apply", "analyze", "evaluate", "create")
SOURCES = ("literature", "forum", "observed", "invented")

COMMON = {"id", "kind", "role", "predict", "objective", "level", "minutes", "question", "dont_know"}
BY_KIND = {"choice": {"options"}, "number": {"answer", "band", "unit", "feedback"}}
PREDICTION = {"grounds", "outcome", "why", "again", "spoilers"}

LUMPING = re.compile(
    r"\b(all|none|both|neither|any) of (the above|the others|these (options|answers))\b", re.IGNORECASE
)
HARSH = re.compile(r"\b(simply|just|obviously)\b|\bwrong!", re.IGNORECASE)
MAX_WORDS = 60


class QuizError(ValueError):
    """A question that cannot be used; the message holds one sentence for each fault."""


@dataclass(frozen=True)
class Option:
    text: str
    feedback: str
    right: bool = False
    misconception: str = ""
    source: str = ""


@dataclass(frozen=True)
class Band:
    """A range of numbers that one way of thinking leads to, and the sentence that helps there."""

    low: float
    high: float
    text: str
    misconception: str = ""
    source: str = ""

    def __contains__(self, number: float) -> bool:
        slack = 1e-9 * max(abs(self.low), abs(self.high))  # 0.1 + 0.2 lies in [0.3, 0.3]
        return self.low - slack <= number <= self.high + slack


@dataclass(frozen=True)
class Question:
    """One question as the learner meets it; `options` stand in the order in which they are shown."""

    id: str
    kind: str
    role: str
    question: str
    dont_know: str
    objective: str = ""
    level: str = ""
    minutes: float = 1
    options: tuple[Option, ...] = ()
    bands: tuple[Band, ...] = ()  # of a number: the right band first
    answer: float | None = None
    unit: str = ""
    otherwise: str = ""
    grounds: str = ""
    outcome: float | str | None = None
    why: "Question | None" = None
    again: str = ""
    spoilers: tuple[str, ...] = ()

    @property
    def right(self) -> str | float:
        """The right answer: the text of an option, or a number."""
        return self.answer if self.kind == "number" else next(o.text for o in self.options if o.right)

    @property
    def short_unit(self) -> str:
        """The unit to repeat with each number: one word; longer ones explain, and stand beside the input only."""
        return "" if " " in self.unit else self.unit

    def is_right(self, given: str | float) -> bool:
        return given in self.bands[0] if self.kind == "number" else given == self.right

    def feedback(self, given: str | float) -> str:
        """What helps a learner who gave this option's text, or this number."""
        if self.kind == "number":
            return next((band.text for band in self.bands if given in band), self.otherwise)
        return next((o.feedback for o in self.options if o.text == given), "")


def question(name: str) -> Question:
    """The question with this id, e.g. "1.1 bias moves"; LookupError names the ids that its lesson has."""
    lesson = questions(lesson_of(name))
    if name not in lesson:
        raise LookupError(f"There is no question {name!r}; lesson {lesson_of(name)} has {', '.join(lesson) or 'none'}.")
    return lesson[name]


def questions(lesson: str) -> dict[str, Question]:
    """All questions of a lesson by id, in the order of its file; empty if the lesson has no `.quiz.yaml`."""
    stem = lesson_stem(lesson)
    path = stem.with_name(stem.name + ".quiz.yaml")
    return load(path) if path.exists() else {}


def load(path: Path) -> dict[str, Question]:
    """The questions of one file; QuizError with every problem of the file if there is any."""
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _load(path: Path, changed: int) -> dict[str, Question]:
    found = problems(path)
    if found:
        raise QuizError("\n".join(found))
    return {entry["id"]: _question(entry) for entry in _entries(path)}


def problems(path: Path) -> list[str]:
    """Every fault of a quiz file as a sentence that names file, question, field and cure; none gives an empty list."""
    try:
        entries = _entries(path)
    except QuizError as error:
        return [str(error)]
    found, seen = [], []
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id") if isinstance(entry, dict) else None
        check = _Check(f"{path.name}, question {name!r}" if name else f"{path.name}, question number {number}")
        if not isinstance(entry, dict):
            check.say("", "is no mapping; write `- id: …` with the fields below it")
        else:
            check.entry(entry, path)
            if name in seen:
                check.say("id", "stands twice in this file; give one of the two another id")
            seen.append(name)
            others = [
                e.get("id") for e in entries if isinstance(e, dict) and e.get("role") == "predict" and e is not entry
            ]
            if "again" in entry and entry["again"] not in others:
                check.say("again", f"{entry['again']!r} is no other prediction of this file; name one, or leave it out")
        found += check.found
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """YAML that refuses a key given twice: the second would replace the first without a word."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.MarkedYAMLError(
                problem=f"{twice[0]!r} stands twice in one mapping; keep one", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep)


def _entries(path: Path) -> list:
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise QuizError(
            f"{path.name}{line}: no valid YAML ({error.problem}); quote texts that hold ': ' or ' #'."
        ) from error
    if not isinstance(entries, list):
        raise QuizError(f"{path.name}: expected a list of questions, each beginning with `- id: …`.")
    return entries


def _question(entry: dict) -> Question:
    predicted = entry["role"] == "predict"
    feedback = entry.get("feedback", {})
    common = {key: entry[key] for key in COMMON - {"predict", "dont_know"} if key in entry}
    return Question(
        **common,
        dont_know=entry.get("dont_know", ""),
        options=_shuffled(entry["id"], [Option(**option) for option in entry.get("options", [])]),
        bands=tuple(
            Band(
                float(b["band"][0]),
                float(b["band"][1]),
                b["text"],
                b.get("misconception", ""),
                b.get("source", ""),
            )
            for b in (
                [{"band": entry["band"], "text": feedback["right"]}, *feedback.get("bands", [])] if feedback else []
            )
        ),
        answer=float(entry["outcome" if predicted else "answer"]) if entry["kind"] == "number" else None,
        unit=entry.get("unit", ""),
        otherwise=feedback.get("otherwise", ""),
        grounds=entry.get("grounds", ""),
        outcome=entry.get("outcome"),
        why=_why(entry) if predicted else None,
        again=entry.get("again", ""),
        spoilers=tuple(entry.get("spoilers", ())),
    )


def _why(entry: dict) -> Question:
    why = {"dont_know": entry.get("dont_know", ""), **entry["why"]}
    return _question({"id": entry["id"] + " why", "kind": "choice", "role": "why", **why})


def _shuffled(name: str, options: list[Option]) -> tuple[Option, ...]:
    """A stable shuffle: by a hash of id and text, the same on every machine, in every version of Python."""
    return tuple(sorted(options, key=lambda o: hashlib.sha256(f"{name}\n{o.text}".encode()).digest()))


# --- checking ---------------------------------------------------------------------------------------------------------


class _Check:
    """Gathers the problems of one entry; `say` makes each a sentence that begins with file and question."""

    def __init__(self, where: str):
        self.where, self.found = where, []

    def say(self, field: str, problem: str) -> None:
        self.found.append(f"{self.where}{f', field {field}' if field else ''}: {problem}.")

    def entry(self, entry: dict, path: Path) -> None:
        kind, predicted = entry.get("kind"), entry.get("role") == "predict"
        if kind not in list(BY_KIND):
            self.say("kind", f"got {kind!r}, expected choice or number")
            return
        allowed = COMMON | BY_KIND[kind] | (PREDICTION if predicted else set())
        self.keys("", entry, allowed)
        self.common(entry, path)
        if kind == "choice":
            self.options("options", entry.get("options"), secret=not predicted)
        else:
            self.number(entry, predicted)
        if predicted:
            self.prediction(entry)
        elif not entry.get("dont_know"):
            self.say("dont_know", "is missing; say where in the text a learner who does not know yet can look")

    def keys(self, field: str, mapping: dict, allowed: set[str]) -> None:
        for key in mapping:
            if key not in allowed:
                where = f"{field}.{key}" if field else str(key)
                self.say(where, f"unknown here; known are {', '.join(sorted(allowed))}")

    def common(self, entry: dict, path: Path) -> None:
        name, lesson = entry.get("id"), _lesson_of_file(path)
        if not isinstance(name, str) or not name.startswith(lesson + " ") or name != " ".join(name.split()):
            self.say(
                "id",
                f'got {name!r}; write the lesson and a few words in quotes, such as "{lesson} bias moves"',
            )
        role = entry.get("role")
        if role not in ROLES:
            self.say("role", f"got {role!r}, expected one of {', '.join(ROLES)}")
        if "predict" in entry and entry["predict"] is not (role == "predict"):
            self.say(
                "predict",
                f"got {entry['predict']!r} with role {role!r}; a prediction has role predict, leave this out",
            )
        if entry.get("level") not in LEVELS:
            self.say("level", f"got {entry.get('level')!r}, expected one of {', '.join(LEVELS)}")
        if not _is_number(entry.get("minutes")) or not 0 < entry["minutes"] <= 15:
            self.say("minutes", f"got {entry.get('minutes')!r}, expected a number from 0 to 15")
        self.text("objective", entry.get("objective"))
        self.text("question", entry.get("question"))
        if "dont_know" in entry:
            self.feedback("dont_know", entry["dont_know"])

    def text(self, field: str, text) -> bool:
        """A text that is there and whose marks close."""
        if not isinstance(text, str) or not text.strip():
            self.say(field, f"got {text!r}, expected a text (put numbers, yes and no in quotes)")
            return False
        try:
            to_html(text)
        except ValueError as error:
            self.say(field, str(error))
        return True

    def feedback(self, field: str, text) -> None:
        """A text that helps: short, and free of words that hurt."""
        if not self.text(field, text):
            return
        if len(text.split()) > MAX_WORDS:
            self.say(field, f"has {len(text.split())} words; feedback helps in {MAX_WORDS} or fewer")
        if HARSH.search(text):
            self.say(field, f"says {HARSH.search(text)[0]!r}; leave that out, it helps nobody")

    def cause(self, field: str, part: dict) -> None:
        """A way of being wrong names the misconception and where it was met."""
        self.text(f"{field}.misconception", part.get("misconception"))
        source = part.get("source")
        kind, _, detail = source.partition(":") if isinstance(source, str) else ("", "", "")
        if kind not in SOURCES or not detail.strip():
            kinds = ", ".join(SOURCES)
            self.say(f"{field}.source", f'got {source!r}, expected one of {kinds} and where, such as "observed: …"')

    def options(self, field: str, options, secret: bool = True) -> None:
        """Two or more options; where the answer is `secret`, no feedback may tell it (after an outcome it is known)."""
        if not isinstance(options, list) or len(options) < 2 or not all(isinstance(o, dict) for o in options):
            self.say(field, "expected a list of two or more options, each with text and feedback")
            return
        for index, option in enumerate(options, start=1):
            here = f"{field}[{index}]"
            self.keys(here, option, {"text", "feedback", "right", "misconception", "source"})
            if self.text(f"{here}.text", option.get("text")) and LUMPING.search(option["text"]):
                self.say(f"{here}.text", f"{option['text']!r} lumps options together; write one claim of its own")
            self.feedback(f"{here}.feedback", option.get("feedback"))
            if option.get("right") not in (None, True, False):
                self.say(f"{here}.right", f"got {option['right']!r}, expected true, or leave it out")
            if option.get("right") is not True:
                self.cause(here, option)
        self.one_right(field, options, secret)

    def one_right(self, field: str, options: list[dict], secret: bool) -> None:
        texts = [str(o.get("text")) for o in options]
        right = [o for o in options if o.get("right") is True]
        if len(right) != 1:
            self.say(field, f"{len(right)} options are right; mark exactly one with `right: true`")
            return
        if len(set(texts)) < len(texts):
            self.say(field, "two options have the same text; change one")
        answer = str(right[0].get("text"))
        longest = max(len(t) for t, o in zip(texts, options, strict=True) if o is not right[0])
        if len(answer) > 1.5 * longest and len(answer) > longest + 15:
            self.say(field, "the right option is much longer than the others and gives itself away; even them out")
        for index, option in enumerate(options, start=1):
            if secret and option is not right[0] and len(answer) > 15 and answer in str(option.get("feedback")):
                self.say(f"{field}[{index}].feedback", "gives the answer away; say what to look at instead")

    def number(self, entry: dict, predicted: bool) -> None:
        field = "outcome" if predicted else "answer"
        answer, band = entry.get(field), entry.get("band")
        if predicted and "answer" in entry and entry["answer"] != answer:
            self.say(
                "answer",
                f"differs from the outcome {answer!r}; a prediction has an outcome, leave the answer out",
            )
        if not _is_number(answer):
            self.say(field, f"got {answer!r}, expected a number")
        if not _is_band(band):
            self.say("band", f"got {band!r}, expected two numbers [low, high] around the {field}")
        elif _is_number(answer) and answer not in Band(*band, ""):
            self.say(field, f"{answer} lies outside the band {band}; mend one of the two")
        if "unit" in entry:
            self.text("unit", entry["unit"])
        feedback = entry.get("feedback")
        if not isinstance(feedback, dict):
            self.say("feedback", "is missing; write right, otherwise, and bands for typical wrong numbers")
            return
        self.keys("feedback", feedback, {"right", "otherwise", "bands"})
        self.feedback("feedback.right", feedback.get("right"))
        self.feedback("feedback.otherwise", feedback.get("otherwise"))
        bands = feedback.get("bands", [])
        if not isinstance(bands, list):
            self.say("feedback.bands", "expected a list of band, text, misconception and source; or leave it out")
            return
        for index, part in enumerate(bands, start=1):
            self.wrong_band(f"feedback.bands[{index}]", part, answer)

    def wrong_band(self, field: str, part, answer) -> None:
        if not isinstance(part, dict) or not _is_band(part.get("band")):
            self.say(f"{field}.band", "expected two numbers [low, high]")
            return
        self.keys(field, part, {"band", "text", "misconception", "source"})
        if _is_number(answer) and answer in Band(*part["band"], ""):
            self.say(
                f"{field}.band",
                f"{part['band']} holds the answer {answer}; a band for wrong numbers must not",
            )
        self.feedback(f"{field}.text", part.get("text"))
        self.cause(field, part)

    def prediction(self, entry: dict) -> None:
        self.text("grounds", entry.get("grounds"))
        spoilers = entry.get("spoilers")
        if not isinstance(spoilers, list) or not spoilers or not all(isinstance(s, str) and s for s in spoilers):
            self.say("spoilers", "expected a list of texts in quotes that must not stand in the lesson before it")
        if entry["kind"] == "choice" and isinstance(entry.get("options"), list):
            right = [o.get("text") for o in entry["options"] if isinstance(o, dict) and o.get("right") is True]
            if right and entry.get("outcome") != right[0]:
                self.say("outcome", f"got {entry.get('outcome')!r}, expected the right option's text, {right[0]!r}")
        why = entry.get("why")
        if not isinstance(why, dict):
            self.say("why", "is missing; ask for the reason, with question and options")
            return
        self.keys("why", why, {"question", "options", "dont_know"})
        self.text("why.question", why.get("question"))
        self.options("why.options", why.get("options"))
        if "dont_know" in why:
            self.feedback("why.dont_know", why["dont_know"])
        elif not entry.get("dont_know"):
            self.say("why.dont_know", "is missing; say where in the text the reason can be found")


def _lesson_of_file(path: Path) -> str:
    """`1_1_neuron.quiz.yaml` belongs to lesson 1.1, `0_start_here.quiz.yaml` to lesson 0."""
    digits = re.match(r"(\d+)(?:_(\d+))?", path.name)
    return ".".join(filter(None, digits.groups())) if digits else "?"


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_band(value) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]
