"""Which edition this is: what replaced it, and ways to what changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from kb.html import addresses
from kb.html.element import el, spaced
from kb.i18n import Texts, date_text
from kb.model.editions import Successor, is_newer
from kb.model.works import Version

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def edition_notice(t: Texts, version: Version, successor: Successor | None) -> Markup | None:
    """Says that an edition is not the current one, and leads to what replaced it and to what changed."""
    if version.status == "current":
        return None
    changed = changes_link(t, version, successor.version) if successor else None
    if version.status == "superseded":
        sentence = superseded_by(t, successor) if successor else t("document.notice.superseded")
        return el("div", el("p", sentence, " ", changed), class_="kb-notice kb-notice-edition")
    newer = Markup(t("successor.retired", title=_title(t, successor.version))) if successor else None
    return el(
        "div",
        el("p", t("document.notice.retired")),
        el("p", newer, " ", changed) if newer else None,
        class_="kb-notice kb-notice-edition",
    )


def superseded_by(t: Texts, successor: Successor) -> Markup:
    """One sentence: what replaced an edition, and when it was no longer the current one."""
    published = successor.first.metadata.published
    known = "undated" if not published else "day" if _DAY.fullmatch(published) else "period"
    how = "by" if successor.first == successor.version else "chain"
    date = escape(date_text(t.language, published))
    return Markup(t(f"successor.{how}.{known}", title=_title(t, successor.version), date=date))


def changes_link(t: Texts, before: Version, after: Version, *, key: str = "changes.link") -> Markup | None:
    """A link to what changed from one edition to the other; nothing between languages."""
    if before.metadata.language != after.metadata.language or before.id == after.id:
        return None
    of = t("changes.link.of", before=_named(t, before), after=_named(t, after))
    href = addresses.changes(t.language, before, after)
    return el("a", t(key), el("span", f" {of}", class_="kb-hidden"), href=href)


def edition_list(t: Texts, version: Version, others: Sequence[Version]) -> Markup:
    """The other editions and languages of a work, each with what changed between it and this one."""
    items = []
    for each in others:
        link = el(
            "a",
            each.title,
            href=addresses.document(t.language, each.id),
            data_nav=True,
            lang=each.metadata.language,
        )
        first, second = (version, each) if is_newer(each, version) else (each, version)
        facts = spaced(
            [
                t(f"language.{each.metadata.language}"),
                date_text(t.language, each.metadata.published),
                t(f"edition.{each.status}"),
                changes_link(t, first, second),
            ]
        )
        items.append(el("li", link, " ", el("span", facts, class_="kb-hint")))
    return el("ul", items, class_="kb-plain")


def _title(t: Texts, version: Version) -> Markup:
    href = addresses.document(t.language, version.id)
    return el("a", version.title, href=href, data_nav=True, lang=version.metadata.language)


def _named(t: Texts, version: Version) -> str:
    date = date_text(t.language, version.metadata.published)
    return f"{version.title} ({date})" if date else version.title
