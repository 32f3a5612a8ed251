"""Laws that every price must obey, on many random carts."""

import random
from dataclasses import replace
from itertools import permutations

import pytest

from shop.pricing import PercentOff, Shipping, best_quote, quote
from shop.tax import RATES
from tests import factories

pytestmark = [pytest.mark.unit, pytest.mark.slow]

SEEDS = range(100, 106)
COUNTRIES = [*sorted(RATES), "US"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_combination_is_the_cheapest_of_all(seed):
    rng = random.Random(seed)
    for _ in range(220):
        lines, offers = factories.random_lines(rng, 6), factories.random_discounts(rng, 4)
        country = rng.choice(COUNTRIES)
        best = best_quote(lines, offers, country=country, shipping=Shipping())
        for size in range(len(offers)):
            prefix = quote(lines, offers[:size], country=country, shipping=Shipping())
            assert best.total <= prefix.total
        assert best.subtotal == sum(line.subtotal for line in lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_lines_does_not_matter(seed):
    rng = random.Random(seed)
    for _ in range(120):
        lines, discounts = factories.random_lines(rng, 4), [PercentOff("P", rng.randint(1, 60), "books")]
        totals = {quote(order, discounts, shipping=Shipping()).total for order in permutations(lines)}
        assert len(totals) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dearer_product_never_makes_the_goods_cheaper(seed):
    rng = random.Random(seed)
    for _ in range(1_100):
        lines = factories.random_lines(rng)
        changed = list(lines)
        changed[0] = replace(changed[0], unit_price=changed[0].unit_price + rng.randint(1, 500))
        offers = [PercentOff("P", rng.randint(1, 99))]
        before, after = quote(lines, offers), quote(changed, offers)
        assert after.total >= before.total


@pytest.mark.parametrize("country", COUNTRIES)
def test_tax_is_within_a_cent_per_rate(country):
    rng = random.Random(country)
    for _ in range(400):
        q = quote(factories.random_lines(rng), factories.random_discounts(rng), country=country)
        for rate in {line.tax_rate for line in q.lines}:
            mine = [line for line in q.lines if line.tax_rate == rate]
            exact = sum(line.net for line in mine) * rate / 100
            assert abs(sum(line.tax for line in mine) - exact) <= 1
