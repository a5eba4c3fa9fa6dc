"""The stylesheet is one that browsers read to its end: a comment that ends early takes the rule after it along."""

from __future__ import annotations

import re

from kb.web.assets import FOLDER


def test_nothing_but_rules_stands_outside_comments():
    text = re.sub(r"/\*.*?\*/", "", (FOLDER / "kakehashi.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert "*/" not in text
    assert text.count("{") == text.count("}")
    assert text.lstrip().startswith(":root {")


def test_nothing_is_left_of_a_rule_that_would_take_the_media_query_after_it_along():
    text = re.sub(r"/\*.*?\*/", "", (FOLDER / "kakehashi.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    heads = [head.strip() for head in re.findall(r"[^{};]*(?=\{)", text)]
    assert [head for head in heads if "@" in head and not head.startswith("@")] == []
