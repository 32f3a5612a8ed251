import datetime as dt

import pytest

from shop.errors import Conflict, Invalid, NotFound, OutOfStock
from shop.orders import TRANSITIONS
from tests import factories

pytestmark = pytest.mark.integration

PATHS = {
    "placed": [],
    "paid": ["paid"],
    "shipped": ["paid", "shipped"],
    "cancelled": ["cancelled"],
    "refunded": ["paid", "refunded"],
}


@pytest.fixture
def sku(shop):
    product = factories.product(price_cents=2000, on_hand=10, weight_grams=500)
    shop.catalogue.add(product)
    return product.sku


@pytest.fixture
def order_in(shop, customer, sku):
    def make(status: str) -> int:
        order_id = shop.orders.place(customer(), {sku: 3})
        for step in PATHS[status]:
            shop.orders.move(order_id, step)
        return order_id

    return make


def test_place(shop, customer, sku):
    order = shop.orders.get(shop.orders.place(customer(), {sku: 3}))
    assert (order["status"], order["subtotal_cents"], order["shipping_cents"]) == ("placed", 6000, 690)
    assert order["total_cents"] == 6000 + 690 + order["tax_cents"]
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [(sku, 3)]
    assert order["events"] == ["placed"]
    assert shop.stock.level(sku)["reserved"] == 3


@pytest.mark.parametrize("quantity", [11, 99])
def test_out_of_stock_leaves_nothing(shop, db, customer, sku, quantity):
    with pytest.raises(OutOfStock):
        shop.orders.place(customer(), {sku: quantity})
    with db.transaction() as conn:
        assert conn.execute("SELECT count(*) AS n FROM orders").fetchone() == {"n": 0}


def test_empty_and_unknown(shop, customer):
    with pytest.raises(Invalid):
        shop.orders.place(customer(), {})
    with pytest.raises(NotFound, match="not on sale: 4006381333931"):
        shop.orders.place(customer(), {"4006381333931": 1})


@pytest.mark.parametrize(
    ("country", "vat_number", "taxed"),
    [("DE", None, True), ("FR", None, True), ("FR", "FR40303265045", False), ("US", None, False)],
)
def test_tax_follows_the_customer(shop, customer, sku, country, vat_number, taxed):
    order_id = shop.orders.place(customer(country=country, vat_number=vat_number), {sku: 1})
    assert (shop.orders.get(order_id)["tax_cents"] > 0) == taxed


@pytest.mark.parametrize("before", sorted(PATHS))
@pytest.mark.parametrize("after", sorted(PATHS))
def test_transitions(shop, order_in, before, after):
    order_id = order_in(before)
    if (before, after) in TRANSITIONS:
        shop.orders.move(order_id, after)
        assert shop.orders.get(order_id)["events"][-1] == after
    else:
        with pytest.raises(Conflict, match=f"is {before}"):
            shop.orders.move(order_id, after)


@pytest.mark.parametrize(
    ("status", "on_hand", "reserved"),
    [("placed", 10, 3), ("paid", 10, 3), ("shipped", 7, 0), ("cancelled", 10, 0), ("refunded", 10, 0)],
)
def test_stock_follows_the_order(shop, order_in, sku, status, on_hand, reserved):
    order_in(status)
    level = shop.stock.level(sku)
    assert (level["on_hand"], level["reserved"]) == (on_hand, reserved)


def test_moving_an_unknown_order(shop):
    with pytest.raises(NotFound):
        shop.orders.move(-1, "paid")


def test_the_price_of_the_day_stays(shop, customer, sku):
    order_id = shop.orders.place(customer(), {sku: 1})
    shop.catalogue.set_price(sku, 9)
    assert shop.orders.get(order_id)["lines"][0]["unit_price_cents"] == 2000


def test_others_cannot_see_it(shop, customer, sku):
    order_id = shop.orders.place(customer(), {sku: 1})
    with pytest.raises(NotFound):
        shop.orders.get(order_id, customer_id=customer())


def test_listing_pages_by_keyset(shop, customer, catalogue_data):
    owner = customer()
    placed = [shop.orders.place(owner, {catalogue_data[i].sku: 1}) for i in range(25)]
    shop.orders.place(customer(), {catalogue_data[0].sku: 1})
    seen, before = [], None
    while page := shop.orders.of_customer(owner, before=before, size=10):
        seen += [row["id"] for row in page]
        before = seen[-1]
    assert seen == placed[::-1]


class TestCoupons:
    def test_percent(self, shop, db, customer, sku):
        with db.transaction() as conn:
            factories.coupon(conn, "TEN", "percent", 10)
        order = shop.orders.get(shop.orders.place(customer(), {sku: 2}, coupons=["ten"]))
        assert order["discount_cents"] == 400

    def test_amount_with_a_minimum(self, shop, db, sku):
        with db.transaction() as conn:
            factories.coupon(conn, "FIVER", "amount", 500, min_subtotal_cents=4000)
        assert shop.orders.quote({sku: 1}, coupons=["FIVER"]).discount == 0
        assert shop.orders.quote({sku: 2}, coupons=["FIVER"]).discount == 500

    def test_for_one_category(self, shop, db, sku, catalogue_data):
        book = next(p for p in catalogue_data if p.category == "books")
        with db.transaction() as conn:
            row = conn.execute("SELECT id FROM categories WHERE slug = 'books'").fetchone()
            factories.coupon(conn, "READ", "percent", 50, category_id=row["id"])
        quoted = shop.orders.quote({sku: 1, book.sku: 2}, coupons=["READ"])
        assert quoted.discount == book.price_cents

    def test_limited_uses(self, shop, db, customer, sku):
        with db.transaction() as conn:
            factories.coupon(conn, "ONCE", "percent", 10, max_uses=1)
        shop.orders.place(customer(), {sku: 1}, coupons=["ONCE"])
        with pytest.raises(Conflict, match="used up"):
            shop.orders.place(customer(), {sku: 1}, coupons=["ONCE"])

    def test_a_coupon_that_does_nothing_is_not_used_up(self, shop, db, customer, sku):
        with db.transaction() as conn:
            factories.coupon(conn, "BIG", "percent", 10, min_subtotal_cents=10**6, max_uses=1)
        for _ in range(2):
            shop.orders.place(customer(), {sku: 1}, coupons=["BIG"])

    @pytest.mark.parametrize(("days", "ended"), [(-1, True), (1, False)])
    def test_ending(self, shop, db, sku, days, ended):
        with db.transaction() as conn:
            ends_at = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=days)
            factories.coupon(conn, "SOON", "percent", 10, ends_at=ends_at)
        if ended:
            with pytest.raises(Conflict, match="ended"):
                shop.orders.quote({sku: 1}, coupons=["SOON"])
        else:
            assert shop.orders.quote({sku: 1}, coupons=["SOON"]).discount == 200

    def test_unknown(self, shop, sku):
        with pytest.raises(NotFound, match="NOPE"):
            shop.orders.quote({sku: 1}, coupons=["NOPE"])
