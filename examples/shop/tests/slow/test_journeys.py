"""Whole visits through the API."""

import datetime as dt
import io
import random
import zipfile

import pytest

from tests.factories import PASSWORD

pytestmark = [pytest.mark.integration, pytest.mark.slow]

WORDS = ["kettle", "book", "tent", "steel", "wooden", "gift", "puzzle", "handmade", "spade", "espresso"]


def visit(client, rng, number):
    """One customer: register, search, fill the cart, order, pay. Returns the order."""
    email = f"visitor{number}@example.org"
    body = {"email": email, "name": f"Visitor {number}", "password": PASSWORD, "country": rng.choice(["DE", "FR", "US"])}
    assert client.post("/customers", json=body).status_code == 201
    token = client.post("/sessions", json={"email": email, "password": PASSWORD}).json["token"]
    headers = {"Authorization": f"Bearer {token}"}
    for _ in range(4):
        found = client.get(f"/products?q={rng.choice(WORDS)}&page={rng.randint(1, 3)}").json["items"]
        for item in rng.sample(found, min(2, len(found))):
            added = {"sku": item["sku"], "quantity": rng.randint(1, 2)}
            client.post("/cart/items", json=added, headers=headers)
    cart = client.get(f"/cart?country={body['country']}", headers=headers).json
    order_id = client.post("/orders", json={}, headers=headers).json["id"]
    order = client.post(f"/orders/{order_id}/status", json={"status": "paid"}, headers=headers).json
    assert order["total_cents"] == cart["total_cents"]
    assert client.get(f"/orders/{order_id}/invoice", headers=headers).status_code == 200
    return order


@pytest.mark.parametrize("seed", range(4))
def test_visits(client, seed):
    rng = random.Random(seed)
    orders = [visit(client, rng, number) for number in range(10)]
    assert len({order["id"] for order in orders}) == 10
    assert all(order["events"] == ["placed", "paid"] for order in orders)


def test_a_year_of_invoices(shop, customer, catalogue_data):
    rng = random.Random(77)
    totals = []
    for number in range(120):
        items = {p.sku: rng.randint(1, 2) for p in rng.sample(catalogue_data, 5)}
        order_id = shop.orders.place(customer(name=f"Buyer {number}"), items)
        shop.orders.move(order_id, "paid")
        shop.invoices.issue(order_id, dt.date(2023, 1 + number % 12, 1))
        totals.append(shop.orders.get(order_id)["total_cents"])
    with zipfile.ZipFile(io.BytesIO(shop.invoices.archive(2023))) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist()]
    assert len(texts) == 120
    for text, total in zip(texts, totals):
        assert f"{total // 100:,}.{total % 100:02d} EUR" in text


def test_a_shop_full_of_searches(shop, catalogue_data):
    rng = random.Random(78)
    queries = {(a, b) for a in WORDS for b in WORDS if a < b}
    for pair in sorted(queries):
        found = shop.catalogue.search(" or ".join(pair), size=100)
        both = shop.catalogue.search(" ".join(pair)).total
        assert found.total == sum(shop.catalogue.search(word).total for word in pair) - both
    for _ in range(400):
        assert shop.catalogue.search(rng.choice(WORDS)).total >= 0
    hits = int(shop.redis.hget("cache:hits", "search"))
    misses = int(shop.redis.hget("cache:misses", "search"))
    assert misses == 2 * len(queries) + len(WORDS)
    assert hits == 400 + 2 * len(queries) - len(WORDS)
