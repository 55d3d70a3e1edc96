"""The worker's composition root: what `dramatiq actors` loads. The broker must be set before any actor is declared."""

from actors.environment import prepare_environment

# First: it names the metrics' directory, which prometheus_client reads from the environment once, at import.
settings = prepare_environment()

import dramatiq  # noqa: E402

from actors.broker import make_broker  # noqa: E402
from service.observability.logging import configure_logging  # noqa: E402

configure_logging(settings.log_level)
broker = make_broker(settings)
dramatiq.set_broker(broker)

from actors.batches import advance_batch  # noqa: E402
from actors.suggestions import draft_suggestion, draft_suggestion_of_batch, draft_suggestion_vip  # noqa: E402

__all__ = ["advance_batch", "broker", "draft_suggestion", "draft_suggestion_of_batch", "draft_suggestion_vip"]
