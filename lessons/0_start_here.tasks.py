"""The task of lesson 0: how often is each digit read right? A share needs the right whole to be a share of."""

import numpy as np

from classroom.tasks import Misconception, Task

DIGITS = range(10)


def cases(rng):
    """All right, all false, 7 mostly taken for 1, then random. Every digit occurs, and is guessed, at least once."""
    each = np.arange(10)
    yield each, each
    yield (each + 1) % 10, each
    labels = np.repeat(each, 3)
    yield np.where((labels == 7) & (np.arange(30) % 3 > 0), 1, labels), labels
    for n in (40, 25, 60):
        labels = np.concatenate([each, rng.integers(0, 10, n)])
        guesses = np.where(rng.random(10 + n) < 0.4, rng.integers(0, 10, 10 + n), labels)
        guesses[:10] = each
        order = rng.permutation(10 + n)
        yield guesses[order], labels[order]


def of_the_guesses(guesses, labels):
    return np.array([np.mean(labels[guesses == d] == d) for d in DIGITS])


def of_all_pictures(guesses, labels):
    return np.array([np.mean((guesses == d) & (labels == d)) for d in DIGITS])


def counts(guesses, labels):
    return np.array([np.sum((guesses == d) & (labels == d)) for d in DIGITS]).astype(float)


def true_or_not(guesses, labels):
    return np.array([np.mean((guesses == d) == (labels == d)) for d in DIGITS])


def guessed_for_occurring(guesses, labels):
    return np.array([np.sum(guesses == d) / np.sum(labels == d) for d in DIGITS])


def mean_guess(guesses, labels):
    return np.array([np.mean(guesses[labels == d]) for d in DIGITS])


def one_for_all(guesses, labels):
    return np.full(10, np.mean(guesses == labels))


def read_wrong(guesses, labels):
    return 1 - by_counting(guesses, labels)


def in_per_cent(guesses, labels):
    return 100 * by_counting(guesses, labels)


def first_digit_alone(guesses, labels):
    return by_counting(guesses, labels)[:1]


def only_the_zero_is_filled(guesses, labels):
    return np.where(np.arange(10) == 0, by_counting(guesses, labels), 0)


def from_one_on(guesses, labels):
    return np.where(np.arange(10) > 0, by_counting(guesses, labels), 0)


def share_of_the_labels(guesses, labels):
    return np.array([np.mean(labels == d) for d in DIGITS])


def share_of_the_guesses(guesses, labels):
    return np.array([np.mean(guesses == d) for d in DIGITS])


def by_counting(guesses, labels):
    """Right, by two counts: those read right, those there are."""
    right = np.bincount(labels[guesses == labels], minlength=10)
    return right / np.bincount(labels, minlength=10)


def by_loops(guesses, labels):
    """Right, in plain Python, as a list."""
    right, there = [0] * 10, [0] * 10
    for guess, label in zip(guesses, labels, strict=True):
        there[label] += 1
        right[label] += guess == label
    return [float(a / b) for a, b in zip(right, there, strict=True)]


def by_torch(guesses, labels):
    import torch

    guesses, labels = torch.tensor(guesses), torch.tensor(labels)
    return torch.stack([(guesses[labels == d] == d).float().mean() for d in DIGITS])


tasks = [
    Task(
        name="0 by digit",
        kind="implement",
        level="apply",
        objective="0a",
        minutes=10,
        difficulty=2,
        points=2,
        cases=cases,
        alternatives=[by_counting, by_loops, by_torch],
        misconceptions=[
            Misconception(
                "each count is divided by how often the digit was guessed, not by how often it occurs",
                of_the_guesses,
                "forum: Stack Overflow, 'Get accuracy scores for each class' (answers that divide by the column sums); "
                "the precision of a class taken for its recall",
            ),
            Misconception(
                "each count is divided by the number of all pictures",
                of_all_pictures,
                "invented: the mean of a True/False array taken over the whole of it",
            ),
            Misconception(
                "pictures read right are counted, and the count is not divided by anything",
                counts,
                "invented: a count for a share, the slip behind '170' in the lesson's question",
            ),
            Misconception(
                "a picture of another digit that was also guessed as another digit counts as right",
                true_or_not,
                "forum: Stack Overflow, 'Get accuracy scores for each class' (an answer with (TP + TN) / all)",
            ),
            Misconception(
                "every guess of the digit counts, whatever the label says",
                guessed_for_occurring,
                "invented: guesses and labels are counted apart and never compared",
            ),
            Misconception(
                "the guesses for a digit's pictures are averaged, and never compared with the digit",
                mean_guess,
                "invented: `guesses[labels == d].mean()`, where the comparison with d is left out",
            ),
            Misconception(
                "all ten digits receive the accuracy over all pictures",
                one_for_all,
                "invented: the overall accuracy taken to hold for every class",
            ),
            Misconception(
                "the pictures that were read as another digit are counted",
                read_wrong,
                "invented: tried by a reviewer; `!=` for `==`",
            ),
            Misconception(
                "the shares are given in per cent", in_per_cent, "invented: accuracy is spoken of in per cent"
            ),
            Misconception(
                "`return` stands inside the loop and ends it at the first digit",
                first_digit_alone,
                "invented: tried by a reviewer; one tab too many",
            ),
            Misconception(
                "only the labels are looked at: how much of all pictures shows the digit",
                share_of_the_labels,
                "invented: tried by a reviewer; the mean of the mask itself",
            ),
            Misconception(
                "only the guesses are looked at: how often the digit was guessed",
                share_of_the_guesses,
                "invented: tried by a reviewer; the mean of the mask itself",
            ),
            Misconception(
                "`return` stands inside the loop, so that the other nine places stay 0",
                only_the_zero_is_filled,
                "invented: tried by a reviewer; one tab too many, with an array made beforehand",
            ),
            Misconception(
                "the loop over the digits begins at 1, so that the place of the 0 stays empty",
                from_one_on,
                "invented: tried by a reviewer; digits counted from 1",
            ),
        ],
        hints=[
            "Begin with the small case: put `labels = np.array([3, 3, 3, 5])` and `guesses = np.array([3, 8, 3, 3])` "
            "into a cell. Print `labels == 3`, then `guesses[labels == 3]`. Which of these guesses are right?",
            "The principle: one digit first, then a loop. A share is a part of a whole: the whole is the pictures that "
            "show the digit, the part is those of them that were also guessed as it.",
            'A parallel: `said = np.array(["cat", "dog", "cat"])`, `true = np.array(["cat", "cat", "dog"])`. Two of '
            'them are cats, and one of these two was called a cat: `(said[true == "cat"] == "cat").mean()` is 0.5. '
            "Do the same for each of the ten digits, and gather the results: `np.array([... for d in range(10)])`.",
        ],
    )
]
