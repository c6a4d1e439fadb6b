"""Two kernels that write all kinds of events and are killed at random moments; a program of its own for test_killed.

Arguments: the folder of the lessons, the number of rounds, a seed. A parent imports once and forks: so many kernels
die in a second. Each kernel says by a pipe what `record` has acknowledged; the parent prints it all as JSON.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from classroom import paths, progress
from classroom.quiz.quiz import question_widget
from classroom.tasks import check

KINDS = ("answer", "prediction", "goal", "attempt", "hint")


def kernel(number, pipe):
    """Write without an end; after each acknowledgement send the event's number."""
    count = number
    while True:
        count += 1
        kind = KINDS[count % len(KINDS)]
        if kind == "answer":
            question_widget("9.9 weighted sum").answer(text=str(count))
        elif kind == "attempt":
            check._record(kind, "9.9 task", given=count, source="w @ x + b\n" * (count % 3000))
        else:
            assert progress.record(kind, "9.9 x", given=count, values=list(range(count % 50)))
        os.write(pipe, b"%d\n" % count)


def main(lessons, rounds, seed):
    paths.LESSONS, rng = Path(lessons), random.Random(seed)
    question_widget("9.9 weighted sum")  # all that is loaded on first use is loaded now
    acknowledged = []
    for turn in range(rounds):
        readers, children = [], []
        for which in (0, 1):
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(read)
                kernel((2 * turn + which + 1) * 1_000_000, write)
            os.close(write)
            readers.append(read)
            children.append(child)
        for child in children:
            time.sleep(rng.expovariate(40))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        for read in readers:
            with os.fdopen(read) as file:
                acknowledged += [int(line) for line in file.read().split("\n") if line]
    print(json.dumps(acknowledged))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
