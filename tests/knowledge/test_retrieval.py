"""Whether customers' questions find the article that answers them, in a shop of twenty."""

from __future__ import annotations

from tests.factories import ShopAtWork
from tests.knowledge.corpus import ARTICLES, QUESTIONS
from tests.knowledge.writing import found, put


async def test_search_when_customers_ask_then_nearly_always_the_answer_comes_first(shop: ShopAtWork) -> None:
    for slug, title, body in ARTICLES:
        await put(shop, slug, title=title, body=body)

    missed = [question for question, slug in QUESTIONS if (await found(shop, question))[:1] != [slug]]

    # "Swap" for "exchange": words alone do not find that one.
    assert missed == [QUESTIONS[0][0]]


async def test_search_when_customers_ask_then_few_articles_come_that_do_not_answer(shop: ShopAtWork) -> None:
    for slug, title, body in ARTICLES:
        await put(shop, slug, title=title, body=body)

    others = [len(set(await found(shop, question)) - {slug}) for question, slug in QUESTIONS]

    assert sum(others) <= 2 * len(QUESTIONS)
