"""Tasks of lesson 2.7: trace a unit, match it, switch it off, doubt reports, break a name; reach: read a layer."""

from itertools import product

import numpy as np

from classroom.tasks import Marking, Misconception, Task

INVENTED = "invented: "
PREFERENCE = "literature: Morcos and others (2018), a unit's preference and its importance"
EXTREMES = "literature: Bolukbasi and others (2021), strongest examples mislead about a unit"
NODES = "forum: stats.stackexchange.com 344498, are nodes features"


def changed(right):
    """Functions that give `right` with some entries changed."""
    return lambda **entries: lambda: {**right, **entries}


# ---- responds


def units(rng):
    """An image and a unit of the first layer: once on, once off, once off for every image, the rest drawn."""
    yield np.array([1.0, 0.5, 0.0]), np.array([2.0, -3.0, 1.0]), 0.25
    yield np.array([1.0, 1.0, 0.0, 0.5]), np.array([-2.0, 1.0, 1.5, 0.5]), 0.5
    yield rng.uniform(0.2, 1, 4), rng.uniform(-2, 0.2, 4), float(rng.uniform(-3, -2))
    for _ in range(4):
        yield rng.uniform(0, 1, 6), rng.normal(0, 2, 6), float(rng.uniform(0.3, 1))


def traced(z=lambda x, w, b: x @ w + b, bend=lambda z: max(z, 0.0), best=lambda w, b: w[w > 0].sum() + b):
    return lambda x, w, b: {"sum": z(x, w, b), "activation": bend(z(x, w, b)), "largest": max(best(w, b), 0.0)}


def responds_by_trying(x, w, b):
    """Right: the painted picture is built and sent through."""
    painted = np.where(w > 0, 1, 0)
    z, most = (sum(p * v for p, v in zip(picture, w, strict=True)) + b for picture in (x, painted))
    return {"sum": z, "activation": z * (z > 0), "largest": most * (most > 0)}


# ---- match

MATCH = {"P": "C", "Q": "A", "R": "D", "S": "B"}

# ---- switch off


def last_layers(rng):
    """Activations, outgoing weights and biases of a last layer.

    With the unit off the answer changes or not; with other biases both answers are other ones, or not; and so is the
    answer if the unit sends -1 or 1 in place of 0.
    """
    yield np.array([2.0, 1.0]), np.array([[1.0, 0.5], [0.5, 1.0]]), np.array([0.0, 0.0]), 0
    for changes, biased, instead in product((True, False), (True, False), (-1, 1)):
        while True:
            a = rng.uniform(0.5, 3, 4) * (rng.permutation(4) > 0)
            weights, b, unit = rng.normal(size=(3, 4)), rng.normal(0, 3, size=3), int(rng.integers(4))
            rest = np.where(np.arange(4) == unit, 0, a)
            parts = np.stack([a, rest, a - rest]) @ weights.T
            first, then, alone = (parts + b).argmax(axis=1)
            if a[unit] == 0 or (first != then) != changes or alone == first:
                continue
            if instead and np.argmax(parts[1] + instead * weights[:, unit] + b) == then:
                continue
            other = np.stack([parts, parts - b]).argmax(axis=2)[:, :2] != [first, then]
            if other.all() == biased:
                yield a, weights, b, unit
                break


def silenced(
    scores=lambda a, v, b: v @ a + b,
    off=lambda a, unit: np.where(np.arange(len(a)) == unit, 0, a),
    part=lambda a, v, b, unit, winner: v[winner, unit] * a[unit],
):
    def without(a, v, b, unit):
        before, after = scores(a, v, b), scores(off(a, unit), v, b)
        winner = int(np.argmax(before))
        return {"before": winner, "after": int(np.argmax(after)), "added": part(a, v, b, unit, winner)}

    return without


def without_by_difference(a, v, b, unit):
    """Right: what the unit added is the score with it less the score without it."""
    rest = [i for i in range(len(a)) if i != unit]
    with_it, without_it = a @ v.T + b, a[rest] @ v[:, rest].T + b
    top = with_it.argmax()
    return {"before": top, "after": without_it.argmax(), "added": with_it[top] - without_it[top]}


def never_changes(a, v, b, unit):
    right = silenced()(a, v, b, unit)
    return right | {"after": right["before"]}


def second_place(a, v, b, unit):
    right = silenced()(a, v, b, unit)
    return right | {"after": int(np.argsort(v @ a + b)[-2])}


def largest_less_largest(a, v, b, unit):
    off = np.where(np.arange(len(a)) == unit, 0, a)
    return silenced()(a, v, b, unit) | {"added": (v @ a + b).max() - (v @ off + b).max()}


# ---- warranted

DOUBT = {"A": "extremes", "B": "not used", "C": "no control", "D": "never seen", "E": "holds"}

# ---- loop


def picture(*rows):
    return lambda: np.array([[int(pixel) for pixel in row] for row in rows])


# ---- nearest


def representations(rng):
    """Two or three digits in a few activations, their averages off the centre; the classes unequal in number."""
    yield (
        np.array([[0.0, 0.0], [0.0, 4.0], [6.0, 1.0]]),
        np.array([0, 0, 1]),
        np.array([[1.0, 3.0], [5.0, 0.0], [2.0, 0.0], [3.5, 3.0]]),
    )
    for digits, width in ((2, 3), (3, 4), (3, 6), (4, 5)):
        while True:
            centres = rng.normal(0, 1.5, size=(digits, width)) + 2
            labels = np.concatenate([np.arange(digits), rng.integers(0, digits, 10)])
            known = centres[labels] + rng.normal(0, 1.5, size=(len(labels), width))
            new = rng.normal(2, 2, size=(8, width))
            if (read_by()(known, labels, new) != nearest_single(known, labels, new)).sum() >= 2:
                yield known, labels, new
                break


def averages(known, labels):
    return np.stack([known[labels == digit].mean(axis=0) for digit in range(labels.max() + 1)])


def read_by(averaged=averages, distance=lambda gap: (gap**2).sum(axis=-1), choose=np.argmin):
    def read(known, labels, new):
        gaps = distance(new[:, None] - averaged(known, labels)[None])
        return np.array([choose(row) for row in gaps])

    return read


def read_in_loops(known, labels, new):
    """Right, one image and one digit at a time."""
    found = []
    for one in new:
        gaps = [np.linalg.norm(one - known[labels == digit].mean(axis=0)) for digit in range(max(labels) + 1)]
        found.append(gaps.index(min(gaps)))
    return found


def nearest_single(known, labels, new):
    return labels[((new[:, None] - known) ** 2).sum(axis=-1).argmin(axis=1)]


def sums(known, labels):
    return np.stack([known[labels == digit].sum(axis=0) for digit in range(labels.max() + 1)])


def largest_product(known, labels, new):
    return (new @ averages(known, labels).T).argmax(axis=1)


match, doubt = changed(MATCH), changed(DOUBT)
UNDERSTAND = {"level": "understand", "points": 5}
tasks = [
    Task(
        name="2.7 match",
        kind="match",
        level="remember",
        points=5,
        objective="2.7a",
        minutes=3,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "orange is read as the colour that turns the unit up",
                match(P="A", Q="B", R="C", S="A"),
                INVENTED + "the two signs change places",
            ),
            Misconception(
                "the unit with the most blue is chosen, wherever the image has its ink",
                match(P="D", Q="D", S="D"),
                INVENTED + "weights are judged without the image",
            ),
            Misconception(
                "some ink lies on blue there, and the ink that lies on orange is overlooked",
                match(P="B", Q="C", R="B", S="C"),
                INVENTED + "negative weights are overlooked",
            ),
        ],
        hints=[
            "Take one image and one long stroke of it. On which picture of weights does the stroke lie on blue?",
            "Blue under ink counts for, orange under ink against. Paper counts nothing, whatever the colour.",
            "A unit that is blue in the top row and orange in the bottom row: a bar at the top turns it on, a bar at "
            "the bottom turns it off, both together do little.",
        ],
    ),
    Task(
        name="2.7 responds",
        kind="trace",
        objective="2.7a",
        minutes=4,
        difficulty=2,
        cases=units,
        alternatives=[responds_by_trying],
        equivalent={
            "x @ w → w @ x": "the product of two rows is the same in either order",
            "w > 0 → w >= 0": "weights of 0 add 0",
            "maximum(z, 0, …)": "the larger of two is the same in either order",
            "maximum(w[w > 0].sum() + b, 0, …)": "the larger of two is the same in either order",
        },
        misconceptions=[
            Misconception(
                "the bias is left out of the sum",
                traced(z=lambda x, w, b: x @ w),
                INVENTED + "the formula is cut short",
            ),
            Misconception(
                "the bias is left out of the largest sum",
                traced(best=lambda w, b: w[w > 0].sum()),
                INVENTED + "the painted picture is thought to be all there is",
            ),
            Misconception(
                "the activation is the sum, without ReLU",
                traced(bend=lambda z: z),
                INVENTED + "sum and activation are taken for one",
            ),
            Misconception(
                "ReLU is left out of the largest activation, which is then negative for a unit that is never on",
                lambda x, w, b: traced()(x, w, b) | {"largest": w[w > 0].sum() + b},
                INVENTED + "the last step is taken once, for the image only",
            ),
            Misconception(
                "the ink of this image is kept on the positive weights, in place of the best ink",
                lambda x, w, b: traced()(x, w, b) | {"largest": max((x * w)[w > 0].sum() + b, 0.0)},
                INVENTED + "any image is heard as this image",
            ),
            Misconception(
                "full ink everywhere is taken for the best picture",
                traced(best=lambda w, b: w.sum() + b),
                INVENTED + "more ink is thought to mean more",
            ),
            Misconception(
                "negative weights are counted as if their ink helped, by their size",
                traced(best=lambda w, b: np.abs(w).sum() + b),
                INVENTED + "size of a weight is read as importance",
            ),
            Misconception(
                "the largest single weight is taken for the largest sum",
                traced(best=lambda w, b: w.max() + b),
                INVENTED + "one pixel at a time",
            ),
        ],
        hints=[
            "The sum has one term for each pixel, and the bias. ReLU comes last.",
            "For the largest sum choose the ink of each pixel on its own: which is best for a positive weight, which "
            "for a negative one?",
            "With w = (3, −1), b = −1 and the image (1, 1): the sum is 1. The best picture is (1, 0): 3 − 1 = 2.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.7 without",
        kind="predict",
        objective="2.7c",
        minutes=4,
        difficulty=2,
        cases=last_layers,
        alternatives=[without_by_difference],
        misconceptions=[
            Misconception(
                "what the unit added is given as its activation, without the outgoing weight",
                silenced(part=lambda a, v, b, unit, winner: a[unit]),
                PREFERENCE,
            ),
            Misconception(
                "what the unit added is given as the outgoing weight alone",
                silenced(part=lambda a, v, b, unit, winner: v[winner, unit]),
                INVENTED + "weights are read as importance",
            ),
            Misconception(
                "the largest scores with and without the unit are compared, though they may be two digits'",
                largest_less_largest,
                INVENTED + "the score of one answer and the largest score are taken for one",
            ),
            Misconception(
                "what is left without the unit is given in place of what it added",
                silenced(part=lambda a, v, b, unit, winner: v[winner] @ a + b[winner] - v[winner, unit] * a[unit]),
                INVENTED + "part and rest change places",
            ),
            Misconception(
                "a single unit is thought never to change the answer", never_changes, INVENTED + "others carry on"
            ),
            Misconception(
                "without the unit the second best is thought to win",
                second_place,
                INVENTED + "the unit is taken for the winner's own",
            ),
            Misconception(
                "all units but this one are switched off",
                silenced(off=lambda a, unit: np.where(np.arange(len(a)) == unit, a, 0)),
                INVENTED + "the mask is turned round",
            ),
            Misconception(
                "the activation is set to 0 before what it added is worked out",
                silenced(part=lambda a, v, b, unit, winner: 0.0),
                INVENTED + "tried by the author; the array is changed in place",
            ),
            Misconception(
                "the biases are left out of the scores",
                silenced(scores=lambda a, v, b: v @ a),
                INVENTED + "the formula is cut short",
            ),
        ],
        hints=[
            "Work out all scores twice: with the activation of this unit, and with 0 in its place.",
            "`v[k, i]` leads from unit i to score k. What unit i adds to score k is one product.",
            "With a = (1, 2), v = [[3, 0], [1, 2]], b = (0, 0): scores 3 and 5. Without unit 1: 3 and 1. It added 4.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.7 doubts",
        kind="explain",
        objective="2.7d",
        minutes=4,
        difficulty=3,
        probe="labels",
        misconceptions=[
            Misconception("nine strongest images are accepted as evidence for all images", doubt(A="holds"), EXTREMES),
            Misconception(
                "a missing control is blamed, though the sentence about all 7s could be checked on the 7s themselves",
                doubt(A="no control"),
                INVENTED + "every report is met with the same doubt",
            ),
            Misconception("to respond is taken for to be used", doubt(B="holds"), PREFERENCE),
            Misconception(
                "extremes are blamed, though all images were measured",
                doubt(B="extremes"),
                INVENTED + "every report is met with the same doubt",
            ),
            Misconception("tidy nines are accepted as evidence for what training did", doubt(C="holds"), NODES),
            Misconception(
                "more images are asked for, though the comparison is what is missing",
                doubt(C="extremes"),
                INVENTED + "sample size is taken for design",
            ),
            Misconception(
                "a colour in a picture of weights is thought to have been learned in any case",
                doubt(D="holds"),
                "forum: github.com/tensorflow/tensorflow issue 433, weights of the corner pixels are 0 after training",
            ),
            Misconception(
                "a weight that is never met with ink is put down to a unit that is not used",
                doubt(D="not used"),
                INVENTED + "the line before the unit and the line after it are mixed up",
            ),
            Misconception(
                "a sound report is doubted for want of a control that it has",
                doubt(E="no control"),
                INVENTED + "every report is met with doubt",
            ),
            Misconception(
                "a sentence about a whole layer is doubted as if it were about one unit",
                doubt(E="not used"),
                INVENTED + "layer and unit are taken for one",
            ),
        ],
        hints=[
            "Ask of each report: what would have been seen if its sentence were false?",
            "Which images were looked at? Was anything switched off? With what was it compared? Was there ever ink?",
            '"Her nine best marks are in music, so she is always good in music" would be: extremes.',
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.7 loop",
        kind="counterexample",
        objective="2.7b",
        minutes=5,
        difficulty=2,
        marking=Marking("counterexample", claim="where_the_unit_is_on_there_is_a_loop", uses=("has_loop", "loop_unit")),
        alternatives=[picture("11110", "10000", "10001", "10001", "11111")],
        misconceptions=[
            Misconception(
                "a whole ring, which does have a loop",
                picture("11111", "10001", "10001", "10001", "11111"),
                INVENTED + "the unit's favourite is shown",
            ),
            Misconception(
                "a gap filled in from inside: there is still paper that ink surrounds",
                picture("11011", "11101", "10001", "10001", "11111"),
                INVENTED + "a gap on the outside is taken for an open loop",
            ),
            Misconception(
                "the gap is at a corner, where paper inside and outside touch at their corners only",
                picture("01111", "10001", "10001", "10001", "11111"),
                INVENTED + "tried by the author; paper is thought to be joined across corners",
            ),
            Misconception(
                "a picture that keeps the unit off, of which the claim does not speak",
                picture("11100", "10000", "10000", "10000", "11100"),
                INVENTED + "any picture without a loop is thought to do",
            ),
        ],
        hints=[
            "The unit adds up, pixel by pixel. How much does it lose if one pixel of a ring is paper?",
            "Begin with a ring: its sum is 6. Does one missing pixel turn the unit off? Does it leave a loop?",
            "A unit that adds up four corners and is on above 2.5 cannot ask for all four: three will do.",
        ],
        **UNDERSTAND,
    ),
    Task(
        name="2.7 nearest",
        kind="implement",
        level="apply",
        objective="2.7d",
        minutes=8,
        difficulty=3,
        points=5,
        reach=True,
        cases=representations,
        alternatives=[read_in_loops],
        equivalent={
            "((new[:, None] - averages) ** 2).sum(axis=-1) → ((new[:, None] - averages) ** 2).mean(axis=-1)": (
                "means and sums of as many squares have the same order"
            ),
            "new[:, None] - averages → averages - new[:, None]": "squares forget the sign",
        },
        misconceptions=[
            Misconception(
                "the nearest single example is taken, in place of the nearest average",
                nearest_single,
                INVENTED + "the look-up of lesson 0 in place of its averages",
            ),
            Misconception(
                "sums are taken in place of averages", read_by(averaged=sums), INVENTED + "the division is forgotten"
            ),
            Misconception(
                "the farthest average is taken", read_by(choose=np.argmax), INVENTED + "distance is read as score"
            ),
            Misconception(
                "differences are added with their signs, so that they cancel",
                read_by(distance=lambda gap: gap.sum(axis=-1)),
                INVENTED + "the square is forgotten",
            ),
            Misconception(
                "the average with the largest product is taken, which prefers long averages",
                largest_product,
                INVENTED + "a layer's weighted sum is used as a distance",
            ),
        ],
        hints=[
            "Two steps: one average for each digit, then the distances of each new row to all averages.",
            "`known[labels == digit].mean(axis=0)` is one average; `((new[:, None] - averages) ** 2).sum(axis=-1)` "
            "holds all squared distances.",
            "On a line: known 0, 2 are 0s, 10 is a 1. The averages are 1 and 10, so 5 is read as 0 and 6 as 1.",
        ],
    ),
]
