"""The jobs by name, their queues, and the message that carries each: a row's id and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from uuid import UUID

import dramatiq


class Queue(StrEnum):
    """The queues; a worker of their own for the VIPs is `dramatiq actors -Q suggestions_vip`."""

    SUGGESTIONS = "suggestions"
    SUGGESTIONS_VIP = "suggestions_vip"
    SUGGESTIONS_BATCH = "suggestions_batch"


class Job(StrEnum):
    """The jobs; each has exactly one actor of its name."""

    DRAFT_SUGGESTION = "draft_suggestion"
    DRAFT_SUGGESTION_VIP = "draft_suggestion_vip"
    DRAFT_SUGGESTION_OF_BATCH = "draft_suggestion_of_batch"
    ADVANCE_BATCH = "advance_batch"


QUEUE_OF = {
    Job.DRAFT_SUGGESTION: Queue.SUGGESTIONS,
    Job.DRAFT_SUGGESTION_VIP: Queue.SUGGESTIONS_VIP,
    Job.DRAFT_SUGGESTION_OF_BATCH: Queue.SUGGESTIONS_BATCH,
    Job.ADVANCE_BATCH: Queue.SUGGESTIONS_BATCH,
}


class Priority(IntEnum):
    """A suggestion's place among the others, as its row holds it; the lower is served first."""

    VIP = 0
    NORMAL = 10
    BATCH = 20


JOB_OF = {
    Priority.VIP: Job.DRAFT_SUGGESTION_VIP,
    Priority.NORMAL: Job.DRAFT_SUGGESTION,
    Priority.BATCH: Job.DRAFT_SUGGESTION_OF_BATCH,
}


@dataclass(frozen=True, slots=True)
class DraftJob:
    """A suggestion to be drafted."""

    suggestion_id: UUID
    priority: Priority = Priority.NORMAL

    @property
    def row_id(self) -> UUID:
        """The id of the row that is the job."""
        return self.suggestion_id


@dataclass(frozen=True, slots=True)
class BatchJob:
    """A batch to be moved on by a step."""

    batch_id: UUID

    @property
    def row_id(self) -> UUID:
        """The id of the row that is the job."""
        return self.batch_id


def message_of(job: DraftJob | BatchJob) -> dramatiq.Message[None]:
    """Return the message for a job: it carries the row's id and nothing else."""
    if isinstance(job, BatchJob):
        name, kwargs = Job.ADVANCE_BATCH, {"batch_id": str(job.batch_id)}
    else:
        name, kwargs = JOB_OF[job.priority], {"suggestion_id": str(job.suggestion_id)}
    return dramatiq.Message(queue_name=QUEUE_OF[name], actor_name=name, args=(), kwargs=kwargs, options={})
