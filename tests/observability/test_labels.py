"""Label sets are closed: they are the words that the program uses, and what comes from outside makes no new ones."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import ModuleType
from typing import get_args

import pytest

from service.drafting.types import Check, Severity
from service.jobs import Priority
from service.observability import labels
from service.providers.registry import FORMATS
from service.suggestions.agents.rules import Outcome
from service.suggestions.budget_steps import Step
from service.suggestions.lifecycle import ReasonCode


@pytest.fixture
def fresh_labels() -> Iterator[ModuleType]:
    """The module as a process that has seen no model has it."""
    yield importlib.reload(labels)
    importlib.reload(labels)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (labels.REASONS, get_args(ReasonCode)),
        (labels.STEPS, get_args(Step)),
        (labels.CHECKS, get_args(Check)),
        (labels.SEVERITIES, get_args(Severity)),
        (labels.OUTCOMES, get_args(Outcome)),
        (labels.PRIORITIES, tuple(each.name.lower() for each in Priority)),
        (labels.PROVIDERS, (*FORMATS, "unknown")),
    ],
    ids=["reasons", "steps", "checks", "severities", "outcomes", "priorities", "providers"],
)
def test_labels_when_the_program_has_words_for_them_then_they_are_the_same(values: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert sorted(values) == sorted(words)


@pytest.mark.parametrize(
    ("error_type", "label"),
    [
        (None, ""),
        ("", ""),
        ("timeout", "timeout"),
        ("bug", "bug"),
        ("http_500", "http_5xx"),
        ("http_529", "http_5xx"),
        ("http_404", "http_4xx"),
        ("failed_check", "failed_check"),
        ("a word of the provider's", "other"),
    ],
)
def test_error_label_when_an_attempt_fails_then_it_is_of_the_list(error_type: str | None, label: str) -> None:
    assert labels.error_label(error_type) == label


def test_model_label_when_a_server_names_ever_new_models_then_twenty_are_told_apart(fresh_labels: ModuleType) -> None:
    names = [f"model-{number}" for number in range(30)]

    found = [fresh_labels.model_label(name) for name in names]

    assert found[:20] == names[:20]
    assert set(found[20:]) == {"other"}
    assert fresh_labels.model_label("model-3") == "model-3"
