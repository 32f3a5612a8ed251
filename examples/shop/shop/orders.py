"""Orders: quote a cart, place, pay, ship, cancel, refund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from shop.accounts import Accounts
from shop.catalogue import Catalogue
from shop.database import Conn, Database
from shop.errors import Conflict, Invalid, NotFound
from shop.pricing import AmountOff, Discount, Line, PercentOff, Quote, Shipping, quote
from shop.stock import Stock

# What may follow each state, and what it does to the stock.
TRANSITIONS: dict[tuple[str, str], str | None] = {
    ("placed", "paid"): None,
    ("placed", "cancelled"): "release",
    ("paid", "shipped"): "take",
    ("paid", "refunded"): "release",
    ("shipped", "refunded"): None,
}


class Orders:
    def __init__(self, db: Database, catalogue: Catalogue, stock: Stock, accounts: Accounts) -> None:
        self._db, self._catalogue, self._stock, self._accounts = db, catalogue, stock, accounts
        self._shipping = Shipping()

    def quote(
        self, items: Mapping[str, int], *, coupons: Sequence[str] = (), country: str = "DE", business: bool = False
    ) -> Quote:
        if not items:
            raise Invalid("the cart is empty")
        products = self._catalogue.by_sku(items)
        missing = sorted(set(items) - set(products))
        if missing:
            raise NotFound(f"not on sale: {', '.join(missing)}")
        lines = [
            Line(sku, quantity, p["price_cents"], p["category"], p["tax_class"], p["weight_grams"])
            for sku, quantity in sorted(items.items())
            for p in (products[sku],)
        ]
        discounts = [self._coupon(code) for code in coupons]
        return quote(lines, discounts, country=country, business=business, shipping=self._shipping)

    def place(self, customer_id: int, items: Mapping[str, int], *, coupons: Sequence[str] = ()) -> int:
        customer = self._accounts.get(customer_id)
        quoted = self.quote(
            items, coupons=coupons, country=customer["country"], business=customer["vat_number"] is not None
        )
        products = self._catalogue.by_sku(items)
        with self._db.transaction() as conn:
            row = conn.execute(
                "INSERT INTO orders (customer_id, country, subtotal_cents, discount_cents, shipping_cents, tax_cents,"
                " total_cents) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
                (customer_id, customer["country"], quoted.subtotal, quoted.discount, quoted.shipping, quoted.tax,
                 quoted.total),
            ).fetchone()
            assert row is not None
            order_id = int(row["id"])
            with conn.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO order_lines (order_id, position, product_id, quantity, unit_price_cents,"
                    " discount_cents, tax_cents) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    [
                        (order_id, position, products[q.line.sku]["id"], q.line.quantity, q.line.unit_price,
                         q.discount, q.tax)
                        for position, q in enumerate(quoted.lines, start=1)
                    ],
                )
            for code in quoted.codes:
                self._use_coupon(conn, code)
            self._stock.reserve_in(conn, items, order_id)
            self._event(conn, order_id, "placed", coupons=list(quoted.codes))
        return order_id

    def move(self, order_id: int, status: str) -> None:
        with self._db.transaction() as conn:
            row = conn.execute("SELECT status FROM orders WHERE id = %s FOR UPDATE", (order_id,)).fetchone()
            if row is None:
                raise NotFound(f"no order {order_id}")
            step = (row["status"], status)
            if step not in TRANSITIONS:
                raise Conflict(f"order {order_id} is {row['status']}: it cannot become {status}")
            if TRANSITIONS[step] == "release":
                self._stock.release_in(conn, order_id)
            elif TRANSITIONS[step] == "take":
                self._stock.take_in(conn, order_id)
            conn.execute("UPDATE orders SET status = %s WHERE id = %s", (status, order_id))
            self._event(conn, order_id, status)

    def get(self, order_id: int, *, customer_id: int | None = None) -> dict[str, Any]:
        with self._db.transaction() as conn:
            order = conn.execute("SELECT * FROM orders WHERE id = %s", (order_id,)).fetchone()
            if order is None or customer_id not in (None, order["customer_id"]):
                raise NotFound(f"no order {order_id}")
            order["lines"] = conn.execute(
                "SELECT l.position, p.sku, p.name, p.tax_class, l.quantity, l.unit_price_cents, l.discount_cents,"
                " l.tax_cents FROM order_lines l JOIN products p ON p.id = l.product_id WHERE l.order_id = %s"
                " ORDER BY l.position",
                (order_id,),
            ).fetchall()
            order["events"] = [
                row["event"]
                for row in conn.execute("SELECT event FROM order_events WHERE order_id = %s ORDER BY id", (order_id,))
            ]
        return order

    def of_customer(self, customer_id: int, *, before: int | None = None, size: int = 20) -> list[dict[str, Any]]:
        """Newest first, by keyset: pass the last id seen as `before`."""
        with self._db.transaction() as conn:
            return conn.execute(
                "SELECT id, status, total_cents, placed_at FROM orders WHERE customer_id = %(customer)s"
                " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(size)s",
                {"customer": customer_id, "before": before, "size": size},
            ).fetchall()

    def _coupon(self, code: str) -> Discount:
        with self._db.transaction() as conn:
            row = conn.execute(
                "SELECT k.*, c.slug AS category, coalesce(ends_at <= clock_timestamp(), false) AS over"
                " FROM coupons k LEFT JOIN categories c ON c.id = k.category_id WHERE code = upper(%s)",
                (code,),
            ).fetchone()
        if row is None:
            raise NotFound(f"no coupon {code}")
        if row["over"]:
            raise Conflict(f"coupon {code} has ended")
        if row["max_uses"] is not None and row["used"] >= row["max_uses"]:
            raise Conflict(f"coupon {code} is used up")
        if row["kind"] == "percent":
            return PercentOff(row["code"], row["value"], row["category"], row["min_subtotal_cents"])
        return AmountOff(row["code"], row["value"], row["min_subtotal_cents"])

    @staticmethod
    def _use_coupon(conn: Conn, code: str) -> None:
        used = conn.execute(
            "UPDATE coupons SET used = used + 1 WHERE code = %s AND (max_uses IS NULL OR used < max_uses)", (code,)
        ).rowcount
        if not used:
            raise Conflict(f"coupon {code} is used up")

    @staticmethod
    def _event(conn: Conn, order_id: int, event: str, **detail: object) -> None:
        conn.execute(
            "INSERT INTO order_events (order_id, event, detail) VALUES (%s, %s, %s)", (order_id, event, Jsonb(detail))
        )
