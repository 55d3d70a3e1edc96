"""Machine or person, by the headers of the RFCs and by their counter cases."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inbox.machine_mail import MachineClass, machine_class

PERSON = "ada@customer.example"


@pytest.mark.parametrize(
    ("headers", "sender", "expected"),
    [
        # RFC 3834 section 5: anything but `no` is automatic; the keyword may carry parameters and any case.
        ([("Auto-Submitted", "auto-replied")], PERSON, "auto_reply"),
        ([("Auto-Submitted", "auto-generated")], PERSON, "auto_reply"),
        ([("auto-submitted", "AUTO-REPLIED (vacation)")], PERSON, "auto_reply"),
        ([("Auto-Submitted", 'auto-notified; owner-email="a@b.example"')], PERSON, "auto_reply"),
        ([("Auto-Submitted", "x-something-new")], PERSON, "auto_reply"),
        ([("X-Autoreply", "yes")], PERSON, "auto_reply"),
        ([("X-Autorespond", "")], PERSON, "auto_reply"),
        ([("Precedence", "auto_reply")], PERSON, "auto_reply"),
        # RFC 2919 and 2369: mailing lists.
        ([("List-Id", "Offers <offers.shop.example>")], PERSON, "bulk"),
        ([("List-Unsubscribe", "<mailto:x@y.example>")], PERSON, "bulk"),
        ([("list-post", "NO")], PERSON, "bulk"),
        ([("Precedence", "bulk")], PERSON, "bulk"),
        ([("Precedence", " List ")], PERSON, "bulk"),
        ([("Precedence", "junk")], PERSON, "bulk"),
        # RFC 3464 and RFC 5321 section 6.1: delivery reports.
        ([("Content-Type", "multipart/report; report-type=delivery-status")], PERSON, "bounce"),
        ([("Return-Path", "<>")], PERSON, "bounce"),
        ([], "mailer-daemon@mx.example", "bounce"),
        ([], "postmaster@mx.example", "bounce"),
        ([("Return-Path", "<>"), ("Auto-Submitted", "auto-replied"), ("List-Id", "x")], PERSON, "bounce"),
        ([("Auto-Submitted", "auto-generated"), ("Precedence", "bulk")], PERSON, "auto_reply"),
        # People.
        ([], PERSON, None),
        ([("Auto-Submitted", "no")], PERSON, None),
        ([("AUTO-SUBMITTED", " No ")], PERSON, None),
        ([("Auto-Submitted", "no; comment=x")], PERSON, None),
        ([("Precedence", "normal")], PERSON, None),
        ([("Precedence", "first-class")], PERSON, None),
        ([("Content-Type", "multipart/mixed; boundary=report")], PERSON, None),
        ([("Return-Path", "<ada@customer.example>")], PERSON, None),
        ([("Subject", "Auto-Submitted: auto-replied")], PERSON, None),
        ([("X-List-Id", "x"), ("Listen", "x")], PERSON, None),
        ([("X-Auto-Response-Suppress", "All")], PERSON, None),
        ([], "postmaster.pat@customer.example", None),
        ([], "noreply@customer.example", None),
        ([], "", None),
    ],
)
def test_machine_class_when_headers_say_so_then_it_is_named(
    headers: list[tuple[str, str]], sender: str, expected: MachineClass | None
) -> None:
    assert machine_class(headers, sender) == expected


@given(headers=st.lists(st.tuples(st.text(max_size=30), st.text(max_size=50)), max_size=10), sender=st.text(max_size=50))
@settings(max_examples=100, deadline=None)
def test_machine_class_when_headers_are_any_text_then_one_of_its_classes(headers: list[tuple[str, str]], sender: str) -> None:
    assert machine_class(headers, sender) in {None, *get_args(MachineClass)}
