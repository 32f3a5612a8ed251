import random
from decimal import Decimal

import pytest

from shop.money import allocate, parse, percent_of, show

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("cents", "percent", "expected"),
    [
        (0, 19, 0),
        (100, 19, 19),
        (1, 50, 1),
        (3, 50, 2),
        (999, 7, 70),
        (1050, Decimal("5.5"), 58),
        (10**12, 19, 19 * 10**10),
        (-3, 50, -2),
    ],
)
def test_percent_is_rounded_half_up(cents, percent, expected):
    assert percent_of(cents, percent) == expected


@pytest.mark.parametrize(
    ("text", "cents"),
    [("0", 0), ("12.5", 1250), ("12.50", 1250), (" 7 ", 700), ("1,234.56", 123456), ("-3.01", -301), ("0.1", 10)],
)
def test_parse(text, cents):
    assert parse(text) == cents


@pytest.mark.parametrize("text", ["", "abc", "1.234", "1e3", "--1", "1.", ".5", "NaN", "12 34"])
def test_parse_refuses(text):
    with pytest.raises(ValueError, match="no amount of money"):
        parse(text)


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00 EUR"), (5, "0.05 EUR"), (123456, "1,234.56 EUR"), (-99, "-0.99 EUR")]
)
def test_show(cents, text):
    assert show(cents) == text


def test_show_and_parse_are_inverse():
    rng = random.Random(11)
    for _ in range(3_000):
        cents = rng.randint(-10**9, 10**9)
        assert parse(show(cents, "").strip()) == cents


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (0, [5, 5], [0, 0]),
        (0, [0, 0], [0, 0]),
        (7, [0, 1, 0], [0, 7, 0]),
        (1, [1, 2, 3], [0, 0, 1]),
        (10, [], None),
        (10, [0, 0], None),
        (-1, [1], None),
        (1, [-1, 2], None),
    ],
)
def test_allocate(total, weights, parts):
    if parts is None:
        with pytest.raises(ValueError):
            allocate(total, weights)
    else:
        assert allocate(total, weights) == parts


def test_allocated_parts_add_up_and_are_fair():
    rng = random.Random(12)
    for _ in range(4_000):
        weights = [rng.randint(0, 10_000) for _ in range(rng.randint(1, 12))]
        if not any(weights):
            continue
        total = rng.randint(0, 10**7)
        parts = allocate(total, weights)
        assert sum(parts) == total
        assert all(abs(part - total * weight / sum(weights)) < 1 for part, weight in zip(parts, weights))
