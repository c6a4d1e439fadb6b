"""Explorers in a real JupyterLab: keyboard, mouse, drawing pad, run, goal, errors, and no key that leaks out."""

import hashlib

import numpy as np
import pytest

from classroom.quiz import bank

LINE = """
import numpy as np
from classroom import live
fig, ax = live.subplots()
(drawn,) = ax.plot([0, 1], [0, 1])
ax.set(xlim=(0, 1), ylim=(-10, 10), xlabel="x", ylabel="y")
def update(slope, bend, flip):
    x = np.linspace(0, 1, 50)
    drawn.set_data(x, (-slope if flip else slope) * x ** (2 if bend == "parabola" else 1))
    return f"Slope {slope}, {bend}, {'flipped' if flip else 'upright'}."
live.Live(fig, update, slope=(0, 9, 2), bend=["straight", "parabola"], flip=False, name="9.9 line",
          question="What does the slope do?", goal=live.goal("reach a slope of 5", lambda slope, **rest: slope == 5))
"""

PAD = """
import numpy as np
from classroom import live
fig, ax = live.subplots(size=(3, 3))
shown = ax.imshow(np.zeros((6, 6)), vmin=0, vmax=1)
def update(digit):
    shown.set_data(digit)
    return "Ink at " + " ".join(f"{r + 1}/{c + 1}" for r, c in np.argwhere(digit)) + "."
live.Live(fig, update, digit=live.drawing(6, 6))
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_keyboard_moves_the_picture_and_keys_stay_inside(explorers, theme):
    page = explorers(LINE, "1 + 1", theme=theme)
    explorer, keyboard = page.explorer(), page.tab.keyboard
    cells, before = page.cells(), explorer.pixels()
    assert explorer.caption == "Slope 2, straight, upright." and explorer.colours() > 5
    explorer.slider("slope").focus()
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):
        keyboard.press(key)
    explorer.settled()
    assert explorer.caption == "Slope 3, straight, upright." and explorer.pixels() != before
    assert explorer.slider("slope").get_attribute("aria-valuetext") == "3"
    assert explorer.slider("slope").evaluate("input => getComputedStyle(input).outlineStyle") == "solid"
    for key in "abddxz":
        keyboard.press(key)
    keyboard.press("Home")
    explorer.settled()
    assert explorer.caption == "Slope 0, straight, upright."
    assert page.cells() == cells, "a key has left the explorer and changed the notebook"
    assert page.tab.locator(".jp-mod-collapsed, .jp-mod-editMode").count() == 0


def test_the_settled_picture_is_pythons_own_in_a_browser_without_webcodecs_too(explorers, lab):
    page = explorers(LINE, "import numpy as np; np.save('rgba.npy', np.asarray(fig.canvas.buffer_rgba()))")
    explorer, shown = page.explorer(), []
    page.tab.evaluate("() => void (window.spare = window.ImageDecoder)")
    for decoder in ("undefined", "window.spare"):
        page.tab.evaluate(f"() => void (window.ImageDecoder = {decoder})")
        explorer.slider("slope").press("ArrowRight")
        explorer.settled()
        explorer.slider("slope").press("ArrowLeft")
        explorer.settled()
        shown.append(explorer.pixels())
    rgba = np.load(lab.folder / "rgba.npy")
    assert shown == [hashlib.sha256(rgba.tobytes()).hexdigest()] * 2


def test_a_picture_that_cannot_be_decoded_holds_up_nothing(explorers):
    page = explorers(LINE)
    explorer = page.explorer()
    before = explorer.pixels()
    page.tab.evaluate("""() => {
        const [bitmap, decode] = [window.createImageBitmap, window.ImageDecoder.prototype.decode];
        window.ImageDecoder.prototype.decode = () => Promise.reject(new Error("no memory"));
        window.createImageBitmap = () => {
            [window.createImageBitmap, window.ImageDecoder.prototype.decode] = [bitmap, decode];
            return Promise.reject(new Error("no memory"));
        };
    }""")
    explorer.slider("slope").press("ArrowRight")
    explorer.settled()
    assert explorer.caption.startswith("Slope 3,") and explorer.pixels() != before


def test_a_zoomed_page_gets_finer_pictures(explorers):
    page = explorers(LINE)
    explorer, dots = page.explorer(), "canvas => canvas.width / canvas.clientWidth"
    assert explorer.canvas.evaluate(dots) == pytest.approx(1, rel=0.05)
    protocol = page.tab.context.new_cdp_session(page.tab)
    size = {"width": 640, "height": 700, "mobile": False}
    protocol.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": 2})
    page.tab.wait_for_function(f"canvas => ({dots})(canvas) > 1.5", arg=explorer.canvas.element_handle())
    explorer.slider("slope").press("ArrowRight")
    explorer.settled()
    assert explorer.canvas.evaluate(dots) == pytest.approx(2, rel=0.1)
    protocol.send("Emulation.clearDeviceMetricsOverride")
    protocol.detach()


def test_mouse_drag_choice_switch_and_goal(explorers, lab):
    page = explorers(LINE, "'between'", LINE.replace('name="9.9 line"', 'name="9.9 other"'))
    explorer, other = page.explorer(0), page.explorer(1)
    before = other.pixels()
    explorer = page.explorer(0)
    explorer.drag("slope", 0.2, 1.0)
    explorer.settled()
    assert explorer.caption == "Slope 9, straight, upright."
    explorer.card.get_by_label("parabola").check()
    explorer.card.get_by_label("flip").check()
    explorer.settled()
    assert explorer.caption == "Slope 9, parabola, flipped."
    goal = explorer.card.locator(".live-goal")
    assert goal.inner_text() == "Goal: reach a slope of 5"
    explorer.drag("slope", 1.0, 5 / 9)
    explorer.settled()
    assert goal.inner_text() == "✓ Goal reached: reach a slope of 5" and goal.get_attribute("role") == "status"
    page.tab.wait_for_timeout(600)
    assert explorer.spoken == explorer.caption == "Slope 5, parabola, flipped."
    assert ("goal", "9.9 line") in {(event["kind"], event["name"]) for event in lab.recorded()}
    assert other.pixels() == before and other.caption == "Slope 2, straight, upright."


def test_a_reached_goal_opens_a_question_without_the_figure(explorers):
    name, question = next((q.id, q) for q in bank.questions("1.1").values() if q.role == "unlock")
    page = explorers(LINE.replace('name="9.9 line"', f'name="9.9 line", unlock="{name}"'))
    explorer = page.explorer()
    assert explorer.card.locator(".live-quiz").count() == 0
    explorer.slider("slope").focus()
    for _ in range(3):
        page.tab.keyboard.press("ArrowRight")
    explorer.button("Put the figure away and answer a question").click()
    assert explorer.card.locator(".quiz").get_by_text(question.question[:12]).is_visible()
    assert explorer.canvas.is_hidden()
    explorer.button("Back to the figure").click()
    assert explorer.canvas.is_visible() and explorer.card.locator(".quiz").is_hidden()


def test_python_moves_the_slider_too(explorers):
    page = explorers(LINE.replace("live.Live(", "w = live.Live(") + "\nw", "w.set(slope=8); None")
    explorer = page.explorer()
    page.tab.wait_for_function("() => document.querySelector('.live-caption').innerText.startsWith('Slope 8')")
    assert explorer.slider("slope").input_value() == "8"


def test_drawing_by_mouse_and_by_keyboard(explorers):
    page = explorers(PAD)
    explorer, keyboard = page.explorer(), page.tab.keyboard
    pad = explorer.card.get_by_role("application", name="digit")
    box = pad.bounding_box()
    cell = box["width"] / 6
    page.tab.mouse.move(box["x"] + 0.5 * cell, box["y"] + 0.5 * cell)
    page.tab.mouse.down()
    page.tab.mouse.move(box["x"] + 2.5 * cell, box["y"] + 0.5 * cell, steps=2)
    page.tab.mouse.up()
    explorer.settled()
    assert explorer.caption == "Ink at 1/1 1/2 1/3."
    explorer.button("Clear").click()
    explorer.settled()
    assert explorer.caption == "Ink at ."
    cells = page.cells()
    pad.focus()
    keyboard.press("ArrowDown")
    keyboard.press("Space")
    keyboard.press("Shift+ArrowRight")
    keyboard.press("a")
    explorer.settled()
    assert explorer.caption == "Ink at 2/3 2/4." and page.cells() == cells
    keyboard.press("ArrowLeft")
    page.tab.wait_for_timeout(600)
    assert explorer.spoken == "row 2, column 3, ink"
    keyboard.press("Enter")
    explorer.settled()
    assert explorer.caption == "Ink at 2/4."


def test_the_picture_is_there_before_the_kernel_answers(explorers):
    page = explorers(LINE, "import time; time.sleep(2)")
    page.tab.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
    page.tab.wait_for_function("""() => {
        const canvas = document.querySelector('.live-figure');
        if (!canvas?.width || canvas.dataset.number) return false; // of the first run, or answered already
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(new Uint32Array(pixels.buffer)).size > 5;
    }""")
    assert page.tab.locator(".live-figure").get_attribute("aria-label") == "Slope 2, straight, upright."
