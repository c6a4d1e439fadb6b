"""A real JupyterLab and a real browser for the tests.

Fixtures (of what lab.py holds), for use in any test of this folder:

`lab`            a running JupyterLab with the course's own server settings. `lab.folder` is its root, temporary and
                 empty: put notebooks there, or copy a file or folder with `lab.copy(path)`. `lab.recorded()` is what
                 its kernels have written to the progress record.
`open_notebook`  `page = open_notebook("name.ipynb", theme="light")` opens it, runs all cells, and waits for an idle
                 kernel. `page.tab` is Playwright's page; the rest is below.
`write_notebook` `write_notebook("name.ipynb", cell, cell, …)` writes a notebook of code cells into `lab.folder`.

    page.explorer(0)               the first explorer: .slider("rate"), .button("Run"), .drag("rate", 0.2, 0.8),
                                   .caption, .spoken, .error, .pixels(), .colours(), .settled() (see `Explorer`)
    page.cells()                   how many cells the notebook has (a stray key would add or remove some)
    page.errors                    what the browser's console reported as errors

A browser is asked for by name on the path (chromium, chromium-browser, google-chrome, chrome, microsoft-edge, msedge).
"""

import pytest

from .lab import FLAGS, Lab, Page, find_browser


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


@pytest.fixture
def open_notebook(lab, browser):
    """Open a notebook below `lab.folder` and run it; its kernel and tab end with the test."""
    contexts = []

    def open_it(path: str, theme: str = "light", sharpness: float = 1) -> Page:
        lab.change("themes", {"theme": f"JupyterLab {theme.title()}", "adaptive-theme": False})
        context = browser.new_context(viewport={"width": 1280, "height": 1400}, device_scale_factor=sharpness)
        contexts.append(context)
        return Page(context.new_page(), lab.address(path))

    yield open_it
    for context in contexts:
        context.pages[0].evaluate("() => window.jupyterapp?.serviceManager.sessions.shutdownAll()")
        context.close()


@pytest.fixture
def write_notebook(lab):
    return lab.write
