"""Invoices: numbers without gaps, a text rendering, a year's archive."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from shop.database import Database
from shop.errors import Conflict, NotFound
from shop.money import show
from shop.orders import Orders

WIDTH = 72


class Invoices:
    def __init__(self, db: Database, orders: Orders) -> None:
        self._db, self._orders = db, orders

    def issue(self, order_id: int, on: dt.date) -> str:
        """Issuing again gives the same number. The counter's row lock is what keeps the numbers without gaps."""
        with self._db.transaction() as conn:
            order = conn.execute("SELECT status FROM orders WHERE id = %s FOR UPDATE", (order_id,)).fetchone()
            if order is None:
                raise NotFound(f"no order {order_id}")
            if order["status"] not in ("paid", "shipped"):
                raise Conflict(f"order {order_id} is {order['status']}: no invoice")
            there = conn.execute("SELECT year, number FROM invoices WHERE order_id = %s", (order_id,)).fetchone()
            if there:
                return number(there["year"], there["number"])
            row = conn.execute(
                "INSERT INTO invoice_counters AS c (year, last) VALUES (%s, 1)"
                " ON CONFLICT (year) DO UPDATE SET last = c.last + 1 RETURNING last",
                (on.year,),
            ).fetchone()
            assert row is not None
            conn.execute(
                "INSERT INTO invoices (order_id, year, number, issued_on) VALUES (%s, %s, %s, %s)",
                (order_id, on.year, row["last"], on),
            )
            return number(on.year, row["last"])

    def text(self, order_id: int) -> str:
        with self._db.transaction() as conn:
            row = conn.execute(
                "SELECT i.year, i.number, i.issued_on, c.name, c.country, c.vat_number FROM invoices i"
                " JOIN orders o ON o.id = i.order_id JOIN customers c ON c.id = o.customer_id WHERE i.order_id = %s",
                (order_id,),
            ).fetchone()
        if row is None:
            raise NotFound(f"order {order_id} has no invoice")
        return render(row, self._orders.get(order_id))

    def archive(self, year: int) -> bytes:
        """All invoices of a year as a ZIP file."""
        with self._db.transaction() as conn:
            rows = conn.execute(
                "SELECT order_id, number FROM invoices WHERE year = %s ORDER BY number", (year,)
            ).fetchall()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for row in rows:
                archive.writestr(f"{number(year, row['number'])}.txt", self.text(row["order_id"]))
        return buffer.getvalue()


def number(year: int, n: int) -> str:
    return f"{year}-{n:06d}"


def render(head: dict[str, Any], order: dict[str, Any]) -> str:
    lines = [
        f"INVOICE {number(head['year'], head['number'])}".ljust(WIDTH - 10) + f"{head['issued_on']:%Y-%m-%d}",
        f"{head['name']}, {head['country']}" + (f", VAT {head['vat_number']}" if head["vat_number"] else ""),
        "=" * WIDTH,
    ]
    for line in order["lines"]:
        amount = line["quantity"] * line["unit_price_cents"]
        lines.append(f"{line['quantity']:>3} x {line['name'][:38]:<38} {line['sku']:<13}{show(amount)[:-4]:>14}")
        if line["discount_cents"]:
            lines.append(f"{'discount':>20}{show(-line['discount_cents'])[:-4]:>{WIDTH - 20}}")
    lines.append("-" * WIDTH)
    for label, cents in (
        ("Subtotal", order["subtotal_cents"]),
        ("Discount", -order["discount_cents"]),
        ("Shipping", order["shipping_cents"]),
        ("Tax", order["tax_cents"]),
        ("Total", order["total_cents"]),
    ):
        lines.append(f"{label:<20}{show(cents):>{WIDTH - 20}}")
    if head["vat_number"] and order["tax_cents"] == 0:
        lines.append("Reverse charge: tax is owed by the recipient.")
    return "\n".join(lines) + "\n"
