import pytest


@pytest.mark.parametrize("number", [1, 2, 3])
def test_first(step, number):
    step(number)
