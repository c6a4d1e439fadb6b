"""Recall, match, label, order: the answer is data, and each entry is judged."""

from classroom.tasks import Misconception, Task, with_entries

COMMON = {"level": "remember", "objective": "8.1a", "minutes": 2, "difficulty": 1, "points": 2}
TEST = "invented: a worked example"
WORDS = {
    "one pass over all rows": "epoch",
    "one update of the weights": "iteration",
    "rows in one update": "batch size",
}
FAMILIES = {"photographs": "CNN", "a sentence": "transformer", "friends and their ties": "GNN", "a table": "MLP"}
LINES = {"line 1": "prepare", "line 2": "forward", "line 3": "loss", "line 4": "backward", "line 5": "update"}
LOOP = ["forward", "loss", "zero gradients", "backward", "update"]


tasks = [
    Task(
        name="8.1 recall",
        kind="recall",
        probe="labels",
        misconceptions=[
            Misconception(
                "one update is called an epoch, and one pass an iteration",
                with_entries(WORDS, onepassoverallrows="iteration", oneupdateoftheweights="epoch"),
                "literature: claim C38",
            ),
            Misconception(
                "a batch that is fed through is called an epoch",
                with_entries(WORDS, onepassoverallrows="batch size", rowsinoneupdate="epoch"),
                "literature: claim C38",
            ),
            Misconception(
                "iteration stands for the rows that it uses",
                with_entries(WORDS, oneupdateoftheweights="batch size", rowsinoneupdate="iteration"),
                TEST,
            ),
        ],
        hints=["Count what happens in one update.", "With 100 rows, 20 at a time: five of one make one of the other."],
        **COMMON,
    ),
    Task(
        name="8.1 match",
        kind="match",
        probe="labels",
        misconceptions=[
            Misconception(
                "words are taken for a picture",
                with_entries(FAMILIES, photographs="transformer", asentence="CNN"),
                TEST,
            ),
            Misconception(
                "ties are read as rows of a table",
                with_entries(FAMILIES, friendsandtheirties="MLP", atable="GNN"),
                TEST,
            ),
            Misconception(
                "the ties are drawn, so a picture",
                with_entries(FAMILIES, friendsandtheirties="CNN", photographs="GNN"),
                TEST,
            ),
        ],
        hints=["What lies beside what?", "A grid, a row in time, edges, or no order at all?"],
        **COMMON,
    ),
    Task(
        name="8.1 label",
        kind="label",
        probe="labels",
        misconceptions=[
            Misconception(
                "backward is taken for the update",
                with_entries(LINES, line4="update", line5="backward"),
                "literature: claim C40",
            ),
            Misconception(
                "the loss is taken for a part of forward",
                with_entries(LINES, line3="forward", line2="prepare", line1="loss"),
                TEST,
            ),
            Misconception("forward and loss change places", with_entries(LINES, line2="loss", line3="forward"), TEST),
        ],
        hints=["Which line changes a weight?", "Which line compares with the label?"],
        **COMMON,
    ),
    Task(
        name="8.1 order",
        kind="order",
        probe="order",
        misconceptions=[
            Misconception(
                "the weights are updated before there is a gradient",
                lambda: ["forward", "loss", "update", "zero gradients", "backward"],
                TEST,
            ),
            Misconception(
                "the new gradients are removed before they are used",
                lambda: ["forward", "loss", "backward", "zero gradients", "update"],
                "forum: why zero_grad before backward",
            ),
            Misconception(
                "backward runs before the loss is known",
                lambda: ["forward", "backward", "loss", "zero gradients", "update"],
                TEST,
            ),
        ],
        hints=["What does each step need from another?", "Where would old gradients do harm?"],
        **COMMON,
    ),
]
