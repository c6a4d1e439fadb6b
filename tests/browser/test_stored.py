"""Explorers without a kernel: the stored notebook alone shows a picture worth looking at, its sentence, and no ruins.

GitHub and nbviewer show what nbconvert shows: of each stored output the richest form that needs no kernel.
"""

import re
from html import unescape
from itertools import zip_longest

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from classroom.paths import ROOT

WIDGETS = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
# What renderers can show:
STILL = {"image/png", "image/svg+xml", "text/plain", "text/html", "text/markdown", "text/latex"}


def stored_explorers(path):
    """The explorers of a stored notebook: for each its picture's output, and the output of its sentence after it."""
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        outputs = cell.get("outputs", [])
        for output, after in zip_longest(outputs, outputs[1:]):
            if output.get("data", {}).get("text/plain", "").startswith("Explorer: "):
                found.append((output, after))
    return found


NOTEBOOKS = [path for path in sorted((ROOT / "notebooks").rglob("*.ipynb")) if "Live(" in path.read_text("utf-8")]
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """`pages(path)` is the notebook as an HTML file, made by nbconvert as it comes, or by another of its templates."""
    folder, made = tmp_path_factory.mktemp("pages"), {}

    def make(path, template="lab"):
        if (path, template) not in made:
            page = made[path, template] = folder / f"{path.stem}.{template}.html"
            page.write_text(HTMLExporter(template_name=template).from_filename(str(path))[0], encoding="utf-8")
        return made[path, template]

    return make


def test_there_are_lessons_with_explorers():
    assert len(NOTEBOOKS) >= 3


@each_notebook
def test_every_explorer_is_stored_as_picture_and_sentence(path):
    notebook = nbformat.read(path, as_version=4)
    made = sum(len(re.findall(r"\bLive\(", cell.source)) for cell in notebook.cells if cell.cell_type == "code")
    assert len(stored_explorers(path)) == made
    for picture, sentence in stored_explorers(path):
        said = picture.data["text/plain"].removeprefix("Explorer: ")
        assert picture.metadata["image/png"]["alt"] == said == sentence.data["text/plain"]
        assert f">{said}</p>" in unescape(sentence.data["text/html"])


@each_notebook
def test_nothing_stored_needs_a_kernel(path):
    notebook = nbformat.read(path, as_version=4)
    assert "widgets" not in notebook.metadata
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert set(output.get("data", {})) <= STILL, cell.source
    assert not any(kind in path.read_text("utf-8") for kind in WIDGETS)


@each_notebook
def test_the_page_holds_pictures_with_their_sentences_and_no_ruins(path, pages):
    page = BeautifulSoup(pages(path).read_text("utf-8"), "html.parser").body
    pictures = [image["src"].replace("\n", "") for image in page.find_all("img")]
    for picture, sentence in stored_explorers(path):
        assert f"data:image/png;base64,{picture.data['image/png']}".replace("\n", "") in pictures
        assert sentence.data["text/plain"] in {line.get_text() for line in page.find_all("p")}
    for code in page.select(".jp-InputArea"):
        code.decompose()
    left = str(page)
    for ruin in ("Error displaying widget", "widget-view+json", "jupyter-widgets", "AnyWidget", "Live("):
        assert ruin not in left


@each_notebook
def test_pictures_have_their_alt_text_where_the_template_shows_it(path, pages):
    """nbconvert's template "classic" does; "lab", like JupyterLab 4, drops it: hence the sentence below."""
    page = BeautifulSoup(pages(path, "classic").read_text("utf-8"), "html.parser")
    alts = [image["alt"] for image in page.find_all("img")]
    for picture, _ in stored_explorers(path):
        assert picture.metadata["image/png"]["alt"] in alts


@each_notebook
def test_the_page_shows_it_in_a_browser_without_a_network(path, pages, browser):
    context = browser.new_context(offline=True, viewport={"width": 1000, "height": 1200}, device_scale_factor=2)
    try:
        tab = context.new_page()
        tab.goto(pages(path).as_uri(), wait_until="domcontentloaded")
        for picture, _ in stored_explorers(path):
            size, said = picture.metadata["image/png"], picture.metadata["image/png"]["alt"]
            image = tab.locator(f'img[src$="{picture.data["image/png"].strip()[-160:]}"]')
            image.scroll_into_view_if_needed()
            natural, shown, colours = image.evaluate(LOOK)
            assert natural[0] >= size["width"] and natural[0] / natural[1] == pytest.approx(
                size["width"] / size["height"]
            )
            assert shown == pytest.approx([size["width"], size["height"]], abs=1)
            assert colours > 20, "a picture worth looking at"
            assert tab.locator("p", has_text=said).first.is_visible()
    finally:
        context.close()


# Natural size, size on the page, and how many colours the picture has.
LOOK = """async image => {
    await image.decode();
    const size = { width: image.naturalWidth, height: image.naturalHeight };
    const canvas = Object.assign(document.createElement('canvas'), size);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    const { width, height } = image.getBoundingClientRect();
    return [[size.width, size.height], [width, height], new Set(new Uint32Array(pixels.buffer)).size];
}"""


def test_a_living_explorer_hides_the_stored_sentence(explorers):
    """… since it has a line of its own, which follows the sliders."""
    cell = """
from classroom import live
fig, ax = live.subplots()
(line,) = ax.plot([0, 1], [0, 1])
def update(k):
    line.set_ydata([0, k])
    return f"k is {k}."
live.Live(fig, update, k=(0, 9))
"""
    page = explorers(cell)
    explorer = page.explorer()
    stored = page.tab.locator(".live-stored")
    assert stored.count() == 1 and not stored.is_visible()
    assert explorer.card.locator(".live-caption").is_visible() and explorer.caption == "k is 5."
