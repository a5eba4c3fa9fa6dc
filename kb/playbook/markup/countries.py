"""Whose column of a table it is, by the words at its head."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

ComparedCountry = Literal["uk", "jp"]

_NAMES: dict[str, ComparedCountry] = {
    **dict.fromkeys(("united kingdom", "the united kingdom", "uk", "the uk", "英国", "イギリス", "英国政府"), "uk"),
    **dict.fromkeys(("japan", "日本", "日本国", "日本政府"), "jp"),
}
_MARKS = re.compile(r"[*_`~]")


def country_of(head: str) -> ComparedCountry | Literal[""]:
    """The country that the head of a column names; empty for any other head."""
    return _NAMES.get(unicodedata.normalize("NFKC", _MARKS.sub("", head)).strip().casefold(), "")
