"""Schedules give PyTorch's rates, step by step, and go on where a saved run stopped."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib import Parameter, optim
from tests.nnlib.test_optim import kinds

T = torch.optim.lr_scheduler
quick = settings(max_examples=40, deadline=None, derandomize=True)


def optimizers(lr=0.3):
    return optim.SGD([Parameter(1.0)], lr=lr), torch.optim.SGD([torch.nn.Parameter(torch.tensor(1.0))], lr=lr)


def warmup_and_cosine(library, o):
    return library.SequentialLR(
        o, [library.LinearLR(o, 0.01, total_iters=7), library.CosineAnnealingLR(o, 23, eta_min=1e-4)], milestones=[7]
    )


def three_in_a_row(library, o):
    return library.SequentialLR(
        o, [library.LinearLR(o), library.StepLR(o, 3, 0.5), library.LambdaLR(o, lambda k: 1 / (1 + k))], [4, 15]
    )


makers = {
    "lambda": lambda library, o: library.LambdaLR(o, lambda k: 0.95**k),
    "step": lambda library, o: library.StepLR(o, 4, gamma=0.3),
    "step, default": lambda library, o: library.StepLR(o, 6),
    "cosine": lambda library, o: library.CosineAnnealingLR(o, 30),
    "cosine, up again": lambda library, o: library.CosineAnnealingLR(o, 11, eta_min=0.01),
    "linear, default": lambda library, o: library.LinearLR(o),
    "linear, down": lambda library, o: library.LinearLR(o, 1.0, 0.2, total_iters=20),
    "warm-up, cosine": warmup_and_cosine,
    "three in a row": three_in_a_row,
    "one cycle": lambda library, o: one_cycle(library, o, 0.5, 31),
    "one cycle, other shares": lambda library, o: one_cycle(library, o, 2.0, 30, 0.5, div_factor=5, final_div_factor=7),
    "one cycle, up only": lambda library, o: one_cycle(library, o, 2.0, 31, 1.0),
    "one cycle, down only": lambda library, o: one_cycle(library, o, 2.0, 30, 0.0),
}


def one_cycle(library, o, max_lr, total_steps, pct_start=0.3, **options):
    options |= {"cycle_momentum": False} if library is T else {}
    return library.OneCycleLR(o, max_lr, total_steps=total_steps, pct_start=pct_start, **options)


def rates(schedule, optimizer, n):
    read = (lambda: optimizer.lr) if isinstance(optimizer, optim.Optimizer) else lambda: optimizer.param_groups[0]["lr"]
    found = [read()]
    for _ in range(n):
        if not isinstance(optimizer, optim.Optimizer):
            optimizer.step()  # PyTorch warns when a schedule's step comes before the optimiser's
        schedule.step()
        found.append(read())
    return found


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", makers)
def test_the_rates_of_pytorch(name):
    ours, theirs = optimizers()
    found = rates(makers[name](optim, ours), ours, 30)
    np.testing.assert_allclose(found, rates(makers[name](T, theirs), theirs, 30), rtol=1e-10, atol=1e-14)
    assert all(type(rate) is float for rate in found) and len(set(found)) > 3


@pytest.mark.parametrize("mode", ["min", "max"])
@quick
@given(
    measures=st.lists(st.sampled_from([1.0, 0.9, 0.89999, 0.5, 2.0, float("nan")]), min_size=1, max_size=40),
    patience=st.integers(0, 3),
    threshold=st.sampled_from([1e-4, 0.2]),
    min_lr=st.sampled_from([0.0, 0.02]),
)
def test_the_plateau_of_pytorch(mode, measures, patience, threshold, min_lr):
    options = {"mode": mode, "patience": patience, "threshold": threshold, "min_lr": min_lr}
    ours, theirs = optimizers()
    a, b = optim.ReduceLROnPlateau(ours, **options), T.ReduceLROnPlateau(theirs, **options)
    for measure in measures:
        a.step(np.float32(measure))
        b.step(np.float32(measure))
        assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-12) and type(ours.lr) is float


def test_a_long_plateau_stops_at_pytorchs_smallest_change():
    ours, theirs = optimizers()
    a, b = optim.ReduceLROnPlateau(ours, patience=0), T.ReduceLROnPlateau(theirs, patience=0)
    for _ in range(12):
        a.step(1.0)
        b.step(1.0)
    assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-12)


@pytest.mark.parametrize("load_before_making", [True, False])
@pytest.mark.parametrize("name", makers)
def test_a_schedule_goes_on_where_it_stopped(name, load_before_making):
    whole, _ = optimizers()
    expected = rates(makers[name](optim, whole), whole, 30)

    first, _ = optimizers()
    schedule = makers[name](optim, first)
    rates(schedule, first, 12)
    states = first.state_dict(), schedule.state_dict()

    second, _ = optimizers()
    if load_before_making:
        second.load_state_dict(states[0])
        again = makers[name](optim, second)
    else:
        again = makers[name](optim, second)
        second.load_state_dict(states[0])
    again.load_state_dict(states[1])
    assert rates(again, second, 18) == expected[12:]


def test_a_plateau_goes_on_where_it_stopped():
    measures, ends = [3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1], []
    for stop in (len(measures), 4, 7):
        optimizer, _ = optimizers()
        plateau = optim.ReduceLROnPlateau(optimizer, patience=2)
        for measure in measures[:stop]:
            plateau.step(measure)
        saved = optimizer.state_dict(), plateau.state_dict()
        optimizer, _ = optimizers()
        plateau = optim.ReduceLROnPlateau(optimizer, patience=2)
        optimizer.load_state_dict(saved[0])
        plateau.load_state_dict(saved[1])
        for measure in measures[stop:]:
            plateau.step(measure)
        ends.append((optimizer.lr, plateau.best, plateau.num_bad_epochs))
    assert ends[0] == ends[1] == ends[2] and ends[0][0] == pytest.approx(0.3 * 0.1**3)


def test_a_schedule_starts_from_the_rate_that_it_finds_although_a_state_was_loaded():
    optimizer, _ = optimizers(0.1)
    optimizer.load_state_dict(optimizer.state_dict())
    optimizer.lr = 0.01
    optim.StepLR(optimizer, 10)
    assert optimizer.lr == 0.01


def test_a_plateau_takes_over_from_a_warm_up():
    optimizer, _ = optimizers(1.0)
    warm, plateau = optim.LinearLR(optimizer, 0.1, total_iters=2), optim.ReduceLROnPlateau(optimizer, patience=0)
    for epoch in range(6):
        if epoch < 2:
            warm.step()
        else:
            plateau.step(1.0)
    assert optimizer.lr == pytest.approx(1e-3)


d, i = np.float64, np.int64  # a mean or a size that numpy gave, where a plain number is expected
of_numpy = {
    "lambda": lambda o: optim.LambdaLR(o, lambda k: d(0.9) ** k),
    "step": lambda o: optim.StepLR(o, i(2), d(0.5)),
    "cosine": lambda o: optim.CosineAnnealingLR(o, i(9), d(1e-4)),
    "warm-up": lambda o: optim.LinearLR(o, d(0.1), d(1), i(3)),
    "several": lambda o: optim.SequentialLR(o, [optim.LinearLR(o, d(0.1)), optim.StepLR(o, i(2), d(0.5))], [i(3)]),
    "one cycle": lambda o: optim.OneCycleLR(o, d(0.1), i(9), d(0.3), d(25), d(1e4)),
    "plateau": lambda o: optim.ReduceLROnPlateau(o, factor=d(0.5), patience=0, threshold=d(1e-4), min_lr=d(1e-5)),
}


@pytest.mark.parametrize("name", of_numpy)
def test_numbers_of_numpy_stay_out_of_the_weights(name):
    for kind, options in kinds.values():
        w = Parameter(np.ones(3))
        optimizer = getattr(optim, kind)([w], **options | {"lr": d(0.1)})
        schedule = of_numpy[name](optimizer)
        for _ in range(6):
            w.grad = np.ones(3, np.float32)
            optimizer.step()
            schedule.step(*[d(1)] * (name == "plateau"))
        assert w.dtype == np.float32 and type(optimizer.lr) is float
        assert all(vector.dtype == np.float32 for vector in optimizer.state.values())


def beyond_the_cycle():
    optimizer, _ = optimizers()
    rates(optim.OneCycleLR(optimizer, 1.0, total_steps=5), optimizer, 6)


def warm_up_beside_a_plateau():
    optimizer, _ = optimizers(1.0)
    warm, plateau = optim.LinearLR(optimizer, 0.1, total_iters=2), optim.ReduceLROnPlateau(optimizer, patience=0)
    for _ in range(6):
        warm.step()
        plateau.step(1.0)


def two_at_once():
    optimizer, _ = optimizers(1.0)
    first, second = optim.StepLR(optimizer, 1, 0.5), optim.CosineAnnealingLR(optimizer, 10)
    first.step()
    second.step()


def make(name, *arguments, **options):
    optimizer, _ = optimizers()
    return getattr(optim, name)(optimizer, *arguments, **options)


mistakes = {
    "one cycle": (beyond_the_cycle, ValueError, r"made for total_steps=5, but this is step 6: .*epochs \* batches"),
    "mode": (lambda: make("ReduceLROnPlateau", mode="least"), ValueError, "mode 'least': it is 'min' for a loss"),
    "factor": (lambda: make("ReduceLROnPlateau", factor=10), ValueError, "factor 10: .* between 0 and 1"),
    "step size": (lambda: make("StepLR", 0), ValueError, "StepLR got step_size=0: .*at least 1"),
    "T_max": (lambda: make("CosineAnnealingLR", 0), ValueError, "CosineAnnealingLR got T_max=0"),
    "iterations": (lambda: make("LinearLR", total_iters=0), ValueError, "LinearLR got total_iters=0"),
    "milestones": (
        lambda: make("SequentialLR", [make("StepLR", 3), make("StepLR", 3)], [5, 9]),
        ValueError,
        r"2 schedules and the milestones \[5, 9\]: .* one fewer",
    ),
    "falling milestones": (lambda: make("SequentialLR", [make("StepLR", 3)] * 3, [9, 5]), ValueError, "rising"),
    "plateau in a row": (
        lambda: make("SequentialLR", [make("StepLR", 3), make("ReduceLROnPlateau")], [5]),
        TypeError,
        "got a ReduceLROnPlateau among the schedules",
    ),
    "warm-up beside a plateau": (
        warm_up_beside_a_plateau,
        RuntimeError,
        "LinearLR set the rate to 1, but found 0.1: it would undo that change",
    ),
    "two at once": (two_at_once, RuntimeError, "CosineAnnealingLR set the rate to 1, but found 0.5: .*SequentialLR"),
    "no rate": (lambda: make("LRScheduler"), NotImplementedError, "LRScheduler has no rate"),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    assert len(str(caught.value).split()) <= 60
