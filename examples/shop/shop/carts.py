"""Carts live in Redis: a hash of SKU to quantity that expires when nobody touches it."""

from __future__ import annotations

import secrets

from redis import Redis

from shop.errors import Invalid

MAX_QUANTITY = 99
MAX_LINES = 50

# Adds, caps and refreshes in one step, so that two tabs cannot overrun the limits.
_ADD = """
local quantity = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
if quantity == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then return -1 end
quantity = math.min(quantity + tonumber(ARGV[2]), tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], ARGV[1], quantity)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return quantity
"""


class Carts:
    def __init__(self, redis: Redis, *, ttl_s: float = 7 * 24 * 3600) -> None:
        self._redis = redis
        self._ttl_ms = int(ttl_s * 1000)
        self._add = redis.register_script(_ADD)

    @staticmethod
    def new_id() -> str:
        return secrets.token_urlsafe(16)

    def add(self, cart: str, sku: str, quantity: int = 1) -> int:
        if quantity < 1:
            raise Invalid("quantity must be positive")
        result = self._add(keys=[self._key(cart)], args=[sku, quantity, MAX_QUANTITY, MAX_LINES, self._ttl_ms])
        if int(result) < 0:
            raise Invalid(f"a cart holds at most {MAX_LINES} different products")
        return int(result)

    def set(self, cart: str, sku: str, quantity: int) -> None:
        if not 0 <= quantity <= MAX_QUANTITY:
            raise Invalid(f"quantity is 0 to {MAX_QUANTITY}")
        if quantity == 0:
            self._redis.hdel(self._key(cart), sku)
        else:
            self._redis.hset(self._key(cart), sku, quantity)
            self._redis.pexpire(self._key(cart), self._ttl_ms)

    def items(self, cart: str) -> dict[str, int]:
        return {sku: int(quantity) for sku, quantity in sorted(self._redis.hgetall(self._key(cart)).items())}

    def merge(self, source: str, target: str) -> dict[str, int]:
        """At login: the anonymous cart goes into the customer's; the larger quantity wins."""
        theirs = self.items(target)
        for sku, quantity in self.items(source).items():
            if len(theirs) < MAX_LINES or sku in theirs:
                theirs[sku] = max(theirs.get(sku, 0), quantity)
        with self._redis.pipeline() as pipe:
            if theirs:
                pipe.hset(self._key(target), mapping=theirs)
                pipe.pexpire(self._key(target), self._ttl_ms)
            pipe.delete(self._key(source))
            pipe.execute()
        return theirs

    def clear(self, cart: str) -> None:
        self._redis.delete(self._key(cart))

    @staticmethod
    def _key(cart: str) -> str:
        return f"cart:{cart}"
