"""From a learner's object to her feedback: run it on every case, compare, find what explains the outputs, say it.

What it says is about the output, never about her thoughts: "Your result is … That happens when … Is that what
happened here?" At most 60 words, one cause, one next action, and no answer in it.
"""

import re

import numpy as np

from classroom.tasks import compare, probes, running
from classroom.tasks.cases import Outcome, TaskCases, fingerprint
from classroom.tasks.feedback import Feedback, shown

UNSET = object()  # no object was handed over


def examine(task: TaskCases, obj, where: bool = True) -> Feedback:
    """The feedback on `obj`, without any record of it.

    Without `where`, entries of a labels task that do not fit are counted, not named: with two words to choose from, a
    named entry is a given answer.
    """
    if problem := _not_what_is_asked(task, obj):
        return Feedback(task.name, "not yet", f"{task.name}: not yet.", prose=[problem])
    source = running.source_of(obj)
    if source and fingerprint(source) == task.stub:
        return _not_attempted(task)
    ran = running.run_all(task.probe, obj, task.arguments, task.seconds)
    if ran and all(isinstance(r.crash and r.crash.error, NotImplementedError) for r in ran) and not source:
        return _not_attempted(task)
    good = [_fits(task, i, r.outcome) for i, r in enumerate(ran)]
    if len(good) == len(task.arguments) and all(good):
        return _pass(task, ran)
    if task.probe in ("labels", "order") and ran[0].values is not None:
        return _words_feedback(task, ran, where)
    return _case_feedback(task, ran, good, source)


# --- what is asked, and what is there ---------------------------------------------------------------------------


def _not_what_is_asked(task, obj):
    asked = f"the {task.object_kind} `{task.object_name}`"
    call = f'check("{task.name}", {task.object_name})'
    if obj is UNSET:
        return f"There is no `{task.object_name}` yet. Run the cell that defines it, then this one again."
    if task.object_kind == "class" and not isinstance(obj, type):
        return f"The check got {probes.kind_of(obj)}; it needs {asked} itself, as in `{call}`."
    if task.object_kind == "function" and (not callable(obj) or isinstance(obj, type)):
        return f"The check got {probes.kind_of(obj)}; it needs {asked}, without parentheses, as in `{call}`."
    return ""


def _not_attempted(task):
    return Feedback(
        task.name,
        "not attempted yet",
        f"{task.name}: not attempted yet.",
        prose=[f"Fill in `{task.object_name}` above, run its cell, then run this one."],
    )


def _pass(task, ran):
    count = len(ran)
    text = "Your answer fits." if count == 1 else f"All {count} cases give what is expected."
    changed = [
        argument_names(task, case)[r.changed[0]] for r, case in zip(ran, task.arguments, strict=True) if r.changed
    ]
    prose = []
    if changed and task.probe != "in_place":
        prose = [
            f"One remark: the call changes its argument `{changed[0]}`. Whoever uses that array afterwards "
            "finds other numbers in it; work on a copy."
        ]
    return Feedback(task.name, "passed", f"{task.name}: passed. {text}", prose=prose)


# --- the case that is shown -------------------------------------------------------------------------------------


def _case_feedback(task, ran, good, source):
    total, fit = len(task.arguments), sum(good)
    out_of_time = len(ran) < total or isinstance(ran[-1].crash and ran[-1].crash.error, running.TimeUp)
    failing = [i for i, fine in enumerate(good) if not fine]
    at = len(ran) - 1 if out_of_time or not failing else min(failing, key=lambda i: _size(task.arguments[i]))
    result = ran[at]
    feedback = Feedback(
        task.name,
        "not yet",
        f"{task.name}: not yet. {fit} of {total} cases fit." if total > 1 else f"{task.name}: not yet.",
        case=_arguments(task, task.arguments[at]),
        printed=result.printed,
    )
    if out_of_time:
        feedback.prose.append(_time_words(task, result.crash))
    elif result.crash:
        feedback.prose.append(crash_words(result.crash, task))
    elif result.unusable:
        feedback.prose.append(_unusable_words(result.unusable, source))
    else:
        feedback.case += _got_and_expected(task, result.values, at)
        feedback.prose.append(_difference(task, ran, at))
    feedback.named = named(task, [r.outcome for r in ran])
    feedback.prose += _cause_words(task, feedback.named) + _hint_words(task)
    feedback.prose = [sentence for sentence in feedback.prose if sentence]
    return feedback


def named(task: TaskCases, outcomes: list[Outcome]) -> list[int]:
    """The misconceptions whose outputs equal these on every case."""
    if len(outcomes) < len(task.arguments) or all(o.values is None for o in outcomes):
        return []
    return [
        number
        for number, wrong in enumerate(task.wrong)
        if all(equal(task, i, a, b) for i, (a, b) in enumerate(zip(outcomes, wrong.outcomes, strict=True)))
    ]


def equal(task: TaskCases, at: int, got: Outcome, want: Outcome) -> bool:
    """Do two outcomes of case `at` agree, in their values or in their error?"""
    if got.error or want.error:
        return got.error == want.error
    return compare.same(as_pair(task, at, got.values, want.values))


def _fits(task, at, outcome):
    return not outcome.error and compare.same(as_pair(task, at, outcome.values, task.right[at].values))


def as_pair(task: TaskCases, at: int, got: dict, want: dict) -> compare.Pair:
    """Two results of case `at`, with what comparing them needs to know about the case."""
    names = argument_names(task, task.arguments[at])
    return compare.Pair(got, want, dict(zip(names, task.arguments[at], strict=True)), task.tolerance)


def _difference(task, ran, at):
    usable = [i for i, r in enumerate(ran) if r.values is not None]
    pairs = [as_pair(task, i, ran[i].values, task.right[i].values) for i in usable]
    return compare.difference(pairs, usable.index(at))


def _got_and_expected(task, got, at):
    """The first value that differs, as got and as expected, with as many digits as it takes to see it."""
    pair = as_pair(task, at, got, task.right[at].values)
    differs = [k for k in pair.want if k not in got or not pair.close(got[k], pair.want[k])]
    key = differs[0] if set(pair.got) == set(pair.want) and differs else None
    if key is None:
        return [("got", "\n".join(f"{k or 'value'}: {shown(v)}" for k, v in got.items()))]
    texts = [(shown(got[key], digits), shown(pair.want[key], digits)) for digits in (4, 8, 12)]
    pick = next((t for t in texts if t[0] != t[1]), texts[-1])
    return [("got", pick[0]), ("expected", pick[1])]


def _arguments(task, case):
    """The arguments as she would write them: a line for each, or for each call of a class."""
    if task.probe != "instance":
        return [(f"{name} =", shown(value)) for name, value in zip(argument_names(task, case), case, strict=True)]
    first, calls, *_ = case
    steps = [(task.object_name, first), *((f"obj.{m}" if m != "()" else "obj", given) for m, *given in calls)]
    return [(name, "(" + ", ".join(shown(value) for value in given) + ")") for name, given in steps]


def _size(case):
    """How much there is to look at in a case."""
    return sum(np.size(v) if not isinstance(v, (list, tuple)) else max(1, _size(v)) for v in case)


def argument_names(task: TaskCases, case) -> list[str]:
    """A name for each argument of a case: the probe's own names, then those of the learner's function."""
    own = [
        p for p in list(probes.parameters(probes.PROBES[task.probe]).values())[1:] if p.kind == p.POSITIONAL_OR_KEYWORD
    ]
    own = [p.name for p in own]
    rest = [p for p in task.parameters if p not in (*own, "model", "optimizer", "rng")]
    names = own + rest[: max(0, len(case) - len(own))]
    if task.probe == "seeded":
        names = [*names[: len(case) - 1], "seed"]
    return [names[i] if i < len(names) else f"argument {i + 1}" for i in range(len(case))]


# --- words ------------------------------------------------------------------------------------------------------


def _cause_words(task, numbers):
    causes = [task.wrong[i].when for i in numbers]
    if not causes:
        return []
    if len(causes) == 1:
        return [f"That happens when {causes[0]}. Is that what happened here?"]
    return [f"That happens when {causes[0]}, or when {causes[1]}. Is it one of them?"]


def _hint_words(task):
    return [f'For a hint: `hint("{task.name}")`.']


def _unusable_words(problem, source):
    if "returned None" in problem and source and not re.search(r"^\s*(return|yield)\b", source, re.MULTILINE):
        return f"{problem} There is no `return` in it: a function without one gives None."
    return problem


def _time_words(task, crash):
    where = f" It was in line {crash.line}: `{crash.text}`." if crash and crash.line else ""
    return (
        f"Your code was stopped after {task.seconds:g} seconds.{where} Look for a loop whose end is never reached: "
        "which line changes what its condition tests?"
    )


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
    """Her line, the error, and what kind of thing to look for; no trace of ours."""
    message = str(crash.error).strip().split("\n")[0]
    message = message if len(message) <= 120 else message[:117] + "…"
    if crash.name == "NotImplementedError" and crash.text.startswith("raise NotImplementedError"):
        return f"Line {crash.line} is still `{crash.text}`. Put your code in its place; that line goes."
    said = f"{crash.name}: {message}".rstrip(": ").rstrip(".")
    if crash.line is None:
        what = "class" if task.object_kind == "class" else "function"
        return f"Your {what} could not be called as in this case. {said}."
    look = LOOK_FOR.get(crash.name, "Look at what each name holds when this line runs.")
    if isinstance(crash.error, ValueError) and re.search(r"shape|broadcast|dimension|align|axes|axis", message):
        look = "Look at the shapes on both sides: which axis should meet which?"
    return f"Line {crash.line} stops with an error: `{crash.text}`. {said}. {look}"


# --- tasks that are filled in with words ------------------------------------------------------------------------


def _words_feedback(task, ran, where):
    """For labels and orders: which entries fit, never the expected word."""
    got, want = ran[0].values, task.right[0].values
    feedback = _labels_words(task, got, want, where) if task.probe == "labels" else _order_words(task, got, want)
    feedback.named = named(task, [r.outcome for r in ran])
    feedback.prose += _cause_words(task, feedback.named) + _hint_words(task)
    feedback.printed = ran[0].printed
    return feedback


def _labels_words(task, got, want, where):
    pair = as_pair(task, 0, got, want)
    fit = [k for k in want if k in got and pair.close(got[k], want[k])]
    known = {int(probes.code(word)) for word in task.words}
    is_word = {k: want[k].dtype.kind == "i" and int(want[k].flat[0]) in known for k in want if want[k].size == 1}
    empty = [k for k in want if k in got and is_word.get(k) and got[k].size == 1 and not got[k]]
    strange = [
        k for k in want if k in got and is_word.get(k) and got[k].size == 1 and got[k] and int(got[k]) not in known
    ]
    others = [k for k in want if k in got and k not in fit + empty + strange]
    missing, extra = [k for k in want if k not in got], [k for k in got if k not in want]
    prose = []
    if missing or extra:
        prose.append("The keys of your dict are not those of the stub: " + _listed(missing or extra) + ".")
    elif strange:
        prose.append(f"Not one of the words to choose from: {_listed(strange)}. The words: {', '.join(task.words)}.")
    if others and where:
        prose.append(f"Not yet right: {_listed(others)}.")
    elif others:
        prose.append("Go through your entries once more. After another attempt this check says which do not fit.")
    if empty:
        prose.append(f"Not filled in yet: {_listed(empty)}.")
    headline = f"{task.name}: not yet. {len(fit)} of {len(want)} entries fit."
    return Feedback(task.name, "not yet", headline, prose=prose)


def _order_words(task, got, want):
    got, want = list(got[""].tolist()), list(want[""].tolist())
    feedback = Feedback(task.name, "not yet", f"{task.name}: not yet.")
    known = {int(probes.code(word)) for word in task.words}
    if 0 in got:
        feedback.prose.append(f"Not filled in yet: {got.count(0)} of {len(got)} places.")
    elif len(got) != len(want):
        feedback.prose.append(f"Your list has {len(got)} entries; {len(want)} are expected, each once.")
    elif strange := [i for i, item in enumerate(got) if known and item not in known]:
        feedback.prose.append(f"The entry at place {strange[0] + 1} is not one of: {', '.join(task.words)}.")
    elif sorted(got) != sorted(want):
        twice = next(i for i, item in enumerate(got) if got.count(item) > want.count(item))
        feedback.prose.append(f"The entry at place {twice + 1} appears too often, so another is missing.")
    else:
        first = next(i for i, (a, b) in enumerate(zip(got, want, strict=True)) if a != b)
        feedback.headline = f"{task.name}: not yet. The first {first} of {len(want)} places fit."
        feedback.prose.append(f"Look at place {first + 1}: what must have happened before it?")
    return feedback


def _listed(keys):
    return ", ".join(f"`{key}`" for key in keys)
