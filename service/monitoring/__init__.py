"""What the metrics pages show: what the processes have counted, and how the queues and the waiting suggestions stand just now."""

from service.monitoring.page import MetricsPage

__all__ = ["MetricsPage"]
