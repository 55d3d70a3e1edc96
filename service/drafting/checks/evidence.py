"""What a reply may say: all that the shop itself knows or has said. Pure.

What the customer wrote is no evidence: a refund that they claim, an order number that they made up, the link of a fraud.
The shop's texts are only read when a draft claims something that the records do not hold: most drafts do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from service.drafting.checks.carriers import carriers_in
from service.drafting.checks.claims import Claim, claims_of, link_of
from service.drafting.checks.folding import canonical, folded, words
from service.drafting.checks.money import is_same_currency, value_of
from service.drafting.types import Snapshot

MAX_TEXT_LENGTH = 6_000
"""Characters of each earlier reply that are read, as many as the model gets."""


class Evidence:
    """The evidence of one snapshot; each part is gathered when it is first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The shop's own texts, folded: articles, promises, its earlier replies, its voice and signature."""
        snapshot = self.snapshot
        found: list[str] = [part for each in snapshot.articles for part in (each.title, each.text)]
        found += [each.sentence for each in snapshot.promises]
        found += [each.text[:MAX_TEXT_LENGTH] for each in snapshot.conversation if each.direction == "out"]
        found += [snapshot.shop.name, snapshot.shop.voice, snapshot.shop.signature]
        return tuple(folded(each).text for each in found)

    @cached_property
    def text_claims(self) -> tuple[Claim, ...]:
        """What those texts claim."""
        return tuple(claim for text in self.texts for claim in claims_of(text))

    @cached_property
    def spoken(self) -> str:
        """The words of those texts, one space between each, for phrases to be looked up in."""
        return f" {' '.join(word for text in self.texts for word in words(text))} "

    @cached_property
    def customers_words(self) -> str:
        """All that the customer wrote, in the same form; what divides two texts divides phrases too. It is no evidence."""
        snapshot = self.snapshot
        texts = (
            snapshot.subject,
            snapshot.text,
            snapshot.quoted,
            *snapshot.attachments,
            *(each.text for each in snapshot.conversation if each.direction == "in"),
            *(item.name for order in snapshot.orders for item in order.items),
        )
        return " \n ".join(f" {' '.join(words(each))} " for each in texts if each)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Order and tracking numbers, in the form that is compared."""
        return frozenset(
            canonical(value) for order in self.snapshot.orders for value in (order.number, order.tracking_number) if value
        )

    def has(self, claim: Claim) -> bool:
        """Whether a claim of the draft is supported."""
        return getattr(self, f"_has_{claim.kind}")(claim)  # type: ignore[no-any-return]

    def has_carrier(self, name: str) -> bool:
        """Whether a carrier brings one of the orders, or the shop names it."""
        own = (order.carrier for order in self.snapshot.orders if order.carrier)
        return any(name in carriers_in(each, is_loose=True).values() for each in (*own, *self.texts))

    def _has_link(self, claim: Claim) -> bool:
        own = (link_of(order.tracking_url) for order in self.snapshot.orders if order.tracking_url)
        return claim.value in own or claim.value in self._told("link")

    def _has_email_address(self, claim: Claim) -> bool:
        return claim.value in self._told("email_address")

    def _has_amount(self, claim: Claim) -> bool:
        if claim.value in self._told("amount"):
            return True
        value, _, currency = claim.value.partition(" ")
        own = (
            (f"{value_of(amount)}", order.currency or "")
            for order in self.snapshot.orders
            for amount in (order.total, order.refunded)
            if amount
        )
        if any(value == known and is_same_currency(currency, unit) for known, unit in own):
            return True
        told = (each.partition(" ")[::2] for each in self._told("amount"))
        return any(value == known and is_same_currency(currency, unit) for known, unit in told)

    def _has_share(self, claim: Claim) -> bool:
        return claim.value in self._told("share")

    def _has_date(self, claim: Claim) -> bool:
        snapshot = self.snapshot
        own = {snapshot.today, *(order.placed_on for order in snapshot.orders if order.placed_on)}
        own.update(each.sent_at for each in snapshot.conversation if each.direction == "out")
        return any(_is_day(reading, own) for reading in claim.value.split("|")) or any(
            _is_day(reading, {other})
            for reading in claim.value.split("|")
            for told in self._told("date")
            for other in told.split("|")
        )

    def _has_day_word(self, claim: Claim) -> bool:
        return claim.value in self._told("day_word")

    def _has_period(self, claim: Claim) -> bool:
        return claim.value in self._told("period")

    def _has_time(self, claim: Claim) -> bool:
        return claim.value in self._told("time")

    def _has_number(self, claim: Claim) -> bool:
        digits = "".join(filter(str.isdigit, claim.value))
        if claim.value in self.numbers or (len(digits) >= 4 and claim.value == digits and digits in self._plain_digits):
            return True
        if claim.value == self.snapshot.today[:4]:
            return True
        if not claim.shown.startswith("#") and claim.value in self._item_numbers:
            return True
        return claim.value in self._told("number")

    @cached_property
    def _plain_digits(self) -> frozenset[str]:
        return frozenset("".join(filter(str.isdigit, each)) for each in self.numbers)

    @cached_property
    def _item_numbers(self) -> frozenset[str]:
        """Numbers in items' names, such as a size or a type; a customer may have typed some, so they are nothing but that."""
        names = (folded(item.name).text for order in self.snapshot.orders for item in order.items)
        return frozenset(claim.value for name in names for claim in claims_of(name) if claim.kind == "number")

    def _told(self, kind: str) -> frozenset[str]:
        return frozenset(claim.value for claim in self.text_claims if claim.kind == kind)


def _is_day(reading: str, days: Iterable[str]) -> bool:
    """Whether a date is one of these days; one of the two may lack the year."""
    return any(reading == day or (min(len(reading), len(day)) == 5 and reading[-5:] == day[-5:]) for day in days)
