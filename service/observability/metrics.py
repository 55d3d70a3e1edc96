"""Every metric that the program counts, in base units, with closed label sets: never an id, a path or an error's text.

Series exist from the start, with 0: a ratio of what has not happened yet is 0 and not "no data". What is read from Redis and
Postgres when Prometheus asks is in `service.monitoring`.

With several processes PROMETHEUS_MULTIPROC_DIR must be in the environment before this module is imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from service.observability import labels

REGISTRY = CollectorRegistry()

Labelled = TypeVar("Labelled", Counter, Histogram)

WAIT_BUCKETS_S = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)
MODEL_BUCKETS_S = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 120, 180)
"""OpenTelemetry's for gen_ai.client.operation.duration, and two more: its last one is below our own deadlines."""

TOKEN_BUCKETS = tuple(4**exponent for exponent in range(14))


def _counter(name: str, told: str, **values: Sequence[str]) -> Counter:
    return _begun(Counter(name, told, list(values), registry=REGISTRY), values)


def _histogram(name: str, told: str, buckets: Sequence[float], **values: Sequence[str]) -> Histogram:
    return _begun(Histogram(name, told, list(values), buckets=buckets, registry=REGISTRY), values)


def _begun(metric: Labelled, values: Mapping[str, Sequence[str]]) -> Labelled:
    """Return the metric with a series for every combination of its label values."""
    for each in product(*values.values()):
        metric.labels(*each)
    return metric


WEBHOOKS_RECEIVED = _counter(
    "draftdesk_webhooks_received_total",
    "Webhook calls by what became of them.",
    provider=labels.PROVIDERS,
    outcome=labels.WEBHOOK_OUTCOMES,
)
WEBHOOK_DURATION = _histogram(
    "draftdesk_webhook_duration_seconds",
    "From the webhook's first byte to its answer; 0.1 s is the promise.",
    (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    provider=labels.PROVIDERS,
)
SUGGESTIONS = Counter(
    "draftdesk_suggestions_total",
    "Suggestions by final status, counted once each: the success rate.",
    ["status", "reason"],
    registry=REGISTRY,
)
for _status, _reason in (("ready", ""), *(("failed", each) for each in labels.REASONS)):
    SUGGESTIONS.labels(_status, _reason)
ATTEMPTS = Counter(
    "draftdesk_attempts_total",
    "Attempts to draft, several for a suggestion that was retried.",
    ["outcome", "error_type"],
    registry=REGISTRY,
)
for _outcome, _error in (
    *((each, "") for each in ("ready", "discarded", "postponed")),
    *product(["failed"], labels.ATTEMPT_ERRORS),
):
    ATTEMPTS.labels(_outcome, _error)
ATTEMPT_DURATION = Histogram(
    "draftdesk_attempt_duration_seconds",
    "From a claim to its save, the model's time included.",
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 70),
    registry=REGISTRY,
)
MESSAGE_TO_SUGGESTION = _histogram(
    "draftdesk_message_to_suggestion_seconds",
    "From the mail's arrival to the saved draft: what the user waits.",
    WAIT_BUCKETS_S,
    priority=labels.PRIORITIES,
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
WORKER_MEMORY = Gauge(
    "draftdesk_worker_memory_bytes",
    "Resident memory of the worker's processes together.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
WORKER_STARTED = Gauge(
    "draftdesk_worker_started_timestamp_seconds",
    "When the worker's youngest process began; it changes with each restart.",
    multiprocess_mode="livemax",
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
# OpenTelemetry's names and attributes, with underscores as its own exporter writes them. `create_model_series` makes the series.
MODEL_CALL_DURATION = Histogram(
    "gen_ai_client_operation_duration_seconds",
    "One request to the model (OpenTelemetry's gen_ai.client.operation.duration).",
    ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "error_type"],
    buckets=MODEL_BUCKETS_S,
    registry=REGISTRY,
)
MODEL_TOKENS = Histogram(
    "gen_ai_client_token_usage",
    "Tokens of one request (OpenTelemetry's gen_ai.client.token.usage).",
    ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type"],
    buckets=TOKEN_BUCKETS,
    registry=REGISTRY,
)
MODEL_COST = Counter(
    "draftdesk_model_cost_usd_total",
    "What the requests to the model cost, by its list price; a model without a known price adds nothing.",
    ["model"],
    registry=REGISTRY,
)
MODEL_RATE_LIMITED = _counter(
    "draftdesk_model_rate_limited_total",
    "Requests held back by our own cap or the provider's Retry-After (`held`), and those that the provider refused (`refused`).",
    by=("held", "refused"),
)
BREAKER_OPEN = Gauge(
    "draftdesk_breaker_open",
    "1 while nothing is sent there: the key or the account of the model's provider was refused.",
    ["name"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
BREAKER_OPEN.labels("model")
BUDGET_STEPS = _counter(
    "draftdesk_budget_steps_total",
    "Attempts by how far their shop's monthly budget let them go.",
    step=labels.STEPS,
)
BUDGET_USED = Gauge(
    "draftdesk_budget_used_ratio",
    "The largest share of its month's budget that any shop with mail has spent; 0 where no shop has a budget.",
    multiprocess_mode="livemax",
    registry=REGISTRY,
)
FINDINGS = _counter(
    "draftdesk_findings_total",
    "What the checks found in drafts, repaired or not.",
    check=labels.CHECKS,
    severity=labels.SEVERITIES,
)
OUTCOMES = _counter(
    "draftdesk_outcomes_total",
    "What agents did with drafts of the model; fallbacks do not count.",
    outcome=labels.OUTCOMES,
)
RELAY_SENT = _counter(
    "draftdesk_relay_sent_total",
    "Jobs that the relay sent: `placeholder`, the route could not; `unclaimed`, postponed, or lost by the queue.",
    why=("placeholder", "unclaimed"),
)


def create_model_series(model: str) -> None:
    """Let the series of a model begin with 0."""
    name = labels.model_label(model)
    for error_type in ("", *labels.MODEL_ERRORS):
        MODEL_CALL_DURATION.labels("chat", "openai", name, error_type)
    for token_type in ("input", "output"):
        MODEL_TOKENS.labels("chat", "openai", name, token_type)
    MODEL_COST.labels(name)


def call_finished(
    model: str, *, duration_s: float | None, error_type: str | None, input_tokens: int | None, output_tokens: int | None
) -> None:
    """Count one request to a model. duration_s: None for one that was part of a batch; tokens: None where they are unknown."""
    name = labels.model_label(model)
    if duration_s is not None:
        MODEL_CALL_DURATION.labels("chat", "openai", name, labels.error_label(error_type)).observe(duration_s)
    for token_type, count in (("input", input_tokens), ("output", output_tokens)):
        if count is not None:
            MODEL_TOKENS.labels("chat", "openai", name, token_type).observe(count)


def cost_known(model: str, cost_usd: Decimal) -> None:
    """Add what a request has cost."""
    MODEL_COST.labels(labels.model_label(model)).inc(float(cost_usd))


def counted(multiprocess_dir: str) -> CollectorRegistry:
    """Return what was counted: by all processes that share the directory, or by this one when it is empty."""
    if not multiprocess_dir:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=multiprocess_dir)  # type: ignore[no-untyped-call]
    return registry
