"""The values that a metric's labels may have: closed lists, so that no mail and no provider can make new series.

They repeat what the layers above call these things, which may not be imported from here; a test holds both against each other.
"""

from __future__ import annotations

PROVIDERS = ("standard", "mailgun", "postmark", "mime", "shopify", "unknown")
WEBHOOK_OUTCOMES = (
    "stored",
    "duplicate",
    "ignored",
    "failed",
    "rejected_signature",
    "rejected_body",
    "unknown_source",
    "unavailable",
    "error",
)
REASONS = (
    "machine_mail",
    "superseded",
    "order_changed",
    "answered",
    "budget",
    "no_provider",
    "provider_down",
    "provider_refused",
    "bad_output",
    "unsafe_input",
    "failed_check",
    "poison",
)
MODEL_ERRORS = (
    "timeout",
    "connection",
    "unreadable_response",
    "rate_limited",
    "insufficient_quota",
    "http_4xx",
    "http_5xx",
    "refusal",
    "truncated",
    "invalid_output",
)
OTHER = "other"
ATTEMPT_ERRORS = (*MODEL_ERRORS, "failed_check", "bug", OTHER)
PRIORITIES = ("vip", "normal", "batch")
STEPS = ("full", "short", "cheap", "fallback")
CHECKS = (
    "order_number",
    "tracking_number",
    "carrier",
    "amount",
    "date",
    "link",
    "email_address",
    "name",
    "credentials",
    "promise",
    "order_state",
    "language",
    "length",
    "prompt_leak",
    "echo",
    "signature",
    "citation",
    "format",
)
SEVERITIES = ("blocking", "warning")
OUTCOMES = ("accepted", "edited", "rejected", "ignored")

MAX_MODELS = 20
"""Names of models that are told apart: a compatible server may answer with any name it likes."""

_models: set[str] = set()


def error_label(error_type: str | None) -> str:
    """Return an attempt's error as a label: statuses by their class, `other` for what is in no list, "" for none."""
    if not error_type:
        return ""
    if error_type.startswith("http_"):
        return "http_5xx" if error_type.startswith("http_5") else "http_4xx"
    return error_type if error_type in ATTEMPT_ERRORS else OTHER


def model_label(name: str) -> str:
    """Return a model's name as a label; `other` once this process has seen twenty."""
    if name in _models or len(_models) < MAX_MODELS:
        _models.add(name)
        return name
    return OTHER
