"""Where the pickup benchmark's two sides meet in Redis."""

STOCK_NAMESPACE = "pickup-stock"
"""Dramatiq's own broker keeps its queues here, apart from ours, so that both workers may run at once."""


def started_key(kind: str) -> str:
    """Return the list to which a worker of this kind adds the moments at which its jobs started."""
    return f"pickup-started-{kind}"
