"""Money is whole cents; rates are Decimals; rounding is half up, as invoices are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,2})?")


def percent_of(cents: int, percent: Decimal | int) -> int:
    return int((Decimal(cents) * Decimal(percent) / 100).quantize(Decimal(1), ROUND_HALF_UP))


def parse(text: str) -> int:
    """'12.5' -> 1250"""
    text = text.strip().replace(",", "")
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"{text!r} is no amount of money")
    return int(Decimal(text) * 100)


def show(cents: int, currency: str = "EUR") -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d} {currency}"


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Splits total in proportion to the weights so that the parts add up exactly (largest remainder)."""
    if total < 0 or any(w < 0 for w in weights):
        raise ValueError("neither total nor weights may be negative")
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("nothing to allocate to")
        return [0] * len(weights)
    parts = [total * w // whole for w in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
