"""What a moved control sets off: `update` is called or, if it is a generator function, a run of it starts.

    def update(rate):                 def update(rate):
        curve.set_ydata(...)              for epoch in range(40):
        return "one sentence"                 ...train, set the artists...
                                              values = yield f"epoch {epoch}: loss {loss:.2f}"

Each `yield "sentence"` is a frame. A bare `yield` shows nothing, but lets a slider be heard: put one after every 20
ms of work.
"""

import inspect
import linecache
import time
import traceback

SLICE = 0.025  # seconds that a run may compute before the sliders are heard


class Run:
    """The learner's `update`, whichever form it has. `sentence` says what the figure shows now."""

    def __init__(self, update, names):
        _check_parameters(update, names)
        self.update, self.sentence, self.frame, self.done = update, "", 0, True
        self._steps, self._begun = None, False

    @property
    def stepwise(self) -> bool:
        return self._steps is not None

    def start(self, values: dict, budget: float | None = None) -> bool:
        """Call `update` for these values and go to the first frame. True if it came within the budget (seconds)."""
        self._steps, self._begun, self.frame, self.done = None, False, 0, True
        result = self.update(**values)
        if not inspect.isgenerator(result):
            self.sentence, self.frame = _sentence(result), 1
            return True
        self._steps, self.done = result, False
        return self.advance(values, budget)

    def advance(self, values: dict, budget: float | None = None) -> bool:
        """Go on to the next frame, or until the budget is used up at a bare `yield`. True if there is a new frame.

        The generator's `yield` returns a copy of `values`. A run that is done stays as it is.
        """
        end = None if budget is None else time.perf_counter() + budget
        while not self.done:
            try:
                said = self._steps.send(dict(values) if self._begun else None)  # Python wants None at first
                self._begun = True
            except StopIteration:
                self.done = True
                if not self.frame:
                    raise ValueError("update ended without a frame; it must yield at least one sentence.") from None
                return False
            except BaseException:
                self.done = True
                raise
            if said is not None:
                self.sentence, self.frame = _sentence(said), self.frame + 1
                return True
            if end is not None and time.perf_counter() > end:
                return False
        return False


def explain(error: BaseException, update) -> str:
    """The learner's error as she can use it: what it was, in which line of hers, and that line."""
    what = ": ".join(filter(None, [type(error).__name__, str(error)]))
    try:
        file = inspect.unwrap(update).__code__.co_filename
    except AttributeError:
        return what
    hers = [step for step in traceback.extract_tb(error.__traceback__) if step.filename == file]
    if not hers:
        return what
    line = linecache.getline(file, hers[-1].lineno).strip()
    return f"{what}, in line {hers[-1].lineno} of its cell" + (f": {line}" if line else "")


def _sentence(said) -> str:
    if isinstance(said, str) and said.strip():
        return said.strip()
    raise TypeError(f"update gave {said!r}; it must return (or yield) one sentence that says what is to be seen.")


def _check_parameters(update, names):
    if not callable(update):
        raise TypeError(f"update is {update!r}; it must be a function that sets the figure's artists.")
    try:
        inspect.signature(update).bind(**dict.fromkeys(names))
    except TypeError:
        takes = ", ".join(inspect.signature(update).parameters) or "nothing"
        raise TypeError(
            f"update takes {takes}, but the controls are {', '.join(names) or 'none'}: "
            "give every parameter of update a control of the same name."
        ) from None
    except ValueError:
        pass  # a function of C has no signature; its call will say what is wrong
