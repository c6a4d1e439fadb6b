"""Lesson 1.1 as a learner meets it: her working copy in a real JupyterLab, by mouse and by keyboard alone."""

import pytest

LESSON = "notebooks/1_remember/1_1_neuron.ipynb"


@pytest.fixture
def page(my, open_notebook):
    return open_notebook(f"{my}/{LESSON}")


def card(page, name):
    """The first card of the question or prediction with this name, in view."""
    found = page.tab.locator(f'.quiz[data-name="{name}"]').first
    found.scroll_into_view_if_needed()
    return found


def caption_of(explorer):
    return explorer.card.locator(".live-caption").element_handle()


def wait_for_other_caption(page, explorer, caption):
    changed = "([line, old]) => line.innerText !== old"
    page.tab.wait_for_function(changed, arg=[caption_of(explorer), caption])
    explorer.settled()


def test_the_explorer_by_keyboard_and_by_mouse(page):
    explorer, cells = page.explorer(0), page.cells()
    before, caption = explorer.pixels(), explorer.caption
    explorer.slider("angle").focus()
    for _ in range(5):
        page.tab.keyboard.press("ArrowRight")
    wait_for_other_caption(page, explorer, caption)
    by_key, caption = explorer.pixels(), explorer.caption
    assert by_key != before
    explorer.drag("offset", 0.4, 0.7)
    wait_for_other_caption(page, explorer, caption)
    assert explorer.pixels() != by_key
    page.tab.keyboard.press("a")  # in command mode it would insert a cell
    assert page.cells() == cells
    assert page.errors == []


def test_the_goal_is_reached_and_unlocks_a_question(page, lab):
    explorer = page.explorer(0)
    for name, value in {"angle": "−70°", "offset": "−0.1 mm", "steepness": "4.0"}.items():
        slider, caption = explorer.slider(name), explorer.caption
        slider.focus()
        page.tab.keyboard.press("Home")
        for _ in range(400):
            if slider.get_attribute("aria-valuetext") == value:
                break
            page.tab.keyboard.press("ArrowRight")
        wait_for_other_caption(page, explorer, caption)
    page.tab.wait_for_function("card => card.innerText.startsWith('0 errors')", arg=caption_of(explorer))
    assert "1.1 Gentoo" in [event["name"] for event in lab.recorded() if event["kind"] == "goal"]


def test_a_question_by_keyboard_alone(page, lab):
    question = card(page, "1.1 name z")
    cells = page.cells()
    options = question.get_by_role("radio")
    question.get_by_text("the weighted sum").wait_for()
    texts = question.locator(".quiz-text").all_text_contents()
    options.first.focus()
    page.tab.keyboard.press("Space")
    for _ in range(texts.index("the weighted sum")):
        page.tab.keyboard.press("ArrowDown")
    page.tab.keyboard.press("Enter")
    page.tab.wait_for_function(
        "card => card.querySelector('[role=status]').dataset.tone === 'right'", arg=question.element_handle()
    )
    answers = [event for event in lab.recorded() if event["kind"] == "answer" and event["name"] == "1.1 name z"]
    assert len(answers) == 1 and page.cells() == cells and page.errors == []


def test_an_outcome_waits_behind_a_curtain_for_the_guess(page, lab):
    """Run All wakes every cell; what happens must still not be seen before the prediction."""
    guess = card(page, "1.1 raise b")
    waiting = page.tab.locator('.quiz[data-name="1.1 raise b"]').nth(1)
    waiting.scroll_into_view_if_needed()
    area = waiting.locator("xpath=ancestor::div[contains(@class, 'jp-OutputArea ')][last()]")
    area.get_by_text("You have not committed a guess yet").wait_for()
    numbers, figure = area.get_by_text("with bias 1 and at"), area.locator("img")
    assert not numbers.is_visible() and not figure.is_visible()
    guess.scroll_into_view_if_needed()
    guess.get_by_text("It moves along the arrow").click()
    guess.get_by_text("unsure").click()
    guess.get_by_role("button", name="Commit").click()
    waiting.scroll_into_view_if_needed()
    numbers.wait_for(state="visible")
    assert figure.is_visible()
    stored = [event for event in lab.recorded() if event["kind"] == "prediction"]
    assert [event["name"] for event in stored] == ["1.1 raise b"] and page.errors == []
