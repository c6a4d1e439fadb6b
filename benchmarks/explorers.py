"""How fast a figure follows its slider, in a real JupyterLab in a real Chromium: from the key press to the first frame
with other pixels, and frames per second while the slider is dragged. Three ways take turns: ipywidgets' `interact` with
`plt.show()`, an explorer of the course on Jupyter's own server, and one on the server with the course's setting.

    python benchmarks/explorers.py [--json] [--rounds N] [--presses N]

The figure has a scatter of 200 points, a field of 100 × 100 and a curve, and all of them move. Promised are a ratio to
`interact` in the same run, and what a hand feels: 50 ms and 30 frames a second. Times are the browser's: a key press
counts from its event, a frame when the browser begins to make it. Other work on the machine hits all three ways alike,
but it does hit them: for the absolute goals keep the machine quiet.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.chromium import Browser  # noqa: E402
from tests.browser.lab import READY, Lab, find_browser  # noqa: E402

GOAL_MS, GOAL_RATIO, GOAL_FPS = 50, 3.5, 30
SLOW = 0.3  # seconds that the slow update takes
DRAG = 2.0  # seconds that a drag lasts
SIZE = 1440, 900  # pixels of the window, a laptop's
PATCH = 0.17, 0.3  # where pixels are watched, in parts of the picture: in the field

SCENE = """
import time
import numpy as np
rng = np.random.default_rng(0)
points, grid = rng.normal(size=(200, 2)), np.linspace(-3, 3, 100)
X, Y = np.meshgrid(grid, grid)
def field(k): return np.sin(X + k / 7) * np.cos(Y - k / 11)
def moved(k): return points * (1 + k / 800)
def curve(k): return np.sin(grid * k / 60)
look = dict(extent=(-3, 3, -3, 3), vmin=-1, vmax=1, cmap="RdBu")
def note():
    with open("begun.txt", "a") as file:
        file.write(f"{time.time()}\\n")
"""
INTERACT = """
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import IntSlider, interact
def show(k):
    SLOWLY
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.4))
    left.imshow(field(k), **look)
    left.scatter(*moved(k).T, s=20)
    right.plot(grid, curve(k))
    left.set(xlim=(-3, 3), ylim=(-3, 3))
    right.set(xlim=(-3, 3), ylim=(-1.1, 1.1))
    plt.show()
interact(show, k=IntSlider(value=100, min=0, max=400));
"""
LIVE = """
from classroom import live
fig, (left, right) = live.subplots(1, 2)
image = left.imshow(field(100), **look)
dots = left.scatter(*moved(100).T, s=20)
(line,) = right.plot(grid, curve(100))
left.set(xlim=(-3, 3), ylim=(-3, 3))
right.set(xlim=(-3, 3), ylim=(-1.1, 1.1))
def update(k):
    SLOWLY
    image.set_data(field(k))
    dots.set_offsets(moved(k))
    line.set_ydata(curve(k))
    return f"k is {k}."
live.Live(fig, update, k=(0, 400, 100))
"""
SLOWLY = f"note(); time.sleep({SLOW})"

# name: cell, on Jupyter's own server?, where the slider's thumb and the picture are
WAYS = {
    "interact": (INTERACT, True, ".widget-slider .noUi-handle", ".widget-output img"),
    "live_stock": (LIVE, True, ".live input[type=range]", ".live-figure"),
    "live": (LIVE, False, ".live input[type=range]", ".live-figure"),
}

# Is all of it there, and does the whole picture lie in the window? What is out of sight is not painted.
SHOWN = """(thumb, picture) => {
    picture = [...document.querySelectorAll(picture)].at(-1);
    if (!picture || !document.querySelector(thumb)) return false;
    picture.scrollIntoView({ block: "center" });
    const { top, bottom, height } = picture.getBoundingClientRect();
    return height > 0 && top >= 0 && bottom <= window.innerHeight;
}"""


class Way:
    """One way in a tab of its own: presses its keys, drags its slider, and knows what was seen."""

    def __init__(self, name, browser, lab, slow=False):
        cell, _, self.thumb, picture = WAYS[name]
        path = lab.write(
            f"{name}{'_slow' if slow else ''}.ipynb", SCENE, cell.replace("SLOWLY", SLOWLY if slow else "pass")
        )
        self.begun, self.browser = lab.folder / "begun.txt", browser
        self.tab = browser.open(f"{lab.url}/lab/tree/{path}?reset")
        self.tab.wait_for(READY)
        self.tab.ask("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.tab.wait_for(SHOWN, self.thumb, picture)
        self.tab.wait_for(READY)
        self.tab.run((ROOT / "benchmarks" / "watch.js").read_text(encoding="utf-8"))
        self.tab.ask("(picture, place) => watch.begin(picture, place)", picture, PATCH)
        self.milliseconds, self.rates = [], []
        self.come_to_rest()

    def come_to_rest(self, milliseconds=350):
        self.tab.ask("milliseconds => watch.quiet(milliseconds)", milliseconds)

    def press(self, count):
        """So many single key presses, each after a rest, at no fixed moment of the screen's rhythm."""
        self.browser.to_front(self.tab)
        self.tab.ask("thumb => document.querySelector(thumb).focus()", self.thumb)
        for i in range(count):
            self.come_to_rest()
            time.sleep(0.0031 * (i % 7))
            self.tab.ask("() => watch.arm()")
            self.tab.press("ArrowRight")
            self.milliseconds.append(self.tab.ask("() => watch.answered()"))

    def drag(self, seconds=DRAG):
        """Move the thumb on and back by a pixel or two in each frame, from within the page (see watch.js)."""
        self.browser.to_front(self.tab)
        self.come_to_rest()
        self.rates.append(self.tab.ask("(thumb, time) => watch.drag(thumb, time)", self.thumb, 1000 * seconds))

    def let_go(self):
        """After a drag with a slow update: seconds until the last value is shown, updates begun since, and in all."""
        self.begun.write_text("")
        self.drag()
        before = -1
        while before != (before := len(self.begun.read_text().split())):
            self.come_to_rest(int(3000 * SLOW))
        release = self.tab.ask("() => watch.release()")
        begun = [float(at) for at in self.begun.read_text().split()]
        return release["until"] / 1000, sum(at > release["at"] for at in begun), len(begun)

    def close(self):
        self.tab.ask("() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
        self.browser.shut(self.tab)


def measure(browser, labs, options):
    """Milliseconds of every press and frames per second of every drag, by way; they take turns, round by round."""
    ways = {name: Way(name, browser, labs[stock]) for name, (_, stock, *_) in WAYS.items()}
    for way in ways.values():
        way.press(5)  # what is slow only once
        way.milliseconds.clear()
    for turn in range(options.rounds):
        order = list(ways)
        for name in order[turn % 3 :] + order[: turn % 3]:
            ways[name].press(-(-options.presses // options.rounds))
            ways[name].drag()
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    results = [
        {
            "name": name,
            "median_ms": round(float(np.median(way.milliseconds)), 1),
            "p95_ms": round(float(np.quantile(way.milliseconds, 0.95)), 1),
            "fps": round(float(np.median(way.rates)), 1),
        }
        for name, way in ways.items()
    ]
    for way in ways.values():
        way.close()
    return results


def measure_slow(browser, labs, rounds=3):
    """The worst of a few drags with the slow update: `Way.let_go`."""
    results = {}
    for name, (_, stock, *_) in WAYS.items():
        if name != "live_stock":
            way = Way(name, browser, labs[stock], slow=True)
            results[name] = max(way.let_go() for _ in range(rounds))
            way.close()
    return results


def table(results, slow):
    """What was measured, beside the goals."""
    by = {each["name"]: each for each in results}
    lines = [f"{'way':12} {'median ms':>10} {'p95 ms':>8} {'frames/s':>9} {'interact is':>12}"]
    for name, each in by.items():
        times = by["interact"]["median_ms"] / each["median_ms"]
        lines.append(
            f"{name:12} {each['median_ms']:10.1f} {each['p95_ms']:8.1f} {each['fps']:9.1f} {f'×{times:.2f}':>12}"
        )
    live, slower = by["live"], by["interact"]["median_ms"] / by["live"]["median_ms"]
    goals = [
        (f"live: p95 at most {GOAL_MS} ms", live["p95_ms"] <= GOAL_MS),
        (f"live: at least {GOAL_RATIO} times faster than interact", slower >= GOAL_RATIO),
        (f"live: at least {GOAL_FPS} frames a second in a drag", live["fps"] >= GOAL_FPS),
        ("live, slow update: at most one update begins after release", slow["live"][1] <= 1),
    ]
    lines += ["", f"an update that takes {SLOW * 1000:.0f} ms, dragged for {DRAG:.0f} s: the last value shows …"]
    for name, (until, after, count) in slow.items():
        lines.append(f"{name:12} {until:5.2f} s after release; updates begun since release: {after}; in all: {count}")
    lines += ["", *(f"{'reached' if reached else 'SHORT OF':9} {goal}" for goal, reached in goals)]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    parser.add_argument("--rounds", type=int, default=6, metavar="N", help="turns that each way gets (6)")
    parser.add_argument("--presses", type=int, default=90, metavar="N", help="key presses of each way, in all (90)")
    options = parser.parse_args()
    program = find_browser()
    if not program:
        sys.exit("No browser found: install Chromium (Debian: apt-get install chromium).")
    with tempfile.TemporaryDirectory() as folder:
        labs = {}
        for stock in (True, False):
            home = Path(folder) / ("stock" if stock else "ours")
            home.mkdir()
            labs[stock] = Lab(home, stock=stock)
        browser = Browser(program, Path(folder) / "browser", SIZE)
        try:
            for lab in labs.values():
                lab.wait()
            results = measure(browser, labs, options)
            if options.json:
                print("\n".join(map(json.dumps, results)))
            else:
                print(table(results, measure_slow(browser, labs)))
        finally:
            browser.close()
            for lab in labs.values():
                lab.stop()


if __name__ == "__main__":
    main()
