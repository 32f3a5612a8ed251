from decimal import Decimal

import pytest

from shop.pricing import AmountOff, BuyNGetOne, Line, PercentOff, VolumeDiscount

pytestmark = pytest.mark.unit

BOOKS = Line("b", 2, 1500, "books")
TOYS = Line("t", 3, 1000, "toys")
LEFT = [3000, 3000]


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        (PercentOff("X", 10), [300, 300]),
        (PercentOff("X", Decimal("12.5")), [375, 375]),
        (PercentOff("X", 100), [3000, 3000]),
        (PercentOff("X", 10, category="books"), [300, 0]),
        (PercentOff("X", 10, category="garden"), [0, 0]),
        (PercentOff("X", 10, min_subtotal=6000), [300, 300]),
        (PercentOff("X", 10, min_subtotal=6001), [0, 0]),
        (PercentOff("X", 10, category="books", min_subtotal=3001), [0, 0]),
        (AmountOff("X", 500), [250, 250]),
        (AmountOff("X", 501), [251, 250]),
        (AmountOff("X", 99_999), [3000, 3000]),
        (AmountOff("X", 500, min_subtotal=6001), [0, 0]),
        (BuyNGetOne("X", 1, "toys"), [0, 1000]),
        (BuyNGetOne("X", 2, "toys"), [0, 1000]),
        (BuyNGetOne("X", 3, "toys"), [0, 0]),
        (BuyNGetOne("X", 1, "books"), [1500, 0]),
        (VolumeDiscount("X", ((3, 10),)), [0, 300]),
        (VolumeDiscount("X", ((2, 5), (3, 10))), [150, 300]),
        (VolumeDiscount("X", ()), [0, 0]),
    ],
)
def test_apply(discount, expected):
    assert discount.apply([BOOKS, TOYS], LEFT) == expected


def test_the_cheapest_pieces_are_free():
    lines = [Line("dear", 2, 900, "toys"), Line("cheap", 2, 100, "toys"), Line("other", 1, 1, "books")]
    assert BuyNGetOne("X", 1, "toys").apply(lines, [1800, 200, 1]) == [0, 200, 0]


def test_a_second_discount_takes_from_what_the_first_left():
    assert PercentOff("X", 50).apply([BOOKS, TOYS], [1000, 0]) == [500, 0]


@pytest.mark.parametrize(("quantity", "price"), [(0, 100), (-1, 100), (1, -1)])
def test_lines_are_checked(quantity, price):
    with pytest.raises(ValueError):
        Line("x", quantity, price)
