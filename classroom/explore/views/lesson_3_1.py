"""Lesson 3.1: the graph that a small engine recorded, laid out by itself, while a sweep goes back through it; and
outcomes of the lesson's experiments in words."""

import math
from itertools import pairwise

from classroom.explore.views.graphs import HEIGHT, WIDTH, computation
from nnlib.layout import BETWEEN_COLUMNS, BETWEEN_ROWS, MARGIN, Place, arrange

# A box of this size takes, with the room beside it, one unit of `computation` across and one down.
BOX = BETWEEN_COLUMNS * WIDTH / (1 - WIDTH), BETWEEN_ROWS * HEIGHT / (1 - HEIGHT)
MOST_COLUMNS = 6


class recorded:
    """Everything that a value was computed from, with values, local derivatives, and gradients that have come so far.

        graph = views.recorded(ax, y, {"a": a, "b": b})     graph.set(y, waiting, sender)

    A value has `data`, `grad`, `inputs`, `rule` and `serial`. Given ones bear their names, others the number of their
    creation, counted from the first that is shown; computed ones also their operation. `set` shows this graph, or
    another one of the same form: `waiting` is a dict from nodes to what has come to them and was not sent on; they get
    a frame of orange, and the `sender` one of vermillion.
    """

    def __init__(self, ax, last, given: dict):
        nodes = ancestors(last)
        called = {id(value): name for name, value in given.items()}
        self.names = [called.get(id(node), f"n{node.serial - nodes[0].serial}") for node in nodes]
        places, ways = _layout(nodes)
        columns = 1 + max(column for column, _ in places)
        if columns > MOST_COLUMNS:
            raise ValueError(
                f"This graph has {columns} columns, and {MOST_COLUMNS} can be read: make the expression shorter, with "
                "fewer operations one after another."
            )
        shown = [
            f"{name} = {operation(node)}" if node.inputs else name for name, node in zip(self.names, nodes, strict=True)
        ]
        lines = {f"{self.names[i]} {self.names[j]}": via for (i, j), via in ways.items()}
        self.picture = computation(ax, dict(zip(shown, places, strict=True)), lines, 2 - (columns > 5), word="grad")

    def set(self, last, waiting=None, sender=None):
        nodes, waiting = ancestors(last), waiting or {}
        named = list(zip(self.names, nodes, strict=True))
        come = {name: node.grad + waiting.get(node, 0.0) for name, node in named if node.grad or node in waiting}
        self.picture.set(
            {name: node.data for name, node in named},
            come,
            self._locals(nodes),
            marked=next((name for name, node in named if node is sender), ""),
            moved={name for name, node in named if node in waiting},
        )
        return self

    def name(self, last, node) -> str:
        return self.names[next(i for i, other in enumerate(ancestors(last)) if other is node)]

    def _locals(self, nodes):
        """The local derivative on each line; where an input is used twice by one node, the sum of both."""
        of, found = {id(node): name for node, name in zip(nodes, self.names, strict=True)}, {}
        for node in nodes:
            for x, d in zip(node.inputs, node.rule(1.0), strict=True):
                line = f"{of[id(x)]} {of[id(node)]}"
                found[line] = found.get(line, 0.0) + d
        return found


def ancestors(last) -> list:
    """The value and all that it was computed from, each once, from the oldest to the youngest."""
    found, look = {}, [last]
    while look:
        node = look.pop()
        if id(node) not in found:
            found[id(node)] = node
            look += node.inputs
    return sorted(found.values(), key=lambda node: node.serial)


def _layout(nodes) -> tuple[list, dict]:
    """Column and row of each node; and for each line, by the numbers of its ends, where it crosses other columns."""
    number = {id(node): i for i, node in enumerate(nodes)}
    boxes, ways, from_the_end = [Place(*BOX) for _ in nodes], {}, [0] * len(nodes)
    for j in reversed(range(len(nodes))):  # so a node comes after all that was computed from it
        for i in dict.fromkeys(number[id(x)] for x in nodes[j].inputs):
            from_the_end[i] = max(from_the_end[i], from_the_end[j] + 1)
            ways[i, j] = []
    for (i, j), way in ways.items():
        way += [Place(height=BOX[1] / 2) for _ in range(from_the_end[i] - from_the_end[j] - 1)]
        for source, target in pairwise([boxes[i], *way, boxes[j]]):
            target.inputs.append(source)
    arrange([*boxes, *(place for way in ways.values() for place in way)])
    return [_unit(box) for box in boxes], {ends: [_unit(place) for place in way] for ends, way in ways.items()}


def _unit(place):
    across, down = (size + room for size, room in zip(BOX, (BETWEEN_COLUMNS, BETWEEN_ROWS), strict=True))
    return round((place.x - MARGIN) / across), -place.y / down


def operation(node) -> str:
    """What computed it: the function in which its rule was written."""
    return node.rule.__qualname__.split(".")[0]


def early_sending(found: float, right: float, senders: list) -> str:
    """What became of a gradient when nodes sent too early, in the words of the prediction "3.1 first come"."""
    if math.isclose(found, right):
        more = len(senders) > len(set(senders))
        return f"The right gradient, in {'more sends than' if more else 'as many sends as'} before."
    if found > right:
        return "A gradient too large, since the first part is sent twice."
    return "A gradient too small, since the second part comes too late."


def checked(passed: int, of: int) -> str:
    """What a check said with several nudges, in the words of the prediction "3.1 at zero"."""
    if 0 < passed < of:
        return "It passes for some h only."
    return f"It {'passes' if passed else 'is caught'}, whatever h is."
