"""The class report's pictures: how each task went, which misconceptions are frequent, how long submissions waited."""

import io
from collections import Counter

from classroom.grading.gradebook import Row
from classroom.grading.model import NOT_JUDGED

# Okabe & Ito's colours, told apart without seeing hue; hatches tell them apart in grey.
PARTS = (
    ("all points", "#009E73", ""),
    ("some points", "#56B4E9", "//"),
    ("none", "#E69F00", ".."),
    ("not attempted", "#BBBBBB", ""),
    ("not judged", "#CC79A7", "xx"),
)
MOST_BARS = 15
UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))


def tasks(rows: list[Row]) -> tuple[str, bytes] | None:
    """For each task how many learners have all, some or none of its points: what to see, and the picture as SVG."""
    counts: dict[str, Counter] = {}
    for row in rows:
        for mark in row.marked.marks:
            counts.setdefault(mark.task, Counter())[_part(row, mark)] += 1
    if not counts:
        return None
    names = sorted(counts, key=_order)
    fig, ax = _figure(len(names))
    left = [0] * len(names)
    for part, colour, hatch in PARTS:
        values = [counts[name][part] for name in names]
        if any(values):
            ax.barh(range(len(names)), values, left=left, color=colour, hatch=hatch, edgecolor="white", label=part)
            left = [a + b for a, b in zip(left, values, strict=True)]
    _finish(fig, ax, names, "learners")
    fig.legend(loc="outside upper left", ncols=len(PARTS), frameon=False)
    hardest = min(names, key=lambda name: counts[name]["all points"] / counts[name].total())
    said = f"Fewest have all points of {hardest}: {counts[hardest]['all points']} of {counts[hardest].total()}."
    return said, _svg(fig)


def misconceptions(rows: list[Row]) -> tuple[str, bytes] | None:
    """How many learners show each misconception, the most frequent first."""
    found = Counter(
        (m.task, clause) for row in rows for m in row.marked.marks for clause in dict.fromkeys(m.misconceptions)
    )
    if not found:
        return None
    most = found.most_common(MOST_BARS)
    fig, ax = _figure(len(most), wide=9.5, each=0.55)
    ax.barh(range(len(most)), [count for _, count in most], color="#0072B2")
    _finish(fig, ax, [f"{task}:\n{_folded(clause)}" for (task, clause), _ in most], "learners")
    (task, clause), count = most[0]
    rest = f" {len(found) - MOST_BARS} rarer ones are not drawn." if len(found) > MOST_BARS else ""
    people = "1 learner" if count == 1 else f"{count} learners"
    return f"Most frequent: {clause} ({task}; {people}).{rest}", _svg(fig)


def waiting(rows: list[Row]) -> tuple[str, bytes] | None:
    """How long submissions lay between being received and being marked."""
    waits = sorted((row.marked.graded - row.received).total_seconds() for row in rows if row.received)
    waits = [max(0.0, wait) for wait in waits]
    if not waits:
        return None
    size, unit = next((u for u in UNITS if waits[-1] >= 2 * u[0]), UNITS[-1])
    fig, ax = _figure(5)
    bins = min(30, max(10, len(waits) // 4))
    most = max(waits[-1] / size, 1)
    ax.hist([wait / size for wait in waits], bins, range=(0, most), color="#0072B2", edgecolor="white")
    ax.set(xlabel=f"{unit} from receipt to mark", ylabel="submissions")
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.set_xlim(left=0)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    middle, longest = waits[len(waits) // 2] / size, waits[-1] / size
    return f"Half of the submissions waited at most {middle:.3g} {unit}, the last {longest:.3g} {unit}.", _svg(fig)


def _part(row, mark):
    points = row.points_of(mark)
    if mark.task not in row.overrides:
        if mark.state == NOT_JUDGED:
            return "not judged"
        if mark.state == "not attempted yet":
            return "not attempted"
    return "all points" if points >= mark.of else "some points" if points > 0 else "none"


def _order(name):
    """Lesson 2.1 before 10.1; within a lesson the tasks keep the order of the exercise."""
    return [int(part) if part.isdigit() else 0 for part in name.partition(" ")[0].split(".")]


def _folded(clause, width=62):
    import textwrap

    return textwrap.shorten(clause, width, placeholder=" …")


def _figure(bars, wide=8.0, each=0.36):
    from matplotlib.figure import Figure  # without pyplot: no window, no state

    fig = Figure(figsize=(wide, 1.3 + each * bars), layout="constrained")
    return fig, fig.add_subplot()


def _finish(fig, ax, names, label):
    ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.invert_yaxis()
    ax.set_xlabel(label)
    ax.xaxis.get_major_locator().set_params(integer=True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _svg(fig):
    import matplotlib

    data = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "class report"}):  # the same marks give the same bytes
        fig.savefig(data, format="svg", metadata={"Date": None})
    return data.getvalue()
