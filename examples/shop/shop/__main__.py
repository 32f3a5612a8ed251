"""python -m shop: migrates, then serves for development; python -m shop migrate: migrates only."""

from __future__ import annotations

import sys

import psycopg
from psycopg.rows import dict_row

from shop.config import Settings
from shop.database import migrate
from shop.web import create_app


def main(arguments: list[str]) -> int:
    settings = Settings.from_env()
    with psycopg.connect(settings.database_url, row_factory=dict_row) as conn:
        for name in migrate(conn):
            print(f"applied {name}")
    if arguments != ["migrate"]:
        create_app(settings).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
