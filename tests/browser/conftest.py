"""A real JupyterLab and a real browser for the tests.

Fixtures (of what lab.py holds), for use in any test of this folder:

`lab`            a running JupyterLab with the course's own server settings. `lab.folder` is its root, temporary and
                 empty: put notebooks there, or copy a file or folder with `lab.copy(path)`. `lab.recorded()` is what
                 its kernels have written to the progress record.
`open_notebook`  `page = open_notebook("name.ipynb", theme="light")` opens it, runs all cells, and waits for an idle
                 kernel. `page.tab` is Playwright's page; the rest is below.
`write_notebook` `write_notebook("name.ipynb", cell, cell, …)` writes a notebook of code cells into `lab.folder`.
`my`             the learner's working copy of the course, as a path below `lab.folder`
`explorers`      `page = explorers(cell, cell, …)` shows these cells in a window that tests share, which is fast (the
                 kernel, too: undo what you change in it); at the end the browser's console must be free of errors.
`npm_packages`   the folder of what package.json beside this file asks for, installed once
`find_barriers`  `find_barriers(page)` is what axe-core finds in the page's widgets.

    page.explorer(0)               the first explorer: .slider("rate"), .button("Run"), .drag("rate", 0.2, 0.8),
                                   .caption, .spoken, .error, .pixels(), .colours(), .settled() (see `Explorer`)
    page.cells()                   how many cells the notebook has (a stray key would add or remove some)
    page.errors                    what the browser's console reported as errors

A browser is asked for by name on the path (chromium, chromium-browser, google-chrome, chrome, microsoft-edge, msedge).
"""

import hashlib
import itertools
import shutil
import subprocess
from pathlib import Path

import pytest

from classroom import working_copy
from classroom.paths import ROOT

from .lab import FLAGS, Lab, Page, find_browser

HERE = Path(__file__).parent
WINDOWS = itertools.count()  # a notebook is open in one window alone


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"))
    try:
        yield lab.wait()
    finally:
        lab.stop()


@pytest.fixture(scope="session")
def browser():
    program = find_browser()
    if not program:
        pytest.skip(
            "No browser found: install Chromium (Debian: apt-get install chromium) to test the explorers in JupyterLab."
        )
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing: pip install playwright.")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def open_context(lab, browser):
    """Open a notebook below `lab.folder`, in a window of its own, and run it."""

    def open_it(path: str, theme: str = "light", sharpness: float = 1, width: int = 1280, **more) -> Page:
        lab.change("themes", {"theme": f"JupyterLab {theme.title()}", "adaptive-theme": False})
        look = {"viewport": {"width": width, "height": 1400}, "device_scale_factor": sharpness, **more}
        return Page(browser.new_context(**look).new_page(), lab.address(path))

    return open_it


@pytest.fixture
def open_notebook(open_context):
    """As `open_context`; kernel and window end with the test."""
    pages = []

    def open_it(path: str, **look) -> Page:
        pages.append(open_context(path, **look))
        return pages[-1]

    yield open_it
    for page in pages:
        if not page.tab.is_closed():
            page.tab.evaluate("() => window.jupyterapp?.shell.currentWidget.context.sessionContext.shutdown()")
        page.tab.context.close()


@pytest.fixture(scope="session")
def my(lab, tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    for folder in working_copy.FOLDERS:
        shutil.copytree(ROOT / folder, course / folder)
    working_copy.update(course)
    return lab.copy(course / "my").name


@pytest.fixture
def write_notebook(lab):
    return lab.write


@pytest.fixture(scope="session")
def windows():
    """A window for each look that a test has asked for: opening one takes longer than most tests."""
    return {}


@pytest.fixture
def explorers(lab, open_context, windows):
    used = []

    def make(*cells, **look) -> Page:
        key = tuple(look.items())
        if key not in windows or windows[key].tab.is_closed():
            windows[key] = open_context(lab.write(f"window {next(WINDOWS)}.ipynb", *cells), **look)
        else:
            windows[key].show(*cells)
        used.append(windows[key])
        return used[-1]

    yield make
    for page in used:
        if not page.tab.is_closed():
            page.tab.emulate_media(reduced_motion="no-preference")
        assert not page.errors, page.errors


@pytest.fixture(scope="session")
def npm_packages():
    npm = shutil.which("npm")
    if not npm:
        pytest.skip(
            "npm is missing: install Node.js with npm (Debian: apt-get install nodejs npm) to look for barriers with "
            "axe-core and to lint JavaScript and CSS."
        )
    folder, asked = HERE / "node_modules", hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / ".installed"
    if not stamp.exists() or stamp.read_text() != asked:
        done = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=HERE, capture_output=True, text=True)
        assert done.returncode == 0, f"npm ci could not install the packages of {HERE.name}:\n{done.stderr}"
        stamp.write_text(asked)
    return folder


@pytest.fixture
def find_barriers(npm_packages):
    script = (npm_packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def find(page) -> list[str]:
        # JupyterLab's body has no height and hides what sticks out: axe-core would take all of the page for hidden.
        page.tab.evaluate("() => { document.body.style.height = '100vh'; }")
        page.tab.evaluate(script)
        found = page.tab.evaluate("""() => axe.run({
            include: ['.live', '.quiz'].filter(widgets => document.querySelector(widgets)).map(widgets => [widgets]),
        })""")
        seen = [node for each in found["passes"] if each["id"] == "color-contrast" for node in each["nodes"]]
        assert len(seen) > 5, "axe-core has looked at the text"
        return [
            f"{each['id']}: {node['failureSummary']} {node['html']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    return find
