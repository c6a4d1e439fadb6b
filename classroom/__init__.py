"""Everything that surrounds a lesson. A lesson imports from here; the order to read the rooms in:

`data` the data sets · `explore` sliders and pictures · `quiz` predictions and questions · `tasks` tasks and checks ·
`claims` what became of published ones · `progress` what a learner has done · `authoring` what a maintainer runs (no
lesson imports it).

Names load on first use, so that an exercise that needs only `check` does not wait for matplotlib.

Importing this package sets numeric libraries to one thread, for a learner who opens JupyterLab without `start.py`: on a
busy machine more threads make a small network many times slower, and they change the last digits of its results.
"""

import importlib
import os

from threadpoolctl import threadpool_limits

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
for _name, _value in ONE_THREAD.items():
    os.environ.setdefault(_name, _value)  # for libraries that are loaded later
threadpool_limits(1)  # for those that are here already

_MODULES = {"data": "classroom.data", "live": "classroom.explore.live", "views": "classroom.explore.views"}
_NAMES = {
    "ask": "classroom.quiz.quiz",
    "review": "classroom.quiz.quiz",
    "terms": "classroom.quiz.terms",
    "predict": "classroom.quiz.predict",
    "outcome": "classroom.quiz.predict",
    "settle": "classroom.claims",
    "check": "classroom.tasks.check",
    "hint": "classroom.tasks.check",
    "draws": "classroom.tasks.kinds.draws",
    "attempts": "classroom.tasks.attempts",
}
__all__ = sorted([*_MODULES, *_NAMES])


def __getattr__(name):
    if name in _MODULES:
        found = importlib.import_module(_MODULES[name])
    elif name in _NAMES:
        found = getattr(importlib.import_module(_NAMES[name]), name)
    else:
        raise AttributeError(f"module 'classroom' has no name {name!r}; it has {', '.join(__all__)}")
    globals()[name] = found
    return found
