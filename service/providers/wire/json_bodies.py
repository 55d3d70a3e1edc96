"""JSON from outside, into a type of ours. One place for what is odd about it, and for the reasons why it cannot be read."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import NoReturn, TypeVar

import msgspec

from service.errors import Unreadable

T = TypeVar("T")

_CONTENT = re.compile(r"Invalid (enum )?value .*(?= - at `)", re.DOTALL)


def read_json(body: bytes, decoder: msgspec.json.Decoder[T], *, what: str, where: str = "body") -> T:
    """Decode a body, or a line. what: names the thing in the error's sentence, such as `a mail of the standard format`.

    Raises:
        Unreadable: `bad_charset`, `bad_json` or `bad_schema`; the sentence names the field, never its content.
    """
    try:
        return _decoded(body, decoder)
    except UnicodeDecodeError:
        raise Unreadable("bad_charset", f"The {where} is not UTF-8") from None
    except msgspec.ValidationError as error:
        raise Unreadable("bad_schema", f"The {where} is not {what}: {_CONTENT.sub('Invalid value', str(error))}") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json", f"The {where} is not JSON: {type(error).__name__}") from None


def _decoded(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # JavaScript writes half a surrogate pair where a text was cut inside an emoji; msgspec calls that malformed, json does not.
        found = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
        return msgspec.convert(found, decoder.type)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
