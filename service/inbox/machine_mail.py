"""Who wrote: a person or a machine? Pure. A machine is never answered: that is how loops begin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

MachineClass = Literal["auto_reply", "bulk", "bounce"]

_BULK_PRECEDENCE = {"bulk", "list", "junk"}
_ROBOTS = ("mailer-daemon", "postmaster")


def machine_class(headers: Iterable[tuple[str, str]], sender: str) -> MachineClass | None:
    """Classify a mail by its headers and sender address; None: a person wrote it.

    Source: RFC 3834 section 5 (Auto-Submitted), RFC 2369 and 2919 (List-*), RFC 3464 (delivery reports).
    """
    known = {name.lower(): value.strip().lower() for name, value in headers}
    if sender.partition("@")[0] in _ROBOTS or known.get("return-path") == "<>" or _is_report(known):
        return "bounce"
    if known.get("auto-submitted", "no").partition(";")[0].strip() != "no":
        return "auto_reply"
    if "x-autoreply" in known or "x-autorespond" in known or known.get("precedence") == "auto_reply":
        return "auto_reply"
    if known.get("precedence") in _BULK_PRECEDENCE or any(name.startswith("list-") for name in known):
        return "bulk"
    return None


def _is_report(known: dict[str, str]) -> bool:
    return known.get("content-type", "").startswith("multipart/report")
