"""A worker that differs from ours in one thing: an older version, or one with other limits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from service.embedded.programs import ROOT

PACKAGE = ROOT / "actors"


def changed_actors(folder: Path, statement: str) -> Sequence[str]:
    """Return Dramatiq's arguments for a worker that runs a statement on `broker` once all actors are declared.

    folder: empty; it gets a module that stands in front of the package `actors`, loads that, and changes it.
    """
    (folder / "actors.py").write_text(
        "import sys\n"
        "from importlib.util import module_from_spec, spec_from_file_location\n"
        f"folder = {str(PACKAGE)!r}\n"
        "spec = spec_from_file_location('actors', folder + '/__init__.py', submodule_search_locations=[folder])\n"
        "sys.modules['actors'] = module_from_spec(spec)\n"
        "spec.loader.exec_module(sys.modules['actors'])\n"
        "broker = sys.modules['actors'].broker\n"
        f"{statement}\n"
    )
    return ("--path", str(folder))
