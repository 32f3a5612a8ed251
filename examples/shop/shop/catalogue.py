"""Products: create, import, list, search."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from psycopg.errors import ForeignKeyViolation, UniqueViolation

from shop.barcodes import is_ean13
from shop.cache import Cache
from shop.database import Conn, Database
from shop.errors import Conflict, Invalid, NotFound
from shop.money import parse
from shop.tax import CLASSES

COLUMNS = "p.id, p.sku, p.name, p.description, p.price_cents, p.tax_class, p.weight_grams, p.active, c.slug AS category"


@dataclass(frozen=True)
class NewProduct:
    sku: str
    name: str
    category: str
    price_cents: int
    description: str = ""
    tax_class: str = "standard"
    weight_grams: int = 0
    on_hand: int = 0

    def problems(self) -> list[str]:
        found = []
        if not is_ean13(self.sku):
            found.append(f"sku {self.sku!r} is no EAN-13")
        if not self.name.strip():
            found.append("name is empty")
        if self.price_cents < 0:
            found.append("price is negative")
        if self.tax_class not in CLASSES:
            found.append(f"tax class {self.tax_class!r} is unknown")
        if self.weight_grams < 0 or self.on_hand < 0:
            found.append("weight and stock must not be negative")
        return found


def parse_csv(text: str) -> Iterator[tuple[int, NewProduct | str]]:
    """Each data line's number with a product, or with what is wrong with it."""
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        try:
            product = NewProduct(
                sku=(row.get("sku") or "").strip(),
                name=(row.get("name") or "").strip(),
                category=(row.get("category") or "").strip(),
                price_cents=parse(row.get("price") or ""),
                description=(row.get("description") or "").strip(),
                tax_class=(row.get("tax_class") or "standard").strip(),
                weight_grams=int(row.get("weight_grams") or 0),
                on_hand=int(row.get("on_hand") or 0),
            )
        except ValueError as error:
            yield number, str(error)
            continue
        found = product.problems()
        yield number, "; ".join(found) if found else product


@dataclass(frozen=True)
class Imported:
    created: int
    updated: int
    errors: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class SearchPage:
    total: int
    items: list[dict[str, Any]]
    categories: dict[str, int]


class Catalogue:
    def __init__(self, db: Database, cache: Cache) -> None:
        self._db, self._cache = db, cache

    def add_category(self, slug: str, name: str) -> int:
        with self._db.transaction() as conn:
            row = conn.execute(
                "INSERT INTO categories (slug, name) VALUES (%s, %s)"
                " ON CONFLICT (slug) DO UPDATE SET name = excluded.name RETURNING id",
                (slug, name),
            ).fetchone()
            assert row is not None
            return int(row["id"])

    def add(self, product: NewProduct) -> int:
        found = product.problems()
        if found:
            raise Invalid("; ".join(found))
        try:
            with self._db.transaction() as conn:
                row = conn.execute(
                    "INSERT INTO products (sku, name, description, category_id, price_cents, tax_class, weight_grams)"
                    " SELECT %s, %s, %s, id, %s, %s, %s FROM categories WHERE slug = %s RETURNING id",
                    (product.sku, product.name, product.description, product.price_cents, product.tax_class,
                     product.weight_grams, product.category),
                ).fetchone()
                if row is None:
                    raise Invalid(f"unknown category {product.category!r}")
                conn.execute("INSERT INTO stock (product_id, on_hand) VALUES (%s, %s)", (row["id"], product.on_hand))
        except UniqueViolation:
            raise Conflict(f"sku {product.sku} exists") from None
        self._cache.invalidate("search")
        return int(row["id"])

    def get(self, sku: str) -> dict[str, Any]:
        with self._db.transaction() as conn:
            row = conn.execute(
                f"SELECT {COLUMNS}, s.on_hand - s.reserved AS available FROM products p"
                " JOIN categories c ON c.id = p.category_id JOIN stock s ON s.product_id = p.id WHERE p.sku = %s",
                (sku,),
            ).fetchone()
        if row is None:
            raise NotFound(f"no product {sku}")
        return row

    def by_sku(self, skus: Iterable[str]) -> dict[str, dict[str, Any]]:
        with self._db.transaction() as conn:
            rows = conn.execute(
                f"SELECT {COLUMNS} FROM products p JOIN categories c ON c.id = p.category_id"
                " WHERE p.sku = ANY(%s) AND p.active",
                (list(skus),),
            )
            return {row["sku"]: row for row in rows}

    def set_price(self, sku: str, price_cents: int) -> None:
        if price_cents < 0:
            raise Invalid("price is negative")
        self._update(sku, "price_cents", price_cents)

    def retire(self, sku: str) -> None:
        self._update(sku, "active", False)

    def delete(self, sku: str) -> None:
        try:
            with self._db.transaction() as conn:
                gone = conn.execute("DELETE FROM products WHERE sku = %s", (sku,)).rowcount
        except ForeignKeyViolation:
            raise Conflict(f"{sku} has been ordered: retire it instead") from None
        if not gone:
            raise NotFound(f"no product {sku}")
        self._cache.invalidate("search")

    def import_csv(self, text: str) -> Imported:
        """Inserts and updates in bulk: COPY into a temporary table, then two statements."""
        good: dict[str, NewProduct] = {}
        errors: list[tuple[int, str]] = []
        for number, parsed in parse_csv(text):
            if isinstance(parsed, str):
                errors.append((number, parsed))
            else:
                good[parsed.sku] = parsed
        with self._db.transaction() as conn:
            created, updated = bulk_upsert(conn, good.values())
        self._cache.invalidate("search")
        return Imported(created, updated, tuple(errors))

    def search(
        self,
        words: str = "",
        *,
        category: str | None = None,
        min_cents: int | None = None,
        max_cents: int | None = None,
        page: int = 1,
        size: int = 20,
    ) -> SearchPage:
        if page < 1 or not 1 <= size <= 100:
            raise Invalid("page starts at 1, size is 1 to 100")
        asked = [words.strip().lower(), category, min_cents, max_cents, page, size]
        found = self._cache.get_or_compute(
            "search", asked, lambda: self._search(words, category, min_cents, max_cents, page, size)
        )
        return SearchPage(**found)

    def _search(
        self, words: str, category: str | None, low: int | None, high: int | None, page: int, size: int
    ) -> dict[str, Any]:
        where, args = ["p.active"], {"words": words, "low": low, "high": high, "category": category}
        if words.strip():
            where.append("p.search @@ websearch_to_tsquery('english', %(words)s)")
        if low is not None:
            where.append("p.price_cents >= %(low)s")
        if high is not None:
            where.append("p.price_cents <= %(high)s")
        source = f"FROM products p JOIN categories c ON c.id = p.category_id WHERE {' AND '.join(where)}"
        rank = "ts_rank(p.search, websearch_to_tsquery('english', %(words)s))" if words.strip() else "0"
        chosen = " AND c.slug = %(category)s" if category else ""
        with self._db.transaction() as conn:
            facets = conn.execute(f"SELECT c.slug, count(*) AS n {source} GROUP BY c.slug ORDER BY c.slug", args)
            categories = {row["slug"]: row["n"] for row in facets}
            items = conn.execute(
                f"SELECT p.sku, p.name, p.price_cents, c.slug AS category, {rank} AS rank {source}{chosen}"
                " ORDER BY rank DESC, p.price_cents, p.id LIMIT %(size)s OFFSET %(skip)s",
                {**args, "size": size, "skip": (page - 1) * size},
            ).fetchall()
        total = categories.get(category, 0) if category else sum(categories.values())
        return {"total": total, "items": items, "categories": categories}

    def _update(self, sku: str, column: str, value: object) -> None:
        with self._db.transaction() as conn:
            changed = conn.execute(f"UPDATE products SET {column} = %s WHERE sku = %s", (value, sku)).rowcount
        if not changed:
            raise NotFound(f"no product {sku}")
        self._cache.invalidate("search")


def bulk_upsert(conn: Conn, products: Iterable[NewProduct]) -> tuple[int, int]:
    conn.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS incoming (sku text, name text, description text, category text,"
        " price_cents bigint, tax_class text, weight_grams integer, on_hand integer) ON COMMIT DROP"
    )
    conn.execute("TRUNCATE incoming")
    with conn.cursor().copy("COPY incoming FROM STDIN") as copy:
        for p in products:
            copy.write_row((p.sku, p.name, p.description, p.category, p.price_cents, p.tax_class, p.weight_grams,
                            p.on_hand))
    conn.execute("ANALYZE incoming")
    conn.execute(
        "INSERT INTO categories (slug, name) SELECT DISTINCT category, initcap(replace(category, '-', ' '))"
        " FROM incoming ON CONFLICT (slug) DO NOTHING"
    )
    counts = conn.execute(
        "WITH upserted AS ("
        " INSERT INTO products (sku, name, description, category_id, price_cents, tax_class, weight_grams)"
        " SELECT i.sku, i.name, i.description, c.id, i.price_cents, i.tax_class, i.weight_grams"
        " FROM incoming i JOIN categories c ON c.slug = i.category ORDER BY i.sku"
        " ON CONFLICT (sku) DO UPDATE SET name = excluded.name, description = excluded.description,"
        "  category_id = excluded.category_id, price_cents = excluded.price_cents, tax_class = excluded.tax_class,"
        "  weight_grams = excluded.weight_grams, active = true"
        " RETURNING xmax = 0 AS created)"
        " SELECT count(*) FILTER (WHERE created) AS created, count(*) FILTER (WHERE NOT created) AS updated"
        " FROM upserted"
    ).fetchone()
    assert counts is not None
    conn.execute(
        "INSERT INTO stock (product_id, on_hand) SELECT p.id, i.on_hand FROM incoming i JOIN products p USING (sku)"
        " ON CONFLICT (product_id) DO UPDATE SET on_hand = greatest(excluded.on_hand, stock.reserved)"
    )
    return counts["created"], counts["updated"]
