"""A run: frames one by one, breaths, tuned values, restarts, its end, its errors, and its stored picture."""

import numpy as np
import pytest

from classroom.explore import live
from nnlib import Tensor, nn, optim
from nnlib import functional as F


def test_it_starts_at_the_first_frame_and_does_not_play(training):
    explorer, seen = training()
    seen.clear()
    explorer.restart()
    assert seen == [(0, 5, 5)] and explorer.caption == "Frame 0: width 5, rate 5."


def test_step_and_run_to_the_end(training):
    explorer, _ = training()
    assert explorer.step().caption.startswith("Frame 1:")
    assert explorer.run(frames=2).caption.startswith("Frame 3:")
    assert explorer.run().caption.startswith("Frame 4:")
    assert explorer.step().caption.startswith("Frame 4:"), "a step after the end changes nothing"
    assert explorer.restart().caption.startswith("Frame 0:")


def test_a_moved_slider_starts_anew_and_a_tuned_one_does_not(training):
    explorer, _ = training()
    explorer.step()
    assert explorer.set(rate=9).caption == "Frame 1: width 5, rate 5."
    assert explorer.step().caption == "Frame 2: width 5, rate 9."
    assert explorer.set(width=2).caption == "Frame 0: width 2, rate 9."
    assert explorer.run().set(rate=1).caption == "Frame 0: width 2, rate 1.", "a finished run starts anew"


def test_reset_starts_anew_with_the_first_values(training):
    explorer, _ = training()
    explorer.set(width=2, rate=9).run(frames=3)
    assert explorer.reset().caption == "Frame 0: width 5, rate 5."


def test_a_network_is_trained_in_slices_and_hears_its_sliders(browser):
    """What an explorer of level 3 does: each frame is an answer of its own, and a slider changes the run."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 2)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    fig, ax = live.subplots()
    (curve,) = ax.plot([], [])
    rates = []

    def train(hidden, rate):
        layers = nn.Sequential(
            nn.Linear(2, hidden, rng=np.random.default_rng(1)), nn.Tanh(),
            nn.Linear(hidden, 2, rng=np.random.default_rng(2)),
        )  # fmt: skip
        optimizer, losses = optim.SGD(layers.parameters(), lr=rate), []
        for step in range(301):
            loss = F.cross_entropy(layers(Tensor(x)), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if step % 10 == 0:
                curve.set_data(range(len(losses)), losses)
                optimizer.lr = (yield f"After {step} steps the loss is {losses[-1]:.2f}.")["rate"]
                rates.append(optimizer.lr)

    explorer = live.Live(fig, train, hidden=(2, 32, 8), rate=live.tune(live.log(0.01, 1.0, 0.01)))
    page = browser(explorer)
    for n in range(20):
        if n == 5:
            page.ask("move", values={"rate": explorer.controls["rate"].raw(1.0)})
        answer, _ = page.ask("go")
    assert rates[3] == 0.01 and rates[-1] == 1.0 and answer["run"]["frame"] == 21
    assert curve.get_ydata()[-1] < curve.get_ydata()[0] - 0.1, "at the higher rate it learns"
    first = curve.get_ydata()[0]
    assert page.ask("restart")[0]["caption"] == f"After 0 steps the loss is {first:.2f}."


def test_the_browser_runs_it_slice_by_slice(training, browser):
    explorer, _ = training()
    page = browser(explorer)
    answer = page.ask("restart")[0]
    frames = [answer["run"]["frame"]]
    while not answer["run"]["done"]:
        answer = page.ask("go")[0]
        frames.append(answer["run"]["frame"])
        if answer["run"]["frame"] == 3:
            page.ask("move", values={"rate": 0})  # a slider moves between two slices, and is heard
    assert frames == [1, 2, 3, 4, 5, 5] and answer["caption"] == "Frame 4: width 5, rate 1."


def test_a_breath_ends_a_slice_that_is_too_long(browser, monkeypatch):
    fig, _ = live.subplots()

    def update(k):
        yield "First."
        for _ in range(3):
            yield
        yield "Second."

    explorer = live.Live(fig, update, k=(0, 9))
    monkeypatch.setattr(live, "SLICE", -1.0)  # every breath comes too late
    page = browser(explorer)
    captions = [page.ask("go")[0]["caption"] for _ in range(4)]
    assert captions == ["First.", "First.", "First.", "Second."]


def test_an_error_ends_the_run_and_restart_mends_it(browser):
    fig, _ = live.subplots()
    broken = []

    def update(k):
        yield "First."
        if broken:
            raise ValueError("the loss is not a number")
        yield "Second."

    page = browser(live.Live(fig, update, k=(0, 9)))
    broken.append(True)
    answer = page.ask("go")[0]
    assert "the loss is not a number, in line" in answer["error"] and answer["run"]["done"]
    broken.clear()
    assert page.ask("restart")[0]["error"] == "" and page.ask("go")[0]["caption"] == "Second."


def test_a_goal_is_asked_at_every_frame(training, monkeypatch):
    monkeypatch.setattr("classroom.progress.record", lambda *what: None)
    seen = []
    explorer, _ = training(goal=live.goal("three frames", lambda width, rate: len(seen) >= 2))
    for _ in range(3):
        seen.append(explorer.step().reached)
    assert seen == [False, False, True]


def test_without_a_browser_the_finished_run_is_stored(training, monkeypatch):
    monkeypatch.setattr(live, "IN_LAB", False)
    explorer, _ = training()
    assert explorer._repr_mimebundle_()[0]["text/plain"] == "Explorer: Frame 4: width 5, rate 5."
    assert explorer.caption.startswith("Frame 0:"), "and she starts at its beginning"


def test_the_stored_run_is_bounded(monkeypatch):
    monkeypatch.setattr(live, "IN_LAB", False)
    monkeypatch.setattr(live, "BREATHS", 500)
    fig, _ = live.subplots()

    def forever(k):
        n = 0
        while True:
            n += 1
            yield f"Frame {n}."

    def breathless(k):
        yield "Only one."
        while True:
            yield

    assert live.Live(fig, forever, k=(0, 9), frames=30)._repr_mimebundle_()[0]["text/plain"] == "Explorer: Frame 30."
    assert live.Live(fig, breathless, k=(0, 9))._repr_mimebundle_()[0]["text/plain"] == "Explorer: Only one."


def test_in_jupyterlab_nothing_is_played_beforehand(training, monkeypatch):
    monkeypatch.setattr(live, "IN_LAB", True)
    explorer, seen = training()
    assert len(seen) == 1 and explorer._repr_mimebundle_()[0]["text/plain"].startswith("Explorer: Frame 0")


def test_a_run_without_a_sentence_is_refused():
    fig, _ = live.subplots()

    def empty(k):
        yield from ()

    def wordless(k):
        yield 3

    with pytest.raises(ValueError, match="ended without a frame"):
        live.Live(fig, empty, k=(0, 9))
    with pytest.raises(TypeError, match="update gave 3"):
        live.Live(fig, wordless, k=(0, 9))
