"""Is the sender who the From line says? Pure. Only mail that proves it may be shown what its orders hold.

`verified` takes one of two proofs: SPF passed for an envelope sender of exactly the From domain, or a DKIM signature that
passed is aligned with the From domain. Without a public suffix list "aligned" means equal, or one a subdomain of the other, as
DMARC's relaxed mode has it (RFC 7489 section 3.1); two names below a common parent never are. What is in doubt is unverified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Reason = Literal[
    "spf_aligned",
    "dkim_aligned",
    "spf_fail",
    "spf_unaligned",
    "dkim_fail",
    "dkim_unaligned",
    "dmarc_fail",
    "no_from",
    "several_from",
    "bad_from",
    "from_differs",
    "bad_results",
    "untrusted_host",
    "no_results",
]
"""Why. `fail` also stands for softfail, neutral and none: it did not pass."""

MAX_FIELD_LENGTH = 20_000

_PASSED = "pass"
_DOMAIN = re.compile(r"[a-z0-9_\u0080-\U0010ffff](?:[a-z0-9_.\u0080-\U0010ffff-]{0,252})")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|\\.|[()]|[^"()\\]++|\\')
_SEGMENT = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*+")++')
_METHOD = re.compile(r"\s*+([a-z0-9-]++)(?:\s*/\s*\d++)?\s*=\s*([a-z]++)(?=\s|$)", re.IGNORECASE)
_PAIR = re.compile(r'(?<![a-z0-9.-])([a-z0-9.-]++)\s*=\s*((?:"(?:[^"\\]|\\.)*+"|[^\s";]++)++)|"(?:[^"\\]|\\.)*+"', re.IGNORECASE)
"""A property, or a quoted string, which is stepped over: what stands inside one is nobody's property."""

_HOST = re.compile(r'\s*+(?:"([^"\\]*+)"|([^\s;="]++))(?:\s++\d++)?\s*+(?:;|$)')
_BETWEEN_WORDS = re.compile(r"[\s<>,;:]++")
_SIGNING_DOMAIN = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]++)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SenderTrust:
    """The verdict on a mail's sender.

    Attributes:
        level: verified, when a proof was found and nothing speaks against it.
        reasons: what was found, at least one word, each once, in the order of Reason.
    """

    level: Literal["verified", "unverified"]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    result: str
    properties: dict[str, str]


def sender_trust(
    sender: str,
    headers: Sequence[tuple[str, str]],
    *,
    envelope_sender: str | None = None,
    trusted_hosts: frozenset[str] = frozenset(),
    via_mailgun: bool = False,
) -> SenderTrust:
    """Judge who sent a mail.

    sender: the address that the mail is stored under; a From line that names another one is not proven by anything.
    headers: the mail's own, topmost first, encoded words unread or in quotes (so that no name can pose as an address).
    envelope_sender: as the provider says; None when it says nothing, then the trusted host's `smtp.mailfrom` counts.
    trusted_hosts: authserv-ids, lower case, whose Authentication-Results (RFC 8601) are believed. Only the topmost field of each:
        a sender can write further ones below it, even in that host's name.
    via_mailgun: the mail came through Mailgun's route, so X-Mailgun-Spf and X-Mailgun-Dkim-Check-Result are Mailgun's. Mailgun adds
        them only with its spam filter on, so do not set this for a route without: the sender could write them.
    """
    doubt = _doubt_about_from(sender, headers)
    if doubt is not None:
        return SenderTrust("unverified", (doubt,))
    domain = _domain(sender)
    results, reasons = _results(headers, trusted_hosts)
    if via_mailgun:
        results += _mailgun_results(headers, envelope_sender)
    for each in results:
        reasons |= _reasons(each, domain, envelope_sender)
    proven = bool(reasons & {"spf_aligned", "dkim_aligned"}) and "dmarc_fail" not in reasons
    words: tuple[Reason, ...] = tuple(each for each in get_args(Reason) if each in reasons)
    return SenderTrust("verified" if proven else "unverified", words or ("no_results",))


def _doubt_about_from(sender: str, headers: Iterable[tuple[str, str]]) -> Reason | None:
    if "@" not in sender or not _domain(sender):
        return "no_from"
    lines = [value for name, value in headers if name.lower() == "from"]
    # A provider may hand over the sender alone; what it checked was the one From line it saw.
    if len(lines) != 1:
        return "several_from" if lines else None
    bare, is_sound = _without_comments(lines[0].lower(), keep_quotes=False)
    if not is_sound:
        return "bad_from"
    addresses = {word for word in _BETWEEN_WORDS.split(bare) if "@" in word}
    if len(addresses) > 1:
        return "several_from"
    if addresses == {sender.strip().lower()}:
        return None
    return "from_differs" if addresses else "no_from"


def _results(headers: Iterable[tuple[str, str]], trusted_hosts: frozenset[str]) -> tuple[list[_Result], set[Reason]]:
    """Return what the trusted hosts found, and what is to be said of the fields themselves."""
    results: list[_Result] = []
    reasons: set[Reason] = set()
    seen: set[str] = set()
    for name, value in headers:
        if name.lower() != "authentication-results":
            continue
        host, found = _parsed(value)
        if host not in trusted_hosts:
            reasons.add("untrusted_host")
        elif host not in seen:
            seen.add(host)
            if found is None:
                reasons.add("bad_results")
            results += found or []
    if seen:
        reasons.discard("untrusted_host")
    return results, reasons


def _parsed(value: str) -> tuple[str, list[_Result] | None]:
    """Read one Authentication-Results field (RFC 8601 section 2.2): its host, and its results or None where it is malformed."""
    text, is_sound = _without_comments(value[:MAX_FIELD_LENGTH], keep_quotes=True)
    match = _HOST.match(text)
    if match is None:
        return "", None
    host = (match[1] or match[2] or "").lower()
    if not is_sound or len(value) > MAX_FIELD_LENGTH:
        return host, None
    results: list[_Result] = []
    for segment in _SEGMENT.findall(text, match.end()):
        method = _METHOD.match(segment)
        if method is None:
            continue
        properties: dict[str, str] = {}
        for each in _PAIR.finditer(segment, method.end()):
            if each[1]:
                properties.setdefault(each[1].lower(), _unquoted(each[2].lower()))
        results.append(_Result(method[1].lower(), method[2].lower(), properties))
    return host, results


def _unquoted(value: str) -> str:
    """Unquote a value that is quoted as a whole; `"bank.example"@evil.example` keeps its marks, and so its last @."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' and value.count('"') == 2 else value


def _without_comments(text: str, *, keep_quotes: bool) -> tuple[str, bool]:
    """Take the comments out, which may nest (RFC 5322 section 3.2.2). The flag is False when what is left cannot be relied on.

    A quotation mark inside a comment is such a case: hosts write the envelope sender into comments, and only a local part in
    quotes can hold the parenthesis that would end the comment early.
    """
    out: list[str] = []
    depth = 0
    is_sound = True
    for piece in _TOKEN.findall(text):
        if piece.startswith('"'):
            is_sound = is_sound and not depth and len(piece) > 1 and piece.endswith('"')
            out.append(piece if keep_quotes and not depth else " ")
        elif piece == "(":
            depth += 1
        elif piece == ")":
            is_sound = is_sound and depth > 0
            depth = max(depth - 1, 0)
            out.append(" ")
        elif not depth:
            is_sound = is_sound and not piece.startswith("\\")
            out.append(piece)
    return "".join(out), is_sound and depth == 0


def _mailgun_results(headers: Sequence[tuple[str, str]], envelope_sender: str | None) -> list[_Result]:
    """Put Mailgun's verdicts into the same form. It says that DKIM passed, not whose: every signature must then be aligned."""
    results: list[_Result] = []
    spf = _only(headers, "x-mailgun-spf")
    if spf:
        results.append(_Result("spf", spf, {"smtp.mailfrom": (envelope_sender or "").lower()}))
    dkim = _only(headers, "x-mailgun-dkim-check-result")
    if dkim:
        signers = [_SIGNING_DOMAIN.search(value[:MAX_FIELD_LENGTH]) for name, value in headers if name.lower() == "dkim-signature"]
        domains = [match[1].lower() if match else "" for match in signers]
        results.append(_Result("mailgun-dkim", dkim, {str(index): each for index, each in enumerate(domains)}))
    return results


def _only(headers: Iterable[tuple[str, str]], name: str) -> str:
    """Return the one field of that name in lower case; "" when it is missing or repeated: a second one is not Mailgun's."""
    values = [value for key, value in headers if key.lower() == name]
    return values[0].strip().lower() if len(values) == 1 else ""


def _reasons(found: _Result, domain: str, envelope_sender: str | None) -> set[Reason]:
    passed = found.result == _PASSED
    if found.method == "spf":
        if not passed:
            return {"spf_fail"}
        said = _domain(found.properties.get("smtp.mailfrom", ""))
        envelope = said if envelope_sender is None else _domain(envelope_sender)
        return {"spf_aligned"} if envelope == said == domain else {"spf_unaligned"}
    if found.method == "dkim":
        return ({"dkim_aligned"} if _is_aligned(_signer(found), domain) else {"dkim_unaligned"}) if passed else {"dkim_fail"}
    if found.method == "mailgun-dkim":
        signers = found.properties.values()
        is_aligned = bool(signers) and all(_is_aligned(each, domain) for each in signers)
        return ({"dkim_aligned"} if is_aligned else {"dkim_unaligned"}) if passed else {"dkim_fail"}
    if found.method == "dmarc" and found.result == "fail" and found.properties.get("header.from", domain) == domain:
        return {"dmarc_fail"}
    return set()


def _signer(found: _Result) -> str:
    """Return the signing domain: header.d, else the domain of header.i, which must lie within it (RFC 6376 section 3.5)."""
    signing = found.properties.get("header.d", "").rstrip(".")
    identity = found.properties.get("header.i", "")
    identity_domain = identity.rpartition("@")[2].rstrip(".")
    if not signing or not identity:
        return signing or identity_domain
    return signing if identity_domain == signing or identity_domain.endswith(f".{signing}") else ""


def _domain(address: str) -> str:
    """Return the domain of an address, or of a bare domain, in lower case; "" when there is none."""
    domain = address.strip().strip("<>").rpartition("@")[2].lower().rstrip(".")
    return domain if _DOMAIN.fullmatch(domain) and ".." not in domain else ""


def _is_aligned(signer: str, domain: str) -> bool:
    # A parent of one label is a registry: nobody's mail comes from there, and nobody is proven by it.
    if "." not in signer or "." not in domain:
        return signer == domain != ""
    return signer == domain or signer.endswith(f".{domain}") or domain.endswith(f".{signer}")
