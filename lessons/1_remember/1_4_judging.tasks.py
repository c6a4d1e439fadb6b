"""Tasks of lesson 1.4: sets and their jobs, curves, the order of judging, reports; reach: split, and judge honestly."""

import numpy as np

from classroom.tasks import Misconception, Task, with_entries

PEEK = "forum: ai.stackexchange.com 20034, why not compare all candidates on the test set"
GAP = "forum: overfitting explained as a large gap between training and validation"
LEAK = "forum: questions on scaling before or after the split"
BELOW = "forum: github.com/keras-team/keras issue 472, validation loss lower than training loss"
SEEDS = "literature: Bouthillier and others (2021), sources of variance that are left out"
STOP = "observed: the last weights are kept because training went on"
TRIED = "invented: tried by the author"


JOBS = {
    "compute the gradients": "training",
    "choose between 8 and 32 hidden neurons": "validation",
    "say after which epoch to stop": "validation",
    "compute the mean picture that is subtracted": "training",
    "give the score for the report": "test",
    "choose the dropout probability": "validation",
}
KINDS = {
    "batch size": "hyperparameter",
    "bias of a hidden neuron": "parameter",
    "test accuracy": "measured",
    "dropout probability": "hyperparameter",
    "weight of a pixel": "parameter",
    "number of hidden layers": "hyperparameter",
    "training loss": "measured",
    "learning rate": "hyperparameter",
}
CURVES = {
    "it overfits": "C",
    "it needs more epochs": "A",
    "dropout is on while the training loss is noted": "B",
    "more epochs would do little, for good or ill": "D",
    "of the run that overfits, keep the weights of about": "epoch 100",
}
ORDER = [
    "split the images",
    "compute the mean picture",
    "train each network",
    "compare on the validation set",
    "choose one network",
    "measure it on the test set",
    "report the score",
]
REPORTS = {"P": "spread over seeds", "Q": "no spread", "R": "spread over splits", "S": "luck picked out"}


def moved(*places):
    """A function that gives the steps in another order, by their places in the right one."""
    return lambda: [ORDER[place] for place in places]


def orders(rng):
    """Shuffled row numbers and the sizes of two sets; the sizes differ, and the first case is easy to follow."""
    yield np.array([4, 1, 7, 0, 3, 6, 2, 5]), 3, 2
    for n in (9, 20, 31):
        n_validation, n_test = rng.choice(np.arange(1, n // 3 + 1), size=2, replace=False)
        yield rng.permutation(n), int(n_validation), int(n_test)


def both_from_the_front(order, n_validation, n_test):
    return order[n_test + n_validation :], order[:n_validation], order[:n_test]


def training_keeps_all(order, n_validation, n_test):
    return order, order[n_test : n_test + n_validation], order[:n_test]


def training_keeps_validation(order, n_validation, n_test):
    return order[n_test:], order[n_test : n_test + n_validation], order[:n_test]


def not_shuffled(order, n_validation, n_test):
    return right_split(np.sort(order), n_validation, n_test)


def sizes_change_places(order, n_validation, n_test):
    return right_split(order, n_test, n_validation)


def test_comes_first(order, n_validation, n_test):
    training, validation, test = right_split(order, n_validation, n_test)
    return test, validation, training


def validation_comes_first(order, n_validation, n_test):
    training, validation, test = right_split(order, n_validation, n_test)
    return validation, test, training


def from_the_end(order, n_validation, n_test):
    return right_split(order[::-1], n_validation, n_test)


def right_split(order, n_validation, n_test):
    """Right, by numpy's split."""
    test, validation, training = np.split(order, [n_test, n_test + n_validation])
    return training, validation, test


def score_tables(rng):
    """Accuracies of settings and seeds: best by mean, by single run or middle run, by worst run, by test differ."""
    validation = np.array([[0.90, 0.92, 0.91], [0.94, 0.80, 0.84], [0.88, 0.89, 0.90]])
    yield validation, np.array([[0.89, 0.91, 0.93], [0.90, 0.82, 0.86], [0.95, 0.94, 0.96]])
    for settings, seeds in ((3, 4), (4, 3), (5, 5)):
        validation, test = rng.uniform(0.80, 0.90, size=(2, settings, seeds))
        best, lucky, steady = rng.permutation(settings)[:3]
        validation[best] = rng.permuted([0.86, *rng.uniform(0.91, 0.93, size=seeds - 1)])
        validation[lucky] = 0.60, *rng.uniform(0.94, 0.96, size=seeds - 1)  # not by its first run
        validation[steady] = rng.uniform(0.87, 0.88, size=seeds)
        test[steady] = rng.uniform(0.91, 0.97, size=seeds)
        yield validation, test


def report(chosen, scores):
    return chosen, np.mean(scores), np.max(scores) - np.min(scores)


def chosen_by_test(validation, test):
    return report(test.mean(axis=1).argmax(), test[test.mean(axis=1).argmax()])


def chosen_by_best_run(validation, test):
    chosen = validation.max(axis=1).argmax()
    return report(chosen, test[chosen])


def reports_validation(validation, test):
    chosen = validation.mean(axis=1).argmax()
    return report(chosen, validation[chosen])


def reports_the_best_seed(validation, test):
    chosen, _, spread = by_loops(validation, test)
    return chosen, test[chosen].max(), spread


def spread_of_everything(validation, test):
    chosen, mean, _ = by_loops(validation, test)
    return chosen, mean, test.max() - test.min()


def spread_as_deviation(validation, test):
    chosen, mean, _ = by_loops(validation, test)
    return chosen, mean, test[chosen].std()


def over_the_settings(validation, test):
    chosen = validation.mean(axis=0).argmax()
    return report(chosen, test[:, chosen])


def best_run_and_its_score(validation, test):
    chosen, seed = np.unravel_index(validation.argmax(), validation.shape)
    return chosen, test[chosen, seed], np.ptp(test[chosen])


def chosen_by_worst_run(validation, test):
    chosen = validation.min(axis=1).argmax()
    return report(chosen, test[chosen])


def chosen_by_middle_run(validation, test):
    chosen = np.median(validation, axis=1).argmax()
    return report(chosen, test[chosen])


def one_seed(validation, test):
    chosen = validation[:, 0].argmax()
    return report(chosen, test[chosen])


def by_loops(validation, test):
    """Right, in plain Python."""
    means = [sum(row) / len(row) for row in validation.tolist()]
    chosen = means.index(max(means))
    scores = test[chosen].tolist()
    return chosen, sum(scores) / len(scores), max(scores) - min(scores)


WORDS = {"level": "remember", "probe": "labels", "points": 5}
REACH = {"kind": "implement", "level": "apply", "points": 5, "reach": True}

tasks = [
    Task(
        name="1.4 jobs",
        kind="match",
        objective="1.4a",
        minutes=3,
        difficulty=1,
        misconceptions=[
            Misconception(
                "the number of neurons is chosen on the test set", with_entries(JOBS, choose_between="test"), PEEK
            ),
            Misconception(
                "the dropout probability is chosen on the test set", with_entries(JOBS, choose_the_dropout="test"), PEEK
            ),
            Misconception(
                "the test set says when to stop",
                with_entries(JOBS, say_after="test"),
                "forum: github.com/LunaBlack/KGAT-pytorch issue 29, early stopping on the test set",
            ),
            Misconception("the training set says when to stop", with_entries(JOBS, say_after="training"), STOP),
            Misconception(
                "the training set chooses the number of neurons",
                with_entries(JOBS, choose_between="training"),
                "observed: training accuracy tells which network is better",
            ),
            Misconception(
                "the training set chooses the dropout probability",
                with_entries(JOBS, choose_the_dropout="training"),
                "invented: dropout acts in training",
            ),
            Misconception(
                "the score that chose is reported",
                with_entries(JOBS, give_the="validation"),
                "forum: github.com/FT-ZHOU-ZZZ/CMTA issue 8, the validation set stops and reports",
            ),
            Misconception(
                "the training accuracy is reported",
                with_entries(JOBS, give_the="training"),
                "observed: training accuracy is quoted as the result",
            ),
            Misconception(
                "the mean picture is taken from images that were held back",
                with_entries(JOBS, compute_the_mean="validation"),
                LEAK,
            ),
            Misconception(
                "the mean picture is taken from the test images", with_entries(JOBS, compute_the_mean="test"), LEAK
            ),
            Misconception(
                "gradients come from a set that is held back",
                with_entries(JOBS, compute_the_grad="validation"),
                "forum: does the network learn from validation data",
            ),
        ],
        hints=[
            'Look at the three lines in "Three sets, three jobs".',
            "Ask of each job: does it set something by itself, does it choose between candidates, or does it judge?",
            "A baker tries three recipes on her family, keeps the best, and enters one cake in the contest. The family "
            "chooses, the jury judges, once.",
        ],
        **WORDS,
    ),
    Task(
        name="1.4 kinds",
        kind="match",
        objective="1.4c",
        minutes=3,
        difficulty=1,
        misconceptions=[
            Misconception(
                "the learning rate is taken for learnt",
                with_entries(KINDS, learning_rate="parameter"),
                "invented: from the word learning",
            ),
            Misconception(
                "the bias is taken for chosen",
                with_entries(KINDS, bias="hyperparameter"),
                "invented: the bias is left out when parameters are named",
            ),
            Misconception(
                "the dropout probability is taken for learnt",
                with_entries(KINDS, dropout="parameter"),
                "invented: p is a number of the network, as its weights are",
            ),
            Misconception(
                "only what the network consists of is a parameter or hyperparameter",
                with_entries(KINDS, batch_size="measured"),
                "invented: widths are the first example given",
            ),
            Misconception(
                "the loss is taken for a number that is set",
                with_entries(KINDS, training_loss="parameter"),
                "invented: training changes it, so it is taken for trained",
            ),
            Misconception(
                "a result is taken for a choice",
                with_entries(KINDS, test_accuracy="hyperparameter"),
                "invented: both stand in the same table of a report",
            ),
            Misconception(
                "the number of layers is taken for learnt",
                with_entries(KINDS, number="parameter"),
                "forum: parameters and hyperparameters are exchanged",
            ),
            Misconception(
                "every number that is set is called a parameter",
                with_entries(
                    KINDS, batch_size="parameter", learning="parameter", number="parameter", dropout="parameter"
                ),
                "forum: parameters of a function, in the sense of code",
            ),
            Misconception(
                "a weight is taken for chosen",
                with_entries(KINDS, weight="hyperparameter"),
                "forum: parameters and hyperparameters are exchanged",
            ),
        ],
        hints=[
            'The section "What you choose yourself" begins with both words.',
            "Ask of each: does an update change it? Did someone write it down before training? Does it come out?",
            "Of a cake: the oven's heat is chosen, the browning comes out, and nothing in the kitchen is set by a "
            "gradient. In a network, what is?",
        ],
        **WORDS,
    ),
    Task(
        name="1.4 curves",
        kind="label",
        objective="1.4b",
        minutes=5,
        difficulty=2,
        misconceptions=[
            Misconception(
                "a gap with validation below training is called overfitting",
                with_entries(CURVES, it_overfits="B", dropout="C"),
                BELOW,
            ),
            Misconception(
                "high losses are called overfitting",
                with_entries(CURVES, it_overfits="A", it_needs="C"),
                "observed: every bad score is called overfitting",
            ),
            Misconception(
                "a level curve is taken for one that still falls",
                with_entries(CURVES, it_needs="D", more="A"),
                "invented: more epochs is the first cure that learners name",
            ),
            Misconception(
                "the weights with the lowest training loss are kept", with_entries(CURVES, of_the_run="epoch 400"), STOP
            ),
            Misconception(
                "the weights are kept where the two curves are still together",
                with_entries(CURVES, of_the_run="epoch 10"),
                GAP,
            ),
            Misconception(
                "a gap between level curves is taken for dropout", with_entries(CURVES, dropout="D", more="B"), TRIED
            ),
            Misconception(
                "a rising validation curve is taken for one that more epochs will cure",
                with_entries(CURVES, it_needs="C"),
                "forum: validation loss rises, shall I train longer?",
            ),
            Misconception(
                "a falling training curve is taken for a run that is well", with_entries(CURVES, more="C"), GAP
            ),
        ],
        hints=[
            "In each panel follow the validation curve from left to right: does it fall, run level, or rise?",
            "Overfitting: training falls on, validation rises. Dropout: the training loss is noted with neurons off.",
            "With losses 0.8, 0.5, 0.4 for training and 0.8, 0.5, 0.7 for validation at epochs 1, 30, 90, keep epoch "
            "30: there the validation loss is lowest.",
        ],
        **WORDS,
    ),
    Task(
        name="1.4 order",
        kind="order",
        objective="1.4a",
        minutes=3,
        difficulty=2,
        misconceptions=[
            Misconception("the mean picture is computed before the split", moved(1, 0, 2, 3, 4, 5, 6), LEAK),
            Misconception("the test set is opened before the choice", moved(0, 1, 2, 3, 5, 4, 6), PEEK),
            Misconception("the test set is opened before the comparison", moved(0, 1, 2, 5, 3, 4, 6), PEEK),
            Misconception("one network is chosen before any is compared", moved(0, 1, 2, 4, 3, 5, 6), TRIED),
            Misconception(
                "the split comes after training",
                moved(1, 2, 0, 3, 4, 5, 6),
                "invented: the split is thought to serve judging only",
            ),
            Misconception(
                "the score is reported before the test",
                moved(0, 1, 2, 3, 4, 6, 5),
                "forum: the validation set stops and reports",
            ),
            Misconception("networks are trained before the mean picture is known", moved(0, 2, 1, 3, 4, 5, 6), TRIED),
            Misconception("networks are compared before they are trained", moved(0, 1, 3, 2, 4, 5, 6), TRIED),
        ],
        hints=[
            "What must have happened before anything is computed from images?",
            "Two steps use images that were held back. Which of them may influence a choice?",
            "For the cakes: buy, bake three, let the family taste, pick one, enter it in the contest, tell the result.",
        ],
        **(WORDS | {"probe": "order"}),
    ),
    Task(
        name="1.4 reports",
        kind="label",
        objective="1.4d",
        minutes=3,
        difficulty=2,
        misconceptions=[
            Misconception(
                "what differs between seeds and between splits is exchanged",
                with_entries(REPORTS, P="spread over splits", R="spread over seeds"),
                "observed: one seed for everything in a script",
            ),
            Misconception(
                "a spread over seeds is read as covering the images",
                with_entries(REPORTS, P="spread over splits"),
                SEEDS,
            ),
            Misconception(
                "the best of many is read as a spread over them",
                with_entries(REPORTS, S="spread over seeds", P="luck picked out"),
                PEEK,
            ),
            Misconception(
                "the best seed is read as one plain training",
                with_entries(REPORTS, S="no spread", Q="luck picked out"),
                TRIED,
            ),
            Misconception("thirty seeds are read as a spread", with_entries(REPORTS, S="spread over seeds"), PEEK),
            Misconception(
                "splitting anew is read as other seeds of the network",
                with_entries(REPORTS, R="spread over seeds"),
                "observed: one seed for everything in a script",
            ),
        ],
        hints=[
            "Ask of each report: how many trainings, and what was different between them?",
            "A spread needs several scores that are all reported. A maximum is one score, picked out.",
            '"Five cooks, one recipe: 7 to 8 points" is a spread over cooks. "The best of five cooks: 8 points" is '
            "none.",
        ],
        **WORDS,
    ),
    Task(
        name="1.4 split",
        objective="1.4a",
        minutes=5,
        difficulty=2,
        cases=orders,
        alternatives=[right_split],
        misconceptions=[
            Misconception(
                "validation and test set both begin at the first row",
                both_from_the_front,
                "invented: two slices from 0",
            ),
            Misconception(
                "the training set keeps the rows of the other two",
                training_keeps_all,
                "observed: held-back rows are copied, not taken away",
            ),
            Misconception(
                "the training set keeps the rows of the validation set",
                training_keeps_validation,
                "observed: held-back rows are copied, not taken away",
            ),
            Misconception(
                "the rows are taken in their original order, not as shuffled",
                not_shuffled,
                "forum: sorted files that are split without a shuffle",
            ),
            Misconception("the sizes of validation and test set change places", sizes_change_places, TRIED),
            Misconception(
                "the three sets are returned in the order test, validation, training", test_comes_first, TRIED
            ),
            Misconception(
                "the sets are returned in the order validation, test, training", validation_comes_first, TRIED
            ),
            Misconception(
                "the test set is taken from the end",
                from_the_end,
                "invented: the test set is opened last, so it is put last",
            ),
        ],
        hints=[
            "Three slices of `order`, and every row is in exactly one of them.",
            "Where the test set ends the validation set begins; where that ends the training set begins.",
            "Of `[5, 0, 2, 4, 1, 3]` with one row for test and two for validation: test `[5]`, validation `[0, 2]`, "
            "training `[4, 1, 3]`.",
        ],
        **REACH,
    ),
    Task(
        name="1.4 honest score",
        objective="1.4d",
        minutes=8,
        difficulty=3,
        cases=score_tables,
        alternatives=[by_loops],
        equivalent={
            "validation.mean(axis=1) → validation.sum(axis=1)": "every setting has the same number of seeds",
        },
        misconceptions=[
            Misconception("the test accuracies take part in the choice", chosen_by_test, PEEK),
            Misconception(
                "the setting is chosen by its best single run, not by its mean",
                chosen_by_best_run,
                "observed: the best run of a search is quoted",
            ),
            Misconception(
                "the validation accuracy of the chosen setting is reported",
                reports_validation,
                "forum: github.com/FT-ZHOU-ZZZ/CMTA issue 8, the validation set stops and reports",
            ),
            Misconception("the test accuracy of the best seed is reported, not the mean", reports_the_best_seed, PEEK),
            Misconception(
                "the spread runs over all settings, not over the seeds of the chosen one", spread_of_everything, TRIED
            ),
            Misconception(
                "the spread is the standard deviation, not largest minus smallest",
                spread_as_deviation,
                "invented: the measure that the lesson's figure uses",
            ),
            Misconception(
                "means run over the settings: rows and columns change places",
                over_the_settings,
                "forum: Stack Overflow, 'What does axis=0 do in NumPy's sum function?'",
            ),
            Misconception(
                "the best single run is chosen, and its own test accuracy is reported", best_run_and_its_score, PEEK
            ),
            Misconception("only the first seed is looked at in choosing", one_seed, SEEDS),
            Misconception("the setting is chosen by its worst run, not by its mean", chosen_by_worst_run, TRIED),
            Misconception("the setting is chosen by its middle run, not by its mean", chosen_by_middle_run, TRIED),
        ],
        hints=[
            "Three lines: a mean for each setting, the place of the largest, then that row of the test accuracies.",
            "The choice looks at `validation` only, the report at one row of `test` only.",
            "For `[[1, 3], [2, 4]]`, `mean(axis=1)` is `[2, 3]`, and `argmax()` of that is 1: the second row.",
        ],
        **REACH,
    ),
]
