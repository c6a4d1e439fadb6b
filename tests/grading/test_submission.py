"""Whatever a learner hands in is read: the same cells come out of every way in which a notebook gets mangled."""

import html
import io
import json
import os
import quopri
import zipfile

import pytest

from classroom.grading.mend import paragraphs
from classroom.grading.submission import read, read_all
from classroom.paths import ROOT
from tests.grading.corpus.accidents import format_3

NOTEBOOK = ROOT / "solutions" / "1_remember" / "1_1_neuron.ipynb"
TEXT = NOTEBOOK.read_text(encoding="utf-8")
WHOLE = read(NOTEBOOK)


def changed(**by):
    nb = json.loads(TEXT)
    for cell in nb["cells"]:
        for key, value in by.items():
            cell[key] = value(cell[key]) if callable(value) else value
    return json.dumps(nb)


def quoted(text):
    return "On Monday she wrote:\n" + "".join(f"> {line}\n" for line in text.splitlines())


def windows_bytes():
    begin, end = changed(source=lambda s: [*s, "\n# SPLIT é"]).replace("\\u00e9", "é").encode().split("é".encode(), 1)
    return begin + b"\xe9" + end


MANGLED = {
    "as it is": TEXT.encode(),
    "byte-order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-be"),
    "UTF-32": TEXT.encode("utf-32"),
    "ends of lines as Windows has them": TEXT.replace("\n", "\r\n").encode(),
    "CRLF in the sources": changed(source=lambda s: [line.replace("\n", "\r\n") for line in s]).encode(),
    "sources as one string": changed(source="".join).encode(),
    "sources without their ends of line": changed(source=lambda s: [line.rstrip("\n") for line in s]).encode(),
    "format 3": json.dumps(format_3(json.loads(TEXT))).encode(),
    "format 5": TEXT.replace('"nbformat": 4', '"nbformat": 5').encode(),
    "escaped in an e-mail": html.escape(TEXT).encode(),
    "quoted-printable": quopri.encodestring(TEXT.encode()),
    "quoted in an answer": quoted(TEXT).encode(),
    "quoted, escaped, printable": quopri.encodestring(quoted(html.escape(TEXT)).encode()),
    "a letter around it": f"Dear teacher,\n\n{TEXT}\n\nYours".encode(),
    "as Jupyter's server sends it": json.dumps({"type": "notebook", "content": json.loads(TEXT)}).encode(),
    "JSON in a JSON string": json.dumps(TEXT).encode(),
    "outputs edited": changed(outputs=[{"output_type": "stream", "text": "42"}]).encode(),
    "through Colab": json.dumps({**json.loads(TEXT), "metadata": {"colab": {"provenance": []}}}).encode(),
    "spaces that cannot be seen": changed(
        source=lambda s: [line.replace("    ", "\u00a0\u00a0  ") for line in s]
    ).encode(),
    "a conflict of git": TEXT.replace(' "nbformat": 4', '<<<<<<< HEAD\n "nbformat": 4').replace(
        '"nbformat_minor": 5', '"nbformat_minor": 5\n=======\n "nbformat": 4, "x": 5\n>>>>>>> theirs'
    ).encode(),
}  # fmt: skip


def handed_in(folder, data, name="1_1_neuron.ipynb"):
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("how", MANGLED)
def test_the_same_code_comes_out_of_every_mangled_notebook(tmp_path, how):
    found = read(handed_in(tmp_path, MANGLED[how]), "ada")
    code = [[c.source for c in s.cells if c.kind == "code"] for s in (found, WHOLE)]
    assert code[0] == code[1]
    assert (found.learner, found.lesson) == ("ada", "1.1") and found.received
    assert [c.grade_id for c in found.cells] == [c.grade_id for c in WHOLE.cells]
    quiet = {"as it is", "byte-order mark", "outputs edited", "through Colab", "a letter around it"}
    assert how in quiet or "source" in how or "lines" in how or "server" in how or "string" in how or found.notes


def test_stray_bytes_are_read_as_windows_writes_them(tmp_path):
    found = read(handed_in(tmp_path, windows_bytes()))
    assert any("# SPLIT é" in cell.source for cell in found.cells)
    assert "Some bytes are not UTF-8" in found.notes[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        (b"{}", "The notebook has no cells."),
        (b'{"cells": 3}', "The notebook has no cells."),
        (b"[1, 2]", "The notebook has no cells."),
        (b"\xff\xfe", "This is not a notebook"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"<!DOCTYPE html><html></html>", "This is an HTML page"),
        (b"Dear teacher, my dog ate it.", "This is not a notebook"),
        (b'{"url": "https://drive", "doc_id": "1"}', "a link to a document in the cloud"),
        (b"[" * 200_000, "This is not a notebook"),
        (b'{"cells": ' + b"[" * 200_000, "0 whole cells"),
        (b"PK\x03\x04 and then nothing", "The archive could not be unpacked"),
        (bytes(range(128, 256)) * 9, "This is not a notebook"),
    ],
)
def test_what_is_not_a_notebook_becomes_a_sentence(tmp_path, data, said):
    found = read(handed_in(tmp_path, data))
    assert not found.cells and any(said in note for note in found.notes)


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "code", "source": 3},
        {"cell_type": "code", "source": [1, None, "x = 1"]},
        {"cell_type": ["code"], "source": "x"},
        {"cell_type": "code", "source": "x = '\ud800'", "metadata": None},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": ["a"]}}, "id": {}},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": "no"}},
        "no cell",
        {},
    ],
)
def test_cells_of_any_shape_are_read(tmp_path, cell):
    found = read(handed_in(tmp_path, json.dumps({"cells": [cell, {"cell_type": "code", "source": "y = 1"}]}).encode()))
    assert found.cells[-1].source == "y = 1"
    for kept in found.cells:
        assert isinstance(kept.source.encode("utf-8"), bytes) and isinstance(kept.id + kept.grade_id, str)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_what_is_whole_in_a_notebook_that_is_cut_off_is_read(tmp_path, part):
    found = read(handed_in(tmp_path, TEXT.encode()[: int(part * len(TEXT.encode()))]))
    sources = [cell.source for cell in found.cells]
    assert sources == [cell.source for cell in WHOLE.cells][: len(sources)] and len(sources) >= 3
    assert "cut off" in found.notes[0] and found.lesson == "1.1"


def test_one_damaged_cell_costs_no_other(tmp_path):
    middle = TEXT.index("def code_lines")
    found = read(handed_in(tmp_path, (TEXT[:middle] + '"oh"' + TEXT[middle:]).encode()))
    assert len(found.cells) == len(WHOLE.cells) - 1 and found.cells[-1].source == WHOLE.cells[-1].source


def test_copied_cells_and_lost_names_are_noted(tmp_path):
    nb = json.loads(TEXT)
    task = next(c for c in nb["cells"] if c["metadata"].get("nbgrader"))
    found = read(handed_in(tmp_path, json.dumps({**nb, "cells": [*nb["cells"], task]}).encode()))
    assert any("`1_1_parts`" in note for note in found.notes)
    found = read(handed_in(tmp_path, changed(metadata={}).encode()))
    assert any("lost the names" in note for note in found.notes) and found.lesson == "1.1"


def code_lines(submission):
    return [line for cell in submission.cells if cell.kind == "code" for line in cell.source.split("\n") if line]


# --- archives and scripts -----------------------------------------------------------------------------------------


def archive(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    return data.getvalue()


def test_an_archive_gives_one_submission_for_each_lesson(tmp_path):
    other = (ROOT / "exercises" / "0_start_here.ipynb").read_text(encoding="utf-8")
    data = archive(
        **{
            "hers/exercises/1_1_neuron.ipynb": TEXT,
            "hers/exercises/1_1_neuron-Copy1.ipynb": changed(metadata={}),
            "hers/exercises/0_start_here.ipynb": other,
            "__MACOSX/hers/._1_1_neuron.ipynb": b"\0\0",
            "hers/.ipynb_checkpoints/1_1_neuron.ipynb": "{}",
            "hers/notes.txt": "hello",
        }
    )
    found = {submission.lesson: submission for submission in read_all(handed_in(tmp_path, data, "hers.zip"), "ada")}
    assert sorted(found) == ["0", "1.1"] and found["1.1"].learner == "ada"
    assert found["1.1"].cells == WHOLE.cells and "Copy1" in found["1.1"].notes[0]
    assert found["1.1"].digest == WHOLE.digest  # so that the same notebook, packed again, is not marked again


def test_an_archive_that_grows_without_end_is_not_unpacked(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file, file.open("bomb.ipynb", "w") as member:
        for _ in range(40):
            member.write(b" " * 1_000_000)
    found = read(handed_in(tmp_path, data.getvalue(), "x.zip"))
    assert not found.cells and "too large when unpacked" in found.notes[0]


@pytest.mark.parametrize("fmt", ["py:percent", "py:light", "py:hydrogen", "md:myst", "md:markdown"])
def test_scripts_and_markdown_from_jupytext_hold_the_same_code(tmp_path, fmt):
    import jupytext

    script = jupytext.writes(jupytext.reads(TEXT, fmt="ipynb"), fmt=fmt)
    name = "1_1_neuron." + fmt[:2]
    found = read(handed_in(tmp_path, script.encode(), name))
    assert found.lesson == "1.1" and "came as" in " ".join(found.notes)
    ours, whole = (code_lines(submission) for submission in (found, WHOLE))
    assert all(line in ours for line in whole)
    assert sum("def " in cell.source for cell in found.cells) >= 6


def test_a_paragraph_is_never_cut_inside_a_statement():
    script = 'x = """a\n\nb"""\n\ndef f():\n    y = 1\n\n    return y\n\n@d\n\ndef g(): pass\nprint(1)'
    assert paragraphs(script)[:2] == ['x = """a\n\nb"""', "def f():\n    y = 1\n\n    return y"]
    broken = "!pip install x\n\ndef f():\n    y = 1\n\n    return y\n\nx ="
    assert paragraphs(broken) == ["!pip install x", "def f():\n    y = 1\n\n    return y", "x ="]


def test_links_pipes_folders_and_missing_files_are_not_opened(tmp_path):
    (tmp_path / "link.ipynb").symlink_to(NOTEBOOK)
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name, said in (("link.ipynb", "a link"), ("pipe.ipynb", "not a file"), (".", "not a file"), ("no", "No such")):
        found = read(tmp_path / name)
        assert not found.cells and said in found.notes[0]
