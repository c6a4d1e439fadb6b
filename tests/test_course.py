"""The course as it stands: built from its text, stored with outputs, within its limits, spoiling nothing."""

import base64
import io
import json
import re
import subprocess
import sys
import tokenize
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import ClearSolutions

from classroom import claims
from classroom.authoring import build, catalogue, frame, source
from classroom.paths import ROOT
from classroom.quiz import bank
from classroom.tasks.source import load

PAGES = [*catalogue.lessons(ROOT), *catalogue.references(ROOT)]
LESSONS = [lesson for lesson in PAGES if not lesson.page]
CLOSINGS = [lesson for lesson in PAGES if lesson.page == "closing"]
EXERCISES = [lesson for lesson in PAGES if frame.has_exercise(lesson)]
BUILT = [("notebooks", lesson) for lesson in PAGES]
BUILT += [(folder, lesson) for lesson in EXERCISES for folder in ("exercises", "solutions")]
EXECUTED = [(folder, lesson) for folder, lesson in BUILT if folder != "exercises"]
SHOWS = re.compile(r"^(print|ask|predict|outcome|review|check|views\.show|live\.Live)\(", re.MULTILINE)

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.lesson)
each_closing = pytest.mark.parametrize("lesson", CLOSINGS, ids=lambda lesson: lesson.lesson)
each_page = pytest.mark.parametrize("lesson", PAGES, ids=lambda lesson: lesson.lesson)
each_exercise = pytest.mark.parametrize("lesson", EXERCISES, ids=lambda lesson: lesson.lesson)
each_built = pytest.mark.parametrize("folder, lesson", BUILT, ids=lambda part: getattr(part, "lesson", part))
each_executed = pytest.mark.parametrize("folder, lesson", EXECUTED, ids=lambda part: getattr(part, "lesson", part))


def read(lesson, folder="notebooks"):
    return nbformat.read(lesson.built(folder), as_version=4)


def code_cells(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def text_of(nb):
    return "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")


def shown_by(cell):
    """All text that a reader meets in a cell: its source if it is text, the texts and alt texts of its outputs."""
    texts = [cell.source] if cell.cell_type == "markdown" else []
    for output in cell.get("outputs", []):
        texts += [output.get("text", ""), json.dumps(output.get("metadata", {}), ensure_ascii=False)]
        texts += [str(value) for kind, value in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(texts)


def test_there_are_lessons():
    assert LESSONS[0].lesson == "0" and len(LESSONS) >= 3
    assert [lesson.lesson for lesson in LESSONS if lesson not in EXERCISES] == []


def test_each_level_opens_and_looks_things_up():
    """Every level that has lessons opens with its page; the glossary and the notation stand beside the ladder."""
    levels = {lesson.level: lesson.lesson.split(".")[0] for lesson in LESSONS if lesson.level != "start"}
    opened = {page.level: page.lesson for page in PAGES if page.page == "opening"}
    assert {level: opened.get(level) for level in levels} == {level: f"{n}.0" for level, n in levels.items()}
    assert [page.title for page in PAGES if page.page == "reference"] == ["Glossary", "Notation"]


def test_a_level_closes_with_the_page_that_its_opening_promises():
    promised = {
        p.level for p in PAGES if p.page == "opening" and "wrap-up at the end" in p.text(".md").read_text("utf-8")
    }
    assert promised and promised <= {page.level for page in CLOSINGS}
    assert [page.lesson.split(".")[1] for page in CLOSINGS] == ["10"] * len(CLOSINGS)


def test_a_term_is_defined_once():
    defined = [term.casefold() for lesson in PAGES for term in lesson.terms]
    assert sorted(term for term in set(defined) if defined.count(term) > 1) == []


def test_nothing_has_drifted_from_the_text():
    files = [*build.plan(ROOT), build.contents_page(ROOT)]
    assert [str(file.path.relative_to(ROOT)) for file in build.drifted(files)] == []
    assert build.strays(ROOT, files) == []


# ---- what is stored


@each_executed
def test_outputs_are_stored(folder, lesson):
    """nbval passes a notebook without stored outputs, whatever it prints."""
    for cell in code_cells(read(lesson, folder)):
        assert cell.execution_count, f"never executed:\n{cell.source}"
        assert cell.outputs or not SHOWS.search(cell.source), f"no output stored:\n{cell.source}"


@each_built
def test_stored_files_show_without_a_kernel_and_stay_small(folder, lesson):
    path = lesson.built(folder)
    assert path.stat().st_size <= 1_000_000
    nb = read(lesson, folder)
    assert "widgets" not in nb.metadata and ":::" not in text_of(nb)
    for cell in code_cells(nb):
        for output in cell.outputs:
            data = output.get("data", {})
            assert build.WIDGET_VIEW not in data
            assert output.output_type != "error" or "raises-exception" in cell.metadata.get("tags", [])
            if "image/png" in data:
                assert len(base64.b64decode(data["image/png"])) <= 80_000, f"a figure above 80 KB:\n{cell.source}"
                assert output.metadata["image/png"].get("alt"), f"a figure without alt text:\n{cell.source}"


@each_built
def test_links_lead_somewhere(folder, lesson):
    path = lesson.built(folder)
    links = re.findall(r"\]\(([^)\s]+)\)", text_of(read(lesson, folder)))
    local = [link.split("#")[0] for link in links if "://" not in link and not link.startswith(("#", "mailto:"))]
    assert local
    assert [link for link in local if not (path.parent / link).resolve().exists()] == []


def test_links_of_the_pages_lead_somewhere():
    for page in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "INSTRUCTORS.md",
        ROOT / "notebooks" / "README.md",
    ]:
        links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        local = [link.split("#")[0] for link in links if "://" not in link and not link.startswith("#")]
        assert [link for link in local if not (page.parent / link).exists()] == [], page


# ---- the rhythm of a lesson


@each_page
def test_code_cells_are_short_and_stand_between_text(lesson):
    nb = read(lesson)
    for cell in code_cells(nb):
        lines = [line for line in cell.source.split("\n") if line.strip()]
        assert len(lines) <= 25, f"{len(lines)} lines:\n{cell.source}"
    for first, second in pairwise(nb.cells):
        assert {first.cell_type, second.cell_type} != {"code"}, (
            f"no sentence between:\n{first.source}\n--\n{second.source}"
        )


@each_lesson
def test_a_lesson_has_its_parts(lesson):
    text = text_of(read(lesson))
    assert text.startswith("# ") and lesson.title in text.split("\n")[0]
    assert len(lesson.terms) <= 7
    if lesson.lesson != "0":
        headings = [line.strip("# ").lower() for line in text.split("\n") if line.startswith("## ")]
        for part in ("in practice", "what the claims say"):
            assert any(part in heading for heading in headings), f"no section {part!r} among {headings}"
        assert 2 <= len(lesson.objectives) <= 4


@each_page
def test_sentences_are_short(lesson):
    """On average under 18 words, and none above 25; tables and headings aside. A formula or code counts as a word."""
    nb, _ = source.read(lesson.text(".md"))
    prose = []
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|<[^>]*>", " x ", cell.source, flags=re.DOTALL)
            text = re.sub(r"\]\([^)]*\)|(?<=\S)\*+|\*+(?=\S)", "", text)  # where a link leads, and marks around words
            keep = [line for line in text.split("\n") if not re.match(r"\s*(#|\||:::|!)", line)]
            for paragraph in re.split(r"\n\s*\n|\n\s*[-*\d]+\.?\s", "\n".join(keep)):
                prose += [s for s in re.split(r"(?<=[.?!:])\s+", paragraph) if len(s.split()) > 2]
    assert sum(len(s.split()) for s in prose) / len(prose) < 18
    assert [s for s in prose if len(s.split()) > 25] == []


@each_lesson
def test_questions_are_enough_and_every_objective_is_tested(lesson):
    questions = lesson.questions()
    asked = "\n".join(cell.source for cell in code_cells(read(lesson)))
    own = [q for q in questions if q["role"] in ("lesson", "unlock")]
    predictions = [q["id"] for q in questions if q["role"] == "predict"]
    assert len(predictions) <= 3
    if lesson.lesson != "0":
        assert len(own) >= 5 and sum(q["role"] == "memory" for q in questions) >= 3
    for question in questions:
        if question["role"] in ("lesson", "predict"):
            assert f'"{question["id"]}"' in asked, f"never asked: {question['id']}"
    tested = {q["objective"] for q in questions} | {task.objective for task in load(lesson.text(""))}
    known = {objective["id"] for objective in lesson.objectives}
    assert known <= tested, f"no task or question for {known - tested}"


@each_page
def test_questions_are_sound(lesson):
    assert not lesson.questions() or bank.problems(lesson.text(".quiz.yaml")) == []


@each_closing
def test_a_closing_page_mixes_its_questions_and_sends_back_to_the_lessons(lesson):
    """Every wrong answer names a lesson of the level; questions of one lesson do not stand side by side."""
    number, questions = lesson.lesson.split(".")[0], list(bank.load(lesson.text(".quiz.yaml")).values())
    text, asked = text_of(read(lesson)), "\n".join(cell.source for cell in code_cells(read(lesson)))
    others = [other for other in LESSONS if other.level == lesson.level]
    named = re.compile(rf"(?<![\d.])({'|'.join(re.escape(other.lesson) for other in others)})\b")
    first = []  # for each question, in the order of asking, the lesson to look in
    for question in sorted(questions, key=lambda q: asked.index(f'ask("{q.id}")')):
        wrong = [option.feedback for option in question.options if not option.right] + [
            b.text for b in question.bands[1:]
        ]
        wrong += [row.feedback for row in getattr(question, "rows", ())] + [question.dont_know]
        wrong += [question.otherwise] if question.kind == "number" else []
        assert [said for said in wrong if not named.search(said)] == [], question.id
        assert not named.search(question.question), question.id
        first.append(named.search(question.dont_know)[0])
    assert len(questions) >= 8 and all(a != b for a, b in pairwise(first)) and sorted(first) != first
    assert set(first) == {other.lesson for other in others}, "a lesson that no question goes back to"
    assert f'terms("{number}")' in asked and {o["id"] for o in lesson.objectives} == {q.objective for q in questions}
    assert [other.lesson for other in others if f"]({Path(other.stem).name}.ipynb)" not in text] == []
    assert lesson in EXERCISES and 4 <= len([task for task in load(lesson.text("")) if not task.reach]) <= 6


@each_page
def test_nothing_before_a_prediction_tells_its_outcome(lesson):
    cells = read(lesson).cells
    for question in lesson.questions():
        if question["role"] != "predict":
            continue
        asks = f'predict("{question["id"]}")'
        where = next(i for i, cell in enumerate(cells) if cell.cell_type == "code" and asks in cell.source)
        outcome = next(i for i, cell in enumerate(cells) if f'outcome("{question["id"]}"' in cell.source)
        assert where < outcome and "predicted" in cells[outcome].metadata.tags
        before = "\n".join(shown_by(cell) for cell in cells[:where])
        assert [s for s in question["spoilers"] if str(s) in before] == []


@each_page
def test_every_claim_of_the_lesson_is_settled_by_its_numbers(lesson):
    written = {found["id"]: found["verdict"] for found in lesson.verdicts()}
    assert set(lesson.claims) == set(written) <= set(claims.published(ROOT))
    assert all(re.match(r"holds$|holds if .+|does not hold$|cannot be told$", verdict) for verdict in written.values())
    found = {v["claim"]: v["verdict"] for v in claims.settled() if v["lesson"] == lesson.lesson}
    assert found == written


# ---- exercises


@each_exercise
def test_the_exercise_gives_no_answer_away(lesson):
    stubs = "\n".join(cell.source for cell in read(lesson, "exercises").cells)
    for task in load(lesson.text("")):
        answer, stub = set(task.answer.split("\n")), set(task.stub.split("\n"))
        secret = [line.strip() for line in answer - stub if len(line.strip()) > 25]
        assert [line for line in secret if line in stubs] == [], task.name


@each_exercise
def test_nbgrader_can_use_the_folder_as_it_is(lesson):
    """Its own validator accepts the cells, and its own ClearSolutions gives the stubs that we give."""
    nb, _ = source.read(lesson.text(".exercise.md"))
    build._add_nbgrader_metadata(nb, load(lesson.text("")))
    clear = ClearSolutions(code_stub={"python": "raise NotImplementedError()"})
    cleared, _ = clear.preprocess(nb, {})
    ours = {cell.id: cell.source for cell in read(lesson, "exercises").cells if "nbgrader" in cell.metadata}
    theirs = {c.metadata.nbgrader.grade_id: c.source for c in cleared.cells if "nbgrader" in c.metadata}
    assert ours == theirs
    for folder in ("exercises", "solutions"):
        MetadataValidator().validate_nb(read(lesson, folder))


@each_exercise
def test_task_cells_hold_only_definitions(lesson):
    """So that Run All works on an untouched exercise."""
    import ast

    for cell in read(lesson, "exercises").cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            nodes = ast.parse(cell.source).body
            assert all(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in nodes), cell.source


@each_exercise
def test_the_last_task_stands_at_the_level_of_the_lesson(lesson):
    tasks = [task for task in load(lesson.text("")) if not task.reach]
    if lesson.lesson != "0":
        assert tasks[-1].level == lesson.level and len(tasks) >= 3


# ---- who imports whom


def imports_of(code):
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_lesson_imports_no_maintainers_room_and_no_maintainers_package():
    loaded = imports_of("import classroom, nnlib\nfor name in classroom.__all__: getattr(classroom, name)")
    for room in ("classroom.authoring", "classroom.grading", "jupytext", "nbgrader", "nbclient", "tqdm", "torch"):
        assert not {name for name in loaded if name == room or name.startswith(room + ".")}, room


def test_importing_the_classroom_sets_one_thread():
    code = """
import os
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.pop(name, None)
import numpy, classroom, threadpoolctl
import sklearn.linear_model  # brings libraries of its own
assert all(library["num_threads"] == 1 for library in threadpoolctl.threadpool_info())
"""
    imports_of(code)


def test_nnlib_imports_numpy_alone():
    new = imports_of("import nnlib") - imports_of("import numpy")
    outside = {name.split(".")[0] for name in new} - set(sys.stdlib_module_names)
    assert outside == {"nnlib"}


@each_page
def test_a_lesson_seeds_its_numbers(lesson):
    """No global random state: the same notebook gives the same numbers."""
    for folder in ("notebooks", *(["solutions"] if lesson in EXERCISES else [])):
        for cell in code_cells(read(lesson, folder)):
            names = [t.string for t in tokenize.generate_tokens(io.StringIO(cell.source).readline)]
            called = "".join(names)
            assert "random.seed" not in called and "default_rng()" not in called, cell.source
            assert not re.search(r"np\.random\.(?!default_rng)", called), cell.source
