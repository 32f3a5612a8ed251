import pytest

from shop.prices import price


@pytest.mark.parametrize("number", range(30))
def test_cart(client, number):
    assert price(number) == number * 2
