"""Explorers: a figure with sliders that feel instant in JupyterLab.

    fig, (left, right) = live.subplots(1, 2)
    field = left.imshow(...); curve, = right.plot(...)
    def update(rate, momentum):            # set artist data, return one sentence
        ...
        return f"rate {rate:.2f}: reaches {loss:.3f} in {n} steps"
    live.Live(fig, update, rate=(0.01, 1.0), momentum=(0.0, 0.99))

The sentence is the caption, the alt text, what a screen reader hears half a second after the last change, and the
text/plain that nbval compares. The browser (live.js) holds the controls and a canvas. It asks for one thing at a
time and waits for the answer; what she moved meanwhile is one more request with the newest values. So frames never
queue behind a drag, and a run (see run.py) stays open to the sliders: each frame of it is one such request.
`w.set(rate=0.3)` takes the same way without a browser. The ways to declare a control stand in controls.py.
"""

import base64
import dataclasses
import os
import pathlib
from collections.abc import Callable

import anywidget
import numpy as np
import traitlets
from IPython.display import display

from classroom import front
from classroom.explore import style
from classroom.explore.controls import Tuned, all_controls, choice, log, slider, switch, tune
from classroom.explore.draw import Painter, changed, encode
from classroom.explore.plane import drawing, point
from classroom.explore.run import SLICE, Run, explain
from classroom.explore.style import subplots
from classroom.explore.views.shown import write

__all__ = ["Live", "choice", "drawing", "goal", "log", "point", "slider", "subplots", "switch", "tune"]

FRAMES = 200  # a stored picture shows a run after at most so many frames
BREATHS = 100_000  # … or so many yields of any kind, in case that a run never ends
IN_LAB = "JPY_SESSION_NAME" in os.environ  # set by Jupyter's server, not by what executes notebooks without a reader
HERE = pathlib.Path(__file__).parent


@dataclasses.dataclass
class Goal:
    text: str
    test: Callable[..., bool]


def goal(text: str, test: Callable[..., bool]) -> Goal:
    """What to reach with the controls; `test(**values)` says whether it is reached.

    It is asked when the controls come to rest (a drag across the goal does not count) and at each frame of a run.
    """
    if not isinstance(text, str) or not callable(test):
        raise TypeError(f'goal({text!r}, {test!r}): give a text and a function, goal("reach …", lambda rate: …).')
    return Goal(text, test)


class Live(anywidget.AnyWidget):
    """A figure with controls; see the module's docstring, controls.py for the controls and run.py for `update`.

    `question` is asked above the controls, before anything is moved. `goal` is announced and recorded (under
    `name`) when it is first reached; then `unlock`, the id of a quiz question, can be answered with the figure put
    away. `frames` bounds the stored picture of a run; with `play` a moved control plays it, unless the reader's system
    asks for less motion. For tests: `set`, `step`, `run`, `restart`, `reset`, and `values`, `caption`, `reached`,
    `error`.
    """

    _esm, _css = front.module(HERE / "live.js"), front.stylesheet(HERE / "live.css")
    face = traitlets.Dict().tag(sync=True)  # what the browser builds the explorer from
    still = traitlets.Bytes().tag(sync=True)  # the first frame, shown even while the kernel is busy with other cells

    def __init__(self, fig, update, *, goal=None, unlock=None, question="", name="", frames=FRAMES, play=False,
                 **controls):  # fmt: skip
        if not (goal is None or isinstance(goal, Goal)):
            raise TypeError(f'goal is {goal!r}; write goal=live.goal("what to reach", test).')
        if unlock and not goal:
            raise ValueError(f"unlock={unlock!r} needs a goal that unlocks it; give goal=live.goal(…) too.")
        self._tuned = {key for key, declared in controls.items() if isinstance(declared, Tuned)}
        self.controls = all_controls(controls)
        self.values = {key: each.start for key, each in self.controls.items()}
        self.fig, self.goal, self.name, self.frames = fig, goal, name, frames
        self.reached, self.error, self._quiz = False, "", _question(unlock) if unlock else None
        self._run = Run(update, self.controls)
        self._run.start(self.values)
        if play and not self._run.stepwise:
            raise ValueError("play=True, but update is not a run: let it yield its sentences, or leave play out.")
        if goal and goal.test(**self.values):
            raise ValueError(
                f"The goal {goal.text!r} is reached before anything is moved: start the controls elsewhere."
            )
        self._stored = self._picture()
        self._painter, self._seen, self._count = Painter(fig), None, 0
        super().__init__(face=self._face(question, play), still=self._stored[0])
        self.on_msg(self._on_message)

    @property
    def caption(self) -> str:
        return self._run.sentence

    # ---- from Python: tests, and whoever is curious
    def set(self, **values):
        """Move controls as the sliders do. A number need not be one of the slider's steps."""
        unknown = [key for key in values if key not in self.controls]
        if unknown:
            raise TypeError(f"There is no control {unknown[0]!r}; there are {', '.join(self.controls)}.")
        accepted = {key: self.controls[key].accept(key, value) for key, value in values.items()}
        self._from_python(lambda: self._judge(self._move(accepted)))
        return self

    def step(self):
        """Go on by one frame of the run."""
        return self.run(frames=1)

    def run(self, frames: int | None = None):
        """Go on by so many frames of the run, or to its end (at most `frames` of the explorer)."""

        def go_on():
            for _ in range(self.frames if frames is None else frames):
                if not self._judge(self._run.advance(self.values)):
                    break

        self._from_python(go_on)
        return self

    def reset(self):
        """Put every control back where it was at first, and start anew. A reached goal stays reached."""
        self._from_python(lambda: self._judge(self._reset()))
        return self

    def restart(self):
        """Start the run anew, with the controls as they are."""
        self._from_python(lambda: self._judge(self._run.start(self.values)))
        return self

    # ---- from the browser
    def _on_message(self, _, request, buffers):
        """Do what was asked and answer, always: the browser waits for it."""
        ask, exact, new = request["ask"], False, False
        if ask == "move":
            new = self._try(lambda: self._move(self._read(request["values"]), SLICE))  # … and judged when she rests
        elif ask == "go":
            new = self._try(lambda: self._judge(self._run.advance(self.values, SLICE)))
        elif ask == "reset":
            new = self._try(lambda: self._reset(SLICE))
        elif ask == "restart":
            new = self._try(lambda: self._judge(self._run.start(self.values, SLICE)))
        elif ask == "hello":  # a new view: paint as finely as its screen, up to two dots to a pixel
            self.fig.set_dpi(style.DPI * min(max(request["ratio"], 1), 2))
            exact = True
        elif ask == "settle":  # nothing moves any more: send the last frame once again, exactly
            exact = True
            if not self.error:
                self._try(lambda: self._judge(True))
        self._tell(exact, paint=new or exact or bool(self.error), view=request["view"], asked=request.get("asked", 0))

    # ---- the one code path: sliders, buttons, tests and Python all end here
    def _move(self, values: dict, budget: float | None = None) -> bool:
        """Take over new values. A run goes on if only tuned controls moved; else everything starts anew."""
        moved = {key for key, value in values.items() if not np.array_equal(value, self.values[key])}
        self._take(self.values | values)
        if moved <= self._tuned and not self._run.done:
            return False
        return self._run.start(self.values, budget)

    def _reset(self, budget: float | None = None) -> bool:
        self._take({key: each.start for key, each in self.controls.items()})
        return self._run.start(self.values, budget)

    def _take(self, values: dict):
        self.values = values
        for key, each in self.controls.items():
            each.show(values[key])

    def _judge(self, new: bool) -> bool:
        """If the frame is new: is the goal reached for the first time?"""
        if new and self.goal and not self.reached and self.goal.test(**self.values):
            self.reached = True
            from classroom import progress

            progress.record("goal", self.name or self.goal.text)
        return new

    def _try(self, act):
        """Do it. An error in the learner's code becomes the status line, and the next move works again."""
        self.error = ""
        try:
            return act()
        except (Exception, KeyboardInterrupt) as error:
            self._fail("Your code stopped", error)
            return False

    def _paint(self, exact: bool):
        """The pixels; None if they cannot be drawn: what `update` has set may show only here to be wrong."""
        try:
            return self._painter.paint_exactly() if exact else self._painter.paint()
        except (Exception, KeyboardInterrupt) as error:
            if not self.error:
                self._fail("The figure cannot be drawn as your code has set it", error)
            return None

    def _fail(self, what: str, error: BaseException):
        self.error, self._raised = f"{what}: {explain(error, self._run.update)}", error

    def _from_python(self, act):
        """As from the browser, but the caller gets the error."""
        self._try(act)
        self._tell(exact=True)
        if self.error:
            raise self._raised

    def _read(self, raw: dict) -> dict:
        return {key: self.controls[key].value(each) for key, each in raw.items()}

    # ---- what the browser and the notebook get
    def _tell(self, exact: bool, paint: bool = True, view: str = "", asked: int = 0):
        """Send the state, and of the picture the rectangle that changed (all of it if it is to be exact)."""
        pixels = self._paint(exact) if paint else None
        content = {"view": view, "asked": asked, "number": self._count, **self._state()}
        buffers = []
        if pixels is not None:
            box = changed(None if exact else self._seen, pixels)
            self._seen = pixels.copy()
            if box:
                left, top, right, bottom = box
                height, width = pixels.shape[:2]
                buffers = [encode(pixels[top:bottom, left:right], exact)]
                content["picture"] = {"at": [left, top], "size": [width, height], "exact": exact}
        self._count += 1
        self.send(content, buffers)

    def _state(self) -> dict:
        return {
            "caption": self.caption,
            "error": self.error,
            "raw": {key: each.raw(self.values[key]) for key, each in self.controls.items()},
            "texts": {key: each.text(self.values[key]) for key, each in self.controls.items()},
            "run": {"frame": self._run.frame, "done": self._run.done},
            "reached": self.reached,
            "quiz": self._quiz.model_id if self._quiz and self.reached else "",
        }

    def _face(self, question: str, play: bool) -> dict:
        """All that the browser needs to build the explorer, before the kernel answers anything."""
        controls = [
            {"name": key, "label": each.label or key.replace("_", " "), "kind": each.kind, **each.front()}
            for key, each in self.controls.items()
        ]
        return {
            "question": question,
            "goal": self.goal.text if self.goal else "",
            "controls": controls,
            "stepwise": self._run.stepwise,
            "play": play,
            "size": style.pixels(self.fig),
            "state": self._state(),
        }

    def _picture(self) -> tuple[bytes, str]:
        """The picture and sentence for the stored notebook. Where nobody can press Run, a run is shown at its end."""
        if not self._run.stepwise or IN_LAB:
            return style.png(self.fig), self.caption
        for _ in range(BREATHS):
            if self._run.done or self._run.frame >= self.frames:
                break
            self._run.advance(self.values, budget=0)
        stored = style.png(self.fig), self.caption
        self._run.start(self.values)
        return stored

    def _ipython_display_(self, **kwargs):
        """Show it, and for readers without a kernel the sentence below it; live.css hides that under a living one."""
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        write(self._stored[1], "live-stored")

    def _repr_mimebundle_(self, **kwargs):
        """The widget, and for readers without a kernel (and for nbval) the picture and the sentence."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        if self._count and not self._run.stepwise:  # something was moved since
            self._stored = self._picture()
        picture, sentence = self._stored
        width, height = style.pixels(self.fig)
        data |= {"image/png": base64.b64encode(picture).decode(), "text/plain": f"Explorer: {sentence}"}
        return data, {**metadata, "image/png": {"alt": sentence, "width": width, "height": height}}


def _question(name: str):
    """The quiz question as a widget that can stand in this one."""
    from classroom.quiz.quiz import question_widget

    return question_widget(name)
