"""Reports on sales, as rows and as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Any

from shop.database import Database

SOLD = "o.status IN ('paid', 'shipped')"


def to_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Columns are the first row's; formulas are defused, since these files are opened in spreadsheets."""
    rows = list(rows)
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return value


class Reports:
    def __init__(self, db: Database) -> None:
        self._db = db

    def monthly_sales(self, year: int) -> list[dict[str, Any]]:
        return self._rows(
            "SELECT to_char(date_trunc('month', o.placed_at AT TIME ZONE 'UTC'), 'YYYY-MM') AS month,"
            " count(*) AS orders, sum(o.total_cents)::bigint AS revenue_cents, sum(o.tax_cents)::bigint AS tax_cents,"
            " round(avg(o.total_cents))::bigint AS average_cents FROM orders o"
            f" WHERE {SOLD} AND extract(year FROM o.placed_at AT TIME ZONE 'UTC') = %s GROUP BY 1 ORDER BY 1",
            (year,),
        )

    def top_products(self, since: dt.datetime, *, limit: int = 10) -> list[dict[str, Any]]:
        return self._rows(
            "SELECT p.sku, p.name, sum(l.quantity)::bigint AS pieces,"
            " sum(l.quantity * l.unit_price_cents - l.discount_cents)::bigint AS net_cents"
            " FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN products p ON p.id = l.product_id"
            f" WHERE {SOLD} AND o.placed_at >= %s GROUP BY p.id ORDER BY net_cents DESC, p.sku LIMIT %s",
            (since, limit),
        )

    def tax_by_country(self, year: int) -> list[dict[str, Any]]:
        return self._rows(
            "SELECT o.country, p.tax_class, sum(l.quantity * l.unit_price_cents - l.discount_cents)::bigint AS net_cents,"
            " sum(l.tax_cents)::bigint AS tax_cents FROM orders o JOIN order_lines l ON l.order_id = o.id"
            f" JOIN products p ON p.id = l.product_id WHERE {SOLD}"
            " AND extract(year FROM o.placed_at AT TIME ZONE 'UTC') = %s GROUP BY 1, 2 ORDER BY 1, 2",
            (year,),
        )

    def retention(self, year: int) -> list[dict[str, Any]]:
        """Of the customers who first bought in each month, how many bought again in the months after."""
        return self._rows(
            "WITH bought AS ("
            f" SELECT o.customer_id, date_trunc('month', o.placed_at AT TIME ZONE 'UTC') AS month FROM orders o"
            f" WHERE {SOLD} GROUP BY 1, 2),"
            " first AS (SELECT customer_id, min(month) AS cohort FROM bought GROUP BY 1)"
            " SELECT to_char(f.cohort, 'YYYY-MM') AS cohort,"
            " (extract(year FROM age(b.month, f.cohort)) * 12 + extract(month FROM age(b.month, f.cohort)))::integer"
            " AS months_after, count(*) AS customers FROM first f JOIN bought b USING (customer_id)"
            " WHERE extract(year FROM f.cohort) = %s GROUP BY 1, 2 ORDER BY 1, 2",
            (year,),
        )

    def abc_analysis(self) -> list[dict[str, Any]]:
        """A: the products that make 80 % of the revenue, B: up to 95 %, C: the rest."""
        return self._rows(
            "WITH sales AS (SELECT l.product_id, sum(l.quantity * l.unit_price_cents - l.discount_cents) AS net"
            f" FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE {SOLD} GROUP BY 1),"
            " running AS (SELECT product_id, net, sum(net) OVER (ORDER BY net DESC, product_id) - net AS before,"
            " sum(net) OVER () AS whole FROM sales)"
            " SELECT CASE WHEN before < 0.80 * whole THEN 'A' WHEN before < 0.95 * whole THEN 'B' ELSE 'C' END AS class,"
            " count(*) AS products, sum(net)::bigint AS net_cents FROM running GROUP BY 1 ORDER BY 1",
        )

    def bought_together(self, sku: str, *, limit: int = 5) -> list[dict[str, Any]]:
        """Products by lift: how much likelier they are in an order with this one than in any."""
        return self._rows(
            "WITH total AS (SELECT count(*)::numeric AS n FROM orders),"
            " with_it AS (SELECT l.order_id FROM order_lines l JOIN products p ON p.id = l.product_id WHERE p.sku = %s),"
            " pairs AS (SELECT l.product_id, count(*) AS together FROM order_lines l JOIN with_it USING (order_id)"
            " GROUP BY 1),"
            " alone AS (SELECT product_id, count(*) AS orders FROM order_lines GROUP BY 1)"
            " SELECT p.sku, p.name, pairs.together, round(pairs.together * total.n"
            " / ((SELECT count(*) FROM with_it) * alone.orders), 3)::float AS lift"
            " FROM pairs JOIN alone USING (product_id) JOIN products p ON p.id = pairs.product_id, total"
            " WHERE p.sku <> %s AND pairs.together > 1 ORDER BY lift DESC, p.sku LIMIT %s",
            (sku, sku, limit),
        )

    def stock_value(self) -> list[dict[str, Any]]:
        return self._rows(
            "SELECT c.slug AS category, count(*) AS products, sum(s.on_hand)::bigint AS pieces,"
            " sum(s.on_hand * p.price_cents)::bigint AS value_cents FROM products p"
            " JOIN categories c ON c.id = p.category_id JOIN stock s ON s.product_id = p.id GROUP BY 1 ORDER BY 1"
        )

    def ledger(self, year: int) -> list[dict[str, Any]]:
        """Every line sold in a year, for the tax office."""
        return self._rows(
            "SELECT o.id AS order_id, o.placed_at, o.country, o.status, p.sku, p.name, l.quantity, l.unit_price_cents,"
            " l.discount_cents, l.tax_cents FROM orders o JOIN order_lines l ON l.order_id = o.id"
            f" JOIN products p ON p.id = l.product_id WHERE {SOLD}"
            " AND extract(year FROM o.placed_at AT TIME ZONE 'UTC') = %s ORDER BY o.id, l.position",
            (year,),
        )

    def _rows(self, sql: str, args: tuple[object, ...] = ()) -> list[dict[str, Any]]:
        with self._db.transaction() as conn:
            return conn.execute(sql, args).fetchall()  # type: ignore[call-overload]
