"""Drafting: the model, what it costs, what the checks find, what agents do with it."""

from grafana.panels import Board, Row, panel, quantiles

_MODEL = '{gen_ai_request_model=~"$model"}'

BOARD = Board(
    uid="draftdesk-drafting",
    title="Draftdesk drafting",
    told="The model: how fast, how often wrong, how dear, and what agents make of its drafts.",
    rows=[
        Row(
            "The model",
            [
                panel(
                    "Latency",
                    "s",
                    "One request. If it rises, drafts are late: the provider's status page, a smaller model, fewer at once.",
                    *quantiles("gen_ai_client_operation_duration_seconds", _MODEL),
                    red=("from", 30),
                ),
                panel(
                    "Latency, how often",
                    "s",
                    "Requests by how long they took; two bands are two kinds of mail, or two models. A new band far up: retries of the provider.",
                    (
                        f"sum by (le) (increase(gen_ai_client_operation_duration_seconds_bucket{_MODEL}[$__rate_interval]))",
                        "{{le}}",
                    ),
                    kind="heatmap",
                ),
                panel(
                    "Errors by type",
                    "reqps",
                    "Requests that gave no answer to use. `rate_limited`: set DRAFTDESK_REQUESTS_PER_MINUTE below the account's limit. "
                    "`insufficient_quota`: pay. `http_4xx`: the key, or the model's name.",
                    (
                        "sum by (error_type) (rate(gen_ai_client_operation_duration_seconds_count"
                        '{gen_ai_request_model=~"$model",error_type!=""}[$__rate_interval]))',
                        "{{error_type}}",
                    ),
                    kind="stack",
                ),
                panel(
                    "Requests by model",
                    "reqps",
                    "What is asked of which model. More than one where shops have their own, or near the end of a budget.",
                    (
                        f"sum by (gen_ai_request_model) (rate(gen_ai_client_operation_duration_seconds_count{_MODEL}[$__rate_interval]))",
                        "{{gen_ai_request_model}}",
                    ),
                ),
                panel(
                    "Held back and refused",
                    "reqps",
                    "Held: by our own caps or the provider's pause. Refused: by the provider. Held for long: the caps are too low for the mail.",
                    ("sum by (by) (rate(draftdesk_model_rate_limited_total[$__rate_interval]))", "{{by}}"),
                ),
                panel(
                    "Breaker",
                    "none",
                    "1 while the key or the account is refused and nobody asks. Mend the key or pay; jobs go on by themselves within a minute.",
                    ("max by (name) (draftdesk_breaker_open)", "{{name}}"),
                    red=("from", 1),
                ),
            ],
        ),
        Row(
            "What it costs",
            [
                panel(
                    "Cost an hour by model",
                    "currencyUSD",
                    "By list prices; a model without one costs nothing here. draftdesk costs says it by shop.",
                    ("sum by (model) (rate(draftdesk_model_cost_usd_total[$__rate_interval])) * 3600", "{{model}}"),
                    kind="stack",
                    width=6,
                ),
                panel(
                    "Cost of an accepted reply",
                    "currencyUSD",
                    "All costs of the time shown by the drafts that agents sent, as they were or edited. Rising: drafts are rejected, see below.",
                    (
                        "sum(increase(draftdesk_model_cost_usd_total[$__range]))"
                        ' / sum(increase(draftdesk_outcomes_total{outcome=~"accepted|edited"}[$__range]))',
                        "USD",
                    ),
                    kind="stat",
                    width=6,
                ),
                panel(
                    "Tokens a minute",
                    "short",
                    "What is sent to the model and what it writes. Input that grows alone: long threads or many articles.",
                    (
                        f"sum by (gen_ai_token_type) (rate(gen_ai_client_token_usage_sum{_MODEL}[$__rate_interval])) * 60",
                        "{{gen_ai_token_type}}",
                    ),
                    width=6,
                ),
                panel(
                    "Budget steps",
                    "ops",
                    "How far shops' budgets let drafts go. Anything but full: draftdesk shop budget, or let it be.",
                    ("sum by (step) (rate(draftdesk_budget_steps_total[$__rate_interval]))", "{{step}}"),
                    kind="stack",
                    width=6,
                ),
            ],
        ),
        Row(
            "What becomes of drafts",
            [
                panel(
                    "Outcomes",
                    "ops",
                    "What agents did with drafts. Many rejected: read them, change the shop's voice or articles, try with draftdesk eval.",
                    ("sum by (outcome) (rate(draftdesk_outcomes_total[$__rate_interval]))", "{{outcome}}"),
                    kind="stack",
                ),
                panel(
                    "Findings",
                    "ops",
                    "What the checks found, repaired or not. One check that rises: the model or the prompt has changed.",
                    ("sum by (check, severity) (rate(draftdesk_findings_total[$__rate_interval])) > 0", "{{check}} {{severity}}"),
                    kind="stack",
                ),
                panel(
                    "Attempt duration",
                    "s",
                    "From a claim to its save, the model's time included. Far above the model's latency: the database is slow.",
                    *quantiles("draftdesk_attempt_duration_seconds"),
                ),
            ],
        ),
    ],
)
