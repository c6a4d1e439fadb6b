"""The course's settings (classroom/jupyter) at work in JupyterLab. What a newer one calls otherwise shows here."""

CIRCLE = ".jp-Notebook-ExecutionIndicator"
RUN = "() => void window.jupyterapp.commands.execute('notebook:run-all-cells')"


def test_a_busy_kernel_shows_in_the_status_bar_alone(explorers):
    page = explorers("import time\ntime.sleep(2)")
    status, icon = page.tab.locator("#jp-main-statusbar"), page.tab.locator("link.idle.favicon")
    assert page.tab.locator(CIRCLE).count() == 1 and status.locator(CIRCLE).count() == 1
    page.tab.evaluate(RUN)
    status.get_by_text("| Busy").wait_for()
    assert icon.get_attribute("rel") == "icon", "else the browser fetches another at each answer"
    page.wait_idle()


def test_nobody_is_asked_for_news(explorers):
    page = explorers("pass")
    page.tab.wait_for_timeout(500)
    assert "news" not in page.tab.locator("body").inner_text().lower()
