"""For every test and every notebook that pytest runs: one numeric thread, an empty progress record, no silent skip."""

import atexit
import os
import shutil
import tempfile

import pytest

from classroom import ONE_THREAD

# Before numpy or torch are imported: the same seed gives other last digits with another number of threads.
os.environ.update(ONE_THREAD)
# A worker of xdist ends without saying goodbye: its folder lies within that of the process that started it.
inherited = os.environ.get("CLASSROOM_DATA") if "PYTEST_XDIST_WORKER" in os.environ else None
os.environ["CLASSROOM_DATA"] = tempfile.mkdtemp(prefix="classroom-test-", dir=inherited)
atexit.register(shutil.rmtree, os.environ["CLASSROOM_DATA"], ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """A skip says what is missing; where everything must be there (CI), it is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("A test was skipped; in CI that counts as a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
