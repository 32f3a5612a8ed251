import pytest


@pytest.mark.parametrize("number", [1, 2])
def test_second(step, number):
    step(number)
