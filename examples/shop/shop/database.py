"""PostgreSQL: a pool of connections, transactions, migrations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from typing import Any, Protocol

from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

Conn = Connection[DictRow]


class Database(Protocol):
    """What the services need: one transaction at a time."""

    def transaction(self) -> AbstractContextManager[Conn]: ...


class PooledDatabase:
    def __init__(
        self,
        url: str,
        *,
        size: int = 5,
        statement_timeout_ms: int = 10_000,
        lock_timeout_ms: int = 5_000,
        schema: str | None = None,
    ) -> None:
        options = f"-c statement_timeout={statement_timeout_ms} -c lock_timeout={lock_timeout_ms}"
        if schema is not None:
            options += f" -c search_path={schema}"
        kwargs: dict[str, Any] = {"row_factory": dict_row, "options": options}
        self.pool: ConnectionPool[Conn] = ConnectionPool(url, min_size=1, max_size=size, kwargs=kwargs, open=True)

    @contextmanager
    def transaction(self) -> Iterator[Conn]:
        """Commits at the end, rolls back on an exception."""
        with self.pool.connection() as conn:
            yield conn

    def close(self) -> None:
        self.pool.close()


class MigrationChanged(Exception):
    """A migration that was applied before has another content now."""


def migrations() -> list[tuple[str, str]]:
    folder = resources.files("shop") / "migrations"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [(f.name, f.read_text(encoding="utf-8")) for f in files]


def migrate(conn: Conn, steps: list[tuple[str, str]] | None = None) -> list[str]:
    """Applies what is not applied yet, in one transaction; returns the names. Safe to call from several processes."""
    applied_now: list[str] = []
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(727274)")
        conn.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations ("
            " name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        done = {row["name"]: row["digest"] for row in conn.execute("SELECT name, digest FROM schema_migrations")}
        for name, sql in migrations() if steps is None else steps:
            digest = hashlib.sha256(sql.encode()).hexdigest()
            if name in done:
                if done[name] != digest:
                    raise MigrationChanged(name)
                continue
            conn.execute(sql)  # type: ignore[call-overload]
            conn.execute("INSERT INTO schema_migrations (name, digest) VALUES (%s, %s)", (name, digest))
            applied_now.append(name)
    return applied_now
