"""Every lesson with explorers as a learner meets it: her working copy in a real JupyterLab, all cells run.

Each control of an explorer moves by keyboard and by mouse, and the picture with them; it has no barrier that axe-core
knows, and stays within its cell; no key that is meant for it reaches the notebook; the browser's console stays free of
errors.
"""

import pytest

from classroom.authoring import catalogue
from classroom.paths import ROOT


def explorers_in(lesson) -> int:
    return lesson.text(".md").read_text(encoding="utf-8").count("live.Live(")


LESSONS = {lesson.lesson: lesson for lesson in catalogue.lessons(ROOT) if explorers_in(lesson)}
TOO_WIDE = "card => card.scrollWidth - card.clientWidth"


@pytest.mark.parametrize("number", LESSONS)
def test_its_explorers(number, my, open_notebook, find_barriers):
    lesson = LESSONS[number]
    page = open_notebook(f"{my}/notebooks/{lesson.stem}.ipynb")
    cells = page.cells()
    for place in range(explorers_in(lesson)):
        explorer = page.explorer(place)
        assert explorer.colours() > 2 and explorer.caption.strip() and not explorer.error
        assert explorer.card.evaluate(TOO_WIDE) <= 0
        assert len(set(pictures(page, explorer))) > 1, "nothing that was moved changed the picture"
        assert not explorer.error, explorer.error
    assert page.cells() == cells
    assert find_barriers(page) == []
    assert page.errors == []


def pictures(page, explorer):
    """Move all that it has, and yield what it shows before and after each move."""
    card = explorer.card
    yield explorer.pixels()
    for slider in card.get_by_role("slider").all():
        for move in (by_key, by_mouse):
            move(page, explorer, slider)
            yield explorer.pixels()
    for group in card.get_by_role("radiogroup").all():
        group.get_by_role("radio", checked=True).focus()
        for move in (
            lambda: page.tab.keyboard.press("ArrowRight"),
            group.get_by_role("radio", checked=False).first.click,
        ):
            yield answered(page, explorer, move)
    for switch in card.get_by_role("checkbox").all():
        for move in (lambda switch=switch: switch.press("Space"), switch.click):
            yield answered(page, explorer, move)
    for pad in card.get_by_role("application").all():
        for move in (lambda pad=pad: pad.press("Space"), pad.click):
            yield answered(page, explorer, move)
    if explorer.button("Step").count():
        for move in (lambda: explorer.button("Step").press("Enter"), explorer.button("Step").click):
            yield answered(page, explorer, move)


def answered(page, explorer, move) -> str:
    """Make a move, wait for the kernel's answer, and return what is shown then."""
    before = explorer.number()
    move()
    wait_for_answer(page, explorer, before)
    return explorer.pixels()


def by_key(page, explorer, slider):
    """Keys move it, wherever it stands; the kernel answers with another picture of the newest values."""
    slider.focus()
    before = slider.get_attribute("aria-valuetext"), explorer.number()
    page.tab.keyboard.press("ArrowRight")
    if slider.get_attribute("aria-valuetext") == before[0]:
        page.tab.keyboard.press("ArrowLeft")  # it stood at its end
    assert slider.get_attribute("aria-valuetext") != before[0]
    wait_for_answer(page, explorer, before[1])
    page.tab.keyboard.press("a")  # in command mode it would insert a cell


def by_mouse(page, explorer, slider):
    before = slider.get_attribute("aria-valuetext"), explorer.number()
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    if slider.get_attribute("aria-roledescription") == "point":  # a handle on the figure: dragged, not clicked
        page.tab.mouse.move(box["x"] + box["width"] / 2, middle)
        page.tab.mouse.down()
        page.tab.mouse.move(box["x"] + box["width"] / 2 + 40, middle + 20, steps=5)
        page.tab.mouse.up()
    for part in (0.25, 0.85):
        if slider.get_attribute("aria-valuetext") != before[0]:
            break
        page.tab.mouse.click(box["x"] + part * box["width"], middle)
    assert slider.get_attribute("aria-valuetext") != before[0]
    wait_for_answer(page, explorer, before[1])


def wait_for_answer(page, explorer, number):
    page.tab.wait_for_function(
        "([canvas, number]) => Number(canvas.dataset.number) > number", arg=[explorer.canvas.element_handle(), number]
    )
    explorer.settled()
