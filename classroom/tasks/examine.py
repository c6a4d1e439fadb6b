"""From a learner's object to her feedback: run it on every case, compare, find what explains the outputs, say it.

What it says is about the output, never about her thoughts: "Your result is … That happens when … Is that what
happened here?" At most 60 words, one cause, one next action, and no answer in it.
"""

from dataclasses import replace

import numpy as np

from classroom.tasks import arrays, compare, errors, running
from classroom.tasks.cases import TaskCases, argument_names, fingerprint
from classroom.tasks.causes import Cause, as_pair, causes, fits
from classroom.tasks.feedback import Feedback, shown
from classroom.tasks.kinds import marking

MOST_WORDS = 60  # of one feedback
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
    return explain(task, ran, source, where)


def explain(task: TaskCases, ran: list[running.Ran], source: str = "", where: bool = True) -> Feedback:
    """The feedback on what every case gave, wherever it was run."""
    if task.marking:
        return _marked_feedback(task, ran, source)
    good = fits(task, [r.outcome for r in ran])
    if all(good):
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
        return f"The check got {arrays.kind_of(obj)}; it needs {asked} itself, as in `{call}`."
    if task.object_kind == "function" and (not callable(obj) or isinstance(obj, type)):
        return f"The check got {arrays.kind_of(obj)}; it needs {asked}, without parentheses, as in `{call}`."
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
    prose = [f"One remark: {said}" for said in dict.fromkeys(said for r in ran for said in r.remarks)]
    if changed and task.probe != "in_place":
        prose += [
            f"One remark: the call changes its argument `{changed[0]}`. Whoever uses that array afterwards "
            "finds other numbers in it; work on a copy."
        ]
    return Feedback(task.name, "passed", f"{task.name}: passed. {text}", prose=prose, points=task.points)


def _marked_feedback(task, ran, source):
    """For tasks without one right output: what the rule says, and which known strategy gives these answers."""
    ended = [r.values is not None for r in ran]
    if not all(ended) or len(ran) < len(task.arguments):
        stopped = _case_feedback(task, ran, ended + [False] * (len(task.arguments) - len(ran)), source)
        return replace(stopped, headline=f"{task.name}: not yet. Some cases gave no result.", points=0)
    mark = marking.mark(task, [r.outcome for r in ran])
    state, found = ("passed", []) if mark.passed else ("not yet", causes(task, [r.outcome for r in ran]))
    said = [mark.said] * bool(mark.said)
    earned = f" {task.points * mark.share:.3g} of {task.points} points." if 0 < mark.share < 1 else ""
    return Feedback(
        task.name,
        state,
        f"{task.name}: {state}. {mark.fits}{earned}".rstrip(),
        printed=ran[0].printed,
        prose=said if mark.passed else _within_words(task, mark.said, found, fits=mark.fits),
        named=[cause.number for cause in found],
        points=task.points * mark.share,
    )


# --- the case that is shown -------------------------------------------------------------------------------------


def _case_feedback(task, ran, good, source):
    out_of_time = len(ran) < len(good) or isinstance(ran[-1].crash and ran[-1].crash.error, running.TimeUp)
    failing = [i for i, fine in enumerate(good[: len(ran)]) if not fine]
    at = len(ran) - 1 if out_of_time or not failing else min(failing, key=lambda i: _size(task.arguments[i]))
    result, case = ran[at], _arguments(task, task.arguments[at])
    if out_of_time:
        said = errors.time_words(task, result.crash)
    elif result.crash:
        said = errors.crash_words(result.crash, task)
    elif result.unusable:
        said = errors.unusable_words(result.unusable, source)
    else:
        case += _got_and_expected(task, result.values, at)
        said = errors.unusable_words(_difference(task, ran, at), source)
    found = causes(task, [r.outcome for r in ran])
    return Feedback(
        task.name,
        "not yet",
        f"{task.name}: not yet.{_what_fits(task, good)}",
        case=case,
        printed=result.printed,
        prose=_within_words(task, said, found),
        named=[cause.number for cause in found],
        points=points(task, good),
    )


def points(task: TaskCases, good: list[bool]) -> float:
    """Every group of cases is worth the same part of the task's points, and counts if all its cases fit."""
    groups = list(dict.fromkeys(task.groups)) or [""]
    return task.points * len(_whole(task, good)) / len(groups)


def _whole(task, good):
    """The groups all of whose cases fit."""
    of_each = task.groups or [""] * len(good)
    lost = {group for group, fine in zip(of_each, good, strict=True) if not fine}
    return [group for group in dict.fromkeys(of_each) if group not in lost]


def _what_fits(task, good):
    if len(good) == 1:
        return ""
    whole = _whole(task, good)
    groups = f": all of {' and '.join(whole)} ({points(task, good):g} of {task.points} points)" if whole else ""
    return f" {sum(good)} of {len(good)} cases fit{groups}."


def _difference(task, ran, at):
    usable = [i for i, r in enumerate(ran) if r.values is not None]
    pairs = [as_pair(task, i, ran[i].values, task.right[i].values) for i in usable]
    return compare.difference(pairs, usable.index(at))


def _got_and_expected(task, got, at):
    """The value that the words speak of, as got and as expected, with as many digits as it takes to see it."""
    want = task.right[at].values
    pair = as_pair(task, at, compare.in_form_of(got, want), want)
    if set(pair.got) != set(want):
        return [("got", "\n".join(f"{k or 'value'}: {shown(v)}" for k, v in got.items()))]
    key = compare.worst(pair)
    both = [_in_words(task, value, task.arguments[at]) for value in (pair.got[key], want[key])]
    texts = [tuple(shown(value, digits) for value in both) for digits in (4, 8, 12)]
    pick = next((t for t in texts if t[0] != t[1]), texts[-1])
    part = f", {key}" if key not in ("", "returned") else ""
    return [(f"got{part}", pick[0]), ("expected", pick[1])]


def _in_words(task, value, case):
    """The codes of words that stand in the case's own arguments as these words; any other value as it is."""
    words = [word for given in case if isinstance(given, dict) for word in given]
    known = {int(arrays.code(word)): word for word in words if isinstance(word, str)}
    is_words = task.probe == "record" and value.dtype.kind == "i" and value.size and set(value.flat) <= known.keys()
    return [known[int(code)] for code in value.flat] if is_words else value


def _arguments(task, case):
    """The arguments as she would write them: a line for each, or for each call of a class."""
    if task.probe != "instance":
        named = dict(zip(argument_names(task, case), case, strict=True))
        return [*_made_by_the_probe(task, named), *((f"{name} =", shown(value)) for name, value in named.items())]
    first, calls, *_ = case
    steps = [(task.object_name, first), *((f"obj.{m}" if m != "()" else "obj", given) for m, *given in calls)]
    return [(name, "(" + ", ".join(shown(value) for value in given) + ")") for name, given in steps]


def _made_by_the_probe(task, named):
    """What she receives in place of some arguments of the case, which are taken out of `named`."""
    found = []
    if task.probe == "training":
        widths = " → ".join(map(str, named.pop("widths")))
        found = [("model:", f"layers {widths}, tanh between them, drawn from seed {named.pop('seed')}")]
    if task.probe == "pairs":
        found = [("x, y:", f"{named.pop('n')} rows")]
    if task.probe in ("seeded", "batches", "pairs"):
        found += [("rng:", f"np.random.default_rng({named.pop('seed')})")]
    return found


def _size(case):
    """How much there is to look at in a case."""
    return sum(np.size(v) if not isinstance(v, (list, tuple)) else max(1, _size(v)) for v in case)


# --- words ------------------------------------------------------------------------------------------------------


def _within_words(task, said, found: list[Cause], fits="99 of 99 cases fit.") -> list[str]:
    """What is said, what leads to it, what to do next. If that is too much, the causes stay: they are what helps."""
    hint = f'For a hint: `hint("{task.name}")`.'
    room = MOST_WORDS - len(f"{task.name}: not yet. {fits} {hint}".split())
    cause = _cause_words(task, found)
    if cause and len(f"{said} {cause}".split()) > room:
        said = ""
    while len(f"{said} {cause}".split()) > room and len(found) > 1:
        found = found[:-1]
        cause = _cause_words(task, found, more=True)
    return [sentence for sentence in (said, cause, hint) if sentence]


def _cause_words(task, found, more=False):
    if not found:
        return ""
    begin = f"Apart {found[0].apart}, that" if len({c.apart for c in found}) == 1 and found[0].apart else "That"
    clauses = [task.wrong[c.number].when + (f" (apart {c.apart})" * (begin == "That" and bool(c.apart))) for c in found]
    if len(clauses) == 1 and not more:
        return f"{begin} happens when {clauses[0]}. Is that what happened here?"
    several = ", or when ".join(clauses)
    return f"{begin} happens when {several}{', among others' * more}. Is it one of them?"


# --- tasks that are filled in with words ------------------------------------------------------------------------


def _words_feedback(task, ran, where):
    """For labels and orders: which entries fit, never the expected word."""
    got, want = ran[0].values, task.right[0].values
    feedback = _labels_words(task, got, want, where) if task.probe == "labels" else _order_words(task, got, want)
    found = causes(task, [r.outcome for r in ran])
    feedback.named = [cause.number for cause in found]
    feedback.prose = _within_words(task, " ".join(feedback.prose), found)
    feedback.printed = ran[0].printed
    return feedback


def _labels_words(task, got, want, where):
    pair = as_pair(task, 0, got, want)
    fit = [k for k in want if k in got and pair.close(got[k], want[k])]
    known = {int(arrays.code(word)) for word in task.words}
    is_word = {k: want[k].dtype.kind == "i" and int(want[k].flat[0]) in known for k in want if want[k].size == 1}
    given = {k: got[k].flat[0] for k in want if k in got and is_word.get(k) and got[k].size == 1}
    empty = [k for k in want if k in got and arrays.is_open(got[k])]
    strange = [k for k, code in given.items() if k not in empty and int(code) not in known]
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
    known = {int(arrays.code(word)) for word in task.words}
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
