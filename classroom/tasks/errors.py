"""A learner's errors in words: her line, what Python says, and what kind of thing to look for; no trace of ours."""

import re

from classroom.tasks import running
from classroom.tasks.cases import TaskCases

MOST_CHARACTERS = 120  # of Python's own message

# By the name of an error: what kind of thing to look for.
LOOK_FOR = {
    "NameError": "Look at the spelling, and whether the cell that defines this name has been run.",
    "UnboundLocalError": "Look for a name that is used before this function has given it a value.",
    "TypeError": "Look at what kind of object each name holds here: a number, an array, None?",
    "AttributeError": "Look at what kind of object stands before the dot, and at the spelling after it.",
    "IndexError": "Look at the smallest and largest index; counting starts at 0.",
    "KeyError": "Look at which keys there are.",
    "ZeroDivisionError": "Look at what can become 0 here.",
    "RecursionError": "Look for a function that calls itself without an end.",
    "ImportError": "Look at the imports; a cell above may not have been run.",
    "ModuleNotFoundError": "Look at the imports; a cell above may not have been run.",
    "MemoryError": "Look at the shapes: one array has become far too large.",
    "SystemExit": "A function in a notebook should not stop Python.",
    "SyntaxError": "Look for a missing bracket, colon or quotation mark.",
}


def crash_words(crash: running.Crash, task: TaskCases) -> str:
    """Her line, the error, and what kind of thing to look for."""
    if crash.name == "NotImplementedError" and crash.text.startswith("raise NotImplementedError"):
        return f"Line {crash.line} is still `{crash.text}`. Put your code in its place; that line goes."
    said = f"{crash.name}: {_message(crash.error)}".rstrip(": ").rstrip(".")
    if crash.line is None:
        what = "class" if task.object_kind == "class" else "function"
        return f"Your {what} could not be called as in this case. {said}."
    look = LOOK_FOR.get(crash.name, "Look at what each name holds when this line runs.")
    if isinstance(crash.error, ValueError) and re.search(r"shape|broadcast|dimension|align|axes|axis", said):
        look = "Look at the shapes on both sides: which axis should meet which?"
    if "NoneType" in said:
        look = "Something here is None: what a function without `return` gives, or a value that nothing has filled in."
        if ".grad" in crash.text:
            look = "`.grad` is None here: not yet filled, or emptied already. Which line fills it, which empties it?"
    return f"Line {crash.line} stops with an error: `{crash.text}`. {said}. {look}"


def _message(error):
    """The first line of what Python says; numpy's signature of a matrix product is left out, its sizes stay."""
    message = str(error).strip().split("\n")[0]
    product = re.match(r"matmul: .* core dimension .*\((size \d+ is different from \d+)\)", message)
    message = f"in the shapes of a matrix product, {product[1]}" if product else message
    return message if len(message) <= MOST_CHARACTERS else message[: MOST_CHARACTERS - 1] + "…"


def unusable_words(problem: str, source: str) -> str:
    """Why what came back cannot be compared; a missing `return` is named if the source has none."""
    if "returned None" in problem and source and not re.search(r"^\s*(return|yield)\b", source, re.MULTILINE):
        return f"{problem} There is no `return` in it: a function without one gives None."
    return problem


def time_words(task: TaskCases, crash: running.Crash | None) -> str:
    """The time is over: how long it was, her line at that moment, and where to look."""
    where = f" It was in line {crash.line}: `{crash.text}`." if crash and crash.line else ""
    return (
        f"Your code was stopped after {task.seconds:g} seconds.{where} Look for a loop whose end is never reached: "
        "which line changes what its condition tests?"
    )
