"""A still figure on a page, and the sentence that says what is to be seen: in sight, and as the picture's alt text."""

import base64
import html

from IPython.display import display

from classroom.explore import style


def show(fig, caption: str) -> None:
    """Show a figure and, below it, the sentence that says what to see.

    The sentence is the picture's alt text, too; but JupyterLab 4 drops alt texts, so it must stand there as text.
    """
    if not isinstance(caption, str) or not caption.strip():
        raise TypeError(f"The caption is {caption!r}; it must be one sentence that says what is to be seen.")
    width, height = style.pixels(fig)
    picture = {"image/png": base64.b64encode(style.png(fig)).decode(), "text/plain": "Figure"}
    display(picture, raw=True, metadata={"image/png": {"alt": caption, "width": width, "height": height}})
    write(caption)


def write(caption: str, kind: str = "") -> None:
    """Write the sentence below a picture; `kind` is a class of it in HTML, by which a stylesheet finds it."""
    look = (f'class="{kind}" ' if kind else "") + 'style="max-width: 48em; margin: 0 0 1em; font-style: italic"'
    display({"text/html": f"<p {look}>{html.escape(caption)}</p>", "text/plain": caption}, raw=True)
