"""What comes out of a gradebook: tables that Canvas, Moodle and Excel take, and pages in which no text is code."""

import argparse
import base64
import csv
import re
import shlex
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from classroom import cli
from classroom.grading import pages, report
from classroom.grading.gradebook import Gradebook
from classroom.grading.late import Late
from classroom.grading.model import Marked, Submission, TaskMark
from classroom.grading.roster import Person, Roster
from classroom.paths import ROOT
from tests.grading.test_gradebook import NOON

ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\x1b[31m & \'"'


def entered(book, learner, states, lesson="1.1", hours=0, **text):
    """Enter a marking with one task for each of `states`, worth 5 points each."""
    worth = {"passed": 5, "not yet": 2, "not attempted yet": 0, "not judged": 0}
    marks = [
        TaskMark(f"{lesson} task {i}", worth[s], 5, s, **({"sentence": "Look at `b`."} | text))
        for i, s in enumerate(states)
    ]
    note = [text["sentence"]] if "sentence" in text else []
    marked = Marked(
        *(learner, lesson, learner + lesson, marks, note, "landlock", 7, 0.01), NOON + timedelta(days=9), "c"
    )
    received = NOON + timedelta(hours=hours)
    book.enter(marked, Submission(learner, lesson, f"{learner}.ipynb", learner + lesson, received=received))


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "class.db") as gradebook:
        yield gradebook


def sheet(path):
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.data = set(), set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.data += data


def test_tables_hold_what_counts_and_what_the_judge_said(book, tmp_path):
    entered(book, "doejane_12345", ["passed", "not yet"], hours=25, misconceptions=["the bias is left out"])
    entered(book, "doejane_12345", ["passed"], lesson="2.1")
    entered(book, "bob", ["not yet", "not yet"])
    book.override("bob", "1.1 task 0", 4, "a fair reading", "Dr B")
    book.set_due("1.1", NOON)
    book.set_late(Late(10))
    people = Roster([Person("Doe, Jane", id="12345", sis="S1", login="jdoe", section="A"), Person("Cy", login="cy")])
    report.write(book, tmp_path / "out", people)
    one, two = report.title("1.1"), report.title("2.1")
    assert sheet(tmp_path / "out/canvas.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", one, two],
        ["    Points Possible", "", "", "", "", "10.0", "5.0"],
        ["bob", "", "", "", "", "6.0", ""],
        ["Doe, Jane", "12345", "S1", "jdoe", "A", "5.6", "5.0"],
        ["Cy", "", "", "cy", "", "", ""],
    ]
    assert sheet(tmp_path / "out/moodle.csv")[1] == ["bob", "", "", "", "", "6.0", ""]
    rows = list(csv.DictReader((tmp_path / "out/marks.csv").read_text(encoding="utf-8-sig").splitlines()))
    late = next(row for row in rows if row["learner"] == "doejane_12345" and row["lesson"] == "1.1")
    assert (late["points"], late["judged"], late["days late"], late["seed"], late["course"]) == (
        "5.6",
        "7.0",
        "2",
        "7",
        "c",
    )
    changed = next(row for row in sheet(tmp_path / "out/tasks.csv") if row[0] == "bob")
    assert changed[3:10] == ["4.0", "5.0", "2.0", "not yet", "4.0", "a fair reading", "Dr B"]
    odd = report.Class.of(book, people).odd()
    assert (
        "not on the roster: bob" in odd and "nothing handed in: Cy" in odd and "doejane_12345, 1.1: 2 days late" in odd
    )


def test_without_a_roster_canvas_still_gets_the_number_from_the_files_name(book, tmp_path):
    entered(book, "doejane_12345", ["passed"])
    report.write(book, tmp_path / "out")
    assert sheet(tmp_path / "out/canvas.csv")[2][:2] == ["doejane", "12345"]


def test_no_cell_of_a_table_is_a_formula(book, tmp_path):
    entered(book, '=HYPERLINK("http://x")', ["passed"], sentence="@SUM(1)")
    report.write(book, tmp_path / "out")
    for path in (tmp_path / "out").glob("*.csv"):
        for row in sheet(path):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row), path


def test_hostile_text_stays_text_on_every_page(book, tmp_path):
    entered(
        book, ATTACK, ["not yet"], sentence=ATTACK + "x" * 50_000, case=ATTACK, misconceptions=[ATTACK, "$x$ ^ { _"]
    )
    entered(book, "../../etc/passwd", ["passed"])
    book.override(ATTACK, "1.1 task 0", 1, ATTACK, ATTACK)
    report.write(book, tmp_path / "out", Roster([Person(name=ATTACK)]))
    found = list((tmp_path / "out").rglob("*.html"))
    assert len(found) == 3 and len(list(tmp_path.rglob("*.html"))) == 3
    for path in found:
        text = path.read_text(encoding="utf-8")
        tags = Tags(text)
        assert not {"script", "iframe", "object", "link", "base", "form"} & tags.tags
        assert not {name for name in tags.attributes if name.startswith("on")} and "href" not in tags.attributes
        assert not re.search("[\u202a-\u202e\x1b]", text) and len(text) < 400_000
    hers = next(path for path in found if "script" in path.name).read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" in Tags(hers).data and "⟨U+202E⟩" in hers and "⟨U+001B⟩" in hers


def test_a_page_forbids_scripts_and_the_network_and_allows_its_own_style_alone(book, tmp_path):
    entered(book, "ada", ["passed"])
    report.write(book, tmp_path / "out")
    for path in (tmp_path / "out").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'; style-src 'sha256-" in text and "unsafe" not in text
        assert not re.search(r'(src|href)="(?!data:image/svg)', text) and "url(" not in text
        for svg in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", text):
            assert b"<script" not in base64.b64decode(svg)


def test_feedback_says_points_lateness_and_who_decided_but_not_the_persons_name(book, tmp_path):
    entered(book, "ada", ["not yet", "passed"], hours=25, case="x = [1 2]", misconceptions=["the bias is left out"])
    book.override("ada", "1.1 task 0", 3, "a fair reading", "Dr Secret")
    book.set_due("1.1", NOON)
    book.set_late(Late(10))
    report.write(book, tmp_path / "out")
    (path,) = (tmp_path / "out/feedback").iterdir()
    text = path.read_text(encoding="utf-8")
    for said in (
        "6.4 of 10 points",
        "2 days late",
        "20 % less",
        "3 of 5",
        "a fair reading",
        "x = [1 2]",
        "<code>b</code>",
    ):
        assert said in text
    assert "That happens when the bias is left out." in text and "Secret" not in text


def test_the_same_marks_give_the_same_files(book, tmp_path):
    for number in range(8):
        entered(book, f"l{number}", ["passed", "not yet"], misconceptions=["a", "b"][: number % 3])
    report.write(book, tmp_path / "a")
    report.write(book, tmp_path / "b")
    for path in (tmp_path / "a").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_learners_whose_names_look_alike_as_files_have_pages_of_their_own():
    names = ["a b", "a-b", "A-B", "a/b", "..", "CON", "Ää", "Öö"]
    assert len({report.page_name(name).casefold() for name in names}) == len(names)


def test_points_are_short():
    assert [pages.points(p) for p in (3, 2.5, 5 / 3, 0, 10)] == ["3", "2.5", "1.67", "0", "10"]


# --- the commands -------------------------------------------------------------------------------------------------


def test_every_command_on_the_instructors_page_is_one(tmp_path, monkeypatch):
    text = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
    begun = re.findall(r"`(?:python -m classroom )?((?:assign|grade|report|gradebook) [^`…]+?)`", text)
    changes = re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)
    lines = [*begun, *(f"gradebook class.db {line}" for line in changes)]
    assert len(lines) > 10
    parsed = []
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", spy(parsed))
    for line in lines:
        words = shlex.split(re.sub(r"\[(\w+)\]", r"\1", line).replace("POINTS", "3").replace(" --seed`", ""))
        if words not in (["grade", "--seed"],):
            if words[0] == "grade" and "--gradebook" not in words:
                words += ["--gradebook", "x.db"]
            if words[0] == "assign" and "--out" not in words:
                words += ["--out", "x"]
            assert cli.main(words) == 0, line
    assert len(parsed) >= 10


def spy(parsed):
    whole = argparse.ArgumentParser.parse_args

    def parse(self, words):
        found = whole(self, words)
        parsed.append(found)
        found.run = lambda asked: 0
        return found

    return parse


def test_an_instructors_commands(book, tmp_path, capsys):
    entered(book, "ada", ["not yet"], hours=30)
    book.close()
    path = str(tmp_path / "class.db")

    def run(*words):
        code = cli.main(list(words))
        said = capsys.readouterr()
        return code, said.out + said.err

    assert run("gradebook", path, "override", "ada", "1.1 task 0", "4", "--reason", "fair", "--by", "B")[0] == 0
    assert "1.1 task 0: 4 points, by B: fair" in run("gradebook", path, "history")[1]
    assert "is due 2026-11-20 " in run("gradebook", path, "due", "1.1", "2026-11-20 12:00+00:00")[1]
    assert "10 % off for each day begun" in run("gradebook", path, "late", "10")[1]
    code, said = run("report", "--gradebook", path)
    assert code == 0 and "median 3.2 of 5 points" in said and "to look at: ada, 1.1: 2 days late" in said
    assert (tmp_path / "class-report/class.html").exists()
    assert "marks this learner again" in run("gradebook", path, "regrade", "ada")[1]
    code, said = run("gradebook", path, "override", "adda", "x", "many", "--reason", "r")
    assert code == 2 and "a number or the word judged" in said
    code, said = run("gradebook", path, "forget", "ada")
    assert code == 0 and "still there, for you to remove: ada.ipynb" in said
    left = [p.name for p in (tmp_path / "class-report").rglob("*") if p.is_file()]
    assert not [name for name in left if name.endswith((".html", ".csv"))]
    assert run("report", "--gradebook", str(tmp_path / "no.db"))[0] == 2 and not (tmp_path / "no.db").exists()
