"""Customers, their passwords and their sessions (in Redis)."""

from __future__ import annotations

import re
import secrets
from typing import Any

from psycopg.errors import UniqueViolation
from redis import Redis

from shop import passwords, tax
from shop.database import Database
from shop.errors import Conflict, Invalid, NotFound, Unauthorized
from shop.ratelimit import RateLimit

_EMAIL = re.compile(r"[^@\s]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
# Checked when there is no such customer, so that the answer takes as long.
_NOBODY = passwords.hash_password(secrets.token_hex())


class Accounts:
    def __init__(self, db: Database, redis: Redis, *, session_ttl_s: float = 43_200, logins_per_minute: int = 10) -> None:
        self._db, self._redis, self._ttl_ms = db, redis, int(session_ttl_s * 1000)
        self._limit = RateLimit(redis, "login", limit=logins_per_minute, window_s=60)

    def register(self, email: str, name: str, password: str, country: str, vat_number: str | None = None) -> int:
        if not _EMAIL.fullmatch(email):
            raise Invalid(f"{email!r} is no e-mail address")
        if vat_number and not tax.valid_vat_number(vat_number):
            raise Invalid(f"{vat_number!r} is no valid VAT number")
        found = passwords.problems(password, email=email)
        if found:
            raise Invalid("password: " + "; ".join(found))
        hashed = passwords.hash_password(password)
        try:
            with self._db.transaction() as conn:
                row = conn.execute(
                    "INSERT INTO customers (email, name, password_hash, country, vat_number)"
                    " VALUES (%s, %s, %s, %s, %s) RETURNING id",
                    (email, name, hashed, country, vat_number),
                ).fetchone()
        except UniqueViolation:
            raise Conflict(f"{email} is registered") from None
        assert row is not None
        return int(row["id"])

    def login(self, email: str, password: str) -> str:
        self._limit.hit(email.lower())
        with self._db.transaction() as conn:
            row = conn.execute(
                "SELECT id, password_hash FROM customers WHERE lower(email) = lower(%s)", (email,)
            ).fetchone()
        stored = row["password_hash"] if row else _NOBODY
        if not passwords.verify(password, stored) or row is None:
            raise Unauthorized("wrong e-mail address or password")
        if passwords.needs_rehash(stored):
            with self._db.transaction() as conn:
                conn.execute(
                    "UPDATE customers SET password_hash = %s WHERE id = %s",
                    (passwords.hash_password(password), row["id"]),
                )
        self._limit.reset(email.lower())
        token = secrets.token_urlsafe(32)
        self._redis.set(f"session:{token}", row["id"], px=self._ttl_ms)
        return token

    def customer_of(self, token: str) -> int:
        """The session's customer; using a session keeps it alive."""
        found = self._redis.getex(f"session:{token}", px=self._ttl_ms)
        if found is None:
            raise Unauthorized("not logged in")
        return int(found)

    def logout(self, token: str) -> None:
        self._redis.delete(f"session:{token}")

    def get(self, customer_id: int) -> dict[str, Any]:
        with self._db.transaction() as conn:
            row = conn.execute(
                "SELECT id, email, name, country, vat_number FROM customers WHERE id = %s", (customer_id,)
            ).fetchone()
        if row is None:
            raise NotFound(f"no customer {customer_id}")
        return row
