import csv
import io
from dataclasses import replace

import pytest

from shop import sample_data

pytestmark = [pytest.mark.integration, pytest.mark.slow]

FIRST = 500_000
COUNT = 10_000


def as_csv(products):
    out = io.StringIO()
    rows = sample_data.as_csv_rows(iter(products))
    first = next(rows)
    writer = csv.DictWriter(out, fieldnames=list(first))
    writer.writeheader()
    writer.writerow(first)
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def supplier():
    return list(sample_data.products(COUNT, seed=9, first=FIRST))


def test_a_supplier_catalogue(shop, supplier):
    result = shop.catalogue.import_csv(as_csv(supplier))
    assert (result.created, result.updated, result.errors) == (COUNT, 0, ())
    for product in supplier[:: COUNT // 50]:
        assert shop.catalogue.get(product.sku)["price_cents"] == product.price_cents


def test_new_prices_every_night(shop, supplier):
    shop.catalogue.import_csv(as_csv(supplier))
    raised = [replace(p, price_cents=p.price_cents * 103 // 100) for p in supplier]
    assert shop.catalogue.import_csv(as_csv(raised)).updated == COUNT
    got = shop.catalogue.by_sku(p.sku for p in raised)
    assert all(got[p.sku]["price_cents"] == p.price_cents for p in raised)


def test_broken_lines_do_not_stop_the_rest(shop, supplier):
    lines = as_csv(supplier).splitlines()
    for number in range(100, len(lines), 100):
        lines[number] = "broken," + lines[number]
    result = shop.catalogue.import_csv("\n".join(lines))
    assert len(result.errors) == len(range(100, len(lines), 100))
    assert result.created == COUNT - len(result.errors)
    assert result.errors[0][0] == 101


def test_a_large_import_is_searchable_at_once(shop, supplier):
    before = shop.catalogue.search("kettle").total
    shop.catalogue.import_csv(as_csv(supplier))
    assert shop.catalogue.search("kettle").total == before + sum("Kettle" in p.name for p in supplier)
