"""Judges for the tests of grading, each started once for a file of tests."""

import pytest

from classroom.grading.judge import Judge
from tests.grading import course

MODES = ("full", "landlock")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return course.make(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module", params=MODES)
def judge(request, root):
    with Judge(root, None, seed=7, timeout=6, isolation=request.param) as made:
        yield made
        assert all(home.left == 0 for home in made.nurseries.values())


@pytest.fixture(scope="module")
def quick(root):
    """A judge behind the walls that hold everywhere, for what does not hang on them."""
    with Judge(root, None, seed=7, timeout=6, isolation="landlock") as made:
        yield made
