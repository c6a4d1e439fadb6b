"""`my/` is the learner's: whatever the order of her edits, the course's updates and kills, nothing of hers is lost."""

import contextlib
import json
import os

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from classroom import working_copy

NAME = "notebooks/1_remember/1_1_neuron.ipynb"


def publish(root, version, name=NAME):
    """A course whose lesson says `version` and spoils its prediction in a stored output."""
    outcome = new_code_cell("show()", metadata={"tags": ["predicted"], "jupyter": {"outputs_hidden": True}})
    outcome.outputs = [new_output("stream", text="the outcome")]
    plain = new_code_cell("print(1)", outputs=[new_output("stream", text="1\n")])
    nb = new_notebook(cells=[new_markdown_cell(f"# version {version}"), outcome, plain])
    for number, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{number}"
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)


def edit(path, text):
    nb = nbformat.read(path, as_version=4)
    nb.cells.append(new_markdown_cell(text))
    nbformat.write(nb, path)


def everything(root):
    return "".join(path.read_text() for path in (root / "my").rglob("*.ipynb"))


def test_the_copy_does_not_spoil_a_prediction(tmp_path):
    publish(tmp_path, 1)
    working_copy.update(tmp_path)
    mine = nbformat.read(tmp_path / "my" / NAME, as_version=4)
    assert mine.cells[1].outputs == [] and mine.cells[1].metadata.jupyter.outputs_hidden
    assert mine.cells[2].outputs[0].text == "1\n"


def test_an_untouched_notebook_is_updated(tmp_path):
    for version in (1, 2):
        publish(tmp_path, version)
        said = working_copy.update(tmp_path)
    assert "version 2" in (tmp_path / "my" / NAME).read_text()
    assert said == ["Your working copy is up to date: 1 notebooks in my/."]


def test_saving_without_a_change_is_not_an_edit(tmp_path):
    publish(tmp_path, 1)
    working_copy.update(tmp_path)
    path = tmp_path / "my" / NAME
    path.write_text(json.dumps(json.loads(path.read_text()), indent=4))  # as another editor would save it
    publish(tmp_path, 2)
    working_copy.update(tmp_path)
    assert "version 2" in path.read_text()


def test_an_edited_notebook_stays_and_the_new_version_is_laid_beside_it(tmp_path):
    publish(tmp_path, 1)
    working_copy.update(tmp_path)
    edit(tmp_path / "my" / NAME, "my note")
    publish(tmp_path, 2)
    said = working_copy.update(tmp_path)
    mine = (tmp_path / "my" / NAME).read_text()
    assert "my note" in mine and "version 1" in mine
    assert "version 2" in (tmp_path / "my" / NAME.replace(".ipynb", ".new.ipynb")).read_text()
    assert "stays as it is" in said[0] and "1_1_neuron.new.ipynb" in said[0]
    assert len(working_copy.update(tmp_path)) == 1  # told once


def test_an_edited_new_version_stays_too(tmp_path):
    publish(tmp_path, 1)
    working_copy.update(tmp_path)
    edit(tmp_path / "my" / NAME, "first note")
    publish(tmp_path, 2)
    working_copy.update(tmp_path)
    edit(tmp_path / "my" / NAME.replace(".ipynb", ".new.ipynb"), "second note")
    publish(tmp_path, 3)
    working_copy.update(tmp_path)
    assert "version 3" in (tmp_path / "my" / NAME.replace(".ipynb", ".new-2.ipynb")).read_text()
    assert "first note" in everything(tmp_path) and "second note" in everything(tmp_path)


@pytest.mark.parametrize("damage", [None, "", "{", '{"given": 3}'])
def test_a_lost_or_damaged_record_overwrites_nothing(tmp_path, damage):
    publish(tmp_path, 1)
    working_copy.update(tmp_path)
    edit(tmp_path / "my" / NAME, "my note")
    record = tmp_path / "my" / ".course.json"
    record.unlink() if damage is None else record.write_text(damage)
    publish(tmp_path, 2)
    working_copy.update(tmp_path)
    assert "my note" in everything(tmp_path) and "version 2" in everything(tmp_path)


def test_a_notebook_that_is_no_longer_json_stays(tmp_path):
    publish(tmp_path, 1)
    working_copy.update(tmp_path)
    (tmp_path / "my" / NAME).write_text("half a note")
    publish(tmp_path, 2)
    working_copy.update(tmp_path)
    assert "half a note" in everything(tmp_path) and "version 2" in everything(tmp_path)


def test_reset_gives_a_fresh_copy_and_keeps_the_old_one(tmp_path):
    publish(tmp_path, 1)
    working_copy.update(tmp_path)
    edit(tmp_path / "my" / NAME, "my note")
    said = working_copy.reset(tmp_path, "1.1")
    assert "my note" not in (tmp_path / "my" / NAME).read_text() and "my note" in everything(tmp_path)
    assert said == ["kept: my/notebooks/1_remember/1_1_neuron.kept.ipynb", f"fresh: my/{NAME}"]
    with pytest.raises(LookupError, match=r"no lesson has the number '9\.9'"):
        working_copy.reset(tmp_path, "9.9")


class Killed(BaseException):
    """Stands for the end of the process: nothing in between may catch it."""


def update_killed_after(root, writes):
    """An update whose process dies at its n-th replacement of a file: before or after it, by the sign of `writes`."""
    real, left = os.replace, [abs(writes)]

    def replace(source, target):
        left[0] -= 1
        if left[0] == 0 and writes > 0:
            raise Killed
        real(source, target)
        if left[0] == 0:
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with contextlib.suppress(Killed):
            working_copy.update(root)


step = st.one_of(
    st.tuples(st.just("publish"), st.integers(0, 3)),
    st.tuples(st.just("edit"), st.integers(0, 5)),
    st.tuples(st.just("update"), st.just(0)),
    st.tuples(st.just("killed"), st.sampled_from([-4, -3, -2, -1, 1, 2, 3, 4])),
)


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(step, max_size=12))
def test_no_order_of_edits_updates_and_kills_loses_a_note(tmp_path_factory, steps):
    root = tmp_path_factory.mktemp("course")
    publish(root, 0)
    working_copy.update(root)
    notes, version = [], 0
    for kind, number in steps:
        mine = sorted((root / "my").rglob("*.ipynb"))
        if kind == "publish":
            version = number
            publish(root, version)
        elif kind == "edit" and mine:
            notes.append(f"note {len(notes)} of mine")
            edit(mine[number % len(mine)], notes[-1])
        elif kind == "update":
            working_copy.update(root)
        elif kind == "killed":
            update_killed_after(root, number)
        assert all(note in everything(root) for note in notes)
    working_copy.update(root)
    assert all(note in everything(root) for note in notes)
    assert f"version {version}" in everything(root)  # and she has the newest version somewhere
