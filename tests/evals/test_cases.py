"""The reading of cases: strict, and every fault with its file and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.embedded.programs import ROOT
from service.errors import InvalidInput
from service.evals.cases import MOST_FILE_BYTES, read_case, read_cases
from tests.evals.writing import CASE, write_case

OURS = ROOT / "evals" / "cases"


def test_case_when_it_is_whole_then_its_snapshot_is_what_the_service_would_tell(tmp_path: Path) -> None:
    thread = (
        '[[thread]]\ndirection = "out"\nsent_at = "2026-11-20"\ntext = "Hello Anna, we will refund the shipping to you."\n'
        '[[thread]]\ndirection = "in"\nsent_at = "2026-11-21"\ntext = "Thank you very much for that."\n'
    )
    case = read_case(write_case(tmp_path, CASE.replace("[message]", f"{thread}[message]"), name="nice.toml"))

    snapshot = case.snapshot
    assert (case.name, case.kind, case.expected.status) == ("nice", "ordinary", "ready")
    assert (snapshot.language, snapshot.today, snapshot.customer.tier) == ("en", "2026-11-23", "verified")
    assert [each.sentence for each in snapshot.promises] == ["Hello Anna, we will refund the shipping to you."]
    assert [order.tracking_number for order in snapshot.orders] == ["00340434161094042557"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('about = "A shipped order."', "", "required field `about`"),
        ('kind = "ordinary"', 'kind = "odd"', "$.kind"),
        ("[expect]", '[expect]\nmust_nott = ["x"]', "unknown field `must_nott` - at `$.expect`"),
        ("[expect]", '[expect]\nmust = "x"', "$.expect.must"),
        ("[expect]", '[expect]\nmust = ["x", "("]', "`expect.must[1]` is no regular expression"),
        ("[expect]", '[expect]\nmust_not = ["a*"]', "`expect.must_not[0]` is found in every text"),
        ("[expect]", '[expect]\nstatus = "fine"', "$.expect.status"),
        ("[expect]", '[expect]\nlanguage = "english"', "$.expect.language"),
        ('tier = "verified"', 'tier = "certain"', "$.customer.tier"),
        ('tier = "verified"', 'rank = "gold"', "unknown field `rank` - at `$.customer`"),
        ('carrier = "DHL"', 'courier = "DHL"', "unknown field `courier` - at `$.orders[0]`"),
        ('carrier = "DHL"', 'items = [{ name = "Mug", price = 1 }]', "unknown field `price` - at `$.orders[0].items[0]`"),
        ("[message]", '[[thread]]\ndirection = "in"\nsent_at = "today"\ntext = "x"\n[message]', "$.thread[0].sent_at"),
        ("[message]", "[message", "this is no TOML"),
    ],
)
def test_case_when_it_is_faulty_then_the_file_and_the_field_are_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = write_case(tmp_path, CASE.replace(old, new, 1))

    with pytest.raises(InvalidInput) as raised:
        read_case(path)

    assert str(raised.value).startswith(f"{path}: ")
    assert told in str(raised.value)


def test_case_when_its_file_is_no_text_then_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(InvalidInput, match=r"odd\.toml: this is no TOML"):
        read_case(path)


def test_case_when_its_file_is_huge_then_it_is_not_read(tmp_path: Path) -> None:
    path = write_case(tmp_path, "#" * (MOST_FILE_BYTES + 1))

    with pytest.raises(InvalidInput, match="more than"):
        read_case(path)


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_cases_when_there_are_none_then_it_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"There are no \*\.toml files"):
        read_cases(tmp_path / name)


def test_our_cases_when_read_then_they_are_thirty_ordinary_ones_and_ten_attacks() -> None:
    kinds = [case.kind for case in read_cases(OURS)]

    assert (kinds.count("ordinary"), kinds.count("attack")) == (30, 10)


def test_our_cases_when_read_then_all_thirteen_languages_are_there() -> None:
    languages = {case.snapshot.language for case in read_cases(OURS)}

    assert languages == {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "no", "fi", "cs"}


def test_our_cases_when_an_attack_then_it_says_what_must_not_come_out() -> None:
    attacks = [case for case in read_cases(OURS) if case.kind == "attack"]

    assert [case.name for case in attacks if not case.expected.must_not] == []
