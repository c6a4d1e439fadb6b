"""A real JupyterLab and a real browser: the server, a page with its notebook run, an explorer on it.

The tests' fixtures (conftest.py) and the benchmark of the explorers are made of this.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat

from classroom import progress
from classroom.paths import ROOT

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SETTINGS = ROOT / "classroom" / "jupyter"
PATIENCE = 60_000  # milliseconds for what takes a kernel's start
SOON = 15_000  # … and for everything else
READY = """() => {
    const app = window.jupyterapp;
    const kernel = app?.shell?.currentWidget?.context?.sessionContext;
    return Boolean(app?.commands.hasCommand('notebook:run-all-cells')) && Boolean(kernel?.isReady)
        && kernel.session?.kernel?.connectionStatus === 'connected' && kernel.session.kernel.status === 'idle';
}"""


class Lab:
    """A JupyterLab server of its own, on a free port, without a token (it listens on this machine only).

    It has the course's own settings, or with `stock` those that Jupyter comes with.
    """

    def __init__(self, folder: Path, stock: bool = False):
        self.stock = stock
        self.folder, self.progress, self.port = folder / "root", folder / "progress", _free_port()
        self.folder.mkdir()
        self.progress.mkdir()
        if stock:  # else it would ask whether it may fetch news
            self.change("notification", {"fetchNews": "false", "checkForUpdates": False})
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = (folder / "lab.log").open("w")
        self._process = subprocess.Popen(
            self._command(), env=self._environment(folder), stdout=self._log, stderr=subprocess.STDOUT, cwd=self.folder
        )

    def _command(self):
        options = {
            "ServerApp.root_dir": self.folder,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.open_browser": False,
            "ServerApp.allow_root": True,
            "IdentityProvider.token": "",
            "LabApp.expose_app_in_browser": True,
        }
        return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]

    def _environment(self, folder):
        own = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
        own |= {
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "JUPYTER_CONFIG_PATH": "" if self.stock else str(SETTINGS),
        }
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {**os.environ, **own, "CLASSROOM_DATA": str(self.progress), "PYTHONPATH": path}

    def change(self, setting: str, values: dict):
        """Change settings of JupyterLab itself, such as its theme."""
        place = (
            self.folder.parent / "settings" / "@jupyterlab" / "apputils-extension" / f"{setting}.jupyterlab-settings"
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(values))

    def wait(self):
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/api", timeout=2).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not start; its last words: {Path(self._log.name).read_text()[-2000:]}")

    def copy(self, source: Path) -> Path:
        """Copy a notebook or a folder of notebooks into the lab's root; return where it is now."""
        target = self.folder / source.name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
        return target

    def write(self, path: str, *cells: str) -> str:
        """Write a notebook of code cells into the lab's root; return its path there."""
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, self.folder / path)
        return path

    def address(self, path: str) -> str:
        """Where the browser finds a notebook of the lab."""
        return f"{self.url}/doc/tree/{path}?reset"

    def recorded(self) -> list[dict]:
        """What the kernels have written to the progress record."""
        return progress.read(self.progress / "progress.db")

    def kernels(self) -> list[str]:
        """What each running kernel does: "idle" or "busy"."""
        with urllib.request.urlopen(f"{self.url}/api/kernels", timeout=10) as answer:
            return [kernel["execution_state"] for kernel in json.load(answer)]

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()


class Page:
    """A notebook in the browser, all its cells run."""

    def __init__(self, tab, url: str):
        self.tab, self.errors = tab, []
        tab.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.set_default_timeout(SOON)
        tab.goto(url, timeout=PATIENCE)
        tab.wait_for_function(READY, timeout=PATIENCE)
        self.run_all()

    def show(self, *cells: str):
        """Put other code cells in the place of the notebook's, in the same kernel, and run them."""
        self.tab.evaluate(
            """cells => {
                const notebook = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
                notebook.deleteCellRange(0, notebook.cells.length);
                notebook.insertCells(0, cells.map(source => ({ cell_type: 'code', source })));
            }""",
            cells,
        )
        self.errors.clear()
        self.run_all()
        # JupyterLab draws only cells that are near to be seen, and it has scrolled to the last one
        self.tab.evaluate("() => window.jupyterapp.shell.currentWidget.content.scrollToItem(0, 'start')")

    def run_all(self):
        self.tab.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.wait_idle()

    def wait_idle(self):
        self.tab.wait_for_function(READY, timeout=PATIENCE)

    def cells(self) -> int:
        return self.tab.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length")

    def explorer(self, place: int = 0) -> "Explorer":
        card = self.tab.locator(".live").nth(place)
        card.locator(".live-figure").scroll_into_view_if_needed(timeout=PATIENCE)
        explorer = Explorer(self.tab, card)
        explorer.settled()
        return explorer


class Explorer:
    """One explorer on the page."""

    def __init__(self, tab, card):
        self.tab, self.card, self.canvas = tab, card, card.locator(".live-figure")

    def slider(self, name: str):
        return self.card.get_by_role("slider", name=name, exact=True)

    def button(self, name: str):
        return self.card.get_by_role("button", name=name, exact=True)

    @property
    def caption(self) -> str:
        return self.card.locator(".live-caption").inner_text()

    @property
    def error(self) -> str:
        return self.card.locator(".live-error").inner_text()

    @property
    def spoken(self) -> str:
        """The polite line that a screen reader hears."""
        return self.card.locator(".live-status").inner_text()

    def number(self) -> int:
        """The number of the newest painted answer of the kernel."""
        return int(self.canvas.get_attribute("data-number") or -1)

    def settled(self):
        """Wait until the exact picture of the newest values is painted."""
        self.tab.wait_for_function("canvas => canvas.dataset.exact === 'true'", arg=self.canvas.element_handle())

    def pixels(self) -> str:
        """A fingerprint of what the canvas shows."""
        return self.canvas.evaluate("""async canvas => {
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            const hash = await crypto.subtle.digest('SHA-256', pixels);
            return Array.from(new Uint8Array(hash)).map(byte => byte.toString(16).padStart(2, '0')).join('');
        }""")

    def colours(self) -> int:
        """How many colours the canvas shows: a blank one has a single one."""
        return self.canvas.evaluate("""canvas => {
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            return new Set(new Uint32Array(pixels.buffer)).size;
        }""")

    def drag(self, name: str, start: float, end: float, steps: int = 20):
        """Drag a slider's thumb with the mouse between two places (0 to 1) of its track."""
        box = self.slider(name).bounding_box()
        across, middle = (lambda part: box["x"] + 8 + part * (box["width"] - 16)), box["y"] + box["height"] / 2
        self.tab.mouse.move(across(start), middle)
        self.tab.mouse.down()
        self.tab.mouse.move(across(end), middle, steps=steps)
        self.tab.mouse.up()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def find_browser() -> str | None:
    """The path of a browser on this machine, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
