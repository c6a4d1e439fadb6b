"""Memory that a step frees is there for the next one, where the C library is glibc; elsewhere nothing happens."""

import ctypes
import os
import platform
import subprocess
import sys

import pytest

from nnlib import memory

GLIBC = platform.libc_ver()[0] == "glibc"

# Ten arrays of 3 MB, made, used and freed at once, as a step does; how often did the system hand out a page for it?
STEPS = """
import resource, nnlib, numpy as np
def step():
    return sum(float(a[0]) for a in [np.ones(750_000, np.float32) for _ in range(10)])
for _ in range(5):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    step()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 20)
"""


def pages_a_step(**settings):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    ran = subprocess.run(
        [sys.executable, "-c", STEPS], env=environment | settings, capture_output=True, text=True, check=True
    )
    return float(ran.stdout)


@pytest.mark.skipif(not GLIBC, reason="only glibc has these settings")
def test_after_import_nnlib_freed_memory_is_used_again():
    assert pages_a_step() < 20


@pytest.mark.skipif(not GLIBC, reason="only glibc has these settings")
@pytest.mark.parametrize("setting", ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"])
def test_what_the_environment_says_comes_first(setting):
    # Over 7000 pages of 4096 bytes; fewer where the system's pages are larger
    assert pages_a_step(**{setting: "131072"}) > 100


class Library:
    """A C library that notes what it is asked, and agrees, or not."""

    def __init__(self, answer=1):
        self.asked, self.answer = [], answer

    def mallopt(self, setting, value):
        self.asked.append((setting, value))
        return self.answer


def test_only_linux_is_asked(monkeypatch):
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    for name in ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"):
        monkeypatch.delenv(name, raising=False)
    for system in ("darwin", "win32", "emscripten"):
        monkeypatch.setattr(sys, "platform", system)
        assert memory.keep_freed_memory() is False and not library.asked
    monkeypatch.setattr(sys, "platform", "linux")
    assert memory.keep_freed_memory() is True and library.asked == [(-3, 2**25), (-1, 2**27)]
    library.answer = 0
    assert memory.keep_freed_memory() is False


def test_a_linux_without_glibc(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())  # musl has no mallopt
    assert memory.keep_freed_memory() is False
    monkeypatch.setitem(sys.modules, "ctypes", None)  # a Python without ctypes
    assert memory.keep_freed_memory() is False
