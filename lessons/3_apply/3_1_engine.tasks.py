"""Tasks of lesson 3.1: an engine's rules and its sweep, an operation of nnlib, a check, a training; reach: copies."""

import math
from heapq import heappop, heappush
from itertools import count

import numpy as np

from classroom.tasks import Misconception, Task
from nnlib import functional as F
from nnlib import node

OVERWRITTEN = "forum: github.com/karpathy/nn-zero-to-hero issue 52, = in place of +="
RECURSION = "forum: github.com/karpathy/micrograd issues 2, 21 and 68, backward by recursion"
PARTS = "forum: github.com/karpathy/micrograd issue 81, parts sent on one by one"
LOCAL = "forum: github.com/karpathy/micrograd pull request 115, operations that return local gradients"
TWICE = "forum: github.com/karpathy/micrograd issue 53, backward called twice"
ZERO_GRAD = "forum: stackoverflow.com 48001598, why do we need to call zero_grad"
INVENTED = "invented: "


# ---- the rules


def operations(rng):
    """Operation, a, b, g: none of them 0 or 1, of both signs; max both ways round."""
    yield "add", 2.0, -3.0, 0.5
    for operation in ("mul", "div"):
        yield operation, 2.0, -3.0, 0.5
        a, b, g = rng.choice([-1, 1], size=3) * rng.uniform(0.3, 3, size=3)
        yield operation, float(a), float(b), float(g)
    low, gap, g = rng.uniform(0.3, 3, size=3)
    for a, b in ((3.0, -2.0), (float(-low), float(gap - low)), (float(gap + low), float(low))):
        yield "max", a, b, float(-g)


def rules(mul=lambda a, b, g: (g * b, g * a), div=lambda a, b, g: (g / b, -g * a / b**2), larger=None):
    larger = larger or (lambda a, b, g: (g, 0.0) if a > b else (0.0, g))

    def parts(operation, a, b, g):
        return {"add": lambda a, b, g: (g, g), "mul": mul, "div": div, "max": larger}[operation](a, b, g)

    return parts


def rules_without_g(operation, a, b, g):
    return rules()(operation, a, b, 1.0) if operation != "add" else (g, g)


def rules_by_where(operation, a, b, g):
    """Right: local derivatives in a table, times g."""
    local = {"add": (1, 1), "mul": (b, a), "div": (1 / b, -a / b / b), "max": (a > b, b > a)}[operation]
    return g * np.array(local, dtype=float)


# ---- the sweep


def computations(rng):
    """Given numbers, steps, sweeps: values used twice at unequal distances, in both orders of the inputs."""
    yield [0.5, 2.0], [["mul", 0, 1], ["tanh", 2, 2], ["add", 2, 3]], 1
    yield [0.5, 2.0], [["mul", 0, 1], ["tanh", 2, 2], ["add", 3, 2]], 1
    yield [1.5], [["mul", 0, 0], ["add", 1, 1]], 2
    for sweeps in (1, 2, 1):
        given = [float(n) for n in rng.uniform(0.4, 1.2, size=3)]
        steps = [["mul", 0, 1], ["add", 3, 2]]
        for k in range(5, 5 + 3 * 3, 3):  # three pieces: a value, its tanh, and the value again
            first, second = (k - 1, k) if rng.random() < 0.5 else (k, k - 1)
            steps += [["tanh", k - 1, k - 1], ["mul", first, second], ["add", k + 1, k - 1]]
        yield given, steps, sweeps


class Value:
    """As in the exercise's first cell, and with a creation number, as in the lesson."""

    made = count()

    def __init__(self, data, inputs=(), rule=lambda g: ()):
        self.data, self.inputs, self.rule = data, inputs, rule
        self.grad, self.serial, self.sent = 0.0, next(Value.made), 0

    def send(self, g):
        self.sent += 1
        return self.rule(g)


def record(given, steps):
    values = [Value(number) for number in given]
    for operation, i, j in steps:
        a, b = values[i], values[j]
        if operation == "add":
            values.append(Value(a.data + b.data, (a, b), lambda g: (g, g)))
        elif operation == "mul":
            values.append(Value(a.data * b.data, (a, b), lambda g, a=a, b=b: (g * b.data, g * a.data)))
        else:
            t = math.tanh(a.data)
            values.append(Value(t, (a,), lambda g, t=t: (g * (1 - t * t),)))
    return values


def swept(back):
    """The task's function, with `back(last)` or `back(last, values)` in place of the sweep."""

    def gradients(given, steps, sweeps):
        values = record(given, steps)
        for _ in range(sweeps):
            back(values)
        grads, sends = [value.grad for value in values], [value.sent for value in values if value.inputs]
        return {"grad": np.array(grads), "sends": np.array(sends)}

    return gradients


def in_order(choose, add=True, keep=lambda value, g: value.grad + g, out=lambda value, g: g):
    """The sweep with one of its parts changed."""

    def back(values):
        waiting = {values[-1]: 1.0}
        while waiting:
            value = choose(waiting)
            g = waiting.pop(value)
            value.grad = keep(value, g)
            for x, part in zip(value.inputs, value.send(out(value, g)), strict=True):
                waiting[x] = waiting.get(x, 0.0) + part if add else part

    return swept(back)


def youngest(waiting):
    return max(waiting, key=lambda value: value.serial)


def oldest(waiting):
    return min(waiting, key=lambda value: value.serial)


def first_come(waiting):
    return next(iter(waiting))


def last_come(waiting):
    return next(reversed(waiting))


def by_recursion(whole):
    """Each value sends at once: all that it has so far (`whole`), or each part on its own."""

    def send(value, part):
        value.grad += part
        for x, further in zip(value.inputs, value.send(value.grad if whole else part), strict=True):
            send(x, further)

    return swept(lambda values: send(values[-1], 1.0))


def once_for_ever(values):
    """A visited set: whoever has sent never sends again."""
    waiting, done = {values[-1]: 1.0}, set()
    while waiting:
        value = first_come(waiting)
        g = waiting.pop(value)
        value.grad += g
        if value in done:
            continue
        done.add(value)
        for x, part in zip(value.inputs, value.send(g), strict=True):
            waiting[x] = waiting.get(x, 0.0) + part


def only_the_last(values):
    value = values[-1]
    value.grad += 1.0
    for x, part in zip(value.inputs, value.send(1.0), strict=True):
        x.grad += part


def forwards(values):
    arrived = dict.fromkeys(values, 0.0) | {values[-1]: 1.0}
    for value in values:
        value.grad += arrived[value]
        for x, part in zip(value.inputs, value.send(arrived[value]), strict=True):
            arrived[x] += part


def leaves_alone(values):
    waiting = {values[-1]: 1.0}
    while waiting:
        value = youngest(waiting)
        g = waiting.pop(value)
        if not value.inputs:
            value.grad += g
        for x, part in zip(value.inputs, value.send(g), strict=True):
            waiting[x] = waiting.get(x, 0.0) + part


def from_the_end(values):
    """Right: the record backwards, with a place for what arrives at each value from the start."""
    arrived = dict.fromkeys(values, 0.0) | {values[-1]: 1.0}
    for value in reversed(values):
        value.grad += arrived[value]
        if value.inputs:
            for x, part in zip(value.inputs, value.send(arrived[value]), strict=True):
                arrived[x] += part


def with_a_heap(values):
    """Right: as nnlib does it."""
    waiting, arrived = [(-values[-1].serial, values[-1])], {values[-1]: 1.0}
    while waiting:
        value = heappop(waiting)[1]
        g = arrived.pop(value)
        value.grad += g
        for x, part in zip(value.inputs, value.send(g) if value.inputs else (), strict=True):
            if x not in arrived:
                heappush(waiting, (-x.serial, x))
            arrived[x] = arrived.get(x, 0.0) + part


def with_a_sort(values):
    """Right: sorted by recursion first."""
    order = {}

    def visit(value):
        if value not in order:
            for x in value.inputs:
                visit(x)
            order[value] = 0.0

    visit(values[-1])
    order[values[-1]] = 1.0
    for value in reversed(order):
        value.grad += order[value]
        for x, part in zip(value.inputs, value.send(order[value]), strict=True):
            order[x] += part


# ---- softplus


def arrays(rng):
    """x and what its softplus is multiplied by; also where e^x is too large for a float."""
    yield np.array([-2.0, 0.5, 3.0]), np.array([1.5, -0.5, 2.0])
    yield np.array([-1000.0, 1000.0, 30.0]), np.array([2.0, -3.0, 0.7])
    for shape in ((4,), (3, 2)):
        yield rng.normal(0, 2, size=shape), rng.choice([-1, 1], size=shape) * rng.uniform(0.5, 2, size=shape)


def sigmoid(x):
    return (1 + np.tanh(x / 2)) / 2


def softplus_with(slope=lambda x, value: sigmoid(x), value=lambda x: np.logaddexp(0, x), part=lambda g, d: g * d):
    def weighted(x, r):
        v = value(x.data)
        return node(v, (x,), lambda g: (part(g, slope(x.data, v)),)) * r

    return weighted


def overflowing(x, r):
    with np.errstate(all="ignore"):
        e = np.exp(x.data)
        return node(np.log(1 + e), (x,), lambda g: (g * e / (1 + e),)) * r


def softplus_of_parts(x, r):
    """Right, from operations that nnlib has: their rules follow one another."""
    return (F.relu(x) + F.log(1 + F.exp(-abs(x)))) * r if np.all(x.data != 0) else softplus_with()(x, r)


def softplus_by_its_value(x, r):
    """Right: 1 - e^-value is the sigmoid."""
    value = np.maximum(x.data, 0) + np.log1p(np.exp(-np.abs(x.data)))
    return node(value, (x,), lambda g: (-np.expm1(-value) * g,)) * r


# ---- the check

OPERATIONS = {
    "product": (lambda a, b: a * b, lambda a, b: (b, a)),
    "product 2": (lambda a, b: a * b, lambda a, b: (a, b)),
    "ratio": (lambda a, b: a / b, lambda a, b: (1 / b, -a / b**2)),
    "ratio 2": (lambda a, b: a / b, lambda a, b: (1 / b, a / b**2)),
    "gate": (lambda a, b: a * math.tanh(b), lambda a, b: (math.tanh(b), a * (1 - math.tanh(b) ** 2))),
    "gate 2": (lambda a, b: a * math.tanh(b), lambda a, b: (math.tanh(b), a * (1 - math.tanh(b)))),
    "length": (math.hypot, lambda a, b: (a / math.hypot(a, b), b / math.hypot(a, b))),
    "length 2": (math.hypot, lambda a, b: (a, b)),
    "volume": (lambda a, b: math.pi * a**2 * b, lambda a, b: (2 * math.pi * a * b, math.pi * a**2)),
    "volume 2": (lambda a, b: math.pi * a**2 * b, lambda a, b: (2 * 3.145 * a * b, 3.145 * a**2)),
}


def claims(rng):
    """Name, a, b, h: right and wrong claims at drawn places; and such that lie a little beyond what is allowed."""
    yield "product", 2.0, 3.0, 1e-3
    yield "ratio 2", 0.02, 1.5, 1e-4
    yield "ratio", 4.0, 0.05, 1e-3  # far off the mark in numbers, near it beside its slope
    yield "gate 2", 1.0, 4.0, 1e-3  # within it only by atol
    yield "volume 2", 2.0, 1.6, 1e-3  # beyond it only since atol is no larger
    yield "volume 2", 3.0, 2.0, 1e-3  # beyond it only since rtol is no larger
    for name in ("product 2", "ratio 2", "gate 2", "length 2"):
        a, b = rng.choice([-1, 1], size=2) * rng.uniform(0.5, 2, size=2)
        yield name, float(a), float(b), 1e-3


def judged_by(nudges, near=lambda measured, claimed: np.isclose(measured, claimed, rtol=1e-3, atol=1e-3), both=np.all):
    def judged(name, a, b, h):
        value, claimed = OPERATIONS[name]
        measured = np.array(nudges(value, a, b, h))
        return {"measured": measured, "agrees": bool(both(near(measured, np.array(claimed(a, b)))))}

    return judged


def central(value, a, b, h):
    return (value(a + h, b) - value(a - h, b)) / (2 * h), (value(a, b + h) - value(a, b - h)) / (2 * h)


def up_only(value, a, b, h):
    return (value(a + h, b) - value(a, b)) / h, (value(a, b + h) - value(a, b)) / h


def over_h(value, a, b, h):
    return tuple(2 * slope for slope in central(value, a, b, h))


def both_at_once(value, a, b, h):
    slope = (value(a + h, b + h) - value(a - h, b - h)) / (2 * h)
    return slope, slope


def halved_times_h(value, a, b, h):
    return tuple(slope * h * h for slope in central(value, a, b, h))


def downwards(value, a, b, h):
    return tuple(-slope for slope in central(value, a, b, h))


def second_first(value, a, b, h):
    return central(value, a, b, h)[::-1]


def first_twice(value, a, b, h):
    return (central(value, a, b, h)[0],) * 2


def undivided(value, a, b, h):
    return tuple(2 * h * slope for slope in central(value, a, b, h))


def judged_by_itself(name, a, b, h):
    return {"measured": np.array(OPERATIONS[name][1](a, b)), "agrees": True}


def judged_in_loops(name, a, b, h):
    """Right, input by input."""
    value, claimed = OPERATIONS[name]
    measured, agrees = [], True
    for i, claim in enumerate(claimed(a, b)):
        up, down = [a, b], [a, b]
        up[i] += h
        down[i] -= h
        slope = (value(*up) - value(*down)) / (2 * h)
        agrees = agrees and abs(claim - slope) <= 1e-3 + 1e-3 * abs(claim)
        measured.append(slope)
    return {"measured": measured, "agrees": agrees}


# ---- the training


def trainings(rng):
    """First weights, examples, labels, rate, steps: one step, then several; three examples, so that 1/n counts."""
    xor = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    yield rng.normal(size=9), xor, np.array([-1.0, 1.0, 1.0, -1.0]), 0.1, 1
    yield rng.normal(size=9), xor[:3], np.array([-1.0, 1.0, 1.0]), 0.05, 6
    yield rng.normal(size=9), rng.normal(size=(5, 2)), rng.choice([-1.0, 1.0], size=5), 0.05, 5


def forward_and_back(w, examples, labels):
    """Loss and its gradient by all nine weights, in arrays."""
    hidden = np.tanh(examples @ np.array([w[0:2], w[3:5]]).T + [w[2], w[5]])
    error = hidden @ w[6:8] + w[8] - labels
    at_output = 2 * error / len(labels)
    at_hidden = np.outer(at_output, w[6:8]) * (1 - hidden**2)
    by_first = [[*(at_hidden[:, i] @ examples), at_hidden[:, i].sum()] for i in (0, 1)]
    return np.mean(error**2), np.array([*by_first[0], *by_first[1], *(at_output @ hidden), at_output.sum()])


def trained(gradient=lambda new, old: new, rate=lambda rate, n: rate, loss=lambda loss, n: loss, late=False):
    """The loop with one of its parts changed."""

    def train(start, examples, labels, rate_, steps):
        w, kept, losses = np.array(start, dtype=float), np.zeros(9), []
        for _ in range(steps):
            before, new = forward_and_back(w, examples, labels)
            kept = gradient(new, kept)
            w = w - rate(rate_, len(labels)) * kept
            found = forward_and_back(w, examples, labels)[0] if late else before
            losses.append(loss(found, len(labels)))
        return {"losses": np.array(losses), "weights": w}

    return train


def trained_example_by_example(start, examples, labels, rate, steps):
    w, losses = np.array(start, dtype=float), []
    for _ in range(steps):
        found = []
        for i in range(len(labels)):
            loss, gradient = forward_and_back(w, examples[i : i + 1], labels[i : i + 1])
            w = w - rate * gradient
            found.append(loss)
        losses.append(np.mean(found))
    return {"losses": np.array(losses), "weights": w}


def trained_on_the_last(start, examples, labels, rate, steps):
    """The loss of each example takes the place of the one before."""
    found = trained()(start, examples[-1:], labels[-1:], rate / len(labels), steps)
    return found | {"losses": found["losses"] / len(labels)}


def trained_on_growing_sums(start, examples, labels, rate, steps):
    """backward inside the loop: the first example counts in every partial sum, the last in one."""
    w, n, losses = np.array(start, dtype=float), len(labels), []
    for _ in range(steps):
        losses.append(forward_and_back(w, examples, labels)[0])
        each = [forward_and_back(w, examples[i : i + 1], labels[i : i + 1])[1] for i in range(n)]
        w = w - rate * sum((n - i) * gradient for i, gradient in enumerate(each)) / n
    return {"losses": np.array(losses), "weights": w}


def trained_by_nnlib(start, examples, labels, rate, steps):
    """Right, with tensors."""
    from nnlib import SGD, Tensor

    w = Tensor(start, requires_grad=True, dtype=np.float64)
    optimizer, losses = SGD([w], lr=rate), []
    for _ in range(steps):
        hidden = F.tanh(examples @ w[:6].reshape(2, 3)[:, :2].T + w[:6].reshape(2, 3)[:, 2])
        loss = ((hidden @ w[6:8] + w[8] - labels) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"losses": np.array(losses), "weights": w.data}


# ---- the copies


def stretched(rng):
    """Gradients of large arrays, and the shapes that they were broadcast from."""
    for large, small in (
        ((3, 2), (2,)),
        ((3, 3), (3,)),
        ((4, 3), (4, 1)),
        ((4, 3), (1, 3)),
        ((2, 3), ()),
        ((2, 3), (2, 3)),
        ((2, 4, 3), (4, 1)),
        ((5, 3), (1, 1)),
    ):
        yield rng.normal(size=large), small


def copies_by_mean(g, shape):
    repeated = tuple(i for i, length in enumerate(shape) if length == 1)
    return g.mean(axis=tuple(range(g.ndim - len(shape)))).mean(axis=repeated, keepdims=True)


def copies_by_first(g, shape):
    g = g[(0,) * (g.ndim - len(shape))]
    return g[tuple(slice(0, 1) if length == 1 else slice(None) for length in shape)]


def copies_along_the_first(g, shape):
    return g.sum(axis=0)


def copies_of_length_1_alone(g, shape):
    repeated = tuple(i - len(shape) for i, length in enumerate(shape) if length == 1)
    return g.sum(axis=repeated, keepdims=True)


def copies_in_front_alone(g, shape):
    return g.sum(axis=tuple(range(g.ndim - len(shape))))


def copies_without_keepdims(g, shape):
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, length in enumerate(shape) if length == 1))


def copies_all_in_one(g, shape):
    return np.full(shape, g.sum())


def copies_along_the_last(g, shape):
    g = g.sum(axis=tuple(range(len(shape), g.ndim)))
    return g.sum(axis=tuple(i for i, length in enumerate(shape) if length == 1), keepdims=True)


def copies_unsummed(g, shape):
    return g


def copies_by_adding(g, shape):
    """Right: each entry of g is added where its original stands."""
    found = np.zeros(shape)
    where = np.broadcast_to(np.arange(max(1, found.size)).reshape(shape), g.shape)
    np.add.at(found.reshape(-1), where.ravel(), g.ravel())
    return found


def copies_by_weights(g, shape):
    """Right: with 1 in one place and 0 elsewhere, broadcast to the large shape, and multiplied."""
    ones = np.eye(int(np.prod(shape))).reshape(-1, *shape)
    return np.array([np.sum(np.broadcast_to(one, g.shape) * g) for one in ones]).reshape(shape)


APPLY = {"level": "apply"}
tasks = [
    Task(
        name="3.1 rules",
        kind="complete",
        objective="3.1a",
        minutes=6,
        difficulty=2,
        points=3,
        cases=operations,
        alternatives=[rules_by_where],
        equivalent={"a > b → a >= b": "the two inputs of the maximum are different, as the task says"},
        misconceptions=[
            Misconception("the local derivatives are returned, without g", rules_without_g, LOCAL),
            Misconception(
                "in the product, each factor gets itself in place of the other one",
                rules(mul=lambda a, b, g: (g * a, g * b)),
                INVENTED + "the two factors change places",
            ),
            Misconception(
                "the part for the divisor has the sign turned",
                rules(div=lambda a, b, g: (g / b, g * a / b**2)),
                INVENTED + "the minus of the quotient rule is forgotten",
            ),
            Misconception(
                "the divisor is treated like a second factor, as if 1/b had the slope 1",
                rules(div=lambda a, b, g: (g / b, g * a)),
                INVENTED + "a quotient read as a product",
            ),
            Misconception(
                "in the part for the divisor the square is missing",
                rules(div=lambda a, b, g: (g / b, -g * a / b)),
                INVENTED + "half of the quotient rule is remembered",
            ),
            Misconception(
                "both inputs of the maximum get the whole of g, as in a sum",
                rules(larger=lambda a, b, g: (g, g)),
                INVENTED + "the rule of the addition is kept",
            ),
            Misconception(
                "each input of the maximum gets half of g",
                rules(larger=lambda a, b, g: (g / 2, g / 2)),
                INVENTED + "shared as in a mean",
            ),
            Misconception(
                "the smaller input of the maximum gets g",
                rules(larger=lambda a, b, g: (0.0, g) if a > b else (g, 0.0)),
                INVENTED + "a comparison is turned round",
            ),
            Misconception(
                "the larger input of the maximum gets its value times g",
                rules(larger=lambda a, b, g: (g * a, 0.0) if a > b else (0.0, g * b)),
                INVENTED + "value and slope change places",
            ),
        ],
        hints=[
            "Nudge a alone: how fast does c change? That is the local derivative; the part is g times it.",
            "A quotient is a · (1/b), and 1/b has the slope −1/b². If the larger of two numbers moves, how fast does "
            "their maximum move? And if the smaller one moves?",
            "For c = 5 a² the part for a is g · 10 a: with a = 2 and g = 3 that is 60.",
        ],
        **APPLY,
    ),
    Task(
        name="3.1 sweep",
        kind="complete",
        objective="3.1b",
        minutes=10,
        difficulty=3,
        points=4,
        cases=computations,
        alternatives=[swept(with_a_sort), swept(with_a_heap), swept(from_the_end)],
        misconceptions=[
            Misconception(
                "a later part takes the place of an earlier one: `=` where parts should add up",
                in_order(youngest, add=False),
                OVERWRITTEN,
            ),
            Misconception(
                "the oldest that waits goes next, so that values send several times",
                in_order(oldest),
                INVENTED + "age is taken the wrong way round",
            ),
            Misconception(
                "the values go in the order of the forward pass, so that parts come when their turn is over",
                swept(forwards),
                INVENTED + "the order of the forward pass is kept",
            ),
            Misconception(
                "whoever has waited longest goes next, so that values send several times",
                in_order(first_come),
                "forum: github.com/karpathy/micrograd pull request 34, values visited breadth-first",
            ),
            Misconception("whoever came last goes next, so that values send several times", in_order(last_come), PARTS),
            Misconception(
                "each part travels on at once, along every path on its own", by_recursion(whole=False), PARTS
            ),
            Misconception(
                "each value sends at once all that it has so far, and the first part travels again",
                by_recursion(whole=True),
                RECURSION,
            ),
            Misconception(
                "whoever has sent never sends again, and parts that come later end there",
                swept(once_for_ever),
                "forum: github.com/karpathy/micrograd issue 96, depth-first with visited nodes",
            ),
            Misconception(
                "`grad` is overwritten, so that a second sweep does not add to the first",
                in_order(youngest, keep=lambda value, g: g),
                ZERO_GRAD,
            ),
            Misconception(
                "`grad` is sent in place of what has arrived, so that a second sweep sends the first one again",
                in_order(youngest, out=lambda value, g: value.grad),
                TWICE,
            ),
            Misconception(
                "only the last value sends, and the loop ends there",
                swept(only_the_last),
                INVENTED + "one step for a sweep",
            ),
            Misconception(
                "only given values keep their `grad`, computed ones keep none",
                swept(leaves_alone),
                "forum: discuss.pytorch.org, why is the grad of a non-leaf tensor None",
            ),
        ],
        hints=[
            "Three questions for each turn: whose is it, what does it keep, what do its inputs get?",
            "`waiting.pop(value)` gives what has arrived and takes it away. Parts for one input may come at different "
            "times. Age decided in the lesson: in which order does `record` return its values?",
            "With p = 2 a, q = 3 p, y = q + p: y sends 1 to q and 1 to p; q is younger than p, so it sends 3 to p; now "
            "p has 4 and sends 8 to a.",
        ],
        **APPLY,
    ),
    Task(
        name="3.1 softplus",
        kind="implement",
        objective="3.1d",
        minutes=8,
        difficulty=3,
        points=3,
        probe="differentiable",
        cases=arrays,
        alternatives=[softplus_of_parts, softplus_by_its_value],
        equivalent={"logaddexp(x.data, 0, …)": "its two inputs may change places, as in a sum"},
        misconceptions=[
            Misconception("the rule returns the slope without g", softplus_with(part=lambda g, d: d), LOCAL),
            Misconception(
                "the slope of the sigmoid is taken for the sigmoid, the slope of softplus",
                softplus_with(slope=lambda x, value: sigmoid(x) * (1 - sigmoid(x))),
                INVENTED + "one derivative too many",
            ),
            Misconception(
                "g is multiplied by the value, not by the slope",
                softplus_with(slope=lambda x, value: value),
                INVENTED + "value and slope change places",
            ),
            Misconception(
                "the slope is that of ReLU, 1 or 0",
                softplus_with(slope=lambda x, value: np.where(x > 0, 1.0, 0.0)),
                INVENTED + "the round corner is forgotten in the rule",
            ),
            Misconception(
                "the sigmoid has the sign of its input turned",
                softplus_with(slope=lambda x, value: sigmoid(-x)),
                INVENTED + "e^x for e^-x",
            ),
            Misconception(
                "g passes as it came, as if the slope were 1",
                softplus_with(slope=lambda x, value: np.ones_like(x)),
                INVENTED + "the rule of the addition is kept",
            ),
            Misconception(
                "e^x is computed as it stands, and is too large for a float at 1000",
                overflowing,
                "forum: stackoverflow.com 44230635, avoid overflow with softplus function in python",
            ),
            Misconception(
                "a plain array comes back, or a tensor without inputs, so that no gradient finds its way to x",
                lambda x, r: np.logaddexp(0, x.data) * r,
                INVENTED + "seen while trying the check: `node` is forgotten",
            ),
        ],
        hints=[
            "Look at tanh in the lesson: its value, its inputs, its rule. Here everything is an array, and the rule "
            "returns a tuple with one entry.",
            "The part is g times the slope, number by number. The text gives both formulas in a form that does not "
            "overflow.",
            "The square as an operation: `node(x.data**2, (x,), lambda g: (g * 2 * x.data,))`. The comma makes a "
            "tuple.",
        ],
        **APPLY,
    ),
    Task(
        name="3.1 check",
        kind="implement",
        objective="3.1c",
        minutes=8,
        difficulty=3,
        points=3,
        cases=claims,
        alternatives=[judged_in_loops],
        equivalent={
            "allclose(claimed(a, b), measured, …)": "a thousandth of either size is the same but for a millionth"
        },
        misconceptions=[
            Misconception(
                "the nudge goes up only, and is compared with the place itself",
                judged_by(up_only),
                "forum: cs231n notes, use the centered formula",
            ),
            Misconception(
                "the difference between up and down is divided by h, not by 2h",
                judged_by(over_h),
                INVENTED + "the formula of the one-sided nudge is kept",
            ),
            Misconception(
                "`/ 2 * h` divides by 2 and multiplies by h: the brackets around 2 * h are missing",
                judged_by(halved_times_h),
                INVENTED + "seen while trying the check: operators of equal rank go from left to right",
            ),
            Misconception(
                "both inputs are nudged at once", judged_by(both_at_once), INVENTED + "an array is nudged as a whole"
            ),
            Misconception(
                "the difference is taken the other way round, down less up",
                judged_by(downwards),
                INVENTED + "the sign is turned",
            ),
            Misconception(
                "the slopes change places: that of b comes first",
                judged_by(second_first),
                INVENTED + "tried from the task's text",
            ),
            Misconception(
                "only a is nudged, and its slope stands in both places",
                judged_by(first_twice),
                INVENTED + "tried from the task's text; one line copied and not changed",
            ),
            Misconception(
                "the difference between up and down is not divided",
                judged_by(undivided),
                INVENTED + "tried from the task's text; the change is taken for the slope",
            ),
            Misconception(
                "a claim agrees as soon as one of its two slopes does, or the first alone is looked at",
                judged_by(central, both=np.any),
                INVENTED + "any for all",
            ),
            Misconception(
                "measured and claimed slopes must be equal to the last digit",
                judged_by(central, near=lambda measured, claimed: measured == claimed),
                INVENTED + "tried from the task's text; == between floats",
            ),
            Misconception(
                "the gap is compared with 0.001 itself, though the slope is large",
                judged_by(central, near=lambda measured, claimed: abs(measured - claimed) <= 1e-3),
                "forum: cs231n notes, use relative error for the comparison",
            ),
            Misconception(
                "what `allclose` allows is left as NumPy has it, a hundred times less",
                judged_by(central, near=np.isclose),
                INVENTED + "seen while trying the check: rtol and atol are left out",
            ),
            Misconception(
                "the claimed slopes are compared with themselves, and nothing is measured",
                judged_by_itself,
                INVENTED + "the check asks the rule that it should doubt",
            ),
            Misconception(
                "only the sizes are compared, so that a turned sign passes",
                judged_by(central, near=lambda measured, claimed: np.isclose(abs(measured), abs(claimed), 1e-3, 1e-3)),
                INVENTED + "abs in the wrong place",
            ),
        ],
        hints=[
            "Write the measured slope by a first: which two values do you need, and how far apart are their places?",
            "Central: (value at a + h less value at a − h) over 2h, with b as it is. Then the same for b. The two "
            "claims stand in `claimed(a, b)`.",
            "For a², a = 3, h = 0.1: (9.61 − 8.41) / 0.2 = 6. A claim of 6.005 agrees: 0.005 is less than 0.001 · 6.",
        ],
        **APPLY,
    ),
    Task(
        name="3.1 train",
        kind="run",
        objective="3.1d",
        minutes=10,
        difficulty=3,
        points=4,
        cases=trainings,
        alternatives=[trained(), trained_by_nnlib],
        equivalent={"network(w, x) - y → y - network(w, x)": "the error is squared, so its sign does not count"},
        misconceptions=[
            Misconception(
                "`grad` is not emptied, so that old gradients add up",
                trained(gradient=lambda new, old: old + new),
                ZERO_GRAD,
            ),
            Misconception(
                "the step goes with the gradient, uphill",
                trained(gradient=lambda new, old: -new),
                "forum: answers that ask why gradient descent has a minus sign",
            ),
            Misconception(
                "the loss is the sum over the examples, not their mean",
                trained(rate=lambda rate, n: rate * n, loss=lambda loss, n: loss * n),
                INVENTED + "the mean is forgotten",
            ),
            Misconception(
                "the weights move after each example, not once in a step",
                trained_example_by_example,
                INVENTED + "the update stands inside the loop over the examples",
            ),
            Misconception(
                "the loss is measured behind the update",
                trained(late=True),
                INVENTED + "the loss of the new weights",
            ),
            Misconception(
                "the learning rate is left out of the step",
                trained(rate=lambda rate, n: 1.0),
                INVENTED + "a factor is forgotten",
            ),
            Misconception(
                "only the last example is in the loss: each takes the place of the one before",
                trained_on_the_last,
                INVENTED + "= for + in the loop",
            ),
            Misconception(
                "the weights do not move: a new name is bound, or the gradients are emptied behind backward",
                trained(gradient=lambda new, old: 0 * new),
                INVENTED + "w = w - rate * grad for a copy",
            ),
            Misconception(
                "the mean is taken in the losses only, and the gradients are those of the sum",
                trained(rate=lambda rate, n: rate * n),
                INVENTED + "backward before the division",
            ),
            Misconception(
                "`backward` stands inside the loop over the examples, and goes through each partial sum",
                trained_on_growing_sums,
                INVENTED + "seen while trying the check: one tab too many",
            ),
        ],
        hints=[
            "Four stages for each step, in their order. Which of them needs a loop over the examples, which one over "
            "the weights?",
            "Begin the loss with `Value(0.0)` and add each squared error, times 1 over the number of examples. Empty "
            "`grad` of all weights before `backward`; change `weight.data` after it.",
            "One weight w = 2 with the loss w²: after `backward`, w.grad is 4; at the rate 0.1, w.data becomes 1.6. "
            "Next time the gradient is 3.2.",
        ],
        **APPLY,
    ),
    Task(
        name="3.1 copies",
        kind="implement",
        objective="3.1a",
        minutes=8,
        difficulty=4,
        points=3,
        reach=True,
        cases=stretched,
        alternatives=[copies_by_adding, copies_by_weights],
        misconceptions=[
            Misconception(
                "the mean over the copies is taken, not their sum", copies_by_mean, INVENTED + "as in a batch"
            ),
            Misconception(
                "the gradient of one copy is taken, and the others are lost",
                copies_by_first,
                INVENTED + "one copy stands for all",
            ),
            Misconception(
                "dimensions of length 1 are left as long as in the large array",
                copies_in_front_alone,
                INVENTED + "only the batch is thought of",
            ),
            Misconception(
                "summed dimensions of length 1 are gone from the shape: keepdims is missing",
                copies_without_keepdims,
                "forum: numpy, keepdims in the backward of a broadcast",
            ),
            Misconception(
                "everything is summed, and every entry gets the total", copies_all_in_one, INVENTED + "sum without axis"
            ),
            Misconception(
                "missing dimensions are sought at the end, not in front",
                copies_along_the_last,
                INVENTED + "broadcasting from the left",
            ),
            Misconception(
                "the first dimension is always summed, and no other",
                copies_along_the_first,
                INVENTED + "tried from the task's text; the batch stands for every broadcast",
            ),
            Misconception(
                "only dimensions of length 1 are summed; those in front stay",
                copies_of_length_1_alone,
                INVENTED + "tried from the task's text; one of two kinds of copies",
            ),
            Misconception(
                "nothing is summed", copies_unsummed, INVENTED + "the gradient keeps the shape of the result"
            ),
        ],
        hints=[
            "Take a bias of shape (2,) that was added to three rows. Which numbers of g belong to its first entry?",
            "Two kinds of copies: dimensions that were missing in front, and dimensions of length 1. Sum over the "
            "first kind and drop it, sum over the second and keep its length 1.",
            "g of shape (5, 4, 3) and the shape (4, 1): the sum over axis 0 has (4, 3); from it, the sum over axis 1 "
            "with keepdims has (4, 1).",
        ],
        **APPLY,
    ),
]
