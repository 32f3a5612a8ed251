"""Fixtures.

Each xdist worker has a PostgreSQL database and a Redis database of its own, made once per session. A test that uses
`db` runs in one transaction that is rolled back; a test that needs commits, several connections or threads uses
`fresh_db`, a schema of its own.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask.testing import FlaskClient
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from redis import Redis

from shop import sample_data
from shop.catalogue import NewProduct, bulk_upsert
from shop.config import Settings
from shop.database import Conn, PooledDatabase, migrate
from shop.web import Services, create_app
from tests import factories

CATALOGUE_SIZE = 12_000
HISTORY_SIZE = 6_000


@pytest.fixture(scope="session")
def worker_number(request: pytest.FixtureRequest) -> int:
    """0 without xdist, else 1 for gw0, 2 for gw1, ..."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    if number > 15:
        pytest.exit("Redis has 16 databases: at most 15 workers", returncode=4)
    return number


@pytest.fixture(scope="session")
def server_url() -> str:
    return os.environ.get("DATABASE_URL", "postgresql://shop:shop@127.0.0.1:5432/shop")


@pytest.fixture(scope="session")
def empty_database(server_url: str, worker_number: int) -> Iterator[str]:
    """A database of this worker's own, dropped at the end."""
    name = f"shop_test_{worker_number}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        yield make_conninfo(server_url, dbname=name)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def catalogue_data() -> list[NewProduct]:
    return list(sample_data.products(CATALOGUE_SIZE))


@pytest.fixture(scope="session")
def database_url(empty_database: str, catalogue_data: list[NewProduct]) -> str:
    """The worker's database, migrated, with the sample catalogue in it."""
    with psycopg.connect(empty_database, row_factory=dict_row) as conn:
        migrate(conn)
        bulk_upsert(conn, catalogue_data)
    with psycopg.connect(empty_database, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")
    return empty_database


class RolledBack:
    """A Database whose transactions are savepoints in one transaction that never commits."""

    def __init__(self, conn: Conn) -> None:
        self.conn = conn
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[Conn]:
        with self._lock, self.conn.transaction():
            yield self.conn


@pytest.fixture(scope="session")
def session_conn(database_url: str) -> Iterator[Conn]:
    with psycopg.connect(database_url, row_factory=dict_row) as conn:
        yield conn


@pytest.fixture
def db(session_conn: Conn) -> Iterator[RolledBack]:
    with session_conn.transaction(force_rollback=True):
        yield RolledBack(session_conn)


@pytest.fixture
def fresh_db(database_url: str) -> Iterator[PooledDatabase]:
    """A migrated, empty schema of this test's own, behind a real pool."""
    schema = f"t_{secrets.token_hex(6)}"
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        fresh = PooledDatabase(database_url, size=10, schema=schema, statement_timeout_ms=20_000)
        try:
            with fresh.transaction() as conn:
                migrate(conn)
            yield fresh
        finally:
            fresh.close()
            admin.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


@pytest.fixture(scope="session")
def redis_url(worker_number: int) -> str:
    base = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379").rstrip("/")
    return f"{base}/{worker_number}"


@pytest.fixture(scope="session")
def redis_connection(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url, decode_responses=True) as connection:
        yield connection


@pytest.fixture
def redis(redis_connection: Redis) -> Redis:
    redis_connection.flushdb()
    return redis_connection


@pytest.fixture(scope="session")
def settings(database_url: str, redis_url: str) -> Settings:
    return Settings(database_url=database_url, redis_url=redis_url)


@pytest.fixture
def shop(settings: Settings, db: RolledBack, redis: Redis) -> Services:
    return Services.build(settings, db, redis)


@pytest.fixture
def fresh_shop(settings: Settings, fresh_db: PooledDatabase, redis: Redis) -> Services:
    return Services.build(settings, fresh_db, redis)


@pytest.fixture
def client(settings: Settings, db: RolledBack, redis: Redis) -> FlaskClient:
    app = create_app(settings, db=db, redis=redis)
    app.testing = True
    return app.test_client()


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of factories.PASSWORD: made once, since making one is slow by design."""
    from shop.passwords import hash_password

    return hash_password(factories.PASSWORD)


@pytest.fixture
def customer(db: RolledBack, password_hash: str) -> Callable[..., int]:
    def make(**changes: object) -> int:
        with db.transaction() as conn:
            return factories.customer(conn, **({"password_hash": password_hash} | changes))

    return make


@pytest.fixture
def history(db: RolledBack) -> RolledBack:
    """The database with a year of sales in it."""
    with db.transaction() as conn:
        sample_data.sales(conn, HISTORY_SIZE)
    return db
