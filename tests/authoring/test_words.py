"""A term before its lesson is listed with its sentence; not in code, in a formula, or in a box on trust."""

import pytest

from classroom.authoring import words

SECOND = """---
title: Take a logarithm
lesson: "1.2"
level: remember
summary: the second lesson
objectives: []
terms: {logarithm: the exponent, minus one: a number}
---
# Take a logarithm
"""


@pytest.mark.parametrize(
    "text, listed",
    [
        ("Later come logarithms. They help.", ["logarithm"]),
        ("Logarithm\nof a sum", ["logarithm"]),
        ("A sum less minus one is smaller.", ["minus one"]),
        ("On trust until 1.2: a logarithm is an exponent.", []),
        ("Code says `logarithm`, and $logarithm$ is a formula.", []),
        ("A pseudologarithm and a logarithm-like thing are other words.", []),
    ],
)
def test_terms_before_their_lesson(course, text, listed):
    folder = course / "lessons" / "1_remember"
    (folder / "1_2_logarithm.md").write_text(SECOND)
    first = folder / "1_1_add.md"
    first.write_text(first.read_text().replace("A box with $x$.", text))
    found = words.early(course)
    assert [each.term for each in found] == listed
    for each in found:
        assert (each.lesson, each.defined_in) == ("1.1", "1.2") and each.term in each.sentence.lower()
