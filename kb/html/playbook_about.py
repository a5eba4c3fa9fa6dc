"""What is said about a playbook page beside its text: who changed it, how its languages agree, who links to it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.html.playbook_links import Addresses
from kb.i18n import Texts, date_text
from kb.playbook.pages import FoundPage, PlaybookPage
from kb.playbook.pairs import Pair


def changed_by(t: Texts, shown: PlaybookPage) -> Markup:
    """Who changed the page last, with the way to its history."""
    revision = shown.revision
    href = addresses.writing(t.language, "history", shown.slug, [("body", shown.language)])
    words = t("about.changed", name=revision.author, date=date_text(t.language, revision.made_at))
    return el("a", words, href=href)


def pair_notice(t: Texts, shown: PlaybookPage, pair: Pair | None) -> Markup | None:
    """Says that the other language's text has changed since, or lacks what this one has; nothing where both agree."""
    if pair is None or pair.kind in ("alone", "agrees"):
        return None
    key = f"about.pair.{pair.kind}.{shown.language}"
    words = t(f"{key}.days", n=pair.days) if pair.kind == "behind" and pair.days > 0 else t(key)
    lines = [el("p", words, " ", el("a", t("about.pair.see"), href=pair_href(t, shown)))]
    if pair.missing and pair.is_stale:
        titles = t("about.list").join(heading.title for heading in pair.missing)
        lines.append(el("p", t("about.pair.missing", titles=titles)))
    return el("div", lines, class_="kb-notice kb-notice-edition" if pair.is_stale else "kb-notice")


def pair_href(t: Texts, shown: PlaybookPage) -> str:
    """Address of what changed in the other language since this text agreed with it."""
    return addresses.writing(t.language, "pair", shown.slug, [("body", shown.language)])


def linking_section(t: Texts, linking: Sequence[FoundPage], *, to: Addresses) -> Markup | None:
    """Pages that link to this one."""
    if not linking:
        return None
    items = [
        el("li", el("a", page.title, href=to.page(t.language, page.slug), data_nav=True, lang=page.language))
        for page in linking
    ]
    return el(
        "section",
        el("h2", t("about.linking"), id="kb-linking"),
        el("ul", items, class_="kb-plain kb-linking"),
        aria_labelledby="kb-linking",
        class_="kb-related",
    )
