"""For every test and every notebook that pytest runs: one numeric thread, an empty progress record, no silent skip."""

import os
import tempfile

import pytest

# Before numpy or torch are imported: the same seed gives other last digits with another number of threads.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["CLASSROOM_DATA"] = tempfile.mkdtemp(prefix="classroom-test-")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """A skip says what is missing; where everything must be there (CI), it is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("A test was skipped; in CI that counts as a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
