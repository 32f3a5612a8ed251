"""VAT: rates by country and class, VAT numbers, reverse charge."""

from __future__ import annotations

import re
from decimal import Decimal

HOME = "DE"

RATES: dict[str, dict[str, Decimal]] = {
    "AT": {"standard": Decimal(20), "reduced": Decimal(10)},
    "BE": {"standard": Decimal(21), "reduced": Decimal(6)},
    "DE": {"standard": Decimal(19), "reduced": Decimal(7)},
    "ES": {"standard": Decimal(21), "reduced": Decimal(10)},
    "FR": {"standard": Decimal(20), "reduced": Decimal("5.5")},
    "IT": {"standard": Decimal(22), "reduced": Decimal(10)},
    "NL": {"standard": Decimal(21), "reduced": Decimal(9)},
    "PL": {"standard": Decimal(23), "reduced": Decimal(8)},
}
CLASSES = ("standard", "reduced", "zero")


def rate(country: str, tax_class: str, *, business: bool = False) -> Decimal:
    """The percentage to charge: none outside the EU, none to businesses abroad (reverse charge)."""
    if tax_class not in CLASSES:
        raise ValueError(f"unknown tax class {tax_class!r}")
    if tax_class == "zero" or country not in RATES or (business and country != HOME):
        return Decimal(0)
    return RATES[country][tax_class]


def _german(digits: str) -> bool:
    product = 10
    for digit in digits[:8]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(digits[8])


def _french(digits: str) -> bool:
    return int(digits[:2]) == (12 + 3 * (int(digits[2:]) % 97)) % 97


def _belgian(digits: str) -> bool:
    return 97 - int(digits[:8]) % 97 == int(digits[8:])


def _italian(digits: str) -> bool:
    total = 0
    for i, digit in enumerate(digits[:10]):
        value = int(digit) * (1 + i % 2)
        total += value // 10 + value % 10
    return (10 - total % 10) % 10 == int(digits[10])


def _polish(digits: str) -> bool:
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    return sum(w * int(d) for w, d in zip(weights, digits)) % 11 == int(digits[9])


_SHAPES = {
    "DE": (re.compile(r"\d{9}"), _german),
    "FR": (re.compile(r"\d{11}"), _french),
    "BE": (re.compile(r"[01]\d{9}"), _belgian),
    "IT": (re.compile(r"\d{11}"), _italian),
    "PL": (re.compile(r"\d{10}"), _polish),
}


def valid_vat_number(text: str) -> bool:
    number = re.sub(r"[\s.\-]", "", text).upper()
    shape = _SHAPES.get(number[:2])
    if shape is None:
        return False
    pattern, check = shape
    return bool(pattern.fullmatch(number[2:])) and check(number[2:])
