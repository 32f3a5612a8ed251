"""The errors that callers are expected to handle; the web layer maps each to a status."""

from __future__ import annotations


class ShopError(Exception):
    status = 400
    code = "bad_request"


class NotFound(ShopError):
    status = 404
    code = "not_found"


class Invalid(ShopError):
    status = 422
    code = "invalid"


class Conflict(ShopError):
    status = 409
    code = "conflict"


class OutOfStock(Conflict):
    code = "out_of_stock"

    def __init__(self, sku: str, wanted: int, available: int) -> None:
        super().__init__(f"{sku}: {wanted} wanted, {available} available")
        self.sku, self.wanted, self.available = sku, wanted, available


class Unauthorized(ShopError):
    status = 401
    code = "unauthorized"


class TooManyRequests(ShopError):
    status = 429
    code = "too_many_requests"

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too many requests, try again in {retry_after:.1f} s")
        self.retry_after = retry_after
