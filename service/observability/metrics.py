"""Every metric of the program, in base units, with closed label sets: never an id, a path or an error's text.

With several processes PROMETHEUS_MULTIPROC_DIR must be in the environment before this module is imported.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REGISTRY = CollectorRegistry()

WEBHOOKS_RECEIVED = Counter(
    "draftdesk_webhooks_received_total",
    "Webhook calls by what became of them.",
    ["provider", "outcome"],
    registry=REGISTRY,
)
WEBHOOK_DURATION = Histogram(
    "draftdesk_webhook_duration_seconds",
    "From the webhook's first byte to its answer; 0.1 s is the promise.",
    ["provider"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=REGISTRY,
)
SUGGESTIONS = Counter(
    "draftdesk_suggestions_total",
    "Suggestions by final status, counted once each: the success rate.",
    ["status", "reason"],
    registry=REGISTRY,
)
ATTEMPTS = Counter(
    "draftdesk_attempts_total",
    "Attempts to draft, several for a suggestion that was retried.",
    ["outcome", "error_type"],
    registry=REGISTRY,
)
ATTEMPT_DURATION = Histogram(
    "draftdesk_attempt_duration_seconds",
    "From a claim to its save, the model's time included.",
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 70),
    registry=REGISTRY,
)
MESSAGE_TO_SUGGESTION = Histogram(
    "draftdesk_message_to_suggestion_seconds",
    "From the mail's arrival to the saved draft: what the user waits.",
    ["priority"],
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600),
    registry=REGISTRY,
)
JOBS_IN_PROGRESS = Gauge(
    "draftdesk_jobs_in_progress",
    "Jobs that a worker has claimed and not finished.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
WORKER_THREADS = Gauge(
    "draftdesk_worker_threads",
    "Threads of the worker that live, each taking one job at a time.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
WORKER_THREADS_EXPECTED = Gauge(
    "draftdesk_worker_threads_expected",
    "Threads that the worker was started with; 0 while it is shutting down.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
# With a label, because a gauge without one begins with 0 in every process that imports this, and the lowest of all counts.
WORKER_HEARTBEAT = Gauge(
    "draftdesk_worker_heartbeat_timestamp_seconds",
    "When the worker's event loop last turned, every 5 s while it lives; of several processes the one that is longest ago.",
    ["part"],
    multiprocess_mode="livemin",
    registry=REGISTRY,
)
MODEL_CALL_DURATION = Histogram(
    "gen_ai_client_operation_duration_seconds",
    "One request to the model (OpenTelemetry's gen_ai.client.operation.duration).",
    ["gen_ai_operation_name", "gen_ai_request_model", "error_type"],
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 120, 180),
    registry=REGISTRY,
)
MODEL_TOKENS = Histogram(
    "gen_ai_client_token_usage",
    "Tokens of one request (OpenTelemetry's gen_ai.client.token.usage).",
    ["gen_ai_token_type", "gen_ai_request_model"],
    buckets=tuple(4**exponent for exponent in range(14)),
    registry=REGISTRY,
)
MODEL_COST = Counter(
    "draftdesk_model_cost_usd_total",
    "What the requests to the model cost, by its list price; a model without a known price adds nothing.",
    ["model"],
    registry=REGISTRY,
)
MODEL_RATE_LIMITED = Counter(
    "draftdesk_model_rate_limited_total",
    "Requests held back by our own cap or the provider's Retry-After (`held`), and those that the provider refused (`refused`).",
    ["by"],
    registry=REGISTRY,
)
BREAKER_OPEN = Gauge(
    "draftdesk_breaker_open",
    "1 while nothing is sent there: the key or the account of the model's provider was refused.",
    ["name"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
BUDGET_STEPS = Counter(
    "draftdesk_budget_steps_total",
    "Attempts by how far their shop's monthly budget let them go.",
    ["step"],
    registry=REGISTRY,
)
FINDINGS = Counter(
    "draftdesk_findings_total",
    "What the checks found in drafts, repaired or not.",
    ["check", "severity"],
    registry=REGISTRY,
)
OUTCOMES = Counter(
    "draftdesk_outcomes_total",
    "What agents did with drafts of the model; fallbacks do not count.",
    ["outcome"],
    registry=REGISTRY,
)
RELAY_SENT = Counter(
    "draftdesk_relay_sent_total",
    "Jobs that the relay sent because the route could not, or because the queue had lost them.",
    ["why"],
    registry=REGISTRY,
)


def exposition(multiprocess_dir: str) -> bytes:
    """Return the metrics as Prometheus reads them: of all processes that share the directory, or of this one when it is empty."""
    if not multiprocess_dir:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=multiprocess_dir)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
