"""Whether everyone can use the widgets: no barrier that axe-core finds, an order of focus, 200 % zoom, both themes.

What axe-core cannot see (do the keys work, is a line said in time) stands in the other tests of this folder.
"""

import pytest

ALL_CONTROLS = """
from classroom import live
fig, ax = live.subplots()
ax.set(xlim=(-3, 3), ylim=(-2, 2), xlabel="w₁", ylabel="w₂")
def update(a_rate_with_a_long_name, kind, flip, start):
    for step in range(50):
        if kind == "broken":
            raise ValueError("this kind has no picture")
        yield f"Step {step}: rate {a_rate_with_a_long_name}, {kind}, from {start}."
live.Live(fig, update, a_rate_with_a_long_name=live.log(0.001, 10, unit="per second"),
          kind=["straight", "parabola", "something longer than either", "broken"], flip=True, start=live.point(ax),
          question="What does it do?", unlock="1.1 distance",
          goal=live.goal("choose a parabola", lambda kind, **rest: kind == "parabola"))
"""

PAD = """
import numpy as np
from classroom import live
fig, ax = live.subplots(1, 2)
live.Live(fig, lambda digit, size: "A pad.", digit=live.drawing(32, 32), size=(1, 9))
"""

QUESTIONS = """
from classroom import ask, predict, outcome
from classroom.quiz import bank
ask("1.1 name z"); ask("1.1 compute z"); predict("1.1 raise b")
outcome("1.1 raise b", bank.question("1.1 raise b").right)
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_barriers_in_any_state(explorers, find_barriers, theme):
    page = explorers(ALL_CONTROLS, PAD, QUESTIONS, theme=theme)
    explorer = page.explorer()
    page.tab.locator(".quiz").nth(3).wait_for(state="attached")
    assert find_barriers(page) == []
    explorer.card.get_by_label("parabola").check()
    explorer.button("Put the figure away and answer a question").wait_for()
    explorer.settled()
    assert find_barriers(page) == []
    explorer.card.get_by_label("broken").check()
    explorer.card.get_by_text("Your code stopped").first.wait_for()
    explorer.card.get_by_label("w₁").fill("far away")
    page.tab.keyboard.press("Enter")
    explorer.card.get_by_text("w₁ must be a number").first.wait_for()
    assert find_barriers(page) == []
    explorer.button("Put the figure away and answer a question").click()
    quiz = page.tab.locator('.quiz[data-name="1.1 name z"]')
    quiz.get_by_role("radio").first.check()
    quiz.get_by_role("button", name="Check").click()
    quiz.locator(".quiz-status[data-tone=other], .quiz-status[data-tone=right]").wait_for()
    assert find_barriers(page) == []


def test_axe_core_would_find_a_barrier(explorers, find_barriers):
    """Else the test above could not fail."""
    page = explorers(PAD)
    page.explorer().slider("size").evaluate("input => { input.id = ''; }")  # its label no longer names it
    page.tab.evaluate("() => { document.querySelector('.live-hint').style.color = '#ccc'; }")
    found = {each.split(":")[0] for each in find_barriers(page)}
    assert found == {"label", "color-contrast"}


def test_focus_goes_from_top_to_bottom(explorers):
    page = explorers(ALL_CONTROLS)
    explorer, keyboard = page.explorer(), page.tab.keyboard
    explorer.slider("a rate with a long name").focus()
    names = []
    for _ in range(9):
        keyboard.press("Tab")
        names.append(
            page.tab.evaluate("""() => {
            const at = document.activeElement, visible = getComputedStyle(at);
            return [at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent,
                    visible.outlineStyle, at.closest('.live') !== null];
        }""")
        )
    wanted = ["straight", "flip", "w₁", "w₂", "Run", "Step", "Restart", "Reset", "start, on the figure"]
    assert names == [[name, "solid", True] for name in wanted]


def test_a_goal_is_announced_once_and_the_line_waits_for_half_a_second(explorers):
    page = explorers(ALL_CONTROLS)
    explorer = page.explorer()
    page.tab.evaluate("""() => {
        const heard = window.heard = [];
        for (const line of document.querySelectorAll('.live [role=status]')) {
            let before = line.textContent;
            new MutationObserver(() => {
                if (line.textContent === before) return; // written anew, not changed
                before = line.textContent;
                heard.push([line.className.split(' ')[0], performance.now()]);
            }).observe(line, { childList: true, characterData: true, subtree: true });
        }
    }""")
    start = page.tab.evaluate("() => performance.now()")
    for kind in ("parabola", "straight", "parabola"):
        explorer.card.get_by_label(kind).check()
        explorer.settled()
    page.tab.wait_for_timeout(800)
    heard = page.tab.evaluate("() => window.heard")
    assert [name for name, _ in heard].count("live-goal") == 1
    lines = [when for name, when in heard if name == "live-status"]
    assert lines and lines[0] - start > 500 and explorer.spoken == explorer.caption


def test_nothing_sticks_out_at_200_percent(explorers):
    """A window of 1280 pixels shows 640 of the page's own at 200 % zoom."""
    page = explorers(ALL_CONTROLS, PAD, QUESTIONS, width=640, sharpness=2)
    page.explorer().card.get_by_label("parabola").check()
    page.explorer().button("Put the figure away and answer a question").wait_for()
    page.tab.locator(".quiz").nth(3).wait_for(state="attached")
    out = page.tab.evaluate("""() => [...document.querySelectorAll('.live, .quiz')].flatMap(widget => {
        const room = widget.getBoundingClientRect();
        return [...widget.querySelectorAll('input, button, canvas, label, p, span, .live-card, .quiz-card')]
            .filter(part => { const box = part.getBoundingClientRect();
                              return box.width && (box.left < room.left - 1 || box.right > room.right + 1); })
            .map(part => `${part.className} ${part.textContent}`);
    })""")
    assert out == []
    widths = page.tab.evaluate("""() => [...document.querySelectorAll('.live, .quiz')]
        .map(widget => [widget.scrollWidth, widget.clientWidth])""")
    assert len(widths) >= 6 and all(scroll <= client for scroll, client in widths)
    slider = page.explorer().slider("a rate with a long name").bounding_box()
    assert slider["width"] > 200, "there is room to drag"
