"""The errors that cross a layer. Two families: temporary (try again) and permanent (trying again changes nothing)."""

from __future__ import annotations


class ServiceError(Exception):
    """What went wrong and what to do, in one sentence that names ids and never content."""


class PermanentError(ServiceError):
    """Trying again changes nothing."""


class TemporaryError(ServiceError):
    """Trying again may work.

    Attributes:
        retry_after_s: seconds that the other side asked us to wait; None when it did not say.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotFound(PermanentError):
    """No such thing for this caller; another shop's thing answers the same."""


class AuthenticationFailed(PermanentError):
    """The caller could not prove who it is."""


class PermissionDenied(PermanentError):
    """The caller is known but may not do this."""


class InvalidInput(PermanentError):
    """The input is not what the interface takes."""


class Conflict(PermanentError):
    """The thing is not in the state that this needs."""


class PreconditionFailed(PermanentError):
    """The thing is no longer as the caller saw it."""


class PreconditionRequired(PermanentError):
    """The caller must say which state of the thing it saw."""


class Unprocessable(PermanentError):
    """Well-formed input that contradicts what was sent before."""


class Unreadable(PermanentError):
    """Authentic bytes that cannot be turned into a mail; they are stored all the same.

    Attributes:
        reason: a word of a closed list, kept as the delivery's reason.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
