"""The benchmarks run, and compare what they say they compare. No speed is asserted: that is theirs to state."""

import importlib.util
import json
import os
import platform
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NNLIB_VS_TORCH = ROOT / "benchmarks" / "nnlib_vs_torch.py"
CASES = ["tiny_b1", "tiny_b32", "tiny_b100", "digits", "mlp_sgd", "mlp_adam", "cnn", "rnn", "gru", "transformer"]


def run(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, NNLIB_VS_TORCH, *arguments], capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("nnlib_vs_torch", NNLIB_VS_TORCH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("threads, cases", [(1, CASES), (2, ["tiny_b1"])])  # larger ones wait when others work
def test_every_case_is_compared_and_told_in_json(threads, cases, script):
    asked = [word for name in cases for word in ("--case", name)] if cases != CASES else []
    done = run("--json", "--rounds", "2", "--steps", "1", "--threads", str(threads), *asked)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result["case"] for result in results] == cases
    for result in results:
        assert list(result) == ["case", "threads", "nnlib_us", "torch_us", "ratio", "goal"]
        assert result["threads"] == threads and result["nnlib_us"] > 0 and result["torch_us"] > 0
        assert result["ratio"] == pytest.approx(result["torch_us"] / result["nnlib_us"], rel=0.01, abs=0.001)
        assert result["goal"] == script.GOALS[result["case"]][threads - 1]
    assert f"threads: {threads}" in done.stderr and "kernels" in done.stderr


def test_the_table_has_a_line_for_each_case_and_says_what_is_in_force():
    done = run(
        "--rounds", "2", "--steps", "1", "--case", "tiny_b1", "--case", "digits", OPENBLAS_CORETYPE="Sandybridge"
    )
    head, names, tiny, digits = done.stdout.splitlines()
    assert head.startswith("numpy ") and "PyTorch" in head and "threads: 1, processor time" in head
    if "OpenBLAS" in head and platform.machine().lower() in ("x86_64", "amd64"):
        assert "Sandybridge kernels" in head  # what the environment asks for is left alone
    assert names.split() == ["case", "nnlib", "µs", "PyTorch", "µs", "ratio", "goal"]
    assert tiny.startswith("tiny_b1 ") and "×4.0" in tiny and digits.startswith("digits ") and "×2.9" in digits


def test_nothing_is_timed_where_the_losses_differ(script, monkeypatch):
    training = script.training

    def other_weights(name, library):
        network, step = training(name, library)
        return network, (lambda: step() * 1.0001) if library == "nnlib" else step

    options = Namespace(threads=1, rounds=1, steps=1)
    assert script.compare("digits", options)["case"] == "digits"
    monkeypatch.setattr(script, "training", other_weights)
    with pytest.raises(SystemExit, match=r"digits: the losses differ by 0\.0001 of their size"):
        script.compare("digits", options)


def test_the_import_is_told():
    (line,) = run("--json", "--import", "--rounds", "1").stdout.splitlines()
    told = json.loads(line)
    assert list(told) == ["case", "numpy_ms", "nnlib_ms", "ratio", "goal"]
    assert told["case"] == "import" and told["numpy_ms"] > 0 and 0.5 < told["ratio"] < 20 and told["goal"] == 1.1


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from Linux's /proc")
def test_memory_is_told():
    (line,) = run("--json", "--memory").stdout.splitlines()
    told = json.loads(line)
    assert told["case"] == "memory" and told["goal"] == 50
    for name in ("mlp_sgd", "mlp_adam"):
        assert 10 < told[f"{name}_nnlib_mb"] < told[f"{name}_torch_mb"]
