"""The pictures of lesson 4.1 show the numbers that they are given."""

import pytest
from sklearn.tree import DecisionTreeClassifier

from classroom.explore import views


@pytest.fixture
def ax():
    return views.subplots(1, 1)[1]


def test_a_reading_stands_over_those_of_healthy_programs(ax):
    view = views.reading(ax).set([1, 2], [[3, 4], [5, 6]], ["hidden", "output"], "ratio")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[3, 4], [5, 6], [1, 2]]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["hidden", "output"] and ax.texts[
        0
    ].get_text() == "ratio"
    view.set(None, [7.0], [""], "one batch")  # no instrument left: healthy programs alone
    assert len(ax.lines) == 1
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["healthy programs"]


def test_effects_are_cut_and_small_ones_left_out(ax):
    views.effects(ax, [[12.0, -3.4], [1.0, 0.0]], ["a", "b"], ["x", "y"])
    assert [text.get_text() for text in ax.texts] == ["+9", "−3"]
    assert ax.images[0].get_array().max() == 9


def test_a_key_leads_to_the_names_of_the_tree(ax):
    tree = DecisionTreeClassifier(random_state=0).fit([[0, 5], [0, 7], [4, 6]], ["well", "well", "ill"])
    views.key(ax, tree, ["loss", "size"])
    assert [text.get_text() for text in ax.texts] == ["loss above 2?", "yes", "ill", "no", "well"]


def test_words_follow_from_numbers():
    assert [views.one_batch(loss) for loss in (0.1, 2.2, 1.1)] == [
        "It falls to nearly 0.",
        "It stays near 2.3.",
        "It falls to about half and stays there.",
    ]
    assert [views.cured(["x"] * n) for n in (0, 2)] == ["None of the three.", "Two of the three."]
