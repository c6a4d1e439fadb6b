"""For every test and every notebook that pytest runs: one numeric thread, an empty progress record, no silent skip."""

import os
import tempfile

import pytest

from classroom import ONE_THREAD

# Before numpy or torch are imported: the same seed gives other last digits with another number of threads.
os.environ.update(ONE_THREAD)
os.environ["CLASSROOM_DATA"] = tempfile.mkdtemp(prefix="classroom-test-")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """A skip says what is missing; where everything must be there (CI), it is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("A test was skipped; in CI that counts as a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
