"""Read what people write: a lesson or an exercise as MyST Markdown becomes a notebook without outputs.

The front matter (title, lesson, objectives, terms, claims) is returned beside the notebook, never stored in it.
"""

from pathlib import Path

import jupytext
from nbformat import NotebookNode

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def read(path: Path) -> tuple[NotebookNode, dict]:
    """The notebook in the MyST Markdown file `path`, and its front matter."""
    nb = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    front = {key: value for key, value in nb.metadata.items() if key not in ("jupytext", "kernelspec")}
    nb.metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    return nb, front
