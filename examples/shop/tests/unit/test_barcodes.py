import pytest

from shop.barcodes import check_digit, ean13, is_ean13

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("code", ["4006381333931", "9780201379624", "5901234123457", "0012345678905"])
def test_known_codes(code):
    assert is_ean13(code)
    assert check_digit(code[:12]) == int(code[12])


@pytest.mark.parametrize("code", ["", "4006381333930", "400638133393", "40063813339311", "400638133393X"])
def test_wrong_codes(code):
    assert not is_ean13(code)


@pytest.mark.parametrize("body", ["", "123", "12345678901x", "1234567890123"])
def test_check_digit_wants_twelve_digits(body):
    with pytest.raises(ValueError):
        check_digit(body)


def test_made_codes_are_valid_and_distinct():
    codes = {ean13(n) for n in range(20_000)}
    assert len(codes) == 20_000
    assert all(map(is_ean13, codes))


def test_every_single_wrong_digit_is_found():
    for number in range(0, 100_000, 997):
        code = ean13(number)
        for position in range(13):
            for digit in "0123456789":
                changed = code[:position] + digit + code[position + 1 :]
                assert is_ean13(changed) == (changed == code)
