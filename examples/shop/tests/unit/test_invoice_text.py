import datetime as dt

import pytest

from shop.invoices import WIDTH, number, render

pytestmark = pytest.mark.unit

HEAD = {"year": 2024, "number": 7, "issued_on": dt.date(2024, 5, 1), "name": "Ada", "country": "DE", "vat_number": None}
LINE = {"quantity": 2, "name": "Spade", "sku": "4006381333931", "unit_price_cents": 1250, "discount_cents": 0}
ORDER = {
    "lines": [LINE],
    "subtotal_cents": 2500,
    "discount_cents": 0,
    "shipping_cents": 490,
    "tax_cents": 568,
    "total_cents": 3558,
}


def test_number():
    assert number(2024, 7) == "2024-000007"


def test_totals():
    text = render(HEAD, ORDER)
    assert text.startswith("INVOICE 2024-000007")
    assert "35.58 EUR" in text
    assert "discount" not in text


def test_no_line_is_too_wide():
    wide = LINE | {"name": "A very long name " * 10, "quantity": 99, "unit_price_cents": 9_999_999}
    assert max(map(len, render(HEAD, ORDER | {"lines": [wide]}).splitlines())) <= WIDTH


def test_discounts_are_shown():
    assert "-1.00" in render(HEAD, ORDER | {"lines": [LINE | {"discount_cents": 100}]})


def test_reverse_charge_is_explained():
    text = render(HEAD | {"vat_number": "FR40303265045", "country": "FR"}, ORDER | {"tax_cents": 0})
    assert "Reverse charge" in text
