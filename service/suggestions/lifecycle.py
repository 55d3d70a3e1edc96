"""The rules of a suggestion's life. Pure: no clock, no database.

pending -> queued -> drafting -> ready -> its outcome: accepted, edited, rejected, ignored
   |          |          |----> failed      a dead letter, with the fallback text
   |          |----------|----> superseded  a newer message, an answer or a changed order overtook it; a ready one too
   |--------------------------> skipped     no draft was due
"""

from __future__ import annotations

from typing import Literal

MAX_ATTEMPTS = 4
"""Dramatiq's three retries and the first try; counted in the row, so that a job that kills its worker counts too."""

LEASE_S = 12.0
LEASE_RENEWAL_S = 4.0
"""A killed worker's jobs are free 8 to 12 s after its death; with the relay's interval that is within 15 s."""

RESEND_S = 60.0
"""A queued row that nobody claims is sent again after this long, then after twice as long, up to 64 times."""

RETRY_S = 30.0
"""Likewise when a retry, whose back-off is up to 16 s, has not been heard of: Redis was away when it was to be queued."""

POSTPONED_S = 5.0
"""At least so long a job waits while the model's provider takes nothing, and longer when that asks for it."""

POSTPONED_SPREAD_S = 15.0
"""And up to as much again, but no more than this on top: not all return at once."""

PATIENCE_S = 1_800.0
"""How long a suggestion waits for a provider that refuses us or asks for a pause; then it fails, visibly."""


ReasonCode = Literal[
    "machine_mail",
    "superseded",
    "order_changed",
    "answered",
    "budget",
    "no_provider",
    "provider_down",
    "provider_refused",
    "bad_output",
    "unsafe_input",
    "failed_check",
    "poison",
]
"""Why there is no draft: a closed list."""


def is_last(attempt: int) -> bool:
    """Whether no attempt follows this one (1 is the first)."""
    return attempt >= MAX_ATTEMPTS
