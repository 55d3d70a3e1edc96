"""Overview: do customers wait, why, and what does it cost?"""

from grafana.panels import Board, Row, panel, quantiles

_READY = 'sum(rate(draftdesk_suggestions_total{status="ready"}[$__rate_interval]))'
_FINISHED = 'sum(rate(draftdesk_suggestions_total{reason!="budget"}[$__rate_interval]))'

BOARD = Board(
    uid="draftdesk-overview",
    title="Draftdesk overview",
    told="Do customers wait, why, and what does it cost?",
    rows=[
        Row(
            "The first five numbers",
            [
                panel(
                    "Suggestions that get a draft",
                    "percentunit",
                    "Of those finished in the time shown, without what a shop's budget refused. Target 99 %. "
                    "Below: look at `What fails`, then at draftdesk dead-letters list. Empty: nothing was finished.",
                    (
                        'sum(increase(draftdesk_suggestions_total{status="ready"}[$__range]))'
                        ' / sum(increase(draftdesk_suggestions_total{reason!="budget"}[$__range]))',
                        "ready",
                    ),
                    kind="stat",
                    red=("below", 0.99),
                    width=5,
                ),
                panel(
                    "Oldest customer waiting",
                    "s",
                    "For how long the customer has waited who has waited longest; 0: nobody waits. Over five minutes: "
                    "look at the board Queue, whether workers live, and whether the model answers.",
                    ("max(draftdesk_suggestions_oldest_waiting_seconds)", "oldest"),
                    kind="stat",
                    red=("from", 300),
                    width=5,
                ),
                panel(
                    "Mail to draft, 95th percentile",
                    "s",
                    "From a mail's arrival to its saved draft, batches left out. Over a minute: compare with the model's latency; "
                    "if that is short, jobs wait: add workers.",
                    (
                        "histogram_quantile(0.95, sum by (le) "
                        '(rate(draftdesk_message_to_suggestion_seconds_bucket{priority!="batch"}[$__range])))',
                        "p95",
                    ),
                    kind="stat",
                    red=("from", 60),
                    width=5,
                ),
                panel(
                    "Dead letters",
                    "none",
                    "Failed suggestions that nobody has dealt with. More than none: draftdesk dead-letters list --shop SHOP "
                    "names the causes, retry runs one again once it is mended.",
                    ("max(draftdesk_dead_letters)", "dead letters"),
                    kind="stat",
                    width=4,
                ),
                panel(
                    "Cost an hour",
                    "currencyUSD",
                    "What the model costs an hour by list prices, at the rate of the time shown. Jumps: board Drafting, tokens by model; a batch?",
                    ("sum(rate(draftdesk_model_cost_usd_total[$__range])) * 3600", "USD"),
                    kind="stat",
                    width=5,
                ),
            ],
        ),
        Row(
            "Is it working, is it keeping up?",
            [
                panel(
                    "Share that gets a draft",
                    "percentunit",
                    "As the first number, over time. Below the line: see what fails. A gap: nothing was finished.",
                    (f"{_READY} / {_FINISHED}", "ready"),
                    red=("below", 0.99),
                ),
                panel(
                    "Mail to draft",
                    "s",
                    "From arrival to the saved draft, all priorities. If it rises and the model's latency does not: add workers.",
                    *quantiles("draftdesk_message_to_suggestion_seconds"),
                ),
                panel(
                    "Waiting by status",
                    "none",
                    "Suggestions without a draft. Pending ones were not sent yet, queued ones wait for a worker, drafting ones are at work; "
                    "with_provider takes up to a day. Queued and rising: add workers, or look at the model.",
                    ("max by (status) (draftdesk_suggestions_waiting)", "{{status}}"),
                    kind="stack",
                ),
                panel(
                    "Worker threads",
                    "none",
                    "Threads that live, that there should be, and jobs at work. All busy for long: more threads or processes. "
                    "Fewer live than there should be: that worker ends itself within a minute.",
                    ("sum(draftdesk_worker_threads)", "live"),
                    ("sum(draftdesk_worker_threads_expected)", "expected"),
                    ("sum(draftdesk_jobs_in_progress)", "busy"),
                ),
                panel(
                    "Worker processes",
                    "none",
                    "Those that Redis has heard of in the last ten seconds. None: start one; mail is taken meanwhile and nothing is lost.",
                    ("max(draftdesk_workers_live)", "live"),
                    red=("below", 1),
                ),
                panel(
                    "Webhooks by outcome",
                    "reqps",
                    "Calls of the mail providers. `error`: a bug. `unavailable`: the database was away, they send again. "
                    "`rejected_signature`: a wrong secret. See the board HTTP.",
                    ("sum by (outcome) (rate(draftdesk_webhooks_received_total[$__rate_interval]))", "{{outcome}}"),
                    kind="stack",
                ),
            ],
        ),
        Row(
            "Is it the provider, and what fails?",
            [
                panel(
                    "Model latency, 95th percentile",
                    "s",
                    "One request to the model. From 30 s on customers notice: look at the provider's status page, try another model.",
                    (
                        "histogram_quantile(0.95, sum by (le) "
                        '(rate(gen_ai_client_operation_duration_seconds_bucket{gen_ai_request_model=~"$model"}[$__rate_interval])))',
                        "p95",
                    ),
                    red=("from", 30),
                ),
                panel(
                    "Failed attempts by error",
                    "ops",
                    "Each attempt, so that a retried suggestion counts more than once. `bug` and `other`: read the log. "
                    "`http_5xx`, `timeout`: the provider. `failed_check`: the model says what the records do not.",
                    (
                        'sum by (error_type) (rate(draftdesk_attempts_total{error_type!=""}[$__rate_interval]))',
                        "{{error_type}}",
                    ),
                    kind="stack",
                ),
                panel(
                    "Failed suggestions by reason",
                    "ops",
                    "Those that ended without a draft. By reason what to do: docs/runbook.md, DraftdeskSuggestionsFailFast.",
                    (
                        'sum by (reason) (rate(draftdesk_suggestions_total{status="failed"}[$__rate_interval]))',
                        "{{reason}}",
                    ),
                    kind="stack",
                ),
            ],
        ),
        Row(
            "Have we room?",
            [
                panel(
                    "Largest share of a budget spent",
                    "percentunit",
                    "Of any shop with mail, this month. From 75 % on drafts get shorter, from 95 % only VIPs get any: "
                    "draftdesk costs, then draftdesk shop budget.",
                    ("max(draftdesk_budget_used_ratio)", "largest"),
                    red=("from", 0.95),
                    width=6,
                ),
                panel(
                    "Memory",
                    "bytes",
                    "Of the workers and of Redis, with Redis' limit where it has one. At its limit Redis refuses jobs; the rows keep them.",
                    ("sum(draftdesk_worker_memory_bytes)", "workers"),
                    ("max(draftdesk_queue_memory_bytes)", "Redis"),
                    ("max(draftdesk_queue_memory_limit_bytes)", "Redis' limit (0: none)"),
                    width=6,
                ),
                panel(
                    "On disk",
                    "bytes",
                    "The database and Redis' append-only file. Compare with what the disks have; `draftdesk purge` forgets old webhooks.",
                    ("max(draftdesk_database_size_bytes)", "PostgreSQL"),
                    ("max(draftdesk_queue_disk_bytes)", "Redis"),
                    width=6,
                ),
                panel(
                    "Versions",
                    "none",
                    "APIs and workers by the version they run. Two for long: a deployment has stopped half-way.",
                    ("count by (version) (draftdesk_build_info)", "{{version}}"),
                    width=6,
                ),
            ],
        ),
    ],
)
