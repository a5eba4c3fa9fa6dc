"""How many passages a reader has collected, as the top bar says it."""

from __future__ import annotations

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts

COOKIE = "kb_basket"
"""Holds the secret by which the server knows a reader's basket."""


def counter(t: Texts, count: int) -> Markup:
    """How many passages are collected, after the name of the page; nothing is shown of none."""
    shown = t("basket.count", n=count) if count else ""
    return el("span", shown, data_basket_count=str(count), data_template=t("basket.count", n="#"))
