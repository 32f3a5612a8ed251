import pytest

from shop.passwords import hash_password, needs_rehash, problems, verify

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def stored():
    return hash_password("a good Passphrase")


def test_verify(stored):
    assert verify("a good Passphrase", stored)


@pytest.mark.parametrize("wrong", ["", "a good passphrase", "a good Passphrase ", "something else"])
def test_wrong_passwords(stored, wrong):
    assert not verify(wrong, stored)


def test_the_same_password_hashes_differently(stored):
    assert hash_password("a good Passphrase") != stored


@pytest.mark.parametrize("text", ["", "x", "md5$1$2$3$4$5", "scrypt$a$8$1$AA==$AA==", "scrypt$32768$8$1$%$%", "$$$$$"])
def test_malformed_hashes_never_match(text):
    assert not verify("a good Passphrase", text)


@pytest.mark.parametrize("password", ["pässwörd-ü", "密码密码密码密码", "x" * 200, "\x00null\x00bytes"])
def test_any_characters(password):
    assert verify(password, hash_password(password))


def test_needs_rehash(stored):
    assert not needs_rehash(stored)
    assert needs_rehash(hash_password("a good Passphrase", cost=2**10))


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("short", ["shorter than 8 characters"]),
        ("x" * 201, ["longer than 200 characters", "fewer than 4 different characters"]),
        ("Password", ["one of the most common passwords"]),
        ("aaaabbbb", ["fewer than 4 different characters"]),
        ("maria-1234", ["contains the e-mail address"]),
        ("tr0mbone-lantern", []),
    ],
)
def test_policy(password, found):
    assert problems(password, email="maria@example.org") == found
