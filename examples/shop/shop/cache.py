"""A JSON cache in Redis whose namespaces are invalidated as a whole, by a version in the key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from redis import Redis


class Cache:
    def __init__(self, redis: Redis, *, ttl_s: float = 300) -> None:
        self._redis = redis
        self._ttl_ms = int(ttl_s * 1000)

    def get_or_compute(self, namespace: str, key: Any, compute: Callable[[], Any]) -> Any:
        name = self._name(namespace, key)
        hit = self._redis.get(name)
        if hit is not None:
            self._redis.hincrby("cache:hits", namespace)
            return json.loads(hit)
        value = compute()
        self._redis.set(name, json.dumps(value, separators=(",", ":")), px=self._ttl_ms)
        self._redis.hincrby("cache:misses", namespace)
        return value

    def invalidate(self, namespace: str) -> None:
        self._redis.incr(f"cache:version:{namespace}")

    def stats(self, namespace: str) -> tuple[int, int]:
        hits, misses = (self._redis.hget(f"cache:{kind}", namespace) for kind in ("hits", "misses"))
        return int(hits or 0), int(misses or 0)

    def _name(self, namespace: str, key: Any) -> str:
        version = int(self._redis.get(f"cache:version:{namespace}") or 0)
        digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:24]
        return f"cache:{namespace}:{version}:{digest}"
