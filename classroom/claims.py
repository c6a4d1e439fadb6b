"""Published claims, and what became of them.

A lesson settles a claim with its own numbers: `settle("3.2 C06", condition, gain=…)` shows the claim as published, what
was found, and the verdict that stands in the lesson's `.claims.yaml`, provided that the condition, computed from the
lesson's numbers, bears it out. The build keeps each verdict beside the notebook; `settled` joins those of all lessons.
"""

import csv
import functools
import json
from pathlib import Path

import yaml
from IPython.display import display

from classroom.paths import ROOT, lesson_of, lesson_stem
from classroom.quiz.markup import to_html, to_plain

VERDICT = "verdict"  # where a cell's output keeps what the build collects
ENDING = ".verdicts.json"
OPEN = "cannot be told"


def settle(name: str, borne_out: bool = True, **figures: float) -> None:
    """Show what became of the claim `name`, the lesson's number and the claim's: "3.2 C06".

    borne_out: whether the lesson's numbers bear out the verdict as it is written, computed from them; leave it out for
    a definition, a theorem or an argument. figures: the numbers that the sentence `because` speaks of, by their names.
    If the numbers do not bear the verdict out, that is said and nothing is claimed.
    """
    lesson, claim = lesson_of(name), name.partition(" ")[2]
    entry, row = _entry(lesson, claim), published(ROOT)[claim]
    figures = {key: _plain(name, key, value) for key, value in figures.items()}
    found = {
        "claim": claim,
        "kind": row["kind"],
        "verdict": entry["verdict"] if borne_out else OPEN,
        "borne_out": bool(borne_out),
        "conditions": entry.get("conditions", ""),
        "figures": {key: float(f"{v:.3g}") if isinstance(v, float) else v for key, v in figures.items()},
        "seeds": entry["seeds"],
        "lesson": lesson,
    }
    because = (
        _because(name, entry, figures) if borne_out else f"These numbers do not show that it “{entry['verdict']}”."
    )
    shown = {"text/plain": _as_text(found, because), "text/html": _as_html(found, because, row["claim"])}
    display(shown, raw=True, metadata={VERDICT: found})


def settled(root: Path = ROOT) -> list[dict]:
    """Every verdict of every lesson, in their order: the claim, its verdict, the figures, the lesson."""
    return [v for path in sorted((root / "notebooks").rglob("*" + ENDING)) for v in json.loads(path.read_text("utf-8"))]


@functools.cache
def published(root: Path) -> dict[str, dict]:
    """The claims as they were published: the rows of `lessons/claims.csv` by their id."""
    with open(root / "lessons" / "claims.csv", encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def _entry(lesson, claim):
    stem = lesson_stem(lesson)
    path = stem.with_name(stem.name + ".claims.yaml")
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    known = {entry["id"]: entry for entry in entries}
    if claim not in known:
        raise LookupError(f"{path.name} has no verdict on {claim!r}; it has {', '.join(known) or 'none'}.")
    return known[claim]


def _plain(name, key, value):
    """`value` as a number that JSON knows."""
    plain = value.item() if getattr(value, "size", 0) == 1 else value  # numpy's numbers
    if isinstance(plain, bool | int | float):
        return plain
    raise TypeError(f"{name}: the figure {key!r} must be one number, got {type(value).__name__}.")


def _because(name, entry, figures):
    try:
        return entry["because"].strip().format(**figures)
    except KeyError as missing:
        raise LookupError(f"{name}: its sentence names the figure {missing}, which settle() was not given.") from None


def _as_text(found, because):
    return f"Claim {found['claim']}: {found['verdict']}. {to_plain(because)}"


def _as_html(found, because, claim):
    runs = f"{found['seeds']} runs" if found["seeds"] else ""
    where = "; ".join(part for part in (found["conditions"], runs) if part)
    verdict = found["verdict"][0].upper() + found["verdict"][1:]
    lines = [
        f"<b>Claim {found['claim']}, as published:</b> “{to_html(claim, math='latex')}”",
        to_html(because, math="latex") + (f" <i>({to_html(where, math='latex')})</i>" if where else ""),
        f"<b>{to_html(verdict, math='latex')}.</b>",
    ]
    edge = "border-left: 4px solid #CC79A7; padding: 0.3em 1em; margin: 0.6em 0"
    return f'<blockquote style="{edge}">' + "<br>".join(lines) + "</blockquote>"
