"""The data sets are what their docstrings say, split without overlap, the same for the same seed."""

import numpy as np
import pytest

from classroom import data

SETS = {
    "digits": (1797, 64, 10),
    "mnist": (5000, 784, 10),
    "penguins": (333, 2, 3),
    "moons": (400, 2, 2),
    "wines": (178, 13, 3),
    "tumours": (569, 30, 2),
}


@pytest.mark.parametrize("name", SETS)
def test_shapes_types_and_names(name):
    rows, features, classes = SETS[name]
    found = getattr(data, name)()
    assert found.x.shape == (rows, features) and found.x.dtype == np.float32
    assert found.y.shape == (rows,) and found.y.dtype == np.int64 and set(found.y) == set(range(classes))
    assert len(found.features) == features and len(found.classes) == classes and found.units
    assert np.isfinite(found.x).all()
    doc = getattr(data, name).__doc__
    assert "Source:" in doc and any(word in doc for word in ("CC", "licence"))


@pytest.mark.parametrize("name", SETS)
def test_the_parts_are_disjoint_stratified_and_reproducible(name):
    load = getattr(data, name)
    found, again, other = load(seed=3), load(seed=3), load(seed=4)
    parts = [found.train, found.validation, found.test]
    assert sum(len(part.y) for part in parts) == len(found.y)
    for part, fraction in zip(parts, (0.6, 0.2, 0.2), strict=True):
        assert abs(len(part.y) - fraction * len(found.y)) <= 2
        for label in set(found.y):
            share = (found.y == label).mean()
            assert abs((part.y == label).mean() - share) < 2 / len(part.y) + 0.01
    assert np.array_equal(found.test.x, again.test.x) and not np.array_equal(found.test.x, other.test.x)


def test_no_row_is_in_two_parts():
    found = data.moons(seed=1)  # all its rows differ
    rows = {tuple(row) for row in found.x}
    assert len(rows) == 400
    parts = [{tuple(row) for row in part.x} for part in (found.train, found.validation, found.test)]
    assert set.union(*parts) == rows and sum(map(len, parts)) == 400


def test_pixels_are_whole_numbers_in_their_range():
    for found, top in ((data.digits(), 16), (data.mnist(), 255)):
        assert found.x.min() == 0 and found.x.max() == top and np.array_equal(found.x, np.round(found.x))
    assert np.array_equal(np.bincount(data.mnist().y), [500] * 10)


def test_penguins_by_column_and_species():
    found = data.penguins(columns=("body_mass_g",), species=("Gentoo", "Adelie"))
    assert found.x.shape == (265, 1) and found.classes == ("Gentoo", "Adelie")
    assert found.x[found.y == 0].mean() > found.x[found.y == 1].mean() > 3000  # Gentoos are heavier, in g
    everyone = data.penguins(complete=False)
    assert len(everyone.y) == 344 and np.isnan(everyone.x).any(axis=1).sum() == 2


def test_wines_are_those_of_scikit_learn_under_names_that_are_easier_to_read():
    from sklearn.datasets import load_wine

    found, table = data.wines(), load_wine()
    assert np.allclose(found.x, table.data) and found.classes == ("Barolo", "Grignolino", "Barbera")
    assert np.bincount(found.y).tolist() == [59, 71, 48]  # as counted by kind in Forina and others (1986)
    assert [len(part.y) for part in (found.train, found.validation, found.test)] == [106, 36, 36]
    renamed = {
        "alkalinity of ash": "alcalinity of ash",
        "phenols": "total phenols",
        "other phenols": "nonflavanoid phenols",
        "colour intensity": "color intensity",
        "OD280/OD315": "od280/od315 of diluted wines",
    }
    assert [renamed.get(name, name) for name in found.features] == [n.replace("_", " ") for n in table.feature_names]


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"columns": ("bill",)}, r"got column \('bill',\); expected a tuple of some of bill_length_mm"),
        ({"columns": "body_mass_g"}, r"got column 'body_mass_g'; expected a tuple"),
        ({"species": ("Emperor",)}, r"got species \('Emperor',\)"),
        ({"fractions": (0.9, 0.1)}, r"three positive numbers that add up to 1"),
        ({"fractions": (0.9, 0.2, 0.2)}, r"three positive numbers that add up to 1"),
    ],
)
def test_bad_requests_get_a_sentence(wrong, says):
    with pytest.raises(ValueError, match=says):
        data.penguins(**wrong)


def test_a_missing_package_is_named(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(data.importlib, "import_module", missing)
    with pytest.raises(ImportError, match="comes with the package scikit-learn, which is missing: pip install"):
        data.digits()


def test_the_quick_copy_of_mnist_is_used_and_a_damaged_one_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSROOM_DATA", str(tmp_path))
    first = data._mnist_arrays.__wrapped__()
    copy = tmp_path / "cache" / "mnist_5k.npz"
    assert copy.exists() and first[0].shape == (5000, 784)
    copy.write_bytes(b"PK half a file")
    second = data._mnist_arrays.__wrapped__()
    assert np.array_equal(first[0], second[0])
    with np.load(copy) as stored:
        assert np.array_equal(stored["y"], first[1])
    assert [path.name for path in copy.parent.iterdir()] == ["mnist_5k.npz"]


def test_tumours_are_those_of_scikit_learn_with_1_for_malignant():
    from sklearn.datasets import load_breast_cancer

    found, table = data.tumours(), load_breast_cancer()
    assert np.allclose(found.x, table.data) and np.bincount(found.y).tolist() == [357, 212]
    assert [table.target_names[1 - label] for label in found.y] == [found.classes[label] for label in found.y]
    renamed = [f"{name}, {kind}" for name, kind in map(_named, table.feature_names)]
    assert list(found.features) == renamed


def _named(name):
    """scikit-learn says "mean radius", "radius error", "worst radius"."""
    words = name.split()
    kind = next(word for word in words if word in ("mean", "error", "worst"))
    return " ".join(word for word in words if word != kind), kind
