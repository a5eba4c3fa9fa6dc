"""The record of changes, what is withdrawn now, and the export of the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.i18n import Texts, date_text, has_text
from kb.model.audit import AuditEntry
from kb.model.withdrawals import Withdrawal
from kb.model.works import Version

ROWS = 50
DONE = ("withdrawn", "restored", "deleted")
"""What the page can say has just been done."""

_HEADS = ("when", "what", "document", "who", "why")


@dataclass(frozen=True, slots=True)
class Records:
    """What the page shows: withdrawn versions with why, one page of the trail and of how many, what was just done."""

    withdrawn: Sequence[tuple[Version, Withdrawal]] = ()
    entries: Sequence[AuditEntry] = ()
    page: int = 1
    last: int = 1
    done: str = ""


def records(t: Texts, shown: Records) -> Markup:
    """The whole page."""
    return el(
        "div",
        el("div", el("p", t(f"records.done.{shown.done}")), class_="kb-notice", role="status")
        if shown.done in DONE
        else None,
        el("h1", t("records.title")),
        el("p", t("records.lead"), class_="kb-lead"),
        el(
            "section",
            el("h2", t("records.withdrawn.title"), id="withdrawn"),
            el("ul", [_withdrawn(t, *each) for each in shown.withdrawn], class_="kb-plain kb-withdrawn")
            if shown.withdrawn
            else el("p", t("records.withdrawn.none")),
            aria_labelledby="withdrawn",
        ),
        el(
            "section",
            el("h2", t("records.changes.title"), id="changes"),
            _table(t, shown.entries) if shown.entries else el("p", t("records.changes.none")),
            _pages(t, shown),
            aria_labelledby="changes",
        ),
        el(
            "section",
            el("h2", t("records.export.title"), id="export"),
            el("p", t("records.export.text"), class_="kb-measure"),
            el(
                "form",
                el("button", t("records.export.button"), type="submit", class_="kb-button kb-button-plain"),
                method="post",
                action=addresses.EXPORT,
            ),
            aria_labelledby="export",
        ),
    )


def _withdrawn(t: Texts, version: Version, withdrawal: Withdrawal) -> Markup:
    date = date_text(t.language, withdrawal.withdrawn_at)
    hidden = el("span", " " + version.title, lang=version.metadata.language, class_="kb-hidden")
    return el(
        "li",
        el("h3", version.title, lang=version.metadata.language),
        el("p", t("records.withdrawn.line", by=withdrawal.withdrawn_by, date=date, why=withdrawal.reason)),
        el("p", el("a", t("records.withdrawn.manage"), hidden, href=addresses.keeping(t.language, version.id))),
    )


def _table(t: Texts, entries: Sequence[AuditEntry]) -> Markup:
    return el(
        "table",
        el("caption", t("records.changes.title"), class_="kb-hidden"),
        el("thead", el("tr", [el("th", t(f"records.head.{name}"), scope="col") for name in _HEADS])),
        el("tbody", [_row(t, entry) for entry in entries]),
        class_="kb-library kb-records",
    )


def _row(t: Texts, entry: AuditEntry) -> Markup:
    key = f"records.action.{entry.action}"
    date, time = date_text(t.language, entry.happened_at), entry.happened_at[11:16]
    cells: dict[str, Markup | str] = {
        "document": _document(t, entry),
        "who": entry.actor,
        "why": entry.reason,
    }
    return el(
        "tr",
        el("td", el("time", t("records.when", date=date, time=time), datetime=entry.happened_at)),
        el("th", t(key) if has_text(key) else entry.action, scope="row"),
        [el("td", cells[name], data_head=t(f"records.head.{name}")) for name in _HEADS[2:]],
    )


def _document(t: Texts, entry: AuditEntry) -> Markup | str:
    """What a row is about, with its link; that of a deleted document says only that it is gone."""
    if not entry.subject:
        return t("records.whole")
    if entry.action.startswith("page-"):
        return el("a", entry.subject, href=addresses.in_language(addresses.playbook_page(entry.subject), t.language))
    name, work = str(entry.facts.get("title") or entry.subject), str(entry.facts.get("work_id") or "")
    language = str(entry.facts.get("language") or "") or None
    if not work or entry.action == "deleted":
        return el("span", name, lang=language)
    return el("a", name, href=addresses.edition_of(work, entry.subject), lang=language)


def _pages(t: Texts, shown: Records) -> Markup | None:
    if shown.last == 1:
        return None
    steps = [("records.newer", shown.page - 1)] if shown.page > 1 else []
    steps += [("records.older", shown.page + 1)] if shown.page < shown.last else []
    links = [el("li", el("a", t(key), href=addresses.records(t.language, page=to))) for key, to in steps]
    return el("nav", el("ul", links), aria_label=t("records.pages"), class_="kb-pages")
