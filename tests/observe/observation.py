"""The whole run, in its order, and everything that came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.observe import allowed, incidents, traffic
from tests.observe.alerts import AlertAnswer, ask_alerts
from tests.observe.boards import board_files, read_board
from tests.observe.desk import ObservedDesk, running_desk
from tests.observe.incidents import Incident
from tests.observe.prometheus import CONFIG, SCRAPE_S, Prometheus, Window, promtool
from tests.observe.queries import BoardAnswer, ask_board
from tests.observe.rules import FILE, read_alerts, scaled

UP_WITHIN_S = 30.0
STEP_S = 2.0


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen. boards: by file name; complaints: promtool's, by what it read, empty where it had none."""

    boards: Mapping[str, BoardAnswer]
    alerts: Sequence[AlertAnswer]
    incidents: Sequence[Incident]
    complaints: Mapping[str, str]
    duration_s: float

    @property
    def failures(self) -> list[str]:
        """Everything that is wrong, a line each."""
        found = [failure for board in self.boards.values() for failure in board.failures]
        found += [f"alert {each.alert.name}: {failure}" for each in self.alerts for failure in each.failures]
        found += [failure for each in self.incidents for failure in each.failures]
        found += [f"promtool on {name}: {told}" for name, told in self.complaints.items() if told]
        return found + [f"an exception for what is not there: {name}" for name in self.stale_exceptions]

    @property
    def stale_exceptions(self) -> list[str]:
        """Exceptions that name no query and no part of an alert."""
        asked = {
            (board.board.uid, panel.panel.title, one.target.ref_id)
            for board in self.boards.values()
            for panel in board.panels
            for one in panel.answers
        }
        asked |= {(board.board.uid, f"annotation {name}", "") for board in self.boards.values() for name in board.annotations}
        parts = {(each.alert.name, part) for each in self.alerts for part in each.parts}
        return [" / ".join(name) for name in (*(allowed.EMPTY.keys() - asked), *(allowed.EMPTY_PARTS.keys() - parts))]


def observe(folder: Path) -> Observation:
    """Run everything in a folder, drive it, break it, mend it, and ask Prometheus for all. Call it on the main thread."""
    began_at = time.monotonic()
    copy = folder / "alerts-faster.yml"
    copy.write_text(scaled(FILE.read_text()))
    with (
        running_desk(folder) as desk,
        Prometheus.running(folder, desk.ports, [FILE, copy], desk.shop.settings.metrics_token) as prometheus,
    ):
        prometheus.wait(lambda: _are_up(prometheus, desk), "both pages to be scraped", within_s=UP_WITHIN_S)
        start_s = time.time()
        asyncio.run(traffic.warm_up(desk))
        happened = [incidents.lose_worker(desk, prometheus)]
        asyncio.run(traffic.drive(desk))
        happened.append(incidents.block_provider(desk, prometheus))
        asyncio.run(traffic.go_on(desk))
        # What has just been counted is there after the next scrape.
        time.sleep(2 * SCRAPE_S)
        window = Window(start_s, time.time(), STEP_S)
        return Observation(
            boards={path.stem: ask_board(read_board(path), prometheus, window) for path in board_files()},
            alerts=ask_alerts(read_alerts(), prometheus, window),
            incidents=happened,
            complaints=_complaints(desk, prometheus),
            duration_s=time.monotonic() - began_at,
        )


def _are_up(prometheus: Prometheus, desk: ObservedDesk) -> bool:
    return {series.labels["job"] for series in prometheus.ask_now("up == 1")} == desk.ports.keys()


def _complaints(desk: ObservedDesk, prometheus: Prometheus) -> dict[str, str]:
    """Return what promtool says of the pages, the configuration and the rules."""
    found = {
        "grafana/alerts.yml": promtool("check", "rules", FILE),
        "grafana/prometheus.yml": promtool("check", "config", "--syntax-only", CONFIG),
        "the derived prometheus.yml": promtool("check", "config", prometheus.config),
    }
    auth = {"authorization": f"Bearer {desk.shop.settings.metrics_token}"}
    for job, port in desk.ports.items():
        page = httpx2.get(f"http://127.0.0.1:{port}/metrics", headers=auth, timeout=10, trust_env=False).raise_for_status().text
        found[f"the page of {job}"] = promtool("check", "metrics", page=page)
    return found
