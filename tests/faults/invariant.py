"""What must hold after every fault: each accepted mail ends as one suggestion or waits for it; nothing is lost, nothing doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tests.faults.desk import FINAL, WAITING, FaultDesk
from tests.faults.waiting import wait_for

LAPSED_FOR_S = 5
"""The relay frees lapsed leases every two seconds; one that has been left for longer was forgotten."""

_WORDS = """
SELECT substring(message.text FROM 'My code is ([0-9a-f]{16})') AS word, count(DISTINCT message.id) AS messages,
       count(suggestion.id) AS suggestions, min(suggestion.status) AS status
FROM message LEFT JOIN suggestion ON suggestion.message = message.id
WHERE substring(message.text FROM 'My code is ([0-9a-f]{16})') = ANY($1) GROUP BY 1
"""

_LAPSED = f"SELECT id FROM suggestion WHERE status = 'drafting' AND lease_until < now() - interval '{LAPSED_FOR_S} s'"

_LIVE_TWICE = """
SELECT thread FROM suggestion
WHERE status IN ('pending', 'queued', 'drafting') OR (status = 'ready' AND outcome IS NULL AND claimed_by IS NULL)
GROUP BY thread HAVING count(*) > 1
"""

_READY_TWICE = "SELECT message FROM suggestion WHERE status = 'ready' GROUP BY message HAVING count(*) > 1"

_WAITING = """
SELECT id, status, attempt, sends, next_send_at - now() AS due_in, lease_until - now() AS lease_left, error
FROM suggestion WHERE status IN ('pending', 'queued', 'drafting') ORDER BY id LIMIT 5
"""


async def settle(desk: FaultDesk, *, within_s: float = 90.0) -> float:
    """Wait until no suggestion waits any more; return the seconds it took. Fails with what waits and why, as far as rows tell."""

    async def is_settled() -> bool:
        return not await desk.rows(_WAITING)

    try:
        return await wait_for(is_settled, "nothing waits", within_s=within_s)
    except AssertionError:
        left = [dict(row) for row in await desk.rows(_WAITING)]
        queues = {str(key): desk.servers.client.type(key) for key in desk.servers.client.scan_iter("dramatiq:*")}
        raise AssertionError(f"suggestions still wait after {within_s:.0f} s: {left}; in Valkey: {queues}") from None


async def drained(desk: FaultDesk) -> float:
    """Wait until Valkey holds no message, waiting, delayed or fetched: nothing is stranded; return the seconds it took."""
    client = desk.servers.client

    async def is_empty() -> bool:
        names = [*client.scan_iter("dramatiq:*.msgs"), *client.scan_iter("dramatiq:__acks__.*")]
        return not any(name for name in names if not name.endswith(".XQ.msgs"))

    return await wait_for(is_empty, "no message is left in Valkey, none counts as fetched")


async def check(desk: FaultDesk, *, calls_at_most: int = 1, calls_of: Mapping[str, int] | None = None) -> Counter[str]:
    """Assert the invariant for all that this test's desk has accepted; return the suggestions by status.

    calls_at_most: requests to the model for each suggestion; calls_of: other numbers for some, by the mail's word.
    """
    rows = {row["word"]: row for row in await desk.rows(_WORDS, sorted(desk.accepted))}
    lost = desk.accepted - {word for word, row in rows.items() if row["suggestions"]}
    assert not lost, f"{len(lost)} of {len(desk.accepted)} accepted mails have no suggestion: {sorted(lost)[:5]}"
    doubled = {word: (row["messages"], row["suggestions"]) for word, row in rows.items() if row["messages"] != 1}
    assert not doubled, f"mails stored more than once (messages, suggestions): {doubled}"
    several = {word: row["suggestions"] for word, row in rows.items() if row["suggestions"] != 1}
    assert not several, f"mails with more than one suggestion: {several}"

    statuses = Counter(row["status"] for row in rows.values())
    strange = set(statuses) - FINAL - WAITING
    assert not strange, f"unknown statuses: {strange}"
    assert len(desk.accepted) == sum(statuses.values()), f"accepted {len(desk.accepted)}, found {dict(statuses)}"

    lapsed = await desk.rows(_LAPSED)
    assert not lapsed, f"{len(lapsed)} suggestions are held past their lease: {[str(row['id']) for row in lapsed[:5]]}"
    live_twice = await desk.rows(_LIVE_TWICE)
    assert not live_twice, f"{len(live_twice)} threads have two live suggestions"
    ready_twice = await desk.rows(_READY_TWICE)
    assert not ready_twice, f"{len(ready_twice)} messages have two ready suggestions"

    allowed = calls_of or {}
    too_many = {word: count for word, count in (await desk.calls()).items() if count > allowed.get(word, calls_at_most)}
    assert not too_many, f"the model was asked too often (allowed {calls_at_most}): {too_many}"
    return statuses
