"""Articles: the shop's policies and answers, which drafts may quote."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, delete, get, put
from litestar.di import NamedDependency, Provide
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter

from service.api.guards import provide_writer
from service.api.problems import PROBLEM_JSON, Problem, documented
from service.errors import InvalidInput, NotFound
from service.knowledge.queries import get_article, list_articles
from service.knowledge.service import delete_article, put_article
from service.knowledge.texts import MAX_SLUG_LENGTH, is_slug
from service.shops.types import Caller

MAX_BODY_BYTES = 1_000_000
"""50,000 characters as JSON may write them, each as twelve bytes, and the title."""


class ArticleIn(msgspec.Struct, kw_only=True):
    """What an article says. `body`: plain text or Markdown, at most 50,000 characters; `title`: at most 200, on one line."""

    title: str
    body: str


class ArticleOut(msgspec.Struct, kw_only=True):
    """One article. A draft cites it as `article:` and its slug."""

    slug: str
    title: str
    body: str
    created_at: datetime
    updated_at: datetime


class ArticleSummary(msgspec.Struct, kw_only=True):
    """One article without its body, which has `length` characters."""

    slug: str
    title: str
    length: int
    created_at: datetime
    updated_at: datetime


class ArticlePage(msgspec.Struct, kw_only=True):
    """Articles by slug. `next_cursor` is null on the last page."""

    items: list[ArticleSummary]
    next_cursor: str | None


@get(
    "/articles",
    summary="List articles",
    operation_id="list_articles",
    tags=["articles"],
    responses=documented(400, 401, 403, 503),
)
async def list_article_page(
    caller: NamedDependency[Caller],
    cursor: Annotated[
        str | None, QueryParameter(max_length=MAX_SLUG_LENGTH, description="`next_cursor` of the page before")
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200, description="Rows on a page")] = 50,
) -> ArticlePage:
    """Return the shop's articles by slug, without their bodies."""
    if cursor is not None and not is_slug(cursor):
        raise InvalidInput("`cursor` is not one that this API has given out; leave it away for the first page")
    rows = await list_articles(caller.shop_id, after=cursor or "", limit=limit + 1)
    page = rows[:limit]
    return ArticlePage(
        items=[ArticleSummary(**row) for row in page],
        next_cursor=page[-1]["slug"] if len(rows) > limit else None,
    )


@get(
    "/articles/{slug:str}",
    summary="Get an article",
    operation_id="get_article",
    tags=["articles"],
    responses=documented(401, 403, 404, 503),
)
async def get_one_article(caller: NamedDependency[Caller], slug: FromPath[str]) -> ArticleOut:
    """Return one article."""
    return await _article(caller, slug)


@put(
    "/articles/{slug:str}",
    status_code=200,
    summary="Put an article",
    operation_id="put_article",
    tags=["articles"],
    dependencies={"caller": Provide(provide_writer)},
    request_max_body_size=MAX_BODY_BYTES,
    responses={
        **documented(400, 401, 403, 409, 503),
        201: ResponseSpec(ArticleOut, description="The article is new.", generate_examples=False),
        413: ResponseSpec(Problem, description="The request is over 1 MB.", media_type=PROBLEM_JSON, generate_examples=False),
    },
)
async def put_one_article(caller: NamedDependency[Caller], slug: FromPath[str], data: JSONBody[ArticleIn]) -> Response[ArticleOut]:
    """Store an article under its slug (lower-case letters, digits and inner hyphens, at most 100), whether it is new or not.

    Control characters are taken out, and of empty lines that follow each other one is kept. 409: the shop has 1,000 articles.
    """
    stored = await put_article(caller.shop_id, slug=slug, title=data.title, body=data.body)
    return Response(await _article(caller, slug), status_code=201 if stored == "new" else 200)


@delete(
    "/articles/{slug:str}",
    summary="Delete an article",
    operation_id="delete_article",
    tags=["articles"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(401, 403, 404, 503),
)
async def delete_one_article(caller: NamedDependency[Caller], slug: FromPath[str]) -> None:
    """Delete an article; drafts that quote it stay as they are."""
    await delete_article(caller.shop_id, slug)


async def _article(caller: Caller, slug: str) -> ArticleOut:
    row = await get_article(caller.shop_id, slug)
    if row is None:
        raise NotFound("There is no such article")
    return ArticleOut(**row)
