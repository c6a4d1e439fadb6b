"""The probe of a training that must survive: what it finds where nothing, half a file or too little is saved."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from classroom.tasks import arrays, probes
from classroom.tasks.kinds.power_cut import AGAIN, FORGOT
from classroom.workshop import Training

X = np.zeros((4, 2))
CUTS, IN_WRITING = np.array([0.2, 0.55, 0.9]), np.array([-0.2, -0.55, 0.9])


def trained(save=None, start=None, steps=20, log=lambda losses: losses):
    """A training whose loss is the number of its step. `start(folder)` gives the losses so far, `save` keeps them."""

    def design(x, y, test_x, most, seed, folder, tick):
        losses = start(Path(folder)) if start else []
        while len(losses) < steps:
            losses = [*losses, float(len(losses))]
            if save:
                save(Path(folder), losses)
            tick(losses[-1])
        brief = {"model": "line", "steps": steps}
        weights = [np.array([sum(losses)])]
        return {"brief": brief, "predictions": np.zeros(3, int), "weights": weights, "log": {"loss": log(losses)}}

    return design


def found(design, cuts=CUTS):
    values = probes.run("power_cut", design, (X, np.zeros(4), X, 9, 0, cuts))
    return {name.removeprefix("brief "): int(value) for name, value in values.items() if name.startswith("brief ")}


def read(folder):
    path = folder / "losses.json"
    return json.loads(path.read_text()) if path.exists() else []


def whole(folder, losses):
    (folder / "part").write_text(json.dumps(losses))
    os.replace(folder / "part", folder / "losses.json")


def by_path(folder, losses):
    (folder / "part").write_text(json.dumps(losses))
    (folder / "part").replace(folder / "losses.json")


def directly(folder, losses):
    (folder / "losses.json").write_text(json.dumps(losses))


def read_or_begin(folder):
    try:
        return read(folder)
    except json.JSONDecodeError:
        return []


@pytest.mark.parametrize("cuts", [CUTS, IN_WRITING], ids=["between steps", "in writing"])
@pytest.mark.parametrize("save", [whole, by_path])
def test_whole_files_make_a_training_that_survives(save, cuts):
    counts = found(trained(save, read, steps=100), cuts)
    assert counts.pop(AGAIN) <= 3
    counts.pop("model"), counts.pop("steps")
    assert set(counts.values()) == {0}


def test_nothing_saved_means_that_all_steps_are_made_again():
    counts = found(trained())
    assert counts[AGAIN] == 4 + 7 + 7 and counts["losses that differ after the cuts"] == 0  # cuts after 4, 11, 18


def test_steps_that_are_missing_are_counted():
    assert found(trained(whole, read, steps=20))["steps missing"] == 80


def test_a_file_that_is_written_directly_is_found_half_after_a_cut_in_writing():
    assert found(trained(directly, read))[AGAIN] == 0  # between steps it does no harm
    with pytest.raises(arrays.Unusable, match=r"`losses\.json` was written.*ended with JSONDecodeError"):
        found(trained(directly, read), IN_WRITING)
    assert found(trained(directly, read_or_begin), IN_WRITING)[AGAIN] > 10


def test_an_error_without_a_half_file_stays_what_it_is():
    with pytest.raises(ZeroDivisionError):
        found(lambda *_: 1 / 0)


def test_of_a_file_that_only_grows_what_was_there_before_stays():
    def append(folder, losses):
        with open(folder / "losses.txt", "a") as file:
            file.write(f"{losses[-1]:5.1f}\n")

    def lines(folder):
        path = folder / "losses.txt"
        held = path.read_bytes()[: path.stat().st_size // 6 * 6] if path.exists() else b""
        path.write_bytes(held)  # what is half is cut off
        return [float(line) for line in held.split()]

    counts = found(trained(append, lines), IN_WRITING)
    assert counts[AGAIN] <= 3 and counts["losses that differ after the cuts"] == 0


HELD = {}


def test_what_is_kept_in_a_variable_is_lost_and_said_to_be():
    def keep(folder, losses):
        HELD["losses"] = losses

    counts = found(trained(keep, lambda folder: HELD.get("losses", [])))
    assert counts[FORGOT] == 4 + 7 + 7 and counts[AGAIN] == 0 and not HELD


def test_the_last_of_two_replacements_is_the_one_that_is_hit():
    def two_files(folder, losses):
        whole(folder, losses)
        (folder / "part").write_text(str(len(losses)))
        os.replace(folder / "part", folder / "count")

    def both(folder):
        losses, path = read(folder), folder / "count"
        return losses if not path.exists() or int(path.read_text()) == len(losses) else [9.0] * len(losses)

    assert found(trained(two_files, both))["losses that differ after the cuts"] == 0
    assert found(trained(two_files, both), IN_WRITING)["losses that differ after the cuts"] > 0


def test_a_state_that_is_not_whole_shows_in_losses_and_weights():
    counts = found(trained(whole, lambda folder: [0.5 * loss for loss in read(folder)]))
    assert counts["losses that differ after the cuts"] > 0 and counts["weights that differ after the cuts"] == 1


def test_a_log_that_is_not_what_was_told_is_counted():
    assert (
        found(trained(whole, read, log=lambda losses: [0.0] * len(losses)))["losses in the log not told to tick"] == 19
    )


def test_whoever_catches_the_cut_is_dead_all_the_same():
    def deaf(x, y, test_x, most, seed, folder, tick):
        def caught(loss):
            try:
                tick(loss)
            except BaseException:
                whole(Path(folder), [9.0] * 12)  # too late

        return trained(whole, read)(x, y, test_x, most, seed, folder, caught)

    assert found(deaf) == found(trained(whole, read))


def test_the_folder_is_gone_and_os_is_as_it_was():
    folders, given = [], (os.replace, os.rename)
    found(trained(lambda folder, losses: folders.append(folder)))
    assert folders and not any(folder.exists() for folder in folders)
    assert (os.replace, os.rename) == given


def test_what_is_no_dict_gets_a_sentence():
    with pytest.raises(arrays.Unusable, match="a dict is expected"):
        found(lambda *_: 3)


class Replayed(Training):
    """Knows how many steps there were, and makes them again."""

    def state(self):
        return {"tensors": {}, "numbers": {"steps": len(self.losses)}}

    def load(self, state):
        for _ in range(state["numbers"]["steps"]):
            self.advance()


class Unwritable(Training):
    def state(self):
        return {"tensors": {}, "numbers": {"w": self.w}}


ROWS = np.random.default_rng(0).normal(size=(26, 4)), np.arange(26.0) % 2


def test_a_training_that_is_resumed_has_no_data_to_make_its_steps_again():
    with pytest.raises(TypeError):
        probes.run("resumed", Replayed, (*ROWS, 0, [4], 8))
    assert len(probes.run("resumed", Replayed, (*ROWS, 0, [], 8))["losses"]) == 8


def test_what_json_cannot_write_gets_a_sentence():
    with pytest.raises(arrays.Unusable, match="JSON cannot write your `numbers`"):
        probes.run("resumed", Unwritable, (*ROWS, 0, [4], 8))
