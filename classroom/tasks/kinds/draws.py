"""`draws("4.1 ward")`: the visible cases of a task as a learner meets them, to examine by hand before she codes."""

from classroom.tasks.cases import copied
from classroom.tasks.kinds.patient import Patient


def draws(name: str) -> list:
    """The arguments of every visible case of the task `name`: patients, reports, tables of runs.

    A case with one argument stands for itself; one with several is a list of them.
    """
    from classroom.tasks.check import find

    task, trouble = find(name)
    if trouble:
        raise LookupError(" ".join(trouble.prose))
    made = [copied(case) for case in task.arguments]
    if task.probe == "patient":
        return [Patient(*case) for case in made]
    return [case[0] if len(case) == 1 else case for case in made]
