"""Queries that are right to find nothing in a run, each with its reason. One that finds something has no place here any more."""

from __future__ import annotations

from collections.abc import Mapping

EMPTY: Mapping[tuple[str, str, str], str] = {}
"""By board, panel and query (its refId); an annotation is `annotation NAME` with no refId."""

EMPTY_PARTS: Mapping[tuple[str, str], str] = {}
"""By alert and part of its expression."""
