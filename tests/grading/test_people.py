"""Who handed in what: from every way in which files are named, and every CSV that Excel writes."""

import os
from datetime import UTC, datetime

import pytest

from classroom.grading import assign, roster
from classroom.grading.people import clean, find
from classroom.paths import ROOT


def laid_out(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    return folder


def who(folder, **options):
    return {each.path.relative_to(folder).as_posix(): each.learner for each in find(folder, **options).found}


@pytest.mark.parametrize(
    ("name", "learner"),
    [
        ("doejane_12345_678910_1_1_neuron.ipynb", "doejane_12345"),
        ("doejane_LATE_12345_678910_1_1_neuron-2.ipynb", "doejane_12345"),
        ("Jane Doe_4711_assignsubmission_file_/1_1_neuron.ipynb", "Jane Doe"),
        ("Jane Doe_4711_assignsubmission_file_1_1_neuron.ipynb", "Jane Doe"),
        ("1_1_neuron/Jane Doe_4711_assignsubmission_file/x.ipynb", "Jane Doe"),
        ("ada/1_1_neuron.ipynb", "ada"),
        ("ada/exercises/1_remember/1_1_neuron.ipynb", "ada"),
        ("1.1/ada.ipynb", "ada"),
        ("1_1_neuron/ada/notebook.ipynb", "ada"),
        ("ada_1_1_neuron.ipynb", "ada"),
        ("ada-lovelace_0_start_here (1).ipynb", "ada-lovelace"),
        ("ada.ipynb.txt", "ada"),
        ("ada.zip", "ada"),
        ("Ada  Love\u202elace.ipynb", "Ada Lovelace"),
        ("e\u0301mile.ipynb", "émile"),
    ],
)
def test_the_name_of_a_file_or_folder_tells_the_learner(tmp_path, name, learner):
    assert who(laid_out(tmp_path, name)) == {name: learner}


def test_a_pattern_tells_where_the_learner_stands(tmp_path):
    laid_out(tmp_path, "group 1/2026-ada-1_1.ipynb", "group 2/2026-bob-1_1.ipynb", "odd.ipynb")
    found = find(tmp_path, "group */2026-{learner}-{lesson}.ipynb")
    assert [each.learner for each in found.found] == ["ada", "bob"]
    assert [(path.name, "does not fit" in why) for path, why in found.left_out] == [("odd.ipynb", True)]
    assert [e.learner for e in find(tmp_path, r"group (?P<group>\d)/2026-(?P<learner>\w+)-.*").found] == [
        "ada",
        "bob",
    ]
    with pytest.raises(ValueError, match="where the learner stands"):
        find(tmp_path, "*/*.ipynb")


def test_nothing_is_dropped_silently(tmp_path):
    laid_out(tmp_path, "ada/1_1_neuron.ipynb", "ada/notes.pdf", "ada/helper.py", "bob/photo.pdf", "1_1_neuron.ipynb")
    laid_out(tmp_path, "ada/.ipynb_checkpoints/1_1_neuron-checkpoint.ipynb", "ada/._1_1_neuron.ipynb", "cleo/own.py")
    (tmp_path / "eve").symlink_to("/etc")
    found = find(tmp_path)
    assert [(each.learner, each.path.name) for each in found.found] == [
        ("1_1_neuron", "1_1_neuron.ipynb"),
        ("ada", "1_1_neuron.ipynb"),
        ("bob", "photo.pdf"),  # what is there is marked, with a sentence, since bob has nothing else
        ("cleo", "own.py"),
    ]
    assert {path.name for path, _ in found.left_out} == {
        "notes.pdf", "helper.py", ".ipynb_checkpoints", "._1_1_neuron.ipynb", "eve",
    }  # fmt: skip
    assert [each.learner for each in found.unknown] == ["1_1_neuron"]


def test_a_folder_handed_in_whole_gives_its_notebooks_and_no_list_of_our_own_files(tmp_path):
    assign.write(ROOT, "1.1", tmp_path / "ada")
    found = find(tmp_path)
    assert [(each.learner, each.path.name) for each in found.found] == [("ada", "1_1_neuron.ipynb")]
    assert {"1_1_neuron.cases.npz", "classroom", "nnlib"} <= {path.name for path, _ in found.left_out}
    assert len(found.left_out) < 10


def test_late_and_several_and_unknown_and_missing_are_listed(tmp_path):
    laid_out(tmp_path, "ada/a.ipynb", "ada/b.ipynb", "bob_LATE_12_34_x.ipynb", "zoe.ipynb")
    late = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    for name in ("ada/a.ipynb", "zoe.ipynb", "bob_LATE_12_34_x.ipynb"):
        os.utime(tmp_path / name, (0, 0))
    os.utime(tmp_path / "ada/b.ipynb", (late, late))
    people = [roster.Person(name="Ada L", login="ada"), roster.Person(name="Bob", id="12"), roster.Person(name="Cy")]
    found = find(tmp_path, roster=roster.Roster(people))
    assert found.lines(datetime(2026, 11, 21, tzinfo=UTC)) == [
        "not on the roster: zoe (zoe.ipynb)",
        "missing: Cy",
        "late: ada (b.ipynb)",
        "several files: ada (a.ipynb, b.ipynb)",
    ]
    assert [each.learner for each in found.late(None)] == ["12"]


def test_one_file_is_a_class_of_one_as_for_a_dry_run(tmp_path):
    laid_out(tmp_path, "1_1_neuron.ipynb")
    (each,) = find(tmp_path / "1_1_neuron.ipynb").found
    assert each.learner and each.known
    with pytest.raises(ValueError, match="There is no file or folder"):
        find(tmp_path / "no")


def test_nbgraders_time_counts_before_the_files(tmp_path):
    laid_out(tmp_path, "ada/1_1/x.ipynb")
    (tmp_path / "ada/1_1/timestamp.txt").write_text("2026-11-20 12:00:00.5 UTC")
    assert find(tmp_path).found[0].received == datetime(2026, 11, 20, 12, 0, 0, 500000, tzinfo=UTC)


def test_a_name_cannot_turn_or_hide_text():
    assert clean("a\u202eb\u200bc\nd\te\ud800") == "abc d e?"


# --- rosters ------------------------------------------------------------------------------------------------------

EXCEL = 'Name;E-Mail;Login\r\n"Doe; Jané ""JD""";jane@x.org;jdoe\r\nÖzil, Bo;bo@x.org;bo\r\n'


@pytest.mark.parametrize(
    "data",
    [
        EXCEL.encode("utf-16"),
        EXCEL.encode("utf-8-sig"),
        EXCEL.encode("cp1252"),
        ("sep=;\r\n" + EXCEL).encode(),
        EXCEL.replace(";", "\t").replace("Doe\t", "Doe;").encode("utf-16-le"),
        EXCEL.replace("\r\n", "\r").encode(),
    ],
)
def test_every_csv_of_excel_is_read(tmp_path, data):
    (tmp_path / "class.csv").write_bytes(data)
    people = roster.read(tmp_path / "class.csv").people
    assert [(p.name, p.email, p.key) for p in people] == [
        ('Doe; Jané "JD"', "jane@x.org", "jdoe"),
        ("Özil, Bo", "bo@x.org", "bo"),
    ]


def test_canvas_and_moodle_lists_are_read_and_their_files_matched(tmp_path):
    (tmp_path / "canvas.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (1)\n"
        "    Points Possible,,,,,10\n"
        '"Doe, Jane",12345,S1,jdoe,A,7\n"Doe, Jané",99,S2,jdoe2,A,8\n'
    )
    found = roster.read(tmp_path / "canvas.csv")
    assert [p.key for p in found.people] == ["jdoe", "jdoe2"]
    assert "share a name" in found.notes[0] and "Doe, Jane" in found.notes[0]
    assert found.find("doejane_12345").key == "jdoe" and found.find("doejane_99").key == "jdoe2"
    assert found.find("Jane Doe") is None  # two of them: better unknown than wrong
    (tmp_path / "moodle.csv").write_text("First name,Surname,ID number,Email address\nJane,Doe,7,jane@x.org\n")
    found = roster.read(tmp_path / "moodle.csv")
    for name in ("Jane Doe", "Doe Jane", "doejane_4711", "jane", "7", "JANE@X.ORG"):
        assert found.find(name) is found.people[0]


def test_rows_that_cannot_be_used_are_named(tmp_path):
    (tmp_path / "class.csv").write_text("name,group\nAda,1\n,2\nAda,3\n\n")
    found = roster.read(tmp_path / "class.csv")
    assert [p.name for p in found.people] == ["Ada"]
    assert found.notes == [
        "Row 3 of the roster has no name, login, e-mail or number; it was left out.",
        "Row 4 of the roster, Ada, is there twice; the first counts.",
    ]
    for text in ("Ada\nBob\n", ""):
        (tmp_path / "class.csv").write_text(text)
        with pytest.raises(ValueError, match="should name the columns"):
            roster.read(tmp_path / "class.csv")
