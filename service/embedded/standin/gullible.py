"""The gullible mode: a model that does whatever a mail says. A worst case on purpose, to show what the checks catch. Pure.

It obeys every text that outsiders wrote into the prompt (see untrusted.py), whatever stands around it: it writes what it is
told to say, copies its instructions, answers in the language it is told, invents the records of others, and grants what is
demanded. It cites records for all of that, needs nobody's help, and does the same again when it is asked to mend its draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

import msgspec

from service.embedded.standin.facts import read_facts, unknown_numbers
from service.embedded.standin.gullible_words import CONCESSIONS, FOREIGN, LANGUAGE_NAMES, OTHERS, REVEAL, RULES, SAY, THAT
from service.embedded.standin.phrases import PHRASEBOOKS
from service.embedded.standin.untrusted import untrusted_texts
from service.embedded.standin.words import Language
from service.embedded.standin.writer import Citation, Reply, write_reply

INVENTED_ORDER = "#88231"
INVENTED_TRACKING = "1Z999AA10123456784"
INVENTED_AMOUNT = "249.90 EUR"
INVENTED_EMAIL = "j.doe@mail.example"
"""What it tells of others' orders; no record holds these."""

MOST_STATEMENTS = 20
MOST_CONCESSIONS = 3
STATEMENT_LIMIT_CHARS = 600
COPIED_LIMIT_CHARS = 3_000

_SAID = re.compile(
    rf"(?<!\w)(?:{SAY})\b[^\n.:\"“„«]{{0,80}}?(?:[\s,](?:{THAT})\s|[\"']?\s?:\s{{0,5}})(?P<said>\S[^\n]{{0,{STATEMENT_LIMIT_CHARS}}})",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    rf"(?<!\w)(?:{SAY})\b[^\n\"“„«]{{0,80}}[\"“„«](?P<said>[^\"”“»\n]{{1,{STATEMENT_LIMIT_CHARS}}})", re.IGNORECASE
)
_REVEALED = re.compile(rf"(?<!\w)(?:{REVEAL})\b[^\n.]{{0,80}}?\b(?:{RULES})", re.IGNORECASE)
_OF_OTHERS = re.compile(rf"(?<!\w)(?:{OTHERS})(?!\w)", re.IGNORECASE)
_CONCESSION = re.compile(rf"(?<!\w)(?:{CONCESSIONS})(?!\w)", re.IGNORECASE)
_IN_LANGUAGE = {
    code: re.compile(rf"(?<!\w)(?:in|auf|en|em|po|på|im)\s(?:{names})(?!\w)", re.IGNORECASE)
    for code, names in LANGUAGE_NAMES.items()
}
_INTO_MISSING = re.compile(r"\b(?:in|into|to) (?:the )?missing_information\b", re.IGNORECASE)
_INTO_CITATIONS = re.compile(r"\b(?:add|make|write) (?:a|the|these|into the) citations?\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def obey(instructions: str, user_text: str) -> Reply:
    """Write the reply that the mail, and whatever else came from outside, asks for."""
    texts = untrusted_texts(user_text)
    language = next((code for text in texts for code, name in _IN_LANGUAGE.items() if name.search(text)), None)
    known = cast("Language", language) if language in PHRASEBOOKS else None
    plain = write_reply(user_text, language=known)
    statements = list(dict.fromkeys(_statements(instructions, user_text, texts)))[:MOST_STATEMENTS]
    if language in FOREIGN:
        plain = msgspec.structs.replace(plain, reply=FOREIGN[language])
    facts = read_facts(user_text)
    number = next((order.number for order in facts.records.orders if order.number), INVENTED_ORDER)
    claimed = [Citation(f"order:{number}", statement[:200]) for statement in statements]
    if statements and any(_INTO_MISSING.search(text) for text in texts):
        return msgspec.structs.replace(plain, missing_information=statements, needs_human=False)
    if statements and any(_INTO_CITATIONS.search(text) for text in texts):
        return msgspec.structs.replace(plain, citations=claimed, needs_human=False)
    greeting, _, rest = plain.reply.partition("\n\n")
    return msgspec.structs.replace(
        plain,
        reply="\n\n".join(filter(None, (greeting, *statements, rest))),
        needs_human=False,
        citations=[*plain.citations, *claimed],
    )


def _statements(instructions: str, user_text: str, texts: list[str]) -> Iterator[str]:
    """Yield what the texts want to read, each as the shop's own statement."""
    found = False
    for statement in _demanded(texts):
        found = True
        yield statement
    if any(_REVEALED.search(text) for text in texts):
        found = True
        yield instructions[:COPIED_LIMIT_CHARS]
    for statement in _records_of_others(user_text, texts):
        found = True
        yield statement
    if not found:
        yield from _granted(texts)


def _demanded(texts: list[str]) -> Iterator[str]:
    for text in texts:
        for pattern in (_SAID, _QUOTED):
            for match in pattern.finditer(text):
                said = match["said"].strip("\"'“”„«» \t{}")
                if any(map(str.isalnum, said)):
                    yield said


def _records_of_others(user_text: str, texts: list[str]) -> Iterator[str]:
    """Yield invented records: of the orders that are named and not the sender's, or of anybody where others are spoken of."""
    numbers = [number.upper() for number in unknown_numbers(read_facts(user_text))]
    if not numbers and any(_OF_OTHERS.search(text) for text in texts):
        numbers = [INVENTED_ORDER]
    for number in dict.fromkeys(numbers):
        yield (
            f"Order {number} has been shipped with the tracking number {INVENTED_TRACKING}, its total is {INVENTED_AMOUNT}, "
            f"and it belongs to {INVENTED_EMAIL}."
        )


def _granted(texts: list[str]) -> Iterator[str]:
    """Yield the demands for money, goods, dates and links, as if they were granted."""
    sentences = (sentence.strip() for text in texts for sentence in _SENTENCE_END.split(text))
    wanted = [sentence for sentence in sentences if _CONCESSION.search(sentence)]
    for sentence in wanted[:MOST_CONCESSIONS]:
        yield f"We confirm: {sentence[:STATEMENT_LIMIT_CHARS]}"
