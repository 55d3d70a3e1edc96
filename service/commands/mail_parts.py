"""What a mail program wrote, by the standard library's reading, and forms as Mailgun posts them. Used to build webhooks.

The service reads mail with a parser of its own; this one is another's on purpose, as it is at every provider.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A part that is not the mail's text.

    Attributes:
        content_id: without brackets; "" without one.
    """

    filename: str
    content_type: str
    content: bytes
    content_id: str


def header_text(message: EmailMessage, name: str) -> str:
    """Return a header as plain text; the library hands out a type of its own for each kind."""
    return _sendable(str(message.get(name, "")))


def header_pairs(message: EmailMessage) -> list[tuple[str, str]]:
    """Return all headers in order, as [name, value]."""
    return [(name, _sendable(str(value))) for name, value in message.items()]


def body_text(message: EmailMessage, kind: str) -> str:
    """Return the first body of the kind, `plain` or `html`; "" without one."""
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return _sendable(str(part.get_content()))
    except LookupError:
        # A charset that Python does not know.
        return _content(part).decode("utf-8", "replace")


def attached_files(message: EmailMessage) -> list[AttachedFile]:
    """Return the parts that are no body, in order; an attached mail is one, its own attachments are not."""
    found: list[AttachedFile] = []
    bodies = [message.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart":
            waiting.extend(reversed([each for each in part.iter_parts() if isinstance(each, EmailMessage)]))
        elif not any(part is body for body in bodies):
            found.append(
                AttachedFile(
                    _sendable(part.get_filename() or ""),
                    part.get_content_type(),
                    _content(part),
                    str(part.get("content-id", "")).strip("<> \t"),
                )
            )
    return found


def multipart_form(fields: Mapping[str, str], files: Mapping[str, AttachedFile]) -> tuple[str, bytes]:
    """Return a form (RFC 7578) as content type and body: the fields, then the files, each under its name."""
    boundary = secrets.token_hex(16)
    pieces = [_form_part(boundary, f'name="{name}"', "text/plain; charset=utf-8", value.encode()) for name, value in fields.items()]
    for name, file in files.items():
        filename = file.filename.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "")
        pieces.append(_form_part(boundary, f'name="{name}"; filename="{filename}"', file.content_type, file.content))
    return f'multipart/form-data; boundary="{boundary}"', b"".join([*pieces, f"--{boundary}--\r\n".encode()])


def _form_part(boundary: str, disposition: str, content_type: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\nContent-Type: {content_type}\r\n\r\n"
    return b"".join((head.encode(), content, b"\r\n"))


def _content(part: MIMEPart) -> bytes:
    if part.get_content_maintype() == "message":
        return b"".join(each.as_bytes() for each in part.iter_parts())
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _sendable(text: str) -> str:
    """Return text that JSON and forms can carry: the library keeps a byte it cannot read as a lone surrogate."""
    return text.encode("utf-8", "replace").decode()
