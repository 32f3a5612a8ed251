"""Reads typed values out of a request."""

from __future__ import annotations

from typing import Any

from flask import request

from shop.errors import Invalid


def fields(**types: type) -> dict[str, Any]:
    """The JSON body's fields, each there and of its type."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid("a JSON object is wanted")
    for name, kind in types.items():
        if name not in body:
            raise Invalid(f"{name} is missing")
        if not isinstance(body[name], kind) or (kind is int and isinstance(body[name], bool)):
            raise Invalid(f"{name} must be of type {kind.__name__}")
    return body


def number(name: str, default: int | None = None) -> int | None:
    """A whole number out of the query string."""
    raw = request.args.get(name)
    if raw is None:
        return default
    try:
        return int(raw)
    except ValueError:
        raise Invalid(f"{name}: {raw!r} is not a whole number") from None
