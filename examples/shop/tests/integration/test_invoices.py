import datetime as dt
import io
import zipfile

import pytest

from shop.errors import Conflict, NotFound

pytestmark = pytest.mark.integration

DAY = dt.date(2024, 6, 1)


@pytest.fixture
def paid(shop, customer, catalogue_data):
    def make(**changes: object) -> int:
        order_id = shop.orders.place(customer(**changes), {p.sku: 2 for p in catalogue_data[10:14]})
        shop.orders.move(order_id, "paid")
        return order_id

    return make


def test_numbers_count_up_per_year(shop, paid):
    assert [shop.invoices.issue(paid(), DAY) for _ in range(3)] == ["2024-000001", "2024-000002", "2024-000003"]
    assert shop.invoices.issue(paid(), dt.date(2025, 1, 1)) == "2025-000001"


def test_issuing_again_gives_the_same(shop, paid):
    order_id = paid()
    assert shop.invoices.issue(order_id, DAY) == shop.invoices.issue(order_id, dt.date(2026, 1, 1))


def test_only_for_paid_orders(shop, customer, catalogue_data):
    order_id = shop.orders.place(customer(), {catalogue_data[0].sku: 1})
    with pytest.raises(Conflict, match="is placed"):
        shop.invoices.issue(order_id, DAY)
    with pytest.raises(NotFound):
        shop.invoices.issue(-1, DAY)


def test_a_failed_transaction_leaves_no_gap(shop, db, paid):
    shop.invoices.issue(paid(), DAY)
    order_id = paid()
    with pytest.raises(RuntimeError), db.transaction():
        shop.invoices.issue(order_id, DAY)
        raise RuntimeError("the printer is on fire")
    assert shop.invoices.issue(order_id, DAY) == "2024-000002"


def test_text(shop, paid):
    order_id = paid(name="Grace Hopper")
    with pytest.raises(NotFound, match="no invoice"):
        shop.invoices.text(order_id)
    shop.invoices.issue(order_id, DAY)
    text = shop.invoices.text(order_id)
    assert "Grace Hopper, DE" in text
    assert "2024-06-01" in text
    assert text.count(" x ") == 4


def test_archive(shop, paid):
    for i in range(20):
        shop.invoices.issue(paid(name=f"Buyer {i}"), DAY)
    with zipfile.ZipFile(io.BytesIO(shop.invoices.archive(2024))) as archive:
        assert archive.namelist() == [f"2024-{n:06d}.txt" for n in range(1, 21)]
        assert b"Buyer 19" in archive.read("2024-000020.txt")


def test_an_empty_archive(shop):
    with zipfile.ZipFile(io.BytesIO(shop.invoices.archive(1999))) as archive:
        assert archive.namelist() == []
