"""A catalogue and a sales history for development and tests: the same for the same seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from shop import tax
from shop.barcodes import ean13
from shop.catalogue import NewProduct
from shop.database import Conn
from shop.pricing import Line, PercentOff, Shipping, quote

CATEGORIES: dict[str, tuple[list[str], str, tuple[int, int]]] = {
    "books": (["Novel", "Atlas", "Cookbook", "Dictionary", "Biography"], "reduced", (500, 6000)),
    "coffee": (["Espresso", "Filter Coffee", "Decaf", "Cold Brew"], "reduced", (600, 2500)),
    "garden": (["Spade", "Hose", "Rake", "Planter", "Wheelbarrow"], "standard", (900, 19000)),
    "kitchen": (["Kettle", "Grinder", "Saucepan", "Chopping Board", "Teapot"], "standard", (700, 15000)),
    "office": (["Desk Lamp", "Notebook", "Stapler", "Fountain Pen"], "standard", (200, 9000)),
    "outdoor": (["Tent", "Rucksack", "Lantern", "Flask", "Hammock"], "standard", (1500, 40000)),
    "stamps": (["Postage Stamp", "Stamp Album"], "zero", (85, 3000)),
    "toys": (["Puzzle", "Kite", "Train Set", "Teddy Bear", "Yo-yo"], "standard", (400, 12000)),
}
_ADJECTIVES = ["Small", "Large", "Folding", "Classic", "Blue", "Red", "Green", "Steel", "Wooden", "Copper", "Quiet"]
_WORDS = (
    "durable light waterproof handmade recycled organic compact family travel gift winter summer professional beginner"
    " quality design award everyday limited edition washable sturdy elegant colourful traditional modern simple"
).split()


def products(count: int, *, seed: int = 1, first: int = 1) -> Iterator[NewProduct]:
    rng = random.Random(seed)
    slugs = list(CATEGORIES)
    for number in range(first, first + count):
        slug = slugs[number % len(slugs)]
        nouns, tax_class, (low, high) = CATEGORIES[slug]
        yield NewProduct(
            sku=ean13(number),
            name=f"{rng.choice(_ADJECTIVES)} {rng.choice(nouns)} No. {number}",
            category=slug,
            price_cents=rng.randrange(low, high),
            description=" ".join(rng.sample(_WORDS, 9)).capitalize() + ".",
            tax_class=tax_class,
            weight_grams=rng.randrange(20, 4000),
            on_hand=rng.randrange(20, 200),
        )


def sales(conn: Conn, count: int, *, customers: int = 200, year: int = 2024, seed: int = 2) -> int:
    """Customers with `count` orders over a year, priced like real ones, by COPY. Returns the number of lines."""
    rng = random.Random(seed)
    countries = list(tax.RATES)
    with conn.cursor().copy("COPY customers (email, name, password_hash, country) FROM STDIN") as copy:
        for i in range(customers):
            copy.write_row((f"buyer{i}@example.org", f"Buyer {i}", "!", rng.choice(countries)))
    buyers = conn.execute("SELECT id, country FROM customers WHERE password_hash = '!' ORDER BY id").fetchall()
    goods = conn.execute(
        "SELECT p.id, p.sku, p.price_cents, p.tax_class, p.weight_grams, c.slug FROM products p"
        " JOIN categories c ON c.id = p.category_id ORDER BY p.id LIMIT 1000"
    ).fetchall()
    ids = [
        row["id"]
        for row in conn.execute(
            "SELECT nextval(pg_get_serial_sequence('orders', 'id')) AS id FROM generate_series(1, %s)", (count,)
        )
    ]
    start = dt.datetime(year, 1, 1, tzinfo=dt.timezone.utc)
    minutes = (dt.datetime(year + 1, 1, 1, tzinfo=dt.timezone.utc) - start) // dt.timedelta(minutes=1)
    offer, shipping = PercentOff("SAMPLE", 10, min_subtotal=15_000), Shipping()
    orders, lines = [], []
    for order_id in ids:
        buyer = rng.choice(buyers)
        # A few products sell most: squaring the random number prefers the front of the list.
        chosen = {int(rng.random() ** 2 * len(goods)) for _ in range(rng.randint(1, 5))}
        cart = [
            Line(g["sku"], rng.randint(1, 3), g["price_cents"], g["slug"], g["tax_class"], g["weight_grams"])
            for g in (goods[i] for i in sorted(chosen))
        ]
        q = quote(cart, [offer], country=buyer["country"], shipping=shipping)
        status = rng.choices(["shipped", "paid", "placed", "cancelled"], [80, 10, 4, 6])[0]
        placed = start + dt.timedelta(minutes=rng.randrange(minutes))
        orders.append((order_id, buyer["id"], status, buyer["country"], q.subtotal, q.discount, q.shipping, q.tax,
                       q.total, placed))
        for position, (i, line) in enumerate(zip(sorted(chosen), q.lines), start=1):
            lines.append((order_id, position, goods[i]["id"], line.line.quantity, line.line.unit_price, line.discount,
                          line.tax))
    with conn.cursor().copy(
        "COPY orders (id, customer_id, status, country, subtotal_cents, discount_cents, shipping_cents, tax_cents,"
        " total_cents, placed_at) FROM STDIN"
    ) as copy:
        for row in orders:
            copy.write_row(row)
    with conn.cursor().copy(
        "COPY order_lines (order_id, position, product_id, quantity, unit_price_cents, discount_cents, tax_cents)"
        " FROM STDIN"
    ) as copy:
        for row in lines:
            copy.write_row(row)
    conn.execute("ANALYZE customers, orders, order_lines")  # else the planner takes the tables for empty
    return len(lines)


def as_csv_rows(items: Iterator[NewProduct]) -> Iterator[dict[str, object]]:
    for p in items:
        yield {
            "sku": p.sku,
            "name": p.name,
            "category": p.category,
            "price": f"{p.price_cents // 100}.{p.price_cents % 100:02d}",
            "description": p.description,
            "tax_class": p.tax_class,
            "weight_grams": p.weight_grams,
            "on_hand": p.on_hand,
        }
