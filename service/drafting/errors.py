"""Why there is no draft. Each error carries the call, so that its cost is recorded."""

from __future__ import annotations

from typing import Literal

from service.drafting.types import Call
from service.errors import PermanentError, TemporaryError

ReasonCode = Literal["provider_down", "provider_refused", "bad_output"]


class ModelUnavailable(TemporaryError):
    """The model did not answer, or asked for patience. Temporary."""

    reason_code: ReasonCode = "provider_down"

    def __init__(self, message: str, *, call: Call, retry_after_s: float | None = None) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.call = call


class ModelRefused(PermanentError):
    """The provider will not serve this request, or the model declined to answer. Permanent."""

    reason_code: ReasonCode = "provider_refused"

    def __init__(self, message: str, *, call: Call) -> None:
        super().__init__(message)
        self.call = call


class BadOutput(PermanentError):
    """The model answered, but not with a draft: cut off, or not of the schema. Asking again gives the same. Permanent."""

    reason_code: ReasonCode = "bad_output"

    def __init__(self, message: str, *, call: Call) -> None:
        super().__init__(message)
        self.call = call


DraftError = ModelUnavailable | ModelRefused | BadOutput
