"""Explorers and their kernel in a real JupyterLab: live training, slow updates, errors, a restart, a closed tab."""

import re

TRAINING = """
import time
from classroom import live
fig, ax = live.subplots()
(curve,) = ax.plot([], [])
ax.set(xlim=(0, 4000), ylim=(0, 10))
def train(width, rate):
    values = []
    for step in range(4000):
        time.sleep(0.01)
        values.append(rate)
        curve.set_data(range(len(values)), values)
        open("steps.txt", "a").write("x")
        rate = (yield f"Step {step}: width {width}, rate {rate}.")["rate"]
live.Live(fig, train, width=(1, 9), rate=live.tune((1, 9)))
"""

SLOW = """
import time
from classroom import live
fig, ax = live.subplots()
(drawn,) = ax.plot([0, 1], [0, 1])
def update(k):
    open("begun.txt", "a").write(f"{k} {time.time()}\\n")
    time.sleep(0.3)
    drawn.set_ydata([0, k])
    return f"k is {k}."
live.Live(fig, update, k=(0, 99, 0))
"""

BROKEN = """
from classroom import live
fig, ax = live.subplots()
(drawn,) = ax.plot([0, 1], [0, 1])
def update(k):
    drawn.set_ydata([0, 1 / (k - 4)])
    return f"k is {k}."
live.Live(fig, update, k=(0, 9))
"""

ENDLESS = """
from classroom import live
fig, ax = live.subplots()
(drawn,) = ax.plot([0, 1], [0, 1])
def update(k):
    while k == 4:
        pass
    drawn.set_ydata([0, k])
    return f"k is {k}."
live.Live(fig, update, k=(0, 9, 3))
"""

CAPTION = "test => new RegExp(test).test(document.querySelector('.live-caption').innerText)"


def wait_for(page, caption):
    page.tab.wait_for_function(CAPTION, arg=caption)


def step_width_rate(explorer):
    return [int(n) for n in re.findall(r"\d+", explorer.caption)]


def test_a_run_goes_on_while_a_slider_moves(explorers):
    page = explorers(TRAINING)
    explorer = page.explorer()
    page.tab.wait_for_timeout(300)
    assert step_width_rate(explorer) == [0, 5, 5], "nothing plays by itself"
    explorer.button("Step").click()
    wait_for(page, "^Step 1:")
    explorer.button("Run").click()
    explorer.drag("rate", 0.5, 1.0)
    wait_for(page, r"rate 9\.$")
    assert step_width_rate(explorer)[0] > 1 and step_width_rate(explorer)[1] == 5, "it went on and heard the slider"
    explorer.slider("width").focus()
    page.tab.keyboard.press("End")
    wait_for(page, "width 9")
    explorer.button("Pause").click()
    explorer.settled()
    paused = step_width_rate(explorer)
    page.tab.wait_for_timeout(300)
    assert step_width_rate(explorer) == paused and paused[0] > 0, "it started anew, ran, and stands still now"
    explorer.button("Restart").click()
    wait_for(page, "^Step 0:")
    assert page.tab.locator(".live-place").inner_text() == "frame 1"
    explorer.button("Reset").click()
    wait_for(page, r"^Step 0: width 5, rate 5\.")


def test_a_closed_tab_stops_the_run(explorers, lab):
    page = explorers(TRAINING)
    page.explorer().button("Run").click()
    wait_for(page, r"^Step \d\d:")
    steps, still = lab.folder / "steps.txt", page.tab.context.new_page()
    before = steps.stat().st_size
    still.wait_for_timeout(300)
    assert steps.stat().st_size > before, "it runs"
    page.tab.close()
    still.wait_for_timeout(500)
    after = steps.stat().st_size
    still.wait_for_timeout(500)
    assert steps.stat().st_size == after and set(lab.kernels()) == {"idle"}


def test_a_run_plays_when_a_control_is_moved_but_not_for_who_wants_less_motion(explorers):
    page = explorers(TRAINING.replace("width=(1, 9)", "play=True, width=(1, 9)"))
    explorer = page.explorer()
    page.tab.wait_for_timeout(300)
    assert step_width_rate(explorer)[0] == 0, "not before anything is moved"
    explorer.slider("width").focus()
    page.tab.keyboard.press("End")
    wait_for(page, r"^Step \d\d: width 9")
    page.tab.emulate_media(reduced_motion="reduce")
    explorer.button("Run").wait_for()
    explorer.settled()
    page.tab.keyboard.press("Home")
    wait_for(page, "width 1")
    page.tab.wait_for_timeout(300)
    assert step_width_rate(explorer) == [0, 1, 5], "with less motion wanted, a moved control shows the first frame"
    explorer.button("Run").click()
    wait_for(page, r"^Step \d\d: width 1")


def test_frames_of_a_slow_update_do_not_queue(explorers, lab):
    """After the release at most one update begins: that of the last value."""
    page = explorers(SLOW)
    explorer, mouse = page.explorer(), page.tab.mouse
    box = explorer.slider("k").bounding_box()
    middle = box["y"] + box["height"] / 2
    mouse.move(box["x"] + 8, middle)
    mouse.down()
    for part in range(1, 26):
        mouse.move(box["x"] + 8 + part * (box["width"] - 16) / 25, middle)
        page.tab.wait_for_timeout(30)
    mouse.up()
    released = page.tab.evaluate("() => Date.now() / 1000")
    explorer.settled()
    begun = [line.split() for line in (lab.folder / "begun.txt").read_text().splitlines()]
    late = [k for k, when in begun if float(when) > released]
    assert explorer.caption == "k is 99." and begun[-1][0] == "99"
    assert len(late) <= 1 and len(begun) < 13, "25 places were dragged over"


def test_an_error_is_shown_and_the_next_move_works(explorers):
    page = explorers(BROKEN)
    explorer = page.explorer()
    explorer.slider("k").focus()
    page.tab.keyboard.press("ArrowLeft")
    explorer.settled()
    assert explorer.error.startswith("Your code stopped: ZeroDivisionError")
    assert "drawn.set_ydata([0, 1 / (k - 4)])" in explorer.error
    page.tab.wait_for_timeout(600)
    assert "ZeroDivisionError" in explorer.spoken
    page.tab.keyboard.press("ArrowLeft")
    explorer.settled()
    assert explorer.caption == "k is 3." and explorer.card.locator(".live-error").is_hidden()


def test_a_kernel_that_restarts_during_a_drag(explorers):
    page = explorers(BROKEN)
    explorer, mouse = page.explorer(), page.tab.mouse
    box = explorer.slider("k").bounding_box()
    middle = box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, middle)
    mouse.down()
    mouse.move(box["x"] + 0.8 * box["width"], middle, steps=4)
    page.tab.evaluate("() => { window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart() }")
    for part in range(20):
        mouse.move(box["x"] + (0.8 - part / 40) * box["width"], middle)
        page.tab.wait_for_timeout(50)
    mouse.up()
    explorer.card.get_by_text("run this cell again to wake the controls").wait_for()
    page.wait_idle()
    explorer.slider("k").focus()
    page.tab.keyboard.press("ArrowRight")  # there is nobody to hear it; the console must stay free of errors
    assert explorer.card.locator(".live-wait").is_visible()
    page.run_all()
    explorer = page.explorer()
    explorer.slider("k").focus()
    page.tab.keyboard.press("End")
    explorer.settled()
    assert explorer.caption == "k is 9." and explorer.card.locator(".live-wait").is_hidden()


def test_what_cannot_be_drawn_is_said_once_and_the_next_move_works(explorers):
    """matplotlib finds a wrong length only when it draws."""
    page = explorers(BROKEN.replace("[0, 1 / (k - 4)]", "[0] * (3 if k == 4 else 2)"))
    explorer, slider = page.explorer(), page.explorer().slider("k")
    slider.press("Home")
    explorer.settled()
    for _ in range(4):
        slider.press("ArrowRight")
    explorer.card.locator(".live-error").wait_for()
    assert explorer.error.startswith("The figure cannot be drawn as your code has set it: ValueError: shape mismatch")
    page.tab.wait_for_timeout(500)
    answers = explorer.number()
    page.tab.wait_for_timeout(800)
    assert explorer.number() == answers, "it is not asked for again and again"
    slider.press("ArrowRight")
    explorer.settled()
    assert explorer.caption == "k is 5." and explorer.error == ""


def test_an_interrupt_ends_an_endless_loop_names_its_line_and_the_next_move_works(explorers):
    page = explorers(ENDLESS)
    explorer, slider = page.explorer(), page.explorer().slider("k")
    slider.press("ArrowRight")
    explorer.card.locator(".live-wait").wait_for()
    page.tab.evaluate("() => window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    explorer.card.locator(".live-error").wait_for()
    assert re.match(r"Your code stopped: KeyboardInterrupt, in line [56] of its cell: (while|pass)", explorer.error)
    slider.press("ArrowRight")
    wait_for(page, "k is 5")
    assert explorer.error == ""
