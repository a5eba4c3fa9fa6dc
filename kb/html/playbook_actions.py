"""What can be done with a playbook page besides reading it, as one list below its title."""

from __future__ import annotations

from markupsafe import Markup

from kb.html import actions, addresses
from kb.html.element import el
from kb.html.playbook_cells import fill_link
from kb.i18n import Texts
from kb.playbook.pages import PlaybookPage
from kb.text.language import other_language


def page_actions(t: Texts, shown: PlaybookPage, *, open_comments: int = 0) -> Markup:
    """The list; each entry is a link to a page below `/pages`, but the first, which copies the address."""
    entries = [
        actions.copy_link(t, addresses.playbook_page(shown.slug)),
        _link(t, "edit", shown, [("body", shown.language)]),
        _translate(t, shown),
        _link(t, "history", shown, [("body", shown.language)]),
        _discuss(t, shown, open_comments),
        _link(t, "settings", shown),
    ]
    fill = fill_link(t, shown.slug, is_comparison=shown.kind == "comparison", body=shown.language)
    return el("ul", [el("li", each) for each in entries if each], fill, class_="kb-actions")


def index_actions(t: Texts) -> Markup:
    """What can be done with the playbook as a whole."""
    reports = el("a", t("reports.link"), href=addresses.screen(addresses.WRITING, t.language))
    return el("ul", el("li", new_page(t)), el("li", reports), class_="kb-actions")


def new_page(t: Texts) -> Markup:
    """The way to begin a page."""
    return el("a", t("writing.link.new"), href=addresses.writing(t.language, "new"))


def _link(t: Texts, action: str, shown: PlaybookPage, parameters: addresses.Parameters = ()) -> Markup:
    href = addresses.writing(t.language, action, shown.slug, parameters)
    return el("a", t(f"writing.link.{action}"), href=href)


def _discuss(t: Texts, shown: PlaybookPage, open_comments: int) -> Markup:
    """The way to the comments, with how many are open."""
    words = t("writing.link.discuss.open", n=open_comments) if open_comments else t("writing.link.discuss")
    return el("a", words, href=addresses.writing(t.language, "discuss", shown.slug, [("body", shown.language)]))


def _translate(t: Texts, shown: PlaybookPage) -> Markup | None:
    """The way to write the body that is missing: shown to readers of its language, in their words."""
    missing = other_language(shown.language)
    if missing in shown.state.bodies or t.language != missing:
        return None
    href = addresses.writing(t.language, "edit", shown.slug, [("body", missing), ("beside", "1")])
    return el("a", t("writing.link.translate"), href=href)
