"""Optimisers take PyTorch's steps, in float32, also where parameters rest; after a kill they go on as if it had not
been; clipping and penalties do what their formulas say."""

import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnlib import Linear, Parameter, ReLU, Sequential, Tensor, gradcheck, optim
from nnlib import functional as F

kinds = {
    "SGD": ("SGD", {"lr": 0.1}),
    "SGD, decay": ("SGD", {"lr": 0.1, "weight_decay": 0.3}),
    "momentum": ("SGD", {"lr": 0.1, "momentum": 0.9}),
    "momentum, decay": ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.3}),
    "Nesterov": ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "Nesterov, decay": ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.3}),
    "RMSprop": ("RMSprop", {}),
    "RMSprop, decay": ("RMSprop", {"lr": 0.01, "alpha": 0.9, "eps": 1e-3, "weight_decay": 0.3}),
    "Adam": ("Adam", {}),
    "Adam, decay": ("Adam", {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.3}),
    "AdamW": ("AdamW", {}),
    "AdamW, decay": ("AdamW", {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.3}),
}
shapes = [(5, 3), (), (4,), (0, 2), (2, 3, 2)]
quick = settings(max_examples=30, deadline=None, derandomize=True)


def pair(kind, dtype=np.float32, seed=0):
    """The same parameters and the same optimiser in both libraries."""
    name, options = kinds[kind]
    rng = np.random.default_rng(seed)
    ours = [Parameter(rng.normal(size=shape), dtype=dtype) for shape in shapes]
    theirs = [torch.nn.Parameter(torch.tensor(p.data)) for p in ours]
    return ours, theirs, getattr(optim, name)(ours, **options), getattr(torch.optim, name)(theirs, **options)


def set_gradients(ours, theirs, rng, resting=()):
    for i, (p, q) in enumerate(zip(ours, theirs, strict=True)):
        size = 10.0 ** rng.integers(-6, 2)
        p.grad = None if i in resting else np.asarray(rng.normal(size=p.shape) * size, p.dtype)
        q.grad = None if i in resting else torch.tensor(p.grad)


def equal(ours, theirs, rtol, atol):
    for p, q in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=rtol, atol=atol)


@pytest.mark.parametrize("dtype, rtol", [(np.float32, 2e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("kind", kinds)
def test_50_steps_as_in_pytorch(kind, dtype, rtol):
    ours, theirs, optimizer, other = pair(kind, dtype)
    start, rng = [p.data.copy() for p in ours], np.random.default_rng(1)
    for _ in range(50):
        set_gradients(ours, theirs, rng)
        optimizer.step()
        other.step()
        equal(ours, theirs, rtol, atol=rtol)
    assert all(p.dtype == dtype and (p.data.size == 0 or (p.data != s).all()) for p, s in zip(ours, start, strict=True))


@pytest.mark.parametrize("kind", kinds)
def test_parameters_without_gradient_rest_as_in_pytorch(kind):
    ours, theirs, optimizer, other = pair(kind, np.float64)
    rng = np.random.default_rng(1)
    for step in range(30):
        resting = {0} if step < 5 else {i for i in range(len(shapes)) if rng.random() < 0.4 and i != step % 5}
        held = [p.data.copy() for p in ours]
        set_gradients(ours, theirs, rng, resting)
        optimizer.step()
        other.step()
        equal(ours, theirs, 1e-12, 1e-12)
        assert all(np.array_equal(ours[i].data, held[i]) for i in resting)


@pytest.mark.parametrize("kind", kinds)
def test_the_gradients_are_left_alone_and_the_numbers_move_where_they_are(kind):
    ours, theirs, optimizer, _ = pair(kind)
    set_gradients(ours, theirs, np.random.default_rng(0))
    held, gradients = [p.data for p in ours], [p.grad for p in ours]
    copies = [g.copy() for g in gradients]
    optimizer.step()
    for p, data, g, same in zip(ours, held, gradients, copies, strict=True):
        assert p.data is data and p.grad is g
        np.testing.assert_array_equal(g, same)


@pytest.mark.parametrize("kind", kinds)
def test_numbers_put_in_anothers_place_are_the_ones_that_move(kind):
    ours, theirs, optimizer, other = pair(kind)
    rng = np.random.default_rng(2)
    for _ in range(3):
        for p, q in zip(ours, theirs, strict=True):
            p.data = np.asarray(rng.normal(size=p.shape), np.float32)
            q.data = torch.tensor(p.data)
        set_gradients(ours, theirs, rng)
        optimizer.step()
        other.step()
        equal(ours, theirs, 2e-5, 2e-5)


@pytest.mark.parametrize("kind", kinds)
def test_float64_settings_change_no_bit_and_no_precision(kind):
    name, options = kinds[kind]

    def as_numpy(value):
        if isinstance(value, tuple):
            return tuple(np.float64(v) for v in value)
        return np.float64(value) if isinstance(value, float) else value

    ends = []
    for convert in (lambda v: v, as_numpy):
        rng, w = np.random.default_rng(0), Parameter(np.random.default_rng(1).normal(size=(7, 5)))
        optimizer = getattr(optim, name)([w], **{key: convert(value) for key, value in options.items()})
        optimizer.lr = convert(0.05)
        for _ in range(5):
            w.grad = rng.normal(size=w.shape).astype(np.float32)
            optimizer.step()
        assert w.dtype == np.float32
        assert all(vector.dtype == np.float32 for vector in optimizer.state.values())
        ends.append(w.data)
    np.testing.assert_array_equal(*ends)


def training(kind, seed=0):
    """A network and a function that trains it for some steps of a fixed sequence of batches."""
    name, options = kinds[kind]
    model = Sequential(Linear(4, 8, rng=seed), ReLU(), Linear(8, 3, rng=seed + 1))
    optimizer = getattr(optim, name)(model.parameters(), **options)
    x, y = np.random.default_rng(5).normal(size=(40, 16, 4)), np.random.default_rng(6).integers(0, 3, (40, 16))

    def run(first, last, after=None):
        for xs, ys in zip(x[first:last], y[first:last], strict=True):
            loss = F.cross_entropy(model(xs), ys)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if after is not None:
                after()

    return model, optimizer, run


@pytest.mark.parametrize("kind", kinds)
def test_after_a_kill_the_run_goes_on_bit_for_bit(kind):
    whole, optimizer, run = training(kind)
    run(0, 40, optim.CosineAnnealingLR(optimizer, 40).step)

    model, optimizer, run = training(kind)
    schedule = optim.CosineAnnealingLR(optimizer, 40)
    run(0, 23, schedule.step)
    saved = [part.state_dict() for part in (model, optimizer, schedule)]
    assert all(isinstance(array, np.ndarray) for state in saved for array in state.values())
    kept = [{name: array.copy() for name, array in state.items()} for state in saved]
    run(23, 40, schedule.step)  # what comes after saving changes nothing that was saved
    assert all(np.array_equal(s[n], k[n]) for s, k in zip(saved, kept, strict=True) for n in s)

    again, optimizer, run = training(kind, seed=9)
    schedule = optim.CosineAnnealingLR(optimizer, 40)
    for part, state in zip((again, optimizer, schedule), saved, strict=True):
        part.load_state_dict(state)
    run(23, 40, schedule.step)
    for name, array in whole.state_dict().items():
        np.testing.assert_array_equal(again.state_dict()[name], array)
        np.testing.assert_array_equal(model.state_dict()[name], array)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda both: pickle.loads(pickle.dumps(both))], ids=["copy", "pickle"]
)
@pytest.mark.parametrize("kind", kinds)
def test_a_copied_optimiser_takes_the_originals_steps(kind, copied):
    model, optimizer, run = training(kind)
    run(0, 3)
    model.zero_grad()
    again, other = copied((model, optimizer))
    x, labels = np.random.default_rng(3).normal(size=(16, 4)), np.arange(16) % 3
    for _ in range(3):
        for network, taking_steps in ((model, optimizer), (again, other)):
            taking_steps.zero_grad()
            F.cross_entropy(network(x), labels).backward()
            taking_steps.step()
        for p, q in zip(model.parameters(), again.parameters(), strict=True):
            assert p is not q and p.data is not q.data
            np.testing.assert_array_equal(p.data, q.data)


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_a_gradient_may_be_a_scalar_of_numpy(kind):
    w = Parameter(3.0)
    w.grad = np.ones(()) * 0.5  # numpy makes a scalar of it
    getattr(optim, kind)([w], lr=0.1).step()
    assert w.data.shape == () and w.item() < 3


def test_a_step_makes_what_was_computed_before_stale():
    for kind in kinds:
        ours, theirs, optimizer, _ = pair(kind)
        loss = (ours[0] * 2).sum()
        set_gradients(ours, theirs, np.random.default_rng(0))
        optimizer.step()
        with pytest.raises(RuntimeError, match="were changed after mul"):
            loss.backward()


# Clipping

gradients = st.lists(
    array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4).flatmap(
        lambda shape: arrays(np.float32, shape, elements=st.floats(-100, 100, width=32))
    ),
    min_size=1,
    max_size=4,
)


def with_gradients(arrays):
    ours = [Parameter(np.zeros(g.shape)) for g in arrays] + [Parameter(0.0)]  # the last one has none
    theirs = [torch.nn.Parameter(torch.tensor(p.data)) for p in ours]
    for p, q, g in zip(ours, theirs, arrays, strict=False):
        p.grad, q.grad = g.copy(), torch.tensor(g)
    return ours, theirs


@quick
@given(arrays=gradients, limit=st.floats(0, 300))
def test_clipping_the_norm_as_in_pytorch(arrays, limit):
    ours, theirs = with_gradients(arrays)
    norm = optim.clip_grad_norm_(ours, np.float64(limit))
    assert norm == pytest.approx(torch.nn.utils.clip_grad_norm_(theirs, limit).item(), rel=1e-5)
    for p, q in zip(ours[:-1], theirs[:-1], strict=True):
        assert p.grad.dtype == np.float32
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=2e-5, atol=1e-20)
    assert ours[-1].grad is None and type(norm) is float


@quick
@given(arrays=gradients, limit=st.floats(0, 300))
def test_clipping_values_as_in_pytorch(arrays, limit):
    ours, theirs = with_gradients(arrays)
    optim.clip_grad_value_(ours, np.float64(limit))
    torch.nn.utils.clip_grad_value_(theirs, limit)
    for p, q in zip(ours[:-1], theirs[:-1], strict=True):
        assert p.grad.dtype == np.float32
        np.testing.assert_array_equal(p.grad, q.grad.numpy())


def test_one_parameter_may_stand_alone_and_twice_counts_once():
    w = Parameter([3.0, 4.0])
    w.grad = np.array([3, 4], np.float32)
    assert optim.clip_grad_norm_([w, w], 10) == 5
    assert optim.clip_grad_norm_(w, 1) == 5
    np.testing.assert_allclose(w.grad, [0.6, 0.8], rtol=1e-5)


def test_a_norm_that_is_no_number_shows():
    w = Parameter([3.0, 4.0])
    w.grad = np.array([np.nan, 4], np.float32)
    assert np.isnan(optim.clip_grad_norm_(w, 1.0)) and np.isnan(w.grad).all()


# Penalties


def test_a_single_parameter_stands_for_a_list_of_one():
    w = Parameter([[3.0, -4.0], [0.2, 1.0]])
    for penalty in (optim.l1_penalty, optim.l2_penalty):
        alone = penalty(w)
        assert alone.inputs == (w,) and alone.item() == penalty([w]).item()
    optim.soft_threshold_(w, 1.0)
    np.testing.assert_array_equal(w.data, [[2, -3], [0, 0]])


@pytest.mark.parametrize("given", [lambda w: w, lambda w: [w]])
def test_a_soft_threshold_makes_what_was_computed_before_stale(given):
    w = Parameter([3.0, 4.0])
    loss = (w * w).sum()
    optim.soft_threshold_(given(w), 0.5)
    with pytest.raises(RuntimeError, match="were changed after mul"):
        loss.backward()


def test_penalties_have_the_gradients_of_their_formulas():
    rng = np.random.default_rng(0)
    v, w = (Tensor(rng.uniform(0.5, 2, shape) * rng.choice([-1, 1], shape), dtype=np.float64) for shape in [(3, 2), ()])
    for penalty, formula in [
        (optim.l2_penalty, lambda x: (x**2).sum() / 2),
        (optim.l1_penalty, lambda x: np.abs(x).sum()),
    ]:
        assert penalty([v, w]).item() == pytest.approx(formula(v.data) + formula(w.data))
        assert gradcheck(lambda a, b, f=penalty: 3 * f([a, b]), v.data, w.data)
        assert penalty([Parameter(np.ones((4, 3)))]).dtype == np.float32


@pytest.mark.parametrize("kind, same", [("SGD", True), ("RMSprop", True), ("Adam", True), ("AdamW", False)])
def test_l2_in_the_loss_is_weight_decay_except_in_adamw(kind, same):
    ends = []
    for in_loss in (True, False):
        model = Linear(4, 3, rng=0)
        optimizer = getattr(optim, kind)(model.parameters(), lr=0.01, weight_decay=0 if in_loss else 0.1)
        rng = np.random.default_rng(0)
        for _ in range(20):
            loss = F.cross_entropy(model(rng.normal(size=(8, 4))), rng.integers(0, 3, 8))
            if in_loss:
                loss = loss + 0.1 * optim.l2_penalty(model.parameters())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        ends.append(model.weight.data)
    assert np.allclose(*ends, rtol=1e-3, atol=1e-5) == same


def lasso(proximal):
    """Least squares with an L1 penalty d on weights of which two in ten matter, to the end."""
    rng = np.random.default_rng(0)
    x, truth, d = rng.normal(size=(50, 10)), np.zeros((10, 1)), 0.3
    truth[:2] = 2
    y = x @ truth + 0.1 * rng.normal(size=(50, 1))
    model = Linear(10, 1, bias=False, rng=0)
    optimizer = optim.SGD(model.parameters(), lr=0.05)
    for _ in range(2000):
        loss = F.mse_loss(model(x), y)
        optimizer.zero_grad()
        (loss if proximal else loss + d * optim.l1_penalty([model.weight])).backward()
        optimizer.step()
        if proximal:
            optim.soft_threshold_([model.weight], np.float64(0.05 * d))
    return x, y, d, model.weight


def test_the_proximal_step_gives_exact_zeros_and_the_minimum():
    x, y, d, w = lasso(proximal=True)
    slope = 2 * x.T @ (x @ w.data.T - y) / len(x)  # the minimum: slope = -d sign(w), or within d where w is 0
    moving = w.data.T != 0
    assert moving.sum() == 2 and w.dtype == np.float32
    np.testing.assert_allclose(slope[moving], -d * np.sign(w.data.T[moving]), atol=1e-4)
    assert (np.abs(slope[~moving]) <= d).all()
    assert (lasso(proximal=False)[3].data != 0).all()


@quick
@given(st.floats(-10, 10), st.floats(0, 5))
def test_soft_threshold_is_the_minimum_it_claims_to_be(w, amount):
    p = Parameter([w], dtype=np.float64)
    optim.soft_threshold_([p], amount)
    others = np.linspace(-11, 11, 2201)
    cost = lambda v: 0.5 * (v - w) ** 2 + amount * np.abs(v)  # noqa: E731
    assert cost(p.data[0]) <= cost(others).min() + 1e-12
    assert p.data[0] == 0 or abs(w) > amount


# Mistakes

w23 = Parameter(np.ones((2, 3)))


def step_with(gradient=None, data=None, kind="Adam"):
    w = Parameter(np.ones((2, 3)))
    optimizer = getattr(optim, kind)([w])
    w.grad = np.ones((2, 3), np.float32) if gradient is None else gradient
    w.data = w.data if data is None else data
    optimizer.step()


mistakes = {
    "momentum": (lambda: optim.SGD([w23], momentum=-1), ValueError, "SGD got the momentum -1: .*from 0 up"),
    "decay": (lambda: optim.AdamW([w23], weight_decay=-1), ValueError, "AdamW got the weight_decay -1"),
    "rate": (lambda: optim.Adam([w23], lr=float("inf")), ValueError, "Adam got the learning rate inf: .* downhill"),
    "eps": (lambda: optim.RMSprop([w23], eps=-1e-8), ValueError, "RMSprop got the eps -1e-08"),
    "nesterov": (lambda: optim.SGD([w23], nesterov=True), ValueError, "without momentum: .*momentum=0.9"),
    "beta": (lambda: optim.Adam([w23], betas=(0.9, 1.0)), ValueError, r"Adam got betas\[1\]=1.0: .*below 1"),
    "alpha": (lambda: optim.RMSprop([w23], alpha=1.5), ValueError, "RMSprop got alpha=1.5"),
    "no update": (lambda: step_of(optim.Optimizer([w23], lr=0.1)), NotImplementedError, "Optimizer has no update"),
    "gradient of another shape": (
        lambda: step_with(gradient=np.ones((3, 2))),
        ValueError,
        r"Adam was made for a parameter of shape \(2, 3\).* its gradient \(3, 2\)",
    ),
    "gradient of another shape, SGD": (
        lambda: step_with(gradient=np.ones((3, 2)), kind="SGD"),
        ValueError,
        r"SGD was made for a parameter of shape \(2, 3\).* its gradient \(3, 2\)",
    ),
    "gradient that would broadcast": (lambda: step_with(gradient=np.ones(3)), ValueError, r"its gradient \(3,\)"),
    "gradient that would broadcast, SGD": (
        lambda: step_with(gradient=np.ones(3), kind="SGD"),
        ValueError,
        r"its gradient \(3,\)",
    ),
    "a number as gradient": (lambda: step_with(gradient=1.0), TypeError, r"Adam got a float .* \.grad holds a numpy"),
    "a number as gradient, SGD": (lambda: step_with(gradient=1.0, kind="SGD"), TypeError, "SGD got a float as the"),
    "a Tensor as gradient": (
        lambda: step_with(gradient=Tensor(np.ones((2, 3))), kind="SGD"),
        TypeError,
        "SGD got a Tensor as the gradient",
    ),
    "a single parameter": (lambda: optim.SGD(w23), TypeError, r"SGD got a single Tensor: give it a list, \[w\]"),
    "numbers of another shape": (
        lambda: step_with(data=np.ones((4, 5), np.float32)),
        ValueError,
        r"whose numbers have shape \(4, 5\) now .*make the optimiser anew",
    ),
    "state of another optimiser": (
        lambda: optim.SGD([w23], momentum=0.9).load_state_dict(optim.Adam([w23]).state_dict()),
        ValueError,
        r"SGD.load_state_dict got .*exp_sum \(6,\).*but this optimiser has .*momentum_buffer \(6,\)",
    ),
    "norm": (lambda: optim.clip_grad_norm_([w23], -1), ValueError, "clip_grad_norm_ got the limit -1: .*from 0 up"),
    "value": (lambda: optim.clip_grad_value_([w23], np.nan), ValueError, "clip_grad_value_ got the limit nan"),
    "penalty": (lambda: optim.l1_penalty([]), ValueError, r"l1_penalty got no parameters: .*\[layer.weight\]"),
    "threshold": (lambda: optim.soft_threshold_([w23], -0.1), ValueError, "soft_threshold_ got the amount -0.1"),
}


def step_of(optimizer):
    w23.grad = np.ones((2, 3), np.float32)
    optimizer.step()


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(str(caught.value).split()) <= 60
