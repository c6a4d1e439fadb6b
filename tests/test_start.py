"""start.py says in a sentence what is in its way, and takes up where it was interrupted."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start.py as a module, at work in an empty folder with the course's lists of packages."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "course.json",
        "LOG": venv / "install.log",
    }.items():
        monkeypatch.setattr(module, name, str(value))
    return module


@pytest.fixture
def installing(start, monkeypatch):
    """start.py whose installing is recorded instead of done."""
    calls = []
    monkeypatch.setattr(start, "venv_works", lambda: Path(start.VENV).exists())
    monkeypatch.setattr(start, "make_venv", lambda: (os.makedirs(start.VENV, exist_ok=True), calls.append("venv")))
    monkeypatch.setattr(start, "install_torch", lambda disk: calls.append("torch"))
    monkeypatch.setattr(start, "pip", lambda disk, *arguments: calls.append(arguments[-1]))
    return calls


def test_it_needs_the_standard_library_alone():
    """In a Python without any site packages, from another folder."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "start.py"), "--help"], capture_output=True, text=True, cwd=ROOT.parent
    )
    assert done.returncode == 0 and "python start.py test" in done.stdout


@pytest.mark.parametrize("version", [(3, 10, 2), (3, 14, 0), (2, 7, 18)])
def test_another_python_is_told_what_is_needed(start, monkeypatch, version):
    monkeypatch.setattr(start.sys, "version_info", version)
    with pytest.raises(start.Stop, match=r"the course needs Python 3\.11, 3\.12 or 3\.13"):
        start.check_python()


def test_an_old_python_can_read_the_file():
    """Only then can it say what is missing: no syntax newer than Python 3.6."""
    import ast

    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_full_disk_is_told_before_anything_is_installed(start, installing, monkeypatch):
    monkeypatch.setattr(start.shutil, "disk_usage", lambda path: SimpleNamespace(free=0.4e9))
    with pytest.raises(start.Stop, match=r"Only 0\.4 GB are free here; the course needs 1\.\d GB"):
        start.set_up("learn")
    assert installing == []


@pytest.mark.parametrize(
    "pip_says, we_say",
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        (
            "Failed to establish a new connection: NewConnectionError: [Errno -3] Temporary failure in name resolution",
            "is this computer online",
        ),
        ("ERROR: No matching distribution found for numpy", "is this computer online"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "a folder of your own"),
        ("ERROR: something nobody has seen", "pip said:\nERROR: something nobody has seen"),
    ],
)
def test_a_failed_installation_is_explained(start, monkeypatch, pip_says, we_say):
    os.makedirs(start.VENV)
    monkeypatch.setattr(start, "PYTHON", sys.executable)
    real = subprocess.Popen

    def fail(command, **more):
        return real([sys.executable, "-c", f"import sys; print({pip_says!r}); sys.exit(1)"], **more)

    monkeypatch.setattr(start.subprocess, "Popen", fail)
    with pytest.raises(start.Stop) as stopped:
        start.pip(1.0, "install", "numpy")
    assert we_say in str(stopped.value)
    assert pip_says in Path(start.LOG).read_text()


def test_the_second_time_nothing_is_installed(start, installing):
    start.set_up("learn")
    assert installing == ["venv", "torch", "."]
    start.set_up("learn")
    assert installing == ["venv", "torch", "."]


def test_the_tests_need_more_and_include_the_learners_packages(start, installing):
    start.set_up("test")
    assert installing == ["venv", "torch", ".[dev,grade]"]
    start.set_up("learn")
    assert len(installing) == 3


def test_it_goes_on_after_an_interruption(start, installing, monkeypatch):
    def interrupted(disk, *arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(start, "pip", interrupted)
        with pytest.raises(KeyboardInterrupt):
            start.set_up("learn")
    start.set_up("learn")
    assert installing[-1] == "." and json.loads(Path(start.STAMP).read_text())["sets"] == ["learn"]


@pytest.mark.parametrize("changed", ["requirements.txt", "constraints.txt", "pyproject.toml"])
def test_changed_requirements_are_installed(start, installing, changed):
    start.set_up("learn")
    with open(os.path.join(start.ROOT, changed), "a") as file:
        file.write("# another\n")
    start.set_up("learn")
    assert installing.count(".") == 2


def test_a_damaged_environment_is_made_again(start, installing):
    start.set_up("learn")
    os.rename(start.VENV, start.VENV + ".moved")
    start.set_up("learn")
    assert installing.count("venv") == 2


def test_on_linux_without_a_card_the_small_torch_is_taken_if_its_index_answers(start, monkeypatch):
    monkeypatch.setattr(start.sys, "platform", "linux")
    monkeypatch.setattr(start.shutil, "which", lambda name: None)
    monkeypatch.setattr(start.os.path, "exists", lambda path: False)
    monkeypatch.setattr(start.urllib.request, "urlopen", lambda url, timeout: SimpleNamespace(status=200))
    assert start.wants_cpu_build()

    def offline(url, timeout):
        raise OSError("no network")

    monkeypatch.setattr(start.urllib.request, "urlopen", offline)
    assert not start.wants_cpu_build()


def test_every_pin_is_one_version_and_no_index_is_named():
    pins = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert "torch==2.13.0" in pins
    assert all(line.count("==") == 1 and "+" not in line and "://" not in line for line in pins)
    ranges = (ROOT / "requirements.txt").read_text()
    assert "--" not in ranges and "://" not in ranges
