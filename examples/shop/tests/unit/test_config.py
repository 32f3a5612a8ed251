import pytest

from shop.config import Settings

pytestmark = pytest.mark.unit

URLS = {"DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://redis"}


def test_defaults():
    settings = Settings.from_env(URLS)
    assert settings.database_url == "postgresql://db/shop"
    assert settings.pool_size == 5


def test_numbers_come_from_the_environment():
    assert Settings.from_env(URLS | {"SHOP_POOL_SIZE": "12"}).pool_size == 12


def test_a_number_that_is_none():
    with pytest.raises(ValueError, match="SHOP_POOL_SIZE: 'many'"):
        Settings.from_env(URLS | {"SHOP_POOL_SIZE": "many"})


@pytest.mark.parametrize("env", [{}, {"DATABASE_URL": "x"}, {"DATABASE_URL": "x", "REDIS_URL": ""}])
def test_urls_are_required(env):
    with pytest.raises(ValueError, match="REDIS_URL"):
        Settings.from_env(env)
