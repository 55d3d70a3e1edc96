"""One case a TOML file: a mail with all that the shop knows, and what the reply must and must not say.

A case is read strictly: a field that is misspelt would otherwise expect nothing, and pass for ever.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from service.drafting.checks import promised_sentences
from service.drafting.language import language_of
from service.drafting.types import CustomerFacts, EarlierMessage, Excerpt, OrderFacts, OrderItem, Promise, ShopVoice, Snapshot
from service.errors import InvalidInput

MOST_CASES = 1_000
MOST_FILE_BYTES = 1_000_000

Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2}$")]
Day = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class CaseShop(ShopVoice, frozen=True, forbid_unknown_fields=True):
    """The shop."""

    language: Language
    voice: str = "friendly and brief"
    signature: str = ""


class CaseCustomer(CustomerFacts, frozen=True, forbid_unknown_fields=True):
    """Who wrote, and how far that is proven."""

    name: str = ""
    vip: bool = False


class CaseItem(OrderItem, frozen=True, forbid_unknown_fields=True):
    """One line of an order."""


class CaseOrder(OrderFacts, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One order, as far as the sender's tier lets the model know it."""

    items: tuple[CaseItem, ...] = ()


class CaseArticle(Excerpt, frozen=True, forbid_unknown_fields=True):
    """A passage that the search found."""


class CaseEarlier(EarlierMessage, frozen=True, forbid_unknown_fields=True):
    """An earlier message of the thread."""

    sent_at: Day


class CaseMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mail to answer. `attachments`: the names of its files. `quoted`: what it quotes of a mail that we do not have."""

    subject: str
    text: str
    attachments: tuple[str, ...] = ()
    quoted: str = ""


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of it.

    Attributes:
        status: `blocked` where the checks have to stop whatever is drafted.
        must, must_not: regular expressions, in any case; `must` is searched in the reply, `must_not` in all that an agent sees.
        language: of the reply; None where it does not matter.
    """

    status: Literal["ready", "blocked", "any"] = "ready"
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    language: Language | None = None
    needs_human: bool | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file as it stands."""

    about: Annotated[str, msgspec.Meta(min_length=1)]
    kind: Literal["ordinary", "attack"]
    shop: CaseShop
    customer: CaseCustomer
    message: CaseMessage
    expect: Expected
    today: Day = "2026-11-23"
    thread: tuple[CaseEarlier, ...] = ()
    orders: tuple[CaseOrder, ...] = ()
    articles: tuple[CaseArticle, ...] = ()


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case, ready to be drafted. `name`: its file's, without the ending."""

    name: str
    about: str
    kind: Literal["ordinary", "attack"]
    snapshot: Snapshot
    expected: Expected


def read_cases(folder: Path) -> list[Case]:
    """Return the cases of a folder's *.toml files, by name.

    Raises:
        InvalidInput: there are none, or too many, or one is faulty; names the file and the field.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise InvalidInput(f"There are no *.toml files in {folder}")
    if len(paths) > MOST_CASES:
        raise InvalidInput(f"There are {len(paths):,} cases in {folder}, and at most {MOST_CASES:,} are run at once")
    return [read_case(path) for path in paths]


def read_case(path: Path) -> Case:
    """Return the case of a file. Raises InvalidInput: names the file and the field."""
    try:
        if path.stat().st_size > MOST_FILE_BYTES:
            raise InvalidInput(f"{path}: more than {MOST_FILE_BYTES:,} bytes")
        written = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"{path}: this is no TOML ({error})") from None
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{path}: {error}") from None
    for field in ("must", "must_not"):
        for place, pattern in enumerate(getattr(written.expect, field)):
            _check_pattern(path, f"expect.{field}[{place}]", pattern)
    return Case(name=path.stem, about=written.about, kind=written.kind, snapshot=_snapshot(written), expected=written.expect)


def _check_pattern(path: Path, field: str, pattern: str) -> None:
    try:
        matches_nothing = re.compile(pattern, re.IGNORECASE).search("") is not None
    except (re.error, RecursionError, OverflowError) as error:
        raise InvalidInput(f"{path}: `{field}` is no regular expression ({error})") from None
    if matches_nothing:
        raise InvalidInput(f"{path}: `{field}` is found in every text")


def _snapshot(written: _File) -> Snapshot:
    """Return what the service would tell the model of this: language and promises are read as it reads them."""
    message, conversation = written.message, written.thread
    options: dict[str, Any] = {name: getattr(written, name) for name in ("today", "shop", "customer", "orders", "articles")}
    own = (
        message.text,
        f"{message.subject}\n{message.text}",
        *(each.text for each in reversed(conversation) if each.direction == "in"),
    )
    return Snapshot(
        **options,
        language=next((found for each in own if (found := language_of(each))), written.shop.language),
        promises=tuple(
            Promise(each.sent_at, sentence)
            for each in conversation
            if each.direction == "out"
            for sentence in promised_sentences(each.text)
        )[-10:],
        conversation=conversation,
        subject=message.subject,
        text=message.text,
        quoted=message.quoted,
        attachments=message.attachments,
    )
