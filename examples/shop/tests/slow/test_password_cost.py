import pytest

from shop import passwords
from tests.factories import PASSWORD

pytestmark = [pytest.mark.unit, pytest.mark.slow]


@pytest.mark.parametrize("exponent", range(12, 18))
def test_hashes_of_any_cost_can_be_verified(exponent):
    stored = passwords.hash_password(PASSWORD, cost=2**exponent)
    assert passwords.verify(PASSWORD, stored)
    assert not passwords.verify(PASSWORD + "x", stored)
    assert passwords.needs_rehash(stored) == (2**exponent != passwords.COST)


def test_salts_never_repeat():
    hashes = [passwords.hash_password(PASSWORD) for _ in range(30)]
    assert len({stored.split("$")[4] for stored in hashes}) == 30
