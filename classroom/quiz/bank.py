"""The questions of a lesson, from its `.quiz.yaml`: read, checked by `faults`, and made into `Question`s.

The rest of the room calls `question("1.1 bias")`.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

import yaml

from classroom.paths import lesson_of, lesson_stem
from classroom.quiz import faults
from classroom.quiz.faults import COMMON
from classroom.quiz.question import Band, Option, Question, Row, Rows

TERM = " term: "  # in the id of a question about a term, between lesson and term
YES, NO = "yes", "no"  # the labels of a question with several right options


class QuizError(ValueError):
    """A question that cannot be used; the message holds one sentence for each fault."""


def question(name: str) -> Question:
    """The question with this id, e.g. "1.1 bias moves"; LookupError names the ids that its lesson has."""
    if TERM in name:
        from classroom.quiz import terms  # which asks with what stands here

        return terms.question(name)
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
    return faults.problems(entries, path)


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
    if entry["kind"] in faults.ROWS:
        return _rows(entry)
    feedback, number = entry.get("feedback", {}), entry.get("outcome" if entry["role"] == "predict" else "answer")
    return Question(
        **_common(entry),
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
        answer=float(number) if entry["kind"] == "number" else None,
        unit=entry.get("unit", ""),
        otherwise=feedback.get("otherwise", ""),
        outcome=entry.get("outcome"),
    )


def _common(entry: dict) -> dict:
    """The fields that every kind of question may have."""
    plain = {key: entry[key] for key in (*COMMON - {"predict"}, "grounds", "again", "about") if key in entry}
    why = _why(entry) if entry["role"] == "predict" else None
    return {"dont_know": "", **plain, "why": why, "spoilers": tuple(entry.get("spoilers", ()))}


def _rows(entry: dict) -> Rows:
    """Several choices, an order, or pairs, all as rows that each get one label."""
    written = entry[faults.ROWS[entry["kind"]]]
    if entry["kind"] == "several":
        named = [(row, YES if row.get("right") else NO) for row in written]
        labels = [YES, NO]
    elif entry["kind"] == "order":
        labels = [str(place) for place in range(1, len(written) + 1)]
        named = list(zip(written, labels, strict=True))
    else:
        named = [(row, row["to"]) for row in written]
        labels = sorted({label for _, label in named} | set(entry.get("others", [])), key=str.casefold)
    rows = [Row(r["text"], label, r["feedback"], r["misconception"], r["source"]) for r, label in named]
    shown = _shuffled(entry["id"], rows)
    if entry["kind"] == "order" and shown == tuple(rows):
        shown = shown[1:] + shown[:1]  # by chance the right order; that would give it away
    return Rows(**_common(entry), rows=shown, labels=tuple(labels), praise=entry["right"])


def _why(entry: dict) -> Question:
    why = {"dont_know": entry.get("dont_know", ""), **entry["why"]}
    return _question({"id": entry["id"] + " why", "kind": "choice", "role": "why", **why})


def _shuffled(name: str, options: list) -> tuple:
    """A stable shuffle: by a hash of id and text, the same on every machine, in every version of Python."""
    return tuple(sorted(options, key=lambda o: hashlib.sha256(f"{name}\n{o.text}".encode()).digest()))
