"""What a reply may say: all that the shop itself knows or has said. Pure.

What the customer wrote is no evidence: a refund that they claim, an order number that they made up, the link of a fraud. Names of
items are the shop's, yet a customer may have typed into them: a number in one is a size or a type, and nothing else.
The shop's texts are only read when a draft claims something that the records do not hold: most drafts do not.
"""

from __future__ import annotations

from functools import cached_property

from service.drafting.checks.carriers import carriers_of
from service.drafting.checks.claims import MAX_TEXT_LENGTH, Claim, Kind, claims_of
from service.drafting.checks.dates import day_before, is_day
from service.drafting.checks.folding import plain
from service.drafting.checks.links import link_of
from service.drafting.checks.money import is_same_currency, value_of, written
from service.drafting.checks.numerals import canonical
from service.drafting.checks.reading import words_of
from service.drafting.types import Snapshot

MAX_TYPE_DIGITS = 7
"""A longer number in an item's name is no type or size, and might be a tracking number that a customer typed."""

MAX_ITEM_WORDS = 12
"""The name of an item may be repeated; what is longer is no name, and counts as the customer's."""

MAX_CUSTOMER_LENGTH = 60_000
MIN_SPLIT_LENGTH = 8
"""Characters of a known number that may be written with spaces in it."""


class Evidence:
    """The evidence of one snapshot; each part is gathered when it is first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The shop's own texts: articles, promises, its earlier replies, its name, voice and signature."""
        shop = self.snapshot.shop
        return (*self.told, shop.name, shop.voice, shop.signature)

    @cached_property
    def told(self) -> tuple[str, ...]:
        """What customers are told: articles, promises and earlier replies."""
        snapshot = self.snapshot
        found = [part for each in snapshot.articles for part in (each.title, each.text)]
        found += [each.sentence for each in snapshot.promises]
        found += [each.text for each in snapshot.conversation if each.direction == "out"]
        return tuple(each[:MAX_TEXT_LENGTH] for each in found)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Order and tracking numbers, in the form that is compared."""
        return frozenset(
            canonical(plain(value)) for order in self.snapshot.orders for value in (order.number, order.tracking_number) if value
        )

    @cached_property
    def customers_texts(self) -> tuple[str, ...]:
        """What the customer wrote, the newest first, 60,000 characters of it at most. It is no evidence."""
        snapshot, room = self.snapshot, MAX_CUSTOMER_LENGTH
        written = (
            snapshot.text,
            snapshot.subject,
            *snapshot.attachments,
            *(item.name for order in snapshot.orders for item in order.items if len(item.name.split()) > MAX_ITEM_WORDS),
            snapshot.quoted,
            *(each.text for each in reversed(snapshot.conversation) if each.direction == "in"),
        )
        found: list[str] = []
        for text in written:
            found.append(text[: max(0, room)])
            room -= len(text)
        return tuple(found)

    @cached_property
    def customers_words(self) -> str:
        """The words of what the customer wrote, one space between each and a mark between two texts."""
        return f" {' | '.join(' '.join(words_of(text)) for text in self.customers_texts)} "

    @cached_property
    def spoken(self) -> str:
        """The words of those texts, one space between each and a mark between two texts, for phrases to be looked up in."""
        return f" {' | '.join(' '.join(words_of(text)) for text in self.texts)} "

    def says(self, phrase: str) -> bool:
        """Whether one of the shop's texts has these words in a row."""
        return f" {' '.join(words_of(phrase))} " in self.spoken

    def has(self, claim: Claim) -> bool:
        """Whether a claim of the draft, other than a number, is supported."""
        match claim.kind:
            case "amount":
                return self._has_amount(claim.values[0])
            case "date":
                return self._has_date(claim)
            case "period":
                return self._has_period(claim.values[0])
            case "link":
                return claim.values[0] in self._links or claim.values[0] in self._told("link")
            case "day_word":
                return claim.values[0] in self._told("day_word") or (
                    claim.values[0] == "yesterday" and self._is_known_day(day_before(self.snapshot.today) or "")
                )
            case _:
                return claim.values[0] in self._told(claim.kind)

    def has_number(self, claim: Claim, shown: str, *, is_order: bool) -> bool:
        """Whether a number is in the records. is_order: it is told as an order's, which a number of an item never is."""
        parts = (claim.values[0], *(canonical(each) for each in shown.split())) if " " in shown else (claim.values[0],)
        whole, *pieces = parts
        return self._has_one(whole, is_order=is_order) or (
            bool(pieces) and all(self._has_one(each, is_order=is_order) for each in pieces)
        )

    def split_number_at(self, text: str) -> int:
        """Return how many characters at the beginning of a text are a known long number with spaces in it; 0 for none."""
        # A quick look first: nearly every number begins no known one, or is one without any space.
        first = text[:1].lower()
        long = [each for each in self.numbers if len(each) >= MIN_SPLIT_LENGTH and (each.startswith(first) or not first.isalnum())]
        if not long:
            return 0
        compact = [(place, each.lower()) for place, each in enumerate(text) if each.isalnum()]
        joined = "".join(each for _, each in compact)
        for number in long:
            if joined.startswith(number) and not joined[len(number) : len(number) + 1].isdigit():
                return compact[len(number) - 1][0] + 1
        return 0

    def has_carrier(self, name: str) -> bool:
        """Whether a carrier brings one of the orders, or the shop tells of it."""
        own = (order.carrier for order in self.snapshot.orders if order.carrier)
        return any(name in carriers_of(each) for each in (*own, *self.told))

    def _has_one(self, number: str, *, is_order: bool) -> bool:
        if number in self.numbers or (number.isdigit() and len(number) >= 4 and number in self._digits):
            return True
        if not is_order and (number in self._years or number in self._item_numbers):
            return True
        return number in self._told("number")

    def _has_amount(self, told: str) -> bool:
        value, _, currency = told.partition(" ")
        return any(
            value == known and (not currency or is_same_currency(currency, unit))
            for known, unit in (*self._sums, *(each.partition(" ")[::2] for each in self._told("amount")))
        )

    def _has_date(self, claim: Claim) -> bool:
        return any(
            self._is_known_day(reading) or any(is_day(reading, other) for other in self._told("date")) for reading in claim.values
        )

    def _is_known_day(self, reading: str) -> bool:
        return any(is_day(reading, day) for day in self._days)

    def _has_period(self, told: str) -> bool:
        """Whether a period is told, or the longer end of one: "up to 5 days" where the shop says "3 to 5"."""
        counts, _, unit = told.partition(" ")
        known = [each.partition(" ")[::2] for each in self._told("period")]
        return any(unit == its_unit and counts in {its_counts, its_counts.rpartition("-")[2]} for its_counts, its_unit in known)

    @cached_property
    def _links(self) -> frozenset[str]:
        return frozenset(link_of(plain(order.tracking_url)) for order in self.snapshot.orders if order.tracking_url)

    @cached_property
    def _sums(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (f"{written(value)}", order.currency or "none")
            for order in self.snapshot.orders
            for amount in (order.total, order.refunded)
            if amount and (value := value_of(amount)) is not None
        )

    @cached_property
    def _days(self) -> frozenset[str]:
        snapshot = self.snapshot
        days = {snapshot.today, *(order.placed_on or "" for order in snapshot.orders)}
        days.update(each.sent_at for each in snapshot.conversation if each.direction == "out")
        days.update(each.sent_at for each in snapshot.promises)
        return frozenset(each[:10] for each in days if each)

    @cached_property
    def _digits(self) -> frozenset[str]:
        return frozenset("".join(filter(str.isdigit, each)) for each in self.numbers)

    @cached_property
    def _years(self) -> frozenset[str]:
        return frozenset(day[:4] for day in self._days)

    @cached_property
    def _item_numbers(self) -> frozenset[str]:
        names = (item.name[:200] for order in self.snapshot.orders for item in order.items[:100])
        return frozenset(
            value
            for name in names
            for claim in claims_of(name)
            if claim.kind == "number"
            for value in claim.values
            if sum(map(str.isdigit, value)) <= MAX_TYPE_DIGITS
        )

    @cached_property
    def _by_kind(self) -> dict[Kind, set[str]]:
        found: dict[Kind, set[str]] = {}
        for text in self.texts:
            for claim in claims_of(text):
                found.setdefault(claim.kind, set()).update(claim.values)
        return found

    def _told(self, kind: Kind) -> set[str]:
        """Return what the shop's texts tell of a kind."""
        return self._by_kind.get(kind, set())
