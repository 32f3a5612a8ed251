"""Prices of a cart: discounts, shipping, tax. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Protocol

from shop import tax
from shop.money import allocate, percent_of


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int
    unit_price: int
    category: str = ""
    tax_class: str = "standard"
    weight: int = 0

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"{self.sku}: quantity must be positive")
        if self.unit_price < 0:
            raise ValueError(f"{self.sku}: price must not be negative")

    @property
    def subtotal(self) -> int:
        return self.quantity * self.unit_price


class Discount(Protocol):
    """Takes the lines and what is left to pay on each; returns what it takes off each."""

    code: str
    exclusive: bool

    def apply(self, lines: Sequence[Line], left: Sequence[int]) -> list[int]: ...


@dataclass(frozen=True)
class PercentOff:
    code: str
    percent: Decimal | int
    category: str | None = None
    min_subtotal: int = 0
    exclusive: bool = False

    def apply(self, lines: Sequence[Line], left: Sequence[int]) -> list[int]:
        hit = [rest if self.category in (None, line.category) else 0 for line, rest in zip(lines, left)]
        if sum(hit) < self.min_subtotal:
            return [0] * len(lines)
        return allocate(percent_of(sum(hit), self.percent), hit)


@dataclass(frozen=True)
class AmountOff:
    code: str
    amount: int
    min_subtotal: int = 0
    exclusive: bool = False

    def apply(self, lines: Sequence[Line], left: Sequence[int]) -> list[int]:
        if sum(left) < self.min_subtotal:
            return [0] * len(lines)
        return allocate(min(self.amount, sum(left)), left)


@dataclass(frozen=True)
class BuyNGetOne:
    """Of every n + 1 pieces of a category the cheapest is free."""

    code: str
    n: int
    category: str
    exclusive: bool = False

    def apply(self, lines: Sequence[Line], left: Sequence[int]) -> list[int]:
        pieces = sorted(
            (rest // line.quantity, i)
            for i, (line, rest) in enumerate(zip(lines, left))
            if line.category == self.category
            for _ in range(line.quantity)
        )
        off = [0] * len(lines)
        for price, i in pieces[: len(pieces) // (self.n + 1)]:
            off[i] += price
        return off


@dataclass(frozen=True)
class VolumeDiscount:
    """Steps of (pieces, percent): the highest step that a line reaches."""

    code: str
    steps: tuple[tuple[int, int], ...]
    exclusive: bool = False

    def apply(self, lines: Sequence[Line], left: Sequence[int]) -> list[int]:
        off = []
        for line, rest in zip(lines, left):
            percent = max((p for pieces, p in self.steps if line.quantity >= pieces), default=0)
            off.append(percent_of(rest, percent))
        return off


@dataclass(frozen=True)
class Shipping:
    """A fee up to each weight, in grams; free from a subtotal on."""

    fees: tuple[tuple[int, int], ...] = ((1_000, 490), (5_000, 690), (31_500, 1290))
    free_from: int | None = 10_000

    def fee(self, weight: int, subtotal: int) -> int:
        if weight == 0 or (self.free_from is not None and subtotal >= self.free_from):
            return 0
        limit, highest = self.fees[-1]
        parcels, rest = divmod(weight, limit)
        last = next((fee for upto, fee in self.fees if 0 < rest <= upto), 0)
        return parcels * highest + last


@dataclass(frozen=True)
class QuotedLine:
    line: Line
    discount: int
    tax_rate: Decimal
    tax: int

    @property
    def net(self) -> int:
        return self.line.subtotal - self.discount


@dataclass(frozen=True)
class Quote:
    lines: tuple[QuotedLine, ...]
    shipping: int
    shipping_tax: int
    codes: tuple[str, ...] = field(default=())

    @property
    def subtotal(self) -> int:
        return sum(q.line.subtotal for q in self.lines)

    @property
    def discount(self) -> int:
        return sum(q.discount for q in self.lines)

    @property
    def tax(self) -> int:
        return sum(q.tax for q in self.lines) + self.shipping_tax

    @property
    def total(self) -> int:
        return self.subtotal - self.discount + self.shipping + self.tax


def quote(
    lines: Iterable[Line],
    discounts: Sequence[Discount] = (),
    *,
    country: str = tax.HOME,
    business: bool = False,
    shipping: Shipping | None = None,
) -> Quote:
    """Applies the discounts in the order given, each to what the ones before left."""
    lines = tuple(lines)
    left = [line.subtotal for line in lines]
    used: list[str] = []
    for discount in discounts:
        off = discount.apply(lines, left)
        if any(off):
            used.append(discount.code)
        left = [rest - part for rest, part in zip(left, off)]

    # Tax is rounded once per rate and then spread, so that the invoice's sums per rate are exact.
    rates = [tax.rate(country, line.tax_class, business=business) for line in lines]
    taxes = [0] * len(lines)
    for rate in set(rates):
        members = [i for i, r in enumerate(rates) if r == rate]
        base = [left[i] for i in members]
        for i, part in zip(members, allocate(percent_of(sum(base), rate), base)):
            taxes[i] = part

    weight = sum(line.weight * line.quantity for line in lines)
    fee = shipping.fee(weight, sum(left)) if shipping and lines else 0
    fee_tax = percent_of(fee, tax.rate(country, "standard", business=business))
    quoted = tuple(
        QuotedLine(line, line.subtotal - rest, rate, part)
        for line, rest, rate, part in zip(lines, left, rates, taxes)
    )
    return Quote(quoted, fee, fee_tax, tuple(used))


def best_quote(lines: Iterable[Line], offers: Sequence[Discount], *, limit: int = 3, **options: object) -> Quote:
    """The cheapest allowed combination of offers: at most `limit`, an exclusive one only alone."""
    lines = tuple(lines)
    best = quote(lines, (), **options)  # type: ignore[arg-type]
    for size in range(1, min(limit, len(offers)) + 1):
        for chosen in combinations(offers, size):
            if size > 1 and any(offer.exclusive for offer in chosen):
                continue
            candidate = quote(lines, chosen, **options)  # type: ignore[arg-type]
            if candidate.total < best.total:
                best = candidate
    return best
