"""Accidents: right answers that e-mail, Windows, Colab, VS Code, a copy or a habit has mangled. They keep their points."""

import base64
import html
import io
import json
import quopri
import random
import zipfile

from tests.grading.corpus import EXERCISE, LESSON, RIGHT_LINE, RIGHT_NEURON, RIGHT_PARTS, accident, code, notebook


def each(change):
    """Change every cell; None removes it."""

    def mangle(nb):
        nb["cells"] = [cell for cell in map(change, nb["cells"]) if cell is not None]
        return nb

    return mangle


def sourced(change):
    """Change every code cell's source, as one text."""

    def one(cell):
        if cell["cell_type"] == "code":
            cell["source"] = change("".join(cell["source"])).splitlines(keepends=True)
        return cell

    return each(one)


def beside(*sources, end=False):
    """The right notebook with code cells before it, or behind."""

    def mangle(nb):
        added = [code(source, f"own{i}") for i, source in enumerate(sources)]
        nb["cells"] = nb["cells"] + added if end else added + nb["cells"]
        return nb

    return mangle


def in_answer(line):
    """`line` as the first of the body of task 5."""
    text = "z = x @ w + b"
    return sourced(lambda s: s.replace(f"    {text}", f"    {line}\n    {text}"))


def is_check(cell):
    return cell["cell_type"] == "code" and "".join(cell["source"]).startswith("check(")


def without(key):
    def one(cell):
        cell.pop(key, None)
        if key == "metadata":
            cell["metadata"] = {}
        return cell

    return each(one)


def zipped(nb, name=f"{LESSON}.ipynb", **others):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, json.dumps(nb))
        for other, text in others.items():
            archive.writestr(other, text)
    return data.getvalue()


def percent(nb, mark="# %%"):
    """As jupytext and VS Code export a notebook."""
    cells = []
    for cell in nb["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cells.append(f"{mark}\n{text}\n")
        else:
            cells.append(f"{mark} [markdown]\n" + "".join(f"# {line}\n" for line in text.split("\n")))
    return "\n".join(cells)


def colab(nb):
    nb["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3"},
        "accelerator": "GPU",
    }
    for i, cell in enumerate(nb["cells"]):
        cell["id"] = f"aBcDeF{i:06d}"
        cell["metadata"] = {"id": cell["id"], "colab": {"base_uri": "https://localhost:8080/"}}
    return nb


def copied_cells(nb):
    again = [json.loads(json.dumps(cell)) for cell in nb["cells"] if "nbgrader" in cell["metadata"]]
    nb["cells"] += again
    return nb


def merged(nb):
    """All code in one cell."""
    text = "\n\n".join("".join(cell["source"]) for cell in nb["cells"] if cell["cell_type"] == "code")
    nb["cells"] = [code(text, "all")]
    return nb


def shuffled(nb):
    """Outputs of other days, and cells that were run in another order: what stands in the file counts."""
    rng = random.Random(0)
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = rng.randrange(1000)
            cell["outputs"] = [
                {"output_type": "stream", "name": "stdout", "text": ["Traceback <script>x</script>"] * 50}
            ]
    return nb


def format_3(nb):
    """nbformat 3: cells in worksheets, code in `input`."""
    cells = [
        {"cell_type": "code", "input": c["source"], "language": "python", "metadata": c["metadata"], "outputs": []}
        if c["cell_type"] == "code"
        else {"cell_type": "markdown", "source": c["source"], "metadata": {}}
        for c in nb["cells"]
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def earlier_version(nb):
    """An exercise of last term: other texts, no metadata of the course, a task that is gone, and one that was not there."""
    nb["metadata"] = {}
    nb["cells"] = [c for c in nb["cells"] if "figure" not in c.get("id", "")]
    nb["cells"].append(code("def gone():\n    return 1\n\ncheck('1.1 gone', gone)", "gone"))
    return nb


def behind_stub(nb):
    """The answer in a cell of its own; the stub is where it was."""
    found = notebook({})
    found["cells"] += [c for c in nb["cells"] if c["cell_type"] == "code" and "".join(c["source"]).startswith("def ")]
    return found


def dumped(nb, **how):
    return json.dumps(nb, **how)


def with_conflict(nb):
    text = json.dumps(nb, indent=1)
    at = text.index('"def parts')
    line = text.rindex("\n", 0, at) + 1
    end = text.index("\n", at) + 1
    return f"{text[:line]}<<<<<<< HEAD\n{text[line:end]}=======\n{text[line:end]}>>>>>>> other\n{text[end:]}"


def half(nb):
    """Cut off behind the fifth task's answer, as by a full disk."""
    text = json.dumps(nb)
    return text[: text.index("## Task 6")]


FILLED = {"1_1_parts": RIGHT_PARTS, "1_1_neuron": RIGHT_NEURON.format(""), "1_1_decision_line": RIGHT_LINE}

ENTRIES = [
    accident("as it should be", dumped),
    accident("untouched", lambda nb: json.dumps(EXERCISE), 0),
    accident("half of it done", lambda nb: notebook(FILLED), 15),
    accident("empty file", lambda nb: b"", 0, of=30),
    accident("no notebook at all", lambda nb: b"\x00\xff" * 999, 0),
    accident("a PDF with a notebook's name", lambda nb: b"%PDF-1.7\n" + b"x" * 999, 0),
    accident("byte-order mark", lambda nb: b"\xef\xbb\xbf" + dumped(nb).encode()),
    accident("UTF-16 by a Windows editor", lambda nb: dumped(nb, ensure_ascii=False).encode("utf-16")),
    accident("Windows' western letters", lambda nb: dumped(nb, ensure_ascii=False).encode("cp1252", "xmlcharrefreplace")),
    accident("Windows' ends of line", lambda nb: dumped(nb, indent=1).replace("\n", "\r\n")),
    accident("Windows' ends of line in the sources", sourced(lambda s: s.replace("\n", "\r\n"))),
    accident("tabs for spaces", sourced(lambda s: s.replace("    ", "\t"))),
    accident("hard spaces from a web page", sourced(lambda s: s.replace("    ", "\u00a0\u00a0\u00a0\u00a0"))),
    accident("zero-width spaces from a chat", sourced(lambda s: s.replace("return", "\u200breturn"))),
    accident("escaped by e-mail", lambda nb: html.escape(dumped(nb))),
    accident("quoted-printable by e-mail", lambda nb: quopri.encodestring(dumped(nb).encode())),
    accident("quoted in an answer", lambda nb: "".join(f"> {line}\n" for line in dumped(nb, indent=1).split("\n"))),
    accident("a conflict of git", with_conflict),
    accident("cut off in the middle", half, 25),
    accident("in a zip", zipped, file=f"{LESSON}.zip"),
    accident("in a zip with a Mac's shadow", lambda nb: zipped(nb, f"hw/{LESSON}.ipynb", **{f"__MACOSX/hw/._{LESSON}.ipynb": "x"}), file="hw.zip"),
    accident("a zip with a notebook's name", zipped),
    accident("named .ipynb.txt", dumped, file=f"{LESSON}.ipynb.txt"),
    accident("named (1)", dumped, file=f"{LESSON} (1).ipynb"),
    accident("named by herself", dumped, file="homework final FINAL.ipynb"),
    accident("exported as a script by VS Code", percent, file=f"{LESSON}.py"),
    accident("exported as a script by Jupyter", lambda nb: percent(nb, "# In[ ]:").replace("# In[ ]: [markdown]", "# In[ ]:"), file=f"{LESSON}.py"),
    accident("through Colab", colab),
    accident("metadata stripped", without("metadata")),
    accident("ids stripped", without("id")),
    accident("all metadata, ids and checks gone", lambda nb: each(lambda c: None if is_check(c) else {k: v for k, v in (c | {"metadata": {}}).items() if k != "id"})(nb | {"metadata": {}})),
    accident("format 3", format_3),
    accident("format 5", lambda nb: nb | {"nbformat": 5, "nbformat_minor": 9}),
    accident("another kernel's name", lambda nb: nb | {"metadata": {"kernelspec": {"name": "my-conda", "display_name": "R"}, "language_info": {"name": "julia"}}}),
    accident("widgets' state of megabytes", lambda nb: nb | {"metadata": nb["metadata"] | {"widgets": {"x": "A" * 3_000_000}}}),
    accident("copied cells", copied_cells),
    accident("deleted check cells", each(lambda c: None if is_check(c) else c)),
    accident("checks rewritten by hand", sourced(lambda s: s.replace('check("1.1 parts", parts)', "check('1.1 parts', parts())"))),
    accident("renamed cells", each(lambda c: c | {"id": "x" + c["id"][::-1], "metadata": {**c["metadata"], "nbgrader": {"grade_id": "mine"}} if "nbgrader" in c["metadata"] else c["metadata"]})),
    accident("a renamed function", sourced(lambda s: s.replace("def neuron(", "def my_neuron(")), 25),
    accident("a renamed argument", sourced(lambda s: s.replace("def neuron(x, w, b)", "def neuron(x, weights, b)").replace("x @ w + b", "x @ weights + b"))),
    accident("all cells merged into one", merged),
    accident("text and code cells exchanged", each(lambda c: c if c["cell_type"] == "code" else code("# " + "\n# ".join("".join(c["source"]).split("\n")), "x"))),
    accident("text turned into code", beside("This is my homework, dear teacher.", "# Exercise\n\nSome *words* here")),
    accident("the first cell with the imports is gone", lambda nb: nb | {"cells": [c for c in nb["cells"] if not "".join(c["source"]).startswith("import numpy")]}),
    accident("old outputs and counts", shuffled),
    accident("an answer behind the stub", behind_stub),
    accident("the exercise of last term", earlier_version, 25),
    accident("defined twice, the last one right", lambda nb: beside("def neuron(x, w, b):\n    return 0")(nb)),
    accident("defined twice, the last one wrong", beside("def neuron(x, w, b):\n    return 0", end=True), 25),
    accident("a cell that fails between", beside("1 / 0", "undefined_name", "assert False, 'not yet'")),
    accident("a cell of half a line", beside("def half(x:", "    indented = 1", "print('no end")),
    accident("a warning in an answer", in_answer("import warnings; warnings.warn('careful'); np.log(np.zeros(1))")),
    accident("warnings as errors", beside("import warnings\nwarnings.simplefilter('error')\nimport numpy as np\nnp.seterr(all='raise')"), points=30),
    accident("a print in an answer", in_answer("print('z =', x @ w + b)")),
    accident("prints without measure", in_answer("print('A' * 1_000_000)")),
    accident("display in an answer", in_answer("display(x); get_ipython().run_line_magic('time', '')")),
    accident("plots on top", beside("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()")),
    accident("a plot in an answer", in_answer("import matplotlib.pyplot as plt; plt.figure(); plt.show()")),
    accident("a style for the screen", beside("import matplotlib\nmatplotlib.use('TkAgg')")),
    accident("pip install", beside("!pip install numpy matplotlib", "%pip install torch", "%conda install x\nimport sys\n!{sys.executable} -m pip install x")),
    accident("magics", beside("%load_ext autoreload\n%autoreload 2\n%timeit 1 + 1\nfiles = !ls\n?print\nprint??", "%%bash\nrm -rf x", "%%writefile a.py\nx = 1", "%%time\nfirst = 1")),
    accident("input()", beside("name = input('Your name? ')")),
    accident("input() in an answer", in_answer("input('go on?')"), 25),
    accident("Colab's drive", beside("from google.colab import drive\ndrive.mount('/content/drive')", "%cd /content/drive/MyDrive")),
    accident("files of her own computer", beside("import pandas as pd\ndf = pd.read_csv(r'C:\\Users\\ada\\penguins.csv')")),
    accident("a package that is not there", beside("import my_own_helpers\nfrom utils import *")),
    accident("the folder is changed", beside("import os\nos.chdir('..')\nos.makedirs('out', exist_ok=True)")),
    accident("a star import over numpy's names", beside("from numpy import *\nfrom math import *")),
    accident("a variable that hides numpy, later", beside("np = 3", end=True), points=25),
    accident("`main` at the end", beside("if __name__ == '__main__':\n    print(parts())", end=True)),
    accident("async and await", beside("import asyncio\nawait asyncio.sleep(0)")),
    accident("types and a future import", beside("from __future__ import annotations\nx: 'int' = 1")),
    accident("emoji and other alphabets", beside("größe = 'Größe 🐧'\nπ = 3.14\nprint(größe, π)")),
    accident("lists for arrays", sourced(lambda s: s.replace("return 1 / (1 + np.exp(-z))", "return (1 / (1 + np.exp(-z))).tolist()"))),
    accident("torch for numpy", in_answer("import torch; return torch.sigmoid(torch.tensor(x @ w + b)).numpy()")),
    accident("single precision", in_answer("x = x.astype(np.float32)")),
    accident("base64 by a mail server", lambda nb: base64.encodebytes(dumped(nb).encode()), 0),
]  # fmt: skip
