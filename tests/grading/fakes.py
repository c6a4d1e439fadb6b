"""A judge for tests that runs nothing: what a file's first cell says, it does."""

import os
import signal
import time
from datetime import UTC, datetime

from classroom.grading.model import Marked, TaskMark


class FakeJudge:
    course = "course"

    def __init__(self, root, *, seed, timeout, memory):
        self.seed = seed

    def mark(self, submission):
        order = submission.cells[0].source if submission.cells else ""
        if order == "# kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "# raise":
            raise RuntimeError("a fault of the judge")
        if order.startswith("# kill once "):
            flag = order.removeprefix("# kill once ")
            if not os.path.exists(flag):
                open(flag, "w").close()
                os._exit(3)
        if order.startswith("# wait"):
            time.sleep(float(order.split()[2]))
        print("a stray print must not disturb the line")
        marks = [TaskMark("1.1 neuron", 5.0, 5, "passed")]
        now = datetime.now(UTC)
        who, lesson, digest = submission.learner, submission.lesson, submission.digest
        return Marked(who, lesson, digest, marks, submission.notes, "fake", self.seed, 0.0, now, self.course)

    def close(self):
        pass


class RefusingJudge(FakeJudge):
    def __init__(self, *_, **__):
        raise ValueError("This machine has no way to hold a learner's code.")
