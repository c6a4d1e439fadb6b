"""Small wrong variants of an answer, made by machine from its syntax tree: what a check must catch without being told.

Signs, factors, axes, off by one, missing terms, comparisons, constants, swapped arguments (mutation testing: DeMillo,
Lipton & Sayward, 1978). A mutant's id shows the change, such as "x @ w + b → x @ w - b", so that an author can name it.
"""

import ast
import copy
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from classroom.tasks.task import Task

OPPOSITE = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And}
COMPARED = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
CONFUSED = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax", "std": "var",
    "var": "std", "floor": "ceil", "ceil": "floor", "zeros": "ones", "ones": "zeros", "log": "log2",
    "cumsum": "cumprod", "zeros_like": "ones_like", "ones_like": "zeros_like", "maximum": "minimum",
    "minimum": "maximum",
}  # fmt: skip
REDUCTIONS = ("sum", "mean", "max", "min", "argmax", "argmin", "std", "var", "cumsum", "all", "any", "prod", "norm")
LEFT_OUT = ("exp", "log", "sqrt", "abs", "square", "tanh", "sort", "sign", "softmax", "relu", "sigmoid", "copy")


@dataclass(frozen=True)
class Mutant:
    """One changed answer: what was changed, and the whole code of the cell."""

    id: str
    code: str


def mutants(task: Task, words: list[str] = ()) -> list[Mutant]:
    """All mutants of the solution's part of the task's answer; `words` are those that a labels task chooses from."""
    tree, inside = ast.parse(task.answer), _solution_lines(task)
    nodes = list(ast.walk(tree))
    parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    seen, ids, found, often = {ast.unparse(tree)}, {}, [], _often(nodes)
    for index, node in enumerate(nodes):
        if getattr(node, "lineno", None) not in inside:
            continue
        for new in [*_changes(node, words), *_without(node, often)]:
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[index]
            code = ast.unparse(ast.fix_missing_locations(_Replace(target, new).visit(changed)))
            if code in seen:
                continue
            seen.add(code)
            name = _name(node, new, parents.get(node))
            ids[name] = ids.get(name, 0) + 1
            found.append(Mutant(name if ids[name] == 1 else f"{name} ({ids[name]})", code))
    return found


def _solution_lines(task):
    """The numbers of the answer's lines that the stub does not have."""
    stub, answer = task.stub.split("\n"), task.answer.split("\n")
    steps = difflib.SequenceMatcher(None, stub, answer, autojunk=False).get_opcodes()
    return {line + 1 for kind, _, _, begin, end in steps if kind != "equal" for line in range(begin, end)}


def _name(old, new, parent):
    """The change in a few words: what an author reads and may repeat in `equivalent`."""
    if hasattr(new, "said"):
        return new.said
    if isinstance(new, ast.Pass):
        return f"without {_short(old)}"
    if isinstance(parent, ast.keyword):
        return f"{parent.arg}={_short(old)} → {parent.arg}={_short(new)}"
    where = f" in {_short(parent)}" if isinstance(old, ast.Constant) and isinstance(parent, ast.expr) else ""
    return f"{_short(old)} → {_short(new)}{where}"


def _short(node):
    return ast.unparse(node).split("\n")[0]


class _Replace(ast.NodeTransformer):
    """Puts `new` in the place of the node `target`."""

    def __init__(self, target, new):
        self.target, self.new = target, new

    def visit(self, node):
        return self.new if node is self.target else self.generic_visit(node)


# --- the changes of one node ------------------------------------------------------------------------------------


def _changes(node, words) -> Iterator[ast.AST]:
    """Every node that may stand in the place of `node`."""
    way = WAYS.get(type(node))
    if way:
        yield from way(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words:
        yield from (ast.Constant(word) for word in words if word != node.value)


def _without(node, often) -> Iterator[ast.AST]:
    """Statements that can be left out; an assignment only if its name gets a value elsewhere, too (`often`)."""
    if isinstance(node, ast.Assign):
        targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets[:1]
        if all(not isinstance(target, ast.Name) or target.id in often for target in targets):
            yield ast.Pass()
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Break | ast.Continue):
        yield ast.Pass()


def _often(nodes):
    """The names that several places give a value to."""
    stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return {name for name in stored if stored.count(name) > 1}


def _binary(node):
    left, right, op = node.left, node.right, type(node.op)
    if op in OPPOSITE:
        yield ast.BinOp(left, OPPOSITE[op](), right)
        yield from (left, right)
    if op in (ast.Pow, ast.Mod, ast.FloorDiv):
        yield left
    if op is ast.FloorDiv:
        yield ast.BinOp(ast.BinOp(left, op(), right), ast.Add(), ast.Constant(1))
    if op in (ast.Sub, ast.Div, ast.MatMult):
        yield ast.BinOp(right, op(), left)
    if op is ast.MatMult:
        yield ast.BinOp(left, ast.Mult(), right)


def _augmented(node):
    if type(node.op) in OPPOSITE:
        yield ast.AugAssign(node.target, OPPOSITE[type(node.op)](), node.value)


def _unary(node):
    if isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield node.operand


def _compare(node):
    for op in COMPARED.get(type(node.ops[0]), ()) if len(node.ops) == 1 else ():
        yield ast.Compare(node.left, [op()], node.comparators)


def _boolean(node):
    yield ast.BoolOp(OPPOSITE[type(node.op)](), node.values)
    yield from node.values


def _constant(node):
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
    elif isinstance(value, float):
        yield from (ast.Constant(2 * value), ast.Constant(-value)) if value else (ast.Constant(1.0),)


def _call(node):
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    yield from _arguments(node, name)
    of_module = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("np", "F")
    if name in CONFUSED and (isinstance(node.func, ast.Attribute) or name in ("max", "min")):
        yield _with(node, func=_renamed(node.func, CONFUSED[name]))
    if name in LEFT_OUT and (of_module or not node.args):
        yield node.args[0] if node.args else node.func.value
    if name == "range":
        yield from _ranges(node)
    if name == "len":
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _arguments(node, name):
    """The first two swapped; each keyword left out; an axis left out."""
    if len(node.args) > 1:
        swapped = [node.args[1], node.args[0], *node.args[2:]]
        yield _with(node, args=swapped, said=f"{name}({_short(swapped[0])}, {_short(swapped[1])}, …)")
    for i, keyword in enumerate(node.keywords):
        kept = node.keywords[:i] + node.keywords[i + 1 :]
        yield _with(node, keywords=kept, said=f"{name}(…) without {_short(keyword)}")
    axis = node.args[-1] if node.args else None
    if name in REDUCTIONS and isinstance(axis, ast.Constant) and isinstance(axis.value, int):
        yield _with(node, args=node.args[:-1], said=f"{name}(…) without {axis.value}")


def _ranges(node):
    """One round less, at the end and at the start."""
    stop = 0 if len(node.args) == 1 else 1
    less = ast.BinOp(node.args[stop], ast.Sub(), ast.Constant(1))
    yield _with(node, args=[*node.args[:stop], less, *node.args[stop + 1 :]])
    if len(node.args) == 1:
        yield _with(node, args=[ast.Constant(1), node.args[0]])


def _keyword(node):
    """Another axis. (Other constants change by themselves.)"""
    if node.arg == "axis" and isinstance(node.value, ast.Constant | ast.UnaryOp):
        axis = ast.literal_eval(node.value)
        yield from (ast.keyword("axis", ast.Constant(other)) for other in (0, 1) if other != axis)


def _slice(node):
    for name in ("lower", "upper"):
        bound = getattr(node, name)
        if bound is not None:
            yield _with(node, **{name: None})
            if not isinstance(bound, ast.Constant | ast.BinOp):
                yield _with(node, **{name: ast.BinOp(bound, ast.Sub(), ast.Constant(1))})


def _attribute(node):
    if node.attr == "T":
        yield node.value


def _pair(node):
    if isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield ast.Tuple([node.elts[1], node.elts[0], *node.elts[2:]], ast.Load())


def _return(node):
    """The whole result with another sign, another factor, and always 0."""
    if isinstance(node.value, ast.BinOp | ast.UnaryOp | ast.Call | ast.Name):
        yield _with(node, value=ast.UnaryOp(ast.USub(), node.value), said="return -(…)")
        for c in (2, 0):
            yield _with(node, value=ast.BinOp(ast.Constant(c), ast.Mult(), node.value), said=f"return {c} * (…)")


def _for(node):
    """All but the first, all but the last."""
    if isinstance(node.iter, ast.Name):
        for bounds in (ast.Slice(lower=ast.Constant(1)), ast.Slice(upper=ast.UnaryOp(ast.USub(), ast.Constant(1)))):
            yield _with(node, iter=ast.Subscript(node.iter, bounds, ast.Load()))


def _if(node):
    if not isinstance(node.test, ast.Compare | ast.BoolOp):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    for always in (True, False):
        yield _with(node, test=ast.Constant(always), said=f"{_short(node.test)} → {always}")


def _with(node, **fields):
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _renamed(function, name):
    if isinstance(function, ast.Attribute):
        return ast.Attribute(function.value, name, ast.Load())
    return ast.Name(name, ast.Load())


WAYS = {
    ast.BinOp: _binary, ast.AugAssign: _augmented, ast.UnaryOp: _unary, ast.Compare: _compare, ast.BoolOp: _boolean,
    ast.Constant: _constant, ast.Call: _call, ast.keyword: _keyword, ast.Slice: _slice, ast.Attribute: _attribute,
    ast.Tuple: _pair, ast.Return: _return, ast.If: _if, ast.IfExp: _if, ast.For: _for,
}  # fmt: skip
