"""Articles that are kept once they are read: never stale, never more than they may be."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from service.db.ids import uuid7
from service.drafting.types import Excerpt
from service.knowledge.library import Edition, Library, ReadArticle, read_article
from service.knowledge.passages import Passage
from service.knowledge.queries import find_excerpts
from service.knowledge.ranking import Found
from tests.factories import ShopAtWork
from tests.knowledge.writing import RETURNS, SHIPPING, put

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def edition(article_id: UUID | None = None, *, at: datetime = NOON, configuration: str = "english") -> Edition:
    """An article at noon, in English."""
    return Edition(article_id or uuid7(), at, configuration)


def article(body: str = "One.") -> ReadArticle:
    """An article of this body and no words."""
    return read_article("slug", title="Title", body=body, words_of_title=[], words_of_block=[])


def test_found_when_words_are_asked_for_then_each_place_has_those_of_them_that_it_has() -> None:
    read = read_article(
        "returns",
        title="Returns",
        body="# Boots\nSend them back.\n\n# Sale\nIt is final.",
        words_of_title=["return"],
        words_of_block=[(0, ["boot", "send", "back"]), (1, ["sale", "final"])],
    )

    found = read.found({"back": 7, "return": 8, "sale": 9, "zebra": 10})

    passages = [Passage("# Boots\n\nSend them back.", frozenset({7})), Passage("# Sale\n\nIt is final.", frozenset({9}))]
    assert found == Found(slug="returns", title="Returns", title_words=frozenset({8}), passages=passages)


def test_library_when_an_article_has_changed_or_is_read_in_another_language_then_it_is_not_known() -> None:
    library, known = Library(), edition()
    library.put(known, article())

    others = [edition(), edition(known.article_id, at=datetime.now(UTC)), edition(known.article_id, configuration="german")]

    assert library.get(known) is not None
    assert [library.get(each) for each in others] == [None, None, None]


def test_library_when_it_is_full_then_what_was_not_asked_for_longest_goes() -> None:
    library, editions = Library(max_length=300), [edition() for _ in range(4)]
    for each in editions[:3]:
        library.put(each, article("x" * 100))
    library.get(editions[0])

    library.put(editions[3], article("x" * 100))

    assert [library.get(each) is not None for each in editions] == [True, False, True, True]


def test_library_when_one_article_is_put_again_and_again_then_the_others_stay() -> None:
    library, first, second = Library(max_length=300), edition(), edition()
    library.put(first, article("x" * 100))

    for _ in range(10):
        library.put(second, article("x" * 100))

    assert library.get(first) is not None


def test_library_when_an_article_is_longer_than_all_may_be_then_nothing_is_kept() -> None:
    library, known = Library(max_length=10), edition()

    library.put(known, article("x" * 11))

    assert library.get(known) is None


async def test_search_when_an_article_has_changed_since_it_was_read_then_the_new_words_count(shop: ShopAtWork) -> None:
    await put(shop)
    await find_excerpts(shop.id, language="en", query="Can I return my boots within 30 days?")

    await put(shop, title="Shipping", body=SHIPPING)

    assert await find_excerpts(shop.id, language="en", query="Norway") == (Excerpt("returns", "Shipping", SHIPPING),)
    assert await find_excerpts(shop.id, language="en", query="boots that are worn") == ()


async def test_search_when_one_article_is_known_and_another_new_then_both_are_found(shop: ShopAtWork) -> None:
    await put(shop)
    query = "days of delivery, days of payment"
    await find_excerpts(shop.id, language="en", query=query)

    await put(shop, "shipping", title="Shipping", body=SHIPPING)
    excerpts = await find_excerpts(shop.id, language="en", query=query)

    assert {each.text for each in excerpts} == {RETURNS, SHIPPING}
