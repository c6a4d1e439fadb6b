"""Makes one module and one stylesheet for the browser of files that are split by idea: a widget takes one of each.

A file says what it needs in lines `import { add } from "./dom.js";`, as JavaScript has it. Joined in one module, in the
order of their need, the files share their names; so no name may stand in two of them.
"""

import re
from pathlib import Path

CARDS = Path(__file__).parent / "cards.css"  # what all our widgets look like
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.-]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def module(path: Path) -> str:
    """The JavaScript file and all that it imports, as one module without imports."""
    order: list[Path] = []
    _follow(path, order, ())
    return "\n".join(EXPORT.sub("", IMPORT.sub("", file.read_text(encoding="utf-8"))) for file in order)


def stylesheet(path: Path) -> str:
    """A widget's own CSS after that of all cards."""
    return CARDS.read_text(encoding="utf-8") + "\n" + path.read_text(encoding="utf-8")


def _follow(path: Path, order: list[Path], above: tuple[Path, ...]):
    """Put the file into `order`, after what it imports."""
    if path in above:
        raise ValueError(f"{path.name} imports itself, through {', '.join(each.name for each in above)}.")
    for name in IMPORT.findall(path.read_text(encoding="utf-8")):
        _follow(path.parent / name, order, (*above, path))
    if path not in order:
        order.append(path)
