"""What stands in the way of a suggestion's retry, in SQL: one expression for the list, for the choice, and under the locks."""

from __future__ import annotations

WAITING_SINCE = "coalesce(suggestion.waiting_since, suggestion.created_at)"
"""As in ix_suggestion_dead."""

IS_DEAD = "suggestion.status = 'failed' AND suggestion.outcome IS NULL"

# A draft that an agent holds is no obstacle to another message's, as long as no newer one waits; to the same message's it is.
_OTHER = """
EXISTS (
    SELECT FROM suggestion AS other
    WHERE other.thread = suggestion.thread
      AND (other.status IN ('pending', 'queued', 'drafting')
           OR (other.status = 'ready' AND other.outcome IS NULL
               AND (other.claimed_by IS NULL OR other.message = suggestion.message)))
)
"""

OBSTACLE = f"""
CASE
    WHEN suggestion.outcome IS NOT NULL THEN 'resolved'
    WHEN suggestion.status <> 'failed' THEN 'not_failed'
    WHEN EXISTS (
        SELECT FROM message AS newer WHERE newer.thread = suggestion.thread AND newer.id > suggestion.message
          AND newer.direction = 'in' AND newer.machine_class IS NULL
    ) THEN 'newer_message'
    WHEN EXISTS (
        SELECT FROM message AS answer JOIN message AS asked ON asked.id = suggestion.message
        WHERE answer.thread = suggestion.thread AND answer.id > suggestion.message
          AND answer.direction = 'out' AND answer.in_reply_to = asked.rfc_message_id
    ) THEN 'answered'
    WHEN {_OTHER} THEN 'other_suggestion'
    WHEN suggestion.claimed_until > now() THEN 'claimed'
END
"""
"""Null: nothing. The customer's message comes before an agent's claim: what was overtaken stays so when the claim ends."""

OVERTAKEN = "('newer_message', 'answered', 'other_suggestion')"
"""Obstacles that do not pass: nobody waits for the letter any more."""

# Materialised: its reader names the obstacle more than once, and PostgreSQL would look for it each time.
DEAD_LETTER = f"""
WITH letter AS MATERIALIZED (
    SELECT suggestion.id, suggestion.reason_code, coalesce(suggestion.error, '') AS error, {WAITING_SINCE} AS since, customer.vip,
           {OBSTACLE} AS obstacle
    FROM suggestion JOIN thread ON thread.id = suggestion.thread JOIN customer ON customer.id = thread.customer
    WHERE suggestion.shop = $1 AND {IS_DEAD} AND ($2::text IS NULL OR suggestion.reason_code = $2)
      AND ($3::text IS NULL OR coalesce(suggestion.error, '') = $3)
)"""
"""The beginning of a statement: `letter` holds a shop's ($1), all or those of a reason ($2), of an error ($3)."""
