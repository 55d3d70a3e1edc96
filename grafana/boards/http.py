"""HTTP: the webhooks, and the API process that answers them."""

from grafana.panels import Board, Row, panel, quantiles

BOARD = Board(
    uid="draftdesk-http",
    title="Draftdesk HTTP",
    told="Webhooks: taken, refused, how fast; and the API's processes.",
    rows=[
        Row(
            "Webhooks",
            [
                panel(
                    "By provider",
                    "reqps",
                    "Calls by what format they came in. None from one that you use: its webhook is off, or its address is wrong.",
                    ("sum by (provider) (rate(draftdesk_webhooks_received_total[$__rate_interval]))", "{{provider}}"),
                    kind="stack",
                ),
                panel(
                    "By outcome",
                    "reqps",
                    "stored and ignored are kept; failed ones too, to be read again (draftdesk deliveries replay). unavailable: the database was away.",
                    ("sum by (outcome) (rate(draftdesk_webhooks_received_total[$__rate_interval]))", "{{outcome}}"),
                    kind="stack",
                ),
                panel(
                    "Duration",
                    "s",
                    "From the first byte to the answer; under 0.1 s is the promise. Above: the database is slow, or large mails.",
                    *quantiles("draftdesk_webhook_duration_seconds"),
                    red=("from", 0.3),
                ),
                panel(
                    "Share that could not be taken",
                    "percentunit",
                    "error and unavailable of all. Providers send again for hours. More than a moment: PostgreSQL, then the log.",
                    (
                        'sum(rate(draftdesk_webhooks_received_total{outcome=~"error|unavailable"}[$__rate_interval]))'
                        " / sum(rate(draftdesk_webhooks_received_total[$__rate_interval]))",
                        "not taken",
                    ),
                    red=("from", 0.05),
                ),
                panel(
                    "Wrong signatures",
                    "reqps",
                    "Steady from one provider: its secret was changed (draftdesk source rotate). A burst: somebody tries.",
                    (
                        'sum by (provider) (rate(draftdesk_webhooks_received_total{outcome="rejected_signature"}[$__rate_interval]))',
                        "{{provider}}",
                    ),
                ),
            ],
        ),
        Row(
            "The API's processes",
            [
                panel(
                    "API memory",
                    "bytes",
                    "Resident memory. It rises with large mails and stays flat after; steadily up for a day is worth a look.",
                    ('process_resident_memory_bytes{job="draftdesk-api"}', "{{instance}}"),
                ),
                panel(
                    "API CPU",
                    "percentunit",
                    "Of one core. Near 1 for long: more API processes.",
                    ('rate(process_cpu_seconds_total{job="draftdesk-api"}[$__rate_interval])', "{{instance}}"),
                ),
                panel(
                    "API running for",
                    "s",
                    "Since its start. Short again and again: it is being killed; see the log of whatever runs it.",
                    ('time() - process_start_time_seconds{job="draftdesk-api"}', "{{instance}}"),
                ),
            ],
        ),
    ],
)
