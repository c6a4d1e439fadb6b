"""What a question is: its options or bands, which answer is right, and what helps whoever gave another one."""

from dataclasses import dataclass


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
    about: str = ""
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

    @property
    def misconceptions(self) -> set[str]:
        """Every misconception that an option or a band stands for."""
        return {part.misconception for part in (*self.options, *self.bands)} - {""}

    def misconception(self, given: str | float) -> str:
        """The misconception behind this option's text, or this number; "" if none is known."""
        if self.kind == "number":
            return next((band.misconception for band in self.bands if given in band), "")
        return next((o.misconception for o in self.options if o.text == given), "")

    def feedback(self, given: str | float) -> str:
        """What helps a learner who gave this option's text, or this number."""
        if self.kind == "number":
            return next((band.text for band in self.bands if given in band), self.otherwise)
        return next((o.feedback for o in self.options if o.text == given), "")


@dataclass(frozen=True)
class Row:
    """A line of a question that gives each of its lines a label; the feedback is for whoever gave it another one."""

    text: str
    label: str
    feedback: str
    misconception: str = ""
    source: str = ""


@dataclass(frozen=True)
class Rows(Question):
    """Several choices, steps to order, pairs to match: each row gets one label. A given answer lists them by row."""

    rows: tuple[Row, ...] = ()  # in the order in which they are shown
    labels: tuple[str, ...] = ()
    praise: str = ""  # the feedback for all right

    @property
    def right(self) -> list[str]:
        return [row.label for row in self.rows]

    def is_right(self, given) -> bool:
        return list(given) == self.right

    @property
    def misconceptions(self) -> set[str]:
        return {row.misconception for row in self.rows}

    def misconception(self, given) -> str:
        off = self._first_off(given)
        return off.misconception if off else ""

    def feedback(self, given) -> str:
        """What helps with the first row that does not fit, as the learner reads them."""
        off = self._first_off(given)
        return off.feedback if off else self.praise

    def places(self, given) -> list[int]:
        """For each row the number of its label."""
        return [self.labels.index(label) for label in given]

    def in_order(self, given) -> list[str]:
        """The steps of an order as `given` places them."""
        return [self.rows[i].text for i in sorted(range(len(self.rows)), key=self.places(given).__getitem__)]

    def fitting(self, given) -> int:
        """How many rows fit."""
        return sum(a == b for a, b in zip(given, self.right, strict=True))

    def _first_off(self, given):
        """In an order, the first step that stands in the wrong place; else the first row."""
        off = [(row, label) for row, label in zip(self.rows, given, strict=True) if row.label != label]
        if self.kind == "order":
            off.sort(key=lambda pair: self.labels.index(pair[0].label))
        return off[0][0] if off else None
