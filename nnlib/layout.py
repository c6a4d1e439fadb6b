"""Where the boxes of a graph go, from left to right: first each into a column, then the columns in an order in which
few lines cross, then heights that keep the lines level (Sugiyama, Tagawa & Toda, 1981)."""

from itertools import pairwise

import numpy as np

BETWEEN_COLUMNS, BETWEEN_ROWS, MARGIN = 34, 14, 12  # pixels


class Place:
    """Room for a box of some width and height, or (width 0) for a long line that crosses a column.

    `inputs` are the places whose lines come in, one below the other; x, the left side, and y, the middle, are found by
    `arrange`. So are `sources` and `targets`, neighbours in the next columns: targets with the number of the input.
    """

    def __init__(self, width=0.0, height=4.0, idle=False):
        self.width, self.height, self.is_box = width, height, width > 0
        self.idle = idle  # its lines are dashed
        self.inputs, self.sources, self.targets = [], [], []
        self.x = self.y = 0.0
        self.column = (0.0, 0.0)  # from where to where its column reaches

    def entry(self, i):
        """The height at which input number i comes in."""
        return self.y + self.height * ((i + 1) / (len(self.sources) + 1) - 0.5) if self.is_box else self.y


def arrange(places):
    """Find x and y of all places. Returns columns from left to right, each from top to bottom, with a further place
    wherever a line crosses a column."""
    columns = _in_columns(places)
    _order(columns)
    _set_heights(columns)
    return columns


def _in_columns(places):
    """Each place stands as far right as it can, left of all that was computed from it."""
    depth = dict.fromkeys(places, 0)
    for _ in places:  # no way is longer than there are places
        for place in places:
            for x in place.inputs:
                depth[x] = max(depth[x], depth[place] + 1)
    last = max(depth.values())
    columns = [[] for _ in range(last + 1)]
    for place in places:
        columns[last - depth[place]].append(place)
    for place in places:
        for i, x in enumerate(place.inputs):
            target, port = place, i
            for column in range(last - depth[place] - 1, last - depth[x], -1):  # a line that skips columns
                crossing = Place(idle=x.idle)
                _connect(crossing, target, port)
                columns[column].append(crossing)
                target, port = crossing, 0
            _connect(x, target, port)
    return columns


def _connect(source, target, port):
    source.targets.append((target, port))
    target.sources.append(source)


def _order(columns, sweeps=16):
    """Sort each column by the middle of its neighbours' places, to and fro; keep what crosses least."""
    rank = {box: i for column in columns for i, box in enumerate(column)}

    def arrival(target, port):
        return rank[target] + (port + 1) / (len(target.sources) + 1) - 0.5

    def middle_of_targets(box):
        return np.mean([arrival(*end) for end in box.targets] or rank[box])

    def middle_of_sources(box):
        return np.mean([rank[source] for source in box.sources] or rank[box])

    def crossings():
        total = 0
        for column in columns:
            lines = [(rank[box], arrival(*end)) for box in column for end in box.targets]
            total += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(lines) for c, d in lines[:i])
        return total

    fewest, best = crossings(), [list(column) for column in columns]
    for sweep in range(sweeps):
        leftwards = sweep % 2 == 0
        for column in reversed(columns) if leftwards else columns:
            column.sort(key=middle_of_targets if leftwards else middle_of_sources)
            rank.update((box, i) for i, box in enumerate(column))
        if (now := crossings()) < fewest:
            fewest, best = now, [list(column) for column in columns]
    columns[:] = best


def _set_heights(columns, sweeps=24):
    """Coordinates: each box as close to the height of its neighbours as order and distance allow."""
    x = MARGIN
    for column in columns:
        width = max(box.width for box in column)
        for box in column:
            box.width = box.width or width
            box.x, box.column = x + (width - box.width) / 2, (x, x + width)
        x += width + BETWEEN_COLUMNS
        _spread(column, [0.0] * len(column))
    for sweep in range(sweeps):
        for column in columns if sweep % 2 else reversed(columns):
            _spread(column, [_wanted(box) for box in column])
    top = min(box.y - box.height / 2 for column in columns for box in column) - MARGIN
    for column in columns:
        for box in column:
            box.y -= top


def _wanted(box):
    """The height that makes the lines to and from a box as level as they can be, long lines above all."""
    ends = [(target.entry(port), target) for target, port in box.targets]
    ends += [(source.y - (box.entry(i) - box.y), source) for i, source in enumerate(box.sources)]
    weights = [8 if not (box.is_box or other.is_box) else 1 for _, other in ends]
    return float(np.average([y for y, _ in ends], weights=weights)) if ends else box.y


def _spread(column, wanted):
    """Heights nearest to those wanted (least squares) in which boxes keep their order and their distance.

    Less the room that the boxes above take, heights must not fall: where they would, neighbours share their mean
    (the pool-adjacent-violators algorithm; Ayer et al., 1955).
    """
    room = [0.0]
    for above, below in pairwise(column):
        room.append(room[-1] + (above.height + below.height) / 2 + BETWEEN_ROWS)
    pools = []  # pairs of a sum and a count
    for height, taken in zip(wanted, room, strict=True):
        pools.append((height - taken, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            (a, m), (b, n) = pools.pop(), pools.pop()
            pools.append((a + b, m + n))
    shared = [total / count for total, count in pools for _ in range(count)]
    for box, height, taken in zip(column, shared, room, strict=True):
        box.y = height + taken
