import threading

import psycopg
import pytest

from shop.errors import Conflict, NotFound, OutOfStock
from shop.stock import Stock
from tests import factories

pytestmark = pytest.mark.integration


@pytest.fixture
def skus(shop):
    products = [factories.product(on_hand=10) for _ in range(3)]
    for product in products:
        shop.catalogue.add(product)
    return [product.sku for product in products]


def test_reserve(shop, skus):
    assert len(shop.stock.reserve({skus[0]: 4, skus[1]: 10})) == 2
    assert shop.stock.level(skus[0]) == {"on_hand": 10, "reserved": 4, "available": 6}
    assert shop.stock.level(skus[1])["available"] == 0


def test_all_or_nothing(shop, skus):
    with pytest.raises(OutOfStock) as caught:
        shop.stock.reserve({skus[0]: 1, skus[1]: 11})
    assert (caught.value.sku, caught.value.available) == (skus[1], 10)
    assert shop.stock.level(skus[0])["reserved"] == 0


def test_unknown_product(shop, skus):
    with pytest.raises(NotFound):
        shop.stock.reserve({skus[0]: 1, "4006381333931": 1})


def test_receive(shop, skus):
    shop.stock.receive(skus[0], 5)
    assert shop.stock.level(skus[0])["on_hand"] == 15
    with pytest.raises(NotFound):
        shop.stock.receive("4006381333931", 1)
    with pytest.raises(NotFound):
        shop.stock.level("4006381333931")


def test_expired_reservations_come_back(shop, db, skus):
    hasty = Stock(db, hold_s=-1)
    hasty.reserve({skus[0]: 3})
    hasty.reserve({skus[0]: 2, skus[1]: 1})
    shop.stock.reserve({skus[2]: 1})
    assert shop.stock.expire() == 3
    assert [shop.stock.level(sku)["reserved"] for sku in skus] == [0, 0, 1]
    assert shop.stock.expire() == 0


def test_taking_without_reservations(shop, db):
    with pytest.raises(Conflict), db.transaction() as conn:
        shop.stock.take_in(conn, 1)


def test_the_database_refuses_to_oversell(db, catalogue_data):
    with pytest.raises(psycopg.errors.CheckViolation), db.transaction() as conn:
        conn.execute("UPDATE stock SET reserved = on_hand + 1")


def test_a_lock_is_not_waited_for_forever(fresh_shop, fresh_db):
    fresh_shop.catalogue.add_category("garden", "Garden")
    product = factories.product()
    fresh_shop.catalogue.add(product)
    held, done = threading.Event(), threading.Event()

    def holder() -> None:
        with fresh_db.transaction() as conn:
            conn.execute("SELECT * FROM stock FOR UPDATE")
            held.set()
            done.wait(10)

    thread = threading.Thread(target=holder)
    thread.start()
    try:
        assert held.wait(5)
        with pytest.raises(psycopg.errors.LockNotAvailable), fresh_db.transaction() as conn:
            conn.execute("SET LOCAL lock_timeout = '200ms'")
            fresh_shop.stock.reserve_in(conn, {product.sku: 1})
    finally:
        done.set()
        thread.join()
