"""The controls under a figure: what a lesson declares, what the browser shows, what `update` receives.

    (0.01, 1.0)               a slider of floats       live.log(1e-3, 1, 0.1)     a logarithmic one
    (2, 64)  (2, 64, 8)       of integers, with start  ["sigmoid", "tanh"]        a choice (or a dict: label to value)
    (0, 1, 0.5, 0.25)         with start and step      True                       on or off
    live.point(ax, (1, 2))    a point to drag          live.tune((0.01, 1.0))     heard while a run goes on
    live.drawing(8, 8)        a drawing pad            live.slider(0, 90, unit="°", label="angle", start=30, step=5)

Every control speaks to the browser in a plain value, its *raw* one: the place of a slider among its steps, the number
of a choice. A new kind needs a class like those here (plane.py holds those of two dimensions) and a builder of its name
in controls.js.
"""

import dataclasses
import math
import numbers
from collections.abc import Mapping

import numpy as np

STEPS = 100  # a slider of floats has about this many steps
TO_A_DECADE = 24  # and a logarithmic one this many to each factor of ten
MOST_STEPS = 10_000
MOST_SLIDERS = 3  # nobody follows more of them at once


class Control:
    """What every control has. `start` is its value at first, `label` its name for readers (None: the parameter's)."""

    kind: str  # of the builder in controls.js

    def front(self) -> dict:
        """What the browser needs to build it, beside its name."""
        raise NotImplementedError

    def value(self, raw):
        """What `update` receives, from what the browser sent."""
        raise NotImplementedError

    def raw(self, value):
        """What the browser receives for a value."""
        raise NotImplementedError

    def text(self, value) -> str:
        """The value as a reader sees and hears it."""
        raise NotImplementedError

    def accept(self, name: str, value):
        """The value as `update` gets it, from what Python gave; ValueError if it is none."""
        raise NotImplementedError

    def show(self, value) -> None:
        """Move the control's own mark in the figure, if it has one."""


@dataclasses.dataclass
class Slider(Control):
    """A number from a list of rising values, moved step by step. `decimals` is None where each value has its own."""

    values: list
    decimals: int | None
    start: float | None = None
    label: str | None = None
    unit: str = ""
    kind = "slider"

    def __post_init__(self):
        start = self.values[len(self.values) // 2] if self.start is None else self.accept("start", self.start)
        nearest = self.values[self.raw(start)]
        self.start = nearest if math.isclose(nearest, start) else start

    def front(self) -> dict:
        return {"texts": [self.text(value) for value in self.values]}

    def text(self, value) -> str:
        space = " " if self.unit and self.unit[0].isalpha() else ""
        return number_text(value, self.decimals) + space + self.unit

    def value(self, raw):
        return self.values[min(max(int(raw), 0), len(self.values) - 1)]

    def raw(self, value) -> int:
        return int(np.argmin([abs(value - v) for v in self.values]))

    def accept(self, name: str, value):
        """The value as `update` gets it. A number between two steps stays: Python may be finer than the slider."""
        low, high = self.values[0], self.values[-1]
        if not is_number(value) or not low <= value <= high:
            raise ValueError(f"{name} is {value!r}; it must be a number from {low} to {high}.")
        if not isinstance(low, int):
            return float(value)
        if value != round(value):
            raise ValueError(f"{name} is {value!r}; it must be an integer.")
        return round(value)


@dataclasses.dataclass
class Choice(Control):
    """One of several values, each with its label."""

    options: dict
    start: object = None
    label: str | None = None
    kind = "choice"

    def front(self) -> dict:
        return {"texts": list(self.options)}

    def value(self, raw):
        return list(self.options.values())[int(raw)]

    def raw(self, value) -> int:
        return next(i for i, option in enumerate(self.options.values()) if option is value or option == value)

    def text(self, value) -> str:
        return list(self.options)[self.raw(value)]

    def accept(self, name: str, value):
        if isinstance(value, str) and value in self.options:
            return self.options[value]
        if any(option is value for option in self.options.values()):
            return value
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(map(repr, self.options))}.")


@dataclasses.dataclass
class Switch(Control):
    """On or off."""

    start: bool
    label: str | None = None
    kind = "switch"

    def front(self) -> dict:
        return {"texts": ["off", "on"]}

    def value(self, raw) -> bool:
        return bool(raw)

    def raw(self, value) -> int:
        return int(value)

    def text(self, value) -> str:
        return "on" if value else "off"

    def accept(self, name: str, value):
        if not isinstance(value, (bool, np.bool_)):
            raise ValueError(f"{name} is {value!r}; it must be True or False.")
        return bool(value)


@dataclasses.dataclass
class Tuned:
    """A control whose value is sent into a running generator, instead of starting it anew."""

    declared: object


def slider(low, high, start=None, step=None, label=None, unit="") -> Slider:
    """A slider from `low` to `high`; of integers if both are. The start is the middle, the step about a hundredth."""
    _check_numbers("slider", low, high, start, step)
    whole = all(isinstance(n, numbers.Integral) for n in (low, high, start, step) if n is not None)
    step = step or (1 if whole else round_step((high - low) / STEPS))
    if step < 0 or (high - low) / step > MOST_STEPS:
        raise ValueError(
            f"A slider from {low} to {high} by {step}: give a step that leaves at most {MOST_STEPS} places."
        )
    count = math.floor((high - low) / step + 1e-9) + 1
    if whole:
        values = [int(low + i * step) for i in range(count)]
        return Slider(values + [int(high)] * (values[-1] < high), 0, start, label, unit)
    values = [float(f"{low + i * step:.12g}") for i in range(count)]
    values += [float(high)] * (values[-1] < high)
    decimals = next((d for d in range(6) if all(math.isclose(round(v, d), v, abs_tol=1e-9) for v in values)), 6)
    return Slider(values, decimals, start, label, unit)


def log(low, high, start=None, label=None, unit="") -> Slider:
    """A slider whose every step multiplies: for learning rates, widths, batch sizes. Integers if both ends are."""
    _check_numbers("logarithmic slider", low, high, start, None)
    if low <= 0:
        raise ValueError(f"A logarithmic slider starts at {low}; it must start above 0.")
    places = np.geomspace(low, high, max(3, round(math.log10(high / low) * TO_A_DECADE) + 1)).tolist()
    if all(isinstance(n, numbers.Integral) for n in (low, high)):
        return Slider(sorted({round(place) for place in places}), 0, start, label, unit)
    middle = sorted({float(f"{place:.3g}") for place in places[1:-1]})
    return Slider([float(low), *(v for v in middle if low < v < high), float(high)], None, start, label, unit)


def choice(options, start=None, label=None) -> Choice:
    """One of `options`: a list of texts, or a dict from label to value. `start` is a label; left out, the first."""
    options = dict(options) if isinstance(options, Mapping) else {str(option): option for option in options}
    if len(options) < 2:
        raise ValueError(f"A choice among {list(options)}: give at least two options that differ.")
    made = Choice(options, None, label)
    made.start = made.accept("start", next(iter(options)) if start is None else start)
    return made


def switch(start=False, label=None) -> Switch:
    return Switch(bool(start), label)


def tune(declared) -> Tuned:
    """Declare a control that a running generator hears: `values = yield sentence` gives it the newest values."""
    return Tuned(declared)


def control(name: str, declared) -> Control:
    """Turn what a lesson wrote for a control into the control."""
    if isinstance(declared, Tuned):
        return control(name, declared.declared)
    if isinstance(declared, Control):
        return declared
    if isinstance(declared, bool):
        return switch(declared)
    if isinstance(declared, tuple) and 2 <= len(declared) <= 4:
        return slider(*declared)
    if isinstance(declared, (list, Mapping)):
        return choice(declared)
    raise TypeError(
        f"The control {name} is {declared!r}; write (low, high), (low, high, start), a list of choices, True or False, "
        "or live.slider, live.log, live.choice, live.switch, live.point, live.drawing, live.tune."
    )


def all_controls(declared: dict) -> dict[str, Control]:
    """All controls of an explorer, by the names of `update`'s parameters."""
    made = {name: control(name, each) for name, each in declared.items()}
    sliders = [name for name, each in made.items() if isinstance(each, Slider)]
    if len(sliders) > MOST_SLIDERS:
        raise ValueError(
            f"There are {len(sliders)} sliders ({', '.join(sliders)}); nobody follows more than {MOST_SLIDERS} at "
            "once: fix the values of the others in update, or make two explorers."
        )
    return made


def number_text(value, decimals: int | None = None) -> str:
    """A number as a reader likes it: given decimals or three digits, a true minus, a power of ten instead of 1e-05."""
    if decimals is not None:
        text = f"{value:z.{decimals}f}"  # z: no minus before a zero
    else:
        text = f"{value:.3g}"
        if "e" in text:
            digits, power = text.split("e")
            text = ("" if digits == "1" else f"{digits} × ") + "10" + str(int(power)).translate(_RAISED)
    return text.replace("-", "−")


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _check_numbers(what, low, high, start, step):
    if not all(is_number(n) for n in (low, high, start, step) if n is not None) or not low < high:
        raise ValueError(f"A {what} from {low!r} to {high!r}: give numbers, the smaller end first.")


def is_number(n) -> bool:
    return isinstance(n, numbers.Real) and not isinstance(n, (bool, np.bool_)) and math.isfinite(n)


def round_step(step: float) -> float:
    """The nearest of 1, 2 and 5 times a power of ten, by ratio."""
    power = 10.0 ** math.floor(math.log10(step))
    return min((factor * power for factor in (1, 2, 5, 10)), key=lambda near: abs(math.log(near / step)))
