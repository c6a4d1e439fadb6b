"""The code of a lesson's own cells, for the tests of what its text says about it."""

import ast

from classroom.authoring import source
from classroom.paths import lesson_stem

DEFINITIONS = ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef


def code(number, ending=".md"):
    """The source of each code cell of lesson `number`, in order."""
    stem = lesson_stem(number)
    notebook, _ = source.read(stem.with_name(stem.name + ending))
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def code_with(number, *words):
    """For each word the source of the first cell that holds it."""
    cells = code(number)
    return [next(cell for cell in cells if word in cell) for word in words]


def definitions(number, ending=".md"):
    """All that the cells import and define, by name; nothing else of them runs."""
    names = {}
    for cell in code(number, ending):
        body = [part for part in ast.parse(cell).body if isinstance(part, DEFINITIONS)]
        exec(compile(ast.Module(body, []), f"lesson {number}", "exec"), names)
    return names
