"""Every fault of a quiz file in words, so that an author's slip shows here and not in front of a learner.

`problems` names file, question, field, and what mends it. The fields of an entry (design: teaching.md):

- all: id kind role objective level minutes question dont_know
- kind "choice": options, each with text and feedback, one of them right, every other with misconception and source
- kind "number": answer band feedback (right, otherwise, bands with band, text, misconception, source), and if there is
  one a unit: a word such as mm, or a few words that stand beside the input ("as a share from 0 to 1")
- kind "several": options, each with text, feedback (for whoever took it wrongly, or left it out), misconception and
  source, the right ones marked; right: the feedback when all fit
- kind "order": steps in the right order, each with text, feedback, misconception, source; right. Lines of code stand in
  backticks
- kind "match": pairs, each with text, to, feedback, misconception, source; right; perhaps others, labels without a text
- role "memory" adds, if it likes, about: what it goes back to, "lesson" (the one before), "level" (the one before), or
  "pair" (two things that are easily confused)
- role "predict" adds grounds outcome why again spoilers; the outcome of a number is its answer, and lies in the band;
  a predicted order has its steps in the order that happens, and no outcome besides
"""

import math
import re
from pathlib import Path

from classroom.quiz.markup import to_html
from classroom.quiz.question import Band

ROLES = ("memory", "lesson", "predict", "unlock")
LEVELS = ("remember", "understand", "apply", "analyze", "evaluate", "create")
SOURCES = ("literature", "forum", "observed", "invented")
ABOUT = ("lesson", "level", "pair")

COMMON = {"id", "kind", "role", "predict", "objective", "level", "minutes", "question", "dont_know"}
ROWS = {"several": "options", "order": "steps", "match": "pairs"}  # kinds that give each row a label, and their field
BY_KIND = {
    "choice": {"options"},
    "number": {"answer", "band", "unit", "feedback"},
    "several": {"options", "right"},
    "order": {"steps", "right"},
    "match": {"pairs", "right", "others"},
}
PREDICTION = {"grounds", "outcome", "why", "again", "spoilers"}

LUMPING = re.compile(
    r"\b(all|none|both|neither|any) of (the above|the others|these (options|answers))\b", re.IGNORECASE
)
HARSH = re.compile(r"\b(simply|just|obviously)\b|\bwrong!", re.IGNORECASE)
MAX_WORDS = 60


def problems(entries: list, path: Path) -> list[str]:
    """Every fault of the entries of a quiz file as a sentence; none gives an empty list."""
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


class _Check:
    """Gathers the problems of one entry; `say` makes each a sentence that begins with file and question."""

    def __init__(self, where: str):
        self.where, self.found = where, []

    def say(self, field: str, problem: str) -> None:
        self.found.append(f"{self.where}{f', field {field}' if field else ''}: {problem}.")

    def entry(self, entry: dict, path: Path) -> None:
        kind, predicted = entry.get("kind"), entry.get("role") == "predict"
        if kind not in list(BY_KIND):
            self.say("kind", f"got {kind!r}, expected one of {', '.join(BY_KIND)}")
            return
        more = PREDICTION if predicted else {"about"} if entry.get("role") == "memory" else set()
        allowed = COMMON | BY_KIND[kind] | more - ({"outcome"} if kind == "order" else set())
        self.keys("", entry, allowed)
        self.common(entry, path)
        if predicted and kind in ("several", "match"):
            self.say("kind", f"a prediction is a choice, a number or an order, not {kind!r}")
            return
        if kind in ROWS:
            self.rows(kind, entry)
        elif kind == "choice":
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
        if "about" in entry and entry["about"] not in ABOUT:
            self.say("about", f"got {entry['about']!r}, expected one of {', '.join(ABOUT)}, or leave it out")
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

    def rows(self, kind: str, entry: dict) -> None:
        """Three rows or more, each with its own feedback and misconception; no text twice."""
        field, extra = ROWS[kind], {"several": {"right"}, "order": set(), "match": {"to"}}[kind]
        rows = entry.get(field)
        self.feedback("right", entry.get("right"))
        if not isinstance(rows, list) or len(rows) < 3 or not all(isinstance(row, dict) for row in rows):
            self.say(field, "expected a list of three or more, each with text, feedback, misconception and source")
            return
        for index, row in enumerate(rows, start=1):
            here = f"{field}[{index}]"
            self.keys(here, row, {"text", "feedback", "misconception", "source"} | extra)
            self.text(f"{here}.text", row.get("text"))
            self.feedback(f"{here}.feedback", row.get("feedback"))
            self.cause(here, row)
            if kind == "match":
                self.text(f"{here}.to", row.get("to"))
            elif row.get("right") not in (None, True, False):
                self.say(f"{here}.right", f"got {row['right']!r}, expected true, or leave it out")
        if len({str(row.get("text")) for row in rows}) < len(rows):
            self.say(field, "two rows have the same text; change one")
        if kind == "several" and not 0 < sum(row.get("right") is True for row in rows) < len(rows):
            self.say(field, "all options are right, or none; mark some with `right: true`")
        if kind == "match" and not _is_texts(entry.get("others", [])):
            self.say("others", f"got {entry['others']!r}, expected a list of texts in quotes")

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


def _is_texts(value) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)


def _is_band(value) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]
