"""The text of a cell as plain words: its citations as links to the passages, the rest as it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.i18n import Texts, date_text
from kb.model.works import Version
from kb.playbook.links import Link, links

_MARKS = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|(?<!\w)\*|\*(?!\w)|`")


def cell_text(t: Texts, text: str, sources: Mapping[str, Version]) -> list[Markup | str]:
    """Words and links. `sources` are the documents of the passages by id."""
    shown: list[Markup | str] = []
    at = 0
    for link in links(text):
        if link.kind not in ("cite", "none") or link.start < at:
            continue
        shown += [_plain(text[at : link.start]), _shown(t, link, sources)]
        at = link.end
    return [*shown, _plain(text[at:])]


def _shown(t: Texts, link: Link, sources: Mapping[str, Version]) -> Markup:
    if link.kind == "none":
        words = t("playbook.none.shown", date=date_text(t.language, link.target))
        href = addresses.writing(t.language, "search", parameters=[("q", link.words.strip()), ("on", link.target)])
        return el("a", words, href=href, lang=t.language, class_="kb-none")
    version = sources.get(link.target)
    if version is None:
        return el("span", f"({t('citing.cell.lost')})", lang=t.language, class_="kb-hint")
    title = el("span", version.title, lang=version.metadata.language)
    words = Markup(t("citing.cell.source", title=title))
    href = addresses.screen(addresses.passage(link.target), t.language)
    return el("span", "(", el("a", words, href=href), ")", lang=t.language, class_="kb-cell-source")


def _plain(text: str) -> str:
    """Words without the marks of Markdown that say nothing to a reader."""
    return _MARKS.sub(lambda match: match[1] or "", text)
