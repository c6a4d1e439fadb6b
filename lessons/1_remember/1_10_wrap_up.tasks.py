"""Tasks of the closing page of level 1, all on wines: names, shapes, a run, curves, the family, a project in order."""

from classroom.tasks import Misconception, Task, with_entries

COLUMNS = "forum: datascience.stackexchange.com 14027, counting the number of layers in a neural network"
ONE_BIAS = "forum: stats.stackexchange.com 459929, how many biases are there in a neural network"
IN_OUT = "forum: github.com/pytorch/pytorch issue 129834, weights expected as (fan_in, fan_out)"
EPOCH = "forum: stackoverflow.com 4752626, epoch vs iteration when training neural networks"
STEP = "forum: discuss.pytorch.org 9944, the difference of backward and step"
GAP = "forum: a gap between the curves is taken for overfitting as such"
SETS = "forum: stats.stackexchange.com 19048, what is the difference between test set and validation set"


NUMBERS = {
    "A": "loss",
    "B": "weight",
    "C": "weighted sum",
    "D": "activation",
    "E": "input",
    "F": "gradient",
    "G": "bias",
    "H": "learning rate",
}
W2, B2, A1, SCORES = "weight of hidden layer 2", "bias of hidden layer 2", "activations of hidden layer 1", "scores"
GRADIENT, LAYERS, PARAMETERS = "gradient of the output layer's weight", "layers", "parameters"
SHAPES = {W2: (8, 12), B2: (8,), A1: (20, 12), SCORES: (20, 3), GRADIENT: (3, 8), LAYERS: 3, PARAMETERS: 299}
UPDATES, LAST, ALL = "updates in an epoch", "wines in the last batch of an epoch", "updates in the run"
THREE, ONE = "iterations until each wine was seen 3 times", "updates in an epoch, all wines in one batch"
RUN = {UPDATES: 6, LAST: 6, ALL: 300, THREE: 18, ONE: 1}
STOP, SHOWS = "the run to be stopped early", "the set that shows when to stop"
KEEP, CLOSED = "the run to be kept, by the right set", "the set that has no curve here, rightly"
CURVES = {
    "A": "has not learnt enough yet",
    "B": "overfits",
    "C": "neither",
    STOP: "B",
    SHOWS: "validation",
    KEEP: "C",
    CLOSED: "test",
}
TABLE = "13 numbers of a wine, in any order; which kind is it?"
LEAF = "photographs of vine leaves; where is the small spot of mildew? The spot looks alike everywhere"
LABEL = "a million label pictures; each is cut into patches, and all patches look at each other"
CELLAR = "the cellar's temperature, hour by hour; a frost weeks ago must be kept in memory"
VINEYARDS = "vineyards, and who borders on whom; which will the mildew reach?"
RESTORE = "13 numbers of a wine and no label; describe each wine by 2 numbers that suffice to restore it"
MEMBERS = {
    TABLE: "MLP",
    LEAF: "CNN",
    LABEL: "ViT",
    CELLAR: "LSTM",
    VINEYARDS: "graph network",
    RESTORE: "autoencoder",
}
STEPS = [
    "divide into three sets",
    "take a batch of the training set",
    "forward",
    "loss",
    "backward",
    "update",
    "compare candidates on the validation set",
    "judge the chosen one on the test set",
]


def in_order(*places):
    return lambda: [STEPS[place] for place in places]


COMMON = {"level": "remember", "points": 5}

tasks = [
    Task(
        name="1.10 numbers",
        kind="match",
        objective="1.10a",
        minutes=4,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "weighted sum and activation are exchanged: the sum comes first, the curve after it",
                with_entries(NUMBERS, {"C": "activation", "D": "weighted sum"}),
                "invented: both are called what a neuron gives",
            ),
            Misconception(
                "weight and gradient are exchanged: `.data` holds the number, `.grad` its slope",
                with_entries(NUMBERS, {"B": "gradient", "F": "weight"}),
                "invented: they share a shape",
            ),
            Misconception(
                "weight and bias are exchanged: a weight has two places in its array, a bias one",
                with_entries(NUMBERS, {"B": "bias", "G": "weight"}),
                "invented: both are parameters",
            ),
            Misconception(
                "weight and input are exchanged: an input comes with the wines, a weight with the layer",
                with_entries(NUMBERS, {"B": "input", "E": "weight"}),
                "invented: the two factors of a product",
            ),
            Misconception(
                "gradient and learning rate are exchanged: the rate is chosen, the gradient computed",
                with_entries(NUMBERS, {"F": "learning rate", "H": "gradient"}),
                "invented: both are factors of an update",
            ),
            Misconception(
                "activation and input are exchanged: an input comes from outside, an activation from a neuron",
                with_entries(NUMBERS, {"D": "input", "E": "activation"}),
                "invented: an activation is the next layer's input",
            ),
            Misconception(
                "loss and gradient are exchanged: backward starts from the loss and gives the gradient",
                with_entries(NUMBERS, {"A": "gradient", "F": "loss"}),
                STEP,
            ),
        ],
        hints=[
            "Ask of each number where it comes from: from the table, from the layer, computed, or chosen.",
            "Neuron: 1.1. Loss, gradient, learning rate: 1.3. A letter's line of code says which array it is from.",
            "With penguins: `bills[0, 0]` is an input, `layer.bias.data[2]` a bias, `layer.bias.grad[2]` its gradient.",
        ],
        **COMMON,
    ),
    Task(
        name="1.10 shapes",
        kind="recall",
        objective="1.10b",
        minutes=4,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "the weights, or their gradient, have inputs first, then outputs",
                with_entries(SHAPES, {W2: (12, 8), GRADIENT: (8, 3)}),
                IN_OUT,
            ),
            Misconception(
                "the comma of a shape with one axis is missing, which makes it a number",
                with_entries(SHAPES, {B2: 8}),
                "invented: (8) is 8 in Python",
            ),
            Misconception(
                "a layer has a bias for each of its inputs",
                with_entries(SHAPES, {B2: (12,), PARAMETERS: 309}),
                "invented: a bias for each input",
            ),
            Misconception(
                "each wine has a bias of its own",
                with_entries(SHAPES, {B2: (20, 8)}),
                "invented: the bias is read from the sums, where it has been added to each row",
            ),
            Misconception(
                "a layer sends out as many numbers as it receives",
                with_entries(SHAPES, {A1: (20, 13), SCORES: (20, 8)}),
                "invented: the curve, which keeps the shape, is taken for the layer",
            ),
            Misconception(
                "the gradient has a row for each wine",
                with_entries(SHAPES, {GRADIENT: (20, 3)}),
                "invented: a gradient is thought to belong to the examples",
            ),
            Misconception(
                "columns of circles are counted as layers; only what has weights counts",
                with_entries(SHAPES, {LAYERS: 4}),
                COLUMNS,
            ),
            Misconception(
                "only hidden layers are counted as layers; the output layer has weights as well",
                with_entries(SHAPES, {LAYERS: 2}),
                COLUMNS,
            ),
            Misconception(
                "the biases are left out of the parameters",
                with_entries(SHAPES, {PARAMETERS: 276}),
                "invented: parameter is taken for another word for weight",
            ),
            Misconception(
                "each layer is given one bias",
                with_entries(SHAPES, {PARAMETERS: 279, B2: (1,)}),
                ONE_BIAS,
            ),
            Misconception(
                "the inputs are given biases, too",
                with_entries(SHAPES, {PARAMETERS: 312}),
                "invented: every circle is a neuron",
            ),
            Misconception(
                "activations of 20 wines are taken for those of one",
                with_entries(SHAPES, {A1: (12,), SCORES: (3,)}),
                "invented: the drawing shows one example at a time",
            ),
        ],
        hints=[
            "Sort first: what belongs to the network, what to the 20 wines? A gradient belongs to its parameters.",
            "Weights: outputs first, then inputs. Biases: one for each neuron. Count layer by layer. All in 1.2.",
            "2-5-4-1 with 7 wines: second weights (4, 5), biases (4,), first activations (7, 5); 15 + 24 + 5 = 44.",
        ],
        **COMMON,
    ),
    Task(
        name="1.10 run",
        kind="recall",
        objective="1.10b",
        minutes=3,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "the last, smaller batch is dropped",
                with_entries(RUN, {UPDATES: 5, LAST: 20, ALL: 250, THREE: 15}),
                "invented: rounding down, as programs with drop_last do",
            ),
            Misconception(
                "the share of a batch is counted as part of an update: 5.3",
                with_entries(RUN, {UPDATES: 5.3, ALL: 265, THREE: 15.9}),
                "invented: division without rounding",
            ),
            Misconception(
                "an epoch is counted as one update",
                with_entries(RUN, {UPDATES: 1, ALL: 50, THREE: 3}),
                EPOCH,
            ),
            Misconception(
                "each wine is counted as an update",
                with_entries(RUN, {UPDATES: 106, ALL: 5300, THREE: 318, ONE: 106}),
                EPOCH,
            ),
            Misconception(
                "the batch size is counted as the number of updates",
                with_entries(RUN, {UPDATES: 20, ALL: 1000, THREE: 60}),
                "invented: the size of a batch is taken for the number of batches",
            ),
            Misconception(
                "an iteration is thought to show every wine once",
                with_entries(RUN, {THREE: 3}),
                EPOCH,
            ),
        ],
        hints=[
            "How many batches do 106 wines fill? Each wine is in one of them, the last batch takes what is left.",
            "One batch, one iteration, one update. An epoch is over when each wine was in a batch. Read it up in 1.3.",
            "50 wines in batches of 15: sizes 15, 15, 15 and 5, so 4 updates an epoch; 10 epochs make 40.",
        ],
        **COMMON,
    ),
    Task(
        name="1.10 curves",
        kind="label",
        objective="1.10c",
        minutes=4,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "high losses are taken for overfitting; its sign is a validation curve that has turned up",
                with_entries(CURVES, {"A": "overfits", "B": "has not learnt enough yet"}),
                "invented: overfitting is heard as bad",
            ),
            Misconception(
                "a training loss near 0 is taken for overfitting",
                with_entries(CURVES, {"C": "overfits"}),
                GAP,
            ),
            Misconception(
                "a low training loss is taken for a good network",
                with_entries(CURVES, {"B": "neither", KEEP: "B"}),
                "invented: the wrong one of the two curves is read",
            ),
            Misconception(
                "a run whose curves still fall is taken for finished",
                with_entries(CURVES, {"A": "neither"}),
                "invented: smooth curves look healthy",
            ),
            Misconception(
                "the slow run is stopped early; its curves still fall",
                with_entries(CURVES, {STOP: "A"}),
                "invented: early stopping is thought to save time",
            ),
            Misconception(
                "the run that has arrived is stopped early; its validation loss does not rise",
                with_entries(CURVES, {STOP: "C"}),
                "invented: long is thought to be too long",
            ),
            Misconception(
                "the slow run is kept since its two curves lie close together",
                with_entries(CURVES, {KEEP: "A"}),
                GAP,
            ),
            Misconception(
                "the test set is used for choosing or stopping, so that none is left to judge",
                with_entries(CURVES, {SHOWS: "test", CLOSED: "validation"}),
                SETS,
            ),
            Misconception(
                "the training set is to show when to stop; its curve falls on in any case",
                with_entries(CURVES, {SHOWS: "training", CLOSED: "training"}),
                SETS,
            ),
        ],
        hints=[
            "Read the end of each curve first: does it fall, lie level, or rise?",
            "Overfitting is told by two curves: training falls on, validation has turned up. Which set may be opened "
            "once only? Both stand in 1.4.",
            "Training 0.9, 0.4, 0.1 and validation 0.9, 0.5, 0.8: overfits. Training 0.9, 0.8, 0.7 and validation "
            "0.9, 0.8, 0.7: more epochs first.",
        ],
        **COMMON,
    ),
    Task(
        name="1.10 members",
        kind="match",
        objective="1.10d",
        minutes=3,
        difficulty=2,
        probe="labels",
        misconceptions=[
            Misconception(
                "CNN and ViT are exchanged: a kernel slides, patches look at each other",
                with_entries(MEMBERS, {LEAF: "ViT", LABEL: "CNN"}),
                "invented: both are for pictures",
            ),
            Misconception(
                "numbers in any order are read as a series, and a series as a table",
                with_entries(MEMBERS, {TABLE: "LSTM", CELLAR: "MLP"}),
                "invented: a row of numbers looks like a series",
            ),
            Misconception(
                "neighbours on a map are read as pixels, or pixels as nodes with links",
                with_entries(MEMBERS, {VINEYARDS: "CNN", LEAF: "graph network"}),
                "invented: a map is a picture",
            ),
            Misconception(
                "the table without labels is given to the network that needs labels",
                with_entries(MEMBERS, {RESTORE: "MLP", TABLE: "autoencoder"}),
                "invented: the same 13 numbers, so the same network",
            ),
            Misconception(
                "links between vineyards are read as a series",
                with_entries(MEMBERS, {VINEYARDS: "LSTM", CELLAR: "graph network"}),
                "invented: mildew spreads in time",
            ),
        ],
        hints=[
            "Ask of each: do its numbers have neighbours, an order, links, or none of these? And is there a label?",
            "1.5 has a figure with five wirings, and a part on networks without labels. A long memory has gates.",
            "Atoms and their bonds: a graph network, since bonds are links. A melody to be remembered: an LSTM.",
        ],
        **COMMON,
    ),
    Task(
        name="1.10 order",
        kind="order",
        objective="1.10c",
        minutes=3,
        difficulty=1,
        probe="order",
        misconceptions=[
            Misconception(
                "the wines are divided after training, so that it has seen the test wines",
                in_order(1, 2, 3, 4, 5, 0, 6, 7),
                "forum: fit_transform called on the test set",
            ),
            Misconception(
                "the test set judges before one candidate has been chosen",
                in_order(0, 1, 2, 3, 4, 5, 7, 6),
                SETS,
            ),
            Misconception(
                "the parameters are changed before there is a gradient", in_order(0, 1, 2, 3, 5, 4, 6, 7), STEP
            ),
            Misconception(
                "backward comes before the number that it starts from",
                in_order(0, 1, 2, 4, 3, 5, 6, 7),
                "invented: forward and backward are put side by side",
            ),
            Misconception(
                "forward comes before there is a batch to go through",
                in_order(0, 2, 1, 3, 4, 5, 6, 7),
                "invented: tried by the author; the network is thought to run by itself",
            ),
            Misconception(
                "the loss is computed before there are outputs",
                in_order(0, 1, 3, 2, 4, 5, 6, 7),
                "invented: the goal is put first",
            ),
            Misconception(
                "candidates are compared before they are trained",
                in_order(0, 6, 1, 2, 3, 4, 5, 7),
                "invented: choosing is thought to come before training",
            ),
        ],
        hints=[
            "Which step must come before anything else, so that no set knows of another? Which comes once, at the end?",
            "Four of the eight are the loop of 1.3; the three jobs of 1.4 stand around it.",
            "Cooking: part the guests' portion first; try, season, try again; let the cooks compare; serve once.",
        ],
        **COMMON,
    ),
]
