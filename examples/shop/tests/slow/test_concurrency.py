"""Many customers at once, each in a thread with a connection of its own."""

import datetime as dt
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from shop.errors import Conflict, OutOfStock
from tests import factories

pytestmark = [pytest.mark.integration, pytest.mark.slow]

THREADS = 8


@pytest.fixture
def skus(fresh_shop):
    fresh_shop.catalogue.add_category("garden", "Garden")
    products = [factories.product(on_hand=100, price_cents=500) for _ in range(12)]
    for product in products:
        fresh_shop.catalogue.add(product)
    return [product.sku for product in products]


def at_once(job, count):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(job, range(count)))


def test_nothing_is_sold_twice(fresh_shop, skus):
    def job(number: int) -> Counter:
        rng, got = random.Random(number), Counter()
        for _ in range(12):
            wanted = {sku: rng.randint(1, 4) for sku in rng.sample(skus, 4)}
            try:
                fresh_shop.stock.reserve(wanted)
                got.update(wanted)
            except OutOfStock:
                pass
        return got

    reserved = sum(at_once(job, 64), Counter())
    for sku in skus:
        assert fresh_shop.stock.level(sku)["reserved"] == reserved[sku] <= 100
    assert sum(reserved.values()) > 800


def test_opposite_orders_do_not_deadlock(fresh_shop, skus):
    def job(number: int) -> int:
        order = skus if number % 2 else skus[::-1]
        return len(fresh_shop.stock.reserve(dict.fromkeys(order, 1)))

    assert at_once(job, 100) == [len(skus)] * 100
    assert {fresh_shop.stock.level(sku)["available"] for sku in skus} == {0}


def test_a_coupon_for_ten_is_used_ten_times(fresh_shop, fresh_db, skus):
    with fresh_db.transaction() as conn:
        factories.coupon(conn, "FIRST10", "percent", 50, max_uses=10)
        customers = [factories.customer(conn) for _ in range(40)]

    def job(number: int) -> bool:
        try:
            fresh_shop.orders.place(customers[number], {skus[number % len(skus)]: 1}, coupons=["FIRST10"])
            return True
        except Conflict:
            return False

    assert sum(at_once(job, 40)) == 10
    with fresh_db.transaction() as conn:
        assert conn.execute("SELECT count(*) AS n FROM orders").fetchone() == {"n": 10}
    assert sum(fresh_shop.stock.level(sku)["reserved"] for sku in skus) == 10


def test_an_order_is_paid_or_cancelled_never_both(fresh_shop, fresh_db, skus):
    with fresh_db.transaction() as conn:
        customer = factories.customer(conn)
    orders = [fresh_shop.orders.place(customer, {skus[i % len(skus)]: 1}) for i in range(60)]

    def job(number: int) -> str:
        status = "paid" if number % 2 else "cancelled"
        try:
            fresh_shop.orders.move(orders[number // 2], status)
            return status
        except Conflict:
            return "refused"

    outcomes = Counter(at_once(job, 120))
    assert outcomes["refused"] == 60
    assert sum(fresh_shop.stock.level(sku)["reserved"] for sku in skus) == outcomes["paid"]


def test_invoice_numbers_have_no_gaps(fresh_shop, fresh_db, skus):
    with fresh_db.transaction() as conn:
        customer = factories.customer(conn)
    orders = [fresh_shop.orders.place(customer, {skus[i % len(skus)]: 1}) for i in range(80)]
    for order_id in orders:
        fresh_shop.orders.move(order_id, "paid")
    numbers = at_once(lambda i: fresh_shop.invoices.issue(orders[i % 80], dt.date(2024, 1, 1)), 160)
    assert sorted(set(numbers)) == [f"2024-{n:06d}" for n in range(1, 81)]
