"""Prompts in the program's shape, and the strict schema that the reply must fit."""

from __future__ import annotations

import json
from typing import Any

INSTRUCTIONS = "You write replies for a shop. The records come as <records> and the mail as <customer_message>."

REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reply", "language", "intent", "needs_human", "missing_information", "citations"],
    "properties": {
        "reply": {"type": "string", "minLength": 1},
        "language": {"type": "string", "pattern": "^[a-z]{2}$"},
        "intent": {
            "enum": [
                "where_is_order", "refund", "return", "wrong_item", "damaged", "cancel",
                "change_order", "invoice", "product_question", "complaint", "other",
            ],
        },
        "needs_human": {"type": "boolean"},
        "missing_information": {"type": "array", "items": {"type": "string"}},
        "citations": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["source", "quote"],
                "properties": {"source": {"type": "string"}, "quote": {"type": "string"}},
            },
        },
    },
}  # fmt: skip

SHIPPED = {
    "number": "#1042",
    "status": "paid",
    "fulfilment": "shipped",
    "placed_on": "2026-11-12",
    "total": "59.90",
    "currency": "EUR",
    "items": [{"name": "Mug", "quantity": 1}],
    "carrier": "DHL",
    "tracking_number": "00340434161094042557",
    "tracking_url": "https://track.example/00340434161094042557",
}
NEWER = {"number": "#1050", "status": "paid", "fulfilment": "unfulfilled", "placed_on": "2026-11-20"}


def prompt(
    text: str,
    *,
    orders: tuple[dict[str, Any], ...] = (SHIPPED, NEWER),
    name: str = "Anna Weber",
    language: str = "en",
    signature: str = "Best regards\nNordlicht",
    quoted: str = "",
    articles: tuple[dict[str, str], ...] = (),
    customers_language: str | None = None,
) -> str:
    """Write the user's part of a prompt about this mail."""
    records = {
        "today": "2026-11-23",
        **({"language": customers_language} if customers_language else {}),
        "shop": {"name": "Nordlicht", "language": language, "voice": "warm", "signature": signature},
        "customer": {"name": name, "vip": False},
        "orders": orders,
    }
    told = f"<articles>\n{json.dumps(articles, ensure_ascii=False)}\n</articles>\n" if articles else ""
    fenced = f"<quoted_text>\n{quoted}\n</quoted_text>\n" if quoted else ""
    return (
        f"<records>\n{json.dumps(records, ensure_ascii=False)}\n</records>\n{told}<conversation>\n[]\n</conversation>\n{fenced}"
        f"<customer_message>\nSubject: A question\n\n{text}\n</customer_message>"
    )
