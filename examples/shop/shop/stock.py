"""Stock and reservations. Rows are locked in the order of their ids, so that two orders cannot deadlock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shop.database import Conn, Database
from shop.errors import Conflict, NotFound, OutOfStock


class Stock:
    def __init__(self, db: Database, *, hold_s: float = 900) -> None:
        self._db, self._hold_s = db, hold_s

    def level(self, sku: str) -> dict[str, Any]:
        with self._db.transaction() as conn:
            row = conn.execute(
                "SELECT on_hand, reserved, on_hand - reserved AS available"
                " FROM stock JOIN products ON id = product_id WHERE sku = %s",
                (sku,),
            ).fetchone()
        if row is None:
            raise NotFound(f"no product {sku}")
        return row

    def receive(self, sku: str, quantity: int) -> None:
        with self._db.transaction() as conn:
            changed = conn.execute(
                "UPDATE stock SET on_hand = on_hand + %s FROM products WHERE id = product_id AND sku = %s",
                (quantity, sku),
            ).rowcount
        if not changed:
            raise NotFound(f"no product {sku}")

    def reserve(self, wanted: Mapping[str, int]) -> list[int]:
        with self._db.transaction() as conn:
            return self.reserve_in(conn, wanted)

    def reserve_in(self, conn: Conn, wanted: Mapping[str, int], order_id: int | None = None) -> list[int]:
        """All or nothing; returns the reservations' ids."""
        rows = conn.execute(
            "SELECT p.id, p.sku, s.on_hand - s.reserved AS available FROM stock s JOIN products p ON p.id = s.product_id"
            " WHERE p.sku = ANY(%s) ORDER BY p.id FOR UPDATE OF s",
            (list(wanted),),
        ).fetchall()
        unknown = set(wanted) - {row["sku"] for row in rows}
        if unknown:
            raise NotFound(f"no product {min(unknown)}")
        for row in rows:
            if row["available"] < wanted[row["sku"]]:
                raise OutOfStock(row["sku"], wanted[row["sku"]], row["available"])
        ids = []
        for row in rows:
            quantity = wanted[row["sku"]]
            conn.execute("UPDATE stock SET reserved = reserved + %s WHERE product_id = %s", (quantity, row["id"]))
            made = conn.execute(
                "INSERT INTO reservations (order_id, product_id, quantity, expires_at)"
                " VALUES (%s, %s, %s, clock_timestamp() + make_interval(secs => %s)) RETURNING id",
                (order_id, row["id"], quantity, self._hold_s),
            ).fetchone()
            assert made is not None
            ids.append(int(made["id"]))
        return ids

    def release_in(self, conn: Conn, order_id: int) -> int:
        """Gives an order's reservations back."""
        return self._end(conn, "order_id = %s", (order_id,), take=False)

    def take_in(self, conn: Conn, order_id: int) -> int:
        """Turns an order's reservations into goods that have left."""
        taken = self._end(conn, "order_id = %s", (order_id,), take=True)
        if not taken:
            raise Conflict(f"order {order_id} has no reservations")
        return taken

    def expire(self) -> int:
        """Releases what was held too long without an order; a cron job calls it."""
        with self._db.transaction() as conn:
            return self._end(conn, "order_id IS NULL AND expires_at <= clock_timestamp()", (), take=False)

    @staticmethod
    def _end(conn: Conn, where: str, args: tuple[object, ...], *, take: bool) -> int:
        on_hand = "on_hand - gone.quantity" if take else "on_hand"
        gone = conn.execute(
            f"DELETE FROM reservations WHERE {where} RETURNING product_id, quantity", args
        ).fetchall()
        totals: dict[int, int] = {}
        for row in gone:
            totals[row["product_id"]] = totals.get(row["product_id"], 0) + row["quantity"]
        for product_id, quantity in sorted(totals.items()):
            conn.execute(
                f"UPDATE stock SET reserved = reserved - gone.quantity, on_hand = {on_hand}"
                " FROM (SELECT %s::integer AS quantity) gone WHERE product_id = %s",
                (quantity, product_id),
            )
        return len(gone)
