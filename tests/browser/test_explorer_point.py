"""A point on the axes in a real browser: dragged by mouse and by finger, moved by keys, and typed."""

import pytest

POINT = """
from classroom import live
fig, (left, right) = live.subplots(1, 2)
left.set(xlim=(-3, 3), ylim=(-2, 2), xlabel="w₁", ylabel="w₂")
right.set(xlim=(0.001, 10), xscale="log", ylim=(5, -5))
(path,) = left.plot([], [])
def update(start, other):
    path.set_data([0, start[0]], [0, start[1]])
    return f"Start {start[0]:.2f}, {start[1]:.2f}; other {other[0]:.3g}, {other[1]:.1f}."
live.Live(fig, update, start=live.point(left, (2, 1)), other=live.point(right, (0.1, 0)),
          goal=live.goal("reach the middle", lambda start, other: start == (0, 0)))
"""
FIRST = "Start 2.00, 1.00; other 0.1, 0.0."


def handle(explorer, name="start"):
    return explorer.card.get_by_role("slider", name=f"{name}, on the figure")


def centre(explorer, name="start"):
    box = handle(explorer, name).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def ring(explorer, x, y):
    """Whether the figure shows the point's black ring around this place of the page: 6.5 points beside it."""
    return explorer.canvas.evaluate(
        """(canvas, [x, y]) => {
            const frame = canvas.getBoundingClientRect();
            const dots = canvas.width / frame.width, radius = 6.5 / 72 * 100 * dots;
            const [across, up] = [(x - frame.left) * dots, (y - frame.top) * dots];
            const context = canvas.getContext('2d');
            const dark = (dx, dy) =>
                context.getImageData(across + dx - 2, up + dy - 2, 5, 5).data.some(part => part < 60);
            return dark(radius, 0) && dark(-radius, 0) && dark(0, radius) && dark(0, -radius);
        }""",
        [x, y],
    )


def test_a_point_is_dragged_by_the_mouse_and_its_ring_follows(explorers):
    page = explorers(POINT, "1")
    explorer, mouse, cells = page.explorer(), page.tab.mouse, page.cells()
    x, y = centre(explorer)
    assert explorer.caption == FIRST and ring(explorer, x, y) and not ring(explorer, x - 60, y + 40)
    mouse.move(x + 5, y - 4)  # taken beside its middle, it must not jump
    mouse.down()
    mouse.move(x - 55, y + 36, steps=8)
    explorer.settled()
    assert explorer.caption != FIRST and ring(explorer, x - 60, y + 40) and not ring(explorer, x, y)
    mouse.move(x - 3000, y + 3000, steps=8)
    mouse.up()
    explorer.settled()
    assert explorer.caption == "Start -3.00, -2.00; other 0.1, 0.0.", "it stays on its axes"
    mouse.move(x, y)
    explorer.settled()
    assert explorer.caption.startswith("Start -3.00"), "it was let go"
    explorer.button("Reset").click()
    explorer.settled()
    assert explorer.caption == FIRST and centre(explorer) == pytest.approx((x, y), abs=0.5)
    assert page.cells() == cells


def test_a_point_is_moved_by_keys_and_typed(explorers):
    page = explorers(POINT, "1")
    explorer, keyboard, cells = page.explorer(), page.tab.keyboard, page.cells()
    handle(explorer).focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowDown", "a", "x"):
        keyboard.press(key)
    explorer.settled()
    assert explorer.caption == "Start 1.90, 0.55; other 0.1, 0.0."  # a step is 0.05 on both axes
    assert handle(explorer).get_attribute("aria-valuetext") == "w₁ 1.90, w₂ 0.55"
    handle(explorer, "other").focus()
    keyboard.press("Shift+ArrowRight")
    keyboard.press("ArrowUp")
    explorer.settled()
    assert explorer.caption == "Start 1.90, 0.55; other 0.251, -0.1.", "its axes are logarithmic, and turned round"
    pair = explorer.card.get_by_role("group", name="start")
    pair.get_by_label("w₁").fill("7")
    keyboard.press("Enter")
    explorer.card.get_by_text("w₁ must be a number from −3.00 to 3.00.").first.wait_for()
    explorer.slider("other, on the figure").press("ArrowUp")  # another control moves, and the kernel answers
    explorer.settled()
    assert pair.get_by_label("w₁").get_attribute("aria-invalid") == "true"
    assert pair.get_by_label("w₁").input_value() == "7" and explorer.caption.startswith("Start 1.90")
    for name in ("w₁", "w₂"):
        pair.get_by_label(name).fill("0,0")
        keyboard.press("Enter")
    explorer.settled()
    assert (
        explorer.caption.startswith("Start 0.00, 0.00")
        and pair.get_by_label("w₁").get_attribute("aria-invalid") is None
    )
    assert explorer.card.locator(".live-goal").inner_text() == "✓ Goal reached: reach the middle"
    pair.get_by_label("w₂").fill("−1.234")
    keyboard.press("Tab")
    explorer.settled()
    assert "0.00, -1.23;" in explorer.caption and page.cells() == cells


def test_a_point_is_dragged_by_a_finger(explorers):
    page = explorers(POINT, has_touch=True)
    explorer = page.explorer()
    x, y = centre(explorer)
    fingers = page.tab.context.new_cdp_session(page.tab)

    def touch(what, *place):
        points = [{"x": place[0], "y": place[1]}] if place else []
        fingers.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})

    touch("touchStart", x, y)
    for part in range(1, 6):
        touch("touchMove", x - 12 * part, y + 8 * part)
    touch("touchEnd")
    explorer.settled()
    assert explorer.caption != FIRST and centre(explorer) == pytest.approx((x - 60, y + 40), abs=3)
