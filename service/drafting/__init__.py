"""Drafting: a snapshot goes in, a draft or a reason comes out. Its public face; `model` and `provider_batch` talk to OpenAI."""

from service.drafting.drafter import Answer, ChatModel, DraftedReply, draft_reply, read_reply
from service.drafting.errors import BadOutput, DraftError, FailedCheck, ModelRefused, ModelUnavailable, ProviderBlocked
from service.drafting.fallback import fallback_text
from service.drafting.types import Call, Draft, Finding, Snapshot

__all__ = [
    "Answer",
    "BadOutput",
    "Call",
    "ChatModel",
    "Draft",
    "DraftError",
    "DraftedReply",
    "FailedCheck",
    "Finding",
    "ModelRefused",
    "ModelUnavailable",
    "ProviderBlocked",
    "Snapshot",
    "draft_reply",
    "fallback_text",
    "read_reply",
]
