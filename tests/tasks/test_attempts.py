"""What she tried before comes back: code, time and what the check said, also when the check did not end."""

from classroom import cli, progress
from classroom.tasks.attempts import attempts, told
from classroom.tasks.check import check

from .conftest import cell

NAME = "9.1 softmax"


def test_every_attempt_is_told_with_its_result(desk, said, capsys):
    assert told(NAME) == ["There is no attempt at '9.1 softmax' yet; a check stores each."]
    first, second = "def softmax(Z):\n    return Z", "def softmax(Z):\n    return Z + nothing"
    right = "def softmax(Z):\n    e = np.exp(Z - Z.max(1, keepdims=True))\n    return e / e.sum(1, keepdims=True)"
    for code in (first, second, right):
        check(NAME, cell(code, "softmax"))
    progress.record("attempt", NAME, source="def softmax(Z):\n    exit()")
    found = told(NAME)
    assert [text.split("\n")[0].split(": ")[1] for text in found] == ["not yet", "not yet", "passed", "did not end"]
    assert "    return Z + nothing" in found[1] and found[0].startswith("1. 20")
    attempts(NAME)
    assert capsys.readouterr().out.strip() == "\n\n".join(found)
    assert cli.main(["attempts", NAME]) == 0
    assert "4. 20" in capsys.readouterr().out


def test_the_command_gives_the_hints_that_are_open(desk, said, capsys):
    assert cli.main(["hint", NAME]) == 0
    assert "0 of 3 hints open" in capsys.readouterr().out
    check(NAME, cell("def softmax(Z):\n    return Z", "softmax"))
    assert cli.main(["hint", NAME]) == 0
    assert "Hint 1. Look at one row alone." in capsys.readouterr().out


def test_a_long_attempt_is_cut(desk):
    progress.record("attempt", NAME, source="x = 1\n" * 100)
    assert told(NAME)[0].count("\n") == 41 and told(NAME)[0].endswith("…")
