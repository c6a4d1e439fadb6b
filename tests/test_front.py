"""The browser's half without a browser: files are joined to one module that parses, and colours can be read."""

import re
import shutil
import subprocess

import pytest

from classroom import front
from classroom.explore import live
from classroom.explore.controls import Choice, Slider, Switch
from classroom.explore.plane import Drawing, Point

SCRIPT, STYLE = front.module(live.HERE / "live.js"), front.stylesheet(live.HERE / "live.css")


def test_files_are_joined_in_the_order_of_their_need(tmp_path):
    (tmp_path / "a.js").write_text(
        'import { b } from "./b.js";\nimport { c } from "./c.js";\nexport default { b, c };\n'
    )
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport const b = c;\n')
    (tmp_path / "c.js").write_text("export function c() {}\n")
    lines = front.module(tmp_path / "a.js").split()
    assert " ".join(lines) == "function c() {} const b = c; export default { b, c };"


def test_a_circle_of_imports_is_refused(tmp_path):
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\n')
    with pytest.raises(ValueError, match=r"a\.js imports itself, through a\.js, b\.js"):
        front.module(tmp_path / "a.js")


@pytest.mark.skipif(not shutil.which("node"), reason="node is missing: install Node.js to check the explorers' script")
def test_the_explorers_module_stands_alone(tmp_path):
    module = tmp_path / "live.mjs"
    module.write_text(SCRIPT, encoding="utf-8")
    checked = subprocess.run(["node", "--check", module], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert not re.search(r"^import\b", SCRIPT, re.MULTILINE) and SCRIPT.count("\nexport ") == 1


TALK = """
import { talk } from "./talk.mjs";
let now = 1;
Object.defineProperty(globalThis, "performance", { value: { now: () => now } });
globalThis.window = { devicePixelRatio: 1 };
const sent = [];
const kernel = talk({ send: (request) => sent.push(request.asked) }, "view", { going: () => true, waiting: () => {} });
for (let busy = 0; busy < 4; busy++, now += 7000) kernel.move("k", busy);  // each is given up before the next
const answer = (number) => kernel.answered(number) && kernel.send();
answer(1), answer(2), answer(3);
const late = sent.length;
answer(4), answer(4);
console.log(JSON.stringify([sent, late]));
process.exit();
"""


@pytest.mark.skipif(not shutil.which("node"), reason="node is missing: install Node.js to check the explorers' script")
def test_late_answers_call_for_nothing(tmp_path):
    """After a cell that kept the kernel busy, only the answer to the newest request goes on: no queue."""
    (tmp_path / "talk.mjs").write_text((live.HERE / "talk.js").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "test.mjs").write_text(TALK, encoding="utf-8")
    ran = subprocess.run(["node", tmp_path / "test.mjs"], capture_output=True, text=True)
    assert ran.stdout.strip() == "[[1,2,3,4,5],4]", ran.stdout + ran.stderr


def test_every_kind_of_control_has_its_builder():
    line = re.search(r"export const builders = \{(.*)\};", (live.HERE / "controls.js").read_text(encoding="utf-8"))[1]
    built = {part.split(":")[0].strip() for part in line.split(",")}
    assert built == {kind.kind for kind in (Slider, Choice, Switch, Drawing, Point)}


def test_every_class_is_styled_and_every_style_is_used():
    stored = (live.HERE / "live.py").read_text(encoding="utf-8")
    used = set(re.findall(r"\blive-[a-z]+", SCRIPT + stored)) - {"live-quiz"}  # a bare box
    styled = set(re.findall(r"\.(live-[a-z]+)", STYLE))
    assert used == styled


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


PAPERS = {"light": ("#ffffff", "#eeeeee"), "dark": ("#212121", "#424242")}  # JupyterLab's page and its boxes
LEAST = {  # contrast after WCAG 2.1: 4.5 for text, 3 for edges; on the page, in a box
    "accent": (4.5, None),
    "soft": (4.5, 4.5),
    "good": (4.5, 4.5),
    "bad": (3, 3),
    "edge": (3, None),
}


@pytest.mark.parametrize("theme", PAPERS)
@pytest.mark.parametrize("name", LEAST)
def test_text_and_lines_stand_out_from_both_themes(theme, name):
    blocks = re.findall(r"\{([^}]*--card-accent: [^}]*)\}", STYLE)
    colours = dict(re.findall(r"--card-(\w+): (#\w{6});", blocks[theme == "dark"]))
    for paper, least in zip(PAPERS[theme], LEAST[name], strict=True):
        light, dark = sorted((_luminance(colours[name]), _luminance(paper)), reverse=True)
        assert least is None or (light + 0.05) / (dark + 0.05) >= least, paper
