"""What a learner sees: a calm box in the notebook, the same words as plain text, never colour alone.

The order is always: what passed, the smallest case that does not, the difference, what leads to it, what to do next.
"""

import html
from dataclasses import dataclass, field

import numpy as np

# Okabe & Ito's colours for the left edge; the icon and the headline say the same.
LOOKS = {
    "passed": ("✓", "#009E73"),
    "not yet": ("→", "#E69F00"),
    "not attempted yet": ("○", "#999999"),
    "hint": ("?", "#56B4E9"),
    "trouble": ("!", "#CC79A7"),
}
PRINTED_LINES = 10


@dataclass
class Feedback:
    """The answer of one check or hint.

    `state` is one of LOOKS; `case` the shown case as pairs of a label and a text; `prose` the sentences; `named` the
    numbers of the misconceptions that explain the outputs; `points` what the answer is worth.
    """

    name: str
    state: str
    headline: str
    case: list[tuple[str, str]] = field(default_factory=list)
    printed: str = ""
    prose: list[str] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    points: float = 0

    @property
    def passed(self) -> bool:
        return self.state == "passed"

    @property
    def words(self) -> int:
        """The number of words that are not arguments or results."""
        return len(" ".join([self.headline, *self.prose]).split())

    def __str__(self) -> str:
        lines = [f"{LOOKS[self.state][0]} {self.headline}"]
        if self.case:
            lines.append("")
            width = max(len(label) for label, _ in self.case)
            for label, text in self.case:
                lines.append(f"    {label:<{width}}  " + text.replace("\n", "\n" + " " * (width + 6)))
            lines.append("")
        if self.printed:
            lines += ["Printed by your code in this case:", *(f"    {line}" for line in _first_lines(self.printed)), ""]
        return "\n".join(lines + self.prose)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The box; it takes its text colours from JupyterLab's theme, so that it reads in light and dark."""
        icon, colour = LOOKS[self.state]
        parts = [
            f'<p style="margin:0"><strong><span aria-hidden="true">{icon}</span> {_markup(self.headline)}</strong></p>'
        ]
        if self.case:
            label_style = "text-align:left;vertical-align:top;font-size:inherit;white-space:nowrap"
            rows = "".join(
                f'<tr style="background:none"><th scope="row" style="{label_style}">{_escaped(label)}</th>'
                f'<td style="text-align:left"><pre style="margin:0;background:none">{_escaped(text)}</pre></td></tr>'
                for label, text in self.case
            )
            parts.append(f'<table style="margin:0.6em 0;color:inherit;font-size:inherit">{rows}</table>')
        if self.printed:
            lines = _escaped("\n".join(_first_lines(self.printed)))
            parts.append(
                '<p style="margin:0.4em 0 0">Printed by your code in this case:</p>'
                f'<pre style="margin:0 0 0.6em;background:none">{lines}</pre>'
            )
        parts += [f'<p style="margin:0.3em 0 0">{_markup(sentence)}</p>' for sentence in self.prose]
        style = (
            f"border-left:5px solid {colour};background:rgba(128,128,128,0.08);color:inherit;"
            "padding:0.6em 1em;max-width:46em"
        )
        return f'<div style="{style}">{"".join(parts)}</div>'


def shown(value, digits: int = 4) -> str:
    """A value as a learner reads it: small arrays in full, large ones by their shape and range."""
    if isinstance(value, np.ndarray):
        if value.size > 40:
            span = f" from {value.min():.{digits}g} to {value.max():.{digits}g}" if value.dtype.kind in "iuf" else ""
            return f"array of shape {value.shape}, {value.dtype},{span}".rstrip(",")
        if value.ndim == 0:
            return shown(value.item(), digits)
        value = value + 0.0 if value.dtype.kind == "f" else value  # no −0
        text = np.array2string(value, precision=digits, suppress_small=_plain_size(value), max_line_width=72)
        return text if value.size else f"empty array of shape {value.shape}"
    if isinstance(value, float):
        text = f"{value + 0.0:.{max(digits, 6)}g}"
        return f"{text}.0" if text.lstrip("-").isdigit() else text
    if isinstance(value, (list, tuple)) and any(isinstance(v, (np.ndarray, list, tuple)) for v in value):
        return "\n".join(f"{i}: {shown(v, digits)}" for i, v in enumerate(value))
    return repr(value)


def _plain_size(value):
    """Do the numbers read well without exponents? (Small gradients do not: they would all read 0.)"""
    size = np.abs(value[np.isfinite(value)]) if value.dtype.kind == "f" else np.zeros(0)
    return bool(size.size and size.max() > 0.01)


def _first_lines(printed):
    lines = printed.rstrip("\n").split("\n")
    return lines[:PRINTED_LINES] + ["…"] * (len(lines) > PRINTED_LINES)


def _escaped(text):
    return html.escape(text)


def _markup(sentence):
    """`code` between backticks becomes <code>; everything else is text."""
    parts = _escaped(sentence).split("`")
    if len(parts) % 2 == 0:
        return _escaped(sentence)
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
