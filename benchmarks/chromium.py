"""A browser that nobody listens to: Chromium, driven by the few calls of its DevTools protocol that a benchmark needs.

Playwright, which our tests use, has the browser report every message of every web socket, which no learner's browser
does. On two cores this cost a fifth of all processor time while an explorer was dragged, and a quarter of its frames.
"""

import itertools
import json
import subprocess
import time
import urllib.request
from pathlib import Path

import websocket

from tests.browser.lab import FLAGS

FLAGS = [*FLAGS, "--headless=new", "--remote-debugging-port=0", "--hide-scrollbars", "--mute-audio",
         "--no-default-browser-check", "--disable-extensions"]  # fmt: skip
KEYS = {"ArrowRight": 39}  # the number by which old pages know the key


class Browser:
    """A browser of its own, with a new profile in `folder`, and a window of so many pixels."""

    def __init__(self, program: str, folder: Path, size: tuple[int, int]):
        window = "--window-size={},{}".format(*size)
        self._process = subprocess.Popen(
            [program, *FLAGS, window, f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = folder / "DevToolsActivePort"  # the browser writes it when it is ready
        _until(lambda: port.exists() and port.read_text().strip(), "the browser", 60)
        self._address = f"http://127.0.0.1:{port.read_text().split()[0]}"
        self._front = None

    def open(self, url: str) -> "Tab":
        request = urllib.request.Request(f"{self._address}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(request) as answer:
            tab = Tab(json.load(answer)["webSocketDebuggerUrl"])
        self.to_front(tab)
        tab.call("Page.navigate", url=url)
        return tab

    def to_front(self, tab: "Tab"):
        """Show this tab, as if a hand had clicked on it; the others rest."""
        if tab is self._front:
            return
        if self._front:
            self._front.call("Emulation.setFocusEmulationEnabled", enabled=False)
        tab.call("Emulation.setFocusEmulationEnabled", enabled=True)
        tab.call("Page.bringToFront")
        self._front = tab

    def shut(self, tab: "Tab"):
        tab.call("Page.close")
        self._front = None if tab is self._front else self._front

    def close(self):
        self._process.terminate()
        self._process.wait()


class Tab:
    """One page. An error in the page is raised here."""

    def __init__(self, address: str):
        self._socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self._numbers = itertools.count(1)

    def call(self, method: str, **parameters) -> dict:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:  # events stand between the answers
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                break
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def run(self, script: str):
        """Run a script, wait if it promises a value, and return that."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", "an error in the page"))
        return answer["result"].get("value")

    def ask(self, function: str, *arguments):
        """What a function of the page returns for these arguments."""
        return self.run(f"({function})({', '.join(map(json.dumps, arguments))})")

    def wait_for(self, function: str, *arguments, seconds: float = 60):
        """Ask until the answer is yes."""
        _until(lambda: self.ask(function, *arguments), function, seconds)

    def press(self, key: str):
        for event in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=event, key=key, code=key, windowsVirtualKeyCode=KEYS[key])


def _until(ready, what: str, seconds: float):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"Waited {seconds:.0f} seconds for {what}")
        time.sleep(0.1)
