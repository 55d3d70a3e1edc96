"""What both of OpenAI's request shapes come down to: an ask, an answer to it, and an error in OpenAI's shape. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar
from uuid import uuid4

import msgspec

MODEL = "stand-in"

RequestT = TypeVar("RequestT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request to the model."""

    model: str
    """The model that the client named; the answer still says `stand-in`."""
    instructions: str
    user_text: str
    wants_json: bool

    @property
    def prompt(self) -> str:
        """Everything that a model would read, instructions first."""
        return f"{self.instructions}\n\n{self.user_text}" if self.instructions else self.user_text


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says: the text, or with `refusal` why it says nothing."""

    text: str
    ending: Literal["complete", "truncated", "refusal"] = "complete"


class ErrorDetail(msgspec.Struct, frozen=True, kw_only=True):
    """The inside of OpenAI's error object."""

    message: str
    type: str
    code: str | None = None
    param: str | None = None


class ErrorBody(msgspec.Struct, frozen=True):
    """OpenAI's error object."""

    error: ErrorDetail


class ApiError(Exception):
    """An answer that is an error.

    Attributes:
        status: HTTP status.
        detail: what the body says.
        retry_after: the Retry-After header's value; None leaves the header out.
    """

    def __init__(self, status: int, detail: ErrorDetail, *, retry_after: str | None = None) -> None:
        super().__init__(detail.message)
        self.status = status
        self.detail = detail
        self.retry_after = retry_after


class Part(msgspec.Struct, frozen=True):
    """One part of a message's content; parts that are no text read as empty."""

    text: str = ""


class InputMessage(msgspec.Struct, frozen=True):
    """One message of a request, in either API."""

    role: str = "user"
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The message's text, parts joined by line ends."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or ())


class Format(msgspec.Struct, frozen=True):
    """Which form the answer shall have; the schema itself is not read, for the stand-in knows only one."""

    type: str = "text"

    @property
    def is_json(self) -> bool:
        """Whether the answer's text shall be JSON."""
        return self.type in {"json_schema", "json_object"}


def decode(body: bytes, decoder: msgspec.json.Decoder[RequestT]) -> RequestT:
    """Read a request.

    Raises:
        ApiError: 400, not JSON or not the request's shape.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise invalid_request(f"Invalid request: {error}", code="invalid_type") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise invalid_request("We could not parse the JSON body of your request.") from error


def invalid_request(message: str, *, code: str | None = None, param: str | None = None) -> ApiError:
    """Build the 400 that says what is wrong with a request."""
    return ApiError(400, ErrorDetail(message=message, type="invalid_request_error", code=code, param=param))


def missing(param: str) -> ApiError:
    """Build the 400 for a parameter that is not there."""
    return invalid_request(f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param)


def refuse_streaming() -> ApiError:
    """Build the 400 for `stream: true`: nothing of the program streams from a model."""
    return invalid_request("The stand-in does not stream.", code="unsupported_value", param="stream")


def gather(messages: list[InputMessage], instructions: str = "") -> tuple[str, str]:
    """Split messages into the instructions and the user's text; assistant messages are left out."""
    system = [message.text for message in messages if message.role in {"system", "developer"}]
    user = [message.text for message in messages if message.role == "user"]
    return "\n\n".join(filter(None, [instructions, *system])), "\n\n".join(user)


def count_tokens(text: str) -> int:
    """Estimate tokens as a quarter of the characters, at least 1."""
    return max(1, len(text) // 4)


def new_id(prefix: str) -> str:
    """Make an id as OpenAI's look: `resp_` and 32 hex digits."""
    return f"{prefix}_{uuid4().hex}"
