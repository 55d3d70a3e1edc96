"""The strict JSON schema that the model must answer in, and the reading of its answer. Pure."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from service.drafting.types import Citation, Draft, Intent

MAX_REPLY_LENGTH = 8_000

_decoder = msgspec.json.Decoder(Draft)


def _strict(properties: dict[str, Any]) -> dict[str, Any]:
    """Return an object schema as strict mode wants it: every field required, none besides."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


DRAFT_SCHEMA: dict[str, Any] = _strict(
    {
        "reply": {"type": "string"},
        "language": {"type": "string"},
        "intent": {"type": "string", "enum": list(get_args(Intent))},
        "needs_human": {"type": "boolean"},
        "missing_information": {"type": "array", "items": {"type": "string"}},
        "citations": {
            "type": "array",
            "items": _strict({"source": {"type": "string"}, "quote": {"type": "string"}}),
        },
    }
)


def read_draft(output: str) -> Draft:
    """Read the model's JSON.

    Raises:
        ValueError: it is not of the schema, the reply is empty or longer than 8,000 characters.
    """
    try:
        draft = _decoder.decode(output)
    except RecursionError as error:
        raise ValueError("the answer is nested too deeply") from error
    reply = _clean(draft.reply).replace("\r\n", "\n").strip()
    if not reply:
        raise ValueError("the reply is empty")
    if len(reply) > MAX_REPLY_LENGTH:
        raise ValueError(f"the reply has more than {MAX_REPLY_LENGTH} characters")
    return msgspec.structs.replace(
        draft,
        reply=reply,
        language=_clean(draft.language).strip().lower()[:10],
        missing_information=tuple(_clean(each) for each in draft.missing_information),
        citations=tuple(Citation(source=_clean(each.source), quote=_clean(each.quote)) for each in draft.citations),
    )


def _clean(text: str) -> str:
    """Return the text without NUL, which PostgreSQL does not take."""
    return text.replace("\x00", "")
