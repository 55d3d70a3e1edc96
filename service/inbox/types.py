"""What the inbox takes and hands out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec

from service.mime.cuts import Cut


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a mail's suggestion is to be drafted.

    Attributes:
        head_start_s: how long the publisher has before the relay takes the suggestion up.
        pause_s: how long to wait for further mails of the thread; VIPs do not wait.
    """

    head_start_s: float
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class StoredMail:
    """The rows that one mail made. `message_id` is None when another delivery had brought the same mail."""

    message_id: UUID | None
    suggestion_id: UUID | None
    is_vip: bool
    pause_s: float


class KeptCut(msgspec.Struct, frozen=True):
    """What was cut out of a delivery's body, and the hash of what an attachment of the shop holds. `sha256` is in hex."""

    sha256: str
    cut: Cut
