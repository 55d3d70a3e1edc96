"""Queue: what waits where, who works on it, and whether Redis is well."""

from grafana.panels import Board, Row, panel

BOARD = Board(
    uid="draftdesk-queue",
    title="Draftdesk queue",
    told="What waits where, who works on it, and whether Redis is well.",
    rows=[
        Row(
            "What waits",
            [
                panel(
                    "Ready by queue",
                    "none",
                    "Jobs that a worker could take. Rising: add workers. suggestions_batch alone: a batch of yours, behind all other mail.",
                    ('max by (queue) (draftdesk_queue_messages{state="ready"})', "{{queue}}"),
                    kind="stack",
                ),
                panel(
                    "Oldest job that is ready",
                    "s",
                    "Seconds since it was sent. Over a minute while threads are free: no worker serves that queue (-Q).",
                    ("max by (queue) (draftdesk_queue_oldest_seconds)", "{{queue}}"),
                ),
                panel(
                    "Messages by state",
                    "none",
                    "delayed: in back-off. in_flight: with live workers. stranded: with dead ones, back within 15 s. "
                    "dead: given up, kept 7 days to look at. stranded for minutes: draftdesk queue inspect.",
                    ("sum by (state) (max by (queue, state) (draftdesk_queue_messages))", "{{state}}"),
                ),
                panel(
                    "Rows by status",
                    "none",
                    "What PostgreSQL says, which is the truth. Pending and rising: the relay does not run or Redis is away; see the log for relay.",
                    ("max by (status) (draftdesk_suggestions_waiting)", "{{status}}"),
                    kind="stack",
                ),
                panel(
                    "Sent by the relay",
                    "ops",
                    "placeholder: the route could not reach Redis. unclaimed: postponed, or lost by the queue. Steady placeholders: Redis is slow or away.",
                    ("sum by (why) (rate(draftdesk_relay_sent_total[$__rate_interval]))", "{{why}}"),
                ),
                panel(
                    "Jobs at work",
                    "none",
                    "Jobs with a claim, beside the threads that could have one. Equal for long: more threads or processes.",
                    ("sum(draftdesk_jobs_in_progress)", "at work"),
                    ("sum(draftdesk_worker_threads)", "threads"),
                ),
            ],
        ),
        Row(
            "Is Redis well?",
            [
                panel(
                    "Saved to disk",
                    "none",
                    "1: Redis' last write to disk succeeded. 0: the disk is full or broken, and Redis refuses jobs; the rows keep them.",
                    ("min(draftdesk_queue_persistence_ok)", "saved"),
                    red=("below", 1),
                    width=6,
                ),
                panel(
                    "Redis memory",
                    "bytes",
                    "What is used, and the limit (0: none). Near it: who else uses this Redis? The relay sends no more than 5,000 a queue.",
                    ("max(draftdesk_queue_memory_bytes)", "used"),
                    ("max(draftdesk_queue_memory_limit_bytes)", "limit"),
                    width=6,
                ),
                panel(
                    "Figures that could be read",
                    "none",
                    "1 for each source that answered the scrape within two seconds. 0: Redis or PostgreSQL is away or slow.",
                    ("min by (source) (draftdesk_reading_ok)", "{{source}}"),
                    red=("below", 1),
                    width=6,
                ),
                panel(
                    "Age of the heartbeat",
                    "s",
                    "Of the worker's event loop, which turns every 5 s. Over 30 s: it stands still and will end itself; its jobs go to others.",
                    ("time() - min by (part) (draftdesk_worker_heartbeat_timestamp_seconds)", "{{part}}"),
                    red=("from", 30),
                    width=6,
                ),
            ],
        ),
    ],
)
