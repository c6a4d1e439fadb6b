"""What a learner has tried before at a task, from her record: so that a better idea of last week is not lost."""

from classroom import progress

MOST_LINES = 40  # of one attempt


def attempts(name: str) -> None:
    """Print every attempt at the task `name`, the oldest first: when, the check's result, and her code."""
    print("\n\n".join(told(name)))


def told(name: str) -> list[str]:
    """Each attempt as a text. A check stores the code first and the result after it: without one, it did not end."""
    found = []
    for event in progress.events("attempt", name):
        if event.get("source"):
            found.append([event["at"][:16].replace("T", " "), "did not end", event["source"]])
        elif found and event.get("result"):
            found[-1][1] = event["result"]
    texts = [f"{i}. {at}: {result}\n{_shortened(code)}" for i, (at, result, code) in enumerate(found, start=1)]
    return texts or [f"There is no attempt at {name!r} yet; a check stores each."]


def _shortened(code):
    lines = code.strip("\n").split("\n")
    return "\n".join(f"    {line}" for line in lines[:MOST_LINES] + ["…"] * (len(lines) > MOST_LINES))
