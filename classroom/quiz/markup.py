r"""Markdown-light: the few marks that questions and feedback use, made into HTML.

`**bold**`, `` `code` ``, `$latex$`, a new line, and `\$` for a dollar. Everything else is escaped, so that a question
may speak of `<b>` or `a < b`. Widgets cannot count on MathJax; for them a formula becomes MathML (by latex2mathml),
which browsers draw themselves. Stored HTML keeps `$latex$`: JupyterLab and GitHub typeset it, and may drop MathML.
"""

import html
import re

from latex2mathml.converter import convert

MARK = re.compile(r"`(?P<code>[^`]+)`|(?<!\\)\$(?P<math>[^$]+)\$|\*\*(?P<bold>.+?)\*\*|\\\$(?P<dollar>)", re.DOTALL)
UNSAFE_WORDS = re.compile(r"\\(text|mbox|mathrm|operatorname)\w*\s*\{[^}]*[<>&]")


def to_html(text: str, math: str = "mathml") -> str:
    """HTML of a marked text; `math` is "mathml" for widgets, "latex" for HTML that MathJax will see.

    Raises ValueError with a sentence when a mark is left open or a formula cannot be read.
    """
    parts, end = [], 0
    for found in MARK.finditer(text):
        parts.append(_unmarked(text[end : found.start()], text))
        parts.append(_marked(found, math))
        end = found.end()
    parts.append(_unmarked(text[end:], text))
    return "".join(parts).strip()


def to_plain(text: str) -> str:
    """The text without bold and code marks, for a terminal; formulas stay as LaTeX."""
    return MARK.sub(lambda m: m["code"] or m["bold"] or ("$" if m["dollar"] is not None else m[0]), text).strip()


def _marked(found: re.Match, math: str) -> str:
    if found["code"]:
        return f"<code>{html.escape(found['code'])}</code>"
    if found["bold"]:
        return f"<strong>{to_html(found['bold'], math)}</strong>"
    if found["math"]:
        return _formula(found["math"]) if math == "mathml" else f"${html.escape(found['math'], quote=False)}$"
    return "$" if math == "mathml" else r"\$"


def _formula(latex: str) -> str:
    if UNSAFE_WORDS.search(latex):  # latex2mathml copies words into the HTML as they stand
        raise ValueError(f"the words in ${latex}$ hold one of < > &; put these signs outside \\text{{}}")
    try:
        return convert(latex)
    except Exception as error:  # latex2mathml has many kinds; the author needs the formula, not the kind
        raise ValueError(f"the formula ${latex}$ cannot be read ({error}); mend the LaTeX") from error


def _unmarked(piece: str, text: str) -> str:
    for mark in ("$", "`", "**"):
        if mark in piece:
            raise ValueError(f"a {mark} in {text!r} has no partner; close it, or write \\$ for a dollar")
    return html.escape(piece, quote=False).replace("\n", "<br>")
