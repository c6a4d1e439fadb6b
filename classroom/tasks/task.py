"""What an author writes about a task: a way to draw inputs, the typical wrong answers as code, and hints.

The right answer is not here. Its one home is the exercise's cell (see `source`), which joins it to the task on loading.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from classroom.tasks.kinds.marking import Case, Marking

# The kinds of task that assess each level (Bloom's taxonomy as revised by Anderson & Krathwohl, 2001).
KINDS = {
    "remember": ("recall", "match", "label", "order"),
    "understand": ("trace", "predict", "explain", "counterexample"),
    "apply": ("complete", "implement", "run", "adapt"),
    "analyze": ("locate", "discriminate", "attribute"),
    "evaluate": ("referee", "decide"),
    "create": ("design",),
}
# The rule that marks a kind without one right output, see `kinds`; every other kind is compared with the answer's.
RULE_OF = {"counterexample": "counterexample", "locate": "locate", "discriminate": "separate"} | {
    kind: kind for kind in ("referee", "decide", "design")
}
PROBE_OF = {"locate": "patient", "decide": "record", "referee": "record", "design": "record"}
BY_CHECK = 0.6  # the most of a design's points that a machine gives
SOURCES = ("literature", "forum", "observed", "invented")
UNKIND = re.compile(r"\b(simply|just|obviously|wrong!)", re.IGNORECASE)
MOST_WORDS = 25  # in one clause of a misconception: the whole feedback stays below 60


@dataclass(frozen=True)
class Misconception:
    """A typical wrong answer as code, and the clause that tells a learner what leads to its outputs.

    `when` completes "That happens when …": "the bias is left out". It speaks of the code, never of the learner.
    `source` says where the misconception was seen: "observed: …", "literature: name, year", "forum: …", "invented: …".
    """

    when: str
    wrong: Callable
    source: str

    def __post_init__(self):
        text = self.when
        _need(bool(text.strip()), "A misconception needs the clause that completes 'That happens when …'.")
        _need(
            not re.match(r"(That happens|You|The |A |An |It )", text) and text.strip()[-1] not in ".?!",
            f"Misconception {text!r}: write the clause that completes 'That happens when …', without a capital "
            "article or a full stop, for example 'the bias is left out'.",
        )
        _need(not re.search(r"\byou\b", text), f"Misconception {text!r}: speak of the code, not of 'you'.")
        _check_tone("Misconception", text)
        words = len(text.split())
        _need(
            words <= MOST_WORDS,
            f"Misconception {text!r} has {words} words; at most {MOST_WORDS} leave room for the rest.",
        )
        _need(callable(self.wrong), f"Misconception {text!r}: `wrong` must be a function or class.")
        kind, _, where = self.source.partition(":")
        _need(
            kind in SOURCES and bool(where.strip()),
            f"Misconception {text!r}: the source {self.source!r} should read like 'observed: …', "
            f"beginning with one of {', '.join(SOURCES)}.",
        )


def with_entries(right: dict, entries: dict | None = None, /, **by_key) -> Callable[[], dict]:
    """A wrong answer to a task that asks for a dict: a function that gives the right one with some entries changed.

    A keyword names the key that it is, or that alone begins so; letters and digits count: `line1=` is "line 1".
    """
    changed = dict(entries or {})
    for name, value in by_key.items():
        begins = [key for key in right if _letters(key).startswith(_letters(name))]
        found = [key for key in begins if _letters(key) == _letters(name)] or begins
        _need(
            len(found) == 1, f"{name!r} should name one key, got {found}; the keys are {', '.join(map(repr, right))}."
        )
        changed[found[0]] = value
    _need(set(changed) <= set(right), f"{set(changed) - set(right)} should be among the keys {set(right)}.")
    return lambda: right | changed


def _letters(text):
    return re.sub(r"\W|_", "", str(text))


@dataclass(frozen=True)
class Criterion:
    """What a person looks at in a design, the points for it, and for some of these points what earns them."""

    what: str
    points: int
    anchors: dict[int, str]

    def __post_init__(self):
        _need(
            {0, self.points} <= set(self.anchors) and max(self.anchors) == self.points > 0,
            f"Criterion {self.what!r}: the anchors should say what earns 0 and what earns all {self.points} points.",
        )


@dataclass
class Task:
    """One task of an exercise. `load` in `source` fills the last fields from the exercise's cells.

    A kind without one right output needs a `marking`, see `kinds`; a design also a `rubric` for a person.
    `cases(rng)` yields tuples of arguments, edge cases first; left out, there is one case, without arguments. `probe`
    names the function in `probes` that turns the answer into arrays. `tolerance` is relative; left out, it follows from
    the precision of the numbers. `seconds` is the time limit for all cases together. `alternatives` are other right
    answers, in other styles, which the check must accept too. `equivalent` gives for each mutant that is right as well
    (`verify` lists its id) the reason.
    """

    name: str
    kind: str
    level: str
    objective: str
    minutes: float
    difficulty: int
    points: int
    misconceptions: list[Misconception]
    hints: list[str]
    cases: Callable[..., Iterable[tuple]] | None = None
    probe: str = "call"
    reach: bool = False
    few_because: str = ""
    tolerance: float | None = None
    seconds: float = 10.0
    marking: Marking | None = None
    rubric: list[Criterion] = field(default_factory=list)
    alternatives: list[Callable] = field(default_factory=list)
    equivalent: dict[str, str] = field(default_factory=dict)
    answer: str = field(default="", repr=False)
    stub: str = field(default="", repr=False)
    given: str = field(default="", repr=False)
    object_name: str = ""
    object: Callable | None = field(default=None, repr=False)

    def __post_init__(self):
        who = f"Task {self.name!r}"
        self.cases = self.cases or self._one_case
        _need(
            bool(re.match(r"\d+(\.\d+)? \S", self.name)),
            f"{who}: the name should be the lesson and a few words, for example '1.1 weighted sum'.",
        )
        _need(
            self.level in KINDS,
            f"{who}: the level {self.level!r} is not known; it should be one of {', '.join(KINDS)}.",
        )
        _need(
            self.kind in KINDS[self.level],
            f"{who}: the kind {self.kind!r} does not assess the level {self.level!r}; "
            f"use one of {', '.join(KINDS[self.level])}, or another level.",
        )
        lesson = self.name.split(" ", 1)[0]
        _need(
            self.objective.startswith(lesson),
            f"{who}: the objective {self.objective!r} should be one of lesson {lesson}, for example '{lesson}a'.",
        )
        _need(self.minutes > 0, f"{who}: minutes should be above 0, got {self.minutes}.")
        _need(self.difficulty in range(1, 6), f"{who}: difficulty should be 1 to 5, got {self.difficulty!r}.")
        _need(
            isinstance(self.points, int) and self.points > 0,
            f"{who}: points should be a whole number above 0, got {self.points!r}.",
        )
        _need(callable(self.cases), f"{who}: `cases` should be a function of a random generator.")
        self._check_misconceptions(who)
        self._check_marking(who)
        _need(
            2 <= len(self.hints) <= 3,
            f"{who}: expected two or three hints (where to look, which principle, a worked parallel), "
            f"got {len(self.hints)}.",
        )
        for hint in self.hints:
            _check_tone(f"{who}: the hint", hint)

    def _one_case(self, rng):
        yield Case() if self.marking else ()

    def _check_misconceptions(self, who):
        found = len(self.misconceptions)
        _need(
            found >= 3 or bool(self.few_because),
            f"{who} has {found} misconceptions; give three or more, or say why not with few_because='…'.",
        )
        clauses = [m.when for m in self.misconceptions]
        _need(len(set(clauses)) == found, f"{who}: two misconceptions have the same clause.")

    def _check_marking(self, who):
        rule, found = RULE_OF.get(self.kind), self.marking.rule if self.marking else None
        _need(
            rule == found,
            f"{who}: the kind {self.kind!r} is marked by {f'the rule {rule!r}' if rule else 'no rule'}; "
            f"got {f'the rule {found!r}' if found else 'none'}. Write marking=Marking(…) for kinds with a rule only.",
        )
        if self.marking and self.probe == "call":
            self.probe = PROBE_OF.get(self.kind, "call")
        if self.kind == "design":
            _need(
                0 < self.points_by_check <= BY_CHECK * self.points,
                f"{who}: of {self.points} points the check gives {self.points_by_check}; at most {BY_CHECK:.0%} come "
                "from a machine, the rest from a person by rubric=[Criterion(…), …].",
            )

    @property
    def points_by_check(self) -> int:
        """The points that the check gives; the others come from a person, by the rubric."""
        return self.points - sum(criterion.points for criterion in self.rubric)

    @property
    def lesson(self) -> str:
        """The lesson that the task belongs to: "1.1"."""
        return self.name.split(" ", 1)[0]


def _check_tone(what, text):
    found = UNKIND.search(text)
    _need(not found, f"{what} {text!r} holds {found and found.group()!r}; that word does not help who is stuck.")


def _need(condition, sentence):
    if not condition:
        raise ValueError(sentence)
