import pytest

from shop.errors import Invalid
from shop.sample_data import CATEGORIES
from tests import factories

pytestmark = pytest.mark.integration


def expected(catalogue_data, *words, category=None, low=0, high=10**9):
    return [
        p
        for p in catalogue_data
        if all(word.lower() in f"{p.name} {p.description}".lower().replace(".", "").split() for word in words)
        and category in (None, p.category)
        and low <= p.price_cents <= high
    ]


@pytest.mark.parametrize("word", ["Kettle", "Atlas", "Tent", "Puzzle", "Spade", "Stapler", "Rucksack", "Decaf"])
def test_finds_what_a_plain_scan_finds(shop, catalogue_data, word):
    assert shop.catalogue.search(word).total == len(expected(catalogue_data, word))


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_category_filter(shop, catalogue_data, category):
    found = shop.catalogue.search(category=category, size=100)
    assert found.total == len(expected(catalogue_data, category=category))
    assert {item["category"] for item in found.items} == {category}


@pytest.mark.parametrize(("low", "high"), [(0, 1000), (1000, 5000), (20_000, 40_000), (50_000, 60_000)])
def test_price_filter(shop, catalogue_data, low, high):
    found = shop.catalogue.search(min_cents=low, max_cents=high)
    assert found.total == len(expected(catalogue_data, low=low, high=high))


@pytest.mark.parametrize(
    ("query", "words"), [("wooden kite", ["wooden", "kite"]), ('"teddy bear"', ["teddy", "bear"])]
)
def test_several_words(shop, catalogue_data, query, words):
    assert shop.catalogue.search(query).total == len(expected(catalogue_data, *words))


def test_words_are_stemmed(shop):
    assert shop.catalogue.search("kettles").total == shop.catalogue.search("kettle").total > 0


def test_a_word_left_out(shop):
    every, without = shop.catalogue.search("kettle"), shop.catalogue.search("kettle -steel")
    assert without.total == every.total - shop.catalogue.search("kettle steel").total


def test_the_name_counts_more_than_the_description(shop):
    shop.catalogue.add(factories.product(name="Plain box", description="Holds a zither."))
    shop.catalogue.add(factories.product(name="Zither", description="Plain."))
    assert [item["name"] for item in shop.catalogue.search("zither").items] == ["Zither", "Plain box"]


def test_facets_add_up_and_ignore_the_chosen_category(shop):
    every = shop.catalogue.search("handmade")
    assert sum(every.categories.values()) == every.total
    assert shop.catalogue.search("handmade", category="toys").categories == every.categories


def test_pages_do_not_overlap_and_are_complete(shop, catalogue_data):
    seen: list[str] = []
    page = 1
    while items := shop.catalogue.search("gift", page=page, size=50).items:
        seen += [item["sku"] for item in items]
        page += 1
    assert len(seen) == len(set(seen)) == len(expected(catalogue_data, "gift"))


@pytest.mark.parametrize(("page", "size"), [(0, 10), (1, 0), (1, 101), (-1, 10)])
def test_bad_pages(shop, page, size):
    with pytest.raises(Invalid):
        shop.catalogue.search(page=page, size=size)


@pytest.mark.parametrize("query", ["'; DROP TABLE products; --", "%_", "&|!()", "<->", "\\", '"unbalanced'])
def test_any_text_may_be_searched_for(shop, query):
    assert shop.catalogue.search(query).total >= 0


def test_a_repeated_search_comes_from_the_cache(shop, db):
    first = shop.catalogue.search("kettle")
    with db.transaction() as conn:
        conn.execute("UPDATE products SET active = false")
    assert shop.catalogue.search(" Kettle ") == first


@pytest.mark.parametrize("change", ["add", "set_price", "retire", "import_csv"])
def test_every_change_empties_the_cache(shop, catalogue_data, change):
    shop.catalogue.search("anything")
    sku = catalogue_data[0].sku
    arguments = {"add": [factories.product()], "set_price": [sku, 5], "retire": [sku], "import_csv": ["sku\n"]}
    getattr(shop.catalogue, change)(*arguments[change])
    shop.catalogue.search("anything")
    assert shop.redis.hget("cache:misses", "search") == "2"
