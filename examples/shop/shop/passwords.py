"""Passwords: scrypt, self-describing hashes, a policy."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

COST, BLOCK, PARALLEL = 2**15, 8, 1
_COMMON = {"password", "passwort", "12345678", "qwertyui", "letmein1", "iloveyou", "correcthorse"}


def hash_password(password: str, *, cost: int = COST) -> str:
    salt = secrets.token_bytes(16)
    key = _derive(password, salt, cost, BLOCK, PARALLEL)
    return f"scrypt${cost}${BLOCK}${PARALLEL}${b64encode(salt).decode()}${b64encode(key).decode()}"


def verify(password: str, stored: str) -> bool:
    try:
        scheme, cost, block, parallel, salt, key = stored.split("$")
        if scheme != "scrypt":
            return False
        derived = _derive(password, b64decode(salt), int(cost), int(block), int(parallel))
        return hmac.compare_digest(derived, b64decode(key))
    except ValueError:
        return False


def needs_rehash(stored: str) -> bool:
    return not stored.startswith(f"scrypt${COST}${BLOCK}${PARALLEL}$")


def problems(password: str, *, email: str = "") -> list[str]:
    found = []
    if len(password) < 8:
        found.append("shorter than 8 characters")
    if len(password) > 200:
        found.append("longer than 200 characters")
    if password.lower() in _COMMON:
        found.append("one of the most common passwords")
    if len(set(password)) < 4:
        found.append("fewer than 4 different characters")
    local = email.partition("@")[0].lower()
    if len(local) >= 4 and local in password.lower():
        found.append("contains the e-mail address")
    return found


def _derive(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    memory = 128 * cost * block * parallel + 1024 * 1024
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=memory, dklen=32)
