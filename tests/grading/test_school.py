"""A class with known marks is graded while the grader is killed: every mark true, no row lost or doubled."""

import sys

import pytest

from tests.grading.corpus import school

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its grader needs Linux's walls")


@pytest.mark.parametrize(
    ("learners", "kills", "slow"), [(200, 2, 0), pytest.param(10_000, 2, 2500, marks=pytest.mark.long)]
)
def test_every_mark_is_true_though_the_grader_was_killed(tmp_path, learners, kills, slow):
    truth = school.write(tmp_path / "submissions", learners, slow=slow)
    found = school.grade(tmp_path / "submissions", truth, kills, jobs=2, timeout=30)
    assert (found.code, found.lost, found.differ, found.doubled) == (0, [], [], 0)
    assert len(set(truth.values())) > 4
