"""The short context, for shops near the end of their budget: what costs most goes, what the answer hangs on stays. Pure."""

from __future__ import annotations

import msgspec

from service.drafting.prompt import shortened
from service.drafting.types import Snapshot

SHORT_MESSAGES = 3
SHORT_ORDERS = 2
SHORT_EXCERPTS = 2
SHORT_TEXT_LENGTH = 3_000
SHORT_EARLIER_LENGTH = 1_000


def shortened_snapshot(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot of a third of the tokens or less where it was long; facts are left away, never altered."""
    return msgspec.structs.replace(
        snapshot,
        orders=snapshot.orders[:SHORT_ORDERS],
        articles=snapshot.articles[:SHORT_EXCERPTS],
        conversation=tuple(
            msgspec.structs.replace(each, text=shortened(each.text, SHORT_EARLIER_LENGTH))
            for each in snapshot.conversation[-SHORT_MESSAGES:]
        ),
        text=shortened(snapshot.text, SHORT_TEXT_LENGTH),
        quoted=shortened(snapshot.quoted, SHORT_EARLIER_LENGTH),
    )
