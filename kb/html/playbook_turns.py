"""The way from one playbook page to the next, and how long a page takes to read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from kb.html.element import el
from kb.html.playbook_links import Addresses
from kb.i18n import Texts
from kb.playbook.pages import PlaybookEntry
from kb.text.language import Language

_A_MINUTE: Mapping[Language, int] = {"en": 230, "ja": 500}
"""English words, and Japanese characters, that a grown-up reads in a minute without haste."""
_RELATIONS = {"previous": "prev", "next": "next"}
_WORD = re.compile(r"[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*")
_CHARACTER = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")


def minutes(body: str, language: Language) -> int:
    """Minutes that a page takes to read, at least one."""
    words = len(_WORD.findall(body)) / _A_MINUTE["en"]
    characters = len(_CHARACTER.findall(body)) / _A_MINUTE["ja"] if language == "ja" else 0
    return max(1, round(words + characters))


def turns(t: Texts, before: PlaybookEntry | None, after: PlaybookEntry | None, *, to: Addresses) -> Markup | None:
    """Links to the page before and the page after, as the contents of the playbook have them."""
    found = [("previous", before), ("next", after)]
    items = [
        el(
            "li",
            el("span", t(f"playbook.turn.{name}"), class_="kb-hint"),
            el(
                "a",
                page.title,
                href=to.page(t.language, page.slug),
                data_nav=True,
                lang=page.language,
                rel=_RELATIONS[name],
            ),
            class_=f"kb-turn-{name}",
        )
        for name, page in found
        if page
    ]
    return el("nav", el("ul", items), aria_label=t("playbook.turn.label"), class_="kb-turns") if items else None
