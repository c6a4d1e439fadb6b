"""One worked example of every kind of task, by level (examples/): what an author may copy."""

from pathlib import Path

import pytest

from classroom.tasks import source

EXAMPLES = Path(__file__).parent / "examples"
STEMS = sorted({path.name.split(".")[0] for path in EXAMPLES.iterdir() if path.name.endswith(".tasks.py")})


@pytest.fixture(scope="session")
def tasks():
    """The examples by kind, loaded with their answers."""
    return {task.kind: task for stem in STEMS for task in source.load(EXAMPLES / stem)}
