"""The suggestions' tables: the job itself, and the requests to the model that it cost. See `tables` for what holds for all."""

from __future__ import annotations

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    DoublePrecision,
    ForeignKey,
    Integer,
    Numeric,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from service.db.ids import uuid7
from service.db.tables import Message, Thread


class Suggestion(Table, tablename="suggestion"):
    """A reply suggestion: a row with a life cycle, and the job itself.

    `waiting_since`: when the first of the mails came that this one answers. `removed`: kinds of hidden text kept from the model.
    `snapshot`: all that the model was told. `blocked_body`: the draft that the checks did not let pass. `recheck_at`: its
    customer's orders have changed, the relay is to compare `order_hash`. A claimed row with a reason code was overtaken meanwhile.
    `reply`: the message that it became. `retried_at`: when a dead letter was put back into work for the last time.
    `held_back_since`: since when the model's provider takes nothing from it.
    `prompt_hash`: of what a provider's batch was asked; another prompt by the time of its answer means another answer.
    """

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    thread = ForeignKey(Thread, on_delete=OnDelete.cascade, null=False, index=False)
    message = ForeignKey(Message, on_delete=OnDelete.cascade, null=False, index=True)
    status = Text(default=None)
    reason_code = Text(null=True, default=None)
    kind = Text(null=True, default=None)
    priority = SmallInt(default=10)
    attempt = SmallInt(default=0)
    sends = SmallInt(default=0)
    lease_token = UUID(null=True, default=None)
    lease_until = Timestamptz(null=True, default=None)
    next_send_at = Timestamptz(null=True, default=None)
    body = Text(null=True, default=None)
    language = Text(null=True, default=None)
    intent = Text(null=True, default=None)
    needs_human = Boolean(null=True, default=None)
    missing_information = Array(base_column=Text(), default=list)
    citations = JSONB(default="[]")
    removed = Array(base_column=Text(), default=list)
    findings = JSONB(default="[]")
    blocked_body = Text(null=True, default=None)
    disclosed = JSONB(null=True, default=None)
    snapshot = JSONB(null=True, default=None)
    order_hash = Text(null=True, default=None)
    recheck_at = Timestamptz(null=True, default=None)
    instruction = Text(null=True, default=None)
    budget_step = Text(null=True, default=None)
    model = Text(null=True, default=None)
    prompt_version = Text(null=True, default=None)
    error = Text(null=True, default=None)
    claimed_by = Text(null=True, default=None)
    claimed_until = Timestamptz(null=True, default=None)
    outcome = Text(null=True, default=None)
    outcome_reason = Text(null=True, default=None)
    final_body = Text(null=True, default=None)
    similarity = DoublePrecision(null=True, default=None)
    reply = UUID(null=True, default=None)
    batch = UUID(null=True, default=None)
    prompt_hash = Text(null=True, default=None)
    retried_at = Timestamptz(null=True, default=None)
    held_back_since = Timestamptz(null=True, default=None)
    resolved_by = Text(null=True, default=None)
    resolved_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
    waiting_since = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    queued_at = Timestamptz(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)


class ModelCall(Table, tablename="model_call"):
    """One request to the model, paid whether or not its answer was of use. `cost_usd` is null when the price is unknown."""

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    suggestion = ForeignKey(Suggestion, on_delete=OnDelete.cascade, null=False, index=True)
    attempt = SmallInt(default=None)
    model = Text(default=None)
    request_id = Text(null=True, default=None)
    error_type = Text(null=True, default=None)
    input_tokens = BigInt(null=True, default=None)
    cached_tokens = BigInt(null=True, default=None)
    output_tokens = BigInt(null=True, default=None)
    reasoning_tokens = BigInt(null=True, default=None)
    cost_usd = Numeric(digits=(12, 7), null=True, default=None)
    purpose = Text(default="draft")
    duration_s = DoublePrecision(default=None)
    created_at = Timestamptz(default=TimestamptzNow())
