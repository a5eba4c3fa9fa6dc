"""The stylesheet as browsers read it: one slip in a comment and they drop the tokens of every page."""

from __future__ import annotations

import re
from pathlib import Path

SHEET = Path(__file__).resolve().parents[2] / "static" / "kakehashi.css"


def test_nothing_stands_before_the_tokens_but_comments():
    rules = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert rules.lstrip().startswith(":root {")
    assert "*/" not in rules
    assert rules.count("{") == rules.count("}")


def test_every_token_that_is_used_is_defined():
    text = SHEET.read_text(encoding="utf-8")
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= set(re.findall(r"(--[\w-]+):", text))
