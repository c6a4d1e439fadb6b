"""Losses: one number that says how far predictions are from what was to be predicted."""

import numpy as np

from nnlib.functional.operands import ones, two_tensors
from nnlib.tensor import as_tensor, node


def cross_entropy(logits, labels):
    """L = the mean over the rows of -ln p[label], with p = softmax(logits): one number.

    logits (n, k) are the last layer's outputs, before any softmax; labels (n,) are integers from 0 to k - 1.
    dL/dlogits = g (p - y) / n, where y is 1 in the label's column and 0 elsewhere.
    Raises TypeError for labels that are no integers, ValueError for wrong shapes, an empty batch, a label outside.
    (Bishop, 2006, section 4.3.4)
    """
    logits = as_tensor(logits)
    labels = np.asarray(labels)
    _check_labels(logits, labels)
    n, k = logits.data.shape
    rows = np.arange(n)
    z = logits.data - logits.data.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e @ ones(k, e.dtype)
    try:
        losses = np.log(total) - z[rows, labels]
    except IndexError:
        raise ValueError(_label_outside(labels, k)) from None

    def vjp(g):
        p = e / total[:, None]
        p[rows, labels] -= 1
        return (p * (g / n),)

    return node(losses.sum() / n, (logits,), vjp)  # several times faster than .mean()


def _check_labels(logits, labels):
    if logits.data.ndim != 2 or labels.shape != logits.data.shape[:1]:
        raise ValueError(
            f"cross_entropy got logits of shape {logits.shape} and labels of shape {labels.shape}: it needs (n, k) "
            "and (n,), a row of k logits for each label. From one-hot rows, labels.argmax(1) makes labels."
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"cross_entropy got labels of type {labels.dtype}: they must be integers, the numbers of the classes. "
            "Give it the integer array itself, or labels.astype(int)."
        )
    n, k = logits.data.shape
    if n == 0 or k == 0:
        raise ValueError(
            f"cross_entropy got an empty batch, logits of shape {logits.shape}: give it at least one row and one class."
        )
    if labels.min() < 0:  # numpy would count from the end; it refuses a label too large by itself
        raise ValueError(_label_outside(labels, k))


def _label_outside(labels, k):
    return (
        f"cross_entropy got labels from {labels.min()} to {labels.max()} for {k} columns of logits: they must lie "
        f"from 0 to {k - 1}. Number the classes from 0, or give the last layer more outputs."
    )


def mse_loss(pred, target):
    """L = the mean of (pred - target)^2 over all n numbers;   dL/dpred = 2 g (pred - target) / n = -dL/dtarget

    Raises ValueError unless both have the same shape: broadcasting (n, 1) against (n,) would compare all with all.
    (Bishop, 2006, section 3.1.1)
    """
    pred, target = _pair("mse_loss", pred, target)
    d = pred.data - target.data

    def vjp(g):
        to_pred = d * (g * 2 / d.size)
        return to_pred, -to_pred

    return node(np.vdot(d, d) / d.size, (pred, target), vjp)


def l1_loss(pred, target):
    """L = the mean of |pred - target| over all n numbers;   dL/dpred = g sign(pred - target) / n = -dL/dtarget

    A target that is far off counts less than in mse_loss: at best, pred is the median, not the mean.
    Raises ValueError unless both have the same shape. (Bishop, 2006, section 1.5.5)
    """
    pred, target = _pair("l1_loss", pred, target)
    d = pred.data - target.data

    def vjp(g):
        to_pred = np.sign(d) * (g / d.size)
        return to_pred, -to_pred

    return node(np.abs(d).sum() / d.size, (pred, target), vjp)


def binary_cross_entropy_with_logits(logits, target):
    """L = the mean of -(y ln p + (1 - y) ln(1 - p)) over all n numbers, with p = sigmoid(z) and target y from 0 to 1.

    dL/dz = g (p - y) / n,   dL/dy = -g z / n. Computed as max(z, 0) - z y + ln(1 + e^-|z|), which never overflows.
    Raises ValueError for different shapes, an empty batch, or a target outside 0 to 1. (Bishop, 2006, section 4.3.2)
    """
    logits, target = _pair("binary_cross_entropy_with_logits", logits, target)
    z, y = logits.data, target.data
    if not (y.min() >= 0 and y.max() <= 1):  # nan is refused too
        raise ValueError(
            f"binary_cross_entropy_with_logits got targets from {y.min():.6g} to {y.max():.6g}: each is a probability, "
            "from 0 to 1. Turn labels of -1 and 1 into (y + 1) / 2; several classes need cross_entropy."
        )
    e = np.exp(-np.abs(z))
    losses = np.maximum(z, 0) - z * y + np.log1p(e)

    def vjp(g):
        p = np.maximum(e, z > 0) / (1 + e)  # 1 or e over 1 + e
        return (p - y) * (g / z.size), z * (-g / z.size)

    return node(losses.sum() / z.size, (logits, target), vjp)


def _pair(name, pred, target):
    """Predictions and targets as Tensors of one shape and precision, with at least one number."""
    pred, target = two_tensors(name, pred, target)
    if pred.data.shape != target.data.shape:
        raise ValueError(
            f"{name} got predictions of shape {pred.shape} and targets of shape {target.shape}: both must be the same. "
            "Reshape the targets, for example y.reshape(-1, 1)."
        )
    if pred.data.size == 0:
        raise ValueError(f"{name} got an empty batch of shape {pred.shape}: it has no mean loss.")
    return pred, target
