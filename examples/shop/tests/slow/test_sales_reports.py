"""Reports over a year of sales, checked against sums made in Python."""

import csv
import datetime as dt
import io
from collections import Counter, defaultdict

import pytest

from shop.reports import Reports, to_csv
from shop.tax import RATES

pytestmark = [pytest.mark.integration, pytest.mark.slow]

START = dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc)


@pytest.fixture
def reports(history):
    return Reports(history)


@pytest.fixture
def ledger(reports):
    return reports.ledger(2024)


def net(row):
    return row["quantity"] * row["unit_price_cents"] - row["discount_cents"]


def test_monthly_sales(history, reports):
    with history.transaction() as conn:
        orders = conn.execute("SELECT * FROM orders WHERE status IN ('paid', 'shipped')").fetchall()
    revenue: Counter[str] = Counter()
    for order in orders:
        revenue[f"{order['placed_at'].astimezone(dt.timezone.utc):%Y-%m}"] += order["total_cents"]
    rows = reports.monthly_sales(2024)
    assert {row["month"]: row["revenue_cents"] for row in rows} == revenue
    assert len(rows) == 12


def test_top_products(reports, ledger):
    sums: Counter[str] = Counter()
    for row in ledger:
        sums[row["sku"]] += net(row)
    expected = sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:25]
    assert [(row["sku"], row["net_cents"]) for row in reports.top_products(START, limit=25)] == expected


def test_tax_by_country(reports, ledger):
    by_country: Counter[str] = Counter()
    for row in ledger:
        by_country[row["country"]] += row["tax_cents"]
    rows = reports.tax_by_country(2024)
    got: Counter[str] = Counter()
    for row in rows:
        got[row["country"]] += row["tax_cents"]
        if row["tax_class"] == "zero":
            assert row["tax_cents"] == 0
    assert got == by_country
    assert set(got) == set(RATES)


def test_abc_classes(reports, ledger):
    rows = {row["class"]: row for row in reports.abc_analysis()}
    whole = sum(map(net, ledger))
    assert sum(row["net_cents"] for row in rows.values()) == whole
    assert rows["A"]["net_cents"] >= 0.8 * whole
    assert rows["A"]["products"] < rows["C"]["products"] + rows["B"]["products"]


def test_retention(history, reports):
    with history.transaction() as conn:
        orders = conn.execute(
            "SELECT customer_id, placed_at FROM orders WHERE status IN ('paid', 'shipped')"
        ).fetchall()
    months = defaultdict(set)
    for order in orders:
        months[order["customer_id"]].add(order["placed_at"].astimezone(dt.timezone.utc).month)
    expected: Counter[tuple[str, int]] = Counter()
    for bought in months.values():
        for month in bought:
            expected[f"2024-{min(bought):02d}", month - min(bought)] += 1
    assert {(row["cohort"], row["months_after"]): row["customers"] for row in reports.retention(2024)} == expected


def test_ledger_as_csv(ledger):
    text = to_csv(ledger)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(ledger)
    assert sum(int(row["tax_cents"]) for row in rows) == sum(row["tax_cents"] for row in ledger)
    assert {row["placed_at"][:4] for row in rows} == {"2024"}


def test_bought_together(history, reports):
    with history.transaction() as conn:
        baskets = defaultdict(set)
        for row in conn.execute("SELECT order_id, sku FROM order_lines l JOIN products p ON p.id = l.product_id"):
            baskets[row["order_id"]].add(row["sku"])
    alone = Counter(sku for basket in baskets.values() for sku in basket)
    for sku, count in alone.most_common(30):
        together = Counter(other for basket in baskets.values() if sku in basket for other in basket - {sku})
        for row in reports.bought_together(sku):
            assert row["together"] == together[row["sku"]] > 1
            lift = together[row["sku"]] * len(baskets) / (count * alone[row["sku"]])
            assert row["lift"] == pytest.approx(lift, abs=0.001)
