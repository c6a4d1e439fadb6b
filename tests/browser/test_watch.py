"""What the benchmark of the explorers sees is what happens: times of pixels that change after a known delay."""

import pytest

from benchmarks import explorers
from benchmarks.chromium import Browser
from classroom.paths import ROOT

from .lab import find_browser

SEEN = "() => document.visibilityState"
DELAY = 120  # milliseconds from the key to the new pixels

# A canvas that turns grey so long after each key press, a sharper copy of it later, and an image that is replaced;
# a slider of the browser's own and one made of an element: each paints at every move, and twice after it is let go.
PAGE = """<canvas width=200 height=100></canvas><div><img></div><input type=range min=0 max=100><b>thumb</b><script>
const canvas = document.querySelector("canvas"), context = canvas.getContext("2d");
let shade = 0;
function paint(shade) {
    context.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
    context.fillRect(0, 0, 200, 100);
    const image = new Image();
    image.src = canvas.toDataURL();
    document.querySelector("img").replaceWith(image);
}
paint(shade);
addEventListener("keydown", () => setTimeout(() => paint(shade += 20), DELAY));
function letGo() {
    setTimeout(() => paint(200), 2 * DELAY);
    setTimeout(() => paint(202), 4 * DELAY);
}
const slider = document.querySelector("input");
slider.addEventListener("input", () => paint(slider.value));
slider.addEventListener("change", letGo);
document.querySelector("b").addEventListener("mousedown", () => {
    addEventListener("mousemove", (event) => event.buttons && paint(event.clientX % 250));
    addEventListener("mouseup", letGo);
});
</script>""".replace("DELAY", str(DELAY))


@pytest.fixture(params=["canvas", "img"])
def tab(request, browser):
    tab = browser.new_page()
    tab.set_content(PAGE)
    tab.evaluate((ROOT / "benchmarks" / "watch.js").read_text("utf-8"))
    tab.evaluate("selector => { watch.begin(selector, [0.3, 0.3]); return watch.quiet(100) }", request.param)
    yield tab
    tab.close()


def test_a_key_press_is_timed_until_its_pixels_change(tab):
    for _ in range(3):
        tab.evaluate("() => watch.arm()")
        tab.keyboard.press("ArrowRight")
        assert DELAY <= tab.evaluate("() => watch.answered()") < 4 * DELAY
        tab.evaluate("() => watch.quiet(100)")


@pytest.mark.parametrize("thumb", ["input", "b"])
def test_a_drag_counts_frames_and_its_end_knows_when_the_last_value_came(tab, thumb):
    rate = tab.evaluate("thumb => watch.drag(thumb, 500)", thumb)
    assert 6 <= rate <= 70  # the browser makes 60 frames a second, fewer where it is short of time
    tab.evaluate("milliseconds => watch.quiet(milliseconds)", 6 * DELAY)
    assert 2 * DELAY - 10 <= tab.evaluate("() => watch.release().until") < 4 * DELAY, "the sharper copy is no new value"


def test_the_table_names_what_falls_short():
    names = {"interact": (130.0, 210.0, 6.0), "live_stock": (50.0, 70.0, 18.0), "live": (36.0, 49.0, 31.0)}
    results = [dict(zip(("name", "median_ms", "p95_ms", "fps"), (n, *t), strict=True)) for n, t in names.items()]
    slow = {"interact": (1.5, 4, 9), "live": (0.4, 1, 7)}
    assert "SHORT OF" not in explorers.table(results, slow) and "×3.61" in explorers.table(results, slow)
    results[2] |= {"p95_ms": 50.1, "median_ms": 37.2, "fps": 29.9}
    assert explorers.table(results, slow | {"live": (0.9, 2, 7)}).count("SHORT OF") == 4


def test_the_benchmarks_browser_presses_keys_and_raises_what_the_page_raises(browser, tmp_path):
    """`browser` is here for its skip where there is none."""
    mine = Browser(find_browser(), tmp_path, (600, 400))
    try:
        tab = mine.open(
            "data:text/html,<input type=range min=0 max=9 value=4><script>setTimeout(() => ready = 1, 300)</script>"
        )
        tab.wait_for("() => window.ready === 1")
        other = mine.open("about:blank")
        assert tab.ask(SEEN) == "hidden" and other.ask(SEEN) == "visible"
        mine.to_front(tab)
        assert tab.ask(SEEN) == "visible" and other.ask(SEEN) == "hidden"
        tab.ask("selector => document.querySelector(selector).focus()", "input")
        tab.press("ArrowRight")
        assert tab.ask("async (more) => Number(document.querySelector('input').value) + more", 10) == 15
        with pytest.raises(RuntimeError, match="nowhere is not defined"):
            tab.run("nowhere")
        with pytest.raises(TimeoutError, match=r"0 seconds for .* => false"):
            tab.wait_for("() => false", seconds=0.2)
        mine.shut(tab)
        mine.to_front(other)
    finally:
        mine.close()
