"""nnlib/README.md is the map to read the library by: it names every file once, and its numbers hold."""

import re
from pathlib import Path

import nnlib
from nnlib import Tensor, functional

ROOM = Path(nnlib.__file__).parent
TEXT = (ROOM / "README.md").read_text(encoding="utf-8")
ROWS = [row.split("|")[1:3] for row in TEXT.splitlines() if re.match(r"\| `", row)]


def test_the_map_names_every_file_once():
    named = sorted(name for files, _ in ROWS for name in re.findall(r"`(.+?)`", files))
    there = sorted(p.relative_to(ROOM).as_posix() for p in ROOM.rglob("*.py") if p.name != "__init__.py")
    assert named == there


def test_its_line_counts_hold():
    for files, said in ROWS:
        lines = sum(
            len((ROOM / name).read_text(encoding="utf-8").splitlines()) for name in re.findall(r"`(.+?)`", files)
        )
        assert abs(lines - int(said)) <= 10 + 0.05 * lines, f"{files} has {lines} lines, not {said}"


def test_its_examples_hold():
    w = Tensor(3.0, requires_grad=True)
    loss = (w * 2 - 1) ** 2
    loss.backward(retain_graph=True)
    assert w.grad == 20
    assert "mul" in str(nnlib.draw(loss, {"w": w}))
    a, b = Tensor(2.0, requires_grad=True), Tensor(5.0)
    assert (a * b).vjp(1.0) == (5.0, 2.0)
    code = re.search(r"    def mul.*?\n\n", TEXT, re.DOTALL).group()
    space = {"node": nnlib.node}
    exec("\n".join(line[4:] for line in code.splitlines()), space)
    assert space["mul"](a, b).vjp(1.0) == (5.0, 2.0)
    assert functional.mul.__doc__ in code
