"""A claim is settled by a lesson's numbers, or said to be open; all verdicts are joined."""

import json

import numpy as np
import pytest

from classroom import claims

VERDICTS = """
- id: C22
  verdict: holds if the error is large
  conditions: two predictions, $p$ from 0.1 to 0.9
  seeds: 5
  because: The error grows {ratio:.1f} times, on {worse} of 5 seeds.
"""


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What `settle` displays in a lesson 2.3 with one verdict."""
    (tmp_path / "2_3_losses.claims.yaml").write_text(VERDICTS)
    monkeypatch.setattr(claims, "lesson_stem", lambda lesson: tmp_path / "2_3_losses")
    found = []
    monkeypatch.setattr(claims, "display", lambda data, raw, metadata: found.append((data, metadata["verdict"])))
    return found


def test_numbers_that_bear_the_verdict_out(shown):
    claims.settle("2.3 C22", np.True_, ratio=np.float32(2.345678), worse=np.int64(5))
    data, kept = shown[0]
    assert data["text/plain"] == ("Claim C22: holds if the error is large. The error grows 2.3 times, on 5 of 5 seeds.")
    assert "two predictions, $p$ from 0.1 to 0.9; 5 runs" in data["text/html"]
    assert kept == json.loads(json.dumps(kept)) == {
        **{"claim": "C22", "kind": claims.published(claims.ROOT)["C22"]["kind"], "lesson": "2.3", "seeds": 5},
        **{"verdict": "holds if the error is large", "conditions": "two predictions, $p$ from 0.1 to 0.9"},
        **{"figures": {"ratio": 2.35, "worse": 5}, "borne_out": True},
    }  # fmt: skip


def test_numbers_that_do_not(shown):
    claims.settle("2.3 C22", False, ratio=0.9, worse=1)
    data, kept = shown[0]
    assert kept["verdict"] == "cannot be told" and kept["borne_out"] is False
    assert "Claim C22: cannot be told. These numbers do not show" in data["text/plain"]
    assert "grows" not in data["text/html"]


@pytest.mark.parametrize(
    "name, figures, sentence",
    [
        ("2.3 C23", {}, r"has no verdict on 'C23'; it has C22"),
        ("2.3 C22", {"ratio": 2.0}, r"names the figure 'worse', which settle\(\) was not given"),
        ("2.3 C22", {"ratio": np.ones(3), "worse": 1}, "'ratio' must be one number, got ndarray"),
        ("2.3 C22", {"ratio": "2", "worse": 1}, "'ratio' must be one number, got str"),
    ],
)
def test_what_is_missing_is_named(shown, name, figures, sentence):
    with pytest.raises((LookupError, TypeError), match=sentence):
        claims.settle(name, True, **figures)


def test_verdicts_of_all_lessons_are_joined(tmp_path):
    for name, verdicts in (("1_a/1_1_x", [{"claim": "C62"}]), ("3_b/3_2_y", [{"claim": "C06"}, {"claim": "C07"}])):
        path = tmp_path / "notebooks" / (name + claims.ENDING)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(verdicts))
    assert [v["claim"] for v in claims.settled(tmp_path)] == ["C62", "C06", "C07"]
