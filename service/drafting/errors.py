"""Why there is no draft. Each error carries the calls that were made, so that their cost is recorded."""

from __future__ import annotations

from typing import Literal

from service.drafting.types import Call, Draft, Finding
from service.errors import PermanentError, TemporaryError

ReasonCode = Literal["provider_down", "provider_refused", "bad_output", "failed_check"]


class ModelUnavailable(TemporaryError):
    """The model did not answer, or asked for patience. Temporary."""

    reason_code: ReasonCode = "provider_down"

    def __init__(self, message: str, *, calls: tuple[Call, ...], retry_after_s: float | None = None) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.calls = calls


class ProviderBlocked(TemporaryError):
    """The provider takes nothing from us: the key is refused, or the account is empty. It may, once somebody has mended that."""

    reason_code: ReasonCode = "provider_refused"

    def __init__(self, message: str, *, calls: tuple[Call, ...], block: Literal["auth", "quota"]) -> None:
        super().__init__(message)
        self.calls = calls
        self.block = block


class ModelRefused(PermanentError):
    """The provider will not serve this request, or the model declined to answer. Permanent."""

    reason_code: ReasonCode = "provider_refused"

    def __init__(self, message: str, *, calls: tuple[Call, ...]) -> None:
        super().__init__(message)
        self.calls = calls


class BadOutput(PermanentError):
    """The model answered, but not with a draft: cut off, or not of the schema. Asking again gives the same. Permanent."""

    reason_code: ReasonCode = "bad_output"

    def __init__(self, message: str, *, calls: tuple[Call, ...]) -> None:
        super().__init__(message)
        self.calls = calls


class FailedCheck(PermanentError):
    """The draft says what the records do not, also after its repair. Permanent. It is kept, marked, for a person to see."""

    reason_code: ReasonCode = "failed_check"

    def __init__(
        self, message: str, *, calls: tuple[Call, ...], draft: Draft, findings: tuple[Finding, ...], prompt_version: str
    ) -> None:
        super().__init__(message)
        self.calls = calls
        self.draft = draft
        self.findings = findings
        self.prompt_version = prompt_version


DraftError = ModelUnavailable | ProviderBlocked | ModelRefused | BadOutput | FailedCheck
