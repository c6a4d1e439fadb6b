"""Markdown-light: the marks work, everything else is escaped, an open mark is refused."""

import xml.etree.ElementTree as ElementTree

import pytest

from classroom.quiz.markup import to_html, to_plain


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **bold** word", "a <strong>bold</strong> word"),
        ("`x < 1` & <b>", "<code>x &lt; 1</code> &amp; &lt;b&gt;"),
        ("two\nlines", "two<br>lines"),
        (r"it costs \$5", "it costs $5"),
        ("`**` is a power, 2 * 3 = 6", "<code>**</code> is a power, 2 * 3 = 6"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_marks_become_html_and_the_rest_is_escaped(text, html):
    assert to_html(text) == html


def test_a_formula_becomes_mathml_in_widgets_and_stays_latex_in_stored_text():
    text = r"**is $w_1 < \frac{1}{2}$**"
    math = ElementTree.fromstring(to_html(text))[0]
    assert math.tag.endswith("math") and math.find(".//{*}mfrac") is not None
    assert to_html(text, math="latex") == r"<strong>is $w_1 &lt; \frac{1}{2}$</strong>"


@pytest.mark.parametrize("text", ["$x", "a `b", "**c", r"$\text{<b>}$"])
def test_what_cannot_be_read_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"has no partner|outside \\text"):
        to_html(text)


def test_plain_text_drops_the_marks_and_keeps_formulas():
    assert to_plain(r"**bold** `code` $x^2$ \$5") == "bold code $x^2$ $5"
