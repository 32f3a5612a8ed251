import csv
import datetime as dt
import io

import pytest

from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.integration

CART = {"X-Cart": "an-anonymous-cart-1"}


@pytest.fixture
def login(client, customer):
    """Headers of a logged-in customer."""

    def make(**changes: object) -> dict[str, str]:
        email = f"web{factories.product().sku}@example.org"
        customer(email=email, **changes)
        answer = client.post("/sessions", json={"email": email, "password": PASSWORD})
        return {"Authorization": f"Bearer {answer.json['token']}"}

    return make


def test_health(client):
    assert client.get("/health").json == {"status": "ok"}


def test_search(client):
    answer = client.get("/products?q=kettle&category=kitchen&size=5")
    assert answer.status_code == 200
    assert len(answer.json["items"]) == 5 <= answer.json["total"]


@pytest.mark.parametrize("query", ["page=x", "page=0", "size=1000", "min=cheap", "max=1.5"])
def test_bad_queries(client, query):
    answer = client.get(f"/products?{query}")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid")


def test_product(client, catalogue_data):
    product = catalogue_data[42]
    assert client.get(f"/products/{product.sku}").json["name"] == product.name
    assert client.get("/products/123").status_code == 404


def test_create_and_delete_a_product(client):
    sku = factories.product().sku
    body = {"sku": sku, "name": "Gnome", "category": "garden", "price_cents": 1999, "on_hand": 2, "nonsense": 1}
    answer = client.post("/products", json=body)
    assert (answer.status_code, answer.json["available"]) == (201, 2)
    assert client.post("/products", json=body).status_code == 409
    assert client.delete(f"/products/{sku}").status_code == 204


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"sku": 1, "name": "x", "category": "x", "price_cents": 1},
             {"sku": "x", "name": "x", "category": "x", "price_cents": True}]
)
def test_bad_bodies(client, body):
    assert client.post("/products", json=body).status_code == 422


def test_import(client):
    text = f"sku,name,category,price\n{factories.product().sku},Gnome,garden,1.00\nx,x,x,x\n"
    answer = client.post("/products/import", data=text.encode())
    assert (answer.json["created"], len(answer.json["errors"])) == (1, 1)


def test_anonymous_cart(client, catalogue_data):
    sku = catalogue_data[3].sku
    assert len(client.post("/cart").json["cart"]) >= 16
    assert client.get("/cart", headers=CART).json == {"items": {}, "total_cents": 0}
    assert client.post("/cart/items", json={"sku": sku, "quantity": 2}, headers=CART).status_code == 201
    assert client.put(f"/cart/items/{sku}", json={"quantity": 3}, headers=CART).status_code == 204
    shown = client.get("/cart?country=FR", headers=CART).json
    assert shown["items"] == {sku: 3}
    assert shown["subtotal_cents"] == 3 * catalogue_data[3].price_cents


@pytest.mark.parametrize("headers", [{}, {"X-Cart": "short"}, {"X-Cart": "x" * 65}])
def test_carts_need_a_name(client, headers):
    assert client.get("/cart", headers=headers).status_code == 422


def test_unknown_products_stay_out_of_carts(client):
    answer = client.post("/cart/items", json={"sku": "123", "quantity": 1}, headers=CART)
    assert answer.status_code == 404


@pytest.mark.parametrize(("method", "path"), [("get", "/me"), ("get", "/orders"), ("post", "/orders"),
                                              ("get", "/orders/1"), ("delete", "/sessions")])
@pytest.mark.parametrize("value", [None, "", "Basic abc", "Bearer"])
def test_what_needs_a_login(client, method, path, value):
    headers = {} if value is None else {"Authorization": value}
    assert getattr(client, method)(path, headers=headers).status_code == 401


def test_register_login_logout(client):
    body = {"email": "ada@example.org", "name": "Ada", "password": PASSWORD, "country": "DE"}
    assert client.post("/customers", json=body).status_code == 201
    assert client.post("/customers", json=body).status_code == 409
    token = client.post("/sessions", json=body).json["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/me", headers=headers).json["name"] == "Ada"
    assert client.delete("/sessions", headers=headers).status_code == 204
    assert client.get("/me", headers=headers).status_code == 401


def test_too_many_logins_say_when_to_come_back(client):
    body = {"email": "nobody@example.org", "password": "wrong"}
    codes = [client.post("/sessions", json=body).status_code for _ in range(10)]
    assert codes == [401] * 10
    answer = client.post("/sessions", json=body)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61


def test_the_anonymous_cart_follows_at_login(client, customer, catalogue_data):
    sku = catalogue_data[4].sku
    client.post("/cart/items", json={"sku": sku, "quantity": 2}, headers=CART)
    customer(email="ada@example.org")
    answer = client.post("/sessions", json={"email": "ada@example.org", "password": PASSWORD}, headers=CART)
    mine = {"Authorization": f"Bearer {answer.json['token']}"}
    assert client.get("/cart", headers=mine).json["items"] == {sku: 2}
    assert client.get("/cart", headers=CART).json["items"] == {}


def test_from_cart_to_invoice(client, login, catalogue_data):
    headers = login(name="Ada")
    for product in catalogue_data[20:24]:
        client.post("/cart/items", json={"sku": product.sku, "quantity": 2}, headers=headers)
    order_id = client.post("/orders", json={}, headers=headers).json["id"]
    assert client.get("/cart", headers=headers).json["items"] == {}
    assert client.get(f"/orders/{order_id}/invoice", headers=headers).status_code == 409
    assert client.post(f"/orders/{order_id}/status", json={"status": "paid"}, headers=headers).json["status"] == "paid"
    invoice = client.get(f"/orders/{order_id}/invoice", headers=headers)
    assert invoice.mimetype == "text/plain"
    assert "Ada, DE" in invoice.text


def test_orders_are_private(client, login, catalogue_data):
    mine, theirs = login(), login()
    client.post("/cart/items", json={"sku": catalogue_data[0].sku, "quantity": 1}, headers=mine)
    order_id = client.post("/orders", json={}, headers=mine).json["id"]
    assert client.get(f"/orders/{order_id}", headers=mine).status_code == 200
    for path in (f"/orders/{order_id}", f"/orders/{order_id}/invoice"):
        assert client.get(path, headers=theirs).status_code == 404


def test_an_empty_cart_cannot_be_ordered(client, login):
    assert client.post("/orders", json={}, headers=login()).status_code == 422


def test_order_listing(client, login, catalogue_data):
    headers = login()
    for product in catalogue_data[:5]:
        client.post("/cart/items", json={"sku": product.sku, "quantity": 1}, headers=headers)
        client.post("/orders", json={}, headers=headers)
    first = client.get("/orders?size=3", headers=headers).json
    rest = client.get(f"/orders?size=3&before={first['next']}", headers=headers).json
    assert (len(first["orders"]), len(rest["orders"]), rest["next"]) == (3, 2, None)


@pytest.mark.parametrize("name", ["sales", "tax", "ledger", "retention"])
def test_reports(client, login, catalogue_data, name):
    headers = login()
    client.post("/cart/items", json={"sku": catalogue_data[0].sku, "quantity": 1}, headers=headers)
    order_id = client.post("/orders", json={}, headers=headers).json["id"]
    client.post(f"/orders/{order_id}/status", json={"status": "paid"}, headers=headers)
    answer = client.get(f"/reports/{name}/{dt.datetime.now(dt.timezone.utc).year}.csv")
    assert answer.mimetype == "text/csv"
    assert len(list(csv.DictReader(io.StringIO(answer.text)))) == 1


def test_unknown_report(client):
    assert client.get("/reports/secrets/2024.csv").status_code == 404
