import pytest

from shop.prices import total


@pytest.mark.parametrize("number", range(1, 9))
def test_order(number):
    assert total(number) >= 0
