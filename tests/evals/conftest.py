"""The worker's desk and its model, as the suggestions' tests have them."""

from tests.suggestions.conftest import desk, leases, model

__all__ = ["desk", "leases", "model"]
