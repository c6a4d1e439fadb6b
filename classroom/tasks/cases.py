"""What a learner's check knows: inputs, right outputs, and the outputs and sentence of each misconception; no code.

`pack` runs answers and misconceptions on drawn inputs; `save` writes one `.npz` without pickles whose bytes depend on
the content alone. The file holds one JSON index and the arrays that it refers to by key.
"""

import functools
import hashlib
import inspect
import io
import json
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from classroom.tasks import arrays, probes
from classroom.tasks.kinds.marking import Case, as_arrays

MOST_CASES = 200
ANY = 1e9  # a tolerance that any finite number meets
VISIBLE_SEED = 0  # draws the cases that learners receive; grading draws others


@dataclass
class Outcome:
    """What one case gives: arrays by name, or the name of an error (`"Unusable"`: nothing that can be compared)."""

    values: dict[str, np.ndarray] | None = None
    error: str = ""


@dataclass
class Wrong:
    """A misconception as a learner receives it: its clause, its source, its outcome on each case."""

    when: str
    source: str
    outcomes: list[Outcome]


@dataclass
class TaskCases:
    """All that a check needs to know about one task."""

    name: str
    kind: str
    probe: str
    minutes: float
    points: int
    tolerance: float | None
    seconds: float
    object_name: str
    object_kind: str  # "function" or "class"
    parameters: list[str]
    stub: str  # fingerprint of the untouched cell
    hints: list[str]
    words: list[str]  # of a labels or order task: the words to choose from
    arguments: list[list] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)  # of each case; all "" where the author made none
    right: list[Outcome] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    marking: dict | None = None  # of a task without one right output: its rule, see `kinds.marking`
    truths: list[dict] = field(default_factory=list)  # of each case, for the rule
    rubric: int = 0  # points that a person gives besides
    objective: str = ""


# --- drawing and running ----------------------------------------------------------------------------------------


def pack(tasks: Iterable, seed: int) -> dict[str, TaskCases]:
    """The cases of all `tasks` by name. Each task draws from its own generator, so that adding one moves no other."""
    return {task.name: pack_one(task, seed) for task in tasks}


def pack_one(task, seed: int) -> TaskCases:
    """The cases of one task, as `classroom.tasks.source.load` gives it, drawn from `seed`."""
    groups, arguments, truths = draw(task, seed)
    right = outcomes(task.probe, task.object, arguments)
    for case, outcome in zip(arguments, right, strict=True):
        if outcome.error:
            try:
                probes.run(task.probe, task.object, copied(case))
            except Exception as error:
                raise ValueError(f"Task {task.name!r}: the answer itself fails on {case!r}: {error}") from error
    return TaskCases(
        name=task.name,
        kind=task.kind,
        probe=task.probe,
        minutes=task.minutes,
        points=task.points_by_check,
        tolerance=task.tolerance,
        seconds=task.seconds,
        object_name=task.object_name,
        object_kind="class" if isinstance(task.object, type) else "function",
        parameters=parameters(task.object) if task.probe not in ("instance", "labels", "order") else [],
        stub=fingerprint(task.stub),
        hints=list(task.hints),
        words=_words(task, arguments),
        arguments=arguments,
        groups=groups,
        right=right,
        wrong=[Wrong(m.when, m.source, outcomes(task.probe, m.wrong, arguments)) for m in task.misconceptions],
        marking=task.marking.packed(inspect.unwrap(task.object).__globals__) if task.marking else None,
        truths=truths,
        rubric=task.points - task.points_by_check,
        objective=task.objective,
    )


def draw(task, seed: int) -> tuple[list[str], list[list], list[dict]]:
    """Group, arguments and truth of every case of `task`. A string among the cases is the heading of a group."""
    rng = np.random.default_rng([seed, zlib.crc32(task.name.encode())])
    group, groups, found, truths = "", [], [], []
    for case in task.cases(rng):
        if isinstance(case, str):
            group = case
            continue
        if isinstance(case, Case):
            truths.append(as_arrays(case.truth))
            case = case.arguments
        if not isinstance(case, tuple):
            raise ValueError(
                f"Task {task.name!r}: cases should yield tuples of arguments, got {arrays.kind_of(case)}; "
                "a single argument needs a comma, as in `yield (x,)`."
            )
        groups.append(group)
        found.append(list(case))
        if len(found) > MOST_CASES:
            raise ValueError(f"Task {task.name!r}: more than {MOST_CASES} cases; does the generator end?")
    if not found:
        raise ValueError(f"Task {task.name!r}: cases(rng) yields nothing; `yield ()` is a case without arguments.")
    if "" in groups and group:
        raise ValueError(f"Task {task.name!r}: some cases stand before the first heading; every case needs a group.")
    if task.marking and len(truths) < len(found):
        raise ValueError(f"Task {task.name!r} is marked by a rule: yield each case as `Case(arguments, …, truth=…)`.")
    return groups, found, truths


def outcomes(probe: str, obj, arguments: list[list]) -> list[Outcome]:
    """What trusted code gives on every case. (A learner's code runs in `running`.)"""
    found = []
    for case in arguments:
        try:
            with redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.append(Outcome(probes.run(probe, obj, copied(case))))
        except probes.UnknownProbe:
            raise
        except Exception as error:
            found.append(Outcome(error=type(error).__name__))
    return found


def copied(value):
    """A deep copy of a case's arguments: arrays, numbers, strings, None, and lists, tuples and dicts of them."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(copied(v) for v in value)
    if isinstance(value, dict):
        return {key: copied(v) for key, v in value.items()}
    return value


def parameters(obj) -> list[str]:
    """The names of the arguments of `obj`, for showing a case; empty where Python cannot tell."""
    return list(probes.parameters(obj))


def argument_names(task: TaskCases, case) -> list[str]:
    """A name for each argument of a case: the probe's own names, then those of the learner's function."""
    own = _own_names(task.probe)
    rest = [p for p in task.parameters if p not in (*own, "model", "optimizer", "rng")]
    names = own + rest[: max(0, len(case) - len(own))]
    if task.probe == "seeded":
        names = [*names[: len(case) - 1], "seed"]
    return [names[i] if i < len(names) else f"argument {i + 1}" for i in range(len(case))]


@functools.cache
def _own_names(probe):
    """The names that the probe itself gives to arguments, besides the object."""
    own = list(probes.parameters(probes.find(probe)).values())[1:]
    return [p.name for p in own if p.kind == p.POSITIONAL_OR_KEYWORD]


def fingerprint(source: str) -> str:
    """A hash of code that comments, blank lines and spaces do not change."""
    try:
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        text = "".join(t.string for t in tokens if t.type != tokenize.COMMENT)
    except (tokenize.TokenError, SyntaxError):
        text = source
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]


def _words(task, arguments):
    """The words to choose from, as the task writes them: all that answer and misconceptions use, sorted."""
    if task.probe not in ("labels", "order"):
        return []
    found = {}
    for obj in [task.object, *(m.wrong for m in task.misconceptions)]:
        for case in arguments:
            result = obj(*copied(case))
            items = result.values() if isinstance(result, dict) else result
            for item in items:
                if isinstance(item, str):
                    found.setdefault(int(arrays.code(item)), item)
    return sorted(found.values(), key=str.casefold)


# --- the file ---------------------------------------------------------------------------------------------------


def save(packed: dict[str, TaskCases], path: Path) -> None:
    """Write `packed`; the same content gives the same bytes on every system (stored, not compressed; git does that)."""
    kept = {}
    index = [_to_json(vars(cases), kept) for cases in packed.values()]
    text = json.dumps({"format": 1, "tasks": index}, ensure_ascii=False, separators=(",", ":"))
    members = {"index": np.frombuffer(text.encode(), np.uint8), **dict(kept.values())}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for key, array in members.items():
            member = zipfile.ZipInfo(f"{key}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16
            data = io.BytesIO()
            np.lib.format.write_array(data, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
            archive.writestr(member, data.getvalue())


def read(path: Path) -> dict[str, TaskCases]:
    """The cases in the file `path`, by the task's name."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    index = json.loads(arrays["index"].tobytes().decode())
    return {task["name"]: TaskCases(**task) for task in (_from_json(item, arrays) for item in index["tasks"])}


def same(a: dict[str, TaskCases], b: dict[str, TaskCases]) -> bool:
    """Do two packs agree? Numbers may differ in their last digits, as they do between processors.

    A task's own tolerance counts if it is wider: what comes out of a training differs sooner than what it begins with.
    Of patients only the form of their readings counts, and what answers make of them: where a training diverges, no
    digit of a loss is the same on two processors.
    """
    return list(a) == list(b) and all(_same_task(a[name], b[name]) for name in a)


def _same_task(a, b):
    least = a.tolerance or 0
    one, other = ({**vars(task), "arguments": None} for task in (a, b))
    return _close(a.arguments, b.arguments, ANY if a.probe == "patient" else least) and _close(one, other, least)


def _close(a, b, least=0.0):
    if isinstance(a, (np.ndarray, np.generic)) and isinstance(b, (np.ndarray, np.generic)):  # a file keeps no generic
        loose = max(1e-4 if a.dtype.itemsize < 8 else 1e-7, least)
        return a.dtype == b.dtype and a.shape == b.shape and np.allclose(a, b, loose, loose, equal_nan=True)
    if isinstance(a, (Outcome, Wrong)):
        return type(a) is type(b) and _close(vars(a), vars(b), least)
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(_close(a[key], b[key], least) for key in a)
    if isinstance(a, (list, tuple)):
        alike = type(a) is type(b) and len(a) == len(b)
        return alike and all(_close(x, y, least) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) and isinstance(b, float):
        return bool(np.isclose(a, b, rtol=max(1e-7, least), equal_nan=True))
    return type(a) is type(b) and a == b


def _to_json(value, kept):
    """`value` as JSON; arrays and floats move to `kept`, equal ones once, so that they keep every bit and their type.

    `kept` knows by its content the key of each array, and the array.
    """
    if isinstance(value, (np.ndarray, np.generic, float)):
        array = np.asarray(value)
        content = array.dtype.str, array.shape, array.tobytes()
        key, _ = kept.setdefault(content, (f"{len(kept):05d}", array))
        return {"$": "float" if type(value) is float else "array", "key": key}
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [_to_json(v, kept) for v in value]}
    if isinstance(value, list):
        return [_to_json(v, kept) for v in value]
    if isinstance(value, dict):
        return {"$": "dict", "items": [[key, _to_json(v, kept)] for key, v in value.items()]}
    if isinstance(value, (Outcome, Wrong)):
        return {"$": type(value).__name__, "fields": _to_json(vars(value), kept)}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise ValueError(f"A case holds {arrays.kind_of(value)}; use arrays, numbers, strings, None, and lists of them.")


def _from_json(value, arrays):
    if isinstance(value, list):
        return [_from_json(v, arrays) for v in value]
    if not isinstance(value, dict):
        return value
    if value["$"] in ("array", "float"):
        array = arrays[value["key"]]
        return float(array) if value["$"] == "float" else array.copy()  # equal ones share a key, no memory
    if value["$"] == "tuple":
        return tuple(_from_json(v, arrays) for v in value["items"])
    if value["$"] == "dict":
        return {key: _from_json(v, arrays) for key, v in value["items"]}
    return {"Outcome": Outcome, "Wrong": Wrong}[value["$"]](**_from_json(value["fields"], arrays))
