"""Lesson 3.2: the images that a network is most wrong about, and outcomes of its experiments in words."""

import numpy as np


def most_wrong(logits, y, count: int = 10) -> tuple[np.ndarray, list[str]]:
    """The rows of the `count` images with the largest cross-entropy, the worst first, and "label→guess" for each.

    `logits` (n, k) and labels `y` (n,).
    """
    logits, y = np.asarray(logits, dtype=float), np.asarray(y)
    shifted = logits - logits.max(axis=1, keepdims=True)
    loss = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    worst = np.argsort(-loss, kind="stable")[:count]
    return worst, [f"{y[row]}→{logits[row].argmax()}" for row in worst]


def without_zero_grad(deleted, complete) -> str:
    """Where curves (seeds, epochs) end beside those of the complete loop, in the words of lesson 3.2."""
    end, whole = (np.mean(np.asarray(curves)[:, -1]) for curves in (deleted, complete))
    if end < 0.2:
        return "It ends at about 10 %, as if the network guessed."
    if abs(end - whole) < 0.01:
        return "It is the same, since each backward starts afresh."
    way = "faster, since old gradients add to" if end > whole else "more slowly, since old gradients blur"
    return f"It rises {way} the step."


def late_change(curves) -> str:
    """How the mean of accuracies (seeds, 100) changes from epoch 20 to epoch 100, in the words of lesson 3.2."""
    change = np.mean(np.asarray(curves)[:, 99] - np.asarray(curves)[:, 19])
    if abs(change) < 0.01:
        return "It stays level, since all has been learnt."
    return "It rises, with smaller and smaller gains." if change > 0 else "It falls by several points."
