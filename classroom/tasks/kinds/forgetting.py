"""A function as a new process would find it: with the variables that stand outside of it as they were at first.

What is copied is what the function and its helpers name: variables of their module or notebook, default values, what is
enclosed, attributes. Modules and classes stay as they are: whoever hides a state there deceives, and a reader sees it.
"""

from contextlib import contextmanager
from copy import deepcopy
from types import CellType, CodeType, FunctionType


class Forgetting:
    """Calls of `function`, none of which finds what another one left in a variable; `lost` says if one left any."""

    def __init__(self, function):
        self.function, self.lost = function, False
        self.space = getattr(function, "__globals__", {})
        self.before = dict(self.space)
        self.names = sorted(_named(function, self.space))

    def __call__(self, *arguments):
        with self._own_variables() as function:
            return function(*arguments)

    @contextmanager
    def _own_variables(self):
        """The function with copies of its variables; afterwards all of them are what they were."""
        memo = {id(f): _copied(f) for f in map(self.before.get, self.names) if _is_of(f, self.space)}
        mine = {name: _deep(self.before[name], memo) for name in self.names}
        looks = {name: repr(value) for name, value in mine.items()}
        self.space.update(mine)
        try:
            yield memo.get(id(self.function)) or _copied(self.function)
        finally:
            made = self.space.keys() - self.before.keys()
            self.lost |= bool(made) or any(repr(self.space.get(name)) != looks[name] for name in self.names)
            for name in made:
                del self.space[name]
            self.space.update(self.before)


def _named(function, space):
    """The variables of `space` that a function reads, those that the functions among them read, and so on."""
    names, seen, todo = set(), set(), [function]
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, FunctionType):
            new = _names(one.__code__) & space.keys() if _is_of(one, space) else set()
            names |= new
            todo += [space[name] for name in new] + [cell.cell_contents for cell in one.__closure__ or ()]
        elif not isinstance(one, type):
            todo.append(type(one))
        elif one.__module__ == space.get("__name__"):
            todo += vars(one).values()
    return names


def _is_of(value, space):
    return isinstance(value, FunctionType) and value.__globals__ is space


def _names(code):
    return set(code.co_names).union(*(_names(part) for part in code.co_consts if isinstance(part, CodeType)))


def _copied(function):
    """The same function with defaults, enclosed values and attributes of its own."""
    if not isinstance(function, FunctionType):
        return function
    cells = tuple(CellType(_deep(cell.cell_contents)) for cell in function.__closure__ or ())
    defaults = _deep(function.__defaults__)
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, defaults, cells or None)
    copy.__kwdefaults__, copy.__dict__ = _deep(function.__kwdefaults__), _deep(function.__dict__)
    return copy


def _deep(value, memo=None):
    """A copy; the thing itself where there can be none (a module, an open file)."""
    try:
        return deepcopy(value, memo)
    except Exception:
        return value
