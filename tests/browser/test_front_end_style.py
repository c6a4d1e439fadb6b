"""ESLint and Stylelint find nothing in the course's JavaScript and CSS, and would find something."""

import shutil
import subprocess

import pytest

from classroom.paths import ROOT

HERE = ROOT / "tests" / "browser"
LINTERS = {
    "eslint": ["eslint/bin/eslint.js", "--config", str(HERE / "eslint.config.js"), "--max-warnings", "0"],
    "stylelint": ["stylelint/bin/stylelint.mjs", "--config", str(HERE / "stylelint.config.js")],
}
BAD = {"eslint": ("bad.js", "var a = 1;\n"), "stylelint": ("bad.css", "a { colr: red; }\n")}


@pytest.fixture
def lint(npm_packages):
    def run(linter, *paths, cwd=ROOT):
        program, *options = LINTERS[linter]
        command = [shutil.which("node"), str(npm_packages / program), *options, *paths]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True)

    return run


@pytest.mark.parametrize(("linter", "paths"), [("eslint", "classroom/**/*.js"), ("stylelint", "classroom/**/*.css")])
def test_linters_find_nothing(lint, linter, paths):
    done = lint(linter, paths)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("linter", LINTERS)
def test_linters_would_find_something(lint, linter, tmp_path):
    name, text = BAD[linter]
    (tmp_path / name).write_text(text)
    done = lint(linter, name, cwd=tmp_path)
    assert done.returncode and ("no-var" in done.stdout or "property-no-unknown" in done.stdout + done.stderr)
