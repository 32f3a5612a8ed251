import random

import pytest

from shop.pricing import AmountOff, Line, PercentOff, Shipping, best_quote, quote
from tests import factories

pytestmark = pytest.mark.unit


def test_plain():
    q = quote([Line("a", 2, 1000), Line("b", 1, 500, tax_class="reduced")])
    assert (q.subtotal, q.discount, q.tax, q.total) == (2500, 0, 380 + 35, 2915)


def test_tax_is_on_what_is_paid():
    assert quote([Line("a", 1, 1000)], [PercentOff("X", 50)]).tax == 95


def test_tax_is_rounded_once_per_rate():
    assert quote([Line(str(i), 1, 3) for i in range(10)]).tax == 6  # 19 % of 30, not ten times 19 % of 3


def test_only_effective_codes_are_listed():
    q = quote([Line("a", 1, 1000)], [PercentOff("NO", 10, category="toys"), AmountOff("YES", 100)])
    assert q.codes == ("YES",)


@pytest.mark.parametrize(("country", "business", "tax"), [("DE", False, 190), ("FR", False, 200), ("FR", True, 0),
                                                           ("US", False, 0), ("DE", True, 190)])
def test_tax_by_destination(country, business, tax):
    assert quote([Line("a", 1, 1000)], country=country, business=business).tax == tax


@pytest.mark.parametrize(
    ("weight", "subtotal", "fee"),
    [(0, 0, 0), (1, 0, 490), (1000, 0, 490), (1001, 0, 690), (5000, 0, 690), (31_500, 0, 1290), (31_501, 0, 1780),
     (63_000, 0, 2580), (500, 9_999, 490), (500, 10_000, 0)],
)
def test_shipping(weight, subtotal, fee):
    assert Shipping().fee(weight, subtotal) == fee


def test_shipping_is_taxed():
    q = quote([Line("a", 1, 1000, weight=100)], shipping=Shipping())
    assert (q.shipping, q.shipping_tax, q.total) == (490, 93, 1000 + 490 + 190 + 93)


def test_empty_cart():
    assert quote([], shipping=Shipping()).total == 0


def test_best_quote_prefers_the_exclusive_offer_when_it_is_better():
    lines = [Line("a", 1, 10_000)]
    offers = [PercentOff("A", 5), PercentOff("B", 5), PercentOff("BIG", 20, exclusive=True)]
    assert best_quote(lines, offers).codes == ("BIG",)
    assert best_quote(lines, offers[:2]).codes == ("A", "B")


def test_best_quote_without_offers_is_the_plain_one():
    assert best_quote([Line("a", 1, 100)], []) == quote([Line("a", 1, 100)])


def test_best_quote_is_never_dearer_than_any_single_offer():
    rng = random.Random(21)
    for _ in range(150):
        lines, offers = factories.random_lines(rng, 5), factories.random_discounts(rng)
        best = best_quote(lines, offers)
        assert all(best.total <= quote(lines, [offer]).total for offer in offers)


@pytest.mark.parametrize("seed", range(8))
def test_sums_add_up(seed):
    rng = random.Random(seed)
    for _ in range(500):
        lines, discounts = factories.random_lines(rng), factories.random_discounts(rng)
        q = quote(lines, discounts, country=rng.choice(["DE", "FR", "US"]), shipping=Shipping())
        assert q.total == sum(line.net + line.tax for line in q.lines) + q.shipping + q.shipping_tax
        assert all(0 <= line.discount <= line.line.subtotal for line in q.lines)
        assert q.total >= 0
