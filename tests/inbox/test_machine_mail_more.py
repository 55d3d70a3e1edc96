"""Machine mail that says so in other ways: own mailboxes, reports, subjects in nine languages; and which mail bounced."""

from __future__ import annotations

from email.header import Header
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inbox.machine_mail import MachineClass, bounced_message_id, machine_class
from service.mime.attachments import MailAttachment
from service.mime.parser import parse_mime

PERSON = "ada@customer.example"
OWN = frozenset({"support@shop.example"})
ID = "draft.1@shop.example"
OUT_OF_OFFICE = [
    "Automatic reply: Your order",
    "AUTOMATIC REPLY",
    "Auto-Reply: Your order",
    "Out of Office: Your order",
    "Out of the office - back on Monday",
    "[Autoreply] Your order",
    "Automatische Antwort: Ihre Bestellung",
    "Abwesenheitsnotiz",
    "Abwesenheitsnotiz: Ihre Bestellung",
    "Abwesend: Ihre Bestellung",
    "Réponse automatique : Votre commande",
    "R\u00e9ponse automatique\u00a0: Votre commande",
    "Absence du bureau: Votre commande",
    "Respuesta automática: Su pedido",
    "Fuera de la oficina: Su pedido",
    "Risposta automatica: Il tuo ordine",
    "Fuori sede: Il tuo ordine",
    "Automatisch antwoord: Uw bestelling",
    "Afwezig: Uw bestelling",
    "Resposta automática: Seu pedido",
    "Fora do escritório: Seu pedido",
    "Automatyczna odpowiedź: Zamówienie",
    "Odpowiedź automatyczna: Zamówienie",
    "自動応答: ご注文",
    "自動返信\uff1aご注文",
    "不在通知",
]


@pytest.mark.parametrize("subject", OUT_OF_OFFICE)
def test_machine_class_when_the_subject_is_an_out_of_office_programs_then_auto_reply(subject: str) -> None:
    assert machine_class([("Subject", subject)], PERSON) == "auto_reply"
    assert machine_class([("Subject", Header(subject, "utf-8").encode())], PERSON) == "auto_reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office chairs?",
        "Re: Automatic reply: Your order",
        "Your automatic reply: what does it mean?",
        "Automatic replying machine",
        "Abwesenheit am Liefertag",
        "Abwesend am Montag, bitte später liefern",
        "Absence de réponse",
        "afwezig bij levering",
        "自動応答機の注文",
        "Undeliverable: my parcel",
        "",
    ],
)
def test_machine_class_when_the_subject_is_a_persons_then_none(subject: str) -> None:
    assert machine_class([("Subject", subject), ("X-Auto-Response-Suppress", "All")], PERSON) is None


@pytest.mark.parametrize(
    ("headers", "sender", "expected"),
    [
        ([], "support@shop.example", "own_mail"),
        ([], "Support@Shop.Example", "own_mail"),
        ([("Return-Path", "<>")], "support@shop.example", "own_mail"),
        ([], "other@shop.example", None),
        ([("X-Failed-Recipients", PERSON)], PERSON, "bounce"),
        ([("Return-Path", "< >")], PERSON, "bounce"),
        ([("X-Envelope-From", "<>")], PERSON, "bounce"),
        ([("Return-Path", "<MAILER-DAEMON@mx.example>")], PERSON, "bounce"),
        ([], "MAILER-DAEMON@mx.example", "bounce"),
        ([], "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.example", "bounce"),
        ([("Content-Type", "message/delivery-status")], PERSON, "bounce"),
        ([("Content-Type", 'multipart/report; boundary=x; report-type="delivery-status"')], PERSON, "bounce"),
        ([("Content-Type", "multipart/report; boundary=x")], PERSON, "bounce"),
        # A read receipt has a null sender too, but gives no mail back (RFC 8098 section 3).
        ([("Content-Type", "multipart/report; report-type=disposition-notification"), ("Return-Path", "<>")], PERSON, "auto_reply"),
        ([("Content-Type", "multipart/report; report-type=feedback-report")], PERSON, "auto_reply"),
        ([("Auto-Submitted", "no"), ("Auto-Submitted", "auto-replied")], PERSON, "auto_reply"),
        ([("Auto-Submitted", "auto-replied"), ("Auto-Submitted", "no")], PERSON, "auto_reply"),
        ([("Auto-Submitted", "no (a person)")], PERSON, None),
        ([("Auto-Submitted", "no-reply")], PERSON, "auto_reply"),
        ([("X-Autoreply", "no")], PERSON, None),
        ([("X-Mail-Autoreply", "yes")], PERSON, "auto_reply"),
        ([("Precedence", "auto-reply")], PERSON, "auto_reply"),
        ([("Precedence", "first-class"), ("Precedence", "bulk")], PERSON, "bulk"),
    ],
)
def test_machine_class_when_it_is_said_in_other_ways_then_it_is_named(
    headers: list[tuple[str, str]], sender: str, expected: MachineClass | None
) -> None:
    assert machine_class(headers, sender, own_addresses=OWN) == expected


def test_machine_class_when_programs_wrote_the_mails_then_only_the_out_of_office_one_is_a_machines() -> None:
    mails = sorted((Path(__file__).parent.parent / "mails").glob("*.eml"))

    machines = [each.stem for each in mails if machine_class(parse_mime(each.read_bytes()).headers, PERSON)]

    assert machines == ["07-out-of-office"]


def part(content_type: str, content: bytes) -> MailAttachment:
    return MailAttachment("", content_type, content, None)


RETURNED = f"Received: x\r\nMessage-ID:\r\n <{ID}>\r\nSubject: x\r\n\r\nMessage-ID: <quoted@x.example>".encode()


@pytest.mark.parametrize(
    ("headers", "text", "attachments", "expected"),
    [
        ([], "", [part("message/rfc822", RETURNED)], ID),
        ([], "", [part("message/rfc822", b"\r\n" + RETURNED)], ID),
        ([], "", [part("text/rfc822-headers", f"message-id: <{ID}>".encode())], ID),
        ([], "", [part("message/delivery-status", f"Reporting-MTA: x\n\nX-Original-Message-ID: <{ID}>\n".encode())], ID),
        ([], "Message-ID: <text@x.example>", [part("message/rfc822", RETURNED)], ID),
        ([("In-Reply-To", "<reply@x.example>")], f"This is a copy of the message:\n\n> Message-Id: <{ID}>\n> Subject: x", [], ID),
        ([("In-Reply-To", f"<{ID}>"), ("References", "<a@x.example>")], "gone", [], ID),
        ([("References", f"<a@x.example> <{ID}>")], "gone", [], ID),
        ([], "", [part("message/rfc822", b"Subject: x\n\nMessage-ID: <quoted@x.example>")], None),
        ([], "", [part("application/pdf", RETURNED)], None),
        ([], "about Message-ID: <a@x.example>", [], None),
        ([], "", [], None),
    ],
)
def test_bounced_message_id_when_the_bounce_names_a_mail_then_its_id(
    headers: list[tuple[str, str]], text: str, attachments: list[MailAttachment], expected: str | None
) -> None:
    assert bounced_message_id(headers, text, attachments) == expected


def test_bounced_message_id_when_a_server_sends_a_report_then_the_returned_mails_id() -> None:
    raw = (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nMessage-ID: <report@mx.example>\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="b"\r\n\r\n'
        b"--b\r\n\r\nI could not deliver your mail.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nAction: failed\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + RETURNED + b"\r\n--b--\r\n"
    )

    mail = parse_mime(raw)

    assert machine_class(mail.headers, "mailer-daemon@mx.example") == "bounce"
    assert bounced_message_id(mail.headers, mail.text, mail.attachments) == ID


@pytest.mark.parametrize("size", [40_000, 400_000])
@pytest.mark.parametrize(
    "piece", ["message-id:", "message-id: <", "> ", ">\n", "<", "message-id:\n ", "automatic reply ", "=?a?q?", "report-type="]
)
def test_machine_mail_when_it_is_made_to_stall_then_it_is_judged(piece: str, size: int) -> None:
    hostile = piece * (size // len(piece))
    names = ("Subject", "Content-Type", "Auto-Submitted", "Return-Path", "In-Reply-To", "References")
    headers = [(name, f"multipart/report; {hostile}" if name == "Content-Type" else hostile) for name in names]

    assert machine_class(headers, hostile) in {"bounce", "auto_reply"}
    assert bounced_message_id(headers, hostile, [part("message/rfc822", hostile.encode())]) is None


@given(
    headers=st.lists(st.tuples(st.sampled_from(["Subject", "Content-Type", "References", "X"]), st.text(max_size=40)), max_size=5),
    text=st.text(max_size=100),
    content=st.binary(max_size=100),
)
@settings(max_examples=100, deadline=None)
def test_machine_mail_when_it_is_any_then_a_class_and_a_storable_id(
    headers: list[tuple[str, str]], text: str, content: bytes
) -> None:
    assert machine_class(headers, text, own_addresses=OWN) in {None, *get_args(MachineClass)}

    found = bounced_message_id(headers, text, [part("message/rfc822", b"Message-ID: <" + content + b">")])
    assert found is None or (found and "\x00" not in found)
