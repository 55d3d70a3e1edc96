"""The batches' table: many messages to be drafted again. See `tables` for what holds for all."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Boolean, Integer, Text, Timestamptz
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from service.db.ids import uuid7


class Batch(Table, tablename="batch"):
    """Many messages to be drafted again. Its suggestions name it, and are counted, not added up: nothing can drift.

    `messages`: those asked for, in order; `position`: how many of them were turned into suggestions or passed over so far.
    `skipped`: how many were passed over, by reason. `is_provider_batch`: sent to the provider as one file, at half the price.
    `next_step_at`: when the relay is to have it moved on; null once nothing is left to be done.
    """

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    state = Text(default="running")
    is_provider_batch = Boolean(default=False)
    instruction = Text(null=True, default=None)
    created_by = Text(default="")
    messages = Array(base_column=UUID(), default=list)
    position = Integer(default=0)
    skipped = JSONB(default="{}")
    provider_file_id = Text(null=True, default=None)
    provider_batch_id = Text(null=True, default=None)
    submitted_at = Timestamptz(null=True, default=None)
    next_step_at = Timestamptz(null=True, default=None)
    error = Text(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    finished_at = Timestamptz(null=True, default=None)
