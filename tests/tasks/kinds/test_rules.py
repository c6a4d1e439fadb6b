"""Rules treat what came back as hostile, luck and sameness as nothing, and tell an author what is missing."""

import numpy as np
import pytest

from classroom.tasks import Case, Criterion, Marking, cases, examine, trial
from classroom.tasks.arrays import Unusable, code
from classroom.tasks.cases import Outcome
from classroom.tasks.kinds import RULES
from classroom.tasks.kinds.marking import Sheet, as_arrays, beyond_chance, mark
from classroom.tasks.kinds.patient import NotPossible, Patient
from classroom.tasks.kinds.separate import auc
from classroom.tasks.task import RULE_OF

MARKED = sorted(RULE_OF)
HOSTILE = {
    "nothing": {},
    "another key": {"answer": np.array(1)},
    "many values": {"": np.zeros((3, 4))},
    "not a number": {"": np.array(np.nan)},
    "a far number": {"": np.array(1e308)},
    "a truth value": {"": np.array(True)},
    "no values": {"": np.zeros(0)},
    "an unsigned number": {"": np.array(2**64 - 1, np.uint64)},
}


@pytest.fixture(scope="module")
def packs(tasks):
    return {kind: cases.pack_one(tasks[kind], 3) for kind in MARKED}


def answers(pack, change):
    """The right answers with `change(values)` made to each."""
    return [Outcome(change(dict(o.values))) for o in pack.right]


@pytest.mark.parametrize("kind", MARKED)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_cannot_be_marked_is_worth_nothing_and_never_an_exception(packs, kind, hostile):
    pack = packs[kind]
    found = mark(pack, [Outcome(dict(HOSTILE[hostile])) for _ in pack.right])
    assert found.share == 0 and not found.passed
    assert found.said or found.fits


@pytest.mark.parametrize("kind", MARKED)
def test_a_single_value_spoilt_in_any_key_never_breaks_a_rule(packs, kind):
    pack = packs[kind]
    for key in pack.right[0].values:
        for spoilt in HOSTILE.values():
            for value in spoilt.values():
                found = mark(pack, answers(pack, lambda values, k=key, v=value: values | {k: v}))
                assert 0 <= found.share <= 1
        without = mark(pack, answers(pack, lambda values, k=key: {n: v for n, v in values.items() if n != k}))
        assert 0 <= without.share <= 1


@pytest.mark.parametrize("kind", MARKED)
def test_cases_that_did_not_end_leave_no_points(packs, tasks, kind):
    pack = packs[kind]
    assert mark(pack, [Outcome(error="ValueError"), *pack.right[1:]]).share == 0
    assert mark(pack, pack.right[:-1]).share == 0

    def stops(*_):
        raise ValueError("no")

    feedback = examine.examine(pack, stops)
    assert feedback.points == 0 and "ValueError" in str(feedback) and not feedback.passed


def test_verdicts_are_counted_beyond_chance():
    classes = ["a"] * 3 + ["b"] * 9
    for always in "ab":
        assert beyond_chance([c == always for c in classes], classes) == 0
    assert beyond_chance([True] * 12, classes) == 1
    hits, alarms = 6 / 9, 1 / 3
    right = [i < 1 for i in range(3)]
    right = [not alarm for alarm in [True, False, False]] + [i < 6 for i in range(9)]
    assert beyond_chance(right, classes) == pytest.approx(hits - alarms)


def test_the_area_counts_pairs_and_halves_ties():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 6, 11), rng.integers(0, 5, 7)
    pairs = [1.0 if x > y else 0.5 if x == y else 0.0 for x in a for y in b]
    assert auc(a, b) == pytest.approx(np.mean(pairs))
    assert auc(np.ones(3), np.zeros(4)) == 1 and auc(np.ones(3), np.ones(4)) == 0.5


def test_too_few_draws_of_a_truth_are_the_authors_fault():
    sheet = Sheet([{"": np.array(code("a"))}] * 8, [as_arrays({"verdict": w}) for w in "aaaaaaab"], [[]] * 8)
    with pytest.raises(ValueError, match="at least 8 cases of each truth"):
        RULES["decide"](sheet, words=("a", "b"))


def confident(pack, confidence):
    return mark(pack, answers(pack, lambda values: values | {"confidence": np.array(confidence)})).share


def test_a_referees_confidence_counts_by_the_brier_score(packs):
    pack = packs["referee"]
    assert confident(pack, 1.0) == pytest.approx(1.0)
    assert confident(pack, 0.5) == pytest.approx(0.75)
    assert confident(pack, 0.8) == pytest.approx(0.75 + 0.25 * (1 - 0.2**2 / 0.25))
    assert confident(pack, 0.0) == pytest.approx(0.75)
    assert mark(pack, answers(pack, lambda v: v | {"confidence": np.array(1.5)})).share == 0


def test_a_flaw_that_does_not_decide_is_no_hit(packs):
    pack = packs["referee"]
    other = {int(code("too few test examples")): code("unequal training")}
    changed = mark(pack, answers(pack, lambda v: v | {"flaw": np.array(other.get(int(v["flaw"]), v["flaw"]))}))
    assert "8 of 12 flawed reports caught, 0 of 12" in changed.fits


def test_an_input_of_which_the_claim_does_not_speak_is_no_counterexample(tasks, packs):
    pack = packs["counterexample"]

    def said(*found):
        return str(examine.examine(pack, lambda: found))

    assert "probabilities lie between 0 and 1" in said(np.array([2.0, 3.0]), np.array([0.5, 0.5]), np.array([1, 1]))
    assert "three rows of the same length" in said(np.zeros(2), np.zeros(3), np.zeros(2))
    assert "cannot be computed on this input: TypeError" in said(np.zeros(2))
    assert "more than 10000 numbers" in said(np.zeros(20_000), np.zeros(2), np.zeros(2))
    assert "not finite" in said(np.array([np.nan]), np.array([0.5]), np.array([1]))


@pytest.fixture
def patient():
    return Patient({"loss": np.arange(3.0), "norm": np.array(2.0)}, {"loss": 1.0, "norm": 3.0}, 3.0)


def test_a_patient_is_measured_then_diagnosed_then_repaired_once(patient):
    assert patient.measure("loss").tolist() == [0, 1, 2] and patient.left == 2
    assert patient.measure("loss") is not patient.measure("loss") and patient.left == 2
    for wrong, sentence in {
        lambda: patient.measure("norm"): "'norm' costs 3, and 2 of the budget is left",
        lambda: patient.measure("mood"): "There is no measurement 'mood'; there are loss, norm",
        lambda: patient.repair("rest"): "Commit to a diagnosis before you repair",
        lambda: patient.commit("flu", "norm"): "'norm' cannot have decided: it was not measured",
    }.items():
        with pytest.raises(NotPossible, match=sentence):
            wrong()
    patient.commit("flu", "loss")
    patient.repair("rest")
    for wrong, sentence in {
        lambda: patient.measure("loss"): "measurements come before it",
        lambda: patient.commit("cold", "loss"): "The diagnosis is made: 'flu'",
        lambda: patient.repair("tea"): "It is repaired already",
    }.items():
        with pytest.raises(NotPossible, match=sentence):
            wrong()
    assert patient.record() == {"fault": "flu", "decisive": "loss", "repair": "rest", "bought": ["loss"]}


def test_a_patient_left_alone_can_be_marked(packs):
    feedback = examine.examine(packs["locate"], lambda patient: None)
    assert feedback.points == 0 and "fault right in 0" in str(feedback)
    assert "healthy networks got a fault" not in str(feedback)


def test_feedback_speaks_of_what_went_wrong_most(packs):
    pack = packs["locate"]
    first = iter([True])

    def other_measurement(values):
        wrong = {"fault": code("no fault")} if next(first, False) else {"decisive": np.array(0)}
        return values | {name: np.asarray(value) for name, value in wrong.items()}

    assert "not told by what was named" in mark(pack, answers(pack, other_measurement)).said


def test_what_is_bought_beyond_the_budget_does_not_decide(packs):
    pack = packs["locate"]
    everything = np.array([code(name) for name in pack.arguments[0][1]])
    poorer = [[m, costs, 2.0] for m, costs, _ in pack.arguments]
    pack = cases.TaskCases(**{**vars(pack), "arguments": poorer})
    assert mark(pack, answers(pack, lambda values: values | {"bought": everything})).share == 0


def test_a_repair_counts_by_what_the_training_gave_afterwards(tasks):
    pack = cases.pack_one(tasks["locate"], 0)
    cured = trial.judge(pack, pack.right)
    swapped = {int(code("larger rate")): code("smaller rate"), int(code("bias to zero")): code("larger rate")}
    worse = answers(pack, lambda v: v | {"repair": np.array(swapped.get(int(v["repair"]), v["repair"]))})
    assert cured.points == 4 and trial.judge(pack, worse).points == 0
    assert "repairs do not cure" in mark(pack, worse).said


def test_readings_of_a_patient_may_differ_between_processors_and_its_truth_may_not(packs):
    pack = packs["locate"]

    def other(**changes):
        return cases.same({"locate": pack}, {"locate": cases.TaskCases(**{**vars(pack), **changes})})

    (readings, costs, budget), *rest = pack.arguments
    moved = {name: np.asarray(value) + 0.5 for name, value in readings.items()}
    assert other(arguments=[[moved, costs, budget], *rest])
    assert not other(arguments=[[{}, costs, budget], *rest])
    assert not other(truths=pack.truths[::-1])


def test_a_design_is_marked_by_its_gain_within_what_is_true(packs):
    pack = packs["design"]

    def share(change):
        return mark(pack, answers(pack, change)).share

    truths = iter(pack.truths * 3)

    def perfect(values):
        return values | {"predictions": next(truths)["y"]}

    def half_way(values):
        truth = next(truths)
        wrong = np.flatnonzero(truth["baseline"] != truth["y"])
        mended = truth["baseline"].copy()
        mended[wrong[:50]] = truth["y"][wrong[:50]]  # 50 of 400 rows: a gain of 0.125, half the reference
        return values | {"predictions": mended}

    assert share(perfect) == 1 and share(half_way) == pytest.approx(0.75)
    assert "budget allows" in mark(pack, answers(pack, _many_weights)).said
    assert (
        "Not filled in yet in the brief: `model`"
        in mark(pack, answers(pack, lambda v: v | {"brief model": np.array(0)})).said
    )


def _many_weights(values):
    return values | {"weights value 1": np.zeros(500), "brief parameters": np.array(500 + _others(values))}


def _others(values):
    return sum(v.size for k, v in values.items() if k.startswith("weights ") and k != "weights value 1")


def test_predictions_must_follow_from_the_weights_where_a_function_says_how():
    truth = as_arrays({"y": np.arange(40) % 2, "baseline": np.zeros(40, int), "reference": 0.5})
    x = np.where(np.arange(40) % 2, 1.0, -1.0)
    functions = {"forward": lambda weights, x: (weights[0] * x > 0).astype(int)}

    def share(w, predictions):
        answer = {"brief size": np.array(1), "weights": np.array([w]), "predictions": predictions}
        sheet = Sheet([answer], [truth], [[x]], functions)
        return RULES["design"](sheet, fields={"size": "size of weights"}, forward="forward")

    assert share(1.0, truth["y"]).share == 1
    assert "other predictions follow" in share(-1.0, truth["y"]).said
    values = as_arrays({"y": np.arange(50.0), "baseline": np.full(50, 25.0), "reference": 1.0})
    sheet = Sheet([{"brief size": np.array(1), "w": np.zeros(1), "predictions": np.arange(50.0)}], [values], [[]])
    assert RULES["design"](sheet, fields={"size": "size of w"}).passed  # numbers: by the squared error


def test_where_the_baseline_cannot_be_beaten_it_is_right_to_hand_it_in_and_wrong_to_lose():
    y = np.random.default_rng(0).normal(size=200)
    truth = as_arrays({"y": y, "baseline": y + 0.5, "slack": 0.05})

    def given(predictions, promise=0.5):
        answer = {"brief size": np.array(1), "brief error": np.array(promise), "w": np.zeros(1)}
        sheet = Sheet([answer | {"predictions": predictions}], [truth], [[]])
        return RULES["design"](sheet, fields={"size": "size of w"}, promised="error", within=0.3)

    assert given(y + 0.5).share == given(y + 0.45).share == 1
    assert given(y + 0.54).passed and not given(y + 0.56).passed  # 0.29 and 0.31 for 0.25
    assert "beyond the slack" in given(y + 0.6).said
    assert given(y + 0.5, promise=0.4).passed
    assert "promises error 0.2; there it is 0.5" in given(y + 0.5, promise=0.2).said


def test_a_promise_about_labels_is_a_share_of_wrong_ones():
    y = np.arange(40) % 2
    truth = as_arrays({"y": y, "baseline": np.zeros(40, int), "reference": 0.5})
    predictions = np.where(np.arange(40) < 4, 1 - y, y)

    def said(promise):
        answer = {"brief size": np.array(1), "brief error": np.array(promise), "w": np.zeros(1)}
        sheet = Sheet([answer | {"predictions": predictions}], [truth], [[]])
        return RULES["design"](sheet, fields={"size": "size of w"}, promised="error").said

    assert said(0.12) == "" and "there it is 0.1" in said(0.05)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda: Marking("judge"), "There is no rule 'judge'; there are"),
        (lambda: Marking("decide", word="a"), "The rule 'decide' has no setting 'word'; it has words, need"),
        (lambda: Marking("counterexample", claim="claim").packed({}), "needs the function `claim`; no given cell"),
        (lambda: Criterion("clear", 10, {10: "very"}), "what earns 0 and what earns all 10 points"),
    ],
)
def test_a_faulty_marking_gets_a_sentence(made, sentence):
    with pytest.raises(ValueError, match=sentence):
        made()


@pytest.mark.parametrize(
    ("kind", "changed", "sentence"),
    [
        ("decide", {"marking": None}, "is marked by the rule 'decide'; got none"),
        ("recall", {"marking": Marking("decide", words=("a", "b"))}, "is marked by no rule; got the rule 'decide'"),
        ("design", {"rubric": []}, "of 100 points the check gives 100; at most 60%"),
        ("referee", {"level": "analyze"}, "does not assess the level 'analyze'"),
    ],
)
def test_a_task_and_its_marking_must_fit(tasks, kind, changed, sentence):
    task = tasks[kind]
    fields = {name: getattr(task, name) for name in task.__dataclass_fields__ if name not in changed}
    with pytest.raises(ValueError, match=sentence):
        type(task)(**fields, **changed)


def test_cases_without_a_truth_are_named(tasks, monkeypatch):
    task = tasks["decide"]
    monkeypatch.setattr(task, "cases", lambda rng: [(1.0,)])
    with pytest.raises(ValueError, match="yield each case as `Case"):
        cases.pack_one(task, 0)
    monkeypatch.setattr(task, "cases", lambda rng: [Case(1.0, verdict="a"), (2.0,)])
    with pytest.raises(ValueError, match="yield each case as `Case"):
        cases.pack_one(task, 0)


def test_unusable_answers_say_what_is_expected():
    from classroom.tasks.kinds.marking import number, word

    for call, sentence in {
        lambda: word({"": np.array(5)}, "verdict", ["a"]): "a dict with the key `verdict` is expected",
        lambda: word({"v": np.array(5)}, "verdict", ["a"]): "The key `verdict` is missing",
        lambda: word({"v": np.array(5)}, "v", ["a", "b"]): "not one of the words to choose from: a, b",
        lambda: number({"": np.zeros(2)}, ""): "holds 2 values; one is expected",
        lambda: number({"": np.array(np.inf)}, ""): "a finite number is expected",
    }.items():
        with pytest.raises(Unusable, match=sentence):
            call()
