"""Every mistake that nnlib knows is answered by one sentence: what was got, what was expected, the fix."""

import numpy as np
import pytest

from nnlib import SGD, Linear, Module, Parameter, ReLU, Sequential, Tensor, accuracy, batches, fit, no_grad, node
from nnlib import functional as F


def grad(*shape):
    return Tensor(np.ones(shape), requires_grad=True)


def twice():
    y = grad(2).sum()
    y.backward()
    y.backward()


def subtract_in_place():
    w = grad(2)
    w -= 0.1


def change_between(change):
    w, x = Parameter([1.0, 2.0]), Tensor([3.0, 4.0])
    optimizer, y = SGD([w], lr=0.1), (w * x).sum()
    w.grad = np.ones(2, np.float32)
    change(w, x, optimizer)
    y.backward()


def load_between():
    model = Linear(3, 2, rng=0)
    loss = model(x23).sum()
    model.load_state_dict(model.state_dict())
    loss.backward()


def train_twice():
    model, options = Linear(4, 1, rng=0), {"y": np.ones((20, 1)), "loss": F.mse_loss, "lr": 1e4, "epochs": 50}
    with pytest.raises(FloatingPointError, match="steps are too long"):
        train(model=model, **options)
    train(model=model, **options)


def assign(value):
    module = Module()
    module.part = value


def find(change):
    module = Sequential(Linear(2, 2, rng=0))
    module.parts, module.frozen = {"all": []}, Tensor([1.0])
    change(module)
    module.parameters()


def backward_of(vjp):
    x = grad(2, 3)
    node(x.data.sum(0), (x,), vjp).backward(np.ones(3))


def load(change):
    model = Linear(3, 2, rng=0)
    state = model.state_dict()
    change(state)
    model.load_state_dict(state)


def train(x=None, y=None, lr=0.1, model=None, **options):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20, 4)).astype(np.float32) if x is None else x
    y = rng.integers(0, 3, 20) if y is None else y
    model = Sequential(Linear(4, 8, rng=0), ReLU(), Linear(8, 3, rng=1)) if model is None else model
    fit(model, options.pop("loss", F.cross_entropy), SGD(model.parameters(), lr=lr), x, y, rng=0, **options)


class NoForward(Module):
    """Forgets forward."""


x23 = np.ones((2, 3))
gaps = np.ones((20, 4), np.float32)
gaps[7, 2] = np.nan

mistakes = {
    "add": (lambda: F.add(grad(2, 3), grad(2)), ValueError, r"add got shapes \(2, 3\) and \(2,\): .* Reshape"),
    "operator": (lambda: grad(3) * np.ones(4), ValueError, r"mul got shapes \(3,\) and \(4,\)"),
    "two precisions": (
        lambda: grad(3) + Tensor([1.0], dtype=np.float64),
        TypeError,
        "add got float32 and float64 .* Leave out dtype",
    ),
    "matmul": (lambda: grad(2, 3) @ grad(2, 3), ValueError, r"matmul got shapes \(2, 3\) and \(2, 3\): .* transpose"),
    "matmul of a number": (lambda: grad(2, 3) @ 2.0, ValueError, r"matmul got shapes \(2, 3\) and \(\)"),
    "matmul precision": (lambda: grad(2, 3) @ Tensor(np.ones(3), dtype=np.float64), TypeError, "float32 and float64"),
    "Linear, images": (
        lambda: Linear(784, 256)(np.ones((64, 28, 28))),
        ValueError,
        r"Linear\(784, 256\) got an input of shape \(64, 28, 28\): .* must be 784. Flatten first: x.reshape\(64, -1\)",
    ),
    "Linear, transposed": (lambda: Linear(3, 2)(np.ones((3, 5))), ValueError, r"Is x transposed\?.* x\.T"),
    "Linear, other width": (lambda: Linear(3, 2)(np.ones((5, 4))), ValueError, "must be 3. Give it rows"),
    "Linear, a number": (lambda: Linear(3, 2)(1.0), ValueError, r"shape \(\)"),
    "Linear, precision": (
        lambda: Linear(3, 2)(Tensor(x23, dtype=np.float64)),
        TypeError,
        "linear got float64 and float32",
    ),
    "tensor exponent": (lambda: grad(2) ** grad(2), TypeError, r"plain number: write exp\(n \* log\(x\)\)"),
    "reshape": (lambda: grad(2, 3).reshape(4, 2), ValueError, r"shape \(2, 3\), 6 numbers, for the new shape \(4, 2\)"),
    "flatten": (lambda: F.flatten(1.0), ValueError, r"got shape \(\), .* at least one row"),
    "a number to a tensor's power": (lambda: 2 ** grad(2), TypeError, r"Tensor as exponent.* exp\(n \* log\(x\)\)"),
    ".T": (lambda: grad(2, 3, 4).T, ValueError, r"shape \(2, 3, 4\): use transpose"),
    "sum over dim": (
        lambda: grad(2, 3).sum(2),
        IndexError,
        r"sum was asked for dimension 2 of a tensor of shape \(2, 3\), which has 2",
    ),
    "sum over one dim twice": (
        lambda: grad(2, 3).sum((0, 0)),
        ValueError,
        "sum was asked for the same dimension twice",
    ),
    "mean over one dim twice": (lambda: grad(2, 3).mean([0, -2]), ValueError, "mean was asked for the same dimension"),
    "softmax over dim": (lambda: F.softmax(x23, dim=-3), IndexError, "dimension -3"),
    "transpose dims": (lambda: grad(2, 3).transpose(0, 5), IndexError, "transpose was asked for dimension 5"),
    "mean of nothing": (lambda: grad(0, 3).mean(), ValueError, r"empty tensor of shape \(0, 3\).* Is the batch empty"),
    "labels float": (
        lambda: F.cross_entropy(x23, [0.0, 1.0]),
        TypeError,
        "labels of type float64: they must be integers",
    ),
    "labels in a Tensor": (
        lambda: F.cross_entropy(x23, Tensor([0, 1])),
        TypeError,
        "labels of type float32.* integer array itself",
    ),
    "labels bool": (lambda: F.cross_entropy(x23, [True, False]), TypeError, "labels of type bool"),
    "label too large": (
        lambda: F.cross_entropy(x23, [1, 3]),
        ValueError,
        "labels from 1 to 3 for 3 columns .* from 0 to 2",
    ),
    "label negative": (lambda: F.cross_entropy(x23, [-1, 0]), ValueError, "labels from -1 to 0"),
    "one-hot labels": (
        lambda: F.cross_entropy(x23, np.eye(3, dtype=int)[:2]),
        ValueError,
        r"one-hot rows, labels.argmax\(1\)",
    ),
    "too few labels": (
        lambda: F.cross_entropy(x23, [1]),
        ValueError,
        r"logits of shape \(2, 3\) and labels of shape \(1,\)",
    ),
    "empty batch": (lambda: F.cross_entropy(np.ones((0, 3)), np.zeros(0, int)), ValueError, "empty batch"),
    "no classes": (lambda: F.cross_entropy(np.ones((2, 0)), [0, 0]), ValueError, r"logits of shape \(2, 0\): .* class"),
    "mse shapes": (
        lambda: F.mse_loss(np.ones((4, 1)), np.ones(4)),
        ValueError,
        r"\(4, 1\) and targets of shape \(4,\)",
    ),
    "mse precision": (
        lambda: F.mse_loss(grad(2), Tensor(np.ones(2), dtype=np.float64)),
        TypeError,
        "mse_loss got float32 and float64",
    ),
    "gelu": (lambda: F.gelu(grad(2), True), ValueError, 'approximate=True: it must be "none", .* or "tanh"'),
    "l1 shapes": (lambda: F.l1_loss(np.ones((4, 1)), np.ones(4)), ValueError, r"l1_loss got .* Reshape the targets"),
    "binary shapes": (
        lambda: F.binary_cross_entropy_with_logits(np.ones((4, 1)), np.ones(4)),
        ValueError,
        r"logits got predictions of shape \(4, 1\) and targets of shape \(4,\)",
    ),
    "binary, targets -1 and 1": (
        lambda: F.binary_cross_entropy_with_logits(np.ones(2), [-1.0, 1.0]),
        ValueError,
        r"targets from -1 to 1: each is a probability, .* \(y \+ 1\) / 2",
    ),
    "binary, targets of three classes": (
        lambda: F.binary_cross_entropy_with_logits(np.ones(3), [0, 1, 2]),
        ValueError,
        "targets from 0 to 2: .* several classes need cross_entropy",
    ),
    "binary, gaps": (
        lambda: F.binary_cross_entropy_with_logits(np.ones(2), [np.nan, 1]),
        ValueError,
        "targets from nan to nan",
    ),
    "binary of nothing": (
        lambda: F.binary_cross_entropy_with_logits(np.ones(0), np.ones(0)),
        ValueError,
        "empty batch",
    ),
    "linear, weight a vector": (
        lambda: F.linear(x23, np.ones(3)),
        ValueError,
        r"weight of shape \(3,\): .*\(out, in\)",
    ),
    "linear, bias a matrix": (
        lambda: F.linear(x23, np.ones((4, 3)), grad(2, 4)),
        ValueError,
        r"weight of shape \(4, 3\) and a bias of shape \(2, 4\)",
    ),
    "Linear without inputs": (lambda: Linear(0, 2), ValueError, "the sizes 0 and 2: both must be at least 1"),
    "mse of nothing": (lambda: F.mse_loss(np.ones((0, 1)), np.ones((0, 1))), ValueError, "empty batch"),
    "Tensor of Tensor": (lambda: Tensor(grad(2)), TypeError, r"t\.numpy\(\)"),
    "list of Tensors": (lambda: Tensor([grad() * 2, 3.0]), TypeError, r"list of Tensors .* F.stack\(\[\.\.\.\]\)"),
    "list of lists of Tensors": (lambda: grad(2) * [[grad(), 1.0]], TypeError, "list of Tensors that need a gradient"),
    "precision None": (lambda: Tensor([1, 2], dtype=None), TypeError, "float32 or float64, not None"),
    "learned slope": (
        lambda: F.leaky_relu(grad(2), grad()),
        TypeError,
        "leaky_relu got a Tensor as negative_slope, but takes a plain number.* with maximum",
    ),
    "learned alpha": (lambda: F.elu(grad(2), grad()), TypeError, "elu got a Tensor as alpha"),
    "learned border": (lambda: F.clip(grad(2), max=grad()), TypeError, "clip got a Tensor as max"),
    "learned dropout": (lambda: F.dropout(grad(2), grad()), TypeError, "dropout got a Tensor as p"),
    "Tensor of nothing": (lambda: Tensor(None), TypeError, "got NoneType .*type object"),
    "plus nothing": (lambda: grad(2) + None, TypeError, "got NoneType"),
    "gap in a list": (lambda: Tensor([1.0, None]), TypeError, r"got list .*gaps \(None\)"),
    "complex numbers": (lambda: Tensor(1j), TypeError, "real numbers .*type complex128"),
    "digits in a word": (lambda: Tensor("3.5"), TypeError, "got str .*turn words into numbers"),
    "Tensor of integers": (lambda: Tensor([1, 2], dtype=np.int64), TypeError, "holds float32 or float64, not int64"),
    "ragged rows": (lambda: Tensor([[1, 2], [3]]), TypeError, "rows of equal length, but got list"),
    "words": (lambda: Tensor(["one"]), TypeError, "turn words into numbers"),
    "len of a number": (lambda: len(Tensor(3.0)), TypeError, r"shape \(\) is a single number.* item\(\)"),
    "rows of a number": (lambda: list(Tensor(3.0)), TypeError, r"shape \(\) is a single number.* item\(\)"),
    "format of several": (lambda: f"{grad(2):.3f}", ValueError, r"shape \(2,\): use numpy\(\)"),
    "item": (lambda: grad(2).item(), ValueError, r"shape \(2,\): use numpy\(\)"),
    "backward without gradient": (
        lambda: grad(2, 3).backward(),
        RuntimeError,
        r"single number, .* shape \(2, 3\): reduce it",
    ),
    "backward of constants": (lambda: (Tensor(1.0) * 2).backward(), RuntimeError, "nothing to differentiate"),
    "backward twice": (twice, RuntimeError, "released it: compute the loss anew .* retain_graph=True"),
    "gradient of another shape": (
        lambda: grad(2).backward(np.ones(3)),
        ValueError,
        r"shape \(3,\) for a tensor of shape \(2,\)",
    ),
    "vjp without comma": (lambda: backward_of(lambda g: g), TypeError, "returned a ndarray, .* takes a comma"),
    "vjp with one too many": (
        lambda: backward_of(lambda g: (g, g)),
        TypeError,
        "a tuple of 2, but it must return a tuple of 1",
    ),
    "vjp of another shape": (
        lambda: backward_of(lambda g: (np.ones((3, 2)),)),
        ValueError,
        r"shape \(3, 2\) for an input of shape \(2, 3\)",
    ),
    "vjp of too few dimensions": (
        lambda: backward_of(lambda g: (g,)),
        ValueError,
        r"shape \(3,\) for an input of shape \(2, 3\)",
    ),
    "vjp of None": (
        lambda: node(np.float32(1), (grad(),), lambda g: (None,)).backward(),
        TypeError,
        "returned None for an input that needs a gradient",
    ),
    "complex vjp": (
        lambda: backward_of(lambda g: (1j * np.ones((2, 3)),)),
        TypeError,
        "returned complex128 for an input",
    ),
    "input changed before backward": (
        lambda: change_between(lambda w, x, optimizer: x.__iadd__(10)),
        RuntimeError,
        r"input of mul, shape \(2,\), were changed after mul .* compute the loss anew",
    ),
    "step before backward": (
        lambda: change_between(lambda w, x, optimizer: optimizer.step()),
        RuntimeError,
        "were changed after mul",
    ),
    "state loaded before backward": (load_between, RuntimeError, r"input of linear, shape \(2, 3\), were changed"),
    "in place": (subtract_in_place, RuntimeError, r"`t -= \.\.\.` .* no_grad.* `t = t - \.\.\.`"),
    "in place, larger": (
        lambda: Tensor([1.0]).__iadd__(np.ones((2, 3))),
        ValueError,
        r"`t \+= \.\.\.` got shape \(2, 3\) for a tensor of shape \(1,\)",
    ),
    "no forward": (lambda: NoForward()(1), NotImplementedError, "NoForward has no forward"),
    "list of layers": (lambda: assign([Linear(2, 2)]), TypeError, r"Module.part is a list of layers .* Sequential"),
    "dict of parameters": (lambda: assign({"w": Parameter(1.0)}), TypeError, "is a dict of layers or parameters"),
    "parameter not registered": (
        lambda: assign(grad(2)),
        TypeError,
        r"finds only Parameters: write Parameter\(\.\.\.\)",
    ),
    "tensors not registered": (lambda: assign([grad(2)]), TypeError, "finds only Parameters"),
    "lists of layers": (lambda: assign([[Linear(2, 2)], []]), TypeError, "Module.part is a list of layers"),
    "set of layers": (lambda: assign({Linear(2, 2)}), TypeError, "Module.part is a set of layers"),
    "layer appended later": (
        lambda: find(lambda module: module.parts["all"].append(Linear(2, 2))),
        TypeError,
        r"Sequential.parts is a dict of layers .* use Sequential",
    ),
    "gradient switched on later": (
        lambda: find(lambda module: setattr(module.frozen, "requires_grad", True)),
        TypeError,
        "Sequential.frozen is a Tensor that wants a gradient",
    ),
    "function in Sequential": (lambda: Sequential(Linear(2, 2), F.relu), TypeError, "got relu at place 1"),
    "class in Sequential": (lambda: Sequential(ReLU), TypeError, r"got ReLU at place 0.* such as ReLU\(\)"),
    "state of another network": (
        lambda: load(lambda s: s.update(more=s.pop("bias"))),
        KeyError,
        r"misses \['bias'\] and does not know \['more'\]",
    ),
    "state of another size": (
        lambda: load(lambda s: s.update(bias=np.ones(3))),
        ValueError,
        r"bias of shape \(3,\).* has \(2,\)",
    ),
    "no parameters": (lambda: SGD([], lr=0.1), ValueError, r"SGD got no parameters: pass model.parameters\(\)"),
    "a result as parameter": (lambda: SGD([grad(2) * 2], lr=0.1), TypeError, "the result of mul among the parameters"),
    "a module as parameter": (lambda: SGD([Linear(2, 2)], lr=0.1), TypeError, "got Linear among the parameters"),
    "negative rate": (lambda: SGD([grad(2)], lr=-0.1), ValueError, "learning rate -0.1"),
    "rate nan": (lambda: SGD([grad(2)], lr=float("nan")), ValueError, "learning rate nan"),
    "step without backward": (lambda: SGD([grad(2)], lr=0.1).step(), RuntimeError, r"call loss.backward\(\) before"),
    "batch size": (lambda: batches(3, 0, np.random.default_rng(0)), ValueError, "at least 1"),
    "half a batch": (lambda: batches(3, 1.5, 0), ValueError, "batch_size 1.5: it must be a whole number"),
    "unequal numbers": (lambda: train(y=np.zeros(19, int)), ValueError, "20 examples and 19 answers"),
    "no examples": (lambda: train(x=np.ones((0, 4)), y=np.zeros(0, int)), ValueError, "0 examples"),
    "too large a rate": (
        lambda: train(lr=1e4, epochs=50, batch_size=4),
        FloatingPointError,
        r"the loss became (nan|inf) in epoch \d+, step \d+.*steps are too long.*lr=1e\+03",
    ),
    "blown up by the last step of all": (
        lambda: train(lr=1e39, epochs=1),
        FloatingPointError,
        r"largest weight became (nan|inf) in epoch 1, step 1\..*steps are too long",
    ),
    "a model broken before": (
        train_twice,
        FloatingPointError,
        r"in epoch 1, step 1.*largest weight is .* broken by an earlier run. Build the model anew",
    ),
    "gaps in the data": (lambda: train(x=gaps), FloatingPointError, r"in epoch 1, step 1.*holds nan or inf, in x\."),
    "gaps in the targets": (
        lambda: train(x=np.ones((20, 4)), y=gaps, model=Linear(4, 4, rng=0), loss=F.mse_loss, batch_size=4),
        FloatingPointError,
        r"in epoch 1, step [2-5].*holds nan or inf, in y\. Find the places: np.argwhere\(~np.isfinite\(y\)\)",
    ),
    "a loss without gradient": (
        lambda: train(loss=lambda z, y: float(z.data.mean())),
        TypeError,
        r"fit got float from the loss, but needs a Tensor.* operations of F",
    ),
    "a loss for each row": (
        lambda: train(loss=lambda z, y: z.mean(1)),
        ValueError,
        r"fit got a loss of shape \(20,\).* \.mean\(\)",
    ),
    "log of 0": (
        lambda: train(loss=lambda z, y: (z * np.inf).sum()),
        FloatingPointError,
        r"became (nan|inf) in epoch 1, step 1.*look for log\(0\)",
    ),
    "accuracy of one column": (lambda: accuracy(Linear(3, 1), x23, [0, 1]), ValueError, r"outputs of shape \(2, 1\)"),
    "accuracy of nothing": (lambda: accuracy(Linear(3, 2), x23[:0], []), ValueError, "at least one row"),
    "accuracy of one-hot": (
        lambda: accuracy(Linear(3, 3), x23, np.eye(3)[:2]),
        ValueError,
        r"labels of shape \(2, 3\)",
    ),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None  # no second traceback above ours
    message = str(caught.value.args[0])
    assert len(message.split()) <= 60 and message.endswith((".", "?")) and "\n" not in message


def test_no_gradient_inside_no_grad():
    with no_grad():
        y = grad(2).sum()
    with pytest.raises(RuntimeError, match=r"inside no_grad\(\)"):
        y.backward()


def test_a_failed_load_changes_nothing():
    model = Linear(3, 2, rng=0)
    before = model.state_dict()
    with pytest.raises(ValueError, match="bias"):
        model.load_state_dict({"weight": np.zeros((2, 3)), "bias": np.zeros(3)})
    assert all(np.array_equal(array, before[name]) for name, array in model.state_dict().items())
