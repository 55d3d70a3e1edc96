"""Prompt text to reply, by rule. Pure.

A reply says only what the records say of one order, or a sentence of one of the shop's articles as it stands there; it asks
for an order number where there is none to go by, and promises nothing. What the customer wrote chooses the language where the
records tell none, the intent and the order; nothing of it is obeyed or repeated.
"""

from __future__ import annotations

import re

import msgspec

from service.embedded.standin.facts import Article, Facts, Order, choose_order, newest, read_facts
from service.embedded.standin.phrasebook import OrderPhrases
from service.embedded.standin.phrases import PHRASEBOOKS
from service.embedded.standin.recognise import find_intents, find_language, normalise
from service.embedded.standin.words import LANGUAGES, Intent, Language

NEEDS_HUMAN: frozenset[Intent] = frozenset({"refund", "complaint", "damaged", "wrong_item"})
ABOUT_AN_ORDER: frozenset[Intent] = NEEDS_HUMAN - {"complaint"} | {
    "where_is_order", "return", "cancel", "change_order", "invoice",
}  # fmt: skip
ANSWERED_BY_ARTICLES: frozenset[Intent] = frozenset({"return", "refund"})
NAME_LIMIT_CHARS = 40
SENTENCE_LIMIT_CHARS = 300

_SENTENCE = re.compile(r"[^\n]*?[.!?](?=\s|\Z)")
_LIST_MARK = re.compile(r"[-*|>#]|\d")


class Citation(msgspec.Struct, frozen=True):
    """What the reply relies on, word for word."""

    source: str
    """`order:` and the order's number as the records write it, or `article:` and the article's slug."""
    quote: str


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The reply, in the keys of the program's reply schema."""

    reply: str
    language: Language
    intent: Intent
    needs_human: bool
    missing_information: list[str]
    citations: list[Citation]


def write_reply(user_text: str, *, language: Language | None = None) -> Reply:
    """Write the reply to the user's part of a prompt; a text without the prompt's tags gets a generic one.

    language: None for the customer's.
    """
    facts = read_facts(user_text)
    words = normalise(facts.message)
    language = language or _language(facts, words)
    if not facts.is_tagged:
        return _assemble(facts, language, "other", [PHRASEBOOKS[language].generic])
    intents = find_intents(words, language)
    intent = intents[0] if intents else "other"
    needs_human = not NEEDS_HUMAN.isdisjoint(intents)

    book = PHRASEBOOKS[language]
    paragraphs = [book.opening.get(intent, book.generic)]
    missing_information: list[str] = []
    citations: list[Citation] = []

    if intent in ANSWERED_BY_ARTICLES and (found := _rule_of(facts, language)):
        article, sentence = found
        paragraphs.append(sentence)
        citations.append(Citation(f"article:{article.slug}", sentence))
    choice = choose_order(facts)
    order = choice.named
    if order is None and not choice.has_unknown and intent in ABOUT_AN_ORDER:
        order = newest(facts.records.orders)
        if order is None:
            paragraphs.append(book.no_orders)
            missing_information.append("order number")
    if order is not None and book.order is not None:
        sentences, quotes = _describe(order, intent, book.order)
        paragraphs.append(sentences)
        if order.number:
            citations += [Citation(f"order:{order.number}", quote) for quote in quotes]
    if choice.has_unknown:
        paragraphs.append(book.not_found)
        missing_information.append("order number")
    if intent in book.closing and (needs_human or not missing_information):
        paragraphs.append(book.closing[intent])
    return _assemble(
        facts,
        language,
        intent,
        paragraphs,
        needs_human=needs_human,
        missing_information=missing_information,
        citations=citations,
    )


def _language(facts: Facts, words: str) -> Language:
    told = (facts.records.language or "").casefold()
    known = next((language for language in LANGUAGES if language == told), None)
    return known or find_language(words, otherwise=facts.records.shop.language)


def _rule_of(facts: Facts, language: Language) -> tuple[Article, str] | None:
    """Return the best article with its first sentence, where that is about returns or refunds and in the reply's language."""
    if not facts.articles or (facts.records.shop.language or "").casefold()[:2] != language:
        return None
    article = facts.articles[0]
    paragraphs = (each for each in article.text.split("\n") if each.strip() and not _LIST_MARK.match(each.strip()))
    match = _SENTENCE.match(next(paragraphs, "").strip())
    if match is None or len(match[0]) > SENTENCE_LIMIT_CHARS:
        return None
    about = find_intents(normalise(f"{article.title} {match[0]}"), language)
    return None if ANSWERED_BY_ARTICLES.isdisjoint(about) else (article, match[0])


def _assemble(
    facts: Facts,
    language: Language,
    intent: Intent,
    paragraphs: list[str],
    *,
    needs_human: bool = False,
    missing_information: list[str] | None = None,
    citations: list[Citation] | None = None,
) -> Reply:
    book = PHRASEBOOKS[language]
    name = _first_name(facts.records.customer.name or "")
    greeting = book.greeting.format(name=name) if name else book.greeting_nobody
    shop = facts.records.shop
    signature = (shop.signature or shop.name or "").strip()
    return Reply(
        reply="\n\n".join(filter(None, [greeting, *paragraphs, signature])),
        language=language,
        intent=intent,
        needs_human=needs_human,
        missing_information=missing_information or [],
        citations=citations or [],
    )


def _describe(order: Order, intent: Intent, phrases: OrderPhrases) -> tuple[str, list[str]]:
    """Say what the records say of an order, as far as it answers the intent, and with which record values."""
    state = "cancelled" if order.status == "cancelled" else order.fulfilment or ""
    number = f" {order.number}" if order.number else ""
    sentences = [phrases.states.get(state, phrases.found).format(number=number)]
    quotes = [state] if state in phrases.states else []
    if order.number:
        quotes.insert(0, order.number)
    if intent == "invoice" and order.status == "paid":
        sentences.append(phrases.paid)
        quotes.append(order.status)
    if intent == "where_is_order" and state in {"shipped", "delivered"}:
        for phrase, value in (
            (phrases.carrier, order.carrier),
            (phrases.tracking_number, order.tracking_number),
            (phrases.tracking_url, order.tracking_url),
        ):
            if value:
                sentences.append(phrase.format(value=value))
                quotes.append(value)
    return " ".join(sentences), quotes


def _first_name(name: str) -> str:
    # "Weber, Anna" and "Dr. Anna Weber" are both Anna; an address is no name.
    given = name.rpartition(",")[2].split()
    first = next((word for word in given if not word.endswith(".")), "")
    return "" if "@" in first or len(first) > NAME_LIMIT_CHARS else first
