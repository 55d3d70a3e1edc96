"""The lexica by language."""

from __future__ import annotations

from collections.abc import Mapping

from service.drafting.checks.lexica import cs, da, de, en, es, fi, fr, it, nl, no, pl, pt, sv
from service.drafting.checks.lexica.lexicon import Lexicon

LEXICA: Mapping[str, Lexicon] = {
    each.LEXICON.language: each.LEXICON for each in (en, de, fr, es, it, nl, pt, pl, sv, da, no, fi, cs)
}
