"""Mutants change one thing of the solution's part, say what, and come in every form that a check must catch."""

import ast

import pytest

from classroom.tasks import mutants


class Made:
    """A task as far as mutants look at it: an answer whose body is the solution."""

    def __init__(self, body, head="def f(x, w, n):", tail=""):
        lines = "\n".join(f"    {line}" for line in body.split("\n"))
        self.answer, self.stub = f"{head}\n{lines}{tail}", f"{head}\n    raise NotImplementedError(){tail}"


def ids(body, **more):
    return [mutant.id for mutant in mutants.mutants(Made(body, **more))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return x + w", ["x + w → x - w", "x + w → x", "x + w → w"]),
        ("return x - w", ["x - w → x + w", "x - w → w - x"]),
        ("return x / n", ["x / n → x * n", "x / n → x", "x / n → n / x"]),
        ("return x / w", ["return 2 * (…)", "return -(…)", "return 0 * (…)"]),
        ("return -x", ["-x → x"]),
        ("return x @ w", ["x @ w → w @ x", "x @ w → x * w"]),
        ("return x.sum(axis=1)", ["axis=1 → axis=0", "sum(…) without axis=1", "x.sum(axis=1) → x.mean(axis=1)"]),
        ("return x.sum(0, keepdims=True)", ["sum(…) without 0", "sum(…) without keepdims=True"]),
        ("return x.max(axis=-1)", ["axis=-1 → axis=0", "axis=-1 → axis=1", "x.max(axis=-1) → x.min(axis=-1)"]),
        ("return [x[i] for i in range(n)]", ["range(n) → range(n - 1)", "range(n) → range(1, n)"]),
        ("return [x[i] for i in range(0, n, 2)]", ["range(0, n, 2) → range(0, n - 1, 2)", "2 → 3 in range(0, n, 2)"]),
        ("return x[:n]", [":n → :", ":n → :n - 1"]),
        ("return x[1:]", ["1: → :", "1 → 2 in 1:"]),
        ("return x.T @ w", ["x.T → x"]),
        ("return x < n", ["x < n → x <= n", "x < n → x > n"]),
        ("return x == n and w", ["x == n → x != n", "x == n and w → x == n or w", "x == n and w → w"]),
        ("return 0.5 * x", ["0.5 → 1.0 in 0.5 * x", "0.5 → -0.5 in 0.5 * x"]),
        ("return np.where(x, w, n)", ["where(w, x, …)"]),
        ("return np.sqrt(x)", ["np.sqrt(x) → x"]),
        ("return x.copy()", ["x.copy() → x"]),
        ("x -= w\nreturn x", ["x -= w → x += w", "without x -= w"]),
        ("w.append(x)\nreturn w", ["without w.append(x)"]),
        ("s = 0\ns = s + x\nreturn s", ["without s = s + x", "without s = 0"]),
        ("for i in x:\n    w += i\nreturn w", ["for i in x: → for i in x[1:]:", "for i in x: → for i in x[:-1]:"]),
        ("if x < n:\n    w = x\nreturn w", ["x < n → True", "x < n → False"]),
        ("return x, w", ["(x, w) → (w, x)"]),
        ("return len(x)", ["len(x) → len(x) - 1"]),
    ],
)  # fmt: skip
def test_a_change_of_every_sort_is_made(body, expected):
    assert set(expected) <= set(ids(body)), ids(body)


def test_every_mutant_is_code_that_differs_from_the_answer_and_from_the_others(tasks):
    for task in tasks.values():
        found = mutants.mutants(task)
        codes = {ast.unparse(ast.parse(mutant.code)) for mutant in found}
        assert len(codes) == len(found) == len({mutant.id for mutant in found})
        assert ast.unparse(ast.parse(task.answer)) not in codes


def test_only_the_solution_is_changed_and_words_only_into_words():
    assert not any("1 + 1" in mutant.id for mutant in mutants.mutants(Made("return x", tail="\n    return 1 + 1")))
    made = Made('names.update(A="bias")')
    assert [m.id for m in mutants.mutants(made, ["bias", "input"]) if "bias" in m.id and "without" not in m.id] == [
        "A='bias' → A='input'"
    ]


def test_the_same_change_at_two_places_has_two_ids():
    found = ids("a = x + w\nreturn a * (x + w)")
    assert {"x + w → x", "x + w → x (2)"} <= set(found)
