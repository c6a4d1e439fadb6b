"""What can be measured on a program: each instrument is an experiment of its own, and gives a few named numbers.

Every reading comes from running the program's functions; none reads its text. Healthy programs say what is normal.
"""

import numpy as np

from nnlib import Tensor, no_grad
from nnlib import functional as F

CEILING = 10.0  # losses above it are shown as 10: far out, the last digits differ between processors
STEPS = 20  # updates that the instruments for updates watch


class Examination:
    """A program, the table of its owner, and what its run gave; instruments are functions of it."""

    def __init__(self, program, table, seed: int, run):
        self.program, self.seed = program, seed
        self.rows = program.prepare(table, self.rng())
        self.model, losses, self.score = run
        self.losses = capped(losses)
        with np.errstate(all="ignore"):  # some programs are meant to overflow
            self.watched = list(self.watch())

    def rng(self):
        return np.random.default_rng(self.seed)

    def fresh_network(self):
        return self.program.initialise(self.rows[0].shape[1], self.rng())

    def watch(self):
        """For each of the first updates: weights before, weights after, gradient of the loss as it should be."""
        (x, y, *_), (model, optimizer) = self.rows, self.fresh_network()
        for batch in np.resize(np.arange(len(x)), (STEPS, 16)):
            before, gradient = weights(model), true_gradient(model, x[batch], y[batch])
            self.program.update(model, optimizer, x[batch], y[batch])
            yield before, weights(model), gradient


def capped(losses):
    return np.nan_to_num(np.minimum(losses, CEILING), nan=CEILING, posinf=CEILING)


def weights(model):
    return [model[0].weight.data.copy(), model[-1].weight.data.copy()]


def true_gradient(model, x, y):
    """The gradient of the mean cross-entropy for both layers' weights, without dropout; the model stays as it was."""
    model.eval()
    kept = [p.grad for p in model.parameters()]
    frozen = [p.requires_grad for p in model.parameters()]
    for p in model.parameters():
        p.grad, p.requires_grad = None, True
    F.cross_entropy(model(Tensor(x)), y).backward()
    found = [model[0].weight.grad, model[-1].weight.grad]
    for p, grad, flag in zip(model.parameters(), kept, frozen, strict=True):
        p.grad, p.requires_grad = grad, flag
    return found


# --- the instruments ------------------------------------------------------------------------------------------------


def loss_curve(exam):
    """Mean loss of the batches in ten parts of the run."""
    return np.array([part.mean() for part in np.array_split(exam.losses, 10)])


def first_loss(exam):
    """The loss of the first batch, before any update: mean of five fresh networks."""
    (x, y, *_), found = exam.rows, []
    for seed in range(5):
        model, optimizer = exam.program.initialise(x.shape[1], np.random.default_rng(seed))
        found.append(exam.program.update(model, optimizer, x[:16], y[:16]))
    return min(np.mean(found), 99.0)


def scores(exam):
    """Accuracy on the rows trained on, and the one that the program reports."""
    x, y, *_ = exam.rows
    return np.array([exam.program.judge(exam.model, x, y), exam.score])


def judged_again(exam):
    """The program judges ten times: the largest accuracy minus the smallest."""
    _, _, x, y = exam.rows
    return np.ptp([exam.program.judge(exam.model, x, y) for _ in range(10)])


def gradient_norms(exam):
    """Norm of the gradient at the start, of the hidden and of the output layer."""
    (x, y, *_), (model, _) = exam.rows, exam.fresh_network()
    return np.array([np.linalg.norm(g) for g in true_gradient(model, x, y)])


def update_ratios(exam):
    """Size of an update over size of the weights, hidden and output layer: mean of the first 20 updates."""
    ratios = [[np.linalg.norm(b - a) / max(np.linalg.norm(a), 1e-9) for a, b in zip(before, after, strict=True)]
              for before, after, _ in exam.watched]  # fmt: skip
    return np.mean(ratios, axis=0)


def update_direction(exam):
    """Cosine between the update and the way downhill: 1 straight down, -1 straight up; mean of the first 20 updates."""
    found = []
    for before, after, gradient in exam.watched:
        step, downhill = flat([b - a for a, b in zip(before, after, strict=True)]), -flat(gradient)
        found.append(step @ downhill / max(np.linalg.norm(step) * np.linalg.norm(downhill), 1e-9))
    return np.mean(found)


def flat(arrays):
    return np.concatenate([a.ravel() for a in arrays]).astype(float)


def one_batch(exam):
    """The loss after 100 updates on the same 16 rows."""
    (x, y, *_), (model, optimizer) = exam.rows, exam.fresh_network()
    losses = [exam.program.update(model, optimizer, x[:16], y[:16]) for _ in range(100)]
    return capped(losses[-10:]).mean()


def silent_units(exam):
    """Share of the hidden units that give 0 on every training row, after the run."""
    with no_grad():
        hidden = exam.model[1](exam.model[0](Tensor(exam.rows[0]))).data
    return np.mean(~(hidden > 0).any(axis=0))


def input_range(exam):
    """Smallest and largest number that the network receives."""
    return np.array([exam.rows[0].min(), exam.rows[0].max()])


def neighbours_agree(exam):
    """Share of the training rows whose nearest other row has the same label."""
    x, y, *_ = exam.rows
    return np.mean(y[distances(x, x, itself=False).argmin(axis=1)] == y)


def rows_counted(exam):
    """Rows trained on, rows judged, and how many judged ones are among those trained on."""
    x, _, x_val, _ = exam.rows
    seen = {row.tobytes() for row in x}
    return np.array([len(x), len(x_val), sum(row.tobytes() in seen for row in x_val)])


def strongest_input(exam):
    """The largest correlation between an input and "the label is this digit"."""
    x, y, *_ = exam.rows
    x, is_digit = (a - a.mean(axis=0) for a in (x, np.eye(10)[y]))
    sizes = np.linalg.norm(x, axis=0)[:, None] * np.linalg.norm(is_digit, axis=0)
    return np.max(np.abs(x.T @ is_digit) / np.maximum(sizes, 1e-9))


def distances(a, b, itself=True):
    squares = (a**2).sum(axis=1)[:, None] - 2 * a @ b.T + (b**2).sum(axis=1)
    return squares if itself else squares + np.diag(np.full(len(a), np.inf))
