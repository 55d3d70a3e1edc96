"""Dead letters put back into work: the same rows, pending again as if nothing had been tried, for the prompt of today.

Each runs in its caller's transaction. The threads' rows are locked before their suggestions, in one order, as all who write to a
thread do: nobody waits for another in a ring.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from service.db.engine import fetch
from service.jobs import DraftJob, Priority
from service.suggestions.dead_letters.obstacles import DEAD_LETTER, IS_DEAD, OBSTACLE, WAITING_SINCE
from service.suggestions.dead_letters.types import Cause, Kept, Retried
from service.suggestions.thread_locks import lock_threads_of_suggestions

MAX_PER_CALL = 1_000
"""Rows that one transaction puts back."""

MAX_PUBLISHED = 100
"""So few jobs are published at once; more are left to the relay, which sends them at its own rate."""

# A batch's stay behind all others. What was due to be sent at one moment is sent in this order: by microseconds.
_PUT_BACK = f"""
WITH standing AS (
    SELECT suggestion.id, suggestion.thread, {WAITING_SINCE} AS since, customer.vip, {OBSTACLE} AS obstacle
    FROM suggestion JOIN thread ON thread.id = suggestion.thread JOIN customer ON customer.id = thread.customer
    WHERE suggestion.shop = $1 AND suggestion.id = ANY($2::uuid[])
), chosen AS (
    SELECT id, vip, row_number() OVER (ORDER BY vip DESC, since, id) AS place
    FROM (SELECT DISTINCT ON (thread) * FROM standing WHERE obstacle IS NULL ORDER BY thread, id DESC) AS newest_of_thread
), put_back AS (
    UPDATE suggestion
    SET status = 'pending', attempt = 0, sends = 0,
        next_send_at = now() + make_interval(secs => $3::float8) + chosen.place * interval '1 us',
        priority = CASE WHEN priority > {Priority.NORMAL:d} THEN priority
                        WHEN chosen.vip THEN {Priority.VIP:d} ELSE {Priority.NORMAL:d} END,
        kind = NULL, reason_code = NULL, error = NULL, body = NULL, language = NULL, intent = NULL, needs_human = NULL,
        missing_information = '{{}}', citations = '[]', removed = '{{}}', findings = '[]', blocked_body = NULL, disclosed = NULL,
        snapshot = NULL, order_hash = NULL, recheck_at = NULL, budget_step = NULL, model = NULL, prompt_version = NULL,
        prompt_hash = NULL, lease_token = NULL, lease_until = NULL, claimed_by = NULL, claimed_until = NULL, queued_at = NULL,
        started_at = NULL, finished_at = NULL, held_back_since = NULL, retried_at = now(), version = version + 1
    FROM chosen WHERE suggestion.id = chosen.id AND {IS_DEAD}
    RETURNING suggestion.id, suggestion.priority, chosen.place
)
SELECT standing.id, put_back.priority, coalesce(standing.obstacle, 'other_suggestion') AS obstacle
FROM standing LEFT JOIN put_back ON put_back.id = standing.id ORDER BY put_back.place
"""

_OF_CAUSE = f"""{DEAD_LETTER}
SELECT id, count(*) OVER () AS count FROM letter WHERE obstacle IS NULL ORDER BY vip DESC, since, id LIMIT $4
"""


async def retry_letters(shop_id: UUID, suggestion_ids: Sequence[UUID], *, head_start_s: float) -> Retried:
    """Put back those of these suggestions that nothing stands in the way of, and say of the others what does.

    suggestion_ids: at most MAX_PER_CALL. head_start_s: how long the relay leaves to the publisher what is published at once.
    """
    wanted = list(dict.fromkeys(suggestion_ids))
    is_published = len(wanted) <= MAX_PUBLISHED
    await lock_threads_of_suggestions(shop_id, wanted)
    rows = await fetch(_PUT_BACK, shop_id, wanted, head_start_s if is_published else 0.0)
    jobs = tuple(_job(row) for row in rows if row["priority"] is not None)
    obstacles = {row["id"]: row["obstacle"] for row in rows if row["priority"] is None}
    put_back = tuple(job.suggestion_id for job in jobs)
    done = frozenset(put_back)
    kept = tuple(Kept(each, obstacles.get(each, "not_found")) for each in wanted if each not in done)
    return Retried(put_back=put_back, kept=kept, jobs=jobs if is_published else ())


async def retry_cause(shop_id: UUID, cause: Cause, *, limit: int, head_start_s: float) -> Retried:
    """Put back up to limit letters of a cause, VIPs first, then the longest wait; `left` says how many another call could."""
    rows = await fetch(_OF_CAUSE, shop_id, cause.reason_code, cause.error, min(limit, MAX_PER_CALL))
    if not rows:
        return Retried(put_back=(), kept=())
    retried = await retry_letters(shop_id, [row["id"] for row in rows], head_start_s=head_start_s)
    return Retried(put_back=retried.put_back, kept=retried.kept, left=rows[0]["count"] - len(rows), jobs=retried.jobs)


def _job(row: Any) -> DraftJob:  # noqa: ANN401 - asyncpg's Record has no types of its own
    return DraftJob(row["id"], Priority(row["priority"]))
