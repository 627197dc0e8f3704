"""What is asked of a cluster is checked before Ray waits for it for ever."""

import pytest

from seqapp.serving.ray_serve import Scaling


def test_all_models_start_where_there_are_fewer_cores_than_models():
    assert Scaling().cpus_of_each(3, 8.0) == 1.0
    assert Scaling().cpus_of_each(5, 2.0) == 0.4
    assert Scaling(min_replicas=2).cpus_of_each(3, 2.0) * 6 <= 2.0
    assert Scaling(cpus=0.5).cpus_of_each(4, 2.0) == 0.5


@pytest.mark.parametrize(
    "scaling, num_cores", [(Scaling(cpus=1.0), 2.0), (Scaling(min_replicas=2, max_replicas=2), 0.0)]
)
def test_too_much_is_refused(scaling, num_cores):
    with pytest.raises(ValueError, match="Expected room for .* replicas"):
        scaling.cpus_of_each(3, num_cores)


@pytest.mark.parametrize(
    "changes",
    [
        {"min_replicas": 0},
        {"min_replicas": 5},
        {"target_requests": 0.0},
        {"cpus": -1.0},
        {"object_store_mb": float("nan")},
    ],
    ids=str,
)
def test_numbers_that_cannot_be_are_refused(changes):
    with pytest.raises(ValueError, match="Expected"):
        Scaling(**changes)
