"""The OpenAI client: the only module that imports `openai`. Responses API, or Chat Completions for servers without it.

One client belongs to one event loop. The SDK's own retries are off: Dramatiq is the one retry authority. Every call has a deadline
by the wall clock, since the SDK's timeout is per read and never ends a server that trickles. `store=False`: the provider keeps no
mail.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Self

import httpx2
import openai
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

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

UNREADABLE = (AttributeError, TypeError, ValueError, LookupError, RecursionError)
"""What the SDK and the reading of its records raise on a 200 that is no answer, such as a gateway's page: it checks nothing."""


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
        self._send = self._send_chat if api == "chat" else self._send_responses
        self._client = AsyncOpenAI(
            api_key=api_key,
            base_url=base_url,
            max_retries=0,
            timeout=httpx2.Timeout(read_timeout_s, connect=CONNECT_TIMEOUT_S),
        )

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
        except (openai.OpenAIError, TimeoutError, *UNREADABLE) as error:
            raise _translated(error, model=model, duration_s=time.perf_counter() - started_at) from error

    async def _send_responses(self, request: Prompt, model: str, started_at: float) -> Answer:
        response = await self._client.responses.create(
            model=model,
            instructions=request.instructions,
            input=[{"role": "user", "content": request.user_text}],
            text={"format": {"type": "json_schema", "name": "draft", "schema": DRAFT_SCHEMA, "strict": True}},
            max_output_tokens=MAX_OUTPUT_TOKENS,
            prompt_cache_key=request.version,
            store=False,
        )
        return _responses_answer(response, model=model, duration_s=time.perf_counter() - started_at)

    async def _send_chat(self, request: Prompt, model: str, started_at: float) -> Answer:
        completion = await self._client.chat.completions.create(
            model=model,
            messages=[
                {"role": "system", "content": request.instructions},
                {"role": "user", "content": request.user_text},
            ],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "draft", "schema": DRAFT_SCHEMA, "strict": True},
            },
            max_completion_tokens=MAX_OUTPUT_TOKENS,
        )
        return _chat_answer(completion, model=model, duration_s=time.perf_counter() - started_at)


def _responses_answer(response: Response, *, model: str, duration_s: float) -> Answer:
    usage = response.usage
    call = Call(
        model=_text(response.model) or model,
        duration_s=duration_s,
        request_id=getattr(response, "_request_id", None),
        input_tokens=_count(usage, "input_tokens"),
        cached_tokens=_count(usage, "input_tokens_details", "cached_tokens"),
        output_tokens=_count(usage, "output_tokens"),
        reasoning_tokens=_count(usage, "output_tokens_details", "reasoning_tokens"),
    )
    contents = [part for item in response.output or () if item.type == "message" for part in getattr(item, "content", None) or ()]
    refusals = [part.refusal for part in contents if part.type == "refusal"]
    if response.incomplete_details is not None and response.incomplete_details.reason == "content_filter":
        refusals.append("content_filter")
    return Answer(
        call=call,
        text="".join(_text(part.text) for part in contents if part.type == "output_text"),
        refusal=refusals[0] if refusals else None,
        is_cut_off=response.status == "incomplete",
    )


def _chat_answer(completion: ChatCompletion, *, model: str, duration_s: float) -> Answer:
    usage = completion.usage
    call = Call(
        model=_text(completion.model) or model,
        duration_s=duration_s,
        request_id=getattr(completion, "_request_id", None),
        input_tokens=_count(usage, "prompt_tokens"),
        cached_tokens=_count(usage, "prompt_tokens_details", "cached_tokens"),
        output_tokens=_count(usage, "completion_tokens"),
        reasoning_tokens=_count(usage, "completion_tokens_details", "reasoning_tokens"),
    )
    if not completion.choices:
        return Answer(call=call, text="")
    choice = completion.choices[0]
    refusal = "content_filter" if choice.finish_reason == "content_filter" else choice.message.refusal
    return Answer(
        call=call,
        text=_text(choice.message.content),
        refusal=refusal or None,
        is_cut_off=choice.finish_reason == "length",
    )


def _text(value: object) -> str:
    """Return a text, or "" for what compatible servers send in its place."""
    return value if isinstance(value, str) else ""


def _count(usage: object, *path: str) -> int | None:
    """Return a token count; compatible servers leave out details, and the SDK does not check."""
    found: Any = usage
    for name in path:
        found = getattr(found, name, None)
    return found if isinstance(found, int) else None


def _translated(error: Exception, *, model: str, duration_s: float) -> ModelUnavailable | ProviderBlocked | ModelRefused:
    """Turn an SDK error into ours: temporary is worth another attempt, permanent is not."""

    def calls(error_type: str) -> tuple[Call]:
        request_id = getattr(error, "request_id", None)
        return (Call(model=model, duration_s=duration_s, request_id=request_id, error_type=error_type),)

    if isinstance(error, openai.APIStatusError):
        return _translated_status(error, calls)
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return ModelUnavailable("The model did not answer in time", calls=calls("timeout"))
    if isinstance(error, openai.APIConnectionError):
        return ModelUnavailable("The model's server cannot be reached", calls=calls("connection"))
    return ModelUnavailable("The model's answer could not be read", calls=calls("unreadable_response"))


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
