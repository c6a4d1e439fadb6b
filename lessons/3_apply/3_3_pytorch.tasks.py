"""Tasks of lesson 3.3: a network, its loop, its judge, its file in PyTorch; a program translated; a rate on trial."""

from functools import partial
from itertools import pairwise

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

from classroom.tasks.task import Misconception, Task
from classroom.tasks.torch_probes import torch_training

ZERO_GRAD = "forum: stackoverflow.com 48001598, why do we need to call zero_grad"
EVAL = "forum: stackoverflow.com 55627780, evaluating pytorch models: with torch.no_grad vs model.eval()"
TWICE = "forum: discuss.pytorch.org, softmax before a cross-entropy loss that applies it itself"
REFERENCES = "forum: PyTorch's guide on saving, state_dict() returns references to the state and not its copy"
EPOCHS = 8  # of a run of "3.3 translate"


# --- the network ------------------------------------------------------------------------------------------------------


def sizes_and_images(rng):
    """Sizes that all differ, the probability of dropout, a batch."""
    for sizes, p, n in (((4, 6, 5, 3), 0.2, 4), ((6, 8, 7, 5), 0.3, 5)):
        yield [*sizes, p], rng.normal(size=(n, sizes[0])).astype(np.float32)


class _Net(torch.nn.Module):
    """The right network; each wrong one changes a method."""

    def __init__(self, into, first, second, out, p):
        super().__init__()
        self.p = p
        self.make(into, first, second, out, p)

    def make(self, into, first, second, out, p):
        self.layers = torch.nn.ModuleList(
            [torch.nn.Linear(into, first), torch.nn.Linear(first, second), torch.nn.Linear(second, out)]
        )

    def drop(self, x):
        return F.dropout(x, self.p, self.training)

    def bend(self, x):
        return torch.relu(x)

    def end(self, x):
        return x

    def forward(self, x):
        first, second, third = self.layers
        return self.end(third(self.drop(self.bend(second(self.drop(self.bend(first(x))))))))


class NetAsSequential(torch.nn.Module):
    """Right: the layers in a row; dropout before ReLU gives the same."""

    def __init__(self, into, first, second, out, p):
        super().__init__()
        widths, layers = [into, first, second], []
        for a, b in pairwise(widths):
            layers += [torch.nn.Linear(a, b), torch.nn.Dropout(p), torch.nn.ReLU()]
        self.net = torch.nn.Sequential(*layers, torch.nn.Linear(second, out))

    def forward(self, x):
        return self.net(x)


class NetWithDropoutAtTheEnd(_Net):
    def end(self, x):
        return self.drop(x)


class NetThatAlwaysDrops(_Net):
    def drop(self, x):
        return F.dropout(x, self.p)


class NetWithoutBends(_Net):
    def bend(self, x):
        return x


class NetWithSoftmax(_Net):
    def end(self, x):
        return torch.softmax(x, dim=1)


class NetWithReluAtTheEnd(_Net):
    def end(self, x):
        return torch.relu(x)


class NetThatKeepsP(_Net):
    def drop(self, x):
        return F.dropout(x, 1 - self.p, self.training)


class NetWithoutDropout(_Net):
    def drop(self, x):
        return x


class NetWithTheUsualDropout(_Net):
    def drop(self, x):
        return F.dropout(x, 0.5, self.training)


class NetWithLayersInAList(_Net):
    """A plain list hides its layers: no parameter is found, and the numbers are those of chance."""

    def make(self, into, first, second, out, p):
        torch.manual_seed(0)
        super().make(into, first, second, out, p)
        layers = list(self.layers)
        del self.layers
        self.layers = layers


class NetWithOneDropout(_Net):
    def forward(self, x):
        first, second, third = self.layers
        return third(self.bend(second(self.drop(self.bend(first(x))))))


class NetWithTheLastDropoutOnly(_Net):
    def forward(self, x):
        first, second, third = self.layers
        return third(self.drop(self.bend(second(self.bend(first(x))))))


class NetThatDropsPixels(_Net):
    def forward(self, x):
        return super().forward(self.drop(x))


class NetWithOneHiddenLayer(_Net):
    def make(self, into, first, second, out, p):
        self.layers = torch.nn.ModuleList([torch.nn.Linear(into, first), torch.nn.Linear(first, out)])

    def forward(self, x):
        first, second = self.layers
        return second(self.drop(self.bend(first(x))))


class NetWithOneBend(_Net):
    def forward(self, x):
        first, second, third = self.layers
        return third(self.drop(second(self.drop(self.bend(first(x))))))


# --- the loop ---------------------------------------------------------------------------------------------------------


def networks_and_batches(rng):
    """Widths, mode, seed, x, y, batches, rate: first one step, then epochs whose last batch is smaller."""
    for widths, n, size, epochs in (((2, 3), 3, 3, 1), ((4, 5, 3), 10, 4, 2), ((3, 6, 4), 8, 3, 3)):
        x, y = rng.normal(size=(n, widths[0])).astype(np.float32), rng.integers(0, widths[-1], n)
        orders = [rng.permutation(n) for _ in range(epochs)]
        batches = [order[start : start + size] for order in orders for start in range(0, n, size)]
        yield list(widths), False, int(rng.integers(1000)), x, y, batches, 0.3


def _loop(model, x, y, batches, rate, switch=True, reset=True, rate_of_step=None, whole=False, head=None, late=False,
          reduction="mean", moved=True, make=torch.optim.SGD):  # fmt: skip
    """The loop with one of its parts changed."""
    optimizer = make(model.parameters(), lr=rate if rate_of_step is None else rate_of_step)
    model.train(switch)
    losses, x, y = [], torch.tensor(x), torch.tensor(y)
    for batch in batches:
        rows = np.arange(len(x)) if whole else batch

        def measure(rows=rows):
            logits = model(x[rows])
            return F.cross_entropy(head(logits) if head else logits, y[rows], reduction=reduction)

        loss = measure()
        if reset:
            optimizer.zero_grad()
        loss.backward()
        if moved:
            optimizer.step()
        losses.append((measure() if late else loss).item())
    return losses


def loop_in_evaluation(*given):
    return _loop(*given, switch=False)


def loop_without_reset(*given):
    return _loop(*given, reset=False)


def loop_with_softmax(*given):
    return _loop(*given, head=lambda logits: torch.softmax(logits, dim=1))


def loop_without_steps(*given):
    return _loop(*given, moved=False)


def loop_with_the_usual_rate(*given):
    return _loop(*given, rate_of_step=0.001)


def loop_on_everything(*given):
    return _loop(*given, whole=True)


def loop_of_sums(*given):
    return _loop(*given, reduction="sum")


def loop_with_late_losses(*given):
    return _loop(*given, late=True)


def loop_of_adam(*given):
    return _loop(*given, make=torch.optim.Adam)


def loop_with_momentum(*given):
    return _loop(*given, make=partial(torch.optim.SGD, momentum=0.9))


def loop_that_returns_at_once(model, x, y, batches, rate):
    return _loop(model, x, y, batches[:1], rate)


def loop_by_hand(model, x, y, batches, rate):
    """Right, without an optimizer; the losses as an array."""
    model.train()
    losses = np.zeros(len(batches))
    for i, batch in enumerate(batches):
        loss = torch.nn.CrossEntropyLoss()(model(torch.from_numpy(x[batch])), torch.from_numpy(y[batch]))
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= rate * parameter.grad
        losses[i] = loss.item()
    return losses


def loop_with_reset_behind(model, x, y, batches, rate):
    """Right: gradients emptied behind the step, tensors made once."""
    model.train()
    x, y, losses = torch.as_tensor(x), torch.as_tensor(y), []
    optimizer = torch.optim.SGD(params=model.parameters(), lr=rate)
    for batch in batches:
        loss = F.nll_loss(F.log_softmax(model(x[batch]), dim=1), y[batch])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
    return losses


# --- the judge --------------------------------------------------------------------------------------------------------


def networks_to_judge(rng):
    """Widths, mode, seed, x, y: in both modes; as many images as classes, and not."""
    for widths, n, training in (
        ((3, 6, 4), 4, True),
        ((2, 8, 3), 10, False),
        ((4, 3), 7, False),
        ((3, 8, 8, 3), 9, True),
    ):
        x, y = rng.normal(size=(n, widths[0])).astype(np.float32), rng.integers(0, widths[-1], n)
        yield list(widths), training, int(rng.integers(1000)), x, y


def _judge(model, x, y, switch=True, record=False, after=None, axis=1, count=False, reduction="mean", head=None):
    """The judge with one of its parts changed; `after` is the mode in which it leaves the network, None: as it came."""
    mode = model.training
    if switch:
        model.eval()
    x, y = torch.tensor(x), torch.tensor(y)
    with torch.set_grad_enabled(record):
        logits = model(x)
    model.train(mode if after is None else after)
    logits = head(logits) if head else logits
    loss = F.cross_entropy(logits, y, reduction=reduction).item()
    right = (logits.argmax(dim=axis) == y).float()
    return loss, (right.sum() if count else right.mean()).item()


def judge_in_training(model, x, y):
    return _judge(model, x, y, switch=False)


def judge_that_records(model, x, y):
    return _judge(model, x, y, record=True)


def judge_that_leaves_evaluation(model, x, y):
    return _judge(model, x, y, after=False)


def judge_that_leaves_training(model, x, y):
    return _judge(model, x, y, after=True)


def judge_that_sets_the_attribute(model, x, y):
    mode = model.training
    result = _judge(model, x, y, after=False)
    model.training = mode
    return result


def judge_that_counts(model, x, y):
    return _judge(model, x, y, count=True)


def judge_down_the_columns(model, x, y):
    return _judge(model, x, y, axis=0)


def judge_of_sums(model, x, y):
    return _judge(model, x, y, reduction="sum")


def judge_with_softmax(model, x, y):
    return _judge(model, x, y, head=lambda logits: torch.softmax(logits, dim=1))


def judge_the_other_way(model, x, y):
    loss, right = _judge(model, x, y)
    return right, loss


def judge_in_per_cent(model, x, y):
    loss, right = _judge(model, x, y)
    return loss, 100 * right


def judge_that_neither_switches_nor_stops(model, x, y):
    return _judge(model, x, y, switch=False, record=True)


def judge_without_return_to_mode_and_recording(model, x, y):
    return _judge(model, x, y, record=True, after=False)


def judge_by_decorator(model, x, y):
    """Right: recording is switched off around all of it, accuracy by numpy."""
    mode = model.training
    with torch.inference_mode():
        logits = model.eval()(torch.from_numpy(x))
        loss = torch.nn.CrossEntropyLoss()(logits, torch.from_numpy(y))
    if mode:
        model.train()
    return float(loss), float(np.mean(logits.numpy().argmax(axis=1) == y))


def judge_with_finally(model, x, y):
    """Right: the mode comes back whatever happens."""
    mode = model.training
    try:
        model.eval()
        with torch.no_grad():
            x, y = torch.as_tensor(x), torch.as_tensor(y)
            logits = model(x)
            return F.cross_entropy(logits, y), (logits.max(dim=1).indices == y).sum() / len(y)
    finally:
        model.train(mode)


# --- the file ---------------------------------------------------------------------------------------------------------


def networks_for_a_file(rng):
    for widths in ((2, 3), (4, 5, 3)):
        yield list(widths), int(rng.integers(1000))


def file_by_pickle(trained, path, fresh):
    torch.save(trained.state_dict(), path)
    fresh.load_state_dict(torch.load(path))
    fresh.eval()


def file_that_is_not_written(trained, path, fresh):
    fresh.load_state_dict(trained.state_dict())
    fresh.eval()


def file_that_is_not_loaded(trained, path, fresh):
    save_file(trained.state_dict(), path)
    fresh.eval()


def file_loaded_into_the_trained(trained, path, fresh):
    save_file(trained.state_dict(), path)
    trained.load_state_dict(load_file(path))
    trained.eval()


def file_of_the_fresh(trained, path, fresh):
    save_file(fresh.state_dict(), path)
    fresh.load_state_dict(load_file(path))
    fresh.eval()


def file_for_training(trained, path, fresh):
    save_file(trained.state_dict(), path)
    fresh.load_state_dict(load_file(path))


def file_of_weights_alone(trained, path, fresh):
    save_file({name: t for name, t in trained.state_dict().items() if name.endswith("weight")}, path)
    fresh.load_state_dict(load_file(path), strict=False)
    fresh.eval()


def file_from_fresh_to_trained(trained, path, fresh):
    save_file(fresh.state_dict(), path)
    trained.load_state_dict(load_file(path))
    trained.eval()


def file_by_name(trained, path, fresh):
    """Right: number by number."""
    save_file({name: tensor.clone() for name, tensor in trained.named_parameters()}, path)
    read = load_file(path)
    with torch.no_grad():
        for name, parameter in fresh.named_parameters():
            parameter.copy_(read[name])
    fresh.train(False)


def file_by_models(trained, path, fresh):
    """Right: safetensors has functions for whole networks."""
    from safetensors.torch import load_model, save_model

    save_model(trained, path)
    load_model(fresh.eval(), path)


# --- the translation --------------------------------------------------------------------------------------------------


def networks_that_overfit(rng):
    """Forty examples, some labels random, a large rate: the best epoch is clear, and neither the first nor the last.

    Runs in which two epochs are nearly equal are left out, since the last digits would decide between them; so are
    those in which the loss falls straight to its best. The last run comes once more, cut behind its best epoch: whoever
    never judges the last epoch misses that one.
    """
    found = 0
    while found < 2:
        x, x_val = rng.normal(size=(40, 3)), rng.normal(size=(14, 3))
        y = np.where(rng.random(40) < 0.4, rng.integers(0, 3, 40), x.argmax(axis=1))
        case = [3, 8, 3], True, int(rng.integers(1000)), x, y, x_val, x_val.argmax(axis=1), EPOCHS, 4.0
        losses = []
        torch_training(_translated, *case, losses.append)
        losses = np.array(losses)
        rises = np.any(np.diff(losses[: losses.argmin() + 1]) > 0.02)
        best = int(losses.argmin())
        if np.sort(losses)[1] > 1.05 * losses.min() and 1 < best < EPOCHS - 2 and rises:
            found += 1
            yield case
    yield *case[:-2], best + 1, case[-1]


def _translated(model, x, y, x_val, y_val, epochs, rate, note=lambda loss: None, copy=True, modes=(True, False),
                better=lambda new, old: new < old, last=False, reset=True, first_rise=False,
                by_training=False):  # fmt: skip
    """The program with one of its parts changed; `modes` are those in which it trains and judges."""
    x, x_val = torch.tensor(x).float(), torch.tensor(x_val).float()
    y, y_val = torch.tensor(y), torch.tensor(y_val)
    optimizer, lowest, best = torch.optim.SGD(model.parameters(), lr=rate), None, None
    for _ in range(epochs):
        if modes[0] is not None:
            model.train(modes[0])
        if reset:
            optimizer.zero_grad()
        training = F.cross_entropy(model(x), y)
        training.backward()
        optimizer.step()
        if modes[1] is not None:
            model.train(modes[1])
        with torch.no_grad():
            loss = F.cross_entropy(model(x_val), y_val).item()
        loss = training.item() if by_training else loss
        note(loss)
        if first_rise and lowest is not None and loss > lowest:
            break
        if lowest is None or last or better(loss, lowest):
            lowest = loss
            best = {name: t.clone() if copy else t for name, t in model.state_dict().items()}
    model.load_state_dict(best)
    return lowest


def translated_with_references(*given):
    return _translated(*given, copy=False)


def translated_without_evaluation(*given):
    return _translated(*given, modes=(True, True))


def translated_without_training(*given):
    return _translated(*given, modes=(False, False))


def translated_in_the_first_mode_alone(*given):
    return _translated(*given, modes=(None, False))


def translated_the_last(*given):
    return _translated(*given, last=True)


def translated_the_largest(*given):
    return _translated(*given, better=lambda new, old: new > old)


def translated_without_reset(*given):
    return _translated(*given, reset=False)


def translated_to_the_first_rise(*given):
    return _translated(*given, first_rise=True)


def translated_by_training_loss(*given):
    return _translated(*given, by_training=True)


def translated_with_deepcopy(model, x, y, x_val, y_val, epochs, rate):
    """Right: deepcopy for the copies, the images as float32 before they become tensors, the step by hand."""
    import copy

    images, others = torch.from_numpy(x.astype(np.float32)), torch.from_numpy(x_val.astype(np.float32))
    losses, kept = [], []
    for _ in range(epochs):
        model.train().zero_grad()
        F.cross_entropy(model(images), torch.from_numpy(y)).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= rate * parameter.grad
            losses.append(float(F.cross_entropy(model.eval()(others), torch.from_numpy(y_val))))
        kept.append(copy.deepcopy(model.state_dict()))
    model.load_state_dict(kept[int(np.argmin(losses))])
    return min(losses)


# --- a recommendation on trial ----------------------------------------------------------------------------------------


def rates_on_splits(rng):
    """Rates, scores, the recommended rate: twice another one is better on average, yet not on each split; once it wins.

    The single best score belongs to another rate than the best mean.
    """
    for k, splits, wins in ((4, 3, False), (3, 3, False), (4, 4, True)):
        while True:
            scores, place = rng.uniform(0.6, 0.95, (k, splits)).round(3), k - 1
            best = scores.mean(axis=1).argmax()
            if scores.max(axis=1).argmax() == best or (best == place) != wins:
                continue
            if wins or (scores[best] < scores[place]).any():
                break
        rates = np.sort(10 ** rng.uniform(-4, 0, k)).round(5)
        yield rates, scores, float(rates[place])


def _on_trial(rates, scores, recommended, score_of=lambda scores: scores.mean(axis=1).argmax(), scale=100, sign=1,
              place=None, leads_of=lambda best, other: best - other):  # fmt: skip
    """The comparison with one of its parts changed."""
    best = score_of(scores)
    other = scores[list(rates).index(recommended) if place is None else place]
    leads = sign * scale * leads_of(scores[best], other)
    return rates[best], leads.mean(), leads.min(), leads.max()


def on_trial_by_the_luckiest(*given):
    return _on_trial(*given, score_of=lambda scores: scores.max(axis=1).argmax())


def on_trial_down_the_columns(*given):
    return _on_trial(*given, score_of=lambda scores: scores.mean(axis=0).argmax())


def on_trial_as_if_losses(*given):
    return _on_trial(*given, score_of=lambda scores: scores.mean(axis=1).argmin())


def on_trial_in_shares(*given):
    return _on_trial(*given, scale=1)


def on_trial_the_other_way(*given):
    return _on_trial(*given, sign=-1)


def on_trial_with_the_second_row(*given):
    return _on_trial(*given, place=1)


def on_trial_without_signs(*given):
    return _on_trial(*given, leads_of=lambda best, other: np.abs(best - other))


def on_trial_relative(*given):
    return _on_trial(*given, leads_of=lambda best, other: best / other - 1)


def on_trial_by_place(rates, scores, recommended):
    _, *leads = _on_trial(rates, scores, recommended)
    return scores.mean(axis=1).argmax(), *leads


def on_trial_largest_first(*given):
    best, mean, smallest, largest = _on_trial(*given)
    return best, mean, largest, smallest


def on_trial_with_a_best_for_each_split(rates, scores, recommended):
    leads = 100 * (scores.max(axis=0) - scores[list(rates).index(recommended)])
    return rates[scores.mean(axis=1).argmax()], leads.mean(), leads.min(), leads.max()


def on_trial_unpaired(rates, scores, recommended):
    best, other = scores[scores.mean(axis=1).argmax()], scores[list(rates).index(recommended)]
    extremes = best.min() - other.min(), best.max() - other.max()
    return rates[scores.mean(axis=1).argmax()], 100 * (best - other).mean(), 100 * extremes[0], 100 * extremes[1]


def on_trial_at_the_widest(rates, scores, recommended):
    best, other = scores[scores.mean(axis=1).argmax()], scores[list(rates).index(recommended)]
    extremes = best.min() - other.max(), best.max() - other.min()
    return rates[scores.mean(axis=1).argmax()], 100 * (best - other).mean(), 100 * extremes[0], 100 * extremes[1]


def on_trial_by_loops(rates, scores, recommended):
    """Right, in plain Python."""
    rows = dict(zip(rates.tolist(), scores.tolist(), strict=True))
    best = max(rows, key=lambda rate: sum(rows[rate]))
    leads = [100 * a - 100 * b for a, b in zip(rows[best], rows[recommended], strict=True)]
    return [best, sum(leads) / len(leads), min(leads), max(leads)]


def on_trial_by_masks(rates, scores, recommended):
    """Right, with a mask for the row, and all leads at once."""
    leads = 100 * (scores - scores[np.isclose(rates, recommended)])
    row = np.argmax(np.mean(leads, axis=1))
    return np.array([rates[row], np.mean(leads[row]), np.min(leads[row]), np.max(leads[row])])


# --- weights from elsewhere -------------------------------------------------------------------------------------------


def numbers_from_elsewhere(rng):
    """Widths, mode, seed, kernels, biases: square layers among them, where a forgotten transpose raises no error."""
    for widths in ((3, 3), (4, 4, 4), (2, 4, 3)):
        pairs = list(pairwise(widths))
        kernels = [rng.normal(size=pair).astype(np.float32) for pair in pairs]
        yield (
            list(widths),
            False,
            int(rng.integers(1000)),
            kernels,
            [rng.normal(size=o).astype(np.float32) for _, o in pairs],
        )


def _adopt(model, kernels, biases, turn=lambda kernel: kernel.T, with_biases=True):
    layers = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    with torch.no_grad():
        for layer, kernel, bias in zip(layers, kernels, biases, strict=True):
            layer.weight.copy_(torch.tensor(np.ascontiguousarray(turn(kernel))))
            if with_biases:
                layer.bias.copy_(torch.tensor(bias))


def adopt_as_it_is(model, kernels, biases):
    _adopt(model, kernels, biases, lambda kernel: kernel)


def adopt_reshaped(model, kernels, biases):
    _adopt(model, kernels, biases, lambda kernel: kernel.reshape(kernel.shape[::-1]))


def adopt_without_biases(model, kernels, biases):
    _adopt(model, kernels, biases, with_biases=False)


def adopt_by_another_name(model, kernels, biases):
    """`weight = torch.tensor(kernel.T)` gives a name to new numbers; the network keeps its own."""


def adopt_backwards(model, kernels, biases):
    _adopt(model, kernels[::-1], biases[::-1])


def adopt_flipped(model, kernels, biases):
    _adopt(model, kernels, biases, lambda kernel: kernel.T[::-1])


def adopt_by_state(model, kernels, biases):
    """Right, by names: each linear layer has a weight and a bias."""
    numbers = [torch.tensor(a) for kernel, bias in zip(kernels, biases, strict=True) for a in (kernel.T, bias)]
    model.load_state_dict(dict(zip(model.state_dict(), numbers, strict=True)))


def adopt_new_parameters(model, kernels, biases):
    """Right: new parameters in the place of the old."""
    kernels, biases = list(kernels), list(biases)
    for layer in model:
        if hasattr(layer, "weight"):
            layer.weight = torch.nn.Parameter(torch.tensor(kernels.pop(0)).T.contiguous())
            layer.bias = torch.nn.Parameter(torch.tensor(biases.pop(0)))


COMMON = {"level": "apply"}
tasks = [
    Task(
        name="3.3 network",
        kind="implement",
        objective="3.3a",
        minutes=8,
        difficulty=2,
        points=2,
        probe="torch_network",
        cases=sizes_and_images,
        alternatives=[NetAsSequential, _Net],
        misconceptions=[
            Misconception(
                "dropout follows the last layer as well",
                NetWithDropoutAtTheEnd,
                "forum: stackoverflow.com 46841362, where dropout should be inserted",
            ),
            Misconception(
                "dropout as a function is not told the mode, and drops in evaluation, too",
                NetThatAlwaysDrops,
                "forum: discuss.pytorch.org, F.dropout stays on in eval mode",
            ),
            Misconception(
                "no activation stands between the layers", NetWithoutBends, "invented: layers alone are put in a row"
            ),
            Misconception("softmax is applied to the logits", NetWithSoftmax, TWICE),
            Misconception(
                "ReLU follows the last layer as well", NetWithReluAtTheEnd, "invented: every layer is treated alike"
            ),
            Misconception(
                "the probability is read as that of being kept",
                NetThatKeepsP,
                "literature: Srivastava and others (2014) write p for keeping, PyTorch for dropping",
            ),
            Misconception(
                "nothing is ever dropped", NetWithoutDropout, "invented: made in __init__, not used in forward"
            ),
            Misconception(
                "dropout is made without `p` and takes its own probability",
                NetWithTheUsualDropout,
                "invented: an argument is forgotten",
            ),
            Misconception(
                "the layers stand in a plain list, in which no parameter is found",
                NetWithLayersInAList,
                "forum: stackoverflow.com 50463975, layers in a list have no parameters",
            ),
            Misconception(
                "dropout follows the first hidden layer alone", NetWithOneDropout, "invented: one line is left out"
            ),
            Misconception(
                "dropout follows the second hidden layer alone",
                NetWithTheLastDropoutOnly,
                "invented: one line is left out",
            ),
            Misconception(
                "the inputs are dropped as well",
                NetThatDropsPixels,
                "literature: Srivastava and others (2014) do so, at a smaller rate",
            ),
            Misconception(
                "there is one hidden layer", NetWithOneHiddenLayer, "invented: the second hidden layer is forgotten"
            ),
            Misconception(
                "the second hidden layer has no activation", NetWithOneBend, "invented: one line is left out"
            ),
        ],
        hints=[
            "Look at the class of the lesson. Which sizes does each `torch.nn.Linear` take, and what comes after it?",
            "`forward` is a chain: layer, ReLU, dropout, layer, ReLU, dropout, layer. Each result is the next input.",
            "One hidden layer would be: `x = self.dropout(torch.relu(self.inner(x)))`, then `return self.outer(x)`.",
        ],
        **COMMON,
    ),
    Task(
        name="3.3 loop",
        kind="implement",
        objective="3.3a",
        minutes=8,
        difficulty=2,
        points=3,
        probe="torch_training",
        tolerance=1e-3,
        cases=networks_and_batches,
        alternatives=[loop_by_hand, loop_with_reset_behind],
        misconceptions=[
            Misconception("the network stays in evaluation mode, and nothing is dropped", loop_in_evaluation, EVAL),
            Misconception("the old gradients stay, and each backward pass adds to them", loop_without_reset, ZERO_GRAD),
            Misconception(
                "softmax is applied before `F.cross_entropy`, which applies it once more", loop_with_softmax, TWICE
            ),
            Misconception(
                "no step is made, or it is made while the gradients are empty",
                loop_without_steps,
                "forum: stackoverflow.com 53975717, what loss.backward and optimizer.step do",
            ),
            Misconception(
                "the optimizer is made without the rate and takes its own, 0.001",
                loop_with_the_usual_rate,
                "invented: an argument is forgotten; SGD has had a default since PyTorch 2.0",
            ),
            Misconception(
                "every step sees all rows, and the batch is not used", loop_on_everything, "invented: x for x[batch]"
            ),
            Misconception(
                "the losses of a batch are summed in place of averaged", loop_of_sums, "invented: reduction='sum'"
            ),
            Misconception(
                "the loss is measured once more behind the update",
                loop_with_late_losses,
                "invented: two lines change places",
            ),
            Misconception(
                "Adam makes the steps in place of plain SGD",
                loop_of_adam,
                "invented: the optimizer of most examples is taken over",
            ),
            Misconception("SGD is given a momentum", loop_with_momentum, "invented: taken over from an example"),
            Misconception(
                "`return` stands inside the loop and ends it behind the first step",
                loop_that_returns_at_once,
                "invented: one tab too many",
            ),
        ],
        hints=[
            "Write the five stages as comments first. In which of them does PyTorch need another name than nnlib?",
            "An array becomes a tensor by `torch.tensor(…)`; `.item()` makes a plain number of a loss; `model.train()` "
            "switches dropout on.",
            "For a squared error without batches: `optimizer.zero_grad()`, `loss = ((model(x) - y) ** 2).mean()`, "
            "`loss.backward()`, `optimizer.step()`.",
        ],
        **COMMON,
    ),
    Task(
        name="3.3 judge",
        kind="implement",
        objective="3.3c",
        minutes=7,
        difficulty=2,
        points=3,
        probe="torch_judging",
        cases=networks_to_judge,
        alternatives=[judge_by_decorator, judge_with_finally],
        misconceptions=[
            Misconception("the network judges in training mode, where dropout is on", judge_in_training, EVAL),
            Misconception(
                "gradients are recorded, since evaluation mode alone does not stop that", judge_that_records, EVAL
            ),
            Misconception(
                "the network always stays in evaluation mode, also where it came in training mode",
                judge_that_leaves_evaluation,
                "forum: discuss.pytorch.org, model.eval() inside the epoch and never back",
            ),
            Misconception(
                "the network is always put into training mode at the end",
                judge_that_leaves_training,
                "invented: model.train() as the last line, whatever came in",
            ),
            Misconception(
                "`model.training` is set by hand at the end, which does not reach the layers",
                judge_that_sets_the_attribute,
                "invented: an attribute is written as it was read",
            ),
            Misconception(
                "the right answers are counted and not divided by the number of images",
                judge_that_counts,
                "invented: sum for mean",
            ),
            Misconception(
                "the largest logit is sought in each column, across the images; with as many images as classes no "
                "error tells",
                judge_down_the_columns,
                "invented: dim 0 and dim 1 are exchanged",
            ),
            Misconception("the losses are summed, not averaged", judge_of_sums, "invented: reduction='sum'"),
            Misconception("softmax is applied before `F.cross_entropy`", judge_with_softmax, TWICE),
            Misconception("the two numbers change places", judge_the_other_way, "invented: accuracy first"),
            Misconception("the accuracy is given in per cent", judge_in_per_cent, "invented: accuracy is spoken so"),
            Misconception(
                "the network is not switched to evaluation, and gradients are recorded as well",
                judge_that_neither_switches_nor_stops,
                "forum: a validation loop copied from the training loop",
            ),
            Misconception(
                "gradients are recorded, and the network stays in evaluation mode",
                judge_without_return_to_mode_and_recording,
                EVAL,
            ),
        ],
        hints=[
            "Three things are asked besides the two numbers: a mode, no recording, and the mode of before.",
            "`model.training` tells the mode; `model.train(True)` and `model.train(False)` set it. `torch.no_grad()` "
            "is another switch, with nothing to do with the mode.",
            "To read in a dark room: note whether the lamp was on; switch it on; read; set it to what was noted.",
        ],
        **COMMON,
    ),
    Task(
        name="3.3 file",
        kind="implement",
        objective="3.3c",
        minutes=6,
        difficulty=2,
        points=2,
        probe="torch_file",
        cases=networks_for_a_file,
        alternatives=[file_by_name, file_by_models],
        misconceptions=[
            Misconception(
                "the file is written by `torch.save`, which makes a pickle, not safetensors",
                file_by_pickle,
                "forum: PyTorch's guide on saving uses torch.save",
            ),
            Misconception(
                "the numbers go from network to network, and nothing is written to `path`",
                file_that_is_not_written,
                "invented: the file is thought to be a detour",
            ),
            Misconception(
                "the fresh network never receives the numbers of the file",
                file_that_is_not_loaded,
                "invented: load_file is called, load_state_dict is not",
            ),
            Misconception(
                "the fresh network stays as it came, also in its mode: the numbers go into the trained one or a name",
                file_loaded_into_the_trained,
                "invented: two names change places",
            ),
            Misconception(
                "the numbers of the fresh network are written to the file",
                file_of_the_fresh,
                "invented: two names change places",
            ),
            Misconception(
                "the numbers travel the other way, from the fresh network to the trained one",
                file_from_fresh_to_trained,
                "invented: two names change places",
            ),
            Misconception(
                "the fresh network stays in training mode, though it is to answer",
                file_for_training,
                "forum: PyTorch's guide on saving, remember to call model.eval() before inference",
            ),
            Misconception(
                "the weights are written without the biases",
                file_of_weights_alone,
                "invented: weight is taken for all parameters",
            ),
        ],
        hints=[
            "Two lines with two functions each: what goes into the file, what comes out, and who receives it?",
            "`state_dict()` gives a network's numbers by name; `load_state_dict(…)` takes them over.",
            "For nnlib it reads: `save(model, path)`, then `other.load_state_dict(load(path))`, then `other.eval()`.",
        ],
        **COMMON,
    ),
    Task(
        name="3.3 translate",
        kind="adapt",
        objective="3.3b",
        minutes=12,
        difficulty=3,
        points=4,
        probe="torch_training",
        tolerance=1e-3,
        cases=networks_that_overfit,
        alternatives=[translated_with_deepcopy],
        equivalent={"loss < lowest → loss <= lowest": "no two epochs have the same loss"},
        misconceptions=[
            Misconception(
                "what is kept are references to the weights, or a copy of the dict alone, and training changes them",
                translated_with_references,
                REFERENCES,
            ),
            Misconception("the network is judged in training mode, with dropout", translated_without_evaluation, EVAL),
            Misconception(
                "the network stays in evaluation mode from the first judging on",
                translated_in_the_first_mode_alone,
                "forum: discuss.pytorch.org, model.eval() inside the epoch and never back",
            ),
            Misconception("the network is in evaluation mode all the time", translated_without_training, EVAL),
            Misconception(
                "the last weights are kept, and the last loss is returned",
                translated_the_last,
                "invented: the comparison is left out",
            ),
            Misconception(
                "the largest loss counts as the best", translated_the_largest, "invented: a rule for accuracy is used"
            ),
            Misconception(
                "the old gradients stay, and each backward pass adds to them", translated_without_reset, ZERO_GRAD
            ),
            Misconception(
                "training stops at the first rise of the validation loss",
                translated_to_the_first_rise,
                "invented: early stopping read as stopping at the first rise",
            ),
            Misconception(
                "the training loss decides which epoch is best",
                translated_by_training_loss,
                "invented: the loss that is at hand is used",
            ),
        ],
        hints=[
            "Go line by line through the lesson's table. Which two lines of this program have a remark there?",
            "An array of float64 must become a tensor of float32. And in PyTorch `state_dict()` hands out the numbers "
            "that training goes on to change.",
            "A photograph of a clock against the clock itself: at noon `kept = clock` shows one o'clock an hour later; "
            "`kept = clock.clone()` still shows noon. A dict of clocks needs a photograph of each.",
        ],
        **COMMON,
    ),
    Task(
        name="3.3 on trial",
        kind="implement",
        objective="3.3d",
        minutes=6,
        difficulty=2,
        points=3,
        cases=rates_on_splits,
        alternatives=[on_trial_by_loops, on_trial_by_masks],
        equivalent={"scores.mean(axis=1) → scores.sum(axis=1)": "as many splits for each rate: the same order"},
        misconceptions=[
            Misconception(
                "the rate with the highest single score counts as the best, not that with the highest mean",
                on_trial_by_the_luckiest,
                "literature: Bouthillier and others (2021), a lucky seed taken for a better method",
            ),
            Misconception(
                "the lead on each split is that of the best rate there, another one on each split",
                on_trial_with_a_best_for_each_split,
                "literature: Cawley and Talbot (2010), choosing and judging by the same scores",
            ),
            Misconception(
                "the lowest scores are compared with each other, and the highest, though they belong to other splits",
                on_trial_unpaired,
                "invented: extremes are taken before the difference",
            ),
            Misconception(
                "the worst split of one rate is compared with the best split of the other",
                on_trial_at_the_widest,
                "invented: extremes are taken before the difference",
            ),
            Misconception(
                "the means are taken down the columns, over the rates", on_trial_down_the_columns, "invented: axis 0"
            ),
            Misconception(
                "the lowest mean counts as the best, as it would for losses",
                on_trial_as_if_losses,
                "invented: a rule for losses is used",
            ),
            Misconception("leads are left as shares of 1", on_trial_in_shares, "invented: the factor 100 is left out"),
            Misconception(
                "the best rate is subtracted from the recommended one",
                on_trial_the_other_way,
                "invented: two names change places",
            ),
            Misconception(
                "the second row is taken for that of the recommended rate, as in the lesson",
                on_trial_with_the_second_row,
                "invented: an index is taken over from the lesson",
            ),
            Misconception(
                "the signs of the leads are dropped", on_trial_without_signs, "invented: a distance for a difference"
            ),
            Misconception(
                "the lead is divided by the score of the recommended rate",
                on_trial_relative,
                "invented: per cent for points",
            ),
            Misconception(
                "the place of the best rate is returned, not the rate", on_trial_by_place, "invented: argmax is the end"
            ),
            Misconception(
                "the smallest and the largest lead change places", on_trial_largest_first, "invented: largest first"
            ),
        ],
        hints=[
            "Two rows of `scores` matter. Which ones? And what is computed first, the difference or the extremes?",
            "Subtract one row from the other: a lead for each split. Its mean, `min()` and `max()` come last.",
            "Two runners, three days: 50, 61, 58 seconds and 53, 60, 64. The second needs 3, −1 and 6 seconds more: "
            "on average 2.7, at least −1, at most 6.",
        ],
        **COMMON,
    ),
    Task(
        name="3.3 from elsewhere",
        kind="adapt",
        objective="3.3b",
        minutes=8,
        difficulty=3,
        points=2,
        reach=True,
        probe="torch_training",
        cases=numbers_from_elsewhere,
        alternatives=[adopt_by_state, adopt_new_parameters],
        misconceptions=[
            Misconception(
                "the kernel is taken over as it is; in a square layer no error tells",
                adopt_as_it_is,
                "forum: stackoverflow.com 54390837, converting Keras weights to PyTorch",
            ),
            Misconception(
                "the kernel is reshaped to (out, in), not transposed",
                adopt_reshaped,
                "forum: discuss.pytorch.org, view and transpose taken for each other",
            ),
            Misconception(
                "the biases stay as they were", adopt_without_biases, "invented: weight is taken for all parameters"
            ),
            Misconception(
                "a name receives the numbers, and the network does not",
                adopt_by_another_name,
                "invented: `weight = …` in place of writing into it",
            ),
            Misconception("the lists are gone through from their end", adopt_backwards, "invented: outputs first"),
            Misconception(
                "the rows of the transposed kernel stand in reverse order",
                adopt_flipped,
                "invented: a rotation for a transpose",
            ),
        ],
        hints=[
            "What shape has `layer.weight` of `torch.nn.Linear(2, 3)`, and what shape has the kernel?",
            "PyTorch computes `x @ weight.T + bias`. Numbers are written into a parameter inside `torch.no_grad()`, by "
            "`parameter.copy_(tensor)`.",
            "A table of prices has a row for each fruit and a column for each shop. For a row for each shop, "
            "turn it: `prices.T`.",
        ],
        **COMMON,
    ),
]
