"""Passages: together the whole article, each short, none cut where the cut would mislead."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.knowledge.passages import MAX_PASSAGE, Passage, passages_of
from service.knowledge.units import units_of

SENTENCE = "You may send back what you have not worn within 30 days of its delivery to you. "


def texts(body: str) -> list[str]:
    return [each.text for each in passages_of(body, {})]


def test_passages_when_sections_are_short_then_each_is_one_with_its_headings() -> None:
    body = "Before all.\n\n# Returns\n\n## Within the EU\nFree.\n\nFor all items.\n\n## Elsewhere\n\nYou pay.\n\n# Repairs\nFree."

    assert texts(body) == [
        "Before all.",
        "# Returns\n\n## Within the EU\n\nFree.\n\nFor all items.",
        "# Returns\n\n## Elsewhere\n\nYou pay.",
        "# Repairs\n\nFree.",
    ]


def test_passages_when_a_section_is_long_then_its_heading_is_above_each() -> None:
    paragraph = SENTENCE * 10
    found = texts("## Returns\n\n" + "\n\n".join([paragraph.strip()] * 3))

    assert found == [f"## Returns\n\n{paragraph.strip()}"] * 3


def test_passages_when_a_paragraph_is_long_then_it_is_parted_after_a_sentence() -> None:
    found = texts((SENTENCE * 40).strip())

    assert len(found) > 1
    assert all(each.rstrip().endswith("to you.") for each in found)
    assert max(map(len, found)) <= MAX_PASSAGE


@pytest.mark.parametrize(
    "whole",
    [
        "You have 30 days, except " + "for sale items and gifts, " * 60 + "which are final.",
        "The price is inkl. Versand " + "und Zoll " * 150 + "ca. 30 Euro, z. B. Montag, bzw. Dienstag.",
        "Wait approx. 30 days " + "or so " * 250 + "for it.",
        "Open until the\n30. May of the year " + "or so " * 250 + "and no longer.",
    ],
)
def test_passages_when_a_sentence_is_long_then_it_stays_whole(whole: str) -> None:
    assert texts(whole) == [whole]


def test_passages_when_a_list_is_long_then_what_introduces_it_is_above_each_part() -> None:
    items = [f"- what you bought in sale number {number}, or as a gift." for number in range(60)]
    found = texts("We take back everything, except:\n\n" + "\n".join(items))

    assert len(found) > 1
    assert all(each.startswith("We take back everything, except:\n\n- ") for each in found)
    assert [line for each in found for line in each.split("\n")[2:]] == items


def test_passages_when_the_introduction_is_in_the_lists_block_then_it_is_above_each_part_too() -> None:
    items = [f"{number}. Item of sale {number}, and all that belongs to it." for number in range(1, 60)]
    found = texts("Never sent back are:\n" + "\n".join(items))

    assert len(found) > 1
    assert all(each.startswith("Never sent back are:\n") for each in found)


def test_passages_when_room_ends_behind_an_introduction_then_it_goes_with_its_list() -> None:
    found = texts(
        "\n\n".join([(SENTENCE * 13).strip(), "We do not take back:", "- sale items\n- gifts of any kind" + " at all" * 20])
    )

    assert len(found) == 2
    assert found[1].startswith("We do not take back:\n\n- sale items")


def test_passages_when_a_table_is_long_then_its_head_is_above_each_part() -> None:
    rows = [f"| Country number {number} | {number} days | {number}.90 EUR |" for number in range(80)]
    found = texts("\n".join(["| Country | Days | Cost |", "|---|---|---|", *rows]))

    assert len(found) > 1
    assert all(each.startswith("| Country | Days | Cost |\n|---|---|---|\n") for each in found)
    assert [line for each in found for line in each.split("\n") if "number" in line] == rows


def test_passages_when_words_are_found_then_the_headings_count_for_their_section() -> None:
    body = "# One\n\nTwo.\n\n# Three\n\nFour."

    found = passages_of(body, {0: frozenset({1}), 1: frozenset({2}), 3: frozenset({4})})

    assert found == [
        Passage("# One\n\nTwo.", frozenset({1, 2})),
        Passage("# Three\n\nFour.", frozenset({4})),
    ]


def test_passages_when_a_heading_is_all_there_is_then_none() -> None:
    assert texts("# One\n\n## Two") == []


bodies = st.lists(
    st.sampled_from(
        [
            "word ",
            "inkl. ",
            "End. ",
            "Why? ",
            "except:",
            "\n",
            "\n\n",
            "\n- item ",
            "\n  - inner ",
            "\n1. first ",
            "\n| a | b |",
            "\n|---|---|",
            "\n\n# Head",
            "\n## Head\n",
            "x" * 300,
            "y " * 200,
            "。",
            "é\U0001f4e6",
        ]
    ),
    max_size=60,
).map(lambda parts: "".join(parts).strip())


@example("x" * 1_000 + "。" + "x" * 1_000)
@given(bodies)
def test_passages_when_of_any_text_then_every_line_of_it_is_in_one(body: str) -> None:
    together = "\n".join(texts(body))

    for line in body.split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            # The full stop of Chinese and Japanese ends a sentence without a space behind it.
            for word in line.replace("。", "。 ").split():
                assert word in together


@given(bodies)
def test_units_when_of_any_text_then_together_they_are_it(body: str) -> None:
    units = list(units_of(body, 0, len(body), lead=""))

    assert "".join(body[unit.start : unit.end] for unit in units) == body
    assert all(unit.start < unit.end for unit in units) or not body


@pytest.mark.parametrize(
    "body",
    [
        "# " * 25_000,
        "\n\n# ".join(["a"] * 999),
        "." * 50_000,
        ". " * 25_000,
        ".\u201d" * 25_000 + "a",
        "- " * 25_000,
        "\n- a" * 12_000,
        "|" * 50_000,
        "| a |\n|" + "-" * 49_000,
        "a:\n" * 16_000,
        "e. " * 16_000,
        " " * 50_000 + "a",
        ".   " * 12_000,
    ],
)
def test_passages_when_the_text_is_hostile_then_they_are_found_at_once(body: str) -> None:
    # Quadratic work on these takes minutes: the suite's time limit is the assertion.
    assert isinstance(passages_of(body, {}), list)
