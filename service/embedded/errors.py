"""The error of the embedded servers. Whoever starts them shows its sentence to a person."""

from __future__ import annotations

from service.errors import ServiceError


class EmbeddedError(ServiceError):
    """Something could not be started from this folder; the sentence says what to do about it."""
