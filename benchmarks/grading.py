"""How many submissions a minute: nbgrader's autograde and `classroom grade` on the same submissions, in one run.

    python benchmarks/grading.py                  # 100 submissions: about ten minutes, nearly all of them nbgrader's
    python benchmarks/grading.py --submissions 20 --json

Each way marks the same class, once with answers in numpy and once with answers that import torch. The time counts from
the moment when a program is ready to mark its first submission; how long each takes to be ready is said beside it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from classroom.grading import nbgrader as theirs  # noqa: E402
from classroom.grading import people, source_tree  # noqa: E402
from classroom.grading.crew import Crew  # noqa: E402
from classroom.grading.gradebook import Gradebook  # noqa: E402
from classroom.grading.worker import Job, Settings  # noqa: E402
from tests.grading.corpus import LESSON, school  # noqa: E402

NEURON_IN_TORCH = """import torch

def neuron(x, w, b):
    x, w = torch.as_tensor(x), torch.as_tensor(w)
    return torch.sigmoid({}x @ w + b).numpy()
"""
GOALS = "goals: ours_numpy_1 at least 50 times nbgrader_numpy; two workers 80 % more than one"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--json", action="store_true", help="an object a line in place of the table")
    asked = parser.parse_args()
    os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")})
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        os.environ["CLASSROOM_DATA"] = name
        for flavour in ("numpy", "torch"):
            folder = Path(name) / flavour / "submitted"
            truth = write_class(folder, asked.submissions, flavour)
            tell(asked.json, f"nbgrader_{flavour}", truth, *by_nbgrader(folder))
            for jobs in (1, 2):
                tell(asked.json, f"ours_{flavour}_{jobs}", truth, *by_ours(folder, jobs))
    print(GOALS, file=sys.stderr)


def write_class(folder, number, flavour):
    """Honest submissions, right and wrong, where nbgrader looks for them; the true points by learner."""
    truth = school.write(folder, number, hostile=0)
    for learner in truth:
        old, new = folder / learner / f"{LESSON}.ipynb", folder / learner / LESSON / f"{LESSON}.ipynb"
        new.parent.mkdir()
        old.rename(new)
        if flavour == "torch":
            truth[learner] += in_torch(new)
    return truth


def in_torch(path):
    """Write task 5 in torch: right where it was right, wrong elsewhere. Returns the change of the points."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "1_1_neuron":
            right = "".join(cell["source"]) in school.RIGHT["1_1_neuron"]
            cell["source"] = NEURON_IN_TORCH.format("" if right else "-").splitlines(keepends=True)
    path.write_text(json.dumps(nb), encoding="utf-8")
    return 0


def by_nbgrader(submitted):
    """Seconds to be ready, seconds for all, and the points by learner."""
    course = submitted.parent
    source_tree.write(ROOT, "1.1", course)
    run_nbgrader(course, "generate_assignment", LESSON)
    ready = run_nbgrader(course, "--version")
    seconds = run_nbgrader(course, "autograde", LESSON)
    with theirs.opened(f"sqlite:///{(course / 'gradebook.db').resolve()}") as book:
        points = {found.student.id: found.score for found in book.assignment_submissions(LESSON)}
    return ready, max(seconds - ready, 1e-9), points


def run_nbgrader(course, *words):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=course,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    if done.returncode and words[0] != "autograde":  # it ends with an error if one submission has one
        raise SystemExit(f"nbgrader {' '.join(words)} failed:\n{done.stderr[-2000:]}")
    return time.monotonic() - begun


def by_ours(submitted, jobs):
    files = [Job(found.path, found.learner) for found in people.find(submitted)]
    with tempfile.TemporaryDirectory() as name, closing(Gradebook(Path(name) / "book.db")) as book:
        begun = time.monotonic()
        with Crew(Settings(seed=1, timeout=60, memory=1 << 30), jobs) as crew:
            for worker in crew.workers:
                worker.mark(files[0])  # what the first submission of a lesson costs: its answers, its zygote
            ready, begun = time.monotonic() - begun, time.monotonic()
            for _, found in crew.mark(files):
                book.enter_all(found)
            seconds = time.monotonic() - begun
        return ready, seconds, {row.learner: row.points for row in book.rows()}


def tell(as_json, name, truth, ready, seconds, points):
    true_marks = sum(points.get(learner) == due for learner, due in truth.items())
    per_minute = 60 * len(truth) / seconds
    if as_json:
        found = {"name": name, "per_minute": round(per_minute, 1), "true_marks": true_marks, "total": len(truth)}
        print(json.dumps(found), flush=True)
    else:
        print(f"{name:15} {per_minute:8.0f} a minute, {true_marks} of {len(truth)} marks true", end="", flush=True)
        print(f" (ready in {ready:.1f} s, all in {seconds:.1f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
