"""A sliding window in a Redis sorted set."""

from __future__ import annotations

import secrets
import time

from redis import Redis

from shop.errors import TooManyRequests


class RateLimit:
    def __init__(self, redis: Redis, name: str, *, limit: int, window_s: float) -> None:
        self._redis, self._name, self._limit, self._window = redis, name, limit, window_s

    def hit(self, who: str) -> int:
        """Counts one; returns how many are left; raises when it was one too many."""
        key, now = f"ratelimit:{self._name}:{who}", time.time()
        with self._redis.pipeline() as pipe:
            pipe.zremrangebyscore(key, 0, now - self._window)
            pipe.zadd(key, {f"{now}:{secrets.token_hex(4)}": now})
            pipe.zcard(key)
            pipe.zrange(key, 0, 0, withscores=True)
            pipe.pexpire(key, int(self._window * 1000) + 1)
            _, _, count, oldest, _ = pipe.execute()
        if count > self._limit:
            raise TooManyRequests(max(0.0, oldest[0][1] + self._window - now))
        return self._limit - count

    def reset(self, who: str) -> None:
        self._redis.delete(f"ratelimit:{self._name}:{who}")
