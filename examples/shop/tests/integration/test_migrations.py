import threading

import psycopg
import pytest
from psycopg.rows import dict_row

from shop.database import MigrationChanged, PooledDatabase, migrate, migrations

pytestmark = pytest.mark.integration


def tables(conn):
    rows = conn.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
    return {row["table_name"] for row in rows}


def test_everything_is_there(fresh_db):
    with fresh_db.transaction() as conn:
        assert {"products", "stock", "orders", "invoices", "coupons", "schema_migrations"} <= tables(conn)


def test_a_second_time_does_nothing(fresh_db):
    with fresh_db.transaction() as conn:
        assert migrate(conn) == []


def test_names_are_in_order_and_without_gaps():
    assert [int(name[:4]) for name, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_changed_migration_is_refused(fresh_db):
    steps = [(name, sql + "-- changed") for name, sql in migrations()]
    with pytest.raises(MigrationChanged, match="0001"), fresh_db.transaction() as conn:
        migrate(conn, steps)


def test_a_failing_migration_leaves_nothing(fresh_db):
    steps = [*migrations(), ("0098_good.sql", "CREATE TABLE good (a integer)"), ("0099_bad.sql", "CREATE TABLE")]
    with pytest.raises(psycopg.errors.SyntaxError), fresh_db.transaction() as conn:
        migrate(conn, steps)
    with fresh_db.transaction() as conn:
        assert "good" not in tables(conn)


def test_several_processes_may_migrate_at_once(database_url):
    schema = "t_migrate_at_once"
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {schema}")
        try:
            applied: list[int] = []

            def run() -> None:
                options = f"-c search_path={schema}"
                with psycopg.connect(database_url, row_factory=dict_row, options=options) as conn:
                    applied.append(len(migrate(conn)))

            threads = [threading.Thread(target=run) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(applied) == [0, 0, 0, len(migrations())]
        finally:
            admin.execute(f"DROP SCHEMA {schema} CASCADE")


def test_statements_that_take_too_long_are_cut_off(database_url):
    db = PooledDatabase(database_url, size=1, statement_timeout_ms=150)
    try:
        with pytest.raises(psycopg.errors.QueryCanceled), db.transaction() as conn:
            conn.execute("SELECT pg_sleep(5)")
        with db.transaction() as conn:
            assert conn.execute("SELECT 1 AS one").fetchone() == {"one": 1}
    finally:
        db.close()
