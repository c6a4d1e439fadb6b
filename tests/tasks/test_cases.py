"""The file that a learner receives: the same bytes, no pickles, no answer code."""

from dataclasses import replace

import numpy as np
import pytest

from classroom.tasks import cases


def test_packing_twice_gives_the_same_bytes(tasks, tmp_path):
    for name in ("a", "b"):
        cases.save(cases.pack(tasks.values(), seed=1), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_reading_gives_what_was_packed(packed, tmp_path):
    cases.save(packed, tmp_path / "c.npz")
    again = cases.read(tmp_path / "c.npz")
    assert cases.same(packed, again)
    softmax = again["9.1 softmax"]
    assert softmax.parameters == ["Z"] and softmax.hints[0] == "Look at one row alone."
    assert [w.source for w in softmax.wrong] == ["observed: a test"] * 3
    assert type(again["9.2 train"].arguments[0][0]) is list and type(again["9.2 train"].arguments[0][5]) is float


def test_equal_arrays_are_kept_once_and_come_back_apart(packed, tmp_path):
    task = packed["9.1 softmax"]
    same, other = np.arange(3.0), np.arange(3)
    doubled = replace(task, arguments=[[same, same.copy()], [other, 0.0], [np.zeros(1), -0.0]])
    cases.save({"9.1 softmax": doubled}, tmp_path / "c.npz")
    (one, two), (integers, _), (_, minus) = cases.read(tmp_path / "c.npz")["9.1 softmax"].arguments
    one[0] = 7
    assert two[0] == 0 and integers.dtype == other.dtype and np.signbit(minus)
    with np.load(tmp_path / "c.npz") as file:
        assert sum(np.array_equal(file[key], same) and file[key].dtype == float for key in file.files) == 1


def test_a_case_of_another_type_is_refused_by_name(packed, tmp_path):
    with pytest.raises(ValueError, match="a set"):
        cases.save({"x": replace(packed["9.1 softmax"], arguments=[[{1}]])}, tmp_path / "c.npz")


def test_another_seed_draws_other_cases_and_adding_a_task_moves_none(tasks, packed):
    one = {"9.1 softmax": packed["9.1 softmax"]}
    assert cases.same(cases.pack([tasks["9.1 softmax"]], seed=1), one)
    assert not cases.same(cases.pack([tasks["9.1 softmax"]], seed=2), one)


def test_drift_ignores_last_digits_and_nothing_else(packed, tasks):
    name = "9.1 gradient"
    nudged = cases.pack([tasks[name]], seed=1)
    nudged[name].right[0].values[""] *= 1 + 1e-12
    assert cases.same(nudged, {name: packed[name]})
    nudged[name].right[0].values[""][0, 0] += 1e-3
    assert not cases.same(nudged, {name: packed[name]})
    renamed = cases.pack([tasks[name]], seed=1)
    renamed[name].wrong[0].when += " again"
    assert not cases.same(renamed, {name: packed[name]})


def test_the_file_holds_no_code_of_the_answer_and_no_label(packed, tasks, tmp_path):
    cases.save(packed, tmp_path / "c.npz")
    raw = (tmp_path / "c.npz").read_bytes()
    for task in tasks.values():
        for line in task.answer.splitlines()[1:]:
            assert len(line.strip()) < 12 or line.strip().encode() not in raw
    with np.load(tmp_path / "c.npz", allow_pickle=False) as file:
        assert all(file[key].dtype != object for key in file.files)


def test_errors_of_misconceptions_are_kept_by_name(packed):
    outcomes = cases.outcomes("call", lambda x: [][x], [[0], [1]])
    assert [o.error for o in outcomes] == ["IndexError"] * 2


def test_a_fingerprint_ignores_comments_and_spaces_only():
    one = cases.fingerprint("def f(x):\n    return x + 1\n")
    assert one == cases.fingerprint("def f( x ):   # mine\n\n\n        return x+1")
    assert one != cases.fingerprint("def f(x):\n    return x + 2\n")
    assert cases.fingerprint("def f(:") != one


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda rng: [np.ones(2)], "a single argument needs a comma"),
        (lambda rng: [], "yields nothing"),
        (lambda rng: ((1,) for _ in iter(int, 1)), "does the generator end"),
    ],
)
def test_faulty_cases_get_a_sentence(tasks, monkeypatch, draw, sentence):
    monkeypatch.setattr(tasks["9.1 softmax"], "cases", draw)
    with pytest.raises(ValueError, match=sentence):
        cases.pack_one(tasks["9.1 softmax"], 1)


def test_a_string_among_the_cases_is_the_heading_of_a_group(tasks, monkeypatch):
    task = tasks["9.1 gradient"]
    rows = list(task.cases(np.random.default_rng(0)))
    monkeypatch.setattr(task, "cases", lambda rng: ["few", rows[0], "many", *rows[1:]])
    assert cases.pack_one(task, 1).groups == ["few", "many", "many"]
    monkeypatch.setattr(task, "cases", lambda rng: [rows[0], "many", *rows[1:]])
    with pytest.raises(ValueError, match="before the first heading"):
        cases.pack_one(task, 1)


def test_an_answer_that_fails_its_own_cases_is_reported(tasks, monkeypatch):
    task = tasks["9.1 softmax"]
    monkeypatch.setattr(task, "object", lambda Z: Z[100])
    with pytest.raises(ValueError, match="the answer itself fails"):
        cases.pack_one(task, 1)


def test_the_stub_of_every_task_is_recognised(tasks, packed):
    for name, task in tasks.items():
        assert packed[name].stub == cases.fingerprint(task.stub)


def test_the_words_to_choose_from_keep_their_capitals(tasks, monkeypatch):
    task = tasks["9.2 parts"]
    monkeypatch.setattr(task, "object", lambda: {"A": "Gentoo", "B": "Adelie", "C": "on the line"})
    monkeypatch.setattr(task, "misconceptions", task.misconceptions[:0])
    assert cases.pack_one(task, 0).words == ["Adelie", "Gentoo", "on the line"]
