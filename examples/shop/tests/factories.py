"""Makes what tests need, with one line each."""

from __future__ import annotations

import itertools
import random

from shop.barcodes import ean13
from shop.catalogue import NewProduct
from shop.database import Conn
from shop.pricing import AmountOff, BuyNGetOne, Discount, Line, PercentOff, VolumeDiscount

PASSWORD = "tr0mbone-lantern"
_numbers = itertools.count(1)

# Article numbers far from those of the sample catalogue.
FIRST_OWN = 800_000_000


def product(**changes: object) -> NewProduct:
    n = next(_numbers)
    values: dict[str, object] = {
        "sku": ean13(FIRST_OWN + n),
        "name": f"Thing {n}",
        "category": "garden",
        "price_cents": 1000,
        "weight_grams": 100,
        "on_hand": 10,
    }
    return NewProduct(**(values | changes))  # type: ignore[arg-type]


def customer(conn: Conn, **changes: object) -> int:
    n = next(_numbers)
    values = {
        "email": f"customer{n}@example.org",
        "name": f"Customer {n}",
        "password_hash": "!",
        "country": "DE",
        "vat_number": None,
    } | changes
    row = conn.execute(
        "INSERT INTO customers (email, name, password_hash, country, vat_number)"
        " VALUES (%(email)s, %(name)s, %(password_hash)s, %(country)s, %(vat_number)s) RETURNING id",
        values,
    ).fetchone()
    assert row is not None
    return int(row["id"])


def coupon(conn: Conn, code: str, kind: str, value: int, **changes: object) -> str:
    values = {"min_subtotal_cents": 0, "category_id": None, "ends_at": None, "max_uses": None} | changes
    conn.execute(
        "INSERT INTO coupons (code, kind, value, min_subtotal_cents, category_id, ends_at, max_uses)"
        " VALUES (%(code)s, %(kind)s, %(value)s, %(min_subtotal_cents)s, %(category_id)s, %(ends_at)s, %(max_uses)s)",
        values | {"code": code, "kind": kind, "value": value},
    )
    return code


def random_lines(rng: random.Random, most: int = 8) -> list[Line]:
    return [
        Line(
            sku=f"sku-{i}",
            quantity=rng.randint(1, 12),
            unit_price=rng.randint(0, 25_000),
            category=rng.choice(["books", "garden", "toys"]),
            tax_class=rng.choice(["standard", "reduced", "zero"]),
            weight=rng.randint(0, 9_000),
        )
        for i in range(rng.randint(1, most))
    ]


def random_discounts(rng: random.Random, most: int = 4) -> list[Discount]:
    makers = [
        lambda n: PercentOff(f"P{n}", rng.randint(1, 100), rng.choice([None, "books"]), rng.choice([0, 5_000])),
        lambda n: AmountOff(f"A{n}", rng.randint(1, 50_000), rng.choice([0, 10_000])),
        lambda n: BuyNGetOne(f"B{n}", rng.randint(1, 3), rng.choice(["garden", "toys"])),
        lambda n: VolumeDiscount(f"V{n}", ((5, 5), (10, 12))),
    ]
    return [rng.choice(makers)(n) for n in range(rng.randint(0, most))]
