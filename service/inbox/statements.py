"""The statement that stores a mail. One, because it is the hot path: one round trip is one transaction.

The sub-statements see one snapshot, and foreign keys are checked at the statement's end, so their order does not matter. Two mails
of one thread at once both see no live suggestion, and two copies of one mail no message; the unique indexes let one of them win,
and the other runs again. The thread's row is locked before its suggestions, as agents' actions do, so that
neither waits for the other in a ring.
"""

from __future__ import annotations

from functools import cache

FIRST_ATTACHMENT = 33
"""The number of the first argument that attachments have; the mail has 32."""

MAX_PAUSES = 6
"""A customer who goes on writing is waited for so many pauses after the first of the mails, then no more."""

_KNOWN_MESSAGE = """
WITH known_message AS (
    SELECT id, coalesce(content_sha256 = $26, $32::jsonb IS NULL) AS is_same
    FROM message WHERE shop = $2 AND recipient = $18 AND rfc_message_id IN ($15, $27)
), verdict AS (
    SELECT CASE WHEN EXISTS (SELECT FROM known_message WHERE is_same) THEN 'duplicate' ELSE 'stored' END AS outcome
)"""

_NEW_DELIVERY = """, taken_delivery AS (
    INSERT INTO delivery (id, shop, source, dedupe_key, fingerprint, received_at, headers, body, cuts, outcome, reason)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $32, verdict.outcome, CASE WHEN verdict.outcome = 'duplicate' THEN 'message_id_seen' END
    FROM verdict
    ON CONFLICT (source, dedupe_key) DO NOTHING
    RETURNING id, outcome
)"""

# A replay: of two at once the second finds the delivery no longer failed.
_KEPT_DELIVERY = """, taken_delivery AS (
    UPDATE delivery
    SET outcome = verdict.outcome, reason = CASE WHEN verdict.outcome = 'duplicate' THEN 'message_id_seen' END, fingerprint = $5,
        headers = $7, body = $8, cuts = $32
    FROM verdict
    WHERE delivery.id = $1 AND delivery.shop = $2 AND delivery.source = $3 AND delivery.dedupe_key = $4
      AND delivery.outcome IN ('failed', 'ignored')
    RETURNING delivery.id, delivery.outcome
)"""

# What an agent holds stays as it is, a holding text too; only its version tells him, and its reason. What is resolved is history.
_MAIL = f""", stored_delivery AS (
    SELECT id FROM taken_delivery WHERE outcome = 'stored'
), known_customer AS (
    SELECT id, vip FROM customer WHERE shop = $2 AND email = $10
), new_customer AS (
    INSERT INTO customer (id, shop, email, name, vip, created_at)
    SELECT $9, $2, $10, $11, false, now() FROM stored_delivery WHERE NOT EXISTS (SELECT FROM known_customer)
    ON CONFLICT (shop, email) DO UPDATE SET email = excluded.email
    RETURNING id, vip
), named_customer AS (
    UPDATE customer SET name = $11 FROM stored_delivery
    WHERE customer.shop = $2 AND customer.email = $10 AND customer.name = '' AND $11 <> ''
), writer AS (
    SELECT id, vip FROM known_customer UNION ALL SELECT id, vip FROM new_customer
), quoted_thread AS (
    SELECT thread.id, thread.customer, found.rank
    FROM (
        SELECT named.id, named.rank FROM unnest($28::uuid[]) WITH ORDINALITY AS named (id, rank)
        UNION ALL
        SELECT earlier.thread, 1000 + array_position($12::text[], earlier.rfc_message_id)
        FROM message earlier WHERE earlier.shop = $2 AND earlier.rfc_message_id = ANY($12::text[])
    ) AS found (id, rank) JOIN thread ON thread.id = found.id AND thread.shop = $2
), joined_thread AS (
    SELECT quoted_thread.id FROM quoted_thread JOIN known_customer ON known_customer.id = quoted_thread.customer
    ORDER BY quoted_thread.rank LIMIT 1
), new_message AS (
    INSERT INTO message (id, shop, thread, delivery, direction, rfc_message_id, in_reply_to, reference_ids, sender, sender_name,
                         recipient, subject, text, html, machine_class, trust, trust_reasons, content_sha256, same_id_as,
                         bounced_message, received_at)
    SELECT $13, $2, coalesce((SELECT id FROM joined_thread), $14), stored_delivery.id, 'in',
           CASE WHEN EXISTS (SELECT FROM known_message) THEN $27 ELSE $15 END, $16, $17, $10, $11, $18, $19, $20, $21, $22, $30,
           $31, $26, (SELECT id FROM known_message LIMIT 1),
           (SELECT id FROM message WHERE shop = $2 AND rfc_message_id = $29 AND direction = 'out' ORDER BY id DESC LIMIT 1), $6
    FROM stored_delivery
    RETURNING id, thread
), new_thread AS (
    INSERT INTO thread (id, shop, customer, subject, version, linked_thread, created_at, updated_at)
    SELECT new_message.thread, $2, writer.id, $19, 1, (SELECT id FROM quoted_thread ORDER BY rank LIMIT 1), $6, $6
    FROM new_message, writer WHERE NOT EXISTS (SELECT FROM joined_thread)
), moved_thread AS (
    UPDATE thread SET version = thread.version + 1, updated_at = $6
    FROM new_message WHERE thread.id = new_message.thread AND EXISTS (SELECT FROM joined_thread)
    RETURNING thread.id
), overtaken AS (
    UPDATE suggestion
    SET status = CASE WHEN claimed_until > now() THEN status ELSE 'superseded' END,
        reason_code = CASE WHEN status = 'failed' THEN reason_code ELSE 'superseded' END,
        claimed_by = CASE WHEN claimed_until > now() THEN claimed_by END,
        claimed_until = CASE WHEN claimed_until > now() THEN claimed_until END,
        finished_at = CASE WHEN claimed_until > now() THEN finished_at ELSE now() END,
        lease_token = NULL, lease_until = NULL, next_send_at = NULL, version = suggestion.version + 1
    FROM moved_thread
    WHERE suggestion.thread = moved_thread.id AND $22::text IS NULL AND suggestion.outcome IS NULL
      AND (suggestion.status IN ('pending', 'queued', 'drafting', 'ready')
           OR (suggestion.status = 'failed' AND suggestion.claimed_until > now()))
    RETURNING suggestion.waiting_since, suggestion.started_at
), waiting AS (
    SELECT coalesce(min(waiting_since) FILTER (WHERE started_at IS NULL), now()) AS since FROM overtaken
), new_suggestion AS (
    INSERT INTO suggestion (id, shop, thread, message, status, reason_code, priority, attempt, sends, missing_information,
                            citations, version, next_send_at, waiting_since, created_at, finished_at)
    SELECT $23, $2, new_message.thread, new_message.id,
           CASE WHEN $22::text IS NULL THEN 'pending' ELSE 'skipped' END,
           CASE WHEN $22::text IS NOT NULL THEN 'machine_mail' END,
           CASE WHEN writer.vip THEN 0 ELSE 10 END, 0, 0, '{{}}', '[]', 1,
           CASE WHEN $22::text IS NULL THEN now() + make_interval(secs => $24::float8 + pause.seconds) END,
           waiting.since, $6, CASE WHEN $22::text IS NOT NULL THEN now() END
    FROM new_message, writer, waiting, LATERAL (
        SELECT CASE WHEN writer.vip THEN 0 ELSE
            greatest(0, least($25::float8, $25::float8 * {MAX_PAUSES} - extract(epoch FROM now() - waiting.since)))
        END AS seconds
    ) AS pause
    RETURNING id, priority, extract(epoch FROM next_send_at - now())::float8 - $24::float8 AS pause_s
)"""

# A sub-statement each, with its content as an argument of its own: an array of contents would be copied three times on its way in.
_ATTACHMENT = """, attachment_{position} AS (
    INSERT INTO attachment (id, shop, message, position, filename, content_type, content_id, size_bytes, sha256, content)
    SELECT ${first}, $2, new_message.id, {position}, ${name}, ${type}, ${cid}, octet_length(${content}::bytea), ${hash}, ${content}
    FROM new_message
)"""

_LEFT_OUT = """, left_out AS (
    INSERT INTO attachment (id, shop, message, position, filename, content_type, size_bytes, left_out)
    SELECT came.id, $2, new_message.id, {kept} + came.position, came.filename, came.content_type, came.size_bytes, came.reason
    FROM new_message, unnest(${ids}::uuid[], ${names}::text[], ${types}::text[], ${sizes}::bigint[], ${reasons}::text[])
         WITH ORDINALITY AS came (id, filename, content_type, size_bytes, reason, position)
)"""

_ANSWER = """
SELECT taken_delivery.id AS delivery_id, new_message.id AS message_id, new_suggestion.id AS suggestion_id,
       new_suggestion.priority, new_suggestion.pause_s
FROM taken_delivery LEFT JOIN new_message ON true LEFT JOIN new_suggestion ON true
"""


@cache
def store_mail_sql(*, is_replay: bool, attachments: int, has_left_out: bool) -> str:
    """Return the statement for a new call or for one that is kept already.

    attachments: how many, with six arguments each after the first 32: id, filename, type, content id, hash, content.
    has_left_out: then five arrays follow: ids, filenames, types, sizes, reasons.
    """
    pieces = [_KNOWN_MESSAGE, _KEPT_DELIVERY if is_replay else _NEW_DELIVERY, _MAIL]
    for number in range(attachments):
        names = ("first", "name", "type", "cid", "hash", "content")
        places = {name: FIRST_ATTACHMENT + 6 * number + offset for offset, name in enumerate(names)}
        pieces.append(_ATTACHMENT.format(position=number + 1, **places))
    if has_left_out:
        columns = ("ids", "names", "types", "sizes", "reasons")
        places = {name: FIRST_ATTACHMENT + 6 * attachments + offset for offset, name in enumerate(columns)}
        pieces.append(_LEFT_OUT.format(kept=attachments, **places))
    return "".join((*pieces, _ANSWER))
