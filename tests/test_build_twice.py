"""The whole course, built twice from its text, has the same bytes. Long: it executes every notebook two times."""

import shutil

import pytest

from classroom.authoring import build
from classroom.paths import ROOT


def built(folder):
    """Every built file of a course whose text is ours, by its relative path."""
    shutil.copytree(ROOT / "lessons", folder / "lessons")
    failures = [result for file in build.plan(folder) if (result := build.build(file)).failure]
    assert not failures, failures
    files = [path for path in folder.rglob("*") if path.is_file() and "lessons" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.long
def test_two_builds_of_the_course_give_the_same_bytes(tmp_path):
    first, second = built(tmp_path / "first"), built(tmp_path / "second")
    assert len(first) >= 9 and first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
