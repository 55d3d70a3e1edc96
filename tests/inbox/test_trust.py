"""Who may be believed: the proofs, and the ways to forge them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inbox.trust import SenderTrust, sender_trust
from service.mime.parser import parse_mime

ADA = "ada@customer.example"
HOST = frozenset({"mx.shop.example"})
OURS = "mx.shop.example"


def verdict(*results: str, sender: str = ADA, from_line: str | None = f"Ada <{ADA}>", envelope: str | None = None) -> SenderTrust:
    headers = [("Authentication-Results", each) for each in results]
    headers += [("From", from_line)] if from_line is not None else []
    return sender_trust(sender, headers, envelope_sender=envelope, trusted_hosts=HOST)


@pytest.mark.parametrize(
    ("result", "reasons"),
    [
        ("spf=pass smtp.mailfrom=ada@customer.example", ("spf_aligned",)),
        ("spf=pass smtp.mailfrom=customer.example", ("spf_aligned",)),
        ("SPF=Pass SMTP.MailFrom=Ada@Customer.Example", ("spf_aligned",)),
        ('spf=pass smtp.mailfrom="ada@customer.example"', ("spf_aligned",)),
        ("dkim=pass header.d=customer.example", ("dkim_aligned",)),
        ("dkim=pass header.d=customer.example. header.i=@mail.customer.example", ("dkim_aligned",)),
        ("dkim=pass header.i=@customer.example header.s=s1", ("dkim_aligned",)),
        ("dkim=pass header.d=mail.customer.example", ("dkim_aligned",)),
        ("dkim=pass (2048-bit key; secure (really)) reason=\"ok; fine\" header.d=customer.example", ("dkim_aligned",)),
        ("dkim/1 = pass header.d=customer.example", ("dkim_aligned",)),
        ("dkim=pass header.d=list.example; dkim=fail header.d=x.example; dkim=pass header.d=customer.example",
         ("dkim_aligned", "dkim_fail", "dkim_unaligned")),
        ("spf=fail smtp.mailfrom=x.example; dkim=pass header.d=customer.example; dmarc=pass header.from=customer.example",
         ("dkim_aligned", "spf_fail")),
        ("spf=pass\r\n smtp.mailfrom=ada@customer.example;\r\n\tdkim=none", ("spf_aligned", "dkim_fail")),
        ("dkim=pass header.d=customer.example; dmarc=fail header.from=other.example", ("dkim_aligned",)),
    ],
)  # fmt: skip
def test_sender_trust_when_a_proof_is_aligned_then_verified(result: str, reasons: tuple[str, ...]) -> None:
    assert verdict(f"{OURS}; {result}") == SenderTrust("verified", reasons)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "reasons"),
    [
        ("none", ("no_results",)),
        ("", ("no_results",)),
        ("spf=softfail smtp.mailfrom=ada@customer.example", ("spf_fail",)),
        ("spf=pass smtp.mailfrom=ada@mail.customer.example", ("spf_unaligned",)),
        ("spf=pass smtp.mailfrom=ada@evil.example", ("spf_unaligned",)),
        ("spf=pass smtp.helo=customer.example", ("spf_unaligned",)),
        ('spf=pass smtp.mailfrom="customer.example"@evil.example', ("spf_unaligned",)),
        ('spf=pass smtp.mailfrom="x; dkim=pass header.d=customer.example; y"@evil.example', ("spf_unaligned",)),
        ('spf=pass reason="see smtp.mailfrom=customer.example" smtp.mailfrom=evil.example', ("spf_unaligned",)),
        ('spf=pass (domain of "a) smtp.mailfrom=customer.example ("@evil.example) smtp.mailfrom=evil.example', ("bad_results",)),
        ("spf=pass (smtp.mailfrom=customer.example", ("bad_results",)),
        ("spf=pass smtp.mailfrom=customer.example)", ("bad_results",)),
        ('spf=pass smtp.mailfrom=customer.example; x="', ("bad_results",)),
        ("dkim=pass header.d=evil.example", ("dkim_unaligned",)),
        ("dkim=pass header.d=evilcustomer.example", ("dkim_unaligned",)),
        ("dkim=pass header.d=example", ("dkim_unaligned",)),
        ("dkim=pass header.d=other.customer2.example", ("dkim_unaligned",)),
        ("dkim=pass header.d=customer.example header.i=@evil.example", ("dkim_unaligned",)),
        ("dkim=pass", ("dkim_unaligned",)),
        ("dkim=fail header.d=customer.example", ("dkim_fail",)),
        ("dkim=passed header.d=customer.example", ("dkim_fail",)),
        ("dkim=none dkim=pass header.d=customer.example", ("dkim_fail",)),
        ("dkim=pass header.d=customer.example; dmarc=fail header.from=customer.example", ("dkim_aligned", "dmarc_fail")),
        ("dmarc=pass header.from=customer.example", ("no_results",)),
        ("iprev=pass; auth=pass smtp.auth=ada", ("no_results",)),
    ],
)
def test_sender_trust_when_nothing_proves_the_sender_then_unverified(result: str, reasons: tuple[str, ...]) -> None:
    assert verdict(f"{OURS}; {result}") == SenderTrust("unverified", reasons)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "host", ["mx.evil.example", "", '"mx.shop.example.evil"', "mx.shop.example.", "x mx.shop.example", "mx.shop.example 1 x"]
)
def test_sender_trust_when_another_host_says_so_then_it_is_not_believed(host: str) -> None:
    assert verdict(f"{host}; dkim=pass header.d=customer.example").level == "unverified"


@pytest.mark.parametrize("host", ["mx.shop.example", "MX.Shop.Example 1", '"mx.shop.example"', "(a comment) mx.shop.example (b)"])
def test_sender_trust_when_the_host_is_written_otherwise_then_it_is_known(host: str) -> None:
    assert verdict(f"{host}; dkim=pass header.d=customer.example").level == "verified"


def test_sender_trust_when_a_second_field_of_our_host_is_forged_then_only_the_topmost_counts() -> None:
    real, forged = f"{OURS}; spf=fail smtp.mailfrom=evil.example", f"{OURS}; dkim=pass header.d=customer.example"

    assert verdict(real, forged) == SenderTrust("unverified", ("spf_fail",))
    assert verdict("mx.evil.example; dkim=pass header.d=customer.example", real) == SenderTrust("unverified", ("spf_fail",))


def test_sender_trust_when_only_strangers_report_then_it_says_so() -> None:
    assert verdict("mx.evil.example; dkim=pass header.d=customer.example").reasons == ("untrusted_host",)


@pytest.mark.parametrize(
    ("from_line", "reason"),
    [
        ("Ada <ada@customer.example>, Eve <eve@evil.example>", "several_from"),
        ("boss@shop.example <ada@customer.example>", "several_from"),
        ("Eve <eve@evil.example>", "from_differs"),
        ("nobody", "no_from"),
        ("", "no_from"),
        ('"open <ada@customer.example>', "bad_from"),
        ('(") eve@evil.example (") <ada@customer.example>', "bad_from"),
        ("(" * 10_000, "bad_from"),
    ],
)
def test_sender_trust_when_the_from_line_is_in_doubt_then_no_proof_helps(from_line: str, reason: str) -> None:
    assert verdict(f"{OURS}; dkim=pass header.d=customer.example", from_line=from_line) == SenderTrust("unverified", (reason,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "from_line",
    [ADA, "ADA@CUSTOMER.EXAMPLE", f'"boss@shop.example" <{ADA}>', f"Ada (at eve@evil.example) <{ADA}>", f"{ADA} <{ADA}>", None],
)
def test_sender_trust_when_the_from_line_names_the_sender_alone_then_proofs_count(from_line: str | None) -> None:
    assert verdict(f"{OURS}; dkim=pass header.d=customer.example", from_line=from_line).level == "verified"


def test_sender_trust_when_there_are_two_from_lines_then_unverified() -> None:
    headers = [("Authentication-Results", f"{OURS}; dkim=pass header.d=customer.example"), ("From", ADA), ("from", ADA)]

    assert sender_trust(ADA, headers, trusted_hosts=HOST).reasons == ("several_from",)


@pytest.mark.parametrize("sender", ["", "ada", "ada@", "@", "ada@a..b", "ada@.example"])
def test_sender_trust_when_the_sender_has_no_domain_then_unverified(sender: str) -> None:
    assert verdict(f"{OURS}; spf=pass smtp.mailfrom=", sender=sender, from_line=None).reasons == ("no_from",)


@pytest.mark.parametrize(
    ("envelope", "level"),
    [("bounce@customer.example", "verified"), ("", "unverified"), ("<>", "unverified"), ("ada@evil.example", "unverified")],
)
def test_sender_trust_when_the_provider_names_the_envelope_then_it_must_agree(envelope: str, level: str) -> None:
    assert verdict(f"{OURS}; spf=pass smtp.mailfrom=ada@customer.example", envelope=envelope).level == level


@pytest.mark.parametrize(
    ("headers", "envelope", "expected"),
    [
        ([("X-Mailgun-Spf", "Pass")], ADA, SenderTrust("verified", ("spf_aligned",))),
        ([("X-Mailgun-Spf", "Pass")], "ada@evil.example", SenderTrust("unverified", ("spf_unaligned",))),
        ([("X-Mailgun-Spf", "Pass")], None, SenderTrust("unverified", ("spf_unaligned",))),
        ([("X-Mailgun-Spf", "Neutral")], ADA, SenderTrust("unverified", ("spf_fail",))),
        ([("X-Mailgun-Spf", "Fail"), ("X-Mailgun-Spf", "Pass")], ADA, SenderTrust("unverified", ("no_results",))),
        ([("X-Mailgun-Dkim-Check-Result", "Pass")], None, SenderTrust("unverified", ("dkim_unaligned",))),
        ([("X-Mailgun-Dkim-Check-Result", "Pass"), ("DKIM-Signature", "v=1; a=rsa-sha256;\r\n d=customer.example; s=x; bh=d=y")],
         None, SenderTrust("verified", ("dkim_aligned",))),
        ([("X-Mailgun-Dkim-Check-Result", "Pass"), ("DKIM-Signature", "d=customer.example"), ("DKIM-Signature", "d=evil.example")],
         None, SenderTrust("unverified", ("dkim_unaligned",))),
        ([("X-Mailgun-Dkim-Check-Result", "Fail"), ("DKIM-Signature", "d=customer.example")],
         None, SenderTrust("unverified", ("dkim_fail",))),
    ],
)  # fmt: skip
def test_sender_trust_when_mailgun_checked_the_mail_then_its_verdict_counts_for_its_own_mail(
    headers: list[tuple[str, str]], envelope: str | None, expected: SenderTrust
) -> None:
    assert sender_trust(ADA, headers, envelope_sender=envelope, via_mailgun=True) == expected
    assert sender_trust(ADA, headers, envelope_sender=envelope) == SenderTrust("unverified", ("no_results",))


def test_sender_trust_when_a_raw_mail_is_read_then_its_folded_field_counts() -> None:
    raw = (
        b"Received: from x\r\nAuthentication-Results: mx.shop.example;\r\n\tdkim=pass header.d=customer.example;\r\n"
        b"\tspf=pass smtp.mailfrom=ada@customer.example\r\n"
        b"From: =?utf-8?q?=22boss=40shop.example=22=2C?= <ada@customer.example>\r\n\r\nHi"
    )

    assert sender_trust(ADA, parse_mime(raw).headers, trusted_hosts=HOST).reasons == ("spf_aligned", "dkim_aligned")


@pytest.mark.parametrize("size", [40_000, 400_000])
@pytest.mark.parametrize(
    "piece", ["(", ")", '"', '\\"', "a@", "a@b,", ";", "=", "dkim=pass header.d=", "a.b=", " ", "a ", "dkim/", '"";', "\\"]
)
def test_sender_trust_when_the_fields_are_made_to_stall_it_then_it_returns(piece: str, size: int) -> None:
    hostile = piece * (size // len(piece))
    headers = [
        ("Authentication-Results", f"{OURS}; {hostile}"),
        ("DKIM-Signature", hostile),
        ("X-Mailgun-Dkim-Check-Result", "pass"),
    ]

    assert sender_trust(ADA, headers, trusted_hosts=HOST, via_mailgun=True).level == "unverified"
    assert sender_trust(ADA, [("From", hostile), *headers], trusted_hosts=HOST).level == "unverified"


@given(
    parts=st.lists(
        st.one_of(
            st.text(max_size=5), st.sampled_from([OURS, ";", "(", ")", '"', " ", "dkim=pass", "header.d=", "evil.example", "\\"])
        ),
        max_size=20,
    )
)
@settings(max_examples=100, deadline=None)
def test_sender_trust_when_no_field_names_the_domain_then_never_verified(parts: list[str]) -> None:
    field = "".join(parts)
    headers = [("Authentication-Results", field), ("Authentication-Results", f"{OURS};{field}"), ("From", field)]

    trust = sender_trust(ADA, headers[:2], trusted_hosts=HOST, via_mailgun=True)

    assert trust.level == "unverified"
    assert trust.reasons
    assert sender_trust(ADA, headers, trusted_hosts=HOST).reasons
