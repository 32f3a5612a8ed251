from decimal import Decimal

import pytest

from shop.tax import RATES, rate, valid_vat_number

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("country", sorted(RATES))
def test_reduced_is_below_standard(country):
    assert 0 < rate(country, "reduced") < rate(country, "standard")


@pytest.mark.parametrize("country", [*sorted(RATES), "US", "CH"])
def test_zero_class_is_never_taxed(country):
    assert rate(country, "zero") == 0


@pytest.mark.parametrize("tax_class", ["standard", "reduced", "zero"])
@pytest.mark.parametrize("country", ["US", "CH", "JP"])
def test_exports_are_not_taxed(country, tax_class):
    assert rate(country, tax_class) == 0


@pytest.mark.parametrize("country", sorted(set(RATES) - {"DE"}))
def test_reverse_charge_for_businesses_abroad(country):
    assert rate(country, "standard", business=True) == 0


def test_businesses_at_home_pay_tax():
    assert rate("DE", "standard", business=True) == Decimal(19)


def test_unknown_class():
    with pytest.raises(ValueError, match="luxury"):
        rate("DE", "luxury")


@pytest.mark.parametrize(
    "number",
    ["DE136695976", "de 136 695 976", "FR40303265045", "FR 83 404 833 048", "BE0428759497", "IT00743110157",
     "PL8567346215"],
)
def test_valid_vat_numbers(number):
    assert valid_vat_number(number)


@pytest.mark.parametrize(
    "number",
    ["", "DE", "DE136695978", "DE13669597", "FR84323140391", "BE0431150351", "IT00743110158", "PL8567346216",
     "US123456789", "DE13669597X"],
)
def test_invalid_vat_numbers(number):
    assert not valid_vat_number(number)


@pytest.mark.parametrize("number", ["DE136695976", "BE0428759497", "IT00743110157", "PL8567346215"])
def test_one_wrong_digit_is_found(number):
    for position in range(2, len(number) - 1):
        for digit in "0123456789":
            changed = number[:position] + digit + number[position + 1 :]
            if number.startswith("BE") and position == 2 and digit not in "01":
                continue
            assert valid_vat_number(changed) == (changed == number), changed
