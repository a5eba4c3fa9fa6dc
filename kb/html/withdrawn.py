"""Pages of what is no longer shown: withdrawn documents, with the words that were cited, and deleted ones."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses, labels
from kb.html.blocks import is_structured
from kb.html.editions import superseded_by
from kb.html.element import el, spaced
from kb.html.notices import ways_on
from kb.html.page_text import quotation
from kb.i18n import Texts, date_text, licence_text
from kb.model.editions import Successor
from kb.model.licences import allows_quotation
from kb.model.passages import Passage
from kb.model.withdrawals import Withdrawal
from kb.model.works import Version


def withdrawn(
    t: Texts,
    version: Version,
    withdrawal: Withdrawal,
    *,
    passage: Passage | None = None,
    successor: Successor | None = None,
    current: Sequence[Version] = (),
) -> Markup:
    """The page of a version that was withdrawn; of a `passage` the words, where the licence allows to show them.

    `current` are the older editions that are current in its place, where no `successor` is.
    """
    title = el("span", version.title, lang=version.metadata.language)
    date = date_text(t.language, withdrawal.withdrawn_at)
    return el(
        "div",
        el("h1", t("withdrawn.title")),
        el("p", Markup(t("withdrawn.since", title=title, date=date))),
        el("p", t("withdrawn.reason", reason=withdrawal.reason)) if withdrawal.reason else None,
        el("p", superseded_by(t, successor)) if successor else [el("p", _current(t, each)) for each in current],
        _quoted(t, version, passage) if passage else None,
        _source(t, version),
        el("p", el("a", t("records.withdrawn.manage"), href=addresses.keeping(t.language, version.id))),
        ways_on(t),
    )


def deleted(t: Texts, deleted_at: str) -> Markup:
    """The page of what was deleted for good."""
    return el(
        "div",
        el("h1", t("deleted.title")),
        el("p", t("deleted.text", date=date_text(t.language, deleted_at))),
        ways_on(t),
    )


def _current(t: Texts, version: Version) -> Markup:
    href = addresses.document(t.language, version.id)
    return Markup(t("withdrawn.current", title=el("a", version.title, href=href, lang=version.metadata.language)))


def _quoted(t: Texts, version: Version, passage: Passage) -> Markup:
    if not allows_quotation(version.metadata.licence):
        return el("p", t("withdrawn.not_quoted"))
    where = spaced([labels.section_path(passage), labels.page_word(t, passage)])
    return el(
        "section",
        el("p", t("withdrawn.quoted", licence=licence_text(t.language, version.metadata.licence))),
        el("p", where, class_="kb-where") if where else None,
        quotation(passage, structured=is_structured(version)),
    )


def _source(t: Texts, version: Version) -> Markup | None:
    source = version.metadata.source_url
    if not source.startswith(("https://", "http://")):
        return None
    link = el("a", t("document.source"), href=source, rel="noopener noreferrer")
    return el("p", t("withdrawn.source"), " ", link)
