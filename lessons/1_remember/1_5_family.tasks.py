"""Tasks of lesson 1.5: drawings, tests, members and data of the family; reach: a kernel that slides along a series."""

import numpy as np

from classroom.tasks import Misconception, Task, with_entries

NEWEST = "observed: the newest member is named for everything"
ORDER = "forum: ai.stackexchange.com 40390, what is the intuition behind position encoding"
DENSE = "observed: the layer of 1.2 taken for the only one"
BELIEF = "forum: stats.stackexchange.com, the difference between a neural network and a deep belief network"
LOOP = "literature: claim C69 of our list, found in tutorials"
FLIP = "forum: stackoverflow.com, convolution against cross-correlation in deep learning libraries"
PADDED = "forum: github.com/keras-team/keras, padding same taken for valid"
TRIED = "invented: tried by the author"


def exchanged(right, first, second):
    """A function that gives the right dict with two entries exchanged; keys by how they begin, _ for a space."""
    keys = [next(key for key in right if key.startswith(start.replace("_", " "))) for start in (first, second)]
    return lambda: right | {keys[0]: right[keys[1]], keys[1]: right[keys[0]]}


DRAWINGS = {"A": "graph network", "B": "transformer", "C": "CNN", "D": "MLP", "E": "RNN"}
TESTS = {"P": "CNN", "Q": "RNN", "R": "transformer", "S": "MLP", "T": "graph network"}
MEMBERS = {
    "its gates decide what is kept and taken in": "LSTM",
    "it cuts a picture into patches that look at each other": "ViT",
    "its outputs are compared with its own inputs": "autoencoder",
    "its layers are trained one after the other, by dreaming": "deep belief network",
    "the same small kernel meets every place of a picture": "CNN",
    "it may be numbered otherwise, and gives the same": "graph network",
}
DATA = {
    "X-ray pictures; is a bone broken?": "CNN",
    "a question as text; an answer as text": "transformer",
    "people and who knows whom; what will each of them buy?": "graph network",
    "age, rooms and area of a flat; its rent": "MLP",
    "sounds of a machine, without labels; short codes of them": "autoencoder",
    "a heartbeat, read as it comes on a small device; an alarm": "RNN",
}
FRAMEWORKS = {
    "a forest of decision trees, as a baseline for a table": "scikit-learn",
    "a transformer that others have trained": "Hugging Face Transformers",
    "layers for graphs, on top of another framework": "PyTorch Geometric",
    "layers and training in few lines, on top of one of three others": "Keras",
    "the framework of this course, from level 3 on": "PyTorch",
}


def series_and_kernels(rng):
    """An example that is easy to follow, a kernel as long as the series, one of a single weight; then drawn ones."""
    yield np.array([1.0, 2, 4, 7]), np.array([-1.0, 1])
    yield rng.normal(size=3), rng.normal(size=3)
    yield rng.normal(size=4), rng.normal(size=1)
    for n, k in ((6, 2), (7, 3), (9, 4)):
        yield rng.normal(size=n), rng.normal(size=k)


def by_correlate(series, kernel):
    """Right, by numpy's function."""
    return np.correlate(series, kernel, mode="valid")


def by_two_loops(series, kernel):
    """Right, number by number."""
    found = []
    for start in range(len(series) - len(kernel) + 1):
        total = 0.0
        for place, weight in enumerate(kernel):
            total += weight * series[start + place]
        found.append(total)
    return found


def one_place_short(series, kernel):
    return np.array([series[i : i + len(kernel)] @ kernel for i in range(len(series) - len(kernel))])


def as_long_as_the_series(series, kernel):
    before = (len(kernel) - 1) // 2
    padded = np.pad(series, (before, len(kernel) - 1 - before))
    return np.array([padded[i : i + len(kernel)] @ kernel for i in range(len(series))])


def sums_first(series, kernel):
    return np.array([series[i : i + len(kernel)].sum() * kernel[0] for i in range(len(series) - len(kernel) + 1)])


def side_by_side(series, kernel):
    k = len(kernel)
    return np.array([series[i : i + k] @ kernel for i in range(0, len(series) - k + 1, k)])


WORDS = {"level": "remember", "probe": "labels", "points": 5}

tasks = [
    Task(
        name="1.5 drawings",
        kind="label",
        objective="1.5a",
        minutes=2,
        difficulty=1,
        misconceptions=[
            Misconception("computed weights and trained ones change places", exchanged(DRAWINGS, "B", "D"), DENSE),
            Misconception(
                "any drawing with shared lines is called a convolution",
                exchanged(DRAWINGS, "A", "C"),
                "invented: links of a graph are taken for neighbours in a row",
            ),
            Misconception(
                "looking at neighbours in a row is taken for reading step by step", exchanged(DRAWINGS, "C", "E"), TRIED
            ),
            Misconception(
                "whatever joins all with all is called a transformer", with_entries(DRAWINGS, D="transformer"), NEWEST
            ),
            Misconception("whatever joins all with all is called an MLP", with_entries(DRAWINGS, B="MLP"), DENSE),
            Misconception(
                "arrows between outputs are taken for the links of a graph", exchanged(DRAWINGS, "A", "E"), TRIED
            ),
        ],
        hints=[
            "Go back to the figure with the five panels, in the section about what an MLP does not know.",
            "Ask of each drawing: with which inputs is an output joined, and which lines share a weight?",
            "A drawing in which each output looks at the two inputs on its left, always by the same two looks of line, "
            "would be a kernel of two weights.",
        ],
        **WORDS,
    ),
    Task(
        name="1.5 tests",
        kind="match",
        objective="1.5a",
        minutes=4,
        difficulty=2,
        misconceptions=[
            Misconception("a transformer is thought to read in order", exchanged(TESTS, "R", "Q"), ORDER),
            Misconception(
                "an MLP is thought to pay no heed to the order of inputs whose weights stay",
                exchanged(TESTS, "R", "S"),
                "invented: in the lesson the weights were shuffled, too",
            ),
            Misconception(
                "in an RNN, too, every output is thought to answer to every input", exchanged(TESTS, "Q", "S"), LOOP
            ),
            Misconception(
                "outputs that lie apart are thought to be a kernel's neighbours", exchanged(TESTS, "P", "T"), TRIED
            ),
            Misconception("neighbours in a row are taken for later steps", exchanged(TESTS, "P", "Q"), TRIED),
            Misconception("exchanged outputs are taken for links of a graph", exchanged(TESTS, "R", "T"), TRIED),
        ],
        hints=[
            "Five closed boxes: which test told them apart there?",
            "First ask which outputs answer at all: neighbours, later ones, linked ones, or all. Then what an "
            "exchange does.",
            'A box whose outputs are all one and the same mean of the inputs would be told by: "after an exchange '
            'nothing changes at all".',
        ],
        **WORDS,
    ),
    Task(
        name="1.5 members",
        kind="match",
        objective="1.5c",
        minutes=3,
        difficulty=1,
        misconceptions=[
            Misconception(
                "the two that learn without labels change places",
                exchanged(MEMBERS, "its outputs", "its layers"),
                TRIED,
            ),
            Misconception(
                "patches that look at each other are taken for a sliding kernel",
                exchanged(MEMBERS, "it cuts", "the same"),
                "forum: how does a vision transformer differ from a CNN",
            ),
            Misconception(
                "gates are taken for something that learns by dreaming",
                exchanged(MEMBERS, "its gates", "its layers"),
                BELIEF,
            ),
            Misconception(
                "comparing with the input is taken for keeping it",
                exchanged(MEMBERS, "its gates", "its outputs"),
                "invented: memory and copy taken for one",
            ),
            Misconception(
                "numbering otherwise is taken for the same weights at each place",
                exchanged(MEMBERS, "it may", "the same"),
                "invented: two ways of being indifferent to place",
            ),
            Misconception(
                "patches are taken for the nodes of a graph",
                exchanged(MEMBERS, "it may", "it cuts"),
                "invented: patches are linked in drawings",
            ),
        ],
        hints=[
            "Look at the bold words of the lesson, and at the sentence that each stands in.",
            "Two of the six learn without labels, two are for pictures, one is for series, one for links.",
            '"It carries a state from step to step" would be the RNN; "every item looks at every item", the '
            "transformer.",
        ],
        **WORDS,
    ),
    Task(
        name="1.5 frameworks",
        kind="match",
        objective="1.5d",
        minutes=2,
        difficulty=1,
        misconceptions=[
            Misconception(
                "a collection of trained networks is taken for a framework",
                with_entries(FRAMEWORKS, the_framework="Hugging Face Transformers"),
                "invented: framework and collection taken for one",
            ),
            Misconception(
                "a framework is taken for a collection of trained networks",
                with_entries(FRAMEWORKS, a_transformer="PyTorch"),
                "invented: framework and collection taken for one",
            ),
            Misconception(
                "decision trees are sought in a framework for networks",
                with_entries(FRAMEWORKS, a_forest="Keras"),
                "observed: a network is tried first",
            ),
            Misconception(
                "the framework below is taken for the library on top of it",
                with_entries(FRAMEWORKS, layers_for="PyTorch"),
                TRIED,
            ),
            Misconception(
                "arrays with gradients are taken for ready-made layers",
                with_entries(FRAMEWORKS, layers_and="JAX"),
                "invented: Keras stands on JAX, too",
            ),
        ],
        hints=[
            'The table in "The frameworks by name" has all of it.',
            "Ask of each: does it bring gradients, layers on top of something else, or networks that are trained?",
            "NumPy-like arrays with gradients, and layers from elsewhere: that would be JAX.",
        ],
        **WORDS,
    ),
    Task(
        name="1.5 data",
        kind="match",
        objective="1.5b",
        minutes=4,
        difficulty=2,
        misconceptions=[
            Misconception("the transformer is taken for a table", with_entries(DATA, age="transformer"), NEWEST),
            Misconception("people in a list are taken for a table", with_entries(DATA, people="MLP"), TRIED),
            Misconception(
                "people in a list are taken for a series",
                with_entries(DATA, people="RNN"),
                "invented: a list has an order",
            ),
            Misconception(
                "columns of a table are taken for a series",
                with_entries(DATA, age="RNN"),
                "forum: LSTM used on rows of a table",
            ),
            Misconception(
                "a member that needs labels is taken where there are none", with_entries(DATA, sounds="RNN"), TRIED
            ),
            Misconception(
                "sounds without labels are given to a CNN with labels", with_entries(DATA, sounds="CNN"), TRIED
            ),
            Misconception("the pixels of a picture are taken for a table", with_entries(DATA, X="MLP"), DENSE),
            Misconception(
                "a question and its answer are taken for nodes of a graph",
                with_entries(DATA, a_question="graph network"),
                TRIED,
            ),
            Misconception(
                "what comes second by second is given to a member that wants all at once",
                exchanged(DATA, "a_heartbeat", "a_question"),
                NEWEST,
            ),
        ],
        hints=[
            'The table in "Which member for which data?" has all of it.',
            "Ask what belongs together in the data: neighbours, words, links, or nothing. And: are there labels?",
            "The temperature of each day, with tomorrow's wanted: steps one after the other, so an RNN.",
        ],
        **WORDS,
    ),
    Task(
        name="1.5 slide",
        kind="complete",
        objective="1.5a",
        minutes=6,
        difficulty=2,
        level="apply",
        points=5,
        reach=True,
        cases=series_and_kernels,
        alternatives=[by_correlate, by_two_loops],
        equivalent={
            "series[i:i + len(kernel)] @ kernel → kernel @ series[i:i + len(kernel)]": "@ takes either row first",
        },
        misconceptions=[
            Misconception(
                "the kernel is turned round before it slides", lambda x, k: np.convolve(x, k, mode="valid"), FLIP
            ),
            Misconception(
                "the kernel also sticks out, as if zeros stood around the series",
                lambda x, k: np.correlate(x, k, mode="full"),
                PADDED,
            ),
            Misconception(
                "zeros are put beside the series, so that the result is as long as the series",
                as_long_as_the_series,
                PADDED,
            ),
            Misconception(
                "the numbers are added up before they meet the weights", sums_first, "invented: one weight for all"
            ),
            Misconception("the last place is left out", one_place_short, "invented: off by one in the range"),
            Misconception(
                "the kernel jumps by its own length, so that places do not overlap",
                side_by_side,
                "forum: stride of a convolution and of a pooling taken for one",
            ),
            Misconception(
                "a mean is taken at each place, not a sum",
                lambda x, k: np.correlate(x, k, mode="valid") / len(k),
                "invented: a kernel is known as a moving average",
            ),
        ],
        hints=[
            "How many places are there? Count them for four numbers and a kernel of two.",
            "At place `i` the kernel meets `series[i : i + len(kernel)]`.",
            "For the series 5, 0, 2 and the kernel 1, 3: at the first place 1 · 5 + 3 · 0 = 5, at the second "
            "1 · 0 + 3 · 2 = 6.",
        ],
    ),
]
