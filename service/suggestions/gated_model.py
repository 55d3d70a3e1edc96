"""A model behind the gate that all workers share: asks for leave before each call, and tells the gate how it ended."""

from __future__ import annotations

from service.drafting import Answer, ChatModel, ModelRefused, ModelUnavailable, ProviderBlocked
from service.drafting.model import MAX_OUTPUT_TOKENS
from service.drafting.types import Prompt
from service.model_gate import ModelGate, Pass

CHARACTERS_OF_TOKEN = 4
"""Of European languages; the cap is corrected by what the provider counted."""

USUAL_OUTPUT_TOKENS = min(600, MAX_OUTPUT_TOKENS)


class GatedModel:
    """A ChatModel that may also raise GateClosed (temporary): then the provider was not asked."""

    def __init__(self, model: ChatModel, gate: ModelGate) -> None:
        self._model = model
        self._gate = gate

    async def ask(self, request: Prompt, *, model: str | None = None, deadline_s: float | None = None) -> Answer:
        """Ask once; see ChatModel."""
        length = len(request.instructions) + len(request.user_text)
        passed = await self._gate.enter(tokens=length // CHARACTERS_OF_TOKEN + USUAL_OUTPUT_TOKENS)
        answer, is_answered = None, False
        try:
            answer = await self._model.ask(request, model=model, deadline_s=deadline_s)
            is_answered = True
        except ProviderBlocked as error:
            await self._gate.trip(passed, reason=error.block)
            passed = Pass(is_probe=False, tokens=passed.tokens)
            raise
        except ModelRefused:
            # It takes our calls, if not this one.
            is_answered = True
            raise
        except ModelUnavailable as error:
            if error.retry_after_s:
                await self._gate.pause(error.retry_after_s)
            raise
        finally:
            await self._gate.leave(passed, tokens=_used(answer), is_answered=is_answered)
        return answer


def _used(answer: Answer | None) -> int | None:
    """Return the tokens that the provider counted; None when there is no answer, or it did not say."""
    if answer is None or answer.call.input_tokens is None:
        return None
    return answer.call.input_tokens + (answer.call.output_tokens or 0)
