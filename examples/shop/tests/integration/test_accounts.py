import time

import pytest

from shop import passwords
from shop.accounts import Accounts
from shop.errors import Conflict, Invalid, NotFound, TooManyRequests, Unauthorized
from tests.factories import PASSWORD

pytestmark = pytest.mark.integration


def test_register_and_login(shop):
    made = shop.accounts.register("ada@example.org", "Ada", PASSWORD, "DE")
    token = shop.accounts.login("ADA@example.org", PASSWORD)
    assert shop.accounts.customer_of(token) == made
    assert shop.accounts.get(made)["name"] == "Ada"


def test_addresses_are_unique_whatever_their_case(shop):
    shop.accounts.register("ada@example.org", "Ada", PASSWORD, "DE")
    with pytest.raises(Conflict):
        shop.accounts.register("Ada@Example.org", "Ada", PASSWORD, "DE")


@pytest.mark.parametrize(
    ("email", "password", "vat_number"),
    [
        ("nobody", PASSWORD, None),
        ("a@b", PASSWORD, None),
        ("a b@example.org", PASSWORD, None),
        ("ada@example.org", "short", None),
        ("ada@example.org", PASSWORD, "DE123"),
    ],
)
def test_what_is_refused(shop, email, password, vat_number):
    with pytest.raises(Invalid):
        shop.accounts.register(email, "Ada", password, "DE", vat_number)


def test_the_password_is_not_stored(shop, db):
    shop.accounts.register("ada@example.org", "Ada", PASSWORD, "DE")
    with db.transaction() as conn:
        row = conn.execute("SELECT * FROM customers WHERE email = 'ada@example.org'").fetchone()
    assert PASSWORD not in str(row)


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_wrong_logins_look_the_same(shop, customer, email):
    customer(email="ada@example.org")
    with pytest.raises(Unauthorized, match="wrong e-mail address or password"):
        shop.accounts.login(email, "wrong-" + PASSWORD)


def test_too_many_logins(shop, customer):
    customer(email="ada@example.org")
    for _ in range(10):
        with pytest.raises(Unauthorized):
            shop.accounts.login("ada@example.org", "wrong")
    with pytest.raises(TooManyRequests):
        shop.accounts.login("ada@example.org", PASSWORD)


def test_a_good_login_clears_the_count(shop, customer):
    customer(email="ada@example.org")
    for _ in range(3):
        for _ in range(5):
            with pytest.raises(Unauthorized):
                shop.accounts.login("ada@example.org", "wrong")
        shop.accounts.login("ada@example.org", PASSWORD)


def test_old_hashes_are_renewed_at_login(shop, db, customer):
    made = customer(email="ada@example.org", password_hash=passwords.hash_password(PASSWORD, cost=2**8))
    shop.accounts.login("ada@example.org", PASSWORD)
    with db.transaction() as conn:
        row = conn.execute("SELECT password_hash FROM customers WHERE id = %s", (made,)).fetchone()
    assert not passwords.needs_rehash(row["password_hash"])
    shop.accounts.login("ada@example.org", PASSWORD)


def test_logout(shop, customer):
    customer(email="ada@example.org")
    token = shop.accounts.login("ada@example.org", PASSWORD)
    shop.accounts.logout(token)
    with pytest.raises(Unauthorized):
        shop.accounts.customer_of(token)


def test_sessions_live_while_they_are_used(db, redis, customer):
    accounts = Accounts(db, redis, session_ttl_s=1)
    made = customer(email="ada@example.org")
    token = accounts.login("ada@example.org", PASSWORD)
    for _ in range(3):
        time.sleep(0.4)
        assert accounts.customer_of(token) == made
    time.sleep(1.1)
    with pytest.raises(Unauthorized):
        accounts.customer_of(token)


def test_unknown_customer(shop):
    with pytest.raises(NotFound):
        shop.accounts.get(-1)
