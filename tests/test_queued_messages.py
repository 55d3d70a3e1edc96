"""What is read of Dramatiq's messages: whatever lies in Redis, and never a word of an exception's message."""

from __future__ import annotations

import traceback
from uuid import uuid4

import msgspec
import pytest
from dramatiq.errors import Retry
from hypothesis import given
from hypothesis import strategies as st

from service.drafting import ModelUnavailable
from service.jobs import DraftJob, message_of
from service.jobs.queued import decode_message, exception_type

MAIL = st.text().filter(lambda text: '  File "' not in text)


def throw(error: Exception, cause: Exception | None = None) -> None:
    raise error from cause


def traceback_of(error: Exception, cause: Exception | None = None) -> str:
    """Raise it; return what Dramatiq keeps of it."""
    try:
        throw(error, cause)
    except Exception:  # noqa: BLE001 - whatever it is
        return traceback.format_exc(limit=30)
    return ""


def raised(error: Exception) -> Exception:
    """Return an error that was raised, so that it has a frame."""
    try:
        throw(error)
    except Exception as caught:  # noqa: BLE001 - whatever it is
        return caught
    return error


class Outer:
    class Inner(Exception):
        """A name within a name."""


UNAVAILABLE = ModelUnavailable("Dear Sir", calls=())


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (traceback_of(ValueError("Dear Sir")), "ValueError"),
        (traceback_of(ValueError()), "ValueError"),
        (traceback_of(ValueError("\nDear Sir\nHello: you")), "ValueError"),
        (traceback_of(Outer.Inner("Dear: Sir")), "tests.test_queued_messages.Outer.Inner"),
        (traceback_of(KeyError("k"), raised(ValueError("Dear Sir"))), "KeyError"),
        (traceback_of(Retry("Dear Sir"), raised(UNAVAILABLE)), "service.drafting.errors.ModelUnavailable"),
        (traceback_of(Retry("Dear Sir")), None),
        ('  File "x", line 1\n    code\n      ^^^^\n  [Previous line repeated 9 more times]\nValueError: x', "ValueError"),
        ('  File "x", line 1\nDear Sir: no name', None),
        ('  File "x", line 1\n' + "a" * 201 + ": no name", None),
        ('  File "x", line 1\n..: no name', None),
        ('  File "x", line 1\nSchlüssel: no name', None),
        ("ValueError: without a frame", None),
        ("", None),
    ],
)
def test_exception_type_when_a_traceback_is_read_then_the_last_that_is_no_wish_for_a_retry(told: str, expected: str | None) -> None:
    assert exception_type(told) == expected


@given(MAIL)
def test_exception_type_when_the_message_is_a_mail_then_no_word_of_it(mail: str) -> None:
    assert exception_type(traceback_of(ValueError(mail))) == "ValueError"


@given(st.binary())
def test_decode_when_anything_lies_there_then_it_is_no_error(raw: bytes) -> None:
    assert decode_message(raw) is None


@given(st.dictionaries(st.sampled_from(["actor_name", "message_timestamp", "kwargs", "options", "x"]), st.none() | st.text()))
def test_decode_when_a_field_is_not_what_it_should_be_then_it_is_no_message(told: dict[str, str | None]) -> None:
    message = decode_message(msgspec.json.encode(told))

    assert message is None or set(told) <= {"actor_name", "x"}


def test_decode_when_it_is_one_of_ours_then_all_that_is_shown() -> None:
    job = DraftJob(uuid4())
    sent = message_of(job)

    message = decode_message(sent.encode())

    assert message is not None
    assert (message.actor_name, message.suggestion_id, message.message_timestamp) == (
        "draft_suggestion",
        job.suggestion_id,
        sent.message_timestamp,
    )
    assert (message.options.retries, message.exception_type) == (0, None)
