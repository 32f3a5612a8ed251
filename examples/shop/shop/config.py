"""Settings, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    database_url: str
    redis_url: str
    pool_size: int = 5
    statement_timeout_ms: int = 10_000
    lock_timeout_ms: int = 5_000
    cart_ttl_s: int = 7 * 24 * 3600
    session_ttl_s: int = 12 * 3600
    search_cache_ttl_s: int = 300
    logins_per_minute: int = 10

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        missing = [key for key in ("DATABASE_URL", "REDIS_URL") if not env.get(key)]
        if missing:
            raise ValueError(f"not set: {', '.join(missing)}")
        numbers = {}
        for field in cls.__dataclass_fields__.values():
            raw = env.get(f"SHOP_{field.name.upper()}")
            if field.type == "int" and raw is not None:
                try:
                    numbers[field.name] = int(raw)
                except ValueError:
                    raise ValueError(f"SHOP_{field.name.upper()}: {raw!r} is not a whole number") from None
        return cls(database_url=env["DATABASE_URL"], redis_url=env["REDIS_URL"], **numbers)
