"""A misconception is found by what it gives, also apart from a sign, a factor or a transpose, and never by luck."""

import numpy as np
import pytest

from classroom.tasks import cases, causes
from classroom.tasks.cases import Outcome, TaskCases, Wrong
from classroom.tasks.examine import MOST_WORDS, examine


def task(right, *wrongs, whens=("the rows are summed", "the mean is left out", "the sign is kept"), arguments=None):
    """A task whose answer and misconceptions give these arrays, one for each case."""
    count = len(right)
    return TaskCases(
        name="9.9 made", kind="implement", probe="call", minutes=1, points=1, tolerance=None, seconds=1,
        object_name="f", object_kind="function", parameters=["i"], stub="", hints=["Look."], words=[],
        arguments=arguments or [[i] for i in range(count)],
        groups=[""] * count,
        right=[Outcome({"": r}) for r in right],
        wrong=[Wrong(when, "invented: x", [Outcome({"": w}) for w in wrong])
               for when, wrong in zip(whens, wrongs, strict=False)],
    )  # fmt: skip


rng = np.random.default_rng(5)
RIGHT = [rng.normal(size=(2, 3)), rng.normal(size=(3, 3))]
WRONG = [np.exp(r) for r in RIGHT]
OTHER = [r**2 + 1 for r in RIGHT]


def found(made, way, of=WRONG):
    return causes.causes(made, [Outcome({"": way(w)}) for w in of])


@pytest.mark.parametrize(
    ("way", "apart"),
    [
        (lambda w: w, ""),
        (lambda w: -w, "from its sign"),
        (lambda w: w.T, "from being transposed"),
        (lambda w: 3 * w, "from a factor of 3"),
        (lambda w: -w / 4, "from a factor of 1/4 and its sign"),
    ],
)
def test_a_wrong_answer_is_found_apart_from_one_change(way, apart):
    assert found(task(RIGHT, OTHER, WRONG), way) == [causes.Cause(1, apart)]


@pytest.mark.parametrize(
    "way", [lambda w: w + 1, lambda w: w * len(w), lambda w: w[::-1], lambda w: -w.T, lambda w: 0 * w]
)
def test_other_changes_and_changes_that_vary_find_nothing(way):
    assert found(task(RIGHT, OTHER, WRONG), way) == []


def test_what_is_the_right_answer_changed_is_no_misconception():
    """100 times too large is told as such, also if a misconception is 50 times too large."""
    made = task(RIGHT, [50 * r for r in RIGHT])
    assert found(made, lambda r: 100 * r, RIGHT) == [] and found(made, lambda r: -r, RIGHT) == []
    assert found(made, lambda r: 50 * r, RIGHT) == [causes.Cause(0)]


def test_a_change_that_gives_right_values_is_no_misconception():
    """One part is right; that a misconception doubles it does not explain what is wrong in the other part."""
    made = task(RIGHT, RIGHT)
    for i, r in enumerate(RIGHT):
        made.right[i] = Outcome({"slope": r, "agrees": np.array(True)})
        made.wrong[0].outcomes[i] = Outcome({"slope": 2 * r, "agrees": np.array(False)})
    wrong = [Outcome({"slope": r, "agrees": np.array(False)}) for r in RIGHT]
    assert causes.causes(made, wrong) == []
    wrong = [Outcome({"slope": 4 * r, "agrees": np.array(False)}) for r in RIGHT]
    assert causes.causes(made, wrong) == [causes.Cause(0, "from a factor of 2")]


def test_few_numbers_prove_no_factor():
    right, wrong = [np.array([0.3]), np.array([0.7])], [np.array([0.5]), np.array([0.2])]
    assert found(task(right, wrong), lambda w: 2 * w, wrong) == []
    assert found(task(right, wrong), lambda w: w, wrong) == [causes.Cause(0)]


def test_truth_values_and_words_have_no_sign():
    right, wrong = [np.arange(4) > 1, np.arange(4) > 2], [np.arange(4) > 0, np.arange(4) > 3]
    assert found(task(right, wrong), np.logical_not, wrong) == []
    assert found(task(RIGHT, WRONG), lambda w: w > 1) == []


def test_an_exact_match_hides_those_that_need_a_change():
    assert found(task(RIGHT, WRONG, [-w for w in WRONG]), lambda w: w) == [causes.Cause(0)]


def test_parts_that_fit_stay_out_of_the_change():
    made = task(RIGHT, WRONG)
    for i, (r, w) in enumerate(zip(RIGHT, WRONG, strict=True)):
        made.right[i], made.wrong[0].outcomes[i] = (
            Outcome({"a": r, "n": np.array(2)}),
            Outcome({"a": w, "n": np.array(7)}),
        )
    got = [Outcome({"a": -w, "n": np.array(7)}) for w in WRONG]
    assert causes.causes(made, got) == [causes.Cause(0, "from its sign")]
    got = [Outcome({"a": -w, "n": np.array(-7)}) for w in WRONG]
    assert causes.causes(made, got) == []


def says(made, way):
    return examine(made, lambda i: way(i))


def test_the_words_for_a_change_and_for_several_causes():
    made = task(RIGHT, WRONG, WRONG, OTHER)
    text = says(made, lambda i: -WRONG[i])
    assert "Apart from its sign, that happens when the rows are summed, or when the mean is left out." in str(text)
    assert text.named == [0, 1]
    exact = says(made, lambda i: WRONG[i])
    assert "That happens when the rows are summed, or when the mean is left out. Is it one of them?" in str(exact)
    alone = says(task(RIGHT, WRONG), lambda i: WRONG[i].T)
    assert "Apart from being transposed, that happens when the rows are summed. Is that what" in str(alone)


def test_all_causes_are_named_and_the_feedback_stays_short():
    long = [" ".join([word] * 13) for word in ("one", "two", "three")]
    made = task(RIGHT, WRONG, WRONG, WRONG, whens=long)
    feedback = says(made, lambda i: WRONG[i])
    assert feedback.words <= MOST_WORDS and len(feedback.named) == 3
    made = task(RIGHT, WRONG, WRONG, WRONG, whens=[" ".join([word] * 9) for word in ("one", "two", "three")])
    assert all(word in str(says(made, lambda i: WRONG[i])) for word in ("one", "two", "three"))


def test_every_changed_misconception_of_the_examples_is_found(packed):
    """Where the outputs are numbers enough, each wrong answer is still found with its sign turned, and tripled."""
    tried = 0
    for made in packed.values():
        for number, wrong in enumerate(made.wrong):
            values = [a for o in wrong.outcomes for a in (o.values or {}).values()]
            if made.probe != "call" or not values or any(not np.isfinite(a).all() for a in values):
                continue
            if causes._change(made, wrong.outcomes, made.right):
                continue
            for change in (-1, 3):
                got = [Outcome({k: change * a for k, a in o.values.items()}) for o in wrong.outcomes]
                assert number in [c.number for c in causes.causes(made, got)], (made.name, wrong.when, change)
                tried += 1
    assert tried >= 8


def test_the_cases_of_before_have_no_groups():
    assert cases.TaskCases(**{k: v for k, v in vars(task(RIGHT, WRONG)).items() if k != "groups"}).groups == []
