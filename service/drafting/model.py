"""The OpenAI client: the only module that imports `openai`. Responses API, or Chat Completions for servers without it.

One client belongs to one event loop. The SDK's own retries are off: Dramatiq is the one retry authority. Every call has a deadline
by the wall clock, since the SDK's timeout is per read and never ends a server that trickles. `store=False`: the provider keeps no
mail.

The SDK's client says where requests go and what headers they carry, once. They are then sent over its aiohttp transport past its
own building of requests and of records, for a seventh of the CPU time of a call as the SDK comes.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import aiohttp
import httpx2
import msgspec
import openai
from openai import AsyncOpenAI, DefaultAioHttpClient

from service.drafting.drafter import Answer
from service.drafting.errors import ModelRefused, ModelUnavailable, ProviderBlocked
from service.drafting.retry_after import retry_after_s
from service.drafting.schema import DRAFT_SCHEMA
from service.drafting.types import Call, Prompt
from service.settings import MODEL_DEADLINE_S, MODEL_READ_TIMEOUT_S, Settings

MAX_OUTPUT_TOKENS = 4_000
"""Room for the longest reply and a reasoning model's thoughts; a cut-off answer is paid and useless."""

CONNECT_TIMEOUT_S = 3.0
QUOTA_CODES = frozenset({"insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached"})
RETRIED_STATUS = frozenset({408, 409, 425})

_ERRORS: dict[int, type[openai.APIStatusError]] = {
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    429: openai.RateLimitError,
}

UNREADABLE = (AttributeError, TypeError, ValueError, LookupError, RecursionError)
"""What the SDK and the reading of an answer raise on a 200 that is none, such as a gateway's page: nothing checks it before."""


class OpenAIModel:
    """A ChatModel over the official SDK.

    deadline_s: wall clock for one call; read_timeout_s: for one silence within it.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None,
        model: str,
        api: str,
        deadline_s: float,
        read_timeout_s: float,
    ) -> None:
        self._model = model
        self._deadline_s = deadline_s
        self._dialect = _CHAT if api == "chat" else _RESPONSES
        timeout = httpx2.Timeout(read_timeout_s, connect=CONNECT_TIMEOUT_S)
        self._http = DefaultAioHttpClient(timeout=timeout)
        self._client = AsyncOpenAI(api_key=api_key, base_url=base_url, max_retries=0, timeout=timeout, http_client=self._http)
        self._url = self._client.base_url.join(self._dialect.path)
        self._headers = _headers_of(self._client, self._http)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Return the configured model."""
        return cls(
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url or None,
            model=settings.openai_model,
            api=settings.openai_api,
            deadline_s=MODEL_DEADLINE_S,
            read_timeout_s=MODEL_READ_TIMEOUT_S,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def ask(self, request: Prompt, *, model: str | None = None, deadline_s: float | None = None) -> Answer:
        """Ask once; see ChatModel."""
        model = model or self._model
        started_at = time.perf_counter()
        try:
            async with asyncio.timeout(min(self._deadline_s, deadline_s or self._deadline_s)):
                return await self._send(request, model, started_at)
        except (openai.OpenAIError, httpx2.RequestError, aiohttp.ClientError, ssl.SSLError, TimeoutError, *UNREADABLE) as error:
            raise _translated(error, model=model, duration_s=time.perf_counter() - started_at) from error

    async def _send(self, request: Prompt, model: str, started_at: float) -> Answer:
        dialect = self._dialect
        body = msgspec.json.encode(dialect.body_of(request, model))
        response = await self._http.send(httpx2.Request("POST", self._url, headers=self._headers, content=body))
        if not response.is_success:
            raise _status_error(response)
        answer = dialect.answer_of(msgspec.json.decode(response.content), model=model)
        call = replace(answer.call, duration_s=time.perf_counter() - started_at, request_id=response.headers.get("x-request-id"))
        return replace(answer, call=call)


def responses_body(request: Prompt, model: str) -> dict[str, Any]:
    """Return what the Responses API is asked."""
    return {
        "model": model,
        "instructions": request.instructions,
        "input": [{"role": "user", "content": request.user_text}],
        "text": {"format": {"type": "json_schema", "name": "draft", "schema": DRAFT_SCHEMA, "strict": True}},
        "max_output_tokens": MAX_OUTPUT_TOKENS,
        "prompt_cache_key": request.version,
        "store": False,
    }


def chat_body(request: Prompt, model: str) -> dict[str, Any]:
    """Return what the Chat Completions API is asked."""
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": request.instructions},
            {"role": "user", "content": request.user_text},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "draft", "schema": DRAFT_SCHEMA, "strict": True},
        },
        "max_completion_tokens": MAX_OUTPUT_TOKENS,
    }


def responses_answer_of(record: dict[str, Any], *, model: str) -> Answer:
    """Return the answer in a response as JSON. Raises one of UNREADABLE."""
    usage = record.get("usage")
    call = Call(
        model=_text(record.get("model")) or model,
        duration_s=0.0,
        input_tokens=_count(usage, "input_tokens"),
        cached_tokens=_count(usage, "input_tokens_details", "cached_tokens"),
        output_tokens=_count(usage, "output_tokens"),
        reasoning_tokens=_count(usage, "output_tokens_details", "reasoning_tokens"),
    )
    messages = [item for item in record.get("output") or () if item["type"] == "message"]
    contents = [part for item in messages for part in item.get("content") or ()]
    refusals = [part["refusal"] for part in contents if part["type"] == "refusal"]
    if (record.get("incomplete_details") or {}).get("reason") == "content_filter":
        refusals.append("content_filter")
    return Answer(
        call=call,
        text="".join(_text(part.get("text")) for part in contents if part["type"] == "output_text"),
        refusal=refusals[0] if refusals else None,
        is_cut_off=record.get("status") == "incomplete",
    )


def chat_answer_of(record: dict[str, Any], *, model: str) -> Answer:
    """Return the answer in a chat completion as JSON. Raises one of UNREADABLE."""
    usage = record.get("usage")
    call = Call(
        model=_text(record.get("model")) or model,
        duration_s=0.0,
        input_tokens=_count(usage, "prompt_tokens"),
        cached_tokens=_count(usage, "prompt_tokens_details", "cached_tokens"),
        output_tokens=_count(usage, "completion_tokens"),
        reasoning_tokens=_count(usage, "completion_tokens_details", "reasoning_tokens"),
    )
    choices = record.get("choices")
    if not choices:
        return Answer(call=call, text="")
    message, finish_reason = choices[0]["message"], choices[0].get("finish_reason")
    refusal = "content_filter" if finish_reason == "content_filter" else message.get("refusal")
    return Answer(
        call=call,
        text=_text(message.get("content")),
        refusal=refusal or None,
        is_cut_off=finish_reason == "length",
    )


@dataclass(frozen=True, slots=True)
class _Dialect:
    """One of OpenAI's two request shapes."""

    path: str
    body_of: Callable[[Prompt, str], dict[str, Any]]
    answer_of: Callable[..., Answer]


_RESPONSES = _Dialect("responses", responses_body, responses_answer_of)
_CHAT = _Dialect("chat/completions", chat_body, chat_answer_of)


def _headers_of(client: AsyncOpenAI, http: httpx2.AsyncClient) -> httpx2.Headers:
    """Return what the SDK sends with each request: its key, who it is, and what its variables of the environment add."""
    headers = httpx2.Headers(http.headers)
    headers.update(client.auth_headers)
    headers.update({name: value for name, value in client.default_headers.items() if isinstance(value, str)})
    return headers


def _status_error(response: httpx2.Response) -> openai.APIStatusError:
    """Return the SDK's error for a status that is no success."""
    try:
        body = json.loads(response.text)
    except (ValueError, RecursionError):
        body = None
    described = body.get("error", body) if isinstance(body, dict) else None
    made_of = _ERRORS.get(response.status_code, openai.APIStatusError)
    return made_of(f"Error code: {response.status_code}", response=response, body=described)


def _text(value: object) -> str:
    """Return a text, or "" for what compatible servers send in its place."""
    return value if isinstance(value, str) else ""


def _count(usage: object, *path: str) -> int | None:
    """Return a token count; compatible servers leave out details, or send something else."""
    found = usage
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, int) else None


def _translated(error: Exception, *, model: str, duration_s: float) -> ModelUnavailable | ProviderBlocked | ModelRefused:
    """Turn an error of the SDK or of its transport into ours: temporary is worth another attempt, permanent is not."""

    def calls(error_type: str) -> tuple[Call]:
        request_id = getattr(error, "request_id", None)
        return (Call(model=model, duration_s=duration_s, request_id=request_id, error_type=error_type),)

    if isinstance(error, openai.APIStatusError):
        return _translated_status(error, calls)
    if isinstance(error, TimeoutError) or (isinstance(error, httpx2.TimeoutException) and not _is_lost(error)):
        return ModelUnavailable("The model did not answer in time", calls=calls("timeout"))
    if isinstance(error, httpx2.RequestError | aiohttp.ClientError | ssl.SSLError):
        return ModelUnavailable("The model's server cannot be reached", calls=calls("connection"))
    return ModelUnavailable("The model's answer could not be read", calls=calls("unreadable_response"))


def _is_lost(error: httpx2.TimeoutException) -> bool:
    """Whether it is a connection that was refused or broke: the SDK's aiohttp transport calls that a timeout too."""
    below = error.__cause__
    return isinstance(below, aiohttp.ClientConnectionError) and not isinstance(below, TimeoutError)


def _translated_status(
    error: openai.APIStatusError, calls: Callable[[str], tuple[Call]]
) -> ModelUnavailable | ProviderBlocked | ModelRefused:
    wait_s = retry_after_s(error.response.headers)
    if isinstance(error, openai.RateLimitError):
        if error.type == "insufficient_quota" or error.code in QUOTA_CODES:
            return ProviderBlocked("The OpenAI account is out of quota", calls=calls("insufficient_quota"), block="quota")
        return ModelUnavailable("The model is rate limited", calls=calls("rate_limited"), retry_after_s=wait_s)
    status = error.status_code
    if status >= 500 or status in RETRIED_STATUS:
        return ModelUnavailable(f"The model's server answered {status}", calls=calls(f"http_{status}"), retry_after_s=wait_s)
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return ProviderBlocked(f"The provider refused our key with {status}", calls=calls(f"http_{status}"), block="auth")
    return ModelRefused(f"The provider refused the request with {status}", calls=calls(f"http_{status}"))
