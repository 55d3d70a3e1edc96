"""The second shop of the API's tests."""

from __future__ import annotations

from tests.api.conftest import other_shop

__all__ = ["other_shop"]
