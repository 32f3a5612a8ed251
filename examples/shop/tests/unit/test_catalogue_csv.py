import csv
import io

import pytest

from shop import sample_data
from shop.catalogue import NewProduct, parse_csv
from tests import factories

pytestmark = pytest.mark.unit

HEADER = "sku,name,category,price\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("123,Spade,garden,1.00", "no EAN-13"),
        ("4006381333931,,garden,1.00", "name is empty"),
        ("4006381333931,Spade,garden,free", "no amount of money"),
        ("4006381333931,Spade,garden,-1.00", "price is negative"),
        ("4006381333931,Spade,garden", "no amount of money"),
    ],
)
def test_bad_lines_are_reported_with_their_number(line, message):
    [(number, problem)] = parse_csv(HEADER + line)
    assert number == 2
    assert message in problem


def test_several_problems_at_once():
    product = factories.product(name=" ", price_cents=-1, tax_class="luxury", weight_grams=-1)
    assert len(product.problems()) == 4


def test_good_lines():
    assert list(parse_csv(HEADER + "4006381333931, Spade ,garden,12.50\n")) == [
        (2, NewProduct("4006381333931", "Spade", "garden", 1250))
    ]


def test_quoted_fields_and_line_ends():
    text = 'sku,name,category,price,description\r\n4006381333931,"Spade, ""big""",garden,"1,200.00","two\nlines"\r\n'
    [(_, product)] = parse_csv(text)
    assert (product.name, product.price_cents, product.description) == ('Spade, "big"', 120_000, "two\nlines")


def test_sample_products_survive_the_round_trip():
    made = list(sample_data.products(2_000, seed=5))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(next(sample_data.as_csv_rows(iter(made)))))
    writer.writeheader()
    writer.writerows(sample_data.as_csv_rows(iter(made)))
    assert [product for _, product in parse_csv(out.getvalue())] == made


def test_sample_products_depend_on_the_seed_alone():
    assert list(sample_data.products(300, seed=3)) == list(sample_data.products(300, seed=3))
    assert list(sample_data.products(300, seed=3)) != list(sample_data.products(300, seed=4))
