"""Tasks of lesson 1.3: name the parts of the training loop, order it, miss a stage, count a run; reach: any run."""

import math

from classroom.tasks import Misconception, Task, with_entries

BACKWARD_CHANGES = "forum: discuss.pytorch.org 9944, what does the backward function do, and what does step do"
GRADIENT_UPDATE = "observed: gradient and update are exchanged"
PER_EPOCH = "forum: github.com/jeffheaton/t81_558_deep_learning issue 148, at the end of the batch or of the epoch"
EPOCH_ITERATION = "forum: github.com/spro/char-rnn.pytorch issue 6, an epoch that is in fact an iteration"
ONE_TOO_MANY = (
    "forum: github.com/sgrvinod/a-PyTorch-Tutorial-to-Object-Detection issue 8, the exact number is I // N + 1"
)
DROPPED = "forum: github.com/casperkaae/parmesan issue 47, the rest is dropped where batches do not come out even"
SIZE_NUMBER = "observed: batch size and number of batches are exchanged"
SHOWINGS = "forum: stackoverflow.com 4752626, epoch vs iteration when training neural networks"
ONE_PASS = "invented: training is one pass over the data"
PROMISE = "invented: the batch size is a promise"
ONE_LINE = "invented: forward and loss stand in one line of many programs"
TRIED = "invented: tried by a reviewer"

NUMBER, SLOPES = "one number: how wrong the outputs are", "one slope for each parameter"
STEP, THERE, BACK = "how large a step is", "from the examples to the outputs", "from the loss to the slopes"
WORDS = {NUMBER: "loss", SLOPES: "gradient", STEP: "learning rate", THERE: "forward pass", BACK: "backward pass"}
LINES = {"line 3": "forward", "line 4": "loss", "line 5": "backward", "line 6": "update"}
LINES |= {"20": "epochs", "50": "batch size", "0.05": "learning rate"}
STANDS = "every slope is computed, yet no parameter ever moves"
ON_AND_ON = "the parameters move on and on in one direction, across the valley"
NO_NUMBER = "there are outputs, but no number from which to go backward"
NO_OUTPUT = "there are examples and labels, but nothing to compare with the labels"
LEFT_OUT = {STANDS: "update", ON_AND_ON: "backward", NO_NUMBER: "loss", NO_OUTPUT: "forward"}
ORDER = ["shuffle all examples", "take a batch", "forward", "loss", "backward", "update"]
BATCHES, LAST, UPDATES = "batches in an epoch", "examples in the last batch", "updates in all"
SHOWN = "showings of each example"
RUN = {BATCHES: 7, LAST: 100, UPDATES: 28, SHOWN: 4}


def swapped(right, first, second):
    """A function that gives the right dict with two entries in each other's place."""
    return with_entries(right, {first: right[second], second: right[first]})


def in_order(*numbers):
    """A function that gives the six steps in this order."""
    return lambda: [ORDER[number] for number in numbers]


def runs(rng):
    """Runs that come out even and runs that do not; a batch larger than the set; one example a batch."""
    yield 10, 4, 1
    yield 12, 4, 3
    yield 7, 20, 2
    yield 9, 1, 2
    for _ in range(3):
        batch_size, full = int(rng.integers(5, 60)), int(rng.integers(3, 20))
        yield batch_size * full, batch_size, int(rng.integers(2, 9))
        yield batch_size * full + int(rng.integers(1, batch_size)), batch_size, int(rng.integers(2, 9))


def counted(batches, last, updates):
    return {"batches": int(batches), "last batch": int(last), "updates": int(updates)}


def rounded_down(examples, batch_size, epochs):
    full = examples // batch_size
    return counted(full, min(batch_size, examples), full * epochs)


def one_too_many(examples, batch_size, epochs):
    found = examples // batch_size + 1
    return counted(found, examples % batch_size, found * epochs)


def empty_last_batch(examples, batch_size, epochs):
    found = math.ceil(examples / batch_size)
    return counted(found, examples % batch_size, found * epochs)


def one_update_an_epoch(examples, batch_size, epochs):
    return {**by_slicing(examples, batch_size, epochs), "updates": epochs}


def one_epoch_only(examples, batch_size, epochs):
    found = by_slicing(examples, batch_size, epochs)
    return {**found, "updates": found["batches"]}


def one_update_an_example(examples, batch_size, epochs):
    return {**by_slicing(examples, batch_size, epochs), "updates": examples * epochs}


def without_borders_of_epochs(examples, batch_size, epochs):
    return {**by_slicing(examples, batch_size, epochs), "updates": math.ceil(examples * epochs / batch_size)}


def full_last_batch(examples, batch_size, epochs):
    return {**by_slicing(examples, batch_size, epochs), "last batch": batch_size}


def missing_from_the_last(examples, batch_size, epochs):
    found = by_slicing(examples, batch_size, epochs)
    return {**found, "last batch": found["batches"] * batch_size - examples}


def size_for_number(examples, batch_size, epochs):
    return {**by_slicing(examples, batch_size, epochs), "batches": batch_size, "updates": batch_size * epochs}


def rounded_to_the_nearest(examples, batch_size, epochs):
    found = round(examples / batch_size)
    return {**by_slicing(examples, batch_size, epochs), "batches": found, "updates": found * epochs}


def by_slicing(examples, batch_size, epochs):
    """Right, by cutting."""
    sizes = [min(batch_size, examples - start) for start in range(0, examples, batch_size)]
    return counted(len(sizes), sizes[-1], epochs * len(sizes))


def by_remainder(examples, batch_size, epochs):
    """Right, by the remainder."""
    full, rest = divmod(examples, batch_size)
    batches = full + (rest > 0)
    return counted(batches, rest or batch_size, sum(batches for _ in range(epochs)))


REMEMBER = {"level": "remember", "points": 5}

tasks = [
    Task(
        name="1.3 words",
        kind="match",
        objective="1.3a",
        minutes=2,
        difficulty=1,
        probe="labels",
        misconceptions=[
            Misconception(
                "the slopes and the stage that finds them change places",
                swapped(WORDS, SLOPES, BACK),
                "invented: gradient and backward pass are learnt in one breath",
            ),
            Misconception(
                "the slopes are taken for the size of the step", swapped(WORDS, SLOPES, STEP), GRADIENT_UPDATE
            ),
            Misconception(
                "the two passes change places",
                swapped(WORDS, THERE, BACK),
                "invented: backward is read as looking back at the examples",
            ),
            Misconception(
                "the number that says how wrong is taken for a slope",
                swapped(WORDS, NUMBER, SLOPES),
                "forum: fast.ai, lesson 4, May 2022: where in the code are loss and weights linked",
            ),
        ],
        hints=[
            "Compare with the drawing of the loop: two of the words are stages, two are what stages leave behind.",
            "Ask of each description: is it a way from something to something, or is it a number, or many numbers?",
            "On a walk downhill in fog: height above the valley is one number, the slope under your feet is another, "
            "and the length of your stride is your own choice.",
        ],
        **REMEMBER,
    ),
    Task(
        name="1.3 lines",
        kind="label",
        objective="1.3a",
        minutes=3,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "computing the slopes is taken for changing the parameters",
                swapped(LINES, "line 5", "line 6"),
                BACKWARD_CHANGES,
            ),
            Misconception(
                "making outputs and judging them change places", swapped(LINES, "line 3", "line 4"), ONE_LINE
            ),
            Misconception(
                "a pass over all examples and the examples of one update change places",
                swapped(LINES, "20", "50"),
                EPOCH_ITERATION,
            ),
            Misconception(
                "judging the outputs is taken for going backward",
                swapped(LINES, "line 4", "line 5"),
                "invented: an error that is found counts as an error that is traced back",
            ),
        ],
        hints=[
            "Ask of each line what it makes: guesses, one number, slopes, or other parameters?",
            "For the numbers: one says how often all rows are gone through, one how many rows go together, one what "
            "the slopes are multiplied by.",
            "In `for day in range(7): for loaf in trays(loaves, 12): bake(loaf, 220)` the 7 counts the rounds, the 12 "
            "says how many go in together, the 220 says how hot.",
        ],
        **REMEMBER,
    ),
    Task(
        name="1.3 left out",
        kind="match",
        objective="1.3b",
        minutes=3,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "backward is thought to move the parameters", swapped(LEFT_OUT, STANDS, ON_AND_ON), BACKWARD_CHANGES
            ),
            Misconception(
                "outputs and the number that judges them change places",
                swapped(LEFT_OUT, NO_NUMBER, NO_OUTPUT),
                ONE_LINE,
            ),
            Misconception(
                "the loss is thought to move the parameters",
                swapped(LEFT_OUT, STANDS, NO_NUMBER),
                "invented: the loss is said to fall, as if it acted by itself",
            ),
        ],
        hints=[
            "See the section on leaving one stage out, and the drawing of the loop.",
            "Each stage makes what the next one needs. For each program: what is there, and what is not?",
            "Baking without an oven: the dough is there, no bread. Without flour: not even dough. What is there tells "
            "how far the work has come.",
        ],
        **REMEMBER,
    ),
    Task(
        name="1.3 order",
        kind="order",
        objective="1.3b",
        minutes=2,
        difficulty=1,
        probe="order",
        misconceptions=[
            Misconception(
                "the parameters are changed before there is a gradient",
                in_order(0, 1, 2, 3, 5, 4),
                "forum: discuss.pytorch.org 9944, the difference of backward and step",
            ),
            Misconception(
                "backward comes before the number that it starts from",
                in_order(0, 1, 2, 4, 3, 5),
                "invented: forward and backward are put side by side",
            ),
            Misconception("all examples are shuffled after a batch has been taken", in_order(1, 0, 2, 3, 4, 5), TRIED),
            Misconception(
                "the loss is computed before there are outputs",
                in_order(0, 1, 3, 2, 4, 5),
                "invented: the goal is put first",
            ),
            Misconception(
                "the shuffle stands at the end, where an epoch is over",
                in_order(1, 2, 3, 4, 5, 0),
                "invented: the shuffle is seen as a preparation of the next epoch",
            ),
        ],
        hints=[
            "Begin with what happens only once in an epoch. Then follow the drawing of the loop.",
            "Ask of each step what it needs: which other step must have made that before?",
            "A letter: write it, put it in the envelope, seal the envelope, post it. No step works before the one "
            "that makes what it needs.",
        ],
        **REMEMBER,
    ),
    Task(
        name="1.3 run",
        kind="recall",
        objective="1.3c",
        minutes=4,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "the rest of the examples is dropped", with_entries(RUN, {BATCHES: 6, LAST: 150, UPDATES: 24}), DROPPED
            ),
            Misconception(
                "the last, smaller batch is not counted", with_entries(RUN, {BATCHES: 6, UPDATES: 24}), DROPPED
            ),
            Misconception("the parameters change once in an epoch", with_entries(RUN, {UPDATES: 4}), PER_EPOCH),
            Misconception(
                "the updates of one epoch are taken for those of the run", with_entries(RUN, {UPDATES: 7}), ONE_PASS
            ),
            Misconception("each example makes an update of its own", with_entries(RUN, {UPDATES: 4000}), SHOWINGS),
            Misconception(
                "the epochs are run together, so that a batch crosses from one to the next",
                with_entries(RUN, {UPDATES: 27}),
                "invented: 4 000 showings cut into pieces of 150",
            ),
            Misconception(
                "the batch size is taken for the number of batches",
                with_entries(RUN, {BATCHES: 150, UPDATES: 600}),
                SIZE_NUMBER,
            ),
            Misconception("every batch is thought to be full", with_entries(RUN, {LAST: 150}), PROMISE),
            Misconception("the last batch is given as what it lacks", with_entries(RUN, {LAST: 50}), TRIED),
            Misconception(
                "every update is thought to show every example",
                with_entries(RUN, {SHOWN: 28}),
                "literature: claim C38, a batch fed through is called an epoch",
            ),
            Misconception("each example is thought to be used once in all", with_entries(RUN, {SHOWN: 1}), ONE_PASS),
            Misconception(
                "the batches of an epoch are counted over the whole run", with_entries(RUN, {BATCHES: 28}), TRIED
            ),
        ],
        hints=[
            "Begin with one epoch: how many pieces of 150 fill 1 000, and how much is left?",
            "What is left makes a batch of its own. Each batch makes one update; each epoch shows each example once.",
            "70 letters, 20 to a box: three full boxes and one with 10, so four boxes. Sent on two days, that makes "
            "eight boxes.",
        ],
        **REMEMBER,
    ),
    Task(
        name="1.3 count",
        kind="trace",
        level="understand",
        objective="1.3c",
        minutes=6,
        difficulty=3,
        points=5,
        cases=runs,
        reach=True,
        alternatives=[by_slicing, by_remainder],
        misconceptions=[
            Misconception("the rest of the examples is dropped", rounded_down, DROPPED),
            Misconception(
                "one batch is added to the full ones, also where no example is left for it", one_too_many, ONE_TOO_MANY
            ),
            Misconception(
                "the remainder is taken for the last batch, also where it is 0",
                empty_last_batch,
                "invented: `%` gives 0 where the batches come out even",
            ),
            Misconception("the parameters change once in an epoch", one_update_an_epoch, PER_EPOCH),
            Misconception("the updates of one epoch are taken for those of the run", one_epoch_only, ONE_PASS),
            Misconception("each example makes an update of its own", one_update_an_example, SHOWINGS),
            Misconception(
                "the epochs are run together, so that a batch crosses from one to the next",
                without_borders_of_epochs,
                "invented: all showings cut into pieces",
            ),
            Misconception("every batch is thought to be full", full_last_batch, PROMISE),
            Misconception("the last batch is given as what it lacks", missing_from_the_last, TRIED),
            Misconception("the batch size is taken for the number of batches", size_for_number, SIZE_NUMBER),
            Misconception("examples divided by batch size is rounded to the nearest", rounded_to_the_nearest, TRIED),
        ],
        hints=[
            "Work 10 examples with batches of 4 out on paper, then 12 examples with batches of 4.",
            "Full batches: `examples // batch_size`. What is left: `examples % batch_size`. When is there one batch "
            "more, and when not?",
            "Boxes for 70 letters, 20 to a box: 70 // 20 = 3 full ones and 70 % 20 = 10 left, so 4. For 80 letters "
            "80 % 20 = 0: 4 boxes, and the last one is full.",
        ],
    ),
]
