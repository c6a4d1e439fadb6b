"""A learner's file as bytes becomes a notebook as JSON or a script as text, whatever e-mail and editors did to it.

Each way of mending is tried in turn, the gentlest first, and leaves a sentence. No content of a file raises here.
"""

import ast
import codecs
import html
import json
import quopri
import re

MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
OTHER_FILES = (
    (re.compile(rb"%PDF"), "This is a PDF"),
    (re.compile(rb"(Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ)"), "This is an archive of a kind that is not read here"),
    (re.compile(rb"(\x89PNG|\xff\xd8\xff|GIF8)"), "This is a picture"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "This is an Office document"),
    (re.compile(rb"\s*(<!DOCTYPE html|<html)", re.IGNORECASE), "This is an HTML page"),
)
CELLS = re.compile(r'"cells"\s*:\s*\[')
PERCENT = re.compile(r"^[ \t]*#[ \t]*%%(.*)$|^# In\[[ \d]*\]:[ \t]*$", re.MULTILINE)
FENCE = re.compile(r"(```+|~~~+)[ \t]*\{?(?:code-cell|python|ipython3?)\b")
CELL_BEGINS = re.compile(r'\{\s*"(?:cell_type|attachments|execution_count|id|metadata)"')
MOST_SCRIPT = 2_000_000  # characters
MOST_BREAKS = 50  # places at which a damaged notebook is taken up again


def text_of(data: bytes, notes: list[str]) -> str:
    """The text in `data`: by its byte-order mark, its zero bytes, else UTF-8 with stray bytes as Windows has them."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            if encoding != "utf-8":
                notes.append(
                    f"The file is in {encoding[:6].upper()}, as some Windows editors save it; it was read all the same."
                )
            return data[len(mark) :].decode(encoding, "replace")
    begin = data[:200]
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(begin) > 8 and begin[at::2].count(0) > 0.8 * len(begin[at::2]):
            notes.append("The file is in UTF-16, as some Windows editors save it; it was read all the same.")
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        notes.append("Some bytes are not UTF-8; they were read as Windows' western letters.")
        return data.decode("utf-8", "classroom-windows")


def _as_windows(problem):
    bad = problem.object[problem.start : problem.end]
    return bad.decode("cp1252", "replace"), problem.end


codecs.register_error("classroom-windows", _as_windows)


# --- a notebook ---------------------------------------------------------------------------------------------------


def cells_of(text: str, notes: list[str]) -> tuple[list, dict] | None:
    """The cells and the metadata of the notebook in `text`; None if there is no sign of a notebook."""
    for mend, said in MENDS:
        found = _document(mend(text))
        if found is not None:
            if said:
                notes.append(said)
            return _cells_in(found, notes)
    for mend, _ in MENDS:
        if CELLS.search(mended := mend(text)):
            return _whole_cells(mended, notes), {}
    return None


def _document(text):
    """The JSON object in `text`, alone or between other words."""
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        begin = text.find("{")
        if begin < 0 or '"cells"' not in text[begin:]:
            return None
        try:
            found, _ = json.JSONDecoder(strict=False).raw_decode(text, begin)
        except (ValueError, RecursionError):
            return None
    if isinstance(found, str):  # JSON in a JSON string
        return _document(found) if CELLS.search(found) else None
    return found if isinstance(found, (dict, list)) else None


def _cells_in(document, notes):
    if isinstance(document, list):
        document = {"cells": document}
    inner = document.get("content")
    if isinstance(inner, dict) and "cells" not in document:  # as Jupyter's server wraps it
        document = inner
    version = document.get("nbformat", 4)
    sheets = document.get("worksheets")
    if isinstance(sheets, list):
        cells = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _listed(sheet.get("cells"))]
    else:
        cells = _listed(document.get("cells"))
    if version != 4:
        notes.append(f"The notebook is in format {str(version)[:20]}, not 4; its cells were read all the same.")
    if not cells and {"doc_id", "url"} & set(document):
        notes.append("This is a link to a document in the cloud, not the notebook: download the .ipynb file itself.")
    elif not cells:
        notes.append("The notebook has no cells.")
    metadata = document.get("metadata")
    return cells, metadata if isinstance(metadata, dict) else {}


def _listed(value):
    return [cell for cell in value if isinstance(cell, dict)] if isinstance(value, list) else []


def _whole_cells(text, notes):
    """Of a notebook that is cut off, or damaged in one place: the cells that are whole."""
    decoder, cells = json.JSONDecoder(strict=False), []
    at, breaks = CELLS.search(text).end(), 0
    while begin := re.compile(r"[\s,]*(?=\{)").match(text, at):
        try:
            cell, at = decoder.raw_decode(text, begin.end())
        except (ValueError, RecursionError):
            after, breaks = CELL_BEGINS.search(text, begin.end() + 1), breaks + 1
            if not after or breaks > MOST_BREAKS:
                break
            at = after.start()
            continue
        if isinstance(cell, dict) and ("source" in cell or "input" in cell):
            cells.append(cell)
    were = "cell was" if len(cells) == 1 else "cells were"
    notes.append(f"The file is cut off or damaged; {len(cells)} whole {were} read from it.")
    return cells


def _upper_side(text):
    """Of each conflict that git left in the text, the side above."""
    kept, side = [], ""
    for line in text.split("\n") if "<<<<<<<" in text else [text]:
        if line.startswith("<<<<<<<"):
            side = "upper"
        elif side and line.startswith("======="):
            side = "lower"
        elif side and line.startswith(">>>>>>>"):
            side = ""
        elif side != "lower":
            kept.append(line)
    return "\n".join(kept)


def _unquoted(text):
    return re.sub(r"^(?:> ?)+", "", text, flags=re.MULTILINE)


def _unprintable(text):
    return quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "classroom-windows")


MENDS = (
    (lambda text: text, ""),
    (_upper_side, "The file held a conflict of a merge; the upper side was taken."),
    (html.unescape, "The file came escaped, as from an e-mail; it was put back."),
    (_unprintable, "The file came in an e-mail's encoding (quoted-printable); it was put back."),
    (_unquoted, "The file came quoted, as in an answered e-mail; it was put back."),
    (lambda text: re.sub("[“”„]", '"', text), "A word processor had curled the file's quotes; they were put back."),
    (
        lambda text: html.unescape(_unquoted(_unprintable(text))),
        "The file came as an e-mail had left it; it was put back.",
    ),
)


# --- a script -----------------------------------------------------------------------------------------------------


def cells_of_script(text: str, notes: list[str]) -> list[dict]:
    """The cells of a notebook that was exported as a script or as Markdown: by its marks, else by its paragraphs."""
    text = text[:MOST_SCRIPT].replace("\r\n", "\n").replace("\r", "\n")
    if fenced := _fenced(text):
        notes.append("The notebook came as Markdown; its code was taken from between the fences.")
        return fenced
    if len(PERCENT.findall(text)):
        notes.append("The notebook came as a script; its cells were found by their marks.")
        return [_cell(body, kind) for kind, body in _at_marks(text)]
    if re.search(r"^(def|class|import|from|@)\s*\w|^\w+ *= *\S", text, re.MULTILINE):
        notes.append("The notebook came as a script; each of its paragraphs was taken as a cell.")
        return [_cell(part) for part in paragraphs(re.sub(r"^# [+-].*$", "", text, flags=re.MULTILINE))]
    return []


def _cell(source, kind="code"):
    return {"cell_type": kind, "source": source.strip("\n"), "metadata": {}}


def _fenced(text):
    """The code cells of Markdown; the options that MyST has at a cell's head are left out."""
    cells, fence = [], ""
    for line in text.split("\n"):
        if fence and line.strip() == fence:
            fence = ""
        elif fence:
            cells[-1].append(line)
        elif found := FENCE.match(line):
            fence = found[1]
            cells.append([])
    return [
        _cell(re.sub(r"\A(?::[^\n]*\n|---\n.*?\n---\n)+", "", "\n".join(lines), flags=re.DOTALL)) for lines in cells
    ]


def _at_marks(text):
    marks = list(PERCENT.finditer(text))
    bounds = [*(mark.start() for mark in marks), len(text)]
    yield "code", text[: bounds[0]]
    for mark, end in zip(marks, bounds[1:], strict=True):
        kind = "markdown" if re.search(r"\[(markdown|md|raw)\]", mark[1] or "") else "code"
        yield kind, text[mark.end() : end]


def paragraphs(text: str) -> list[str]:
    """A script's paragraphs: cut at empty lines, but never inside a statement. So one that fails stops no other."""
    lines, inside = text.split("\n"), set()
    try:
        for node in ast.parse(text).body:
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            inside |= set(range(first, node.end_lineno))  # line n + 1, from 0, goes on with the statement
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        inside = {n for n, line in enumerate(lines) if line[:1] in (" ", "\t", ")", "]", "}")}
    parts, gap = [[]], False
    for number, line in enumerate(lines):
        if gap and line.strip() and number not in inside:
            parts.append([])
        gap = not line.strip()
        parts[-1].append(line)
    return [part for part in ("\n".join(found).strip("\n") for found in parts) if part.strip()]
