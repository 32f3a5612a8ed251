import datetime as dt

import pytest

pytestmark = pytest.mark.integration

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.timezone.utc)
YEAR = dt.datetime.now(dt.timezone.utc).year


@pytest.fixture
def sold(shop, customer, catalogue_data):
    """Two paid orders and a cancelled one."""
    first, second = catalogue_data[0], catalogue_data[1]
    for items, steps in (
        ({first.sku: 2, second.sku: 1}, ["paid", "shipped"]),
        ({first.sku: 1}, ["paid"]),
        ({first.sku: 5}, ["cancelled"]),
    ):
        order_id = shop.orders.place(customer(), items)
        for step in steps:
            shop.orders.move(order_id, step)
    return first, second


def test_monthly_sales(shop, sold):
    [row] = shop.reports.monthly_sales(YEAR)
    assert row["orders"] == 2
    assert row["average_cents"] == pytest.approx(row["revenue_cents"] / 2, abs=1)


def test_nothing_sold(shop):
    assert shop.reports.monthly_sales(1999) == []
    assert shop.reports.top_products(LONG_AGO) == []
    assert shop.reports.abc_analysis() == []


def test_top_products(shop, sold):
    first, second = sold
    rows = {row["sku"]: row for row in shop.reports.top_products(LONG_AGO)}
    assert rows[first.sku]["pieces"] == 3
    assert rows[second.sku]["net_cents"] == second.price_cents


def test_stock_value(shop, catalogue_data):
    rows = {row["category"]: row for row in shop.reports.stock_value()}
    for category, row in rows.items():
        mine = [p for p in catalogue_data if p.category == category]
        assert row["products"] == len(mine)
        assert row["value_cents"] == sum(p.price_cents * p.on_hand for p in mine)


def test_ledger_has_every_line(shop, sold):
    first, second = sold
    assert [(row["sku"], row["quantity"]) for row in shop.reports.ledger(YEAR)] == [
        *sorted([(first.sku, 2), (second.sku, 1)]),
        (first.sku, 1),
    ]


def test_retention(shop, customer, catalogue_data):
    owner = customer()
    for _ in range(2):
        shop.orders.move(shop.orders.place(owner, {catalogue_data[0].sku: 1}), "paid")
    [row] = shop.reports.retention(YEAR)
    assert (row["months_after"], row["customers"]) == (0, 1)
