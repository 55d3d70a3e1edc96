"""The one door to the queue: the jobs by name, and the publisher that sends them after COMMIT without making a route wait.

Redis is a hint: what cannot be sent is no error, the row in Postgres stays `pending` and the relay sends it later.
"""

from service.jobs.messages import JOB_OF, QUEUE_OF, BatchJob, DraftJob, Job, Priority, Queue, message_of
from service.jobs.publisher import MAX_GATHERED, Publisher
from service.jobs.sender import JobSender

__all__ = [
    "JOB_OF",
    "MAX_GATHERED",
    "QUEUE_OF",
    "BatchJob",
    "DraftJob",
    "Job",
    "JobSender",
    "Priority",
    "Publisher",
    "Queue",
    "message_of",
]
