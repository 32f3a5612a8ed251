import pytest

from shop.errors import Conflict, Invalid, NotFound
from tests import factories

pytestmark = pytest.mark.integration


def test_add_and_get(shop):
    product = factories.product(name="Sundial", price_cents=4990, on_hand=7)
    shop.catalogue.add(product)
    row = shop.catalogue.get(product.sku)
    assert (row["name"], row["price_cents"], row["category"], row["available"]) == ("Sundial", 4990, "garden", 7)


def test_the_same_sku_twice(shop):
    product = factories.product()
    shop.catalogue.add(product)
    with pytest.raises(Conflict, match=product.sku):
        shop.catalogue.add(product)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sku": "1"}, "EAN-13"),
        ({"name": ""}, "name"),
        ({"price_cents": -1}, "price"),
        ({"tax_class": "none"}, "tax class"),
        ({"category": "submarines"}, "unknown category"),
        ({"on_hand": -1}, "negative"),
    ],
)
def test_what_is_refused(shop, changes, message):
    with pytest.raises(Invalid, match=message):
        shop.catalogue.add(factories.product(**changes))


def test_unknown_sku(shop):
    with pytest.raises(NotFound):
        shop.catalogue.get("4006381333931")


def test_retired_products_are_not_on_sale(shop):
    product = factories.product()
    shop.catalogue.add(product)
    shop.catalogue.retire(product.sku)
    assert shop.catalogue.by_sku([product.sku]) == {}
    assert shop.catalogue.get(product.sku)["active"] is False


def test_set_price(shop, catalogue_data):
    sku = catalogue_data[0].sku
    shop.catalogue.set_price(sku, 1)
    assert shop.catalogue.get(sku)["price_cents"] == 1
    with pytest.raises(Invalid):
        shop.catalogue.set_price(sku, -1)
    with pytest.raises(NotFound):
        shop.catalogue.set_price("4006381333931", 1)


def test_delete(shop):
    product = factories.product()
    shop.catalogue.add(product)
    shop.catalogue.delete(product.sku)
    with pytest.raises(NotFound):
        shop.catalogue.delete(product.sku)


def test_what_was_ordered_cannot_be_deleted(shop, customer, catalogue_data):
    sku = catalogue_data[5].sku
    shop.orders.place(customer(), {sku: 1})
    with pytest.raises(Conflict, match="retire"):
        shop.catalogue.delete(sku)


def test_import_creates_updates_and_reports(shop, catalogue_data):
    new, old = factories.product(), catalogue_data[1]
    text = (
        "sku,name,category,price,on_hand\n"
        f"{new.sku},Fountain,water-features,99.00,3\n"
        f"{old.sku},{old.name} (new),books,1.00,9\n"
        "123,Nothing,books,1.00,1\n"
    )
    result = shop.catalogue.import_csv(text)
    assert (result.created, result.updated) == (1, 1)
    assert [number for number, _ in result.errors] == [4]
    assert shop.catalogue.get(new.sku)["category"] == "water-features"
    assert shop.catalogue.get(old.sku)["name"].endswith("(new)")


def test_an_import_never_goes_below_what_is_reserved(shop, catalogue_data):
    sku = catalogue_data[2].sku
    shop.stock.reserve({sku: 15})
    shop.catalogue.import_csv(f"sku,name,category,price,on_hand\n{sku},Thing,books,1.00,4\n")
    assert shop.stock.level(sku) == {"on_hand": 15, "reserved": 15, "available": 0}


def test_importing_twice_changes_nothing(shop):
    products = [factories.product() for _ in range(50)]
    text = "sku,name,category,price\n" + "".join(f"{p.sku},{p.name},{p.category},10.00\n" for p in products)
    assert shop.catalogue.import_csv(text).created == 50
    again = shop.catalogue.import_csv(text)
    assert (again.created, again.updated) == (0, 50)
