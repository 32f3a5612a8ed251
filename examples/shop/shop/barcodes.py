"""EAN-13: our SKUs are the article numbers on the boxes."""

from __future__ import annotations


def check_digit(first_twelve: str) -> int:
    if len(first_twelve) != 12 or not first_twelve.isdecimal():
        raise ValueError("twelve digits wanted")
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(first_twelve))
    return -total % 10


def ean13(number: int, prefix: str = "400") -> str:
    body = f"{prefix}{number:0{12 - len(prefix)}d}"
    return f"{body}{check_digit(body)}"


def is_ean13(text: str) -> bool:
    return len(text) == 13 and text.isdecimal() and check_digit(text[:12]) == int(text[12])
