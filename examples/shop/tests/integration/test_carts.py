import threading
import time

import pytest

from shop.carts import MAX_LINES, MAX_QUANTITY, Carts
from shop.errors import Invalid

pytestmark = pytest.mark.integration


@pytest.fixture
def carts(redis):
    return Carts(redis)


def test_add_accumulates(carts):
    assert carts.add("c", "a") == 1
    assert carts.add("c", "a", 3) == 4
    assert carts.items("c") == {"a": 4}


def test_carts_are_apart(carts):
    carts.add("one", "a")
    assert carts.items("two") == {}


def test_quantity_is_capped(carts):
    assert carts.add("c", "a", 1_000) == MAX_QUANTITY


@pytest.mark.parametrize("quantity", [0, -1])
def test_add_wants_something(carts, quantity):
    with pytest.raises(Invalid):
        carts.add("c", "a", quantity)


def test_lines_are_limited_but_old_ones_may_grow(carts):
    for i in range(MAX_LINES):
        carts.add("c", f"sku-{i}")
    with pytest.raises(Invalid, match="at most"):
        carts.add("c", "one-more")
    assert carts.add("c", "sku-0") == 2


def test_set_and_remove(carts):
    carts.set("c", "a", 5)
    carts.set("c", "b", 1)
    carts.set("c", "a", 0)
    assert carts.items("c") == {"b": 1}


@pytest.mark.parametrize("quantity", [-1, MAX_QUANTITY + 1])
def test_set_is_checked(carts, quantity):
    with pytest.raises(Invalid):
        carts.set("c", "a", quantity)


@pytest.mark.parametrize(
    ("anonymous", "own", "merged"),
    [
        ({}, {}, {}),
        ({"a": 1}, {}, {"a": 1}),
        ({}, {"a": 1}, {"a": 1}),
        ({"a": 3, "b": 1}, {"a": 2, "c": 4}, {"a": 3, "b": 1, "c": 4}),
    ],
)
def test_merge(carts, anonymous, own, merged):
    for name, items in (("anonymous", anonymous), ("own", own)):
        for sku, quantity in items.items():
            carts.set(name, sku, quantity)
    assert carts.merge("anonymous", "own") == merged
    assert carts.items("own") == merged
    assert carts.items("anonymous") == {}


def test_abandoned_carts_expire(redis):
    carts = Carts(redis, ttl_s=0.8)
    carts.add("c", "a")
    time.sleep(0.5)
    carts.add("c", "a")  # keeps it alive
    time.sleep(0.5)
    assert carts.items("c") == {"a": 2}
    time.sleep(0.9)
    assert carts.items("c") == {}


def test_adding_from_many_tabs_loses_nothing(carts):
    def tab(number: int) -> None:
        for i in range(100):
            carts.add("c", f"sku-{(number + i) % 25}")

    threads = [threading.Thread(target=tab, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert carts.items("c") == {f"sku-{i}": 32 for i in range(25)}


def test_new_ids_are_distinct():
    assert len({Carts.new_id() for _ in range(5_000)}) == 5_000
