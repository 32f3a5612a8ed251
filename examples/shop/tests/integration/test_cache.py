import time

import pytest

from shop.cache import Cache

pytestmark = pytest.mark.integration


@pytest.fixture
def cache(redis):
    return Cache(redis, ttl_s=60)


def test_computes_once(cache):
    calls = []
    for _ in range(5):
        assert cache.get_or_compute("n", "key", lambda: calls.append(1) or {"a": [1, None]}) == {"a": [1, None]}
    assert len(calls) == 1
    assert cache.stats("n") == (4, 1)


def test_keys_are_structured(cache):
    assert cache.get_or_compute("n", ["a", 1], lambda: 1) == 1
    assert cache.get_or_compute("n", ["a", "1"], lambda: 2) == 2
    assert cache.get_or_compute("n", {"b": 1, "a": 2}, lambda: 3) == 3
    assert cache.get_or_compute("n", {"a": 2, "b": 1}, lambda: 4) == 3


def test_namespaces_are_apart(cache):
    cache.get_or_compute("one", "key", lambda: 1)
    cache.get_or_compute("two", "key", lambda: 2)
    cache.invalidate("one")
    assert cache.get_or_compute("one", "key", lambda: 10) == 10
    assert cache.get_or_compute("two", "key", lambda: 20) == 2


def test_a_failed_computation_is_not_kept(cache):
    with pytest.raises(ZeroDivisionError):
        cache.get_or_compute("n", "key", lambda: 1 // 0)
    assert cache.get_or_compute("n", "key", lambda: 1) == 1


def test_entries_expire(redis):
    cache = Cache(redis, ttl_s=0.1)
    cache.get_or_compute("n", "key", lambda: 1)
    time.sleep(0.15)
    assert cache.get_or_compute("n", "key", lambda: 2) == 2


def test_many_entries(cache):
    for round_number in range(2):
        for i in range(1_500):
            assert cache.get_or_compute("n", i, lambda i=i: i * i) == i * i
        assert cache.stats("n") == (1_500 * round_number, 1_500)
