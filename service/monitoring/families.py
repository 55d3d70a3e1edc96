"""Readings as Prometheus' metric families. Pure. Several processes tell the same of these: ask for them with `max`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from service import __version__
from service.monitoring.readings import DeskReading, QueueReading, Readings

_WITH_PROVIDER = "with the provider"
"""A provider's batch takes up to a day: nobody is late."""


def families_of(readings: Readings) -> Iterator[Metric]:
    """Yield the families; those of a source that did not answer are missing, and `draftdesk_reading_ok` says so."""
    yield _family("draftdesk_build_info", "1, with the version of the program as a label.", ["version"], [((__version__,), 1)])
    answered = {"redis": readings.queue, "postgres": readings.desk}
    yield _family(
        "draftdesk_reading_ok",
        "1 when this source answered in time; with 0 its figures are missing from the page.",
        ["source"],
        [((source,), int(reading is not None)) for source, reading in answered.items()],
    )
    if readings.queue is not None:
        yield from _of_queue(readings.queue)
    if readings.desk is not None:
        yield from _of_desk(readings.desk)


def _of_queue(reading: QueueReading) -> Iterator[Metric]:
    counts = [
        ((queue.name, state), count)
        for queue in reading.queues
        for state, count in (
            ("ready", queue.ready.count),
            ("delayed", queue.delayed.count),
            ("in_flight", queue.in_flight.count),
            ("stranded", queue.stranded),
            ("dead", queue.dead.count),
        )
    ]
    told = "Messages: ready, in back-off, with live workers, with dead ones from whom they will return, and given up within 7 days."
    yield _family("draftdesk_queue_messages", told, ["queue", "state"], counts)
    yield _family(
        "draftdesk_queue_oldest_seconds",
        "For how long the oldest message that is ready has been on its way; 0: none is.",
        ["queue"],
        [((queue.name,), queue.ready.oldest_s or 0.0) for queue in reading.queues],
    )
    yield _single("draftdesk_workers_live", "Worker processes that have spoken to Redis of late.", len(reading.workers))
    store = reading.store
    yield _single("draftdesk_queue_memory_bytes", "Memory that Redis uses.", store.memory_bytes)
    yield _single(
        "draftdesk_queue_memory_limit_bytes", "Memory at which Redis refuses more; 0: no limit.", store.memory_limit_bytes
    )
    yield _single("draftdesk_queue_disk_bytes", "Size of Redis' append-only file.", store.disk_bytes)
    yield _single("draftdesk_queue_persistence_ok", "1 when Redis' last write to disk succeeded.", int(store.is_persistent))


def _of_desk(reading: DeskReading) -> Iterator[Metric]:
    yield _family(
        "draftdesk_suggestions_waiting",
        "Suggestions without their draft, by status; `with_provider`: in a batch file that takes up to a day.",
        ["status"],
        [((each.state.replace(_WITH_PROVIDER, "with_provider"),), each.count) for each in reading.backlog],
    )
    oldest_s = [
        each.oldest_customer_s for each in reading.backlog if each.oldest_customer_s is not None and each.state != _WITH_PROVIDER
    ]
    yield _single(
        "draftdesk_suggestions_oldest_waiting_seconds",
        "For how long the customer has waited who has waited longest; batches do not count. 0: nobody waits.",
        max(oldest_s, default=0.0),
    )
    yield _single("draftdesk_dead_letters", "Suggestions that have failed and that nobody has dealt with.", reading.dead_letters)
    yield _single("draftdesk_database_size_bytes", "Size of the database on disk.", reading.size_bytes)


def _family(name: str, told: str, labels: Sequence[str], samples: Sequence[tuple[tuple[str, ...], float]]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _single(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)
