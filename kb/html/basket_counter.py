"""Whose basket of evidence it is, and how many passages are in it, as the top bar says it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts

COOKIE = "kb_basket"
"""Holds the secret by which the server knows a reader's basket."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def secret_in(cookies: Mapping[str, str]) -> str:
    """The secret among the cookies of a browser; empty where there is none, or one that is not of ours."""
    sent = str(cookies.get(COOKIE, ""))
    return sent if _SECRET.fullmatch(sent) else ""


def counter(t: Texts, count: int) -> Markup:
    """How many passages are collected, after the name of the page; nothing is shown of none."""
    shown = t("basket.count", n=count) if count else ""
    return el("span", shown, data_basket_count=str(count), data_template=t("basket.count", n="#"))
