"""The schema that the model is held to, and what of its answers is a draft."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.drafting.schema import DRAFT_SCHEMA, MAX_REPLY_LENGTH, read_draft

GOOD: dict[str, Any] = {
    "reply": "Hello Anna",
    "language": "en",
    "intent": "where_is_order",
    "needs_human": False,
    "missing_information": ["the order number"],
    "citations": [{"source": "order:#1042", "quote": "shipped"}],
}


def answer(**changes: Any) -> str:
    """Return a good answer with fields replaced, or left away where the value is None."""
    return json.dumps({name: value for name, value in {**GOOD, **changes}.items() if value is not None})


def test_schema_when_held_against_strict_mode_then_every_field_is_required_and_none_besides() -> None:
    objects = [DRAFT_SCHEMA, DRAFT_SCHEMA["properties"]["citations"]["items"]]

    for each in objects:
        assert each["required"] == list(each["properties"])
        assert each["additionalProperties"] is False
    jsonschema.Draft202012Validator.check_schema(DRAFT_SCHEMA)
    jsonschema.validate(GOOD, DRAFT_SCHEMA)


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({}, "reply", "Hello Anna"),
        ({"reply": "  a\r\nb\n "}, "reply", "a\nb"),
        ({"reply": "a\x00b"}, "reply", "ab"),
        ({"reply": "x" * MAX_REPLY_LENGTH}, "reply", "x" * MAX_REPLY_LENGTH),
        ({"language": " EN "}, "language", "en"),
        ({"language": "e\x00n"}, "language", "en"),
        ({"language": "a very long name"}, "language", "a very lon"),
        ({"missing_information": ["a\x00b"]}, "missing_information", ("ab",)),
        ({"missing_information": []}, "missing_information", ()),
        ({"citations": []}, "citations", ()),
        ({"needs_human": True}, "needs_human", True),
        ({"extra": 1}, "intent", "where_is_order"),
    ],
)
def test_read_draft_when_the_answer_is_good_then_its_fields_are_clean(
    changes: dict[str, Any], field: str, expected: object
) -> None:
    assert getattr(read_draft(answer(**changes)), field) == expected


def test_read_draft_when_a_citation_holds_nul_then_it_is_left_out() -> None:
    [citation] = read_draft(answer(citations=[{"source": "order:\x00#1", "quote": "\x00x"}])).citations

    assert (citation.source, citation.quote) == ("order:#1", "x")


@pytest.mark.parametrize(
    "output",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "Of course! Here is the reply:",
        f"```json\n{answer()}\n```",
        answer()[:-5],
        f"{answer()} {answer()}",
        *(answer(**{name: None}) for name in GOOD),
        answer(reply=""),
        answer(reply=" \r\n\x00 "),
        answer(reply="x" * (MAX_REPLY_LENGTH + 1)),
        answer(reply=7),
        answer(intent="SING"),
        answer(needs_human="yes"),
        answer(missing_information="x"),
        answer(citations=[{"source": "x"}]),
        answer(reply="half an emoji \ud83d"),
        "\ud800",
        '{"reply":' + "[" * 100_000,
        '{"x":' + "[" * 100_000,
    ],
)
def test_read_draft_when_the_answer_is_none_then_value_error(output: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_draft(output)


@given(
    changes=st.dictionaries(
        st.sampled_from([*GOOD, "x"]), st.one_of(st.text(), st.booleans(), st.lists(st.text(), max_size=3), st.integers())
    )
)
@settings(max_examples=100, deadline=None)
def test_read_draft_when_fields_are_any_then_a_storable_draft_or_value_error(changes: dict[str, Any]) -> None:
    try:
        draft = read_draft(answer(**changes))
    except ValueError:
        return
    for text in (draft.reply, draft.language, *draft.missing_information):
        assert "\x00" not in text
        text.encode()
    assert 0 < len(draft.reply) <= MAX_REPLY_LENGTH
