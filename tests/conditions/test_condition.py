"""Conditions: names, strengths and what happens to those that do not exist."""

import numpy as np
import pytest

from seqapp.conditions.condition import Damage, find_conditions


def _louder(raw, strength, rng, others):
    return raw * strength + others(rng)


TABLE = {
    "louder": Damage(_louder, "times", (2.0, 3.0), "multiplied"),
    "quiet_room": Damage(lambda raw, *_: raw, "", (1.0,), "as it is"),
}


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["all"], ["louder=2", "louder=3", "quiet_room"]),
        (["louder"], ["louder=2", "louder=3"]),
        (["louder=0.5"], ["louder=0.5"]),
        (["quiet_room", "louder=3", "louder"], ["quiet_room", "louder=3", "louder=2"]),
        (["louder=2.0", "all"], ["louder=2", "louder=3", "quiet_room"]),
        ([], []),
    ],
)
def test_all_a_name_or_a_name_with_a_strength(texts, names):
    assert [str(condition) for condition in find_conditions(texts, TABLE)] == names


def test_a_file_names_conditions_too(tmp_path):
    file = tmp_path / "conditions.txt"
    file.write_text("louder=4\n\nquiet_room\n")
    assert [str(condition) for condition in find_conditions([str(file)], TABLE)] == ["louder=4", "quiet_room"]


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(ValueError, match=r"No condition 'louded'\..*louder.*all, or some of louder, quiet_room"):
        find_conditions(["louded"], TABLE)


def test_a_strength_that_is_no_number_is_named():
    with pytest.raises(ValueError, match="Condition 'louder=much': expected a number behind the equals sign"):
        find_conditions(["louder=much"], TABLE)


def test_titles_say_strength_and_unit_where_there_is_one():
    titles = [condition.title for condition in find_conditions(["louder=2", "quiet_room"], TABLE)]
    assert titles == ["louder 2 times", "quiet room"]


def test_equal_seeds_give_equal_damage():
    condition = find_conditions(["louder=2"], TABLE)[0]
    once, again, other = (condition.apply(np.ones(3), seed, lambda rng: rng.normal()) for seed in (1, 1, 2))
    np.testing.assert_array_equal(once, again)
    assert np.all(once != other) and type(once) is np.ndarray
