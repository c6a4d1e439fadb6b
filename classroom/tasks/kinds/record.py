"""The probe for answers in words: a word, or a dict of words, numbers and arrays, however deep."""

from classroom.tasks import probes
from classroom.tasks.kinds.marking import coded


@probes.probe
def record(obj, *arguments):
    """What `obj(*arguments)` returns, with every word in it as its code."""
    return coded(obj(*arguments))
