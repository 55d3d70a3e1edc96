"""The dashboards as Grafana reads them, as far as their queries and their picture need it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parents[2] / "grafana" / "dashboards"


class Grid(msgspec.Struct, frozen=True):
    """Where a panel is: of 24 columns, in rows of 30 pixels."""

    h: int = 8
    w: int = 12
    x: int = 0
    y: int = 0


class Step(msgspec.Struct, frozen=True):
    """A threshold: from its value on, which the first one has not, its colour counts."""

    color: str
    value: float | None = None


class Thresholds(msgspec.Struct, frozen=True):
    """The steps, lowest first."""

    mode: str = "absolute"
    steps: list[Step] = []


class Custom(msgspec.Struct, frozen=True, rename="camel"):
    """How lines are drawn."""

    draw_style: str = "line"
    stacking: dict[str, str] = {}
    thresholds_style: dict[str, str] = {}


class Mapping(msgspec.Struct, frozen=True):
    """Words for numbers."""

    type: str
    options: dict[str, Any] = {}


class Defaults(msgspec.Struct, frozen=True):
    """What counts for every value of a panel."""

    unit: str = ""
    decimals: int | None = None
    min: float | None = None
    max: float | None = None
    thresholds: Thresholds = Thresholds()
    custom: Custom = Custom()
    mappings: list[Mapping] = []


class DataSource(msgspec.Struct, frozen=True):
    """Where a panel's numbers come from."""

    uid: str = ""


class FieldConfig(msgspec.Struct, frozen=True):
    """The defaults; overrides are Grafana's own business."""

    defaults: Defaults = Defaults()


class Target(msgspec.Struct, frozen=True, rename="camel"):
    """One query of a panel."""

    ref_id: str = ""
    expr: str = ""
    legend_format: str = ""
    instant: bool = False
    range: bool = False
    hide: bool = False

    @property
    def is_instant(self) -> bool:
        """Whether it asks for one moment only; Grafana asks for a range where neither is said."""
        return self.instant and not self.range


class Panel(msgspec.Struct, frozen=True, rename="camel"):
    """A panel, or a row with those that it hides while it is collapsed."""

    type: str
    id: int = 0
    title: str = ""
    description: str = ""
    datasource: DataSource = DataSource()
    grid_pos: Grid = Grid()
    field_config: FieldConfig = FieldConfig()
    targets: list[Target] = []
    panels: list[Panel] = []

    @property
    def unit(self) -> str:
        """Grafana's name of the unit."""
        return self.field_config.defaults.unit


class Variable(msgspec.Struct, frozen=True, rename="camel"):
    """A template variable, as written; see `tests.observe.variables`."""

    name: str
    type: str
    query: Any = ""
    regex: str = ""
    include_all: bool = False
    all_value: str | None = None
    multi: bool = False
    current: dict[str, Any] = {}


class Templating(msgspec.Struct, frozen=True):
    """The variables in the order in which one may use another."""

    variables: list[Variable] = msgspec.field(name="list", default_factory=list)


class Annotation(msgspec.Struct, frozen=True):
    """Marks on the time axis. Grafana's own, which reads no Prometheus, has no query."""

    name: str = ""
    expr: str = ""
    target: Target = Target()

    @property
    def query(self) -> str:
        """The expression, wherever this version of Grafana keeps it."""
        return self.target.expr or self.expr


class Annotations(msgspec.Struct, frozen=True):
    """All annotations."""

    annotations: list[Annotation] = msgspec.field(name="list", default_factory=list)


class Board(msgspec.Struct, frozen=True, rename="camel"):
    """A dashboard."""

    uid: str
    title: str
    panels: list[Panel]
    schema_version: int = 0
    links: list[dict[str, Any]] = []
    templating: Templating = Templating()
    annotations: Annotations = Annotations()

    def all_panels(self) -> Iterator[Panel]:
        """Yield every panel and row, also those inside a row that is collapsed."""
        for panel in self.panels:
            yield panel
            yield from panel.panels

    def shown(self) -> Iterator[Panel]:
        """Return every panel but the rows."""
        return (panel for panel in self.all_panels() if panel.type != "row")


def board_files() -> list[Path]:
    """Return the dashboards' files by name."""
    return sorted(FOLDER.glob("*.json"))


def read_board(path: Path) -> Board:
    """Return one dashboard."""
    return msgspec.json.decode(path.read_bytes(), type=Board)
